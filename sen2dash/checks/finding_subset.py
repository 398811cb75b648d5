"""Some of the findings of a report: those that pass filters. Which ones is decided elsewhere; here they are counted.

A list or file of findings that is not of the whole return gets them as `FindingSubset`, so that each count, list and
download holds the same findings.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import pyarrow as pa

from sen2dash.model import RuleOutcome


@dataclass(frozen=True, eq=False)
class FindingSubset:
    """Findings that were chosen. rows: one column, finding_id, their numbers in the store.

    counts: the number of findings, and of people they concern, of each rule that has any.
    """

    rows: pa.Table
    counts: Mapping[str, tuple[int, int]]

    def outcome(self, outcome: RuleOutcome) -> RuleOutcome:
        """Return the outcome of a rule with only these findings. A rule that has none of them is clear."""
        if outcome.status != "found":
            return outcome
        count, people = self.counts.get(outcome.rule.id, (0, 0))
        return outcome.model_copy(update={"count": count, "people": people, "status": "found" if count else "clear"})

    def outcomes(self, outcomes: Iterable[RuleOutcome]) -> tuple[RuleOutcome, ...]:
        """Return the same for several rules, in their order."""
        return tuple(map(self.outcome, outcomes))


def among_rows(found: pa.Table) -> FindingSubset:
    """Make a FindingSubset from a table with finding_id, rule_id and person_id."""
    counted = found.group_by("rule_id").aggregate([("finding_id", "count"), ("person_id", "count_distinct")])
    counts = {row["rule_id"]: (row["finding_id_count"], row["person_id_count_distinct"]) for row in counted.to_pylist()}
    return FindingSubset(found.select(["finding_id"]), counts)


#: The rows of no choice. Made without `pa.array` or `empty_table`, which import pandas.
NO_ROWS = pa.Table.from_batches([], pa.schema([("finding_id", pa.int64())]))
