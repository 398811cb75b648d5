"""Near matches: one pair a child, compared by value, and what is counted once one is accepted."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sen2dash.analysis import linked_match
from sen2dash.checks.report import Report
from sen2dash.indicators import figures
from sen2dash.linked.matching import LinkedFigures, Readings, link_readings, read_given
from sen2dash.reading.linked.given import files
from tests.linked.making import Census, accepted_of, matched, person, sen2

Row = dict[str, Any]


@contextmanager
def read(data: bytes, census: Census, folder: Path) -> Iterator[tuple[Report, Readings]]:
    """The report about a return, and what was read of a census."""
    with matched(data, None, {}) as (report, _):
        yield report, read_given({"census": files([census.write(folder / "census")])})


def pairs(report: Report, found: LinkedFigures) -> list[Row]:
    rows: list[Row] = linked_match.near(report, figures.select(report), found).to_pylist()
    return rows


def accept(report: Report, readings: Readings, place: int = 0) -> LinkedFigures:
    """The figures once the pair at this place is accepted, as the page accepts it."""
    before = link_readings(report, readings)
    pair = pairs(report, before)[place]
    return link_readings(report, readings, (accepted_of(before, pair),))


def two_spellings() -> Census:
    """A child with another sex than in the return, written in two ways in the spring and the summer census."""
    census = Census()
    census.has("termlysessiondetailsonroll", "termlyexclusionsonroll")
    for term, name in (("SPR", "Lane"), ("SUM", "Láne-Hill")):
        row = census.pupil(
            census.school(term), sex="F", surname=name, forename="Sam", uniquelearnernumber=f"100000000{len(name)}"
        )
        census.add("termlysessiondetailsonroll", row, attendancereason="I", sessions=10)
        day = "2023-10-05" if term == "SPR" else "2024-02-05"
        census.add("termlyexclusionsonroll", row, category="SUSP", startdate=day, sessions=2, reason1="DB")
    return census


def test_a_child_in_two_spellings_is_one_pair_and_keeps_every_enrolment(tmp_path: Path) -> None:
    with read(sen2(person()), two_spellings(), tmp_path) as (report, readings):
        before = link_readings(report, readings)
        (pair,) = pairs(report, before)
        assert pair["surname"] == ["Lane", "Láne-Hill"] and len(pair["pupil_ids"]) == 2
        now = accept(report, readings).census
    assert before.census is not None and now is not None
    assert before.census.absence.of.num_rows == 0
    assert [(row["possible"], row["authorised"]) for row in now.absence.of.to_pylist()] == [(200, 20)]
    assert [row["suspensions"] for row in now.exclusions.of.to_pylist()] == [2]
    assert now.people["match"].to_pylist() == ["accepted"] and not len(now.near)


def test_sides_are_compared_as_the_match_compares_them(tmp_path: Path) -> None:
    """A return of codes 1 and 2, a UPN in small letters, names with accents, and what is blank."""
    own = person(upn="a3330 00100001", sex="1", surname="LÁNE", uln="9999999999")
    census = Census()
    census.pupil(census.school(), dob="2014-03-06", surname="Lane", forename="")
    with read(sen2(own), census, tmp_path) as (report, readings):
        (pair,) = pairs(report, link_readings(report, readings))
    assert pair["why"] == "Date of birth differs"
    assert (pair["own_sex"], pair["sex"]) == ("M", "M")
    assert linked_match.verdicts(pair) == {
        "UPN": "same",
        "Date of birth": "differs",
        "Sex": "same",
        "Surname": "same",
        "Forename": "one side is blank",
        "ULN": "both blank",
    }


def test_one_of_several_spellings_may_be_the_same(tmp_path: Path) -> None:
    with read(sen2(person(surname="Lane")), two_spellings(), tmp_path) as (report, readings):
        (pair,) = pairs(report, link_readings(report, readings))
    assert linked_match.verdicts(pair) | {"Surname": "one of them is the same", "Sex": "differs"} == (
        linked_match.verdicts(pair)
    )
