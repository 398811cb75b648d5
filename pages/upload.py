"""Choose a return, watch it being checked, and see what was found."""

from __future__ import annotations

from sen2dash import ui
from sen2dash.ui import publication, upload
from sen2dash.web import vault

ui.guard()
entry = vault.current()
if entry is None:
    upload.start()
    publication.section()
    upload.promise()
else:
    upload.summary(entry)
    upload.extras(entry)
    publication.section()
    upload.end()
upload.release()
