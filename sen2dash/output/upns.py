"""UPNs of a list of people as a file with one per line and nothing else, for Get information about pupils."""

from __future__ import annotations

import re
from collections.abc import Iterable

#: The form of a UPN: the service refuses other texts, and no other text of the return is to get into the file.
UPN = re.compile(r"[A-Z][0-9]{11}[0-9A-Z]", re.ASCII)


def upns(texts: Iterable[str | None]) -> tuple[str, ...]:
    """Return the UPNs in capitals and without spaces, each once, in order. Texts of another form are left out."""
    found = ("".join(text.split()).upper() for text in texts if text)
    return tuple(dict.fromkeys(text for text in found if UPN.fullmatch(text)))


def upns_file(found: Iterable[str]) -> bytes:
    """Return the file: no heading, no other column, no byte order mark."""
    return "".join(f"{each}\r\n" for each in found).encode("ascii")
