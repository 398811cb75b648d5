"""Read the table of appeals to the SEND Tribunal, formatted for people: titles, two lines of headings, regions.

An authority is identified by its name, and by its number only if the name is not known. If the number belongs to
another authority, only the appeals registered are used: the decisions were joined by number, so the decisions and the
rate may be those of the other authority.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping, Sequence
from functools import cache
from typing import NamedTuple

from sen2dash import spec
from sen2dash.reading.publication_cells import (
    MAX_COLUMNS,
    NEGATIVE,
    FileRead,
    Issues,
    NotUsed,
    ParsedFile,
    TooLong,
    n_authorities,
    rows_of,
    unreadable,
    value_of,
)
from sen2dash.reading.publication_forms import squeezed
from sen2dash.reference.published import ENGLAND
from sen2dash.reference.releases import collection_year_of

KIND, LABEL = "appeals", "appeals to the SEND Tribunal"
#: The headings are within this many characters of the start.
TOP = 8_000
#: Headings without footnote digits, mapped to the last part of the series and whether it is a number or a percentage.
HEADINGS = {
    "appeals registered": ("registered", "number"),
    "total appealable decisions": ("appealable_decisions", "number"),
    "send tribunal appeal rate": ("rate", "percent"),
}
IN_DEVELOPMENT = "in development: "
#: A table that starts in this year or later counts the annual reviews completed in the year.
NEW_METHOD_FROM = 2024
SWAPPED = "Published with the number of another authority; read by name."
JOINED_BY_NAME = "tribunal_appeals/registered"


class AppealsColumn(NamedTuple):
    """One column of figures."""

    at: int
    period: str
    series: str
    use: str


def is_appeals(text: str) -> bool:
    """Whether a file has the headings of this table."""
    top = squeezed(text[:TOP])
    return "appeals registered" in top and "appealable decisions" in top


def read_appeals(name: str, text: str) -> ParsedFile | NotUsed:
    """Read the figures of the table. text: from `publication_cells.decoded`."""
    try:
        rows = [(line, [cell.strip() for cell in cells]) for line, cells in rows_of(text)]
    except (TooLong, csv.Error) as error:
        return unreadable(name, error)
    at = next((n for n, (_, cells) in enumerate(rows) if _headings_in(cells)), None)
    columns = _columns(rows[at - 1][1], rows[at][1]) if at else []
    if at is None or not columns or len(rows[at][1]) > MAX_COLUMNS:
        return NotUsed(name=name, why=f"It looks like the table of {LABEL}, but its headings are not understood.")
    number_column = _number_column(rows[at - 1][1], rows[at][1])
    figures: dict[tuple[str, str, str], dict[str, str]] = {}
    issues = Issues()
    n_rows = n_used = n_not_shown = 0
    for line, cells in rows[at + 1 :]:
        if not any(column.at < len(cells) and cells[column.at] for column in columns):
            continue
        n_rows += 1
        area, note = _area(cells, number_column)
        if area is None:
            n_not_shown += 1
            continue
        if note:
            issues.add(
                "The number next to an authority is another's: its appeals are read by name, its rate is not used",
                line,
                cells[0],
            )
        n_used += 1
        for column in columns:
            if note and column.series != JOINED_BY_NAME:
                continue
            value = _value(cells[column.at] if column.at < len(cells) else "")
            if value is None:
                issues.add("A value is not understood and not used", line, cells[column.at])
            elif value:
                key = (column.series, column.period, area)
                figure = figures.setdefault(key, {"number": "", "percent": "", "note": note})
                figure[column.use] = value
    if not figures:
        return NotUsed(name=name, why=f"It looks like the table of {LABEL}, but no row of it can be used.")
    release = max(collection_year_of(period) for _, period, _ in figures)
    file = FileRead(
        name=name,
        kind=KIND,
        label=LABEL,
        release=release,
        periods=tuple(sorted({period for _, period, _ in figures})),
        n_rows=n_rows,
        n_used=n_used,
        n_not_shown=n_not_shown,
        n_authorities=n_authorities(
            max(period for _, period, _ in figures), [(period, area) for _, period, area in figures]
        ),
        notes=issues.sentences(),
    )
    found = [
        {"series": series, "period": period, "area": area, **figure, "release": str(release)}
        for (series, period, area), figure in figures.items()
    ]
    return ParsedFile(file, found, [])


def _without_footnotes(text: str) -> str:
    """Remove footnote digits from the end of a heading or name."""
    return re.sub(r"[\d,\s]+$", "", text)


def _headings_in(cells: Sequence[str]) -> bool:
    """Whether this line is the lower of the two headings."""
    found = {_without_footnotes(squeezed(cell)) for cell in cells}
    return found >= {"appeals registered", "total appealable decisions"}


def _columns(years: Sequence[str], headings: Sequence[str]) -> list[AppealsColumn]:
    """Return the columns of figures, each with its year, which is above it or above an earlier column."""
    known = [int(cell) for cell in years if re.fullmatch(r"20[0-9]{2}", cell)]
    is_new = bool(known) and min(known) >= NEW_METHOD_FROM
    columns: list[AppealsColumn] = []
    year = ""
    for index, heading in enumerate(headings):
        if index < len(years) and re.fullmatch(r"20[0-9]{2}", years[index]):
            year = years[index]
        text = _without_footnotes(squeezed(heading))
        in_development = text.startswith(IN_DEVELOPMENT)
        found = HEADINGS.get(text.removeprefix(IN_DEVELOPMENT))
        if found is None or not year:
            continue
        name, use = found
        group = "tribunal_appeals" if is_new or in_development or name == "registered" else "tribunal_appeals_all_plans"
        columns.append(AppealsColumn(index, year, f"{group}/{name}", use))
    return columns


def _number_column(years: Sequence[str], headings: Sequence[str]) -> int | None:
    """Return the column of authority numbers, headed 'LA code' or 'Old LA code'."""
    for cells in (headings, years):
        for index, cell in enumerate(cells):
            if squeezed(cell).endswith("la code"):
                return index
    return None


@cache
def _by_name() -> Mapping[str, str]:
    return {_plain(authority.name): code for code, authority in spec.authorities().items()}


def _plain(name: str) -> str:
    """Return an authority name in the form used for comparing."""
    return re.sub(r"[^a-z]+", " ", squeezed(name).replace("&", "and")).strip()


def _area(cells: Sequence[str], number_column: int | None) -> tuple[str | None, str]:
    """Return England, an authority number or None, with a note if the number in the file is another authority's."""
    number = cells[number_column] if number_column is not None and number_column < len(cells) else ""
    name = _plain(_without_footnotes(next((cell for cell in cells[:2] if re.search(r"[A-Za-z]", cell)), "")))
    if name in ("england", "england total"):
        return ENGLAND, ""
    by_name = _by_name().get(name)
    if by_name is None:
        return (number if number in spec.authorities() else None), ""
    return by_name, SWAPPED if number in spec.authorities() and number != by_name else ""


def _value(text: str) -> str | None:
    """Like `publication_cells.value_of`, but a dash means zero: the table uses it if no appeal was registered."""
    value = "0" if text.strip() in ("-", "–") else value_of(text)
    return None if value == NEGATIVE else value
