"""Choose a return, watch it being checked, and see what was found."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from sen2dash import catalogue, spec, ui, vault
from sen2dash.errors import UserError
from sen2dash.model import SEVERITIES
from sen2dash.source import SourceText
from sen2dash.vault import Entry, Inputs

ERROR, TURN = "upload_error", "upload_turn"
COUNTS = {
    "person": "People",
    "requests": "Requests",
    "assessment": "Assessments",
    "namedplan": "Plans",
    "placementdetail": "Placements",
}


def take(label: str, key: str, kinds: list[str], use: Callable[[bytes, str], None]) -> None:
    """A place to choose a file: used at once, and then dropped by the server."""
    file = st.file_uploader(label, type=kinds, key=f"upload_{key}_{st.session_state.get(TURN, 0)}")
    if file is None:
        return
    st.session_state.pop(ERROR, None)
    try:
        use(file.getvalue(), file.name)
    except UserError as error:
        st.session_state[ERROR] = error
    finally:
        vault.forget_upload(file.file_id)
        st.session_state[TURN] = st.session_state.get(TURN, 0) + 1
    st.rerun()


def check_return(data: bytes, name: str) -> None:
    """Check a return in place of the one before."""
    ui.check(Inputs(SourceText(data), name), data)


def show_start() -> None:
    """The state in which no return is loaded."""
    ui.header(
        "Check a SEN2 return",
        "Choose the XML file that your case system made for the SEN2 person-level collection. "
        f"It is checked against {ui.number(len(catalogue.rules()))} rules in a few seconds.",
    )
    show_error()
    take("SEN2 return (XML)", "file", ["xml"], check_return)
    st.header("What happens to the file", anchor=False)
    st.markdown(
        "- It is held in memory for as long as this tab is open, and never written to disk or sent on.\n"
        "- It is erased when you clear it, close or refresh the tab, or leave it unused.\n"
        "- Nothing is submitted to the DfE: you still upload the return in COLLECT."
    )


def show_error() -> None:
    """Why the last file was not taken."""
    if ERROR in st.session_state:
        ui.show_user_error(st.session_state[ERROR])


def show_summary(entry: Entry) -> None:
    """What is in the return and what was found."""
    report = entry.report
    ui.header(
        ui.plain(ui.authority(report)), f"{ui.plain(report.collection.label)}. File: {ui.plain(entry.inputs.name)}."
    )
    show_error()
    ui.trouble(report)
    for column, (table, label) in zip(st.columns(len(COUNTS)), COUNTS.items(), strict=True):
        column.metric(label, ui.number(report.counts[table]))
    st.header("What was found", anchor=False)
    for column, severity in zip(st.columns(3), SEVERITIES, strict=True):
        with column.container(border=True, height="stretch"):
            ui.severity_card(report, severity)
    st.header("The header of the file", anchor=False)
    ui.facts({item.label: report.header[item.element] for item in spec.items_of("header")})
    st.header("This return", anchor=False)
    with st.expander("Replace this return"):
        take("Another SEN2 return (XML)", "file", ["xml"], check_return)
    st.button("Clear now", key="upload_clear", on_click=vault.clear, help="Erase the return from memory.")


ui.guard()
held = vault.current()
if held is None:
    show_start()
else:
    show_summary(held)
