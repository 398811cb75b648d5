"""The plans of the year as a bridge: open when the year began, started, ceased, open on census day. Draws on no page.

Every plan of the return is in exactly one part of each side: how it came to be open, and how it ended (the view
plan_movement). So the parts add up, and what cannot be placed, such as a plan without a start date, has a bar of its
own. The last bar is the indicator "Plans on census day", which counts one plan for each person.
"""

from __future__ import annotations

from typing import NamedTuple

import pyarrow as pa

from sen2dash.analysis import residents
from sen2dash.analysis.panels import Panel, People, Topic, counts, rows_in_categories, rows_of
from sen2dash.charts.bridge import BridgeStep, Kind, bridge
from sen2dash.charts.pieces import Chart
from sen2dash.checks.catalogue import list_sql
from sen2dash.checks.report import Report
from sen2dash.indicators.figures import Selection, count_text
from sen2dash.indicators.suppression import Hidden, is_empty
from sen2dash.model import Cohort

COLUMNS = {"Plan started": "start_date", "Plan ceased": "cease_date", "Reason": "reason"}
TITLE = "EHC plans of the year"


class Movement(NamedTuple):
    """One bar of the bridge. is_way_in: whether it is about how plans came to be open. is_rare: left out if empty."""

    label: str
    kind: Kind
    is_way_in: bool
    is_rare: bool = False


#: The bars from top to bottom, by the category of the view. {year}: the collection year.
MOVEMENTS = {
    "before": Movement("Open when {year} began", "total", True),
    "new": Movement("New plans in {year}", "in", True),
    "transferred_in": Movement("Transferred in in {year}", "in", True),
    "historical": Movement("Started in {year}, decided before it", "in", True, is_rare=True),
    "started_january": Movement("Started since, by census day", "in", True),
    "transferred_out": Movement("Transferred to another authority in {year}", "out", False),
    "ceased": Movement("Ceased for another reason in {year}", "out", False),
    "ceased_january": Movement("Ceased since, by census day", "out", False),
    "bad_cease": Movement("Cease date not readable, or before the start", "out", False, is_rare=True),
    "second": Movement("Second active plan of one person", "out", False, is_rare=True),
    "open": Movement("Open on census day", "total", False),
    "no_start": Movement("Not counted: no start date", "aside", True, is_rare=True),
    "no_cease": Movement("Not counted: cease date not readable", "aside", True, is_rare=True),
    "earlier": Movement("Not counted: ceased before {year}", "aside", True, is_rare=True),
    "later": Movement("Not counted: starts after census day", "aside", True, is_rare=True),
}
#: The bars whose plans were active at some point in the year, as the further indicator plans_in_year counts them.
IN_YEAR = ("before", "new", "transferred_in", "historical")


def plans(report: Report, cohort: Cohort) -> pa.Table:
    """Every plan of a cohort: how it came to be open (came), how it ended (went), its dates and its person."""
    return rows_of(report, "plans_of_year", list_sql("plans_of_year"), cohort)


def numbers(report: Report, cohort: Cohort) -> dict[str, int]:
    """The number of plans in each bar of MOVEMENTS."""
    found = plans(report, cohort)
    counted = {**counts(found, "came"), **counts(found, "went")}
    return {key: counted.get(key, 0) for key in MOVEMENTS}


def label(report: Report, key: str) -> str:
    """The name of a bar, with the collection year."""
    return MOVEMENTS[key].label.format(year=report.collection.year - 1)


def draw(report: Report, selection: Selection, _: str = "") -> Chart:
    """The bridge. Bars of things that are rare are left out if they are empty or, for sharing, hidden."""
    found, year = numbers(report, selection.cohort), report.collection.year - 1
    steps = []
    for key, each in MOVEMENTS.items():
        if each.is_rare and is_empty(found[key], selection.threshold):
            continue
        count = selection.count(found[key])
        value = None if isinstance(count, Hidden) else count
        steps.append(
            BridgeStep(
                key,
                label(report, key),
                each.kind,
                value,
                count_text(count),
                _rate_text(residents.per_10_000(report, count)),
            )
        )
    if all(is_empty(number, selection.threshold) for number in found.values()):
        steps = []
    total = selection.count(sum(found[key] for key in IN_YEAR))
    rate = _rate_text(residents.per_10_000(report, total))
    words = (
        f"Active at any point in {year} (EHCP total): {count_text(total)}{f' ({rate})' if rate else ''}. "
        f"{residents.note(report)}"
    )
    return bridge(TITLE, words, ("Step", "Plans", "Rate"), steps)


def _rate_text(rate: float | None) -> str:
    return "" if rate is None else f"{rate:,.1f} per 10,000"


def find(report: Report, selection: Selection, _: str, key: str) -> People:
    """The plans of a bar."""
    rows = rows_in_categories(plans(report, selection.cohort), "came" if MOVEMENTS[key].is_way_in else "went", [key])
    return People(f"{TITLE}: {label(report, key).lower()}", rows, COLUMNS)


def _lead(report: Report) -> str:
    year = report.collection.year - 1
    return f"From plans open at the start of {year} to those on census day, one for each person."


TOPIC = Topic("plans", "Plans of the year", _lead, (Panel("plans", draw, find),))
