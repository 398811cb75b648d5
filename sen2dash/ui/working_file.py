"""Save the work of a visit as an encrypted working file, and open one.

A passphrase is used in the run that it arrives in. That run ends by drawing other fields, so that Streamlit drops it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Any

import streamlit as st

from sen2dash import ui
from sen2dash.archive import sealing, working_file
from sen2dash.archive.parts import (
    Details,
    SavedFigures,
    SavedMarks,
    SavedMatch,
    SavedNumbers,
    SavedRegister,
    SavedTeams,
)
from sen2dash.checks import dfe_numbers, marks
from sen2dash.config import Settings
from sen2dash.errors import BadWorkingFile, UserError
from sen2dash.linked import loaded_files as linked
from sen2dash.linked.matching import Pair
from sen2dash.output import export
from sen2dash.reading import publication_folder
from sen2dash.reading.source import SourceText
from sen2dash.text import long_date
from sen2dash.ui import loading, pieces
from sen2dash.web import access, session_files, vault
from sen2dash.web.access import Right
from sen2dash.web.session_data import Inputs, LoadedReturn, PreviousVersion, WaitingUpload, Work

#: Session state: why a file was not opened or not made, how often the fields were emptied, and what was opened.
REFUSED, NOT_MADE, TURN, OPENED = (f"working_file_{name}" for name in ("refused", "not_made", "turn", "opened"))
MAX_NAME = 255


# -- saving ---------------------------------------------------------------------------------------------------


@access.only(Right.CHILD)
def save_section(entry: LoadedReturn) -> None:
    """The section of the start page that makes a working file."""
    st.header("Save your work", anchor=False)
    st.markdown(
        "A working file lets you, or a colleague with the passphrase, carry on another day. It holds the return, what "
        "you added to check it with, your marks and your notes, and is encrypted before it leaves the server. Linked "
        "files are not in it, but near matches that you accepted are: add the same files again, and they count."
    )
    with st.form("working_file_save", enter_to_submit=False):
        one, two = st.columns(2)
        with one:
            first = _passphrase(f"Passphrase, at least {sealing.MIN_LENGTH} characters", "new-password")
        with two:
            second = _passphrase("The same passphrase again", "new-password")
        st.markdown("**Nobody can recover the passphrase.** Without it, the file cannot be opened.")
        is_asked = st.form_submit_button("Make the working file")
    if is_asked:
        # First, so that the next run drops the fields even if a click interrupts this one.
        _next_fields()
        _make(entry, first, second)
        st.rerun()
    if NOT_MADE in st.session_state:
        ui.show_user_error(st.session_state[NOT_MADE])
    if entry.saved is None:
        return
    data, when = entry.saved
    st.success(
        f"**The working file of {when:%H:%M} is ready** ({_size(data)}). Later changes are not in it.",
        icon=":material/check:",
    )
    pieces.download(
        "Save the working file",
        lambda: data,
        export.file_name(entry.report.collection, "work", working_file.SUFFIX),
        "application/octet-stream",
        "working_file_download",
    )


def _passphrase(label: str, kind: str) -> str:
    """A field for a passphrase. kind: what a password manager is to offer."""
    key = f"working_file_{kind}_{label[:8]}_{st.session_state.get(TURN, 0)}"
    return st.text_input(label, type="password", max_chars=sealing.MAX_LENGTH, autocomplete=kind, key=key)


def _next_fields() -> None:
    """Let the next run draw other fields, so that what was typed and chosen is dropped."""
    st.session_state[TURN] = st.session_state.get(TURN, 0) + 1


@access.only(Right.CHILD)
def _make(entry: LoadedReturn, first: str, second: str) -> None:
    """Make the working file, or record what is wrong with the passphrase."""
    st.session_state.pop(NOT_MADE, None)
    entry.saved = None
    try:
        if len(first) < sealing.MIN_LENGTH:
            hint = "Four unrelated words are easy to remember and hard to guess."
            raise BadWorkingFile(
                "The passphrase is too short", f"It needs at least {sealing.MIN_LENGTH} characters.", hint
            )
        if first != second:
            raise BadWorkingFile("The two passphrases differ", "Type the same one twice.")
        settings = entry.inputs.settings
        with st.spinner("Encrypting"):
            made = working_file.save(contents(entry, vault.work()), first, settings)
        entry.saved = made, settings.clock()
    except UserError as error:
        st.session_state[NOT_MADE] = error


def contents(entry: LoadedReturn, work: Work) -> dict[str, Any]:
    """Every part of a working file, by its name in `working_file.PARTS`; None: there is nothing to keep."""
    inputs, before = entry.inputs, entry.inputs.before
    found = marks.all_marks(entry.report)
    details = Details(
        name=inputs.name[:MAX_NAME],
        taken_at=inputs.taken_at,
        is_made_up=inputs.is_made_up,
        previous_name=inputs.previous_name[:MAX_NAME],
        older_name=inputs.older_name[:MAX_NAME],
        before_name=before.name[:MAX_NAME] if before else "",
        before_taken_at=before.taken_at if before else None,
        establishments_name=inputs.establishments_name[:MAX_NAME],
        teams_name=inputs.teams_name[:MAX_NAME],
        twenty_weeks_days=inputs.settings.twenty_weeks_days,
        include_challenged=inputs.settings.include_challenged,
        saved_at=inputs.settings.clock(),
    )
    return {
        "details": details,
        "return": inputs.source.data(),
        "before": before.source.data() if before else None,
        "previous": inputs.previous.data() if inputs.previous else None,
        "older": inputs.older.data() if inputs.older else None,
        "notes": work.notes or None,
        "marks": SavedMarks.from_rows(found) if len(found) else None,
        "numbers": SavedNumbers.from_numbers(work.numbers) if work.numbers.by_rule else None,
        "register": SavedRegister.from_reading(inputs.establishments) if inputs.establishments else None,
        "published": SavedFigures.from_published(work.published, work.publication)
        if work.published and work.publication
        else None,
        "teams": SavedTeams.from_list(inputs.teams) if inputs.teams else None,
        "matches": tuple(SavedMatch.model_validate(each._asdict()) for each in inputs.linked.pairs) or None,
    }


def _size(data: bytes) -> str:
    return f"{max(len(data) / 1e6, 0.1):,.1f} MB"


# -- opening --------------------------------------------------------------------------------------------------


@access.only(Right.CHILD)
def open_section(has_return: bool) -> None:
    """The section of the start page that opens a working file. has_return: it would replace a return."""
    (st.subheader if has_return else st.header)("Open a working file", anchor=False)
    replaced = " It replaces this return, with your marks and notes." if has_return else ""
    st.markdown(f"Carry on with work that you saved, or that a colleague saved for you.{replaced}")
    if REFUSED in st.session_state:
        ui.show_user_error(st.session_state[REFUSED])
    chosen = vault.work().to_open
    if chosen is None:
        _choose()
        return
    name, data = chosen
    with st.form("working_file_open"):
        passphrase = _passphrase(f"Passphrase of {ui.plain(name)}", "current-password")
        is_asked = st.form_submit_button("Open the working file")
    if st.button("Choose another working file", key="working_file_other"):
        st.session_state.pop(REFUSED, None)
        vault.work().to_open = None
        st.rerun()
    if is_asked:
        _next_fields()
        _try_to_open(data, passphrase)
        st.rerun()


@access.only(Right.CHILD)
def _choose() -> None:
    """An uploader for the file, whose bytes wait, encrypted, for the passphrase."""
    key = f"working_file_{st.session_state.get(TURN, 0)}"
    file = st.file_uploader(f"Working file (.{working_file.SUFFIX})", type=[working_file.SUFFIX], key=key)
    if file is None:
        return
    st.session_state.pop(REFUSED, None)
    vault.work().to_open = file.name, file.getvalue()
    session_files.forget_upload(file.file_id)
    _next_fields()
    st.rerun()


@access.only(Right.CHILD)
def _try_to_open(data: bytes, passphrase: str) -> None:
    """Decrypt the file, or record why not. It stays for another try if the passphrase may be wrong.

    What it holds waits like an upload, so that a click on another page does not lose it while the return is checked.
    """
    st.session_state.pop(REFUSED, None)
    work = vault.work()
    try:
        with st.spinner("Decrypting"):
            held = working_file.read(data, passphrase, Settings())
        work.waiting, work.to_open = WaitingUpload("Working file", partial(_restore, held)), None
    except UserError as error:
        st.session_state[REFUSED] = error
        if not isinstance(error, sealing.WrongPassphrase):
            work.to_open = None


@access.only(Right.CHILD)
def _restore(held: Mapping[str, Any]) -> None:
    """Check the return of a working file and put everything where a visit holds it. UserError: nothing is changed."""
    work = vault.work()
    details: Details = held["details"]
    before, previous, older, register = (held.get(name) for name in ("before", "previous", "older", "register"))
    saved_teams: SavedTeams | None = held.get("teams")
    inputs = Inputs(
        SourceText(held["return"]),
        details.name,
        details.is_made_up,
        previous=SourceText(previous) if previous is not None else None,
        previous_name=details.previous_name,
        older=SourceText(older) if older is not None else None,
        older_name=details.older_name,
        establishments=register.register() if register else None,
        establishments_name=details.establishments_name,
        settings=Settings().model_copy(
            update={
                "twenty_weeks_days": details.twenty_weeks_days,
                "include_challenged": details.include_challenged,
            }
        ),
        before=PreviousVersion(SourceText(before), details.before_name, details.before_taken_at or details.taken_at)
        if before is not None
        else None,
        taken_at=details.taken_at,
        teams=saved_teams.teams() if saved_teams else None,
        teams_name=details.teams_name,
    )
    if before is not None and not details.is_made_up:
        loading.check_authority(before)
    loading.check(inputs, held["return"], keeps_marks=False)
    entry = vault.current()
    assert entry is not None
    pairs = [Pair(each.person, each.child) for each in held.get("matches", ())]
    entry.inputs = replace(entry.inputs, linked=linked.waiting(entry.report, pairs))
    saved: SavedMarks | None = held.get("marks")
    n_lost = marks.restore(entry.report, saved.table() if saved else marks.SCHEMA.empty_table())
    work.notes.clear()
    work.notes.update(held.get("notes", {}))
    numbers, figures = held.get("numbers"), held.get("published")
    vault.use_numbers(numbers.numbers() if numbers else dfe_numbers.NONE)
    vault.use_published(
        *(figures.published(publication_folder.default().published), figures.summary) if figures else (None, None)
    )
    n_marks = (len(saved.mark) if saved else 0) - n_lost
    parts = f"{ui.counted(n_marks, 'mark')} and {ui.counted(len(work.notes), 'edited note')}"
    lost = f" {ui.counted(n_lost, 'mark')} left out, because its finding is no longer reported." if n_lost else ""
    near = (
        f" Add the linked files again: {ui.counted(len(pairs), 'near match', 'near matches')} that you accepted will "
    )
    near = f"{near}count." if pairs else ""
    when = f"{long_date(details.saved_at.date())}, {details.saved_at:%H:%M}"
    st.session_state[OPENED] = f"**Your work of {when}, is open**, with {parts}.{lost}{near}"


def say_opened() -> bool:
    """Say once what was opened. Return whether anything was."""
    message = st.session_state.pop(OPENED, None)
    if message is not None:
        st.success(message, icon=":material/check:")
    return message is not None
