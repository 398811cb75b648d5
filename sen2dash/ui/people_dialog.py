"""The people behind a bar or a number in a dialog over the page, which stays as it was when the dialog is closed.

A callback asks for a part with `ask`; the page takes the request with `asked`, once, and opens the dialog with `show`.
So the dialog never opens again by itself. While figures are for sharing there is no dialog.
"""

from __future__ import annotations

import streamlit as st

from sen2dash import ui
from sen2dash.analysis.panels import People
from sen2dash.checks.report import Report
from sen2dash.indicators.figures import Selection
from sen2dash.ui import figures
from sen2dash.web import access
from sen2dash.web.access import Right

ASKED = "ui_people_asked"


def ask(owner: str, part: str | None) -> None:
    """Ask for the people of a part. owner: the key of the chart or table that it is in. Call this in a callback."""
    st.session_state[ASKED] = (owner, part)


def asked(owner: str) -> str | None:
    """The part that was asked for in this chart or table since the last run of the page; None if none was."""
    whose, part = st.session_state.get(ASKED, ("", None))
    if whose != owner:
        return None
    del st.session_state[ASKED]
    return part  # type: ignore[no-any-return]


def show(report: Report, selection: Selection, found: People, key: str) -> None:
    """Open the dialog. found: the people, with what they have in common. key: prefix of the keys, and the file name."""
    if selection.is_sharing:
        return
    access.require(Right.CHILD)

    @st.dialog(ui.plain(found.title), width="large")
    def people_over_page() -> None:
        stem = key.replace("_", " ")
        figures.people_rows(report, found.rows, key, stem, selection, found.title, found.extra, known_first=True)

    people_over_page()
