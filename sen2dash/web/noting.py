"""Note in the audit what happens to the return of a session, while an archive is open: it was loaded, a file was made.

An entry holds digests, numbers and words of the program: never a name, an identifier or a value of a child. The name of
a file can hold a name, so it is not noted.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from sen2dash.archive.audit import Event
from sen2dash.archive.kept import Kept, event_of
from sen2dash.checks.report import Report
from sen2dash.model import SEVERITIES
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


def loaded(report: Report) -> None:
    """Note that a return was loaded and checked. Errors: BadArchive if it cannot be noted."""
    findings = {severity: report.n_findings(severity) for severity in SEVERITIES}
    archive_session.record(Event(action="load", findings=findings, **facts_of(report)), report.collection.lea)


def downloads(page: str, form: str, rows: int | None = None, is_rounded: bool | None = None) -> Callable[[], None]:
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
    """Note a sign-in, a right or a refusal. word: the right, or the page that was refused."""
    archive_session.record(Event(action=event, what=word or None))


access.RECORDERS.append(_note_access)


def compared_with_open(kept: Kept, digest: str) -> Event:
    """The event that a kept return was compared with the return of the session. digest: of the latter."""
    return event_of("compare", kept).model_copy(update={"other_digest": digest})
