"""Match two returns: persons first, then the rows beneath them, each row with at most one of the other return.

A table's rows come as narrow lists from both stores: numbers, the keys to pair them by, and a fingerprint of all items.
Steps pair them in order; each step looks only at rows that are not yet paired. The results are two tables of the
workspace: `pair`, one row per pair, and `alone`, one row per unpaired row. Compares no items.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any

import pyarrow as pa

from sen2dash import spec
from sen2dash.checks.report import Report
from sen2dash.compare.queries import query
from sen2dash.store import compared
from sen2dash.store.workspace import Workspace


@dataclass(frozen=True)
class Step:
    """One step: pair rows of paired parents that share a key, in file order (first with first, second with second).

    key: the column of queries/compare/keys; `fingerprint` of all items, or `none` for file order alone. is_single: pair
    only if the key occurs once among the remaining rows of each side.
    """

    key: str
    is_single: bool = False


#: The steps of each table, in order. Requests have two more, see `_pair_table`.
STEPS: Mapping[str, tuple[Step, ...]] = {
    "header": (Step("none"),),
    "person": (
        Step("key_0"),
        Step("key_1", is_single=True),
        Step("key_2", is_single=True),
        Step("key_3", is_single=True),
    ),
    "requests": (Step("key_0"), Step("key_1"), Step("key_2")),
    "assessment": (Step("none"),),
    "namedplan": (Step("none"),),
    "plandetail": (Step("fingerprint"), Step("key_1"), Step("key_2"), Step("none")),
    "activeplans": (Step("none"),),
    "placementdetail": (Step("fingerprint"), Step("key_1"), Step("key_2"), Step("key_3")),
    "senneed": (Step("fingerprint"), Step("key_1"), Step("key_2")),
}
ROW_PAIRS = pa.schema([("before_row", pa.int64()), ("after_row", pa.int64())])
PAIRS = pa.schema(
    [
        ("table_name", pa.string()),
        *((name, pa.int64()) for name in ("before_row", "after_row", "before_person", "after_person")),
        *((name, pa.int64()) for name in ("before_line", "after_line")),
        ("is_equal", pa.bool_()),
    ]
)
ALONE = pa.schema(
    [("table_name", pa.string()), ("kind", pa.string()), *((n, pa.int64()) for n in ("row_id", "person_id", "line"))]
)


def left_out(before: Report, after: Report) -> dict[str, tuple[str, ...]]:
    """Return the tables that cannot be compared, each with the sides on which it or a table above was not given."""
    found = {}
    for table in spec.TABLES:
        above = {table, *spec.ancestors(table)}
        sides = tuple(side for side, report in (("before", before), ("after", after)) if above & report.store.not_given)
        if sides:
            found[table] = sides
    return found


def pair_rows(space: Workspace, before: Report, after: Report) -> None:
    """Pair the rows of every table that both returns have, with parents before their children."""
    space.keep("pair", PAIRS.empty_table())
    space.keep("alone", ALONE.empty_table())
    without = left_out(before, after)
    for table in spec.TABLES:
        if table not in without:
            _pair_table(space, table, before, after)
    space.forget("before_rows", "after_rows", "left_over", "new_pair", "table_pair")


def _pair_table(space: Workspace, table: str, before: Report, after: Report) -> None:
    items = compared.common_items(table, before.collection.year, after.collection.year)
    keys = query(f"keys/{table}")
    sides = (("before_rows", before, False), ("after_rows", after, True))
    rows = {
        name: report.store.table(compared.candidates_sql(table, items, is_after, keys))
        for name, report, is_after in sides
    }
    if not any(map(len, rows.values())):
        return
    for name, found in rows.items():
        space.keep(name, found)
    del rows
    above = spec.ancestors(table)
    space.make("left_over", query("candidate"), {"parent": above[-1] if above else None})
    space.keep("table_pair", ROW_PAIRS.empty_table())
    for step in STEPS[table]:
        _take_step(space, step)
    if table == "requests":
        _pair_in_order(space)
        # The one request left in each of two years may well be a different request.
        if before.collection.year == after.collection.year:
            _take_step(space, Step("none", is_single=True))
    space.add("pair", query("pair"), {"table": table})
    space.add("alone", query("alone"), {"table": table})


def _take_step(space: Workspace, step: Step) -> None:
    if _is_any_left(space):
        space.make("new_pair", query("step"), {"key": step.key, "is_single": step.is_single})
        _settle(space)


def _is_any_left(space: Workspace) -> bool:
    """Whether both returns have unpaired rows."""
    return len(space.table("select distinct is_after from left_over")) > 1


def _settle(space: Workspace) -> None:
    """Keep the pairs of `new_pair` and remove their rows from the unpaired ones."""
    space.add("table_pair", "select * from new_pair")
    space.make("left_over", query("left_over"))


def _pair_in_order(space: Workspace) -> None:
    """A step for requests: pair them in file order if at least one of the two received dates is blank."""
    if not _is_any_left(space):
        return
    rows = space.table(query("requests_in_order"))
    pairs: list[tuple[int, int]] = []
    for _, of_person in groupby(rows.to_pylist(), key=lambda row: row["group_id"]):
        pairs += pair_in_order(list(of_person))
    columns = list(zip(*pairs, strict=True)) or [(), ()]
    space.keep("new_pair", pa.table([pa.array(column, pa.int64()) for column in columns], schema=ROW_PAIRS))
    _settle(space)


def pair_in_order(rows: list[dict[str, Any]]) -> list[tuple[int, int]]:
    """Pair each request of the earlier return, in file order, with the first unused one of the later return that fits.

    Two requests fit if one of them has no received date. rows: is_after, row_id, is_blank of one pair of persons.
    """
    later = [row for row in rows if row["is_after"]]
    blank_ones = [row for row in later if row["is_blank"]]
    used: set[int] = set()
    # Where the search starts in each list: everything before it is already paired.
    starts = {True: 0, False: 0}
    pairs = []
    for row in rows:
        if row["is_after"]:
            continue
        # A request without a date fits any other; one with a date fits only one without.
        is_any = row["is_blank"]
        fitting = later if is_any else blank_ones
        while starts[is_any] < len(fitting) and fitting[starts[is_any]]["row_id"] in used:
            starts[is_any] += 1
        if starts[is_any] < len(fitting):
            found = fitting[starts[is_any]]["row_id"]
            used.add(found)
            pairs.append((row["row_id"], found))
    return pairs
