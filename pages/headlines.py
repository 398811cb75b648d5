"""Every headline figure with the last published figures, its definition and the people behind it."""

from __future__ import annotations

import streamlit as st

from sen2dash import ui
from sen2dash.ui import filters, headlines

ui.guard()
entry = ui.entry_or_stop(
    "Headline figures",
    "Upload a return to see the figures that the DfE will publish from it, with the people behind each.",
)
report = entry.report
selection = filters.sidebar(report)
ui.header("Headline figures", "What will be published from this return, beside what was published last.")
filters.stop_if_nobody(selection)
with st.container(key="headlines_controls", horizontal=True, vertical_alignment="bottom"):
    indicator = headlines.choose_indicator()
    if indicator is None:
        view = headlines.choose_view()
st.caption(f"{selection.size_text}. Published figures are for everyone, whatever the filters.")
headlines.style()
if indicator is not None:
    headlines.show_indicator(entry, selection, indicator)
elif view == headlines.CARDS:
    headlines.show_cards(entry, selection)
else:
    headlines.show_summary(entry, selection)
