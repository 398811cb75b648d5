"""The audit on the page: what was done, what changed between two versions, and whether the chain is whole.

For administrators alone. Nothing here names a child: an entry has no place for one, and the rest is counts.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import NamedTuple

import pyarrow as pa
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from sen2dash import ui
from sen2dash.analysis import audit_rows, kept_versions
from sen2dash.analysis.audit_rows import AuditFilter, AuditRow
from sen2dash.analysis.kept_versions import Fact, StoredVersion, VersionDifference
from sen2dash.archive import audit
from sen2dash.archive.audit import AuditEntry, Event
from sen2dash.archive.kept import KeptReturn
from sen2dash.archive.opening import Archive
from sen2dash.indicators.suppression import note
from sen2dash.output import export
from sen2dash.output.audit_file import audit_csv
from sen2dash.ui import pieces
from sen2dash.ui.rows import height
from sen2dash.web import access, archive_session
from sen2dash.web.access import Right

PAGE_ROWS = 500
#: Rows of a table that are seen without scrolling in it.
ENTRIES_SEEN, RULES_SEEN = 9, 9
WHY_KEEP = (
    "Keep the last hash in another place, such as a ticket or an e-mail. A chain whose end was cut off looks whole: "
    "only that hash shows that something is missing."
)


class Audit(NamedTuple):
    """What the page shows: the entries and the kept returns that the person may see. threshold: as in `Selection`."""

    archive: Archive
    entries: tuple[AuditEntry, ...]
    kept: tuple[KeptReturn, ...]
    threshold: int


def stop_unless_administrator(title: str, what: str) -> None:
    """Say to anyone else that the audit is not for them, and stop."""
    if not access.person().may(Right.ADMIN):
        ui.header(title, what)
        st.info("The audit is for administrators of the archive.", icon=":material/lock:")
        st.stop()


def read(archive: Archive) -> Audit:
    """Every entry that the person may see."""
    person = access.person()
    threshold = 0 if person.may(Right.CHILD) else archive.settings.suppression_threshold
    return Audit(archive, _entries(archive), archive_session.returns(archive, is_thorough=False), threshold)


def _entries(archive: Archive) -> tuple[AuditEntry, ...]:
    with archive.database.reading() as connection:
        found = tuple(audit.entries(connection, archive.key))
    seen = _visible(archive, {each.authority for each in found})
    return tuple(each for each in found if each.authority in seen)


def _visible(archive: Archive, chains: set[str]) -> frozenset[str]:
    return audit_rows.visible(chains, archive.database.own_chain, access.person().authority)


def choose_view() -> str:
    """Which view of the page to show."""
    return st.segmented_control(
        "Show",
        list(VIEWS),
        default=next(iter(VIEWS)),
        format_func=lambda key: VIEWS[key][0],
        key="audit_view",
        required=True,
        persist_state="session",
    )


def show(found: Audit, view: str) -> None:
    """Draw one view."""
    if found.threshold:
        st.caption(ui.plain(note(found.threshold)))
    VIEWS[view][1](found)


# -- what was done --------------------------------------------------------------------------------------------


def _show_entries(found: Audit) -> None:
    rows = audit_rows.rows(found.entries, found.kept, found.threshold)
    wanted = _choose(rows)
    shown = [row for row in rows if wanted.has(row)]
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.caption(f"{ui.number(len(shown))} of {ui.counted(len(rows), 'entry', 'entries')}, the newest first.")
        _export(found)
    if not shown:
        st.info("No entry matches. Choose fewer filters.", icon=":material/info:")
        return
    table(shown, "audit_entries", "What was done, the newest first.")
    st.caption(f"The file holds every entry and the last hash of each chain. {WHY_KEEP}")


def _choose(rows: Sequence[AuditRow]) -> AuditFilter:
    """The filters in one row."""
    action, person, first, last = st.columns([3, 3, 2, 2])
    return AuditFilter(
        action.multiselect(
            "Action",
            sorted({row.action for row in rows}),
            key="audit_action",
            placeholder="All",
            persist_state="session",
        ),
        person.multiselect(
            "Person",
            sorted({row.who for row in rows}),
            key="audit_person",
            placeholder="Everyone",
            persist_state="session",
        ),
        first.date_input("From", None, format="DD/MM/YYYY", key="audit_from", persist_state="session"),
        last.date_input("To", None, format="DD/MM/YYYY", key="audit_to", persist_state="session"),
    )


def table(rows: Sequence[AuditRow], key: str, alt: str, seen: int = ENTRIES_SEEN) -> None:
    """Entries as a table, a page of it at a time."""
    n_pages = -(-len(rows) // PAGE_ROWS)
    number = min(max(int(st.session_state.get(f"{key}_page", 1)), 1), n_pages)
    page = rows[(number - 1) * PAGE_ROWS : number * PAGE_ROWS]
    columns = {
        "When": pa.array([row.time for row in page], pa.timestamp("s")),
        "Action": [row.action for row in page],
        "Person": [row.who for row in page],
        "Return": [row.kept for row in page],
        "Details": [row.details for row in page],
        "Authority": [audit_rows.chain_name(row.chain) for row in page],
        "Entry": [row.number for row in page],
        "Digest": [row.digest for row in page],
    }
    st.dataframe(
        pa.table(columns),
        hide_index=True,
        key=f"{key}_{number}",
        height=height(len(page), seen),
        lazy=False,
        column_config={
            "When": st.column_config.DatetimeColumn(format="DD/MM/YYYY HH:mm", width=130),
            "Details": st.column_config.TextColumn(width=330),
            "Entry": st.column_config.NumberColumn(format="%d", width=60),
            "Digest": st.column_config.TextColumn(width=105),
        },
        alt=alt,
    )
    if n_pages > 1:
        st.pagination(n_pages, key=f"{key}_page")


def _export(found: Audit) -> None:
    only = access.person().authority
    pieces.download(
        "The whole audit (CSV)",
        partial(_csv, found, only or None),
        export.name_of_file((only or None, "audit"), "csv"),
        "text/csv",
        "audit_csv",
        right=Right.ADMIN,
        is_of_return=False,
    )


def _csv(found: Audit, authority: str | None) -> bytes:
    """The audit as a file, whose last entry is that it was made."""
    archive, chains = found.archive, {each.authority for each in found.entries}
    archive.record(Event(action="export", what="audit.csv", is_rounded=found.threshold > 0), authority)
    own = archive.database.own_chain if authority is None else authority
    with archive.database.reading() as connection:
        entries = [each for each in audit.entries(connection, archive.key) if each.authority in {*chains, own}]
    return audit_csv(entries, found.threshold)


# -- two versions ---------------------------------------------------------------------------------------------


def _show_versions(found: Audit) -> None:
    between = _choose_two(found)
    if between is None:
        return
    if between.has_other_rules:
        st.warning(
            "**The rules changed between the two summaries**, so their findings cannot be compared. Recompute them on "
            "the page Trend first.",
            icon=":material/warning:",
        )
    left, right = st.columns([8, 5], gap="medium")
    with left:
        st.subheader("Who, when and how many", anchor=False)
        _facts("Item", between.facts)
    with right:
        st.subheader("Findings by rule", anchor=False)
        _rules(between)
    st.subheader("Indicators", anchor=False)
    _indicators(between)
    st.subheader("Actions on these two versions", anchor=False)
    idents = {between.before.kept.id, between.after.kept.id}
    own = [each for each in found.entries if each.event and {each.event.return_id, each.event.other_id} & idents]
    rows = audit_rows.rows(own, found.kept, found.threshold)
    table(rows, "audit_two", "Actions on these two versions, newest first.", RULES_SEEN)


def _choose_two(found: Audit) -> VersionDifference | None:
    """The two versions, chosen among those of a year; None if there are none to compare."""
    versions = kept_versions.whole(found.kept)
    years = sorted({(each.kept.authority, each.manifest.year) for each in versions}, reverse=True)
    if not years:
        st.info("No return is kept yet.", icon=":material/info:")
        return None
    several = len({authority for authority, _ in years}) > 1
    year, one, other = st.columns([2, 4, 4])
    of_year = year.selectbox(
        "Return year",
        years,
        format_func=lambda each: f"{each[1]}, {audit_rows.chain_name(each[0])}" if several else str(each[1]),
        key="audit_year",
        persist_state="session",
    )
    mine = {each.kept.id: each for each in versions if (each.kept.authority, each.manifest.year) == of_year}
    if len(mine) < 2:
        st.info("Only one version of this return year is kept, so there is nothing to compare.", icon=":material/info:")
        return None
    key = f"{of_year[0]}_{of_year[1]}"
    before = _choose_version(one, "From", mine, len(mine) - 2, f"audit_before_{key}")
    after = _choose_version(other, "To", mine, len(mine) - 1, f"audit_after_{key}")
    if before == after:
        st.info("Choose two different versions.", icon=":material/info:")
        return None
    return kept_versions.between(mine[before], mine[after], found.threshold)


def _choose_version(place: DeltaGenerator, label: str, known: Mapping[str, StoredVersion], index: int, key: str) -> str:
    return place.selectbox(
        label,
        list(known),
        index=index,
        format_func=lambda ident: kept_versions.name_of(known[ident]),
        key=key,
        persist_state="session",
    )


def _facts(heading: str, facts: Sequence[Fact]) -> None:
    """What is known of both versions beside each other."""
    st.table(
        pa.table(
            {
                heading: [ui.plain(fact.label) for fact in facts],
                "Before": [ui.plain(fact.before) for fact in facts],
                "After": [ui.plain(fact.after) for fact in facts],
                "Difference": [ui.plain(fact.difference) for fact in facts],
            }
        ),
        hide_index=True,
        border="horizontal",
    )


def _rules(between: VersionDifference) -> None:
    if not between.rules:
        st.info("Each rule has as many findings as before.", icon=":material/check:")
        return
    rules = between.rules
    st.caption(f"{ui.counted(len(rules), 'rule')} with another number of findings, errors first.")
    columns = {
        "Rule": [rule.rule for rule in rules],
        "Before": [rule.before for rule in rules],
        "After": [rule.after for rule in rules],
        "Difference": [rule.difference for rule in rules],
        "Severity": [rule.severity for rule in rules],
        "Title": [rule.title for rule in rules],
    }
    st.dataframe(
        pa.table(columns),
        hide_index=True,
        key="audit_rules",
        height=height(len(rules), RULES_SEEN),
        lazy=False,
        alt="Rules whose number of findings differs between the two versions.",
    )


def _indicators(between: VersionDifference) -> None:
    if not between.indicators:
        st.info("Every indicator is the same.", icon=":material/check:")
        return
    st.caption(f"{ui.counted(between.n_same, 'other indicator')} did not change.")
    _facts("Indicator", between.indicators)


# -- the chain ------------------------------------------------------------------------------------------------


def _show_chain(found: Audit) -> None:
    archive = found.archive
    with archive.database.reading() as connection:
        chains = audit.verify(connection, archive.database.own_chain, archive.key)
    seen = _visible(archive, {chain.authority for chain in chains})
    for chain in chains:
        if chain.authority not in seen:
            continue
        words = f"**{ui.plain(audit_rows.chain_name(chain.authority))}**: {audit_rows.verdict(chain)}"
        if chain.broken_at is None:
            st.success(f"{words} Its last hash:", icon=":material/check:")
            st.code(chain.head, language=None)
        else:
            st.error(
                f"{words} Restore the archive from a backup, and find out who changed it.", icon=":material/error:"
            )
    st.markdown(WHY_KEEP)
    text = st.text_input(
        "A last hash that you kept", max_chars=200, key="audit_head", placeholder="64 letters and digits"
    )
    if text.strip():
        _say_whether_held(found, text)


def _say_whether_held(found: Audit, text: str) -> None:
    """Whether the audit still holds the entry with a hash."""
    entry = audit_rows.with_hash(found.entries, text)
    if entry is None:
        st.error(
            "**No entry has this hash.** If it was the last one of an earlier export, the end of the audit was cut off "
            "or changed.",
            icon=":material/error:",
        )
        return
    name = ui.plain(audit_rows.chain_name(entry.authority))
    own = [each for each in found.entries if each.authority == entry.authority]
    n_more = len(own) - 1 - own.index(entry)
    st.success(
        f"**The audit still holds it**: it is entry {audit_rows.number_of(entry):,} of {name}. "
        f"{ui.counted(n_more, 'entry was', 'entries were')} added after it.",
        icon=":material/check:",
    )


#: The views of the page, with their titles.
VIEWS: Mapping[str, tuple[str, Callable[[Audit], None]]] = {
    "entries": ("What was done", _show_entries),
    "versions": ("What changed between two versions", _show_versions),
    "chain": ("Check the chain", _show_chain),
}
