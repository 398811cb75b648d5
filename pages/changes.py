"""What has changed since an earlier return: findings, people, indicators, and how far two systems agree."""

from __future__ import annotations

import streamlit as st

from sen2dash import ui
from sen2dash.ui import changes, changes_views

TITLE = "Since last time"

ui.guard()
entry = ui.entry_or_stop(
    TITLE, "Upload a return and an earlier one to see which findings were cleared and who has changed."
)
ui.header(TITLE, "Which findings were cleared or are new, and who and what has changed.")
since = changes.choose_or_stop(entry)
changes.summary(entry, since)
view = st.segmented_control(
    "Show",
    list(changes_views.VIEWS),
    default="findings",
    format_func=lambda key: changes_views.VIEWS[key][0],
    key="changes_view",
    required=True,
    persist_state="session",
)
changes_views.VIEWS[view][1](entry, since)
changes.downloads(entry, since)
