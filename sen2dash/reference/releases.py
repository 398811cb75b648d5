"""The published figures as their releases give them, brought together by series, collection year and area.

This module reads the reference files and knows no return and no indicator. A release is one year's publication, and
restates earlier periods. When the definition of a figure changes, a new series starts with that release, so that the
two are never compared. `Break` says which series follows which, and why.

A collection year brings related figures together: the return of 2025 has census day in January 2025 and covers the
calendar year 2024, so its figures are those of January 2025 and of 2024.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cache, cached_property
from types import MappingProxyType
from typing import NamedTuple

from sen2dash import reference
from sen2dash.reference.pupils import PupilFigureKey, Values, merged


class PublishedRow(NamedTuple):
    """One published figure as stored: texts, where x means not available and z not applicable."""

    period: str
    number: str
    percent: str
    note: str
    release: str


class PublishedBreakdown(NamedTuple):
    """Published counts of one indicator, characteristic, period and area by category; texts as in `PublishedRow`."""

    period: str
    release: str
    numbers: Mapping[str, str]


class Caveat(NamedTuple):
    """What to know about a figure. Blank means any series, period or area; a series ending in / means all under it.

    A period means everything in its collection: January 2026 and the calendar year 2025 are the same.
    """

    series: str
    period: str
    area: str
    note: str


class Break(NamedTuple):
    """A series that ended because its definition changed.

    last_period: the last period published. successor: the series with the new definition; blank if there is none.
    """

    series: str
    last_period: str
    successor: str
    note: str


@dataclass(frozen=True, eq=False)
class Published:
    """All published figures to compare a return with. It never changes, and can be shared and used as a key.

    figures: by series, collection year and area (England, a region code or an authority number). breakdowns: by
    indicator, characteristic, collection year and area. breaks: by series. pupils: what other publications say of
    pupils with a plan.
    """

    figures: Mapping[tuple[str, int, str], PublishedRow]
    breakdowns: Mapping[tuple[str, str, int, str], PublishedBreakdown]
    caveats: tuple[Caveat, ...]
    breaks: Mapping[str, Break]
    pupils: Mapping[PupilFigureKey, Values] = field(default_factory=lambda: MappingProxyType({}))

    @cached_property
    def years_of(self) -> Mapping[str, tuple[int, ...]]:
        """The collection years of each series with a published figure for any area, latest first."""
        found: dict[str, set[int]] = {}
        for series, year, _ in self.figures:
            found.setdefault(series, set()).add(year)
        return MappingProxyType({series: tuple(sorted(each, reverse=True)) for series, each in found.items()})

    @cached_property
    def breakdown_years(self) -> Mapping[tuple[str, str, str], tuple[int, ...]]:
        """The collection years of each breakdown by indicator, characteristic and area, latest first."""
        found: dict[tuple[str, str, str], set[int]] = {}
        for indicator_id, characteristic, year, area in self.breakdowns:
            found.setdefault((indicator_id, characteristic, area), set()).add(year)
        return MappingProxyType({place: tuple(sorted(each, reverse=True)) for place, each in found.items()})

    @cached_property
    def releases(self) -> tuple[str, ...]:
        """The releases that the figures and breakdowns come from, newest first."""
        found = {row.release for row in self.figures.values()} | {each.release for each in self.breakdowns.values()}
        return tuple(sorted(found, reverse=True))


Rows = Iterable[Mapping[str, str]]


def build(figure_rows: Rows, breakdown_rows: Rows, caveat_rows: Rows, break_rows: Rows) -> Published:
    """Build from rows in the form of the reference files figures.csv, breakdowns.csv, caveats.csv, series_breaks.csv.

    If several rows give one figure (series, period and area), the newest release is used, and within a release the last
    row. The categories of a breakdown come from one release, never mixed.
    """
    return _added(Published({}, {}, (), {}), figure_rows, breakdown_rows, caveat_rows, break_rows)


def with_release(known: Published, figure_rows: Rows, breakdown_rows: Rows) -> Published:
    """Return the known figures with the rows of an imported publication, which replace any as old or older."""
    return _added(known, figure_rows, breakdown_rows, (), ())


def with_pupils(known: Published, pupils: Mapping[PupilFigureKey, Values]) -> Published:
    """Return the known figures with those of pupils with a plan, which count before any of the same period and area."""
    return replace(known, pupils=MappingProxyType(merged(known.pupils, pupils))) if pupils else known


def _added(known: Published, figure_rows: Rows, breakdown_rows: Rows, caveat_rows: Rows, break_rows: Rows) -> Published:
    figures = dict(known.figures)
    for row in figure_rows:
        place = (row["series"], collection_year_of(row["period"]), row["area"])
        if place not in figures or figures[place].release <= row["release"]:
            figures[place] = PublishedRow(row["period"], row["number"], row["percent"], row["note"], row["release"])
    found: dict[tuple[str, str, int, str], dict[str, PublishedBreakdown]] = {}
    for row in breakdown_rows:
        key = (row["indicator"], row["characteristic"], collection_year_of(row["period"]), row["area"])
        by_release = found.setdefault(key, {})
        each = by_release.setdefault(row["release"], PublishedBreakdown(row["period"], row["release"], {}))
        by_release[row["release"]] = each._replace(numbers={**each.numbers, row["category"]: row["number"]})
    breakdowns = dict(known.breakdowns)
    for key, by_release in found.items():
        newest = by_release[max(by_release)]
        if key not in breakdowns or breakdowns[key].release <= newest.release:
            breakdowns[key] = newest
    caveats = tuple(Caveat(row["series"], row["period"], row["area"], row["note"]) for row in caveat_rows)
    breaks = {
        row["series"]: Break(row["series"], row["last_period"], row["successor"], row["note"]) for row in break_rows
    }
    return Published(
        MappingProxyType(figures),
        MappingProxyType(breakdowns),
        (*known.caveats, *caveats),
        MappingProxyType({**known.breaks, **breaks}),
        known.pupils,
    )


@cache
def carried() -> Published:
    """Return the figures that come with the program."""
    names = ("figures.csv", "breakdowns.csv", "caveats.csv", "series_breaks.csv")
    return build(*(reference.read(name) for name in names))


def period_label(period: str) -> str:
    """Write 2025-01 as 'January 2025', and 2024 as '2024'."""
    return f"January {period[:4]}" if period.endswith("-01") else period


def collection_year_of(period: str) -> int:
    """Return the collection of a period: the same year for a January, the next year for a calendar year."""
    return int(period[:4]) if period.endswith("-01") else int(period) + 1


def number_of(text: str) -> float | None:
    """Read a published number; None for a blank, x (not available) or z (not applicable)."""
    return None if text in ("", "x", "z") else float(text)
