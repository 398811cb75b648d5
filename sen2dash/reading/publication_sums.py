"""Sum what was read of one published file to the rows that comparisons use.

A number that is not available anywhere is left out, so that an older release can supply it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sen2dash.reference.published import ENGLAND

#: How far the sum of a breakdown may be from the total: England differed by 0.6% in January 2024.
TOLERANCE = 0.02
LONDON, PARTS_OF_LONDON = "E12000007", ("E13000001", "E13000002")

#: By series, period and area, the published texts by use (number, percent).
Figures = Mapping[tuple[str, str, str], Mapping[str, str]]
#: By indicator, characteristic, period and area, the published texts by category.
Parts = Mapping[tuple[str, str, str, str], Mapping[str, Sequence[str]]]


def summed(values: Sequence[str]) -> str:
    """Add up published numbers; x if one of them is not available, blank if none is published."""
    numbers = [value for value in values if value]
    if any(not value[:1].isdigit() for value in numbers):
        return "x"
    return str(sum(int(float(value)) for value in numbers)) if numbers else ""


def figure_rows(figures: Figures, release: int) -> tuple[list[dict[str, str]], int]:
    """Return rows in the form of figures.csv, and how many columns and periods are left out as x for every area."""
    known = {
        (series, period, use)
        for (series, period, _), figure in figures.items()
        for use, value in figure.items()
        if value[:1].isdigit()
    }
    rows: list[dict[str, str]] = []
    absent: set[tuple[str, str, str]] = set()
    for (series, period, area), figure in figures.items():
        absent |= {
            (series, period, use) for use, value in figure.items() if value and (series, period, use) not in known
        }
        kept = {use: value if (series, period, use) in known else "" for use, value in figure.items()}
        if any(kept.values()):
            rows.append({"series": series, "period": period, "area": area, **kept, "note": "", "release": str(release)})
    return rows, len(absent)


def breakdown_rows(
    figures: Figures, parts: Parts, release: int
) -> tuple[list[dict[str, str]], int, set[tuple[str, str]]]:
    """Return rows in the form of breakdowns.csv, how many categories and periods are left out as x for every area,
    and which breakdowns are left out because their parts do not add up to the total."""
    numbers = {key: {category: summed(values) for category, values in found.items()} for key, found in parts.items()}
    for indicator, characteristic, period, area in list(numbers):
        inner = [numbers.get((indicator, characteristic, period, part)) for part in PARTS_OF_LONDON]
        if area in PARTS_OF_LONDON and (indicator, characteristic, period, LONDON) not in numbers and None not in inner:
            keys = dict.fromkeys(key for part in inner if part is not None for key in part)
            numbers[indicator, characteristic, period, LONDON] = {
                key: summed([part.get(key, "") for part in inner if part is not None]) for key in keys
            }
    known = {
        (indicator, characteristic, period, category)
        for (indicator, characteristic, period, _), found in numbers.items()
        for category, number in found.items()
        if number[:1].isdigit()
    }
    rows: list[dict[str, str]] = []
    absent: set[tuple[str, str, str, str]] = set()
    partial = _partial(figures, numbers)
    for (indicator, characteristic, period, area), found in numbers.items():
        if (characteristic, period) in partial:
            continue
        for category, number in found.items():
            if (indicator, characteristic, period, category) not in known:
                absent.add((indicator, characteristic, period, category))
                continue
            rows.append(
                {
                    "indicator": indicator,
                    "characteristic": characteristic,
                    "period": period,
                    "area": area,
                    "category": category,
                    "number": number,
                    "release": str(release),
                }
            )
    return rows, len(absent), partial


def _partial(figures: Figures, numbers: Mapping[tuple[str, str, str, str], Mapping[str, str]]) -> set[tuple[str, str]]:
    """Return breakdowns, by characteristic and period, that do not add up to England: their shares would be wrong."""
    totals = {"caseload": "ehc_plans/Total", "new_plans": "new_plans/Total"}
    found = set()
    for (indicator, characteristic, period, area), parts in numbers.items():
        figure = figures.get((totals.get(indicator, ""), period, area))
        if area != ENGLAND or figure is None or not figure["number"][:1].isdigit():
            continue
        whole, together = float(figure["number"]), sum(float(each) for each in parts.values() if each[:1].isdigit())
        if abs(whole - together) > TOLERANCE * whole:
            found.add((characteristic, period))
    return found
