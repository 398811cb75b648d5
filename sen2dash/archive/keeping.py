"""Keep a return, and change what is kept with it: label, end date, marks, notes, summary.

Every change is one transaction with its entry in the audit: either both are there, or neither.
"""

from __future__ import annotations

import hashlib
import mmap
import re
import secrets
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Literal

import sqlalchemy as sa
from sqlalchemy import Connection, func, select

from sen2dash.archive import packing, sealing
from sen2dash.archive.kept import (
    ATTACHED,
    MAX_LABEL,
    MAX_NAME,
    MAX_NOTE,
    Kept,
    Manifest,
    damaged,
    event_of,
    find,
    id_with,
    seal,
    sealed_column,
    unsealed,
)
from sen2dash.archive.kinds import Kind
from sen2dash.archive.opened import Archive
from sen2dash.archive.summary import summarise
from sen2dash.archive.tables import ATTACHMENTS, RETURNS
from sen2dash.checks.report import Report
from sen2dash.errors import BadArchive
from sen2dash.model import SEVERITIES
from sen2dash.text import flat, long_date

#: The years that a return is kept without a setting or an end date, and the most.
RETENTION_YEARS, MOST_YEARS = 3, 7
#: Code of the software that makes made-up returns.
MADE_UP = "sen2dash sample"
AUTHORITY = re.compile(r"[0-9]{3}")


@dataclass(frozen=True)
class Wanted:
    """How a return is to be kept. retain_until: None for the period of the settings."""

    label: str = ""
    kind: Kind = "mock"
    note: str = ""
    file_name: str = ""
    retain_until: date | None = None


def keep(archive: Archive, source: bytes | mmap.mmap, report: Report, wanted: Wanted) -> tuple[str, bool]:
    """Keep a return that was checked. Returns its id, and whether it is new: one digest is kept once.

    source: the bytes that the report was made from. Of a return that is there, label and note are replaced if given.
    Errors: BadArchive if the bytes are others, if it names no authority or another one, if it would be mixed with
    made-up ones, if its period has ended, or if there is no room.
    """
    digest = report.facts.sha256
    if hashlib.sha256(source).hexdigest() != digest:
        raise BadArchive("The file has changed", "It differs from the one that was checked.", "Keep it again.")
    authority = check_authority(archive, report.collection.lea)
    ends = _retain_until(archive, report.collection.census_date, wanted.retain_until)
    ident = secrets.token_hex(16)
    manifest = _manifest(archive, report, len(source), wanted)
    fingerprint, xml = archive.key.fingerprint(digest), archive.key.seal(packing.compress(source), "xml", ident)
    row = {
        "id": ident,
        "authority": authority,
        "fingerprint": fingerprint,
        "retain_until": ends,
        "kept_at": manifest.loaded_at.isoformat(),
        "manifest": seal(archive, manifest, "manifest", ident),
        "summary": seal(archive, summarise(report, manifest.loaded_at), "summary", ident),
        "xml": xml,
    }
    with archive.writing(authority) as connection:
        known = id_with(connection, fingerprint)
        if known is None:
            _refuse_mixing(archive, connection, authority, manifest.is_made_up)
            _refuse_overflow(archive, connection, authority, len(xml))
            last = connection.scalar(select(func.max(RETURNS.c.place)).where(RETURNS.c.authority == authority))
            connection.execute(sa.insert(RETURNS).values(**row, place=(last or 0) + 1))
            kept = Kept(ident, authority, ends, manifest, None, False)
            findings = {severity: report.n_findings(severity) for severity in SEVERITIES}
            event = event_of("keep", kept).model_copy(update={"findings": findings})
            archive.note(connection, authority, event)
            return ident, True
    if wanted.label or wanted.note:
        relabel(archive, find(archive, known), label=wanted.label or None, note=wanted.note or None)
    return known, False


def check_lea(lea: str | None) -> str:
    """Return the authority that a return is kept for. Errors: BadArchive if its header names none."""
    if lea is None or not AUTHORITY.fullmatch(lea):
        raise BadArchive(
            "The return names no authority",
            "A return is kept for the authority in its header, which needs a number of three digits.",
            "Correct the item LEA of the header first.",
        )
    return lea


def check_authority(archive: Archive, lea: str | None) -> str:
    """Return the authority that a return is kept for. Errors: BadArchive if the archive is not for it."""
    authority = check_lea(lea)
    if archive.database.authorities is not None and authority not in archive.database.authorities:
        raise BadArchive(
            "This archive is not for this authority",
            f"The database role has no right to keep returns of authority {authority}.",
            "Ask the owner of the database to admit it with archive prepare.",
        )
    return authority


def relabel(
    archive: Archive,
    kept: Kept,
    label: str | None = None,
    kind: Kind | None = None,
    note: str | None = None,
    retain_until: date | None = None,
) -> None:
    """Change what a kept return is called, its kind, its note or its end date. None: as it was. Errors: BadArchive."""
    if kept.manifest is None:
        raise damaged(kept)
    new = {
        "label": None if label is None else flat(label, MAX_LABEL - 1),
        "kind": kind,
        "note": None if note is None else note[:MAX_NOTE],
    }
    ends = None if retain_until is None else _retain_until(archive, retain_until, retain_until)
    with archive.writing(kept.authority) as connection:
        # As it is now: another window may have changed it since it was listed.
        manifest = unsealed(archive, sealed_column(connection, kept, "manifest"), "manifest", kept.id, Manifest)
        if manifest is None:
            raise damaged(kept)
        changed = manifest.model_copy(update={name: value for name, value in new.items() if value is not None})
        columns: dict[str, Any] = {"manifest": seal(archive, changed, "manifest", kept.id)}
        if ends is not None:
            columns["retain_until"] = ends
        connection.execute(sa.update(RETURNS).where(RETURNS.c.id == kept.id).values(**columns))
        if changed != manifest:
            archive.note(connection, kept.authority, event_of("label", kept))
        if ends is not None:
            archive.note(connection, kept.authority, event_of("retention", kept))


