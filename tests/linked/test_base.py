"""What every view of the school census says of its base: census days, accepted near matches, sources of NC years."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from sen2dash.analysis import linked_absence, linked_base, linked_exclusions, linked_match
from sen2dash.analysis.panels import People
from sen2dash.checks.report import Report
from sen2dash.indicators import figures
from sen2dash.indicators.figures import Selection
from sen2dash.linked.census import CensusFigures
from sen2dash.linked.matching import link_readings
from tests.linked.making import Census, accepted_of, matched, person, sen2

EXACT, NEAR, PLAIN = "A333000100001", "B333000100002", "C333000100003"
UPN_OF_ANOTHER = "S000000000000"


@contextmanager
def accepted(folder: Path) -> Iterator[tuple[Report, CensusFigures]]:
    """One exact match and one accepted near match, each with absence and a suspension; a third without a record."""
    census = Census()
    census.has("termlysessiondetailsonroll", "termlyexclusionsonroll")
    for term in ("SPR", "SUM"):
        school = census.school(term)
        for upn, sex in ((EXACT, "M"), (NEAR, "F")):
            row = census.pupil(school, upn=upn, sex=sex, language="QQQ", ncyearactual="8")
            census.add("termlysessiondetailsonroll", row, attendancereason="I", sessions=60)
            event: dict[str, Any] = {"category": "SUSP", "startdate": "2023-11-06", "sessions": 2, "reason1": "DB"}
            census.add("termlyexclusionsonroll", row, **event)
    data = sen2(person(EXACT), person(NEAR), person(PLAIN, "2012-01-01"))
    with matched(data, None, {"census": census.write(folder / "c")}) as (report, found):
        assert found.census is not None
        (pair,) = found.census.near.to_pylist()
        again = link_readings(report, found.kept, (accepted_of(found, pair),))
        assert again.census is not None
        report.store.use_census(again.census.profile)
        yield report, again.census


DAYS = "Census days: 18 January 2024 (spring), 16 May 2024 (summer)."
ONE = "1 of these people is from a near match that you accepted."


def test_every_view_has_its_census_days_and_the_number_of_accepted_near_matches(tmp_path: Path) -> None:
    with accepted(tmp_path) as (report, census):
        everyone, sharing = figures.select(report), figures.select(report, is_sharing=True)
        assert linked_absence.absence_base(report, everyone, census, 2023) == f"{DAYS} {ONE}"
        assert linked_absence.absence_base(report, sharing, census, 2023) == DAYS
        assert linked_exclusions.exclusion_base(report, everyone, census, 2023) == f"{DAYS} {ONE}"
        assert linked_exclusions.exclusion_base(report, sharing, census, 2023) == DAYS
        describing = linked_base.describing(report)
        assert linked_base.days_text(census, *describing) == "Census day: 18 January 2024 (spring)."
        schools = linked_match.schools_text(report, census)
        assert "of 1 school. " in schools and schools.endswith(f". {DAYS}")
        assert (
            linked_base.described_text(report, everyone, census)
            == "NC years and phases from the census: 2; from the date of birth: 1."
        )
        assert linked_base.described_text(report, sharing, census) == ""


def lists(report: Report, everyone: Selection, census: CensusFigures) -> Iterator[People]:
    """Lists behind bars that both people are in."""
    rates, levels, reasons, *_ = linked_absence.absence_cards(report, everyone, census, 2023)
    yield from (rates.find("", "overall"), levels.find("", "severe"), reasons.find("possible", "I"))
    excluded, why, _ = linked_exclusions.exclusion_cards(report, everyone, census, 2023)
    yield from (excluded.find("", "suspended"), why.find("False", "DB"))
    yield linked_match.characteristic(report, everyone, census, ("language",)).find("language", "other_code")
    yield linked_match.disagreements(report, everyone, census).find("", "plan_in_census_alone")
    yield linked_match.years(report, everyone, census).find("", "differs")


@pytest.mark.parametrize("place", range(8))
def test_lists_mark_accepted_near_matches_and_name_the_day_of_ages(place: int, tmp_path: Path) -> None:
    with accepted(tmp_path) as (report, census):
        found = list(lists(report, figures.select(report), census))
        assert len(found) == 8
        rows, extra = found[place].rows, found[place].extra
    marks = dict(zip(rows["person_id"].to_pylist(), rows[extra["Match"]].to_pylist(), strict=True))
    assert marks == {1: "exact", 2: "near, accepted"}
    assert "Age" not in extra and "NC year" not in extra
    if place not in (3, 4):
        assert "Age at 31/08/2023" in extra
    if place == 7:
        assert "NC year expected at 31/08/2023" in extra


def test_no_list_has_a_column_for_the_match_if_none_was_accepted(tmp_path: Path) -> None:
    census = Census()
    census.has("termlysessiondetailsonroll")
    census.pupil(census.school(referencedate=None))
    with matched(sen2(person()), None, {"census": census.write(tmp_path / "c")}) as (report, found):
        assert found.census is not None
        everyone = figures.select(report)
        card = linked_absence.absence_cards(report, everyone, found.census, 2023)[0]
        assert "Match" not in card.find("", "overall").extra
        assert linked_absence.absence_base(report, everyone, found.census, 2023) == (
            "Census day: not known, 2024 (spring)."
        )


def ages(*born: str) -> Census:
    """A return and its spring census of children born on these days, each of whom missed ten sessions."""
    census = Census()
    census.has("termlysessiondetailsonroll")
    school = census.school()
    for place, day in enumerate(born):
        row = census.pupil(school, upn=f"A{place:012}", dob=day)
        census.add("termlysessiondetailsonroll", row, attendancereason="I", sessions=10)
    return census


@pytest.mark.parametrize(
    ("born", "instead", "beside"),
    [
        (["2018-09-01", "2007-08-31"], "None of these people were that age on 31 August 2023.", ""),
        (["2018-08-31", "2007-08-31", "2019-01-01"], "", "Absence is not collected for 2 of these people"),
        (["2018-08-31", "2007-09-01"], "", ""),
    ],
)
def test_absence_outside_ages_5_to_15_is_not_collected_and_never_0(
    born: list[str], instead: str, beside: str, tmp_path: Path
) -> None:
    data = sen2(*(person(f"A{place:012}", day) for place, day in enumerate(born)))
    census = ages(*born).write(tmp_path / "c")
    with matched(data, None, {"census": census}) as (report, found):
        assert found.census is not None
        everyone, sharing = figures.select(report), figures.select(report, is_sharing=True)
        assert linked_absence.not_collected(report, everyone, found.census, 2023).endswith(instead)
        assert bool(linked_absence.not_collected(report, everyone, found.census, 2023)) == bool(instead)
        assert "Too few" in linked_absence.not_collected(report, sharing, found.census, 2023)
        said = linked_absence.absence_base(report, everyone, found.census, 2023)
        assert instead or (beside in said and ("is not collected" in said) == bool(beside))
        assert "is not collected" not in linked_absence.absence_base(report, sharing, found.census, 2023)


@pytest.mark.parametrize(
    ("rows", "says"), [({UPN_OF_ANOTHER: "I"}, False), ({}, True), ({EXACT: "I"}, False), ({EXACT: None}, True)]
)
def test_files_hold_no_sessions_by_reason_only_if_they_hold_none(
    rows: dict[str, str | None], says: bool, tmp_path: Path
) -> None:
    census = Census()
    census.has("termlysessiondetailsonroll")
    school = census.school()
    for upn in (EXACT, UPN_OF_ANOTHER):
        row = census.pupil(school, upn=upn)
        if upn in rows:
            census.add("termlysessiondetailsonroll", row, attendancereason=rows[upn], sessions=3)
    with matched(sen2(person(EXACT)), None, {"census": census.write(tmp_path / "c")}) as (report, found):
        assert found.census is not None
        card = linked_absence.absence_cards(report, figures.select(report), found.census, 2023)[2]
        assert ("The files hold no sessions by reason." in card.draw("possible", "").notes) == says


def test_the_page_says_which_enrolments_the_published_absence_leaves_out(tmp_path: Path) -> None:
    with accepted(tmp_path) as (report, census):
        levels = linked_absence.absence_cards(report, figures.select(report), census, 2023)[1]
        assert "and enrolments that began in that half term" in " ".join(levels.draw("", "").notes)
