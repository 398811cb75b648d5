"""Stream XML of linked files: well-formed, without a DOCTYPE, elements found by name whatever their case or namespace.

Nothing outside the wanted elements stays in memory, and a file in which none of them comes for too long is refused.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

from lxml import etree

from sen2dash.errors import BadLinkedFile, UserError
from sen2dash.reading.encoding import decode
from sen2dash.reading.linked.given import GivenFile
from sen2dash.reading.refusals import PROLOG

CHUNK = 1 << 18
#: The most bytes without one of the wanted elements: they would build up in memory.
MAX_BETWEEN = 1 << 22
AGAIN = "Export it again from the system that made it."
ROOT = re.compile(rb"<(?:[^\s<>/:]+:)?([^\s<>/:]+)")
OPTIONS: dict[str, Any] = {
    "resolve_entities": False,
    "no_network": True,
    "load_dtd": False,
    "dtd_validation": False,
    "huge_tree": False,
    "recover": False,
    "remove_comments": True,
    "remove_pis": True,
    "encoding": "utf-8",
}


class _Names(dict[Any, str]):
    """Maps a tag to its local name in lower case."""

    def __missing__(self, tag: Any) -> str:
        name = str(tag).rpartition("}")[2].lower()
        self[tag] = name
        return name


NAMES = _Names()


def readable(given: GivenFile) -> tuple[bytes, str]:
    """Return the bytes in UTF-8 and the name of the root element in lower case. Raises BadLinkedFile."""
    try:
        data = bytes(decode(given.data)[0])
    except UserError as error:
        raise BadLinkedFile("The file cannot be read", f"{given.place}: {error.title}.", AGAIN) from None
    match = PROLOG.match(data)
    start = match.end() if match else 0
    after = data[start : start + 200]
    if after[:9].upper() == b"<!DOCTYPE":
        raise BadLinkedFile(
            "The file has a document type declaration",
            f"{given.place} has a <!DOCTYPE ...>, which can be unsafe.",
            "Delete the declaration, and tell the supplier of the system that made it.",
        )
    root = ROOT.match(after)
    if root is None:
        raise BadLinkedFile("The file is not XML", f"{given.place} does not begin with an element.", AGAIN)
    return data, root[1].decode("utf-8", "replace").lower()


def elements(
    given: GivenFile,
    data: bytes,
    wanted: tuple[str, ...],
    below_root: tuple[str, ...],
    tick: Callable[[str, int, int], None],
) -> Iterator[etree._Element]:
    """Yield each wanted element when it ends, and free it afterwards. wanted: local names in lower case.

    below_root: names that are wanted directly below the root alone.
    """
    spelt = sorted(_spellings(data, (*wanted, *below_root)))
    tags = [f"{{*}}{name.decode('ascii')}" for name in spelt] or ["{*}none"]
    parser: Any = etree.XMLPullParser(events=("end",), tag=tags, **OPTIONS)
    last = 0
    try:
        for start in range(0, len(data), CHUNK):
            parser.feed(data[start : start + CHUNK])
            for _, element in parser.read_events():
                if NAMES[element.tag] in wanted or _is_below_root(element):
                    last = start
                    yield element
                    _free(element)
            if start - last > MAX_BETWEEN:
                raise BadLinkedFile(
                    "The file is not what it seems",
                    f"{given.place} has more than {MAX_BETWEEN >> 20} MB without a pupil.",
                    "Check that you chose the right file.",
                )
            tick(given.place, min(start + CHUNK, len(data)), len(data))
        parser.close()
    except etree.XMLSyntaxError as error:
        line = error.lineno or 0
        raise BadLinkedFile("The file is not well-formed XML", f"{given.place}, line {line:,}.", AGAIN) from None


def _spellings(data: bytes, names: tuple[str, ...]) -> set[bytes]:
    """Return these names as they are spelt in a file, in capitals or small letters. It may have them in texts too."""
    lower = data.lower()
    found: set[bytes] = set()
    for name in names:
        at = lower.find(name.encode())
        while at >= 0:
            end = at + len(name)
            found.add(data[at:end])
            at = lower.find(name.encode(), end)
    return found


def _is_below_root(element: etree._Element) -> bool:
    parent = element.getparent()
    return parent is not None and parent.getparent() is None


def _free(element: etree._Element) -> None:
    """Remove an element that was read, and everything before it."""
    element.clear()
    parent = element.getparent()
    if parent is not None:
        while element.getprevious() is not None:
            del parent[0]


def leaves(element: etree._Element) -> dict[str, str]:
    """Return the text of each leaf below an element by its name; of several the first that has one."""
    found: dict[str, str] = {}
    for each in element:
        if len(each):
            # Nearly all groups are flat, and children are faster to go through than everything below.
            return _all_leaves(element)
        if (text := each.text) and not text.isspace():
            found.setdefault(NAMES[each.tag], text)
    return found


def _all_leaves(element: etree._Element) -> dict[str, str]:
    found: dict[str, str] = {}
    for each in element.iter(etree.Element):
        if len(each) == 0 and each.text and each.text.strip():
            found.setdefault(NAMES[each.tag], each.text)
    return found
