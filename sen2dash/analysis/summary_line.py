"""What the manager's page is made of: numbers beside others, and figures of one or more such numbers.

Computes nothing. Everything here is as it is shown: rounded or hidden where the page is for sharing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, NamedTuple

from sen2dash.indicators.figures import NO_CASES, NOT_CALCULATED, Value, count_text
from sen2dash.indicators.suppression import HIDDEN, Hidden

#: number: a count; percent: 0 to 100; rate: per 10,000 residents aged 0 to 17; weeks: a mean.
Unit = Literal["number", "percent", "rate", "weeks"]
UNIT_LABELS: dict[Unit, str] = {
    "number": "number",
    "percent": "percent",
    "rate": "per 10,000 residents aged 0 to 17",
    "weeks": "weeks",
}
#: What a number is compared with. before: the previous version of the return, or an earlier return. older: the earlier
#: return before that.
Kind = Literal["England", "region", "neighbours", "before", "older"]
KINDS: tuple[Kind, ...] = ("England", "region", "neighbours", "before", "older")
#: The kinds that are returns: they have no period, and are left out if there is none.
RETURNS: tuple[Kind, ...] = ("before", "older")
Number = float | Hidden | None


class ComparatorValue(NamedTuple):
    """One number to compare with, with its period (empty for a return). number: None if it is not available."""

    kind: Kind
    period: str
    number: Number
    text: str


class Year(NamedTuple):
    """The authority's own published figure of one collection year."""

    year: int
    period: str
    number: float
    text: str


@dataclass(frozen=True)
class ComparedNumber:
    """One number of this return. heading: over its column; name: on its own, in a file.

    number: hidden where a small count is behind it, None if there are no cases. counts: what a share is worked out
    from. reason: why it could not be calculated.
    """

    key: str
    heading: str
    name: str
    unit: Unit
    number: Number
    counts: Value | None = None
    beside: tuple[ComparatorValue, ...] = ()
    years: tuple[Year, ...] = ()
    reason: str | None = None

    @property
    def text(self) -> str:
        """The number as shown."""
        return NOT_CALCULATED if self.reason is not None else text_of(self.unit, self.number)

    @property
    def is_shown(self) -> bool:
        """Whether there is a number to see."""
        return self.reason is None and self.number not in (None, HIDDEN)

    def comparator(self, kind: Kind) -> ComparatorValue | None:
        """The number to compare with of one kind, if there is one."""
        return next((each for each in self.beside if each.kind == kind), None)


@dataclass(frozen=True)
class SummaryFigure:
    """One of the eight figures: its numbers, and a sentence on what stands out. remark: what to know about it."""

    key: str
    title: str
    lines: tuple[ComparedNumber, ...]
    sentence: str = ""
    remark: str = ""

    @property
    def period(self) -> str:
        """The period of most published numbers beside this return's own; empty if there are none."""
        periods = [each.period for line in self.lines for each in line.beside if each.period]
        return max(periods, key=periods.count) if periods else ""


def text_of(unit: Unit, number: Number) -> str:
    """A number as text: '4,320', '46.4%', '523.1'; c if hidden; words if there are no cases."""
    if isinstance(number, Hidden):
        return count_text(number)
    if number is None:
        return NO_CASES
    if unit == "percent":
        return f"{number / 100:.1%}"
    return f"{number:,.0f}" if unit == "number" else f"{number:,.1f}"
