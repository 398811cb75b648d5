"""An indicator by pupil group on the page: what to count, the rows that open, and the people behind each number."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import pyarrow as pa
import streamlit as st

from sen2dash import ui
from sen2dash.analysis import earlier_years, pupil_groups, residents
from sen2dash.analysis import pupil_groups_beside as beside
from sen2dash.analysis.headlines import PARTS, missing_text
from sen2dash.analysis.panels import People
from sen2dash.analysis.pupil_groups import RATES, GroupTable, Rate
from sen2dash.analysis.pupil_groups_beside import RateColumn
from sen2dash.checks.report import Report
from sen2dash.indicators.figures import FEW, Selection
from sen2dash.indicators.suppression import note
from sen2dash.model import Indicator
from sen2dash.output import export
from sen2dash.ui import people_dialog, pieces, pupil_groups_rows
from sen2dash.ui.figures import nothing, people_rows, show_chart
from sen2dash.ui.pupil_groups_rows import KEY_SEPARATOR, OWNER
from sen2dash.web.access import Right

FIRST, SECOND, PART = "pupil_groups_first", "pupil_groups_second", "pupil_groups_part"
AS_TABLE = "pupil_groups_as_table"


def choose() -> tuple[Indicator, Rate, tuple[str, ...]]:
    """The indicator, its rate and the one or two characteristics."""
    indicators = {each.id: each for each in pupil_groups.choices()}
    names = pupil_groups.characteristics()
    left, middle, right, last = st.columns([4, 3, 3, 4], vertical_alignment="bottom")
    chosen = left.selectbox(
        "Indicator",
        list(indicators),
        format_func=lambda name: pupil_groups.name_of(indicators[name]),
        key="pupil_groups_indicator",
        persist_state="session",
    )
    first = middle.selectbox(
        "Group by",
        list(names),
        index=list(names).index("age_group"),
        format_func=lambda name: names[name],
        key=FIRST,
        persist_state="session",
    )
    if st.session_state.get(SECOND) == first:
        st.session_state[SECOND] = None
    second = right.selectbox(
        "Then split by",
        [name for name in names if name != first],
        index=None,
        format_func=lambda name: names[name],
        key=SECOND,
        placeholder="Nothing further",
        persist_state="session",
    )
    indicator = indicators[chosen]
    with last:
        rate = _rate(indicator)
    return indicator, rate, (first, second) if second else (first,)


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
        key=f"pupil_groups_rate_{'count' if indicator.is_count else indicator.unit}",
        required=True,
        persist_state="session",
        help="A child with two records counts twice in the total count, and once as a child.",
    )


def say_why_not(report: Report, selection: Selection, indicator: Indicator) -> bool:
    """If the indicator has no number for this return, say why."""
    if missing := missing_text(indicator, report.collection.year):
        st.info(f"**{ui.plain(indicator.title)}: not in this return.** {missing}", icon=":material/info:")
        return True
    problem = pupil_groups.result(report, selection, indicator).reason
    if problem:
        pieces.say_not_counted(problem)
    return bool(problem)


def show(report: Report, selection: Selection, found: GroupTable) -> None:
    """The rows with their bars and their file, and in a dialog the people of the number that was clicked."""
    st.header(ui.plain(pupil_groups.title(found)), anchor=False)
    columns = beside.beside(report, found, selection)
    if len(found.rows) == 1:
        st.info(nothing(selection), icon=":material/info:")
        return
    whole_bar = beside.scale(found, columns)
    few = (
        f" Groups of fewer than {FEW} have no bar."
        if not all(beside.is_drawn(found, row) for row in found.rows if row.keys)
        else ""
    )
    st.caption(ui.plain(f"Bars: 0% to {whole_bar:.0%}.{few} {pupil_groups.meaning(found)}"))
    if st.session_state.get(AS_TABLE):
        _as_table(report, found, columns)
    else:
        pupil_groups_rows.draw(report, selection, found, columns, whole_bar)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.toggle("Show as a table", key=AS_TABLE, persist_state="session")
        pieces.download(
            "This table (CSV)",
            partial(beside.table_csv, report, found, columns, selection),
            export.file_name(
                report.collection, f"groups {found.indicator.id} {found.rate} {' '.join(found.by)}", "csv"
            ),
            "text/csv",
            f"pupil_groups_{found.indicator.id}_{found.rate}_{'_'.join(found.by)}_csv",
            is_rounded=selection.is_sharing,
            right=Right.VIEW,
        )
    _about(report, selection, found, columns)
    if not selection.is_sharing:
        _dialog(report, selection, found)


def _about(report: Report, selection: Selection, found: GroupTable, columns: Sequence[RateColumn]) -> None:
    """The definition, the filters, and what to know before comparing."""
    lines = [
        f"{found.indicator.title}: {found.indicator.definition}",
        residents.note(report),
        *dict.fromkeys(column.note for column in columns),
        *([left_out] if (left_out := earlier_years.note(report, found.by, selection)) else []),
        f"Filters: {selection.text}.",
        *([note(selection.threshold)] if selection.is_sharing else []),
    ]
    st.caption("  \n".join(ui.plain(line) for line in lines))


def _as_table(report: Report, found: GroupTable, columns: Sequence[RateColumn]) -> None:
    texts = beside.cells(report, found, columns)
    st.table(
        pa.table({name: [ui.plain(cell) for cell in cells] for name, cells in texts.items()}),
        hide_index=True,
        border="horizontal",
        alt=pupil_groups.title(found),
    )


# -- people -----------------------------------------------------------------------------------------------


def _dialog(report: Report, selection: Selection, found: GroupTable) -> None:
    """Open the people of the number that was clicked, once."""
    asked = people_dialog.asked(OWNER)
    row = next((row for row in found.rows if KEY_SEPARATOR.join(row.keys) == asked), None)
    if asked is None or row is None:
        return
    parts, title = pupil_groups.parts_of(found.indicator), f"{found.indicator.title}: {row.label}"
    what = " ".join([found.indicator.id, *found.by, *(row.keys or ("all",))])
    key = f"pupil_groups_list_{what.replace(' ', '_')}"
    extra = pupil_groups.list_columns(found.indicator)
    if len(parts) == 1:
        people = People(title, pupil_groups.people(report, found, row, parts[0], selection), extra)
        people_dialog.show(report, selection, people, key)
        return

    @st.dialog(ui.plain(title), width="large")
    def people_over_page() -> None:
        part = st.segmented_control(
            "Which of them", parts, default=parts[0], format_func=PARTS.__getitem__, key=PART, required=True
        )
        people = pupil_groups.people(report, found, row, part, selection)
        stem = f"people {part} {what}"
        words = f"{found.indicator.title}, {PARTS[part].lower()}: {row.label}"
        people_rows(report, people, f"{key}_{part}", stem, selection, words, extra)

    people_over_page()


def residents_chart(report: Report, selection: Selection, indicator: Indicator) -> None:
    """The indicator as a rate of residents beside other areas, if such a rate is published."""
    chart = residents.chart(report, indicator, selection)
    if chart is not None:
        show_chart(report, selection, chart, f"pupil_groups_residents_{indicator.id}")
