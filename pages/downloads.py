"""Every file that can be taken away, in one place."""

from __future__ import annotations

import streamlit as st

from sen2dash import ui

ui.guard()
st.title("Downloads", anchor=False)
