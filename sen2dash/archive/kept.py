"""Kept returns as they are read: list them, find one, open it. Every change is in `keeping` and `deleting`.

A return is known by 128 random bits. What is sealed says everything about it; without the key only its authority and
its dates can be read. A damaged one, or one that a newer release kept, is listed with its id, and the others open.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from types import MappingProxyType
from typing import Annotated, Any, Literal, NamedTuple, TypeVar

from pydantic import StringConstraints, TypeAdapter, ValidationError
from sqlalchemy import ColumnElement, Connection, RowMapping, String, select, type_coerce

from sen2dash import RELEASE
from sen2dash.archive import packing
from sen2dash.archive.audit import Event
from sen2dash.archive.kinds import KIND_LABELS, Kind
from sen2dash.archive.opening import Archive
from sen2dash.archive.parts import SavedMarks, SavedTeams
from sen2dash.archive.summary import Summary
from sen2dash.archive.tables import ATTACHMENTS, RETURNS
from sen2dash.checks.notes import Edit
from sen2dash.checks.report import Report
from sen2dash.errors import BadArchive, NewerRecord
from sen2dash.model import Frozen
from sen2dash.reading.other.bundle import Bundle, MadeFrom

#: How long an ended return can still be saved.
NOTICE = timedelta(days=14)
#: The fewest letters of an id that can be given in its place.
SHORT_ID = 6
MAX_LABEL, MAX_NOTE, MAX_NAME = 100, 2_000, 255
#: How many returns are read at a time, each of which takes a megabyte or two.
READ_AT_A_TIME = 10
#: The name of XML in a bundle that was made from other files. Nobody sees it.
MADE_NAME = "return.xml"
#: What can be kept beside a return.
Attachment = Literal["marks", "notes", "teams"]
ATTACHED: Mapping[Attachment, TypeAdapter[Any]] = MappingProxyType(
    {"marks": TypeAdapter(SavedMarks), "notes": TypeAdapter(dict[str, Edit]), "teams": TypeAdapter(SavedTeams)}
)
Sealed = TypeVar("Sealed", bound=Frozen)


class Stamp(NamedTuple):
    """Which marks, notes or teams are there. saved_at: when they were kept, in UTC. digest: another one each time."""

    saved_at: str
    digest: str


Stamps = Mapping[Attachment, Stamp]


class Manifest(Frozen):
    """What is known about a kept return without opening it. Sealed.

    header_time: from the return, as it says it. who, loaded_at: who kept it, and when in UTC. sha256: of what was
    given. made_from: the XML that is kept was made from this. size: of the XML.
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
    made_from: MadeFrom | None = None

    @property
    def xml_sha256(self) -> str:
        """The digest of the XML that is kept."""
        return self.sha256 if self.made_from is None else self.made_from.xml_sha256


@dataclass(frozen=True)
class KeptReturn:
    """A kept return in the list. manifest: None if it is damaged or newer. retain_until: None if it is damaged.

    is_damaged: it cannot be opened as a whole. is_newer: a newer release described it in a way that this one does not
    know.
    """

    id: str
    authority: str
    retain_until: date | None
    manifest: Manifest | None
    summary: Summary | None
    is_damaged: bool
    is_newer: bool = False

    @property
    def removed_on(self) -> date | None:
        """The day from which opening the archive deletes it; None for never."""
        return self.retain_until + NOTICE + timedelta(days=1) if self.retain_until else None

    @property
    def name(self) -> str:
        """A name for a list: its label, or the kind and serial number."""
        if self.manifest is None:
            return self.id
        made = f"{KIND_LABELS[self.manifest.kind]} {self.manifest.serial_no}".strip()
        return self.manifest.label or made


def listed(archive: Archive, is_thorough: bool = True, start: str = "") -> tuple[KeptReturn, ...]:
    """Return every kept return, by authority, year and when it was loaded; those that cannot be read last.

    is_thorough: also try the return itself, which takes a millisecond for each. Without it, `is_damaged` covers only
    what describes the return. start: only those whose id starts like this.
    """
    columns = [RETURNS.c[name] for name in ("id", "authority", "manifest", "summary")]
    query = select(*columns, ends_column(), *([RETURNS.c.xml] if is_thorough else ())).order_by(RETURNS.c.place)
    query = query.where(RETURNS.c.id.startswith(start, autoescape=True)).execution_options(yield_per=READ_AT_A_TIME)
    found = []
    with archive.database.reading() as connection:
        for row in connection.execute(query).mappings():
            is_open = not is_thorough or archive.key.unseal(row["xml"], "xml", row["id"]) is not None
            found.append(_kept_return(archive, row, is_open))
    return tuple(sorted(found, key=_place))


