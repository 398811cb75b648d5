"""Notes for the DfE: a draft for each query with findings, to edit, copy and download."""

from __future__ import annotations

import zlib

import streamlit as st

from sen2dash import ui
from sen2dash.checks import notes
from sen2dash.checks.notes import Draft, Edit, Note
from sen2dash.checks.report import Report
from sen2dash.output import export
from sen2dash.ui import findings, pieces
from sen2dash.web import vault

VIEWS = ("One by one", "All as one text")


def keep(key: str, draft: Draft) -> None:
    """Keep what was typed, with the sentence that it was based on."""
    vault.work().notes[draft.outcome.rule.id] = Edit(st.session_state[key], draft.count)


def one_note(draft: Draft, note: Note, turn: int) -> None:
    """One note, with a link to its records and a button to restore its draft."""
    rule = note.outcome.rule
    key = f"notes_{rule.id}_{zlib.crc32(draft.text.encode())}_{turn}"  # another draft needs another text area
    text, links = st.columns([5, 1], vertical_alignment="bottom")
    with text:
        if note.is_stale:
            st.warning(f"The count has changed: {ui.plain(draft.count)}", icon=":material/warning:")
        label = f"**{ui.plain(rule.label)}** {ui.plain(rule.title)}"
        st.text_area(label, note.text, key=key, height="content", on_change=keep, args=(key, draft))
    with links:
        if note.is_edited and st.button("Back to draft", key=f"notes_back_{rule.id}", width="stretch"):
            del vault.work().notes[rule.id]
            st.session_state["notes_turn"] = turn + 1
            st.rerun()
        if st.button("See records", key=f"notes_see_{rule.id}", width="stretch"):
            findings.open_rule(note.outcome)


def show(report: Report) -> None:
    """Show the notes for a return with findings that need one."""
    drafts = notes.drafts(report)
    made = [notes.edited(draft, vault.work().notes.get(draft.outcome.rule.id)) for draft in drafts]
    n_ready, n_gaps, n_out = notes.progress(made)
    left_out = f", {n_out} left out" if n_out else ""
    words = f"{ui.number(n_ready)} ready, {ui.number(n_gaps)} still without a reason{left_out}"
    st.markdown(f"**{ui.counted(len(made), 'note')}**: {words}.")
    view = st.segmented_control("Show", VIEWS, default=VIEWS[0], key="notes_view", required=True)
    if view == VIEWS[0]:
        st.markdown(f"Replace {ui.plain(notes.GAP)} with the reason. A note without text is left out.")
        for draft, note in zip(drafts, made, strict=True):
            one_note(draft, note, int(st.session_state.get("notes_turn", 0)))
    else:
        if n_gaps:
            st.warning(f"{ui.counted(n_gaps, 'note')} still without a reason.", icon=":material/warning:")
        st.code(notes.as_text(made), language=None, wrap_lines=True)
    pieces.download(
        "All notes (text)",
        lambda: notes.as_text(made).encode(),
        export.file_name(report.collection, "notes", "txt"),
        "text/plain",
        "notes_text",
    )


ui.guard()
report = ui.report_or_stop("Notes for the DfE", "Upload a return to draft the notes that explain its queries.")
ui.header(
    "Notes for the DfE",
    "The DfE takes explanations of queries as notes on the whole return, not record by record. Correct what is wrong "
    "first, then explain here what is right. Do not name a child: a note needs only numbers and reasons.",
)
if any(outcome.severity == "query" and outcome.status == "found" for outcome in report.outcomes):
    show(report)
else:
    st.success("No note is needed: no query was found.", icon=":material/check:")
