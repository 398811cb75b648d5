"""Kept returns as they are read: list them, find one, open it. Every change is in `keeping` and `ending`.

A return is known by 128 random bits. What is sealed says everything about it; without the key only its authority and
its dates can be read. A damaged one is listed with its id, and the others open.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from types import MappingProxyType
from typing import Annotated, Any, Literal, TypeVar

from pydantic import StringConstraints, TypeAdapter
from sqlalchemy import Connection, RowMapping, select

from sen2dash import RELEASE
from sen2dash.archive import packing
from sen2dash.archive.audit import Event
from sen2dash.archive.kinds import KIND_LABELS, Kind
from sen2dash.archive.opened import Archive
from sen2dash.archive.parts import SavedMarks
from sen2dash.archive.summary import Summary
from sen2dash.archive.tables import ATTACHMENTS, RETURNS
from sen2dash.checks.notes import Edit
from sen2dash.errors import BadArchive
from sen2dash.model import Frozen

#: How long an ended return can still be saved.
NOTICE = timedelta(days=14)
#: The least letters of an id that may stand for it.
SHORT_ID = 6
MAX_LABEL, MAX_NOTE, MAX_NAME = 100, 2_000, 255
#: What can be kept beside a return.
ATTACHED: Mapping[str, TypeAdapter[Any]] = MappingProxyType(
    {"marks": TypeAdapter(SavedMarks), "notes": TypeAdapter(dict[str, Edit])}
)
Sealed = TypeVar("Sealed", bound=Frozen)


class Manifest(Frozen):
    """What is known about a kept return without opening it. Sealed.

    header_time: from the return, as it says it. who, loaded_at: who kept it, and when in UTC.
    """

    year: int
    reference_date: date
    serial_no: str
    header_time: str
    software: str
    file_name: Annotated[str, StringConstraints(max_length=MAX_NAME)]
    size: int
    sha256: str
    persons: int
    label: Annotated[str, StringConstraints(max_length=MAX_LABEL)]
    kind: Kind
    note: Annotated[str, StringConstraints(max_length=MAX_NOTE)] = ""
    who: str
    loaded_at: datetime
    release: str = RELEASE
    is_made_up: bool = False


@dataclass(frozen=True)
class Kept:
    """A kept return in the list. manifest: None if it is damaged. is_damaged: it cannot be opened as a whole."""

    id: str
    authority: str
    retain_until: date
    manifest: Manifest | None
    summary: Summary | None
    is_damaged: bool

    @property
    def removed_on(self) -> date:
        """The day from which opening the archive deletes it."""
        return self.retain_until + NOTICE + timedelta(days=1)

    @property
    def name(self) -> str:
        """A name for a list: its label, or the kind and serial number."""
        if self.manifest is None:
            return self.id
        made = f"{KIND_LABELS[self.manifest.kind]} {self.manifest.serial_no}".strip()
        return self.manifest.label or made


def listed(archive: Archive, is_thorough: bool = True) -> tuple[Kept, ...]:
    """Return every kept return, by authority, year and when it was loaded; damaged ones last.

    is_thorough: also try the return itself, which takes a millisecond for each. Without it, `is_damaged` covers only
    what describes the return.
    """
    columns = [RETURNS.c[name] for name in ("id", "authority", "retain_until", "manifest", "summary")]
    query = select(*columns, *([RETURNS.c.xml] if is_thorough else ())).order_by(RETURNS.c.place)
    found = []
    with archive.database.reading() as connection:
        for row in connection.execute(query).mappings():
            is_open = not is_thorough or archive.key.unseal(row["xml"], "xml", row["id"]) is not None
            found.append(_kept(archive, row, is_open))
    return tuple(sorted(found, key=_place))


def find(archive: Archive, ident: str) -> Kept:
    """Return one kept return by its id, or by the first letters of it if no other begins so.

    Errors: BadArchive if there is none, or several.
    """
    matching = [each for each in listed(archive, is_thorough=False) if each.id.startswith(ident)]
    if len(ident) < SHORT_ID or not re.fullmatch("[0-9a-f]+", ident):
        matching = []
    if len(matching) != 1:
        why = "More than one return begins so." if matching else "No kept return has this id."
        raise BadArchive("There is no such return", why, "See python -m sen2dash archive list.")
    return matching[0]


def id_of(archive: Archive, digest: str) -> str | None:
    """Return the id of the kept return with this SHA-256; None if there is none."""
    with archive.database.reading() as connection:
        return id_with(connection, archive.key.fingerprint(digest))


def original(archive: Archive, kept: Kept) -> bytes:
    """Return the bytes of a kept return exactly as they were given, and note that it was opened.

    Errors: BadArchive if it is damaged.
    """
    with archive.database.reading() as connection:
        sealed = connection.scalar(select(RETURNS.c.xml).where(RETURNS.c.id == kept.id))
    packed = archive.key.unseal(sealed, "xml", kept.id) if sealed is not None else None
    data = packing.expand(packed) if packed is not None else None
    if data is None or kept.manifest is None or hashlib.sha256(data).hexdigest() != kept.manifest.sha256:
        raise damaged(kept)
    archive.record(event_of("open", kept), kept.authority)
    return data


def attached(archive: Archive, kept: Kept, kind: Literal["marks", "notes"]) -> Any:
    """Return what was kept beside a return, as ATTACHED names it; None if there is nothing. Errors: BadArchive."""
    query = select(ATTACHMENTS.c.sealed).where(ATTACHMENTS.c.return_id == kept.id, ATTACHMENTS.c.kind == kind)
    with archive.database.reading() as connection:
        sealed = connection.scalar(query)
    if sealed is None:
        return None
    packed = archive.key.unseal(sealed, kind, kept.id)
    data = packing.expand(packed) if packed is not None else None
    if data is None:
        raise damaged(kept)
    return ATTACHED[kind].validate_json(data)


def _kept(archive: Archive, row: RowMapping, is_open: bool) -> Kept:
    manifest = unsealed(archive, row["manifest"], "manifest", row["id"], Manifest)
    summary = unsealed(archive, row["summary"], "summary", row["id"], Summary)
    is_damaged = manifest is None or summary is None or not is_open
    return Kept(row["id"], row["authority"], row["retain_until"], manifest, summary, is_damaged)


def _place(kept: Kept) -> tuple[Any, ...]:
    if kept.manifest is None:
        return kept.authority, True, 0, ""
    return kept.authority, False, kept.manifest.year, kept.manifest.loaded_at.isoformat()


def event_of(action: Any, kept: Kept) -> Event:
    """An event about a kept return. The serial number is left out if it is not a number: it could be anything."""
    manifest = kept.manifest
    if manifest is None:
        return Event(action=action, return_id=kept.id)
    serial = manifest.serial_no if re.fullmatch("[0-9]{1,6}", manifest.serial_no) else None
    facts = {"digest": manifest.sha256, "year": manifest.year, "serial_no": serial, "people": manifest.persons}
    return Event(action=action, return_id=kept.id, **facts)


def compared(archive: Archive, before: Kept, after: Kept) -> None:
    """Note that two kept returns were compared."""
    digest = after.manifest.sha256 if after.manifest else None
    event = event_of("compare", before).model_copy(update={"other_id": after.id, "other_digest": digest})
    for authority in sorted({before.authority, after.authority}):
        archive.record(event, authority)


def id_with(connection: Connection, fingerprint: str) -> str | None:
    """Return the id of the return with this fingerprint; None if there is none."""
    return connection.scalar(select(RETURNS.c.id).where(RETURNS.c.fingerprint == fingerprint))


def sealed_column(connection: Connection, kept: Kept, column: str) -> bytes:
    """One sealed column as it is now. Errors: BadArchive if the return was deleted meanwhile."""
    found = connection.scalar(select(RETURNS.c[column]).where(RETURNS.c.id == kept.id))
    if found is None:
        raise BadArchive("The return is gone", "It was deleted meanwhile.", "See python -m sen2dash archive list.")
    return bytes(found)


def seal(archive: Archive, value: Frozen, kind: str, ident: str) -> bytes:
    """Seal what describes a return."""
    return archive.key.seal(packing.compress(value.model_dump_json().encode()), kind, ident)


def unsealed(archive: Archive, sealed: bytes, kind: str, ident: str, model: type[Sealed]) -> Sealed | None:
    """Open what describes a return; None if it is damaged."""
    packed = archive.key.unseal(sealed, kind, ident)
    data = packing.expand(packed) if packed is not None else None
    return model.model_validate_json(data) if data is not None else None


def damaged(kept: Kept) -> BadArchive:
    """Return the error for a return that does not open."""
    return BadArchive(
        "A kept return is damaged",
        f"The return {kept.id} cannot be opened. The others are not affected.",
        "Restore the archive from a backup, or delete this return.",
    )
