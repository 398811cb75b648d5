"""Published counts by category: of plans, new plans and requests, by age group, need and other characteristics.

This module reads `reference` and knows no return. Every function reads a `Published`: the figures that come with the
program, unless another is passed as `known`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from sen2dash import reference
from sen2dash.model import Frozen
from sen2dash.reference.published import source_of
from sen2dash.reference.releases import Published, carried, number_of, period_label

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


class Share(Frozen):
    """One published category of a breakdown. share: of everyone, including not recorded; between 0 and 1."""

    key: str
    number: int | None
    share: float | None


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
        key: number_of(text)
        for key, text in found.numbers.items()
        # Leave out a category that is not available because it is counted within another.
        if not (key in within and number_of(text) is None and number_of(found.numbers.get(within[key], "")) is not None)
    }
    whole = sum(number for number in numbers.values() if number is not None)
    if None in numbers.values():
        # A sum that lacks an unknown part would make every share wrong: use the published total, or show no shares.
        total = known.figures.get((TOTALS[indicator_id], year, area))
        whole = (number_of(total.number) if total is not None else None) or 0
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
