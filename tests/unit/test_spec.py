"""The return as data: census days, code lists and layouts by collection year."""

from __future__ import annotations

from datetime import date

import pytest

from sen2dash import spec


@pytest.mark.parametrize(("year", "day"), [(2023, 19), (2024, 18), (2025, 16), (2026, 15), (2027, 21)])
def test_census_day_is_the_third_thursday(year: int, day: int) -> None:
    assert spec.census_day(year) == date(year, 1, day)
    assert spec.census_day(year).weekday() == 3


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2024-02-29", date(2024, 2, 29)),
        (" 2024-02-29 ", date(2024, 2, 29)),
        ("2023-02-29", None),
        ("20240229", None),
        ("2024-2-29", None),
        ("29-02-2024", None),
        ("2024-W09-4", None),
        ("٢٠٢٤-٠١-٠١", None),
        ("0000-01-01", None),
        ("", None),
        (None, None),
    ],
)
def test_real_date(text: str | None, expected: date | None) -> None:
    assert spec.real_date(text) == expected


def test_code_lists_change_with_the_year() -> None:
    assert "DS" not in spec.codes("CS_SENTYPE", 2024)
    assert "DS" in spec.codes("CS_SENTYPE", 2025)
    for code in spec.all_codes():
        assert (code.code in spec.codes(code.code_set, code.from_year)) is True
        assert code.code not in spec.codes(code.code_set, code.from_year - 1)
        if code.to_year is not None:
            assert code.code not in spec.codes(code.code_set, code.to_year + 1)


def test_every_code_set_of_an_item_has_codes() -> None:
    for item in spec.items():
        if item.code_set and item.exists_in(2025):
            assert spec.codes(item.code_set, 2025), item


def test_authorities() -> None:
    assert len(spec.authorities()) == 153
    assert spec.codes("CS003", 2025)["333"] == "Sandwell"
    assert spec.code_label("CS003", "333") == "Sandwell"
    assert spec.code_label("CS003", "999") == ""


def test_layouts_by_year() -> None:
    def names(table: str, year: int) -> set[str]:
        return {item.element for item in spec.items_of(table) if item.exists_in(year)}

    assert names("person", 2023) - names("person", 2024) == {"GenderCurrent"}
    assert names("person", 2024) - names("person", 2023) == {"Sex"}
    assert names("header", 2025) - names("header", 2024) == {"DSCO"}
    assert names("activeplans", 2023) - names("activeplans", 2024) == {"RES", "WBP"}
    assert names("placementdetail", 2024) - names("placementdetail", 2023) == {"RES", "WBP"}
    assert names("placementdetail", 2023) - names("placementdetail", 2024) == {"AttendancePattern"}
    assert names("activeplans", 2024) - names("activeplans", 2023) == {"ReviewMeeting", "ReviewOutcome"}
    assert names("activeplans", 2025) - names("activeplans", 2024) == {
        "ReviewDraft",
        "PhaseTransferDueDate",
        "PhaseTransferFinalDate",
    }


def test_items_and_groups() -> None:
    assert spec.ancestors("senneed") == ("person", "requests", "activeplans")
    assert spec.item("namedplan", "StartDate").text_column == "start_date_text"
    assert spec.item("namedplan", "DP").text_column == "dp"
    with pytest.raises(KeyError):
        spec.item("namedplan", "Surname")
    assert [item.element for item in spec.items_of("header")] == [
        name for names in spec.HEADER_CONTAINERS.values() for name in names
    ]


def test_white_space_is_what_strip_takes_away() -> None:
    everything = "".join(map(chr, range(0x110000)))
    taken = {char for char in everything if not char.strip()}
    not_in_xml = {chr(code) for code in (0x0B, 0x0C, 0x1C, 0x1D, 0x1E, 0x1F)}
    assert set(spec.WHITE_SPACE) == taken - not_in_xml
