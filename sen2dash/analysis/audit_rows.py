"""The audit as rows to read: who did what, when, and with which return. Draws on no page.

An entry holds no name, identifier or value of a child, and nothing is added to it here but the name of a kept return.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sen2dash import spec
from sen2dash.analysis.trend_chart import uk_time
from sen2dash.archive.audit import Action, AuditEntry, Chain, Event
from sen2dash.archive.deleting import NOTICE_GIVEN
from sen2dash.archive.kept import KeptReturn
from sen2dash.indicators.figures import count_text
from sen2dash.indicators.suppression import round_count
from sen2dash.model import SEVERITIES, Severity
from sen2dash.reading.other.forms import NAMES
from sen2dash.text import flat

#: What each action is called.
ACTIONS: Mapping[Action, str] = {
    "open_archive": "Opened the archive",
    "wrong_key": "Tried a wrong key",
    "sign_in": "Signed in",
    "refused": "Was refused",
    "load": "Loaded a return",
    "keep": "Kept a return",
    "open": "Opened a kept return",
    "compare": "Compared",
    "export": "Exported",
    "download": "Downloaded",
    "mark": "Marked findings",
    "note": "Wrote notes",
    "accept_match": "Accepted a match",
    "label": "Changed a label",
    "retention": "Changed an end date",
    "delete": "Deleted a return",
    "expire": "Deleted a return that had ended",
    "recompute": "Recomputed a summary",
    "repair": "Repaired a return",
    "right": "Changed a right",
    "linked_file": "Loaded a linked file",
    "change_key": "Changed the key",
    "erase": "Erased an authority",
}
GAVE_NOTICE = "Was shown that a return has ended"
UNREADABLE = "Cannot be read"
NOBODY = "not known"
#: Letters of an id, or of a digest, that tell it from others.
SHORT = 12
FINDINGS: Mapping[Severity, tuple[str, str]] = {
    "error": ("error", "errors"),
    "query": ("query", "queries"),
    "info": ("item of information", "items of information"),
}


@dataclass(frozen=True)
class AuditRow:
    """One entry to read. time: in the United Kingdom. chain, number: its place in the audit."""

    time: datetime
    chain: str
    number: int
    action: str
    who: str
    kept: str
    details: str
    digest: str


@dataclass(frozen=True)
class AuditFilter:
    """Which rows to show. Empty: all. first, last: days, both included."""

    actions: Collection[str] = ()
    people: Collection[str] = ()
    first: date | None = None
    last: date | None = None

    def has(self, row: AuditRow) -> bool:
        """Whether a row is wanted."""
        day = row.time.date()
        return (
            (not self.actions or row.action in self.actions)
            and (not self.people or row.who in self.people)
            and (self.first is None or self.first <= day)
            and (self.last is None or day <= self.last)
        )


def rows(entries: Iterable[AuditEntry], kept: Iterable[KeptReturn], threshold: int = 0) -> tuple[AuditRow, ...]:
    """The entries, the newest first. kept: the returns that are still there, which have names. threshold: as in
    `Selection`.
    """
    names = {each.id: flat(each.name) for each in kept}
    found = [_row(entry, names, threshold) for entry in entries]
    return tuple(sorted(found, key=lambda row: (row.time, row.chain, row.number), reverse=True))


def chain_name(chain: str) -> str:
    """The name of a chain: its authority, or that its events belong to none."""
    if not chain.isdigit():
        return "No authority"
    found = spec.authorities().get(chain)
    return found.name if found else f"Authority {chain}"


def verdict(chain: Chain) -> str:
    """What a check of a chain found, in a sentence."""
    if chain.broken_at is None:
        return f"unbroken, {chain.n:,} {'entry' if chain.n == 1 else 'entries'}."
    return f"broken at entry {chain.broken_at:,}: {chain.why}."


def with_hash(entries: Iterable[AuditEntry], text: str) -> AuditEntry | None:
    """The entry with this hash, however it was typed; None if no chain holds it."""
    wanted = "".join(text.split()).lower()
    return next((entry for entry in entries if entry.hash == wanted), None)


def visible(chains: Iterable[str], own_chain: str, authority: str) -> frozenset[str]:
    """The chains that a person may see. authority: the only one that they work for; empty for any.

    Events without an authority are left out where they may be about people of another one.
    """
    known = frozenset(chains)
    if not authority:
        return known
    return known if known <= {authority, own_chain} else known & {authority}


def _row(entry: AuditEntry, names: Mapping[str, str], threshold: int) -> AuditRow:
    event = entry.event
    time = _time(entry.time)
    if event is None:
        return AuditRow(time, entry.authority, number_of(entry), UNREADABLE, NOBODY, "", "", "")
    return AuditRow(
        time,
        entry.authority,
        number_of(entry),
        GAVE_NOTICE if (event.action, event.what) == ("retention", NOTICE_GIVEN) else ACTIONS[event.action],
        flat(event.who) or NOBODY,
        _return(event, names),
        ", ".join(_details(event, names, threshold)),
        (event.digest or "")[:SHORT],
    )


def _time(text: str) -> datetime:
    """The time of an entry; the first of all if somebody changed it to none."""
    try:
        return uk_time(datetime.fromisoformat(text))
    except (TypeError, ValueError, OverflowError):
        return datetime.min


def number_of(entry: AuditEntry) -> int:
    """The number of an entry; 0 if somebody changed it to none, as SQLite allows."""
    return entry.sequence if isinstance(entry.sequence, int) else 0


def _return(event: Event, names: Mapping[str, str]) -> str:
    """The return of an entry: 2027 003 First mock."""
    parts = (str(event.year or ""), event.serial_no or "", _name(event.return_id, names))
    return " ".join(part for part in parts if part)


def _name(ident: str | None, names: Mapping[str, str]) -> str:
    """A kept return by its name, or by its id if it is no longer there."""
    if ident is None:
        return ""
    return names.get(ident) or f"{ident[:SHORT]}, deleted"


def _details(event: Event, names: Mapping[str, str], threshold: int) -> Sequence[str]:
    def counted(count: int, one: str, many: str) -> str:
        shown = round_count(count, threshold)
        return f"{count_text(shown)} {one if shown == 1 else many}"

    found = []
    if event.other_id:
        found.append(f"with {_name(event.other_id, names)}")
    if event.what:
        is_form = event.action == "keep" and event.what in NAMES
        found.append(f"XML made from {NAMES[event.what]}" if is_form else event.what)
    if event.authority:
        found.append(f"authority {event.authority}")
    if event.rows is not None:
        found.append(counted(event.rows, "row", "rows"))
    if event.is_rounded is not None:
        found.append("rounded" if event.is_rounded else "not rounded")
    if event.people is not None:
        found.append(counted(event.people, "person", "people"))
    counts = event.findings or {}
    found += [counted(counts[each], *FINDINGS[each]) for each in SEVERITIES if each in counts]
    return found
