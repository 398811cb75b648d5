"""UPNs of a list of people as a file with one per line and nothing else, for Get information about pupils."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Sequence

#: The form of a UPN: the service refuses other texts, and no other text of the return is to get into the file.
UPN = re.compile(r"[A-Z][0-9]{11}[0-9A-Z]", re.ASCII)
#: The most UPNs that the service takes at a time for a common transfer file.
MAX_IN_PART = 500


def upns(texts: Iterable[str | None]) -> tuple[str, ...]:
    """Return the UPNs in capitals and without spaces, each once, in order. Texts of another form are left out."""
    found = ("".join(text.split()).upper() for text in texts if text)
    return tuple(dict.fromkeys(text for text in found if UPN.fullmatch(text)))


def upns_file(found: Iterable[str]) -> bytes:
    """Return the file: no heading, no other column, no byte order mark."""
    return "".join(f"{each}\r\n" for each in found).encode("ascii")


def n_parts(found: Sequence[str]) -> int:
    """How many files of at most MAX_IN_PART they fill."""
    return -(-len(found) // MAX_IN_PART)


def upns_parts(found: Sequence[str], stem: str) -> bytes:
    """Return a zip of files of at most MAX_IN_PART, in order: stem_1_of_3.csv and so on."""
    n, packed = n_parts(found), io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as made:
        for place in range(n):
            # Without a time of day, so that the same UPNs make the same file.
            name = zipfile.ZipInfo(f"{stem}_{place + 1:0{len(str(n))}}_of_{n}.csv")
            name.compress_type = zipfile.ZIP_DEFLATED
            made.writestr(name, upns_file(found[place * MAX_IN_PART : (place + 1) * MAX_IN_PART]))
    return packed.getvalue()
