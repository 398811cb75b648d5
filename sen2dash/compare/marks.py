"""Keep the marks of findings when a return is replaced by its next version, or checked again. Draws nothing.

A mark stays where the comparison of two returns says that its finding is still there.
"""

from __future__ import annotations

import pyarrow as pa

from sen2dash.checks import marks
from sen2dash.checks.report import Report
from sen2dash.compare import pairing
from sen2dash.compare.findings import FINDINGS
from sen2dash.compare.queries import query
from sen2dash.store.workspace import Workspace


def carry(before: Report, after: Report, is_same_file: bool) -> None:
    """Give the findings of a report the marks that they had in the report before it.

    is_same_file: both are of the same file, so that its rows need not be paired. Nothing is carried to a return of
    another authority or year. Errors: TooLarge if that needs more memory than a database may use.
    """
    old = marks.all_marks(before)
    which = [(report.collection.lea, report.collection.year) for report in (before, after)]
    if len(old) and which[0] == which[1]:
        marks.restore(after, old if is_same_file else _still_there(before, after, old))


def _still_there(before: Report, after: Report, old: pa.Table) -> pa.Table:
    """The marks whose findings are still there, as they are identified in the later return."""
    rules = {"rules": old.column("rule_id").unique().to_pylist()}
    space = Workspace(after.store.settings)
    try:
        pairing.pair_rows(space, before, after)
        space.keep("finding_before", before.store.table(FINDINGS, rules))
        space.keep("finding_after", after.store.table(FINDINGS, rules))
        space.make("finding_fate", query("finding_fate"))
        space.keep("mark_before", old)
        return space.table(query("marks_carried")).cast(marks.SCHEMA)
    finally:
        space.close()
