"""The DfE's own numbers of our rules, from a list that an authority gives. Reads text; keeps and writes nothing.

The numbers are put into the rules of a report once (`apply`), so that every list, note and file that names a rule has
them.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from sen2dash import catalogue
from sen2dash.errors import BadNumbers
from sen2dash.model import Rule
from sen2dash.report import Report
from sen2dash.texts import printable

RULE_ID = re.compile(r"[A-Za-z][0-9]{2}[A-Za-z]?")
NUMBER = re.compile(r"[A-Za-z0-9][A-Za-z0-9 .,/&-]{0,29}")
HEADINGS = ("Rule", "DfE rule", "What it looks for")
HINT = "Give a CSV with the id of our rule first and the DfE's number second, one rule a row, such as P15,2030."
#: Bad rows that are named one by one.
MOST_NAMED = 20


@dataclass(frozen=True)
class Numbers:
    """What a list holds. by_rule: id of our rule to the DfE's number; faults: one line a row that was passed over."""

    by_rule: Mapping[str, str]
    faults: tuple[str, ...] = ()

    def faults_named(self) -> tuple[str, ...]:
        """The faults to show: the first ones, and how many more there are."""
        more = len(self.faults) - MOST_NAMED
        return (*self.faults[:MOST_NAMED], f"and {more} more") if more > 0 else self.faults


NONE = Numbers(MappingProxyType({}))


def read_numbers(data: bytes, rules: Sequence[Rule]) -> Numbers:
    """The numbers of a CSV: our id first, the DfE's number second, what follows is not read.

    A heading and rows without a number are passed over; commas, semicolons or tabs stand between; ids in any case.
    Errors: BadNumbers where not one row can be used.
    """
    known = {rule.id for rule in rules}
    found: dict[str, str] = {}
    faults: list[str] = []
    try:
        rows = list(enumerate(_rows(data), start=1))
    except csv.Error:
        raise BadNumbers("The list of rule numbers cannot be read", "It is no CSV.", HINT) from None
    for place, cells in rows:
        rule_id, number = (*(" ".join(cell.split()) for cell in cells), "", "")[:2]
        rule_id = rule_id.upper()
        is_heading = place == 1 and not RULE_ID.fullmatch(rule_id)
        if is_heading or not (rule_id or number):
            continue
        if rule_id not in known:
            faults.append(f"Row {place}: there is no rule {_shown(rule_id)}.")
        elif not number:
            continue
        elif not NUMBER.fullmatch(number):
            faults.append(f"Row {place}: {_shown(number)} is not a number that the DfE gives a rule.")
        elif found.get(rule_id, number) != number:
            faults.append(f"Row {place}: {rule_id} already has the number {found[rule_id]}.")
        else:
            found[rule_id] = number
    if not found:
        why = " ".join(faults[:3]) or "No row holds the id of a rule and a number."
        raise BadNumbers("No number could be taken from the list", why, HINT)
    return Numbers(MappingProxyType(found), tuple(faults))


def _rows(data: bytes) -> Iterable[list[str]]:
    """The cells of the file, in UTF-8 or Windows-1252."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("cp1252", errors="replace")
    first = text.partition("\n")[0]
    between = max(",;\t", key=first.count)
    return csv.reader(io.StringIO(text.replace("\0", ""), newline=""), delimiter=between)


def _shown(text: str) -> str:
    """A text of the list for a message: short, on one line, printable."""
    short = printable(text)
    return f"'{short[:30]}…'" if len(short) > 30 else f"'{short}'"


def numbered(rules: Iterable[Rule], numbers: Mapping[str, str]) -> tuple[Rule, ...]:
    """The same rules with the DfE's numbers of the list; where it has none, with that of their front matter."""
    return tuple(rule.model_copy(update={"dfe": numbers.get(rule.id, _own(rule))}) for rule in rules)


def _own(rule: Rule) -> str | None:
    """The number of a rule's front matter, which a list may have replaced."""
    return next((each.dfe for each in catalogue.rules() if each.id == rule.id), rule.dfe)


def apply(report: Report, numbers: Mapping[str, str]) -> None:
    """Put the numbers into the rules of a report, in place of those that are there."""
    rules = numbered((outcome.rule for outcome in report.outcomes), numbers)
    report.outcomes = tuple(
        outcome.model_copy(update={"rule": rule}) for outcome, rule in zip(report.outcomes, rules, strict=True)
    )


def template(rules: Iterable[Rule]) -> list[list[str]]:
    """The rows of a list to fill in, under `HEADINGS`."""
    return [[rule.id, rule.dfe or "", rule.title] for rule in rules]