def find(archive: Archive, ident: str, is_thorough: bool = False) -> KeptReturn:
    """Return one kept return by its id, or by the first letters of it if no other starts like this.

    is_thorough: as in `listed`. Errors: BadArchive if there is none, or several.
    """
    is_id = len(ident) >= SHORT_ID and re.fullmatch("[0-9a-f]+", ident)
    matching = listed(archive, is_thorough, ident) if is_id else ()
    if len(matching) != 1:
        why = "More than one id starts like this." if matching else "No kept return has this id."
        raise BadArchive("There is no such return", why, "See python -m sen2dash archive list.")
    return matching[0]


def id_of(archive: Archive, digest: str) -> str | None:
    """Return the id of the kept return with this SHA-256; None if there is none."""
    with archive.database.reading() as connection:
        return id_with(connection, archive.key.fingerprint(digest))


def is_read_alike(kept: KeptReturn, report: Report, is_any_xml: bool = False) -> bool:
    """Whether a report with the digest of a kept return is of the same return, if what describes that can be read.

    The digest is of the files alone: a workbook can be given another header, and two dates can be exchanged. With XML
    that was made from files, it only came with it, so the XML is compared too, unless is_any_xml.
    """
    manifest, made, origin = kept.manifest, report.collection, report.origin
    if manifest is None:
        return True
    if manifest.made_from is None or origin is None:
        return manifest.made_from is None and origin is None
    if origin.is_xml and not is_any_xml and origin.xml_sha256 != manifest.xml_sha256:
        return False
    before = (kept.authority, manifest.year, manifest.reference_date, manifest.made_from.swapped)
    return before == (made.lea, made.year, made.census_date, origin.swapped)


def is_kept_as(report: Report, kept: KeptReturn) -> bool:
    """Whether a report is of this kept return: of the same files, read alike."""
    return kept.manifest is not None and kept.manifest.sha256 == report.facts.sha256 and is_read_alike(kept, report)


def original(archive: Archive, kept: KeptReturn) -> bytes:
    """Return the bytes of a kept return exactly as they were given, and note that it was opened.

    Of one that is not XML, a bundle of the XML that was made from it. Errors: BadArchive if it is damaged.
    """
    with archive.database.reading() as connection:
        sealed = sealed_column(connection, kept, "xml")
    packed = archive.key.unseal(sealed, "xml", kept.id)
    data = packing.expand(packed) if packed is not None else None
    if data is None or kept.manifest is None or hashlib.sha256(data).hexdigest() != kept.manifest.xml_sha256:
        raise unreadable(kept)
    archive.record(event_of("open", kept), kept.authority)
    made_from = kept.manifest.made_from
    return data if made_from is None else Bundle(((MADE_NAME, data),), made_from=made_from).packed()


def attached(archive: Archive, kept: KeptReturn, kind: Attachment) -> Any:
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
    try:
        return ATTACHED[kind].validate_json(data)
    except ValidationError:
        raise newer(kept.id) from None


def stamps(archive: Archive, kept: KeptReturn) -> Stamps:
    """Return which marks, notes and teams are kept beside a return now, without opening them."""
    with archive.database.reading() as connection:
        return stamps_in(connection, kept)


def stamps_in(connection: Connection, kept: KeptReturn) -> Stamps:
    """The same in a transaction."""
    query = select(ATTACHMENTS.c.kind, ATTACHMENTS.c.saved_at, ATTACHMENTS.c.sealed)
    found = connection.execute(query.where(ATTACHMENTS.c.return_id == kept.id))
    # SQLite holds any value in any column.
    return {kind: Stamp(str(at), hashlib.sha256(_bytes(sealed)).hexdigest()) for kind, at, sealed in found}


def _bytes(value: Any) -> bytes:
    return value if isinstance(value, bytes) else str(value).encode()


