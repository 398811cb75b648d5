"""The audit: who did what with which return, and when, in a chain that shows where it was changed.

Each hash covers the entry and the hash before it, so anyone can check a chain without the key. With the key, an entry
that somebody rewrote together with all the hashes after it is noticed too, because an entry is sealed to its place.
Cutting off the end shows only beside an export. An entry has no place for a name, an identifier or a value of a child.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, Literal

import sqlalchemy as sa
from pydantic import BaseModel, Field, StringConstraints, ValidationError
from sqlalchemy import Connection, select

from sen2dash import RELEASE
from sen2dash.archive.keys import DataKey
from sen2dash.archive.tables import AUDIT
from sen2dash.errors import BadArchive
from sen2dash.indicators.suppression import round_count
from sen2dash.model import Frozen, Severity

Action = Literal[
    "open_archive",
    "wrong_key",
    "sign_in",
    "refused",
    "load",
    "keep",
    "open",
    "compare",
    "export",
    "download",
    "mark",
    "note",
    "accept_match",
    "label",
    "retention",
    "delete",
    "expire",
    "recompute",
    "repair",
    "right",
    "linked_file",
    "change_key",
    "erase",
]
Id = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{32}$")]
Digest = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
#: A word of the program's own, such as the kind of an export or the name of a page.
Word = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_.]{0,39}$")]
Number = Annotated[int, Field(ge=0, lt=2**53)]
#: The hash before the first entry.
GENESIS = "0" * 64
#: An entry that was written without the key: its action is in plain, and it says nothing else.
SEALED, WRONG_KEY = "sealed", "wrong_key"
COLUMNS = ("authority", "sequence", "time", "kind", "sealed", "previous", "hash")
READ_AT_A_TIME = 1_000
#: The counts of an event, besides its findings.
COUNTS = ("rows", "people")


class Event(Frozen):
    """What happened. who: the account, or the display name of who signed in.

    return_id, digest: the return; other_id, other_digest: the one it was compared with; of a return that was kept as
    XML made from other files, other_digest is that of the XML. what: which export, list, page, mark, right or form.
    authority: the one that was erased. rows: how many. is_rounded: whether it was for sharing. serial_no: only if it is
    a number. people, findings: of the return.
    """

    action: Action
    who: Annotated[str, StringConstraints(max_length=200)] = ""
    return_id: Id | None = None
    digest: Digest | None = None
    other_id: Id | None = None
    other_digest: Digest | None = None
    what: Word | None = None
    authority: Annotated[str, StringConstraints(pattern=r"^[0-9]{3}$")] | None = None
    rows: Number | None = None
    is_rounded: bool | None = None
    year: int | None = None
    serial_no: Annotated[str, StringConstraints(pattern=r"^[0-9]{1,6}$")] | None = None
    people: Number | None = None
    findings: Mapping[Severity, Number] | None = None


@dataclass(frozen=True)
class AuditEntry:
    """One entry of a chain. authority: empty, or the database role, for events without an authority.

    event: None if it does not open, if a newer release wrote it, and without a key.
    """

    authority: str
    sequence: int
    time: str
    kind: str
    previous: str
    hash: str
    event: Event | None


class ChainHead(BaseModel):
    """The last entry of a chain in an export."""

    sequence: int
    hash: Digest


class ExportedChain(BaseModel):
    """What is read again of one chain of an export."""

    chain: str
    head: ChainHead


class ExportedAudit(BaseModel):
    """What is read again of an export."""

    chains: tuple[ExportedChain, ...]


@dataclass(frozen=True)
class Chain:
    """A chain after it was checked. head: the last hash. broken_at, why: the first entry that is wrong."""

    authority: str
    n: int
    head: str
    broken_at: int | None = None
    why: str = ""


def append(connection: Connection, chain: str, event: Event, key: DataKey | None, time: datetime) -> None:
    """Add an entry to a chain whose lock the connection holds. key: None only for an event `wrong_key`."""
    newest = select(AUDIT.c.sequence, AUDIT.c.hash).where(AUDIT.c.authority == chain)
    last = connection.execute(newest.order_by(AUDIT.c.sequence.desc()).limit(1)).one_or_none()
    sequence, previous = (last.sequence + 1, last.hash) if last else (1, GENESIS)
    kind = SEALED if key else WRONG_KEY
    row: dict[str, Any] = {
        "authority": chain,
        "sequence": sequence,
        "time": time.isoformat(),
        "kind": kind,
        "sealed": b"",
        "previous": previous,
    }
    if key:
        row["sealed"] = key.seal(event.model_dump_json(exclude_defaults=True).encode(), *_place(row))
    connection.execute(sa.insert(AUDIT).values(**row, hash=_hash(row)))


def entries(connection: Connection, key: DataKey | None = None) -> Iterator[AuditEntry]:
    """Yield the entries of every chain that can be seen, by chain and sequence."""
    for row in _rows(connection):
        yield AuditEntry(**{name: row[name] for name in COLUMNS if name != "sealed"}, event=_event(row, key))


def verify(connection: Connection, own_chain: str, key: DataKey | None = None) -> tuple[Chain, ...]:
    """Check every chain that can be seen. key: also check that each entry opens in its place.

    own_chain: the chain for events without an authority, the only one with entries that were written without the key.
    """
    return tuple(_checked(_rows(connection), own_chain, key))


def cut_off(connection: Connection, exported: bytes) -> tuple[str, ...]:
    """Return the chains that no longer hold the last entry of an earlier export. Errors: BadArchive."""
    try:
        heads = ExportedAudit.model_validate_json(exported).chains
    except ValidationError:
        raise BadArchive("This is not an exported audit", "It is not as archive audit writes it.") from None
    held = {(row["authority"], row["sequence"], row["hash"]) for row in _rows(connection)}
    return tuple(each.chain for each in heads if (each.chain, each.head.sequence, each.head.hash) not in held)


def export(found: Iterable[AuditEntry], time: datetime, threshold: int = 0) -> dict[str, Any]:
    """Return the entries for a file, with the last hash of each chain: later, it shows whether the end was cut off.

    threshold: counts are rounded to multiples of it, and small ones hidden; 0: they are not. Places and hashes stay as
    they are, so that the file can be checked against the archive either way.
    """
    chains: dict[str, dict[str, Any]] = {}
    for entry in found:
        chain = chains.setdefault(entry.authority, {"chain": entry.authority, "head": {}, "entries": []})
        chain["head"] = {"sequence": entry.sequence, "hash": entry.hash}
        event = _protected(entry.event, threshold) if entry.event else {}
        facts = {"sequence": entry.sequence, "time": entry.time, **event}
        chain["entries"].append({**facts, "previous": entry.previous, "hash": entry.hash})
    about = {"counts_rounded_to": threshold} if threshold else {}
    return {"release": RELEASE, "exported_at": time.isoformat(), **about, "chains": list(chains.values())}


def _protected(event: Event, threshold: int) -> dict[str, Any]:
    """What an event says, with its counts as they may be shown."""

    def shown(count: int) -> int | str:
        found = round_count(count, threshold)
        return found if isinstance(found, int) else str(found)

    facts = event.model_dump(mode="json", exclude_defaults=True)
    facts |= {name: shown(facts[name]) for name in COUNTS if name in facts}
    if "findings" in facts:
        facts["findings"] = {severity: shown(count) for severity, count in facts["findings"].items()}
    return facts


def _checked(rows: Iterable[Mapping[str, Any]], own_chain: str, key: DataKey | None) -> Iterator[Chain]:
    chains: dict[str, Chain] = {}
    for row in rows:
        name = row["authority"]
        before = chains.get(name, Chain(name, 0, GENESIS))
        why = before.why if before.broken_at is not None else _fault(row, before, own_chain, key)
        broken_at = before.broken_at if before.broken_at is not None else _number(row, before) if why else None
        chains[name] = Chain(name, before.n + 1, row["hash"], broken_at, why)
    yield from chains.values()


def _number(row: Mapping[str, Any], before: Chain) -> int:
    """The number of an entry; the next one in its chain if it has none, as SQLite allows."""
    return row["sequence"] if isinstance(row["sequence"], int) else before.n + 1


def _fault(row: Mapping[str, Any], before: Chain, own_chain: str, key: DataKey | None) -> str:
    """Why an entry is not as it should be; empty if it is."""
    if row["sequence"] != before.n + 1:
        return "an entry before it is missing"
    if row["previous"] != before.head:
        return "it does not follow the entry before it"
    if row["hash"] != _hash(row):
        return "it was changed"
    if row["kind"] == WRONG_KEY:
        # Anyone can write one, so it says nothing, and replaces nothing in the chain of an authority.
        return "" if row["authority"] == own_chain and not row["sealed"] else "it was replaced"
    if row["kind"] != SEALED or (key and key.unseal(row["sealed"], *_place(row)) is None):
        return "it was replaced"
    return ""


def _rows(connection: Connection) -> Iterator[Mapping[str, Any]]:
    query = select(*(AUDIT.c[name] for name in COLUMNS)).order_by(AUDIT.c.authority, AUDIT.c.sequence)
    yield from map(dict, connection.execution_options(yield_per=READ_AT_A_TIME).execute(query).mappings())


def _event(row: Mapping[str, Any], key: DataKey | None) -> Event | None:
    if row["kind"] == WRONG_KEY:
        return Event(action="wrong_key")
    data = key.unseal(row["sealed"], *_place(row)) if key else None
    try:
        return Event.model_validate_json(data) if data is not None else None
    except ValidationError:
        # A newer release wrote it: it opens, so nobody else did.
        return None


def _place(row: Mapping[str, Any]) -> tuple[str, ...]:
    """What the seal of an entry covers besides the event."""
    return ("audit", *(str(row[name]) for name in ("authority", "sequence", "time", "previous")))


def _hash(row: Mapping[str, Any]) -> str | None:
    """The hash of an entry; None if it holds text where bytes should be, as SQLite allows."""
    if not isinstance(row["sealed"], bytes):
        return None
    parts = (str(row[name]).encode() for name in ("authority", "sequence", "time", "kind", "previous"))
    covered = hashlib.sha256()
    for part in (*parts, row["sealed"]):
        covered.update(len(part).to_bytes(8, "big") + part)
    return covered.hexdigest()
