"""The plans of the year and of the caseload: reviews, phase transfers, placements, budgets and no education.

Except for the plans of the year, this counts the people with a plan active on census day, one plan each, as the
indicators do. Draws on no page.
"""

from __future__ import annotations

from collections.abc import Callable

import pyarrow as pa
import pyarrow.compute as pc

from sen2dash.analysis import comparators, plans_of_year
from sen2dash.analysis.panels import (
    PLAN_DATES,
    Labels,
    Panel,
    People,
    Stage,
    Topic,
    about_published,
    bars_alt_text,
    by_group,
    counts,
    flagged,
    having,
    holds,
    labels_of,
    overlapping,
    parts,
    published_beside,
    published_marks,
    reached,
    rows_of,
    stacked,
    steps,
    with_england,
)
from sen2dash.analysis.timeliness import few_note
from sen2dash.charts.bars import bar_chart
from sen2dash.charts.pieces import Chart
from sen2dash.checks.catalogue import list_sql
from sen2dash.checks.report import Report
from sen2dash.indicators.figures import Figures, Selection
from sen2dash.model import Cohort

REVIEW_COLUMNS = {
    "Plan started": "start_date",
    "Review meeting": "review_meeting",
    "Outcome": "review_outcome",
    "Family told": "last_review",
}
PHASE_COLUMNS = {
    "Plan started": "start_date",
    "Due": "phase_transfer_due_date",
    "Final plan": "phase_transfer_final_date",
}
PLACE_COLUMNS = {
    "Plan started": "start_date",
    "Placed": "entry_date",
    "URN": "urn",
    "UKPRN": "ukprn",
    "Setting": "sen_setting",
}
BUDGET_COLUMNS = {"Plan started": "start_date", "Direct payments": "payments"}
REVIEWS = (
    Stage("expected", "Annual reviews expected", (("none", "No review meeting recorded"),)),
    Stage(
        "held",
        "Review meeting recorded",
        (
            ("waiting", "Family not told the outcome, up to 4 weeks"),
            ("waiting_late", "Family not told the outcome after 4 weeks"),
        ),
    ),
    Stage("told", "Family told the outcome", (("late", "Family told after more than 4 weeks"),)),
    Stage("on_time", "Family told within 4 weeks"),
)
OVERDUE = {
    "none": "No review meeting recorded",
    "overdue": "Last meeting over 12 months before census day",
    "waiting_late": "Family not told the outcome after 4 weeks",
}
OUTCOMES = {"M": "Maintain the plan", "A": "Amend the plan", "C": "Cease the plan", "none": "Not recorded"}
DEADLINES = {"february": "15 February", "march": "31 March", "other": "Another date"}
FINALS = {
    "on_time": "Final plan by the deadline",
    "late": "Final plan after the deadline",
    "none": "No final plan recorded",
}
#: The indicator of outcomes told within 4 weeks.
TOLD = "review_decisions_within_4_weeks"
#: The items without which there is nothing to draw.
MEETING, DUE, RES = (
    ("activeplans", "ReviewMeeting"),
    ("activeplans", "PhaseTransferDueDate"),
    ("placementdetail", "RES"),
)
ATTENDED = ("placementdetail", "AttendancePattern")
ATTENDANCE = {"FT": "Full time", "PT": "Part time", "other": "Another answer", "none": "Not recorded"}
#: Phase transfers as published: the date that counts, and its year relative to the collection year.
PHASE_DATES = {
    "due_in_year": ("Due in", "phase_transfer_due_date", 0),
    "due_next_year": ("Due in", "phase_transfer_due_date", 1),
    "final_in_year": ("Final plan dated", "phase_transfer_final_date", 0),
    "final_next_year": ("Final plan dated", "phase_transfer_final_date", 1),
}
#: Bars that count a code (column and code), or a yes (column alone).
PLACES = {
    "res-A": "Residential, 38 to 51 weeks",
    "res-B": "Residential, 52 weeks",
    "in_unit": "SEN unit",
    "in_resourced": "Resourced provision",
}
UNPLACED = {"is_unplaced": "No placement open on census day"}
BUDGETS = {"budget-yes": "Personal budget taken up", "has_arrangements": "With organised arrangements"}
OUT = {
    "not_in_education-NEET": "Not in education, employment or training",
    "not_in_education-NIEC": "Notice to cease issued",
    "not_in_education-NIEO": "Not in education or training: other",
}


