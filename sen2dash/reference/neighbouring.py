"""Published figures of an authority's ten statistical neighbours, and the one in the middle.

All neighbours of a comparison have the same year: the latest for which most of them have a number. A median of the few
that have a newer one would say little about the ten.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from statistics import median
from typing import NamedTuple

from sen2dash import reference, spec
from sen2dash.model import Indicator
from sen2dash.reference import breakdowns, published, releases
from sen2dash.reference.published import Area, PublishedFigure
from sen2dash.reference.releases import Published


def areas(lea: str | None) -> tuple[Area, ...]:
    """Return the neighbours, nearest first; empty for an unknown authority."""
    codes = reference.neighbours().get(lea or "", ())
    return tuple(Area("authority", code, spec.authorities()[code].name) for code in codes)


def figures(
    indicator: Indicator, lea: str | None, year: int, known: Published | None = None
) -> tuple[PublishedFigure, ...]:
    """Return the neighbours' figures of an indicator, nearest first, in a year that is never after this one."""
    return series_figures(indicator.published_as or "", lea, year, known, has_share=not indicator.is_count)


def series_figures(
    series: str, lea: str | None, year: int, known: Published | None = None, has_share: bool = False
) -> tuple[PublishedFigure, ...]:
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


def rates(
    indicator: Indicator, lea: str | None, year: int, known: Published | None = None
) -> tuple[PublishedFigure, ...]:
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


def median_of(found: Sequence[PublishedFigure], is_share: bool) -> float | None:
    """Return the median percentage or number (a count, a rate, weeks) of the figures that have one, or None."""
    numbers = [each.percent if is_share else each.number for each in found]
    known = [number for number in numbers if number is not None]
    return median(known) if known else None


class MedianShares(NamedTuple):
    """The median share of each published category among the neighbours, between 0 and 1.

    areas: the neighbours with shares in this year, nearest first. period, source: as `breakdowns.breakdown_origin`.
    """

    by_key: Mapping[str, float]
    areas: tuple[Area, ...]
    period: str
    source: str


def shares(
    indicator_id: str, characteristic: str, lea: str | None, year: int, known: Published | None = None
) -> MedianShares | None:
    """Return the neighbours' median shares in the latest year up to this one that most of them have, or None.

    A category is left out unless most of the neighbours have a share of it. Medians of categories need not add up to 1.
    """
    known, places = known or releases.carried(), areas(lea)
    years = {y for area in places for y in known.breakdown_years.get((indicator_id, characteristic, area.code), ())}
    for last in sorted((each for each in years if each <= year), reverse=True):
        by_key: dict[str, list[float]] = {}
        having = []
        for area in places:
            rows = breakdowns.shares(indicator_id, characteristic, area.code, last, known)
            found = [(row.key, row.share) for row in rows if row.share is not None]
            having += [area] if found else []
            for key, share in found:
                by_key.setdefault(key, []).append(share)
        if 2 * len(having) > len(places):
            middle = {key: median(each) for key, each in by_key.items() if 2 * len(each) > len(places)}
            origin = breakdowns.breakdown_origin(indicator_id, characteristic, having[0].code, last, known)
            return MedianShares(middle, tuple(having), *origin)
    return None
