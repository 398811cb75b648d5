"""Every rule: what it looks for, how severe it is, how to put it right, its SQL, and what it said of this return."""

from __future__ import annotations

import streamlit as st

from sen2dash import ui

ui.guard()
st.title("Rulebook", anchor=False)
