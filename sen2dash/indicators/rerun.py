"""Another reading of 20 weeks for a report that is there: what depends on it is run again, and nothing else.

Which rules and measures those are is asked of their statements and of the views that they read. The file is not read
again. Draws nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sen2dash.checks import catalogue
from sen2dash.checks.report import Report
from sen2dash.config import Settings
from sen2dash.indicators import run as indicators
from sen2dash.model import Indicator, Rule
from sen2dash.store import lineage
from sen2dash.store.views import changing_views

#: The settings that can be changed, under the names of the parameters that statements bind.
CHANGEABLE = frozenset({"twenty_weeks_days", "include_challenged"})
#: What a report keeps of one measure or one rule: the second part of the key is its id.
OF_AN_INDICATOR = frozenset({"breakdown", "people", "decided", "children"})
OF_A_RULE = frozenset({"findings_page"})
#: What a report keeps that only the views say.
OF_VIEWS = frozenset({"cohort_size", "count_people", "rows", "ways"})


def dependent(sql: str, parameters: Iterable[str]) -> bool:
    """Whether a statement binds one of these parameters, or reads a view that does, directly or through others."""
    names = frozenset(parameters)
    if names & lineage.binds(sql):
        return True
    views = {name for name, _ in changing_views(names)}
    # Most statements are not asked what they read: no view depends on these settings now.
    return bool(views and views & lineage.reads(sql))


def dependents(parameters: Iterable[str]) -> tuple[tuple[Rule, ...], tuple[Indicator, ...]]:
    """The rules and the measures of the catalogue that depend on one of these parameters."""
    names = frozenset(parameters)
    return (
        tuple(rule for rule in catalogue.rules() if dependent(rule.sql, names)),
        tuple(each for each in catalogue.indicators() if dependent(each.sql, names)),
    )


def change(report: Report, settings: Settings) -> None:
    """Bring a report to other settings of CHANGEABLE, as if it had been checked with them.

    Errors: ValueError where another setting differs; RuntimeError where something could not be run or the memory is
    used up. The report is then as it was.
    """
    old = report.store.settings
    differing = {name for name in Settings.model_fields if getattr(settings, name) != getattr(old, name)}
    if not differing <= CHANGEABLE:
        raise ValueError(f"not to be changed in a report: {', '.join(sorted(differing - CHANGEABLE))}")
    if not differing:
        return
    chosen = [o.rule for o in report.outcomes if o.status != "not_run" and dependent(o.rule.sql, differing)]
    measures = dependents(differing)[1] if report.store.has_measures else ()
    report.store.use_settings(settings, chosen, measures)
    counts = report.store.finding_counts()
    again = {rule.id: counts.get(rule.id, (0, 0)) for rule in chosen}
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
    _renew_cache(report, differing, frozenset(again), frozenset(each.id for each in measures))


def _renew_cache(report: Report, changed: set[str], rules: frozenset[str], measures: frozenset[str]) -> None:
    """Drop what may depend on what was run again. What nobody has named above is dropped."""
    views_stay = not changing_views(frozenset(changed))
    severities = {outcome.severity for outcome in report.outcomes if outcome.rule.id in rules}

    def stays(key: tuple[Any, ...]) -> bool:
        kind = key[0]
        return (
            (kind in OF_AN_INDICATOR and views_stay and key[1] not in measures)
            or (kind in OF_A_RULE and key[1] not in rules)
            or (kind in OF_VIEWS and views_stay)
            or (kind == "n_people" and key[1] not in severities)
        )

    of = report.cache.get(("measures",))
    report.cache = {key: value for key, value in tuple(report.cache.items()) if stays(key)}
    if of is not None:
        counted = {each.indicator.id: each for each in indicators.results(report.store)}
        report.cache["measures",] = tuple(
            counted[each.indicator.id] if each.indicator.id in measures else each for each in of
        )
