"""Erase the archive: every kept return with the audit, after the audit was offered as a file."""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import partial

import streamlit as st

from sen2dash import ui
from sen2dash.analysis import audit_rows
from sen2dash.archive import audit, deleting
from sen2dash.archive.audit import Event
from sen2dash.archive.kept import KeptReturn
from sen2dash.archive.opening import Archive
from sen2dash.errors import UserError
from sen2dash.ui import kept_list, open_archive, pieces
from sen2dash.web import access, archive_session
from sen2dash.web.access import Right

#: The choice of every authority.
EVERY = ""


def section(archive: Archive, found: Sequence[KeptReturn]) -> None:
    """The part of the page that erases everything, for administrators."""
    person = access.person()
    if not person.may(Right.ADMIN):
        return
    threshold = 0 if person.may(Right.CHILD) else archive.settings.suppression_threshold
    with st.expander("Erase the archive"):
        whose = _choose_whose(found)
        of_one = f" of {ui.plain(kept_list.authority_name(whose))}" if whose else ""
        st.markdown(
            f"Every kept return{of_one} and the audit{of_one} are deleted. You cannot undo this. Save the audit first, "
            "and delete the backups of the database as well: they can still be opened with the key in use when they "
            "were made."
        )
        pieces.download(
            "Audit (JSON)",
            partial(audit_file, archive, person.authority, threshold),
            "sen2dash_audit.json",
            "application/json",
            "kept_audit",
            right=Right.ADMIN,
            is_of_return=False,
        )
        is_sure = st.checkbox("I have saved the audit, or I do not need it", key="kept_erase_sure")
        if st.button("Erase everything", key="kept_erase", disabled=not is_sure, icon=":material/delete_forever:"):
            try:
                _erase(archive, whose)
                st.rerun()
            except UserError as error:
                ui.show_user_error(error)


def _choose_whose(found: Sequence[KeptReturn]) -> str:
    """The authority whose returns are erased."""
    only = access.person().authority
    known = sorted({each.authority for each in found})
    if only or len(known) < 2:
        return only
    return st.selectbox(
        "Whose returns",
        [EVERY, *known],
        format_func=lambda lea: ui.plain(kept_list.authority_name(lea)) if lea else "Every authority",
        key="kept_erase_whose",
    )


def _erase(archive: Archive, whose: str) -> None:
    access.require(Right.ADMIN)
    n = deleting.erase(archive, whose or None)
    archive_session.close()
    open_archive.done(f"{ui.counted(n, 'return')} deleted, with the audit. Delete the backups of the database as well.")


def audit_file(archive: Archive, only: str, threshold: int = 0) -> bytes:
    """The audit with the last hash of each chain, as `archive audit` writes it. That it was written is noted first.

    only: the authority that the person works for; empty for any. The file holds every chain that they may see, and so
    all that they can erase. threshold: as in `audit.export`.
    """
    archive.record(Event(action="export", what="audit", is_rounded=threshold > 0), only or None)
    with archive.database.reading() as connection:
        entries = tuple(audit.entries(connection, archive.key))
    seen = audit_rows.visible({each.authority for each in entries}, archive.database.own_chain, only)
    found = audit.export((each for each in entries if each.authority in seen), archive.now(), threshold)
    return json.dumps(found, ensure_ascii=False, indent=1).encode()
