"""Read content outside the items: attributes, and text directly inside a group or container.

Only rule H24 reads it. It is kept as deviations, one for each start tag and one for each group, so a file cannot cause
more of them than it has elements.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from xml.sax.saxutils import escape

from lxml import etree

from sen2dash.errors import TooLarge
from sen2dash.reading.layout import local_name

#: Attributes in this namespace are for a validating parser and hold nothing about people.
SCHEMA_INSTANCE = "{http://www.w3.org/2001/XMLSchema-instance}"
#: The most attributes that one start tag may have: the time to read them grows with the square of their number.
MAX_ATTRIBUTES = 10_000
CARRIAGE_RETURN = {"\r": "&#13;"}
IN_QUOTES = {'"': "&quot;", "\t": "&#9;", "\n": "&#10;", **CARRIAGE_RETURN}


def attributes_of(element: etree._Element) -> tuple[str, str] | None:
    """Return the name of the first attribute with content, and all such attributes as text; None if there are none.

    Attributes in the XML Schema instance namespace do not count.
    """
    if not element.keys():
        return None
    found = [(name, value) for name, value in items_of(element) if value.strip() and not _speaks_to_parser(name)]
    return (local_name(found[0][0]), written(found)) if found else None


def items_of(element: etree._Element) -> list[tuple[Any, Any]]:
    """Return the attributes of a start tag, with namespaces in their names. Raises TooLarge if there are too many."""
    n_attributes = len(element.keys())
    if n_attributes > MAX_ATTRIBUTES:
        raise TooLarge(
            "One element has too many attributes",
            f"{local_name(element.tag)[:40]} has {n_attributes:,} attributes; at most {MAX_ATTRIBUTES:,} are read.",
            "Check that you chose the SEN2 file, or export the return again.",
        )
    return element.items()


def written(attributes: list[tuple[Any, Any]]) -> str:
    """Write attributes as in a start tag: names without namespace, with a number added to a name that is repeated."""
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
    """Write the XML of an element that is not in the layout: names, attributes and texts, as for any other element.

    This does not use the parser's own writer, which repeats every namespace of the elements around it.
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
    """Return the text directly inside an element, ignoring its child elements."""
    if len(element) == 0:
        return element.text
    parts = [element.text, *(child.tail for child in element)]
    return "".join(part for part in parts if part) or None


def loose_text(element: etree._Element) -> str:
    """Return the text directly inside a group: its pieces, trimmed and joined with a space."""
    pieces = (piece.strip() for piece in (element.text, *(child.tail for child in element)) if piece)
    return " ".join(piece for piece in pieces if piece)
