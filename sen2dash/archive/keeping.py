"""Keep a return, and change what is kept with it: label, end date, marks, notes, summary.

Every change is one transaction with its entry in the audit: either both are there, or neither.
"""

from __future__ import annotations

import hashlib
import mmap
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection, func, select

from sen2dash.archive import keeping_limits, packing
from sen2dash.archive.kept import (
    ATTACHED,
    MAX_LABEL,
    MAX_NAME,
    MAX_NOTE,
    Attachment,
    KeptReturn,
    Manifest,
    Stamps,
    damaged,
    event_of,
    find,
    id_of,
    id_with,
    is_read_alike,
    original,
    seal,
    sealed_column,
    stamps_in,
    unreadable,
    unsealed,
)
from sen2dash.archive.kinds import Kind
from sen2dash.archive.opening import Archive
from sen2dash.archive.summary import Summary, summarise
from sen2dash.archive.tables import ATTACHMENTS, RETURNS
from sen2dash.checks.report import OnProgress, Report, build_report
from sen2dash.errors import BadArchive
from sen2dash.model import SEVERITIES
from sen2dash.reading.other import bundle
from sen2dash.reading.other.bundle import MadeFrom
from sen2dash.text import flat

#: Code of the software that makes made-up returns.
MADE_UP = "sen2dash sample"
READ_OTHERWISE = "The same files are kept already, but were read in another way"
OTHERWISE = "They had another header, their review dates were exchanged, or another release made their XML."
OTHERWISE_HINT = "Delete the kept return first, or save this one as SEN2 XML, check that file and keep it."


@dataclass(frozen=True)
class KeepOptions:
    """How a return is to be kept. kind: None for a mock return. retain_until: None for the period of the settings."""

    label: str = ""
    kind: Kind | None = None
    note: str = ""
    file_name: str = ""
    retain_until: date | None = None


def keep(
    archive: Archive, source: bytes | mmap.mmap, report: Report, wanted: KeepOptions, is_made_here: bool = False
) -> tuple[str, bool]:
    """Keep a return that was checked. Returns its id, and whether it is new: one digest is kept once.

    source: the bytes that the report was made from; of a return that is not XML, those that `output.kept_form` makes.
    is_made_here: it has just made them, so that what they say of the files is known to be true.
    Of a return that is there, what is given is replaced: label, kind, note and end date; and if it is damaged, it is
    made whole.
    Errors: BadArchive if the bytes are others, if it names no authority or another one, if it would be mixed with
    made-up ones, if its period has ended, or if there is no room.
    """
    if (given := report.given) is not None:
        raise BadArchive(
            "Only XML files are kept",
            f"This return was made from {given.words}.",
            "Save it as SEN2 XML, check that file, and keep it.",
        )
    # Taken once: another program may write to the file at any time.
    data, made_from = _unpacked(source if isinstance(source, bytes) else source[:])
    digest = report.facts.sha256
    if (made_from.sha256 if made_from else hashlib.sha256(data).hexdigest()) != digest:
        raise BadArchive("The file has changed", "It differs from the one that was checked.", "Keep it again.")
    authority = keeping_limits.check_authority(archive, report.collection.lea)
    ident = id_of(archive, digest)
    if ident is None:
        ident, is_new = _keep_new(archive, authority, data, made_from, report, wanted)
        if is_new:
            return ident, True
    known = find(archive, ident, is_thorough=True)
    # Another release may write the XML of the same files in another way.
    if not is_read_alike(known, report, is_any_xml=is_made_here and known.is_damaged):
        raise BadArchive(READ_OTHERWISE, OTHERWISE, OTHERWISE_HINT)
    if made_from is not None and known.manifest is None and not known.is_newer and not is_made_here:
        raise BadArchive(
            "A kept return is damaged, and this may be another one",
            "The XML that is open says that it was made from the same files, which cannot be checked.",
            "Keep the return again from its files, or delete the damaged one first.",
        )
    _keep_again(archive, known, data, made_from, report, wanted)
    return ident, False


def _unpacked(data: bytes) -> tuple[bytes, MadeFrom | None]:
    """The XML to keep, and what it was made from. Its digest was checked when it was read."""
    made_from = bundle.opened(data).made_from if bundle.is_bundle(data) else None
    return (bundle.kept_xml(data) or data), made_from


