"""What was found of the severity query: rules with their counts, and the records of each."""

from __future__ import annotations

from sen2dash import ui

ui.guard()
ui.findings_page("query")
