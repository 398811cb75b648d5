"""The findings of one severity (error): rules with their counts, and the records of each."""

from __future__ import annotations

from sen2dash import ui
from sen2dash.ui import findings

ui.guard()
findings.findings_page("error")