def _kept_return(archive: Archive, row: RowMapping, is_open: bool) -> KeptReturn:
    ends, found = day_of(row["retain_until"]), dict[str, Any]()
    is_damaged, is_newer = not is_open or ends is None, False
    models: tuple[tuple[str, type[Frozen]], ...] = (("manifest", Manifest), ("summary", Summary))
    for name, model in models:
        try:
            found[name] = unsealed(archive, row[name], name, row["id"], model)
            is_damaged = is_damaged or found[name] is None
        except NewerRecord:
            found[name], is_newer = None, True
    return KeptReturn(row["id"], row["authority"], ends, **found, is_damaged=is_damaged, is_newer=is_newer)


def _place(kept: KeptReturn) -> tuple[Any, ...]:
    if kept.manifest is None:
        return kept.authority, True, 0, ""
    return kept.authority, False, kept.manifest.year, kept.manifest.loaded_at.isoformat()


def ends_column() -> ColumnElement[Any]:
    """The column of the end date, not yet read as a date: SQLite may hold a text there that is none. See `day_of`."""
    return type_coerce(RETURNS.c.retain_until, String).label("retain_until")


def day_of(value: Any) -> date | None:
    """Read an end date, which SQLite holds as text; None if it is damaged."""
    try:
        return value if isinstance(value, date) else date.fromisoformat(value)
    except (TypeError, ValueError):
        return None


def event_of(action: Any, kept: KeptReturn) -> Event:
    """An event about a kept return. The serial number is left out if it is not a number: it could be anything."""
    manifest = kept.manifest
    if manifest is None:
        return Event(action=action, return_id=kept.id)
    serial = manifest.serial_no if re.fullmatch("[0-9]{1,6}", manifest.serial_no) else None
    facts = {"digest": manifest.sha256, "year": manifest.year, "serial_no": serial, "people": manifest.persons}
    return Event(action=action, return_id=kept.id, **facts)


def compared(
    archive: Archive,
    before: KeptReturn,
    after: KeptReturn,
    action: Literal["compare", "export"] = "compare",
    what: str | None = None,
    rows: int | None = None,
) -> None:
    """Note that two kept returns were compared, or the comparison exported. what, rows: as in an event."""
    digest = after.manifest.sha256 if after.manifest else None
    facts = {"other_id": after.id, "other_digest": digest, "what": what, "rows": rows}
    event = event_of(action, before).model_copy(update=facts)
    for authority in sorted({before.authority, after.authority}):
        archive.record(event, authority)


def id_with(connection: Connection, fingerprint: str) -> str | None:
    """Return the id of the return with this fingerprint; None if there is none."""
    return connection.scalar(select(RETURNS.c.id).where(RETURNS.c.fingerprint == fingerprint))


def sealed_column(connection: Connection, kept: KeptReturn, column: str) -> Any:
    """One sealed column as it is now. Errors: BadArchive if the return has been deleted."""
    found = connection.execute(select(RETURNS.c[column]).where(RETURNS.c.id == kept.id)).one_or_none()
    if found is None:
        raise BadArchive(
            "There is no such return",
            "The return has been deleted since you listed it.",
            "List the kept returns again.",
        )
    return found[0]


def seal(archive: Archive, value: Frozen, kind: str, ident: str) -> bytes:
    """Seal what describes a return."""
    return archive.key.seal(packing.compress(value.model_dump_json().encode()), kind, ident)


def unsealed(archive: Archive, sealed: Any, kind: str, ident: str, model: type[Sealed]) -> Sealed | None:
    """Open what describes a return; None if it is damaged. Errors: NewerRecord."""
    packed = archive.key.unseal(sealed, kind, ident)
    data = packing.expand(packed) if packed is not None else None
    try:
        return model.model_validate_json(data) if data is not None else None
    except ValidationError:
        # It opens, so nobody has changed it.
        raise newer(ident) from None


def unreadable(kept: KeptReturn) -> BadArchive:
    """Return the error for a return that cannot be read: it is newer, or damaged."""
    return newer(kept.id) if kept.manifest is None and kept.is_newer else damaged(kept)


def newer(ident: str) -> NewerRecord:
    """Return the error for a return that a newer release kept."""
    return NewerRecord(
        "A kept return is from a newer release",
        f"This release does not know how the return {ident} is described. The others are not affected.",
        "Install the release that kept it, or a newer one.",
    )


def damaged(kept: KeptReturn) -> BadArchive:
    """Return the error for a return that does not open."""
    return BadArchive(
        "A kept return is damaged",
        f"The return {kept.id} cannot be opened. The others are not affected.",
        "Restore the archive from a backup, keep the return again from its file, or delete it.",
    )
