"""The make-up of a cohort: how many people are in each category, what that is compared with, and who they are.

Counts come from `figures`, and what they are compared with from `comparators`. This module arranges them for a page and
rounds them where they are for sharing. Draws nothing and knows no names.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import pyarrow as pa

from sen2dash import reference
from sen2dash.analysis import comparators
from sen2dash.analysis.comparators import Comparator, Marks
from sen2dash.checks.report import Report
from sen2dash.indicators import filters
from sen2dash.indicators.figures import Figures, Selection, count_and_share_text
from sen2dash.indicators.suppression import Hidden, Shown, is_empty, share_shown
from sen2dash.model import CategoryPart, share_of

#: Who is counted: the members of an indicator that has published breakdowns, or everyone in the return.
Base = Literal["caseload", "new_plans", "people"]
BASES: Mapping[Base, str] = {
    "caseload": "EHC plans on census day",
    "new_plans": "New plans in the year",
    "people": "Everyone in the return",
}
#: The two needs, and what they can be compared with.
NEEDS = ("need", "need2")
NEED_COMPARED_WITH = ("place_group", "phase", "age_group", "sex")
#: Categories that mean "not known": they come last.
UNKNOWN = (reference.NOT_RECORDED, "placement_unknown", "not_known")
#: Characteristics whose categories have a fixed order; others show the largest category first.
FIXED_ORDER = ("group", "stage", "age_group", "age", "year", "phase", "residential", "census_year", "census_phase")
PLACES = ("place", "place_group")
#: Separates the two keys of a cell.
KEY_SEPARATOR = "|"


@dataclass(frozen=True)
class CategoryCount:
    """One category. share: of everyone counted, 0 to 1. beside: what it is compared with and that share, if any."""

    key: str
    label: str
    number: Shown
    share: float | Hidden | None
    beside: tuple[tuple[str, float], ...] = ()

    @property
    def text(self) -> str:
        """Text such as '524 (26.2%)', or c where the number is hidden."""
        return count_and_share_text(self.number, self.share)


@dataclass(frozen=True)
class Breakdown:
    """People, or plans, by one characteristic.

    compared: what the lines are compared with. notes: what to know of the lines.
    """

    characteristic: str
    label: str
    base: Base
    total: Shown
    lines: tuple[CategoryCount, ...]
    compared: Marks
    notes: tuple[str, ...]

    @property
    def is_exclusive(self) -> bool:
        """Whether everyone is in exactly one category."""
        return reference.every_characteristic()[self.characteristic].is_exclusive


@dataclass(frozen=True)
class Grid:
    """Counts by two characteristics, where everyone is in exactly one cell.

    rows, columns: key and label. numbers: one list per row, then one for the column totals; each list ends with its
    total.
    """

    rows: tuple[tuple[str, str], ...]
    columns: tuple[tuple[str, str], ...]
    numbers: tuple[tuple[Shown, ...], ...]

    def share(self, row: int, column: int) -> float | Hidden | None:
        """The share of a row that falls in a column, between 0 and 1, or None if the row is empty."""
        return share_shown(self.numbers[row][column], self.numbers[row][-1])


def parts(report: Report, base: Base, by: Sequence[str], selection: Selection) -> tuple[CategoryPart, ...]:
    """The people chosen, or their plans that an indicator counts, by one or two characteristics."""
    if base == "people":
        return Figures(report, selection).count_people(by)
    return Figures(report, selection).breakdown(base, by)


def total(report: Report, base: Base, selection: Selection) -> int:
    """How many people, or plans, are counted."""
    if base == "people":
        return selection.n
    return Figures(report, selection).results[base].denominator


def noun(base: Base, number: Shown) -> str:
    """The noun for what a base counts, after a number: 'person', 'people', 'plan', 'plans'."""
    one, many = ("plan", "plans") if base == "new_plans" else ("person", "people")
    return one if number == 1 else many


def break_down(
    report: Report, base: Base, characteristic: str, selection: Selection, comparator: Comparator = "none"
) -> Breakdown:
    """The categories of a characteristic with their counts, and the shares of what they are compared with.

    A published category is compared with ours only where it holds the same people. Where it combines several of ours, a
    note gives both sums instead.
    """
    every = parts(report, base, (characteristic,), selection)
    found = [part for part in every if not is_empty(part.denominator, selection.threshold)]
    whole = selection.count(total(report, base, selection))
    # Uses only the lines that are shown, so that the published figures do not reveal which others exist.
    keys = [part.keys[0] for part in found]
    compared = comparators.marks(report, selection, base, characteristic, comparator, keys)
    lines = []
    for part in found:
        key, number = part.keys[0], selection.count(part.denominator)
        lines.append(
            CategoryCount(key, part.labels[0], number, share_shown(number, whole), compared.by_key.get(key, ()))
        )
    if characteristic not in FIXED_ORDER:
        lines.sort(key=_largest_first)
    together = [
        _together([line for line in lines if line.key in members], whole, compared.name, share)
        for members, share in compared.together.items()
    ]
    return Breakdown(
        characteristic=characteristic,
        label=reference.every_characteristic()[characteristic].label,
        base=base,
        total=whole,
        lines=tuple(lines),
        compared=compared,
        notes=(
            *(note for note in together if note),
            *register_note(report, characteristic, keys),
            *_first_year_note(report, characteristic),
        ),
    )


def register_note(report: Report, characteristic: str, keys: Iterable[str]) -> list[str]:
    """A note on how to find out more, where some people are placed at an establishment of unknown type."""
    if characteristic not in PLACES or "not_known" not in keys:
        return []
    if report.store.has_establishments:
        return ["Some schools and colleges are not in the register of establishments that you added."]
    return [
        "Some schools and colleges are not in the extract of the register that comes with sen2dash. Add the register "
        "of establishments on the page 'Your return' to see these people by type."
    ]


def _first_year_note(report: Report, characteristic: str) -> list[str]:
    """A note for a return that does not hold the item yet: everyone is in "not recorded"."""
    first = reference.every_characteristic()[characteristic].from_year
    return (
        [f"Returns have included this since {first}."]
        if first is not None and first > report.collection.rules_of
        else []
    )


def reason(report: Report, base: Base, selection: Selection) -> str | None:
    """Why the indicator could not be run, or None if it could or if people are counted."""
    return None if base == "people" else Figures(report, selection).results[base].reason


def _largest_first(line: CategoryCount) -> tuple[bool, int]:
    # Sorts by the number as shown, so that the order of equal rounded numbers does not reveal which is larger.
    return line.key in UNKNOWN, 0 if isinstance(line.number, Hidden) else -line.number


def _together(ours: Sequence[CategoryCount], whole: Shown, name: str, share: float) -> str:
    """One sentence on categories of ours that are published as one, or empty if one of them is hidden."""
    counts = [line.number for line in ours if not isinstance(line.number, Hidden)]
    if len(counts) < len(ours) or isinstance(whole, Hidden):
        return ""
    labels = " and ".join(line.label for line in ours)
    return (
        f"{labels} are published as one category: {share_of(sum(counts), whole) or 0:.1%} here, {share:.1%} for {name}."
    )


def cross(report: Report, base: Base, row: str, column: str, selection: Selection) -> Grid:
    """Counts by two different characteristics, in each of which everyone has exactly one category."""
    found = parts(report, base, (row, column), selection)
    across, down = (_sums(found, place) for place in (0, 1))
    rows, columns = (
        {
            part.keys[place]: part.labels[place]
            for part in found
            if not is_empty(sums[part.keys[place]], selection.threshold)
        }
        for place, sums in ((0, across), (1, down))
    )
    order = [category.key for category in reference.every_characteristic()[column].categories]
    keys = sorted(columns, key=order.index)
    numbers = {part.keys: part.denominator for part in found}
    table = [[*(numbers.get((each, key), 0) for key in keys), across[each]] for each in rows]
    table.append([*(down[key] for key in keys), sum(across.values())])
    return Grid(
        tuple(rows.items()),
        tuple((key, columns[key]) for key in keys),
        tuple(tuple(map(selection.count, line)) for line in table),
    )


def _sums(found: Sequence[CategoryPart], place: int) -> Counter[str]:
    """The number in each category of the first (0) or second (1) characteristic."""
    sums: Counter[str] = Counter()
    for part in found:
        sums[part.keys[place]] += part.denominator
    return sums


def people(report: Report, base: Base, where: Mapping[str, str], selection: Selection) -> pa.Table:
    """The people behind one part: as `filters.people_table`, or for an indicator as `Figures.people`."""
    if base != "people":
        return Figures(report, selection).people(base, where=where)
    return filters.people_table(report.store, where, selection.cohort)
