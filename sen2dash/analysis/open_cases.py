"""What was still open on census day: the cases, and how many of them are late or due soon. Draws nothing.

Knows no chart, so that an earlier return can be looked at without loading what draws.
"""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from sen2dash.checks import catalogue
from sen2dash.checks.cache import Key
from sen2dash.checks.report import Report
from sen2dash.indicators.figures import Selection, count_text
from sen2dash.indicators.filters import parameters
from sen2dash.limits import WEEK
from sen2dash.model import Cohort


def listed(report: Report, cohort: Cohort) -> pa.Table:
    """Requests and assessments still open on census day: those about to reach their limit first, those past it last.

    A request is open until the decision to assess is made. An assessment is open until its decision is made or, where a
    plan was agreed, until the plan is dated or present. The limits are 6 weeks and 20 weeks from the date received.
    Columns: person_id, surname, forename, birth_date, upn, awaited, received_date, days_elapsed, days_left, days_over,
    due_date, is_over, exception.
    """
    report.store.derive_indicators()
    sql = catalogue.list_sql("open_cases")
    return report.cache.cached(Key("open_cases", cohort=cohort), lambda: report.store.table(sql, parameters(cohort)))


def counts(cases: pa.Table) -> tuple[int, int, int]:
    """How many cases are open, past their limit, and within two weeks of it. cases: rows of `listed`."""
    over = pc.sum(cases["is_over"]).as_py() or 0
    soon = pc.sum(pc.and_(pc.invert(cases["is_over"]), pc.less_equal(cases["days_left"], 2 * WEEK))).as_py() or 0
    return len(cases), int(over), int(soon)


def texts(cases: pa.Table, selection: Selection) -> tuple[str, str, str]:
    """The same, ready to show."""
    total, n_over, n_soon = (count_text(selection.count(count)) for count in counts(cases))
    return total, n_over, n_soon
