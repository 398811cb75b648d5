"""Note in the audit what happens to the return of a session, while an archive is open: it was loaded, a file was made.

An entry holds digests, numbers and words of the program: never a name, an identifier or a value of a child. The name of
a file can hold a name, so it is not noted.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Sequence
from typing import Any, Literal

from sen2dash.archive.audit import Action, Event
from sen2dash.archive.kept import KeptReturn, event_of
from sen2dash.checks.report import Report
from sen2dash.linked.loaded_files import LoadedFiles
from sen2dash.model import SEVERITIES
from sen2dash.reading.other import bundle
from sen2dash.reading.source import SourceText
from sen2dash.web import access, archive_session, vault
from sen2dash.web.access import Person

SERIAL = re.compile(r"[0-9]{1,6}", re.ASCII)
#: How a file ends, in a word of the audit.
FORM = re.compile(r"[a-z0-9]{1,10}", re.ASCII)


def facts_of(report: Report) -> dict[str, Any]:
    """What an event says about a return: digest, year, serial number if it is a number, and how many people."""
    serial = report.header["SerialNo"] or ""
    return {
        "digest": report.facts.sha256,
        "year": report.collection.year,
        "serial_no": serial if SERIAL.fullmatch(serial) else None,
        "people": report.counts["person"],
    }


def note_loaded(report: Report) -> None:
    """Note that a return was loaded and checked. Errors: BadArchive if it cannot be noted."""
    findings = {severity: report.n_findings(severity) for severity in SEVERITIES}
    archive_session.record(Event(action="load", findings=findings, **facts_of(report)), report.collection.lea)


def note_loaded_earlier(report: Report, source: SourceText) -> None:
    """Note that an earlier return was loaded beside a return. Errors: BadArchive if it cannot be noted."""
    _note(report, "load", what="earlier", other_digest=_digest_of_return(source.data()))


def note_compared(report: Report, source: SourceText) -> None:
    """Note that a return was compared with one that was uploaded before. Errors: BadArchive if it cannot be noted."""
    _note(report, "compare", what="uploaded", other_digest=_digest_of_return(source.data()))


def note_linked(report: Report, files: Sequence[bytes], found: LoadedFiles, before: LoadedFiles) -> None:
    """Note the digest of each linked file, and how many rows of each kind are kept and dropped.

    found, before: what is held with them, and without. Errors: BadArchive if it cannot be noted.
    """
    for data in files:
        _note(report, "linked_file", what="file", other_digest=_digest(data))
    for name, kind in found.kinds.items():
        if kind is not before.kinds.get(name):
            _note(report, "linked_file", what=f"{name}.kept", rows=kind.kept)
            _note(report, "linked_file", what=f"{name}.dropped", rows=kind.dropped)


def note_accepted(report: Report, what: Literal["accept", "undo"]) -> None:
    """Note that a near match was accepted, or that this was undone. Errors: BadArchive if it cannot be noted."""
    _note(report, "accept_match", what=what)


def _note(report: Report, action: Action, **more: Any) -> None:
    """Note something about a return in the chain of its authority. more: fields of the event."""
    archive_session.record(Event(action=action, **{**facts_of(report), **more}), report.collection.lea)


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _digest_of_return(data: bytes) -> str:
    """The digest by which the audit and the archive know a return: of one that is not XML, that of its files."""
    if not bundle.is_bundle(data):
        return _digest(data)
    found = bundle.opened(data)
    return found.made_from.sha256 if found.made_from is not None else bundle.digest_of(found.files)


def note_downloads(page: str, form: str, rows: int | None = None, is_rounded: bool | None = None) -> Callable[[], None]:
    """Return a function that notes that a file of a page was made. Errors of that: BadArchive if it cannot be noted.

    form: how the file ends. rows, is_rounded: as in an event.
    """
    if not archive_session.is_set_up():
        return lambda: None
    record, entry = archive_session.recorder(), vault.current()
    what = f"{page}.{form}" if FORM.fullmatch(form) else page
    facts = facts_of(entry.report) if entry is not None else {}
    lea = entry.report.collection.lea if entry is not None else None
    event = Event(action="download", what=what, rows=rows, is_rounded=is_rounded, **facts)
    return lambda: record(event, lea)


def _note_access(_: Person, event: access.Event, word: str) -> None:
    """Note a sign-in, a right or a refusal. word: the rights, the right, or what was refused."""
    archive_session.record(Event(action=event, what=word or None))


access.RECORDERS.append(_note_access)


def compared_with_open(kept: KeptReturn, digest: str) -> Event:
    """The event that a kept return was compared with the return of the session. digest: of the latter."""
    return event_of("compare", kept).model_copy(update={"other_digest": digest})
