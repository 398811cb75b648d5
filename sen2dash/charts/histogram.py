"""Counts by bin, such as weeks, with limits as labelled lines."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import altair as alt

from sen2dash.charts.pieces import INK, MAIN, SECOND, Chart, data_of, finish, pick, ticks, tip_of


class Bin(NamedTuple):
    """One bin of a histogram, from start to end on the axis. label: what it holds; text: its count as shown.

    key: by which it can be picked.
    """

    start: float
    end: float
    label: str
    value: float
    text: str
    is_late: bool = False
    key: str = ""


class Limit(NamedTuple):
    """A line across a histogram."""

    at: float
    label: str


def histogram(
    title: str,
    subtitle: str,
    heading: str,
    bins: Sequence[Bin],
    limits: Sequence[Limit] = (),
    axis_title: str = "",
    alt_text: str = "",
) -> Chart:
    """Counts by bin, with limits as labelled lines. Bins past the main limit also have another colour.

    A bin that has a key and holds something can be picked.
    """
    most = max((each.value for each in bins), default=0) or 1
    first, last = (bins[0].start, bins[-1].end) if bins else (0, 1)
    data = [
        {
            "key": each.key,
            "start": each.start,
            "middle": (each.start + each.end) / 2,
            "end": each.end,
            "value": each.value,
            "text": each.text,
            "fill": SECOND if each.is_late else MAIN,
            "label": each.label,
        }
        for each in bins
    ]
    top = most * (1.12 + 0.14 * min(len(limits), 2))
    edges = [each.start for each in bins][:: max(1, len(bins) // 16)]
    y_scale = alt.Scale(domain=[0, top], nice=False)
    x_scale = alt.Scale(domain=[first, last], nice=False)
    drawn = (
        alt.Chart(data_of(data))
        .mark_bar(stroke="white", strokeWidth=1, cursor="pointer")
        .encode(
            x=alt.X("start:Q", scale=x_scale, axis=alt.Axis(title=axis_title or None, grid=False, values=edges)),
            x2=alt.X2("end:Q"),
            y=alt.Y("value:Q", scale=y_scale, axis=alt.Axis(title=None, values=ticks(most), format=",d")),
            y2=alt.Y2Datum(0),
            color=alt.Color("fill:N", scale=None),
            tooltip=[tip_of("label", heading), tip_of("text", "Number")],
        )
        .add_params(pick())
    )
    counts = (
        alt.Chart(data_of([row for row in data if row["value"]]))
        .mark_text(baseline="bottom", dy=-3, fontSize=12, color=INK)
        .encode(
            x=alt.X("middle:Q", scale=x_scale),
            y=alt.Y("value:Q", scale=y_scale),
            text=alt.Text("text:N"),
        )
    )
    # Neighbouring labels are on two levels, so that they do not overlap.
    lines = [
        {"at": limit.at, "label": limit.label, "level": top * (0.99 if place % 2 == 0 else 0.88)}
        for place, limit in enumerate(limits)
        if first <= limit.at <= last
    ]
    marked = alt.Chart(data_of(lines))
    rules = marked.mark_rule(color=INK, strokeDash=[5, 3], strokeWidth=1.5).encode(x=alt.X("at:Q", scale=x_scale))
    texts = marked.mark_text(align="left", baseline="top", dx=4, fontSize=13, color=INK).encode(
        x=alt.X("at:Q", scale=x_scale), y=alt.Y("level:Q", scale=y_scale), text=alt.Text("label:N")
    )
    return Chart(
        title,
        subtitle,
        alt_text or f"{title}: {len(bins)} bars.",
        finish([drawn, rules, counts, texts], height=320),
        (heading, "Number"),
        tuple((each.label, each.text) for each in bins),
        tuple((each.key, each.label) for each in bins if each.key and each.value),
    )
