"""The audit as a CSV, with the last hash of each chain. Draws nothing, asks nothing.

Whoever keeps the last hash in another place can see later whether the end of the chain was cut off.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sen2dash.archive.audit import AuditEntry, Event
from sen2dash.indicators.suppression import round_count
from sen2dash.model import SEVERITIES, SEVERITY_LABELS
from sen2dash.output.export import figures_csv

COLUMNS = (
    "Chain",
    "Number",
    "Time (UTC)",
    "Action",
    "Person",
    "Return",
    "Digest",
    "Other return",
    "Other digest",
    "What",
    "Authority",
    "Rows",
    "Rounded",
    "Return year",
    "Serial number",
    "People",
    *(f"Findings: {SEVERITY_LABELS[each].lower()}" for each in SEVERITIES),
    "Previous hash",
    "Hash",
    "Last hash of the chain",
)


def audit_csv(entries: Sequence[AuditEntry], threshold: int = 0) -> bytes:
    """Every entry by chain and number. threshold: counts are rounded to multiples of it; 0: they are not."""
    heads = {entry.authority: entry.hash for entry in entries}
    return figures_csv(COLUMNS, (_cells(entry, heads[entry.authority], threshold) for entry in entries))


def _cells(entry: AuditEntry, head: str, threshold: int) -> list[Any]:
    # An entry that does not open says nothing but that it is there.
    event = entry.event
    action = event.action if event else "cannot be read"
    facts = _facts(event, threshold) if event else [None] * (len(COLUMNS) - 7)
    return [entry.authority or "none", entry.sequence, entry.time, action, *facts, entry.previous, entry.hash, head]


def _facts(event: Event, threshold: int) -> list[Any]:
    def shown(count: int | None) -> Any:
        return None if count is None else _plain(round_count(count, threshold))

    findings = event.findings or {}
    return [
        event.who,
        event.return_id,
        event.digest,
        event.other_id,
        event.other_digest,
        event.what,
        event.authority,
        shown(event.rows),
        event.is_rounded,
        event.year,
        event.serial_no,
        shown(event.people),
        *(shown(findings.get(each)) for each in SEVERITIES),
    ]


def _plain(count: Any) -> Any:
    return count if isinstance(count, int) else str(count)
