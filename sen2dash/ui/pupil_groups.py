"""An indicator by pupil group on the page: what to count, the table with its bars, and the people behind each cell."""

from __future__ import annotations

from functools import partial

import pyarrow as pa
import streamlit as st

from sen2dash import ui
from sen2dash.analysis import pupil_groups
from sen2dash.analysis.headlines import PARTS
from sen2dash.analysis.pupil_groups import RATES, Rate, Table
from sen2dash.checks.report import Report
from sen2dash.indicators.figures import Selection
from sen2dash.indicators.run import MemberPart
from sen2dash.indicators.suppression import note
from sen2dash.model import Indicator
from sen2dash.output import export
from sen2dash.ui import pieces
from sen2dash.ui.figures import nothing, people_list, show_chart
from sen2dash.ui.findings import height

#: Rows of the table that are visible without scrolling.
ROWS_SEEN = 16
#: Width of the columns that name the groups, in pixels.
WIDTHS = (270, 150)
ROW, PART, SECOND = "pupil_groups_row", "pupil_groups_part", "pupil_groups_second"


def choose() -> tuple[Indicator, Rate, tuple[str, ...]]:
    """The indicator, its rate and the one or two characteristics."""
    indicators = {each.id: each for each in pupil_groups.choices()}
    names = pupil_groups.characteristics()
    left, middle, right = st.columns([2, 1, 1])
    chosen = left.selectbox(
        "Indicator",
        list(indicators),
        format_func=lambda name: indicators[name].title,
        key="pupil_groups_measure",
        persist_state="session",
    )
    first = middle.selectbox(
        "Group by",
        list(names),
        index=list(names).index("age_group"),
        format_func=lambda name: names[name],
        key="pupil_groups_first",
        persist_state="session",
    )
    if st.session_state.get(SECOND) == first:
        st.session_state[SECOND] = None
    second = right.selectbox(
        "And under it by",
        [name for name in names if name != first],
        index=None,
        format_func=lambda name: names[name],
        key=SECOND,
        placeholder="Nothing further",
        persist_state="session",
    )
    indicator = indicators[chosen]
    st.caption(ui.plain(indicator.definition))
    return indicator, _rate(indicator), (first, second) if second else (first,)


def _rate(indicator: Indicator) -> Rate:
    """The kind of rate; if an indicator has only one, there is nothing to choose."""
    kinds = pupil_groups.rates_of(indicator)
    if len(kinds) == 1:
        return kinds[0]
    return st.segmented_control(
        "Rate",
        list(kinds),
        default=kinds[0],
        format_func=lambda kind: RATES[kind],
        key="pupil_groups_rate",
        required=True,
        persist_state="session",
    )


def show(report: Report, selection: Selection, found: Table) -> None:
    """The table with its bars and its file, followed by the people of the chosen line."""
    key = "_".join(("pupil_groups", found.indicator.id, found.rate, *found.by))
    st.header(ui.plain(pupil_groups.title(found)), anchor=False)
    rounded = f" {note(selection.threshold)}" if selection.is_sharing else ""
    st.caption(ui.plain(f"{pupil_groups.meaning(found)} Filters: {selection.text}.{rounded}"))
    if len(found.rows) == 1:
        st.info(nothing(selection), icon=":material/info:")
        return
    columns = pupil_groups.cells(found, selection.is_sharing)
    most = max((value for value in columns["Bar"] if value is not None), default=0) or 1
    counts = (
        st.column_config.TextColumn(width=75, alignment="right")
        if selection.is_sharing
        else st.column_config.NumberColumn(format="localized", width=75)
    )
    st.dataframe(
        pa.table(columns),
        hide_index=True,
        key=f"{key}_table",
        on_select="ignore" if selection.is_sharing else partial(_picked, f"{key}_table", found),
        selection_mode="single-cell",
        height=height(len(found.rows), ROWS_SEEN),
        lazy=False,
        column_config={
            **{
                name: st.column_config.TextColumn(width=width)
                for name, width in zip(found.headings, WIDTHS, strict=False)
            },
            **dict.fromkeys(("Number", "Out of"), counts),
            **dict.fromkeys(("Rate", "Share"), st.column_config.TextColumn(width=75, alignment="right")),
            "Bar": st.column_config.ProgressColumn(
                f"Bar: 0% to {most:.0%}", format=" ", min_value=0, max_value=most, color="#12436D"
            ),
        },
        alt=f"{pupil_groups.title(found)}. Choose a number to see the people behind it.",
    )
    pieces.download(
        "This table (CSV)",
        partial(pupil_groups.table_csv, found, selection),
        export.file_name(report.collection, f"groups {found.indicator.id} {found.rate} {' '.join(found.by)}", "csv"),
        "text/csv",
        f"{key}_csv",
    )
    if not selection.is_sharing:
        _people(report, selection, found, key)


def _picked(table_key: str, found: Table) -> None:
    """Copy a click in the table to the lists under it."""
    cells = (st.session_state.get(table_key) or {}).get("selection", {}).get("cells") or []
    if cells:
        row, column = cells[0]
        st.session_state[ROW] = found.rows[row].keys if row < len(found.rows) else None
        st.session_state[PART] = pupil_groups.part_of(found, column)


def _people(report: Report, selection: Selection, found: Table, key: str) -> None:
    """The people of a line chosen in the table or, by keyboard, in the lists here."""
    rows = {row.keys: row for row in found.rows}
    parts = pupil_groups.parts_of(found.indicator)
    if st.session_state.get(ROW) not in rows:
        st.session_state[ROW] = None
    if st.session_state.get(PART) not in parts:
        st.session_state[PART] = parts[0]
    left, right = st.columns(2)
    chosen = left.selectbox(
        "Show the people of",
        list(rows),
        index=None,
        format_func=lambda keys: rows[keys].label,
        key=ROW,
        placeholder="Choose here, or click a number in the table",
    )
    part: MemberPart = parts[0]
    if len(parts) > 1:
        with right:
            part = (
                st.segmented_control("Which of them", parts, format_func=PARTS.__getitem__, key=PART, required=True)
                or part
            )
    if chosen is None:
        return
    row = rows[chosen]
    people_list(
        report,
        pupil_groups.people(report, found, row, part, selection),
        f"{key}_{'_'.join(chosen) or 'all'}_{part}",
        f"people {found.indicator.id} {part} {' '.join(chosen) or 'all'}",
        selection,
        f"{found.indicator.title}, {PARTS[part].lower()}: {row.label}",
        pupil_groups.list_columns(found.indicator),
    )


def residents(report: Report, selection: Selection, indicator: Indicator) -> None:
    """The indicator as a rate of residents, if it has one."""
    chart = pupil_groups.residents_chart(report, indicator, selection)
    if chart is not None:
        show_chart(report, selection, chart, f"pupil_groups_residents_{indicator.id}")
