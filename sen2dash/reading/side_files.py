"""Read CSV files that are added to a return, however a program saved them. It does not know what they mean.

It detects the encoding, separator and line ends. Anything that is not understood is passed on with its line number,
never left out: a misplaced quotation mark affects only its own row (`csv_rows`), and a row with too few or too many
cells is passed on as odd.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv as arrow_csv

from sen2dash.reading.csv_rows import CsvRecord, Why, are_quotation_marks_in_place, cells_of, records_in, row_at
from sen2dash.text import printable

SEPARATORS = ",;\t|"
#: The heading must be within this many lines of the top of a file.
HEADING_WITHIN = 10
#: The most bytes at the top of a file that are searched for the heading.
TOP_BYTES = 200_000
#: How a spreadsheet keeps a number as text: ="012", '012.
SPREADSHEET_TEXT = re.compile(r"""=\s*"(.*)"|'(.*)""", re.DOTALL)
WHOLE_NUMBER = re.compile(r"([0-9]+)\.0*")


@dataclass(frozen=True)
class Columns:
    """Some columns of a file. lines: the line of each row; cells: a dictionary array per column; odd: other rows."""

    lines: pa.Array
    cells: tuple[pa.DictionaryArray, ...]
    odd: tuple[CsvRecord, ...]


@dataclass(frozen=True)
class SideFile:
    """A CSV file whose encoding, separator and heading are known.

    heading: the trimmed names, without blank ones at the end; empty if no heading was asked for.
    heading_line: the line that it is on, from 1; 0 if there is none. heading_lines: how many it covers, up to
    that one.
    """

    data: bytes
    encoding: str
    separator: str
    heading: tuple[str, ...]
    heading_line: int
    heading_lines: int = 1

    @property
    def n_zeros(self) -> int:
        """Count the zero bytes in a text file, which are ignored. They are normal in UTF-16."""
        return 0 if self.encoding.startswith("utf-16") else self.data.count(0)

    @property
    def top(self) -> list[str]:
        """Return the first lines of the file."""
        return _top(self.data, self.encoding)

    @cached_property
    def lines(self) -> list[str]:
        """Return the lines of the file, with any kind of line end."""
        return _lines(decoded(self.data, self.encoding))

    def records(self) -> Iterator[CsvRecord]:
        """Yield every row after the heading except blank ones. If there is a heading, rows must be as long as it."""
        n_cells = len(self.heading)
        for record in records_in(self.lines, self.heading_line, self.separator, n_cells):
            cells = record.cells
            if record.why is None and n_cells:
                while len(cells) > n_cells and not cells[-1].strip():
                    cells.pop()
                if len(cells) != n_cells:
                    why: Why = "too few cells" if len(cells) < n_cells else "too many cells"
                    yield CsvRecord(record.line, cells, why)
                    continue
            yield record

    def columns(self, places: Sequence[int]) -> Columns:
        """Return the columns at these positions in the heading, by a faster method if no row is irregular.

        Blank rows are left out, whichever method is used.
        """
        return self._fast(places) or self._carefully(places)

    def _carefully(self, places: Sequence[int]) -> Columns:
        lines: list[int] = []
        rows: list[list[str]] = []
        odd: list[CsvRecord] = []
        for record in self.records():
            if record.why is None:
                lines.append(record.line)
                rows.append([record.cells[place] for place in places])
            else:
                odd.append(record)
        columns = zip(*rows, strict=True) if rows else [[] for _ in places]
        cells = tuple(pa.array(column, pa.string()).dictionary_encode() for column in columns)
        return Columns(pa.array(lines, pa.int64()), cells, tuple(odd))

    def _fast(self, places: Sequence[int]) -> Columns | None:
        """Read the columns with Arrow if each line is one row with all its cells; otherwise return None."""
        data = self.data
        if self.encoding.startswith("utf-16") or b"\0" in data or data.count(b"\r") != data.count(b"\r\n"):
            return None
        if not are_quotation_marks_in_place(data, self.separator):
            return None
        names = [str(place) for place in range(len(self._first_row()))]
        wanted = [names[place] for place in places]
        try:
            table = arrow_csv.read_csv(
                pa.BufferReader(data),
                read_options=arrow_csv.ReadOptions(column_names=names, skip_rows=self.heading_line, block_size=1 << 22),
                parse_options=arrow_csv.ParseOptions(delimiter=self.separator),
                convert_options=arrow_csv.ConvertOptions(
                    include_columns=wanted,
                    column_types=dict.fromkeys(wanted, pa.binary()),
                    strings_can_be_null=False,
                    check_utf8=False,
                ),
            )
        except pa.ArrowException:
            return None
        n_lines = data.count(b"\n") + (not data.endswith(b"\n"))
        if len(table) != n_lines - self.heading_line:
            return None
        first = self.heading_line + 1
        lines = pa.array(range(first, first + len(table)), pa.int64())
        return self._without_blank(Columns(lines, tuple(self._texts(table[name]) for name in wanted), ()))

    def _without_blank(self, columns: Columns) -> Columns:
        """Leave out rows that are blank throughout. Only rows with nothing in these columns are looked at."""
        doubtful = np.ones(len(columns.lines), bool)
        for cells in columns.cells:
            is_blank = pc.equal(pc.utf8_trim_whitespace(cells.dictionary), "").to_numpy(zero_copy_only=False)
            if not is_blank.any():
                return columns
            doubtful &= is_blank[cells.indices.to_numpy(zero_copy_only=False)]
        places = np.flatnonzero(doubtful)
        rows = (cells_of(self.lines[self.heading_line + place], self.separator) for place in places)
        blank = [place for place, row in zip(places, rows, strict=True) if not any(map(str.strip, row))]
        if not blank:
            return columns
        kept = pa.array(np.delete(np.arange(len(doubtful)), blank))
        return Columns(columns.lines.take(kept), tuple(cells.take(kept) for cells in columns.cells), ())

    def _first_row(self) -> list[str]:
        """Return the heading as it is in the file, including blank names at its end."""
        return row_at(self.top, self.heading_line - self.heading_lines, self.separator)[0]

    def _texts(self, column: pa.ChunkedArray) -> pa.DictionaryArray:
        """Decode a column of bytes to texts, decoding each distinct value once."""
        coded = column.combine_chunks().dictionary_encode()
        letters = coded.dictionary.buffers()[2]
        if letters is None or letters.to_pybytes().isascii():
            texts = coded.dictionary.cast(pa.string())
        else:
            # Cells have no line ends here: each line is one row.
            together = b"\n".join(coded.dictionary.to_pylist())
            texts = pa.array(decoded(together, self.encoding).split("\n"), pa.string())
        return pa.DictionaryArray.from_arrays(coded.indices, texts)


