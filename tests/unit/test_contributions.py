"""The groups that explain a gap: recomputed by hand, added up, and worked out from shown counts for sharing."""

from collections import Counter
from collections.abc import Iterator

import pytest

from sen2dash import reference
from sen2dash.analysis import contributions
from sen2dash.analysis.contributions import GROUPS, OUTCOMES, OVERALL, Gap, GroupContribution, Outcome
from sen2dash.checks import catalogue
from sen2dash.checks.report import Report, build_report
from sen2dash.config import Settings
from sen2dash.indicators import figures
from sen2dash.indicators.suppression import HIDDEN
from sen2dash.reference import published, releases
from sen2dash.sample.generate import sample_bytes
from tests import casebook
from tests.unhidden import unhidden

WEEKS = "plans_within_20_weeks"
PAIRS = [(name, by) for name, outcome in OUTCOMES.items() for by in outcome.by]


@pytest.fixture(scope="module")
def report() -> Iterator[Report]:
    built = build_report(sample_bytes(500, seed=5, defects=40, year=2026), Settings(now=casebook.NOW), only=())
    yield built
    built.close()


def found(report: Report, name: str, by: str, is_sharing: bool = False) -> Gap:
    gap = contributions.gap(report, figures.select(report, is_sharing=is_sharing), name, by)
    assert gap is not None
    return gap


def test_late_plans_by_need_are_those_of_the_people_behind_them(report: Report) -> None:
    gap = found(report, WEEKS, "need")
    england = published.newest(catalogue.indicator(WEEKS), None, 2026)[0]
    assert england.percent is not None and gap.yardstick == "England"
    members = figures.Figures(report).people(WEEKS).to_pylist()
    needs = {
        row["row_id"]: part.keys[0]
        for part in figures.Figures(report).breakdown(WEEKS, ["need"])
        for row in figures.Figures(report).people(WEEKS, where={"need": part.keys[0]}).to_pylist()
    }
    cases = Counter(needs[row["row_id"]] for row in members)
    late = Counter(needs[row["row_id"]] for row in members if not row["in_numerator"])
    by_key = {group.key: group for group in gap.groups}
    assert set(by_key) == set(cases) and len(cases) > 5
    for key, group in by_key.items():
        assert (group.cases, group.number) == (cases[key], late[key])
        share, rate, yardstick = cases[key] / len(members), late[key] / cases[key], 1 - england.percent / 100
        assert group.excess == pytest.approx(len(members) * share * (rate - yardstick))
    assert gap.number == sum(late.values())
    largest = sorted(gap.groups, key=lambda group: group.excess, reverse=gap.excess >= 0)[:3]
    assert [group.key for group in gap.largest] == [each.key for each in largest if abs(each.excess) >= 0.5]


@pytest.mark.parametrize(("name", "by"), PAIRS)
def test_the_groups_of_a_characteristic_add_up_to_the_gap(report: Report, name: str, by: str) -> None:
    gap = found(report, name, by)
    result = figures.Figures(report).results[name]
    outcome = result.denominator - result.numerator if OUTCOMES[name].is_rest else result.numerator
    assert gap.number == outcome == sum(group.number for group in gap.groups)
    assert gap.cases == result.denominator == sum(group.cases for group in gap.groups)
    assert sum(group.excess for group in gap.groups) == pytest.approx(gap.excess)
    assert gap.excess == pytest.approx(outcome - gap.rate * result.denominator)
    assert all((group.excess > 0) == (gap.excess >= 0) for group in gap.largest)


def test_groups_are_of_characteristics_in_which_everybody_counts_once() -> None:
    known = reference.characteristics()
    assert all(known[by].is_exclusive for by in GROUPS)
    assert all(set(outcome.by) <= set(GROUPS) for outcome in OUTCOMES.values())
    assert "need" not in OUTCOMES["requests_refused"].by


def test_a_need_explains_no_refusal(report: Report) -> None:
    assert contributions.gap(report, figures.select(report), "requests_refused", "need") is None


def test_without_a_published_rate_groups_are_beside_everyone(report: Report) -> None:
    known = report.published
    report.compare_with = releases.build((), (), (), ())
    try:
        gap = found(report, WEEKS, "need")
        assert (gap.yardstick, gap.excess, gap.is_more) == (OVERALL, 0.0, True)
        assert sum(group.excess for group in gap.groups) == pytest.approx(0)
        assert gap.group_text(gap.largest[0]).endswith(" more than at the rate of everyone shown")
        assert gap.heading == "Groups above the average"
    finally:
        report.compare_with = known


