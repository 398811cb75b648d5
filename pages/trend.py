"""How findings and indicators develop over the kept returns of a year, and over up to three years."""

from __future__ import annotations

from sen2dash import ui
from sen2dash.ui import open_archive, trend

TITLE = "Trend"
WHAT = "How findings and indicators develop from one kept return to the next, over up to three years."

ui.guard()
archive = open_archive.archive_or_stop(TITLE, WHAT)
ui.header(TITLE, WHAT)
found = trend.choose_or_stop(archive)
trend.recompute(archive, found)
trend.show(archive, found, trend.choose_sharing())
