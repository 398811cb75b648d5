"""Suspensions and exclusions of the people matched exactly, from the rows of a school census that are kept."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from sen2dash.linked.linking import Linking
from sen2dash.linked.queries import query

Row = dict[str, Any]


@dataclass(frozen=True)
class ExclusionFigures:
    """years, reasons: rows of counts. of, base_of, events: rows by person.

    terms: the terms of each academic year whose suspensions and exclusions the censuses have.
    """

    years: list[Row]
    reasons: list[Row]
    of: pa.Table
    base_of: pa.Table
    events: pa.Table
    terms: list[Row]


def exclusion_figures(linking: Linking) -> ExclusionFigures:
    """Work out suspensions and exclusions. Reads the tables of a census that are kept."""
    space = linking.space
    with linking.making("exclusion_event", "exclusion_child", "exclusion_base_of", "exclusion_base"):
        return ExclusionFigures(
            years=space.rows(query("exclusion_year")),
            reasons=space.rows(query("exclusion_reason")),
            of=space.table("select * from exclusion_child order by all"),
            base_of=space.table("select * from exclusion_base_of order by all"),
            events=space.table(query("exclusion_list")),
            terms=space.rows(query("exclusion_term")),
        )
