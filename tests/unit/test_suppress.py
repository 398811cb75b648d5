"""Counts for sharing: how they are rounded, which are hidden, and what can be worked out from a line of them."""

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sen2dash.indicators.suppression import (
    HIDDEN,
    Hidden,
    Shown,
    is_empty,
    note,
    round_count,
    round_rate,
    share_shown,
    smallest_shown,
)

BASES = (2, 3, 5, 10)


def test_what_is_hidden_and_what_is_rounded_to_what() -> None:
    assert {round_count(count, 5) for count in range(8)} == {HIDDEN}
    assert [round_count(count, 5) for count in (8, 12, 13, 17, 18, 399, 400, 1_002)] == [
        *(10, 10, 15, 15, 20),
        *(400, 400, 1_000),
    ]
    assert [smallest_shown(base) for base in BASES] == [3, 5, 8, 15]
    assert round_count(14, 10) is HIDDEN and round_count(15, 10) == 20


def test_without_sharing_every_count_is_as_it_is() -> None:
    assert [round_count(count, 0) for count in range(12)] == list(range(12))
    assert round_rate(2, 4, 0) == (2, 4, 0.5)
    assert round_rate(0, 0, 0) == (0, 0, None)
    assert [is_empty(count, 0) for count in (0, 1, 7)] == [True, False, False]


def test_rates_are_of_rounded_counts() -> None:
    assert round_rate(48, 102, 5) == (50, 100, 0.5)
    assert round_rate(100, 100, 5) == (100, 100, 1.0)
    assert round_rate(7, 100, 5) == (HIDDEN, 100, HIDDEN)
    assert round_rate(0, 100, 5) == (HIDDEN, 100, HIDDEN)
    assert round_rate(3, 7, 5) == (HIDDEN, HIDDEN, HIDDEN)
    assert share_shown(HIDDEN, 10) is HIDDEN and share_shown(10, HIDDEN) is HIDDEN and share_shown(0, 0) is None


def test_a_line_of_few_is_left_out_like_one_of_none() -> None:
    assert [is_empty(count, 5) for count in (0, 1, 7, 8)] == [True, True, True, False]


def test_the_note_says_what_the_counts_are() -> None:
    assert "nearest 5. Counts under 8, including 0, are shown as c" in note(5)
    assert "nearest 10. Counts under 15, including 0, are shown as c" in note(10)


@pytest.mark.parametrize("base", BASES)
def test_a_count_is_shown_as_the_nearest_multiple(base: int) -> None:
    for count in range(200):
        shown = round_count(count, base)
        assert shown is HIDDEN or (shown % base == 0 and 2 * abs(shown - count) <= base and shown >= 2 * base)
    assert all(round_count(n, base) is HIDDEN for n in range(base)), "nothing under the base is ever shown"


# -- the attacker -----------------------------------------------------------------------------------------


def between(shown: Shown, base: int) -> tuple[int, int]:
    """The smallest and largest count that is shown like this."""
    end = 2 * base + (0 if isinstance(shown, Hidden) else shown)
    fitting = [n for n in range(end) if round_count(n, base) == shown]
    return fitting[0], fitting[-1]


def possible(parts: list[Shown], total: Shown, base: int) -> list[tuple[int, int]]:
    """The smallest and largest possible value of each part, given that the parts make up the total."""
    limits = [between(part, base) for part in parts]
    least, most = between(total, base)
    found = []
    for place, (low, high) in enumerate(limits):
        others = [limit for other, limit in enumerate(limits) if other != place]
        found.append((max(low, least - sum(h for _, h in others)), min(high, most - sum(low for low, _ in others))))
    return found


def test_counts_under_5_alone_would_not_be_hidden_well_enough() -> None:
    """Why the range of hidden counts is so wide: 4 and 4 are 8, shown as 10, which only 4 and 4 can make."""
    fitting = [(a, b) for a, b in product(range(5), repeat=2) if 8 <= a + b <= 12]
    assert fitting == [(4, 4)]
    assert possible([HIDDEN, HIDDEN], 10, 5) == [(1, 7), (1, 7)]


@settings(max_examples=1_500, deadline=None, derandomize=True)
@given(st.lists(st.integers(0, 9) | st.integers(0, 60), min_size=1, max_size=9), st.sampled_from(BASES))
def test_no_line_of_parts_and_total_gives_a_small_count_away(counts: list[int], base: int) -> None:
    parts, total = [round_count(count, base) for count in counts], round_count(sum(counts), base)
    for count, (low, high) in zip(counts, possible(parts, total, base), strict=True):
        assert low <= count <= high
        assert low < high or count in (0, smallest_shown(base) - 1) or round_count(count, base) is not HIDDEN


@settings(max_examples=500, deadline=None, derandomize=True)
@given(st.lists(st.integers(0, 400), min_size=2, max_size=3), st.sampled_from(BASES))
def test_sums_and_differences_of_what_is_shown_are_never_small(counts: list[int], base: int) -> None:
    shown = [count for count in (round_count(each, base) for each in counts) if count is not HIDDEN]
    for signs in product((1, -1), repeat=len(shown)):
        assert abs(sum(sign * count for sign, count in zip(signs, shown, strict=True))) not in range(1, base)
