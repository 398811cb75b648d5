"""How long requests, assessments and plans took, by month, weeks and group; who was late, and what was still open."""

from __future__ import annotations

import streamlit as st

from sen2dash import ui
from sen2dash.analysis.timeliness import LABELS
from sen2dash.ui import filters, headlines, pieces, timeliness, twenty_weeks, weeks

ui.guard()
entry = ui.entry_or_stop(
    "Timeliness", "Upload a return to see how long decisions and plans took, who was late, and whose limit is next."
)
report = entry.report
selection = filters.sidebar(report)
ui.header("Timeliness", "How long decisions and plans took, from the date that the request was received.")
filters.stop_if_nobody(selection)
st.caption(f"{selection.size_text}. {pieces.PUBLISHED_UNFILTERED}")
headlines.style()
timeliness.cards(report, selection)
twenty_weeks.choose_reading(entry, selection, headlines.WEEKS_INDICATORS, "timeliness")
weeks.show(report, selection)
st.header("Look closer", anchor=False)
what = st.segmented_control(
    "Show",
    [*timeliness.VIEWS, "open"],
    default="months",
    format_func=lambda key: timeliness.VIEWS[key][0] if key in timeliness.VIEWS else "Open on census day",
    key="timeliness_view",
    required=True,
    persist_state="session",
)
if what == "open":
    timeliness.open_ones(report, selection)
else:
    limit = st.segmented_control(
        "Limit",
        list(LABELS),
        default=next(iter(LABELS)),
        format_func=lambda name: LABELS[name],
        key="timeliness_limit",
        required=True,
        persist_state="session",
    )
    timeliness.VIEWS[what][1](report, selection, limit)
