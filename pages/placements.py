"""Placements and reviews: where the plans of the caseload stand."""

from __future__ import annotations

import streamlit as st

from sen2dash import ui
from sen2dash.analysis import placements
from sen2dash.ui import filters, panels

ui.guard()
report = ui.report_or_stop(
    "Placements and reviews", "Annual reviews, phase transfers, placements and personal budgets stand here."
)
selection = filters.sidebar(report)
ui.header("Placements and reviews", "Where the plans that were active on census day stand.")
filters.stop_if_nobody(selection)
st.caption(f"{selection.size_text}.")
panels.show(report, selection, placements.TOPICS, "placements")
