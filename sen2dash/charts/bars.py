"""Horizontal bars and columns with direct labels, and comparisons as marks beside them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Literal, NamedTuple

import altair as alt

from sen2dash.charts.pieces import (
    FAINT,
    GREY_INK,
    INK,
    KEY,
    MAIN,
    ROW,
    TEXT_SIZE,
    Chart,
    Unit,
    data_of,
    finish,
    label_axis,
    one_line,
    pick,
    tip,
    tip_of,
)

SHAPES = ("diamond", "circle", "triangle-up", "square")
#: The same shapes as text, before the value of a mark.
SIGNS = ("◆", "●", "▲", "■")
#: Pixels that a character of a text needs, beside a gap, and the least that is left for the bars themselves.
CHARACTER, GAP, LEAST = 7.2, 18, 60
MARK_COLOURS = ("#F46A25", "#3D3D3D", "#28A197", "#801650")
#: Pixels between a column and its text, and the height of a line of that text.
COLUMN_GAP, COLUMN_LINE = 8, 16
#: Pixels between the marks of one bar.
MARK_STEP = 9


class Bar(NamedTuple):
    """One bar or column. value: a share between 0 and 1, or a number; None draws nothing and `text` says why.

    is_faint: drawn grey, where the blue bars are what matters, or where it is a share of few cases; the text must say
    what grey means too.
    """

    key: str
    label: str
    value: float | None
    text: str
    marks: tuple[tuple[str, float], ...] = ()
    is_faint: bool = False


def _datum(row: Bar) -> dict[str, Any]:
    """What the picture reads of a bar or a column."""
    return {
        "key": row.key,
        "label": row.label,
        "value": row.value or 0,
        "text": row.text,
        "faint": row.is_faint,
        # The text is drawn behind the bar and its marks, so that no mark hides it.
        "end": max([row.value or 0, *(v for _, v in row.marks)]),
    }


def bar_chart(
    title: str, subtitle: str, heading: str, rows: Sequence[Bar], unit: Unit = "percent", alt_text: str = ""
) -> Chart:
    """Horizontal bars in the order given, each with its text; comparisons are marks of different shapes on the row.

    The values of the marks are at the end of the row, each after the sign of its shape.
    heading: what the rows are, for the table. alt_text: the message in a sentence (default: the longest and shortest).
    """
    names = _mark_names(rows)
    most = max([row.value or 0 for row in rows] + [v for row in rows for _, v in row.marks], default=0) or 1
    beside = {row.key: _beside(row, names, unit) for row in rows}
    data = [_datum(row) | ({"beside": beside[row.key]} if names else {}) for row in rows]
    base = alt.Chart(data_of(data)).encode(y=label_axis("label"))
    # Every bar and mark has its value as text, and an axis would repeat it. The texts need the same room at any width.
    room = _room(row.text for row in rows) + (_room(beside.values()) if names else 0)
    along = alt.ExprRef(expr=f"max(width - {room:.0f}, {LEAST})")
    scale = alt.Scale(domain=[0, most], range=[0, along], nice=False)
    # A condition instead of a scale, because the colour scale belongs to the marks and their key.
    fill = alt.ColorValue(MAIN, condition={"test": "datum.faint", "value": FAINT})
    drawn = base.mark_bar(size=ROW - 10, cursor="pointer").encode(
        x=alt.X("value:Q", scale=scale, axis=None), color=fill, **tip(heading)
    )
    texts = base.mark_text(align="left", dx=10, fontSize=TEXT_SIZE, color=INK).encode(
        x=alt.X("end:Q", scale=scale), text=alt.Text("text:N")
    )
    layers: list[Any] = [drawn.add_params(pick())]
    if names:
        layers.append(_marks(rows, names, "y", unit))
        at_the_end = base.mark_text(align="right", fontSize=TEXT_SIZE - 1, color=GREY_INK)
        layers.append(at_the_end.encode(x=alt.value("width"), text=alt.Text("beside:N")))
    layers.append(texts)
    table = tuple((row.label, row.text, *_mark_cells(row, names, unit)) for row in rows)
    return Chart(
        title,
        subtitle,
        alt_text or _extremes(title, rows),
        finish(layers, height=ROW * max(len(rows), 1) + (KEY if names else 0)),
        (heading, "Value", *names),
        table,
        tuple((row.key, row.label) for row in rows),
    )


def column_chart(
    title: str, subtitle: str, heading: str, rows: Sequence[Bar], unit: Unit = "percent", alt_text: str = ""
) -> Chart:
    """Columns in the order given, for months, each with its text above (lines separated by a line break)."""
    names = _mark_names(rows)
    most = max([row.value or 0 for row in rows] + [v for row in rows for _, v in row.marks], default=0) or 1
    data = [_datum(row) | ({"beside": "\n".join(_signed(row, names, unit))} if names else {}) for row in rows]
    base = alt.Chart(data_of(data)).encode(
        x=alt.X("label:N", sort=None, axis=alt.Axis(title=None, labelAngle=0, labelOverlap=False))
    )
    # The first line is at the mark and the others below it, so all move up by the number of lines.
    n_lines = max((row.text.count("\n") for row in rows), default=0) + len(names)
    room = 2 * COLUMN_GAP + COLUMN_LINE * (n_lines + 1)
    scale = alt.Scale(domain=[0, most], range=[alt.ExprRef(expr="height"), room], nice=False)
    fill = alt.ColorValue(MAIN, condition={"test": "datum.faint", "value": FAINT})
    drawn = base.mark_bar(cursor="pointer").encode(
        y=alt.Y("value:Q", scale=scale, axis=None), color=fill, **tip(heading)
    )

    def lines_of(field: str, above: int, colour: str) -> Any:
        """The lines of a field, the first of them this many lines above the last line of all."""
        return base.mark_text(
            align="center",
            baseline="bottom",
            dy=-COLUMN_GAP - COLUMN_LINE * above,
            fontSize=13,
            lineBreak="\n",
            color=colour,
        ).encode(y=alt.Y("end:Q", scale=scale), text=alt.Text(f"{field}:N"))

    texts = lines_of("text", n_lines, INK)
    layers: list[Any] = [drawn.add_params(pick())]
    if names:
        layers.append(lines_of("beside", len(names) - 1, GREY_INK))
        layers.append(_marks(rows, names, "x", unit))
    layers.append(texts)
    table = tuple((row.label, row.text.replace("\n", " "), *_mark_cells(row, names, unit)) for row in rows)
    return Chart(
        title,
        subtitle,
        alt_text or _extremes(title, rows),
        finish(layers, height=280 + (KEY + COLUMN_LINE * len(names) if names else 0)),
        (heading, "Value", *names),
        table,
        tuple((row.key, row.label) for row in rows),
    )


def _mark_names(rows: Sequence[Bar]) -> list[str]:
    return list(dict.fromkeys(name for row in rows for name, _ in row.marks))


def _signed(row: Bar, names: Sequence[str], unit: Unit) -> list[str]:
    """The value of each mark of a bar after the sign of its shape: '◆ 13.1%'."""
    found = dict(row.marks)
    signs = dict(zip(names, SIGNS, strict=False))
    return [f"{signs.get(name, '')} {_mark_text(found[name], unit)}".strip() for name in names if name in found]


def _beside(row: Bar, names: Sequence[str], unit: Unit) -> str:
    """The values of the marks of a bar on one line. Several plain spaces would be drawn as one."""
    return "\u2003".join(_signed(row, names, unit))


def _room(texts: Iterable[str]) -> float:
    """The pixels that the longest of these texts needs, with a gap before it."""
    longest = max(map(len, texts), default=0)
    return CHARACTER * longest + GAP if longest else 0


def _marks(rows: Sequence[Bar], names: Sequence[str], along: Literal["x", "y"], unit: Unit) -> Any:
    """The comparisons, distinguished by shape and named in a key above the chart."""
    data = [
        {"label": row.label, "name": name, "mark": value, "text": _mark_text(value, unit)}
        for row in rows
        for name, value in row.marks
    ]
    colours, shapes = list(MARK_COLOURS[: len(names)]), list(SHAPES[: len(names)])
    channels: dict[str, Any] = (
        {"y": alt.Y("label:N", sort=None), "x": alt.X("mark:Q")}
        if along == "y"
        else {"x": alt.X("label:N", sort=None), "y": alt.Y("mark:Q")}
    )
    shape = alt.Shape("name:N", scale=alt.Scale(domain=list(names), range=shapes), legend=_mark_legend())
    colour = alt.Color("name:N", scale=alt.Scale(domain=list(names), range=colours), legend=_mark_legend())
    tips = [tip_of("label", "Row"), tip_of("name", "Compared with"), tip_of("text", "Value")]
    layers = []
    for place, name in enumerate(names):
        # Each mark is a little above the next, so that none hides another of nearly the same value.
        aside: dict[str, Any] = {"yOffset" if along == "y" else "xOffset": MARK_STEP * (place - (len(names) - 1) / 2)}
        layers.append(
            alt.Chart(data_of([row for row in data if row["name"] == name]))
            .mark_point(filled=True, size=110, stroke="white", strokeWidth=1.5, opacity=1, **aside)
            .encode(shape=shape, color=colour, tooltip=tips, **channels)
        )
    return alt.layer(*layers)


def _mark_legend() -> alt.Legend:
    return alt.Legend(title=None, orient="top", labelLimit=320)


def _mark_cells(row: Bar, names: Sequence[str], unit: Unit) -> list[str]:
    found = dict(row.marks)
    return [_mark_text(found[name], unit) if name in found else "" for name in names]


def _mark_text(value: float, unit: Unit) -> str:
    return f"{value:.1%}" if unit == "percent" else f"{value:,.0f}"


def _extremes(title: str, rows: Sequence[Bar]) -> str:
    """The message in one sentence: the longest and the shortest bar."""
    drawn = [row for row in rows if row.value is not None]
    if not drawn:
        return f"{title}: nothing to show."
    high, low = max(drawn, key=lambda row: row.value or 0), min(drawn, key=lambda row: row.value or 0)
    first = f"{title}: {high.label} {one_line(high.text)}"
    return (
        f"{first} is the highest."
        if high is low
        else f"{first} is the highest, {low.label} {one_line(low.text)} the lowest."
    )
