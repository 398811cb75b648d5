"""A page of panels: topics to choose from, their charts, and the people of a chosen bar in a dialog."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from sen2dash import reference, ui
from sen2dash.analysis.panels import Panel, Topic, missing_item_text
from sen2dash.checks.report import Report
from sen2dash.indicators.figures import Selection
from sen2dash.ui.chart_people import show_people
from sen2dash.ui.figures import show_chart


def show(report: Report, selection: Selection, topics: Sequence[Topic], name: str) -> None:
    """Show the topic that is chosen. name: prefix of the keys."""
    by_key = {topic.key: topic for topic in topics}
    chosen = st.segmented_control(
        "Show",
        list(by_key),
        default=topics[0].key,
        format_func=lambda key: by_key[key].label,
        key=f"{name}_topic",
        required=True,
        label_visibility="collapsed",
        persist_state="session",
    )
    topic = by_key[chosen]
    st.header(topic.label, anchor=False)
    st.markdown(ui.plain(topic.lead(report)))
    missing = [missing_item_text(report, panel) for panel in topic.panels]
    for why in dict.fromkeys(why for why in missing if why):
        st.info(ui.plain(why), icon=":material/info:")
    for panel, absent in zip(topic.panels, missing, strict=True):
        if absent == "":
            _show_panel(report, selection, panel, f"{name}_{panel.key}")


def _show_panel(report: Report, selection: Selection, panel: Panel, key: str) -> None:
    by = _choose_by(panel, key)
    key = f"{key}_{by}"
    picked = show_chart(report, selection, panel.draw(report, selection, by), key, "Show the people of")
    show_people(report, selection, picked, key, lambda part: panel.find(report, selection, by, part))


def _choose_by(panel: Panel, key: str) -> str:
    """The characteristic that a panel is broken down by; empty if there is none."""
    if not panel.by:
        return ""
    known = reference.characteristics()
    by: str = st.segmented_control(
        "By",
        panel.by,
        default=panel.by[0],
        format_func=lambda each: known[each].label,
        key=f"{key}_by",
        required=True,
        persist_state="session",
    )
    return by
