"""Work out what the page "Since last time" shows: a return compared with an earlier one. Draws nothing.

The earlier return is checked with the current rules and its indicators are calculated. Its report is closed as soon as
the comparison holds what the page needs.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from sen2dash.analysis import open_cases, weeks
from sen2dash.checks import catalogue, masking
from sen2dash.checks.report import OnProgress, Report, build_report
from sen2dash.compare import moves
from sen2dash.compare.comparison import Comparison, compare
from sen2dash.compare.findings import Fate, needs_earlier
from sen2dash.config import Settings
from sen2dash.indicators import figures
from sen2dash.indicators.filters import EVERYONE
from sen2dash.model import IndicatorResult, Severity
from sen2dash.reading.register import RegisterReading
from sen2dash.reading.source import SourceText

#: Rows of a list that are sent to a browser at a time.
PAGE_ROWS = 500
WITHIN_20_WEEKS = "plans_within_20_weeks"


@dataclass
class ReturnChanges:
    """A report compared with an earlier return.

    settings: the settings used for the earlier return's indicators. source: the earlier return. serial_before: its
    serial number, or empty. year_before: its return year. means_before, open_before: its mean weeks (`weeks.means`) and
    open cases (`open_cases.counts`).
    """

    compared: Comparison
    indicators_before: tuple[IndicatorResult, ...]
    settings: Settings
    source: SourceText
    serial_before: str
    year_before: int
    means_before: Mapping[str, weeks.Mean]
    open_before: tuple[int, int, int]

    @property
    def n_by_fate(self) -> dict[str, int]:
        """Count the findings that were cleared, are new and are still there."""
        fates = self.compared.fates
        return {name: sum(getattr(fate, name) for fate in fates) for name in ("cleared", "new", "still")}

    def close(self) -> None:
        """Free the memory."""
        self.compared.close()


@dataclass(frozen=True)
class Page:
    """One page of a list's rows. first counts from 1; total counts the rows on all pages."""

    rows: tuple[dict[str, Any], ...]
    first: int
    total: int

    @property
    def last(self) -> int:
        """The position of the last row within the whole list."""
        return self.first + len(self.rows) - 1


def look_back(
    report: Report, source: SourceText, settings: Settings, register: RegisterReading | None, on_progress: OnProgress
) -> ReturnChanges:
    """Check the earlier return and compare the report with it.

    Errors: those of `build_report`.
    """
    chosen = [rule for rule in catalogue.rules() if not needs_earlier(rule)]
    before = build_report(source.data(), settings, on_progress, establishments=register, only=chosen)
    try:
        results = figures.Figures(before).indicators
        means = weeks.means(before, EVERYONE)
        n_open = open_cases.counts(open_cases.listed(before, EVERYONE))
        # The members of the later return are known from then on.
        after = indicators_after(report)
        not_given = {each.indicator.id for each in (*results, *after) if each.is_not_given}
        compared = compare(before, report)
        moves.find_moves(compared.space, before.store, report.store, not_given)
        return ReturnChanges(
            compared=compared,
            indicators_before=results,
            settings=settings,
            source=source,
            serial_before=before.header.get("SerialNo") or "",
            year_before=before.collection.year,
            means_before=means,
            open_before=n_open,
        )
    finally:
        before.close()


def indicators_after(report: Report) -> tuple[IndicatorResult, ...]:
    """The indicators of the current return, for everyone."""
    return figures.Figures(report).indicators


def indicator_texts(since: ReturnChanges, report: Report, is_sharing: bool) -> dict[str, tuple[str, str, str]]:
    """The title, the earlier figure and the current figure of every indicator, as shown, by id. is_sharing: rounded."""
    threshold = report.store.settings.suppression_threshold if is_sharing else 0

    def text(result: IndicatorResult) -> str:
        if result.is_not_given:
            return "not given"
        if result.is_broken:
            return "could not be calculated"
        value = figures.value(result, threshold)
        return figures.count_text(value.numerator) if result.indicator.is_count else value.text

    pairs = zip(since.indicators_before, indicators_after(report), strict=True)
    return {after.indicator.id: (after.indicator.title, text(before), text(after)) for before, after in pairs}


def n_moved(since: ReturnChanges) -> dict[str, int]:
    """How many people moved each indicator, for those that anybody moved."""
    return moves.n_moves(since.compared.space)


def within_20_weeks(since: ReturnChanges, report: Report) -> tuple[str, str, str]:
    """A short title, and the share of plans issued within 20 weeks, without exceptions, in both returns."""
    before, after = (
        next(
            "not calculated" if result.is_broken else figures.value(result).rate_text
            for result in results
            if result.indicator.id == WITHIN_20_WEEKS
        )
        for results in (since.indicators_before, indicators_after(report))
    )
    return "Plans within 20 weeks", before, after


def moved_page(since: ReturnChanges, indicator_id: str, number: int = 1, hide_names: bool = False) -> Page:
    """One page of the people who moved an indicator, each with `before` and `after` in words."""
    page = _page(moves.moves(since.compared.space, indicator_id), number)
    rows = [
        row
        | {
            "before": part_text(row["before_person"], row["of_before"], row["counted_before"]),
            "after": part_text(row["after_person"], row["of_after"], row["counted_after"]),
        }
        for row in page.rows
    ]
    return Page(tuple(masking.hide_person(row) for row in rows) if hide_names else tuple(rows), page.first, page.total)


def part_text(person: int | None, n_of: int, n_counted: int) -> str:
    """What a person counts as in an indicator of one return."""
    if person is None:
        return "not in the return"
    if not n_of:
        return "not part of it"
    if n_of == 1:
        return "counted" if n_counted else "not counted"
    return f"{n_counted} of {n_of} counted"


def fates(since: ReturnChanges, severity: Severity | None = None) -> list[Fate]:
    """What happened to the findings of each rule of this severity (None: of every rule)."""
    return [fate for fate in since.compared.fates if severity in (None, fate.severity)]


def findings_page(
    since: ReturnChanges, chosen: Sequence[Fate], kinds: Sequence[str], number: int = 1, hide_names: bool = False
) -> Page:
    """One page of the findings of these rules with one of these outcomes, in rule order."""
    rules = {fate.rule.id: fate.rule for fate in chosen}
    page = _page(since.compared.findings(list(rules), kinds), number)
    if not hide_names:
        return page
    rows = tuple(masking.hide_fate(row, rules[row["rule_id"]].fields) for row in page.rows)
    return Page(rows, page.first, page.total)


def differences_page(
    since: ReturnChanges, tables: Sequence[str], kinds: Sequence[str], number: int = 1, hide_names: bool = False
) -> Page:
    """One page of the differences in these tables of these kinds (changed, added, gone), grouped by person."""
    parts = []
    for table in tables:
        found = since.compared.listed(table)
        found = found.filter(pc.is_in(found["kind"], pa.array(list(kinds), pa.string())))
        parts.append(found.append_column("table", pa.repeat(pa.scalar(table), len(found))))
    order = [("after_person", "ascending"), ("before_person", "ascending"), ("after_line", "ascending")]
    page = _page(pa.concat_tables(parts).sort_by(order), number)
    if not hide_names:
        return page
    return Page(tuple(masking.hide_change(row) for row in page.rows), page.first, page.total)


def _page(table: pa.Table, number: int) -> Page:
    number = min(number, max(1, -(-len(table) // PAGE_ROWS)))
    start = (number - 1) * PAGE_ROWS
    return Page(tuple(table.slice(start, PAGE_ROWS).to_pylist()), start + 1 if len(table) else 0, len(table))
