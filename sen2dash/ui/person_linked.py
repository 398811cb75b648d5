"""What linked files say of one person, below what the return says. Nothing without linked files."""

from __future__ import annotations

import pyarrow as pa
import streamlit as st

from sen2dash import ui
from sen2dash.analysis import person_linked
from sen2dash.checks.report import Report
from sen2dash.linked import loaded_files
from sen2dash.web import access
from sen2dash.web.access import Right


@access.only(Right.CHILD)
def section(report: Report, number: int) -> None:
    """A table for each kind of linked file that was added. Columns that are blank throughout are left out."""
    figures = loaded_files.figures_of(report)
    if figures is None:
        return
    st.header("In the linked files", anchor=False)
    for part in person_linked.parts(report, figures, number, ui.names_hidden()):
        st.subheader(part.title, anchor=False)
        st.caption(" ".join(map(ui.plain, part.sentences)))
        if part.rows:
            columns = {
                heading: [ui.plain(row[heading]) for row in part.rows]
                for heading in part.rows[0]
                if any(row[heading] for row in part.rows)
            }
            st.table(pa.table(columns), hide_index=True, border="horizontal")
