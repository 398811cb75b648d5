"""compare: the one function that every front end calls with two checked returns, and the comparison that it makes.

The comparison is one to one: each person and each row of one return is paired with at most one of the other. The result
is in a database of its own, so that either return can be closed before it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa

from sen2dash import spec
from sen2dash.checks.report import Report
from sen2dash.compare import agreement, differences, findings, pairing
from sen2dash.compare.agreement import ItemAgreement
from sen2dash.compare.findings import Fate
from sen2dash.compare.queries import query
from sen2dash.store.workspace import Workspace

#: The columns that identify the people of a return in lists.
PEOPLE = (
    "select row_id as person, surname, forename, person_birth_date_text as birth_date, upn, "
    "unique_learner_number as uln from person"
)
FATES = ("new", "cleared", "still")


@dataclass(frozen=True)
class Counts:
    """How the rows of one table compare, or the people. changed: how many of those in both returns have changed."""

    both: int = 0
    added: int = 0
    gone: int = 0
    changed: int = 0


@dataclass
class Comparison:
    """Two returns compared. Close it to free the memory.

    before, after: the returns, which may have been closed; then only their details can be read. tables: by table, in
    layout order; `changed` counts the paired rows with a changed item of their own. people: the persons; `changed` also
    counts those with a change in a row beneath them. fates: what happened to the findings of each rule, in catalogue
    order. agreement: by table, how far each item of the paired rows agrees. left_out: tables that are in none of these,
    each with the sides (before, after) on which it was not given.
    """

    before: Report
    after: Report
    space: Workspace
    tables: dict[str, Counts]
    people: Counts
    fates: tuple[Fate, ...]
    agreement: dict[str, tuple[ItemAgreement, ...]]
    left_out: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def are_equal(self, table: str) -> bool:
        """Whether the rows of one table are the same in both returns: all are paired, and no item has changed."""
        counts = self.tables[table]
        return counts.changed == counts.added == counts.gone == 0

    def close(self) -> None:
        """Free the memory."""
        self.space.close()

    def changes(self, table: str) -> pa.Table:
        """The items of one table that have changed, ordered by the line of the later return and the item.

        Columns: table_name, before_person, after_person, before_line, after_line, before_row, after_row, field,
        before, after. The two are null on the header.
        """
        return self.space.table(query("changes"), {"table": table})

    def rows_alone(self, table: str) -> pa.Table:
        """The rows of one table that were added or are gone: table_name, kind, row_id, person_id, line."""
        return self.space.table(query("rows_alone"), {"table": table})

    def listed(self, table: str) -> pa.Table:
        """The differences of one table for a list.

        Columns: kind (changed, added, gone), before_person, after_person, before_line, after_line, field, before,
        after, and surname, forename, birth_date, upn and uln of the person.
        """
        return self.space.table(query("listed"), {"table": table})

    def findings(self, rule_ids: Sequence[str], fates: Sequence[str] = FATES) -> pa.Table:
        """The findings of these rules with one of these fates.

        Columns: fate, rule_id, before_person, after_person, table_name, row_id, field, value, detail, and those that
        identify the person, as in `listed`.
        """
        return self.space.table(query("findings_listed"), {"rules": list(rule_ids), "fates": list(fates)})

    def new_findings(self) -> pa.Table:
        """The numbers, in the store of the later return, of its findings that are new: one column, finding_id."""
        return findings.new_findings(self.space)


def compare(before: Report, after: Report) -> Comparison:
    """Compare two checked returns. Both are left unchanged and may be closed afterwards.

    Errors: TooLarge if the comparison needs more memory than a database may use.
    """
    space = Workspace(after.store.settings)
    try:
        pairing.pair_rows(space, before, after)
        differences.find_changes(space, before, after)
        space.keep("person_known", _people(before, is_after=False))
        space.extend("person_known", _people(after, is_after=True))
        fates = findings.find_fates(space, before, after)
        agreed = agreement.find_agreement(space, before, after)
        without = pairing.left_out(before, after)
        tables = {table: counts for table, counts in _table_counts(space) if table not in without}
        n_changed = len(space.table(query("changed_people")))
    except BaseException:
        space.close()
        raise
    of_person = tables["person"]
    people = Counts(of_person.both, of_person.added, of_person.gone, n_changed)
    return Comparison(before, after, space, tables, people, fates, agreed, without)


def _people(report: Report, is_after: bool) -> pa.Table:
    people = report.store.table(PEOPLE)
    return people.add_column(0, "is_after", pa.repeat(pa.scalar(is_after), len(people)))


def _table_counts(space: Workspace) -> Iterator[tuple[str, Counts]]:
    found: dict[str, dict[str, Any]] = {row["table_name"]: row for row in space.rows(query("table_counts"))}
    for table in spec.TABLES:
        row = found.get(table, {})
        yield table, Counts(**{name: row.get(f"n_{name}", 0) for name in Counts.__dataclass_fields__})
