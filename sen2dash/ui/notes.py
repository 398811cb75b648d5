"""The page of notes for the DfE: a list of notes and the one that is being written beside it."""

from __future__ import annotations

import zlib
from collections.abc import Mapping, Sequence

import streamlit as st

from sen2dash import ui
from sen2dash.checks import notes
from sen2dash.checks.notes import Draft, Edit, Note, State
from sen2dash.checks.report import Report
from sen2dash.output import export
from sen2dash.ui import findings, marks, pieces
from sen2dash.web import access, vault
from sen2dash.web.access import Right

LABELS: Mapping[State, str] = {"to_write": "Still to write", "ready": "Ready", "left_out": "Left out"}
ALL, TEXT = "all", "text"
#: Session state: which notes are shown, which one is open, and how often a draft was restored.
VIEW, RULE, TURN = "notes_view", "notes_rule", "notes_turn"


@access.only(Right.CHILD)
def show(report: Report) -> None:
    """Show the notes for a return with findings that need one."""
    drafts = notes.drafts(report)
    made = [notes.edited(draft, vault.work().notes.get(draft.outcome.rule.id)) for draft in drafts]
    view = _choose_view(made)
    if view == TEXT:
        _as_text(made)
    elif listed := _listed(made, view):
        _one_by_one(report, {draft.outcome.rule.id: draft for draft in drafts}, listed)
    elif view == "to_write":
        st.success("Every note is ready or left out.", icon=":material/check:")
    else:
        st.info("There is no such note.", icon=":material/info:")
    pieces.download(
        "All notes (text)",
        lambda: notes.as_file(made).encode(),
        export.file_name(report.collection, "notes", "txt"),
        "text/plain",
        "notes_text",
    )


def _choose_view(made: Sequence[Note]) -> str:
    """Which notes to show. Another choice opens the first of them."""
    counts = notes.by_state(made)
    labels: dict[str, str] = {state: f"{LABELS[state]} {ui.number(n)}" for state, n in counts.items()}
    labels |= {ALL: f"All {ui.number(len(made))}", TEXT: "All as one text"}
    if st.session_state.get(VIEW) not in labels:
        st.session_state[VIEW] = "to_write" if counts["to_write"] else ALL
    picked = st.segmented_control(
        "Show",
        list(labels),
        format_func=lambda view: labels[view],
        key=VIEW,
        required=True,
        on_change=lambda: st.session_state.pop(RULE, None),
        persist_state="session",
    )
    return picked or ALL


def _listed(made: Sequence[Note], view: str) -> list[Note]:
    """The notes to list: those in this state, and the open one, which stays while it is being written."""
    return [note for note in made if view in (ALL, note.state) or note.outcome.rule.id == st.session_state.get(RULE)]


def _one_by_one(report: Report, drafts: Mapping[str, Draft], listed: Sequence[Note]) -> None:
    """The list of notes, and the one that is open. drafts: by rule id."""
    left, right = st.columns([2, 3], gap="medium")
    with left:
        columns = ("Rule", "What it looks for", "Findings")
        chosen = findings.choose_rule([note.outcome for note in listed], "notes", columns)
    place = next(place for place, note in enumerate(listed) if note.outcome.rule.id == chosen.rule.id)
    with right:
        _one_note(report, drafts[chosen.rule.id], listed[place])
        with st.container(horizontal=True):
            _buttons(listed[place], listed[place + 1] if place + 1 < len(listed) else None)


def _buttons(note: Note, after: Note | None) -> None:
    """What can be done with the open note. after: the next one in the list."""
    rule = note.outcome.rule
    st.button(
        "Next note",
        key="notes_next",
        disabled=after is None,
        icon=":material/arrow_forward:",
        on_click=lambda: st.session_state.update({RULE: after.outcome.rule.id} if after else {}),
    )
    if st.button("See records", key=f"notes_see_{rule.id}"):
        findings.open_rule(note.outcome)
    if note.is_edited:
        st.button("Back to draft", key=f"notes_back_{rule.id}", on_click=_restore, args=(rule.id,))


def _keep(key: str, draft: Draft) -> None:
    """Keep what was typed, with the numbers that it was based on."""
    vault.work().notes[draft.outcome.rule.id] = Edit(st.session_state[key], draft.counts)


def _restore(rule_id: str) -> None:
    """Go back to the draft of a note."""
    vault.work().notes.pop(rule_id, None)
    st.session_state[TURN] = st.session_state.get(TURN, 0) + 1


def _one_note(report: Report, draft: Draft, note: Note) -> None:
    """One note, with what its rule means, a link to its records and a button to restore its draft."""
    rule = note.outcome.rule
    findings.rule_heading(rule)
    st.caption(f"{LABELS[note.state]}. {marks.tally_text(report, rule.id)}")
    if note.is_stale:
        st.warning(
            f"**The numbers have changed.** They are now: {ui.plain(draft.count_text)}", icon=":material/warning:"
        )
    # Another draft needs another text area.
    key = f"notes_{rule.id}_{zlib.crc32(draft.text.encode())}_{st.session_state.get(TURN, 0)}"
    st.text_area(
        f"Note for the DfE on {ui.plain(rule.label)}",
        note.text,
        key=key,
        height="content",
        on_change=_keep,
        args=(key, draft),
        help=f"Replace {ui.plain(notes.GAP)} with the reason. A note without text is left out.",
    )


def _as_text(made: Sequence[Note]) -> None:
    """All notes as one text, to copy."""
    n_gaps = notes.by_state(made)["to_write"]
    if n_gaps:
        st.warning(f"{ui.counted(n_gaps, 'note')} still without a reason.", icon=":material/warning:")
    st.code(notes.as_text(made), language=None, wrap_lines=True)
