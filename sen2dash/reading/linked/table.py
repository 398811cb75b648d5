"""Read the CSV files of linked data as columns by name: the position and the case of a heading have no meaning."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import pyarrow as pa
import pyarrow.compute as pc

from sen2dash.errors import BadLinkedFile
from sen2dash.reading.csv_rows import row_at
from sen2dash.reading.linked.given import GivenFile
from sen2dash.reading.linked.values import Kind, blank, columns_of
from sen2dash.reading.side_files import SideFile, encoding_of, lines_named

#: A file has fewer than this many lines. The number of a row in a load is that of its file times this, plus its line.
LINES = 1 << 32


@dataclass(frozen=True)
class Column:
    """One column. name: ours. names: as headings, in lower case, the newest first."""

    name: str
    kind: Kind = "text"
    older: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """The headings that it may have."""
        return (self.name, *self.older)


@dataclass(frozen=True)
class Sheet:
    """A CSV file with a heading."""

    given: GivenFile
    file: SideFile

    @property
    def heading(self) -> tuple[str, ...]:
        """The names in lower case, with each run of white space as one space."""
        return tuple(" ".join(name.split()).lower() for name in self.file.heading)

    def places(self, names: Iterable[str]) -> list[int]:
        """Return the positions of these names in the heading, in this order."""
        heading = self.heading
        return [heading.index(name) for name in names if name in heading]

    def has(self, *names: str) -> bool:
        """Whether the heading has one of these names."""
        return bool(self.places(names))


def open_sheet(given: GivenFile, separator: str = ",") -> Sheet:
    """Open a CSV file whose first row is the heading."""
    file = SideFile(given.data, encoding_of(given.data), separator, (), 0)
    top = file.top
    cells, n_lines = row_at(top, 0, separator) if top else ([], 1)
    while cells and not cells[-1].strip():
        cells.pop()
    return Sheet(
        given, replace(file, heading=tuple(map(str.strip, cells)), heading_line=n_lines, heading_lines=n_lines)
    )


def read_columns(sheet: Sheet, columns: Sequence[Column], number: int) -> tuple[pa.Table, list[str]]:
    """Return the columns of a file, typed, with `read_no`, and sentences about rows that are not as they should be.

    number: of the file in the load. A row with too few cells ends in blank ones; cells beyond the heading are ignored.
    Where a heading has several names of a column, the first that has a value counts in every row.
    """
    places = {column: sheet.places(column.names) for column in columns}
    wanted = [place for found in places.values() for place in found]
    try:
        found = sheet.file.columns(wanted)
    except csv.Error:
        raise BadLinkedFile(
            "The file cannot be read", f"{sheet.given.place} is damaged: a cell has no end.", "Export it again."
        ) from None
    cells: Mapping[int, pa.Array] = dict(zip(wanted, found.cells, strict=True))
    lines, notes = found.lines, []
    if found.odd:
        extra = {
            place: pa.array([each.cells[place] if place < len(each.cells) else "" for each in found.odd], pa.string())
            for place in wanted
        }
        cells = {place: pa.concat_arrays([cells[place].cast(pa.string()), extra[place]]) for place in wanted}
        lines = pa.concat_arrays([lines, pa.array([each.line for each in found.odd], pa.int64())])
        where = lines_named([each.line for each in found.odd])
        notes.append(f"{sheet.given.place}: {where} do not have as many cells as the heading.")
    first = pa.scalar(number * LINES, pa.int64())
    arrays: dict[str, pa.Array] = {"read_no": pc.add(lines, first)}
    for column, own in places.items():
        if not own:
            arrays |= blank(column.name, column.kind, len(lines))
        else:
            arrays |= columns_of(column.name, column.kind, first_with_value([cells[place] for place in own]))
    return pa.table(arrays), notes


def first_with_value(columns: Sequence[pa.Array]) -> pa.Array:
    """Return of each row the first cell that is not blank."""
    first, *others = columns
    for other in others:
        texts = first.cast(pa.string())
        is_blank = pc.equal(pc.utf8_trim_whitespace(texts), "")
        first = pc.if_else(is_blank, other.cast(pa.string()), texts)
    return first
