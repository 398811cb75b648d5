"""Round counts so that they can be shared, and hide small ones. Knows no indicator and no page.

Every count that is shown for sharing goes through `round_count`, each on its own, so that a count is the same wherever
it is shown, and sums and differences are multiples of the base. Rates are worked out from rounded counts.

Rounding alone would leave a gap. Two counts of 4 make 8, which rounds to 10; if counts under 5 were hidden and 8 shown
as 10, only 4 and 4 would fit. So a count is hidden until it rounds to twice the base, and 0 is hidden like the rest. A
line of parts and their total can then reveal a hidden count only at the ends of that range: 0 and the largest.

Hidden is `HIDDEN`, never None, which means that there is no figure.
"""

from __future__ import annotations

from enum import Enum
from typing import Final


class Hidden(Enum):
    """The only value: a count that is not shown."""

    HIDDEN = "c"

    def __str__(self) -> str:
        return self.value


HIDDEN: Final = Hidden.HIDDEN
Shown = int | Hidden
#: Numerator and denominator with their rate, ready to show. The rate is None if the denominator is 0.
Rated = tuple[Shown, Shown, float | Hidden | None]


def smallest_shown(base: int) -> int:
    """The smallest count that is not hidden: the first that rounds to twice the base. With a base of 5 this is 8."""
    return 2 * base - base // 2


def round_count(count: int, base: int) -> Shown:
    """Round a count to the nearest multiple of the base, and hide it if it is small.

    A base of 0 leaves it unchanged.
    """
    if not base:
        return count
    return HIDDEN if count < smallest_shown(base) else (count + base // 2) // base * base


def round_rate(numerator: int, denominator: int, base: int) -> Rated:
    """Numerator and denominator, each rounded, and the rate worked out from the rounded numbers."""
    part, whole = round_count(numerator, base), round_count(denominator, base)
    return part, whole, share_shown(part, whole)


def share_shown(part: Shown, whole: Shown) -> float | Hidden | None:
    """The share that a part has of a whole, both as shown; hidden if either is, None if the whole is 0."""
    if isinstance(part, Hidden) or isinstance(whole, Hidden):
        return HIDDEN
    return part / whole if whole else None


def is_empty(count: int, base: int) -> bool:
    """Whether to leave out a line, a table or a chart because its count is 0 or, for sharing, hidden.

    Showing a line with its number hidden would reveal that somebody is in it.
    """
    return round_count(count, base) in (0, HIDDEN)


def note(base: int) -> str:
    """A few sentences on what a reader has to know about counts that are for sharing."""
    return (
        f"Counts are rounded to the nearest {base}. Counts under {smallest_shown(base)}, including 0, are shown as c "
        "or left out. Percentages are worked out from rounded counts. Parts may not add up to their total."
    )


#: What rounding does not protect against.
LIMIT_NOTE = (
    "Share figures for one choice of filters only: someone who compares many choices may find out more about a small "
    "group than one choice shows."
)
