"""Phase transfers of the people in the caseload: their deadlines, and those of each year. Draws on no page."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from sen2dash.analysis import comparators
from sen2dash.analysis.panels import (
    Panel,
    People,
    Topic,
    about_published,
    counts,
    overlapping,
    published_beside,
    published_marks,
    rows_in_categories,
    stacked,
)
from sen2dash.analysis.plans_of_caseload import caseload
from sen2dash.analysis.timeliness import few_note
from sen2dash.charts.bars import bar_chart
from sen2dash.charts.pieces import Chart
from sen2dash.checks.report import Report
from sen2dash.indicators.figures import Selection

PHASE_COLUMNS = {
    "Plan started": "start_date",
    "Due": "phase_transfer_due_date",
    "Final plan": "phase_transfer_final_date",
}
DEADLINES = {"february": "15 February", "march": "31 March", "other": "Another date"}
FINALS = {
    "on_time": "Final plan by the deadline",
    "late": "Final plan after the deadline",
    "none": "No final plan recorded",
}
#: The item without which there is nothing to draw.
DUE = ("activeplans", "PhaseTransferDueDate")
#: Phase transfers as published: the date that counts, and its year relative to the collection year.
PHASE_DATES = {
    "due_in_year": ("Due in", "phase_transfer_due_date", 0),
    "due_next_year": ("Due in", "phase_transfer_due_date", 1),
    "final_in_year": ("Final plan dated", "phase_transfer_final_date", 0),
    "final_next_year": ("Final plan dated", "phase_transfer_final_date", 1),
}


def _due(report: Report, selection: Selection, key: str) -> pa.Table:
    return rows_in_categories(caseload(report, selection.cohort), "phase", [key])


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
    return People(f"{title}; {FINALS[final].lower()}", rows_in_categories(rows, "phase_final", [final]), PHASE_COLUMNS)


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


def _of_phases(report: Report) -> str:
    return (
        f"People with a plan on census day and a phase transfer due date in {report.collection.year - 1}. The final "
        "plan is due by 15 February, or by 31 March for a move to post-16."
    )


TOPIC = Topic(
    "phases",
    "Phase transfers",
    _of_phases,
    (
        Panel("phases", _draw_phases, _find_phases, needs=DUE),
        Panel("dated", _draw_dated, _find_dated, needs=DUE),
    ),
)
