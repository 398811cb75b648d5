"""Shredding loses nothing: a return rendered from the tables has the same content as the file."""

from __future__ import annotations

from collections import Counter
from typing import Any
from xml.etree import ElementTree

from hypothesis import given

from sen2dash import spec
from sen2dash.config import Settings
from sen2dash.reading import shred
from sen2dash.store.database import Store
from tests.properties.returns import GROUP_NAMES, returns, samples
from tests.render import render

GROUPS = {name.lower() for name in GROUP_NAMES}
Content = tuple[Any, ...]


def attributes_of(element: ElementTree.Element) -> Content:
    """The attributes with content; the tables hold names without a namespace."""
    return tuple(sorted((name.rpartition("}")[2], value) for name, value in element.items() if value.strip()))


def content(element: ElementTree.Element) -> Content | None:
    """What an element says: name, attributes, own text, and its children by name, those with the same name in order.

    An item without text and attributes says nothing. White space between the elements of a group is layout.
    """
    name = element.tag.rpartition("}")[2]
    name = spec.SILENT_VARIANTS.get(name, name)
    is_group = name.lower() in GROUPS
    text = "".join([element.text or "", *(child.tail or "" for child in element)])
    if is_group:
        text = "".join(text.split())
    elif len(element) and not text.strip():
        text = ""
    held: dict[str, list[Content]] = {}
    for child in element:
        found = content(child)
        if found is not None:
            held.setdefault(found[0], []).append(found)
    attributes = attributes_of(element)
    if not (text or held or is_group or attributes):
        return None
    if name.lower() == "message":
        held = {"persons": persons(element), **{k: v for k, v in held.items() if k.lower() != "persons"}}
    return (name, attributes, text, tuple(sorted((k, tuple(v)) for k, v in held.items())))


def persons(message: ElementTree.Element) -> list[Content]:
    """The people of each Persons group that has any, in order, followed by the groups' other content and names."""
    groups = [child for child in message if child.tag.lower() == "persons"]
    people = [[content(child) for child in group if child.tag.lower() == "person"] for group in groups]
    others = Counter(repr(content(child)) for group in groups for child in group if child.tag.lower() != "person")
    names = Counter(group.tag for group in groups)
    attributes = Counter(repr(attributes_of(group)) for group in groups)
    loose = "".join("".join([group.text or "", *(child.tail or "" for child in group)]) for group in groups)
    return [
        ("people", [group for group in people if group]),
        ("others", sorted(others.items())),
        ("groups", len(groups), sorted(names), sorted((attributes - Counter({"()": len(groups)})).items())),
        ("loose", "".join(loose.split())),
    ]


def load(text: str) -> Store:
    store = Store(Settings())
    store.load_facts(shred.shred(text.encode("utf-8"), store.load))
    return store


def tables(store: Store) -> dict[str, Any]:
    """Everything in the tables except lines; deviations as a multiset, because a rendered return is another file.

    The names of an order are those of the specification, which a rendered return has.
    """
    found: dict[str, Any] = {}
    for table in spec.TABLES:
        found[table] = [
            {k: v for k, v in row.items() if k != "line"}
            for row in store.rows(f"select * from {table} order by row_id")
        ]
    deviations = [{k: v for k, v in row.items() if k != "line"} for row in store.rows("select * from deviation")]
    for row in deviations:
        if row["kind"] == "order":
            row["content"] = " ".join(spec.SILENT_VARIANTS.get(name, name) for name in row["content"].split(" "))
    found["deviation"] = Counter(map(repr, deviations))
    facts = store.rows("select * from file")[0]
    found["file"] = {name: facts[name] for name in ("year", "persons", "n_header", "n_source", "n_persons_groups")}
    return found


@samples(60)
@given(returns())
def test_nothing_is_lost(text: str) -> None:
    """The content is restored, and what is read among elements of one name and what is reported stays the same."""
    store = load(text)
    try:
        rendered = render(store)
        assert content(ElementTree.fromstring(rendered)) == content(ElementTree.fromstring(text))
        again = load(rendered)
        try:
            assert tables(again) == tables(store)
        finally:
            again.close()
    finally:
        store.close()
