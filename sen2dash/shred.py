"""From the bytes of a return to column batches a table, in one streaming pass; no SQL and no rules.

Nothing is dropped: what the layout does not foresee (unknown, repeated, misordered or oddly spelt elements,
white space around a value) goes to the `deviation` batches with its place and its content, so that the tables
can be rendered back to an XML with the same content. Refused are only bytes that are not XML, carry a DOCTYPE,
or are no SEN2 message.

Lines are counted at LF from the bytes themselves, because the parser's own line numbers stop being right at
line 65,535: the n-th start tag in the bytes is the n-th element of the tree.
"""

from __future__ import annotations

import codecs
import gc
import hashlib
import itertools
import mmap
import re
import threading
import traceback
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from operator import itemgetter
from typing import Any
from xml.sax.saxutils import escape

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from lxml import etree

from sen2dash import spec
from sen2dash.errors import NotSen2, NotXml, TooLarge, UserError

Buffer = bytes | mmap.mmap
#: Bytes handed to the parser at a time, and persons that are turned into one Arrow batch.
CHUNK = 1 << 18
#: Bytes of a memory map that are kept in memory before they are let go of.
RELEASE = 1 << 24
BATCH_PERSONS = 4_000
#: Elements that make a batch however few the persons: a person of a real return has some 60.
BATCH_ELEMENTS = 400_000
#: A record with more elements than this is no person's: refused before it fills the memory.
MAX_PENDING = 20_000
#: Groups of one kind that a person may have: rules compare each with each. A real person has some ten at most.
MAX_GROUPS = 1_000
#: A file with more rows and deviations than FREE_ROWS needs this many bytes for each; a real return has 200 for a row.
#: Without it a file of empty elements would need a hundred times its size in memory.
FREE_ROWS = 50_000
MIN_ROW_BYTES = 32
#: Ways to read a group that are remembered at a time, and the children that one may have; a real return has some
#: hundreds of ways with some ten children.
MAX_PLANS = 5_000
MAX_PLAN_CHILDREN = 200
#: Names that a file may give its encoding. Python's own list would load a module by the name that it is given.
ENCODINGS = {
    "utf-8": "utf-8",
    "utf8": "utf-8",
    "us-ascii": "ascii",
    "ascii": "ascii",
    "iso-8859-1": "iso8859-1",
    "iso8859-1": "iso8859-1",
    "latin-1": "iso8859-1",
    "latin1": "iso8859-1",
    "windows-1252": "cp1252",
    "cp1252": "cp1252",
}
ENCODING_HINT = "Save the file as UTF-8 and upload it again; most systems call the setting 'encoding'."
#: Characters of the file that a message may hold.
MOST_SHOWN = 120
DEVIATION_COLUMNS = ("kind", "table_name", "row_id", "person_id", "line", "name", "spec_name", "content")
DEVIATION_TYPES = (
    pa.string(),
    pa.string(),
    pa.int64(),
    pa.int64(),
    pa.int64(),
    pa.string(),
    pa.string(),
    pa.string(),
)
CARRIAGE_RETURN = {"\r": "&#13;"}
PROLOG = re.compile(rb"(?:\xef\xbb\xbf)?(?:\s+|<!--.*?-->|<\?.*?\?>)*+", re.DOTALL)
NOT_MARKUP = re.compile(rb"<!--.*?-->|<!\[CDATA\[.*?\]\]>|<\?.*?\?>", re.DOTALL)
DECLARED = re.compile(rb"""^(?:\xef\xbb\xbf)?<\?xml[^>]*?encoding\s*=\s*["']([A-Za-z0-9._:-]+)["']""")
HEADER_TAG = re.compile(rb"<(?:[^\s<>/:]+:)?(header)(?=[\s/>])", re.IGNORECASE)
Sink = Callable[[str, pa.Table], None]
Tick = Callable[[int, int], None]


@dataclass
class Facts:
    """What is true of the file as a whole. The counts are of the containers that the layout has once."""

    size: int = 0
    sha256: str = ""
    encoding: str = "utf-8"
    year: int = 0
    persons: int = 0
    n_header: int = 0
    n_collection_details: int = 0
    n_source: int = 0
    n_persons_groups: int = 0


