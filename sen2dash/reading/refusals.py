"""Refuse a file that is not a return before it is read, and say what is wrong with one that the parser cannot read.

A message names the place in the file and how to correct it; what it shows of the file is short and printable.
"""

from __future__ import annotations

import re

from sen2dash.errors import NotSen2, NotXml
from sen2dash.reading import hints
from sen2dash.reading.encoding import DECLARED, Buffer
from sen2dash.text import printable

#: The most characters of the file that a message may show.
MAX_SHOWN = 120
PROLOG = re.compile(rb"(?:\xef\xbb\xbf)?(?:\s+|<!--.*?-->|<\?.*?\?>)*+", re.DOTALL)


def shown(text: str) -> str:
    """Return a text from the file for use in a message: short, and without terminal control characters."""
    flat = printable(text)
    return flat if len(flat) <= MAX_SHOWN else f"{flat[:MAX_SHOWN]}..."


def check_prolog(data: Buffer) -> None:
    """Refuse a DOCTYPE, or a root that is not a SEN2 message, before anything is built."""
    match = PROLOG.match(data)
    start = match.end() if match else 0
    after = bytes(data[start : start + 200])
    if after[:9].upper() == b"<!DOCTYPE":
        line = bytes(data[:start]).count(b"\n") + 1
        if re.match(rb"<!doctype\s+html", after, re.IGNORECASE):
            raise _web_page()
        raise NotXml(
            "The file has a document type declaration",
            f"Line {line} starts a <!DOCTYPE ...>, which a SEN2 return never has and which can be unsafe.",
            f"Delete the declaration in line {line}, from <!DOCTYPE to its >, and tell your software supplier.",
        )
    if not re.match(rb"<[^\s!?/>]", after):
        line = bytes(data[:start]).count(b"\n") + 1
        what, hint = hints.kind_of(after)
        raise NotXml("The file is not XML", f"Line {line}: {what}", hint)
    root = re.match(rb"<(?:[^\s/>:]*:)?([^\s/>]+)", after)
    if root and root[1].lower() == b"html":
        raise _web_page()
    if root and root[1].lower() != b"message":
        name = shown(root[1].decode("utf-8", "replace"))
        raise NotSen2(
            "This is not a SEN2 return",
            f"The file starts with <{name}>; a SEN2 return starts with <Message>.",
            "Check that you chose the SEN2 file and not another collection's.",
        )


def _web_page() -> NotSen2:
    return NotSen2(
        "This is a web page, not a SEN2 return",
        "The file is HTML, as when a page that asks you to sign in is saved in place of a download.",
        "Sign in to your case system, download the export again, and upload that file.",
    )


def not_well_formed(line: int, column: int, message: str | None, data: Buffer) -> NotXml:
    """Return the error for a fault that the parser found. message: its own, None if it has none."""
    reason = re.sub(r", line \d+, column \d+.*$", "", (message or "unknown fault").splitlines()[0])
    reason = re.sub(r"\s*\(<string>.*\)$", "", reason)
    bad = hints.bad_byte(bytes(data)) if "UTF-8" in reason or "nvalid byte" in reason or "encoding" in reason else None
    if bad is not None and not bad[3]:
        line, column, byte, _ = bad
        match = DECLARED.match(bytes(data[:512]))
        declared = match[1].decode("ascii")[:MAX_SHOWN] if match else None
        words = f"Line {line}, column {column}: the byte 0x{byte:02X} is not UTF-8, which the file is read as."
        return NotXml("The file is not well-formed XML", words, hints.for_encoding(declared, is_utf8=False))
    words = f"Line {line}, column {column}: {shown(reason)}."
    return NotXml("The file is not well-formed XML", words, hints.for_parser(reason))
