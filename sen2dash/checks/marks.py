"""Marks on findings: what an officer has decided about each, kept with the findings of the report. Draws nothing.

A mark belongs to a finding as a comparison knows it (queries/finding_macros.sql), so that it stays with it when the
return is replaced by its next version (compare/marks.py). The mark of a finding that was cleared is dropped: if the
finding comes back, somebody has to look at it again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, get_args

import pyarrow as pa

from sen2dash.checks import catalogue
from sen2dash.checks.cache import Key
from sen2dash.checks.report import Report

Mark = Literal["correct", "right", "asked"]
MARKS: tuple[Mark, ...] = get_args(Mark)
LABELS: Mapping[str, str] = {"correct": "To correct", "right": "Checked and right", "asked": "Asked"}
#: The word for findings without a mark, in filters.
UNMARKED = "none"
#: The choices of a filter.
FILTER: Mapping[str, str] = {UNMARKED: "Not marked", **LABELS}
#: What identifies a finding and its mark: the columns of a row that has both.
SCHEMA = pa.schema(
    [
        ("rule_id", pa.string()),
        ("met_table", pa.string()),
        ("met_row", pa.int64()),
        ("item", pa.string()),
        ("place", pa.int64()),
        ("mark", pa.string()),
    ]
)


@dataclass(frozen=True)
class Tally:
    """How many of the findings of a rule have each mark. total: all findings."""

    total: int
    correct: int = 0
    right: int = 0
    asked: int = 0

    @property
    def n_marked(self) -> int:
        """The number of findings with a mark."""
        return self.correct + self.right + self.asked

    @property
    def text(self) -> str:
        """In words: '12 of 40 marked: 3 to correct, 8 checked and right, 1 asked'; empty if none is marked."""
        if not self.n_marked:
            return ""
        parts = [f"{n:,} {LABELS[mark].lower()}" for mark in MARKS if (n := getattr(self, mark))]
        return f"{self.n_marked:,} of {self.total:,} marked: {', '.join(parts)}"


def tallies(report: Report) -> dict[str, Tally]:
    """Return the tally of every rule with a marked finding."""
    rules = [row["rule_id"] for row in report.store.rows("select distinct rule_id from finding_mark order by all")]
    counts: dict[str, dict[str, int]] = {}
    for row in _counts(report, rules) if rules else ():
        counts.setdefault(row["rule_id"], {})[row["mark"]] = row["n"]
    return {
        rule_id: Tally(sum(found.values()), **{mark: found.get(mark, 0) for mark in MARKS})
        for rule_id, found in counts.items()
        if found.keys() & set(MARKS)
    }


def _counts(report: Report, rules: Sequence[str]) -> list[dict[str, Any]]:
    """How many findings of these rules have each mark, or none, and about how many people: rule_id, mark, n, people."""
    return report.cache.cached(
        Key("mark_counts", rest=(tuple(rules), report.store.marks_version)),
        lambda: report.store.rows(catalogue.list_sql("mark_counts"), {"rules": list(rules)}),
    )


def set_marks(report: Report, found: pa.Table, mark: Mark | None) -> pa.Table:
    """Mark findings, given with the columns of SCHEMA and perhaps more; None removes the mark.

    Returns them with the marks that they had, for `put_back`.
    """
    before = found.select(SCHEMA.names).cast(SCHEMA)
    place = SCHEMA.names.index("mark")
    report.store.put_marks(before.set_column(place, "mark", pa.repeat(pa.scalar(mark, pa.string()), len(before))))
    return before


def identity(row: Mapping[str, Any]) -> tuple[Any, ...]:
    """Return what identifies the finding of a row of `Report.findings_table`."""
    return tuple(row[name] for name in SCHEMA.names if name != "mark")


def of_rows(rows: Iterable[Mapping[str, Any]]) -> pa.Table:
    """Return rows of `Report.findings_table` as a table for `set_marks`."""
    return pa.Table.from_pylist([{name: row[name] for name in SCHEMA.names} for row in rows], schema=SCHEMA)


def put_back(report: Report, before: pa.Table) -> None:
    """Set the marks that `set_marks` returned."""
    report.store.put_marks(before)


def all_marks(report: Report) -> pa.Table:
    """Return every marked finding, with the columns of SCHEMA."""
    return report.store.table(catalogue.list_sql("marked_findings")).select(SCHEMA.names).cast(SCHEMA)


def restore(report: Report, rows: pa.Table) -> int:
    """Replace the marks of a report. Return how many have no finding in it, and were left out."""
    report.store.use_marks(rows.select(SCHEMA.names))
    kept = all_marks(report)
    report.store.use_marks(kept)
    return len(rows) - len(kept)
