"""Inspection outcomes of the places where people with a plan are on census day.

A report card has no overall grade: its category is the lowest grade of an area, never joined with the older grades.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sen2dash.linked.queries import query
from sen2dash.linked.space import Linking
from sen2dash.reading.linked.inspections import InspectionFile, InspectionReading
from sen2dash.text import long_date

Row = dict[str, Any]
#: The keys of the steps, the best first.
STEP_KEYS = ("rc_exceptional", "rc_strong", "rc_expected", "rc_attention", "rc_urgent")
#: Days after which a file is old for a census day.
OLD = timedelta(days=366)


@dataclass(frozen=True)
class InspectionFigures:
    """people: one row a person of the base. counts: by category. areas: by area and step."""

    files: tuple[InspectionFile, ...]
    people: list[Row]
    counts: list[Row]
    areas: list[Row]
    log: tuple[str, ...]


def link_inspections(linking: Linking, reading: InspectionReading) -> InspectionFigures:
    """Find the inspection outcome of every current placement. Rows of other places are dropped."""
    space = linking.space
    space.keep("raw_inspection", reading.result)
    space.keep("raw_inspection_area", reading.area)
    linking.make("person_inspection")
    figures = InspectionFigures(
        reading.files,
        space.rows("select * from person_inspection order by person_id"),
        space.rows(query("inspection_count")),
        space.rows(query("inspection_area")),
        tuple(_log(linking, reading)),
    )
    space.forget("raw_inspection", "raw_inspection_area")
    return figures


def _log(linking: Linking, reading: InspectionReading) -> Iterator[str]:
    census_day = linking.report.collection.census_date
    for file in reading.files:
        if file.missing:
            yield f"{file.name} has no column for: {'; '.join(file.missing)}."
        if file.as_at is None:
            yield f"{file.name}: its date is not known, because it is not in the file's name."
        elif census_day - file.as_at > OLD:
            yield f"{file.name}: it is of {long_date(file.as_at)}, over 12 months before census day."
