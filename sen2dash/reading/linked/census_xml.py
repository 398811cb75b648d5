"""Read the XML of a school census as a school's system made it: one school and term a file, pupil by pupil.

A leaf is an item of the pupil, except within groups that are rows of their own tables. Rows of all files are collected
and made into columns together: a thousand small files cost no more than one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pyarrow as pa
from lxml import etree

from sen2dash.errors import BadLinkedFile
from sen2dash.reading.linked import census_layout as layout
from sen2dash.reading.linked.given import GivenFile
from sen2dash.reading.linked.table import LINES
from sen2dash.reading.linked.values import columns_of, read_number
from sen2dash.reading.linked.xml_feed import NAMES, elements, leaves, readable

Row = tuple[Any, ...]
#: Rows that are made into columns at a time.
BATCH = 20_000
#: A file with more pupils than FREE_PUPILS has this many bytes for each; a real one has 1,300.
FREE_PUPILS, MIN_BYTES = 50_000, 100
PUPILS = {"pupilonroll": True, "pupilnolongeronroll": False}
GROUPS = {"termlyattendance": layout.TERMLY, "summerhalfterm2attendance": layout.HALF_TERM_2}
TOTALS = (layout.POSSIBLE, layout.AUTHORISED, layout.UNAUTHORISED)
PARTS = {layout.TERMLY: "termly", layout.HALF_TERM_2: "half_term_2"}
#: Groups whose leaves are a row of another table; of HomeInformation nothing is read.
ROWS = {"sessiondetail": "session", "termlyexclusion": "exclusion", "senneed": "need", "fsmperiod": "meal"}
KEYS = ("read_no", "key", "parent", "on_roll", "part", "seq")
#: The older names of columns, with the newest.
OLDER = {
    name: [(older, column.name) for column in columns for older in column.older]
    for name, columns in layout.COLUMNS.items()
}
NAMES_OF = {name: [column.name for column in columns] for name, columns in layout.COLUMNS.items()}


class XmlReader:
    """Reads one file after another. export: the number of the export that all of them are."""

    def __init__(self, export: int) -> None:
        self.export = export
        self.n_files = 0
        self.n_rows = 0
        #: Rows below pupils. Their order is that of reading, within the number of their file.
        self.n_below = 0
        self.waiting: dict[str, list[Row]] = {name: [] for name in layout.COLUMNS}
        self.made: list[tuple[str, pa.Table]] = []

    def read(self, given: GivenFile, number: int, tick: Callable[[str, int, int], None]) -> None:
        """Read one file. number: of the file in the load. Raises BadLinkedFile."""
        data, root = readable(given)
        if root != "message":
            raise BadLinkedFile(
                "This is not a school census",
                f"{given.place} does not begin with <Message>, as a school census does.",
                "Add a common transfer file as prior attainment." if root == "ctfile" else "Choose another file.",
            )
        self.n_files += 1
        key = f"file {number}"
        header: dict[str, str] | None = None
        school: dict[str, str] = {}
        n_pupils = 0
        for element in elements(given, data, tuple(PUPILS), ("header", "school"), tick):
            name = NAMES[element.tag]
            if name in PUPILS:
                n_pupils += 1
                if n_pupils > FREE_PUPILS and n_pupils * MIN_BYTES > len(data):
                    raise BadLinkedFile("The file is not what it seems", f"{given.place} has empty pupils.")
                self._pupil(element, key, number, n_pupils, PUPILS[name])
            elif name == "header":
                header = leaves(element)
                _check_header(header, given)
            else:
                school |= {NAMES[each.tag]: each.text for each in element if each.text}
        if header is None:
            raise BadLinkedFile("This is not a school census", f"{given.place} has no Header.", "Choose another file.")
        values = [school.get("urn") if name == "urn" else header.get(name) for name in NAMES_OF["census"]]
        self._add("census", (number * LINES, key, None, True, "", number * LINES), values)
        if "schoolname" in school:
            self._add("school", (number * LINES, None, key, True, "", number * LINES), _values("school", school))

    def tables(self) -> Iterator[tuple[str, pa.Table]]:
        """Yield everything that was read: our table, and rows of it."""
        for name in self.waiting:
            self._flush(name)
        yield from self.made

    def _pupil(self, element: etree._Element, parent: str, number: int, place: int, on_roll: bool) -> None:
        self.n_rows += 1
        key = str(self.n_rows)
        read_no = number * LINES + place
        items: dict[str, str] = {}
        self._walk(element, items, "", (read_no, key, on_roll))
        self._add(
            "pupil",
            (read_no, key, parent, on_roll, "", read_no),
            _values("pupil", items),
        )

    def _walk(self, element: etree._Element, items: dict[str, str], part: str, of: tuple[int, str, bool]) -> None:
        for child in element:
            name = NAMES[child.tag]
            if name in ROWS:
                self._row(ROWS[name], child, part, of)
            elif name == "homeinformation":
                continue
            elif len(child):
                self._walk(child, items, GROUPS.get(name, part), of)
            elif (text := child.text) and not text.isspace():
                if part and name in TOTALS:
                    name = f"{part}{name}"
                if name not in items:
                    items[name] = text

    def _row(self, table: str, element: etree._Element, part: str, of: tuple[int, str, bool]) -> None:
        read_no, key, on_roll = of
        self.n_below += 1
        items = leaves(element)
        if table == "exclusion":
            texts = [each.text for each in element.iter(etree.Element) if NAMES[each.tag] in ("reason", "reasons")]
            reasons = list(dict.fromkeys(text.strip().upper() for text in texts if text and not text.isspace()))
            items.pop("reason", None)
            items |= {f"reason{place}": text for place, text in enumerate(reasons[:3], start=1)}
        seq = read_no // LINES * LINES + self.n_below
        self._add(table, (read_no, None, key, on_roll, PARTS.get(part, "any"), seq), _values(table, items))

    def _add(self, table: str, keys: Row, values: list[str | None]) -> None:
        rows = self.waiting[table]
        rows.append((*keys, *values))
        if len(rows) >= BATCH:
            self._flush(table)

    def _flush(self, table: str) -> None:
        rows = self.waiting[table]
        if not rows:
            return
        read_no, key, parent, on_roll, part, seq, *columns = zip(*rows, strict=True)
        arrays = {
            "export": pa.repeat(pa.scalar(self.export, pa.int32()), len(rows)),
            "key": pa.array(key, pa.string()),
            "parent": pa.array(parent, pa.string()),
            "on_roll": pa.array(on_roll, pa.bool_()),
            "part": pa.array(part, pa.string()),
            "seq": pa.array(seq, pa.int64()),
            "read_no": pa.array(read_no, pa.int64()),
        }
        for column, texts in zip(layout.COLUMNS[table], columns, strict=True):
            arrays |= columns_of(column.name, column.kind, pa.array(texts, pa.string()))
        self.made.append((table, pa.table(arrays)))
        self.waiting[table] = []


def _values(table: str, items: dict[str, str]) -> list[str | None]:
    """Return the texts of the columns of a table; of a column with an older name, that one's where it has no other."""
    for older, name in OLDER[table]:
        if older in items:
            items.setdefault(name, items[older])
    return list(map(items.get, NAMES_OF[table]))


def _check_header(header: dict[str, str], given: GivenFile) -> None:
    """Refuse a file of another collection as soon as its header is known."""
    collection, term = (header.get(name, "").strip().upper() for name in ("collection", "term"))
    layout.check_return(given.place, collection, term, read_number(header.get("year", "").strip()))
