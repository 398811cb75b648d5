"""The script behind every page: set up the session, draw the menu and run the requested page."""

from __future__ import annotations

import streamlit as st

from sen2dash import ui
from sen2dash.ui import upload

ui.start()
chosen = st.navigation(ui.menu(), position="top")
st.set_page_config(page_title=f"{chosen.title} - sen2dash")
ui.note_page(chosen.url_path or ui.PAGES[0][0])
with ui.caught(chosen.title):
    upload.go_on()
    chosen.run()
