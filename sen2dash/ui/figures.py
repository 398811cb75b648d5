"""What pages of figures share: a chart with its words and table, and the list of people behind a number."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any, NoReturn

import pyarrow as pa
import pyarrow.compute as pc
import streamlit as st

from sen2dash import ui
from sen2dash.charts.pieces import PICK, Chart
from sen2dash.checks import masking
from sen2dash.checks.report import Report
from sen2dash.indicators.figures import Selection
from sen2dash.indicators.suppression import note, smallest_shown
from sen2dash.output import export
from sen2dash.output.numbers import with_numbers
from sen2dash.output.upns import MAX_IN_PART, n_parts, upns, upns_file, upns_parts
from sen2dash.ui import next_previous, picture, pieces
from sen2dash.ui.rows import RECORDS_SEEN, clicked_row, height
from sen2dash.web import access
from sen2dash.web.access import Right

#: The first and last columns of every list of people: heading and column of the table.
FIRST = {"Person": "person_id", "Surname": "surname", "Forename": "forename"}
LAST = {"Date of birth": "birth_date", "UPN": "upn"}
#: Columns that are hidden when names are.
PERSONAL = ("surname", "forename", "birth_date")
PAGE_ROWS = 500


def show_chart(report: Report, selection: Selection, chart: Chart, key: str, choose: str = "") -> str | None:
    """Show a chart under its title, or its table, and return the key of what was picked in it, or None.

    choose: the label of a list to pick from by keyboard, such as 'Show the people with'; without it nothing can be
    picked.
    """
    st.subheader(ui.plain(chart.title), anchor=False)
    st.caption(ui.plain(chart.subtitle + (f" {note(selection.threshold)}" if selection.is_sharing else "")))
    if not chart.rows:
        st.info(nothing(selection), icon=":material/info:")
        return None
    chosen_key = f"{key}_chosen"
    with st.container(key=f"{key}_{picture.FIGURE}"):
        with st.container(horizontal=True, vertical_alignment="center"):
            as_table = st.toggle("Show as a table", key=f"{key}_table", persist_state="session")
            if not as_table:
                picture.button(report, selection, chart)
        if as_table:
            chart_table(report, selection, chart, key)
        else:
            picked = partial(_picked, f"{key}_chart", chosen_key)
            st.altair_chart(
                chart.picture,
                width="stretch",
                theme=None,
                key=f"{key}_chart",
                on_select=picked if choose else "ignore",
                alt=chart.alt_text,
            )
    if not choose or selection.is_sharing:
        return None
    labels = dict(chart.choices)
    if st.session_state.get(chosen_key) not in labels:
        st.session_state[chosen_key] = None
    return st.selectbox(
        choose,
        list(labels),
        index=None,
        format_func=lambda each: labels[each],
        key=chosen_key,
        placeholder="Choose from the list" if as_table else "Choose here, or click in the chart",
        width=420,
    )


def nothing(selection: Selection) -> str:
    """The text shown instead of a chart or a table that has no lines."""
    if not selection.is_sharing:
        return "Nothing to show for these filters."
    return f"Nothing to show for sharing: no line has a count of {smallest_shown(selection.threshold)} or more."


def _picked(chart_key: str, chosen_key: str) -> None:
    """Copy a click in the chart to the list next to it."""
    points = (st.session_state.get(chart_key) or {}).get("selection", {}).get(PICK) or []
    st.session_state[chosen_key] = points[0].get("key") if points else None


def chart_table(report: Report, selection: Selection, chart: Chart, key: str) -> None:
    """The table of a chart, and its download."""
    cells = list(zip(*chart.rows, strict=True))
    st.table(
        pa.table(
            {name: [ui.plain(cell) for cell in column] for name, column in zip(chart.columns, cells, strict=True)}
        ),
        hide_index=True,
        border="horizontal",
        alt=chart.alt_text,
    )
    columns, numbered = with_numbers(chart.columns, chart.rows)
    rows = [(*row, chart.title, selection.file_text) for row in numbered]
    pieces.download(
        "This table (CSV)",
        partial(export.figures_csv, (*columns, "Figure", "Filters"), rows),
        export.file_name(report.collection, chart.title[:60], "csv"),
        "text/csv",
        f"{key}_csv",
        rows=len(rows),
        is_rounded=selection.is_sharing,
        right=Right.VIEW,
    )


def people_list(
    report: Report,
    people: pa.Table,
    key: str,
    stem: str,
    selection: Selection,
    title: str,
    extra: Mapping[str, str] | None = None,
) -> None:
    """The people behind a number: 'n of N', a table whose rows open the person, and a CSV.

    people: one row per member, with the columns person_id, surname, forename, birth_date (text as in the file), upn and
    those of `extra` (heading to column: text, whole numbers, dates). stem: for the file name. title: what the people
    have in common; it is in the file with the filters.
    """
    st.subheader(ui.plain(title), anchor=False)
    if selection.is_sharing:
        st.info("Lists of people are left out while figures are for sharing.", icon=":material/info:")
        return
    people_rows(report, people, key, stem, selection, title, extra)


@access.only(Right.CHILD)
def people_rows(
    report: Report,
    people: pa.Table,
    key: str,
    stem: str,
    selection: Selection,
    title: str,
    extra: Mapping[str, str] | None = None,
    known_first: bool = False,
) -> None:
    """The same without its heading, for a dialog that has the title as its own. Never while figures are for sharing.

    known_first: date of birth and UPN are beside the name, not at the end.
    """
    n_people = pc.count_distinct(people["person_id"]).as_py() if len(people) else 0
    rows_text = f"{ui.counted(len(people), 'row')} about " if len(people) != n_people else ""
    st.caption(f"{rows_text}{ui.number(n_people)} of {ui.counted(selection.n, 'person', 'people')} shown.")
    if not len(people):
        st.info("Nobody.", icon=":material/info:")
        return
    columns = {**FIRST, **LAST, **(extra or {})} if known_first else {**FIRST, **(extra or {}), **LAST}
    n_pages = -(-len(people) // PAGE_ROWS)
    number = min(max(int(st.session_state.get(f"{key}_page", 1)), 1), n_pages)
    shown = masked(people.slice((number - 1) * PAGE_ROWS, PAGE_ROWS), ui.names_hidden())
    event = st.dataframe(
        pa.table({heading: shown[column] for heading, column in columns.items()}),
        hide_index=True,
        key=f"{key}_people_{number}",
        on_select="rerun",
        selection_mode="single-row",
        height=height(len(shown), RECORDS_SEEN),
        lazy=False,
        column_config={heading: _column(shown[column].type) for heading, column in columns.items()},
        alt=f"{title}. Click a row to open the person.",
    )

    def opened(person: int) -> NoReturn:
        next_previous.remember(f"of the list '{title}'", people["person_id"].to_pylist(), ui.current_page())
        ui.open_person(person)

    row = clicked_row(event)
    if row is not None and row < len(shown):
        opened(shown["person_id"][row].as_py())
    if n_pages > 1:
        st.pagination(n_pages, key=f"{key}_page")
    with st.container(horizontal=True, vertical_alignment="bottom"):
        pieces.person_opener(report, key, opened)
        hide = ui.names_hidden()
        pieces.download(
            f"These {ui.counted(len(people), 'row')} (CSV)",
            partial(people_csv, people, columns, title, selection.text, hide),
            export.file_name(report.collection, stem, "csv"),
            "text/csv",
            f"{key}_people_csv",
            rows=len(people),
            is_rounded=False,
        )
        if not hide:
            upns_buttons(report, upns(people["upn"].to_pylist()), stem, f"{key}_upns_csv")


def upns_buttons(report: Report, found: Sequence[str], stem: str, key: str) -> None:
    """A file of these UPNs, to look them up in Get information about pupils, and files that it takes at a time.

    Never while names are hidden. stem: for the file names. key: of the first button.
    """
    if not found:
        return
    stem = f"{stem} UPNs"
    pieces.download(
        f"Export {ui.counted(len(found), 'UPN')}",
        partial(upns_csv, found),
        export.file_name(report.collection, stem, "csv"),
        "text/csv",
        key,
        rows=len(found),
        is_rounded=False,
    )
    if len(found) > MAX_IN_PART:
        name = export.file_name(report.collection, stem, "zip")
        pieces.download(
            f"UPNs in {n_parts(found)} files of at most {MAX_IN_PART} (zip)",
            partial(upns_zip, found, name.removesuffix(".zip")),
            name,
            "application/zip",
            f"{key}_parts",
            rows=len(found),
            is_rounded=False,
        )


@access.only(Right.CHILD)
def upns_csv(found: Sequence[str]) -> bytes:
    """The UPNs of a list, one per line."""
    return upns_file(found)


@access.only(Right.CHILD)
def upns_zip(found: Sequence[str], stem: str) -> bytes:
    """The same in files of as many as the service takes at a time."""
    return upns_parts(found, stem)


def masked(people: pa.Table, hide: bool) -> pa.Table:
    """The same rows with birth dates day first, and names and birth dates hidden if needed."""
    for column in PERSONAL:
        texts: list[Any] = people[column].to_pylist()
        if hide:
            texts = [masking.HIDDEN if text else text for text in texts]
        elif column == "birth_date":
            texts = [masking.day_first(text) for text in texts]
        people = people.set_column(people.column_names.index(column), column, pa.array(texts, pa.string()))
    return people


def people_csv(people: pa.Table, columns: Mapping[str, str], title: str, filters: str, hide: bool) -> bytes:
    """A list of people as a CSV, without names and birth dates if those are hidden.

    The last columns give the title of the list, its filters and the release that made it.
    """
    kept = {heading: column for heading, column in columns.items() if not (hide and column in PERSONAL)}
    rows: Sequence[Mapping[str, Any]] = people.to_pylist()
    return export.figures_csv(
        (*kept, "List", "Filters"), ([*(row[column] for column in kept.values()), title, filters] for row in rows)
    )


def _column(kind: pa.DataType) -> Any:
    """How to show a column of a list."""
    if pa.types.is_date(kind):
        return st.column_config.DateColumn(format="DD/MM/YYYY", width=110)
    if pa.types.is_integer(kind):
        return st.column_config.NumberColumn(format="%d", width=90)
    if pa.types.is_floating(kind):
        return st.column_config.NumberColumn(format="%.1f", width=90)
    return st.column_config.TextColumn()