def _keep_new(
    archive: Archive, authority: str, data: bytes, made_from: MadeFrom | None, report: Report, wanted: KeepOptions
) -> tuple[str, bool]:
    """Keep a return, unless another process has done so meanwhile. Returns its id, and whether this one did."""
    ends = keeping_limits.retain_until(archive.settings, report.collection.census_date, wanted.retain_until)
    ident = secrets.token_hex(16)
    manifest = _manifest(archive, report, len(data), made_from, wanted)
    fingerprint, columns = archive.key.fingerprint(report.facts.sha256), _sealed(archive, ident, data, report)
    row = {
        "id": ident,
        "authority": authority,
        "fingerprint": fingerprint,
        "retain_until": ends,
        "kept_at": manifest.loaded_at.isoformat(),
        "manifest": seal(archive, manifest, "manifest", ident),
        **columns,
    }
    with archive.writing(authority) as connection:
        known = id_with(connection, fingerprint)
        if known is not None:
            return known, False
        keeping_limits.refuse_mixing(archive, connection, authority, manifest.is_made_up)
        keeping_limits.refuse_overflow(archive, connection, authority, len(columns["xml"]))
        last = connection.scalar(select(func.max(RETURNS.c.place)).where(RETURNS.c.authority == authority))
        connection.execute(sa.insert(RETURNS).values(**row, place=last + 1 if isinstance(last, int) else 1))
        kept = KeptReturn(ident, authority, ends, manifest, None, False)
        findings = {severity: report.n_findings(severity) for severity in SEVERITIES}
        facts = {"findings": findings, **_facts_of(made_from)}
        archive.note(connection, authority, event_of("keep", kept).model_copy(update=facts))
    return ident, True


def _facts_of(made_from: MadeFrom | None) -> dict[str, Any]:
    """What an event says about files that are not XML: their form, and the digest of the XML made from them."""
    return {} if made_from is None else {"what": made_from.form, "other_digest": made_from.xml_sha256}


def _keep_again(
    archive: Archive, kept: KeptReturn, data: bytes, made_from: MadeFrom | None, report: Report, wanted: KeepOptions
) -> None:
    """Replace what is damaged of a return that is kept, and what is given."""
    if kept.is_damaged:
        if kept.is_newer:
            raise unreadable(kept)
        kept = _repair(archive, kept, data, made_from, report, wanted)
    given = {
        "label": wanted.label or None,
        "kind": wanted.kind,
        "note": wanted.note or None,
        "retain_until": wanted.retain_until,
    }
    if any(given.values()):
        relabel(archive, kept, **given)  # type: ignore[arg-type]


def _repair(
    archive: Archive, kept: KeptReturn, data: bytes, made_from: MadeFrom | None, report: Report, wanted: KeepOptions
) -> KeptReturn:
    """Seal a damaged return again under its id. What describes it stays as it was, where that can be read."""
    ends = kept.retain_until or keeping_limits.retain_until(
        archive.settings, report.collection.census_date, wanted.retain_until
    )
    columns = _sealed(archive, kept.id, data, report)
    with archive.writing(kept.authority) as connection:
        before = unsealed(archive, sealed_column(connection, kept, "manifest"), "manifest", kept.id, Manifest)
        manifest = before or _manifest(archive, report, len(data), made_from, wanted)
        manifest = manifest.model_copy(update={"made_from": made_from, "size": len(data)})
        columns["manifest"] = seal(archive, manifest, "manifest", kept.id)
        connection.execute(sa.update(RETURNS).where(RETURNS.c.id == kept.id).values(**columns, retain_until=ends))
        whole = replace(kept, manifest=manifest, retain_until=ends, is_damaged=False)
        archive.note(connection, kept.authority, event_of("repair", whole).model_copy(update=_facts_of(made_from)))
    return whole


def _sealed(archive: Archive, ident: str, data: bytes, report: Report) -> dict[str, bytes]:
    """The return and its summary, sealed to an id."""
    return {
        "xml": archive.key.seal(packing.compress(data), "xml", ident),
        "summary": seal(archive, summarise(report, archive.now()), "summary", ident),
    }


def relabel(
    archive: Archive,
    kept: KeptReturn,
    label: str | None = None,
    kind: Kind | None = None,
    note: str | None = None,
    retain_until: date | None = None,
) -> None:
    """Change what a kept return is called, its kind, its note or its end date. None: as it was. Errors: BadArchive."""
    if kept.manifest is None:
        raise unreadable(kept)
    new = {
        "label": None if label is None else flat(storable(label), MAX_LABEL - 1),
        "kind": kind,
        "note": None if note is None else storable(note)[:MAX_NOTE],
    }
    ends = None if retain_until is None else keeping_limits.retain_until(archive.settings, retain_until, retain_until)
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
        if ends not in (None, kept.retain_until):
            archive.note(connection, kept.authority, event_of("retention", kept))


