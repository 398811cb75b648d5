"""The people of a bar that was picked in a chart, in a dialog over the page: once a pick, and again on request."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from sen2dash.analysis.panels import People
from sen2dash.checks.report import Report
from sen2dash.indicators.figures import Selection
from sen2dash.ui import people_dialog


def show_people(
    report: Report,
    selection: Selection,
    picked: str | None,
    key: str,
    find: Callable[[str], People],
    about: str = "",
) -> None:
    """Open the dialog if another bar was picked since the last run. picked: what `show_chart` gave for this key.

    find: the people of a bar. about: what a chart of several is about, for the file name.
    """
    opened = f"{key}_opened"
    before, st.session_state[opened] = st.session_state.get(opened), picked
    if picked is None:
        return
    # A dialog that was closed leaves its bar picked.
    again = st.button("Show these people again", key=f"{key}_again", type="tertiary", icon=":material/group:")
    if again or picked != before:
        people_dialog.show(report, selection, find(picked), "_".join(each for each in (key, about, picked) if each))
