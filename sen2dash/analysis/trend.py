"""Indicators and findings over the kept returns of one authority: versions of a return, and up to three years.

Made from the summaries alone: no return is opened. A line breaks where the definition behind it changed between two
returns, because the two numbers then mean different things. Draws nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeVar

from sen2dash.archive.definitions import indicator_digest, rules_digest
from sen2dash.archive.kept import KeptReturn
from sen2dash.archive.kinds import Kind
from sen2dash.archive.summary import StoredIndicator, Summary
from sen2dash.checks import catalogue
from sen2dash.config import Settings
from sen2dash.model import SEVERITIES, SEVERITY_LABELS, Indicator, Severity, share_of

#: The most years side by side.
MAX_YEARS = 3
#: The digest of the rules, and of each indicator by its id.
Digests = tuple[str, Mapping[str, str]]
Each = TypeVar("Each")


@dataclass(frozen=True)
class Point:
    """One kept return. is_hollow: how it is drawn, for everything but a submission.

    release, rules: which release made its summary, and the digest of the rules that it ran.
    """

    id: str
    year: int
    name: str
    kind: Kind
    reference_date: date
    loaded_at: datetime
    release: str
    rules: str
    persons: int
    is_made_up: bool = False

    @property
    def is_hollow(self) -> bool:
        """Whether it was not submitted."""
        return self.kind != "submission"


@dataclass(frozen=True)
class TrendValue:
    """One number of one return. denominator: None for a plain count."""

    numerator: int
    denominator: int | None = None

    @property
    def value(self) -> float | None:
        """The count, or numerator over denominator, not rounded; None if the denominator is 0."""
        return self.numerator if self.denominator is None else share_of(self.numerator, self.denominator)


@dataclass(frozen=True)
class TrendLine:
    """One indicator, or the findings of one severity, over all points.

    readings: one for each point; None if its summary has none, if returns of its year do not hold what it needs, or if
    it could not be run: one rule is enough, because the count is then too low. breaks: the places of points at which
    the line begins anew, because their definition is not that of the reading before.
    """

    id: str
    title: str
    is_count: bool
    readings: tuple[TrendValue | None, ...]
    breaks: frozenset[int]

    def runs(self, shown: Collection[int] | None = None) -> tuple[tuple[int, ...], ...]:
        """The places of the points that are joined by a line, run by run. A place without a number ends a run.

        shown: the places whose number is shown; None for all.
        """
        found: list[list[int]] = []
        is_open = False
        for place in range(len(self.readings)):
            if self.readings[place] is None or (shown is not None and place not in shown):
                is_open = False
                continue
            if not is_open or place in self.breaks:
                found.append([])
            found[-1].append(place)
            is_open = True
        return tuple(tuple(run) for run in found)


@dataclass(frozen=True)
class Trend:
    """Everything that a trend shows. stale: returns whose summary is not what this release would make."""

    points: tuple[Point, ...]
    indicators: tuple[TrendLine, ...]
    findings: tuple[TrendLine, ...]
    stale: tuple[str, ...]


def trend(kept: Sequence[KeptReturn], settings: Settings, n_years: int = MAX_YEARS) -> Trend:
    """Return the trend over kept returns of one authority. Damaged ones are left out.

    settings: what this release would make a summary with. n_years: the newest return years to show, at most 3.
    Points are in the order of their census day, and of loading within a return.
    """
    whole = [(each, each.manifest, each.summary) for each in kept if each.manifest and each.summary]
    years = sorted({manifest.year for _, manifest, _ in whole})[-min(n_years, MAX_YEARS) :]
    shown = [each for each in whole if each[1].year in years]
    shown.sort(key=lambda each: (each[1].reference_date, each[1].loaded_at))
    points = tuple(
        Point(
            each.id,
            manifest.year,
            each.name,
            manifest.kind,
            manifest.reference_date,
            manifest.loaded_at,
            summary.release,
            summary.rules,
            manifest.persons,
            manifest.is_made_up,
        )
        for each, manifest, summary in shown
    )
    summaries = [summary for _, _, summary in shown]
    now = _digests(settings)
    stale = tuple(each.id for each, _, summary in shown if _made_with(summary) != now)
    return Trend(
        points, _indicator_lines(summaries, [point.year for point in points]), _finding_lines(summaries), stale
    )


def to_recompute(kept: Sequence[KeptReturn], settings: Settings) -> tuple[KeptReturn, ...]:
    """The kept returns whose summary is not what this release would make, or is damaged.

    That of a newer release, which this one cannot read, stays as it is.
    """
    now = _digests(settings)
    known = [each for each in kept if each.manifest and not each.is_newer]
    return tuple(each for each in known if each.summary is None or _made_with(each.summary) != now)


def _made_with(summary: Summary) -> Digests:
    return summary.rules, {each.id: each.definition for each in summary.figures}


def _digests(settings: Settings) -> Digests:
    """What this release makes a summary with under these settings."""
    return rules_digest(settings), {each.id: indicator_digest(each, settings) for each in catalogue.indicators()}


def _indicator_lines(summaries: Sequence[Summary], years: Sequence[int]) -> tuple[TrendLine, ...]:
    figures = [{each.id: each for each in summary.figures} for summary in summaries]

    def line(indicator: Indicator) -> TrendLine:
        found = [
            each.get(indicator.id) if indicator.exists_in(year) else None
            for each, year in zip(figures, years, strict=True)
        ]
        whole = [each if each and not each.is_broken else None for each in found]
        readings = tuple(_reading(each, indicator.is_count) for each in whole)
        breaks = _breaks(whole, lambda each: each.definition)
        return TrendLine(indicator.id, indicator.title, indicator.is_count, readings, breaks)

    return tuple(map(line, catalogue.indicators()))


def _finding_lines(summaries: Sequence[Summary]) -> tuple[TrendLine, ...]:
    counts = [summary.open_findings() for summary in summaries]

    def line(severity: Severity) -> TrendLine:
        found = [each[severity] for each in counts]
        whole = [None if n is None else each for n, each in zip(found, summaries, strict=True)]
        readings = tuple(None if n is None else TrendValue(n) for n in found)
        return TrendLine(severity, SEVERITY_LABELS[severity], True, readings, _breaks(whole, lambda each: each.rules))

    return tuple(line(severity) for severity in SEVERITIES)


def _reading(figure: StoredIndicator | None, is_count: bool) -> TrendValue | None:
    if figure is None:
        return None
    return TrendValue(figure.numerator, None if is_count else figure.denominator)


def _breaks(found: Sequence[Each | None], definition: Callable[[Each], str]) -> frozenset[int]:
    """The places at which the definition is not that of the one before."""
    breaks, last = set(), None
    for place, each in enumerate(found):
        if each is None:
            continue
        if last is not None and definition(each) != last:
            breaks.add(place)
        last = definition(each)
    return frozenset(breaks)
