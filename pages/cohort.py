"""Who the return is about: every characteristic, next to England and the region, and the people behind each bar."""

from __future__ import annotations

import streamlit as st

from sen2dash import ui
from sen2dash.analysis import cohort
from sen2dash.ui import cohort as cohort_ui
from sen2dash.ui import filters, pieces

ui.guard()
report = ui.report_or_stop(
    "Cohort", "Upload a return to see who it is about, by need, age, sex, ethnicity and placement."
)
selection = filters.sidebar(report)
ui.header("Cohort", "Who the return is about. Choose a bar or a cell to see the people in it.")
filters.stop_if_nobody(selection)
st.caption(f"{selection.size_text}. Use the filters in the sidebar to narrow them down.")
with st.container(horizontal=True):
    base = st.segmented_control(
        "Count",
        list(cohort.BASES),
        default="people",
        format_func=lambda key: cohort.BASES[key],
        key="cohort_base",
        required=True,
        persist_state="session",
    )
    view = st.segmented_control(
        "Show",
        list(cohort_ui.VIEWS),
        default="characteristic",
        format_func=lambda key: cohort_ui.VIEWS[key][0],
        key="cohort_view",
        required=True,
        persist_state="session",
    )
st.header(cohort_ui.VIEWS[view][0], anchor=False)
problem = cohort.reason(report, base, selection)
if problem:
    pieces.say_not_counted(problem)
else:
    cohort_ui.VIEWS[view][1](report, selection, base)
