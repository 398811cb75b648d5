"""A bridge: how one number became another. Each bar begins where the one before it ended."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal, NamedTuple

import altair as alt

from sen2dash.charts.pieces import (
    FAINT,
    INK,
    MAIN,
    SECOND,
    TEXT_SIZE,
    Chart,
    data_of,
    finish,
    label_axis,
    pick,
    tip,
)

#: A total is drawn from 0. What comes in and what goes out starts at the end of the bar above. An aside is not part of
#: the bridge: it is drawn from 0 and changes nothing.
Kind = Literal["total", "in", "out", "aside"]
#: Pixels of a row: a bridge has many.
HIGH = 23
FILLS = {"total": MAIN, "in": "#28A197", "out": SECOND, "aside": FAINT}
SIGNS = {"total": "", "in": "+", "out": "\u2212", "aside": ""}


class BridgeStep(NamedTuple):
    """One bar. value: a count; None draws nothing. text: the count as shown. beside: what follows it, or empty."""

    key: str
    label: str
    kind: Kind
    value: int | None
    text: str
    beside: str = ""


def bridge(
    title: str, subtitle: str, columns: tuple[str, str, str], steps: Sequence[BridgeStep], alt_text: str = ""
) -> Chart:
    """The steps from top to bottom, each with its sign and text.

    columns: headings of the table for the step, its count and what is beside it.
    """
    data: list[dict[str, Any]] = []
    at = 0
    for step in steps:
        value = step.value or 0
        start = 0
        if step.kind in ("in", "out"):
            start = at
            at = at + value if step.kind == "in" else max(at - value, 0)
        elif step.kind == "total":
            at = value
        end = at if step.kind != "aside" else value
        sign = SIGNS[step.kind] if step.value else ""
        data.append(
            {
                "key": step.key,
                "label": step.label,
                "start": min(start, end),
                "end": max(start, end),
                "value": value,
                "text": step.text,
                "bar_text": f"{sign}{step.text} ({step.beside})" if step.beside else f"{sign}{step.text}",
                "fill": FILLS[step.kind],
            }
        )
    most = max((row["end"] for row in data), default=0) or 1
    scale = alt.Scale(domain=[0, most * 1.35], nice=False)
    base = alt.Chart(data_of(data)).encode(y=label_axis("label"))
    drawn = base.mark_bar(size=HIGH - 6, cursor="pointer").encode(
        x=alt.X("start:Q", scale=scale, axis=None),
        x2=alt.X2("end:Q"),
        color=alt.Color("fill:N", scale=None),
        **tip(columns[0]),
    )
    texts = base.mark_text(align="left", dx=8, fontSize=TEXT_SIZE, color=INK).encode(
        x=alt.X("end:Q", scale=scale), text=alt.Text("bar_text:N")
    )
    return Chart(
        title,
        subtitle,
        alt_text or f"{title}: {', '.join(f'{step.label.lower()} {step.text}' for step in steps)}.",
        finish([drawn.add_params(pick()), texts], height=HIGH * max(len(steps), 1)),
        columns,
        tuple((step.label, step.text, step.beside) for step in steps),
        tuple((step.key, step.label) for step in steps),
    )
