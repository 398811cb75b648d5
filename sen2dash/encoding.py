"""From the bytes of a file to the same document in UTF-8: which encodings are read, and how they are told apart."""

from __future__ import annotations

import codecs
import mmap
import re

from sen2dash.errors import NotXml

Buffer = bytes | mmap.mmap
#: Names that a file may give its encoding. Python's own list would load a module by the name that it is given.
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
ENCODING_HINT = "Save the file as UTF-8 and upload it again; most systems call the setting 'encoding'."
DECLARED = re.compile(rb"""^(?:\xef\xbb\xbf)?<\?xml[^>]*?encoding\s*=\s*["']([A-Za-z0-9._:-]+)["']""")


def decode(data: Buffer) -> tuple[Buffer, str]:
    """The same document in UTF-8, and the encoding that it had. NotXml where the bytes are no such text."""
    head = bytes(data[:4])
    if not head:
        raise NotXml("The file is empty", "It has no bytes at all.", "Export the return again and upload that file.")
    if head[:2] == b"PK" or head[:2] == b"\x1f\x8b":
        raise NotXml(
            "This is a compressed file, not an XML file",
            "It looks like a zip, gzip or Excel file.",
            "Unpack it, or export the return as XML, and upload the .xml file.",
        )
    if head in (b"\xff\xfe\x00\x00", b"\x00\x00\xfe\xff"):
        raise NotXml("The encoding is not supported", "The file is in UTF-32.", ENCODING_HINT)
    if head[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return _transcode(data, "utf-16"), "utf-16"
    if b"\0" in head:
        raise NotXml(
            "The file is not XML in an encoding that can be read",
            "Its first bytes hold a zero, as UTF-16 without a byte order mark does, or a file that is no text.",
            ENCODING_HINT,
        )
    match = DECLARED.match(bytes(data[:512]))
    declared = match[1].decode("ascii") if match else "utf-8"
    name = ENCODINGS.get(declared.lower().replace("_", "-"))
    if name is None:
        raise NotXml(
            "The encoding is not supported",
            f"Line 1 says that the file is in {declared}.",
            "UTF-8, UTF-16 with a byte order mark, ISO-8859-1, windows-1252 and US-ASCII are read. " + ENCODING_HINT,
        )
    if name == "utf-8" or head[:3] == codecs.BOM_UTF8:
        return data, "utf-8"
    return _transcode(data, name), name


def _transcode(data: Buffer, encoding: str) -> bytes:
    try:
        return bytes(data).decode(encoding).encode("utf-8")
    except UnicodeError:
        raise NotXml(
            "The file is not in the encoding that it says it is in",
            f"It is marked as {encoding}, but some bytes are not.",
            ENCODING_HINT,
        ) from None
