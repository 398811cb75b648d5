"""The list of kept returns: what is in it, what is said above it, and which return is chosen."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

import pyarrow as pa
import streamlit as st

from sen2dash import spec, ui
from sen2dash.analysis.kept_versions import grouped_digest
from sen2dash.archive import deleting
from sen2dash.archive.kept import NOTICE, KeptReturn
from sen2dash.archive.kinds import KIND_LABELS
from sen2dash.archive.opening import Archive
from sen2dash.config import UNITED_KINGDOM
from sen2dash.reading.other.forms import COLLECT, MODULES, TEMPLATE
from sen2dash.ui import open_archive
from sen2dash.ui.rows import clicked_row, height, with_row, with_rows
from sen2dash.web import access, archive_session, vault
from sen2dash.web.access import Right

#: Session state: the id of the chosen return, and of the one that the next run is to choose; which returns were found
#: to open, by id; and the digest of the return that was open when the list was last drawn.
CHOSEN, NEXT, OPENS, WAS_OPEN = "kept_chosen", "kept_next", "kept_opens", "kept_was_open"
#: The choice of none of them, for the return that is open.
NONE = ""
TABLE = "kept_table"
#: What a return was before it was kept, in short.
XML = "xml"
FORM_LABELS: Mapping[str, str] = {XML: "XML", COLLECT: "COLLECT CSV", TEMPLATE: "DfE template", MODULES: "Workbook"}
#: Rows that are seen without scrolling, so that what a click shows under them is in sight.
ROWS_SEEN = 6
TIMES = st.column_config.DatetimeColumn(format="DD/MM/YYYY HH:mm")
DAYS = st.column_config.DateColumn(format="DD/MM/YYYY")


def listed(archive: Archive) -> tuple[KeptReturn, ...]:
    """The kept returns that the person may know of, the newest first; damaged ones last.

    Whether a return opens is tried once a visit, because that reads it whole.
    """
    found = archive_session.returns(archive, is_thorough=False)
    opens: dict[str, bool] = st.session_state.setdefault(OPENS, {})
    if any(each.id not in opens for each in found):
        found = archive_session.returns(archive)
        opens.update({each.id: not each.is_damaged for each in found})
    return tuple(sorted(found, key=_place))[::-1]


def _place(kept: KeptReturn) -> tuple[bool, str]:
    return kept.manifest is not None, kept.manifest.loaded_at.isoformat() if kept.manifest else ""


def is_damaged(kept: KeptReturn) -> bool:
    """Whether a return cannot be opened, as far as is known in this visit."""
    return kept.is_damaged or not st.session_state.get(OPENS, {}).get(kept.id, True)


def authority_name(lea: str) -> str:
    """The name of an authority for a table; its number if it has none."""
    found = spec.authorities().get(lea)
    return found.name if found else f"Local authority {lea}"


def lead(found: Sequence[KeptReturn]) -> str:
    """The line under the heading of the page."""
    if not found:
        return "Nothing is kept yet."
    return f"{ui.counted(len(found), 'return')} kept, encrypted. Choose one to open it, to compare it or to change it."


def notices(archive: Archive, found: Sequence[KeptReturn]) -> None:
    """Say what was done last, which returns were deleted when the archive was opened, and which will be soon."""
    open_archive.say_done()
    today = archive.settings.clock().date()
    for kept in archive_session.removed():
        if access.person().authority in ("", kept.authority):
            ended = ui.day(kept.retain_until) if kept.retain_until else "an unknown day"
            st.info(f"**{ui.plain(kept.name)}** was deleted: its end date was {ended}.", icon=":material/info:")
    ending_soon = [each for each in found if each.removed_on and each.removed_on - today <= NOTICE + timedelta(days=1)]
    if ending_soon:
        _say_ended(archive, ending_soon, today)


def _say_ended(archive: Archive, found: Sequence[KeptReturn], today: date) -> None:
    """Say which returns have ended and when they are deleted, and note that people who can do something were told."""
    rights, first = access.person().rights, deleting.notices(archive)
    hint = f"To keep it, {'give it' if Right.ADMIN in rights else 'ask an administrator for'} another end date."
    for kept in found:
        if kept.retain_until is None or kept.removed_on is None:
            continue
        has_ended = kept.retain_until < today
        if has_ended and rights > {Right.VIEW}:
            deleting.give_notice(archive, first, kept)
        removed_on = deleting.removed_on(kept, first, today) if has_ended else kept.removed_on
        st.warning(
            f"**{ui.plain(kept.name)}** {'ended' if has_ended else 'ends'} on {ui.day(kept.retain_until)} and will be "
            f"deleted from {ui.day(removed_on)}. {hint}",
            icon=":material/event_busy:",
        )


def state_of(kept: KeptReturn, today: date) -> str:
    """What is to be known of a return besides what it holds; empty for nothing."""
    if is_damaged(kept):
        return "Damaged"
    if kept.is_newer:
        return "From a newer release"
    return "Ended" if kept.retain_until is not None and kept.retain_until < today else ""


def choose(archive: Archive, found: Sequence[KeptReturn]) -> KeptReturn | None:
    """Draw the list; the return that is chosen in it, or by keyboard in `beside`. None: no kept one."""
    ids, entry = [each.id for each in found], vault.current()
    is_open = entry.report.facts.sha256 if entry is not None else None
    # Another return has been loaded since, perhaps to keep it.
    is_other = st.session_state.get(WAS_OPEN) != is_open
    st.session_state[WAS_OPEN] = is_open
    if is_other or st.session_state.get(CHOSEN) not in (NONE, *ids):
        st.session_state[CHOSEN] = NONE
    if (wanted := st.session_state.pop(NEXT, NONE)) in ids:
        st.session_state[CHOSEN] = wanted
    if not found:
        return None

    def clicked() -> None:
        row = clicked_row(st.session_state[TABLE])
        st.session_state[CHOSEN] = ids[row] if row is not None and row < len(ids) else NONE

    chosen = st.session_state[CHOSEN]
    # The table marks the return that is chosen, however it was.
    st.session_state[TABLE] = with_row(ids.index(chosen)) if chosen else with_rows([])
    columns = table(found, archive.settings.clock().date())
    st.dataframe(
        pa.table(dict(columns)),
        key=TABLE,
        on_select=clicked,
        selection_mode="single-row",
        hide_index=True,
        height=height(len(found), ROWS_SEEN),
        column_config={"Kept on": TIMES, "Until": DAYS},
    )
    return next((each for each in found if each.id == chosen), None)


def beside(found: Sequence[KeptReturn], chosen: KeptReturn | None) -> Any:
    """The same choice as a list of names, with what is known of it; the part of the page beside it."""
    if not found:
        return st.container()
    about, place = st.columns([2, 3], gap="large")
    with about:
        _choose_by_name(found)
        if chosen is not None:
            facts(chosen)
    return place


def _choose_by_name(found: Sequence[KeptReturn]) -> None:
    names = {each.id: f"{each.name}, {each.manifest.year}" if each.manifest else each.name for each in found}
    st.selectbox(
        "Return",
        [NONE, *names],
        format_func=lambda ident: ui.plain(names.get(ident, "")) or "The return that is open",
        key=CHOSEN,
        persist_state="session",
    )


def table(found: Sequence[KeptReturn], today: date) -> Mapping[str, Sequence[Any]]:
    """The columns of the list. Nobody without the right to see children gets numbers that are not rounded."""
    columns: dict[str, Callable[[KeptReturn], Any]] = {
        "Return": lambda kept: kept.name,
        "Kind": lambda kept: KIND_LABELS[kept.manifest.kind] if kept.manifest else "",
        "Authority": lambda kept: authority_name(kept.authority),
        "Form": lambda kept: (
            FORM_LABELS[kept.manifest.made_from.form if kept.manifest.made_from else XML] if kept.manifest else ""
        ),
        "Year": lambda kept: kept.manifest.year if kept.manifest else None,
        "Serial": lambda kept: kept.manifest.serial_no if kept.manifest else "",
        "Kept on": _kept_on,
        "By": lambda kept: kept.manifest.who if kept.manifest else "",
        "People": lambda kept: kept.manifest.persons if kept.manifest else None,
        "Errors": lambda kept: kept.summary.open_findings()["error"] if kept.summary else None,
        "Until": lambda kept: kept.retain_until,
        "State": lambda kept: state_of(kept, today),
    }
    left_out = set() if access.person().may(Right.CHILD) else {"People", "Errors"}
    left_out |= {"Authority"} if len({each.authority for each in found}) == 1 else set()
    left_out |= set() if any(each.manifest and each.manifest.made_from for each in found) else {"Form"}
    left_out |= set() if any(state_of(each, today) for each in found) else {"State"}
    return {name: [value(each) for each in found] for name, value in columns.items() if name not in left_out}


def _kept_on(kept: KeptReturn) -> Any:
    """When a return was kept, in the time of the United Kingdom."""
    if kept.manifest is None:
        return None
    return kept.manifest.loaded_at.astimezone(UNITED_KINGDOM).replace(tzinfo=None, microsecond=0)


def facts(kept: KeptReturn) -> None:
    """What is known of the chosen return, in words."""
    manifest = kept.manifest
    if manifest is None:
        return
    when = _kept_on(kept)
    until = f", until {ui.day(kept.retain_until)}" if kept.retain_until else ""
    serial = f", serial number {ui.plain(manifest.serial_no)}" if manifest.serial_no else ""
    lines = [f"{KIND_LABELS[manifest.kind]} of {manifest.year}{serial}, of {ui.plain(authority_name(kept.authority))}."]
    if access.person().may(Right.CHILD):
        lines.append(
            f"{ui.counted(manifest.persons, 'person', 'people')}{_findings(kept)}. File: "
            f"{ui.plain(manifest.file_name or 'not known')}."
        )
    if manifest.made_from is not None:
        lines.append(f"Kept as the XML made from {manifest.made_from.words}.")
    lines.append(f"Kept by {ui.plain(manifest.who)} on {ui.day(when.date())} at {when:%H:%M}{until}.")
    if manifest.note and access.person().may(Right.CHILD):
        lines.append(f"Note: {ui.plain(manifest.note)}")
    if access.person().may(Right.CHILD) or access.person().may(Right.ADMIN):
        # Whoever may only see figures could find out with it which file was kept.
        lines.append(f":small[Digest of what was given: {grouped_digest(manifest.sha256)}]")
    st.markdown("\n\n".join(lines))


def _findings(kept: KeptReturn) -> str:
    """How many errors and queries were open, if that is known."""
    found = kept.summary.open_findings() if kept.summary else {}
    errors, queries = found.get("error"), found.get("query")
    if errors is None or queries is None:
        return ""
    return f", {ui.counted(errors, *ui.SEVERITY_NOUNS['error'])} and {ui.counted(queries, *ui.SEVERITY_NOUNS['query'])}"