def caseload(report: Report, cohort: Cohort) -> pa.Table:
    """The caseload plans of a cohort with their categories (the view caseload_state), dates and people."""
    return rows_of(report, "caseload_state", list_sql("caseload_plans"), cohort)


def expected(report: Report, cohort: Cohort) -> pa.Table:
    """The caseload plans for which an annual review was expected."""
    found = caseload(report, cohort)
    return found.filter(found["review"].is_valid())


# -- annual reviews ---------------------------------------------------------------------------------------


def _draw_reviews(report: Report, selection: Selection, _: str) -> Chart:
    found = counts(expected(report, selection.cohort), "review")
    rows = steps(REVIEWS, found, selection.threshold)
    title = "From review expected to outcome told"
    unit = (
        "Number of people, and their share of those whose review was expected. Grey: stopped here. "
        + _within_4_weeks(report, selection)
    )
    return bar_chart(
        title, unit, "Step", rows, alt_text=bars_alt_text(title, [row for row in rows if not row.is_faint])
    )


def _within_4_weeks(report: Report, selection: Selection) -> str:
    """The indicator, which has another base than the bars, as a sentence."""
    value = Figures(report, selection).values[TOLD]
    if value.rate is None:
        return ""
    return (
        f"As a share of those with both dates, told within 4 weeks is {value.text}: the headline figure, which leaves "
        "out people without a meeting or without a date on which they were told."
    )


def _find_reviews(report: Report, selection: Selection, _: str, key: str) -> People:
    rows = having(expected(report, selection.cohort), "review", reached(REVIEWS, key))
    return People(labels_of(REVIEWS)[key], rows, REVIEW_COLUMNS)


def _overdue(report: Report, selection: Selection, key: str) -> pa.Table:
    found = expected(report, selection.cohort)
    return flagged(found, "is_overdue") if key == "overdue" else having(found, "review", [key])


def _draw_overdue(report: Report, selection: Selection, _: str) -> Chart:
    whole = len(expected(report, selection.cohort))
    found = {key: len(_overdue(report, selection, key)) for key in OVERDUE}
    rows = overlapping(OVERDUE, found, whole, selection.threshold)
    unit = f"Share of the people whose review was expected; a person can be in several bars.{few_note(rows)}"
    return bar_chart("What is overdue", unit, "What", rows)


def _find_overdue(report: Report, selection: Selection, _: str, key: str) -> People:
    return People(OVERDUE[key], _overdue(report, selection, key), REVIEW_COLUMNS)


def _held(report: Report, selection: Selection) -> pa.Table:
    found = expected(report, selection.cohort)
    return found.filter(found["review_meeting"].is_valid())


def _draw_outcomes(report: Report, selection: Selection, _: str) -> Chart:
    found = counts(_held(report, selection), "outcome")
    rows = parts(OUTCOMES, found, selection.threshold)
    unit = f"Share of the people with a review meeting recorded.{few_note(rows)}"
    return bar_chart("What was decided", unit, "Outcome", rows)


def _find_outcomes(report: Report, selection: Selection, _: str, key: str) -> People:
    return People(
        f"Review outcome: {OUTCOMES[key]}", having(_held(report, selection), "outcome", [key]), REVIEW_COLUMNS
    )


# -- phase transfers --------------------------------------------------------------------------------------


def _due(report: Report, selection: Selection, key: str) -> pa.Table:
    return having(caseload(report, selection.cohort), "phase", [key])


