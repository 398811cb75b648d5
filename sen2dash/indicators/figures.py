"""The figures of a report as every page reads them: computed once, filtered, and rounded for sharing on request.

A number is the same on every page because it comes from here: from the members that the indicators left in the report's
store. Draws nothing. Where figures are for sharing, counts are rounded here, before a page sees them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

import pyarrow as pa

from sen2dash import reference
from sen2dash.checks import catalogue
from sen2dash.checks.cache import Key
from sen2dash.checks.report import Report
from sen2dash.indicators import filters, run
from sen2dash.indicators.filters import EVERYONE
from sen2dash.indicators.run import MemberPart, TwentyWeeksVariant
from sen2dash.indicators.suppression import HIDDEN, Hidden, Shown, is_empty, note, round_count, round_rate
from sen2dash.model import CategoryPart, Cohort, IndicatorResult

#: A base under this is too small for a bar that compares rates.
FEW = 5
#: Shown instead of a rate when the base is empty.
NO_CASES = "no cases"
#: In place of a figure whose SQL failed.
NOT_CALCULATED = "Could not be calculated"
HIDDEN_TEXT = "c"
Made = TypeVar("Made")


@dataclass(frozen=True)
class Selection:
    """What the reader has asked to see. words: the filters, one line each.

    threshold: for sharing, counts are rounded to multiples of this number, see `suppression`; otherwise 0.
    """

    cohort: Cohort = EVERYONE
    words: tuple[str, ...] = ()
    n: int = 0
    n_all: int = 0
    threshold: int = 0

    @property
    def is_sharing(self) -> bool:
        """Whether counts are rounded and lists of people are left out."""
        return self.threshold > 0

    @property
    def text(self) -> str:
        """The filters on one line."""
        return "; ".join(self.words) or "Everyone in the return"

    @property
    def file_text(self) -> str:
        """The filters on one line for a file, which also has to say that its counts are rounded."""
        return f"{self.text}. {note(self.threshold)}" if self.is_sharing else self.text

    def count(self, count: int) -> Shown:
        """A count as it is shown."""
        return round_count(count, self.threshold)

    @property
    def size_text(self) -> str:
        """Text such as '512 of 2,000 people'."""
        n, n_all = self.count(self.n), self.count(self.n_all)
        return f"{count_text(n)} of {count_text(n_all)} {'person' if n_all == 1 else 'people'}"


@dataclass(frozen=True)
class Value:
    """Numerator, denominator and rate of one figure, or of one part, ready to show."""

    numerator: Shown
    denominator: Shown
    rate: float | Hidden | None

    @property
    def drawn(self) -> float | None:
        """The rate as a length between 0 and 1, or None if there is none to draw."""
        return None if isinstance(self.rate, Hidden) else self.rate

    @property
    def is_of_few(self) -> bool:
        """Whether its base is so small that the length of a bar would say more than it knows."""
        return not isinstance(self.denominator, Hidden) and self.denominator < FEW

    @property
    def is_hidden(self) -> bool:
        """Whether any part of it is hidden."""
        return HIDDEN in (self.numerator, self.denominator, self.rate)

    @property
    def rate_text(self) -> str:
        """Text such as '45.3%'."""
        return rate_text(self.rate)

    @property
    def of_text(self) -> str:
        """Text such as '34 of 75'."""
        return f"{count_text(self.numerator)} of {count_text(self.denominator)}"

    @property
    def text(self) -> str:
        """Text such as '45.3% (34 of 75)'."""
        return f"{self.rate_text} ({self.of_text})" if self.rate is not None else NO_CASES


def count_text(count: Shown) -> str:
    """A count with commas, or c if hidden."""
    return HIDDEN_TEXT if isinstance(count, Hidden) else f"{count:,}"


def rate_text(rate: float | Hidden | None) -> str:
    """A share between 0 and 1 as a percentage to one decimal place; c if hidden; words if there is none."""
    if rate is None:
        return NO_CASES
    return HIDDEN_TEXT if isinstance(rate, Hidden) else f"{rate:.1%}"


def count_and_share_text(count: Shown, share: float | Hidden | None) -> str:
    """A count with its share between 0 and 1, such as '65 (12.4%)'; c if hidden."""
    return count_text(count) if isinstance(count, Hidden) else f"{count_text(count)} ({rate_text(share)})"


# -- cohorts ----------------------------------------------------------------------------------------------


def choose(chosen: Mapping[str, Iterable[str]], without: Iterable[str] = ()) -> Cohort:
    """A cohort from the categories chosen, excluding people with no value for any characteristic in `without`.

    Errors: BadArguments if a characteristic or a category does not exist.
    """
    wanted = {name: list(keys) for name, keys in chosen.items()}
    for name in without:
        every = [category.key for category in reference.every_characteristic()[name].categories]
        wanted[name] = [key for key in wanted.get(name) or every if key != reference.NOT_RECORDED]
    return filters.choose(wanted)


def filters_in_words(cohort: Cohort) -> tuple[str, ...]:
    """One line per characteristic, listing whichever is shorter: 'Sex: all but Not recorded'."""
    lines = []
    for line, (name, keys) in zip(filters.in_words(cohort), cohort.chosen, strict=True):
        characteristic = reference.every_characteristic()[name]
        left_out = [category.label for category in characteristic.categories if category.key not in keys]
        is_shorter = len(left_out) == 1 and len(keys) > 1
        lines.append(f"{characteristic.label}: all but {left_out[0]}" if is_shorter else line)
    return tuple(lines)


def select(report: Report, cohort: Cohort = EVERYONE, is_sharing: bool = False) -> Selection:
    """The cohort with its size and its filters in words. is_sharing: round counts by the threshold of the settings."""
    n, n_all = report.cache.cached(Key("cohort_size", cohort=cohort), lambda: filters.size(report.store, cohort))
    threshold = report.store.settings.suppression_threshold if is_sharing else 0
    return Selection(cohort, filters_in_words(cohort), n, n_all, threshold)


# -- numbers ----------------------------------------------------------------------------------------------

#: The cache key of every indicator for everyone.
INDICATORS = Key("indicators")


@dataclass(frozen=True)
class Figures:
    """The figures of a report under the filters, each computed on first use and kept in the report's cache."""

    report: Report
    selection: Selection = Selection()

    @property
    def cohort(self) -> Cohort:
        """Who is counted."""
        return self.selection.cohort

    @property
    def indicators(self) -> tuple[IndicatorResult, ...]:
        """Every indicator for everyone, in catalogue order. The first read runs them; after that they are cached."""
        return self.report.cache.cached(INDICATORS, lambda: run.run_indicators(self.report.store))

    @property
    def results(self) -> Mapping[str, IndicatorResult]:
        """Every indicator for the cohort by its id, in catalogue order. Broken ones stay broken."""
        everyone = self.indicators
        key = Key("results", cohort=self.cohort)
        found = self.report.cache.cached(key, lambda: run.results(self.report.store, self.cohort, everyone))
        return {result.indicator.id: result for result in found}

    @property
    def values(self) -> Mapping[str, Value]:
        """Every figure under the filters, ready to show."""
        return {name: value(result, self.selection.threshold) for name, result in self.results.items()}

    def breakdown(self, indicator_id: str, by: Sequence[str]) -> tuple[CategoryPart, ...]:
        """An indicator by one or two characteristics, as `run.breakdown`, without empty parts."""
        return self.cached(
            Key("breakdown", indicator_id, self.cohort, tuple(by)),
            lambda: run.breakdown(self.report.store, indicator_id, by, self.cohort),
        )

    def count_people(self, by: Sequence[str]) -> tuple[CategoryPart, ...]:
        """People of the cohort by one or two characteristics, as `filters.count_people`."""
        key = Key("count_people", cohort=self.cohort, rest=tuple(by))
        return self.report.cache.cached(key, lambda: filters.count_people(self.report.store, by, self.cohort))

    def people(
        self, indicator_id: str, part: MemberPart = "denominator", where: Mapping[str, str] | None = None
    ) -> pa.Table:
        """The members behind a number, as `run.people_table`."""
        chosen = dict(where or {})
        return self.cached(
            Key("people", indicator_id, self.cohort, (part, *sorted(chosen.items()))),
            lambda: run.people_table(self.report.store, indicator_id, part, self.cohort, chosen),
        )

    def further(self, indicator_id: str) -> IndicatorResult:
        """One of the further indicators for the cohort. The first read runs it."""
        store, indicator = self.report.store, catalogue.indicator(indicator_id)
        everyone = self.cached(Key("indicators", indicator_id), lambda: run.run_further(store, indicator))
        if everyone.is_broken:
            return everyone
        key = Key("results", indicator_id, self.cohort)
        return self.cached(key, lambda: run.result(store, indicator_id, self.cohort))

    def readings(self, indicator_id: str) -> tuple[TwentyWeeksVariant, ...]:
        """An indicator under each value of the settings that it depends on, chosen one first.

        Empty if it depends on none. Counts everyone, whatever the filters.
        """
        return self.cached(Key("readings", indicator_id), lambda: run.other_readings(self.report.store, indicator_id))

    def cached(self, key: Key, compute: Callable[[], Made]) -> Made:
        """Return the cached value for `key`, computing it on first use from the members of the indicators."""
        _ = self.indicators
        return self.report.cache.cached(key, compute)


def value(result: IndicatorResult, threshold: int = 0) -> Value:
    """One figure, ready to show. The rate of a plain count is None."""
    if result.indicator.is_count:
        count = round_count(result.numerator, threshold)
        return Value(count, count, None)
    return Value(*round_rate(result.numerator, result.denominator, threshold))


def part_values(parts: Sequence[CategoryPart], threshold: int = 0) -> tuple[tuple[CategoryPart, Value], ...]:
    """The parts to show, each with its figure; for sharing, parts with a small base are left out."""
    return tuple(
        (part, Value(*round_rate(part.numerator, part.denominator, threshold)))
        for part in parts
        if not is_empty(part.denominator, threshold)
    )
