"""The time limits, in days, set by law or used in publications. Each is here once, and SQL binds it by name.

The limit of 20 weeks is a setting (`twenty_weeks_days`), because there are two interpretations of it in use.
"""

from __future__ import annotations

from collections.abc import Mapping

WEEK = 7
#: To notify the outcome of an annual review.
FOUR_WEEKS = 4 * WEEK
#: To decide whether to assess.
SIX_WEEKS = 6 * WEEK
#: To decide not to issue a plan.
SIXTEEN_WEEKS = 16 * WEEK
#: Limits after which the DfE's publication counts plans as late and very late.
THIRTY_WEEKS, FIFTY_TWO_WEEKS = 30 * WEEK, 52 * WEEK
PARAMETERS: Mapping[str, int] = {
    "four_weeks_days": FOUR_WEEKS,
    "six_weeks_days": SIX_WEEKS,
    "sixteen_weeks_days": SIXTEEN_WEEKS,
    "thirty_weeks_days": THIRTY_WEEKS,
    "fifty_two_weeks_days": FIFTY_TWO_WEEKS,
}
