"""Requests and assessments: how far requests got, what was decided, and what was challenged or refused."""

from __future__ import annotations

from sen2dash import ui
from sen2dash.analysis import requests
from sen2dash.ui import filters, panels

ui.guard()
report = ui.report_or_stop(
    "Requests and assessments",
    "Upload a return to see how far the year's requests got, and why the others stopped.",
)
selection = filters.sidebar(report)
ui.header(
    "Requests and assessments",
    f"How far the year's requests got, and why the others stopped. {selection.size_text}.",
)
filters.stop_if_nobody(selection)
panels.show(report, selection, requests.TOPICS, "requests")
