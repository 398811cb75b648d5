"""Read the rows of a CSV file from its lines, where quotation marks may be out of place.

A misplaced quotation mark affects only its own row, which says so.
"""

from __future__ import annotations

import codecs
import csv
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

#: The most lines that one row may cover (a name can have a line break); and the number of rows with a misplaced
#: quotation mark after which quotation marks are read like any other character.
MAX_LINES_PER_ROW, MAX_OUT_OF_PLACE = 20, 1_000
Why = Literal["quotation mark out of place", "too few cells", "too many cells"]


@dataclass(frozen=True, slots=True)
class CsvRecord:
    """One row: the line that it begins on, its cells, and why it cannot be trusted (None if it can)."""

    line: int
    cells: list[str]
    why: Why | None = None


class _MarkOutOfPlace(Exception):
    """A row continues into a line that clearly begins another row."""


class _Feed:
    """Gives lines to a CSV reader, and notices when it asks for more in the middle of a row."""

    def __init__(self, lines: Sequence[str], begin: int, is_row: Callable[[str], bool]) -> None:
        self.lines, self.at, self.is_row = lines, begin, is_row
        #: The index of the line on which the current row began.
        self.begun = begin
        self.is_between = True

    def __iter__(self) -> _Feed:
        return self

    def __next__(self) -> str:
        at = self.at
        if self.is_between:
            if at >= len(self.lines):
                raise StopIteration
            self.is_between, self.begun, self.at = False, at, at + 1
            return self.lines[at]
        if at >= len(self.lines) or at - self.begun >= MAX_LINES_PER_ROW or self.is_row(self.lines[at]):
            raise _MarkOutOfPlace
        self.at = at + 1
        return f"\n{self.lines[at]}"


def records_in(lines: Sequence[str], begin: int, separator: str, n_cells: int) -> Iterator[CsvRecord]:
    """Yield the rows from a line on, except blank ones. A row with a misplaced quotation mark ends with its line."""

    def is_row(text: str) -> bool:
        n = len(cells_of(text, separator))
        return n_cells <= n <= n_cells + 1 if n_cells else n > 1

    n_out_of_place = 0
    while begin < len(lines) and n_out_of_place < MAX_OUT_OF_PLACE:
        feed = _Feed(lines, begin, is_row)
        reader = csv.reader(feed, delimiter=separator, strict=True)
        try:
            for cells in reader:
                feed.is_between = True
                if any(map(str.strip, cells)):
                    yield CsvRecord(feed.begun + 1, cells)
            return
        except (_MarkOutOfPlace, csv.Error):
            n_out_of_place += 1
            yield _without_marks(lines[feed.begun], feed.begun + 1, separator)
            begin = feed.begun + 1
    for line, text in enumerate(lines[begin:], start=begin + 1):
        if '"' in text:
            yield _without_marks(text, line, separator)
        elif text.strip():
            yield CsvRecord(line, text.split(separator))


def are_quotation_marks_in_place(data: bytes, separator: str) -> bool:
    """Whether quotation marks open and close whole cells. Doubled marks, which mean one in a text, do not count."""
    letters = np.frombuffer(b"\n" + data.removeprefix(codecs.BOM_UTF8).replace(b'""', b"") + b"\n", np.uint8)
    marks = np.flatnonzero(letters == ord('"'))
    around = np.frombuffer(f"{separator}\r\n".encode(), np.uint8)
    before, behind = letters[marks[::2] - 1], letters[marks[1::2] + 1]
    return len(marks) % 2 == 0 and bool(np.isin(before, around).all() and np.isin(behind, around).all())


def _without_marks(text: str, line: int, separator: str) -> CsvRecord:
    """Read one line as a row, treating quotation marks as ordinary characters."""
    return CsvRecord(line, [cell.strip().strip('"') for cell in text.split(separator)], "quotation mark out of place")


def row_at(lines: Sequence[str], at: int, separator: str) -> tuple[list[str], int]:
    """Return the cells of the row that begins on a line, counted from 0, and how many lines it covers.

    If a quotation mark has no pair within MAX_LINES_PER_ROW lines, the row is that one line.
    """
    reader = csv.reader((f"{line}\n" for line in lines[at : at + MAX_LINES_PER_ROW]), delimiter=separator, strict=True)
    try:
        return next(reader, []), reader.line_num
    except csv.Error:
        return cells_of(lines[at], separator), 1


def cells_of(text: str, separator: str) -> list[str]:
    """Return the cells of a single line."""
    try:
        return next(csv.reader([text], delimiter=separator), [])
    except csv.Error:
        return text.split(separator)
