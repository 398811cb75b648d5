"""What was still open on census day: the cases, how many of them are late or due soon, and in which band of days left.

Knows no chart, so that an earlier return can be looked at without loading what draws. Draws nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from sen2dash.analysis.establishment_names import with_setting
from sen2dash.checks import catalogue
from sen2dash.checks.cache import Key
from sen2dash.checks.report import Report
from sen2dash.indicators.filters import parameters
from sen2dash.limits import WEEK
from sen2dash.model import Cohort


class Band(NamedTuple):
    """A range of days left, both ends included; None has no end."""

    label: str
    min_days: int | None
    max_days: int | None


#: The bands of days left, the most urgent first. Together they hold every open case once.
BANDS: Mapping[str, Band] = {
    "overdue": Band("Past the limit", None, -1),
    "two_weeks": Band("0 to 14 days left", 0, 14),
    "six_weeks": Band("15 to 42 days left", 15, 42),
    "later": Band("43 days or more left", 43, None),
}


def listed(report: Report, cohort: Cohort) -> pa.Table:
    """Requests and assessments still open on census day: longest past the limit first, then the next to reach it.

    A request is open until the decision to assess is made. An assessment is open until its decision is made or, where a
    plan was agreed, until the plan is dated or present. The limits are 6 weeks and 20 weeks from the date received.
    Columns: person_id, surname, forename, birth_date, upn, awaited, need, setting, team, received_date, days_elapsed,
    days_to_limit (negative past the limit), days_left, days_over, due_date, is_over, exception.
    """
    report.store.derive_indicators()
    sql = catalogue.list_sql("open_cases")
    # Another list of teams gives another column.
    key = Key("open_cases", cohort=cohort, rest=(report.teams,))
    return report.cache.cached(key, lambda: with_setting(report.store.table(sql, parameters(cohort))))


def n_undated(report: Report, cohort: Cohort) -> int:
    """How many open cases have no date received that can be read. They have no limit and are not in `listed`."""
    report.store.derive_indicators()
    sql = catalogue.list_sql("open_cases_undated")
    key = Key("n_people", "open_cases_undated", cohort)
    return report.cache.cached(key, lambda: int(report.store.value(sql, parameters(cohort)) or 0))


def in_band(cases: pa.Table, key: str) -> pa.Table:
    """The rows of `listed` in a band of BANDS."""
    band, days = BANDS[key], cases["days_to_limit"]
    if band.min_days is not None:
        cases, days = _rows_where(cases, pc.greater_equal(days, band.min_days))
    if band.max_days is not None:
        cases, days = _rows_where(cases, pc.less_equal(days, band.max_days))
    return cases


def _rows_where(cases: pa.Table, is_chosen: pa.ChunkedArray) -> tuple[pa.Table, pa.ChunkedArray]:
    found = cases.filter(is_chosen)
    return found, found["days_to_limit"]


def counts(cases: pa.Table) -> tuple[int, int, int]:
    """How many cases are open, past their limit, and within two weeks of it. cases: rows of `listed`."""
    over = pc.sum(cases["is_over"]).as_py() or 0
    soon = pc.sum(pc.and_(pc.invert(cases["is_over"]), pc.less_equal(cases["days_left"], 2 * WEEK))).as_py() or 0
    return len(cases), int(over), int(soon)
