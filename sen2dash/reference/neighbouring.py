"""Published figures of an authority's ten statistical neighbours, and the one in the middle.

All neighbours of a comparison have the same year: the latest for which most of them have a number. A median of the few
that have a newer one would say little about the ten.
"""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median

from sen2dash import reference, spec
from sen2dash.model import Indicator
from sen2dash.reference import published
from sen2dash.reference.published import Area, Figure, Published


def areas(lea: str | None) -> tuple[Area, ...]:
    """Return the neighbours, nearest first; empty for an unknown authority."""
    codes = reference.neighbours().get(lea or "", ())
    return tuple(Area("authority", code, spec.authorities()[code].name) for code in codes)


def figures(indicator: Indicator, lea: str | None, year: int, known: Published | None = None) -> tuple[Figure, ...]:
    """Return the neighbours' figures of an indicator, nearest first, in a year that is never after this one."""
    return series_figures(indicator.published_as or "", lea, year, known, has_share=not indicator.is_count)


def series_figures(
    series: str, lea: str | None, year: int, known: Published | None = None, has_share: bool = False
) -> tuple[Figure, ...]:
    """Do the same as `figures` for any series."""
    places = areas(lea)
    for last in published.series_years(series, year, known):
        found = [published.series_figure(series, area, last, known, has_share) for area in places]
        carried_for = tuple(each for each in found if each is not None)
        # A figure published as not available counts for nothing here, but is returned, so that a list can say so.
        numbers = [each.percent if has_share else each.number for each in carried_for]
        if 2 * sum(number is not None for number in numbers) > len(places):
            return carried_for
    return ()


def rates(indicator: Indicator, lea: str | None, year: int, known: Published | None = None) -> tuple[Figure, ...]:
    """Do the same as `figures` for the counts per 10,000 residents aged 0 to 17, as `published.rates`."""
    places = areas(lea)
    for last in published.years(indicator, year, known) if indicator.published_as in published.RATED else ():
        found = []
        for each in (published.figure(indicator, area, last, known) for area in places):
            rate = published.rate_per_10_000(each.number, each.area.code, last) if each is not None else None
            if each is not None and rate is not None:
                found.append(each.model_copy(update={"number": rate, "percent": None, "is_computed": True}))
        if 2 * len(found) > len(places):
            return tuple(found)
    return ()


def median_of(found: Sequence[Figure], is_share: bool) -> float | None:
    """Return the median percentage or number (a count, a rate, weeks) of the figures that have one, or None."""
    numbers = [each.percent if is_share else each.number for each in found]
    known = [number for number in numbers if number is not None]
    return median(known) if known else None
