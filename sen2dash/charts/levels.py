"""Columns with lines across them to compare with, each line with its name and value at its end."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any, NamedTuple

import altair as alt

from sen2dash.charts.bars import Bar
from sen2dash.charts.pieces import FAINT, INK, MAIN, Chart, axis_format, data_of, finish, one_line, pick, ticks, tip

COLOURS = ("#F46A25", "#3D3D3D", "#801650")
DASHES = ([1, 0], [8, 4], [2, 3])
#: Columns left blank on the right for the names of the lines, and how far apart two names are, of the height.
BLANK, APART = 3, 0.075
HEIGHT = 260


class Level(NamedTuple):
    """A line across the chart. value: between 0 and 1. name: 'England, 2025'. text: '46.4%'."""

    name: str
    value: float
    text: str


def level_chart(
    title: str, subtitle: str, heading: str, rows: Sequence[Bar], levels: Sequence[Level], alt_text: str = ""
) -> Chart:
    """Columns of shares in the order given, each with its text above (lines separated by a line break)."""
    drawn_levels = list(levels)[: len(COLOURS)]
    values = [row.value or 0 for row in rows] + [level.value for level in drawn_levels]
    top = (max(values, default=0) or 1) * 1.25
    blanks = [" " * place for place in range(1, BLANK + 1)] if drawn_levels else []
    ends = (rows[0].label, rows[-1].label) if rows else ("", "")
    x_scale = alt.Scale(domain=[*(row.label for row in rows), *blanks])
    y_scale = alt.Scale(domain=[0, top], nice=False)
    data = [{"key": r.key, "label": r.label, "value": r.value or 0, "text": r.text, "faint": r.is_faint} for r in rows]
    axis = alt.Axis(title=None, labelAngle=0, labelOverlap=False, domain=False, ticks=False)
    base = alt.Chart(data_of(data)).encode(x=alt.X("label:N", sort=None, scale=x_scale, axis=axis))
    marks = ticks(max(values, default=0) or 1)
    fill = alt.ColorValue(MAIN, condition={"test": "datum.faint", "value": FAINT})
    columns = base.mark_bar(cursor="pointer").encode(
        color=fill,
        y=alt.Y("value:Q", scale=y_scale, axis=alt.Axis(title=None, format=axis_format("percent"), values=marks)),
        **tip(heading),
    )
    # The first line is at the mark and the others below it, so all move up by the number of lines.
    n_lines = max((row.text.count("\n") for row in rows), default=0)
    place: dict[str, Any] = {"align": "center", "baseline": "bottom", "dy": -4 - 16 * n_lines, "fontSize": 13}
    at = base.encode(y=alt.Y("value:Q", scale=y_scale), text=alt.Text("text:N"))
    # A white edge, so that no line crosses out a text.
    edges = at.mark_text(lineBreak="\n", color="white", stroke="white", strokeWidth=4, **place)
    texts = at.mark_text(lineBreak="\n", color=INK, **place)
    layers = [columns.add_params(pick()), *_lines(drawn_levels, ends, blanks, x_scale, y_scale, top), edges, texts]
    table = [(row.label, one_line(row.text)) for row in rows]
    table += [(level.name, level.text) for level in drawn_levels]
    return Chart(
        title,
        subtitle,
        alt_text,
        finish(layers, height=HEIGHT),
        (heading, "Value"),
        tuple(table),
        tuple((row.key, row.label) for row in rows),
    )


def _lines(
    levels: Sequence[Level], ends: tuple[str, str], blanks: Sequence[str], x_scale: Any, y_scale: Any, top: float
) -> list[Any]:
    """Each line and, in the blank columns, its name and value. Names that would overlap are moved apart."""
    layers = []
    written = apart([level.value for level in levels], APART * top)
    for place, (level, at) in enumerate(zip(levels, written, strict=True)):
        row = {
            "level": level.value,
            "at": at,
            "label": blanks[0],
            "first": ends[0],
            "last": ends[1],
            "name": f"{level.name}: {level.text}",
        }
        one = alt.Chart(data_of([row]))
        look: dict[str, Any] = {"color": COLOURS[place]}
        layers.append(
            one.mark_rule(strokeWidth=2, strokeDash=DASHES[place], **look).encode(
                x=alt.X("first:N", scale=x_scale, bandPosition=0, sort=None),
                x2=alt.X2("last:N", bandPosition=1),
                y=alt.Y("level:Q", scale=y_scale),
                tooltip=alt.Tooltip("name:N", title="Published"),
            )
        )
        name = one.encode(
            x=alt.X("label:N", scale=x_scale, sort=None), y=alt.Y("at:Q", scale=y_scale), text=alt.Text("name:N")
        )
        where: dict[str, Any] = {"align": "left", "baseline": "middle", "dx": -30, "fontSize": 13}
        layers.append(name.mark_text(color="white", stroke="white", strokeWidth=4, **where))
        layers.append(name.mark_text(color=INK, **where))
    return layers


def apart(values: Sequence[float], least: float) -> list[float]:
    """The heights at which to write the names, in the order given: at the lines, but at least so far apart."""
    order = sorted(range(len(values)), key=lambda place: values[place])
    heights = list(values)
    for lower, upper in pairwise(order):
        heights[upper] = max(heights[upper], heights[lower] + least)
    return heights
