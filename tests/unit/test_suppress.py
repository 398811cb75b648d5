from itertools import product

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from sen2dash.indicators.suppression import (
    HIDDEN,
    is_small,
    protect_count,
    protect_groups,
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


def test_groups_that_show_everything_are_left_as_they_are() -> None:
    groups = [((20, 50), [(10, 25), (10, 25)]), ((30, 60), [])]
    assert protect_groups(groups, T) == (
        (((20, 50, 0.4), ((10, 25, 0.4), (10, 25, 0.4))), ((30, 60, 0.5), ())),
        (50, 110, 50 / 110),
    )
    assert protect_groups([], T) == ((), (0, 0, None))


def test_what_is_hidden_of_a_group_is_hidden_where_its_parts_would_give_it_away() -> None:
    # Three of the first group are hidden; its parts would add up to them, and the second group with the total too.
    shown, total = protect_groups([((3, 40), [(3, 20), (0, 20)]), ((30, 60), [(15, 30), (15, 30)])], T)
    (first, first_parts), (second, second_parts) = shown
    assert first == (HIDDEN, 40, HIDDEN)
    assert first_parts[0][0] is HIDDEN and first_parts[0][2] is HIDDEN
    assert second[0] is HIDDEN, "33 in all, less 30, is 3"
    assert any(part[0] is HIDDEN for part in second_parts), "15 and 15 would be the 30 that is hidden"
    assert total == (33, 100, 0.33)


PAIRS = st.tuples(st.integers(0, 30), st.integers(0, 30)).map(lambda pair: (pair[0], sum(pair)))


@settings(max_examples=200, deadline=None)
@given(st.lists(st.lists(PAIRS, min_size=1, max_size=3), min_size=1, max_size=4), st.sampled_from([0, 3, 5, 10]))
def test_no_hidden_number_of_groups_and_parts_can_be_worked_out(
    parts: list[list[tuple[int, int]]], threshold: int
) -> None:
    """Solve all that groups, parts and totals say of each other together: no hidden count has a single solution."""
    groups = [((sum(n for n, _ in each), sum(d for _, d in each)), each) for each in parts]
    shown, total = protect_groups(groups, threshold)
    lines = {(): total}
    values = {(): tuple(map(sum, zip(*(own for own, _ in groups), strict=True)))}
    for g, ((own, under), (pair, pairs)) in enumerate(zip(shown, groups, strict=True)):
        lines[g,], values[g,] = own, pair
        for p, (part, counts) in enumerate(zip(under, pairs, strict=True)):
            lines[g, p], values[g, p] = part, counts
    cells = {(line, column): place for place, (line, column) in enumerate(product(lines, range(3)))}
    known = np.zeros(len(cells), bool)
    for line, (numerator, denominator, rate) in lines.items():
        for column, count in enumerate((numerator, denominator)):
            if count is not HIDDEN:
                assert count == values[line][column] and not is_small(count, threshold)
                known[cells[line, 2 * column]] = True
        assert (rate is HIDDEN) == (HIDDEN in (numerator, denominator)), "a rate stands where both counts stand"
    said = []
    for line in lines:
        said.append({(line, 0): 1, (line, 1): 1, (line, 2): -1})
        under = [other for other in lines if len(other) == len(line) + 1 and other[: len(line)] == line]
        if under:
            said += [{(line, column): -1, **{(other, column): 1 for other in under}} for column in range(3)]
    matrix = np.zeros((len(said), len(cells)))
    for place, equation in enumerate(said):
        for cell, factor in equation.items():
            matrix[place, cells[cell]] = factor
    matrix[:, known] = 0
    rank = np.linalg.matrix_rank(matrix)
    for (line, column), place in cells.items():
        if not known[place] and column != 1 and lines[line][column // 2] is HIDDEN:
            alone = np.zeros((1, len(cells)))
            alone[0, place] = 1
            assert np.linalg.matrix_rank(np.vstack([matrix, alone])) > rank, "a hidden number follows from those shown"
