"""The manager's page: eight figures, each with what to compare it with. Draws nothing.

Every number comes from where the other pages get it: the indicators, the mean weeks, the open cases, the published
figures and earlier returns. Published figures are for everyone, whatever the filters. Rates per resident, and the mean
weeks and open cases of earlier returns, are for everyone too, so they are left out where filters narrow the page down.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import NamedTuple

from sen2dash.analysis import contributions, earlier_years, headlines, open_cases, summary_sentences, weeks
from sen2dash.analysis.changes import ReturnChanges
from sen2dash.analysis.contributions import OUTCOMES, Gap
from sen2dash.analysis.earlier_years import EarlierReturn
from sen2dash.analysis.summary_line import (
    RETURNS,
    ComparatorValue,
    ComparedNumber,
    Kind,
    Number,
    SummaryFigure,
    Unit,
    Year,
    text_of,
)
from sen2dash.checks import catalogue
from sen2dash.checks.report import Report
from sen2dash.indicators import figures
from sen2dash.indicators.figures import Figures, Selection, Value
from sen2dash.indicators.suppression import HIDDEN, Hidden
from sen2dash.model import Indicator, IndicatorResult
from sen2dash.reference import neighbouring, published

#: The characteristic of the groups in the sentences.
SENTENCES_BY = "need"


class EarlierFigures(NamedTuple):
    """An earlier return to compare with, for everyone. label: which one it is. year: its return year."""

    label: str
    year: int
    results: Mapping[str, IndicatorResult]
    means: Mapping[str, weeks.Mean]
    open_counts: tuple[int, int, int]


def before_of(since: ReturnChanges, year: int, time: str = "") -> EarlierFigures:
    """The earlier return of a comparison. year: of the current return. time: when a previous version was loaded."""
    label = "Earlier return" if since.year_before == year else f"Return of {since.year_before}"
    results = {result.indicator.id: result for result in since.indicators_before}
    return EarlierFigures(
        f"Version of {time}" if time else label, since.year_before, results, since.means_before, since.open_before
    )


def summary(report: Report, selection: Selection, before: EarlierFigures | None = None) -> tuple[SummaryFigure, ...]:
    """The eight figures, in order, each with its sentence."""
    before = before if selection.cohort.is_everyone else None
    make = _Lines(report, selection, before, _years_before(report, before))
    made = (
        SummaryFigure("plans", "Plans on census day", make.counts("caseload", "Plans")),
        SummaryFigure("new_plans", "New plans in the year", make.counts("new_plans", "Plans")),
        SummaryFigure(
            "requests",
            "Requests in the year",
            (*make.counts("requests_received", "Requests"), make.indicator("requests_refused", "Refused")),
        ),
        SummaryFigure(
            "within_20_weeks",
            "Plans within 20 weeks",
            (
                make.indicator("plans_within_20_weeks", "Without exceptions"),
                make.indicator("plans_within_20_weeks_all", "With exceptions"),
            ),
        ),
        SummaryFigure("weeks", weeks.TITLE, make.means()),
        SummaryFigure(
            "reviews",
            "Annual reviews on time",
            make.reviews(),
        ),
        SummaryFigure(
            "tribunal",
            "Tribunal",
            (
                make.indicator("tribunal_request", "Request"),
                make.indicator("tribunal_assessment", "Decision"),
                make.indicator("tribunal_other", "Other"),
            ),
            remark="Decision and Other are shares of assessments.",
        ),
        SummaryFigure("open", "Open on census day", make.open_cases()),
    )
    by_id = gaps(report, selection, SENTENCES_BY)
    return tuple(replace(each, sentence=summary_sentences.sentence(report, selection, each, by_id)) for each in made)


def labels_before(report: Report, selection: Selection, before: EarlierFigures | None) -> dict[Kind, str]:
    """What the earlier returns on the page are called, by kind, the newest first."""
    before = before if selection.cohort.is_everyone else None
    found: dict[Kind, str] = {} if before is None else {"before": before.label}
    years = _years_before(report, before)
    return found | {kind: earlier_years.label(each.collection.year) for kind, each in years.items()}


def _years_before(report: Report, before: EarlierFigures | None) -> dict[Kind, EarlierReturn]:
    """The earlier years to show, by kind, the newest first, besides the return that the report is compared with."""
    years = [
        each
        for each in reversed(earlier_years.returns(report))
        if before is None or each.collection.year != before.year
    ]
    kinds: tuple[Kind, ...] = RETURNS if before is None else RETURNS[1:]
    return dict(zip(kinds, years, strict=False))


def gaps(report: Report, selection: Selection, by: str) -> dict[str, Gap]:
    """The gap of each share that can be explained by groups of a characteristic, by the indicator."""
    found = {name: contributions.gap(report, selection, name, by) for name in OUTCOMES}
    return {name: each for name, each in found.items() if each is not None}


@dataclass(frozen=True)
class _Lines:
    """Makes the lines of one page."""

    report: Report
    selection: Selection
    before: EarlierFigures | None
    years: Mapping[Kind, EarlierReturn]

    def indicator(self, name: str, heading: str) -> ComparedNumber:
        """A count or a share."""
        found = Figures(self.report, self.selection)
        result, value = found.results[name], found.values[name]
        indicator = result.indicator
        unit: Unit = "number" if indicator.is_count else "percent"
        if result.is_broken:
            return ComparedNumber(name, heading, indicator.title, unit, None, reason=result.reason)
        lea, year, known = self.report.collection.lea, self.report.collection.year, self.report.published
        near = neighbouring.figures(indicator, lea, year, known)
        series = indicator.published_as or ""
        own = published.own_years(series, lea, year, known, has_share=not indicator.is_count)
        return ComparedNumber(
            key=name,
            heading=heading,
            name=indicator.title,
            unit=unit,
            number=_number(indicator, value),
            counts=None if indicator.is_count else value,
            beside=self._beside(
                unit,
                published.newest(indicator, lea, year, known),
                near,
                self._before(name),
            ),
            years=_years(unit, own),
        )

    def _before(self, name: str) -> dict[Kind, Number]:
        """An indicator of the earlier returns."""
        found: dict[Kind, Number] = {}
        if self.before is not None:
            found["before"] = _before(self.before.results[name], self.selection)
        values = earlier_years.values(self.report, name, self.selection)
        for kind, each in self.years.items():
            if each.collection.year in values:
                found[kind] = _number(catalogue.indicator(name), values[each.collection.year])
        return found

    def counts(self, name: str, heading: str) -> tuple[ComparedNumber, ...]:
        """A count and, for everyone in a known authority, the same per 10,000 residents aged 0 to 17."""
        line, indicator = self.indicator(name, heading), catalogue.indicator(name)
        lea, year, known = self.report.collection.lea, self.report.collection.year, self.report.published
        is_known = lea is not None and published.residents_year(lea, year) is not None
        if line.reason is not None or not is_known or not self.selection.cohort.is_everyone:
            return (line,)
        newest: dict[published.Area, published.PublishedFigure] = {}
        for each in published.rates(indicator, lea, year, known):
            newest.setdefault(each.area, each)
        rate = headlines.own_rate(self.report, indicator, self.selection)
        near = neighbouring.rates(indicator, lea, year, known)
        return (
            line,
            ComparedNumber(
                key=f"{name}_rate",
                heading="Per 10,000",
                name=f"{indicator.title}, per 10,000 residents aged 0 to 17",
                unit="rate",
                number=HIDDEN if rate is None else rate,
                beside=self._beside("rate", tuple(newest.values()), near),
            ),
        )

    def reviews(self) -> tuple[ComparedNumber, ...]:
        """Outcomes and meetings, without a number for a return whose layout has no meetings."""
        make = self
        if self.before is not None and self.before.year == earlier_years.WITHOUT_REVIEWS:
            make = replace(self, before=None)
        found = (
            make.indicator("review_decisions_within_4_weeks", "Outcome in 4 weeks"),
            make.indicator("reviews_held", "Meeting recorded"),
        )
        if self.report.collection.year != earlier_years.WITHOUT_REVIEWS:
            return found
        return tuple(replace(line, number=None, counts=None) for line in found)

    def means(self) -> tuple[ComparedNumber, ...]:
        """The mean weeks to issue a plan, without and with exceptions."""
        lea, year, known = self.report.collection.lea, self.report.collection.year, self.report.published
        found, reasons = weeks.means(self.report, self.selection.cohort), Figures(self.report, self.selection).results
        made = []
        for name, (heading, series) in weeks.MEANS.items():
            newest = (published.newest_of(series, area, year, known) for area in published.areas(lea))
            near = neighbouring.series_figures(series, lea, year, known)
            own = published.own_years(series, lea, year, known)
            before: dict[Kind, Number] = {}
            # Two exact means of almost the same plans would say how long the few others took.
            if self.selection.cohort.is_everyone and not self.selection.is_sharing:
                sources: dict[Kind, Mapping[str, weeks.Mean]] = {}
                if self.before is not None:
                    sources["before"] = self.before.means
                sources |= {kind: each.means for kind, each in self.years.items()}
                before = {kind: weeks.shown(self.selection, name, each) for kind, each in sources.items()}
            made.append(
                ComparedNumber(
                    key=f"mean_weeks_{name}",
                    heading={"Exceptions included": "With exceptions"}.get(heading, heading),
                    name=f"{weeks.TITLE}: {heading.lower()}",
                    unit="weeks",
                    number=weeks.shown(self.selection, name, found),
                    beside=self._beside("weeks", [each for each in newest if each is not None], near, before),
                    years=_years("weeks", own),
                    reason=reasons[name].reason,
                )
            )
        return tuple(made)

    def open_cases(self) -> tuple[ComparedNumber, ...]:
        """What was open on census day, past its limit, and due within two weeks."""
        now = open_cases.counts(open_cases.listed(self.report, self.selection.cohort))
        earlier: dict[Kind, tuple[int, int, int]] = {} if self.before is None else {"before": self.before.open_counts}
        if self.selection.cohort.is_everyone:
            earlier |= {kind: each.open_counts for kind, each in self.years.items()}
        names = (
            ("open", "Open", "Cases open on census day"),
            ("open_late", "Late", "Open cases past their limit"),
            ("open_soon", "Due soon", "Open cases due within two weeks"),
        )
        return tuple(
            ComparedNumber(
                *words,
                unit="number",
                number=self.selection.count(count),
                beside=self._beside(
                    "number", (), (), {kind: self.selection.count(counts[place]) for kind, counts in earlier.items()}
                ),
            )
            for place, (words, count) in enumerate(zip(names, now, strict=True))
        )

    def _beside(
        self,
        unit: Unit,
        newest: Sequence[published.PublishedFigure],
        near: Sequence[published.PublishedFigure],
        before: Mapping[Kind, Number] = MappingProxyType({}),
    ) -> tuple[ComparatorValue, ...]:
        """England, the region, the median of the neighbours, and earlier returns, as far as there are any."""
        kinds: dict[str, Kind] = {"England": "England", "region": "region"}
        made = [_published(kinds[each.area.level], unit, each) for each in newest if each.area.level in kinds]
        middle = neighbouring.median_of(near, is_share=unit == "percent")
        if middle is not None:
            made.append(ComparatorValue("neighbours", near[0].period, middle, text_of(unit, middle)))
        made += [
            ComparatorValue(kind, "", each, text_of(unit, each)) for kind, each in before.items() if each is not None
        ]
        return tuple(made)


def _number(indicator: Indicator, value: Value) -> Number:
    """The count, or the share in percent."""
    if indicator.is_count:
        return value.numerator
    return value.rate if isinstance(value.rate, Hidden) or value.rate is None else 100 * value.rate


def _before(result: IndicatorResult, selection: Selection) -> Number:
    if result.is_broken:
        return None
    return _number(result.indicator, figures.value(result, selection.threshold))


def _published(kind: Kind, unit: Unit, figure: published.PublishedFigure) -> ComparatorValue:
    number = figure.percent if unit == "percent" else figure.number
    return ComparatorValue(
        kind, figure.period, number, headlines.NOT_AVAILABLE if number is None else text_of(unit, number)
    )


def _years(unit: Unit, own: Sequence[published.PublishedFigure]) -> tuple[Year, ...]:
    """The published years that have such a number: a count can be published without its share."""
    numbers = ((each, each.percent if unit == "percent" else each.number) for each in own)
    return tuple(
        Year(each.collection_year, each.period, number, text_of(unit, number))
        for each, number in numbers
        if number is not None
    )


# -- around the figures -----------------------------------------------------------------------------------


def near_text(report: Report) -> str:
    """The names behind 'region' and 'neighbours'."""
    lea = report.collection.lea
    near, found = neighbouring.areas(lea), published.areas(lea)[1:]
    if not found:
        return "The authority of this return is not known, so there are no figures of a region or of neighbours."
    region, own = (summary_sentences.spoken(area.name) for area in found)
    if not near:
        return f"Region: {region}. {own} has no statistical neighbours in the data."
    names = "; ".join(summary_sentences.spoken(area.name) for area in near)
    return f"Region: {region}. Neighbours: the median of {own}'s statistical neighbours, nearest first: {names}."


def notes(report: Report, selection: Selection, found: Sequence[SummaryFigure]) -> tuple[str, ...]:
    """What to know before comparing, and where the published figures come from, without repeats."""
    indicators = {each.id: each for each in catalogue.indicators()}
    sentences = [
        note
        for figure in found
        for line in figure.lines
        for note in (headlines.notes(report, indicators[line.key]) if line.key in indicators else ())
    ]
    sentences += weeks.table(report, selection).notes
    if any(line.unit == "rate" for figure in found for line in figure.lines):
        sentences.append(f"Residents: {published.RESIDENTS_SOURCE}.")
    sources = [note for note in sentences if note.startswith(("Source: ", "Residents: "))]
    return tuple(dict.fromkeys([*(note for note in sentences if note not in sources), *sources]))
