"""Absence, suspensions and exclusions: what counts, of whom, and in which year."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from sen2dash.analysis import linked_exclusions
from sen2dash.indicators.figures import Selection
from sen2dash.reference.pupils import TERMS, PupilFigureKey
from sen2dash.reference.releases import Published
from tests.linked.making import Census, linked, log_of, matched, person, sen2

UPN = "A333000100001"
TOTALS = ("termlysessionsauthorised", "termlysessionsunauthorised")


def absence(folder: Path, census: Census, own: str = "") -> dict[str, Any]:
    answer = linked(sen2(own or person()), census=census.write(folder / "census"))
    return {"year": answer["absence"][0], "child": answer["persons"][0]["absence"], "all": answer["absence"]}


def made(*rows: tuple[str, int], **pupil: Any) -> Census:
    """One child in one spring census, with sessions by code."""
    census = Census()
    census.has("termlysessiondetailsonroll")
    row = census.pupil(census.school(), **pupil)
    for code, sessions in rows:
        census.add("termlysessiondetailsonroll", row, attendancereason=code, sessions=sessions)
    return census


def test_persistent_and_severe_absence_begin_at_10_and_50_in_100(tmp_path: Path) -> None:
    census = Census()
    school, people = census.school(), []
    for missed in (0, 9, 10, 49, 50, 100):
        people.append(person(upn=f"A{missed}"))
        row = census.pupil(school, upn=f"A{missed}")
        census.add("termlysessiondetailsonroll", row, attendancereason="I", sessions=missed)
    year = linked(sen2(*people), census=census.write(tmp_path / "c"))["absence"][0]
    assert (year["children"], year["persistent"], year["severe"]) == (6, 4, 2)


def test_a_child_whose_absence_is_over_possible_is_left_out(tmp_path: Path) -> None:
    found = absence(tmp_path, made(("I", 101)))
    assert (found["year"]["children"], found["year"]["over_possible"], found["year"]["reasons"]) == (0, 1, {})
    assert found["child"] == {}


def test_who_counts_and_what(tmp_path: Path) -> None:
    """Children aged 5 to 15 on 31 August who do not board, with possible sessions."""
    cases: list[tuple[str, dict[str, Any], bool]] = [
        ("2018-08-31", {}, True),
        ("2018-09-01", {}, False),
        ("2007-09-01", {}, True),
        ("2007-08-31", {}, False),
        *(("2014-03-05", {"boarder": code}, code == "N") for code in ("B", "6", "7", "N")),
        *(("2014-03-05", {"termlysessionspossible": possible}, False) for possible in (0, None, "many")),
    ]
    census = Census()
    school, people = census.school(), []
    for place, (born, items, _) in enumerate(cases):
        people.append(person(upn=f"A{place}", dob=born))
        row = census.pupil(school, upn=f"A{place}", dob=born, **items)
        census.add("termlysessiondetailsonroll", row, attendancereason="I", sessions=1)
    answer = linked(sen2(*people), census=census.write(tmp_path / "c"))
    assert [bool(each["absence"]) for each in answer["persons"]] == [counts for _, _, counts in cases]
    assert answer["absence"][0]["authorised"] == sum(counts for _, _, counts in cases)


def test_codes_have_groups_and_other_codes_are_counted_apart(tmp_path: Path) -> None:
    census = made(("i", 2), ("G", 3), ("/", 50), ("Y1", 4), ("ZQ", 5))
    answer = linked(sen2(person()), census=census.write(tmp_path / "c"))
    (year,) = answer["absence"]
    assert (year["authorised"], year["unauthorised"], year["other_code"]) == (2, 3, 5)
    assert year["reasons"] == {"G": 3, "I": 2}
    assert answer["census"]["other_codes"] == {"attendance_reason": {"ZQ": 1}}


def test_totals_are_used_without_session_rows_and_compared_with_them(tmp_path: Path) -> None:
    census = made(("I", 2))
    census.columns["pupilonroll"] = [*census.columns["pupilonroll"], *TOTALS]
    census.tables["pupilonroll"][0] = {**census.tables["pupilonroll"][0], TOTALS[0]: 3, TOTALS[1]: 0}
    totals: dict[str, Any] = dict(zip(TOTALS, (4, "x"), strict=True))
    census.pupil(census.school(estab="1002"), **totals)
    found = absence(tmp_path, census)
    assert (found["year"]["authorised"], found["year"]["totals_differ"]) == (6, 1)
    log = log_of(sen2(person()), census=tmp_path / "census")
    assert "Totals of absence in 2023/24 that are not the sum of their sessions by reason, which count: 1." in log


def test_a_part_that_no_file_says_is_not_read(tmp_path: Path) -> None:
    """Without session rows and without both totals, even possible sessions are not counted.

    The second half of the summer term alone makes no year.
    """
    census = Census()
    census.columns["pupilonroll"] = [*census.columns["pupilonroll"], TOTALS[0]]
    census.pupil(census.school())
    autumn = census.pupil(census.school("AUT", 2024), summerhalfterm2sessionspossible=40)
    census.add("summerhalfterm2sessiondetailsonroll", autumn, attendancereason="I", sessions=4)
    answer = linked(sen2(person()), census=census.write(tmp_path / "c"))
    assert (answer["absence"], answer["persons"][0]["absence"]) == ([], {})


def test_the_autumn_census_has_the_summer_term_in_two_parts(tmp_path: Path) -> None:
    census = Census()
    row = census.pupil(census.school("AUT", 2024), termlysessionspossible=60, summerhalfterm2sessionspossible=40)
    census.add("termlysessiondetailsonroll", row, attendancereason="I", sessions=6)
    census.add("summerhalfterm2sessiondetailsonroll", row, attendancereason="O", sessions=4)
    found = absence(tmp_path, census)
    assert found["year"]["periods"] == ["summer"]
    assert found["child"] == {"2023/24": {"possible": 100, "authorised": 6, "unauthorised": 4}}


def test_leavers_count_too(tmp_path: Path) -> None:
    census = made(("I", 1))
    gone = census.pupil(census.school(estab="1002"), on_roll=False, termlysessionspossible=20)
    census.add("termlysessiondetailsoffroll", gone, attendancereason="I", sessions=3)
    assert absence(tmp_path, census)["child"] == {"2023/24": {"possible": 120, "authorised": 4, "unauthorised": 0}}


def test_years_are_apart(tmp_path: Path) -> None:
    census = made(("I", 1))
    census.pupil(census.school("SPR", 2023))
    found = absence(tmp_path, census)
    assert [(each["year"], each["periods"]) for each in found["all"]] == [
        ("2022/23", ["autumn"]),
        ("2023/24", ["autumn"]),
    ]


def excluded(folder: Path, *rows: dict[str, Any], term: str = "SUM") -> dict[str, Any]:
    census = Census()
    census.has("termlyexclusionsonroll")
    key = census.pupil(census.school(term))
    for row in rows:
        census.add("termlyexclusionsonroll", key, **row)
    return linked(sen2(person()), census=census.write(folder / "census"))


def test_events_of_every_category(tmp_path: Path) -> None:
    answer = excluded(
        tmp_path,
        {"category": "FIXD", "startdate": "2024-02-05", "sessions": 4, "reason1": "DB", "reason2": "db"},
        {"category": "LNCH", "startdate": "2024-02-06", "sessions": 9, "reason1": "PA", "reason3": "DB"},
        {"category": "PERM", "startdate": "2024-02-07", "reason1": "ZZ"},
        {"category": "SUSP", "startdate": "2023-08-31", "sessions": 91},
        {"category": "SUSP", "startdate": "2023-09-01"},
        {"category": "SUSP", "startdate": "soon", "sessions": 1},
        {"category": "GONE", "startdate": "2024-02-07", "sessions": 1},
    )
    assert answer["persons"][0]["exclusions"] == {
        "2022/23": {"suspensions": 1, "sessions": 91, "permanent": 0},
        "2023/24": {"suspensions": 3, "sessions": 5, "permanent": 1},
    }
    earlier, year = answer["exclusions"]
    assert (earlier["base"], earlier["odd_sessions"]) == (0, 1)
    assert year | {"base": 1, "suspensions": 3, "suspended_children": 1, "sessions": 5, "permanent": 1} == year
    assert year | {"repeated": 0, "sessions_differ": 0, "odd_sessions": 1} == year
    assert year["reasons"] == {"DB": 2, "PA": 1}
    assert year["permanent_reasons"] == {"ZZ": 1}
    assert answer["census"]["other_codes"] == {"exclusion_category": {"GONE": 1}, "exclusion_reason": {"ZZ": 1}}
    assert answer["census"]["bad_values"] == {"startdate": 1}


def test_one_event_in_two_censuses_and_twice_in_one(tmp_path: Path) -> None:
    first = {"category": "SUSP", "startdate": "2024-02-05", "sessions": 4, "reason1": "DB"}
    answer = excluded(tmp_path, first, {**first, "sessions": 2, "reason1": "PA"}, first | {"startdate": "2024-02-06"})
    (year,) = answer["exclusions"]
    assert (year["suspensions"], year["sessions"], year["repeated"], year["sessions_differ"]) == (2, 6, 1, 1)
    assert year["reasons"] == {"DB": 1, "PA": 1}


def test_without_a_table_of_exclusions_there_is_no_block(tmp_path: Path) -> None:
    assert linked(sen2(person()), census=made(("I", 1)).write(tmp_path / "c"))["exclusions"] is None


@pytest.mark.parametrize(
    ("censuses", "terms", "says"),
    [
        ([("SPR", 2024)], ("autumn",), "Part of 2023/24: the censuses have autumn, but not spring or summer"),
        ([("SUM", 2024)], ("autumn", "spring"), "Part of 2023/24: the censuses have autumn and spring, but not summer"),
        ([("AUT", 2024), ("SPR", 2025)], ("spring", "summer"), "have spring and summer, but not autumn"),
        ([("SUM", 2024), ("SPR", 2025)], TERMS, "All three terms of 2023/24 are loaded."),
        ([("SUM", 2024), ("AUT", 2024)], TERMS, "All three terms of 2023/24 are loaded."),
        ([("AUT", 2023)], (), "Part of 2023/24: the censuses do not have autumn or spring or summer"),
    ],
)
def test_a_part_of_a_year_is_not_called_the_year(
    censuses: list[tuple[str, int]], terms: tuple[str, ...], says: str, tmp_path: Path
) -> None:
    census = Census()
    census.has("termlyexclusionsonroll")
    for term, year in censuses:
        census.pupil(census.school(term, year))
    with matched(sen2(person()), None, {"census": census.write(tmp_path / "c")}) as (report, found):
        assert found.census is not None
        assert linked_exclusions.terms_loaded(found.census, 2023) == terms
        assert says in linked_exclusions.terms_text(found.census, 2023)
        values = {PupilFigureKey("exclusions", 2023, TERMS, "England"): {"suspensions": "24.7"}}
        report.compare_with = Published({}, {}, (), {}, values)
        beside = linked_exclusions.exclusions_beside(report, Selection(), found.census, 2023)
        assert beside is not None
        assert beside.is_same == (terms == TERMS)


def test_a_term_is_loaded_only_if_the_export_of_its_census_has_a_table_of_exclusions(tmp_path: Path) -> None:
    """The autumn census alone has the summer term; it came without suspensions."""
    with_table, without = Census("Summer"), Census("Autumn")
    with_table.has("termlyexclusionsonroll")
    with_table.pupil(with_table.school("SUM", 2024))
    without.pupil(without.school("AUT", 2024))
    folders = [with_table.write(tmp_path / "with"), without.write(tmp_path / "without")]
    with matched(sen2(person()), None, {"census": folders}) as (report, found):
        assert found.census is not None
        assert linked_exclusions.terms_loaded(found.census, 2023) == ("autumn", "spring")
        assert "but not summer" in linked_exclusions.terms_text(found.census, 2023)
        assert "The files that belong to Autumn_pupilonroll.csv have no table of exclusions." in found.log
        values = {PupilFigureKey("exclusions", 2023, TERMS, "England"): {"suspensions": "24.7"}}
        report.compare_with = Published({}, {}, (), {}, values)
        beside = linked_exclusions.exclusions_beside(report, Selection(), found.census, 2023)
    assert beside is not None and not beside.is_same


@pytest.mark.parametrize(
    ("censuses", "is_provisional"),
    [(["AUT"], True), (["AUT", "AUT"], True), (["SUM"], False), (["SUM", "AUT"], False), (["SUM", "SUM"], False)],
)
def test_an_event_is_provisional_while_only_the_latest_census_has_it(
    censuses: list[str], is_provisional: bool, tmp_path: Path
) -> None:
    """Also where the latest has it twice. censuses: those with the event, of a load of summer and autumn."""
    census = Census()
    rows = {term: census.pupil(census.school(term, 2024)) for term in ("SUM", "AUT")}
    for term in censuses:
        census.add("termlyexclusionsonroll", rows[term], category="PERM", startdate="2024-06-05")
    with matched(sen2(person()), None, {"census": census.write(tmp_path / "c")}) as (_, found):
        assert found.census is not None
        assert found.census.exclusions.events["is_provisional"].to_pylist() == [is_provisional]


@pytest.mark.parametrize(
    ("sessions", "is_odd"), [(None, True), ("many", True), (0, False), (1, False), (90, False), (91, True)]
)
def test_suspensions_without_sessions_or_of_over_90_are_to_be_checked(
    sessions: int | str | None, is_odd: bool, tmp_path: Path
) -> None:
    census = Census()
    row = census.pupil(census.school("SUM"))
    census.add("termlyexclusionsonroll", row, category="SUSP", startdate="2024-02-05", sessions=sessions)
    with matched(sen2(person()), None, {"census": census.write(tmp_path / "c")}) as (report, found):
        assert found.census is not None
        (event,) = found.census.exclusions.events.to_pylist()
        assert (event["is_odd"], event["sessions"]) == (is_odd, sessions if isinstance(sessions, int) else None)
        card = linked_exclusions.exclusion_cards(report, Selection(), found.census, 2023)[-1]
        listed = {row[0] for row in card.draw("", "").chart.rows}
    assert ("Suspension: sessions not stated or over 90" in listed) == is_odd
