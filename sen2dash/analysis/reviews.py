"""Annual reviews of the plans in the caseload: what is overdue, and what was decided. Draws on no page."""

from __future__ import annotations

import pyarrow as pa

from sen2dash import spec
from sen2dash.analysis.panels import (
    Panel,
    People,
    Stage,
    Topic,
    bars_alt_text,
    counts,
    labels_of,
    overlapping,
    parts,
    reached,
    rows_in_categories,
    rows_where_true,
    steps,
)
from sen2dash.analysis.plans_of_caseload import caseload
from sen2dash.analysis.timeliness import few_note
from sen2dash.charts.bars import bar_chart
from sen2dash.charts.pieces import Chart
from sen2dash.checks.report import Report
from sen2dash.indicators.figures import Figures, Selection
from sen2dash.model import Cohort

REVIEW_COLUMNS = {
    "Plan started": "start_date",
    "Review meeting": "review_meeting",
    "Outcome": "review_outcome",
    "Family told": "last_review",
}
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
OUTCOMES = {**{code: spec.code_label("CS121", code) for code in "MAC"}, "none": "Not recorded"}
#: The indicator of outcomes told within 4 weeks.
TOLD = "review_decisions_within_4_weeks"
#: The item without which there is nothing to draw.
MEETING = ("activeplans", "ReviewMeeting")


def expected(report: Report, cohort: Cohort) -> pa.Table:
    """The caseload plans for which an annual review was expected."""
    found = caseload(report, cohort)
    return found.filter(found["review"].is_valid())


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
        f"The headline figure for families told within 4 weeks is {value.text}. It counts only people with both "
        "dates: the review meeting, and the day on which the family was told."
    )


def _find_reviews(report: Report, selection: Selection, _: str, key: str) -> People:
    rows = rows_in_categories(expected(report, selection.cohort), "review", reached(REVIEWS, key))
    return People(labels_of(REVIEWS)[key], rows, REVIEW_COLUMNS)


def _overdue(report: Report, selection: Selection, key: str) -> pa.Table:
    found = expected(report, selection.cohort)
    return rows_where_true(found, "is_overdue") if key == "overdue" else rows_in_categories(found, "review", [key])


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
        f"Review outcome: {OUTCOMES[key]}",
        rows_in_categories(_held(report, selection), "outcome", [key]),
        REVIEW_COLUMNS,
    )


def _of_reviews(report: Report) -> str:
    return (
        f"People with a plan on census day that started before {report.collection.year - 1}, so that a review was due "
        "in that year. A review meeting counts whenever it was held. The family is the parent or the young person."
    )


TOPIC = Topic(
    "reviews",
    "Annual reviews",
    _of_reviews,
    (
        Panel("reviews", _draw_reviews, _find_reviews, needs=MEETING),
        Panel("overdue", _draw_overdue, _find_overdue, needs=MEETING),
        Panel("outcomes", _draw_outcomes, _find_outcomes, needs=MEETING),
    ),
)
