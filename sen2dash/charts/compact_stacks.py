"""Stacked bars in little room, for pages of several charts: one row for each bar, and a key above them.

A click on a part picks that part. The key of a part is 'row/part'.
"""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from typing import Any, NamedTuple

import altair as alt

from sen2dash.charts.compact import AROUND, CHARACTERS, LINE, TEXT_SIZE, label_axis
from sen2dash.charts.compact import ROW as ROW_HEIGHT
from sen2dash.charts.pieces import COLOURS, FAINT_OPACITY, INK, Chart, data_of, finish, pick, tip_of

#: Further colours behind the categorical ones, each with the colour of text drawn on it. After the last, the first
#: comes again: a white line keeps neighbours apart, and the table and the tooltip name every part.
FURTHER = (
    ("#6BACE6", "black"),
    ("#A3D9D4", "black"),
    ("#D9A3C7", "black"),
    ("#FBC4A5", "black"),
    ("#BFBFBF", "black"),
    ("#DCD0EF", "black"),
)
FILLS = (*COLOURS, *FURTHER)
#: How many characters of this size fit into a whole bar.
FITTING_CHARACTERS = 38
#: The columns of the key, the longest text in it in pixels, and the height of a line of it.
KEY_COLUMNS, KEY_WIDTH, KEY_LINE = 2, 230, 19


class Part(NamedTuple):
    """One part of a bar. share: between 0 and 1; None draws nothing."""

    key: str
    label: str
    share: float | None
    text: str


class Row(NamedTuple):
    """One bar. Every bar of a chart has the same parts in the same order. is_faint: it is of few cases."""

    key: str
    label: str
    parts: tuple[Part, ...]
    is_faint: bool = False


def compact_stacks(title: str, subtitle: str, heading: str, rows: Sequence[Row], marked: str = "") -> Chart:
    """Stacked bars of shares in the order given, with the text of a part inside it where it fits.

    heading: what the rows are, for the table. marked: the key of the part that was chosen last; it has an outline.
    """
    names = [part.label for part in rows[0].parts] if rows else []
    fills = [FILLS[place % len(FILLS)] for place in range(len(names))]
    data: list[dict[str, Any]] = []
    choices: list[tuple[str, str]] = []
    for row in rows:
        start = 0.0
        for (_, ink), part in zip(fills, row.parts, strict=True):
            if not part.share:
                continue
            key = f"{row.key}/{part.key}"
            choices.append((key, f"{row.label}: {part.label}"))
            data.append(
                {
                    "key": key,
                    "lines": "\n".join(textwrap.wrap(row.label, CHARACTERS)),
                    "label": row.label,
                    "part": part.label,
                    "start": start,
                    "end": start + part.share,
                    "middle": start + part.share / 2,
                    "text": part.text,
                    "inside": _fitting(part.text, part.share),
                    "ink": INK if row.is_faint else ink,
                    "opacity": FAINT_OPACITY if row.is_faint else 1,
                    "marked": key == marked,
                }
            )
            start += part.share
    n_lines = max((str(each["lines"]).count("\n") + 1 for each in data), default=1)
    tall = max(ROW_HEIGHT, 5 + LINE * n_lines)
    # Rounded parts can add up to more than their whole.
    scale = alt.Scale(domain=[0, max([1.0, *(each["end"] for each in data)])], nice=False)
    base = alt.Chart(data_of(data)).encode(y=alt.Y("lines:N", sort=None, axis=label_axis()))
    bars = base.mark_bar(size=ROW_HEIGHT - 4, cursor="pointer").encode(
        x=alt.X("start:Q", scale=scale, axis=None),
        x2=alt.X2("end:Q"),
        color=alt.Color(
            "part:N", scale=alt.Scale(domain=names, range=[fill for fill, _ in fills]), sort=None, legend=_key()
        ),
        stroke=alt.StrokeValue("white", condition={"test": "datum.marked", "value": INK}),
        strokeWidth=alt.StrokeWidthValue(1.5, condition={"test": "datum.marked", "value": 3}),
        opacity=alt.Opacity("opacity:Q", scale=None, legend=None),
        tooltip=[tip_of("label", heading), tip_of("part", "Part"), tip_of("text", "Value")],
        description=alt.Description("text:N"),
    )
    texts = base.mark_text(fontSize=TEXT_SIZE).encode(
        x=alt.X("middle:Q", scale=scale), text=alt.Text("inside:N"), color=alt.Color("ink:N", scale=None)
    )
    n_key_lines = -(-len(names) // KEY_COLUMNS)
    return Chart(
        title,
        subtitle,
        _message(title, rows),
        finish([bars.add_params(pick()), texts], height=tall * max(len(rows), 1) + AROUND + KEY_LINE * n_key_lines),
        (heading, *names),
        tuple((row.label, *(part.text for part in row.parts)) for row in rows),
        tuple(choices),
    )


def _fitting(text: str, share: float) -> str:
    """What fits inside a part: its text, its number alone, or nothing."""
    forms = (text, text.partition(" ")[0], "")
    return next(form for form in forms if not form or (len(form) + 1) / FITTING_CHARACTERS <= share)


def _key() -> alt.Legend:
    return alt.Legend(
        title=None,
        orient="top",
        columns=KEY_COLUMNS,
        labelLimit=KEY_WIDTH,
        labelFontSize=TEXT_SIZE,
        symbolType="square",
    )


def _message(title: str, rows: Sequence[Row]) -> str:
    """The first bar in a sentence."""
    if not rows:
        return f"{title}: nothing to show."
    parts = ", ".join(f"{part.label} {part.text}" for part in rows[0].parts if part.share)
    return f"{title}: {rows[0].label}: {parts}."
