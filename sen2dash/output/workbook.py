"""Write Excel workbooks a piece at a time, holding few rows in memory and writing none to disk.

xlsxwriter draws the book: sheets, headings, widths, filters, formats and properties. It would keep every cell in memory
until the end or keep the rows in a file on disk, so this module writes the rows of tables into the sheets that it drew.
Text stays text: it never becomes a formula, a link or a number.
"""

from __future__ import annotations

import html
import io
import math
import re
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

from sen2dash.text import uk_date

#: Limits of the Excel file format: rows of a sheet (one is the heading) and characters in a cell.
SHEET_ROWS = 1_048_575
CELL_CHARACTERS = 32_767
#: Characters of a sheet after which a new one starts: Excel does not open the zip format needed beyond 2 GB.
SHEET_CHARACTERS = 500_000_000
#: Characters of row XML that are written at a time.
PIECE = 1_000_000
#: How many texts, up to this length, a table caches, because the next rows are likely to contain them too.
KNOWN, KNOWN_LENGTH = 20_000, 200
#: The first year whose days a cell can hold as dates. Excel counts 29 February 1900, a day that did not exist.
FIRST_YEAR = 1900
DAY_NONE, LEAP_DAY = date(1899, 12, 31).toordinal(), 59
DATE_FORM = "dd/mm/yyyy"
#: What XML, or a cell, cannot hold unescaped. Excel writes a control character as _x001F_.
ODD = re.compile(r"[&<>\x00-\x08\x0b-\x1f\ufffe\uffff]|_x[0-9a-fA-F]{4}_")
ENTITIES: Mapping[str, str] = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
#: A drawn sheet: everything up to the first row, a row whose cells show the formats, and the end.
DRAWN = re.compile(r'(.*<row r="1".*?</row>)(<row r="2".*?</row>)(</sheetData>.*)', re.DOTALL)
STYLE = re.compile(r'<c r="[A-Z]+2" s="(\d+)"/>')
DIMENSION = re.compile(r"<dimension [^>]*/>")
FILTER = re.compile(r'(<autoFilter ref="A1:[A-Z]+)\d+"')
#: The format at the beginning of what follows a cell's position.
FORMAT = re.compile(r'^ s="\d+"')
SHARED, PLAIN = re.compile(r"<si>(.*?)</si>", re.DOTALL), re.compile(r"<t[^>]*>([^<]*)</t>")
STRINGS = "xl/sharedStrings.xml"
#: Parts of the first drawing, whose texts and formats the cells refer to. They come first, because programs that
#: identify file types, such as mail scanners, look at the names of the first parts.
FIRST_PARTS = ("_rels/.rels", "docProps/core.xml", "xl/styles.xml", STRINGS)


class Head(list[Any]):
    """A row that begins a block, in bold."""


@dataclass(frozen=True)
class SheetTable:
    """Rows under headings of these widths, frozen and filtered, on as many sheets as they need.

    rows: read once, in order. empty: the text on the sheet if there are no rows. blocks: rows are in blocks that each
    begin with a `Head`; texts wrap, and there is no filter, which would tear the blocks apart.
    """

    name: str
    columns: Sequence[tuple[str, int]]
    rows: Iterable[Sequence[Any]]
    empty: str = ""
    blocks: bool = False

    def sheet_name(self, number: int) -> str:
        """The name of the table's first, second ... sheet."""
        return self.name if number == 1 else f"{self.name} ({number})"


