"""Which tables of a return the linked figures need, for returns that are not XML and lack some of them."""

from __future__ import annotations

from collections.abc import Mapping

from sen2dash.reading.other.forms import TABLE_NAMES
from sen2dash.store import views
from sen2dash.store.database import Store

PLANS = ("select * from caseload",)
PLACEMENTS = ("select * from current_placement", "select * from placementdetail")
#: Every kind of disagreement between the two returns, and what it reads.
DISAGREEMENTS: Mapping[str, tuple[str, ...]] = {
    "plan_not_in_census": PLANS,
    "plan_in_census_alone": PLANS,
    "need": (*PLANS, "select * from senneed"),
    "unit": PLACEMENTS,
    "resourced": PLACEMENTS,
    "school": PLACEMENTS,
    "ethnicity": (),
}


def not_given(store: Store, needed: tuple[str, ...]) -> str:
    """The tables, in words, that these statements read and that were not given; empty if all were."""
    if not store.not_given:
        return ""
    missing = store.not_given & frozenset[str]().union(
        *(views.tables_read(sql, with_indicators=True) for sql in needed)
    )
    return ", ".join(name for table, name in TABLE_NAMES.items() if table in missing)


def not_compared(store: Store) -> dict[str, str]:
    """The kinds of disagreement that cannot be found, and the tables that they lack, in words."""
    return {kind: lacking for kind, needed in DISAGREEMENTS.items() if (lacking := not_given(store, needed))}
