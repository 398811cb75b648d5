"""What happened to the findings: cleared, new or still there, by paired rows and items. Runs no rule.

Both returns are treated as if no earlier return had been added: findings of rules that need one are left out. The
result is the table `finding_fate` of the workspace, with one row per finding; two findings that match share a row.
Findings of the later return keep their number in its store, so that its lists can be limited to the new ones.
"""

from __future__ import annotations

from dataclasses import dataclass

import pyarrow as pa

from sen2dash.checks import catalogue
from sen2dash.checks.report import Report
from sen2dash.compare.queries import query
from sen2dash.model import Rule, RuleOutcome, Severity
from sen2dash.store.workspace import Workspace

#: The columns of one return's findings as they are passed on.
FINDINGS = (
    "select rowid as finding_id, rule_id, person_id, table_name, row_id, field, value, detail from finding "
    "where list_contains($rules, rule_id)"
)


@dataclass(frozen=True)
class Fate:
    """What happened to the findings of one rule."""

    rule: Rule
    severity: Severity
    cleared: int
    new: int
    still: int


def needs_earlier(rule: Rule) -> bool:
    """Whether a rule compares the return with an earlier one, and so is left out here."""
    return rule.needs in ("earlier_return", "last_year")


def taking_part(report: Report) -> list[RuleOutcome]:
    """The outcomes of a return that are compared."""
    return [outcome for outcome in report.outcomes if not needs_earlier(outcome.rule)]


def find_fates(space: Workspace, before: Report, after: Report) -> tuple[Fate, ...]:
    """Compare the findings after the rows have been paired. One entry per rule with a finding, in catalogue order."""
    skipped = _skipped(before) | _skipped(after)
    for table, report in (("finding_before", before), ("finding_after", after)):
        space.keep(table, _findings(report, skipped))
    space.make("finding_fate", query("finding_fate"))
    space.forget("finding_before", "finding_after")
    counts = {row.pop("rule_id"): row for row in space.rows(query("fate_counts"))}
    own = {outcome.rule.id: outcome.rule for report in (before, after) for outcome in report.outcomes}
    order = {rule.id: place for place, rule in enumerate(catalogue.rules())}
    found = [own[rule_id] for rule_id in counts]
    return tuple(
        Fate(rule, _severity(rule, after.collection.rules_of), **counts[rule.id])
        for rule in sorted(found, key=lambda rule: (order.get(rule.id, len(order)), rule.id))
    )


def new_findings(space: Workspace) -> pa.Table:
    """The numbers of the new findings in the store of the later return: one column, finding_id."""
    return space.table("select after_finding as finding_id from finding_fate where fate = 'new'")


def _skipped(report: Report) -> set[str]:
    """Rules that say nothing about a return that is not XML, or that has not all tables: no finding was cleared."""
    if report.origin is None:
        return set()
    return {outcome.rule.id for outcome in report.outcomes if outcome.status in ("not_applicable", "not_run")}


def _findings(report: Report, skipped: set[str]) -> pa.Table:
    rules = [outcome.rule.id for outcome in taking_part(report) if outcome.rule.id not in skipped]
    return report.store.table(FINDINGS, {"rules": rules})


def _severity(rule: Rule, year: int) -> Severity:
    """The rule's severity in this year, or the first severity it has if it does not apply in this year."""
    if not rule.applies_in(year) and isinstance(rule.severity, dict):
        return rule.severity[min(rule.severity)]
    return rule.severity_in(year)
