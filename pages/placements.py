"""Placements and reviews for the plans of the caseload."""

from __future__ import annotations

import streamlit as st

from sen2dash import ui
from sen2dash.analysis import placements
from sen2dash.ui import filters, panels

ui.guard()
report = ui.report_or_stop(
    "Placements and reviews",
    "Upload a return to see its annual reviews, phase transfers, placements and personal budgets.",
)
selection = filters.sidebar(report)
ui.header(
    "Placements and reviews", "Reviews, phase transfers and placements of the plans that were active on census day."
)
filters.stop_if_nobody(selection)
st.caption(f"{selection.size_text}.")
panels.show(report, selection, placements.TOPICS, "placements")
