"""Open a kept return: it becomes the return of this session, with the marks, notes and teams that were kept with it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import streamlit as st

from sen2dash import ui
from sen2dash.archive.kept import (
    ATTACHED,
    Attachment,
    KeptReturn,
    Stamps,
    attached,
    is_kept_as,
    original,
    stamps,
    unreadable,
)
from sen2dash.archive.opening import Archive
from sen2dash.archive.parts import SavedMarks
from sen2dash.checks import marks
from sen2dash.errors import BadArchive
from sen2dash.reading.source import SourceText
from sen2dash.ui import loading, upload, working_file
from sen2dash.web import access, vault
from sen2dash.web.access import Right
from sen2dash.web.session_data import Inputs, LoadedReturn, WaitingUpload

#: What stays of the return that is replaced: fields of Inputs. The second ones if it is of the same authority and year.
STAYS = ("establishments", "establishments_name", "settings")
STAYS_IF_SAME = ("previous", "previous_name", "older", "older_name", "teams", "teams_name")
#: What is kept beside a return, in words.
NAMES: Mapping[Attachment, str] = {"marks": "marks", "notes": "notes", "teams": "list of teams"}


def open_return(archive: Archive, kept: KeptReturn) -> None:
    """Decrypt a kept return, check it and make it the return of this session. UserError: nothing is changed.

    It waits like an upload, so that a click elsewhere does not lose it. Whoever may not see children gets it without
    marks, notes and teams, and has to open it again after such a click, because they may not load a file.
    """
    person = access.require(Right.VIEW)
    with st.spinner("Decrypting"):
        data = original(archive, kept)
        # Before they are read: whoever keeps others meanwhile is noticed when these are kept again.
        seen = stamps(archive, kept)
        held, unread = _attached(archive, kept) if person.may(Right.CHILD) else ({}, [])
    if not person.may(Right.CHILD):
        _restore(kept, data, held, unread, {})
        return
    seen = {kind: stamp for kind, stamp in seen.items() if NAMES[kind] not in unread}
    vault.work().waiting = WaitingUpload("Kept return", partial(_restore, kept, data, held, unread, seen))
    upload.use_waiting()
    if upload.REFUSED in st.session_state:
        _, error = st.session_state.pop(upload.REFUSED)
        raise error


def lost(entry: LoadedReturn, found: Sequence[KeptReturn]) -> str:
    """What is lost with the return that is open if another takes its place, to end a sentence that names it."""
    if not access.person().may(Right.CHILD):
        return "."
    linked = " The linked files that you added are removed." if entry.inputs.linked.kinds else ""
    if n_pairs := len(entry.inputs.linked.pairs):
        # Also those that wait for a census, from a working file.
        linked += f" The {ui.counted(n_pairs, 'near match', 'near matches')} that you accepted will no longer count."
    if any(is_kept_as(entry.report, each) for each in found):
        return f". Marks and notes that you have not kept are lost.{linked}"
    return f", which is not kept. That return is lost, with its marks and notes.{linked}"


def _attached(archive: Archive, kept: KeptReturn) -> tuple[dict[str, Any], list[str]]:
    """What was kept beside a return, and the names of what cannot be read."""
    held, unread = dict[str, Any](), []
    for kind in ATTACHED:
        try:
            held[kind] = attached(archive, kept, kind)
        except BadArchive:
            unread.append(NAMES[kind])
    return held, unread


def _restore(kept: KeptReturn, data: bytes, held: Mapping[str, Any], unread: list[str], seen: Stamps) -> None:
    """Check the return and put what was kept with it where a visit holds it. UserError: nothing is changed.

    seen: which of it there was in the archive.
    """
    manifest, old = kept.manifest, vault.current()
    if manifest is None:
        raise unreadable(kept)
    # The name of a file can hold the name of a child.
    name = manifest.file_name if access.person().may(Right.CHILD) else ""
    inputs = Inputs(SourceText(data), name or kept.name, manifest.is_made_up)
    if old is not None:
        which = (old.report.collection.lea, old.report.collection.year)
        stays = (*STAYS, *(STAYS_IF_SAME if which == (kept.authority, manifest.year) else ()))
        inputs = replace(inputs, **{name: getattr(old.inputs, name) for name in stays})
    if held.get("teams"):
        inputs = replace(inputs, teams=held["teams"].teams(), teams_name="the list that was kept")
    inputs = replace(inputs, kept_work=seen)
    loading.check(inputs, data, keeps_marks=False, is_noted=False)
    entry, work = vault.current(), vault.work()
    assert entry is not None
    saved: SavedMarks | None = held.get("marks")
    n_lost = marks.restore(entry.report, saved.table() if saved else marks.SCHEMA.empty_table())
    work.notes.clear()
    work.notes.update(held.get("notes") or {})
    n_marks = (len(saved.mark) if saved else 0) - n_lost
    parts = f"{ui.counted(n_marks, 'mark')} and {ui.counted(len(work.notes), 'edited note')}"
    lost = f" {ui.counted(n_lost, 'mark')} left out, because its finding is no longer reported." if n_lost else ""
    damaged = f" What was kept with it is damaged and was left out: {', '.join(unread)}." if unread else ""
    st.session_state[working_file.OPENED] = f"**{ui.plain(kept.name)} is open**, with {parts}.{lost}{damaged}"
