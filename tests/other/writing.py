"""Write a made-up return in the three forms that are not XML, as the systems that make them do."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import xlsxwriter

from sen2dash import spec
from sen2dash.reading.other.forms import LIST
from sen2dash.sample.tree import SampleReturn, XmlGroup

#: A row: what its keys are, and its values by column. A key is the number of a row in its table.
Row = dict[str, str]
#: Titles of the template in its order, and the sheets of the workbook.
TITLES = {
    "header": "Header Record",
    "person": "Person Record",
    "requests": "Requests Records",
    "assessment": "Assessments Records",
    "namedplan": "Named Plan Records",
    "plandetail": "Plan Detail Records",
    "activeplans": "Active Plan Records",
    "placementdetail": "Placement Detail Records",
    "senneed": "SEN Need Records",
}
SHEETS = {
    "person": "Person",
    "requests": "Requests",
    "assessment": "Assessments",
    "namedplan": "Named Plan",
    "plandetail": "Plan Detail",
    "activeplans": "Active Plan",
    "placementdetail": "Placement Detail",
    "senneed": "SEN Need",
}
#: Blank rows behind each table of the template.
SPARE_ROWS = 2


def rows_of(made: SampleReturn) -> dict[str, list[Row]]:
    """Return the rows of each table: items by column, and the numbers of the row and of those above by table."""
    tables: dict[str, list[Row]] = {table: [] for table in spec.TABLES}
    header = {name: text for group in made.header.walk() for name, text in group.items.items()}
    tables["header"].append({"header": "1", **_values("header", header)})
    numbers: Counter[str] = Counter()

    def add(group: XmlGroup, up: Mapping[str, str]) -> None:
        table = next((each.table for each in spec.GROUPS if each.element == group.name), None)
        if table is None:
            return
        numbers[table] += 1
        own = {**up, table: str(numbers[table])}
        tables[table].append({**own, **_values(table, group.items)})
        for child in group.groups:
            add(child, own)

    for person in made.persons:
        add(person, {"header": "1"})
    return tables


def _values(table: str, items: Mapping[str, str | None]) -> Row:
    known = {item.element: item.column for item in spec.items_of(table)}
    return {f"={known[name]}": text for name, text in items.items() if text and name in known}


def _headings(form: str, table: str, year: int) -> Iterator[tuple[str, str, str]]:
    """Yield the headings of one table in a year: heading, role and column."""
    items = {item.column: item for item in spec.items_of(table)}
    with LIST.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            is_it = row["form"] == form and row["table"] == table and row["heading"] != "requestsource"
            if form == "collect":
                is_it = row["form"] == form and row["table"] == table
            if is_it and (row["role"] != "item" or items[row["column"]].exists_in(year)):
                yield row["heading"], row["role"], row["column"]


def _cell(form: str, table: str, row: Row, role: str, column: str) -> str:
    """Return the text of one cell, without what a form does to it."""
    if role == "item":
        return row.get(f"={column}", "")
    if form == "collect":
        parents = {"person": "header"}
        parent = parents.get(table) or (spec.ancestors(table) or ("",))[-1]
        return {"key": row.get(table, ""), "parent": row.get(parent, "")}.get(role, "")
    if role == "person" or (role == "parent" and table == "requests"):
        return row["person"]
    if role == "parent":
        return row["requests"]
    return row.get(table, "") if role == "key" else ""


# -- COLLECT ----------------------------------------------------------------------------------------------


def collect_files(made: SampleReturn) -> dict[str, bytes]:
    """Return the nine CSV files by name."""
    tables = rows_of(made)
    return {
        f"Blade-Export_06-02-{made.year}_{'sen2' if table == 'header' else table}.csv": _csv(table, rows, made.year)
        for table, rows in tables.items()
    }


def _csv(table: str, rows: Sequence[Row], year: int) -> bytes:
    headings = list(_headings("collect", table, year))
    kinds = {item.column: item.type for item in spec.items_of(table)}
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow([heading for heading, _, _ in headings])
    for number, row in enumerate(rows, start=1):
        cells = []
        for heading, role, column in headings:
            cell = _cell("collect", table, row, role, column)
            if role == "item":
                cell = _of_collect(cell, kinds[column])
            cells.append(str(number) if heading.endswith("orderseqcolumn") else cell)
        writer.writerow(cells)
    return text.getvalue().encode("utf-8")


def _of_collect(text: str, kind: str) -> str:
    """Write a value as COLLECT does: 2022-Sep-28 00:00:00, true."""
    if kind == "date" and spec.real_date(text):
        day = date.fromisoformat(text)
        return f"{day.year:04}-{day:%b}-{day.day:02} 00:00:00"
    if kind == "boolean":
        return {"1": "true", "0": "false"}.get(text, text)
    return text


# -- workbooks --------------------------------------------------------------------------------------------


class _Drawing:
    """Writes cells with their types: dates as days, numbers as numbers, everything else as text."""

    def __init__(self, out: io.BytesIO) -> None:
        self.book = xlsxwriter.Workbook(out, {"in_memory": True})
        self.day = self.book.add_format({"num_format": "yyyy-mm-dd"})

    def write(self, sheet: Any, at: int, column: int, text: str, kind: str) -> None:
        if not text:
            return
        if kind == "date" and (day := spec.real_date(text)) and day.year > 1900:
            sheet.write_datetime(at, column, day, self.day)
        elif kind in ("key", "boolean") and text.isascii() and text.isdigit():
            sheet.write_number(at, column, float(text))
        else:
            sheet.write_string(at, column, text)

    def table(self, sheet: Any, at: int, form: str, table: str, rows: Sequence[Row], year: int) -> int:
        """Write headings and rows from a row of the sheet on, and return the row behind them."""
        headings = list(_headings(form, table, year))
        kinds = {item.column: item.type for item in spec.items_of(table)}
        for place, (heading, _, _) in enumerate(headings):
            sheet.write_string(at, place, heading.replace(" (", "\n\n(", 1) if form == "template" else heading)
        for row in rows:
            at += 1
            for place, (heading, role, column) in enumerate(headings):
                cell = _cell(form, table, row, role, column)
                if heading == "Record Type":
                    cell = TITLES[table].split()[0]
                self.write(sheet, at, place, cell, kinds[column] if role == "item" else "key" if cell.isdigit() else "")
        return at + 1


def template_bytes(made: SampleReturn) -> bytes:
    """Return the DfE's template, filled."""
    out = io.BytesIO()
    drawing = _Drawing(out)
    sheet = drawing.book.add_worksheet("Data Entry Template")
    at = 0
    for table, rows in rows_of(made).items():
        sheet.write_string(at, 0, TITLES[table])
        at = drawing.table(sheet, at + 1, "template", table, rows, made.year) + SPARE_ROWS
    drawing.book.close()
    return out.getvalue()


def modules_bytes(made: SampleReturn) -> bytes:
    """Return the workbook with a sheet for each module, which has no header."""
    out = io.BytesIO()
    drawing = _Drawing(out)
    for table, rows in rows_of(made).items():
        if table in SHEETS:
            drawing.table(drawing.book.add_worksheet(SHEETS[table]), 0, "modules", table, rows, made.year)
    drawing.book.close()
    return out.getvalue()


def write_collect(folder: Path, made: SampleReturn) -> None:
    """Write the nine CSV files to a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, data in collect_files(made).items():
        (folder / name).write_bytes(data)
