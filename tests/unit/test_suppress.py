from itertools import product

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from sen2dash.suppress import (
    HIDDEN,
    is_small,
    protect_count,
    protect_parts,
    protect_rate,
    protect_rates,
    protect_table,
)

T = 5


def test_boundary_of_small() -> None:
    assert [count for count in range(8) if is_small(count, T)] == [1, 2, 3, 4]
    assert not any(is_small(count, 0) or is_small(count, 1) for count in range(8))
    assert [protect_count(count, T) for count in (0, 1, 4, 5)] == [0, HIDDEN, HIDDEN, 5]


def test_nothing_small_hides_nothing() -> None:
    assert protect_parts([5, 0, 12], T) == ((5, 0, 12), 17)
    assert protect_parts([0, 0], T) == ((0, 0), 0)
    assert protect_parts([], T) == ((), 0)


def test_one_small_part_takes_the_next_smallest_with_it() -> None:
    assert protect_parts([10, 4, 40, 0], T) == ((HIDDEN, HIDDEN, 40, 0), 54)


def test_small_parts_that_sum_to_a_small_number_take_another_with_them() -> None:
    assert protect_parts([1, 3, 40, 50], T) == ((HIDDEN, HIDDEN, HIDDEN, 50), 94)
    assert protect_parts([1, 4, 40, 50], T) == ((HIDDEN, HIDDEN, 40, 50), 95)


def test_a_small_whole_is_hidden_with_its_parts() -> None:
    assert protect_parts([3, 0], T) == ((HIDDEN, 0), HIDDEN)
    assert protect_parts([2, 2], T) == ((HIDDEN, HIDDEN), HIDDEN)


def test_rates() -> None:
    assert protect_rate(50, 100, T) == (50, 100, 0.5)
    assert protect_rate(0, 100, T) == (0, 100, 0.0)
    assert protect_rate(0, 0, T) == (0, 0, None)
    assert protect_rate(4, 100, T) == (HIDDEN, 100, HIDDEN)
    assert protect_rate(5, 100, T) == (5, 100, 0.05)
    assert protect_rate(96, 100, T) == (HIDDEN, 100, HIDDEN), "4 are left, which subtraction would give"
    assert protect_rate(95, 100, T) == (95, 100, 0.95)
    assert protect_rate(2, 4, T) == (HIDDEN, HIDDEN, HIDDEN)
    assert protect_rate(7, 7, T) == (7, 7, 1.0)


def test_rates_of_parts_do_not_give_a_hidden_one_away() -> None:
    parts, total = protect_rates([(20, 50), (3, 40), (30, 60)], T)
    assert parts[1] == (HIDDEN, 40, HIDDEN)
    assert total == (53, 150, 53 / 150)
    assert sum(numerator is HIDDEN for numerator, _, _ in parts) == 2
    assert all(rate is HIDDEN for numerator, _, rate in parts if numerator is HIDDEN)


def test_a_table_of_two_characteristics() -> None:
    assert protect_table([[3, 20, 30], [10, 20, 30], [7, 8, 9]], T) == (
        (HIDDEN, HIDDEN, 30, 53),
        (10, 20, 30, 60),
        (HIDDEN, HIDDEN, 9, 24),
        (20, 48, 69, 137),
    )


TABLES = st.integers(1, 4).flatmap(
    lambda columns: st.lists(
        st.lists(st.one_of(st.integers(0, 8), st.integers(0, 60)), min_size=columns, max_size=columns),
        min_size=1,
        max_size=4,
    )
)


@settings(max_examples=300, deadline=None)
@given(TABLES, st.sampled_from([0, 1, 3, 5, 10]))
def test_no_hidden_number_can_be_worked_out(counts: list[list[int]], threshold: int) -> None:
    """Solve all that the shown numbers say of the hidden ones: no hidden one has a single solution."""
    shown = protect_table(counts, threshold)
    rows, columns = len(shown), len(shown[0])
    full = [[*row, sum(row)] for row in counts]
    full.append([sum(column) for column in zip(*full, strict=True)])
    place = {
        cell: i for i, cell in enumerate(c for c in product(range(rows), range(columns)) if shown[c[0]][c[1]] is HIDDEN)
    }
    for r, c in product(range(rows), range(columns)):
        if (r, c) not in place:
            assert shown[r][c] == full[r][c]
            assert not is_small(full[r][c], threshold)
    lines = [[(r, c) for c in range(columns)] for r in range(rows)]
    lines += [[(r, c) for r in range(rows)] for c in range(columns)]
    said = np.zeros((len(lines), max(len(place), 1)))
    for i, line in enumerate(lines):
        for cell in line:
            if cell in place:
                said[i, place[cell]] = -1 if cell == line[-1] else 1
    rank = np.linalg.matrix_rank(said)
    for i in place.values():
        alone = np.zeros((1, said.shape[1]))
        alone[0, i] = 1
        assert np.linalg.matrix_rank(np.vstack([said, alone])) > rank, "a hidden number follows from those shown"
    for line in lines:
        *parts, total = line
        together = sum(full[r][c] for r, c in parts if (r, c) in place)
        if total not in place and any(cell in place for cell in parts):
            assert together >= threshold, "the hidden parts of a line add up to a small number"
