"""A small chart on a page of several: its title, a choice of what it shows, its table, and the people behind a bar.

A click in the chart and the list beside it both ask for the people of a bar, which then keeps an outline.
"""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence
from functools import partial

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from sen2dash.analysis.cohort_charts import DrawnChart
from sen2dash.charts import compact
from sen2dash.charts.pieces import PICK
from sen2dash.checks.report import Report
from sen2dash.indicators.figures import Selection
from sen2dash.ui import figures, people_dialog, picture

STYLE = """<style>
.sen2-card h2 { font-size: 1.1rem; font-weight: 600; margin: 0; padding: 0; }
.sen2-card p { font-size: 0.875rem; margin: 0; color: #0b0c0c; }
.sen2-beside { display: inline-block; width: 3px; vertical-align: -2px;
  margin-left: 0.5rem; }
</style>"""


def choose_what(labels: Mapping[str, str], key: str, first: str = "") -> str:
    """A choice of what a card shows, if there is one: two or three short options, or a list of more.

    first: what a list begins with (default: the first in it).
    """
    names = list(labels)
    if len(names) == 1:
        return names[0]
    if len(names) > 3:
        return st.selectbox(
            "Characteristic",
            names,
            index=names.index(first) if first else 0,
            format_func=lambda name: labels[name],
            key=f"{key}_what",
            label_visibility="collapsed",
            persist_state="session",
        )
    return st.segmented_control(
        "Show by",
        names,
        default=names[0],
        format_func=lambda name: labels[name],
        key=f"{key}_what",
        label_visibility="collapsed",
        required=True,
        persist_state="session",
    )


def marked(key: str) -> str:
    """The bar of a chart that was chosen last; empty if none was."""
    return str(st.session_state.get(f"{key}_marked", ""))


def head(report: Report, selection: Selection, drawn: DrawnChart, key: str, sources: Sequence[str] = ()) -> None:
    """The title of a chart, what it counts, and what its lines are; and the button that saves it as a picture.

    sources: sentences for the picture on where its figures come from.
    """
    whole = drawn.chart.subtitle.partition("All: ")[2].rstrip(".")
    # The columns after the label and the value are what the bars are compared with.
    names = drawn.chart.columns[2:] if drawn.compared else ()
    beside = "".join(_line(name, line) for name, (line, _) in compact.colours(names).items())
    text = f'<div class="sen2-card"><h2>{html.escape(drawn.heading)}</h2><p>{html.escape(whole)}.{beside}</p></div>'
    with st.container(horizontal=True, vertical_alignment="top", gap="small"):
        st.html(STYLE + text)
        if drawn.chart.rows and not st.session_state.get(f"{key}_table"):
            picture.button(report, selection, drawn.chart, "PNG", compact.key_in_words(names), sources)


def _line(name: str, colour: str) -> str:
    """A line as it is in the chart, and what it is."""
    style = f"background: {colour}; height: {0.9 * compact.height_of(colour):.2f}rem"
    return f' <span class="sen2-beside" style="{style}"></span> <strong>{html.escape(name)}</strong>'


def show(report: Report, selection: Selection, drawn: DrawnChart, key: str, row: DeltaGenerator) -> str | None:
    """The chart or its table, with its controls in a row; returns the bar whose people were asked for in this run.

    All of it is in one container, whose key ends in `picture.FIGURE`.
    """
    chart = drawn.chart
    if not chart.rows:
        st.info(figures.nothing(selection), icon=":material/info:")
        return None
    labels = dict(chart.choices)
    with row:
        as_table = st.toggle("Table", key=f"{key}_table", persist_state="session")
        if not selection.is_sharing:
            st.selectbox(
                f"Show the people with: {drawn.heading}",
                list(labels),
                index=None,
                format_func=lambda each: labels[each],
                key=f"{key}_list",
                placeholder="List the people",
                label_visibility="collapsed",
                on_change=partial(_listed, key),
                width=160,
            )
    if as_table:
        figures.chart_table(report, selection, chart, key)
    else:
        # A chart keeps what was clicked in it, and a second click on the same bar would say nothing. So each click
        # makes a chart of its own, in which nothing is clicked yet.
        turn = st.session_state.get(f"{key}_turn", 0)
        can_click = not selection.is_sharing
        st.altair_chart(
            chart.picture,
            width="stretch",
            theme=None,
            key=f"{key}_chart_{turn}",
            on_select=partial(_clicked, key, turn) if can_click else "ignore",
            alt=chart.alt_text,
        )
    part = people_dialog.asked(key)
    return part if part in labels and not selection.is_sharing else None


def _clicked(key: str, turn: int) -> None:
    points = (st.session_state.get(f"{key}_chart_{turn}") or {}).get("selection", {}).get(PICK) or []
    _ask(key, points[0].get("key") if points else None)


def _listed(key: str) -> None:
    _ask(key, st.session_state.get(f"{key}_list"))
    st.session_state[f"{key}_list"] = None


def _ask(key: str, part: str | None) -> None:
    """Mark a bar, and ask for its people."""
    if part is None:
        return
    st.session_state[f"{key}_marked"] = part
    st.session_state[f"{key}_turn"] = st.session_state.get(f"{key}_turn", 0) + 1
    people_dialog.ask(key, part)
