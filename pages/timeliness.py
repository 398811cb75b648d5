"""How long requests, assessments and plans took, by month, weeks and group; who was late, and what was still open."""

from __future__ import annotations

from sen2dash import ui
from sen2dash.ui import filters, pieces, timeliness

ui.guard()
entry = ui.entry_or_stop(
    "Timeliness", "Upload a return to see how long decisions and plans took, who was late, and whose limit is next."
)
selection = filters.sidebar(entry.report)
ui.header(
    "Timeliness",
    f"How long decisions and plans took, from the date received. {selection.size_text}. {pieces.PUBLISHED_UNFILTERED}",
)
filters.stop_if_nobody(selection)
timeliness.show(entry, selection)
