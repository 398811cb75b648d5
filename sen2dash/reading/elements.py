"""Find the elements of a message by name, however they are spelt, and say where one is. It reads no row."""

from __future__ import annotations

from lxml import etree

from sen2dash import spec
from sen2dash.reading.content import own_text
from sen2dash.reading.layout import local_name

#: Names of groups and containers in lower case, mapped to their names in the layout.
HOLDERS = {
    name.lower(): name for name in ("Header", *spec.HEADER_CONTAINERS, *(group.element for group in spec.GROUPS))
}


def resolve_name(element: etree._Element, names: tuple[str, ...]) -> tuple[str | None, bool]:
    """Return which of these names an element has, and whether it matches only when case is ignored."""
    name = local_name(element.tag)
    if name in names:
        return name, False
    folded = name.lower()
    return next(((candidate, True) for candidate in names if candidate.lower() == folded), (None, False))


def unread_place(person: etree._Element) -> str:
    """Describe the place of a Person element that is not read. There are no more descriptions than groups."""
    parent = person.getparent()
    assert parent is not None
    name = local_name(parent.tag).lower()
    if parent.getparent() is None:
        return "beside Persons"
    if name == "persons":
        return "in Persons within Persons" if _stands_in(parent, "persons") else "in a Persons group out of place"
    return f"in {HOLDERS[name]}" if name in HOLDERS else "in an unexpected element"


def _stands_in(element: etree._Element, name: str) -> bool:
    return any(local_name(above.tag).lower() == name for above in element.iterancestors())


def first_child(element: etree._Element | None, name: str) -> etree._Element | None:
    """Return the first child element with this name, ignoring case."""
    children = () if element is None else element.iterchildren(etree.Element)
    return next((child for child in children if resolve_name(child, (name,))[0]), None)


def dates_of_header(header: etree._Element) -> dict[str, str | None]:
    """Return the texts of Year and ReferenceDate in a Header."""
    details = first_child(header, "CollectionDetails")
    found = {name: first_child(details, name) for name in ("Year", "ReferenceDate")}
    return {name: own_text(element) for name, element in found.items() if element is not None}


def year_of(header: dict[str, str | None]) -> int:
    """Return the return year of a header (rule H04)."""
    return spec.year_of(header.get("Year"), spec.real_date(header.get("ReferenceDate")))


def is_persons(element: etree._Element) -> bool:
    """Whether the name of an element is that of a Persons group."""
    return resolve_name(element, ("Persons",))[0] is not None
