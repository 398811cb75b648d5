"""The charts of the page on the cohort, and the people behind each of their bars. Draws on no page.

A bar and its list come from the same rows, so they cannot disagree. Every chart counts the base that the page has
chosen, under the filters of the page.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from sen2dash import reference
from sen2dash.analysis import cohort, comparators, earlier_years
from sen2dash.analysis.cohort import BASES, KEY_SEPARATOR, Base, Breakdown, CategoryCount, Grid
from sen2dash.analysis.comparators import Comparator
from sen2dash.analysis.panels import People
from sen2dash.analysis.timeliness import few_note
from sen2dash.charts.bars import Bar
from sen2dash.charts.compact import compact_bars
from sen2dash.charts.heatmap import Cell, heatmap
from sen2dash.charts.pieces import Chart
from sen2dash.checks.cache import Key
from sen2dash.checks.report import Report
from sen2dash.indicators.figures import FEW, Figures, Selection, count_text, rate_text
from sen2dash.indicators.suppression import Hidden, Shown, is_empty, share_shown
from sen2dash.limits import WEEK

#: The cards of the two columns of the page, from the top: the characteristics that each can be flipped between.
LEFT: Mapping[str, tuple[str, ...]] = {"need": ("need", "need2"), "place": ("place_group", "place")}
RIGHT: Mapping[str, tuple[str, ...]] = {
    "age": ("age_group", "year", "age"),
    "sex": ("sex",),
    "ethnicity": ("ethnic_group", "ethnicity"),
}


class Support(NamedTuple):
    """A yes/no characteristic: its categories that count, and where its published share comes from.

    indicator: one that counts it in the caseload, if its share is published. suffix: the end of the establishment
    categories that are published for it.
    """

    name: str
    keys: tuple[str, ...]
    label: str
    indicator: str = ""
    suffix: str = ""


#: The characteristics that share a chart.
SUPPORT = (
    Support("unit", ("yes",), "SEN unit", suffix="_senunit"),
    Support("resourced", ("yes",), "Resourced provision", suffix="_resourced_provision"),
    Support("location", ("out",), "Outside the authority"),
    Support("budget", ("yes",), "Personal budget", indicator="personal_budgets"),
    Support("residential", ("A", "B"), "Residential", indicator="residential"),
)
#: Characteristics that no other chart shows.
OTHERS = tuple(
    name
    for name in reference.characteristics()
    if name not in {each for by in (*LEFT.values(), *RIGHT.values()) for each in by}
)
#: The ends of the bands of weeks taken.
BANDS = (16, 20, 30, 52)
NO_TIME = "none"
#: Further columns of the list of people, for people and for plans.
PEOPLE = {"Age": "age", "Primary need": "need", "Setting": "place"}
PLANS = {**PEOPLE, "Received": "received_date", "Plan start": "start_date"}


class DrawnChart(NamedTuple):
    """A chart with what to know about it. heading: its short name. compared: the name of what its lines show, if any.

    notes: about this chart. comparison: sentences on what it is compared with, or why there is nothing.
    """

    heading: str
    chart: Chart
    compared: str = ""
    notes: tuple[str, ...] = ()
    comparison: str = ""


def _extra(base: Base) -> Mapping[str, str]:
    return PEOPLE if base == "people" else PLANS


# -- one characteristic ---------------------------------------------------------------------------------------


def by_characteristic(
    report: Report, selection: Selection, base: Base, name: str, comparator: Comparator = "none", marked: str = ""
) -> DrawnChart:
    """One characteristic as bars of shares. marked: the key of the bar that was chosen last."""

    def draw() -> DrawnChart:
        found = cohort.break_down(report, base, name, selection, comparator)
        return DrawnChart(
            found.label, bars(found, selection, marked), found.compared.name, found.notes, found.compared.note
        )

    return _cached(report, selection, (name, base, comparator, marked), draw)


def _cached(report: Report, selection: Selection, what: tuple[str, ...], draw: Callable[[], DrawnChart]) -> DrawnChart:
    """A chart that is drawn once for these earlier returns: a click on one chart draws all of the page again."""
    key = Key("chart", what[0], selection.cohort, (*what[1:], selection.threshold, earlier_years.numbers(report)))
    return Figures(report).cached(key, draw)


def bars(found: Breakdown, selection: Selection, marked: str = "") -> Chart:
    """A breakdown as bars of shares, each with the share that it is compared with."""
    is_faint = _is_few(found.total)
    rows = [Bar(line.key, line.label, _drawn(line.share), line.text, line.beside, is_faint) for line in found.lines]
    overlap = "" if found.is_exclusive else " A person can be in several groups."
    subtitle = of_whom(found.base, selection, found.total) + overlap + few_note(rows)
    return compact_bars(
        f"{found.label}: {comparators.in_sentence(BASES[found.base])}", subtitle, found.label, rows, marked
    )


def people_with(report: Report, selection: Selection, base: Base, where: Mapping[str, str]) -> People:
    """The people in one part. where: one or two characteristics with the category of the part."""
    known = reference.every_characteristic()
    words = "; ".join(f"{known[name].label}: {known[name].category(key).label}" for name, key in where.items())
    return People(f"{words} ({BASES[base]})", cohort.people(report, base, where, selection), _extra(base))


def of_whom(base: Base, selection: Selection, whole: Shown) -> str:
    """A description of what a chart counts and who is included."""
    who = {
        "people": "of people in the return",
        "caseload": "of people with an EHC plan on census day",
        "new_plans": "of plans that started in the year",
    }[base]
    filters = "" if selection.cohort.is_everyone else f", under the filters ({selection.text})"
    return f"Number and share {who}{filters}. All: {count_text(whole)} {cohort.noun(base, whole)}."


# -- placement and support ------------------------------------------------------------------------------------


def support(
    report: Report, selection: Selection, base: Base, comparator: Comparator = "none", marked: str = ""
) -> DrawnChart:
    """The small yes/no characteristics, each a share of everyone counted. The key of a bar is its characteristic."""
    what = ("support", base, comparator, marked)
    return _cached(report, selection, what, lambda: _support(report, selection, base, comparator, marked))


def _support(report: Report, selection: Selection, base: Base, comparator: Comparator, marked: str) -> DrawnChart:
    whole = selection.count(cohort.total(report, base, selection))
    rows, names, sentences = [], [], []
    for each in SUPPORT:
        found = cohort.parts(report, base, (each.name,), selection)
        count = sum(part.denominator for part in found if part.keys[0] in each.keys)
        if is_empty(count, selection.threshold):
            continue
        number = selection.count(count)
        line = CategoryCount(each.name, each.label, number, share_shown(number, whole))
        mark, note = _support_mark(report, selection, base, each, comparator)
        names += [name for name, _ in mark]
        sentences += [note]
        rows.append(Bar(each.name, each.label, _drawn(line.share), line.text, mark, _is_few(whole)))
    title = f"Provision and support: {comparators.in_sentence(BASES[base])}"
    subtitle = f"{of_whom(base, selection, whole)} A person can be in several bars.{few_note(rows)}"
    chart = compact_bars(title, subtitle, "What", rows, marked)
    # The others have no published share, so the name of one comparison is enough.
    comparison = " ".join(dict.fromkeys(note for note in sentences if note)) if names else ""
    known = {part.keys[0] for part in cohort.parts(report, base, ("location",), selection)} - {reference.NOT_RECORDED}
    notes = () if known else ("Nobody's setting is known to be in or outside the authority.",)
    return DrawnChart("Provision and support", chart, " and ".join(dict.fromkeys(names)), notes, comparison)


def _support_mark(
    report: Report, selection: Selection, base: Base, each: Support, comparator: Comparator
) -> tuple[tuple[tuple[str, float], ...], str]:
    """The share that a bar of `support` is compared with, and a note."""
    if comparator == "earlier":
        found = comparators.marks(report, selection, base, each.name, comparator, each.keys)
        sums: dict[str, float] = {}
        for name, share in (mark for key in each.keys for mark in found.by_key.get(key, ())):
            sums[name] = sums.get(name, 0) + share
        return tuple(sums.items()), found.note
    if comparators.is_filtered_by(selection, each.name):
        by = comparators.in_sentence(each.label)
        return (), f"You have filtered by {by}, so the published share cannot be compared."
    if each.indicator and base == "caseload":
        value = comparators.beside(report, selection, each.indicator, comparator)
        if value.number is None or isinstance(value.number, Hidden):
            return (), ""
        return ((value.name, value.number / 100),), value.note
    if not each.suffix or comparator not in ("england", "region"):
        return (), ""
    found = comparators.marks(report, selection, base, "place", comparator)
    shares = [share for key, marks in found.by_key.items() if key.endswith(each.suffix) for _, share in marks]
    return ((found.name, sum(shares)),) if shares else (), found.note


def people_with_support(report: Report, selection: Selection, base: Base, name: str) -> People:
    """The people in one bar of `support`."""
    each = next(each for each in SUPPORT if each.name == name)
    found = [cohort.people(report, base, {name: key}, selection) for key in each.keys]
    return People(f"{each.label} ({BASES[base]})", pa.concat_tables(found).sort_by("person_id"), _extra(base))


# -- weeks taken ----------------------------------------------------------------------------------------------


def weeks_taken(report: Report, selection: Selection, marked: str = "") -> DrawnChart:
    """New plans by the weeks from the request to the start of the plan."""
    return _cached(report, selection, ("weeks", marked), lambda: _weeks_taken(report, selection, marked))


def _weeks_taken(report: Report, selection: Selection, marked: str) -> DrawnChart:
    found, labels = _weeks(report, selection), band_labels()
    whole = selection.count(len(found))
    rows = []
    for key, label in labels.items():
        count = found["band"].to_pylist().count(key)
        if not is_empty(count, selection.threshold):
            number = selection.count(count)
            line = CategoryCount(key, label, number, share_shown(number, whole))
            rows.append(Bar(key, label, _drawn(line.share), line.text, is_faint=_is_few(whole)))
    heading = "Weeks from request to plan"
    subtitle = of_whom("new_plans", selection, whole) + few_note(rows)
    chart = compact_bars(f"{heading}: new plans in the year", subtitle, "Weeks", rows, marked)
    note = "Every new plan, with exceptions and mediation; the page Timeliness has the 20-week indicators."
    return DrawnChart(heading, chart, notes=(note,))


def people_in_band(report: Report, selection: Selection, key: str) -> People:
    """The new plans in one bar of `weeks_taken`, those that took longest first."""
    found = _weeks(report, selection)
    rows = found.filter(pc.equal(found["band"], key)).sort_by([("weeks", "descending"), ("row_id", "ascending")])
    return People(f"Weeks from request to plan: {band_labels()[key].lower()}", rows, {**PLANS, "Weeks": "weeks"})


def band_labels() -> dict[str, str]:
    """Key and label of each band of weeks, shortest first."""
    found = {f"{BANDS[0]}": f"Up to {BANDS[0]} weeks"}
    found |= {f"{end}": f"Over {start}, up to {end} weeks" for start, end in pairwise(BANDS)}
    return {**found, "over": f"Over {BANDS[-1]} weeks", NO_TIME: "No date received, or it is after the plan started"}


def _weeks(report: Report, selection: Selection) -> pa.Table:
    """The new plans with their weeks and band. A setting says how many days 20 weeks are."""
    rows = Figures(report, selection).people("new_plans")
    days = pc.days_between(rows["received_date"], rows["start_date"]).to_pylist()
    limits = {weeks: weeks * WEEK for weeks in BANDS} | {20: report.store.settings.twenty_weeks_days}
    bands = [_band(each, limits) for each in days]
    rounded = [None if each is None or each < 0 else round(each / WEEK, 1) for each in days]
    return rows.append_column("weeks", pa.array(rounded, pa.float64())).append_column(
        "band", pa.array(bands, pa.string())
    )


def _band(days: int | None, limits: Mapping[int, int]) -> str:
    """The key of the band that a time is in. limits: the end of each band in days, by its weeks."""
    if days is None or days < 0:
        return NO_TIME
    return next((f"{end}" for end, most in limits.items() if days <= most), "over")


# -- two characteristics --------------------------------------------------------------------------------------


def heat_map(grid: Grid, row: str, column: str, base: Base, selection: Selection, as_share: bool) -> Chart:
    """A grid as a heat map of counts, or of the shares within each row. Its keys combine row and column."""
    cells = []
    for r, (row_key, row_label) in enumerate(grid.rows):
        for c, (column_key, column_label) in enumerate(grid.columns):
            number, share = grid.numbers[r][c], grid.share(r, c)
            value = share if as_share else number
            text = rate_text(share) if as_share else count_text(number)
            drawn = None if isinstance(value, Hidden) or value is None else float(value)
            key = f"{row_key}{KEY_SEPARATOR}{column_key}" if number != 0 else ""
            cells.append(Cell(row_label, column_label, drawn, text, key))
        whole = grid.numbers[r][-1]
        cells.append(
            Cell(row_label, "Number" if as_share else "All", None, count_text(whole), f"{row_key}{KEY_SEPARATOR}")
        )
    known = reference.characteristics()
    title = (
        f"{known[row].label} by {comparators.in_sentence(known[column].label)}: {comparators.in_sentence(BASES[base])}"
    )
    unit = "Share of each row" if as_share else "Number"
    subtitle = f"{of_whom(base, selection, grid.numbers[-1][-1]).replace('Number and share', unit)}"
    return heatmap(title, f"{subtitle} Darker cells have more.", known[row].label, cells)


def where_of(row: str, column: str, key: str) -> dict[str, str]:
    """The part that a cell's key names. For a total this is the row alone."""
    first, second = key.split(KEY_SEPARATOR)
    return {row: first, column: second} if second else {row: first}


def comparison_notes(found: Sequence[DrawnChart]) -> tuple[str, ...]:
    """What several charts are compared with, each sentence once."""
    return tuple(dict.fromkeys(each.comparison for each in found if each.comparison))


def _is_few(whole: Shown) -> bool:
    """Whether so few are counted that the length of a bar would say more than it knows."""
    return not isinstance(whole, Hidden) and whole < FEW


def _drawn(share: float | Hidden | None) -> float | None:
    return None if isinstance(share, Hidden) else share