@dataclass
class Plan:
    """How to read a group whose child elements have exactly these names: worked out once, used for every such row."""

    take: Callable[[list[str | None]], tuple[str | None, ...]]
    item_kids: tuple[int, ...]
    #: Child groups to read: (index among the children, table, place among its like-named brothers).
    groups: tuple[tuple[int, str, int], ...]
    #: What to report: (index, kind, name in the file, name in the specification).
    odd: tuple[tuple[int, str, str, str], ...]
    #: The names in file order where they stand in another order than the layout.
    order: str | None
    size: int


def local_name(tag: Any) -> str:
    """The name of an element without its namespace."""
    return str(tag).rpartition("}")[2]


def xml_of(element: etree._Element) -> str:
    """The XML of an element that the layout does not have: names and texts, as of all others.

    Not the parser's own writer: it repeats every namespace of the elements around it, however many those are.
    """
    parts: list[str] = []

    def write(part: Any) -> None:
        name = local_name(part.tag)
        if not part.text and not len(part):
            parts.append(f"<{name}/>")
            return
        parts.append(f"<{name}>{escape(part.text or '', CARRIAGE_RETURN)}")
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


class Layout:
    """The names and the order of one collection year, as look-ups."""

    def __init__(self, year: int) -> None:
        self.year = year
        self.items = {table: {i.element: i for i in spec.items_of(table) if i.exists_in(year)} for table in spec.TABLES}
        self.children = {
            table: {g.element: g for g in spec.GROUPS if g.parent == table}
            for table in spec.TABLES
            if table != "header"
        }
        self.rank = {table: self._rank(table) for table in self.children}
        self.lower_case = {
            name.lower() for table in spec.TABLES for name in (*self.items[table], *self.children.get(table, ()))
        }

    def _rank(self, table: str) -> dict[str, int]:
        """Name to place in the order of the layout. Items of 2023 alone have none."""
        order: list[str] = []
        behind: list[str] = []
        for item in self.items[table].values():
            if item.to_year is not None:
                continue
            order.append(item.element)
            order += [
                c for c, group in self.children[table].items() if spec.GROUP_BEHIND.get(group.table) == item.element
            ]
        behind = [c for c, group in self.children[table].items() if group.table not in spec.GROUP_BEHIND]
        return {name: place for place, name in enumerate(order + behind)}

    def resolve(self, name: str, known: Mapping[str, Any]) -> tuple[str | None, bool]:
        """The specification's name for a name in the file, and whether the difference is to be reported (H18)."""
        if name in known:
            return name, False
        silent = spec.SILENT_VARIANTS.get(name)
        if silent in known:
            return silent, False
        slip = spec.REPORTED_VARIANTS.get(name)
        if slip in known:
            return slip, True
        folded = name.lower()
        if folded in self.lower_case:
            for candidate in known:
                if candidate.lower() == folded:
                    return candidate, True
        return None, False

    def plan(self, table: str, tags: tuple[str, ...]) -> Plan:
        """Work out how to read a group of this table whose children have these tags."""
        items, children = self.items[table], self.children[table]
        known = {**items, **children}
        at: dict[str, int] = {}
        groups: list[tuple[int, str, int]] = []
        places: dict[str, int] = {}
        odd: list[tuple[int, str, str, str]] = []
        ranks: list[int] = []
        for index, tag in enumerate(tags):
            name = local_name(tag)
            found, report = self.resolve(name, known)
            if found is None:
                odd.append((index, "unexpected", name, ""))
                continue
            if found in items:
                if found in at:
                    odd.append((index, "repeat", name, found))
                    continue
                at[found] = index
            else:
                group = children[found]
                places[found] = places.get(found, 0) + 1
                if places[found] > 1 and not group.repeats:
                    odd.append((index, "repeat", name, found))
                    continue
                groups.append((index, group.table, places[found]))
            if report:
                odd.append((index, "variant", name, found))
            if found in self.rank[table]:
                ranks.append(self.rank[table][found])
        misordered = any(first > second for first, second in itertools.pairwise(ranks))
        columns = [at.get(item.element, len(tags)) for item in spec.items_of(table)]
        return Plan(
            take=itemgetter(*columns),
            item_kids=tuple(sorted(at.values())),
            groups=tuple(groups),
            odd=tuple(odd),
            order=" ".join(local_name(tag) for tag in tags) if misordered else None,
            size=len(tags),
        )


