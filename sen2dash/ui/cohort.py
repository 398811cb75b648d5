"""The make-up of a cohort on the page: one characteristic, both needs, or needs compared with something else."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import streamlit as st

from sen2dash import ui
from sen2dash.analysis import cohort
from sen2dash.analysis.cohort import AGAINST, NEEDS, Base
from sen2dash.checks.report import Report
from sen2dash.indicators import filters
from sen2dash.indicators.figures import Selection
from sen2dash.ui.figures import people_list, show_chart

WITH = "Show the people with"
#: Further columns of the list of people, for people and for plans.
PEOPLE = {"Age": "age", "Primary need": "need", "Stage reached": "stage", "Placement": "place"}
PLANS = {"Age": "age", "Received": "received_date", "Plan start": "start_date"}


def labels(report: Report) -> dict[str, str]:
    """Key and label of every characteristic of this return year."""
    return {each.key: each.label for each, _ in filters.filters(report.collection.year)}


def characteristic(report: Report, selection: Selection, base: Base) -> None:
    """One characteristic as bars, and the people in the chosen bar."""
    names = labels(report)
    name = st.selectbox(
        "Characteristic",
        list(names),
        index=list(names).index(NEEDS[0]),
        format_func=lambda each: names[each],
        key="cohort_characteristic",
        persist_state="session",
        width=420,
    )
    found = cohort.break_down(report, base, name, selection)
    chosen = show_chart(report, selection, cohort.bars(found, selection), f"cohort_{base}_{name}", WITH)
    for note in found.notes:
        st.caption(ui.plain(note))
    if base == "people" and cohort.is_published(name):
        st.caption(f"To compare with England and the region, count '{cohort.BASES['caseload']}'.")
    if chosen:
        _people(report, selection, base, {name: chosen}, f"cohort_list_{base}_{name}")


def needs(report: Report, selection: Selection, base: Base) -> None:
    """Secondary needs next to primary needs, and the people with either."""
    chosen = show_chart(report, selection, cohort.need_bars(report, base, selection), f"cohort_{base}_needs", WITH)
    if chosen:
        names = labels(report)
        as_what = st.segmented_control(
            "As",
            list(NEEDS),
            default=NEEDS[0],
            format_func=lambda each: names[each],
            key="cohort_need_as",
            required=True,
            persist_state="session",
        )
        _people(report, selection, base, {as_what: chosen}, f"cohort_list_{base}_needs")


def grid(report: Report, selection: Selection, base: Base) -> None:
    """Needs by setting, phase, age or sex as a heat map, and the people in the chosen cell."""
    names = labels(report)
    left, middle, right = st.columns(3)
    row = left.selectbox(
        "Rows", list(NEEDS), format_func=lambda each: names[each], key="cohort_rows", persist_state="session"
    )
    column = middle.selectbox(
        "Columns", list(AGAINST), format_func=lambda each: names[each], key="cohort_columns", persist_state="session"
    )
    kinds = {False: "Numbers", True: "Share of each row"}
    with right:
        as_share = st.segmented_control(
            "In the cells",
            list(kinds),
            default=False,
            format_func=lambda each: kinds[each],
            key="cohort_cells",
            required=True,
            persist_state="session",
        )
    found = cohort.cross(report, base, row, column, selection)
    picture = cohort.heat_map(found, row, column, base, selection, as_share)
    chosen = show_chart(report, selection, picture, f"cohort_{base}_{row}_{column}", "Show the people of")
    for note in cohort.register_note(column, (key for key, _ in found.columns)):
        st.caption(ui.plain(note))
    if chosen:
        where = cohort.where_of(row, column, chosen)
        _people(report, selection, base, where, f"cohort_list_{base}_{row}_{column}")


def _people(report: Report, selection: Selection, base: Base, where: Mapping[str, str], key: str) -> None:
    words = "; ".join(filters.in_words(filters.choose({name: [category] for name, category in where.items()})))
    title = f"{words} ({cohort.BASES[base]})"
    people_list(
        report,
        cohort.people(report, base, where, selection),
        # Each part has its own list, so that a row marked in one is not marked in the next.
        f"{key}_{'_'.join(where.values())}",
        f"people {' '.join(where)} {' '.join(where.values())}",
        selection,
        title,
        PEOPLE if base == "people" else PLANS,
    )


#: The function that draws each choice of the page.
VIEWS: Mapping[str, tuple[str, Callable[[Report, Selection, Base], None]]] = {
    "characteristic": ("By characteristic", characteristic),
    "needs": ("Primary and secondary need", needs),
    "grid": ("Needs by setting", grid),
}