def open_file(data: bytes, names: Collection[str] = ()) -> SideFile:
    """Detect encoding and separator; with names (from `folded`), also the heading: the line with most of them."""
    encoding = encoding_of(data)
    top = _top(data, encoding)
    best: tuple[int, int, str, tuple[str, ...]] = (0, 0, "", ())
    for line, text in enumerate(top[:HEADING_WITHIN] if names else (), start=1):
        for separator in SEPARATORS:
            cells = tuple(" ".join(cell.split()) for cell in cells_of(text, separator))
            n_known = len({folded(cell) for cell in cells} & set(names))
            if n_known > best[0]:
                best = (n_known, line, separator, cells)
    n_known, line, separator, heading = best
    while heading and not heading[-1]:
        heading = heading[:-1]
    if n_known:
        return SideFile(data, encoding, separator, heading, line)
    first = next((text for text in top if text.strip() and not is_separator_line(text)), "")
    return SideFile(data, encoding, max(SEPARATORS, key=first.count), (), 0)


def folded(name: str) -> str:
    """Return a heading name in the form used for comparing: without case and white space."""
    return " ".join(name.split()).casefold()


def is_separator_line(text: str) -> bool:
    """Whether this is the line in which Excel names the cell separator."""
    return bool(re.fullmatch(r'"?sep=.?"?', text.strip(" "), re.IGNORECASE))


def plain_text(text: str) -> str:
    """Return a cell trimmed, and without the marks that a spreadsheet adds to keep a number as text."""
    text = text.strip()
    if text[:1] not in ("=", "'"):
        return text
    match = SPREADSHEET_TEXT.fullmatch(text)
    return (match[1] or match[2] or "").strip() if match else text


def plain_number(text: str) -> str:
    """Do the same for a code or number; 123456.0 becomes 123456."""
    text = plain_text(text)
    match = WHOLE_NUMBER.fullmatch(text)
    return match[1] if match else text


def shown(text: str) -> str:
    """Return a cell for use in a message: short, on one line, printable."""
    short = printable(text)
    return f"'{short[:30]}…'" if len(short) > 30 else f"'{short}'"


def lines_named(lines: Sequence[int], max_named: int = 5, noun: str = "line") -> str:
    """'line 4', 'lines 4, 7 and 9', 'lines 4, 7, 9, 11, 15 and 20 more'. noun: what is numbered, if not lines."""
    named = [f"{line:,}" for line in lines[:max_named]]
    if len(lines) > max_named:
        return f"{noun}s {', '.join(named)} and {len(lines) - max_named:,} more"
    return f"{noun} {named[0]}" if len(named) == 1 else f"{noun}s {', '.join(named[:-1])} and {named[-1]}"


# -- encodings and lines ----------------------------------------------------------------------------------


def encoding_of(data: bytes) -> str:
    """Detect UTF-16 by its byte order mark or zero bytes, UTF-8 if all bytes are valid, otherwise Windows-1252."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    top = data[:4096]
    for encoding, high in (("utf-16-le", top[1::2]), ("utf-16-be", top[::2])):
        if len(top) >= 4 and high.count(0) > 0.8 * len(high) and top.count(0) < 0.6 * len(top):
            return encoding
    if data.isascii():
        return "utf-8"
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8"


def decoded(data: bytes, encoding: str) -> str:
    """Decode the text, without a byte order mark and zeros. Bytes that are invalid in the encoding raise no error."""
    data = data.removeprefix(codecs.BOM_UTF8)
    try:
        text = data.decode(encoding, "strict" if encoding == "cp1252" else "replace")
    except UnicodeDecodeError:
        text = data.decode("latin-1")
    return text.removeprefix("\ufeff").replace("\0", "")


def _lines(text: str) -> list[str]:
    """Split the text into lines at CR, LF or both. There is no empty line after the last line end."""
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    lines = text.split("\n")
    if not lines[-1]:
        lines.pop()
    return lines


def _top(data: bytes, encoding: str) -> list[str]:
    """Return the first lines of a file."""
    return _lines(decoded(data[:TOP_BYTES], encoding))
