"""Returns that are kept, encrypted: keep the one that is open; list, open, compare, change and delete kept ones."""

from __future__ import annotations

import streamlit as st

from sen2dash import ui
from sen2dash.ui import kept_actions, kept_erase, kept_keep, kept_list, open_archive

TITLE = "Kept returns"

ui.guard()
archive = open_archive.archive_or_stop(
    TITLE, "Keep mock returns and submissions, encrypted, to open, compare and follow them later."
)
found = kept_list.listed(archive)
with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
    ui.header(TITLE)
    open_archive.close_button()
st.markdown(kept_list.lead(found))
kept_list.notices(archive, found)
chosen = kept_list.choose(archive, found)
with kept_list.beside(found, chosen):
    if chosen is None:
        kept_keep.section(archive, found)
    else:
        kept_actions.show(archive, chosen, found)
kept_erase.section(archive, found)
