"""Read school censuses: the CSV export of the collection system and the XML of single schools, in any mixture.

Everything is read into the same tables of texts and typed values; who matches whom is not known here. A file that is
not of a school census refuses the load, and the message names the file, the table and the column.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

import pyarrow as pa
import pyarrow.compute as pc

from sen2dash.errors import BadLinkedFile
from sen2dash.reading.linked import census_layout as layout
from sen2dash.reading.linked.census_xml import XmlReader
from sen2dash.reading.linked.given import GivenFile
from sen2dash.reading.linked.table import LINES, Column, Sheet, open_sheet, read_columns
from sen2dash.reading.linked.values import blank

#: Called with the name of a file, the bytes of it that were read, and all its bytes.
Tick = Callable[[str, int, int], None]
#: All XML files together are one export, whose keys are made here.
XML_EXPORT = 0


@dataclass
class _Export:
    """Tables that were exported together. place: the first file of it, for messages."""

    number: int
    place: str
    tables: set[str] = field(default_factory=set)
    has_totals: dict[str, bool] = field(default_factory=dict)

    @property
    def has_exclusions(self) -> bool:
        """Whether it has a table of exclusions, of pupils on roll or of leavers."""
        return any(layout.TABLES[name].into == "exclusion" for name in self.tables)


@dataclass(frozen=True)
class CensusReading:
    """The tables of a load: census, school, pupil, session, exclusion, need, meal and export.

    files: the name of each file, by its number from 1. has_exclusions: whether any file had a table of exclusions.
    notes: a sentence for everything that is not as it should be. xml: the numbers of the files that are XML.
    """

    tables: Mapping[str, pa.Table]
    files: tuple[str, ...]
    has_exclusions: bool
    notes: tuple[str, ...]
    xml: frozenset[int] = frozenset()

    def place_of(self, read_no: int) -> tuple[str, int, str]:
        """Return the file of a row, its number in it, and what is numbered: a line or, of XML, a pupil."""
        number, place = divmod(read_no, LINES)
        return self.files[number - 1], place, "pupil" if number in self.xml else "line"


def read_census(given: Iterable[GivenFile], tick: Tick = lambda *_: None) -> CensusReading:
    """Read all files. Raises BadLinkedFile."""
    tables: dict[str, list[pa.Table]] = {name: [] for name in layout.COLUMNS}
    exports: dict[tuple[str, str], _Export] = {}
    every: list[_Export] = []
    files: list[str] = []
    notes: list[str] = []
    xml, xml_files = XmlReader(XML_EXPORT), set[int]()
    for one in given:
        files.append(one.place)
        number = len(files)
        tick(one.place, 0, len(one.data))
        if one.is_xml:
            xml.read(one, number, tick)
            xml_files.add(number)
            continue
        prefix, name = _table_name(one)
        if name is None:
            continue
        key = (one.folder, prefix.casefold())
        if key not in exports or name in exports[key].tables:
            exports[key] = _Export(len(every) + 1, one.place)
            every.append(exports[key])
        exports[key].tables.add(name)
        found, sentences = _read_table(one, number, exports[key], name)
        tables[layout.TABLES[name].into].append(found)
        notes += sentences
        tick(one.place, len(one.data), len(one.data))
    for export in every:
        _check_whole(export)
    for name, found in xml.tables():
        tables[name].append(found)
    has_exclusions = xml.n_files > 0 or any(export.has_exclusions for export in every)
    if has_exclusions:
        notes += [
            f"The files that belong to {export.place} have no table of exclusions."
            for export in every
            if not export.has_exclusions
        ]
    made = {name: pa.concat_tables(found) if found else _empty(name) for name, found in tables.items()}
    return CensusReading(
        {**made, "export": _export_table(every, xml.n_files > 0, made["session"])},
        tuple(files),
        has_exclusions,
        tuple(notes),
        frozenset(xml_files),
    )


def _table_name(given: GivenFile) -> tuple[str, str | None]:
    """Return the beginning of a file's name and the table that it holds; None for a table that is ignored."""
    stem = given.name[: -len(".csv")]
    prefix, mark, name = stem.rpartition("_")
    name = name.lower()
    if given.is_csv and mark:
        if name in layout.TABLES:
            return prefix, name
        if name in layout.IGNORED or name.startswith(layout.IGNORED_BEGINNINGS):
            return prefix, None
    what = "is not CSV, XML or a zip"
    if given.is_csv:
        what = "is a CSV file, but its name does not end in that of a table, such as _pupilonroll.csv"
    raise BadLinkedFile(
        "This is not a file of a school census",
        f"{given.place} {what}.",
        layout.EXPORT_HINT,
    )


