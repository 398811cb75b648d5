"""Write a return as SEN2 XML from the tables of a store, in the order of the layout, a person at a time.

Only what the layout holds is written: of a return that was read from XML, anything else in the file would be lost.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from xml.sax.saxutils import escape

from sen2dash import spec
from sen2dash.reading.layout import ReturnLayout
from sen2dash.reading.other.read import Origin
from sen2dash.reading.other.values import NOT_IN_XML
from sen2dash.store.database import Store

NOT_FROM_A_SYSTEM = (
    "The authority's own system has not made this file: sen2dash wrote it from other files. Check it before you use it."
)
CARRIAGE_RETURN = {"\r": "&#13;"}
#: People that are written at a time.
PEOPLE = 1_000
Row = dict[str, Any]


def leaves_out(origin: Origin) -> list[str]:
    """Return sentences about what the file does not have of what it is made from, before it is written."""
    found = []
    if origin.not_given:
        found.append(
            f"These tables were not given, so the file has no rows of them: {origin.not_given_words}. A check of the "
            "file takes them as empty, so it is not the whole return."
        )
    if origin.n_left_out:
        rows = (
            "1 row that could not be placed is"
            if origin.n_left_out == 1
            else (f"{origin.n_left_out:,} rows that could not be placed are")
        )
        found.append(f"{rows} not in it.")
    if origin.n_not_in_xml:
        found.append(removed_words(origin.n_not_in_xml))
    return found


def removed_words(n: int) -> str:
    """Say that this many values lose characters."""
    return f"Characters that XML cannot hold are left out of {'1 value' if n == 1 else f'{n:,} values'}."


class ReturnXml:
    """Writes one return. n_removed: how many values lost a character that XML cannot hold."""

    def __init__(self, store: Store, year: int) -> None:
        self._store = store
        self._layout = ReturnLayout(year)
        self.n_removed = 0

    def notes(self) -> list[str]:
        """Return sentences about what could not be written, once everything is."""
        return [removed_words(self.n_removed)] if self.n_removed else []

    def whole(self) -> bytes:
        """Return the file in one piece, for a download."""
        return b"".join(self.pieces())

    def pieces(self) -> Iterator[bytes]:
        """Yield the file in pieces: UTF-8, indented by two spaces."""
        yield b'<?xml version="1.0" encoding="UTF-8"?>\n<Message>\n'
        yield "".join(self._header()).encode()
        yield b"  <Persons>\n"
        n_people = int(self._store.value("select cast(count(*) as bigint) as n from person"))
        for first in range(1, n_people + 1, PEOPLE):
            yield "".join(self._people(first, first + PEOPLE - 1)).encode()
        yield b"  </Persons>\n</Message>\n"

    def _header(self) -> Iterator[str]:
        row = self._store.rows("select * from header")[0]
        yield "  <Header>\n"
        for container, names in spec.HEADER_CONTAINERS.items():
            yield f"    <{container}>\n"
            for name in names:
                if name in self._layout.items["header"]:
                    yield from self._item(spec.item("header", name), row, 3)
            yield f"    </{container}>\n"
        yield "  </Header>\n"

    def _people(self, first: int, last: int) -> Iterator[str]:
        """Yield the people from one number to another."""
        below: dict[str, dict[int, list[Row]]] = {}
        for table in spec.TABLES[2:]:
            parent = f"{spec.ancestors(table)[-1]}_id"
            of_table = below.setdefault(table, {})
            for row in self._store.rows_of_people(table, first, last):
                of_table.setdefault(row[parent], []).append(row)
        for row in self._store.rows_of_people("person", first, last):
            yield from self._group("person", row, below, 2)

    def _group(self, table: str, row: Row, below: dict[str, dict[int, list[Row]]], depth: int) -> Iterator[str]:
        element = spec.group_of(table).element
        pad = "  " * depth
        yield f"{pad}<{element}>\n"
        children = self._layout.children[table]
        for name in self._layout.order(table):
            if name in children:
                child = children[name].table
                for each in below[child].get(row["row_id"], ()):
                    yield from self._group(child, each, below, depth + 1)
            else:
                yield from self._item(self._layout.items[table][name], row, depth + 1)
        yield f"{pad}</{element}>\n"

    def _item(self, item: spec.Item, row: Row, depth: int) -> Iterator[str]:
        text = row[item.text_column]
        if text is None:
            return
        kept = NOT_IN_XML.sub("", text)
        self.n_removed += kept != text
        if kept.strip(spec.WHITE_SPACE):
            yield f"{'  ' * depth}<{item.element}>{escape(kept, CARRIAGE_RETURN)}</{item.element}>\n"