def _draw_phases(report: Report, selection: Selection, _: str) -> Chart:
    table = {key: counts(_due(report, selection, key), "phase_final") for key in DEADLINES}
    unit = "Share of the people whose phase transfer was due. In brackets: their number."
    words = ("Final plans by deadline", unit, "Deadline")
    return stacked(words, DEADLINES, FINALS, table, selection.threshold)


def _find_phases(report: Report, selection: Selection, _: str, key: str) -> People:
    deadline, _, final = key.partition("/")
    rows = _due(report, selection, deadline)
    title = f"Phase transfer due: {DEADLINES[deadline]}"
    if not final:
        return People(title, rows, PHASE_COLUMNS)
    return People(f"{title}; {FINALS[final].lower()}", having(rows, "phase_final", [final]), PHASE_COLUMNS)


def _dated_label(report: Report, key: str) -> str:
    """A label such as 'Due in 2026', with the year that the bar counts in this return."""
    words, _, after = PHASE_DATES[key]
    return f"{words} {report.collection.year - 1 + after}"


def _dated(report: Report, selection: Selection, key: str) -> pa.Table:
    _, column, after = PHASE_DATES[key]
    found = caseload(report, selection.cohort)
    return found.filter(pc.equal(pc.year(found[column]), report.collection.year - 1 + after))


def _draw_dated(report: Report, selection: Selection, _: str) -> Chart:
    whole = len(caseload(report, selection.cohort))
    labels = {key: _dated_label(report, key) for key in PHASE_DATES}
    found = {key: len(_dated(report, selection, key)) for key in PHASE_DATES}
    rows = overlapping(labels, found, whole, selection.threshold)
    rows = tuple(bar._replace(marks=published_marks(report, f"phase_transfers/{bar.key}")) for bar in rows)
    unit = f"Share of the people in the caseload; a person can be in several bars.{few_note(rows)}"
    beside = published_beside(report, "phase_transfers/due_in_year")
    if beside:
        unit += " Marks: published shares, of the year named with them or the year after."
        unit += f"{comparators.of_everyone(selection)} {about_published(beside)}"
    return bar_chart("Phase transfers by year", unit, "Date", rows)


def _find_dated(report: Report, selection: Selection, _: str, key: str) -> People:
    title = f"Phase transfer: {_dated_label(report, key).lower()}"
    return People(title, _dated(report, selection, key), PHASE_COLUMNS)


# -- what is true of a placement or a plan ------------------------------------------------------------------


def _with_codes(report: Report, labels: Labels, column: str, code_set: str, words: str) -> dict[str, str]:
    """The labels, followed by one for each code of a set."""
    codes = report.store.rows("select code, label from code where code_set = $code_set", {"code_set": code_set})
    return {**labels, **{f"{column}-{row['code']}": f"{words}{row['label'].lower()}" for row in codes}}


def _marked(report: Report, selection: Selection, key: str) -> pa.Table:
    """The caseload plans of a bar."""
    column, _, code = key.partition("-")
    found = caseload(report, selection.cohort)
    return having(found, column, [code]) if code else flagged(found, column)


def _marks(title: str, labels: Callable[[Report], Labels], extra: Labels, indicators: Labels | None = None) -> Panel:
    """A panel with a bar for each thing that can be true of a plan of the caseload."""

    def draw(report: Report, selection: Selection, _: str) -> Chart:
        whole = len(caseload(report, selection.cohort))
        known = labels(report)
        found = {key: len(_marked(report, selection, key)) for key in known}
        compared = {
            key: name
            for key, name in (indicators or {}).items()
            if not comparators.is_filtered_by(selection, key.partition("-")[0])
        }
        rows = with_england(report, overlapping(known, found, whole, selection.threshold), compared)
        unit = f"Share of the people in the caseload.{few_note(rows)}"
        if any(row.marks for row in rows):
            unit += comparators.of_everyone(selection)
        return bar_chart(title, unit, "What", rows)

    def find(report: Report, selection: Selection, _: str, key: str) -> People:
        return People(labels(report)[key], _marked(report, selection, key), extra)

    return Panel(title.lower().replace(" ", "_"), draw, find)


