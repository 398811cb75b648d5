"""Near matches with a school census, the values of both side by side, accepted one by one.

An accepted near match counts as matched until the visit ends, the census is replaced or removed, or the next version
of the return says something else about the person. It counts again when a census that has it is added, in this visit or
in that of a working file.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any, Literal

import pyarrow as pa
import streamlit as st

from sen2dash import ui
from sen2dash.analysis import linked_base, linked_match
from sen2dash.analysis.linked_cards import Rows
from sen2dash.checks import masking
from sen2dash.errors import UserError
from sen2dash.indicators.figures import Selection
from sen2dash.linked import loaded_files
from sen2dash.linked.census import CensusFigures
from sen2dash.linked.matching import CHILD, AcceptedMatch
from sen2dash.output import export
from sen2dash.ui import linked_files, people_dialog, pieces
from sen2dash.ui.rows import clicked_row, height
from sen2dash.web import access, audit_events
from sen2dash.web.access import Right
from sen2dash.web.session_data import LoadedReturn

#: Heading and column of the list.
COLUMNS: Mapping[str, str] = {
    "Person": "person_id",
    "Why it is near": "why",
    "UPN here": "own_upn",
    "UPN in the census": "upn",
    "Former UPN": "former_upn",
    "Born here": "own_birth",
    "Date of birth in the census": "dob",
    "Sex here": "own_sex",
    "Sex in the census": "sex",
    "Surname here": "own_surname",
    "Surname in the census": "surname",
    "Forename here": "own_forename",
    "Forename in the census": "forename",
    "ULN here": "own_uln",
    "ULN in the census": "uln",
    "School (LAEstab)": "school_names",
}
PERSONAL = frozenset({"own_birth", "dob", "own_surname", "surname", "own_forename", "forename"})
SEEN = 6
#: The list, and session state: how often a row was chosen in it.
OWNER, TURN = "linked_near", "linked_near_turn"


@access.only(Right.CHILD)
def section(entry: LoadedReturn, selection: Selection, census: CensusFigures) -> None:
    """The near matches, and those that were accepted."""
    st.header("Near matches", anchor=False)
    found = loaded_files.figures_of(entry.report)
    if found is None:
        return
    if n_lost := entry.inputs.linked.n_lost + found.n_lost:
        st.info(
            f"**{ui.counted(n_lost, 'near match', 'near matches')} that you accepted no longer "
            f"{'counts' if n_lost == 1 else 'count'}.** The person or the row now matches exactly, the person's values "
            "have changed, or two people in the return have the same values. Look at the pairs again.",
            icon=":material/info:",
        )
    if n_waiting := len(entry.inputs.linked.waiting):
        st.info(
            f"**{ui.counted(n_waiting, 'near match', 'near matches')} that you accepted "
            f"{'is' if n_waiting == 1 else 'are'} not among the near matches of these census files.** "
            f"{'It counts' if n_waiting == 1 else 'They count'} again when you add the files that have "
            f"{'it' if n_waiting == 1 else 'them'}.",
            icon=":material/info:",
        )
    rows = linked_match.near(entry.report, selection, found)
    if not len(rows):
        st.markdown("There are no near matches to check.")
    else:
        st.markdown(
            f"{ui.counted(len(rows), 'pair')} to check. They do not count until you accept them. Choose a row, "
            "compare the two sides, and accept it if both are the same child."
        )
        _list(entry, rows, selection)
    _accepted(entry, selection, census)


def _shown(rows: Rows, hide: bool) -> pa.Table:
    """The columns as texts under their headings, with names and dates of birth hidden if needed."""
    columns = {}
    for heading, column in COLUMNS.items():
        values = [_joined(each) for each in rows[column].to_pylist()]
        if column in PERSONAL and hide:
            values = [masking.HIDDEN if each else each for each in values]
        elif column == "own_birth":
            values = [masking.day_first(each) for each in values]
        elif column == "dob":
            values = [f"{each:%d/%m/%Y}" if each else None for each in values]
        columns[heading] = values if column == "person_id" else [each or "" for each in values]
    return pa.table(columns)


def _joined(value: Any) -> Any:
    """A value, or all spellings of it as one text."""
    return "; ".join(value) if isinstance(value, list) else value


def _list(entry: LoadedReturn, rows: Rows, selection: Selection) -> None:
    shown = _shown(rows, ui.names_hidden())
    key = f"{OWNER}_{st.session_state.get(TURN, 0)}"
    st.dataframe(
        shown,
        hide_index=True,
        key=key,
        on_select=partial(_chosen, key),
        selection_mode="single-row",
        height=height(len(rows), SEEN),
        lazy=False,
        # Few rows have one, so the column would be as wide as its heading.
        column_config={"Former UPN": st.column_config.TextColumn(width=130)},
        alt="Near matches. Click a row to compare its two sides.",
    )
    with st.container(horizontal=True, vertical_alignment="center"):
        pieces.download(
            f"These {ui.counted(len(rows), 'pair')} (CSV)",
            partial(_csv, rows, ui.names_hidden(), selection.text),
            export.file_name(entry.report.collection, "near matches", "csv"),
            "text/csv",
            "linked_near_csv",
        )
    part = people_dialog.asked(OWNER)
    if part is not None and int(part) < len(rows):
        _side_by_side(entry, rows.slice(int(part), 1), shown.slice(int(part), 1).to_pylist()[0])


def _chosen(key: str) -> None:
    """Ask for the pair of the row that was chosen, and leave no row marked, so that it can be chosen again."""
    row = clicked_row(st.session_state.get(key))
    if row is not None:
        st.session_state[TURN] = st.session_state.get(TURN, 0) + 1
        people_dialog.ask(OWNER, str(row))


def _side_by_side(entry: LoadedReturn, row: Rows, shown: Mapping[str, object]) -> None:
    """One pair over the page, and the button that accepts it."""
    person = row["person_id"][0].as_py()

    @st.dialog(f"Person {person}: {ui.plain(str(shown['Why it is near']).lower())}", width="medium")
    def pair_over_page() -> None:
        pairs = {
            "UPN": ("UPN here", "UPN in the census"),
            "Date of birth": ("Born here", "Date of birth in the census"),
            "Sex": ("Sex here", "Sex in the census"),
            "Surname": ("Surname here", "Surname in the census"),
            "Forename": ("Forename here", "Forename in the census"),
            "ULN": ("ULN here", "ULN in the census"),
        }
        sides = [[shown[name] or "blank" for name in names] for names in pairs.values()]
        # Of the values, not of what is shown: hidden names look the same on both sides.
        verdicts = linked_match.verdicts(row.to_pylist()[0])
        st.table(
            pa.table(
                {
                    "Item": list(pairs),
                    "In the return": [ui.plain(own) for own, _ in sides],
                    "In the census": [ui.plain(other) for _, other in sides],
                    "": [verdicts[item] for item in pairs],
                }
            ),
            hide_index=True,
            border="horizontal",
            width="content",
        )
        # The callback runs even if the dialog is drawn no more; the rerun closes it.
        if st.button(
            f"Accept this match for person {person}",
            key="linked_accept",
            type="primary",
            on_click=partial(_accept, entry, person, row.to_pylist()[0]),
        ):
            st.rerun()

    pair_over_page()


@access.only(Right.CHILD)
def _accept(entry: LoadedReturn, person: int, pair: Mapping[str, Any]) -> None:
    figures = loaded_files.figures_of(entry.report)
    if figures is not None and _is_noted(entry, "accept"):
        child = tuple(pair[name] for name in CHILD)
        accepted = AcceptedMatch(figures.identity(person), tuple(pair["pupil_ids"]), child)
        linked_files.use(entry, entry.inputs.linked.accepting(accepted))


def _is_noted(entry: LoadedReturn, what: Literal["accept", "undo"]) -> bool:
    """Note a change in the audit. If that fails, say so: this runs before the page, which shows no error of it."""
    try:
        audit_events.note_accepted(entry.report, what)
    except UserError as error:
        ui.show_user_error(error)
        return False
    return True


def _accepted(entry: LoadedReturn, selection: Selection, census: CensusFigures) -> None:
    """The people whose near match was accepted, each with a way back."""
    rows = linked_base.accepted(entry.report, selection, census)
    if not len(rows):
        return
    st.markdown(f"Accepted: {ui.counted(len(rows), 'person', 'people')}, who count as matched.")
    with st.container(horizontal=True):
        for person in rows["person_id"].to_pylist():
            st.button(f"Undo for person {person}", key=f"linked_undo_{person}", on_click=partial(_undo, entry, person))


def _undo(entry: LoadedReturn, person: int) -> None:
    figures = loaded_files.figures_of(entry.report)
    if figures is not None and _is_noted(entry, "undo"):
        linked_files.use(entry, entry.inputs.linked.not_accepting(figures.identity(person)))


@access.only(Right.CHILD)
def _csv(rows: Rows, hide: bool, filters: str) -> bytes:
    kept = {heading: column for heading, column in COLUMNS.items() if not (hide and column in PERSONAL)}
    table = _shown(rows, hide=False).select(list(kept)).to_pylist()
    return export.figures_csv((*kept, "Filters"), ([*row.values(), filters] for row in table))