def _read_table(given: GivenFile, number: int, export: _Export, name: str) -> tuple[pa.Table, list[str]]:
    table = layout.TABLES[name]
    sheet = open_sheet(given)
    for required in table.required:
        if not sheet.has(*required.split("|")):
            raise BadLinkedFile(
                "A column is missing",
                f"{given.place}, table {name}, has no column {required.replace('|', ' or ')}.",
                layout.EXPORT_HINT,
            )
    if name == "pupilonroll":
        export.has_totals = {part: _has_totals(sheet, part) for part in (layout.TERMLY, layout.HALF_TERM_2)}
    keys = tuple(Column(key) for key in (table.key, table.parent) if key)
    found, notes = read_columns(sheet, (*keys, *layout.COLUMNS[table.into]), number)
    if table.into == "census":
        _check_census(found, given)
    return _with_keys(found, export.number, table), notes


def _has_totals(sheet: Sheet, part: str) -> bool:
    return all(sheet.has(f"{part}{name}") for name in (layout.AUTHORISED, layout.UNAUTHORISED))


def _with_keys(found: pa.Table, export: int, table: layout.Table) -> pa.Table:
    """Add what the file says of every row: export, keys in one form, roll, part and order of reading."""
    size = len(found)
    columns: dict[str, pa.Array | pa.ChunkedArray] = {
        "export": pa.repeat(pa.scalar(export, pa.int32()), size),
        "key": _key(found, table.key),
        "parent": _key(found, table.parent),
        "on_roll": pa.repeat(table.on_roll, size),
        "part": pa.repeat(pa.scalar(table.part, pa.string()), size),
        "seq": found["read_no"],
    }
    rest = [name for name in found.column_names if name not in (table.key, table.parent)]
    return pa.table({**columns, **{name: found[name] for name in rest}})


def _key(found: pa.Table, name: str) -> pa.Array | pa.ChunkedArray:
    if not name:
        return pa.nulls(len(found), pa.string())
    return pc.replace_substring_regex(found[name], r"\.0$", "")


def _check_census(found: pa.Table, given: GivenFile) -> None:
    rows = zip(*(found[name].to_pylist() for name in ("read_no", "collection", "term", "year")), strict=True)
    for read_no, collection, term, year in rows:
        layout.check_return(f"{given.place}, line {read_no % LINES}", collection, term, year)


def _check_whole(export: _Export) -> None:
    for name in ("schoolcensus", "pupilonroll"):
        if name not in export.tables:
            raise BadLinkedFile(
                "A table is missing",
                f"The files that belong to {export.place} have no table {name}, a file whose name ends in _{name}.csv.",
                layout.EXPORT_HINT,
            )


def _empty(name: str) -> pa.Table:
    """Return a table without rows, with the columns that a file would give."""
    columns: dict[str, pa.Array] = {"read_no": pa.nulls(0, pa.int64())}
    for column in layout.COLUMNS[name]:
        columns |= blank(column.name, column.kind, 0)
    return _with_keys(pa.table(columns), 1, layout.Table(name))


def _export_table(exports: list[_Export], has_xml: bool, sessions: pa.Table) -> pa.Table:
    """Return what each export holds: the parts of absence that are read, and tables of needs, meals and exclusions.

    has_reasons: whether it has any session with its reason.
    """
    with_reasons = set(sessions.filter(pc.is_valid(sessions["attendancereason"]))["export"].unique().to_pylist())
    rows = [
        {
            "export": export.number,
            "has_termly": "termlysessiondetailsonroll" in export.tables or export.has_totals[layout.TERMLY],
            "has_half_term_2": "summerhalfterm2sessiondetailsonroll" in export.tables
            or export.has_totals[layout.HALF_TERM_2],
            "has_autumn_meals": "fsmperiodsonroll" in export.tables,
            "has_other_meals": "fsmperiod" in export.tables,
            "has_needs": "senneeds" in export.tables,
            "has_exclusions": export.has_exclusions,
            "has_reasons": export.number in with_reasons,
        }
        for export in exports
    ]
    names = (
        *("has_termly", "has_half_term_2", "has_autumn_meals", "has_other_meals"),
        *("has_needs", "has_exclusions"),
    )
    if has_xml:
        own = {**dict.fromkeys(names, True), "has_reasons": XML_EXPORT in with_reasons}
        rows.append({"export": XML_EXPORT, **own})
    schema = pa.schema([("export", pa.int32()), *((name, pa.bool_()) for name in (*names, "has_reasons"))])
    return pa.Table.from_pylist(rows, schema)
