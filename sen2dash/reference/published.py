"""Published figures to compare a return with: England, the region, the authority, its neighbours.

This module reads `reference` and knows no return. Published figures are shown as published (the DfE rounds shares to
one decimal place); figures worked out here from published counts say so. A figure published as not available has no
number and says so too: it is never zero.

A collection year brings related figures together: the return of 2025 has census day in January 2025 and covers the
calendar year 2024, so its figures are those of January 2025 and of 2024.

Every function reads a `Published`: the figures that come with the program, unless another is passed as `known`. A
release is one year's publication, and restates earlier periods. When the definition of a figure changes, a new series
starts with that release, so that the two are never compared. `Break` says which series follows which, and why.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cache, cached_property
from types import MappingProxyType
from typing import Literal, NamedTuple

from sen2dash import reference, spec
from sen2dash.model import Frozen, Indicator
from sen2dash.reference.pupils import Place, Values, merged

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
#: The series that the categories of an indicator add up to.
TOTALS: Mapping[str, str] = MappingProxyType(
    {
        "caseload": "ehc_plans/Total",
        "new_plans": "new_plans/Total",
        "requests_received": "requests/Total",
        "requests_agreed": "requests/decided_to_assess",
        "requests_refused": "requests/refused",
        "requests_undecided": "requests/outstanding",
        "requests_withdrawn": "requests/withdrawn",
    }
)
#: Published indicators whose number is shown as a rate of residents aged 0 to 17.
RATED = ("ehc_plans/Total", "requests/Total", "new_plans/Total")


class Area(NamedTuple):
    """One area of the published figures. code: England, a region code or an authority number."""

    level: Literal["England", "region", "authority"]
    code: str
    name: str


class Figure(Frozen):
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


class Share(Frozen):
    """One published category of a breakdown. share: of everyone, including not recorded; between 0 and 1."""

    key: str
    number: int | None
    share: float | None


class Row(NamedTuple):
    """One published figure as stored: texts, where x means not available and z not applicable."""

    period: str
    number: str
    percent: str
    note: str
    release: str


class Breakdown(NamedTuple):
    """Published counts of one indicator, characteristic, period and area by category; texts as in `Row`."""

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

    figures: Mapping[tuple[str, int, str], Row]
    breakdowns: Mapping[tuple[str, str, int, str], Breakdown]
    caveats: tuple[Caveat, ...]
    breaks: Mapping[str, Break]
    pupils: Mapping[Place, Values] = field(default_factory=lambda: MappingProxyType({}))

    @cached_property
    def latest_year(self) -> int:
        """The collection year of the latest figures."""
        return max(year for _, year, _ in self.figures)

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


def with_pupils(known: Published, pupils: Mapping[Place, Values]) -> Published:
    """Return the known figures with those of pupils with a plan, which count before any of the same period and area."""
    return replace(known, pupils=MappingProxyType(merged(known.pupils, pupils))) if pupils else known


def _added(known: Published, figure_rows: Rows, breakdown_rows: Rows, caveat_rows: Rows, break_rows: Rows) -> Published:
    figures = dict(known.figures)
    for row in figure_rows:
        place = (row["series"], collection_year_of(row["period"]), row["area"])
        if place not in figures or figures[place].release <= row["release"]:
            figures[place] = Row(row["period"], row["number"], row["percent"], row["note"], row["release"])
    found: dict[tuple[str, str, int, str], dict[str, Breakdown]] = {}
    for row in breakdown_rows:
        key = (row["indicator"], row["characteristic"], collection_year_of(row["period"]), row["area"])
        by_release = found.setdefault(key, {})
        each = by_release.setdefault(row["release"], Breakdown(row["period"], row["release"], {}))
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


def figures(indicator: Indicator, lea: str | None, year: int, known: Published | None = None) -> tuple[Figure, ...]:
    """Return the published figures of an indicator, latest first; in each year England, the region, the authority.

    Areas and years without a figure are left out. A figure published as not available is included and says so.
    """
    found = [figure(indicator, area, each, known) for each in years(indicator, year, known) for area in areas(lea)]
    return tuple(each for each in found if each is not None)


def newest(indicator: Indicator, lea: str | None, year: int, known: Published | None = None) -> tuple[Figure, ...]:
    """Return England, the region and the authority, each with its newest available figure, or else its newest.

    Each figure names its own period, because the areas may have figures for different periods.
    """
    by_area: dict[str, Figure] = {}
    for each in figures(indicator, lea, year, known):
        seen = by_area.get(each.area.code)
        if seen is None or (each.is_available and not seen.is_available):
            by_area[each.area.code] = each
    return tuple(by_area[area.code] for area in areas(lea) if area.code in by_area)


def figure(indicator: Indicator, area: Area, year: int, known: Published | None = None) -> Figure | None:
    """Return the published figure of an indicator for one area and collection year; None if nothing was published."""
    return series_figure(indicator.published_as or "", area, year, known, has_share=not indicator.is_count)


def series_figure(
    series: str, area: Area, year: int, known: Published | None = None, has_share: bool = False
) -> Figure | None:
    """Do the same as `figure` for any series. has_share: work out the share if only counts were published."""
    known = known or carried()
    row = known.figures.get((series, year, area.code))
    if row is None:
        return None
    number, percent = _number(row.number), _number(row.percent)
    computed = None
    if has_share and percent is None and row.percent != "x":
        computed = _share(known, series, year, area.code)
    of_area, general = caveats(series, area.code, year, known)
    notes = [row.note, *of_area]
    if number is None and percent is None:
        notes.insert(0, NOT_AVAILABLE)
    return Figure(
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
) -> Figure | None:
    """Return the newest figure of any series up to a collection year, preferring one that is available."""
    years_known = [each for each in (known or carried()).years_of.get(series, ()) if each <= year]
    found = [series_figure(series, area, each, known, has_share) for each in years_known]
    figures_found = [each for each in found if each is not None]
    return next((each for each in figures_found if each.is_available), next(iter(figures_found), None))


def own_years(
    series: str, lea: str | None, year: int, known: Published | None = None, has_share: bool = False
) -> tuple[Figure, ...]:
    """Return every available figure of the authority itself up to a collection year, oldest first."""
    own = [area for area in areas(lea) if area.level == "authority"]
    published_years = sorted(each for each in (known or carried()).years_of.get(series, ()) if each <= year)
    found = [series_figure(series, area, each, known, has_share) for area in own for each in published_years]
    return tuple(each for each in found if each is not None and each.is_available)


def source_of(release: str) -> str:
    """Say who published a release: the line shown with every figure in it."""
    return f"{SOURCE} {release} ({LICENCE})"


def _number(text: str) -> float | None:
    """Read a published number; None for a blank, x (not available) or z (not applicable)."""
    return None if text in ("", "x", "z") else float(text)


def _share(known: Published, series: str, year: int, area: str) -> float | None:
    """Work out a percentage from published counts; None if one of them is missing or the base is zero."""
    base = [known.figures.get((name, year, area)) for name in BASES.get(series, ())]
    numbers = [_number(each.number) if each is not None else None for each in base]
    number, whole = _number(known.figures[series, year, area].number), sum(each for each in numbers if each is not None)
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


def rates(indicator: Indicator, lea: str | None, year: int, known: Published | None = None) -> tuple[Figure, ...]:
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


def breakdown_year(
    indicator_id: str, characteristic: str, area: str, year: int, known: Published | None = None
) -> int | None:
    """Return the latest collection year up to this one with published categories for an area, or None."""
    found = (known or carried()).breakdown_years.get((indicator_id, characteristic, area), ())
    return next((each for each in found if each <= year), None)


def shares(
    indicator_id: str, characteristic: str, area: str, year: int, known: Published | None = None
) -> tuple[Share, ...]:
    """Return published plans (caseload, new_plans) or requests by category, in the order of the reference data.

    Empty if there are none. The keys are those of the published categories; `published_key` maps our categories to
    them. An ethnicity that is not recorded is published within unclassified; until 2025, Down syndrome was published
    within other difficulty.
    """
    known = known or carried()
    found = known.breakdowns.get((indicator_id, characteristic, year, area))
    if found is None:
        return ()
    categories = reference.characteristics()[characteristic].categories
    within = {c.published: c.within for c in categories if c.within}
    numbers = {
        key: _number(text)
        for key, text in found.numbers.items()
        # Leave out a category that is not available because it is counted within another.
        if not (key in within and _number(text) is None and _number(found.numbers.get(within[key], "")) is not None)
    }
    whole = sum(number for number in numbers.values() if number is not None)
    if None in numbers.values():
        # A sum that lacks an unknown part would make every share wrong: use the published total, or show no shares.
        total = known.figures.get((TOTALS[indicator_id], year, area))
        whole = (_number(total.number) if total is not None else None) or 0
    order = {c.published: place for place, c in enumerate(categories)}
    return tuple(
        Share(
            key=key,
            number=int(number) if number is not None else None,
            share=number / whole if number is not None and whole else None,
        )
        for key, number in sorted(numbers.items(), key=lambda pair: order.get(pair[0], len(order)))
    )


def breakdown_origin(
    indicator_id: str, characteristic: str, area: str, year: int, known: Published | None = None
) -> tuple[str, str]:
    """Return the period of `shares` ('January 2026') and who published them. Raises KeyError if there are none."""
    found = (known or carried()).breakdowns[indicator_id, characteristic, year, area]
    return period_label(found.period), source_of(found.release)


def published_key(characteristic: str, key: str, known: Iterable[str] = ()) -> str | None:
    """Return the published category in which one of our categories is counted; None if none is published.

    known: the published categories available (the keys of `shares`). A category that only some releases publish
    separately is counted there if it is in `known`, and otherwise within another category.
    """
    found = reference.characteristics()[characteristic].category(key)
    if found.within and found.published not in set(known):
        return found.within
    return found.published or None
