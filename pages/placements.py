"""The plans of the year, and reviews and placements of the plans of the caseload."""

from __future__ import annotations

from sen2dash import ui
from sen2dash.analysis import placements
from sen2dash.ui import filters, panels

ui.guard()
report = ui.report_or_stop(
    "Placements and reviews",
    "Upload a return to see its plans, annual reviews, phase transfers, placements and personal budgets.",
)
selection = filters.sidebar(report)
ui.header(
    "Placements and reviews",
    f"The plans of the year, and the reviews and placements of those on census day. {selection.size_text}.",
)
filters.stop_if_nobody(selection)
panels.show(report, selection, placements.TOPICS, "placements")
