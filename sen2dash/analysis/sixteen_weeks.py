"""Assessments within 16 weeks: all of them, and the decisions not to issue, which are all that the DfE publishes.

Both count assessments completed in the collection year whose request has a date received, so that the two kinds of
decision add up to all of them. Draws on no page.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from sen2dash.analysis import comparators
from sen2dash.analysis.panels import (
    Panel,
    People,
    Topic,
    published_beside,
    rows_in_categories,
    rows_of,
    rows_where_true,
    stacked,
)
from sen2dash.charts.pieces import Chart
from sen2dash.checks import catalogue
from sen2dash.checks.catalogue import list_sql
from sen2dash.checks.report import Report
from sen2dash.indicators.figures import Selection, Value
from sen2dash.indicators.suppression import round_rate
from sen2dash.model import Cohort

TITLE = "Assessments within 16 weeks"
#: The indicator that the last bar is.
INDICATOR = "decisions_not_to_issue_within_16_weeks"
COLUMNS = {
    "Weeks": "weeks",
    "Days": "days",
    "Received": "received_date",
    "Outcome": "assessment_outcome",
    "Decided": "decision_date",
}


class DecisionKind(NamedTuple):
    """One bar: its name, and the outcomes of the assessments in it."""

    label: str
    outcomes: tuple[str, ...]


KINDS: Mapping[str, DecisionKind] = {
    "all": DecisionKind("All assessments", ("Y", "N")),
    "issue": DecisionKind("Decisions to issue a plan", ("Y",)),
    "not_issue": DecisionKind("Decisions not to issue (the DfE's figure)", ("N",)),
}


TIMES = {"within": "Within 16 weeks", "later": "Later"}


class DecisionTimes(NamedTuple):
    """The assessments of one bar, and the share of them within 16 weeks as it is shown."""

    rows: pa.Table
    value: Value


def completed(report: Report, cohort: Cohort) -> pa.Table:
    """Every assessment completed in the year, and whether its decision came within 16 weeks; the late ones first."""
    return rows_of(report, "assessed_in_time", list_sql("assessed_in_time"), cohort)


def timed(report: Report, selection: Selection) -> dict[str, DecisionTimes]:
    """The bars of KINDS. Assessments whose request has no date received are left out."""
    dated = rows_where_true(completed(report, selection.cohort), "is_timed")
    made = {}
    for key, kind in KINDS.items():
        rows = rows_in_categories(dated, "assessment_outcome", kind.outcomes)
        share = round_rate(len(rows_where_true(rows, "is_within")), len(rows), selection.threshold)
        made[key] = DecisionTimes(rows, Value(*share))
    return made


def sentence(report: Report, selection: Selection) -> str:
    """A sentence on all assessments, shown with the indicator."""
    value = timed(report, selection)["all"].value
    return (
        "This is the DfE's figure, of decisions not to issue alone. Of all assessments with a decision and a date "
        f"received, {value.text} were decided within 16 weeks."
    )


def _by_time(rows: pa.Table) -> dict[str, pa.Table]:
    """The rows within 16 weeks, and the others."""
    return {"within": rows_where_true(rows, "is_within"), "later": rows.filter(pc.invert(rows["is_within"]))}


def _draw(report: Report, selection: Selection, _: str) -> Chart:
    found = timed(report, selection)
    table = {key: {part: len(rows) for part, rows in _by_time(each.rows).items()} for key, each in found.items()}
    n_undated = len(completed(report, selection.cohort)) - len(found["all"].rows)
    unit = (
        "Share of the assessments completed in the year whose decision came at most 112 days after the request was "
        "received. In brackets: their number. The DfE publishes it for decisions not to issue alone."
        f"{_england(report, selection)}"
    )
    if n_undated and not selection.is_sharing:
        unit += f" Left out because the request has no date received: {n_undated:,}."
    labels = {key: kind.label for key, kind in KINDS.items()}
    return stacked((TITLE, unit, "Decision"), labels, TIMES, table, selection.threshold)


def _england(report: Report, selection: Selection) -> str:
    """The published shares in words, or empty."""
    found = published_beside(report, catalogue.indicator(INDICATOR).published_as or "")
    sentences = [f"{each.area.name}, {each.period}: {each.percent:.1f}%" for each in found if each.percent is not None]
    return f" Published: {'; '.join(sentences)}.{comparators.of_everyone(selection)}" if sentences else ""


def _find(report: Report, selection: Selection, _: str, key: str) -> People:
    kind, _, part = key.partition("/")
    rows, title = timed(report, selection)[kind].rows, f"Assessments: {KINDS[kind].label.lower()}"
    return (
        People(f"{title}; {TIMES[part].lower()}", _by_time(rows)[part], COLUMNS)
        if part
        else People(title, rows, COLUMNS)
    )


def _lead(report: Report) -> str:
    return f"Assessments with a decision, to issue a plan or not, made in {report.collection.year - 1}."


TOPIC = Topic("assessed", TITLE, _lead, (Panel("within_16_weeks", _draw, _find),))
