"""The DfE's own rule numbers: adding a list, showing the result, and removing it."""

from __future__ import annotations

from functools import partial

import streamlit as st

from sen2dash import ui
from sen2dash.checks import catalogue, dfe_numbers
from sen2dash.errors import UserError
from sen2dash.output import export
from sen2dash.ui import pieces
from sen2dash.web import access, session_files, vault
from sen2dash.web.access import Right

#: Session state: why the last list was not used, and how often the uploader was emptied.
REFUSED, TURN = "rulebook_numbers_refused", "rulebook_numbers_turn"


def section_or_nothing() -> None:
    """The section for people who may load files; nothing for the others."""
    if not access.must_protect():
        section()


@access.only(Right.CHILD)
def section() -> None:
    """The section of the rulebook page on the DfE's numbers."""
    st.header("The DfE's own rule numbers", anchor=False)
    numbers = vault.work().numbers
    if numbers.by_rule:
        n_rules = ui.counted(len(numbers.by_rule), "rule")
        without = f" {ui.counted(numbers.n_without, 'row')} of your list had no number." if numbers.n_without else ""
        st.markdown(f"Numbers of {n_rules} are shown in every list, note and file of this visit.{without}")
        if numbers.faults:
            faults = "\n".join(f"- {ui.plain(fault)}" for fault in numbers.faults_named())
            st.warning(
                f"**{ui.counted(len(numbers.faults), 'row')} could not be used:**\n\n{faults}",
                icon=":material/warning:",
            )
        if st.button("Remove the numbers", key="rulebook_numbers_drop"):
            vault.use_numbers(dfe_numbers.NONE)
            st.rerun()
        return
    st.markdown(
        "sen2dash has its own rule ids. If you have the DfE's rule workbook, add its numbers to the list below and "
        "upload it: they are then shown in every list, note and file, for this visit only."
    )
    if REFUSED in st.session_state:
        ui.show_user_error(st.session_state[REFUSED])
    file = st.file_uploader(
        "Our id and the DfE's number (CSV)", type=["csv"], key=f"rulebook_numbers_{st.session_state.get(TURN, 0)}"
    )
    if file is not None:
        _take(file.getvalue())
        session_files.forget_upload(file.file_id)
        st.session_state[TURN] = st.session_state.get(TURN, 0) + 1
        st.rerun()
    pieces.download(
        "A list to fill in (CSV)",
        partial(export.rows_to_csv, dfe_numbers.HEADINGS, dfe_numbers.template(catalogue.rules())),
        "sen2_dfe_rule_numbers.csv",
        "text/csv",
        "rulebook_numbers_template",
    )


@access.only(Right.CHILD)
def _take(data: bytes) -> None:
    """Use a list, or record why it cannot be used."""
    st.session_state.pop(REFUSED, None)
    try:
        vault.use_numbers(dfe_numbers.read_numbers(data, catalogue.rules()))
    except UserError as error:
        st.session_state[REFUSED] = error
