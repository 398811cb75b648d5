"""Figures of up to two earlier returns of the authority beside those of this one, under the same filters.

An earlier return is read once and its indicators are calculated. Only what counting needs is kept (`ReducedStore`): it
is never the basis of a rule, has no list of people, and is closed with the report that it belongs to. A return of
another authority, or of this return year or a later one, is not a year to compare with and is left out everywhere. For
the author of a page (years are return years, oldest first; counts are rounded where they are for sharing): - which
years there are: `years(report)`, and what to call one: `label(year)`. - an indicator: `values(report, indicator_id,
selection)` -> year to Value. - an indicator in each category: `breakdown(report, indicator_id, by, selection)` -> year
to keys to Value. - the same as marks of a chart: `marks(report, indicator_id, by, selection)`. - the make-up of a base
by characteristic: `by_category(report, base, characteristic, selection)` -> year to category to Count; how many that is
in all: `totals(report, base, selection)`. - which years are left out because their layout lacks what a breakdown or
filter needs: `note(report, by, selection)`. - mean weeks and open cases, for everyone: `returns(report)`, whose entries
have `means` and `open_counts`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import NamedTuple

from sen2dash import reference
from sen2dash.analysis import open_cases, weeks
from sen2dash.checks import catalogue
from sen2dash.checks.report import OnProgress, Report, build_report
from sen2dash.config import Settings
from sen2dash.indicators import figures
from sen2dash.indicators.figures import (
    INDICATORS,
    Figures,
    Selection,
    Value,
    count_and_share_text,
)
from sen2dash.indicators.filters import EVERYONE
from sen2dash.indicators.suppression import Hidden, Shown, is_empty, share_shown
from sen2dash.model import Cohort, IndicatorResult
from sen2dash.reading.register import RegisterReading
from sen2dash.reading.source import SourceText
from sen2dash.store.reduced import ReducedStore

#: The base that is not an indicator: every person in the return.
PEOPLE = "people"
#: The layout of this year has no item for the meeting of an annual review.
WITHOUT_REVIEWS = 2023


@dataclass
class EarlierReturn(Report):
    """What is left of an earlier return. Only the functions of this module count from it.

    source: its file. settings, register: what its indicators were calculated with. results: its indicators and the
    further ones. means, open_counts: its mean weeks (`weeks.means`) and open cases (`open_cases.counts`). All are for
    everyone. number: no two have the same.
    """

    source: SourceText | None = None
    settings: Settings | None = None
    register: RegisterReading | None = None
    results: tuple[IndicatorResult, ...] = ()
    means: Mapping[str, weeks.Mean] = field(default_factory=dict)
    open_counts: tuple[int, int, int] = (0, 0, 0)
    number: int = field(default_factory=count().__next__)

    def is_of(self, source: SourceText, settings: Settings, register: RegisterReading | None) -> bool:
        """Whether it is what these inputs would give again."""
        return self.source is source and self.settings == settings and self.register is register


class Count(NamedTuple):
    """How many are in one category, and their share of everyone counted (0 to 1)."""

    number: Shown
    share: float | Hidden | None

    @property
    def text(self) -> str:
        """Text such as '65 (12.4%)', or c if hidden."""
        return count_and_share_text(self.number, self.share)


def read_earlier(
    source: SourceText, settings: Settings, register: RegisterReading | None, on_progress: OnProgress
) -> EarlierReturn:
    """Read an earlier return and keep what counting needs. Close it when it is no longer needed.

    Errors: those of `build_report`.
    """
    whole = build_report(source.data(), settings, on_progress, establishments=register, only=())
    try:
        found = Figures(whole)
        results = (*found.indicators, *(found.further(each.id) for each in catalogue.further_indicators()))
        means, open_counts = weeks.means(whole, EVERYONE), open_cases.counts(open_cases.listed(whole, EVERYONE))
        made = EarlierReturn(
            store=ReducedStore(whole.store),
            facts=whole.facts,
            collection=whole.collection,
            outcomes=(),
            counts=whole.counts,
            header=whole.header,
            source=source,
            settings=settings,
            register=register,
            results=results,
            means=means,
            open_counts=open_counts,
        )
        made.cache.put(INDICATORS, results)
        return made
    finally:
        whole.close()


def is_comparable(report: Report, lea: str | None, year: int) -> bool:
    """Whether a return is an earlier year of the same authority."""
    return lea is not None and lea == report.collection.lea and year < report.collection.year


def returns(report: Report) -> tuple[EarlierReturn, ...]:
    """The earlier years of this return, oldest first."""
    found = [each for each in report.earlier if isinstance(each, EarlierReturn)]
    chosen = [each for each in found if is_comparable(report, each.collection.lea, each.collection.year)]
    return tuple(sorted(chosen, key=lambda each: each.collection.year))


def years(report: Report) -> tuple[int, ...]:
    """The return years of the earlier returns, oldest first."""
    return tuple(each.collection.year for each in returns(report))


def put_beside(report: Report, earlier: Sequence[Report]) -> None:
    """Make these the earlier returns of a report, and forget the charts that show others. Closes none."""
    report.earlier = tuple(earlier)
    report.cache.drop("chart")


def numbers(report: Report) -> tuple[int, ...]:
    """The numbers of the earlier years, in the key of whatever is drawn from them."""
    return tuple(each.number for each in returns(report))


def label(year: int) -> str:
    """What an earlier return is called beside this one."""
    return f"Return of {year}"


# -- what a year does not hold --------------------------------------------------------------------------------


def not_held(earlier: EarlierReturn, by: Sequence[str], cohort: Cohort) -> str:
    """What a breakdown or a filter needs and the layout of the year lacks: 'returns have included ...'; empty if none.

    by: the characteristics of the breakdown. Without this, everyone would be in "not recorded".
    """
    known, year = reference.every_characteristic(), earlier.collection.rules_of
    of_census = [
        name for name in (*by, *(each for each, _ in cohort.chosen)) if name in reference.census_characteristics()
    ]
    if of_census:
        return f"only the school census has {_lower(known[of_census[0]].label)}"
    for name in (*by, *(name for name, _ in cohort.chosen)):
        first = known[name].from_year
        if first is not None and first > year:
            return f"returns have included {_lower(known[name].label)} since {first}"
    for name, keys in cohort.chosen:
        chosen = [known[name].category(key) for key in keys]
        firsts = [each.from_year or 0 for each in chosen]
        if min(firsts) > year:
            return f"returns have included {_lower(known[name].label)} '{chosen[0].label}' since {min(firsts)}"
    return ""


def note(report: Report, by: Sequence[str], selection: Selection) -> str:
    """Which earlier years are left out of a breakdown under these filters, and why; empty if none is."""
    found = {each.collection.year: not_held(each, by, selection.cohort) for each in returns(report)}
    return " ".join(f"{label(year)} left out: {why}." for year, why in found.items() if why)


def _lower(text: str) -> str:
    """A heading inside a sentence."""
    return text if text[:2].isupper() else text[0].lower() + text[1:]


# -- numbers ----------------------------------------------------------------------------------------------


def values(report: Report, indicator_id: str, selection: Selection) -> dict[int, Value]:
    """An indicator in each earlier year, for the same filters. A year without the items it needs is left out."""
    found = {}
    for each in returns(report):
        result = _figures(each, selection).results.get(indicator_id)
        if result is not None and _has(each, result, (), selection):
            found[each.collection.year] = figures.value(result, selection.threshold)
    return found


def breakdown(
    report: Report, indicator_id: str, by: Sequence[str], selection: Selection
) -> dict[int, dict[tuple[str, ...], Value]]:
    """An indicator in each earlier year by one or two characteristics: year to the keys of the part to its value."""
    found = {}
    for each in returns(report):
        own = _figures(each, selection)
        result = own.results.get(indicator_id)
        if result is not None and _has(each, result, by, selection):
            parts = figures.part_values(own.breakdown(indicator_id, by), selection.threshold)
            found[each.collection.year] = {part.keys: value for part, value in parts}
    return found


def marks(
    report: Report, indicator_id: str, by: Sequence[str], selection: Selection
) -> dict[tuple[str, ...], tuple[tuple[str, float], ...]]:
    """The same as marks of a chart: the keys of a part to the name of each earlier return and its share, or count."""
    is_count = catalogue.indicator(indicator_id).is_count
    found: dict[tuple[str, ...], tuple[tuple[str, float], ...]] = {}
    for year, parts in breakdown(report, indicator_id, by, selection).items():
        for keys, value in parts.items():
            length = value.drawn
            if is_count:
                length = None if isinstance(value.numerator, Hidden) else value.numerator
            if length is not None:
                found[keys] = (*found.get(keys, ()), (label(year), length))
    return found


def by_category(report: Report, base: str, characteristic: str, selection: Selection) -> dict[int, dict[str, Count]]:
    """The make-up of a base in each earlier year: year to category to its number and share.

    base: PEOPLE for everyone in the return, or the id of an indicator: what it counts. Categories without
    anybody and, for sharing, with a small number are left out.
    """
    found = {}
    for each, whole in _bases(report, base, selection, [characteristic]):
        own = _figures(each, selection)
        parts = own.count_people([characteristic]) if base == PEOPLE else own.breakdown(base, [characteristic])
        seen = (part for part in parts if not is_empty(part.numerator, selection.threshold))
        counts = {part.keys[0]: selection.count(part.numerator) for part in seen}
        found[each.collection.year] = {key: Count(number, share_shown(number, whole)) for key, number in counts.items()}
    return found


def totals(report: Report, base: str, selection: Selection) -> dict[int, Shown]:
    """How many a base counts in each earlier year. base: as for `by_category`."""
    return {each.collection.year: whole for each, whole in _bases(report, base, selection, ())}


def _bases(report: Report, base: str, selection: Selection, by: Sequence[str]) -> Iterator[tuple[EarlierReturn, Shown]]:
    """The earlier years that have a base and what a breakdown needs, with how many it counts, as shown."""
    for each in returns(report):
        if base == PEOPLE:
            if not not_held(each, by, selection.cohort):
                yield each, selection.count(figures.select(each, selection.cohort).n)
            continue
        result = _figures(each, selection).results.get(base)
        if result is not None and _has(each, result, by, selection):
            yield each, selection.count(result.numerator)


def _has(earlier: EarlierReturn, result: IndicatorResult, by: Sequence[str], selection: Selection) -> bool:
    """Whether the indicator was calculated, from items that the layout of the year has, and can be broken down."""
    is_there = not result.is_broken and result.indicator.exists_in(earlier.collection.rules_of)
    return is_there and not not_held(earlier, by, selection.cohort)


def _figures(earlier: EarlierReturn, selection: Selection) -> Figures:
    """The figures of an earlier return, which cannot be calculated again: the cache may have dropped them."""
    if earlier.cache.peek(INDICATORS) is None:
        earlier.cache.put(INDICATORS, earlier.results)
    return Figures(earlier, selection)
