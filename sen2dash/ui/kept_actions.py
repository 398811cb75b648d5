"""What can be done with a kept return: open it, change what describes it, or delete it. `kept_compare` compares it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from typing import NamedTuple

import streamlit as st

from sen2dash import ui
from sen2dash.archive import deleting, keeping, keeping_limits
from sen2dash.archive.kept import MAX_LABEL, MAX_NOTE, KeptReturn, is_kept_as, unreadable
from sen2dash.archive.kinds import KIND_LABELS, KINDS
from sen2dash.archive.opening import Archive
from sen2dash.errors import UserError
from sen2dash.ui import kept_compare, kept_list, kept_opening, open_archive
from sen2dash.web import access, archive_session, vault
from sen2dash.web.access import Right


class Action(NamedTuple):
    """Something that can be done with a kept return. right: who may. draw: its part of the page."""

    label: str
    right: Right
    draw: Callable[[Archive, KeptReturn, Sequence[KeptReturn]], None]


def show(archive: Archive, kept: KeptReturn, found: Sequence[KeptReturn]) -> None:
    """What can be done with the chosen return."""
    is_whole = not kept_list.is_damaged(kept) and kept.manifest is not None
    able = [name for name, each in ACTIONS.items() if access.person().may(each.right) and (is_whole or name == DELETE)]
    if not is_whole:
        ui.show_user_error(unreadable(kept))
    if not able:
        return
    chosen = st.segmented_control(
        "What to do",
        able,
        default=able[0],
        format_func=lambda name: ACTIONS[name].label,
        key=f"kept_action_{len(able)}",
        required=True,
        persist_state="session",
    )
    try:
        ACTIONS[chosen].draw(archive, kept, found)
    except UserError as error:
        ui.show_user_error(error)


def _open(archive: Archive, kept: KeptReturn, found: Sequence[KeptReturn]) -> None:
    """Make it the return of this session."""
    entry, label = vault.current(), "Open this return"
    has_work = access.person().may(Right.CHILD)
    if entry is not None and is_kept_as(entry.report, kept):
        work = " Opening it again brings back the marks and notes that were kept with it." if has_work else ""
        st.markdown(f"This return is open.{work}")
        label = "Open it again"
    elif entry is not None:
        lost = kept_opening.lost(entry, found)
        st.markdown(f"It replaces the return that is open, **{ui.plain(entry.inputs.name)}**{lost}")
        label = "Replace it and open this one"
    else:
        work = ", and comes with the marks and notes kept with it" if has_work else ""
        st.markdown(f"It is checked with the rules of this release{work}.")
    if st.button(label, key="kept_open_button", type="primary"):
        kept_opening.open_return(archive, archive_session.find(archive, kept.id))
        st.switch_page(ui.page("upload" if access.person().may(Right.CHILD) else "summary"))


def _change(archive: Archive, kept: KeptReturn, found: Sequence[KeptReturn]) -> None:
    """Its name, kind and note."""
    manifest = kept.manifest
    if manifest is None:
        return
    with st.form("kept_change"):
        name, kind = st.columns([3, 2])
        label = name.text_input("Name", manifest.label, max_chars=MAX_LABEL - 1, key=f"kept_label_{kept.id}")
        chosen = kind.selectbox(
            "Kind",
            KINDS,
            KINDS.index(manifest.kind),
            format_func=lambda each: KIND_LABELS[each],
            key=f"kept_kind_{kept.id}",
        )
        note = st.text_input(
            "Note (without the name of a child)", manifest.note, max_chars=MAX_NOTE, key=f"kept_note_{kept.id}"
        )
        is_asked = st.form_submit_button("Change it")
    if is_asked:
        access.require(Right.CHILD)
        keeping.relabel(archive, archive_session.find(archive, kept.id), label, chosen, note)
        open_archive.done(f"**{ui.plain(label or kept.name)}** was changed.")
        st.rerun()


def _prolong(archive: Archive, kept: KeptReturn, found: Sequence[KeptReturn]) -> None:
    """Its end date, for administrators: they need not see what is in the return."""
    first = archive.settings.clock().date() + timedelta(days=1)
    last, now = keeping_limits.last_day(archive.settings), kept.retain_until or first
    with st.form("kept_end"):
        ends = st.date_input(
            "Keep until",
            max(first, min(now, last)),
            min_value=first,
            max_value=last,
            format="DD/MM/YYYY",
            key=f"kept_until_{kept.id}",
            width=240,
        )
        is_asked = st.form_submit_button("Change the end date")
    if is_asked:
        access.require(Right.ADMIN)
        keeping.relabel(archive, archive_session.find(archive, kept.id), retain_until=ends)
        open_archive.done(f"**{ui.plain(kept.name)}** is now kept until {ui.day(ends)}.")
        st.rerun()


def _delete(archive: Archive, kept: KeptReturn, found: Sequence[KeptReturn]) -> None:
    """Delete it, after it was asked once."""
    st.markdown(
        f"**Delete {ui.plain(kept.name)}?** The return, its figures for the trend, and the marks and notes kept with "
        "it are deleted. You cannot undo this. Backups of the archive still hold it. The audit keeps its digest and "
        "the number of people."
    )
    if st.button("Delete this return", key=f"kept_delete_{kept.id}", icon=":material/delete:"):
        access.require(Right.ADMIN)
        deleting.delete(archive, archive_session.find(archive, kept.id))
        open_archive.done(f"**{ui.plain(kept.name)}** was deleted.")
        st.rerun()


DELETE = "delete"
ACTIONS: Mapping[str, Action] = {
    "open": Action("Open", Right.VIEW, _open),
    "compare": Action("Compare", Right.CHILD, kept_compare.section),
    "change": Action("Change", Right.CHILD, _change),
    "end": Action("End date", Right.ADMIN, _prolong),
    DELETE: Action("Delete", Right.ADMIN, _delete),
}