def columns_of(table: str) -> tuple[str, ...]:
    """The columns of the batches of one table: keys first, then one text column an item."""
    parents = tuple(f"{parent}_id" for parent in spec.ancestors(table))
    keys = ("row_id", *(parents or ("person_id",)), "place", "line")
    return (*keys, *(item.column for item in spec.items_of(table)))


class LineIndex:
    """The line of every start tag, worked out block by block beside the parser."""

    def __init__(self, data: Buffer) -> None:
        self.data = data
        self.read_to = 0
        self.line = 1
        self.first = 0
        self.lines: list[np.ndarray] = []
        self.n_tags = 0
        self.kept: dict[int, int] = {}
        #: Where the last comment, CDATA section or instruction that was met ends.
        self.skip_to = 0

    def feed(self, end: int) -> None:
        """Index the bytes up to `end` (not included)."""
        start, size = self.read_to, len(self.data)
        if end <= start:
            return
        block = np.frombuffer(self.data, np.uint8, min(end + 1, size) - start, start)
        body = block[: end - start]
        opening = np.flatnonzero(body == 60)
        if end == size and len(opening) and opening[-1] == len(body) - 1:
            opening = opening[:-1]
        following = block[opening + 1]
        tags = opening[following != 47]
        following = following[following != 47]
        special = (following == 33) | (following == 63)
        if special.any() or self.skip_to > start:
            begin, stop = self._not_markup((tags[special] + start).tolist(), start)
            tags = tags[~special]
            span = np.searchsorted(begin, tags + start, side="right") - 1
            tags = tags[(span < 0) | (tags + start >= stop[span])]
        breaks = np.flatnonzero(body == 10)
        self.lines.append((np.searchsorted(breaks, tags) + self.line).astype(np.int32))
        self.line += len(breaks)
        self.n_tags += len(tags)
        self.read_to = end

    def _not_markup(self, specials: list[int], start: int) -> tuple[np.ndarray, np.ndarray]:
        """Begin and end of what reaches into the block from `start` on, and in which < starts no element."""
        spans = [(start, max(start, self.skip_to))]
        for offset in specials:
            if offset >= self.skip_to:
                match = NOT_MARKUP.match(self.data, offset)
                self.skip_to = match.end() if match else len(self.data)
                spans.append((offset, self.skip_to))
        return np.array([first for first, _ in spans]), np.array([last for _, last in spans])

    def take(self, ordinals: list[int | None]) -> pa.Array:
        """The lines of these elements, which must not be forgotten."""
        lines = np.concatenate(self.lines) if len(self.lines) != 1 else self.lines[0]
        self.lines = [lines]
        wanted = np.array([-1 if o is None else o for o in ordinals], dtype=np.int64)
        found = lines[np.maximum(wanted - self.first, 0)] if len(lines) else np.zeros(len(wanted), np.int32)
        for place in np.flatnonzero((wanted >= 0) & (wanted < self.first)).tolist():
            found[place] = self.kept[int(wanted[place])]
        return pa.array(found, mask=wanted < 0)

    def line_of(self, ordinal: int) -> int:
        """The line of one element that is not forgotten."""
        return int(self.take([ordinal])[0].as_py())

    def keep(self, ordinal: int) -> None:
        """Remember the line of one element for good."""
        self.kept[ordinal] = self.line_of(ordinal)

    def forget(self, ordinal: int) -> None:
        """Drop the lines of the elements before this one."""
        lines = np.concatenate(self.lines) if self.lines else np.zeros(0, np.int32)
        self.lines = [lines[max(0, ordinal - self.first) :].copy()]
        self.first = max(self.first, ordinal)


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
        self.layout: Layout | None = None
        self.plans: dict[str, dict[tuple[str, ...], Plan]] = {}
        self.rows = Rows()
        self.next_id = dict.fromkeys(spec.TABLES, 1)
        self.ordinal = 1
        self.header: dict[str, str | None] = {}
        self.header_ordinal: int | None = None
        self.header_read = False
        #: Deviations that have been counted, in halves, and how many of those that wait are among them.
        self.n_halves = 0
        self.n_counted = 0
        self.persons: etree._Element | None = None
        self.done: etree._Element | None = None
        self.person_place = 0

    # -- outside the persons ------------------------------------------------------------------------------

    def _note(self, kind: str, element: etree._Element, name: str, spec_name: str, keep: bool = True) -> None:
        """Report something on the header's row."""
        content = xml_of(element) if keep else None
        self.rows.deviations.append((kind, "header", 1, None, self.ordinal, name, spec_name, content))

    def _skip(self, element: etree._Element) -> None:
        self.ordinal += sum(1 for _ in element.iter(etree.Element))

    def start(self, root: etree._Element) -> None:
        """Look at the root itself."""
        name = local_name(root.tag)
        if name != "Message":
            self.rows.deviations.append(("variant", "header", 1, None, 0, name, "Message", None))

    def count_rows(self) -> int:
        """Rows and deviations made so far. A name in another spelling counts half: a whole return may be spelt so."""
        for deviation in self.rows.deviations[self.n_counted :]:
            self.n_halves += 1 if deviation[0] == "variant" else 2
        self.n_counted = len(self.rows.deviations)
        return sum(self.next_id.values()) - len(self.next_id) + self.n_halves // 2

    def hand_over(self) -> Rows:
        """The rows that wait, which are others' from now on."""
        self.count_rows()
        rows, self.rows, self.n_counted = self.rows, Rows(), 0
        return rows

    def before(self, root: etree._Element, persons: etree._Element | None) -> None:
        """Read the children of the root up to these persons (None: to the end), freeing them."""
        while (child := next(root.iterchildren(etree.Element), None)) is not None and child is not persons:
            if child is not self.persons:
                self._child_of_root(child)
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
        """Begin a Persons group: all that stands before it has been read."""
        name = local_name(persons.tag)
        if name != "Persons":
            self._note("variant", persons, name, "Persons", keep=False)
        self.facts.n_persons_groups += 1
        self.ordinal += 1
        self.persons = persons
        self.done = None
        self.person_place = 0

    # -- persons ------------------------------------------------------------------------------------------

    def drain(self, upto: etree._Element | None) -> None:
        """Read the children of the current Persons group up to and with this one (None: all), freeing them."""
        persons = self.persons
        assert persons is not None
        while (child := next(persons.iterchildren(etree.Element), None)) is not None:
            if child is not self.done:
                self._child_of_persons(child)
                child.clear()
            if child is upto:
                self.done = child
                return
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
        self.layout = Layout(year)
        self.plans = {table: {} for table in spec.TABLES}

    def _row(self, element: etree._Element, table: str, up: tuple[int, ...], place: int) -> None:
        kids = element[:]
        tags: tuple[Any, ...] = tuple([kid.tag for kid in kids])
        plans = self.plans[table]
        plan = plans.get(tags)
        if plan is None:
            assert self.layout is not None
            plan = self.layout.plan(table, tags)
            if len(tags) <= MAX_PLAN_CHILDREN:
                if len(plans) >= MAX_PLANS:
                    plans.clear()
                plans[tags] = plan
        ordinal = self.ordinal
        row_id = self.next_id[table]
        self.next_id[table] = row_id + 1
        texts: list[str | None] = [kid.text for kid in kids]
        texts.append(None)
        ids = (*up, row_id)
        if plan.odd or plan.order or any([len(kids[i]) for i in plan.item_kids]):  # noqa: C419
            self._odd_row(element, kids, texts, table, ids, plan)
        elif plan.groups:
            at = 0
            self.ordinal = ordinal + 1
            for index, child, child_place in plan.groups:
                self.ordinal += index - at
                at = index + 1
                self._row(kids[index], child, ids, child_place)
            self.ordinal += plan.size - at
        else:
            self.ordinal = ordinal + 1 + plan.size
        self.rows.tables[table].append((row_id, *(up or (row_id,)), place, ordinal, *plan.take(texts)))

    def _odd_row(
        self,
        element: etree._Element,
        kids: list[etree._Element],
        texts: list[str | None],
        table: str,
        ids: tuple[int, ...],
        plan: Plan,
    ) -> None:
        """Walk a group that is not as the layout has it, keeping what is odd. `texts` is put right in place."""
        person, row_id = ids[0], ids[-1]
        note = self.rows.deviations.append
        if plan.order:
            note(("order", table, row_id, person, self.ordinal, local_name(element.tag), "", plan.order))
        odd: dict[int, list[tuple[str, str, str]]] = {}
        for index, kind, name, spec_name in plan.odd:
            odd.setdefault(index, []).append((kind, name, spec_name))
        groups = {index: (child, place) for index, child, place in plan.groups}
        self.ordinal += 1
        for index, kid in enumerate(kids):
            left_out = False
            for kind, name, spec_name in odd.get(index, ()):
                left_out = left_out or kind != "variant"
                if kind == "variant" and index in groups:
                    # A group is reported on its own row, which is the next of its table.
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

    def finish(self, root: etree._Element) -> None:
        """Read what stands behind the last person."""
        if self.persons is not None:
            self.drain(None)
        self.before(root, None)
        if self.layout is None:
            self._choose_layout(spec.COLLECTION_YEARS[-1])
        values = [self.header.get(item.element) for item in spec.items_of("header")]
        self.rows.tables["header"].append((1, None, 1, self.header_ordinal, *values))


