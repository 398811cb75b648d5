"""Read the CSV export of COLLECT: nine files, one for each table, in any order and with any names."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from sen2dash.errors import BadInput
from sen2dash.reading.linked.given import GivenFile
from sen2dash.reading.other.forms import COLLECT, KEY, PARENT, folded, headings, is_loaded, matched
from sen2dash.reading.other.given import GivenTable, GivenTables, TablePlace
from sen2dash.reading.other.other_collections import what_it_looks_like
from sen2dash.reading.side_files import SideFile, open_file
from sen2dash.text import flat

#: The names of the columns with which a table is known: its own id, and the id of the table above.
KEY_OF = {table: next(each.text for each in found if each.column == KEY) for table, found in headings(COLLECT).items()}
HEADINGS = frozenset(each.text for found in headings(COLLECT).values() for each in found)
#: The end of the name of a column with an id, in every export of COLLECT.
ID_END = "tableid"
#: The least items that a table is known by, beside its id.
LEAST = 1
HINT = "Choose the nine CSV files of one SEN2 export from COLLECT, or the zip or folder with them."


def table_of(file: SideFile) -> str | None:
    """Return the table that a CSV file holds: its id is there, and more of its items than of any other table.

    A file with an id that SEN2 does not have is of another collection: persons have the same id in several.
    """
    names = {folded(name) for name in file.heading}
    if any(name.endswith(ID_END) for name in names - HEADINGS):
        return None
    scores = {table: sum(map(is_loaded, matched(COLLECT, table, file.heading))) for table in KEY_OF}
    own = [table for table in KEY_OF if KEY in matched(COLLECT, table, file.heading)]
    best = max(own, key=lambda table: scores[table], default=None)
    return best if best is not None and scores[best] >= LEAST else None


def collect(files: Sequence[GivenFile], given: Sequence[tuple[str, bytes]]) -> GivenTables:
    """Return the tables of the files. given: what was chosen, if that was a zip. Errors: BadInput."""
    found: dict[str, tuple[GivenFile, SideFile]] = {}
    others: list[GivenFile] = []
    for file in files:
        opened = open_file(file.data, HEADINGS) if file.is_csv else None
        table = table_of(opened) if opened is not None else None
        if opened is None or table is None:
            others.append(file)
            continue
        if table in found:
            raise BadInput(
                "Two files hold the same table",
                f"{found[table][0].place} and {file.place} both have the headings of {table}.",
                "Choose the files of one export only.",
            )
        found[table] = file, opened
    if not found:
        raise _not_an_export(files)
    if "header" not in found and (looks := _what_it_is(others)) is not None:
        raise looks
    left = tuple(f"{flat(each.place)} was left out: it has none of the nine tables." for each in others)
    used = tuple((file.name, file.data) for file, _ in found.values())
    tables = {table: partial(_table, table, *each) for table, each in found.items()}
    is_zip = len(given) == 1 and len(files) > 1
    return GivenTables(COLLECT, tuple(given) if is_zip else used, tables, left)


def _not_an_export(files: Sequence[GivenFile]) -> BadInput:
    """Return the refusal of files that are something else, with what they look like."""
    if len(files) == 1 and files[0].is_xml:
        return BadInput("The zip holds an XML file", f"It is {flat(files[0].name)}.", "Unpack it and choose that file.")
    nothing = BadInput("This is not a SEN2 return", "No file has the headings of the SEN2 export.", HINT)
    return _what_it_is(files) or nothing


def _what_it_is(files: Sequence[GivenFile]) -> BadInput | None:
    for file in files:
        if file.is_xml:
            return BadInput(
                "There is an XML file among other files", f"{flat(file.place)} is XML.", "Choose that file on its own."
            )
        looks = what_it_looks_like(open_file(file.data).top[:10]) if file.is_csv else None
        if looks:
            return BadInput("This is not a SEN2 return", f"{flat(file.place)} looks like {looks}.", HINT)
    return None


def _table(table: str, file: GivenFile, opened: SideFile) -> GivenTable:
    """Read the rows of one file. The headings are row 1, and rows are records: a text with a line break is in one."""
    rows: list[tuple[int, list[str]]] = []
    odd: list[int] = []
    # A row number is the line number without the lines of records before it that go on, and without those above.
    extra = opened.heading_line - 1
    has_quotes = b'"' in file.data
    for record in opened.records():
        number = record.line - extra
        if has_quotes:
            extra += sum(cell.count("\n") for cell in record.cells)
        if record.why is None:
            rows.append((number, record.cells))
        else:
            odd.append(number)
    at = matched(COLLECT, table, opened.heading)
    place = TablePlace(flat(file.name))
    notes = [f"{place.words} is in Windows-1252, not UTF-8."] if opened.encoding == "cp1252" else []
    parent = next((each.text for each in headings(COLLECT)[table] if each.column == PARENT), None)
    if parent is not None and PARENT not in at and table != "person":
        raise BadInput("A column is missing", f"{place.words} has no column {parent}, which joins its rows.", HINT)
    return GivenTable(table, place, opened.heading, at, rows, odd, notes)
