"""What every view of the school census says of its base: the census days of its files, and accepted near matches.

Draws nothing.
"""

from __future__ import annotations

from dataclasses import replace

import pyarrow.compute as pc

from sen2dash import reference
from sen2dash.analysis.establishment_names import names_in_register
from sen2dash.analysis.linked_cards import Rows, of_cohort, people, where
from sen2dash.analysis.panels import Labels, People
from sen2dash.checks.report import Report
from sen2dash.indicators.figures import Selection, count_text
from sen2dash.indicators.suppression import is_empty
from sen2dash.linked.census import CensusFigures
from sen2dash.linked.matching import LinkedFigures
from sen2dash.model import Cohort
from sen2dash.text import MAX_NAME_LENGTH, flat, long_date

TERMS: Labels = {"AUT": "autumn", "SPR": "spring", "SUM": "summer"}
MATCH: Labels = {"Match": "match_text"}
ACCEPTED = "near, accepted"


def days_text(census: CensusFigures, *years: tuple[str, int]) -> str:
    """The census days of the files, as a sentence. years: the terms and years that a view uses; all if none."""
    days: dict[str, None] = {}
    for row in census.days:
        if not years or (row["term"], row["year"]) in years:
            day = long_date(row["census_day"]) if row["census_day"] else f"not known, {row['year']}"
            days[f"{day} ({TERMS[row['term']]})"] = None
    if not days:
        return ""
    return f"Census day{'s' if len(days) > 1 else ''}: {', '.join(days)}."


def describing(report: Report) -> tuple[tuple[str, int], ...]:
    """The terms and years of the censuses that describe people."""
    year = report.collection.year
    return ("SPR", year), ("AUT", year - 1)


def of_absence(year: int) -> tuple[tuple[str, int], ...]:
    """The terms and years of the censuses with the attendance of an academic year."""
    return tuple((term, year + 1) for term in TERMS)


def school_names(report: Report, census: CensusFigures) -> dict[str, str]:
    """The name and LAEstab of each school by LAEstab: as in the register, else in its own files; else LAEstab alone."""
    registered = names_in_register(report)
    names = {
        row["laestab"]: registered.get(row["urn"]) or flat(row["name"] or "", MAX_NAME_LENGTH) for row in census.schools
    }
    return {laestab: f"{name} ({laestab})" if name else laestab for laestab, name in names.items()}


def accepted(report: Report, selection: Selection, census: CensusFigures) -> Rows:
    """One row per person whose near match was accepted."""
    return where(of_cohort(report, selection, census.people), "match", "accepted")


def accepted_text(report: Report, selection: Selection, census: CensusFigures, rows: Rows) -> str:
    """How many of these people count because of an accepted near match, as a sentence. Nothing for sharing.

    rows: the people who are counted.
    """
    if selection.is_sharing:
        return ""
    found = accepted(report, selection, census)["person_id"]
    number = int(pc.sum(pc.is_in(found, pc.unique(rows["person_id"]))).as_py() or 0)
    if not number:
        return ""
    return (
        "1 of these people is from a near match that you accepted."
        if number == 1
        else f"{number:,} of these people are from near matches that you accepted."
    )


def left_out_text(report: Report, selection: Selection) -> str:
    """How many people without a record filters of the census leave out, as a sentence; nothing without such filters.

    Nothing for sharing, when there is no file to say it of.
    """
    census = report.linked.census if isinstance(report.linked, LinkedFigures) else None
    of_census = reference.census_characteristics()
    others = tuple(each for each in selection.cohort.chosen if each[0] not in of_census)
    if census is None or selection.is_sharing or len(others) == len(selection.cohort.chosen):
        return ""
    without = census.people.filter(pc.invert(census.people["is_described"]))
    of_others = of_cohort(report, replace(selection, cohort=Cohort(chosen=others)), without)
    number = len(of_others) - len(of_cohort(report, selection, without))
    who = "1 person" if number == 1 else f"{number:,} people"
    return f"The filters of the school census leave out {who} without a record in it."


def described_text(report: Report, selection: Selection, census: CensusFigures) -> str:
    """Where the NC years and phases come from, as a sentence. For sharing, only if neither number is of few people."""
    rows = of_cohort(report, selection, census.people)
    numbers = [len(where(rows, "nc_year_source", source)) for source in ("census", "date_of_birth")]
    if selection.is_sharing and any(is_empty(each, selection.threshold) for each in numbers):
        return ""
    shown = [count_text(selection.count(each)) for each in numbers]
    return f"NC years and phases from the census: {shown[0]}; from the date of birth: {shown[1]}."


def census_people(
    report: Report,
    selection: Selection,
    census: CensusFigures,
    title: str,
    rows: Rows,
    extra: Labels,
    is_short: bool = False,
) -> People:
    """The same as `people`, with accepted near matches marked, if there are any."""
    rows, extra = with_match(census, rows, extra)
    return people(report, selection, title, rows, extra, is_short)


def with_match(census: CensusFigures, rows: Rows, extra: Labels) -> tuple[Rows, Labels]:
    """The same rows with the match of each person, if any near match was accepted, and the column for it."""
    ids = where(census.people, "match", "accepted")["person_id"]
    if not len(ids):
        return rows, extra
    texts = pc.if_else(pc.is_in(rows["person_id"], ids), ACCEPTED, "exact")
    return rows.append_column(MATCH["Match"], texts), {**extra, **MATCH}
