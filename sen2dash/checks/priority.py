"""Decide what to correct first: group the outcomes by what their findings affect, and say why each group matters."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import get_args

from sen2dash.model import Affects, RuleOutcome

#: The groups, in the order in which to correct them.
ORDER: tuple[Affects, ...] = get_args(Affects)
LABELS: Mapping[Affects, str] = {
    "figures": "Published figures",
    "matching": "Matching of people",
    "record": "Complete records",
    "format": "Form of the file",
}
WHY: Mapping[Affects, str] = {
    "figures": "These change a published figure, or stop a record being counted.",
    "matching": "The DfE cannot be sure who the person is, or where they are, when it links other data.",
    "record": "The record is incomplete or contradicts itself, but no headline figure depends on it.",
    "format": "The values are there, but not in the form that the specification asks for.",
}
#: The most effects listed for a group: those with most findings.
MAX_EFFECTS = 2


def in_order(outcomes: Iterable[RuleOutcome]) -> list[RuleOutcome]:
    """Sort outcomes: broken rules first, then by what they affect, then those with most findings."""
    return sorted(outcomes, key=lambda o: (o.status != "broken", ORDER.index(o.rule.affects), -o.count))


def by_group(outcomes: Iterable[RuleOutcome]) -> dict[Affects, int]:
    """Return the number of findings in each group that has any, in order."""
    found = dict.fromkeys(ORDER, 0)
    for outcome in outcomes:
        found[outcome.rule.affects] += outcome.count
    return {group: count for group, count in found.items() if count}


def why(group: Affects, outcomes: Sequence[RuleOutcome]) -> str:
    """Say why a group matters, with any effects in numbers: '29 plans count as late because ...'."""
    known = [o for o in outcomes if o.rule.affects == group and o.count and o.rule.effect]
    known.sort(key=lambda outcome: -outcome.count)
    effects = "; ".join(_effect(o) for o in known[:MAX_EFFECTS])
    return f"{WHY[group]} Here {effects}." if effects else WHY[group]


def _effect(outcome: RuleOutcome) -> str:
    """Write the effect of the findings of one rule; `{n}` is their number and `{s}` the plural ending."""
    text = outcome.rule.effect or ""
    return text.format(n=f"{outcome.count:,}", s="" if outcome.count == 1 else "s")
