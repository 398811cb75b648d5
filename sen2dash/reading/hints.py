"""Explain how to correct a file that cannot be read, using its bytes and the parser's message."""

from __future__ import annotations

import re

AGAIN = "Export the return again and upload that file."
SUPPLIER = "Export the return again; if it happens again, send this message to your software supplier."
CHOOSE = "Choose the .xml file that your case system exported for the SEN2 collection."
#: Parser messages, and how to correct the fault that each reports.
HINTS = tuple(
    (re.compile(pattern), hint)
    for pattern, hint in (
        (
            "Premature end|EndTag: '</' not found|Couldn't find end of Start Tag|unexpected end|GT required|"
            "expected '>'|not terminated|not finished",
            "The file seems to be cut off, or edited by hand near this place. Export or download it again, and check "
            "that the last line is </Message>.",
        ),
        (
            "Extra content",
            "A return ends with one </Message>. Delete everything after it; if two returns are in the file, "
            "upload each in a file of its own.",
        ),
        (
            "EntityRef|Entity '",
            "Write an & in a text as &amp; (and a no-break space as &#160;): tell your software supplier, whose export "
            "has to do this.",
        ),
        (
            "invalid element name",
            "Write a < in a text as &lt; : tell your software supplier, whose export has to do this.",
        ),
        (
            "declaration not at start|declaration allowed only",
            "Delete everything in front of the first <?xml in the file.",
        ),
        (
            "invalid Char|Invalid char|PCDATA invalid",
            "Delete the character at this place, which XML does not allow, in the case system, and export again.",
        ),
        (
            "mismatch",
            "Both names must be the same. If nobody edited the file, send this message to your software supplier.",
        ),
        (
            "prefix|[Aa]ttribute|AttValue",
            "Send this message to your software supplier: the start tag is written wrongly.",
        ),
        (
            "[Ee]xcessive depth|huge|too long|limit",
            "A real return never contains this. Check that you chose the SEN2 file. " + SUPPLIER,
        ),
    )
)


def for_parser(message: str) -> str:
    """Explain how to correct a fault that the parser found."""
    return next((hint for pattern, hint in HINTS if pattern.search(message)), SUPPLIER)


def bad_byte(data: bytes) -> tuple[int, int, int, bool] | None:
    """Return line, column and value of the first byte that is not UTF-8, and whether the file ends there; or None."""
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        line_start = data.rfind(b"\n", 0, error.start) + 1
        column = len(data[line_start : error.start].decode("utf-8")) + 1
        is_end = error.reason == "unexpected end of data"
        return data.count(b"\n", 0, error.start) + 1, column, data[error.start], is_end
    return None


def for_encoding(declared: str | None, is_utf8: bool) -> str:
    """Explain how to change line 1 so that it names the actual encoding of the file."""
    right = "UTF-8" if is_utf8 else "windows-1252"
    begin = "The file is in UTF-8 already" if is_utf8 else "The file is probably in windows-1252"
    if declared is None:
        return f'{begin}. Add <?xml version="1.0" encoding="{right}"?> as the first line, or save the file as UTF-8.'
    rest = "" if is_utf8 else ", or save the file as UTF-8"
    return f'{begin}. In line 1 change encoding="{declared}" to encoding="{right}"{rest}.'


def kind_of(start: bytes) -> tuple[str, str]:
    """Describe what a file that does not start like XML seems to be, and what to do about it."""
    if not start.strip():
        return "The file ends there, before its first element.", AGAIN
    if start.startswith((b"{", b"[")):
        return "It looks like JSON.", f"A return is XML. {CHOOSE}"
    if start.startswith(b"%PDF"):
        return "It is a PDF.", f"A return is XML. {CHOOSE}"
    if start.startswith(b"\xd0\xcf\x11\xe0"):
        return "It is an old Excel or Word file.", f"A return is XML. {CHOOSE}"
    if start.startswith(b"\xef\xbb\xbf"):
        return "It has a second byte order mark.", "Save the file as UTF-8 without a byte order mark."
    if start.startswith((b"<!--", b"<?")):
        return "What starts there has no end: the file may be cut off.", AGAIN
    return "Something else is where the first element should start.", CHOOSE
