"""A chart as a picture to put into a report: a PNG with its title, whose figures they are, the filters and the date.

The browser draws the picture from the chart that it shows. Nothing is sent to a server, and nothing is kept. Streamlit
has a button for the bare chart in the toolbar that appears beside it. The button here presses that one, and the script
puts the words around whatever comes of it.
"""

from __future__ import annotations

import html
import json
from collections.abc import Sequence

import streamlit as st

from sen2dash import RELEASE, ui
from sen2dash.charts.pieces import Chart
from sen2dash.checks.report import Report
from sen2dash.indicators.figures import Selection
from sen2dash.indicators.suppression import note
from sen2dash.output import export
from sen2dash.text import flat
from sen2dash.web import vault

#: The end of the key of the container that holds a chart and its button.
FIGURE = "figure"


def button(
    report: Report,
    selection: Selection,
    chart: Chart,
    label: str = "Picture (PNG)",
    key_in_words: str = "",
    sources: Sequence[str] = (),
) -> None:
    """The button that saves a chart, which must be in the same container, whose key ends in FIGURE.

    key_in_words: what the marks of a chart are, if it does not say so itself. sources: sentences on where its figures
    come from, if not from the return alone.
    """
    name = export.file_name(report.collection, flat(chart.full_title, 100), "png")
    draw(chart, name, words(report, selection, chart, key_in_words, sources), label)


def draw(chart: Chart, name: str, text: dict[str, object], label: str = "Picture (PNG)") -> None:
    """The same for a chart that is not of the session's return. name: of the file. text: as `words` gives it."""
    st.html(
        f'<button type="button" class="sen2-picture" data-name="{html.escape(name)}" '
        f'data-text="{html.escape(json.dumps(text, ensure_ascii=False))}" '
        f'aria-label="{html.escape(f"{label} of {flat(chart.full_title)}")}">{html.escape(label)}</button>',
        width="content",
    )


def words(
    report: Report, selection: Selection, chart: Chart, key_in_words: str = "", sources: Sequence[str] = ()
) -> dict[str, object]:
    """What the picture says beside the chart: its title, what it counts and for whom, and where it comes from."""
    entry = vault.current()
    now = report.store.settings.clock()
    made_up = " Made-up data: no real child is shown." if entry is not None and entry.inputs.is_made_up else ""
    rounded = note(selection.threshold) if selection.is_sharing else ""
    return {
        "title": flat(chart.full_title),
        "above": [each for each in (flat(chart.subtitle), flat(key_in_words), rounded) if each],
        "below": [
            f"{ui.authority(report)}, {report.collection.label}. {selection.size_text}: {flat(selection.text)}.",
            *(flat(each) for each in sources),
            f"Made with {RELEASE} on {ui.day(now.date())}.{made_up}",
        ],
    }