def _places(report: Report) -> dict[str, str]:
    if not holds(report, *RES):
        # The placements of 2023 do not say whether they are residential or work-based.
        return {key: label for key, label in PLACES.items() if not key.startswith("res")} | UNPLACED
    return _with_codes(report, PLACES, "wbp", "CS111", "Work-based learning: ") | UNPLACED


def _budgets(report: Report) -> dict[str, str]:
    return _with_codes(report, BUDGETS, "payments", "CS112", "With direct payments: ")


# -- attendance -------------------------------------------------------------------------------------------


def _draw_attendance(report: Report, selection: Selection, _: str) -> Chart:
    found = counts(caseload(report, selection.cohort), "attendance")
    labels = {key: label for key, label in ATTENDANCE.items() if key != "other" or found.get(key)}
    rows = parts(labels, found, selection.threshold)
    unit = f"Number of people, and their share of those in the caseload.{few_note(rows)} Only 2023 returns hold this."
    return bar_chart("Attendance agreed", unit, "Attendance", rows)


def _find_attendance(report: Report, selection: Selection, _: str, key: str) -> People:
    rows = having(caseload(report, selection.cohort), "attendance", [key])
    return People(f"Attendance: {ATTENDANCE[key].lower()}", rows, PLACE_COLUMNS)


# -- topics -----------------------------------------------------------------------------------------------


def _of_reviews(report: Report) -> str:
    return (
        f"People with a plan on census day that started before {report.collection.year - 1}, so that a review was due "
        "in that year. A review meeting counts whenever it was held. The family is the parent or the young person."
    )


def _of_phases(report: Report) -> str:
    return (
        f"People with a plan on census day and a phase transfer due date in {report.collection.year - 1}. The final "
        "plan is due by 15 February, or by 31 March for a move to post-16."
    )


def _of_budgets(report: Report) -> str:
    return "People with a plan on census day, by what the plan says of a personal budget."


def _of_caseload(report: Report) -> str:
    return (
        "People with a plan on census day. Of several placements that are open that day the primary one counts, then "
        "the latest."
    )


TOPICS = (
    plans_of_year.TOPIC,
    Topic(
        "reviews",
        "Annual reviews",
        _of_reviews,
        (
            Panel("reviews", _draw_reviews, _find_reviews, needs=MEETING),
            Panel("overdue", _draw_overdue, _find_overdue, needs=MEETING),
            Panel("outcomes", _draw_outcomes, _find_outcomes, needs=MEETING),
        ),
    ),
    Topic(
        "phases",
        "Phase transfers",
        _of_phases,
        (
            Panel("phases", _draw_phases, _find_phases, needs=DUE),
            Panel("dated", _draw_dated, _find_dated, needs=DUE),
        ),
    ),
    Topic(
        "placements",
        "Placements",
        _of_caseload,
        (
            _marks("Kinds of placement", _places, PLACE_COLUMNS),
            Panel("attendance", _draw_attendance, _find_attendance, needs=ATTENDED),
            by_group("residential", PLAN_DATES, needs=RES),
        ),
    ),
    Topic(
        "budgets",
        "Personal budgets",
        _of_budgets,
        (
            _marks("Kinds of personal budget", _budgets, BUDGET_COLUMNS, {"budget-yes": "personal_budgets"}),
            by_group("personal_budgets", PLAN_DATES),
        ),
    ),
    Topic(
        "out",
        "Not in education",
        _of_caseload,
        (
            _marks("What is recorded instead", lambda report: OUT, PLACE_COLUMNS),
            by_group("not_in_education", PLAN_DATES, ("age_group", "need", "sex")),
        ),
    ),
)
