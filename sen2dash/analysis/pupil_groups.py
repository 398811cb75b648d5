"""An indicator by pupil group: one row per group, split by a second characteristic, with counts and one kind of rate.

Keeps apart rates that are easily confused: the share of the records that the indicator looks at, the share of the
children behind those records, and the share that a group has of everything, or of all children, counted. Only
characteristics in which everyone has exactly one category form groups, so that the groups sum to the whole.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import pyarrow as pa

from sen2dash import reference
from sen2dash.checks import catalogue
from sen2dash.checks.cache import Key
from sen2dash.checks.report import Report
from sen2dash.indicators import filters
from sen2dash.indicators.figures import Figures, Selection, Value
from sen2dash.indicators.run import MemberPart
from sen2dash.indicators.suppression import Shown, is_empty, share_shown
from sen2dash.model import CategoryPart, Indicator, IndicatorResult

#: What is counted and what it is compared with.
Rate = Literal["records", "children", "share", "child_share"]
RATES: Mapping[Rate, str] = {
    "records": "Rate of total count",
    "children": "Rate of children",
    "share": "Share of total count",
    "child_share": "Share of children",
}
#: Rates whose base is everything counted, and rates that count each child once.
SHARES, OF_CHILDREN = frozenset({"share", "child_share"}), frozenset({"children", "child_share"})
#: The indicators that officers know best, first in the list, and the names that they know them by.
FIRST: Mapping[str, str] = {
    "requests_received": "Initial requests for assessment",
    "requests_refused": "Request refused",
    "assessments_not_issued": "Refused after assessment",
    "new_plans": "EHC plans issued in the year",
    "plans_within_20_weeks": "EHCP issued within 20 weeks",
    "plans_within_30_weeks": "EHC plans issued within 30 weeks",
    "plans_in_year": "EHCP total",
}
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
class GroupRow:
    """One line of the table with its labels: the whole (no keys), a group (one key) or part of a group (two keys)."""

    keys: tuple[str, ...]
    labels: tuple[str, ...]
    value: Value

    @property
    def label(self) -> str:
        """A label such as 'Autistic spectrum disorder, Female'."""
        return ", ".join(self.labels) or "All"


@dataclass(frozen=True)
class GroupTable:
    """An indicator by one or two characteristics. rows: the whole, then each group followed by its parts."""

    indicator: Indicator
    rate: Rate
    by: tuple[str, ...]
    rows: tuple[GroupRow, ...]

    @property
    def whole(self) -> Value:
        """The line for everyone chosen."""
        return self.rows[0].value

    @property
    def headings(self) -> tuple[str, ...]:
        """The characteristics in words; age says at which date it is taken."""
        return tuple(heading(self.indicator, name) for name in self.by)


def choices() -> tuple[Indicator, ...]:
    """Every indicator and further one, with those that officers know best first."""
    every = (*catalogue.indicators(), *catalogue.further_indicators())
    rest = [each for each in every if each.id not in FIRST]
    return (*(catalogue.indicator(name) for name in FIRST), *rest)


def name_of(indicator: Indicator) -> str:
    """The name in the list: the one that officers know, or else the title."""
    return FIRST.get(indicator.id, indicator.title)


def result(report: Report, selection: Selection, indicator: Indicator) -> IndicatorResult:
    """The indicator for everyone chosen; the first read of a further one runs it."""
    found = Figures(report, selection)
    return found.results.get(indicator.id) or found.further(indicator.id)


def characteristics() -> Mapping[str, str]:
    """Key and label of each characteristic that forms groups."""
    return {key: each.label for key, each in reference.characteristics().items() if each.is_exclusive}


def rates_of(indicator: Indicator) -> tuple[Rate, ...]:
    """The rates that an indicator has. A plain count leaves nobody uncounted, so its rates are shares.

    Of an indicator that counts people, records and children are the same.
    """
    if indicator.is_count:
        return ("share",) if indicator.unit == "people" else ("share", "child_share")
    return ("records", "share") if indicator.unit == "people" else ("records", "children", "share")


def heading(indicator: Indicator, name: str) -> str:
    """A characteristic in words; for age, with the date at which this indicator takes it."""
    return indicator.age_label if name in AGES else reference.characteristics()[name].label


def table(report: Report, indicator: Indicator, rate: Rate, by: Sequence[str], selection: Selection) -> GroupTable:
    """An indicator by one characteristic, or by two different ones, ready to show.

    For sharing, groups and parts with few people counted or few in the base are left out.
    """
    result(report, selection, indicator)
    found = [*_parts(report, indicator, rate, by[:1], selection)]
    if len(by) > 1:
        found += _parts(report, indicator, rate, by, selection)
    # Everyone has exactly one sex at any date, so these parts are everyone, once.
    everyone = [_pair(part, rate) for part in _parts(report, indicator, rate, ("sex",), selection)]
    whole = sum(pair[0] for pair in everyone), sum(pair[1] for pair in everyone)
    counted = selection.count(whole[0])
    rows = [GroupRow((), (), _value(whole, counted, rate, selection))]
    order = list(dict.fromkeys(part.keys[0] for part in found))
    for part in sorted(found, key=lambda each: (order.index(each.keys[0]), len(each.keys))):
        pair = _pair(part, rate)
        if not (selection.is_sharing and is_empty(pair[1], selection.threshold)):
            rows.append(GroupRow(part.keys, part.labels, _value(pair, counted, rate, selection)))
    return GroupTable(indicator, rate, tuple(by), tuple(rows))


def _parts(
    report: Report, indicator: Indicator, rate: Rate, by: Sequence[str], selection: Selection
) -> tuple[CategoryPart, ...]:
    """Records, or children, by one or two characteristics."""
    if rate not in OF_CHILDREN:
        return Figures(report, selection).breakdown(indicator.id, by)
    bound = {
        "indicator_id": indicator.id,
        **filters.by_parameters(by),
        **filters.parameters(selection.cohort),
    }
    key = Key("children", indicator.id, selection.cohort, tuple(by))
    sql = catalogue.list_sql("children_by_category")
    return Figures(report).cached(key, lambda: filters.parts(by, report.store.rows(sql, bound)))


def _pair(part: CategoryPart, rate: Rate) -> tuple[int, int]:
    """The number counted and the base. For a share, only the number counted is shown."""
    return part.numerator, part.numerator if rate in SHARES else part.denominator


def _value(pair: tuple[int, int], counted: Shown, rate: Rate, selection: Selection) -> Value:
    """The value of one line of the table. counted: everything counted, the base of a share."""
    number = selection.count(pair[0])
    base = counted if rate in SHARES else selection.count(pair[1])
    return Value(number, base, share_shown(number, base))


# -- words ------------------------------------------------------------------------------------------------


def meaning(found: GroupTable) -> str:
    """Explain the number, the base and the rate of a table in a few short sentences."""
    indicator, (one, many) = found.indicator, NOUNS[found.indicator.unit]
    rate = RATES[found.rate]
    what = _lower(indicator.title)
    ages = " A child counted at two ages is in both rows." if AGES & set(found.by) else ""
    if found.rate == "share":
        return f"Number: {what}. {rate}: how much of all these {many} is in the group; the groups make 100%."
    if found.rate == "child_share":
        return (
            f"Number: children with at least one {one} counted ({what}); each child counts once. "
            f"{rate}: how much of all these children is in the group.{ages}"
        )
    if found.rate == "records":
        twice = "" if indicator.unit == "people" else f" A child with two {many} counts twice."
        return f"Number: {what}. Out of: {indicator.base}. {rate}: the number as a share of the group's {many}.{twice}"
    return (
        f"Number: children with at least one {one} counted ({what}). "
        f"Out of: children with at least one {one} in the base ({indicator.base}). "
        f"{rate}: the number as a share of these children; each child counts once.{ages}"
    )


def _lower(text: str) -> str:
    return text if text[:3].isupper() else text[0].lower() + text[1:]


def title(found: GroupTable) -> str:
    """What a table shows."""
    return f"{found.indicator.title} by {' and '.join(_lower(each) for each in found.headings)}"


# -- people -----------------------------------------------------------------------------------------------


def people(report: Report, found: GroupTable, row: GroupRow, part: MemberPart, selection: Selection) -> pa.Table:
    """The records behind a line, as `Figures.people`."""
    where = dict(zip(found.by, row.keys, strict=False))
    return Figures(report, selection).people(found.indicator.id, part, where)


def parts_of(indicator: Indicator) -> tuple[MemberPart, ...]:
    """The lists that a line has. For a plain count, everyone looked at is counted."""
    return ("numerator",) if indicator.is_count else ("numerator", "rest", "denominator")


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
    return {"Age": "age", "Need": "need", "Setting": "place", **own}
