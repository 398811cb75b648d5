"""Read the establishment register: the 'all establishment data' CSV of Get Information about Schools (GIAS).

Only what the rules use is kept; nothing is fetched. A value that cannot be understood never silently becomes blank: it
is marked as unread in its row. An establishment with a broken row is kept with its URN only. Both are reported with
their line, so that no rule calls the establishment clear, unknown or open.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType

import pyarrow as pa
import pyarrow.compute as pc

from sen2dash import spec
from sen2dash.errors import BadRegister
from sen2dash.reading import register_values, side_files, zipped_csv
from sen2dash.reading.csv_rows import CsvRecord
from sen2dash.reading.side_files import Columns, SideFile, folded, lines_named, shown
from sen2dash.spec.columns import ESTABLISHMENT_COLUMNS

#: Our columns mapped to the register's. If a required one were missing, a rule would be silently clear; others may be.
REQUIRED = {
    "urn": "URN",
    "ukprn": "UKPRN",
    "name": "EstablishmentName",
    "type_code": "TypeOfEstablishment (code)",
    "status": "EstablishmentStatus (name)",
    "close_date": "CloseDate",
}
OPTIONAL = {
    "la_code": "LA (code)",
    "la_name": "LA (name)",
    "type_name": "TypeOfEstablishment (name)",
    "type_group_code": "EstablishmentTypeGroup (code)",
    "phase": "PhaseOfEducation (name)",
    "open_date": "OpenDate",
    "further_education_type": "FurtherEducationType (name)",
    "ofsted_rating": "OfstedRating (name)",
    "resourced_provision": "TypeOfResourcedProvision (name)",
    "inspectorate": "InspectorateName (name)",
}
LABELS: Mapping[str, str] = MappingProxyType({**REQUIRED, **OPTIONAL})
#: The register's columns in the order of our table, whose last column names those that were not read.
READ = tuple(column for column in ESTABLISHMENT_COLUMNS if column in LABELS)
#: The share of a column that may be unread. Above it, the column is not used at all.
MAX_UNREAD = 0.05
#: The most values or lines that a note lists individually.
MAX_NAMED = 5
FILE_NAME = "edubasealldata"
DOWNLOAD_HINT = (
    "On get-information-schools.service.gov.uk choose Downloads, tick 'Establishment fields CSV' under all "
    "establishment data, and add the zip file that it gives you, or the .csv in it."
)


@dataclass(frozen=True)
class RegisterReading:
    """The result of reading a register.

    table: the columns of ESTABLISHMENT_COLUMNS, all text except the dates. n_rows, n_open: establishments read, and how
    many of them are open. as_of: the date in the file name. faults: unreliable columns, mapped to the reason. notes:
    one sentence for everything that was not understood or left out.
    """

    table: pa.Table
    n_rows: int
    n_open: int
    as_of: date | None = None
    faults: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()

    @property
    def summary(self) -> str:
        """'51,204 establishments, 27,353 open, as of 12 November 2026'."""
        noun = "establishment" if self.n_rows == 1 else "establishments"
        day = f", as of {self.as_of.day} {self.as_of:%B %Y}" if self.as_of else ""
        return f"{self.n_rows:,} {noun}, {self.n_open:,} open{day}"


def read_register(data: bytes, name: str = "") -> RegisterReading:
    """Read the register from a CSV file, or from the zip that the service provides. name: the file name, for its date.

    Errors: BadRegister if it is not such a file, a required column is missing or no row can be read.
    """
    if zipped_csv.is_zip(data):
        try:
            data, name = zipped_csv.unpacked(data, FILE_NAME)
        except zipped_csv.NoFile as error:
            raise BadRegister("The register cannot be read from this zip", str(error), DOWNLOAD_HINT) from None
    file = _opened(data)
    known = {folded(heading): place for place, heading in reversed(list(enumerate(file.heading)))}
    missing = [label for label in REQUIRED.values() if folded(label) not in known]
    if missing:
        raise BadRegister(
            "This is not the establishment register",
            f"The heading of the file does not name {_listed(missing)}.",
            DOWNLOAD_HINT,
        )
    places = {column: known[folded(LABELS[column])] for column in READ if folded(LABELS[column]) in known}
    doubled = _doubled(file, places)
    found = file.columns([*places.values(), *doubled.values()])
    rows = _RegisterRows(places, found)
    notes = [*_about_the_file(file), *_leave_out(rows, file)]
    for column, cells in zip(doubled, found.cells[len(places) :], strict=True):
        notes += rows.compare(column, cells)
    notes += [*rows.values_unread(), *_one_each(rows)]
    broken, more = _broken(rows, found.odd, places["urn"])
    notes += more
    if not rows.kept or not len(found.lines):
        raise BadRegister(
            "The establishment register cannot be read" if broken else "The establishment register is empty",
            " ".join(["No line of the file gives an establishment with its URN.", *notes[:MAX_NAMED]]),
            DOWNLOAD_HINT,
        )
    faults = _faults(rows, places, len(broken))
    notes += [
        f"The column {LABELS[column]} {faults[column]}: rules that need it are skipped."
        for column in REQUIRED
        if column in faults
    ]
    table = rows.table(broken)
    named = table.filter(pc.is_valid(table["urn"]))
    return RegisterReading(
        table=table,
        n_rows=len(rows.kept),
        n_open=sum(named["status"].to_pylist().count(status) for status in register_values.OPEN),
        as_of=_date_in(name),
        faults=MappingProxyType(faults),
        notes=tuple(notes),
    )


def _opened(data: bytes) -> SideFile:
    """Open the file. Errors: BadRegister if it is not a CSV file that can be read."""
    if not data.strip():
        raise BadRegister("The establishment register is empty", "The file has no content.", DOWNLOAD_HINT)
    if data[:2] == b"\x1f\x8b":
        raise BadRegister("The register is still packed", "This is a gzip file.", DOWNLOAD_HINT)
    if data[:4] == b"\xd0\xcf\x11\xe0":
        raise BadRegister("The register is not a CSV file", "This is a workbook of Excel.", DOWNLOAD_HINT)
    file = side_files.open_file(data, {folded(label) for label in LABELS.values()})
    if file.n_zeros > len(data) // 100:
        raise BadRegister("The register is not a CSV file", "It holds bytes that are not text.", DOWNLOAD_HINT)
    return file


def _doubled(file: SideFile, present: Mapping[str, int]) -> dict[str, int]:
    """Return the second position of each column that the heading names more than once."""
    return {
        column: second
        for column, first in present.items()
        for second in [place for place, name in enumerate(file.heading) if folded(name) == folded(LABELS[column])][1:2]
        if second != first
    }


def _date_in(name: str) -> date | None:
    """Return the date in the name of a download, such as edubasealldata20261112.csv."""
    match = re.search(rf"{FILE_NAME}([0-9]{{4}})([0-9]{{2}})([0-9]{{2}})", name, re.IGNORECASE)
    return spec.real_date("-".join(match.groups())) if match else None


# -- from cells to rows -----------------------------------------------------------------------------------


class _RegisterRows:
    """The rows of a file before they become a table: values by column, and which of them could not be read."""

    def __init__(self, places: Mapping[str, int], found: Columns) -> None:
        self.lines: list[int] = found.lines.to_pylist()
        self.cells = dict(zip(places, found.cells, strict=False))
        #: Each row mapped to its columns that were not read.
        self.unread: defaultdict[int, set[str]] = defaultdict(set)
        self.values = {column: self._values(column) for column in READ}
        #: Rows that are not separate establishments.
        self.left_out: set[int] = set()

    def _values(self, column: str) -> pa.Array:
        """Return a column as values. A value that could not be read is null and recorded as unread."""
        kind = pa.date32() if column.endswith("_date") else pa.string()
        if column not in self.cells:
            return pa.nulls(len(self.lines), kind)
        cells = self.cells[column]
        texts = cells.dictionary.to_pylist()
        if column.endswith("_date"):
            read: Sequence[object] = register_values.dates(texts)
        else:
            reader = register_values.READERS.get(column, register_values.text)
            read = [reader(each) for each in texts]
        is_unread = pa.array([each is register_values.UNREAD for each in read], pa.bool_()).take(cells.indices)
        for row in pc.indices_nonzero(is_unread).to_pylist():
            self.unread[row].add(column)
        return pa.array([None if each is register_values.UNREAD else each for each in read], kind).take(cells.indices)

    def cell(self, row: int, column: str) -> str:
        """Return the text of a cell in the file."""
        return str(self.cells[column][row].as_py()) if column in self.cells else ""

    def without(self, column: str) -> list[int]:
        """Return the rows in which this column could not be read."""
        return sorted(row for row, columns in self.unread.items() if column in columns and row not in self.left_out)

    @property
    def kept(self) -> list[int]:
        """Return the rows with a URN."""
        others = {*self.left_out, *self.without("urn")}
        return [row for row in range(len(self.lines)) if row not in others]

    def compare(self, column: str, other: pa.DictionaryArray) -> Iterator[str]:
        """Compare the two cells of a column that the heading names twice. If they differ, neither is read."""
        mine, others = (each.cast(pa.string()) for each in (self.cells[column], other))
        differ = [row for row in pc.indices_nonzero(pc.not_equal(mine, others)).to_pylist() if row not in self.left_out]
        for row in differ:
            self.unread[row].add(column)
        again = f"The heading names {LABELS[column]} more than once"
        yield f"{again}, and the values differ in {self._in_lines(differ)}." if differ else f"{again}."

    def _in_lines(self, rows: Sequence[int]) -> str:
        return lines_named([self.lines[row] for row in rows])

    def values_unread(self) -> Iterator[str]:
        """Yield one sentence for each column with values that could not be read."""
        for column in READ:
            if rows := self.without(column):
                some = [f"{shown(self.cell(row, column))} in line {self.lines[row]:,}" for row in rows[:MAX_NAMED]]
                more = f" and {len(rows) - MAX_NAMED:,} more" if len(rows) > MAX_NAMED else ""
                yield f"{LABELS[column]} could not be read in {_rows(len(rows))}: {', '.join(some)}{more}."

    def table(self, broken: Mapping[int, str | None]) -> pa.Table:
        """Return the rows with a URN, those without, and one for each broken row, with at most its URN."""
        chosen = pa.array([*self.kept, *self.without("urn")], pa.int64())
        unread = [" ".join(sorted(self.unread.get(row, ()))) or None for row in chosen.to_pylist()]
        arrays = {column: self._without_unread(column).take(chosen) for column in READ}
        whole = pa.table({**arrays, "unread": pa.array(unread, pa.string())})
        columns = {name: pa.nulls(len(broken), whole.schema.field(name).type) for name in READ}
        columns["urn"] = pa.array(list(broken.values()), pa.string())
        marks = [" ".join(READ[1:] if urn else READ) for urn in broken.values()]
        columns["unread"] = pa.array(marks, pa.string())
        return pa.concat_tables([whole, pa.table(columns)]).select(list(ESTABLISHMENT_COLUMNS)).combine_chunks()

    def _without_unread(self, column: str) -> pa.Array:
        rows = [row for row, columns in self.unread.items() if column in columns]
        if not rows:
            return self.values[column]
        is_unread = pc.is_in(pa.array(range(len(self.lines)), pa.int64()), pa.array(rows, pa.int64()))
        return pc.if_else(is_unread, pa.scalar(None, self.values[column].type), self.values[column])


def _about_the_file(file: SideFile) -> Iterator[str]:
    if file.n_zeros:
        yield f"The file holds {file.n_zeros:,} zero bytes, which were ignored."
    above = [line for line in file.top[: file.heading_line - 1] if line.strip()]
    if any(not side_files.is_separator_line(line) for line in above):
        yield f"The lines above the heading in line {file.heading_line} were not read."


def _leave_out(rows: _RegisterRows, file: SideFile) -> Iterator[str]:
    """Leave out rows that are not establishments: repeated headings, and lines below the list such as a total."""
    again, others = [], []
    for row in rows.without("urn"):
        cell = rows.cell(row, "urn").strip()
        if folded(cell) == folded(REQUIRED["urn"]):
            again.append(row)
        elif not cell.isdigit() and not any(rows.cell(row, column).strip() for column in REQUIRED if column != "urn"):
            others.append(row)
    rows.left_out.update(again, others)
    if again:
        yield f"The heading is repeated in {lines_named([rows.lines[row] for row in again])}."
    for row in others[:MAX_NAMED]:
        yield f"Line {rows.lines[row]:,} is not an establishment: {shown(rows.cell(row, 'urn'))}."
    if len(others) > MAX_NAMED:
        yield f"{len(others) - MAX_NAMED:,} more lines are not establishments either."


def _one_each(rows: _RegisterRows) -> Iterator[str]:
    """Keep only the first row of each URN. Values that differ in its other rows count as unread."""
    counts = pc.value_counts(rows.values["urn"])
    several = counts.field("values").filter(pc.greater(counts.field("counts"), 1))
    by_urn: defaultdict[str, list[int]] = defaultdict(list)
    for row in pc.indices_nonzero(pc.is_in(rows.values["urn"], several.drop_null())).to_pylist():
        if row not in rows.left_out and "urn" not in rows.unread.get(row, ()):
            by_urn[rows.values["urn"][row].as_py()].append(row)
    repeated, differing = 0, []
    for first, *others in by_urn.values():
        rows.left_out.update(others)
        repeated += len(others)
        for row in others:
            columns = {
                column for column in READ if rows.values[column][row].as_py() != rows.values[column][first].as_py()
            }
            columns |= rows.unread.get(row, set())
            if columns:
                rows.unread[first] |= columns
                differing.append(row)
    if repeated:
        yield f"{_rows(repeated)} {'has' if repeated == 1 else 'have'} the URN of an earlier row and count once."
    if differing:
        yield (
            f"In {lines_named([rows.lines[row] for row in differing])} a URN is repeated with other values: "
            "values that differ count as not read."
        )


def _broken(rows: _RegisterRows, odd: Sequence[CsvRecord], place: int) -> tuple[dict[int, str | None], list[str]]:
    """Return the line and URN (None if unknown) of each row whose cells cannot be separated, and the notes."""
    known = set(rows.values["urn"].to_pylist())
    broken: dict[int, str | None] = {}
    by_why: defaultdict[str, list[int]] = defaultdict(list)
    notes = []
    for record in odd:
        urn = register_values.urn(record.cells[place]) if place < len(record.cells) else register_values.UNREAD
        filled = [cell for cell in record.cells if cell.strip()]
        is_number = bool(record.cells) and record.cells[0].strip().isdigit()
        if urn is register_values.UNREAD and len(filled) <= 2 and record.why == "too few cells" and not is_number:
            notes.append(f"Line {record.line:,} is not an establishment: {shown(' '.join(filled))}.")
            continue
        by_why[record.why or ""].append(record.line)
        if urn not in known:
            broken[record.line] = None if urn is register_values.UNREAD else urn
    more = len(notes) - MAX_NAMED
    notes = [*notes[:MAX_NAMED], *([f"{more:,} more lines are not establishments either."] if more > 0 else [])]
    for why, lines in by_why.items():
        cause = {
            "quotation mark out of place": "a quotation mark in it is out of place",
            "too few cells": "there are fewer cells than the heading names",
            "too many cells": "there are more cells than the heading names",
        }[why]
        notes.append(f"{_rows(len(lines))} could not be read, because {cause}: {lines_named(lines)}.")
    return broken, notes


def _faults(rows: _RegisterRows, places: Mapping[str, int], n_broken: int) -> dict[str, str]:
    """Return the columns that no rule can rely on, with the reason."""
    faults = {column: "is not in the register" for column in OPTIONAL if column not in places}
    has_closed = "Closed" in rows.values["status"].to_pylist()
    for column in places:
        n_unread = len(rows.without(column))
        n_filled = len(rows.lines) - rows.values[column].null_count + n_unread
        if n_unread > MAX_UNREAD * n_filled:
            faults[column] = f"could not be read in {n_unread:,} of {_rows(n_filled)}"
        elif n_filled == 0 and (column != "close_date" or has_closed):
            faults[column] = "is blank in every row"
    n_all = len(rows.kept) + n_broken
    if n_broken > MAX_UNREAD * n_all:
        faults["urn"] = f"cannot be relied on, because {n_broken:,} of {_rows(n_all)} are broken"
    return faults


def _rows(count: int) -> str:
    return "1 row" if count == 1 else f"{count:,} rows"


def _listed(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
