"""An indicator by pupil group: one row per group, split by a second characteristic, with counts and one of three rates.

Keeps apart three rates that are easily confused: the share of the records that the indicator looks at, the share of the
children behind those records, and a group's share of everything counted. Only characteristics in which everyone has
exactly one category form groups, so that the groups sum to the whole.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import pyarrow as pa

from sen2dash import reference
from sen2dash.charts.bars import Bar, bar_chart
from sen2dash.charts.pieces import Chart
from sen2dash.checks import catalogue
from sen2dash.checks.cache import Key
from sen2dash.checks.report import Report
from sen2dash.indicators import figures, filters
from sen2dash.indicators.figures import HIDDEN_TEXT, Figures, Selection, Value
from sen2dash.indicators.run import MemberPart
from sen2dash.indicators.suppression import Hidden, Shown, is_empty, share_shown
from sen2dash.model import Indicator, Part
from sen2dash.output.export import figures_csv
from sen2dash.reference import published

#: What is counted and what it is compared with.
Rate = Literal["records", "children", "share"]
RATES: Mapping[Rate, str] = {
    "records": "Rate of all records",
    "children": "Rate of children",
    "share": "Share of the total",
}
#: The indicators that officers know best, first in the list.
FIRST = (
    "requests_received",
    "requests_refused",
    "assessments_not_issued",
    "new_plans",
    "plans_within_20_weeks",
    "plans_within_30_weeks",
    "caseload",
)
#: Singular and plural of what an indicator counts.
NOUNS: Mapping[str, tuple[str, str]] = {
    "people": ("person", "people"),
    "requests": ("request", "requests"),
    "assessments": ("assessment", "assessments"),
    "plans": ("plan", "plans"),
}
#: Characteristics taken at a date that depends on the indicator, so that one child can have two values.
AGES = frozenset({"age", "age_group"})


@dataclass(frozen=True)
class Row:
    """One line of the table with its labels: the whole (no keys), a group (one key) or part of a group (two keys)."""

    keys: tuple[str, ...]
    labels: tuple[str, ...]
    value: Value

    @property
    def label(self) -> str:
        """A label such as 'Autistic spectrum disorder, Female'."""
        return ", ".join(self.labels) or "All"


@dataclass(frozen=True)
class Table:
    """An indicator by one or two characteristics. rows: the whole, then each group followed by its parts."""

    indicator: Indicator
    rate: Rate
    by: tuple[str, ...]
    rows: tuple[Row, ...]

    @property
    def whole(self) -> Value:
        """The line for everyone chosen."""
        return self.rows[0].value

    @property
    def headings(self) -> tuple[str, ...]:
        """The characteristics in words; age says at which date it is taken."""
        return tuple(heading(self.indicator, name) for name in self.by)


def choices() -> tuple[Indicator, ...]:
    """Every indicator, with those that officers know best first."""
    rest = [each for each in catalogue.indicators() if each.id not in FIRST]
    return (*(catalogue.indicator(name) for name in FIRST), *rest)


def characteristics() -> Mapping[str, str]:
    """Key and label of each characteristic that forms groups."""
    return {key: each.label for key, each in reference.characteristics().items() if each.is_exclusive}


def rates_of(indicator: Indicator) -> tuple[Rate, ...]:
    """The rates that an indicator has. A plain count leaves nobody uncounted, so its only rate is a share."""
    return ("share",) if indicator.is_count else ("records", "children", "share")


def heading(indicator: Indicator, name: str) -> str:
    """A characteristic in words; for age, with the date at which this indicator takes it."""
    return indicator.age_label if name in AGES else reference.characteristics()[name].label


def table(report: Report, indicator: Indicator, rate: Rate, by: Sequence[str], selection: Selection) -> Table:
    """An indicator by one characteristic, or by two different ones, ready to show.

    For sharing, groups and parts with few people counted or few in the base are left out.
    """
    found = [*_parts(report, indicator, rate, by[:1], selection)]
    if len(by) > 1:
        found += _parts(report, indicator, rate, by, selection)
    # Everyone has exactly one sex at any date, so these parts are everyone, once.
    everyone = [_pair(part, rate) for part in _parts(report, indicator, rate, ("sex",), selection)]
    whole = sum(pair[0] for pair in everyone), sum(pair[1] for pair in everyone)
    counted = selection.count(whole[0])
    rows = [Row((), (), _value(whole, counted, rate, selection))]
    order = list(dict.fromkeys(part.keys[0] for part in found))
    for part in sorted(found, key=lambda each: (order.index(each.keys[0]), len(each.keys))):
        pair = _pair(part, rate)
        if not (selection.is_sharing and is_empty(pair[1], selection.threshold)):
            rows.append(Row(part.keys, part.labels, _value(pair, counted, rate, selection)))
    return Table(indicator, rate, tuple(by), tuple(rows))


def _parts(
    report: Report, indicator: Indicator, rate: Rate, by: Sequence[str], selection: Selection
) -> tuple[Part, ...]:
    """Records, or children, by one or two characteristics."""
    if rate != "children":
        return Figures(report, selection).breakdown(indicator.id, by)
    bound = {
        "indicator_id": indicator.id,
        **filters.by_parameters(by),
        **filters.parameters(selection.cohort),
    }
    key = Key("children", indicator.id, selection.cohort, tuple(by))
    sql = catalogue.list_sql("children_by_category")
    return Figures(report).cached(key, lambda: filters.parts(by, report.store.rows(sql, bound)))


def _pair(part: Part, rate: Rate) -> tuple[int, int]:
    """The number counted and the base. For a share, only the number counted is shown."""
    return part.numerator, part.numerator if rate == "share" else part.denominator


def _value(pair: tuple[int, int], counted: Shown, rate: Rate, selection: Selection) -> Value:
    """The value of one line of the table. counted: everything counted, the base of a share."""
    number = selection.count(pair[0])
    base = counted if rate == "share" else selection.count(pair[1])
    return Value(number, base, share_shown(number, base))


# -- words ------------------------------------------------------------------------------------------------


def meaning(found: Table) -> str:
    """Explain the number, the base and the rate of a table in a few short sentences."""
    indicator, (one, many) = found.indicator, NOUNS[found.indicator.unit]
    what = _lower(indicator.title)
    if found.rate == "share":
        return f"Number: {what}. Share: how much of all these {many} is in the group; the groups make 100%."
    if found.rate == "records":
        twice = "" if indicator.unit == "people" else f" A child with two {many} counts twice."
        return f"Number: {what}. Out of: {indicator.base}. Rate: the number as a share of the group's {many}.{twice}"
    ages = " A child counted at two ages stands in both rows." if AGES & set(found.by) else ""
    return (
        f"Number: children with at least one {one} counted ({what}). "
        f"Out of: children with at least one {one} in the base ({indicator.base}). "
        f"Rate: the number as a share of these children; each child counts once.{ages}"
    )


def _lower(text: str) -> str:
    return text if text[:3].isupper() else text[0].lower() + text[1:]


def title(found: Table) -> str:
    """What a table shows."""
    return f"{found.indicator.title} by {' and '.join(_lower(each) for each in found.headings)}"


def cells(found: Table, is_sharing: bool) -> dict[str, list[Any]]:
    """The columns of the table on a page: labels, counts, the rate as text and the rate as a bar length.

    Counts are text if some may be hidden. The base of a share is the same for every row and is the first row, so it has
    no column.
    """
    groups = [row.labels[0] if row.labels else "All" for row in found.rows]
    columns: dict[str, list[Any]] = {found.headings[0]: groups}
    if len(found.by) > 1:
        columns[found.headings[1]] = [row.labels[1] if len(row.labels) > 1 else "All" for row in found.rows]
    show = figures.count_text if is_sharing else _count
    columns["Number"] = [show(row.value.numerator) for row in found.rows]
    if found.rate != "share":
        columns["Out of"] = [show(row.value.denominator) for row in found.rows]
    columns["Share" if found.rate == "share" else "Rate"] = [row.value.rate_text for row in found.rows]
    columns["Bar"] = [row.value.drawn for row in found.rows]
    return columns


def _count(count: Shown) -> int:
    assert not isinstance(count, Hidden)
    return count


def table_csv(found: Table, selection: Selection) -> bytes:
    """The table as a CSV: one line per row, rates in percent, with the indicator and the filters in each line."""
    rows = []
    for row in found.rows:
        labels = [*row.labels, *(["All"] * (len(found.by) - len(row.labels)))]
        value = row.value
        rate = HIDDEN_TEXT if isinstance(value.rate, Hidden) else None if value.rate is None else 100 * value.rate
        counts = [HIDDEN_TEXT if isinstance(n, Hidden) else n for n in (value.numerator, value.denominator)]
        shown = round(rate, 1) if isinstance(rate, float) else rate
        rows.append([*labels, *counts, shown, found.indicator.title, RATES[found.rate], selection.file_text])
    named = (*found.headings, "Number", "Out of", "Rate in percent", "Indicator", "Kind of rate", "Filters")
    return figures_csv(named, rows)


# -- people -----------------------------------------------------------------------------------------------


def people(report: Report, found: Table, row: Row, part: MemberPart, selection: Selection) -> pa.Table:
    """The records behind a line, as `Figures.people`."""
    where = dict(zip(found.by, row.keys, strict=False))
    return Figures(report, selection).people(found.indicator.id, part, where)


def parts_of(indicator: Indicator) -> tuple[MemberPart, ...]:
    """The lists that a line has. For a plain count, everyone looked at is counted."""
    return ("numerator",) if indicator.is_count else ("numerator", "rest", "denominator")


def part_of(found: Table, column: str) -> MemberPart:
    """The list that a column of the table opens."""
    is_base = column == "Out of" and found.rate != "share" and not found.indicator.is_count
    return "denominator" if is_base else "numerator"


def list_columns(indicator: Indicator) -> Mapping[str, str]:
    """Further columns of a list of people: heading to column."""
    dates = {
        "requests": {
            "Received": "received_date",
            "Outcome": "request_outcome",
            "Outcome date": "request_outcome_date",
        },
        "assessments": {
            "Received": "received_date",
            "Outcome": "assessment_outcome",
            "Outcome date": "assessment_outcome_date",
            "Plan start": "start_date",
        },
    }
    own = dates.get(indicator.unit, {"Plan start": "start_date", "Ceased": "cease_date"})
    return {"Age": "age", **own}


# -- residents --------------------------------------------------------------------------------------------


def residents_chart(report: Report, indicator: Indicator, selection: Selection) -> Chart | None:
    """The indicator per 10,000 residents aged 0 to 17, with the latest published rate; None if it has no such rate.

    Counts the whole return, because the number of residents is known only for the authority, not for groups or filters.
    """
    lea, year = report.collection.lea or "", report.collection.year
    known = published.residents_year(lea, year)
    beside = published.rates(indicator, lea, year, report.published)
    if indicator.published_as not in published.RATED or known is None:
        return None
    count = selection.count(Figures(report).results[indicator.id].numerator)
    own = None if isinstance(count, Hidden) else published.rate_per_10_000(count, lea, known)
    rows = [Bar("own", "This return", own, HIDDEN_TEXT if own is None else f"{own:,.1f}")]
    latest = [figure for figure in beside if figure.collection_year == beside[0].collection_year]
    for figure in reversed(latest):
        label = f"{figure.area.name}, {figure.period}"
        rows.append(Bar(figure.area.code, label, figure.number, f"{figure.number or 0:,.1f}"))
    filters = "" if selection.cohort.is_everyone else " Everyone in the return, whatever the filters."
    return bar_chart(
        f"{indicator.title} per 10,000 residents aged 0 to 17",
        "Our own calculation, from this return, published counts and residents by mid-year (this return: "
        f"mid-{known - 1}). The count is of all ages up to 25: it compares areas and is not a share.{filters}",
        "Area",
        rows,
        unit="number",
    )
