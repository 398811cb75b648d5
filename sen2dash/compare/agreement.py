"""How far two systems' versions of the same period agree, item by item, and how their values differ.

Counts come from what has changed and from how many of the paired rows have a value at all. A pattern of differences is
named if it shows how one system writes the other's values. It does not say which of them is right.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import pyarrow as pa

from sen2dash import spec
from sen2dash.checks.report import Report
from sen2dash.compare.pairing import left_out
from sen2dash.compare.queries import query
from sen2dash.store import compared
from sen2dash.store.compared import SharedItem
from sen2dash.store.workspace import Workspace

PatternName = Literal["days", "code", "zeros_lost", "zeros_added", "case", "spaces", "midnight_added", "midnight_lost"]
#: The fewest values from which a pattern is reported.
FEWEST = 2
#: Patterns that are counted value by value, with the column of queries/compare/agreement.
COUNTED: Mapping[str, PatternName] = {
    "n_zeros_lost": "zeros_lost",
    "n_zeros_added": "zeros_added",
    "n_case": "case",
    "n_midnight_added": "midnight_added",
    "n_midnight_lost": "midnight_lost",
}
#: Texts as supplied, with white space around them.
SPACING = "select table_name, row_id, name from deviation where kind = 'spacing'"


@dataclass(frozen=True)
class Pattern:
    """A pattern in which the values of an item differ, and the number of pairs of rows that show it.

    days: for the pattern `days`, by how many days every date is later. before, after: for the pattern `code`, the
    codes.
    """

    name: PatternName
    n: int
    days: int | None = None
    before: str | None = None
    after: str | None = None


@dataclass(frozen=True)
class ItemAgreement:
    """How far one item agrees over the paired rows of its table.

    both: pairs in which both have a value; equal: those with the same meaning. blank_before: blank in the earlier
    return only; blank_after: blank in the later return only.
    """

    field: str
    both: int
    equal: int
    blank_before: int
    blank_after: int
    patterns: tuple[Pattern, ...] = ()

    @property
    def is_equal(self) -> bool:
        """Whether the item has the same value in every pair of rows."""
        return self.equal == self.both and not self.blank_before and not self.blank_after


def find_agreement(space: Workspace, before: Report, after: Report) -> dict[str, tuple[ItemAgreement, ...]]:
    """The items that both layouts have, by table, in layout order; of the tables that both returns have."""
    space.keep("spacing", pa.concat_tables([_spacing(before, is_after=False), _spacing(after, is_after=True)]))
    without = left_out(before, after)
    tables = [table for table in spec.TABLES if table not in without]
    found = {table: tuple(_table_agreement(space, table, before, after)) for table in tables}
    space.forget("spacing")
    return found


def _spacing(report: Report, is_after: bool) -> pa.Table:
    rows = report.store.table(SPACING)
    return rows.add_column(0, "is_after", pa.repeat(pa.scalar(is_after), len(rows)))


def _table_agreement(space: Workspace, table: str, before: Report, after: Report) -> Iterator[ItemAgreement]:
    items = compared.common_items(table, before.collection.year, after.collection.year)
    bound = {"table": table}
    rows = space.table(query("paired_rows"), bound)
    (filled,) = before.store.table_among(compared.filled_sql(table, items, is_after=False), rows).to_pylist()
    differing = {row["field"]: row for row in space.rows(query("agreement"), bound)}
    spaces = {row["field"]: row["n"] for row in space.rows(query("spacing"), bound)}
    instead: dict[str, list[dict[str, Any]]] = {}
    for pair in space.rows(query("code_pairs"), bound):
        instead.setdefault(pair["field"], []).append(pair)
    for place, each in enumerate(items, start=1):
        field = each.element
        counts = differing.get(field)
        n_blank_after = counts["n_before_alone"] if counts else 0
        both = filled[f"item_{place}"] - n_blank_after
        patterns = [Pattern("spaces", spaces[field])] if field in spaces else []
        if counts is None:
            yield ItemAgreement(field, both, both, 0, 0, tuple(patterns))
            continue
        equal = both - counts["n_differ"]
        patterns += _patterns(each, counts, equal)
        if each.item.type == "code":
            patterns += _codes(table, each, instead.get(field, []), before, rows)
        yield ItemAgreement(field, both, equal, counts["n_after_alone"], n_blank_after, tuple(patterns))


def _patterns(each: SharedItem, counts: Mapping[str, Any], n_equal: int) -> Iterator[Pattern]:
    """The patterns in which values of an item differ, except for codes."""
    is_moved = counts["n_days"] >= FEWEST and n_equal == 0 and counts["least_days"] == counts["most_days"]
    if each.item.type == "date" and is_moved and counts["least_days"]:
        yield Pattern("days", counts["n_days"], days=counts["least_days"])
    for column, name in COUNTED.items():
        if counts[column]:
            yield Pattern(name, counts[column])


def _codes(
    table: str, each: SharedItem, instead: list[dict[str, Any]], before: Report, rows: pa.Table
) -> Iterator[Pattern]:
    """Codes always replaced by the same other code: every pair of rows with the first has the second or no value."""
    if not any(pair["after"] is not None and pair["n"] >= FEWEST for pair in instead):
        return
    totals = {
        row["value"]: row["n"]
        for row in before.store.table_among(compared.values_sql(table, each.before), rows).to_pylist()
    }
    blank = {pair["before"]: pair["n"] for pair in instead if pair["after"] is None}
    for pair in instead:
        old, new, n = pair["before"], pair["after"], pair["n"]
        is_always = new is not None and n >= FEWEST and n == totals[old] - blank.get(old, 0)
        # Differences in case and leading zeros have a pattern of their own.
        if is_always and old.lower() != new.lower() and old.lstrip("0") != new.lstrip("0"):
            yield Pattern("code", n, before=old, after=new)
