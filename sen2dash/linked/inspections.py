"""Inspection outcomes of the places where people with a plan are on census day.

A report card has no overall grade: its category is the lowest grade of an area, never joined with the older grades.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import pyarrow as pa

from sen2dash.checks.report import Report
from sen2dash.linked import required_tables
from sen2dash.linked.linking import Linking
from sen2dash.linked.queries import query
from sen2dash.reading.linked.inspections import InspectionFile, InspectionReading
from sen2dash.text import flat, long_date

Row = dict[str, Any]
#: The keys of the steps, the best first.
STEP_KEYS = ("rc_exceptional", "rc_strong", "rc_expected", "rc_attention", "rc_urgent")


@dataclass(frozen=True)
class InspectionFigures:
    """people: one row per person of the base. counts: by category. area_of: one row per person and area, with its step.

    kept: what was read. It is about places, none of it about people. not_given: the tables that the return lacks for
    these figures; there are none then.
    """

    files: tuple[InspectionFile, ...]
    people: pa.Table
    counts: list[Row]
    area_of: pa.Table
    log: tuple[str, ...]
    kept: InspectionReading
    not_given: str = ""


def link_inspections(linking: Linking, report: Report, reading: InspectionReading) -> InspectionFigures:
    """Find the inspection outcome of every current placement. Rows of other places are dropped."""
    space = linking.space
    space.keep("raw_inspection", reading.result)
    space.keep("raw_inspection_area", reading.area)
    linking.make("person_inspection")
    people = space.table("select * from person_inspection order by person_id")
    figures = InspectionFigures(
        reading.files,
        people,
        space.rows(query("inspection_count")),
        space.table(query("inspection_area_of")),
        tuple(_log(report.collection.census_date, reading, people["inspected_on"].to_pylist())),
        reading,
        required_tables.not_given(report.store, required_tables.PLACEMENTS),
    )
    space.forget("raw_inspection", "raw_inspection_area")
    return figures


def _log(census_day: date, reading: InspectionReading, days: list[date | None]) -> Iterator[str]:
    for file in reading.files:
        name = flat(file.name)
        if file.missing:
            yield f"{name} has no column for: {'; '.join(file.missing)}."
        if file.as_at is None:
            yield f"{name}: its date is not known, because it is not in the file's name."
        elif is_over_a_year(file.as_at, census_day):
            yield f"{name}: it is of {long_date(file.as_at)}, over 12 months before census day."
    n_later = sum(day is not None and day > census_day for day in days)
    if n_later:
        verb = "person is" if n_later == 1 else "people are"
        yield f"{n_later:,} {verb} at a place whose inspection was after census day."


def is_over_a_year(before: date, day: date) -> bool:
    """Whether a date is more than 12 months before another."""
    return (before.year + 1, before.month, before.day) < (day.year, day.month, day.day)
