"""What linked files say of the people in the return: school census, prior attainment and inspection outcomes."""

from __future__ import annotations

import streamlit as st

from sen2dash import ui
from sen2dash.linked import loaded_files
from sen2dash.ui import filters
from sen2dash.ui import linked as linked_ui

ui.guard()
entry = ui.entry_or_stop(
    "Linked files", "Upload a return, then add a school census, prior attainment or inspection outcomes."
)
selection = filters.sidebar(entry.report)
with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
    ui.header("Linked files")
    view = linked_ui.choose_view()
    filters.opener()
filters.stop_if_nobody(selection)
found = loaded_files.figures_of(entry.report)
linked_ui.VIEWS[view](entry, selection, found)
