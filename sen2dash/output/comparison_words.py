"""The words and numbers of a comparison of two returns that the text, the JSON, the lists and the pages share.

It compares nothing and writes no file.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sen2dash.checks.report import Report
from sen2dash.compare.agreement import ItemAgreement, Pattern
from sen2dash.compare.comparison import Comparison, Counts
from sen2dash.compare.findings import taking_part
from sen2dash.model import IndicatorResult
from sen2dash.output.answers import count
from sen2dash.reading.other.forms import TABLE_NAMES
from sen2dash.text import printable

SIDES = ("before", "after")
KIND_LABELS: Mapping[str, str] = {"changed": "Changed", "added": "Added", "gone": "Gone"}
VERDICTS: Mapping[bool, str] = {True: "Equal", False: "Not equal"}
FATE_LABELS: Mapping[str, str] = {"new": "New", "cleared": "Cleared", "still": "Still there"}
PATTERN_LABELS: Mapping[str, str] = {
    "zeros_lost": "Leading zeros lost",
    "zeros_added": "Leading zeros added",
    "case": "Only capitals or spaces inside differ",
    "spaces": "Spaces around the value on one side only",
    "midnight_added": "Time of midnight added",
    "midnight_lost": "Time of midnight lost",
}
NUMBERS = ("numerator", "denominator", "value")


@dataclass(frozen=True)
class IndicatorPairs:
    """The indicators of both returns, in catalogue order."""

    before: Sequence[IndicatorResult]
    after: Sequence[IndicatorResult]

    def pairs(self) -> Iterator[tuple[IndicatorResult, IndicatorResult]]:
        """Each indicator in the earlier and the later return."""
        return zip(self.before, self.after, strict=True)


def could_not_run(compared: Comparison, figures: IndicatorPairs) -> list[str]:
    """What could not be run on one of the returns because of a fault in the program, one sentence per return."""
    found = []
    for side, results in zip(SIDES, (figures.before, figures.after), strict=True):
        report: Report = getattr(compared, side)
        ids = [outcome.rule.id for outcome in taking_part(report) if outcome.status == "broken"]
        ids += [result.indicator.id for result in results if result.is_broken and not result.is_not_given]
        if ids:
            found.append(f"{side.capitalize()}: {', '.join(ids)} could not be run, so the comparison is incomplete.")
    return found


def not_compared(compared: Comparison) -> list[str]:
    """The tables that could not be compared, because a return does not have them: one sentence per return."""
    found = []
    for side in SIDES:
        names = [TABLE_NAMES[table] for table, sides in compared.left_out.items() if side in sides]
        if names:
            found.append(f"{side.capitalize()}: not given, so not compared: {', '.join(names)}.")
    return found


def numbers_of(result: IndicatorResult) -> dict[str, Any]:
    """The numbers of an indicator by name; without them, also the reason."""
    if result.is_broken:
        return {**dict.fromkeys(NUMBERS), "reason": result.reason}
    return {name: getattr(result, name) for name in NUMBERS}


def agreement_text(item: ItemAgreement) -> str:
    """Text such as '1,203 of 1,210 equal; blank before, not after: 3. Leading zeros lost: 7.'"""
    parts = [f"{item.equal:,} of {item.both:,} equal"]
    parts += [f"blank before, not after: {item.blank_before:,}"] if item.blank_before else []
    parts += [f"blank after, not before: {item.blank_after:,}"] if item.blank_after else []
    return " ".join([f"{'; '.join(parts)}.", *map(pattern_text, item.patterns)])


def pattern_text(pattern: Pattern) -> str:
    """A pattern of differences in words, with the codes as they are in the return."""
    if pattern.name == "days":
        assert pattern.days is not None
        how = "later" if pattern.days > 0 else "earlier"
        days = "1 day" if abs(pattern.days) == 1 else f"{abs(pattern.days):,} days"
        return f"Every date is {days} {how} ({pattern.n:,})."
    if pattern.name == "code":
        return f"{printable(pattern.before)} is always {printable(pattern.after)} ({pattern.n:,})."
    return f"{PATTERN_LABELS[pattern.name]}: {pattern.n:,}."


def return_text(report: Report) -> str:
    """A description such as 'SEN2 2025, census day 16 January 2025, serial number 001, 2,000 persons'."""
    serial = printable(report.header["SerialNo"]) or "not given"
    return f"{report.collection.label}, serial number {serial}, {count(report.counts['person'], 'person')}"


def people_text(people: Counts) -> str:
    """Text such as 'People: 1,990 in both, of whom 12 have changed; 3 added, 1 gone'."""
    changed = f"{people.changed:,} {'has' if people.changed == 1 else 'have'} changed"
    return f"People: {people.both:,} in both, of whom {changed}; {people.added:,} added, {people.gone:,} gone"