class Drawing:
    """A workbook drawn by xlsxwriter, for sheets with few cells."""

    def __init__(self, properties: Mapping[str, str]) -> None:
        self._buffer = io.BytesIO()
        self._book = xlsxwriter.Workbook(
            self._buffer,
            {
                "in_memory": True,
                "strings_to_formulas": False,
                "strings_to_urls": False,
                "strings_to_numbers": False,
                "default_date_format": DATE_FORM,
            },
        )
        self._book.set_properties(dict(properties))
        self.bold: Format = self._book.add_format({"bold": True})
        self.heading: Format = self._book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
        self._plain: Format = self._book.add_format()
        day, wrapped, bold = {"num_format": DATE_FORM}, {"text_wrap": True, "valign": "top"}, {"bold": True}
        self._day: Format = self._book.add_format(day)
        #: The formats of blocks: of a day, a text, and both in bold.
        self._in_blocks = [self._book.add_format(each) for each in (day, wrapped, {**day, **bold}, bold)]

    def sheet(self, name: str) -> Worksheet:
        """A new sheet."""
        return self._book.add_worksheet(name)

    def write(self, sheet: Worksheet, row: int, values: Sequence[Any], form: Format | None = None) -> None:
        """Write one row of values. A date that Excel cannot represent becomes text."""
        for column, value in enumerate(values):
            if isinstance(value, str) and value.startswith("<r>"):
                # xlsxwriter treats a text from <r> to </r> as its own XML, unless it comes in two parts.
                whole = fitting(value)
                sheet.write_rich_string(row, column, whole[0], self._plain, whole[1:], *([form] if form else ()))
            elif isinstance(value, str):
                sheet.write_string(row, column, fitting(value), form)
            elif isinstance(value, date) and value.year < FIRST_YEAR:
                sheet.write_string(row, column, uk_date(value), form)
            elif value is not None:
                sheet.write(row, column, value, form)

    def place(self, table: SheetTable, number: int, n_rows: int) -> None:
        """Add the sheet of a table without its rows, in the form that DRAWN expects."""
        sheet = self.sheet(table.sheet_name(number))
        self.write(sheet, 0, [heading for heading, _ in table.columns], self.heading)
        for column, form in enumerate(self._in_blocks if table.blocks else [self._day]):
            sheet.write_blank(1, column, None, form)
        for column, (_, width) in enumerate(table.columns):
            sheet.set_column(column, column, width)
        sheet.freeze_panes(1, 0)
        if not table.blocks:
            sheet.autofilter(0, 0, max(n_rows, 1), len(table.columns) - 1)

    @property
    def n_sheets(self) -> int:
        """The number of sheets so far."""
        return len(self._book.worksheets())

    def parts(self) -> dict[str, bytes]:
        """The finished file: the name of each part and its content."""
        self._book.close()
        with zipfile.ZipFile(self._buffer) as file:
            return {name: file.read(name) for name in file.namelist()}


class _SheetRows:
    """The rows of a table as they arrive, sheet by sheet."""

    def __init__(self, table: SheetTable, drawn: str, texts: Mapping[str, int]) -> None:
        match = DRAWN.fullmatch(drawn)
        assert match, "xlsxwriter draws a sheet in another way"
        head, formats, self._tail = match.groups()
        self._day_style, *others = STYLE.findall(formats)
        #: What a text's cell says of its format, and the same of a day and a text in bold.
        self._text_style, *bold = [f' s="{style}"' for style in others] or [""]
        self._bold_styles = dict(zip((date, str), bold, strict=False))
        self._head = DIMENSION.sub("", head)
        self._letters = [xl_col_to_name(column) for column in range(len(table.columns))]
        self._shared = {text: f'{self._text_style} t="s"><v>{number}</v></c>' for text, number in texts.items()}
        #: Texts whose cells are already made. A number is never equal to one of them.
        self._known = dict(self._shared)
        self._empty = table.empty
        self._waiting = iter(table.rows)
        self._next = next(self._waiting, None)
        #: How many rows each finished sheet holds.
        self.written: list[int] = []

    @property
    def is_done(self) -> bool:
        """Whether every row is on a sheet, and there is at least one sheet."""
        return bool(self.written) and self._next is None

    def sheet(self) -> Iterator[str]:
        """The XML of the next sheet."""
        # Only the first sheet is selected, because Excel applies edits to every selected sheet.
        yield self._head.replace(' tabSelected="1"', "") if self.written else self._head
        if self._next is None and self._empty:
            yield self._row(2, [self._empty])
        rows: list[str] = []
        n_rows = size = characters = 0
        while self._next is not None and n_rows < SHEET_ROWS and characters < SHEET_CHARACTERS:
            n_rows += 1
            rows.append(self._row(n_rows + 1, self._next))
            size += len(rows[-1])
            self._next = next(self._waiting, None)
            if size >= PIECE:
                characters += size
                yield "".join(rows)
                rows, size = [], 0
        yield "".join(rows)
        yield FILTER.sub(rf'\g<1>{max(n_rows, 1) + 1}"', self._tail)
        self.written.append(n_rows)

    def _row(self, number: int, values: Sequence[Any]) -> str:
        known, cells = self._known, []
        if isinstance(values, Head):
            return self._bold_row(number, values)
        for letter, value in zip(self._letters, values, strict=False):
            if value is not None:
                cells.append(f'<c r="{letter}{number}"{known.get(value) or self._cell(value)}')
        return f'<row r="{number}">{"".join(cells)}</row>'

    def _bold_row(self, number: int, values: Sequence[Any]) -> str:
        cells = []
        for letter, value in zip(self._letters, values, strict=False):
            if value is not None:
                style = self._bold_styles.get(date if isinstance(value, date) else str, "")
                plain = self._cell(value)
                cells.append(f'<c r="{letter}{number}"{style}{FORMAT.sub("", plain, count=1)}')
        return f'<row r="{number}">{"".join(cells)}</row>'

    def _cell(self, value: Any) -> str:
        """The rest of a cell's XML after its position: its type and content."""
        if isinstance(value, str):
            return self._text(value)
        if isinstance(value, bool):
            return f' t="b"><v>{value:d}</v></c>'
        if isinstance(value, int | float) and math.isfinite(value):
            return f"><v>{value!r}</v></c>"
        if isinstance(value, date) and not isinstance(value, datetime):
            if value.year < FIRST_YEAR:
                return self._text(uk_date(value))
            days = value.toordinal() - DAY_NONE
            return f' s="{self._day_style}"><v>{days + (days > LEAP_DAY)}</v></c>'
        raise TypeError(f"a cell of a table does not take a {type(value).__name__}")

    def _text(self, text: str) -> str:
        inline = f' t="inlineStr"><is><t xml:space="preserve">{_escaped(fitting(text))}</t></is></c>' if text else "/>"
        cell = self._text_style + inline
        if len(text) <= KNOWN_LENGTH:
            if len(self._known) >= KNOWN:
                self._known = dict(self._shared)
            self._known[text] = cell
        return cell


