"""Marks on findings: the filter, marking the records of a rule on its list, and one finding on the page of a person."""

from __future__ import annotations

import zlib
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any, NamedTuple, cast

import streamlit as st

from sen2dash import ui
from sen2dash.checks import marks
from sen2dash.checks.finding_subset import FindingSubset
from sen2dash.checks.findings import FindingsPage
from sen2dash.checks.marks import FILTER, LABELS, MARKS, Mark, Tally
from sen2dash.checks.record import Remark
from sen2dash.checks.report import Report
from sen2dash.ui import pieces
from sen2dash.ui.rows import chosen_rows, with_rows
from sen2dash.web import access, vault
from sen2dash.web.access import Right
from sen2dash.web.session_data import LastMarked

#: The choice that removes a mark, and its label.
NO_MARK = "no mark"
ACTIONS: Mapping[str, str] = {**LABELS, NO_MARK: "No mark"}
#: The most findings of a person that have a control of their own.
MAX_CONTROLS = 20


class Marking(NamedTuple):
    """How the records of a rule are marked now. is_choosing: rows are chosen instead of opened. key: of their table."""

    is_choosing: bool
    key: str


def choose_filter(name: str) -> str | None:
    """A filter in the sidebar: the findings with one mark, or with none; None for all. name: prefix of the key."""
    return cast("str | None", pieces.one_or_all(st.sidebar, "Mark", "All findings", FILTER, f"{name}_mark"))


def filter_words(mark: str | None) -> str:
    """The filter in words, to follow the name of a rule: ', not marked'."""
    return "" if mark is None else f", {FILTER[mark].lower()}"


def label(mark: str | None) -> str | None:
    """The words for a mark in a table."""
    return LABELS[mark] if mark else None


@access.only(Right.CHILD)
def bar(
    report: Report, rule_id: str, found: FindingsPage, name: str, among: FindingSubset | None, table: str
) -> Marking:
    """The row above the records: a menu that marks all that are shown or those chosen, and a switch to choose rows.

    found: the page that is shown. among: the findings that pass the filters. table: the key of the table that opens a
    person.
    """
    key = choosing_key(table, found)
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        menu = st.container(width="content")
        is_choosing = st.toggle("Choose rows to mark", key=f"{name}_choosing", persist_state="session")
        rows = [row for row in chosen_rows(st.session_state.get(key)) if row < len(found.rows)] if is_choosing else None
        how_many = (
            f"all {ui.number(found.total)}" if rows is None else f"the {len(rows) or ''} chosen".replace("  ", " ")
        )
        menu.menu_button(
            f"Mark {how_many} as",
            list(ACTIONS),
            format_func=lambda action: ACTIONS[action],
            key=f"{name}_mark_as",
            disabled=rows is not None and not rows,
            on_click=partial(_mark, report, rule_id, found, rows, name, among, key),
        )
        undo(name)
    return Marking(is_choosing, key if is_choosing else table)


def choosing_key(table: str, found: FindingsPage) -> str:
    """The key of the table while rows are chosen, for these rows alone: Streamlit keeps the places of chosen rows."""
    shown = repr([marks.identity(row) for row in found.rows])
    return f"{table}_choosing_{zlib.crc32(shown.encode())}"


def _mark(
    report: Report,
    rule_id: str,
    found: FindingsPage,
    rows: Sequence[int] | None,
    name: str,
    among: FindingSubset | None,
    key: str,
) -> None:
    """Set the mark that was chosen in the menu. rows: places on the page; None: all findings that pass the filters."""
    action = st.session_state.get(f"{name}_mark_as")
    entry = vault.current()
    if action not in ACTIONS or entry is None or entry.report is not report:
        return
    with ui.reporting_errors("marks"):
        if rows is None:
            table = report.findings_table([rule_id], among=among)
        else:
            table = marks.of_rows(found.rows[row] for row in rows)
            st.session_state[key] = with_rows([])
        before = marks.set_marks(report, table, _as_mark(action))
        entry.last_marked = LastMarked(rule_id, before)


def _as_mark(action: str | None) -> Mark | None:
    return next((mark for mark in MARKS if mark == action), None)


@access.only(Right.CHILD)
def undo(name: str) -> None:
    """A button that restores the marks before the last marking of several records, if it was on this page."""
    entry = vault.current()
    last = entry.last_marked if entry is not None else None
    if entry is None or last is None or ui.SEVERITY_PAGES[entry.report.outcome(last.rule_id).severity] != name:
        return

    def restore() -> None:
        # The return may have been erased or replaced since the button was drawn.
        if vault.current() is entry:
            with ui.reporting_errors("marks"):
                marks.put_back(entry.report, last.before)
                entry.last_marked = None

    what = ui.counted(len(last.before), "mark")
    st.button(f"Undo {what} ({last.rule_id})", key=f"{name}_undo_marks", icon=":material/undo:", on_click=restore)


def tally_text(report: Report, rule_id: str) -> str:
    """How many findings of a rule are marked, as a sentence; empty if none is."""
    tally = marks.tallies(report).get(rule_id, Tally(0))
    return f"**{tally.text}.**" if tally.text else ""


@access.only(Right.CHILD)
def control(report: Report, remark: Remark, key: str) -> None:
    """Choose the mark of one finding; choosing it again removes it."""

    def set_mark() -> None:
        entry = vault.current()
        if entry is None or entry.report is not report:
            return
        with ui.reporting_errors("marks"):
            marks.set_marks(report, marks.of_rows([remark.identity]), _as_mark(st.session_state[key]))
            # Undo would set this one back too.
            entry.last_marked = None

    st.session_state[key] = remark.mark
    st.segmented_control(
        f"Mark of {remark.rule_id}: {ui.plain(remark.title)}",
        MARKS,
        format_func=lambda mark: LABELS[mark],
        key=key,
        label_visibility="collapsed",
        on_change=set_mark,
    )


def column(rows: Sequence[Mapping[str, Any]]) -> list[str | None]:
    """The column of marks in a table of findings."""
    return [label(row["mark"]) for row in rows]
