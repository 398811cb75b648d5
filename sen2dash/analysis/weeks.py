"""The average number of weeks taken to issue a plan, next to the published mean.

Reads the members of the two 20-week indicators, so that the mean covers the same plans as their rates. Draws nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from sen2dash.checks.cache import Key
from sen2dash.checks.catalogue import list_sql
from sen2dash.checks.report import Report
from sen2dash.indicators.figures import HIDDEN_TEXT, NO_CASES, Figures, Selection
from sen2dash.indicators.filters import parameters
from sen2dash.indicators.suppression import HIDDEN, Hidden, is_empty
from sen2dash.model import Cohort
from sen2dash.reference import published

TITLE = "Mean weeks to issue a plan"
#: The heading of the column and the published series, by the indicator whose members are counted.
MEANS: Mapping[str, tuple[str, str]] = {
    "plans_within_20_weeks": ("Without exceptions", "weeks_to_issue/excluding_exceptions"),
    "plans_within_20_weeks_all": ("Exceptions included", "weeks_to_issue/including_exceptions"),
}


class Mean(NamedTuple):
    """The mean weeks for the plans of one indicator.

    n_timed: plans with a known time; weeks: None if there are none.
    """

    n_plans: int
    n_timed: int
    weeks: float | None


class MeansTable(NamedTuple):
    """The means of this return and the published ones: one row each, one column per indicator."""

    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    notes: tuple[str, ...]


def means(report: Report, cohort: Cohort) -> Mapping[str, Mean]:
    """The mean of each indicator for a cohort."""
    bound = {"indicator_ids": list(MEANS), **parameters(cohort)}
    rows = Figures(report).cached(
        Key("mean_weeks", cohort=cohort), lambda: report.store.rows(list_sql("weeks_to_plan"), bound)
    )
    found = {row["indicator_id"]: Mean(row["n_plans"], row["n_timed"], row["weeks"]) for row in rows}
    return {name: found.get(name, Mean(0, 0, None)) for name in MEANS}


def table(report: Report, selection: Selection) -> MeansTable:
    """This return, then England, the region and the authority, each with the period of its figure."""
    found = means(report, selection.cohort)
    own = tuple(_text(selection, name, found) for name in MEANS)
    beside = _published(report)
    rows = [(f"This return, {report.collection.year - 1}", *own)]
    rows += [(label, *(texts.get(name, "") for name in MEANS)) for label, texts in beside.items()]
    headings = ("Plans issued in the year", *(heading for heading, _ in MEANS.values()))
    return MeansTable(headings, tuple(rows), _notes(report, selection, found, bool(beside)))


def _text(selection: Selection, name: str, found: Mapping[str, Mean]) -> str:
    """The mean of an indicator in weeks as text."""
    mean = shown(selection, name, found)
    if isinstance(mean, Hidden):
        return HIDDEN_TEXT
    return NO_CASES if mean is None else f"{mean:.1f}"


def shown(selection: Selection, name: str, found: Mapping[str, Mean]) -> float | Hidden | None:
    """The mean of an indicator in weeks. found: the result of `means`.

    For sharing it is hidden if few plans are behind it, or behind its difference from the other mean.
    """
    mean = found[name]
    behind = [mean.n_plans, mean.n_timed]
    if name != next(iter(MEANS)):
        # The difference between the two means would give the time taken for the few plans with an exception.
        behind.append(mean.n_timed - found[next(iter(MEANS))].n_timed)
    if selection.is_sharing and any(is_empty(each, selection.threshold) for each in behind):
        return HIDDEN
    return mean.weeks


def _published(report: Report) -> dict[str, dict[str, str]]:
    """The newest published mean of each indicator by area and period: 'England, 2025'."""
    found: dict[str, dict[str, str]] = {}
    for area in published.areas(report.collection.lea):
        for name, (_, series) in MEANS.items():
            figure = published.newest_of(series, area, report.collection.year, report.published)
            if figure is not None:
                text = "not available" if figure.number is None else f"{figure.number:.1f}"
                found.setdefault(f"{area.name}, {figure.period}", {})[name] = text
    return found


def _notes(report: Report, selection: Selection, found: Mapping[str, Mean], is_compared: bool) -> tuple[str, ...]:
    """How the mean is worked out, what to know before comparing, and where the published means come from."""
    sentences = ["The mean is of the plans in the 20-week figures whose date received is not after the plan."]
    left_out = max(mean.n_plans - mean.n_timed for mean in found.values())
    if left_out and not selection.is_sharing:
        sentences.append(f"Left out because they have no such date: {left_out:,}.")
    if not is_compared:
        return (*sentences, "No mean was published up to the year of this return.")
    sources = []
    for area in published.areas(report.collection.lea):
        for _, series in MEANS.values():
            figure = published.newest_of(series, area, report.collection.year, report.published)
            if figure is not None:
                sentences += [*figure.caveats, *(f"{area.name}, {figure.period}: {note}" for note in figure.notes)]
                sources.append(f"Source: {figure.source}.")
    return tuple(dict.fromkeys([*sentences, *sources]))
