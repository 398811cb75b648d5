"""What has changed between paired rows, item by item. Only rows whose fingerprints differ are compared in full.

The result is the table `change` of the workspace, one row per changed item. Pairs nothing.
"""

from __future__ import annotations

import pyarrow as pa

from sen2dash import spec
from sen2dash.checks.report import Report
from sen2dash.compare.queries import query
from sen2dash.store import compared
from sen2dash.store.workspace import Workspace

#: The number of pairs compared in full at a time, so that the texts of both sides are never all in memory at once.
BLOCK = 50_000
CHANGES = pa.schema(
    [
        ("table_name", pa.string()),
        ("before_row", pa.int64()),
        ("after_row", pa.int64()),
        ("field", pa.string()),
        ("before", pa.string()),
        ("after", pa.string()),
    ]
)


def find_changes(space: Workspace, before: Report, after: Report) -> None:
    """Compare the items of every pair of rows that differ."""
    space.keep("change", CHANGES.empty_table())
    differing = space.table("select distinct table_name from pair where not is_equal")["table_name"].to_pylist()
    for table in spec.TABLES:
        if table in differing:
            _compare_table(space, table, before, after)
    space.forget("pair_block", "texts_before", "texts_after", "side_by_side")


def _compare_table(space: Workspace, table: str, before: Report, after: Report) -> None:
    items = compared.common_items(table, before.collection.year, after.collection.year)
    for start in range(0, 1 << 62, BLOCK):
        pairs = space.table(query("differing_pairs"), {"table": table, "n_rows": BLOCK, "n_before": start})
        if not len(pairs):
            return
        space.keep("pair_block", pairs)
        for name, report, is_after in (("texts_before", before, False), ("texts_after", after, True)):
            rows = pa.table({"row_id": pairs["after_row" if is_after else "before_row"]})
            texts = report.store.table_among(compared.items_sql(table, items, is_after), rows)
            space.keep(name, texts)
        space.make("side_by_side", compared.side_by_side_sql(items))
        space.add("change", compared.changes_sql(table, items))
