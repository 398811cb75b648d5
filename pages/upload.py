"""Choose a return, watch it being checked, and see what was found."""

from __future__ import annotations

from sen2dash import ui
from sen2dash.ui import other_inputs, publication, upload, working_file
from sen2dash.web import vault

ui.guard()
entry = vault.current()
if entry is None:
    upload.start()
    working_file.open_section(has_return=False)
    publication.section()
    upload.explain_data_handling()
else:
    upload.summary(entry)
    other_inputs.save_as_xml(entry)
    upload.next_or_none(entry)
    upload.extras(entry)
    publication.section()
    working_file.save_section(entry)
    working_file.open_section(has_return=True)
upload.release()
