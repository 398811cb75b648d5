"""The page of one indicator: its years, its neighbours by name, its groups, and the people behind it. Draws on no page.

Every number is that of the headline figures. Published figures are for everyone, whatever the filters.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from sen2dash import reference
from sen2dash.analysis import contributions, earlier_years, headlines, timeliness
from sen2dash.charts.bars import Bar, bar_chart, column_chart
from sen2dash.charts.pieces import Chart
from sen2dash.checks.report import Report
from sen2dash.indicators import figures
from sen2dash.indicators.figures import Figures, Selection, Value, count_text
from sen2dash.indicators.run import MemberPart
from sen2dash.indicators.suppression import Hidden
from sen2dash.model import Indicator
from sen2dash.reference import neighbouring, published
from sen2dash.reference.published import PublishedFigure

ON_TIME: Mapping[MemberPart, str] = {"rest": "Late", "numerator": "On time", "denominator": "All"}
OVER_52_WEEKS: Mapping[MemberPart, str] = {
    "numerator": "Over 52 weeks",
    "rest": "Within 52 weeks",
    "denominator": "All",
}
#: The lists of people behind an indicator with a limit, in the order they are offered: late first.
LIMIT_WORDS: Mapping[str, Mapping[MemberPart, str]] = {
    **{name: OVER_52_WEEKS if name in timeliness.COUNTS_LATE else ON_TIME for name in timeliness.LIMITS},
    "review_decisions_within_4_weeks": ON_TIME,
    "phase_transfer_plans_on_time": ON_TIME,
}
COUNTED_WORDS: Mapping[MemberPart, str] = {"numerator": "Counted", "rest": "Not counted", "denominator": "All"}


class PeopleList(NamedTuple):
    """One list of the people behind an indicator. label: 'Late (143)'."""

    key: MemberPart
    word: str
    label: str


def parts(report: Report, selection: Selection, indicator: Indicator) -> tuple[PeopleList, ...]:
    """The lists to choose from, the one to look at first before the others."""
    result = Figures(report, selection).results[indicator.id]
    if indicator.is_count:
        return (PeopleList("denominator", "All", f"All ({result.denominator:,})"),)
    numbers: dict[MemberPart, int] = {
        "numerator": result.numerator,
        "rest": result.denominator - result.numerator,
        "denominator": result.denominator,
    }
    words = LIMIT_WORDS.get(indicator.id, COUNTED_WORDS)
    return tuple(PeopleList(key, word, f"{word} ({numbers[key]:,})") for key, word in words.items())


def people(report: Report, selection: Selection, name: str, part: MemberPart) -> pa.Table:
    """The people of one list. For an indicator with a limit, as `timeliness.decided`: the latest first."""
    if name not in timeliness.LIMITS:
        return headlines.members(report, selection, name, part)
    found = timeliness.decided(report, name, selection.cohort)
    if part != "denominator":
        is_counted = found["in_numerator"]
        found = found.filter(is_counted if part == "numerator" else pc.invert(is_counted))
    return found


# -- charts -----------------------------------------------------------------------------------------------


def groups(report: Report, selection: Selection, indicator: Indicator, by: str) -> Chart:
    """The indicator in each group of a characteristic."""
    known = reference.characteristics()[by]
    found = Figures(report, selection)
    shown = figures.part_values(found.breakdown(indicator.id, [by]), selection.threshold)
    whole = found.values[indicator.id]
    everyone = (("Everyone shown", whole.drawn),) if whole.drawn is not None and not indicator.is_count else ()
    before = earlier_years.marks(report, indicator.id, [by], selection)
    rows = [
        Bar(
            part.keys[0],
            part.labels[0],
            _length(value, indicator),
            count_text(value.numerator) if indicator.is_count else value.text,
            (*everyone, *before.get(part.keys, ())),
            is_faint=not indicator.is_count and value.is_of_few,
        )
        for part, value in shown
    ]
    title, left_out = f"{indicator.title}, by {known.label.lower()}", earlier_years.note(report, [by], selection)
    if indicator.is_count:
        return bar_chart(title, f"Number of {indicator.unit}. {left_out}".rstrip(), known.label, rows, "number")
    unit = f"Share of {indicator.base}.{timeliness.few_note(rows)} {left_out}"
    return bar_chart(title, unit.rstrip(), known.label, rows)


def _length(value: Value, indicator: Indicator) -> float | None:
    """The length of a bar or the place of a mark: a count or a share; None if it is hidden or there is none."""
    if not indicator.is_count:
        return value.drawn
    return None if isinstance(value.numerator, Hidden) else value.numerator


def gap_text(report: Report, selection: Selection, name: str, by: str) -> str:
    """The groups that explain most of the gap, in words; empty if there is nothing to say."""
    gap = contributions.gap(report, selection, name, by) if name in contributions.OUTCOMES else None
    if gap is None or not gap.largest:
        return ""
    return f"{'. '.join([gap.heading, *(gap.group_text(group) for group in gap.largest)])}."


def neighbours_chart(report: Report, selection: Selection, indicator: Indicator) -> Chart | None:
    """This return, England, the region and each statistical neighbour by name; None if nothing was published."""
    lea, year, known = report.collection.lea, report.collection.year, report.published
    is_rate = indicator.published_as in published.RATED
    find, find_wider = (neighbouring.rates, published.rates) if is_rate else (neighbouring.figures, published.figures)
    found = find(indicator, lea, year, known)
    if not found:
        return None
    period = found[0].period
    wider = find_wider(indicator, lea, year, known)
    # A count of England or a region would make every other bar invisible.
    is_comparable = is_rate or not indicator.is_count
    wider = tuple(each for each in wider if each.period == period and (is_comparable or each.area.level == "authority"))
    own = _own(report, selection, indicator, is_rate)
    rows = [*own, *(_bar(indicator, each) for each in (*wider, *found))]
    unit = "Per 10,000 residents aged 0 to 17" if is_rate else ("Number" if indicator.is_count else "Share")
    return bar_chart(
        f"{indicator.title}: statistical neighbours",
        f"{unit}. Grey: published for {period}, the nearest neighbour first.{' Blue: this return.' if own else ''}",
        "Area",
        rows,
        "number" if indicator.is_count else "percent",
    )


def _own(report: Report, selection: Selection, indicator: Indicator, is_rate: bool) -> list[Bar]:
    """The bar of this return, if it can be compared."""
    value = Figures(report, selection).values[indicator.id]
    if is_rate:
        rate = headlines.own_rate(report, indicator, selection)
        return [] if rate is None else [Bar("own", "This return, everyone", rate, f"{rate:,.1f}")]
    label = "This return" if selection.cohort.is_everyone else "This return, people shown"
    if indicator.is_count:
        return [Bar("own", label, _length(value, indicator), count_text(value.numerator))]
    return [Bar("own", label, value.drawn, value.rate_text)]


def _bar(indicator: Indicator, figure: PublishedFigure) -> Bar:
    label = figure.area.name
    number = figure.number if indicator.is_count else figure.percent
    if number is None:
        return Bar(figure.area.code, label, None, headlines.NOT_AVAILABLE, is_faint=True)
    if not indicator.is_count:
        return Bar(figure.area.code, label, number / 100, f"{number / 100:.1%}", is_faint=True)
    text = f"{number:,.1f}" if figure.is_computed else f"{number:,.0f}"
    return Bar(figure.area.code, label, number, text, is_faint=True)


def trend(report: Report, selection: Selection, indicator: Indicator) -> Chart | None:
    """The authority's published years with England, its earlier returns and this return; None without any year before.

    The published years are for everyone: with filters, they are left out if there is an earlier return to show, and
    otherwise this return is.
    """
    lea, year, known = report.collection.lea, report.collection.year, report.published
    series, has_share = indicator.published_as or "", not indicator.is_count
    before = earlier_years.values(report, indicator.id, selection)
    is_whole = selection.cohort.is_everyone
    own = published.own_years(series, lea, year, known, has_share) if is_whole or not before else ()
    if not own and not before:
        return None
    rows = []
    for each in own:
        england = published.series_figure(series, published.areas(None)[0], each.collection_year, known, has_share)
        marks: Sequence[tuple[str, float]] = ()
        if has_share and england is not None and england.percent is not None:
            marks = (("England", england.percent / 100),)
        rows.append(
            _bar(indicator, each)._replace(key=str(each.collection_year), label=each.period, marks=tuple(marks))
        )
    for earlier, value in before.items():
        text = count_text(value.numerator) if indicator.is_count else value.rate_text
        rows.append(Bar(f"return {earlier}", earlier_years.label(earlier), _length(value, indicator), text))
    if is_whole or before:
        rows += _own(report, selection, indicator, is_rate=False)
    names = [
        *(["published years"] if own else []),
        *(["earlier returns"] if before else []),
        *(["this return"] if is_whole or before else []),
    ]
    sentences = (
        ["Grey: as published for this authority" + (", with England as a mark." if has_share else ".")] if own else []
    )
    sentences += ["Blue: the returns that are loaded."] if is_whole or before else []
    return column_chart(
        f"{indicator.title}: {_listed(names)}",
        " ".join(sentences),
        "Year",
        rows,
        "number" if indicator.is_count else "percent",
    )


def _listed(names: Sequence[str]) -> str:
    """Names as in a sentence: 'a, b and c'."""
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)
