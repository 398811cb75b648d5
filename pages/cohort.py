"""Who the return is about: charts of every characteristic, compared with others, and the people behind each bar."""

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
with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
    ui.header("Cohort")
    view = cohort_ui.choose_view()
    filters.opener()
    cohort_ui.export_button(report, selection)
filters.stop_if_nobody(selection)
with st.container(horizontal=True, vertical_alignment="bottom"):
    base = cohort_ui.choose_base()
    if view == cohort_ui.CHARTS:
        cohort_ui.choose_comparator(report)
problem = cohort.reason(report, base, selection)
if problem:
    pieces.say_not_counted(problem)
else:
    cohort_ui.VIEWS[view](report, selection, base)