def resolve_name(element: etree._Element, names: tuple[str, ...]) -> tuple[str | None, bool]:
    """The one of these names that an element has, and whether only without regard to case."""
    name = local_name(element.tag)
    if name in names:
        return name, False
    folded = name.lower()
    return next(((candidate, True) for candidate in names if candidate.lower() == folded), (None, False))


def first_child(element: etree._Element | None, name: str) -> etree._Element | None:
    """The first child element of this name, however its case."""
    children = () if element is None else element.iterchildren(etree.Element)
    return next((child for child in children if resolve_name(child, (name,))[0]), None)


def dates_of_header(header: etree._Element) -> dict[str, str | None]:
    """What a Header says of its collection year: the texts of Year and ReferenceDate."""
    details = first_child(header, "CollectionDetails")
    found = {name: first_child(details, name) for name in ("Year", "ReferenceDate")}
    return {name: own_text(element) for name, element in found.items() if element is not None}


def year_of(header: dict[str, str | None]) -> int:
    """The collection year of a header: Year, else the year of a real ReferenceDate, else the latest (rule H04)."""
    text = (header.get("Year") or "").strip()
    if text in map(str, spec.COLLECTION_YEARS):
        return int(text)
    reference = spec.real_date(header.get("ReferenceDate"))
    if reference is not None and reference.year in spec.COLLECTION_YEARS:
        return reference.year
    return spec.COLLECTION_YEARS[-1]


