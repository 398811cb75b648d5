"""One sentence for each figure of the manager's page: what stands out. Draws nothing.

A sentence uses only numbers as the page shows them, so for sharing it cannot say more than the page does.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

from sen2dash.analysis import contributions, headlines
from sen2dash.analysis.contributions import Gap
from sen2dash.analysis.earlier_years import WITHOUT_REVIEWS
from sen2dash.analysis.summary_line import ComparedNumber, SummaryFigure
from sen2dash.checks.report import Report
from sen2dash.indicators.figures import Selection
from sen2dash.indicators.run import is_not_given
from sen2dash.indicators.suppression import HIDDEN, Hidden
from sen2dash.reference import NOT_RECORDED, published

Gaps = Mapping[str, Gap]


class WhoIsShown(NamedTuple):
    """Who a sentence is about. where: its first words. is_everyone: whether no filter narrows the page down."""

    where: str
    is_everyone: bool


def spoken(name: str) -> str:
    """The name of an area inside a sentence: 'City of Bristol' for 'Bristol, City of'."""
    head, _, tail = name.rpartition(", ")
    return f"{tail} {head}" if tail in ("City of", "County of") else name


def sentence(report: Report, selection: Selection, figure: SummaryFigure, gaps: Gaps) -> str:
    """What stands out in one figure; if it has no number, why."""
    main = figure.lines[0]
    if main.reason is not None:
        if is_not_given(main.reason):
            return f"Not calculated. {main.reason}"
        return f"This figure could not be calculated, which is a fault of the program: {main.reason}"
    if figure.key == "reviews" and report.collection.year == WITHOUT_REVIEWS:
        return f"A {WITHOUT_REVIEWS} return has no review meetings."
    if main.number is HIDDEN:
        return "Hidden, because a count behind it is small."
    if main.number is None:
        return "There are no cases."
    return SENTENCES[figure.key](_who(report, selection), {line.key: line for line in figure.lines}, gaps)


def _who(report: Report, selection: Selection) -> WhoIsShown:
    if not selection.cohort.is_everyone:
        return WhoIsShown("Among the people shown,", is_everyone=False)
    area = published.areas(report.collection.lea)[-1]
    where = f"In {spoken(area.name)}," if area.level == "authority" else "In this return,"
    return WhoIsShown(where, is_everyone=True)


def _versus(line: ComparedNumber) -> str:
    """England and the neighbours with their periods, as far as their figures are known.

    '; England 46.1% (2025), neighbours 59.6% (2024)', or '; England 46.4%, neighbours 59.6% in 2024'.
    """
    beside = (line.comparator("England"), line.comparator("neighbours"))
    found = [each for each in beside if each is not None and each.number is not None]
    if not found:
        return ""
    if len(found) == 2 and found[0].period == found[1].period:
        return f"; {', '.join(f'{each.kind} {each.text}' for each in found)} in {found[0].period}"
    return f"; {', '.join(f'{each.kind} {each.text} ({each.period})' for each in found)}"


def _since_published(line: ComparedNumber) -> str:
    """How a count differs from the authority's own newest published one, or empty."""
    if not line.years or isinstance(line.number, Hidden) or line.number is None or not line.years[-1].number:
        return ""
    newest = line.years[-1]
    difference = headlines.count_difference(round(line.number), newest.number)
    return f", {'as many as' if difference == 'the same' else f'{difference} than'} published for {newest.period}"


def _many(number: float | Hidden | None, one: str, many: str) -> str:
    return one if number == 1 else many


def _plans(who: WhoIsShown, lines: Mapping[str, ComparedNumber], _: Gaps) -> str:
    line = lines["caseload"]
    change = _since_published(line) if who.is_everyone else ""
    have = _many(line.number, "person has a plan", "people have a plan")
    return f"{who.where} {line.text} {have}{change}.{_per_resident(lines.get('caseload_rate'))}"


def _per_resident(line: ComparedNumber | None) -> str:
    return "" if line is None or not line.is_shown else f" Per 10,000 residents: {line.text}{_versus(line)}."


def _new_plans(who: WhoIsShown, lines: Mapping[str, ComparedNumber], _: Gaps) -> str:
    line = lines["new_plans"]
    change = _since_published(line) if who.is_everyone else ""
    started = _many(line.number, "new plan started", "new plans started")
    return f"{who.where} {line.text} {started}{change}.{_per_resident(lines.get('new_plans_rate'))}"


def _requests(who: WhoIsShown, lines: Mapping[str, ComparedNumber], _: Gaps) -> str:
    line, refused = lines["requests_received"], lines["requests_refused"]
    text = f"{who.where} {line.text} {_many(line.number, 'request was', 'requests were')} received"
    return f"{text} and {refused.text} refused{_versus(refused)}." if refused.is_shown else f"{text}."


def _within_20_weeks(who: WhoIsShown, lines: Mapping[str, ComparedNumber], gaps: Gaps) -> str:
    line = lines["plans_within_20_weeks"]
    text = f"{who.where} {line.text} of plans were issued within 20 weeks{_versus(line)}."
    return f"{text}{_late(gaps.get(line.key), 'plan was late', 'plans were late')}"


def _weeks(who: WhoIsShown, lines: Mapping[str, ComparedNumber], _: Gaps) -> str:
    line = next(iter(lines.values()))
    return f"{who.where} a plan took {line.text} weeks on average, without exceptions{_versus(line)}."


def _reviews(who: WhoIsShown, lines: Mapping[str, ComparedNumber], gaps: Gaps) -> str:
    line = lines["review_decisions_within_4_weeks"]
    text = f"{who.where} {line.text} of people were told the outcome of their review within 4 weeks{_versus(line)}."
    return f"{text}{_late(gaps.get(line.key), 'outcome was late', 'outcomes were late')}"


def _late(gap: Gap | None, one: str, many: str) -> str:
    """How many were late, and how many of them in one group: ' 143 plans were late, 61 of them SEMH.'"""
    if gap is None or isinstance(gap.number, Hidden) or not gap.number:
        return ""
    text = f" {gap.number:,} {_many(gap.number, one, many)}"
    group = gap.named
    if group is None or not group.number or gap.number == 1:
        return f"{text}."
    whose = "with no need recorded" if group.key == NOT_RECORDED else contributions.short_label(gap.by, group)
    return f"{text}, {group.number:,} of them {whose}."


def _tribunal(who: WhoIsShown, lines: Mapping[str, ComparedNumber], _: Gaps) -> str:
    line = lines["tribunal_request"]
    return f"{who.where} {line.text} of requests went to a tribunal over the decision to assess{_versus(line)}."


def _open(who: WhoIsShown, lines: Mapping[str, ComparedNumber], _: Gaps) -> str:
    line, late, soon = lines.values()
    if not line.number:
        return f"{who.where} no case was open on census day."
    text = f"{who.where} {line.text} {_many(line.number, 'case was', 'cases were')} open on census day"
    more = [f"{late.text} past their limit"] * (late.number is not HIDDEN)
    more += [f"{soon.text if soon.number else 'none'} due within two weeks"] * (soon.number is not HIDDEN)
    return f"{text}: {' and '.join(more)}." if more else f"{text}."


SENTENCES: Mapping[str, Callable[[WhoIsShown, Mapping[str, ComparedNumber], Gaps], str]] = {
    "plans": _plans,
    "new_plans": _new_plans,
    "requests": _requests,
    "within_20_weeks": _within_20_weeks,
    "weeks": _weeks,
    "reviews": _reviews,
    "tribunal": _tribunal,
    "open": _open,
}
