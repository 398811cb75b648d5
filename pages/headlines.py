"""Every headline figure with the last published figures, its definition and the people behind it."""

from __future__ import annotations

import streamlit as st

from sen2dash import ui
from sen2dash.ui import filters, headlines, one_indicator, pieces

ui.guard()
entry = ui.entry_or_stop(
    "Headline figures",
    "Upload a return to see the figures that the DfE will publish from it, with the people behind each.",
)
report = entry.report
selection = filters.sidebar(report)
ui.header("Headline figures")
filters.stop_if_nobody(selection)
with st.container(key="headlines_controls", horizontal=True, vertical_alignment="center"):
    indicator = headlines.choose_indicator()
    if indicator is None:
        view = headlines.choose_view()
    else:
        headlines.back_button()
    st.caption(pieces.PUBLISHED_UNFILTERED, width="content")
headlines.style()
if indicator is not None:
    one_indicator.show(entry, selection, indicator)
elif view == headlines.ALL:
    headlines.show_table(entry, selection)
else:
    headlines.show_sheet(entry, selection)
