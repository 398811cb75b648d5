"""One sentence for each figure of the manager's page: what stands out. Draws nothing.

A sentence uses only numbers as the page shows them, so for sharing it cannot say more than the page does.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from sen2dash.analysis import contributions, headlines
from sen2dash.analysis.contributions import Gap
from sen2dash.analysis.summary_line import Figure, Line
from sen2dash.checks.report import Report
from sen2dash.indicators.figures import Selection
from sen2dash.indicators.suppression import HIDDEN, Hidden
from sen2dash.reference import NOT_RECORDED, published

Gaps = Mapping[str, Gap]


def sentence(report: Report, selection: Selection, figure: Figure, gaps: Gaps) -> str:
    """What stands out in one figure; if it has no number, why."""
    main = figure.lines[0]
    if main.reason is not None:
        return f"This figure could not be calculated, which is a fault of the program: {main.reason}"
    if main.number is HIDDEN:
        return "Hidden, because a count behind it is small."
    if main.number is None:
        return "There are no cases."
    return SENTENCES[figure.key](_where(report, selection), {line.key: line for line in figure.lines}, gaps)


def _where(report: Report, selection: Selection) -> str:
    """Who the sentence is about."""
    if not selection.cohort.is_everyone:
        return "Among the people shown,"
    area = published.areas(report.collection.lea)[-1]
    return f"In {area.name}," if area.level == "authority" else "In this return,"


def _versus(line: Line) -> str:
    """England and the neighbours, as far as their figures are known: '; England 46.1%, neighbours 59.6%'."""
    found = [(kind, line.of(kind)) for kind in ("England", "neighbours")]
    texts = [f"{kind} {each.text}" for kind, each in found if each is not None and each.number is not None]
    return f"; {', '.join(texts)}" if texts else ""


def _since_published(line: Line) -> str:
    """How a count differs from the authority's own newest published one, or empty."""
    if not line.years or isinstance(line.number, Hidden) or line.number is None or not line.years[-1].number:
        return ""
    newest = line.years[-1]
    difference = headlines.count_difference(round(line.number), newest.number)
    return f", {'as many as' if difference == 'the same' else f'{difference} than'} published for {newest.period}"


def _many(number: float | Hidden | None, one: str, many: str) -> str:
    return one if number == 1 else many


def _plans(where: str, lines: Mapping[str, Line], _: Gaps) -> str:
    line = lines["caseload"]
    change = _since_published(line) if where.startswith("In ") else ""
    have = _many(line.number, "person has a plan", "people have a plan")
    return f"{where} {line.text} {have}{change}.{_per_resident(lines.get('caseload_rate'))}"


def _per_resident(line: Line | None) -> str:
    return "" if line is None or not line.is_shown else f" Per 10,000 residents: {line.text}{_versus(line)}."


def _new_plans(where: str, lines: Mapping[str, Line], _: Gaps) -> str:
    line = lines["new_plans"]
    change = _since_published(line) if where.startswith("In ") else ""
    started = _many(line.number, "new plan started", "new plans started")
    return f"{where} {line.text} {started}{change}.{_per_resident(lines.get('new_plans_rate'))}"


def _requests(where: str, lines: Mapping[str, Line], _: Gaps) -> str:
    line, refused = lines["requests_received"], lines["requests_refused"]
    text = f"{where} {line.text} {_many(line.number, 'request was', 'requests were')} received"
    return f"{text} and {refused.text} refused{_versus(refused)}." if refused.is_shown else f"{text}."


def _within_20_weeks(where: str, lines: Mapping[str, Line], gaps: Gaps) -> str:
    line = lines["plans_within_20_weeks"]
    text = f"{where} {line.text} of plans were issued within 20 weeks{_versus(line)}."
    return f"{text}{_late(gaps.get(line.key), 'plan was late', 'plans were late')}"


def _weeks(where: str, lines: Mapping[str, Line], _: Gaps) -> str:
    line = next(iter(lines.values()))
    return f"{where} a plan took {line.text} weeks on average, without exceptions{_versus(line)}."


def _reviews(where: str, lines: Mapping[str, Line], gaps: Gaps) -> str:
    line = lines["review_decisions_within_4_weeks"]
    text = f"{where} {line.text} of people were told the outcome of their review within 4 weeks{_versus(line)}."
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


def _tribunal(where: str, lines: Mapping[str, Line], _: Gaps) -> str:
    line = lines["tribunal_request"]
    return f"{where} {line.text} of requests had a tribunal about the decision to assess{_versus(line)}."


def _open(where: str, lines: Mapping[str, Line], _: Gaps) -> str:
    line, late, soon = lines.values()
    if not line.number:
        return f"{where} no case was open on census day."
    text = f"{where} {line.text} {_many(line.number, 'case was', 'cases were')} open on census day"
    more = [f"{late.text} past their limit"] * (late.number is not HIDDEN)
    more += [f"{soon.text} due within two weeks"] * (soon.number is not HIDDEN)
    return f"{text}: {' and '.join(more)}." if more else f"{text}."


SENTENCES: Mapping[str, Callable[[str, Mapping[str, Line], Gaps], str]] = {
    "plans": _plans,
    "new_plans": _new_plans,
    "requests": _requests,
    "within_20_weeks": _within_20_weeks,
    "weeks": _weeks,
    "reviews": _reviews,
    "tribunal": _tribunal,
    "open": _open,
}
