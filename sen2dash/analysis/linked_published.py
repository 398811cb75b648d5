"""Published figures of pupils with a plan beside those of absence, suspensions and exclusions. Draws nothing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from sen2dash.checks.report import Report
from sen2dash.reference.published import LICENCE, Area, areas
from sen2dash.reference.pupils import PUBLICATIONS, RATES, TERMS, Kind, PupilFigureKey, Values, period_text

NOT_AVAILABLE, NOT_APPLICABLE, NONE = "not available", "not applicable", "-"
FIRST, OWN = "Figure", "These people"


class Beside(NamedTuple):
    """A table of our figures and those published. columns: heading to texts. period: what the published ones are of.

    is_same: whether they are of the terms that our figures are of. source: who published them.
    """

    columns: Mapping[str, tuple[str, ...]]
    period: str
    is_same: bool
    source: str


def beside(report: Report, kind: Kind, year: int, terms: tuple[str, ...], own: Mapping[str, str]) -> Beside | None:
    """Return the table for an academic year, or None if there is no figure for the authority, its region or England.

    terms: those of the year that our figures are of. own: our figures as texts, by rate.
    """
    known = report.published.pupils
    places = {area: area.code for area in areas(report.collection.lea)}
    found = _nearest(known, kind, year, terms, set(places.values()))
    if found is None:
        return None
    rates = RATES[kind]
    columns = {
        FIRST: tuple(each.label for each in rates.values()),
        OWN: tuple(own.get(key, NONE) for key in rates),
    }
    for area in sorted(places, key=_order):
        values = known.get(PupilFigureKey(kind, *found, places[area]))
        if values is not None:
            columns[area.name] = tuple(_text(kind, key, values) for key in rates)
    is_same = found == (year, terms)
    return Beside(columns, period_text(*found), is_same, f"Department for Education, {PUBLICATIONS[kind]} ({LICENCE})")


def is_added(report: Report, kind: Kind) -> bool:
    """Whether a file with figures of this kind was added, even one without this authority."""
    return any(place.kind == kind for place in report.published.pupils)


def _order(area: Area) -> int:
    """The authority first, then its region and England."""
    return ("authority", "region", "England").index(area.level)


def _nearest(
    known: Mapping[PupilFigureKey, Values], kind: Kind, year: int, terms: tuple[str, ...], wanted: set[str]
) -> tuple[int, tuple[str, ...]] | None:
    """The period to show: of the same year and terms, else of the year, else the nearest, earlier ones first."""
    found = {(place.year, place.terms) for place in known if place.kind == kind and place.area in wanted}

    def nearness(period: tuple[int, tuple[str, ...]]) -> tuple[bool, bool, int, bool, bool, int]:
        began, covers = period
        return (
            began == year,
            began < year,
            began if began <= year else -began,
            covers == terms,
            covers == TERMS,
            len(covers),
        )

    return max(found, key=nearness, default=None)


def _text(kind: Kind, key: str, values: Values) -> str:
    """A published figure as it is shown."""
    value = values.get(key, "")
    if not value[:1].isdigit():
        return {"x": NOT_AVAILABLE, "z": NOT_APPLICABLE}.get(value, NONE)
    return f"{float(value):.1f}%" if RATES[kind][key].is_percent else f"{float(value):.2f}"
