"""Parts of every chart in one style: the colours of the Government Analysis Function, black text on white.

Nothing in this package reads a return or draws on a page: its functions turn rows into charts. Every chart has
alternative text and a table, so that people who cannot see it lose nothing, and colour alone never carries meaning.
"""

from __future__ import annotations

import copy
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import altair as alt
from altair.utils import schemapi

# Altair would validate every part of a chart against its schema each time, which takes longer than drawing it. The
# tests validate every chart once instead.
schemapi.disable_debug_mode()
#: Categorical colours in order, each with the colour of text drawn on it.
COLOURS = (
    ("#12436D", "white"),
    ("#28A197", "black"),
    ("#801650", "white"),
    ("#F46A25", "black"),
    ("#3D3D3D", "white"),
    ("#A285D1", "black"),
)
MAIN, SECOND, FAINT, INK, GREY_INK = "#12436D", "#F46A25", "#BFBFBF", "#0b0c0c", "#505a5f"
#: How strongly a stacked bar of few cases is drawn.
FAINT_OPACITY = 0.35
FONT = "Source Sans, Source Sans Pro, Arial, sans-serif"
ROW, TEXT_SIZE = 32, 14
#: Pixels that an axis, its labels and a line of the key take up in a chart.
AXIS, KEY = 28, 30
#: The name under which a chart returns its selections, as a list of {"key": ...}.
PICK = "picked"
Unit = Literal["percent", "number"]
#: Characters per line of a label above a column, and the height of a line in pixels.
LABEL_LINE, LINE = 14, 18


class Picture(alt.LayerChart):
    """A chart as Vega-Lite, validated against the schema only on request."""

    def to_dict(self, validate: bool = False, **more: Any) -> dict[str, Any]:
        """The chart as a dictionary, made once: a page that is drawn again draws most of its charts again unchanged."""
        if validate or more:
            return self._made(validate, **more)
        if "_ready" not in self.__dict__:
            # Not an attribute of the chart, which would be part of its Vega-Lite.
            object.__setattr__(self, "_ready", self._made(validate))
        return copy.deepcopy(self.__dict__["_ready"])

    def _made(self, validate: bool, **more: Any) -> dict[str, Any]:
        found: dict[str, Any] = super().to_dict(validate=validate, **more)
        return found


@dataclass(frozen=True)
class Chart:
    """A chart with its alternative text and its table. alt_text: its message. choices: key and label to pick from.

    about: what it is about, where the page says so above the chart; a picture of the chart needs it.
    """

    title: str
    subtitle: str
    alt_text: str
    picture: Picture
    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]
    choices: tuple[tuple[str, str], ...] = ()
    about: str = ""

    @property
    def full_title(self) -> str:
        """The title, after what the chart is about."""
        return f"{self.about}: {self.title[:1].lower()}{self.title[1:]}" if self.about else self.title


def data_of(values: list[dict[str, Any]]) -> Any:
    """The rows of a chart."""
    return alt.InlineData(values=values)


def label_axis(field: str) -> alt.Y:
    """An axis of labels, one for each row, all of them shown."""
    axis = alt.Axis(title=None, labelLimit=300, labelOverlap=False, ticks=False, domain=False, labelPadding=8)
    return alt.Y(f"{field}:N", sort=None, axis=axis)


def axis_format(unit: Unit) -> str:
    """How an axis writes its numbers."""
    return "%" if unit == "percent" else ",d"


def ticks(largest: float) -> list[float]:
    """Up to five round numbers from 0 to the largest value; whole numbers from 5 on."""
    step = next(
        (base * 10.0**power for power in range(-3, 7) for base in (1, 2, 5) if largest <= 5 * base * 10.0**power),
        largest,
    )
    return [round(step * place, 6) for place in range(int(largest / step + 1e-9) + 1)]


def tip_of(field: str, title: str) -> alt.Tooltip:
    """A line of a tooltip."""
    return alt.Tooltip(field=field, type="nominal", title=title)


def tip(heading: str) -> dict[str, Any]:
    """The tooltip and description of a bar. heading: what the rows are."""
    return {"tooltip": [tip_of("label", heading), tip_of("text", "Value")], "description": alt.Description("text:N")}


def pick() -> Any:
    """The selection of a mark by a click."""
    return alt.selection_point(name=PICK, fields=["key"])


def one_line(text: str) -> str:
    """A text on one line."""
    return text.replace("\n", " ")


def finish(layers: Sequence[Any], height: int) -> Picture:
    """Combine the layers in the style that every chart shares."""
    # One object, because `configure` and similar methods each copy the whole chart.
    look = alt.Config(
        font=FONT,
        axis=alt.AxisConfig(
            labelColor=INK,
            titleColor=INK,
            labelFontSize=TEXT_SIZE,
            titleFontSize=TEXT_SIZE,
            titleFontWeight="normal",
            gridColor="#e5e6e7",
            domainColor="#505a5f",
            tickColor="#505a5f",
        ),
        legend=alt.LegendConfig(labelColor=INK, labelFontSize=TEXT_SIZE, symbolSize=120),
        view=alt.ViewConfig(stroke=None),
    )
    return Picture(layer=list(layers), height=height, background="white", width="container", config=look)
