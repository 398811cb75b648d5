"""Figures under filters and for sharing: the words, the sums, and what must not follow by subtraction."""

from collections.abc import Iterator

import pytest

from sen2dash.analysis import headlines
from sen2dash.checks.report import Report, build_report
from sen2dash.config import Settings
from sen2dash.indicators import figures
from sen2dash.indicators.figures import Selection, Value
from sen2dash.indicators.suppression import HIDDEN
from sen2dash.model import IndicatorResult
from sen2dash.sample.generate import sample_bytes
from tests import casebook


@pytest.fixture(scope="module")
def report() -> Iterator[Report]:
    built = build_report(sample_bytes(persons=300, seed=3, year=2025), Settings(now=casebook.NOW), only=())
    yield built
    built.close()


def test_nobody_is_left_out_until_taken_out_by_name(report: Report) -> None:
    everyone = figures.select(report)
    known = figures.select(report, figures.choose({}, ["need"]))
    unknown = figures.select(report, figures.choose({"need": ["none"]}))
    assert everyone.n == everyone.n_all == 300
    assert 0 < unknown.n < 300
    assert known.n + unknown.n == 300
    assert known.words == ("Primary need: all but Not recorded",)


def test_taking_out_works_together_with_a_choice() -> None:
    assert figures.choose({"sex": ["F", "none"]}, ["sex"]) == figures.choose({"sex": ["F"]})


def test_filters_combine(report: Report) -> None:
    both = figures.select(report, figures.choose({"sex": ["F"], "need": ["ASD"]}))
    counted = {part.keys: part.denominator for part in figures.count_people(report, ["sex", "need"])}
    assert both.n == counted["F", "ASD"] > 0
    assert both.text == "Sex: Female; Primary need: Autistic spectrum disorder"


def test_the_parts_of_a_breakdown_sum_to_the_figure(report: Report) -> None:
    whole = figures.results(report)["plans_within_20_weeks"]
    parts = figures.breakdown(report, "plans_within_20_weeks", ["need"])
    assert sum(part.numerator for part in parts) == whole.numerator > 0
    assert sum(part.denominator for part in parts) == whole.denominator


def test_the_list_behind_a_number_is_as_long_as_the_number(report: Report) -> None:
    for name, result in figures.results(report).items():
        assert len(figures.people(report, name)) == result.denominator
        assert len(figures.people(report, name, "numerator")) == result.numerator


@pytest.mark.parametrize(
    ("n", "text"),
    [(4, "c of 300 people"), (5, "5 of 300 people"), (295, "295 of 300 people"), (296, "c of 300 people")],
)
def test_a_group_is_hidden_where_it_or_the_rest_is_small(n: int, text: str) -> None:
    assert Selection(n=n, n_all=300, threshold=5).size_text == text
    assert Selection(n=n, n_all=300).size_text == f"{n} of 300 people"


def _values(monkeypatch: pytest.MonkeyPatch, report: Report, numbers: dict[str, tuple[int, int]]) -> dict[str, Value]:
    """The figures fit to be shared where these measures have these numbers and all others 1,000 of 1,000."""
    made = {
        name: IndicatorResult(
            indicator=result.indicator,
            numerator=numbers.get(name, (1000, 1000))[0],
            denominator=numbers.get(name, (1000, 1000))[1],
        )
        for name, result in figures.results(report).items()
    }
    monkeypatch.setattr(figures, "results", lambda *_: made)
    return dict(figures.values(report, Selection(threshold=5)))


@pytest.mark.parametrize(("n_exceptions", "is_hidden"), [(0, False), (1, True), (4, True), (5, False)])
def test_few_exceptions_do_not_follow_from_two_figures(
    monkeypatch: pytest.MonkeyPatch, report: Report, n_exceptions: int, is_hidden: bool
) -> None:
    numbers = {
        "plans_within_20_weeks": (50, 100),
        "plans_within_20_weeks_all": (50, 100 + n_exceptions),
        "plans_within_30_weeks": (70, 100 + n_exceptions),
        "plans_over_52_weeks": (10, 100 + n_exceptions),
    }
    values = _values(monkeypatch, report, numbers)
    assert values["plans_within_20_weeks"].is_hidden is is_hidden
    assert not values["plans_within_20_weeks_all"].is_hidden


def test_few_requests_of_one_outcome_do_not_follow_from_the_others(
    monkeypatch: pytest.MonkeyPatch, report: Report
) -> None:
    numbers = {
        "requests_received": (100, 100),
        "requests_agreed": (60, 100),
        "requests_refused": (20, 100),
        "requests_undecided": (18, 100),
        "requests_withdrawn": (2, 100),
    }
    values = _values(monkeypatch, report, numbers)
    assert values["requests_withdrawn"] == Value(HIDDEN, 100, HIDDEN)
    assert sum(value.numerator is HIDDEN for name, value in values.items() if name in numbers) == 2
    assert values["requests_received"].numerator == 100


def test_without_sharing_nothing_is_hidden(report: Report) -> None:
    assert not any(value.is_hidden for value in figures.values(report, Selection()).values())


@pytest.mark.parametrize(
    ("points", "words"), [(2.34, "2.3 points higher"), (-0.06, "0.1 points lower"), (0.04, "the same")]
)
def test_a_difference_is_said_in_words(points: float, words: str) -> None:
    assert headlines.points_text(points) == words


def test_a_card_says_what_was_published_and_how_ours_stands_to_it(report: Report) -> None:
    card = headlines.card(report, figures.select(report), "plans_within_20_weeks")
    england = card.comparisons[0]
    assert (england.area, england.period, england.text) == ("England", "2024", "46.4%")
    assert card.value.drawn is not None
    assert england.difference == headlines.points_text(100 * card.value.drawn - 46.4)


def test_every_measure_has_a_card(report: Report) -> None:
    found = headlines.cards(report, figures.select(report))
    assert sum(len(cards) for cards in found.values()) == 33
    assert all(found.values())
