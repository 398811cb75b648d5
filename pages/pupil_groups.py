"""An indicator by pupil group: counts, the chosen kind of rate, and the people behind each number."""

from __future__ import annotations

import streamlit as st

from sen2dash import ui
from sen2dash.analysis import pupil_groups
from sen2dash.indicators.figures import Figures
from sen2dash.ui import filters, pieces
from sen2dash.ui import pupil_groups as pupil_groups_ui

ui.guard()
report = ui.report_or_stop(
    "Pupil groups", "Upload a return to see how requests, refusals and plans differ between groups of children."
)
selection = filters.sidebar(report)
ui.header(
    "Pupil groups",
    "How an indicator differs between groups of children. Choose a number to see the people behind it.",
)
filters.stop_if_nobody(selection)
st.caption(f"{selection.size_text}. Use the filters in the sidebar to narrow them down.")
indicator, rate, by = pupil_groups_ui.choose()
problem = Figures(report, selection).results[indicator.id].reason
if problem:
    pieces.say_not_counted(problem)
else:
    pupil_groups_ui.show(report, selection, pupil_groups.table(report, indicator, rate, by, selection))
    pupil_groups_ui.residents(report, selection, indicator)
