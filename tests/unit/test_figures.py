"""Figures under filters and for sharing: the words, the sums, and what is rounded."""

from collections.abc import Iterator

import pytest

from sen2dash.analysis import headlines
from sen2dash.checks.report import Report, build_report
from sen2dash.config import Settings
from sen2dash.indicators import figures
from sen2dash.indicators.figures import Selection
from sen2dash.indicators.suppression import HIDDEN, round_count
from sen2dash.sample.generate import sample_bytes
from tests import casebook
from tests.unhidden import unhidden


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
    counted = {part.keys: part.denominator for part in figures.Figures(report).count_people(["sex", "need"])}
    assert both.n == counted["F", "ASD"] > 0
    assert both.text == "Sex: Female; Primary need: Autistic spectrum disorder"


def test_the_parts_of_a_breakdown_sum_to_the_figure(report: Report) -> None:
    whole = figures.Figures(report).results["plans_within_20_weeks"]
    parts = figures.Figures(report).breakdown("plans_within_20_weeks", ["need"])
    assert sum(part.numerator for part in parts) == whole.numerator > 0
    assert sum(part.denominator for part in parts) == whole.denominator


def test_the_list_behind_a_number_is_as_long_as_the_number(report: Report) -> None:
    for name, result in figures.Figures(report).results.items():
        assert len(figures.Figures(report).people(name)) == result.denominator
        assert len(figures.Figures(report).people(name, "numerator")) == result.numerator


@pytest.mark.parametrize(
    ("n", "text"),
    [(7, "c of 300 people"), (8, "10 of 300 people"), (297, "295 of 300 people"), (298, "300 of 300 people")],
)
def test_who_is_shown_is_rounded_for_sharing(n: int, text: str) -> None:
    assert Selection(n=n, n_all=300, threshold=5).size_text == text
    assert Selection(n=n, n_all=300).size_text == f"{n} of 300 people"


def test_a_return_of_one_person_does_not_say_so_for_sharing() -> None:
    assert Selection(n=1, n_all=1).size_text == "1 of 1 person"
    assert Selection(n=1, n_all=1, threshold=5).size_text == "c of c people"


def test_a_file_for_sharing_says_that_it_is_rounded() -> None:
    assert Selection(words=("Sex: Female",)).file_text == "Sex: Female"
    assert (
        "Sex: Female. Counts are rounded to the nearest 5." in Selection(words=("Sex: Female",), threshold=5).file_text
    )


def test_for_sharing_figures_are_of_rounded_counts(report: Report) -> None:
    values = figures.Figures(report, figures.select(report, is_sharing=True)).values
    for name, result in figures.Figures(report).results.items():
        value = values[name]
        assert value.numerator == round_count(result.numerator, 5)
        if result.indicator.is_count:
            assert (value.denominator, value.rate) == (value.numerator, None)
        else:
            assert value.denominator == round_count(result.denominator, 5)
            is_hidden = HIDDEN in (value.numerator, value.denominator)
            assert value.rate == (HIDDEN if is_hidden else unhidden(value.numerator) / unhidden(value.denominator))
    assert any(value.is_hidden for value in values.values()) and any(value.drawn for value in values.values())


def test_for_sharing_differences_are_those_of_what_is_shown(report: Report) -> None:
    n_counts = n_rates = 0
    for found in headlines.cards(report, figures.select(report, is_sharing=True)).values():
        for card in found:
            value = card.value
            for each in card.comparisons:
                if card.indicator.is_count and each.difference not in ("", "the same"):
                    difference = int(each.difference.split()[0].replace(",", ""))
                    assert abs(unhidden(value.numerator) - int(each.text.replace(",", ""))) == difference
                    n_counts += 1
                elif not card.indicator.is_count and each.difference:
                    # A published figure has one more decimal place than is shown here.
                    words = [
                        headlines.points_text(100 * unhidden(value.drawn) - float(each.text[:-1]) + d)
                        for d in (-0.05, 0, 0.05)
                    ]
                    assert each.difference in words
                    n_rates += 1
    assert n_counts and n_rates


def test_without_sharing_nothing_is_hidden(report: Report) -> None:
    assert not any(value.is_hidden for value in figures.Figures(report, Selection()).values.values())


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


def test_every_indicator_has_a_card(report: Report) -> None:
    found = headlines.cards(report, figures.select(report))
    assert sum(len(cards) for cards in found.values()) == 33
    assert all(found.values())
