"""Everything the return says about one person, with the findings next to the values they are about."""

from __future__ import annotations

import streamlit as st

from sen2dash import ui
from sen2dash.checks import record
from sen2dash.ui import person, person_linked

ui.guard()
entry = ui.entry_or_stop("One person", "Upload a return to look up a child or young person in it.")
report, source = entry.report, entry.inputs.source
asked = st.query_params.get("person", "")
person.sync_with_address(asked)
number = int(asked) if ui.is_number(asked) else 0
if 1 <= number <= report.counts["person"]:
    top = st.container()
    # Runs before the record is read, because a click on a neighbour does not need it.
    person.neighbours(report, number)
    shown = record.read_record(report, number, source, ui.names_hidden())
    with top:
        person.heading(report, shown)
    person.findings_list(report, shown)
    person.dates(report, number)
    person.sections(report, shown)
    person_linked.section(report, number)
    person.file_lines(report, shown, source)
else:
    ui.header("One person", "Find a child or young person to see everything in the return about them.")
    if asked:
        st.warning(f"There is no person with the number {ui.plain(asked)} in this return.", icon=":material/warning:")
    person.search(report)