def attach(archive: Archive, kept: Kept, kind: Literal["marks", "notes"], value: Any) -> None:
    """Keep marks or notes beside a return, in place of those that are there. value: as ATTACHED names it."""
    sealed = archive.key.seal(packing.compress(ATTACHED[kind].dump_json(value)), kind, kept.id)
    names = {"return_id": kept.id, "kind": kind, "authority": kept.authority}
    with archive.writing(kept.authority) as connection:
        sealed_column(connection, kept, "manifest")
        same = (ATTACHMENTS.c.return_id == kept.id) & (ATTACHMENTS.c.kind == kind)
        connection.execute(sa.delete(ATTACHMENTS).where(same))
        connection.execute(sa.insert(ATTACHMENTS).values(**names, saved_at=archive.now().isoformat(), sealed=sealed))
        rows = len(value) if kind == "notes" else len(value.mark)
        event = event_of("mark" if kind == "marks" else "note", kept).model_copy(update={"rows": rows})
        archive.note(connection, kept.authority, event)


def renew(archive: Archive, kept: Kept, report: Report) -> None:
    """Replace the summary of a kept return by one made with this release. report: of `original`."""
    if kept.manifest is None or report.facts.sha256 != kept.manifest.sha256:
        raise damaged(kept)
    sealed = seal(archive, summarise(report, archive.now()), "summary", kept.id)
    with archive.writing(kept.authority) as connection:
        sealed_column(connection, kept, "summary")
        connection.execute(sa.update(RETURNS).where(RETURNS.c.id == kept.id).values(summary=sealed))
        archive.note(connection, kept.authority, event_of("recompute", kept))


def _manifest(archive: Archive, report: Report, size: int, wanted: Wanted) -> Manifest:
    header = report.header
    return Manifest(
        year=report.collection.year,
        reference_date=report.collection.census_date,
        serial_no=flat(header["SerialNo"] or "", MAX_LABEL - 1),
        header_time=flat(header["DateTime"] or "", MAX_LABEL - 1),
        software=flat(header["SoftwareCode"] or "", MAX_LABEL - 1),
        file_name=wanted.file_name[:MAX_NAME],
        size=size,
        sha256=report.facts.sha256,
        persons=report.counts["person"],
        label=flat(wanted.label, MAX_LABEL - 1),
        kind=wanted.kind,
        note=wanted.note[:MAX_NOTE],
        who=archive.who,
        loaded_at=archive.now(),
        is_made_up=header["SoftwareCode"] == MADE_UP,
    )


def _retain_until(archive: Archive, census_date: date, wanted: date | None) -> date:
    """The end date of a return. Errors: BadArchive if it is not from tomorrow to seven years from now."""
    today, days = archive.settings.clock().date(), archive.settings.archive_retention_days
    ends = wanted or (census_date + timedelta(days=days) if days else _years_after(census_date, RETENTION_YEARS))
    if today < ends <= _years_after(today, MOST_YEARS):
        return ends
    if wanted is None:
        raise BadArchive(
            "The return is too old to be kept without an end date",
            f"Its period would have ended on {long_date(ends)}.",
            "Say until when to keep it: --retain-until and a date.",
        )
    raise BadArchive(
        "A return cannot be kept until then",
        f"{long_date(ends)} is not between tomorrow and {long_date(_years_after(today, MOST_YEARS))}.",
    )


def _years_after(day: date, years: int) -> date:
    """The same day some years later; 1 March for 29 February."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)


def _refuse_mixing(archive: Archive, connection: Connection, authority: str, is_made_up: bool) -> None:
    rows = connection.execute(select(RETURNS.c.id, RETURNS.c.manifest).where(RETURNS.c.authority == authority))
    found = (unsealed(archive, row.manifest, "manifest", row.id, Manifest) for row in rows)
    if any(each.is_made_up != is_made_up for each in found if each is not None):
        raise BadArchive(
            "Made-up and real returns are not kept together",
            f"The archive holds {'real' if is_made_up else 'made-up'} returns of authority {authority}.",
            "Use another archive, or delete them first.",
        )


def _refuse_overflow(archive: Archive, connection: Connection, authority: str, size: int) -> None:
    if size > sealing.MAX_BYTES:
        raise BadArchive("The return is too large to be kept", f"It takes {size / 1e6:,.0f} MB, encrypted.")
    held = connection.scalar(select(func.sum(func.length(RETURNS.c.xml))).where(RETURNS.c.authority == authority)) or 0
    if held + size > archive.settings.archive_limit_mb * 1_000_000:
        raise BadArchive(
            "The archive is full",
            f"Its returns take {held / 1e6:,.0f} MB; the limit is {archive.settings.archive_limit_mb:,} MB.",
            "Delete a return, or ask your administrator to raise SEN2DASH_ARCHIVE_LIMIT_MB.",
        )
