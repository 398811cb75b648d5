"""Read one CSV file of the publication: every column and row is used or, if it is not understood, reported.

Columns are found by name, ignoring case. Columns and rows can be in any order. In the row for everyone, topic and value
are the same text.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from itertools import chain
from types import MappingProxyType
from typing import NamedTuple

from sen2dash import spec
from sen2dash.model import Frozen
from sen2dash.reading import publication_forms
from sen2dash.reading.publication_forms import Column, Form, Topic, squeezed
from sen2dash.reference.published import ENGLAND, collection_year_of, period_label
from sen2dash.reference.pupils import Place as PupilsPlace
from sen2dash.reference.pupils import Values
from sen2dash.text import MAX_NAME_LENGTH, flat

#: A line of the publication has about 400 characters.
MAX_LINE_LENGTH = 100_000
MAX_COLUMNS = 500
#: Texts published instead of a number: not available, not applicable, and not published.
NOT_AVAILABLE = frozenset({"x", "c", "k", "u", "low", "no data", "not available", "n/a", "-", "..", "~", ":"})
NUMBER = re.compile(r"(-?)([0-9]{1,12}|[0-9]{1,3}(?:,[0-9]{3}){1,3})(\.[0-9]{1,10})?")
NEGATIVE = "negative"
#: How far the sum of a breakdown may be from the total: England differed by 0.6% in January 2024.
TOLERANCE = 0.02
REGIONS = re.compile(r"E1[23][0-9]{6}")
LONDON, PARTS_OF_LONDON = "E12000007", ("E13000001", "E13000002")
GEOGRAPHY = frozenset(
    {
        "time_period",
        "time_identifier",
        "geographic_level",
        "country_code",
        "country_name",
        "region_code",
        "region_name",
        "new_la_code",
        "old_la_code",
        "la_name",
        "breakdown_topic",
        "breakdown",
    }
)


#: The columns that identify a row, with the text to use if a file does not have the column.
KEYS = (
    ("time_period", ""),
    ("time_identifier", ""),
    ("geographic_level", ""),
    ("region_code", ""),
    ("old_la_code", ""),
    ("new_la_code", ""),
    ("breakdown_topic", "all"),
    ("breakdown", "all"),
)


class FileRead(Frozen):
    """A file that was read. release: the reporting year. n_rows: all rows; n_used: rows with figures for comparison;
    n_not_shown: rows of known breakdowns that are not shown here. `notes` reports the rest.

    release: None for statistics of pupils, which are of another publication.
    n_authorities: those with a row in the latest period; the DfE publishes 153.
    n_absent: figures that are x for every area in a period, left out so that an older release can supply them.
    """

    name: str
    kind: str
    label: str
    release: int | None
    periods: tuple[str, ...]
    n_rows: int
    n_used: int
    n_not_shown: int
    n_authorities: int
    n_absent: int = 0
    notes: tuple[str, ...] = ()


class NotUsed(Frozen):
    """A file that was not used, and why. is_expected: it belongs to the publication and is not needed."""

    name: str
    why: str
    is_expected: bool = False


class Found(NamedTuple):
    """What was found in one file. pupils: figures of pupils with a plan, from the DfE's statistics of pupils."""

    file: FileRead
    figures: list[dict[str, str]]
    breakdowns: list[dict[str, str]]
    pupils: Mapping[PupilsPlace, Values] = MappingProxyType({})


class TooLong(Exception):
    """A line is longer than any line in the publication."""


class Issues:
    """What was not understood: for each kind, the count and the first example with its line."""

    def __init__(self) -> None:
        self._found: dict[str, list[int]] = {}
        self._first: dict[str, str] = {}

    def add(self, what: str, line: int, text: str | None = None) -> None:
        """Count one more problem. what: a sentence in the plural, without its end."""
        if what in self._found:
            self._found[what][0] += 1
            return
        self._found[what] = [1, line]
        self._first[what] = f" ('{flat(text, 40)}')" if text is not None else ""

    def sentences(self) -> tuple[str, ...]:
        """Return a sentence for each kind."""
        return tuple(
            f"{what}: {count:,} time{'s' if count > 1 else ''}, first in line {line:,}{self._first[what]}."
            for what, (count, line) in self._found.items()
        )


class Place(NamedTuple):
    """The position of a used column. year: the year of the rows that it applies to; None: any."""

    name: str
    indexes: tuple[int, ...]
    column: Column
    year: int | None