def test_no_cases_no_gap(report: Report) -> None:
    nobody = figures.select(report, figures.choose({"age": ["26"]}))
    assert contributions.gap(report, nobody, WEEKS, "need") is None


def example(excess: float, *groups: GroupContribution, threshold: int = 0) -> Gap:
    return Gap("need", Outcome("late", True), "England", 0.5, 267, 143, excess, groups, threshold)


SEMH = GroupContribution("SEMH", "Social, emotional and mental health", 80, 61, 21.0)
ASD = GroupContribution("ASD", "Autistic spectrum disorder", 140, 71, 1.0)
NONE = GroupContribution("none", "Not recorded", 47, 11, -12.5)


def test_the_words_are_those_of_an_officer() -> None:
    gap = example(9.5, ASD, SEMH, NONE)
    assert [group.key for group in gap.largest] == ["SEMH", "ASD"]
    assert gap.group_text(SEMH) == "SEMH: 61 of 143 late; 21 more than at England's rate"
    assert gap.group_text(NONE) == "Not recorded: 11 of 143 late; 12 fewer than at England's rate"
    assert gap.difference_text(0.2) == "as many as at England's rate"
    assert gap.named == SEMH
    assert gap.heading == "These groups explain most of the gap"


def test_in_a_gap_for_the_better_the_biggest_group_is_named() -> None:
    gap = example(-5, SEMH, ASD, NONE)
    assert [group.key for group in gap.largest] == ["none"]
    assert gap.named == ASD


def test_for_sharing_groups_with_few_cases_or_small_differences_are_left_out() -> None:
    gap = example(9.5, ASD, SEMH, threshold=5)
    assert [group.key for group in gap.largest] == ["SEMH"]
    assert gap.group_text(SEMH).endswith("; 20 more than at England's rate")
    assert gap.difference_text(7.4) == ""


@pytest.mark.parametrize(("name", "by"), PAIRS)
def test_for_sharing_everything_is_worked_out_from_shown_counts(report: Report, name: str, by: str) -> None:
    selection = figures.select(report, is_sharing=True)
    gap = contributions.gap(report, selection, name, by)
    shown = dict(figures.part_values(figures.Figures(report).breakdown(name, [by]), 5))
    by_key = {part.keys[0]: value for part, value in shown.items()}
    for group in gap.groups if gap is not None else ():
        value = by_key[group.key]
        counted = unhidden(value.numerator)
        assert group.cases == value.denominator
        assert group.number == (group.cases - counted if OUTCOMES[name].is_rest else counted)
        assert group.number >= 10 and group.number % 5 == 0
        assert gap is not None and group.excess == pytest.approx(group.number - gap.rate * group.cases)


def test_for_sharing_no_group_is_larger_than_everyone() -> None:
    """Each is a rounded base less a rounded number: 25 - 15 of everyone, but 25 - 10 of one group of them."""
    built = build_report(sample_bytes(300, seed=6, defects=40, year=2026), Settings(now=casebook.NOW), only=())
    selection = figures.select(built, is_sharing=True)
    for name, by in PAIRS:
        gap = contributions.gap(built, selection, name, by)
        assert gap is None or all(group.number <= unhidden(gap.number) for group in gap.groups)
    parts = figures.part_values(figures.Figures(built).breakdown(WEEKS, ["place_group"]), selection.threshold)
    late = {part.keys[0]: contributions.outcome_count(value, OUTCOMES[WEEKS], 5) for part, value in parts}
    of_all = contributions.outcome_count(figures.Figures(built, selection).values[WEEKS], OUTCOMES[WEEKS], 5)
    assert unhidden(late["not_known"]) > unhidden(of_all), "the example has such a group"
    built.close()


def test_a_small_rest_is_hidden_for_sharing() -> None:
    value = figures.Value(15, 20, 0.75)
    late = OUTCOMES[WEEKS]
    assert contributions.outcome_count(value, late, 5) is HIDDEN
    assert contributions.outcome_count(value, late, 0) == 5
    assert contributions.outcome_count(figures.Value(HIDDEN, 20, HIDDEN), late, 5) is HIDDEN
