"""A made-up return as groups that can be changed before they are written. It knows the layout but no rules."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from xml.sax.saxutils import escape

from sen2dash import spec


@dataclass(eq=False)
class XmlGroup:
    """One group element. Items are written in the order of the layout; None or an empty text leaves an item out.

    written: the name in the file if it differs from the specification's. item_names: the same for items.
    sequence: names of items and groups in the order to write them, for a group out of order.
    raw: XML that is written unchanged at the end of the group, for unknown or repeated elements.
    """

    name: str
    items: dict[str, str | None] = field(default_factory=dict)
    groups: list[XmlGroup] = field(default_factory=list)
    written: str | None = None
    item_names: dict[str, str] = field(default_factory=dict)
    sequence: list[str] | None = None
    raw: list[str] = field(default_factory=list)

    def get(self, name: str) -> XmlGroup | None:
        """Return the first child group with this name."""
        return next((group for group in self.groups if group.name == name), None)

    def all(self, name: str) -> list[XmlGroup]:
        """Return every child group with this name."""
        return [group for group in self.groups if group.name == name]

    def walk(self) -> Iterator[XmlGroup]:
        """Yield this group and every group below it, in tree order."""
        yield self
        for group in self.groups:
            yield from group.walk()


@dataclass
class SampleReturn:
    """A whole return: header (a Header group with CollectionDetails and Source below it) and persons."""

    year: int
    header: XmlGroup
    persons: list[XmlGroup]


@cache
def layout(element: str, year: int) -> tuple[str, ...]:
    """Return the names of items and child groups of an element, in the order of the layout of a return year."""
    if element in spec.HEADER_CONTAINERS:
        return spec.HEADER_CONTAINERS[element]
    if element == "Header":
        return tuple(spec.HEADER_CONTAINERS)
    group = next(g for g in spec.GROUPS if g.element == element)
    names: list[str] = []
    children = [g for g in spec.GROUPS if g.parent == group.table]
    for item in spec.items_of(group.table):
        if item.exists_in(year):
            names.append(item.element)
        names += [g.element for g in children if spec.GROUP_BEHIND.get(g.table) == item.element]
    return (*names, *(g.element for g in children if g.table not in spec.GROUP_BEHIND))


def written_children(group: XmlGroup, year: int) -> Iterator[tuple[str, str | None, tuple[XmlGroup, ...]]]:
    """Yield the content of a group in file order: name, text of the item or None, child groups with that name."""
    for name in group.sequence or layout(group.name, year):
        text = group.items.get(name)
        below = tuple(child for child in group.groups if child.name == name) if group.groups else ()
        if text or below:
            yield name, text, below


def render_group(group: XmlGroup, year: int, depth: int) -> Iterator[str]:
    """Yield the lines of one group, indented by two spaces per level."""
    pad = "  " * depth
    name = group.written or group.name
    yield f"{pad}<{name}>\n"
    for child, text, below in written_children(group, year):
        if text:
            written = group.item_names.get(child, child)
            yield f"{pad}  <{written}>{escape(text)}</{written}>\n"
        for kid in below:
            yield from render_group(kid, year, depth + 1)
    for fragment in group.raw:
        yield f"{pad}  {fragment}\n"
    yield f"{pad}</{name}>\n"


def render(year: int, header: XmlGroup, persons: Iterable[XmlGroup]) -> Iterator[str]:
    """Yield the XML of a return in pieces; persons may be a generator of any length."""
    yield '<?xml version="1.0" encoding="UTF-8"?>\n<Message>\n'
    yield from render_group(header, year, 1)
    yield "  <Persons>\n"
    for person in persons:
        yield "".join(render_group(person, year, 2))
    yield "  </Persons>\n</Message>\n"
