"""Who did what with which kept return and when, what changed between two of them, and whether the audit is whole."""

from __future__ import annotations

from sen2dash import ui
from sen2dash.ui import audit, open_archive

TITLE = "Audit"
WHAT = "Who did what with which kept return, and when. No entry names a child."

ui.guard()
audit.stop_unless_administrator(TITLE, WHAT)
archive = open_archive.archive_or_stop(TITLE, WHAT)
ui.header(TITLE, WHAT)
audit.show(audit.read(archive), audit.choose_view())
