"""The summary of a kept return: what a trend needs, so that the return itself is not opened for it.

It holds counts only: no person, no value of a person.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from sen2dash import RELEASE
from sen2dash.archive.definitions import indicator_digest, rules_digest
from sen2dash.checks.report import Report
from sen2dash.indicators.figures import Figures
from sen2dash.model import SEVERITIES, Frozen, Severity, Status


class StoredIndicator(Frozen):
    """One indicator for everyone. definition: the digest of what it was made with. is_broken: it could not be run."""

    id: str
    numerator: int
    denominator: int
    definition: str
    is_broken: bool = False


class RuleCount(Frozen):
    """What one rule found, if it is not clear. needs: the file beside the return that it reads; empty for none."""

    id: str
    severity: Severity
    status: Status
    count: int
    people: int
    needs: str = ""


class Summary(Frozen):
    """A kept return in numbers.

    counts: rows by table. figures: every indicator in catalogue order. findings: every rule that is not clear.
    """

    release: str
    rules: str
    made_at: datetime
    counts: Mapping[str, int]
    figures: tuple[StoredIndicator, ...]
    findings: tuple[RuleCount, ...]

    def open_findings(self) -> dict[Severity, int | None]:
        """Count the findings by severity; None where a rule could not be run, because the count is then too low.

        Rules that read a file beside the return are left out, because they run only where somebody added it.
        """
        own = [each for each in self.findings if not each.needs]
        return {severity: _sum([each for each in own if each.severity == severity]) for severity in SEVERITIES}

    def broken(self) -> tuple[str, ...]:
        """Return the rules and indicators that could not be run because of a fault in the program."""
        rules = (each.id for each in self.findings if each.status == "broken")
        return (*rules, *(each.id for each in self.figures if each.is_broken))


def summarise(report: Report, made_at: datetime) -> Summary:
    """Make the summary of a report. Runs the indicators unless that has been done."""
    settings = report.store.settings
    return Summary(
        release=RELEASE,
        rules=rules_digest(settings),
        made_at=made_at,
        counts=dict(report.counts),
        figures=tuple(
            StoredIndicator(
                id=each.indicator.id,
                numerator=each.numerator,
                denominator=each.denominator,
                definition=indicator_digest(each.indicator, settings),
                is_broken=each.is_broken,
            )
            for each in Figures(report).indicators
        ),
        findings=tuple(
            RuleCount(
                id=each.rule.id,
                severity=each.severity,
                status=each.status,
                count=each.count,
                people=each.people,
                needs=each.rule.needs if each.rule.needs and each.rule.needs != "xml" else "",
            )
            for each in report.outcomes
            if each.status != "clear"
        ),
    )


def _sum(found: Sequence[RuleCount]) -> int | None:
    return None if any(each.status == "broken" for each in found) else sum(each.count for each in found)
