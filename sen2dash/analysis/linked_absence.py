"""Absence of the people in a return, from school censuses: rates, persistent and severe, reasons. Draws nothing."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import date

import pyarrow as pa
import pyarrow.compute as pc

from sen2dash.analysis.cohort_charts import DrawnChart
from sen2dash.analysis.linked_base import accepted_text, census_people, days_text, of_absence
from sen2dash.analysis.linked_cards import (
    Card,
    Rows,
    academic_year,
    bars,
    card_chart,
    labels_of,
    largest_first,
    of_cohort,
    shares_of,
    total,
    where,
    without_few,
)
from sen2dash.analysis.linked_published import Beside, beside
from sen2dash.analysis.panels import Labels, People
from sen2dash.charts.bars import Bar
from sen2dash.checks.report import Report
from sen2dash.indicators.figures import Selection, count_text
from sen2dash.indicators.suppression import is_empty
from sen2dash.linked.census import CensusFigures
from sen2dash.text import long_date

PERIODS = ("autumn", "spring", "summer")
KINDS: Labels = {"overall": "All absence", "authorised": "Authorised", "unauthorised": "Unauthorised"}
#: The two parts of all absence.
PARTS = ("authorised", "unauthorised")
LEVELS: Labels = {"persistent": "Persistent: 10% or more", "severe": "Severe: 50% or more"}
ABSENT: Labels = {"Possible sessions": "possible", "Missed": "missed", "In percent": "percent"}
OF: Labels = {"possible": "Of possible sessions", "absence": "Of all absence"}
OTHER_CODE = "other"


def absence_years(census: CensusFigures) -> dict[int, str]:
    """The academic years with a period of attendance, the newest first, each as it is: '2026/27: autumn, spring'."""
    found = {}
    for row in reversed(census.absence.years):
        periods = row["periods"]
        part = "whole year" if len(periods) == len(PERIODS) else f"{', '.join(periods)} only"
        found[row["academic_year"]] = f"{academic_year(row['academic_year'])}: {part}"
    return found


def periods_text(census: CensusFigures, year: int) -> str:
    """What of an academic year is loaded, as a sentence."""
    row = next(each for each in census.absence.years if each["academic_year"] == year)
    missing = [each for each in PERIODS if each not in row["periods"]]
    if not missing:
        return f"All three terms of {academic_year(year)} are loaded."
    return (
        f"Part of {academic_year(year)}: the files have {' and '.join(row['periods'])}, but not "
        f"{' or '.join(missing)}. The spring census has the absence of autumn, the summer census that of spring, the "
        "autumn census that of summer."
    )


def absence_cards(report: Report, selection: Selection, census: CensusFigures, year: int) -> list[Card]:
    """Rates of absence, persistent and severe absence, reasons, and children who are left out."""
    rows = _children(report, selection, census, year)
    over = of_cohort(report, selection, where(census.absence.over, "academic_year", year))
    reasons = of_cohort(report, selection, where(census.absence.reason_of, "academic_year", year))
    over = _with_missed(over)
    when = absence_years(census)[year]
    return [
        _rates(report, selection, census, rows, when),
        _levels(report, selection, census, rows, when),
        _reasons(report, selection, census, rows, reasons, when, year in census.absence.years_with_reasons),
        _left_out(report, selection, census, rows, over, when),
    ]


def _of_age(report: Report, selection: Selection, census: CensusFigures, year: int) -> tuple[int, int]:
    """How many people were 5 to 15 on the 31 August with which an academic year begins, and how many were not."""
    rows = of_cohort(report, selection, where(census.absence.ages, "academic_year", year))
    number = int(pc.sum(rows["is_of_age"]).as_py() or 0)
    return number, len(rows) - number


def not_collected(report: Report, selection: Selection, census: CensusFigures, year: int) -> str:
    """What to say instead of figures of an academic year if nobody was of an age for them; else nothing."""
    number, _ = _of_age(report, selection, census, year)
    if not is_empty(number, selection.threshold):
        return ""
    who = "Too few of these people to show" if selection.is_sharing else "None of these people"
    return f"Absence is collected for ages 5 to 15. {who} were that age on {long_date(date(year, 8, 31))}."


def ages_text(report: Report, selection: Selection, census: CensusFigures, year: int) -> str:
    """How many people were not of an age for figures of an academic year, as a sentence; nothing if nobody was."""
    _, number = _of_age(report, selection, census, year)
    if is_empty(number, selection.threshold):
        return ""
    return (
        f"Absence is not collected for {count_text(selection.count(number))} of these people: they were not aged 5 to "
        f"15 on {long_date(date(year, 8, 31))}."
    )


def absence_base(report: Report, selection: Selection, census: CensusFigures, year: int) -> str:
    """The census days that the absence of an academic year comes from, and accepted near matches, as sentences."""
    rows = _children(report, selection, census, year)
    sentences = (
        days_text(census, *of_absence(year)),
        ages_text(report, selection, census, year),
        accepted_text(report, selection, census, rows),
    )
    return " ".join(filter(None, sentences))


def absence_beside(report: Report, selection: Selection, census: CensusFigures, year: int) -> Beside | None:
    """Our rates beside those published for pupils with a plan; None if no file of them was added."""
    rows = _children(report, selection, census, year)
    own = {
        **shares_of(KINDS, _rate_bars(selection, rows), total(rows, "possible"), selection),
        **shares_of(LEVELS, _level_bars(selection, rows), len(rows), selection),
    }
    periods = next(each["periods"] for each in census.absence.years if each["academic_year"] == year)
    return beside(report, "absence", year, tuple(each for each in PERIODS if each in periods), own)


def _children(report: Report, selection: Selection, census: CensusFigures, year: int) -> Rows:
    """One row per child with possible sessions in an academic year."""
    return _with_missed(of_cohort(report, selection, where(census.absence.of, "academic_year", year)))


def _with_missed(rows: Rows) -> Rows:
    missed = pc.add(rows["authorised"], rows["unauthorised"])
    percent = pc.round(pc.divide(pc.multiply(pc.cast(missed, pa.float64()), 100.0), rows["possible"]), 1)
    return rows.append_column("missed", missed).append_column("percent", percent)


def _n_above_zero(rows: Rows, column: str) -> int:
    """How many children have any of these sessions."""
    return len(rows.filter(pc.greater(rows[column], 0)))


def _rate_bars(selection: Selection, rows: Rows) -> tuple[Bar, ...]:
    columns = {key: "missed" if key == "overall" else key for key in KINDS}
    found = {key: total(rows, column) for key, column in columns.items()}
    children = {key: _n_above_zero(rows, column) for key, column in columns.items()}
    if selection.is_sharing and any(is_empty(children[key], selection.threshold) for key in PARTS):
        # With one part, the other would follow from all absence.
        children |= dict.fromkeys(PARTS, 0)
    return bars(KINDS, found, total(rows, "possible"), selection, children)


def _rates(report: Report, selection: Selection, census: CensusFigures, rows: Rows, when: str) -> Card:
    def draw(_: str, marked: str) -> DrawnChart:
        return card_chart(
            "Absence",
            f"Absence in {when}",
            "of possible sessions",
            _rate_bars(selection, rows),
            (total(rows, "possible"), "possible session", "possible sessions"),
            selection,
            marked,
            [f"Of {count_text(selection.count(len(rows)))} children aged 5 to 15 with possible sessions."],
            len(rows),
        )

    def find(_: str, key: str) -> People:
        column = "missed" if key == "overall" else key
        chosen = rows.filter(pc.greater(rows[column], 0)).sort_by(
            [("percent", "descending"), ("person_id", "ascending")]
        )
        return census_people(report, selection, census, f"{KINDS[key]}, {when}", chosen, {**ABSENT, **EITHER})

    return Card("absence", draw, find)


EITHER: Labels = {"Authorised": "authorised", "Unauthorised": "unauthorised"}


def _by_level(rows: Rows) -> dict[str, Rows]:
    """The children of each level."""
    return {"persistent": rows.filter(rows["is_persistent"]), "severe": rows.filter(rows["is_severe"])}


def _level_bars(selection: Selection, rows: Rows) -> tuple[Bar, ...]:
    return bars(LEVELS, {key: len(each) for key, each in _by_level(rows).items()}, len(rows), selection)


def _levels(report: Report, selection: Selection, census: CensusFigures, rows: Rows, when: str) -> Card:
    found = _by_level(rows)

    def draw(_: str, marked: str) -> DrawnChart:
        return card_chart(
            "Persistent and severe absence",
            f"Persistent and severe absence in {when}",
            "of children with possible sessions",
            _level_bars(selection, rows),
            (len(rows), "child aged 5 to 15", "children aged 5 to 15"),
            selection,
            marked,
            [
                "The DfE counts enrolments of the whole period, not children. It leaves out the second half of the "
                "summer term at age 15, and enrolments that began in that half term, so its figures differ a little."
            ],
        )

    def find(_: str, key: str) -> People:
        chosen = found[key].sort_by([("percent", "descending"), ("person_id", "ascending")])
        return census_people(
            report, selection, census, f"{LEVELS[key]} of sessions missed, {when}", chosen, {**ABSENT, **EITHER}
        )

    return Card("levels", draw, find)


def _reasons(
    report: Report,
    selection: Selection,
    census: CensusFigures,
    rows: Rows,
    reasons: Rows,
    when: str,
    are_in_files: bool,
) -> Card:
    labels = labels_of("attendance_reason")
    counts = where(reasons, "code_group", *PARTS)
    other = where(reasons, "code_group", "other_code")

    def draw(choice: str, marked: str) -> DrawnChart:
        is_of_possible = choice == "possible"
        sessions = Counter[str]()
        who: dict[str, set[int]] = defaultdict(set)
        # A code that is not in the list is no absence, so it has no share of all absence.
        for each in (counts, other) if is_of_possible else (counts,):
            for row in each.filter(pc.greater(each["sessions"], 0)).to_pylist():
                key = OTHER_CODE if row["code_group"] == "other_code" else row["code"]
                sessions[key] += row["sessions"]
                who[key].add(row["person_id"])
        names = {**labels, OTHER_CODE: "Codes that are not in the list"}
        whole, children = total(rows, "possible"), len(rows)
        if not is_of_possible:
            whole, children = total(rows, "missed"), _n_above_zero(rows, "missed")
        nouns = ("possible session", "possible sessions") if is_of_possible else ("session missed", "sessions missed")
        return card_chart(
            "Reasons for absence",
            f"Reasons for absence in {when}",
            "of possible sessions" if is_of_possible else "of sessions missed",
            largest_first(bars(names, sessions, whole, selection, without_few(selection, who))),
            (whole, *nouns),
            selection,
            marked,
            _without_reason(selection, total(rows, "missed"), total(counts, "sessions"))
            if are_in_files
            else ["The files hold no sessions by reason."],
            children,
        )

    def find(_: str, key: str) -> People:
        chosen = other if key == OTHER_CODE else where(counts, "code", key)
        chosen = chosen.filter(pc.greater(chosen["sessions"], 0))
        chosen = chosen.sort_by([("sessions", "descending"), ("person_id", "ascending")])
        title = f"Absence, {labels.get(key, 'codes that are not in the list').lower()}, {when}"
        return census_people(report, selection, census, title, chosen, {"Code": "code", "Sessions": "sessions"})

    return Card("reasons", draw, find, OF)


def _without_reason(selection: Selection, missed: int, with_reason: int) -> list[str]:
    """What to know about absence that came as a total, without its reasons."""
    if missed > with_reason and not selection.is_sharing:
        return [f"Sessions missed without a reason in the files: {missed - with_reason:,}."]
    return []


def _left_out(report: Report, selection: Selection, census: CensusFigures, rows: Rows, over: Rows, when: str) -> Card:
    labels = {"over": "More missed than possible"}

    def draw(_: str, marked: str) -> DrawnChart:
        whole = len(rows) + len(over)
        return card_chart(
            "Left out of these figures",
            f"Left out of the figures of absence in {when}",
            "of children with sessions",
            bars(labels, {"over": len(over)}, whole, selection) if len(over) else (),
            (whole, "child aged 5 to 15", "children aged 5 to 15"),
            selection,
            marked,
        )

    def find(_: str, key: str) -> People:
        return census_people(report, selection, census, f"{labels[key]}, {when}", over, {**ABSENT, **EITHER})

    return Card("left_out", draw, find, is_only_if_any=True)
