"""Eight figures on one screen and one sheet: what they are compared with, what stands out, and what explains it."""

from __future__ import annotations

import streamlit as st

from sen2dash import ui
from sen2dash.analysis import summary as figures
from sen2dash.ui import filters, summary

ui.guard()
entry = ui.entry_or_stop("Summary", "Upload a return to see its eight main figures on one page that you can print.")
selection = filters.sidebar(entry.report)
top = st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute")
with top:
    ui.header("Summary")
filters.stop_if_nobody(selection)
earlier = summary.before(entry) if selection.cohort.is_everyone else None
found = figures.summary(entry.report, selection, earlier)
with top:
    summary.actions(entry.report, selection, found, earlier)
summary.show(entry, selection, found, earlier)
summary.show_groups(entry, selection)
summary.show_foot(entry, selection, found)
