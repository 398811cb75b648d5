"""Assessments within 16 weeks: all of them, and the decisions not to issue, which are all that the DfE publishes.

Both count assessments completed in the collection year whose request has a date received, so that the two kinds of
decision add up to all of them. Draws on no page.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import pyarrow as pa

from sen2dash.analysis.panels import Panel, People, Topic, flagged, having, rows_of, with_england
from sen2dash.charts.bars import Bar, bar_chart
from sen2dash.charts.pieces import Chart
from sen2dash.checks.catalogue import list_sql
from sen2dash.checks.report import Report
from sen2dash.indicators.figures import Selection, Value
from sen2dash.indicators.suppression import is_empty, round_rate
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


class Kind(NamedTuple):
    """One bar: its name, and the outcomes of the assessments in it."""

    label: str
    outcomes: tuple[str, ...]


KINDS: Mapping[str, Kind] = {
    "all": Kind("All assessments", ("Y", "N")),
    "issue": Kind("Decisions to issue a plan", ("Y",)),
    "not_issue": Kind("Decisions not to issue (the DfE's figure)", ("N",)),
}


class Timed(NamedTuple):
    """The assessments of one bar, and the share of them within 16 weeks as it is shown."""

    rows: pa.Table
    value: Value


def completed(report: Report, cohort: Cohort) -> pa.Table:
    """Every assessment completed in the year, and whether its decision came within 16 weeks; the late ones first."""
    return rows_of(report, "assessed_in_time", list_sql("assessed_in_time"), cohort)


def timed(report: Report, selection: Selection) -> dict[str, Timed]:
    """The bars of KINDS. Assessments whose request has no date received are left out."""
    dated = flagged(completed(report, selection.cohort), "is_timed")
    made = {}
    for key, kind in KINDS.items():
        rows = having(dated, "assessment_outcome", kind.outcomes)
        share = round_rate(len(flagged(rows, "is_within")), len(rows), selection.threshold)
        made[key] = Timed(rows, Value(*share))
    return made


def sentence(report: Report, selection: Selection) -> str:
    """All assessments in a sentence, to stand beside the indicator."""
    value = timed(report, selection)["all"].value
    return (
        f"This is the DfE's figure, of decisions not to issue alone. Of all assessments with a decision, {value.text} "
        "were decided within 16 weeks."
    )


def _draw(report: Report, selection: Selection, _: str) -> Chart:
    found = timed(report, selection)
    rows = [
        Bar(key, KINDS[key].label, each.value.drawn, each.value.text)
        for key, each in found.items()
        if not is_empty(len(each.rows), selection.threshold)
    ]
    n_undated = len(completed(report, selection.cohort)) - len(found["all"].rows)
    unit = (
        "Share of the assessments completed in the year whose decision came at most 112 days after the request was "
        "received. The DfE publishes it for decisions not to issue alone."
    )
    if n_undated and not selection.is_sharing:
        unit += f" Left out because the request has no date received: {n_undated:,}."
    return bar_chart(TITLE, unit, "Decision", with_england(report, rows, {"not_issue": INDICATOR}))


def _find(report: Report, selection: Selection, _: str, key: str) -> People:
    return People(f"Assessments: {KINDS[key].label.lower()}", timed(report, selection)[key].rows, COLUMNS)


def _lead(report: Report) -> str:
    return f"Assessments with a decision, to issue a plan or not, made in {report.collection.year - 1}."


TOPIC = Topic("assessed", TITLE, _lead, (Panel("within_16_weeks", _draw, _find),))
