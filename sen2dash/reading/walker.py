"""Turn the elements of a message into rows, in document order. Anything not in the layout is kept as deviations."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from lxml import etree

from sen2dash import spec
from sen2dash.errors import TooLarge
from sen2dash.model import Facts
from sen2dash.reading.content import attributes_of, loose_text, own_text, xml_of
from sen2dash.reading.elements import dates_of_header, resolve_name, unread_place, year_of
from sen2dash.reading.layout import GroupShape, ReturnLayout, local_name
from sen2dash.reading.lines import LineIndex

#: The most groups of one kind that a person may have: rules compare them in pairs. A real person has about ten at most.
MAX_GROUPS = 1_000
#: The most shapes of group kept at a time, and the most children that a kept shape may have. A real return has a few
#: hundred shapes with about ten children.
MAX_SHAPES = 5_000
MAX_PLAN_CHILDREN = 200


@dataclass
class Rows:
    """Rows waiting to become a batch."""

    tables: dict[str, list[tuple[Any, ...]]] = field(default_factory=lambda: {table: [] for table in spec.TABLES})
    deviations: list[tuple[Any, ...]] = field(default_factory=list)


class Walker:
    """Turns the elements of a message into rows, in document order."""

    def __init__(self, find_year: Callable[[], int], lines: LineIndex, facts: Facts) -> None:
        self.facts = facts
        self.find_year = find_year
        self.lines = lines
        self.layout: ReturnLayout | None = None
        self.shapes: dict[str, dict[tuple[str, ...], GroupShape]] = {}
        self.rows = Rows()
        self.next_id = dict.fromkeys(spec.TABLES, 1)
        self.ordinal = 1
        self.header: dict[str, str | None] = {}
        self.header_ordinal: int | None = None
        self.header_read = False
        #: The number of counted deviations, in halves, and how many waiting ones are included.
        self.n_halves = 0
        self.n_counted = 0
        self.persons: etree._Element | None = None
        self.done: etree._Element | None = None
        self.person_place = 0
        #: Places with persons that are not read: how many, and the line of the first.
        self.unread: dict[str, tuple[int, int]] = {}

    # -- outside the persons ------------------------------------------------------------------------------

    def _note(self, kind: str, element: etree._Element, name: str, spec_name: str, keep: bool = True) -> None:
        """Record a deviation on the header's row."""
        content = xml_of(element) if keep else None
        self.rows.deviations.append((kind, "header", 1, None, self.ordinal, name, spec_name, content))

    def _skip(self, element: etree._Element) -> None:
        """Skip an element that is not read, counting the persons in it."""
        for part in element.iter(etree.Element):
            if local_name(part.tag).lower() == "person":
                self._count_unread(part)
            self.ordinal += 1

    def _count_unread(self, person: etree._Element) -> None:
        place = unread_place(person)
        n_before, first = self.unread.get(place) or (0, self.lines.line_of(self.ordinal))
        self.unread[place] = (n_before + 1, first)

    def _note_extras(self, element: etree._Element, holder: str, with_text: bool = True) -> None:
        """Keep the attributes of a header element or container, and the text directly inside it."""
        found = attributes_of(element)
        if found:
            name, content = found
            self.rows.deviations.append(("attribute", "header", 1, None, self.ordinal, name, holder, content))
        if with_text:
            self._note_text(loose_text(element), holder, self.ordinal)

    def _note_text(self, text: str | None, holder: str, ordinal: int) -> None:
        """Keep a text directly inside a container. ordinal: the number of the last element that starts before it."""
        if text and (kept := text.strip()):
            self.rows.deviations.append(("text", "header", 1, None, ordinal, "#text", holder, kept))

    def start(self, root: etree._Element) -> None:
        """Read the root element itself."""
        name = local_name(root.tag)
        if name != "Message":
            self.rows.deviations.append(("variant", "header", 1, None, 0, name, "Message", None))
        self._note_extras(root, "Message", with_text=False)
        self._note_text(root.text, "Message", 0)

    def count_rows(self) -> int:
        """Count the rows and deviations so far. A different spelling counts half, because a whole return may use it."""
        for deviation in self.rows.deviations[self.n_counted :]:
            self.n_halves += 1 if deviation[0] == "variant" else 2
        self.n_counted = len(self.rows.deviations)
        return sum(self.next_id.values()) - len(self.next_id) + self.n_halves // 2

    def hand_over(self) -> Rows:
        """Return the waiting rows and start a new set."""
        self.count_rows()
        rows, self.rows, self.n_counted = self.rows, Rows(), 0
        return rows

    def before(self, root: etree._Element, persons: etree._Element | None) -> None:
        """Read the children of the root up to these persons (None: to the end), freeing them."""
        while (child := next(root.iterchildren(etree.Element), None)) is not None and child is not persons:
            if child is not self.persons:
                self._child_of_root(child)
            self._note_text(child.tail, "Message", self.ordinal - 1)
            root.remove(child)

    def _child_of_root(self, child: etree._Element) -> None:
        name, report = resolve_name(child, ("Header", "Persons"))
        if name == "Header":
            self._header(child, report)
        elif name == "Persons":
            self.enter(child)
            self.drain(None)
        else:
            self._note("unexpected", child, local_name(child.tag), "Message")
            self._skip(child)

    def _header(self, element: etree._Element, report: bool) -> None:
        self.facts.n_header += 1
        if self.header_read:
            self._note("container", element, local_name(element.tag), "Header")
            self._skip(element)
            return
        if self.layout is None:
            self._choose_layout(year_of(dates_of_header(element)))
        self.header_read = True
        self.header_ordinal = self.ordinal
        self.lines.keep(self.ordinal)
        if self.facts.n_persons_groups:
            self.rows.deviations.append(("order", "header", 1, None, self.ordinal, "Message", "", "Persons Header"))
        if report:
            self._note("variant", element, local_name(element.tag), "Header", keep=False)
        self._note_extras(element, "Header")
        self.ordinal += 1
        seen: list[str] = []
        for child in element.iterchildren(etree.Element):
            name, report = resolve_name(child, tuple(spec.HEADER_CONTAINERS))
            if name is None:
                self._note("unexpected", child, local_name(child.tag), "Header")
                self._skip(child)
                continue
            if name in seen:
                self._count_container(name)
                self._note("container", child, local_name(child.tag), name)
                self._skip(child)
                continue
            self._count_container(name)
            if name == "CollectionDetails" and "Source" in seen:
                names = " ".join(local_name(brother.tag) for brother in element.iterchildren(etree.Element))
                self.rows.deviations.append(("order", "header", 1, None, self.header_ordinal, "Header", "", names))
            seen.append(name)
            if report:
                self._note("variant", child, local_name(child.tag), name, keep=False)
            self._container(child, name)

    def _count_container(self, name: str) -> None:
        if name == "Source":
            self.facts.n_source += 1
        else:
            self.facts.n_collection_details += 1

    def _container(self, element: etree._Element, container: str) -> None:
        """Read CollectionDetails or Source."""
        assert self.layout is not None
        ordinal = self.ordinal
        self._note_extras(element, container)
        self.ordinal += 1
        order = tuple(name for name in spec.HEADER_CONTAINERS[container] if name in self.layout.items["header"])
        ranks: list[int] = []
        for child in element.iterchildren(etree.Element):
            name, report = resolve_name(child, order)
            if name is None:
                self._note("unexpected", child, local_name(child.tag), container)
                self._skip(child)
                continue
            if name in self.header:
                self._note("repeat", child, local_name(child.tag), name)
                self._skip(child)
                continue
            if report:
                self._note("variant", child, local_name(child.tag), name, keep=False)
            self._note_extras(child, name, with_text=False)
            self.header[name] = own_text(child)
            ranks.append(order.index(name))
            self.ordinal += 1
            for grandchild in child.iterchildren(etree.Element):
                self._note("unexpected", grandchild, local_name(grandchild.tag), name)
                self._skip(grandchild)
        if any(first > second for first, second in itertools.pairwise(ranks)):
            names = " ".join(local_name(child.tag) for child in element.iterchildren(etree.Element))
            self.rows.deviations.append(("order", "header", 1, None, ordinal, container, "", names))

    def enter(self, persons: etree._Element) -> None:
        """Begin a Persons group. Everything before it has been read."""
        name = local_name(persons.tag)
        if name != "Persons":
            self._note("variant", persons, name, "Persons", keep=False)
        self.facts.n_persons_groups += 1
        self._note_extras(persons, "Persons", with_text=False)
        self._note_text(persons.text, "Persons", self.ordinal)
        self.ordinal += 1
        self.persons = persons
        self.done = None
        self.person_place = 0

    # -- persons ------------------------------------------------------------------------------------------

    def drain(self, upto: etree._Element | None) -> None:
        """Read the children of the current Persons group up to and including this one (None: all), freeing them."""
        persons = self.persons
        assert persons is not None
        while (child := next(persons.iterchildren(etree.Element), None)) is not None:
            if child is not self.done:
                self._child_of_persons(child)
                child.clear(keep_tail=True)
            if child is upto:
                self.done = child
                return
            self._note_text(child.tail, "Persons", self.ordinal - 1)
            persons.remove(child)
        self.done = None

    def _child_of_persons(self, child: etree._Element) -> None:
        name, report = resolve_name(child, ("Person",))
        if name is None:
            self._note("unexpected", child, local_name(child.tag), "Persons")
            self._skip(child)
            return
        if self.layout is None:
            self._choose_layout(self.find_year())
        self.facts.persons += 1
        self.person_place += 1
        if report:
            person = self.facts.persons
            self.rows.deviations.append(
                ("variant", "person", person, person, self.ordinal, local_name(child.tag), "Person", None)
            )
        before = dict(self.next_id)
        ordinal = self.ordinal
        self._row(child, "person", (), self.person_place)
        for table, first in before.items():
            if self.next_id[table] - first > MAX_GROUPS:
                raise TooLarge(
                    "One person has too many groups",
                    f"The person that starts in line {self.lines.line_of(ordinal)} has more than {MAX_GROUPS:,} "
                    f"{spec.group_of(table).element} groups.",
                    "Check that you chose the SEN2 file, or export the return again.",
                )

    def _choose_layout(self, year: int) -> None:
        self.facts.year = year
        self.layout = ReturnLayout(year)
        self.shapes = {table: {} for table in spec.TABLES}

    def _row(self, element: etree._Element, table: str, up: tuple[int, ...], place: int) -> None:
        kids = element[:]
        tags: tuple[Any, ...] = tuple([kid.tag for kid in kids])
        shapes = self.shapes[table]
        shape = shapes.get(tags)
        if shape is None:
            assert self.layout is not None
            shape = self.layout.shape(table, tags)
            if len(tags) <= MAX_PLAN_CHILDREN:
                if len(shapes) >= MAX_SHAPES:
                    shapes.clear()
                shapes[tags] = shape
        ordinal = self.ordinal
        row_id = self.next_id[table]
        self.next_id[table] = row_id + 1
        texts: list[str | None] = [kid.text for kid in kids]
        texts.append(None)
        ids = (*up, row_id)
        if ordinal < self.lines.attributes_to:
            self._note_attributes(element, kids, table, ids, shape)
        if (ordinal < self.lines.texts_to or not kids) and (text := loose_text(element)):
            self.rows.deviations.append(("text", table, row_id, ids[0], ordinal, "#text", "", text))
        items = [kids[i] for i in shape.item_kids] if shape.groups else kids
        if shape.odd or shape.order or any(map(len, items)):
            self._odd_row(element, kids, texts, table, ids, shape)
        elif shape.groups:
            at = 0
            self.ordinal = ordinal + 1
            for index, child, child_place in shape.groups:
                self.ordinal += index - at
                at = index + 1
                self._row(kids[index], child, ids, child_place)
            self.ordinal += shape.size - at
        else:
            self.ordinal = ordinal + 1 + shape.size
        self.rows.tables[table].append((row_id, *(up or (row_id,)), place, ordinal, *shape.take(texts)))

    def _note_attributes(
        self, element: etree._Element, kids: list[etree._Element], table: str, ids: tuple[int, ...], shape: GroupShape
    ) -> None:
        """Keep the attributes of a group and of its items."""
        assert self.layout is not None
        note = self.rows.deviations.append
        if found := attributes_of(element):
            note(("attribute", table, ids[-1], ids[0], self.ordinal, found[0], "", found[1]))
        at, walked = self.ordinal + 1, 0
        for index in shape.item_kids:
            kid = kids[index]
            if found := attributes_of(kid):
                at += sum(1 for brother in kids[walked:index] for _ in brother.iter(etree.Element))
                walked = index
                holder, _ = self.layout.resolve(local_name(kid.tag), self.layout.items[table])
                note(("attribute", table, ids[-1], ids[0], at, found[0], holder, found[1]))

    def _odd_row(
        self,
        element: etree._Element,
        kids: list[etree._Element],
        texts: list[str | None],
        table: str,
        ids: tuple[int, ...],
        shape: GroupShape,
    ) -> None:
        """Walk a group that does not follow the layout, and keep the differences. `texts` is corrected in place."""
        person, row_id = ids[0], ids[-1]
        note = self.rows.deviations.append
        if shape.order:
            note(("order", table, row_id, person, self.ordinal, local_name(element.tag), "", shape.order))
        odd: dict[int, list[tuple[str, str, str]]] = {}
        for index, kind, name, spec_name in shape.odd:
            odd.setdefault(index, []).append((kind, name, spec_name))
        groups = {index: (child, place) for index, child, place in shape.groups}
        self.ordinal += 1
        for index, kid in enumerate(kids):
            left_out = False
            for kind, name, spec_name in odd.get(index, ()):
                left_out = left_out or kind != "variant"
                if kind == "variant" and index in groups:
                    # A group is reported on its own row, which is the next row of its table.
                    child = groups[index][0]
                    note((kind, child, self.next_id[child], person, self.ordinal, name, spec_name, None))
                    continue
                content = xml_of(kid) if left_out else None
                note((kind, table, row_id, person, self.ordinal, name, spec_name, content))
            if left_out:
                self._skip(kid)
            elif index in groups:
                child, place = groups[index]
                self._row(kid, child, ids, place)
            else:
                texts[index] = own_text(kid)
                self.ordinal += 1
                for inner in kid:
                    assert self.layout is not None
                    holder, _ = self.layout.resolve(local_name(kid.tag), self.layout.items[table])
                    content = xml_of(inner)
                    note(("unexpected", table, row_id, person, self.ordinal, local_name(inner.tag), holder, content))
                    self._skip(inner)

    def is_between_persons(self) -> bool:
        """Whether every element begun so far has been walked, and the last is in a Persons group that continues."""
        return self.persons is not None and self.ordinal == self.lines.n_tags

    def go_past(self, n_rows: Sequence[int], n_elements: int) -> None:
        """Skip persons of the current Persons group that were read elsewhere. n_rows: in the order of GROUPS."""
        for group, number in zip(spec.GROUPS, n_rows, strict=True):
            self.next_id[group.table] += number
        self.facts.persons += n_rows[0]
        self.person_place += n_rows[0]
        self.ordinal += n_elements

    def finish(self, root: etree._Element) -> None:
        """Read what comes after the last person."""
        if self.persons is not None:
            self.drain(None)
        self.before(root, None)
        if self.layout is None:
            self._choose_layout(spec.NEWEST_YEAR)
        self.facts.n_unread_persons = sum(number for number, _ in self.unread.values())
        self.facts.unread_persons = ", ".join(
            f"{number:,} {place} (from line {line:,})" for place, (number, line) in self.unread.items()
        )
        values = [self.header.get(item.element) for item in spec.items_of("header")]
        self.rows.tables["header"].append((1, None, 1, self.header_ordinal, *values))
