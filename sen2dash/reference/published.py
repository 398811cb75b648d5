"""Published figures to compare a return with: England, the region, the authority, its neighbours.

This module reads `releases` and knows no return. Published figures are shown as published (the DfE rounds shares to
one decimal place); figures worked out here from published counts say so. A figure published as not available has no
number and says so too: it is never zero.

Every function reads a `Published`: the figures that come with the program, unless another is passed as `known`.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal, NamedTuple

from sen2dash import reference, spec
from sen2dash.model import Frozen, Indicator
from sen2dash.reference.releases import Break, Published, carried, collection_year_of, number_of, period_label

ENGLAND = "England"
SOURCE = "Department for Education, Education, health and care plans, reporting year"
LICENCE = "Open Government Licence v3.0"
RESIDENTS_SOURCE = f"Office for National Statistics, mid-year population estimates ({LICENCE})"
NOT_AVAILABLE = "Published as not available."
YEARS_SHOWN = 3
#: The series that a share is a share of. If there are two, it is a share of both together, and counts the first.
BASES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "requests/decided_to_assess": ("requests/Total",),
        "requests/refused": ("requests/Total",),
        "requests/outstanding": ("requests/Total",),
        "requests/withdrawn": ("requests/Total",),
        "request_decisions/within_6_weeks": ("request_decisions/within_6_weeks", "request_decisions/over_6_weeks"),
        "assessments/plan_not_issued": ("assessments/Total",),
        "not_issued_decisions/within_16_weeks": (
            "not_issued_decisions/within_16_weeks",
            "not_issued_decisions/over_16_weeks",
        ),
        "plans_within_20_weeks/excluding_exceptions": ("plans_issued/excluding_exceptions",),
        "plans_within_20_weeks/including_exceptions": ("plans_issued/including_exceptions",),
        "plans_over_52_weeks/including_exceptions": ("plans_issued/including_exceptions",),
        "mediation/request": ("requests/Total",),
        "tribunal/request": ("requests/Total",),
        "mediation/assessment_decision": ("assessments/Total",),
        "tribunal/assessment_decision": ("assessments/Total",),
        "mediation/other": ("assessments/Total",),
        "tribunal/other": ("assessments/Total",),
        "annual_reviews/expected": ("ehc_plans/Total",),
        "annual_reviews/meeting_recorded": ("annual_reviews/expected",),
        "annual_review_decisions/within_4_weeks": (
            "annual_review_decisions/within_4_weeks",
            "annual_review_decisions/over_4_weeks",
        ),
        "completed_reviews/in_year": ("annual_reviews/expected",),
        "completed_review_decisions/within_4_weeks": (
            "completed_review_decisions/within_4_weeks",
            "completed_review_decisions/over_4_weeks",
        ),
        "personal_budgets/Total": ("ehc_plans/Total",),
        "residential_placements/Total": ("ehc_plans/Total",),
        "phase_transfers/due_in_year": ("ehc_plans/Total",),
        "phase_transfers/due_next_year": ("ehc_plans/Total",),
        "phase_transfers/final_in_year": ("ehc_plans/Total",),
        "phase_transfers/final_next_year": ("ehc_plans/Total",),
        "work_based_placements/Total": ("ehc_plans/Total",),
    }
)
#: Published indicators whose number is shown as a rate of residents aged 0 to 17.
RATED = ("ehc_plans/Total", "requests/Total", "new_plans/Total")


class Area(NamedTuple):
    """One area of the published figures. code: England, a region code or an authority number."""

    level: Literal["England", "region", "authority"]
    code: str
    name: str


class PublishedFigure(Frozen):
    """One published figure of an indicator.

    number: the count; percent: the share of the base, 0 to 100; None if there is none. is_computed: the share or rate
    is worked out here from published counts. notes: what to know about the figure for this area. caveats: what applies
    to every area. source: who published it, and in which release.
    """

    area: Area
    collection_year: int
    period: str
    number: float | None
    percent: float | None
    is_computed: bool = False
    notes: tuple[str, ...] = ()
    caveats: tuple[str, ...] = ()
    source: str

    @property
    def is_available(self) -> bool:
        """Whether there is a number or a share."""
        return self.number is not None or self.percent is not None


def areas(lea: str | None) -> tuple[Area, ...]:
    """Return England, then the region and the authority if the number belongs to an authority."""
    england = Area("England", ENGLAND, "England")
    authority = spec.authorities().get(lea or "")
    if authority is None:
        return (england,)
    return (
        england,
        Area("region", authority.region_code, authority.region_name),
        Area("authority", authority.code, authority.name),
    )


def years(indicator: Indicator, year: int, known: Published | None = None) -> tuple[int, ...]:
    """Return the collection years to show with a return of this year: the latest published up to it and two before.

    They are never later than the return. For a series that has ended, its last years; empty if nothing was published.
    """
    return series_years(indicator.published_as or "", year, known)


def series_years(series: str, year: int, known: Published | None = None) -> tuple[int, ...]:
    """Do the same as `years` for any series."""
    last = next((each for each in (known or carried()).years_of.get(series, ()) if each <= year), None)
    return () if last is None else tuple(range(last, last - YEARS_SHOWN, -1))


def figures(
    indicator: Indicator, lea: str | None, year: int, known: Published | None = None
) -> tuple[PublishedFigure, ...]:
    """Return the published figures of an indicator, latest first; in each year England, the region, the authority.

    Areas and years without a figure are left out. A figure published as not available is included and says so.
    """
    found = [figure(indicator, area, each, known) for each in years(indicator, year, known) for area in areas(lea)]
    return tuple(each for each in found if each is not None)


def newest(
    indicator: Indicator, lea: str | None, year: int, known: Published | None = None
) -> tuple[PublishedFigure, ...]:
    """Return England, the region and the authority, each with its newest available figure, or else its newest.

    Each figure names its own period, because the areas may have figures for different periods.
    """
    by_area: dict[str, PublishedFigure] = {}
    for each in figures(indicator, lea, year, known):
        seen = by_area.get(each.area.code)
        if seen is None or (each.is_available and not seen.is_available):
            by_area[each.area.code] = each
    return tuple(by_area[area.code] for area in areas(lea) if area.code in by_area)


def figure(indicator: Indicator, area: Area, year: int, known: Published | None = None) -> PublishedFigure | None:
    """Return the published figure of an indicator for one area and collection year; None if nothing was published."""
    return series_figure(indicator.published_as or "", area, year, known, has_share=not indicator.is_count)


def series_figure(
    series: str, area: Area, year: int, known: Published | None = None, has_share: bool = False
) -> PublishedFigure | None:
    """Do the same as `figure` for any series. has_share: work out the share if only counts were published."""
    known = known or carried()
    row = known.figures.get((series, year, area.code))
    if row is None:
        return None
    number, percent = number_of(row.number), number_of(row.percent)
    computed = None
    if has_share and percent is None and row.percent != "x":
        computed = _share(known, series, year, area.code)
    of_area, general = caveats(series, area.code, year, known)
    notes = [row.note, *of_area]
    if number is None and percent is None:
        notes.insert(0, NOT_AVAILABLE)
    return PublishedFigure(
        area=area,
        collection_year=year,
        period=period_label(row.period),
        number=number,
        percent=computed if percent is None else percent,
        is_computed=computed is not None,
        notes=tuple(note for note in notes if note),
        caveats=general,
        source=source_of(row.release),
    )


def newest_of(
    series: str, area: Area, year: int, known: Published | None = None, has_share: bool = False
) -> PublishedFigure | None:
    """Return the newest figure of any series up to a collection year, preferring one that is available."""
    years_known = [each for each in (known or carried()).years_of.get(series, ()) if each <= year]
    found = [series_figure(series, area, each, known, has_share) for each in years_known]
    figures_found = [each for each in found if each is not None]
    return next((each for each in figures_found if each.is_available), next(iter(figures_found), None))


def own_years(
    series: str, lea: str | None, year: int, known: Published | None = None, has_share: bool = False
) -> tuple[PublishedFigure, ...]:
    """Return every available figure of the authority itself up to a collection year, oldest first."""
    own = [area for area in areas(lea) if area.level == "authority"]
    published_years = sorted(each for each in (known or carried()).years_of.get(series, ()) if each <= year)
    found = [series_figure(series, area, each, known, has_share) for area in own for each in published_years]
    return tuple(each for each in found if each is not None and each.is_available)


def source_of(release: str) -> str:
    """Say who published a release: the line shown with every figure in it."""
    return f"{SOURCE} {release} ({LICENCE})"


def _share(known: Published, series: str, year: int, area: str) -> float | None:
    """Work out a percentage from published counts; None if one of them is missing or the base is zero."""
    base = [known.figures.get((name, year, area)) for name in BASES.get(series, ())]
    numbers = [number_of(each.number) if each is not None else None for each in base]
    number = number_of(known.figures[series, year, area].number)
    whole = sum(each for each in numbers if each is not None)
    if number is None or None in numbers or not whole:
        return None
    return 100 * number / whole


def caveats(
    series: str, area: str, year: int, known: Published | None = None
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return what to know about the figures of a series and collection year, whether there is a figure or not.

    The first list applies to this area only, the second to every area.
    """
    found = [
        each
        for each in (known or carried()).caveats
        if _is_about(each.series, series)
        and (not each.period or collection_year_of(each.period) == year)
        and each.area in ("", area)
    ]
    return tuple(each.note for each in found if each.area), tuple(each.note for each in found if not each.area)