def keep_work(archive: Archive, kept: KeptReturn, work: Mapping[Attachment, Any], seen: Stamps) -> Stamps:
    """Keep all the work on a return at once, and return what is there then.

    work: as ATTACHED names it; None for what is no longer to be kept. seen: what was there when this work began, from
    `stamps` or from this. Errors: BadArchive if something else is there now, because somebody else kept it.
    """
    with archive.writing(kept.authority) as connection:
        sealed_column(connection, kept, "manifest")
        there = stamps_in(connection, kept)
        if there != seen:
            raise BadArchive(
                "Other marks, notes or teams are kept with this return",
                "They were kept after you opened the return, or you have not opened it from the archive. They stay, "
                "and yours are not kept yet.",
                "To use them, open the kept return again: you will lose your own marks and notes. To keep yours "
                "instead, tick Replace them with mine and try again.",
            )
        for kind, value in work.items():
            if value is not None or kind in there:
                _attach(archive, connection, kept, kind, value)
        return stamps_in(connection, kept)


def _attach(archive: Archive, connection: Connection, kept: KeptReturn, kind: Attachment, value: Any) -> None:
    """Put it in place of what is there, and note it. value: None to delete what is there."""
    same = (ATTACHMENTS.c.return_id == kept.id) & (ATTACHMENTS.c.kind == kind)
    connection.execute(sa.delete(ATTACHMENTS).where(same))
    if value is not None:
        sealed = archive.key.seal(packing.compress(ATTACHED[kind].dump_json(value)), kind, kept.id)
        names = {"return_id": kept.id, "kind": kind, "authority": kept.authority}
        connection.execute(sa.insert(ATTACHMENTS).values(**names, saved_at=archive.now().isoformat(), sealed=sealed))
    facts = {"rows": _n_rows(kind, value), "what": "teams" if kind == "teams" else None}
    event = event_of("mark" if kind == "marks" else "note", kept).model_copy(update=facts)
    archive.note(connection, kept.authority, event)


def _n_rows(kind: Attachment, value: Any) -> int:
    """How many marks, notes or lines of a list of teams there are."""
    if value is None:
        return 0
    if kind == "notes":
        return len(value)
    return len(value.mark if kind == "marks" else value.lines)


def recompute(archive: Archive, kept: KeptReturn, on_progress: OnProgress = lambda _: None) -> None:
    """Check a kept return with this release, and replace its summary. Errors: BadArchive if it is damaged."""
    report = build_report(original(archive, kept), archive.settings, on_progress)
    try:
        renew(archive, kept, report)
    finally:
        report.close()


def renew(archive: Archive, kept: KeptReturn, report: Report) -> None:
    """Replace the summary of a kept return by one made with this release. report: of `original`.

    Errors: NewerRecord if a newer release made the summary that is there.
    """
    if kept.manifest is None or report.facts.sha256 != kept.manifest.sha256:
        raise damaged(kept)
    sealed = seal(archive, summarise(report, archive.now()), "summary", kept.id)
    with archive.writing(kept.authority) as connection:
        # A newer release may have made one meanwhile, which says more: that is an error.
        unsealed(archive, sealed_column(connection, kept, "summary"), "summary", kept.id, Summary)
        connection.execute(sa.update(RETURNS).where(RETURNS.c.id == kept.id).values(summary=sealed))
        archive.note(connection, kept.authority, event_of("recompute", kept))


def _manifest(archive: Archive, report: Report, size: int, made_from: MadeFrom | None, wanted: KeepOptions) -> Manifest:
    header = report.header
    return Manifest(
        year=report.collection.year,
        reference_date=report.collection.census_date,
        serial_no=flat(header["SerialNo"] or "", MAX_LABEL - 1),
        header_time=flat(header["DateTime"] or "", MAX_LABEL - 1),
        software=flat(header["SoftwareCode"] or "", MAX_LABEL - 1),
        file_name=storable(wanted.file_name)[:MAX_NAME],
        size=size,
        sha256=report.facts.sha256,
        persons=report.counts["person"],
        label=flat(storable(wanted.label), MAX_LABEL - 1),
        kind=wanted.kind or "mock",
        note=storable(wanted.note)[:MAX_NOTE],
        who=archive.who,
        loaded_at=archive.now(),
        is_made_up=header["SoftwareCode"] == MADE_UP,
        made_from=made_from,
    )


def storable(text: str) -> str:
    """Replace what is not a character: a name on a disk, or an argument, may hold bytes that are not UTF-8."""
    return text.encode("utf-8", "replace").decode("utf-8")
