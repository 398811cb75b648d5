"""Absence of the people matched exactly, from the rows of a school census that are kept."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from sen2dash.linked.linking import Linking
from sen2dash.linked.queries import query

Row = dict[str, Any]


@dataclass(frozen=True)
class AbsenceFigures:
    """years, reasons: rows of counts. of, over, reason_of: rows by person; over: of children who are left out.

    years_with_reasons: the academic years of which a file has sessions by reason, whoever they are of. ages: whether
    absence of each person's age is collected, by academic year.
    """

    years: list[Row]
    reasons: list[Row]
    of: pa.Table
    over: pa.Table
    reason_of: pa.Table
    years_with_reasons: frozenset[int]
    ages: pa.Table


def absence_figures(linking: Linking) -> AbsenceFigures:
    """Work out the absence. Reads the tables of a census that are kept."""
    space = linking.space
    with linking.making("absence_part", "absence_child", "period", "absence_reason_of"):
        return AbsenceFigures(
            years=space.rows(query("absence_year")),
            reasons=space.rows(query("absence_reason")),
            of=space.table(query("absence_of")),
            over=space.table(query("absence_over")),
            reason_of=space.table("select * from absence_reason_of order by all"),
            years_with_reasons=frozenset(row["academic_year"] for row in space.rows(query("absence_reason_year"))),
            ages=space.table(query("absence_age")),
        )
