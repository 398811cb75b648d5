"""The script behind every page: set up the session, draw the menu and run the requested page."""

from __future__ import annotations

import streamlit as st

from sen2dash import ui
from sen2dash.ui import upload
from sen2dash.web import access

ui.start()
chosen = st.navigation(ui.menu(), position="top" if access.person().rights else "hidden")
st.set_page_config(page_title=f"{chosen.title} - sen2dash")
ui.note_page(chosen.url_path or ui.PAGES[0][0])
ui.start_where_allowed(ui.current_page())
with ui.reporting_errors(chosen.title):
    ui.guard()
    upload.finish_interrupted_check()
    chosen.run()
