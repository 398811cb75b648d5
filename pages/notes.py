"""Notes for the DfE: a draft for each query with findings, to edit, copy and download."""

from __future__ import annotations

import streamlit as st

from sen2dash import ui
from sen2dash.ui import notes

ui.guard()
report = ui.report_or_stop("Notes for the DfE", "Upload a return to draft the notes that explain its queries.")
ui.header(
    "Notes for the DfE",
    "The DfE takes explanations of queries as notes on the whole return, not record by record. Correct what is wrong "
    "first, then explain here what is right. Do not name a child: a note needs only numbers and reasons.",
)
if any(outcome.severity == "query" and outcome.status == "found" for outcome in report.outcomes):
    notes.show(report)
else:
    st.success("No note is needed: no query was found.", icon=":material/check:")
