"""The plans of the caseload: those active on census day, one for each person, as the indicators count them."""

from __future__ import annotations

import pyarrow as pa

from sen2dash.analysis.panels import rows_of
from sen2dash.checks.catalogue import list_sql
from sen2dash.checks.report import Report
from sen2dash.model import Cohort


def caseload(report: Report, cohort: Cohort) -> pa.Table:
    """The caseload plans of a cohort with their categories (the view caseload_state), dates and people."""
    return rows_of(report, "caseload_state", list_sql("caseload_plans"), cohort)
