"""What elements say beside the texts of items: attributes, and text that stands straight in a group or container.

No rule but H24 reads it. It is kept as deviations, one a start tag and one a group, so that a file cannot make more of
them than it has elements.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from xml.sax.saxutils import escape

from lxml import etree

from sen2dash.errors import TooLarge
from sen2dash.reading.layout import local_name

#: Attributes of this namespace speak to a validating parser, and say nothing of any person.
SCHEMA_INSTANCE = "{http://www.w3.org/2001/XMLSchema-instance}"
#: Attributes that one start tag may have: reading them costs their number squared.
MAX_ATTRIBUTES = 10_000
CARRIAGE_RETURN = {"\r": "&#13;"}
IN_QUOTES = {'"': "&quot;", "\t": "&#9;", "\n": "&#10;", **CARRIAGE_RETURN}


def attributes_of(element: etree._Element) -> tuple[str, str] | None:
    """The name of the first attribute with content, and all such attributes as they are written; None without any.

    Attributes of the XML Schema instance namespace do not count.
    """
    if not element.keys():
        return None
    found = [(name, value) for name, value in items_of(element) if value.strip() and not _speaks_to_parser(name)]
    return (local_name(found[0][0]), written(found)) if found else None


def items_of(element: etree._Element) -> list[tuple[Any, Any]]:
    """The attributes of a start tag, names with their namespace. TooLarge where there are too many."""
    n_attributes = len(element.keys())
    if n_attributes > MAX_ATTRIBUTES:
        raise TooLarge(
            "One element has too many attributes",
            f"{local_name(element.tag)[:40]} has {n_attributes:,} attributes; at most {MAX_ATTRIBUTES:,} are read.",
            "Check that you chose the SEN2 file, or export the return again.",
        )
    return element.items()


def written(attributes: list[tuple[Any, Any]]) -> str:
    """Attributes as in a start tag: names without namespace, a number behind a name that stands there already."""
    return " ".join(f'{name}="{escape(value, IN_QUOTES)}"' for name, value in _distinct(attributes))


def _speaks_to_parser(name: Any) -> bool:
    return str(name).startswith(SCHEMA_INSTANCE)


def _distinct(attributes: list[tuple[Any, Any]]) -> Iterator[tuple[str, str]]:
    taken = {local_name(name) for name, _ in attributes}
    given: dict[str, int] = {}
    for full_name, value in attributes:
        name = local_name(full_name)
        given[name] = given.get(name, 0) + 1
        numbered = name
        while given[name] > 1 and numbered in taken:
            numbered = f"{name}_{given[name]}"
            given[name] += numbered in taken
        taken.add(numbered)
        yield numbered, value


def xml_of(element: etree._Element) -> str:
    """The XML of an element that the layout does not have: names, attributes and texts, as of all others.

    Not the parser's own writer: it repeats every namespace of the elements around it, however many those are.
    """
    parts: list[str] = []

    def write(part: Any) -> None:
        name = local_name(part.tag)
        attributes = items_of(part)
        start = f"{name} {written(attributes)}" if attributes else name
        if not part.text and not len(part):
            parts.append(f"<{start}/>")
            return
        parts.append(f"<{start}>{escape(part.text or '', CARRIAGE_RETURN)}")
        for child in part:
            write(child)
            if child.tail:
                parts.append(escape(child.tail, CARRIAGE_RETURN))
        parts.append(f"</{name}>")

    write(element)
    return "".join(parts)


def own_text(element: etree._Element) -> str | None:
    """The text that stands directly in an element, whatever elements stand between."""
    if len(element) == 0:
        return element.text
    parts = [element.text, *(child.tail for child in element)]
    return "".join(part for part in parts if part) or None


def loose_text(element: etree._Element) -> str:
    """The text that stands straight in a group: its pieces without white space around them, a space between."""
    pieces = (piece.strip() for piece in (element.text, *(child.tail for child in element)) if piece)
    return " ".join(piece for piece in pieces if piece)