# -- bytes ------------------------------------------------------------------------------------------------


def decode(data: Buffer) -> tuple[Buffer, str]:
    """The same document in UTF-8, and the encoding that it had. NotXml where the bytes are no such text."""
    head = bytes(data[:4])
    if not head:
        raise NotXml("The file is empty", "It has no bytes at all.", "Export the return again and upload that file.")
    if head[:2] == b"PK" or head[:2] == b"\x1f\x8b":
        raise NotXml(
            "This is a compressed file, not an XML file",
            "It looks like a zip, gzip or Excel file.",
            "Unpack it, or export the return as XML, and upload the .xml file.",
        )
    if head in (b"\xff\xfe\x00\x00", b"\x00\x00\xfe\xff"):
        raise NotXml("The encoding is not supported", "The file is in UTF-32.", ENCODING_HINT)
    if head[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return _transcode(data, "utf-16"), "utf-16"
    if b"\0" in head:
        raise NotXml(
            "The file is not XML in an encoding that can be read",
            "Its first bytes hold a zero, as UTF-16 without a byte order mark does, or a file that is no text.",
            ENCODING_HINT,
        )
    match = DECLARED.match(bytes(data[:512]))
    declared = match[1].decode("ascii") if match else "utf-8"
    name = ENCODINGS.get(declared.lower().replace("_", "-"))
    if name is None:
        raise NotXml(
            "The encoding is not supported",
            f"Line 1 says that the file is in {declared}.",
            "UTF-8, UTF-16 with a byte order mark, ISO-8859-1, windows-1252 and US-ASCII are read. " + ENCODING_HINT,
        )
    if name == "utf-8" or head[:3] == codecs.BOM_UTF8:
        return data, "utf-8"
    return _transcode(data, name), name


def _transcode(data: Buffer, encoding: str) -> bytes:
    try:
        return bytes(data).decode(encoding).encode("utf-8")
    except UnicodeError as error:
        raise NotXml(
            "The file is not in the encoding that it says it is in",
            f"It is marked as {encoding}, but some bytes are not.",
            ENCODING_HINT,
        ) from error


def shown(text: str) -> str:
    """A text of the file for a message: short, and without characters that a terminal would obey."""
    flat = "".join(char if char.isprintable() else "?" for char in text)
    return flat if len(flat) <= MOST_SHOWN else f"{flat[:MOST_SHOWN]}..."


def check_prolog(data: Buffer) -> None:
    """Refuse a DOCTYPE and a root that is no SEN2 message before anything is built."""
    match = PROLOG.match(data)
    start = match.end() if match else 0
    after = bytes(data[start : start + 200])
    if after[:9].upper() == b"<!DOCTYPE":
        line = bytes(data[:start]).count(b"\n") + 1
        raise NotXml(
            "The file has a document type declaration",
            f"Line {line} starts a <!DOCTYPE ...>, which a SEN2 return never has and which can be unsafe.",
            "Remove the declaration in the system that made the file, or export the return again.",
        )
    if not re.match(rb"<[^\s!?/>]", after):
        line = bytes(data[:start]).count(b"\n") + 1
        raise NotXml(
            "The file is not XML",
            f"Line {line} has something else where the first element should start.",
            "Choose the .xml file that your case system exported for the SEN2 collection.",
        )
    root = re.match(rb"<(?:[^\s/>:]*:)?([^\s/>]+)", after)
    if root and root[1].lower() != b"message":
        name = shown(root[1].decode("utf-8", "replace"))
        raise NotSen2(
            "This is not a SEN2 return",
            f"The file starts with <{name}>; a SEN2 return starts with <Message>.",
            "Check that you chose the SEN2 file and not another collection's.",
        )


_gc_lock = threading.Lock()
_gc_users = 0


@contextmanager
def collector_paused() -> Iterator[None]:
    """Keep Python's cycle collector from walking the rows while they are built, then let go of the trees.

    Rows hold no cycles, but a tree, its parser and the parser's context do: one that was not read to its end would
    stay, with all that it holds, until the collector happens to come by.
    """
    global _gc_users
    with _gc_lock:
        _gc_users += 1
        gc.disable()
    try:
        yield
    except UserError as error:
        traceback.clear_frames(error.__traceback__)
        raise
    finally:
        gc.collect(0)
        with _gc_lock:
            _gc_users -= 1
            if _gc_users == 0:
                gc.enable()


PARSER_OPTIONS: dict[str, Any] = {
    "resolve_entities": "internal",
    "no_network": True,
    "load_dtd": False,
    "dtd_validation": False,
    "huge_tree": False,
    "recover": False,
    "remove_comments": True,
    "remove_pis": True,
    "remove_blank_text": True,
    "encoding": "utf-8",
}
PERSON_NAME = re.compile(rb"<(?:[^\s<>/:]+:)?(person)(?=[\s/>])", re.IGNORECASE)


def person_tags(data: Buffer) -> tuple[str, ...]:
    """The spellings of Person that the parser is to report: the right one and what the first of them use.

    Any other spelling is read all the same, but only when a reported one or the end comes.
    """
    first = PERSON_NAME.search(data)
    start = first.start() if first else len(data)
    written = {match.decode("ascii") for match in PERSON_NAME.findall(data, start, start + 65_536)}
    return tuple(f"{{*}}{name}" for name in sorted(written | {"Person"}))


def _feed(parser: etree.XMLPullParser, data: Buffer, size: int) -> Iterator[int]:
    """Feed the bytes piece by piece and say after each how far it came."""
    for start in range(0, size, CHUNK):
        end = min(start + CHUNK, size)
        parser.feed(data[start:end])
        yield end


def _not_well_formed(error: etree.XMLSyntaxError) -> NotXml:
    line, column = error.position if error.position else (error.lineno or 0, 0)
    reason = re.sub(r", line \d+, column \d+.*$", "", (error.msg or "unknown fault").splitlines()[0])
    reason = shown(re.sub(r"\s*\(<string>.*\)$", "", reason))
    return NotXml(
        "The file is not well-formed XML",
        f"Line {line}, column {column}: {reason}.",
        "It may have been cut off or edited by hand. Export the return again; if it happens again, send this message "
        "to your software supplier.",
    )


def _find_year(data: Buffer) -> int:
    """The collection year of a message in which the persons stand before the header."""
    spellings = {match.decode("ascii") for match in HEADER_TAG.findall(data)}
    headers = tuple(f"{{*}}{name}" for name in sorted(spellings))
    parser = etree.XMLPullParser(events=("end",), tag=(*headers, *person_tags(data)), **PARSER_OPTIONS)
    root: etree._Element | None = None
    for _ in _feed(parser, data, len(data)):
        for _, element in parser.read_events():
            parent = element.getparent()
            if resolve_name(element, ("Header",))[0] is not None and parent is not None and parent.getparent() is None:
                return year_of(dates_of_header(element))
            root = element.getroottree().getroot()
        if root is not None:
            _thin(root)
    return spec.COLLECTION_YEARS[-1]


def _thin(root: etree._Element) -> None:
    """Take away from a message that is being read whatever has been closed, but nothing from a header that is open."""
    node = root
    while len(node) and resolve_name(node, ("Header",))[0] is None:
        del node[:-1]
        node = node[-1]


def _release(data: Buffer, done: int) -> None:
    """Let go of the last RELEASE bytes of a memory map before `done`: they can be read again from the file."""
    if isinstance(data, mmap.mmap) and hasattr(data, "madvise"):
        data.madvise(mmap.MADV_DONTNEED, done - RELEASE, RELEASE)


def _sha256(data: Buffer) -> str:
    digest = hashlib.sha256()
    for start in range(0, len(data), RELEASE):
        digest.update(data[start : start + RELEASE])
        if start:
            _release(data, start)
    return digest.hexdigest()


def shred(data: Buffer, sink: Sink, tick: Tick = lambda done, total: None) -> Facts:
    """Read a return and hand its rows to `sink`, a table name and an Arrow batch at a time.

    data: the whole file as bytes or a read-only memory map. sink: called with "header", "person" and so on, and
    "deviation"; batches hold the columns of `columns_of` as text, in document order. tick: called with bytes done
    and bytes in all. Returns the facts of the file; they are only complete at the end.
    Errors: NotXml, NotSen2, TooLarge. Nothing is handed on after an error, but earlier batches may have been.
    """
    with collector_paused():
        return _shred(data, sink, tick)


def _shred(data: Buffer, sink: Sink, tick: Tick) -> Facts:
    facts = Facts(size=len(data), sha256=_sha256(data))
    data, facts.encoding = decode(data)
    check_prolog(data)
    lines = LineIndex(data)
    walker = Walker(lambda: _find_year(data), lines, facts)
    parser = etree.XMLPullParser(events=("end",), tag=person_tags(data), **PARSER_OPTIONS)
    size = len(data)
    root: etree._Element | None = None
    flushed = (0, 0)
    try:
        for done in _feed(parser, data, size):
            lines.feed(done)
            for _, element in parser.read_events():
                parent = element.getparent()
                if parent is not walker.persons:
                    if root is None:
                        root = element.getroottree().getroot()
                        walker.start(root)
                    if root is None or parent is None or parent.getparent() is not root or not is_persons(parent):
                        continue
                    if walker.persons is not None:
                        walker.drain(None)
                    assert root is not None
                    walker.before(root, parent)
                    walker.enter(parent)
                walker.drain(element)
            if lines.n_tags - walker.ordinal > MAX_PENDING:
                raise TooLarge(
                    "One record is too large to be a person's",
                    f"From line {lines.line_of(walker.ordinal)} on there are more than {MAX_PENDING:,} elements "
                    "before the record ends.",
                    "Check that you chose the SEN2 file, or export the return again.",
                )
            n_rows = walker.count_rows()
            if n_rows > FREE_ROWS + done // MIN_ROW_BYTES:
                raise TooLarge(
                    "The file has too many empty or unexpected elements",
                    f"Up to line {lines.line} it has {n_rows:,} groups and elements that a return does not "
                    f"have, one every {done / n_rows:.0f} bytes.",
                    "Check that you chose the SEN2 file, or export the return again.",
                )
            tick(done, size)
            if done % RELEASE == 0:
                _release(data, done)
            if facts.persons - flushed[0] >= BATCH_PERSONS or walker.ordinal - flushed[1] >= BATCH_ELEMENTS:
                flushed = (facts.persons, walker.ordinal)
                _flush(walker, lines, sink)
        whole = parser.close()
    except etree.XMLSyntaxError as error:
        raise _not_well_formed(error) from None
    if root is None:
        root = whole
        walker.start(root)
    walker.finish(root)
    if facts.n_persons_groups == 0:
        raise NotSen2(
            "This is not a SEN2 return",
            "The file has a <Message> but no <Persons> group in it.",
            "Check that you chose the SEN2 person-level file and not another collection's.",
        )
    if walker.ordinal != lines.n_tags:
        raise AssertionError(f"{walker.ordinal} elements walked, {lines.n_tags} start tags indexed")
    _flush(walker, lines, sink)
    return facts


def is_persons(element: etree._Element) -> bool:
    """Whether an element is a Persons group by its name."""
    return resolve_name(element, ("Persons",))[0] is not None


def _flush(walker: Walker, lines: LineIndex, sink: Sink) -> None:
    rows = walker.hand_over()
    for table, waiting in rows.tables.items():
        if waiting:
            _send(table, columns_of(table), waiting, len(spec.items_of(table)), lines, sink)
    if rows.deviations:
        found = lines.take([row[4] for row in rows.deviations]).to_pylist()
        deviations = [(*row[:4], line, *row[5:]) for row, line in zip(rows.deviations, found, strict=True)]
        sink("deviation", deviation_batch(deviations))
    lines.forget(walker.ordinal)


def _send(
    table: str, names: tuple[str, ...], waiting: list[tuple[Any, ...]], n_items: int, lines: LineIndex, sink: Sink
) -> None:
    columns = list(zip(*waiting, strict=True))
    n_keys = len(names) - n_items
    keys = [pa.array(column, pa.int64()) for column in columns[: n_keys - 1]]
    keys.append(lines.take(list(columns[n_keys - 1])))
    texts = [pa.array(column, pa.string()) for column in columns[n_keys:]]
    for place, item in enumerate(spec.items_of(table)):
        if has_odd_edges(texts[place]):
            texts[place], spaced = trimmed(texts[place])
            _send_spacing(table, item.element, spaced, columns, keys[-1], n_keys + place, sink)
    sink(table, pa.Table.from_arrays(keys + texts, names))


def has_odd_edges(texts: pa.Array) -> bool:
    """Whether any text may start or end with white space, or is empty: its edges are not all printable ASCII."""
    _, offsets_buffer, data_buffer = texts.buffers()
    offsets = np.frombuffer(offsets_buffer, np.int32, len(texts) + 1, texts.offset * 4)
    filled = offsets[1:] > offsets[:-1]
    if np.count_nonzero(filled) < len(texts) - texts.null_count:
        return True
    if data_buffer is None or not filled.any():
        return False
    data = np.frombuffer(data_buffer, np.uint8)
    edges = np.concatenate([data[offsets[:-1][filled]], data[offsets[1:][filled] - 1]])
    return bool(((edges <= 32) | (edges >= 127)).any())


def trimmed(texts: pa.Array) -> tuple[pa.Array, list[int]]:
    """The texts without white space around them, blank ones as null, and which of them changed."""
    stripped = pc.utf8_trim(texts, characters=spec.WHITE_SPACE)
    changed = pc.indices_nonzero(pc.fill_null(pc.not_equal(stripped, texts), False)).to_pylist()
    return pc.if_else(pc.equal(stripped, ""), pa.scalar(None, pa.string()), stripped), changed


def _send_spacing(
    table: str, element: str, rows: list[int], columns: list[tuple[Any, ...]], lines: pa.Array, at: int, sink: Sink
) -> None:
    """Keep the texts as they were supplied where they differ from what the checks read."""
    if not rows:
        return
    deviations = [
        ("spacing", table, columns[0][row], columns[1][row], lines[row].as_py(), element, element, columns[at][row])
        for row in rows
    ]
    sink("deviation", deviation_batch(deviations))


def deviation_batch(deviations: list[tuple[Any, ...]]) -> pa.Table:
    """Rows of kind, table, row, person, line, name, specification name and content as a batch."""
    return pa.Table.from_arrays(
        [pa.array(column, kind) for column, kind in zip(zip(*deviations, strict=True), DEVIATION_TYPES, strict=True)],
        DEVIATION_COLUMNS,
    )
