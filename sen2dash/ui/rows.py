"""Tables in which a click anywhere on a row chooses it, by mouse or by keyboard."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

#: What `st.dataframe` has to let people select: the box of a row, and any cell of it.
ANYWHERE: Sequence[Literal["single-row", "single-cell"]] = ("single-row", "single-cell")


def clicked_row(event: Any) -> int | None:
    """The row that was clicked in a table, counted from 0, or None. event: what `st.dataframe` gives or holds.

    A cell counts before the box of a row: the box may still show the row that was chosen before.
    """
    selection = (event or {}).get("selection", {})
    cells, rows = selection.get("cells") or [], selection.get("rows") or []
    if cells:
        return int(cells[0][0])
    return int(rows[0]) if rows else None


def with_row(row: int) -> dict[str, dict[str, list[Any]]]:
    """The state of a table in which this row is marked."""
    return {"selection": {"rows": [row], "columns": [], "cells": []}}
