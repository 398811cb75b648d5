"""Read the DfE's files of absence, and of suspensions and exclusions, by characteristics of pupils.

Only the rows of pupils with an EHC plan, in all phases of education together, are used. Columns are found by name, as
the names of topics and of phases differ between releases; which column holds which figure is in reference/pupils.py.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from sen2dash.reading.publication_cells import (
    MAX_COLUMNS,
    NEGATIVE,
    FileRead,
    Issues,
    NotUsed,
    ParsedFile,
    TooLong,
    area_of,
    rows_of,
    unreadable,
    value_of,
)
from sen2dash.reading.publication_forms import squeezed
from sen2dash.reference.pupils import RATES, TERMS, Kind, PupilFigureKey, period_text
from sen2dash.text import MAX_NAME_LENGTH, flat

LABELS: dict[Kind, str] = {
    "absence": "absence of pupils with an EHC plan",
    "exclusions": "suspensions and exclusions of pupils with an EHC plan",
}
TOPICS = (("breakdown_topic", "breakdown"), ("characteristic_group", "characteristic"))
PHASES = ("education_phase", "school_type", "phase_type_grouping")
#: How the row of all phases of education is called.
ALL_PHASES = frozenset({"total", "all", "all schools", "state-funded primary, secondary and special"})
NEEDED = ("time_period", "time_identifier", "geographic_level", "old_la_code")
#: The topic of SEN provision, without those that cross it with another characteristic.
TOPIC = re.compile(
    r"(?!.*\b(primary need|type of need|fsm|gender|sex|ethnic\w*|age)\b).*\b(sen|special educational)\b.*"
)
#: Pupils with a plan: not those of whom the label says what they have not.
PLAN = re.compile(r"(?!.*\b(no|not|non|without|support|unclassified)\b).*(\behcp?s?\b|\bhealth (and|&) care\b).*")
DATED = re.compile(r"20[0-9]{4}")
#: Characters at the start of a file that hold its headings.
TOP = 20_000
ELSEWHERE = "Add the file of the same publication by pupil characteristics."


def kind_of(text: str) -> Kind | None:
    """Which of these statistics a file has the columns of; None: neither."""
    names = {squeezed(each.strip('"')) for each in text[:TOP].partition("\n")[0].split(",")}
    if "time_period" not in names:
        return None
    return next((kind for kind, each in RATES.items() if {one.column for one in each.values()} & names), None)


@dataclass
class _PupilsReading:
    """The state of reading one file. unclear: places of which two rows say different things."""

    kind: Kind
    names: Sequence[str]
    issues: Issues = field(default_factory=Issues)
    found: dict[PupilFigureKey, dict[str, str]] = field(default_factory=dict)
    unclear: set[PupilFigureKey] = field(default_factory=set)
    n_rows: int = 0
    n_used: int = 0

    def cell(self, cells: Sequence[str], name: str) -> str:
        """The text in a column; empty if the file has no such column."""
        return cells[self.names.index(name)] if name in self.names else ""


def read_pupils(name: str, text: str, kind: Kind) -> ParsedFile | NotUsed:
    """Read the figures of a file. text: from `publication_cells.decoded`. kind: from `kind_of`."""
    try:
        rows = rows_of(text)
        names = [squeezed(cell) for cell in next(rows, (0, []))[1]]
        topic = next((pair for pair in TOPICS if set(pair) <= set(names)), None)
        if len(names) > MAX_COLUMNS:
            return NotUsed(name=name, why=f"It has more than {MAX_COLUMNS} columns.")
        if topic is None:
            return NotUsed(name=name, why=f"It has no figures for pupils with an EHC plan. {ELSEWHERE}")
        missing = sorted(set(NEEDED) - set(names))
        if missing:
            return NotUsed(name=name, why=f"Columns are missing: {', '.join(missing)}.")
        reading = _PupilsReading(kind, names)
        at = [names.index(each) for each in topic]
        for line, cells in rows:
            reading.n_rows += 1
            if len(cells) != len(names):
                reading.issues.add("A line has too few or too many cells and is not used", line)
            elif _is_of_plans(*(cells[each] for each in at)):
                _take(reading, line, cells)
    except (TooLong, csv.Error) as error:
        return unreadable(name, error)
    return _found(name, reading)


@lru_cache(maxsize=4096)
def _is_of_plans(topic: str, label: str) -> bool:
    """Whether a row is of pupils with an EHC plan."""
    return bool(TOPIC.fullmatch(squeezed(topic)) and PLAN.fullmatch(squeezed(label)))


def terms_of(identifier: str) -> tuple[str, ...]:
    """The terms that a time identifier names: all of 'Academic year', two of 'Autumn and spring term'."""
    text = squeezed(identifier)
    return TERMS if "academic year" in text else tuple(term for term in TERMS if term in text)


def _take(reading: _PupilsReading, line: int, cells: Sequence[str]) -> None:
    """Use a row of pupils with a plan, or record why it cannot be used."""
    phases = [squeezed(reading.cell(cells, name)) for name in PHASES if name in reading.names]
    if any(each not in ALL_PHASES for each in phases):
        return
    period = reading.cell(cells, "time_period").strip()
    terms = terms_of(reading.cell(cells, "time_identifier"))
    if not (DATED.fullmatch(period) and (int(period[2:4]) + 1) % 100 == int(period[4:]) and terms):
        reading.issues.add("A period is not understood and its row not used", line, period)
        return
    level = reading.cell(cells, "geographic_level")
    if squeezed(level) == "school":
        return
    codes = (reading.cell(cells, name) for name in ("region_code", "old_la_code", "new_la_code"))
    area = area_of(level, *codes)
    if area is None:
        reading.issues.add("An area is not understood and its row not used", line, level)
        return
    place = PupilFigureKey(reading.kind, int(period[:4]), terms, area)
    values = {key: _value(reading, line, cells, key) for key in RATES[reading.kind]}
    values = {key: value for key, value in values.items() if value}
    if place in reading.unclear or reading.found.get(place, values) != values:
        reading.issues.add("Rows of the same period and area have other figures, and none is used", line)
        reading.unclear.add(place)
        reading.found.pop(place, None)
        return
    reading.n_used += 1
    reading.found[place] = values


def _value(reading: _PupilsReading, line: int, cells: Sequence[str], key: str) -> str:
    """One figure, or x if it is not understood, which is recorded."""
    rate = RATES[reading.kind][key]
    text = reading.cell(cells, rate.column)
    value = value_of(text)
    is_over = value is not None and rate.is_percent and value[:1].isdigit() and float(value) > 100
    if value is None or value == NEGATIVE or is_over:
        reading.issues.add(f"A value of {rate.column} is not understood and not used", line, text)
        return "x"
    return value


def _found(name: str, reading: _PupilsReading) -> ParsedFile | NotUsed:
    """What was read, or why nothing is used."""
    found = {place: values for place, values in reading.found.items() if values}
    if not found:
        sentences = " ".join(reading.issues.sentences())
        why = f"It has no row of all pupils with an EHC plan. {sentences}".strip()
        return NotUsed(name=name, why=f"{why} {ELSEWHERE}")
    missing = [each.column for each in RATES[reading.kind].values() if each.column not in reading.names]
    notes = [f"Columns that are missing: {', '.join(missing)}."] if missing else []
    # The latest year first; of a year, the whole before its terms.
    latest = max((place.year, len(place.terms)) for place in found)
    periods = sorted({(place.year, -len(place.terms), place.terms) for place in found})
    file = FileRead(
        name=flat(name, MAX_NAME_LENGTH),
        kind=reading.kind,
        label=LABELS[reading.kind],
        release=None,
        periods=tuple(period_text(year, terms) for year, _, terms in periods),
        n_rows=reading.n_rows,
        n_used=reading.n_used,
        n_not_shown=reading.n_rows - reading.n_used,
        n_authorities=len(
            {place.area for place in found if (place.year, len(place.terms)) == latest and place.area.isdigit()}
        ),
        notes=(*notes, *reading.issues.sentences()),
    )
    return ParsedFile(file, [], [], found)
