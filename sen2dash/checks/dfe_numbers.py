"""Read the DfE's own numbers for our rules from a list that an authority supplies. It keeps and writes nothing.

The numbers are added to the rules of a report once (`apply`), so that every list, note and file that names a rule
has them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from sen2dash.checks import catalogue
from sen2dash.checks.report import Report
from sen2dash.errors import BadNumbers
from sen2dash.model import Rule
from sen2dash.reading import side_files
from sen2dash.reading.side_files import is_separator_line, plain_number, shown

NUMBER = re.compile(r"[A-Za-z0-9][A-Za-z0-9 .,/&-]{0,29}")
HEADINGS = ("Rule", "DfE rule", "What it looks for")
HINT = "Give a CSV with the id of our rule first and the DfE's number second, one rule per row, such as P15,2030."
#: The most bad rows that are listed individually.
MAX_NAMED = 20


@dataclass(frozen=True)
class Numbers:
    """The contents of a list.

    by_rule: ids of our rules mapped to the DfE's numbers. faults: one sentence for each row that could not be used,
    with its line. n_without: rows that name a rule but have no number, as in a partly completed list.
    """

    by_rule: Mapping[str, str]
    faults: tuple[str, ...] = ()
    n_without: int = 0

    def faults_named(self) -> tuple[str, ...]:
        """Return the faults to show: the first ones, and how many more there are."""
        more = len(self.faults) - MAX_NAMED
        return (*self.faults[:MAX_NAMED], f"and {more} more") if more > 0 else self.faults

    def messages(self) -> tuple[str, ...]:
        """Return the same for a terminal, with the number of rows that have no number."""
        rows = "1 row has" if self.n_without == 1 else f"{self.n_without} rows have"
        return (*self.faults_named(), *((f"{rows} no number.",) if self.n_without else ()))


NONE = Numbers(MappingProxyType({}))


def read_numbers(data: bytes, rules: Sequence[Rule]) -> Numbers:
    """Read the numbers in a CSV: our id first, in any case, then the DfE's number. Later columns are ignored.

    Every form of CSV that `side_files` knows can be read. The first row may be a heading: it has no digits in the two
    columns. Errors: BadNumbers if no row can be used.
    """
    known = {rule.id for rule in rules}
    found: dict[str, str] = {}
    faults: list[str] = []
    n_without = 0
    rows = (row for row in side_files.open_file(data).records() if not is_separator_line(row.cells[0]))
    for place, record in enumerate(rows):
        line = f"Line {record.line:,}:"
        rule_id, number = (*(" ".join(plain_number(cell).split()) for cell in record.cells), "", "")[:2]
        rule_id = rule_id.upper()
        is_heading = place == 0 and bool(rule_id) and not re.search("[0-9]", rule_id + number)
        if is_heading:
            continue
        if record.why is not None:
            faults.append(f"{line} a quotation mark in it is out of place.")
        elif rule_id not in known:
            faults.append(f"{line} there is no rule {shown(rule_id)}.")
        elif not number:
            n_without += 1
        elif not NUMBER.fullmatch(number):
            faults.append(f"{line} {shown(number)} is not a number that the DfE gives a rule.")
        elif found.get(rule_id, number) != number:
            faults.append(f"{line} {rule_id} already has the number {found[rule_id]}.")
        else:
            found[rule_id] = number
    if not found:
        why = " ".join(faults[:3]) or "No row holds the id of a rule and a number."
        raise BadNumbers("No number could be taken from the list", why, HINT)
    return Numbers(MappingProxyType(found), tuple(faults), n_without)


def numbered(rules: Iterable[Rule], numbers: Mapping[str, str]) -> tuple[Rule, ...]:
    """Return the rules with the DfE's numbers from the list or, if it has none, from their front matter."""
    return tuple(rule.model_copy(update={"dfe": numbers.get(rule.id, _own(rule))}) for rule in rules)


def _own(rule: Rule) -> str | None:
    """Return the number in a rule's front matter, which a list may have replaced."""
    return next((each.dfe for each in catalogue.rules() if each.id == rule.id), rule.dfe)


def apply(report: Report, numbers: Mapping[str, str]) -> None:
    """Replace the numbers in the rules of a report."""
    rules = numbered((outcome.rule for outcome in report.outcomes), numbers)
    report.outcomes = tuple(
        outcome.model_copy(update={"rule": rule}) for outcome, rule in zip(report.outcomes, rules, strict=True)
    )


def template(rules: Iterable[Rule]) -> list[list[str]]:
    """Return the rows of a list to fill in, under `HEADINGS`."""
    return [[rule.id, rule.dfe or "", rule.title] for rule in rules]
