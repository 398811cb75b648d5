"""Convert the bytes of a file to UTF-8: which encodings can be read, and how to recognise them."""

from __future__ import annotations

import codecs
import mmap
import re

from sen2dash.errors import NotXml
from sen2dash.reading import hints

Buffer = bytes | mmap.mmap
#: Encoding names that a file may declare. Python's own lookup would load a module named by the file.
ENCODINGS = {
    "utf-8": "utf-8",
    "utf8": "utf-8",
    "us-ascii": "ascii",
    "ascii": "ascii",
    "iso-8859-1": "iso8859-1",
    "iso8859-1": "iso8859-1",
    "latin-1": "iso8859-1",
    "latin1": "iso8859-1",
    "windows-1252": "cp1252",
    "cp1252": "cp1252",
}
RESAVE_HINT = (
    'Open it in a text editor, save it as UTF-8, and change line 1 to say encoding="UTF-8"; then upload it again.'
)
MAX_NAME_LENGTH = 40
DECLARED = re.compile(rb"""^(?:\xef\xbb\xbf)?<\?xml[^>]*?encoding\s*=\s*["']([A-Za-z0-9._:-]+)["']""")


def decode(data: Buffer) -> tuple[Buffer, str]:
    """Return the document in UTF-8, and its original encoding. Raises NotXml if the bytes cannot be decoded."""
    head = bytes(data[:4])
    if not head:
        raise NotXml("The file is empty", "It has no bytes at all.", "Export the return again and upload that file.")
    if head[:2] == b"PK" or head[:2] == b"\x1f\x8b":
        is_workbook = b"[Content_Types].xml" in bytes(data[:2_000])
        what = "an Excel or Word file" if is_workbook else "a gzip file" if head[:2] == b"\x1f\x8b" else "a zip file"
        hint = (
            "A return is XML, and a workbook cannot be renamed into one. " + hints.CHOOSE
            if is_workbook
            else "Unpack it and upload the .xml file that is in it."
        )
        raise NotXml("This is a compressed file, not an XML file", f"It looks like {what}.", hint)
    if head in (b"\xff\xfe\x00\x00", b"\x00\x00\xfe\xff"):
        raise NotXml("The encoding is not supported", "The file is in UTF-32.", RESAVE_HINT)
    if head[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return _transcode(data, "utf-16", None), "utf-16"
    if b"\0" in head:
        is_text = head in (b"<\0?\0", b"\0<\0?", b"<\0M\0", b"\0<\0M")
        raise NotXml(
            "The file is not XML in an encoding that can be read",
            "It looks like UTF-16, but does not start with a byte order mark."
            if is_text
            else "Its first bytes include a zero, so it is not a text file.",
            RESAVE_HINT if is_text else hints.CHOOSE,
        )
    match = DECLARED.match(bytes(data[:512]))
    declared = match[1].decode("ascii") if match else None
    name = ENCODINGS.get((declared or "utf-8").lower().replace("_", "-"))
    if name is None:
        assert declared is not None
        is_known_wrong = declared.lower().startswith(("utf-16", "utf16", "utf-32", "utf32", "ucs", "unicode"))
        is_utf8 = hints.bad_byte(bytes(data)) is None
        raise NotXml(
            "The encoding is not supported",
            f"Line 1 says that the file is in {declared[:MAX_NAME_LENGTH]}"
            + (", but its bytes are not." if is_known_wrong else "."),
            hints.for_encoding(declared[:MAX_NAME_LENGTH], is_utf8)
            if is_known_wrong
            else "UTF-8, UTF-16 with a byte order mark, ISO-8859-1, windows-1252 and US-ASCII are read. " + RESAVE_HINT,
        )
    if name == "utf-8" or head[:3] == codecs.BOM_UTF8:
        return data, "utf-8"
    return _transcode(data, name, declared), name


def _transcode(data: Buffer, encoding: str, declared: str | None) -> bytes:
    """Return the text in UTF-8. declared: the encoding named in line 1; None if a byte order mark gives it."""
    whole = bytes(data)
    try:
        return whole.decode(encoding).encode("utf-8")
    except UnicodeDecodeError as error:
        before = whole[: error.start].decode(encoding, "replace")
        place = f"Line {before.count(chr(10)) + 1}, column {len(before) - before.rfind(chr(10))}"
        if declared is None:
            hint = "The file may be cut off or damaged there. " + hints.SUPPLIER
        else:
            hint = hints.for_encoding(declared, hints.bad_byte(whole) is None)
            if encoding == "cp1252" and "UTF-8 already" not in hint:
                hint = "The file may be damaged there. " + hints.SUPPLIER
        raise NotXml(
            "The file is not in the encoding that it says it is in",
            f"It is marked as {encoding}, but from {place.lower()} on it is not.",
            hint,
        ) from None
