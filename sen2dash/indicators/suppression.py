"""Small numbers: what must be hidden before figures are shared. Pure functions over counts, knowing no measure.

A count from 1 to the threshold less 1 is hidden; 0 is shown. Further counts are hidden so that none of them comes back
by subtraction from totals that are shown, and so that those hidden on one line do not add up to a small number
themselves. Rates come last: one is shown where its numerator, its denominator and what is left between them are.
Hidden is `HIDDEN`, never None, which means that there is no figure.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum
from itertools import product
from typing import Final


class Hidden(Enum):
    """The only value: a count that is not shown."""

    HIDDEN = "c"

    def __str__(self) -> str:
        return self.value


HIDDEN: Final = Hidden.HIDDEN
HIDDEN_NOTE = "c: hidden because the number is small, or because a small number could be worked out from it."
Shown = int | Hidden
#: Row and column of a cell of the table with its totals.
Cell = tuple[int, int]
#: Numerator and denominator, and the same with their rate, fit to be shown.
Pair = tuple[int, int]
Rated = tuple[Shown, Shown, float | Hidden | None]
#: A group and its parts.
Group = tuple[Rated, tuple[Rated, ...]]


def is_small(count: int, threshold: int) -> bool:
    """Whether a count is hidden for itself: from 1 to the threshold less 1."""
    return 0 < count < threshold


def protect_count(count: int, threshold: int) -> Shown:
    """One count that stands alone, without parts and without a whole."""
    return HIDDEN if is_small(count, threshold) else count


def protect_parts(parts: Sequence[int], threshold: int) -> tuple[tuple[Shown, ...], Shown]:
    """The parts of a whole and their total, fit to be shown together."""
    shown = protect_table([list(parts)], threshold)
    return tuple(shown[0][:-1]), shown[0][-1]


def protect_rates(
    pairs: Sequence[tuple[int, int]], threshold: int
) -> tuple[tuple[tuple[Shown, Shown, float | Hidden | None], ...], tuple[Shown, Shown, float | Hidden | None]]:
    """Numerator and denominator of the parts of a measure, and of their total, each with its rate (None of nothing).

    A part is the pair (numerator, denominator); the numerators are part of the denominators, the parts exclude each
    other. The rest of each denominator is protected too, though it is not returned.
    """
    if not pairs:
        return (), (0, 0, None)
    table = protect_table([_split(pair) for pair in pairs], threshold)
    rated = [_rated(row, pair) for row, pair in zip(table, [*pairs, _sum(pairs)], strict=True)]
    return tuple(rated[:-1]), rated[-1]


def protect_rate(numerator: int, denominator: int, threshold: int) -> tuple[Shown, Shown, float | Hidden | None]:
    """Numerator, denominator and rate of one measure that stands alone."""
    return protect_rates([(numerator, denominator)], threshold)[1]


def _sum(pairs: Sequence[tuple[int, int]]) -> tuple[int, int]:
    return sum(numerator for numerator, _ in pairs), sum(denominator for _, denominator in pairs)


def _rated(row: Sequence[Shown], pair: tuple[int, int]) -> tuple[Shown, Shown, float | Hidden | None]:
    numerator, rest, denominator = row
    if HIDDEN in (numerator, rest, denominator):
        # With a denominator that is shown, a rate gives the numerator away; and the other way round.
        return numerator, denominator, HIDDEN
    return numerator, denominator, pair[0] / pair[1] if pair[1] else None


def protect_table(counts: Sequence[Sequence[int]], threshold: int) -> tuple[tuple[Shown, ...], ...]:
    """A table of counts with a total behind each row and under each column, fit to be shown.

    counts: rows of equal length, of parts that exclude each other. Gives one row and one column more than it takes.
    """
    if not counts:
        return ((0,),)
    full, hidden = _hide(counts, threshold, set())
    rows, columns = len(full), len(full[0])
    return tuple(tuple(HIDDEN if (r, c) in hidden else full[r][c] for c in range(columns)) for r in range(rows))


def _hide(counts: Sequence[Sequence[int]], threshold: int, hidden: set[Cell]) -> tuple[list[list[int]], set[Cell]]:
    """The table with its totals, and the cells to hide in it; `hidden`: those that are hidden elsewhere already."""
    full = [[*row, sum(row)] for row in counts]
    full.append([sum(column) for column in zip(*full, strict=True)])
    rows, columns = len(full), len(full[0])
    value = {(r, c): full[r][c] for r, c in product(range(rows), range(columns))}
    found = hidden | {cell for cell, count in value.items() if is_small(count, threshold)}
    while (more := _more_to_hide(value, found, rows, columns, threshold)) is not None:
        found.add(more)
    return full, found


def protect_groups(groups: Sequence[tuple[Pair, Sequence[Pair]]], threshold: int) -> tuple[tuple[Group, ...], Rated]:
    """Groups with the parts under each of them, and the total of the groups, fit to be shown together.

    A group is its own (numerator, denominator) and those of its parts; without parts it stands alone. What is hidden
    of a group is hidden in both tables that it stands in, that of the groups and that of its parts, until no more
    cells have to be hidden in either.
    """
    outer: set[Cell] = set()
    inner: list[set[Cell]] = [set() for _ in groups]
    before = -1
    while (n_hidden := len(outer) + sum(map(len, inner))) != before:
        before = n_hidden
        for place, (_, parts) in enumerate(groups):
            outer |= {(place, column) for row, column in inner[place] if row == len(parts)}
        outer = _hide([_split(pair) for pair, _ in groups], threshold, outer)[1] if groups else outer
        for place, (_, parts) in enumerate(groups):
            if parts:
                forced = {(len(parts), column) for row, column in outer if row == place}
                inner[place] = _hide([_split(pair) for pair in parts], threshold, inner[place] | forced)[1]
    shown = [
        (
            _rated_where(pair, place, outer),
            tuple(_rated_where(part, row, inner[place]) for row, part in enumerate(parts)),
        )
        for place, (pair, parts) in enumerate(groups)
    ]
    return tuple(shown), _rated_where(_sum([pair for pair, _ in groups]), len(groups), outer)


def _split(pair: Pair) -> list[int]:
    return [pair[0], pair[1] - pair[0]]


def _rated_where(pair: Pair, row: int, hidden: set[Cell]) -> Rated:
    counts = (pair[0], pair[1] - pair[0], pair[1])
    return _rated([HIDDEN if (row, column) in hidden else count for column, count in enumerate(counts)], pair)


def _more_to_hide(value: dict[Cell, int], hidden: set[Cell], rows: int, columns: int, threshold: int) -> Cell | None:
    """The next cell that has to be hidden for the sake of those that are; None where the table is safe."""
    for line in _lines(rows, columns):
        *parts, total = line
        together = [cell for cell in parts if cell in hidden]
        if together and total not in hidden and sum(value[cell] for cell in together) < threshold:
            return _cheapest(value, [cell for cell in line if cell not in hidden], rows, columns)
    for cell in sorted(hidden):
        side = _reached(cell, hidden)
        if side is not None:
            row, column = cell
            closing = [
                (r, c)
                for r, c in product(range(rows), range(columns))
                if (r, c) not in hidden and (("r", r) in side) != (("c", c) in side)
            ]
            assert ("r", row) in side and ("c", column) not in side
            return _cheapest(value, closing, rows, columns)
    return None


def _lines(rows: int, columns: int) -> list[list[Cell]]:
    """Every row and column, its total last. A table of one row, or one column, has its totals twice."""
    across = [[(r, c) for c in range(columns)] for r in range(rows)]
    return across + [[(r, c) for r in range(rows)] for c in range(columns)]


def _cheapest(value: dict[Cell, int], cells: Sequence[Cell], rows: int, columns: int) -> Cell | None:
    """Which of these cells to hide: a part before a total, a number before a nought, the smallest, the first."""

    def cost(cell: Cell) -> tuple[int, bool, int, Cell]:
        n_totals = (cell[0] == rows - 1) + (cell[1] == columns - 1)
        return n_totals, value[cell] == 0, value[cell], cell

    return min(cells, key=cost, default=None)


def _reached(cell: Cell, hidden: set[Cell]) -> set[tuple[str, int]] | None:
    """None where a hidden cell cannot be worked out; else the lines that hang together with its row without it.

    Each line says that its parts make up its total. Take the rows and columns as points and the hidden cells as the
    ties between them: the lines give a cell away exactly where no other way leads from its row to its column.
    """
    row, column = ("r", cell[0]), ("c", cell[1])
    ties: dict[tuple[str, int], list[tuple[str, int]]] = {}
    for r, c in hidden:
        if (r, c) != cell:
            ties.setdefault(("r", r), []).append(("c", c))
            ties.setdefault(("c", c), []).append(("r", r))
    reached, waiting = {row}, [row]
    while waiting:
        for point in ties.get(waiting.pop(), ()):
            if point == column:
                return None
            if point not in reached:
                reached.add(point)
                waiting.append(point)
    return reached
