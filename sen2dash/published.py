"""Published figures to compare a return with: England, the region, the authority, its neighbours.

Reads `reference` and knows no return. A figure that others published is given as published (shares rounded to one
place by the DfE); one that is worked out here from published counts says so. What is published as not available has
no number and says so too: it is never nought.

A collection year joins what belongs together: the return of 2025 has census day in January 2025 and the calendar year
2024, so its figures are those of January 2025 and of 2024.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from statistics import median
from types import MappingProxyType
from typing import Literal, NamedTuple

from sen2dash import reference, spec
from sen2dash.model import Frozen, Indicator, Part, share_of

ENGLAND = "England"
SOURCE = "Department for Education, Education, health and care plans, reporting year 2025"
RATE_SOURCE = f"{SOURCE}; Office for National Statistics, mid-year population estimates"
NOT_AVAILABLE = "Published as not available."
YEARS_SHOWN = 3
#: The series that a share is of. Two series: the share is of both together, the first of which is the one counted.
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
        "personal_budgets/Total": ("ehc_plans/Total",),
        "residential_placements/Total": ("ehc_plans/Total",),
        "work_based_placements/Total": ("ehc_plans/Total",),
    }
)
#: Published measures whose number is set against the residents aged 0 to 17.
RATED = ("ehc_plans/Total", "requests/Total", "new_plans/Total")


class Area(NamedTuple):
    """One area of the published figures. code: England, a region code or an authority number."""

    level: Literal["England", "region", "authority"]
    code: str
    name: str


class Figure(Frozen):
    """One published figure of a measure.

    number: the count; percent: the share of the base, 0 to 100; None where there is none. is_computed: the share, or
    the rate, is worked out here from published counts. notes: what to know before comparing.
    """

    area: Area
    collection_year: int
    period: str
    number: float | None
    percent: float | None
    is_computed: bool = False
    notes: tuple[str, ...] = ()
    source: str = SOURCE

    @property
    def is_available(self) -> bool:
        """Whether there is a number or a share."""
        return self.number is not None or self.percent is not None


class Share(Frozen):
    """One published category of a breakdown. share: of all, what is not recorded included; between 0 and 1."""

    key: str
    number: int | None
    share: float | None


class _Row(NamedTuple):
    period: str
    number: str
    percent: str
    note: str


def period_label(period: str) -> str:
    """'January 2025' of 2025-01; '2024' of 2024."""
    return f"January {period[:4]}" if period.endswith("-01") else period


def collection_year_of(period: str) -> int:
    """The collection that a period belongs to: of January its own year, of a calendar year the next."""
    return int(period[:4]) if period.endswith("-01") else int(period) + 1


@cache
def _rows() -> Mapping[tuple[str, int, str], _Row]:
    """Published figures by series, collection year and area."""
    return MappingProxyType(
        {
            (row["series"], collection_year_of(row["period"]), row["area"]): _Row(
                row["period"], row["number"], row["percent"], row["note"]
            )
            for row in reference.read("figures.csv")
        }
    )


@cache
def latest_year() -> int:
    """The collection year of the latest published figures."""
    return max(year for _, year, _ in _rows())


def areas(lea: str | None) -> tuple[Area, ...]:
    """England, then the region and the authority where the number is that of an authority."""
    england = Area("England", ENGLAND, "England")
    authority = spec.authorities().get(lea or "")
    if authority is None:
        return (england,)
    return (
        england,
        Area("region", authority.region_code, authority.region_name),
        Area("authority", authority.code, authority.name),
    )


def years(year: int) -> tuple[int, ...]:
    """The collection years to show for a return of this year: the latest published up to it, and the two before."""
    last = min(year, latest_year())
    return tuple(range(last, last - YEARS_SHOWN, -1))


def figures(indicator: Indicator, lea: str | None, year: int) -> tuple[Figure, ...]:
    """The published figures of a measure, latest first; in each year England, the region, the authority.

    Areas and years without a figure are left out; one that is published as not available stands there and says so.
    """
    found = [figure(indicator, area, each) for each in years(year) for area in areas(lea)]
    return tuple(each for each in found if each is not None)


def figure(indicator: Indicator, area: Area, year: int) -> Figure | None:
    """The published figure of a measure for one area and collection year; None where nothing was published."""
    series = indicator.published_as
    row = _rows().get((series, year, area.code)) if series is not None else None
    if series is None or row is None:
        return None
    number, percent = _number(row.number), _number(row.percent)
    computed = None
    if not indicator.is_count and percent is None and row.percent != "x":
        computed = _share(series, year, area.code)
    notes = [row.note, *_caveats(series, row.period, area.code)]
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
    )


def _number(text: str) -> float | None:
    """A published number; None of a blank, of x (not available) and of z (not applicable)."""
    return None if text in ("", "x", "z") else float(text)


def _share(series: str, year: int, area: str) -> float | None:
    """A share in percent of published counts; None where one of them is missing or the base is nought."""
    row = _rows()[series, year, area]
    base = [_rows().get((name, year, area)) for name in BASES.get(series, ())]
    numbers = [_number(each.number) if each is not None else None for each in base]
    number, whole = _number(row.number), sum(each for each in numbers if each is not None)
    if number is None or None in numbers or not whole:
        return None
    return 100 * number / whole


@cache
def _caveat_rows() -> tuple[dict[str, str], ...]:
    return tuple(reference.read("caveats.csv"))


def _caveats(series: str, period: str, area: str) -> list[str]:
    """What to know of a figure; a blank period or area in the list means any."""
    return [
        row["note"]
        for row in _caveat_rows()
        if row["series"] == series and row["period"] in ("", period) and row["area"] in ("", area)
    ]


def neighbour_figures(indicator: Indicator, lea: str | None, year: int) -> tuple[Figure, ...]:
    """The figures of the ten statistical neighbours in the latest published year up to this one, nearest first."""
    last = min(year, latest_year())
    found = []
    for code in reference.neighbours().get(lea or "", ()):
        each = figure(indicator, Area("authority", code, spec.authorities()[code].name), last)
        if each is not None:
            found.append(each)
    return tuple(found)


def middle(found: Sequence[Figure]) -> float | None:
    """The median share of these figures in percent, of those that have one; None of none."""
    shares = [each.percent for each in found if each.percent is not None]
    return median(shares) if shares else None


def rates(indicator: Indicator, lea: str | None, year: int) -> tuple[Figure, ...]:
    """Plans, new plans or requests per 10,000 residents aged 0 to 17, like `figures`: `number` is the rate.

    The count is of all ages up to 25, the residents are those of the middle of the year before census day: a rate to
    compare areas by, not a share. Empty for other measures.
    """
    if indicator.published_as not in RATED:
        return ()
    found = []
    for each in figures(indicator, lea, year):
        rate = rate_per_10_000(each.number, each.area.code, each.collection_year)
        if rate is not None:
            found.append(
                each.model_copy(update={"number": rate, "percent": None, "is_computed": True, "source": RATE_SOURCE})
            )
    return tuple(found)


def rate_per_10_000(count: float | None, area: str, year: int) -> float | None:
    """A count per 10,000 residents aged 0 to 17 of an area in the middle of the year before a collection.

    area: England, a region code or an authority number. None where the residents, or the count, are not known.
    """
    residents = reference.residents_0_17().get((area, year - 1))
    return 10_000 * count / residents if residents and count is not None else None


@cache
def _breakdowns() -> Mapping[tuple[str, str, int, str], Mapping[str, str]]:
    """Published counts by category of measure, characteristic, collection year and area."""
    found: dict[tuple[str, str, int, str], dict[str, str]] = {}
    for row in reference.read("breakdowns.csv"):
        key = (row["measure"], row["characteristic"], collection_year_of(row["period"]), row["area"])
        found.setdefault(key, {})[row["category"]] = row["number"]
    return MappingProxyType(found)


def shares(indicator_id: str, characteristic: str, area: str, year: int) -> tuple[Share, ...]:
    """Published plans (caseload, new_plans) by category, in the order of the reference data; empty where none.

    The keys are those of the published categories, which `published_key` gives for one of ours: Down syndrome is
    published within other difficulty, an ethnicity that is not recorded within unclassified.
    """
    found = _breakdowns().get((indicator_id, characteristic, year, area))
    if found is None:
        return ()
    numbers = {key: _number(text) for key, text in found.items()}
    # A share of a whole with an unknown part would be wrong for every other part.
    whole = sum(number for number in numbers.values() if number is not None) if None not in numbers.values() else 0
    order = {c.published: place for place, c in enumerate(reference.characteristics()[characteristic].categories)}
    return tuple(
        Share(
            key=key,
            number=int(number) if number is not None else None,
            share=number / whole if number is not None and whole else None,
        )
        for key, number in sorted(numbers.items(), key=lambda pair: order[pair[0]])
    )


def as_published(characteristic: str, parts: Sequence[Part]) -> tuple[Share, ...]:
    """Our parts of a breakdown by one characteristic under the published categories, to stand beside `shares`.

    Parts that are published under no category keep their own key: nobody is dropped.
    """
    numbers: dict[str, int] = {}
    for part in parts:
        key = published_key(characteristic, part.keys[0]) or part.keys[0]
        numbers[key] = numbers.get(key, 0) + part.denominator
    whole = sum(numbers.values())
    return tuple(Share(key=key, number=n, share=share_of(n, whole)) for key, n in numbers.items())


def published_key(characteristic: str, key: str) -> str | None:
    """The published category in which one of our categories is counted; None where none is published."""
    return reference.characteristics()[characteristic].category(key).published or None
