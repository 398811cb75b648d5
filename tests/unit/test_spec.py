"""The return as data: the years, code lists and layouts by return year."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import pytest

from sen2dash import reference, spec


@pytest.mark.parametrize(
    ("year", "day"), [(2023, 19), (2024, 18), (2025, 16), (2026, 15), (2027, 21), (2028, 20), (2030, 17)]
)
def test_census_day_is_the_third_thursday(year: int, day: int) -> None:
    assert spec.census_day(year) == date(year, 1, day)
    assert spec.census_day(year).weekday() == 3


@pytest.mark.parametrize(
    ("characteristic", "code_set"),
    [("need", "CS_SENTYPE"), ("residential", "CS_RES"), ("sex", "CS119"), ("source", "CS124")],
)
def test_categories_that_are_codes_have_the_labels_of_the_code_list(characteristic: str, code_set: str) -> None:
    labels = {each.key: each.label for each in reference.characteristics()[characteristic].categories}
    codes = {each.code: each.label for each in spec.all_codes() if each.code_set == code_set}
    shared = labels.keys() & codes.keys()
    assert shared and all(labels[key] == codes[key] for key in shared)


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
    assert len(spec.codes("CS003", 2023)) == 152
    for year in (*spec.RETURN_YEARS[1:], *spec.COMING_YEARS):
        assert len(spec.codes("CS003", year)) == 153
    assert spec.codes("CS003", 2025)["333"] == "Sandwell"
    assert spec.code_label("CS003", "333") == "Sandwell"
    assert spec.code_label("CS003", "999") == ""


@pytest.mark.parametrize(
    ("code", "years", "years_of_moves"),
    [("909", {2023}, {2023, 2024}), ("942", range(2024, 2031), range(2024, 2031))],
)
def test_an_authority_belongs_to_its_years_and_keeps_its_name(
    code: str, years: Iterable[int], years_of_moves: Iterable[int]
) -> None:
    asked = (*spec.RETURN_YEARS, *spec.COMING_YEARS)
    assert {year for year in asked if code in spec.codes("CS003", year)} == set(years)
    assert {year for year in asked if code in spec.codes(spec.AUTHORITIES_OF_MOVES, year)} == set(years_of_moves)
    assert spec.code_label("CS003", code) == spec.authorities()[code].name != ""


def test_every_known_year_agrees_with_the_calendar() -> None:
    """A mistake in years.csv would shift every date of a return."""
    assert tuple(range(spec.RETURN_YEARS[0], spec.NEWEST_YEAR + 1)) == spec.RETURN_YEARS
    assert tuple(range(spec.NEWEST_YEAR + 1, spec.NEWEST_YEAR + 4)) == spec.COMING_YEARS
    for year, known in spec.return_years().items():
        assert (known.year, known.collection_year) == (year, year - 1)
        assert known.census_day.weekday() == 3
        assert date(year, 1, 15) <= known.census_day <= date(year, 1, 21)
        assert known.deadline is None or known.census_day < known.deadline < date(year, 4, 1)


def test_a_year_to_come_has_the_layout_and_the_codes_of_the_newest() -> None:
    for year in spec.COMING_YEARS:
        assert spec.rules_year(year) == spec.NEWEST_YEAR
        assert {i for i in spec.items() if i.exists_in(year)} == {
            i for i in spec.items() if i.exists_in(spec.NEWEST_YEAR)
        }
        for code_set in {code.code_set for code in spec.all_codes()} | {"CS003"}:
            assert spec.codes(code_set, year) == spec.codes(code_set, spec.NEWEST_YEAR)
    assert [spec.rules_year(year) for year in spec.RETURN_YEARS] == list(spec.RETURN_YEARS)


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
