"""Tables in which a click anywhere on a row selects it, by mouse or keyboard."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

#: What `st.dataframe` lets people select: the box of a row, and any cell in it.
ANYWHERE: Sequence[Literal["single-row", "single-cell"]] = ("single-row", "single-cell")


def clicked_row(event: Any) -> int | None:
    """The row that was clicked in a table, counted from 0, or None. event: what `st.dataframe` returns or stores.

    A cell takes precedence over the box of a row, because the box may still show the row chosen earlier.
    """
    selection = (event or {}).get("selection", {})
    cells, rows = selection.get("cells") or [], selection.get("rows") or []
    if cells:
        return int(cells[0][0])
    return int(rows[0]) if rows else None


def with_row(row: int) -> dict[str, dict[str, list[Any]]]:
    """The state of a table with this row marked."""
    return {"selection": {"rows": [row], "columns": [], "cells": []}}
