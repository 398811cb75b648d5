"""Write the XML of a return from the tables of a store, to show that shredding loses nothing.

Items and groups come from the tables, everything that the layout does not expect from `deviation`. What is not part of
a return's content is not kept: namespaces, comments, empty items, the position of loose text in a group, and which of
several Persons groups an unexpected element or a loose text was in.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterator
from typing import Any
from xml.sax.saxutils import escape

from sen2dash import spec
from sen2dash.reading.content import CARRIAGE_RETURN
from sen2dash.store.database import Store

Row = dict[str, Any]
#: A child element as written: its name and its XML.
Piece = tuple[str, str]


class Deviations:
    """The deviations of one row, by kind."""

    def __init__(self) -> None:
        self.names: dict[str, str] = {}
        #: Names of Persons groups, of which there may be several.
        self.persons: list[str] = []
        self.texts: dict[str, str] = {}
        self.orders: dict[str, list[str]] = {}
        #: Unexpected content of an item or a container, or ("") of the group itself.
        self.inside: dict[str, list[Piece]] = defaultdict(list)
        self.repeats: dict[str, list[Piece]] = defaultdict(list)
        #: Attributes and loose text of an item or a container, or ("") of the group itself.
        self.attributes: dict[str, str] = {}
        self.loose: dict[str, list[str]] = defaultdict(list)
        #: Attributes of Persons groups, of which there may be several.
        self.of_persons: list[str] = []

    def add(self, row: Row) -> None:
        """Add one row of `deviation`."""
        kind, name, spec_name, content = row["kind"], row["name"], row["spec_name"], row["content"]
        if kind == "variant" and spec_name == "Persons":
            self.persons.append(name)
        elif kind == "variant":
            self.names[spec_name] = name
        elif kind == "spacing":
            self.texts[spec_name] = content
        elif kind == "order":
            self.orders[name] = content.split(" ")
        elif kind == "attribute" and spec_name == "Persons":
            self.of_persons.append(content)
        elif kind == "attribute":
            self.attributes[spec_name] = content
        elif kind == "text":
            self.loose[spec_name].append(content)
        elif kind == "unexpected":
            self.inside[spec_name].append((name, content))
        else:
            self.repeats[spec_name].append((name, content))

    def element(self, holder: str, content: str, name: str | None = None) -> str:
        """The element with this name in the specification (or "", the group itself) and its content."""
        loose = "".join(f"{escape(text, CARRIAGE_RETURN)} " for text in self.loose[holder])
        return element(name or self.names.get(holder, holder), loose + content, self.attributes.get(holder, ""))


class Renderer:
    """Writes one return."""

    def __init__(self, store: Store) -> None:
        self.odd: dict[tuple[str, int], Deviations] = defaultdict(Deviations)
        for row in store.rows("select * from deviation order by rowid"):
            self.odd[row["table_name"], row["row_id"]].add(row)
        self.rows: dict[str, dict[int | None, list[Row]]] = {}
        for table in spec.TABLES:
            parent = f"{spec.ancestors(table)[-1]}_id" if spec.ancestors(table) else None
            self.rows[table] = defaultdict(list)
            for row in store.rows(f"select * from {table} order by row_id"):
                self.rows[table][row[parent] if parent else None].append(row)
        self.facts = store.rows("select * from file")[0]

    def message(self) -> str:
        """The whole document."""
        odd = self.odd["header", 1]
        header = self.header(odd) if self.facts["n_header"] else ""
        persons = self.persons(odd)
        parts = [*persons, header] if "Message" in odd.orders else [header, *persons]
        parts += [xml for _, xml in odd.repeats["Header"] + odd.inside["Message"]]
        return odd.element("Message", "".join(parts))

    def header(self, odd: Deviations) -> str:
        """The first Header."""
        row = self.rows["header"][None][0]
        pieces: list[Piece] = []
        for container, names in spec.HEADER_CONTAINERS.items():
            if self.facts[f"n_{'source' if container == 'Source' else 'collection_details'}"]:
                inner = [piece for name in names for piece in self.item(spec.item("header", name), row, odd)]
                inner += [piece for name in names for piece in odd.repeats[name]] + odd.inside[container]
                written = odd.names.get(container, container)
                pieces.append((written, odd.element(container, arranged(inner, odd.orders.get(container)))))
            pieces += odd.repeats[container]
        return odd.element("Header", arranged(pieces + odd.inside["Header"], odd.orders.get("Header")))

    def persons(self, odd: Deviations) -> list[str]:
        """The Persons groups: each begins at a Person of place 1, and those without a Person come last.

        Attributes are assigned to the groups in order, because two groups may have the same ones.
        """
        groups: list[list[str]] = []
        for row in self.rows["person"][None]:
            if row["place"] == 1:
                groups.append([])
            groups[-1].append(self.group("person", row)[1])
        groups += [[] for _ in range(self.facts["n_persons_groups"] - len(groups))]
        groups[0] = [escape(text, CARRIAGE_RETURN) + " " for text in odd.loose["Persons"]] + groups[0]
        groups[0] += [xml for _, xml in odd.inside["Persons"]]
        names = odd.persons + ["Persons"] * len(groups)
        attributes = odd.of_persons + [""] * len(groups)
        return [
            element(name, "".join(group), given) for name, group, given in zip(names, groups, attributes, strict=False)
        ]

    def group(self, table: str, row: Row) -> Piece:
        """One group with all its content."""
        odd = self.odd[table, row["row_id"]]
        children = [group for group in spec.GROUPS if group.parent == table]
        pieces: list[Piece] = []
        for item in spec.items_of(table):
            pieces += self.item(item, row, odd)
            for child in children:
                if spec.GROUP_BEHIND.get(child.table) == item.element:
                    pieces += self.groups(child.table, row)
        for child in children:
            if child.table not in spec.GROUP_BEHIND:
                pieces += self.groups(child.table, row)
        for repeats in odd.repeats.values():
            pieces += repeats
        element_name = spec.group_of(table).element
        orders = next(iter(odd.orders.values()), None)
        name = odd.names.get(element_name, element_name)
        return name, odd.element("", arranged(pieces + odd.inside[""], orders), name)

    def groups(self, table: str, parent: Row) -> Iterator[Piece]:
        """The groups of one table under a row."""
        for row in self.rows[table][parent["row_id"]]:
            yield self.group(table, row)

    def item(self, item: spec.Item, row: Row, odd: Deviations) -> Iterator[Piece]:
        """The item as it was read, if it has anything to say."""
        name = item.element
        text = odd.texts.get(name, row[item.text_column]) or ""
        if text or name in odd.names or odd.inside[name] or odd.repeats[name] or name in odd.attributes:
            inner = "".join(xml for _, xml in odd.inside[name])
            yield odd.names.get(name, name), odd.element(name, escape(text, CARRIAGE_RETURN) + inner)


def element(name: str, content: str, attributes: str = "") -> str:
    """An element with its content."""
    return f"<{name} {attributes}>{content}</{name}>" if attributes else f"<{name}>{content}</{name}>"


def arranged(pieces: list[Piece], order: list[str] | None) -> str:
    """Join the pieces, in the given order if there is one; a name without a piece was an empty item."""
    if order is None:
        return "".join(xml for _, xml in pieces)
    waiting: dict[str, deque[str]] = defaultdict(deque)
    for name, xml in pieces:
        waiting[spec.SILENT_VARIANTS.get(name, name)].append(xml)
    parts = []
    for name in order:
        found = waiting[spec.SILENT_VARIANTS.get(name, name)]
        parts.append(found.popleft() if found else element(name, ""))
    return "".join(parts)


def render(store: Store) -> str:
    """The XML of the return in a store: the same content, written on one line."""
    return Renderer(store).message()
