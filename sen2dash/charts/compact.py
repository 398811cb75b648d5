"""Bars in little room, for pages of several charts: small rows, and what they are compared with as lines with values.

A click anywhere on a row picks it. The value of the comparison has a column of its own at the right edge.
"""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

import altair as alt

from sen2dash.charts.bars import Bar
from sen2dash.charts.pieces import FAINT, INK, MAIN, Chart, data_of, finish, pick, tip_of

#: The height of a row and of a line of its label in pixels, and the characters of such a line.
ROW, LINE, CHARACTERS = 22, 12, 24
#: What a page leaves around the rows of a chart.
AROUND = 26
TEXT_SIZE = 12
#: The lines of comparisons, the newest first, each with its value in a colour that can be read on white.
BESIDE = (("#F46A25", "#A63A0B"), ("#7A7A7A", "#505a5f"))
#: How much of the height of a row each of these lines takes.
HEIGHTS = (1.0, 0.5)
#: The same lines in words, for a picture without the heading of its chart.
WORDS = ("Orange line", "Short grey line")
#: Pixels beside the longest bar for its text, and further ones for each column of values of a comparison.
TEXT_ROOM, BESIDE_ROOM = 95, 50


def compact_bars(
    title: str, subtitle: str, heading: str, rows: Sequence[Bar], marked: str = "", alt_text: str = ""
) -> Chart:
    """Horizontal bars of shares in the order given, each with its text, and at most two comparisons for each bar.

    heading: what the rows are, for the table. marked: the key of the bar that was chosen last; it has an outline.
    """
    names = sorted({name for row in rows for name, _ in row.marks})
    most = max([row.value or 0 for row in rows] + [v for row in rows for _, v in row.marks], default=0) or 1
    n_columns = max((len(row.marks) for row in rows), default=0)
    data = [_row(row, names, row.key == marked) for row in rows]
    n_lines = max((str(row["lines"]).count("\n") + 1 for row in data), default=1)
    tall = max(ROW, 5 + LINE * n_lines)
    room = TEXT_ROOM + BESIDE_ROOM * n_columns
    scale = alt.Scale(domain=[0, most], range=[0, {"expr": f"max(24, width - {room})"}], nice=False)
    base = alt.Chart(data_of(data)).encode(y=alt.Y("lines:N", sort=None, axis=label_axis()))
    bars = base.mark_bar(size=ROW - 6).encode(
        x=alt.X("value:Q", scale=scale, axis=None),
        fill=alt.FillValue(MAIN, condition={"test": "datum.faint", "value": FAINT}),
        stroke=alt.StrokeValue(MAIN, condition={"test": "datum.marked", "value": INK}),
        strokeWidth=alt.StrokeWidthValue(0, condition={"test": "datum.marked", "value": 3}),
        fillOpacity=alt.FillOpacityValue(1, condition={"test": "datum.marked", "value": 0.75}),
        description=alt.Description("text:N"),
    )
    layers = [bars]
    for place, name in enumerate(names):
        line, ink = colours(names)[name]
        # Several names that no bar has together share a column.
        column = len(names) - 1 - place if n_columns > 1 else 0
        beside = base.transform_filter(f"isValid(datum.beside_{place})")
        layers.append(
            beside.mark_tick(thickness=3, size=(ROW - 2) * height_of(line), color=line, opacity=1).encode(
                x=alt.X(f"beside_{place}:Q", scale=scale)
            )
        )
        layers.append(
            beside.mark_text(align="right", dx=-BESIDE_ROOM * column, fontSize=TEXT_SIZE, color=ink).encode(
                x=alt.value("width"), text=alt.Text(f"beside_text_{place}:N")
            )
        )
    layers.append(
        base.mark_text(align="left", dx=6, fontSize=TEXT_SIZE, color=INK).encode(
            x=alt.X("end:Q", scale=scale), text=alt.Text("text:N")
        )
    )
    tips = [tip_of("label", heading), tip_of("text", "Value")]
    tips += [tip_of(f"beside_text_{place}", name) for place, name in enumerate(names)]
    # Bars can be too short to hit, so the whole row takes the click.
    layers.append(
        base.mark_bar(size=tall, opacity=0, cursor="pointer")
        .encode(x=alt.value(0), x2=alt.value("width"), tooltip=tips)
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


def label_axis() -> alt.Axis:
    """The labels of rows, each in as many lines as it has."""
    return alt.Axis(
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


def colours(names: Sequence[str]) -> dict[str, tuple[str, str]]:
    """The colours of the line and of the value of each comparison. names: in order, so that the newest is the last."""
    newest_first = dict(zip(reversed(names), BESIDE, strict=False))
    return {name: newest_first.get(name, BESIDE[-1]) for name in names}


def height_of(line: str) -> float:
    """The part of the height of a row that a line of this colour takes, so that not only its colour tells it apart."""
    return next(height for (colour, _), height in zip(BESIDE, HEIGHTS, strict=True) if colour == line)


def key_in_words(names: Sequence[str]) -> str:
    """What each line is: 'Orange line: Return of 2025. Short grey line: Return of 2024.'"""
    words = {line: word for (line, _), word in zip(BESIDE, WORDS, strict=True)}
    return " ".join(f"{words[line]}: {name}." for name, (line, _) in reversed(colours(names).items()))


def _row(row: Bar, names: Sequence[str], is_marked: bool) -> dict[str, object]:
    """The data of one bar. end: where its text begins, past the lines of the comparisons."""
    marks = dict(row.marks)
    shares = [marks.get(name) for name in names]
    return {
        "key": row.key,
        "label": row.label,
        "lines": "\n".join(textwrap.wrap(row.label, CHARACTERS)),
        "value": row.value or 0,
        "text": row.text,
        "end": max(row.value or 0, *(share or 0 for share in shares), 0),
        **{f"beside_{place}": share for place, share in enumerate(shares)},
        **{f"beside_text_{place}": _percent(share) for place, share in enumerate(shares)},
        "marked": is_marked,
        "faint": row.is_faint,
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
