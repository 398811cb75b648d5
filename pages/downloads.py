"""Every file that can be downloaded, in one place."""

from __future__ import annotations

from functools import partial

import streamlit as st

from sen2dash import ui
from sen2dash.checks import catalogue, dfe_numbers, rulebook
from sen2dash.model import SEVERITIES
from sen2dash.output import export
from sen2dash.ui import pieces
from sen2dash.web import vault

ui.guard()
report = ui.report_or_stop("Downloads", "Upload a return to download what was found in it, as CSV and Excel files.")
ui.header("Downloads", "Files are made when you ask for them and are not kept.")
st.header("Findings", anchor=False)
st.markdown(
    "One row for each finding, with the person, the value, the line in the file and what the rule says. "
    "In a CSV, text that a spreadsheet would read as a formula starts with an apostrophe; "
    "the Excel workbook keeps all text as it is."
)
choices = {
    f"{ui.SEVERITY_PAGES[s].capitalize()} (CSV)": (
        ui.SEVERITY_PAGES[s],
        [outcome.rule.id for outcome in report.outcomes if outcome.severity == s],
    )
    for s in SEVERITIES
}
with_names = pieces.finding_downloads(report, {"Everything (CSV)": ("findings", None), **choices}, "downloads")
pieces.download(
    "Everything, a sheet for each module (Excel)",
    partial(export.findings_xlsx, report, None, with_names),
    export.file_name(report.collection, "findings", "xlsx"),
    export.XLSX,
    "downloads_xlsx",
)
st.header("Rules", anchor=False)
known = dfe_numbers.numbered(catalogue.rules(), vault.work().numbers.by_rule)
pieces.download(
    "The rules in words (Markdown)",
    lambda: b"".join(rulebook.pieces(known)),
    "sen2_rules.md",
    "text/markdown",
    "downloads_rules",
)
