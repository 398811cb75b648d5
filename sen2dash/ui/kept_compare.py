"""Compare a kept return with the one that is open, or with another kept one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from functools import partial
from typing import NoReturn

import streamlit as st

from sen2dash import ui
from sen2dash.analysis import changes
from sen2dash.archive.kept import KeptReturn, compared, is_kept_as, original
from sen2dash.archive.opening import Archive
from sen2dash.checks import catalogue
from sen2dash.checks.report import build_report
from sen2dash.compare.findings import needs_earlier
from sen2dash.output import export
from sen2dash.reading.source import SourceText
from sen2dash.ui import changes as changes_ui
from sen2dash.ui import earlier_returns, kept_list, kept_opening, open_archive, pieces
from sen2dash.web import access, archive_session, audit_events, vault
from sen2dash.web.access import Right
from sen2dash.web.session_data import LoadedReturn, PreviousVersion

#: The choice of the return that is open.
OPEN = "open"


@access.only(Right.CHILD)
def section(archive: Archive, kept: KeptReturn, found: Sequence[KeptReturn]) -> None:
    """Choose what to compare it with, and how."""
    others = {
        each.id: each for each in found if each.id != kept.id and each.manifest and not kept_list.is_damaged(each)
    }
    entry = vault.current()
    choices = [*([OPEN] if entry is not None and not _is_open(kept, entry) else []), *others]
    if not choices:
        st.markdown("There is nothing to compare it with. Load another return, or keep another one.")
        return
    label = {ident: _label(each) for ident, each in others.items()}
    if entry is not None:
        label[OPEN] = f"the return that is open, {entry.inputs.name}"
    chosen = st.selectbox(
        "Compare with",
        choices,
        format_func=lambda ident: ui.plain(label[ident]),
        key=f"kept_compare_{kept.id}_{len(choices)}",
    )
    if chosen == OPEN and entry is not None:
        _with_open(archive, kept, entry)
    else:
        before, after = sorted((kept, others[chosen]), key=partial(_time, found))
        is_replaced = entry is not None and not _is_open(after, entry)
        _with_kept(archive, before, after, kept_opening.lost(entry, found) if entry and is_replaced else "")


def _label(kept: KeptReturn) -> str:
    return f"{kept.name}, {kept.manifest.year}" if kept.manifest else kept.name


def _time(found: Sequence[KeptReturn], kept: KeptReturn) -> tuple[date, int]:
    """Where a return comes: by census day, then in the order of keeping. found: the newest first."""
    assert kept.manifest is not None
    return kept.manifest.reference_date, -found.index(kept)


def _with_open(archive: Archive, kept: KeptReturn, entry: LoadedReturn) -> None:
    """Show the differences on the page for them, or use the kept return as an earlier one."""
    st.markdown(
        "**Show what has changed** opens the page Since last time. **Add it as an earlier return** also runs the rules "
        "that compare with an earlier return, and compares its figures with yours."
    )
    has_room = entry.inputs.previous is None or entry.inputs.older is None
    with st.container(horizontal=True):
        is_shown = st.button("Show what has changed", key="kept_compare_open", type="primary")
        is_added = st.button("Add it as an earlier return", key="kept_compare_add", disabled=not has_room)
    if not has_room:
        st.caption("Two earlier returns are added already. Remove one on the page Your return first.")
    if not (is_shown or is_added):
        return
    if is_shown:
        access.require(Right.CHILD)
        kept = archive_session.find(archive, kept.id)
        _show(archive, kept, original(archive, kept), entry)
    access.require(Right.CHILD)
    kept = archive_session.find(archive, kept.id)
    data = original(archive, kept)
    _note(archive, kept, entry)
    earlier_returns.add(entry, data, kept.name)
    open_archive.done(f"**{ui.plain(kept.name)}** is now an earlier return, compared with the one that is open.")
    st.rerun()


def _show(archive: Archive, kept: KeptReturn, data: bytes, entry: LoadedReturn) -> NoReturn:
    """Show on the page for it what has changed from a kept return to the one that is open. data: of the former."""
    access.require(Right.CHILD)
    _note(archive, kept, entry)
    assert kept.manifest is not None
    version = PreviousVersion(SourceText(data), kept.name, kept.manifest.loaded_at.replace(tzinfo=None))
    entry.inputs = replace(entry.inputs, kept=version)
    st.session_state["changes_with"] = changes_ui.kept_name(version)
    st.switch_page(ui.page("changes"))
    raise AssertionError("the page is left")


def _note(archive: Archive, kept: KeptReturn, entry: LoadedReturn) -> None:
    """Note that a kept return is compared with the one that is open."""
    digest = entry.report.facts.sha256
    archive.record(audit_events.compared_with_open(kept, digest), kept.authority)


def _with_kept(archive: Archive, before: KeptReturn, after: KeptReturn, lost: str) -> None:
    """Two kept returns on the page for what has changed, or as a workbook that is made on request.

    lost: what is lost with the return that is open; empty if none is, or if it is the later one.
    """
    st.markdown(
        f"From **{ui.plain(_label(before))}** to **{ui.plain(_label(after))}**: what was added, changed and gone, the "
        "findings that were cleared and are new, and the indicators. Either takes some seconds."
    )
    if lost:
        st.markdown(f"To show it, the later one is opened. It replaces the return that is open{lost}")
    if st.button("Show what has changed", key=f"kept_compare_show_{before.id}_{after.id}", type="primary"):
        _open_both(archive, before, after)
    with_names = pieces.choose_names("kept")
    assert after.manifest is not None
    pieces.download(
        "Differences (Excel)",
        partial(workbook, archive, before, after, with_names),
        f"sen2_{after.authority}_{after.manifest.year}_differences.xlsx",
        export.XLSX,
        f"kept_compare_{before.id}_{after.id}",
        is_of_return=False,
    )


def _open_both(archive: Archive, before: KeptReturn, after: KeptReturn) -> NoReturn:
    """Make the later return the one of this session, and show what has changed since the other.

    UserError: nothing is changed.
    """
    access.require(Right.CHILD)
    before = archive_session.find(archive, before.id)
    # Before the later one takes the place of what is open.
    data = original(archive, before)
    entry = vault.current()
    if not _is_open(after, entry):
        kept_opening.open_return(archive, archive_session.find(archive, after.id))
        entry = vault.current()
    assert entry is not None
    _show(archive, before, data, entry)


def _is_open(kept: KeptReturn, entry: LoadedReturn | None) -> bool:
    return entry is not None and is_kept_as(entry.report, kept)


def workbook(archive: Archive, before: KeptReturn, after: KeptReturn, with_names: bool) -> bytes:
    """Compare two kept returns. The comparison is noted before the file leaves the server. Errors: BadArchive."""
    chosen = [rule for rule in catalogue.rules() if not needs_earlier(rule)]
    report = build_report(original(archive, after), archive.settings, only=chosen)
    try:
        source = SourceText(original(archive, before))
        since = changes.look_back(report, source, archive.settings, None, lambda _: None)
        try:
            made = changes_ui.workbook(report, since, with_names)
            rows = sum(each.added + each.gone + each.changed for each in since.compared.tables.values())
            compared(archive, before, after, "export", "comparison.xlsx", rows)
            return made
        finally:
            since.close()
    finally:
        report.close()