def _is_about(wanted: str, series: str) -> bool:
    """Whether a caveat applies to a series: it is for any series, for those that begin the same, or for this one."""
    return wanted in ("", series) or (wanted.endswith("/") and series.startswith(wanted))


def break_after(indicator: Indicator, year: int, known: Published | None = None) -> Break | None:
    """Return why newer figures of an indicator are not shown: its series ended before this year. Otherwise None."""
    found = (known or carried()).breaks.get(indicator.published_as or "")
    return found if found is not None and collection_year_of(found.last_period) < year else None


def rates(
    indicator: Indicator, lea: str | None, year: int, known: Published | None = None
) -> tuple[PublishedFigure, ...]:
    """Return plans, new plans or requests per 10,000 residents aged 0 to 17, like `figures`: `number` is the rate.

    The count covers all ages up to 25 and the residents are those in the middle of the year before census day, so this
    is a rate for comparing areas, not a share. Empty for other indicators.
    """
    if indicator.published_as not in RATED:
        return ()
    found = []
    for each in figures(indicator, lea, year, known):
        rate = rate_per_10_000(each.number, each.area.code, each.collection_year)
        if rate is not None:
            source = f"{each.source}; {RESIDENTS_SOURCE}"
            found.append(
                each.model_copy(update={"number": rate, "percent": None, "is_computed": True, "source": source})
            )
    return tuple(found)


def rate_per_10_000(count: float | None, area: str, year: int) -> float | None:
    """Return a count per 10,000 residents aged 0 to 17 in an area, in the middle of the year before a collection.

    area: England, a region code or an authority number. None if the residents or the count are not known.
    """
    residents = reference.residents_0_17().get((area, year - 1))
    return 10_000 * count / residents if residents and count is not None else None


def residents_year(area: str, year: int) -> int | None:
    """Return the latest collection year up to this one for which an area's residents are known, or None."""
    known = [mid_year + 1 for code, mid_year in reference.residents_0_17() if code == area]
    return max((each for each in known if each <= year), default=None)
