"""Read one CSV file of the publication: every column and row is used or, if it is not understood, reported.

Columns are found by name, ignoring case. Columns and rows can be in any order. In the row for everyone, topic and value
are the same text.
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import NamedTuple

from sen2dash.reading import publication_forms
from sen2dash.reading.publication_cells import (
    MAX_COLUMNS,
    NEGATIVE,
    FileRead,
    Issues,
    NotUsed,
    ParsedFile,
    TooLong,
    area_of,
    cached_squeezed,
    n_authorities,
    period_of,
    rows_of,
    unreadable,
    value_of,
)
from sen2dash.reading.publication_forms import Form, PublishedColumn, PublishedTopic, squeezed
from sen2dash.reading.publication_sums import breakdown_rows, figure_rows, summed
from sen2dash.reference.releases import collection_year_of, period_label
from sen2dash.text import MAX_NAME_LENGTH, flat

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


class ColumnPlace(NamedTuple):
    """The position of a used column. year: the year of the rows that it applies to; None: any."""

    name: str
    indexes: tuple[int, ...]
    column: PublishedColumn
    year: int | None


@dataclass
class TableReading:
    """The state of reading one file."""

    form: Form
    names: tuple[str, ...]
    places: tuple[ColumnPlace, ...]
    keys: tuple[tuple[int | None, str], ...]
    issues: Issues = field(default_factory=Issues)
    figures: dict[tuple[str, str, str], dict[str, str]] = field(default_factory=dict)
    parts: dict[tuple[str, str, str, str], dict[str, list[str]]] = field(default_factory=dict)
    topics: dict[str, tuple[PublishedTopic, ...] | None] = field(default_factory=dict)
    seen: dict[tuple[str, ...], int] = field(default_factory=dict)
    n_rows: int = 0
    n_used: int = 0
    n_not_shown: int = 0


def read_table(name: str, text: str) -> ParsedFile | NotUsed:
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
        reading = TableReading(form, names, _places(form, names), _keys(names))
        for line, cells in chain((first,), rows):
            _take(reading, line, cells)
    except (TooLong, csv.Error) as error:
        return unreadable(name, error)
    return _found(name, reading)


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


def _places(form: Form, names: Sequence[str]) -> tuple[ColumnPlace, ...]:
    """Return the used columns of a file, grouped by name."""
    found = []
    for name in dict.fromkeys(names):
        indexes = tuple(place for place, each in enumerate(names) if each == name)
        found += [ColumnPlace(name, indexes, column, year) for column, year in form.columns_named(name) if column.use]
    return tuple(found)


def _keys(names: Sequence[str]) -> tuple[tuple[int | None, str], ...]:
    """Return the positions of the columns in KEYS, in that order, and the text to use if one is missing."""
    return tuple((names.index(name) if name in names else None, absent) for name, absent in KEYS)


def _take(reading: TableReading, line: int, cells: Sequence[str]) -> None:
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
    topic, label = cached_squeezed(topic), cached_squeezed(label)
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


def _cell(reading: TableReading, place: ColumnPlace, cells: Sequence[str], line: int) -> str:
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


def _take_total(reading: TableReading, line: int, cells: Sequence[str], period: str, area: str) -> None:
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
    reading: TableReading, line: int, cells: Sequence[str], period: str, area: str, topic: str, label: str
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
    reading: TableReading, indicator: str, characteristic: str, period: str, area: str, category: str, value: str
) -> None:
    """Add one number to a category, and to the wider category that is summed from it."""
    wider = publication_forms.wider(characteristic, category)
    for name, key in ((characteristic, category), *((wider,) if wider else ())):
        reading.parts.setdefault((indicator, name, period, area), {}).setdefault(key, []).append(value)


def _found(name: str, reading: TableReading) -> ParsedFile | NotUsed:
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
    figures, absent = figure_rows(reading.figures, release)
    breakdowns, absent_too, partial = breakdown_rows(reading.figures, reading.parts, release)
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
    return ParsedFile(file, figures, breakdowns)


def _column_notes(reading: TableReading, release: int) -> list[str]:
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
