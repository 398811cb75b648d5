"""The topics of plans: those of the year, reviews, phase transfers, placements, budgets and no education.

Reviews and phase transfers have modules of their own. Except for the plans of the year, this counts the people with a
plan active on census day, one plan each, as the indicators do. Draws on no page.
"""

from __future__ import annotations

from collections.abc import Callable

import pyarrow as pa

from sen2dash.analysis import comparators, phase_transfers, plans_of_year, reviews
from sen2dash.analysis.panels import (
    PLAN_DATES,
    Labels,
    Panel,
    People,
    Topic,
    by_group,
    counts,
    is_in_layout,
    overlapping,
    parts,
    rows_in_categories,
    rows_where_true,
    with_england,
)
from sen2dash.analysis.plans_of_caseload import caseload
from sen2dash.analysis.timeliness import few_note
from sen2dash.charts.bars import bar_chart
from sen2dash.charts.pieces import Chart
from sen2dash.checks.report import Report
from sen2dash.indicators.figures import Selection

PLACE_COLUMNS = {
    "Plan started": "start_date",
    "Placed": "entry_date",
    "URN": "urn",
    "UKPRN": "ukprn",
    "Setting": "sen_setting",
}
BUDGET_COLUMNS = {"Plan started": "start_date", "Direct payments": "payments"}
#: The items without which there is nothing to draw.
RES = ("placementdetail", "RES")
ATTENDED = ("placementdetail", "AttendancePattern")
ATTENDANCE = {"FT": "Full time", "PT": "Part time", "other": "Another answer", "none": "Not recorded"}
#: Bars that count a code (column and code), or a yes (column alone).
PLACES = {
    "res-A": "Residential, 38 to 51 weeks",
    "res-B": "Residential, 52 weeks",
    "in_unit": "SEN unit",
    "in_resourced": "Resourced provision",
}
UNPLACED = {"is_unplaced": "No placement open on census day"}
BUDGETS = {"budget-yes": "Personal budget taken up", "has_arrangements": "With organised arrangements"}
NOT_IN_EDUCATION = {
    "not_in_education-NEET": "Not in education, employment or training",
    "not_in_education-NIEC": "Notice to cease issued",
    "not_in_education-NIEO": "Not in education or training: other",
}


# -- what is true of a placement or a plan ------------------------------------------------------------------


def _with_codes(report: Report, labels: Labels, column: str, code_set: str, words: str) -> dict[str, str]:
    """The labels, followed by one for each code of a set."""
    codes = report.store.rows("select code, label from code where code_set = $code_set", {"code_set": code_set})
    return {**labels, **{f"{column}-{row['code']}": f"{words}{row['label'].lower()}" for row in codes}}


def _marked(report: Report, selection: Selection, key: str) -> pa.Table:
    """The caseload plans of a bar."""
    column, _, code = key.partition("-")
    found = caseload(report, selection.cohort)
    return rows_in_categories(found, column, [code]) if code else rows_where_true(found, column)


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
    if not is_in_layout(report, *RES):
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
    unit = (
        f"Number of people, and their share of those in the caseload.{few_note(rows)} Only 2023 returns include this."
    )
    return bar_chart("Attendance agreed", unit, "Attendance", rows)


def _find_attendance(report: Report, selection: Selection, _: str, key: str) -> People:
    rows = rows_in_categories(caseload(report, selection.cohort), "attendance", [key])
    return People(f"Attendance: {ATTENDANCE[key].lower()}", rows, PLACE_COLUMNS)


# -- topics -----------------------------------------------------------------------------------------------


def _of_budgets(report: Report) -> str:
    return "People with a plan on census day, by what the plan says of a personal budget."


def _of_caseload(report: Report) -> str:
    return (
        "People with a plan on census day. Of several placements that are open that day the primary one counts, then "
        "the latest."
    )


TOPICS = (
    plans_of_year.TOPIC,
    reviews.TOPIC,
    phase_transfers.TOPIC,
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
            _marks("What is recorded instead", lambda report: NOT_IN_EDUCATION, PLACE_COLUMNS),
            by_group("not_in_education", PLAN_DATES, ("age_group", "need", "sex")),
        ),
    ),
)
