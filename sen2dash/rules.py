"""Run the rules: each ends as clear, found, not_run (with the reason) or broken (with the reason), never silently."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

from sen2dash.model import Rule, RuleOutcome, Status
from sen2dash.store import Store

NEEDS_REGISTER = (
    "It needs an establishment register: add the 'all establishment data' CSV from Get Information about Schools."
)
NEEDS_EARLIER = "It needs an earlier return of this authority: add one to compare with."


def why_not(rule: Rule, store: Store) -> str | None:
    """Why a rule cannot be run on what the store holds; None where it can."""
    if rule.needs == "establishments" and not store.has_establishments:
        return NEEDS_REGISTER
    if rule.needs in ("earlier_return", "last_year"):
        if not store.has_previous:
            return NEEDS_EARLIER
        if rule.needs == "last_year":
            return _why_not_last_year(store)
    return None


def _why_not_last_year(store: Store) -> str | None:
    assert store.collection is not None
    year = store.value("select year from previous.file")
    if year != store.collection.year - 1:
        return f"It needs last year's return: the earlier return is for {year}, not {store.collection.year - 1}."
    lea = store.value("select lea from previous.header")
    if lea is None or lea != store.collection.lea:
        return "It needs last year's return of the same authority: the two returns do not name the same one."
    return None


def run(
    store: Store, rules: Sequence[Rule], progress: Callable[[int, int, Rule], None] = lambda done, total, rule: None
) -> tuple[RuleOutcome, ...]:
    """Run every rule that applies to the collection year and keep the findings in the store.

    Returns one outcome a rule, in the order given. progress: called after each with done, total and the rule.
    """
    assert store.collection is not None
    year = store.collection.year
    chosen = [rule for rule in rules if rule.applies_in(year)]
    raw: list[tuple[Rule, Status, str | None, float]] = []
    for place, rule in enumerate(chosen, start=1):
        began = time.perf_counter()
        status, reason = _run_one(store, rule)
        raw.append((rule, status, reason, time.perf_counter() - began))
        progress(place, len(chosen), rule)
    counts = store.finding_counts()
    outcomes = []
    for rule, status, reason, seconds in raw:
        count, people = counts.get(rule.id, (0, 0))
        if status == "clear" and count:
            status = "found"
        outcomes.append(
            RuleOutcome(
                rule=rule,
                severity=rule.severity_in(year),
                status=status,
                count=count,
                people=people,
                reason=reason,
                seconds=seconds,
            )
        )
    return tuple(outcomes)


def _run_one(store: Store, rule: Rule) -> tuple[Status, str | None]:
    reason = why_not(rule, store)
    if reason is not None:
        return "not_run", reason
    try:
        store.add_findings(rule.id, rule.sql)
    except RuntimeError as error:
        return "broken", str(error)
    return "clear", None
