"""The make-up of a cohort: how many people are in each category, next to England and the region, and who they are.

Counts come from `figures`. This module arranges them for a page and rounds them where they are for sharing. Draws
nothing and knows no names.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import pyarrow as pa

from sen2dash import reference
from sen2dash.charts.bars import Bar, bar_chart
from sen2dash.charts.heatmap import Cell, heatmap
from sen2dash.charts.pieces import Chart
from sen2dash.checks.report import Report
from sen2dash.indicators import filters
from sen2dash.indicators.figures import Figures, Selection, count_text, rate_text
from sen2dash.indicators.suppression import Hidden, Shown, is_empty, share_shown
from sen2dash.model import Part, share_of
from sen2dash.reference import published

#: Who is counted: everyone in the return, or the members of an indicator that has published breakdowns.
Base = Literal["people", "caseload", "new_plans"]
BASES: Mapping[Base, str] = {
    "people": "Everyone in the return",
    "caseload": "EHC plans on census day",
    "new_plans": "New plans in the year",
}
#: The two needs, and what they can be compared with.
NEEDS = ("need", "need2")
AGAINST = ("place_group", "phase", "age_group", "sex")
#: Categories that mean "not known": they come last.
UNKNOWN = (reference.NOT_RECORDED, "placement_unknown", "not_known")
#: Characteristics whose categories have a fixed order; others show the largest category first.
IN_ORDER = ("group", "stage", "age_group", "age", "year", "phase", "residential")
PLACES = ("place", "place_group")
#: Separates the two keys of a cell.
AND = "|"


@dataclass(frozen=True)
class Line:
    """One category. share: of everyone counted, 0 to 1. published: the share in each area, or None."""

    key: str
    label: str
    number: Shown
    share: float | Hidden | None
    published: tuple[tuple[str, float], ...] = ()

    @property
    def text(self) -> str:
        """Text such as '524 (26.2%)', or c where the number is hidden."""
        if isinstance(self.number, Hidden):
            return count_text(self.number)
        return f"{count_text(self.number)} ({rate_text(self.share)})"


@dataclass(frozen=True)
class Breakdown:
    """People, or plans, by one characteristic.

    areas: names of the areas with published shares, or empty. period: the period of the published shares, for each area
    where they differ. notes: what to know before comparing.
    """

    characteristic: str
    label: str
    base: Base
    total: Shown
    lines: tuple[Line, ...]
    areas: tuple[str, ...]
    period: str
    notes: tuple[str, ...]

    @property
    def is_exclusive(self) -> bool:
        """Whether everyone is in exactly one category."""
        return reference.characteristics()[self.characteristic].is_exclusive


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


def parts(report: Report, base: Base, by: Sequence[str], selection: Selection) -> tuple[Part, ...]:
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


def break_down(report: Report, base: Base, characteristic: str, selection: Selection) -> Breakdown:
    """The categories of a characteristic with their counts, and the published shares where there are any.

    A published category is compared with ours only where it holds the same people. Where it combines several of ours, a
    note gives both sums instead.
    """
    every = parts(report, base, (characteristic,), selection)
    found = [part for part in every if not is_empty(part.denominator, selection.threshold)]
    known = reference.characteristics()[characteristic]
    whole = selection.count(total(report, base, selection))
    # Uses only the lines that are shown, so that the published figures do not reveal which others exist.
    areas = _published(report, base, characteristic, [part.keys[0] for part in found])
    lines = []
    for part in found:
        key, number = part.keys[0], selection.count(part.denominator)
        beside = tuple(mark for area in areas for mark in area.alone(key))
        lines.append(Line(key, part.labels[0], number, share_shown(number, whole), beside))
    if characteristic not in IN_ORDER:
        lines.sort(key=_largest_first)
    together = sorted({(home, area.keys_in(home)) for area in areas for home in area.together})
    notes = [
        _together(
            [line for line in lines if line.key in keys], home, whole, [a for a in areas if a.keys_in(home) == keys]
        )
        for home, keys in together
    ]
    is_compared = any(line.published for line in lines)
    if is_compared and not selection.cohort.is_everyone:
        notes.append("The published shares are of everyone with a plan, not of the people whom the filters choose.")
    if is_compared:
        notes += dict.fromkeys(f"Source: {area.source}." for area in areas)
    notes += register_note(characteristic, (line.key for line in lines))
    return Breakdown(
        characteristic=characteristic,
        label=known.label,
        base=base,
        total=whole,
        lines=tuple(lines),
        areas=tuple(area.name for area in areas) if is_compared else (),
        period=_periods(areas) if is_compared else "",
        notes=tuple(note for note in notes if note),
    )


def register_note(characteristic: str, keys: Iterable[str]) -> list[str]:
    """A note on how to find out more, where some people are placed at an establishment of unknown type."""
    if characteristic not in PLACES or "not_known" not in keys:
        return []
    return [
        "Only the register of establishments says what type a school or college is. Add it on the page 'Your return' "
        "to see these people by type."
    ]


def is_published(characteristic: str) -> bool:
    """Whether shares of plans on census day are published by this characteristic."""
    known = published.carried()
    year = published.breakdown_year("caseload", characteristic, published.ENGLAND, known.latest_year, known)
    return year is not None


def reason(report: Report, base: Base, selection: Selection) -> str | None:
    """Why the indicator could not be run, or None if it could or if people are counted."""
    return None if base == "people" else Figures(report, selection).results[base].reason


def _largest_first(line: Line) -> tuple[bool, int]:
    # Sorts by the number as shown, so that the order of equal rounded numbers does not reveal which is larger.
    return line.key in UNKNOWN, 0 if isinstance(line.number, Hidden) else -line.number


@dataclass(frozen=True)
class _Beside:
    """One area with its shares by published category. homes: maps our category to the published one that counts it."""

    name: str
    period: str
    source: str
    shares: Mapping[str, float]
    homes: Mapping[str, str | None]

    @property
    def together(self) -> tuple[str, ...]:
        """Published categories that combine several of ours."""
        homes = list(self.homes.values())
        return tuple(sorted({home for home in homes if home and homes.count(home) > 1}))

    def keys_in(self, home: str) -> tuple[str, ...]:
        """Our categories within a published one."""
        return tuple(key for key, each in self.homes.items() if each == home)

    def alone(self, key: str) -> tuple[tuple[str, float], ...]:
        """The area name and published share of one of our categories, or empty if it has none of its own."""
        home = self.homes[key]
        share = self.shares.get(home) if home is not None and home not in self.together else None
        return ((self.name, share),) if share is not None else ()


def _published(report: Report, base: Base, characteristic: str, keys: Sequence[str]) -> list[_Beside]:
    """England and the region, each with its latest shares up to the return year; areas without any are left out."""
    found = []
    for area in published.areas(report.collection.lea):
        if area.level == "authority" or base == "people":
            continue
        place = (base, characteristic, area.code)
        year = published.breakdown_year(*place, report.collection.year, report.published)
        rows = published.shares(*place, year, report.published) if year is not None else ()
        shares = {row.key: row.share for row in rows if row.share is not None}
        if year is not None and shares:
            homes = {key: published.published_key(characteristic, key, shares) for key in keys}
            found.append(_Beside(area.name, *published.breakdown_origin(*place, year, report.published), shares, homes))
    return found


def _periods(areas: Sequence[_Beside]) -> str:
    """The period as 'January 2026', or where periods differ 'England January 2026, West Midlands January 2025'."""
    if len({area.period for area in areas}) == 1:
        return areas[0].period
    return ", ".join(f"{area.name} {area.period}" for area in areas)


def _together(ours: Sequence[Line], home: str, whole: Shown, areas: Sequence[_Beside]) -> str:
    """One sentence on categories of ours that are published as one, or empty if one of them is hidden."""
    counts = [line.number for line in ours if not isinstance(line.number, Hidden)]
    if len(counts) < len(ours) or isinstance(whole, Hidden):
        return ""
    shares = [("here", share_of(sum(counts), whole)), *((f"in {a.name}", a.shares.get(home)) for a in areas)]
    said = ", ".join(f"{share:.1%} {where}" for where, share in shares if share is not None)
    return f"{' and '.join(line.label for line in ours)} are published as one category: {said}."


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
    order = [category.key for category in reference.characteristics()[column].categories]
    keys = sorted(columns, key=order.index)
    numbers = {part.keys: part.denominator for part in found}
    table = [[*(numbers.get((each, key), 0) for key in keys), across[each]] for each in rows]
    table.append([*(down[key] for key in keys), sum(across.values())])
    return Grid(
        tuple(rows.items()),
        tuple((key, columns[key]) for key in keys),
        tuple(tuple(map(selection.count, line)) for line in table),
    )


def _sums(found: Sequence[Part], place: int) -> Counter[str]:
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


# -- charts -----------------------------------------------------------------------------------------------


def of_whom(base: Base, selection: Selection, whole: Shown) -> str:
    """A description of what a chart counts and who is included."""
    who = {
        "people": "of people in the return",
        "caseload": "of people with an EHC plan on census day",
        "new_plans": "of plans that started in the year",
    }[base]
    filters = "" if selection.cohort.is_everyone else f", under the filters ({selection.text})"
    return f"Number and share {who}{filters}. All: {count_text(whole)} {noun(base, whole)}."


def bars(found: Breakdown, selection: Selection) -> Chart:
    """A breakdown as bars of shares, with marks for England and the region."""
    rows = [Bar(line.key, line.label, _drawn(line.share), line.text, line.published) for line in found.lines]
    beside = f" Marks: shares in {' and '.join(found.areas)}, {found.period}." if found.areas else ""
    overlap = "" if found.is_exclusive else " A person can be in several groups."
    subtitle = of_whom(found.base, selection, found.total) + overlap + beside
    return bar_chart(f"{found.label}: {_lower(BASES[found.base])}", subtitle, found.label, rows)


def need_bars(report: Report, base: Base, selection: Selection) -> Chart:
    """Primary needs as bars, with secondary needs as marks. The keys are needs."""
    primary, secondary = (break_down(report, base, name, selection) for name in ("need", "need2"))
    lines = [{line.key: line for line in each.lines} for each in (primary, secondary)]
    # A need is missing from the lines if nobody has it or, for sharing, if few may have it.
    none = Line("", "", selection.count(0), share_shown(selection.count(0), primary.total))
    rows = []
    for label, key in _all_needs(primary, secondary):
        first, other = (each.get(key, none) for each in lines)
        share, mark = _drawn(first.share), _drawn(other.share)
        text = f"{_need_text(first)}; secondary {_need_text(other)}"
        rows.append(Bar(key, label, share, text, (("Secondary need", mark),) if mark is not None else ()))
    subtitle = f"{of_whom(base, selection, primary.total)} Bars: primary need; marks: secondary need."
    return bar_chart(f"Primary and secondary need: {_lower(BASES[base])}", subtitle, "Need", rows)


def _need_text(line: Line) -> str:
    return line.text if line.number else "0"


def _all_needs(primary: Breakdown, secondary: Breakdown) -> list[tuple[str, str]]:
    """Label and key of every primary or secondary need: primary needs first, "not recorded" last."""
    found = {line.key: line.label for line in (*primary.lines, *secondary.lines)}
    return [(label, key) for key, label in sorted(found.items(), key=lambda pair: pair[0] in UNKNOWN)]


def heat_map(grid: Grid, row: str, column: str, base: Base, selection: Selection, as_share: bool) -> Chart:
    """A grid as a heat map of counts, or of the shares within each row. Its keys combine row and column."""
    cells = []
    for r, (row_key, row_label) in enumerate(grid.rows):
        for c, (column_key, column_label) in enumerate(grid.columns):
            number, share = grid.numbers[r][c], grid.share(r, c)
            value = share if as_share else number
            text = rate_text(share) if as_share else count_text(number)
            drawn = None if isinstance(value, Hidden) or value is None else float(value)
            key = f"{row_key}{AND}{column_key}" if number != 0 else ""
            cells.append(Cell(row_label, column_label, drawn, text, key))
        whole = grid.numbers[r][-1]
        cells.append(Cell(row_label, "Number" if as_share else "All", None, count_text(whole), f"{row_key}{AND}"))
    known = reference.characteristics()
    title = f"{known[row].label} by {_lower(known[column].label)}: {_lower(BASES[base])}"
    unit = "Share of each row" if as_share else "Number"
    subtitle = f"{of_whom(base, selection, grid.numbers[-1][-1]).replace('Number and share', unit)}"
    return heatmap(title, f"{subtitle} The darker, the more.", known[row].label, cells)


def where_of(row: str, column: str, key: str) -> dict[str, str]:
    """The part that a cell's key names. For a total this is the row alone."""
    first, second = key.split(AND)
    return {row: first, column: second} if second else {row: first}


def _drawn(share: float | Hidden | None) -> float | None:
    return None if isinstance(share, Hidden) else share


def _lower(text: str) -> str:
    """A heading in lower case for use inside a sentence; abbreviations keep their capitals."""
    return text if text[:3].isupper() else text[0].lower() + text[1:]
