"""Who moved an indicator: people who count in it in one return and not in the other, or count differently.

The result is the table `indicator_move` of the workspace, with one row per indicator and person. Someone whose record
changed but who counts as before is not in it. Both returns must have their indicators' members.
"""

from __future__ import annotations

from collections.abc import Collection

import pyarrow as pa

from sen2dash.compare.queries import query
from sen2dash.store.database import Store
from sen2dash.store.workspace import Workspace

MEMBERS = (
    "select indicator_id, person_id, in_denominator, in_numerator from member "
    "where not list_contains($without, indicator_id)"
)


def find_moves(space: Workspace, before: Store, after: Store, without: Collection[str] = ()) -> None:
    """Compare the members of indicators after the people have been paired. without: indicators to leave out."""
    bound = {"without": list(without)}
    space.keep("member_before", before.table(MEMBERS, bound))
    space.keep("member_after", after.table(MEMBERS, bound))
    space.make("indicator_move", query("indicator_move"))
    space.forget("member_before", "member_after")


def n_moves(space: Workspace) -> dict[str, int]:
    """Return how many people moved each indicator, for those that anybody moved."""
    return {row["indicator_id"]: row["n"] for row in space.rows(query("move_counts"))}


def moves(space: Workspace, indicator_id: str) -> pa.Table:
    """Return the people who moved one indicator, in the order of the later return.

    Columns: before_person, after_person (NULL: not in that return), of_before, counted_before, of_after, counted_after
    (how many of their records are in the denominator and in the numerator), and those that identify the person.
    """
    return space.table(query("moves_listed"), {"indicator_id": indicator_id})
