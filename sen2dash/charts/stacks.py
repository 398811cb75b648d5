"""Stacked bars of shares with the text inside."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import altair as alt

from sen2dash.charts.pieces import (
    AXIS,
    COLOURS,
    FAINT_OPACITY,
    INK,
    KEY,
    ROW,
    Chart,
    data_of,
    finish,
    label_axis,
    one_line,
    pick,
    tip_of,
)

#: The smallest share of a stacked bar that has its text inside, and how many characters fit into a whole bar.
FITS, FITTING_CHARACTERS = 0.05, 75


class Segment(NamedTuple):
    """One part of a stacked bar. share: between 0 and 1."""

    label: str
    share: float
    text: str


class Stack(NamedTuple):
    """One stacked bar. Every stack of a chart has the same segments in the same order.

    is_faint: it is of few cases.
    """

    key: str
    label: str
    segments: tuple[Segment, ...]
    is_faint: bool = False


def stacked_bars(title: str, subtitle: str, heading: str, rows: Sequence[Stack], alt_text: str = "") -> Chart:
    """Stacked bars of shares, at most six segments each, with the text inside where it fits.

    Errors: ValueError for more segments than there are colours.
    """
    names = [segment.label for segment in rows[0].segments] if rows else []
    if len(names) > len(COLOURS):
        raise ValueError("a stacked bar has at most six segments")
    data = []
    for row in rows:
        start = 0.0
        for place, segment in enumerate(row.segments):
            data.append(
                {
                    "key": row.key,
                    "label": row.label,
                    "part": segment.label,
                    "start": start,
                    "end": start + segment.share,
                    "middle": start + segment.share / 2,
                    "value": segment.share,
                    "text": segment.text if segment.share >= _room(segment.text) else "",
                    "alt_text": segment.text,
                    "ink": INK if row.is_faint else COLOURS[place][1],
                    "opacity": FAINT_OPACITY if row.is_faint else 1,
                }
            )
            start += segment.share
    base = alt.Chart(data_of(data)).encode(y=label_axis("label"))
    # Rounded parts can add up to more than their whole.
    scale = alt.Scale(domain=[0, max([1.0, *(sum(segment.share for segment in row.segments) for row in rows)])])
    colour = alt.Scale(domain=names, range=[fill for fill, _ in COLOURS[: len(names)]])
    drawn = base.mark_bar(size=ROW - 8, stroke="white", strokeWidth=2, cursor="pointer").encode(
        x=alt.X("start:Q", scale=scale, axis=alt.Axis(title=None, format="%", tickCount=5)),
        x2=alt.X2("end:Q"),
        color=alt.Color("part:N", scale=colour, sort=None, legend=_legend()),
        tooltip=[tip_of("label", heading), tip_of("part", "Part"), tip_of("alt_text", "Value")],
        description=alt.Description("alt_text:N"),
        opacity=alt.Opacity("opacity:Q", scale=None, legend=None),
    )
    texts = base.mark_text(fontSize=13).encode(
        x=alt.X("middle:Q", scale=scale), text=alt.Text("text:N"), color=alt.Color("ink:N", scale=None)
    )
    table = tuple((row.label, *(segment.text for segment in row.segments)) for row in rows)
    return Chart(
        title,
        subtitle,
        alt_text or _first_stack(title, rows),
        finish(
            [drawn.add_params(pick()), texts],
            height=(ROW + 4) * max(len(rows), 1) + AXIS + KEY * (1 + (len(names) > 3)),
        ),
        (heading, *names),
        table,
        tuple((row.key, row.label) for row in rows),
    )


def _room(text: str) -> float:
    """The share of a stacked bar that a text needs to fit inside its segment."""
    return max(FITS, (len(text) + 1) / FITTING_CHARACTERS)


def _first_stack(title: str, rows: Sequence[Stack]) -> str:
    if not rows:
        return f"{title}: nothing to show."
    return f"{title}: {rows[0].label}: " + ", ".join(f"{s.label} {one_line(s.text)}" for s in rows[0].segments) + "."


def _legend() -> alt.Legend:
    return alt.Legend(title=None, orient="top", labelLimit=320, symbolType="square", columns=3)
