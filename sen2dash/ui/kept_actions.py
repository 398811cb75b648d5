"""What can be done with a kept return: open it, change what describes it, or delete it. `kept_compare` compares it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from typing import NamedTuple

import streamlit as st

from sen2dash import ui
from sen2dash.archive import allowed, ending, keeping
from sen2dash.archive.kept import MAX_LABEL, MAX_NOTE, Kept, unreadable
from sen2dash.archive.kinds import KIND_LABELS, KINDS
from sen2dash.archive.opened import Archive
from sen2dash.errors import UserError
from sen2dash.ui import kept_compare, kept_list, kept_opening, kept_returns
from sen2dash.web import access, archive_session, vault
from sen2dash.web.access import Right


class Action(NamedTuple):
    """Something that can be done with a kept return. right: who may. draw: its part of the page."""

    label: str
    right: Right
    draw: Callable[[Archive, Kept, Sequence[Kept]], None]


def show(archive: Archive, kept: Kept, found: Sequence[Kept]) -> None:
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


def _open(archive: Archive, kept: Kept, found: Sequence[Kept]) -> None:
    """Make it the return of this session."""
    entry, label = vault.current(), "Open this return"
    if entry is not None and kept.manifest and entry.report.facts.sha256 == kept.manifest.sha256:
        st.markdown("This return is open. Opening it again brings back the marks and notes that were kept with it.")
        label = "Open it again"
    elif entry is not None:
        is_kept = any(each.manifest and each.manifest.sha256 == entry.report.facts.sha256 for each in found)
        what = "your latest marks and notes" if is_kept else "which is not kept, with its marks and notes"
        st.markdown(f"It replaces the return that is open, **{ui.plain(entry.inputs.name)}**, {what}.")
        label = "Replace it and open this one"
    else:
        st.markdown("It is checked with the rules of this release, and comes with the marks and notes kept with it.")
    if st.button(label, key="kept_open_button", type="primary"):
        kept_opening.open_return(archive, archive_session.find(archive, kept.id))
        st.switch_page(ui.page("upload" if access.person().may(Right.CHILD) else "summary"))


def _change(archive: Archive, kept: Kept, found: Sequence[Kept]) -> None:
    """Its name, kind, note and end date."""
    manifest = kept.manifest
    if manifest is None:
        return
    is_admin, today = access.person().may(Right.ADMIN), archive.settings.clock().date()
    with st.form("kept_change"):
        name, kind, until = st.columns([3, 2, 2])
        label = name.text_input("Name", manifest.label, max_chars=MAX_LABEL - 1, key=f"kept_label_{kept.id}")
        chosen = kind.selectbox(
            "Kind",
            KINDS,
            KINDS.index(manifest.kind),
            format_func=lambda each: KIND_LABELS[each],
            key=f"kept_kind_{kept.id}",
        )
        first, last = today + timedelta(days=1), allowed.last_day(archive.settings)
        now = kept.retain_until or first
        ends = until.date_input(
            "Keep until",
            max(first, min(now, last)) if is_admin else now,
            min_value=first if is_admin else None,
            max_value=last if is_admin else None,
            format="DD/MM/YYYY",
            disabled=not is_admin,
            key=f"kept_until_{kept.id}",
        )
        note = st.text_input(
            "Note (without the name of a child)", manifest.note, max_chars=MAX_NOTE, key=f"kept_note_{kept.id}"
        )
        is_asked = st.form_submit_button("Change it")
    if is_asked:
        access.require(Right.CHILD)
        new = ends if is_admin and ends != kept.retain_until else None
        if new is not None:
            access.require(Right.ADMIN)
        keeping.relabel(archive, archive_session.find(archive, kept.id), label, chosen, note, new)
        kept_returns.done(f"**{ui.plain(label or kept.name)}** was changed.")
        st.rerun()


def _delete(archive: Archive, kept: Kept, found: Sequence[Kept]) -> None:
    """Delete it, after it was asked once."""
    st.markdown(
        f"**Delete {ui.plain(kept.name)}?** The return, its figures for the trend, and the marks and notes kept with "
        "it are deleted. You cannot undo this. Backups of the archive still hold it. The audit keeps its digest and "
        "the number of people."
    )
    if st.button("Delete this return", key=f"kept_delete_{kept.id}", icon=":material/delete:"):
        access.require(Right.ADMIN)
        ending.delete(archive, archive_session.find(archive, kept.id))
        kept_returns.done(f"**{ui.plain(kept.name)}** was deleted.")
        st.rerun()


DELETE = "delete"
ACTIONS: Mapping[str, Action] = {
    "open": Action("Open", Right.VIEW, _open),
    "compare": Action("Compare", Right.CHILD, kept_compare.section),
    "change": Action("Change", Right.CHILD, _change),
    DELETE: Action("Delete", Right.ADMIN, _delete),
}