@dataclass
class Reading:
    """The state of reading one file."""

    form: Form
    names: tuple[str, ...]
    places: tuple[Place, ...]
    keys: tuple[tuple[int | None, str], ...]
    issues: Issues = field(default_factory=Issues)
    figures: dict[tuple[str, str, str], dict[str, str]] = field(default_factory=dict)
    parts: dict[tuple[str, str, str, str], dict[str, list[str]]] = field(default_factory=dict)
    topics: dict[str, tuple[Topic, ...] | None] = field(default_factory=dict)
    seen: dict[tuple[str, ...], int] = field(default_factory=dict)
    n_rows: int = 0
    n_used: int = 0
    n_not_shown: int = 0


def decoded(data: bytes) -> str | None:
    """Decode a file in UTF-8, UTF-16 with a byte order mark, or Windows-1252; None if the bytes are not text."""
    if data[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        encodings = ["utf-16"]
    elif b"\0" in data:
        return None
    else:
        encodings = ["utf-8-sig", "cp1252"]
    for encoding in encodings:
        try:
            return data.decode(encoding)
        except UnicodeError:
            continue
    return None


def read_table(name: str, text: str) -> Found | NotUsed:
    """Read a file with one heading line and one row on each line. text: from `decoded`."""
    try:
        rows = rows_of(text)
        names = tuple(squeezed(cell) for cell in next(rows, (0, []))[1])
        if len(names) > MAX_COLUMNS:
            return NotUsed(name=name, why=f"It has more than {MAX_COLUMNS} columns.")
        first = next(rows, None)
        form = publication_forms.form_of(names, _period_kind(names, first[1])) if first is not None else None
        if first is None or form is None:
            return NotUsed(name=name, why=_unknown(names, first is None))
        missing = sorted({"time_period", "geographic_level", "old_la_code"} - set(names))
        if missing:
            return NotUsed(name=name, why=f"Columns are missing: {', '.join(missing)}.")
        reading = Reading(form, names, _places(form, names), _keys(names))
        for line, cells in chain((first,), rows):
            _take(reading, line, cells)
    except (TooLong, csv.Error) as error:
        return unreadable(name, error)
    return _found(name, reading)


def unreadable(name: str, error: TooLong | csv.Error) -> NotUsed:
    """Say why the lines of a file cannot be read."""
    if isinstance(error, TooLong):
        return NotUsed(
            name=name, why=f"Line {error.args[0]:,} is longer than any of the publication, or is not closed."
        )
    return NotUsed(name=name, why=f"It is not a CSV file that can be read ({flat(error, 80)}).")


def rows_of(text: str) -> Iterator[tuple[int, list[str]]]:
    """Yield the rows that are not blank, each with the line on which it ends. Errors: csv.Error, TooLong."""
    open_lines = 0

    def lines() -> Iterator[str]:
        nonlocal open_lines
        for number, line in enumerate(io.StringIO(text, newline=""), 1):
            open_lines += 1
            if len(line) > MAX_LINE_LENGTH or open_lines > 50:
                raise TooLong(number)
            yield line

    reader = csv.reader(lines(), strict=True)
    for cells in reader:
        open_lines = 0
        if any(cells):
            yield reader.line_num, cells


def _unknown(names: Sequence[str], is_empty: bool) -> str:
    """Explain why a file does not have a known form."""
    if is_empty:
        return "It has no rows."
    shown = ", ".join(flat(name, 40) for name in [n for n in names if n not in GEOGRAPHY][:4]) or "none"
    if {"time_period", "geographic_level"} <= set(names):
        return (
            "It is a statistics file of the DfE, but none of 'Education, health and care plans' that sen2dash knows. "
            f"Its columns begin: {shown}."
        )
    return f"It is not a file of this publication. Its columns begin: {shown}."


def _period_kind(names: Sequence[str], cells: Sequence[str]) -> str:
    """Return whether the first row is for a January or a calendar year."""
    found = dict(zip(names, cells, strict=False))
    period = period_of(found.get("time_period", ""), found.get("time_identifier", "")) or ""
    return "january" if period.endswith("-01") else "year"


def _places(form: Form, names: Sequence[str]) -> tuple[Place, ...]:
    """Return the used columns of a file, grouped by name."""
    found = []
    for name in dict.fromkeys(names):
        indexes = tuple(place for place, each in enumerate(names) if each == name)
        found += [Place(name, indexes, column, year) for column, year in form.columns_named(name) if column.use]
    return tuple(found)


def _keys(names: Sequence[str]) -> tuple[tuple[int | None, str], ...]:
    """Return the positions of the columns in KEYS, in that order, and the text to use if one is missing."""
    return tuple((names.index(name) if name in names else None, absent) for name, absent in KEYS)


#: A cache for cells of this publication, which repeat in every row. Cells of other files are never kept.
_squeezed = lru_cache(maxsize=4096)(squeezed)


@lru_cache(maxsize=256)
def period_of(text: str, identifier: str) -> str | None:
    """Return 2025-01 for 202425 (an academic year, counted in its January), 2024 for a calendar year, otherwise None.

    One copy of a 2025 file has 202425 for the calendar year 2024. There, the identifier decides.
    """
    text = text.strip()
    if re.fullmatch(r"20[0-9]{4}", text) and (int(text[2:4]) + 1) % 100 == int(text[4:]):
        return text[:4] if _squeezed(identifier) == "calendar year" else f"{int(text[:4]) + 1}-01"
    if re.fullmatch(r"20[0-9]{2}", text):
        return f"{text}-01" if _squeezed(identifier) == "january" else text
    return None


@lru_cache(maxsize=4096)
def value_of(text: str) -> str | None:
    """Return a number without separators, x (not available), z (not applicable) or blank; None for any other text.

    A percent sign is removed. Returns NEGATIVE for a number below zero, because no figure used here can be negative.
    """
    squeezed_text = squeezed(text)
    if squeezed_text in ("", "z"):
        return squeezed_text
    if squeezed_text in NOT_AVAILABLE:
        return "x"
    match = NUMBER.fullmatch(squeezed_text.removesuffix("%").rstrip())
    if match is None:
        return None
    whole, decimals = match[2].replace(",", ""), (match[3] or "").rstrip("0").rstrip(".")
    if match[1] and (int(whole) or decimals):
        return NEGATIVE
    return whole + decimals


@cache
def _by_ons_code() -> Mapping[str, str]:
    return {authority.ons_code: code for code, authority in spec.authorities().items()}


def area_of(level: str, region: str, number: str, ons_code: str) -> str | None:
    """Return England, a region code or an authority number; None if the row does not say."""
    level = _squeezed(level)
    if level == "national":
        return ENGLAND
    if level == "regional":
        return region.strip() if REGIONS.fullmatch(region.strip()) else None
    if level == "local authority":
        return number.strip() if re.fullmatch(r"[0-9]{3}", number.strip()) else _by_ons_code().get(ons_code.strip())
    return None


def _take(reading: Reading, line: int, cells: Sequence[str]) -> None:
    """Use one row, or record why it cannot be used."""
    reading.n_rows += 1
    issues = reading.issues
    if len(cells) != len(reading.names):
        issues.add("A line has too few or too many cells and is not used", line)
        return
    time_period, identifier, level, region, number, ons_code, topic, label = (
        cells[at] if at is not None else absent for at, absent in reading.keys
    )
    period = period_of(time_period, identifier)
    if period is None or period.endswith("-01") != (reading.form.period == "january"):
        issues.add("A period is not understood and its row not used", line, time_period)
        return
    area = area_of(level, region, number, ons_code)
    if area is None:
        issues.add("An area is not understood and its row not used", line, level)
        return
    topic, label = _squeezed(topic), _squeezed(label)
    if not topic or not label:
        issues.add("A row does not say what it is broken down by and is not used", line)
        return
    key, content = (period, area, topic, label), hash(tuple(cells))
    if key in reading.seen:
        same = "the same figures" if reading.seen[key] == content else "other figures"
        issues.add(f"A row of the same period, area and breakdown was read before with {same} and is used once", line)
        return
    reading.seen[key] = content
    if topic == label:
        _take_total(reading, line, cells, period, area)
    else:
        _take_part(reading, line, cells, period, area, topic, label)


def _cell(reading: Reading, place: Place, cells: Sequence[str], line: int) -> str:
    """Return a value of a used column, or x if it is not understood, which is recorded."""
    texts = {cells[index].strip() for index in place.indexes}
    if len(texts) > 1:
        reading.issues.add(f"Two columns have the name {place.name} and other values; none is used", line)
        return "x"
    text = texts.pop()
    value = value_of(text)
    if value is None or (place.column.use == "percent" and value[:1].isdigit() and float(value) > 100):
        reading.issues.add(f"A value of {place.name} is not understood and not used", line, text)
        return "x"
    if value == NEGATIVE:
        reading.issues.add(f"A value of {place.name} is below zero and not used", line, text)
        return "x"
    return value


def _take_total(reading: Reading, line: int, cells: Sequence[str], period: str, area: str) -> None:
    """Use the row for everyone: figures, and the categories that have their own columns."""
    categories: dict[str, dict[tuple[int | None, int | None], list[str]]] = {}
    for place in reading.places:
        column = place.column
        if period < column.from_period or place.year not in (None, int(period[:4])):
            continue
        value = _cell(reading, place, cells, line)
        if column.use == "category":
            categories.setdefault(column.target, {}).setdefault((column.first_release, column.last_release), []).append(
                value
            )
        elif value:
            figure = reading.figures.setdefault((column.target, period, area), {"number": "", "percent": ""})
            figure[column.use] = figure[column.use] or value
    for target, by_release in categories.items():
        characteristic, category = target.split("/")
        # A category that was split between releases has the columns of one of them: use the one with numbers.
        sums = [summed(values) for values in by_release.values()]
        value = next((each for each in sums if each[:1].isdigit()), sums[0])
        if value:
            _add(reading, reading.form.breakdown, characteristic, period, area, category, value)
    reading.n_used += 1


def _take_part(
    reading: Reading, line: int, cells: Sequence[str], period: str, area: str, topic: str, label: str
) -> None:
    """Use a row for one category, if its breakdown is used for comparison."""
    if topic not in reading.topics:
        reading.topics[topic] = reading.form.breakdowns(topic)
    breakdowns = reading.topics[topic]
    if breakdowns is None:
        reading.issues.add("A breakdown is not known and its row not used", line, topic)
        return
    is_used = False
    for each in breakdowns:
        category = publication_forms.category(each.characteristic, label)
        if category is None:
            reading.issues.add(f"A category of '{flat(topic, 60)}' is not known and its row not used", line, label)
            return
        if each.column not in reading.names:
            continue
        text = cells[reading.names.index(each.column)]
        value = value_of(text)
        if value is None or value == NEGATIVE:
            reading.issues.add(f"A value of {each.column} is not understood and not used", line, text)
            value = "x"
        if value:
            _add(reading, each.indicator, each.characteristic, period, area, category, value)
            is_used = True
    reading.n_used += is_used
    reading.n_not_shown += not is_used


def _add(
    reading: Reading, indicator: str, characteristic: str, period: str, area: str, category: str, value: str
) -> None:
    """Add one number to a category, and to the wider category that is summed from it."""
    wider = publication_forms.wider(characteristic, category)
    for name, key in ((characteristic, category), *((wider,) if wider else ())):
        reading.parts.setdefault((indicator, name, period, area), {}).setdefault(key, []).append(value)


def summed(values: Sequence[str]) -> str:
    """Add up published numbers; x if one of them is not available, blank if none is published."""
    numbers = [value for value in values if value]
    if any(not value[:1].isdigit() for value in numbers):
        return "x"
    return str(sum(int(float(value)) for value in numbers)) if numbers else ""


def _found(name: str, reading: Reading) -> Found | NotUsed:
    """Return the rows of a file that was read to its end, and the notes about it."""
    form = reading.form
    periods = {period for _, period, _ in reading.figures} | {period for _, _, period, _ in reading.parts}
    if not periods:
        if form.columns and not any(column.use for column in form.columns):
            return NotUsed(name=name, why=f"It holds {form.label}, which sen2dash does not show.", is_expected=True)
        sentences = " ".join(reading.issues.sentences())
        return NotUsed(name=name, why=f"It looks like {form.label}, but no row of it can be used. {sentences}".strip())
    release = max(collection_year_of(period) for period in periods)
    notes = [*_column_notes(reading, release), *reading.issues.sentences()]
    figures, absent = _figure_rows(reading, release)
    breakdowns, absent_too, partial = _breakdown_rows(reading, release)
    notes += [
        f"The parts of {characteristic.replace('_', ' ')} in {period_label(period)} do not add up to all of England: "
        "not used, because shares of them would be wrong."
        for characteristic, period in sorted(partial)
    ]
    file = FileRead(
        name=flat(name, MAX_NAME_LENGTH),
        kind=form.kind,
        label=form.label,
        release=release,
        periods=tuple(sorted(periods)),
        n_rows=reading.n_rows,
        n_used=reading.n_used,
        n_not_shown=reading.n_not_shown,
        n_authorities=n_authorities(
            max(periods),
            [(period, area) for _, period, area in reading.figures]
            + [(period, area) for _, _, period, area in reading.parts],
        ),
        n_absent=absent + absent_too,
        notes=tuple(notes),
    )
    return Found(file, figures, breakdowns)


def n_authorities(latest: str, found: Iterable[tuple[str, str]]) -> int:
    """Count the authorities with a row in the latest period. found: periods and areas."""
    return len({area for period, area in found if period == latest and area.isdigit()})


def _figure_rows(reading: Reading, release: int) -> tuple[list[dict[str, str]], int]:
    """Return rows in the form of figures.csv, and how many columns and periods are left out as x for every area."""
    known = {
        (series, period, use)
        for (series, period, _), figure in reading.figures.items()
        for use, value in figure.items()
        if value[:1].isdigit()
    }
    rows: list[dict[str, str]] = []
    absent: set[tuple[str, str, str]] = set()
    for (series, period, area), figure in reading.figures.items():
        absent |= {
            (series, period, use) for use, value in figure.items() if value and (series, period, use) not in known
        }
        kept = {use: value if (series, period, use) in known else "" for use, value in figure.items()}
        if any(kept.values()):
            rows.append({"series": series, "period": period, "area": area, **kept, "note": "", "release": str(release)})
    return rows, len(absent)


def _breakdown_rows(reading: Reading, release: int) -> tuple[list[dict[str, str]], int, set[tuple[str, str]]]:
    """Return rows in the form of breakdowns.csv, how many categories and periods are left out as x for every area,
    and which breakdowns are left out because their parts do not add up to the total."""
    numbers = {
        key: {category: summed(values) for category, values in found.items()} for key, found in reading.parts.items()
    }
    for indicator, characteristic, period, area in list(numbers):
        inner = [numbers.get((indicator, characteristic, period, part)) for part in PARTS_OF_LONDON]
        if area in PARTS_OF_LONDON and (indicator, characteristic, period, LONDON) not in numbers and None not in inner:
            keys = dict.fromkeys(key for part in inner if part is not None for key in part)
            numbers[indicator, characteristic, period, LONDON] = {
                key: summed([part.get(key, "") for part in inner if part is not None]) for key in keys
            }
    known = {
        (indicator, characteristic, period, category)
        for (indicator, characteristic, period, _), found in numbers.items()
        for category, number in found.items()
        if number[:1].isdigit()
    }
    rows: list[dict[str, str]] = []
    absent: set[tuple[str, str, str, str]] = set()
    partial = _partial(reading, numbers)
    for (indicator, characteristic, period, area), found in numbers.items():
        if (characteristic, period) in partial:
            continue
        for category, number in found.items():
            if (indicator, characteristic, period, category) not in known:
                absent.add((indicator, characteristic, period, category))
                continue
            rows.append(
                {
                    "indicator": indicator,
                    "characteristic": characteristic,
                    "period": period,
                    "area": area,
                    "category": category,
                    "number": number,
                    "release": str(release),
                }
            )
    return rows, len(absent), partial


def _partial(reading: Reading, numbers: Mapping[tuple[str, str, str, str], Mapping[str, str]]) -> set[tuple[str, str]]:
    """Return breakdowns, by characteristic and period, that do not add up to England: their shares would be wrong."""
    totals = {"caseload": "ehc_plans/Total", "new_plans": "new_plans/Total"}
    found = set()
    for (indicator, characteristic, period, area), parts in numbers.items():
        figure = reading.figures.get((totals.get(indicator, ""), period, area))
        if area != ENGLAND or figure is None or not figure["number"][:1].isdigit():
            continue
        whole, together = float(figure["number"]), sum(float(each) for each in parts.values() if each[:1].isdigit())
        if abs(whole - together) > TOLERANCE * whole:
            found.add((characteristic, period))
    return found


def _column_notes(reading: Reading, release: int) -> list[str]:
    """Report columns that are new, and columns that should be there but are missing."""
    form = reading.form
    notes = []
    new = [
        flat(name, 60) or "(without a name)"
        for name in dict.fromkeys(reading.names)
        if name not in GEOGRAPHY and not form.columns_named(name)
    ]
    if new:
        more = f" and {len(new) - 5:,} more" if len(new) > 5 else ""
        notes.append(f"Columns that are not known and not used: {', '.join(new[:5])}{more}.")
    present = {(place.column.use, place.column.target) for place in reading.places}
    missing = [
        column.name
        for column in form.columns
        if column.use and column.is_due(release) and (column.use, column.target) not in present
    ]
    if missing:
        notes.append(f"Columns that are missing: {', '.join(missing)}.")
    return notes