class _Sink(io.RawIOBase):
    """The output of a zip file, which can be read while it is being written."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self._pieces.append(bytes(data))
        return len(data)

    def take(self) -> bytes:
        """Return the bytes written since the last call."""
        piece = b"".join(self._pieces)
        self._pieces.clear()
        return piece


def pieces(
    properties: Mapping[str, str], tables: Sequence[SheetTable], front: Callable[[Drawing], None] | None = None
) -> Iterator[bytes]:
    """The bytes of a workbook, a piece at a time. front: draws the sheets before the tables.

    The book is drawn twice: before the rows, for the parts around them, and after them, when the number of sheets is
    known.
    """

    def draw(sizes: Sequence[Sequence[int]]) -> tuple[int, dict[str, bytes]]:
        drawing = Drawing(properties)
        if front:
            front(drawing)
        n_front = drawing.n_sheets
        for table, rows_of_sheets in zip(tables, sizes, strict=True):
            for number, n_rows in enumerate(rows_of_sheets, start=1):
                drawing.place(table, number, n_rows)
        return n_front, drawing.parts()

    n_front, before = draw([[1]] * len(tables))
    texts = _shared(before[STRINGS].decode())
    sink = _Sink()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in (*FIRST_PARTS, *map(_part, range(1, n_front + 1))):
            archive.writestr(name, before[name])
        sizes = []
        number = n_front
        for place, table in enumerate(tables, start=n_front + 1):
            rows = _SheetRows(table, before[_part(place)].decode(), texts)
            while not rows.is_done:
                number += 1
                with archive.open(_part(number), "w") as part:
                    for xml in rows.sheet():
                        part.write(xml.encode())
                        yield sink.take()
            sizes.append(rows.written)
        _, after = draw(sizes)
        written = {*FIRST_PARTS, *map(_part, range(1, number + 1))}
        for name, content in after.items():
            if name not in written:
                archive.writestr(name, content)
    yield sink.take()


def _part(number: int) -> str:
    """The name of the part that holds a sheet, numbered from 1."""
    return f"xl/worksheets/sheet{number}.xml"


def _shared(xml: str) -> dict[str, int]:
    """Each text of the drawing that a cell can refer to, and its number."""
    found = {}
    for number, item in enumerate(SHARED.findall(xml)):
        plain = PLAIN.fullmatch(item)
        if plain and "_x" not in item:
            found[html.unescape(plain[1])] = number
    return found


def fitting(text: str) -> str:
    """The text, shortened if it does not fit in a cell: Excel counts a character beyond the first 65,536 as two."""
    if 2 * len(text) <= CELL_CHARACTERS:
        return text
    units = text.encode("utf-16-le")
    if len(units) <= 2 * CELL_CHARACTERS:
        return text
    return units[: 2 * (CELL_CHARACTERS - 1)].decode("utf-16-le", errors="ignore") + "…"


def _escaped(text: str) -> str:
    """The text escaped for the XML of a cell."""
    return ODD.sub(_escape, text) if ODD.search(text) else text


def _escape(match: re.Match[str]) -> str:
    odd = match[0]
    if odd in ENTITIES:
        return ENTITIES[odd]
    return f"_x005F{odd}" if len(odd) > 1 else f"_x{ord(odd):04X}_"
