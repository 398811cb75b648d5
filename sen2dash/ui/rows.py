"""Tables in which a click anywhere on a row chooses it.

Streamlit lets people choose a row by its box, or a cell. A cell is chosen as soon as the keyboard enters the table, so
people who pass by with Tab would be taken to another page. So the tables choose rows: a mouse click beside the box is
moved to the box, and the keyboard chooses with the space bar alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import streamlit as st

#: Height in pixels of a table's heading and of a row, and the number of records visible without scrolling.
HEADING, ROW, RECORDS_SEEN = 37, 35, 9
#: Moves each click on a row of a table to the box at its left: pixels of the heading, and to the middle of the boxes.
CLICKS = """<script>
if (!window.clicksChooseRows) {
  window.clicksChooseRows = true;
  const HEADING = 37, BOX = 16;
  for (const name of ['pointerdown', 'mousedown', 'pointerup', 'mouseup', 'click']) {
    window.addEventListener(name, (event) => {
      const table = event.isTrusted && event.button === 0 && event.target.closest?.('[data-testid=stDataFrame]');
      const canvas = table && table.closest('.stElementContainer[class*=st-key-]') && table.querySelector('canvas');
      if (!canvas || event.target.closest('button, input, [data-testid=stElementToolbar]')) return;
      const edges = canvas.getBoundingClientRect(), box = event.target.getBoundingClientRect();
      const isOnBar = event.clientX - box.left > event.target.clientWidth
        || event.clientY - box.top > event.target.clientHeight;
      if (isOnBar || event.clientY - edges.top < HEADING || event.clientX - edges.left < 2 * BOX) return;
      event.stopImmediatePropagation();
      const kind = name.startsWith('pointer') ? PointerEvent : MouseEvent;
      event.target.dispatchEvent(new kind(name, {
        bubbles: true, cancelable: true, composed: true, view: window, button: 0, buttons: event.buttons,
        clientX: edges.left + BOX, clientY: event.clientY, pointerId: event.pointerId, pointerType: event.pointerType,
        isPrimary: true, detail: event.detail,
      }));
    }, true);
  }
}
</script>"""


def height(n_rows: int, seen: int) -> int:
    """The height of a table in pixels: enough for its rows, up to the number of rows to show without scrolling."""
    return HEADING + ROW * min(max(n_rows, 1), seen)


def clicked_row(event: Any) -> int | None:
    """The row that was chosen in a table, counted from 0, or None. event: what `st.dataframe` gives or holds."""
    rows = (event or {}).get("selection", {}).get("rows") or []
    return int(rows[0]) if rows else None


def choose_clicked(table: str, key: str, ids: Sequence[str]) -> None:
    """Choose what the clicked row of a table is about. table, key: of the table and the choice. ids: of the rows."""
    row = clicked_row(st.session_state[table])
    if row is not None and row < len(ids):
        st.session_state[key] = ids[row]


def chosen_rows(event: Any) -> list[int]:
    """The rows that were chosen in a table of which several can be, counted from 0. event: as in `clicked_row`."""
    return sorted(int(row) for row in (event or {}).get("selection", {}).get("rows") or [])


def with_rows(rows: list[int]) -> dict[str, dict[str, list[Any]]]:
    """The state of a table in which these rows are chosen."""
    return {"selection": {"rows": rows, "columns": [], "cells": []}}


#: The state of a table in which no row is marked.
NO_ROW: dict[str, dict[str, list[Any]]] = {"selection": {"rows": [], "columns": [], "cells": []}}


def with_row(row: int) -> dict[str, dict[str, list[Any]]]:
    """The state of a table in which this row is chosen."""
    return with_rows([row])
