"""What a form of a return gives to the rest of the reader: tables of texts, each row with its number."""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from sen2dash.reading.other.forms import is_loaded

#: Rows that are kept compressed together.
BLOCK = 500


@dataclass(frozen=True)
class TablePlace:
    """Where a table is. file: empty if its name is not known; sheet: empty for a CSV file."""

    file: str
    sheet: str = ""

    @property
    def words(self) -> str:
        """The place for people: 'persons.csv', 'return.xlsx, sheet Person'."""
        return ", ".join(filter(None, (self.file, self.sheet and f"sheet {self.sheet}"))) or "the file"

    @property
    def prefix(self) -> str:
        """What a path has in front of the number of a row."""
        return f"{self.sheet}!" if self.sheet else f"{self.file}:"

    def row(self, number: int) -> str:
        """Return the place of one row for people."""
        return f"{self.words}, row {number:,}"


@dataclass
class GivenTable:
    """One table as it was given. headings: its names as they are. at: positions of columns, from `forms.matched`.

    rows: numbers and cells of rows, without blank ones. without_value: the numbers of rows with a formula without a
    value in a column that is read. odd: the numbers of rows whose cells cannot be told apart.
    notes: sentences about the file.
    """

    table: str
    place: TablePlace
    headings: tuple[str, ...]
    at: Mapping[str, int]
    rows: list[tuple[int, list[str]]]
    odd: list[int] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    without_value: list[int] = field(default_factory=list)

    def cells(self, column: str) -> list[str]:
        """Return the texts of one column; blank where the table or the row does not have it."""
        at = self.at.get(column)
        if at is None:
            return [""] * len(self.rows)
        try:
            return [row[at] for _, row in self.rows]
        except IndexError:
            return [row[at] if at < len(row) else "" for _, row in self.rows]

    def without_spare_rows(self) -> GivenTable:
        """Leave out rows with nothing in the columns that are loaded and no id: a template has many."""
        places = [at for column, at in self.at.items() if is_loaded(column) or column in (":key", ":parent")]
        self.rows = [
            (number, row) for number, row in self.rows if any(at < len(row) and row[at].strip() for at in places)
        ]
        return self


@dataclass(frozen=True)
class GivenTables:
    """A return as it was given. tables: makes each table that is there, when it is wanted, so that one is held at a
    time. warnings: sentences about what was left aside.
    """

    form: str
    files: tuple[tuple[str, bytes], ...]
    tables: Mapping[str, Callable[[], GivenTable]]
    warnings: tuple[str, ...] = ()


class GivenRows:
    """The rows of a return as they were given, compressed, so that a page can show them."""

    def __init__(self) -> None:
        self._headings: dict[str, list[tuple[str, str]]] = {}
        self._blocks: dict[str, list[tuple[int, bytes]]] = {}

    def add(self, given: GivenTable) -> None:
        """Keep the rows of a table."""
        columns = {at: column for column, at in given.at.items()}
        self._headings[given.table] = [(name, columns.get(at, "")) for at, name in enumerate(given.headings)]
        self._blocks[given.table] = [
            (given.rows[first][0], zlib.compress(json.dumps(given.rows[first : first + BLOCK]).encode(), 1))
            for first in range(0, len(given.rows), BLOCK)
        ]

    def row(self, table: str, number: int) -> list[tuple[str, str, str]]:
        """Return heading, text and column (as in `GivenTable.at`, or empty) of each cell of a row, if it is there."""
        block = next((data for first, data in reversed(self._blocks.get(table, [])) if first <= number), None)
        if block is None:
            return []
        cells: Sequence[str] = dict(json.loads(zlib.decompress(block))).get(number, ())
        return [(name, text, column) for (name, column), text in zip(self._headings[table], cells, strict=False)]
