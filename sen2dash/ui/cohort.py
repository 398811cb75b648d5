"""The make-up of a cohort on the page: charts in two columns under one set of filters, or needs by setting."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from sen2dash import reference, ui
from sen2dash.analysis import cohort, cohort_charts, comparators
from sen2dash.analysis.cohort import BASES, NEED_COMPARED_WITH, NEEDS, Base
from sen2dash.analysis.cohort_charts import DrawnChart
from sen2dash.analysis.comparators import Comparator
from sen2dash.analysis.linked_base import left_out_text
from sen2dash.analysis.panels import People
from sen2dash.checks.report import Report
from sen2dash.indicators.figures import Selection
from sen2dash.output import export
from sen2dash.output.cohort_file import cohort_csv, cohort_upns
from sen2dash.ui import chart_card, figures, people_dialog, picture, pieces
from sen2dash.web import access
from sen2dash.web.access import Right

CHARTS, NEEDS_BY_SETTING = "Charts", "Needs by setting"
#: What the chart of any other characteristic begins with.
OTHER_FIRST = "source"
#: What a card can be flipped to, in a word.
SHORT: Mapping[str, str] = {
    "need": "Primary",
    "need2": "Secondary",
    "place_group": "Group",
    "place": "Category",
    "age_group": "Group",
    "year": "NC year",
    "age": "Age",
    "ethnic_group": "Group",
    "ethnicity": "Detail",
}


def export_button(report: Report, selection: Selection) -> None:
    """A file of everyone whom the filters leave. There is none while figures are for sharing."""
    if not selection.is_sharing:
        who = ui.counted(selection.n, "person", "people")
        pieces.download(
            f"Export all {who} in the return (CSV)" if selection.cohort.is_everyone else f"Export these {who} (CSV)",
            partial(cohort_csv, report, selection, not ui.names_hidden()),
            export.file_name(report.collection, "cohort", "csv"),
            "text/csv",
            "cohort_export",
            rows=selection.n,
            is_rounded=False,
        )
        if not ui.names_hidden() and access.person().may(Right.CHILD):
            # The list alone says how many there are: not everybody has a UPN, and one can be there twice.
            figures.upns_buttons(report, cohort_upns(report, selection), "cohort", "cohort_upns")
        if words := left_out_text(report, selection):
            st.caption(words)


def choose_base() -> Base:
    """Who is counted."""
    return st.segmented_control(
        "Count",
        list(BASES),
        default=next(iter(BASES)),
        format_func=lambda key: BASES[key],
        key="cohort_base",
        required=True,
        persist_state="session",
    )


def choose_comparator(report: Report) -> Comparator:
    """What the bars are compared with."""
    labels = comparators.labels(report)
    return st.segmented_control(
        "Compare with",
        list(labels),
        default="england",
        format_func=lambda key: labels[key],
        key="cohort_comparator",
        required=True,
        persist_state="session",
    )


# -- charts ---------------------------------------------------------------------------------------------------


def charts(report: Report, selection: Selection, base: Base) -> None:
    """The charts in two columns, what they are compared with, and the people behind the bar that was chosen."""
    above = st.container()
    page = _Page(report, selection, base, st.session_state.get("cohort_comparator", "england"))
    left, right = st.columns(2, gap="small")
    with left:
        for key, names in cohort_charts.LEFT.items():
            page.characteristic(key, names)
        if base == "new_plans":
            page.weeks()
    with right:
        for key, names in cohort_charts.RIGHT.items():
            page.characteristic(key, names)
    with left:
        page.support()
    with right:
        page.characteristic("other", cohort_charts.OTHERS)
    page.say_comparison(above)
    if page.asked is not None:
        key, found = page.asked
        people_dialog.show(report, selection, found, key)


class _Page:
    """Draws the cards of one run of the page. asked: the list that was asked for, and the prefix of its keys.

    below: a place under each chart, in the order of `drawn`.
    """

    def __init__(self, report: Report, selection: Selection, base: Base, comparator: Comparator) -> None:
        self.report, self.selection, self.base, self.comparator = report, selection, base, comparator
        self.drawn: list[DrawnChart] = []
        self.below: list[DeltaGenerator] = []
        self.asked: tuple[str, People] | None = None

    def characteristic(self, card: str, names: tuple[str, ...]) -> None:
        """A chart of one of these characteristics."""
        known = reference.characteristics()
        labels = {name: SHORT.get(name, known[name].label) if card != "other" else known[name].label for name in names}

        def draw(name: str, marked: str) -> DrawnChart:
            return cohort_charts.by_characteristic(
                self.report, self.selection, self.base, name, self.comparator, marked
            )

        def find(name: str, key: str) -> People:
            return cohort_charts.people_with(self.report, self.selection, self.base, {name: key})

        self._card(card, labels, draw, find)

    def support(self) -> None:
        """The small yes/no characteristics in one chart."""
        self._card(
            "support",
            {"support": ""},
            lambda _, marked: cohort_charts.support(self.report, self.selection, self.base, self.comparator, marked),
            lambda _, key: cohort_charts.people_with_support(self.report, self.selection, self.base, key),
        )

    def weeks(self) -> None:
        """New plans by the weeks that they took."""
        self._card(
            "weeks",
            {"weeks": ""},
            lambda _, marked: cohort_charts.weeks_taken(self.report, self.selection, marked),
            lambda _, key: cohort_charts.people_in_band(self.report, self.selection, key),
        )

    def say_comparison(self, above: DeltaGenerator) -> None:
        """What the charts are compared with or, once for all or under each chart, why there is nothing."""
        notes = cohort_charts.comparison_notes(self.drawn)
        if len(notes) == 1 and not any(each.compared for each in self.drawn):
            above.caption(ui.plain(notes[0]))
            return
        for each, place in zip(self.drawn, self.below, strict=True):
            if each.comparison and not each.compared:
                place.caption(ui.plain(each.comparison))
        if notes:
            with st.expander("What the charts are compared with"):
                st.markdown("\n".join(f"- {ui.plain(note)}" for note in notes))

    def _card(
        self,
        card: str,
        labels: Mapping[str, str],
        draw: Callable[[str, str], DrawnChart],
        find: Callable[[str, str], People],
    ) -> None:
        with st.container(border=True, gap="small", key=f"cohort_{card}_{picture.FIGURE}"):
            top = st.container()
            row = st.container(horizontal=True, vertical_alignment="center", gap="small")
            with row:
                name = chart_card.choose_what(labels, f"cohort_{card}", OTHER_FIRST if card == "other" else "")
            key = f"cohort_{self.base}_{name}"
            drawn = draw(name, chart_card.marked(key))
            self.drawn.append(drawn)
            with top:
                chart_card.head(self.report, self.selection, drawn, key)
            part = chart_card.show(self.report, self.selection, drawn, key, row)
            for note in drawn.notes:
                st.caption(ui.plain(note))
            self.below.append(st.container())
        if part is not None:
            self.asked = f"{key}_{part}", find(name, part)


# -- needs by setting -----------------------------------------------------------------------------------------


def grid(report: Report, selection: Selection, base: Base) -> None:
    """Needs by setting, phase, age or sex as a heat map, and the people in the chosen cell."""
    known = reference.characteristics()
    left, middle, right = st.columns(3)
    row = left.selectbox(
        "Rows", list(NEEDS), format_func=lambda each: known[each].label, key="cohort_rows", persist_state="session"
    )
    column = middle.selectbox(
        "Columns",
        list(NEED_COMPARED_WITH),
        format_func=lambda each: known[each].label,
        key="cohort_columns",
        persist_state="session",
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
    drawn = DrawnChart(
        f"{known[row].label} by {known[column].label.lower()}",
        cohort_charts.heat_map(found, row, column, base, selection, as_share),
    )
    key = f"cohort_{base}_{row}_{column}"
    with st.container(key=f"{key}_{picture.FIGURE}"):
        chart_card.head(report, selection, drawn, key)
        controls = st.container(horizontal=True, vertical_alignment="center", gap="small")
        chosen = chart_card.show(report, selection, drawn, key, controls)
    for note in cohort.register_note(report, column, (each for each, _ in found.columns)):
        st.caption(ui.plain(note))
    if chosen:
        where = cohort_charts.where_of(row, column, chosen)
        people = cohort_charts.people_with(report, selection, base, where)
        people_dialog.show(report, selection, people, f"{key}_{'_'.join(where.values())}")


#: The function that draws each choice of the page.
VIEWS: Mapping[str, Callable[[Report, Selection, Base], None]] = {CHARTS: charts, NEEDS_BY_SETTING: grid}


def choose_view() -> str:
    """The charts, or the needs by setting."""
    return st.segmented_control(
        "Show",
        list(VIEWS),
        default=CHARTS,
        key="cohort_view",
        label_visibility="collapsed",
        required=True,
        persist_state="session",
    )
