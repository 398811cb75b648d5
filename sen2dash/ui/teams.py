"""A list of teams: what it says of the people in the return, removing it, and the workbook by team."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

import streamlit as st

from sen2dash import ui
from sen2dash.analysis.worklist import EVERYTHING, Worklist
from sen2dash.checks.report import Report
from sen2dash.output import export, team_workbook
from sen2dash.reading import teams
from sen2dash.ui import pieces
from sen2dash.web import access, vault
from sen2dash.web.access import Right
from sen2dash.web.session_data import LoadedReturn

#: An uploader: label, key, file endings, and what to do with the bytes and the name.
Take = Callable[[str, str, str, Callable[[bytes, str], None]], None]


@access.only(Right.CHILD)
def section(entry: LoadedReturn, take: Take) -> None:
    """The part of the start page on the list of teams."""
    st.subheader("Teams and case workers", anchor=False)
    found = entry.report.teams
    if found is None:
        st.markdown(
            "A list of who is in which team, to list findings by team. Name the columns UPN, or ULN, or Surname, "
            "Forename and Date of birth; and Team, Case worker or both."
        )
        take("List of teams (CSV or Excel)", "teams", "csv txt xlsx xls ods", _add)
        return
    matched = f"{ui.number(found.n_matched)} of {ui.counted(found.n_lines, 'line')}"
    groups = f"{found.label.lower()}s"
    st.markdown(f"List: {ui.plain(entry.inputs.teams_name)}. {matched} matched a person in the return.")
    st.markdown(
        f"{ui.counted(len(found.names), groups[:-1], groups)}. {ui.number(found.n_without)} of "
        f"{ui.counted(found.n_people, 'person', 'people')} in the return "
        f"{'has' if found.n_without == 1 else 'have'} no {groups[:-1]}."
    )
    if faults := found.faults_in_words():
        n_unused = sum(map(len, found.faults.values()))
        with st.expander(f"{ui.counted(n_unused, 'line')} not used, and why" if n_unused else "About this file"):
            st.markdown("\n".join(f"- {ui.plain(fault)}" for fault in faults))
    if st.button("Remove the list of teams", key="upload_drop_teams"):
        vault.use_teams(None)
        st.rerun()


@access.only(Right.CHILD)
def _add(data: bytes, name: str) -> None:
    """Use a list of teams in this return and its later versions."""
    vault.use_teams(teams.read_teams(data), name)


def workbook_download(
    report: Report, rule_ids: Sequence[str] | None, with_names: bool, key: str, whose: Worklist = EVERYTHING
) -> None:
    """The download of the workbook by team; nothing if no list of teams was added."""
    if report.teams is None:
        return
    pieces.download(
        f"By {report.teams.label.lower()}, a sheet for each (Excel)",
        partial(team_workbook.xlsx, report, rule_ids, with_names, whose.among, whose.file_words),
        export.file_name(report.collection, f"{key} by team", "xlsx"),
        export.XLSX,
        f"{key}_teams",
    )
