"""The mean number of weeks to issue a plan, on the page on timeliness."""

from __future__ import annotations

import pyarrow as pa
import streamlit as st

from sen2dash import ui
from sen2dash.analysis import weeks
from sen2dash.checks.report import Report
from sen2dash.indicators.figures import Selection


def show(report: Report, selection: Selection) -> None:
    """The means as a small table, with what to know before comparing."""
    found = weeks.table(report, selection)
    st.header(weeks.TITLE, anchor=False)
    columns = zip(found.headings, zip(*found.rows, strict=True), strict=True)
    st.table(
        pa.table({heading: [ui.plain(cell) for cell in cells] for heading, cells in columns}),
        hide_index=True,
        border="horizontal",
        width="content",
    )
    st.caption(ui.plain(" ".join(found.notes)))
