"""The filters of the pages of findings: whose findings are listed, and whether only those new since another return.

The choices are in the address as names of categories, as on the pages of figures, but never the name of a team. The
three pages share them.
"""

from __future__ import annotations

from collections.abc import Collection

import streamlit as st

from sen2dash import ui
from sen2dash.analysis import worklist
from sen2dash.analysis.changes import ReturnChanges
from sen2dash.analysis.worklist import NO_TEAM, NO_TEAM_LABEL, Worklist
from sen2dash.checks.report import Report
from sen2dash.errors import UserError
from sen2dash.indicators import filters
from sen2dash.text import flat
from sen2dash.ui import changes, pieces
from sen2dash.ui.filters import key_of
from sen2dash.web import vault
from sen2dash.web.session_data import LoadedReturn

#: The characteristics to filter by. Their keys, which are their names in the address, are those of the pages of
#: findings: a filter of the figures does not hide a finding.
CHARACTERISTICS = ("need", "year", "place_group", "stage")
ADDRESS_PREFIX = "w_"
NEW, WITH, TEAMS = "w_new", "worklist_with", "worklist_teams"


def clear() -> None:
    """Remove every filter of these pages."""
    st.session_state.update({key_of(name, ADDRESS_PREFIX): [] for name in CHARACTERISTICS} | {TEAMS: [], NEW: False})
    st.session_state.update({f"{name}_mark": pieces.ALL for name in ui.SEVERITY_PAGES.values()})


def sidebar(report: Report, mark: str | None) -> Worklist:
    """Draw the filters and return the findings to list. mark: only those with this mark, or with none."""
    entry = vault.current()
    with st.sidebar:
        head = st.container()
        st.markdown("**Whose findings**")
        known = {each.key: (each, categories) for each, categories in filters.filters(report.collection.year)}
        teams = _teams(report)
        chosen = {}
        for name in CHARACTERISTICS:
            each, categories = known[name]
            labels = {category.key: category.label for category in categories}
            chosen[name] = st.multiselect(
                each.label,
                list(labels),
                format_func=labels.__getitem__,
                key=key_of(name, ADDRESS_PREFIX),
                help=each.definition,
                placeholder="Everyone",
                bind="query-params",
                persist_state="session",
            )
        with head:
            since = _new(entry) if entry is not None else None
            found = worklist.make(report, filters.choose(chosen), teams, since, mark)
            _say(found)
    return found


def _teams(report: Report) -> list[str]:
    """A choice of teams; empty if no list of teams was added."""
    if report.teams is None:
        st.session_state.pop(TEAMS, None)
        return []
    choices = [*report.teams.names, NO_TEAM]
    # Another list may not have the teams that were chosen.
    st.session_state[TEAMS] = [team for team in st.session_state.get(TEAMS, []) if team in choices]
    return st.multiselect(
        report.teams.label,
        choices,
        format_func=lambda team: team or NO_TEAM_LABEL,
        key=TEAMS,
        placeholder="Everyone",
        persist_state="session",
    )


def _new(entry: LoadedReturn) -> ReturnChanges | None:
    """The comparison whose new findings are to be listed; None for all findings."""
    earlier = changes.earlier_ones(entry)
    if not earlier:
        return None
    if not st.toggle(
        "New since last time",
        key=NEW,
        help="Only findings that are not in the return that this one is compared with.",
        bind="query-params",
        persist_state="session",
    ):
        return None
    name = next(iter(earlier))
    if len(earlier) > 1:
        if st.session_state.get(WITH) not in earlier:
            st.session_state[WITH] = name
        name = st.selectbox("Compare with", list(earlier), format_func=flat, key=WITH, persist_state="session")
    else:
        st.caption(f"Compared with {ui.plain(name)}.")
    try:
        return changes.since(entry, earlier[name])
    except UserError as error:
        ui.show_user_error(error, about="Comparing with the earlier return")
        return None


def _say(found: Worklist) -> None:
    """Say who is shown, with a button to go back to everyone."""
    if not found.words:
        return
    st.markdown(f"**Showing {ui.number(found.n)} of {ui.counted(found.n_all, 'person', 'people')}**")
    st.markdown("\n".join(f"- {ui.plain(line)}" for line in found.words))
    st.button("Show everyone", key="worklist_reset", on_click=clear, icon=":material/close:")


def say_left_out(found: Worklist, rule_ids: Collection[str], one: str, many: str) -> None:
    """Say how many findings of these rules the filters leave out, because they cannot apply to them."""
    n_whole = sum(n for rule_id, n in found.left_out.items() if rule_id in rule_ids)
    n_uncompared = sum(n for rule_id, n in found.uncompared.items() if rule_id in rule_ids)
    lines = []
    if n_whole:
        lines.append(f"{ui.counted(n_whole, one, many)} about the header or the whole return, not about one person.")
    if n_uncompared:
        lines.append(
            f"{ui.counted(n_uncompared, one, many)} from rules that compare returns themselves, "
            "so none of them counts as new."
        )
    if lines:
        st.caption("Left out while filters are set: " + " ".join(lines))
