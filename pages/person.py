"""Everything the return says of one person, with the findings beside the values they are about."""

from __future__ import annotations

import streamlit as st

from sen2dash import record, ui, vault

ui.guard()
report = ui.report_or_stop("One person", "Look up a child or young person and see everything the return says of them.")
entry = vault.current()
asked = st.query_params.get("person", "")
person = int(asked) if asked.isdecimal() else None
hide = ui.names_hidden()
shown = None
if person is not None and entry is not None:
    shown = record.read_record(report, person, entry.inputs.source, hide)
if shown is None:
    ui.header("One person", "Find a person by number, UPN, ULN or the beginning of a name.")
    if asked:
        st.warning(f"There is no person {ui.plain(asked)} in this return: it has {ui.number(report.counts['person'])}.")
    ui.people_search(report)
else:
    ui.person_heading(report, shown)
    ui.person_sections(shown)
    if entry is not None:
        ui.person_lines(report, shown, entry.inputs.source)
