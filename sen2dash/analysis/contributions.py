"""Which groups explain the gap between a share of this return and England's: worked out, not guessed.

The yardstick is England's newest published share or, if there is none, the share of everyone shown. For each group of
one characteristic,

    contribution = (the group's share of the cases) x (the group's rate - the yardstick)

which, times the number of cases, is how many more cases of the group are late (or refused) than if it had the rate of
the yardstick. The contributions of all groups of a characteristic add up to the whole gap. The groups that explain most
of it are those with the largest contribution in the direction of the gap.

For sharing, everything is worked out from counts as they are shown. A group with a hidden count, or whose difference
would be hidden, or that would have more of the outcome than everyone shown, is left out, so the groups named may not
add up to the gap. Draws nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from sen2dash.checks.report import Report
from sen2dash.indicators import figures
from sen2dash.indicators.figures import Figures, Selection, Value, count_text
from sen2dash.indicators.suppression import HIDDEN, Hidden, Shown, smallest_shown
from sen2dash.reference import published

#: Characteristics whose groups can explain a gap. Each person has one category of each.
GROUPS = ("need", "age_group", "place_group", "source", "sex", "ethnic_group")
MAX_GROUPS = 3
OVERALL = "the rate of everyone shown"


class Outcome(NamedTuple):
    """What a gap is counted in: the cases of a share that it counts, or those that it does not.

    word: what such a case is. is_rest: the share counts the others. by: the characteristics that can explain it.
    """

    word: str
    is_rest: bool
    by: tuple[str, ...] = GROUPS


#: The outcome of each share that can be explained, by the indicator.
OUTCOMES: Mapping[str, Outcome] = {
    "plans_within_20_weeks": Outcome("late", is_rest=True),
    "plans_within_20_weeks_all": Outcome("late", is_rest=True),
    "review_decisions_within_4_weeks": Outcome("late", is_rest=True),
    # A need and a placement are recorded for people with a plan, who were not refused one.
    "requests_refused": Outcome("refused", is_rest=False, by=("age_group", "source", "sex", "ethnic_group")),
}


class GroupContribution(NamedTuple):
    """One group as shown: its cases, those with the outcome, and how many more that is than at the yardstick's rate."""

    key: str
    label: str
    cases: int
    number: int
    excess: float


@dataclass(frozen=True)
class Gap:
    """A share beside its yardstick, and its groups in the order of their categories.

    yardstick: 'England' or OVERALL. rate: the yardstick's rate of the outcome, between 0 and 1. number: cases with the
    outcome. excess: how many more that is than at the yardstick's rate. by: the characteristic of the groups.
    """

    by: str
    outcome: Outcome
    yardstick: str
    rate: float
    cases: int
    number: Shown
    excess: float
    groups: tuple[GroupContribution, ...]
    threshold: int = 0

    @property
    def is_more(self) -> bool:
        """Whether more cases have the outcome than at the yardstick's rate. Without a gap: yes, the unwelcome side."""
        return self.yardstick == OVERALL or self.excess >= 0

    @property
    def largest(self) -> tuple[GroupContribution, ...]:
        """The groups that explain most of the gap, largest first; groups of less than one case are left out."""
        if isinstance(self.number, Hidden):
            return ()
        sign = 1 if self.is_more else -1
        found = [each for each in self.groups if sign * each.excess > 0 and self._count(each.excess) not in (0, HIDDEN)]
        return tuple(sorted(found, key=lambda group: -sign * group.excess)[:MAX_GROUPS])

    @property
    def named(self) -> GroupContribution | None:
        """The group to name in a sentence: the first of `largest` where there are too many, otherwise the biggest."""
        if self.is_more and self.largest:
            return self.largest[0]
        return max(self.groups, key=lambda group: group.number, default=None)

    @property
    def heading(self) -> str:
        """What `largest` are. Without England's rate there is no gap to explain."""
        return "Groups above the average" if self.yardstick == OVERALL else "These groups explain most of the gap"

    def _count(self, excess: float) -> Shown:
        """A difference in cases, as it is shown."""
        return Selection(threshold=self.threshold).count(round(abs(excess)))

    def difference_text(self, excess: float) -> str:
        """Text such as '21 more than at England's rate'; empty if the number is hidden."""
        count = self._count(excess)
        if isinstance(count, Hidden):
            return ""
        whose = f"at {self.yardstick}'s rate" if self.yardstick != OVERALL else f"at {OVERALL}"
        if not count:
            return f"as many as {whose}"
        return f"{count:,} {'more' if excess > 0 else 'fewer'} than {whose}"

    def group_text(self, group: GroupContribution) -> str:
        """Text such as 'SEMH: 61 of 143 late; 21 more than at England's rate'."""
        number = f"{count_text(group.number)} of {count_text(self.number)} {self.outcome.word}"
        return f"{short_label(self.by, group)}: {number}; {self.difference_text(group.excess)}"


def short_label(by: str, group: GroupContribution) -> str:
    """The name of a group; for a primary need its code, as officers say it."""
    has_code = by == "need" and group.key.isupper()
    return group.key if has_code else group.label


def outcome_count(value: Value, outcome: Outcome, threshold: int) -> Shown:
    """How many cases of a share have the outcome, from its counts as shown; hidden like any small count."""
    if isinstance(value.numerator, Hidden) or isinstance(value.denominator, Hidden):
        return HIDDEN
    number = value.denominator - value.numerator if outcome.is_rest else value.numerator
    return HIDDEN if threshold and number < smallest_shown(threshold) else number


def gap(report: Report, selection: Selection, indicator_id: str, by: str) -> Gap | None:
    """The gap of one share and the groups behind it.

    None if it has no cases, is hidden or could not be run, or if the characteristic cannot explain it.
    """
    found, outcome = Figures(report, selection), OUTCOMES[indicator_id]
    result, value = found.results[indicator_id], found.values[indicator_id]
    number = outcome_count(value, outcome, selection.threshold)
    if (
        by not in outcome.by
        or result.is_broken
        or isinstance(value.denominator, Hidden)
        or isinstance(value.numerator, Hidden)
    ):
        return None
    cases = value.denominator
    if not cases:
        return None
    counted = cases - value.numerator if outcome.is_rest else value.numerator
    yardstick, rate = OVERALL, counted / cases
    newest = published.newest(result.indicator, None, report.collection.year, report.published)
    if newest and newest[0].percent is not None:
        share = newest[0].percent / 100
        yardstick, rate = newest[0].area.name, 1 - share if outcome.is_rest else share
    groups = []
    for part, each in figures.part_values(found.breakdown(indicator_id, [by]), selection.threshold):
        of_group = outcome_count(each, outcome, selection.threshold)
        if isinstance(of_group, Hidden) or isinstance(each.denominator, Hidden):
            continue
        # A difference of two rounded counts can be larger in a group than in everyone.
        if isinstance(number, Hidden) or of_group <= number:
            excess = of_group - rate * each.denominator
            groups.append(GroupContribution(part.keys[0], part.labels[0], each.denominator, of_group, excess))
    whole = counted - rate * cases if yardstick != OVERALL else 0.0
    return Gap(by, outcome, yardstick, rate, cases, number, whole, tuple(groups), selection.threshold)
