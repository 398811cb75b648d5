"""Bars in little room, for pages of several charts: small rows, and what they are compared with as lines with values.

A click anywhere on a row picks it. The value of the comparison has a column of its own at the right edge.
"""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

import altair as alt

from sen2dash.charts.bars import Bar
from sen2dash.charts.pieces import INK, MAIN, Chart, data_of, finish, pick, tip_of

#: The height of a row and of a line of its label in pixels, and the characters of such a line.
ROW, LINE, CHARACTERS = 22, 12, 24
#: What a page leaves around the rows of a chart.
AROUND = 26
TEXT_SIZE = 12
#: The line of a comparison, and its value in a colour that can be read on white.
BESIDE, BESIDE_TEXT = "#F46A25", "#A63A0B"
#: Pixels beside the longest bar for its text, and further ones for the value of a comparison.
TEXT_ROOM, BESIDE_ROOM = 95, 50


def compact_bars(
    title: str, subtitle: str, heading: str, rows: Sequence[Bar], marked: str = "", alt_text: str = ""
) -> Chart:
    """Horizontal bars of shares in the order given, each with its text, and at most one comparison for each bar.

    heading: what the rows are, for the table. marked: the key of the bar that was chosen last; it has an outline.
    """
    names = list(dict.fromkeys(name for row in rows for name, _ in row.marks))
    most = max([row.value or 0 for row in rows] + [v for row in rows for _, v in row.marks], default=0) or 1
    data = [_row(row, row.key == marked) for row in rows]
    n_lines = max((str(row["lines"]).count("\n") + 1 for row in data), default=1)
    tall = max(ROW, 5 + LINE * n_lines)
    axis = alt.Axis(
        title=None,
        labelLimit=240,
        labelOverlap=False,
        labelFontSize=TEXT_SIZE,
        labelLineHeight=LINE,
        labelExpr="split(datum.label, '\\n')",
        ticks=False,
        domain=False,
        labelPadding=6,
        # The lines of a label are drawn downwards from its middle, so a label of several begins higher.
        labelOffset={
            "condition": [
                {"test": f"length(split(datum.label, '\\n')) == {n}", "value": LINE * (1 - n) / 2} for n in (2, 3, 4)
            ],
            "value": 0,
        },
    )
    room = TEXT_ROOM + (BESIDE_ROOM if names else 0)
    scale = alt.Scale(domain=[0, most], range=[0, {"expr": f"max(24, width - {room})"}], nice=False)
    base = alt.Chart(data_of(data)).encode(y=alt.Y("lines:N", sort=None, axis=axis))
    bars = base.mark_bar(size=ROW - 6, color=MAIN).encode(
        x=alt.X("value:Q", scale=scale, axis=None),
        stroke=alt.StrokeValue(MAIN, condition={"test": "datum.marked", "value": INK}),
        strokeWidth=alt.StrokeWidthValue(0, condition={"test": "datum.marked", "value": 3}),
        fillOpacity=alt.FillOpacityValue(1, condition={"test": "datum.marked", "value": 0.75}),
        description=alt.Description("text:N"),
    )
    layers = [bars]
    if names:
        beside = base.transform_filter("isValid(datum.beside)")
        layers.append(
            beside.mark_tick(thickness=3, size=ROW - 2, color=BESIDE, opacity=1).encode(
                x=alt.X("beside:Q", scale=scale)
            )
        )
        layers.append(
            beside.mark_text(align="right", fontSize=TEXT_SIZE, color=BESIDE_TEXT).encode(
                x=alt.XValue("width"), text=alt.Text("beside_text:N")
            )
        )
    layers.append(
        base.mark_text(align="left", dx=6, fontSize=TEXT_SIZE, color=INK).encode(
            x=alt.X("end:Q", scale=scale), text=alt.Text("text:N")
        )
    )
    tips = [tip_of("label", heading), tip_of("text", "Value")]
    tips += [tip_of("beside_text", names[0])] if names else []
    # Bars can be too short to hit, so the whole row takes the click.
    layers.append(
        base.mark_bar(size=tall, opacity=0, cursor="pointer")
        .encode(x=alt.XValue(0), x2=alt.X2Value("width"), tooltip=tips)
        .add_params(pick())
    )
    table = tuple((row.label, row.text, *(_percent(dict(row.marks).get(name)) for name in names)) for row in rows)
    return Chart(
        title,
        subtitle,
        alt_text or _message(title, rows),
        finish(layers, height=tall * max(len(rows), 1) + AROUND),
        (heading, "Value", *names),
        table,
        tuple((row.key, row.label) for row in rows),
    )


def _row(row: Bar, is_marked: bool) -> dict[str, object]:
    """The data of one bar. end: where its text begins, past the line of the comparison."""
    share = row.marks[0][1] if row.marks else None
    return {
        "key": row.key,
        "label": row.label,
        "lines": "\n".join(textwrap.wrap(row.label, CHARACTERS)),
        "value": row.value or 0,
        "text": row.text,
        "end": max(row.value or 0, share or 0),
        "beside": share,
        "beside_text": _percent(share),
        "marked": is_marked,
    }


def _percent(share: float | None) -> str:
    return "" if share is None else f"{share:.1%}"


def _message(title: str, rows: Sequence[Bar]) -> str:
    """The message in one sentence: the longest bar."""
    drawn = [row for row in rows if row.value is not None]
    if not drawn:
        return f"{title}: nothing to show."
    high = max(drawn, key=lambda row: row.value or 0)
    return f"{title}: {high.label} {high.text} is the highest."
