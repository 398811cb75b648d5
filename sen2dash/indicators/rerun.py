"""Change how a checked report counts 20 weeks: rerun what depends on it, and nothing else.

The rules and indicators to rerun are found from their SQL and the views that it reads. The file is not read again.
Draws nothing.
"""

from __future__ import annotations

from collections.abc import Iterable

from sen2dash.checks import catalogue
from sen2dash.checks.report import Report
from sen2dash.config import Settings
from sen2dash.indicators import run
from sen2dash.indicators.figures import INDICATORS
from sen2dash.model import Indicator, Rule
from sen2dash.store import lineage
from sen2dash.store.views import changing_views

#: The settings that can be changed, with the names of the parameters that the SQL binds.
CHANGEABLE = frozenset({"twenty_weeks_days", "include_challenged"})


def dependent(sql: str, parameters: Iterable[str]) -> bool:
    """Whether a statement binds one of these parameters, or reads a view that does, directly or through others."""
    names = frozenset(parameters)
    if names & lineage.binds(sql):
        return True
    views = {name for name, _ in changing_views(names)}
    # No view depends on these settings now, so most statements need no look-up of the views that they read.
    return bool(views and views & lineage.reads(sql))


def dependents(parameters: Iterable[str]) -> tuple[tuple[Rule, ...], tuple[Indicator, ...]]:
    """The rules and indicators of the catalogue that depend on one of these parameters."""
    names = frozenset(parameters)
    return (
        tuple(rule for rule in catalogue.rules() if dependent(rule.sql, names)),
        tuple(each for each in catalogue.indicators() if dependent(each.sql, names)),
    )


def change(report: Report, settings: Settings) -> None:
    """Change settings in CHANGEABLE on a report, as if it had been checked with them.

    Errors: ValueError if another setting differs; RuntimeError if something could not be run or memory runs out. The
    report is then unchanged.
    """
    old = report.store.settings
    differing = {name for name in Settings.model_fields if getattr(settings, name) != getattr(old, name)}
    if not differing <= CHANGEABLE:
        raise ValueError(f"not to be changed in a report: {', '.join(sorted(differing - CHANGEABLE))}")
    if differing:
        with report.cache.changing():
            _change(report, settings, differing)


def _change(report: Report, settings: Settings, differing: set[str]) -> None:
    skipped = ("not_run", "not_applicable")
    rules = [o.rule for o in report.outcomes if o.status not in skipped and dependent(o.rule.sql, differing)]
    indicators = dependents(differing)[1] if report.store.has_indicators else ()
    report.store.use_settings(settings, rules, indicators)
    counts = report.store.finding_counts()
    again = {rule.id: counts.get(rule.id, (0, 0)) for rule in rules}
    report.outcomes = tuple(
        outcome.model_copy(
            update={
                "status": "found" if again[outcome.rule.id][0] else "clear",
                "count": again[outcome.rule.id][0],
                "people": again[outcome.rule.id][1],
                "reason": None,
            }
        )
        if outcome.rule.id in again
        else outcome
        for outcome in report.outcomes
    )
    _renew_cache(report, frozenset(each.id for each in indicators))


def _renew_cache(report: Report, indicator_ids: frozenset[str]) -> None:
    """Keep only the results of every indicator, recounting those that were rerun, and drop everything else.

    Their members are in the store, so that everything else can be read again quickly.
    """
    before = report.cache.peek(INDICATORS)
    report.cache.clear()
    if before is not None:
        counted = {each.indicator.id: each for each in run.results(report.store)}
        report.cache.put(
            INDICATORS,
            tuple(counted[each.indicator.id] if each.indicator.id in indicator_ids else each for each in before),
        )
