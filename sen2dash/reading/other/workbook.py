"""Read a return from a workbook: the DfE's template, with all tables in one sheet, or a sheet for each module."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import pairwise

from sen2dash.errors import BadInput
from sen2dash.reading import spreadsheet
from sen2dash.reading.other.bundle import OLE
from sen2dash.reading.other.forms import (
    KEY,
    MODULES,
    PARENT,
    PERSON,
    SHEETS,
    TABLE_NAMES,
    TEMPLATE,
    TITLES,
    folded,
    is_loaded,
    matched,
)
from sen2dash.reading.other.given import GivenTable, GivenTables, TablePlace
from sen2dash.reading.other.other_collections import what_it_looks_like
from sen2dash.reading.spreadsheet import Worksheet
from sen2dash.text import flat

SAVE_AS = "Open it in Excel and save it as .xlsx without a password."
HINT = "Choose the DfE's SEN2 template, or a workbook with the sheets Person, Requests and so on."
#: The most rows of the workbook that a warning names.
MAX_NAMED = 10
#: The ids of the template that each table must have, with their headings; and those of tables beneath requests.
PERSON_ID, REQUEST_ID = "Person ID", "Requests record ID"
IDS: Mapping[str, Mapping[str, str]] = {
    "header": {},
    "person": {KEY: PERSON_ID},
    "requests": {KEY: REQUEST_ID, PARENT: PERSON_ID},
}
IDS_BENEATH: Mapping[str, str] = {PARENT: REQUEST_ID}
Row = tuple[int, list[str]]


def workbook(name: str, data: bytes, is_named: bool) -> GivenTables:
    """Return the tables of a workbook. is_named: whether the name is that of its file. Errors: BadInput."""
    shown = flat(name)
    if data.startswith(OLE):
        raise BadInput("This workbook cannot be read", f"{shown} has a password, or is an old .xls file.", SAVE_AS)
    try:
        sheets = spreadsheet.read_sheets(data, spreadsheet.RETURN)
    except spreadsheet.Unreadable as error:
        raise BadInput("This workbook cannot be read", f"{shown}: {error}", SAVE_AS) from None
    file = shown if is_named else ""
    for form, find in ((TEMPLATE, _template), (MODULES, _modules)):
        found = find(sheets, file)
        if found:
            read = {table.place.sheet for table in found}
            tables = {table.table: _made(table) for table in found}
            return GivenTables(form, ((name, data),), tables, tuple(_warnings(sheets, read, found)))
    for sheet in sheets:
        looks = what_it_looks_like([",".join(row) for row in sheet.rows[:10]])
        if looks:
            raise BadInput("This is not a SEN2 return", f"{shown} looks like {looks}.", HINT)
    listed = ", ".join(flat(sheet.name, 40) for sheet in sheets[:8]) or "none"
    raise BadInput("This is not a SEN2 return", f"{shown} has none of its headings. Its sheets: {listed}.", HINT)


def _made(table: GivenTable) -> Callable[[], GivenTable]:
    return lambda: table


def _warnings(sheets: Sequence[Worksheet], read: set[str], found: Sequence[GivenTable]) -> Iterator[str]:
    """Say which sheets were left out, and which formulas have no value."""
    for sheet in sheets:
        name = flat(sheet.name)
        if name not in read:
            if any(sheet.rows):
                yield f"The sheet {name} was left out: it is none of the tables of the return."
            continue
        numbers = [number for table in found if table.place.sheet == name for number in table.without_value]
        if numbers:
            rows = ", ".join(f"{number:,}" for number in numbers[:MAX_NAMED])
            more = f" and {len(numbers) - MAX_NAMED:,} more" if len(numbers) > MAX_NAMED else ""
            yield (
                f"Sheet {name}: a formula has no value in row {rows}{more}, so its cell is blank. Open the workbook in "
                "Excel and save it, to calculate it."
            )


def _rows_without_value(sheet: Worksheet, places: Mapping[str, int], heading: int, behind: int) -> list[int]:
    """Return the numbers of rows of a table with a formula without a value, in a column that is read.

    heading: the row above the first. behind: the one after the last.
    """
    read = {at for column, at in places.items() if is_loaded(column) or column in (KEY, PARENT, PERSON)}
    return sorted({row for row, column in sheet.without_value if heading < row < behind and column in read})


# -- the DfE's template -----------------------------------------------------------------------------------


def _template(sheets: Sequence[Worksheet], file: str) -> list[GivenTable]:
    """Return the tables stacked in the first sheet that has the title and headings of persons."""
    for sheet in sheets:
        found = list(_stacked(sheet, file))
        if any(table.table == "person" for table in found) or len(found) > 1:
            names = [table.table for table in found]
            twice = next((name for name in names if names.count(name) > 1), None)
            if twice is not None:
                raise BadInput(
                    "Two tables are the same", f"Sheet {flat(sheet.name)} has two tables {twice}.", "Keep one of them."
                )
            for table in found:
                _check_ids(table)
            return found
    return []


def _check_ids(table: GivenTable) -> None:
    """Refuse a table without the ids that join its rows. Raises BadInput."""
    needed = IDS.get(table.table, IDS_BENEATH)
    missing = [name for column, name in needed.items() if column not in table.at]
    if missing:
        what = "column" if len(missing) == 1 else "columns"
        raise BadInput(
            f"{'A column is' if len(missing) == 1 else 'Columns are'} missing",
            f"{table.place.words}, table {TABLE_NAMES[table.table]}, has no {what} {' or '.join(missing)}. Rows are "
            "joined by these ids.",
            "Fill in the DfE's SEN2 template with all its columns.",
        )


def _stacked(sheet: Worksheet, file: str) -> Iterator[GivenTable]:
    rows = [(number, row) for number, row in enumerate(sheet.rows, start=1) if any(map(str.strip, row))]
    titles = {first for first in {row[0] for _, row in rows} if _titled(first) is not None}
    starts = [at for at in range(len(rows) - 1) if rows[at][1][0] in titles and _title(rows[at], rows[at + 1])]
    for at, end in pairwise([*starts, len(rows)]):
        table = _title(rows[at], rows[at + 1])
        assert table is not None
        headings = tuple(" ".join(cell.split()) for cell in rows[at + 1][1])
        places = matched(TEMPLATE, table, headings)
        given = GivenTable(table, TablePlace(file, flat(sheet.name)), headings, places, rows[at + 2 : end])
        last = rows[end][0] if end < len(rows) else len(sheet.rows) + 1
        given.without_value = _rows_without_value(sheet, places, rows[at + 1][0], last)
        yield given.without_spare_rows()


def _titled(text: str) -> str | None:
    """Return the table whose title begins a text."""
    first = folded(text)
    return next((table for title, table in TITLES.items() if first.startswith(title)), None)


def _title(row: Row, below: Row) -> str | None:
    """Return the table of which a row is the title: it begins with its name, and headings of it follow."""
    table = _titled(row[1][0])
    if table is None or sum(map(is_loaded, matched(TEMPLATE, table, below[1]))) < 2:
        return None
    return table


# -- a sheet for each module ------------------------------------------------------------------------------


def _modules(sheets: Sequence[Worksheet], file: str) -> list[GivenTable]:
    """Return the tables of the sheets that have both the name and headings of one."""
    found: dict[str, GivenTable] = {}
    for sheet in sheets:
        table = SHEETS.get(folded(sheet.name).replace(" ", "").replace("_", ""))
        rows = [(number, row) for number, row in enumerate(sheet.rows, start=1) if any(map(str.strip, row))]
        if table is None or not rows:
            continue
        headings = tuple(cell.strip() for cell in rows[0][1])
        places = matched(MODULES, table, headings)
        if sum(map(is_loaded, places)) < 2:
            continue
        if table in found:
            raise BadInput(
                "Two sheets hold the same table",
                f"{found[table].place.sheet} and {flat(sheet.name)} are both {table}.",
                "Keep one of them.",
            )
        place = TablePlace(file, flat(sheet.name))
        wanted = KEY if table == "person" else PARENT
        if wanted not in places:
            name = "persontableid" if table in ("person", "requests") else "requeststableid"
            raise BadInput("A column is missing", f"{place.words} has no column {name}, which joins its rows.", HINT)
        found[table] = GivenTable(table, place, headings, places, rows[1:]).without_spare_rows()
        found[table].without_value = _rows_without_value(sheet, places, rows[0][0], len(sheet.rows) + 1)
    return list(found.values()) if "person" in found or len(found) > 1 else []
