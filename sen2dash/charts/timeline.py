"""Periods and days of one person on rows with a shared time axis."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple

import altair as alt

from sen2dash.charts.pieces import AXIS, INK, LINE, MAIN, ROW, SECOND, Chart, data_of, finish, tip_of

#: Characters that fit across a timeline.
TIMELINE_CHARACTERS = 95
#: The number of days from which a timeline labels years instead of months.
YEARS_FROM = 1_500


class Span(NamedTuple):
    """A period, or a day if it has no end, on a row of a timeline. text: the label above it."""

    lane: str
    start: date
    end: date | None
    text: str


class Moment(NamedTuple):
    """A day that is marked across all rows of a timeline."""

    at: date
    label: str


def timeline(
    title: str,
    subtitle: str,
    alt_text: str,
    spans: Sequence[Span],
    moments: Sequence[Moment],
    between: tuple[date, date],
    columns: tuple[str, ...],
    rows: tuple[tuple[Any, ...], ...],
) -> Chart:
    """Periods and days on rows with a shared time axis, and days marked across all rows. Nothing in it can be picked.

    between: the first and last day shown; spans must lie within it.
    """
    first, last = between
    # The top row has no name, because the marked days are labelled there.
    lanes = [" ", *dict.fromkeys(span.lane for span in spans)]
    scale = alt.Scale(domain=[_instant(first), _instant(last)], nice=False)
    days = max((last - first).days, 1)
    data = [
        {
            "lane": span.lane,
            "start": _instant(span.start),
            "end": _instant(span.end or span.start),
            "is_late": _ends_there(span.text, span.start, span.end or span.start, between),
            # A period that starts and ends on one day would be a bar of no width.
            "is_day": span.end in (None, span.start),
            "text": span.text,
        }
        for span in spans
    ]
    row = alt.Y("lane:N", sort=lanes, axis=alt.Axis(title=None, ticks=False, domain=False, labelPadding=8))
    by_year = alt.Axis(title=None, format="%Y", tickCount="year", labelOverlap=True, grid=True)
    by_month = alt.Axis(title=None, format="%b %Y", tickCount="month", labelOverlap=True, grid=True)
    time = alt.X("start:T", scale=scale, axis=by_year if days > YEARS_FROM else by_month)
    tips = [tip_of("lane", "Row"), tip_of("text", "What")]
    # Lines are drawn below and texts have a white edge, so that no line crosses out a text.
    layers: list[Any] = []
    texts: list[Any] = []
    for place, each in enumerate(moments):
        marked = alt.Chart(data_of([{"at": _instant(each.at), "label": each.label, "lane": lanes[0]}]))
        at_day = alt.X("at:T", scale=scale)
        layers.append(marked.mark_rule(color=INK, strokeDash=[5, 3], strokeWidth=1.5).encode(x=at_day))
        is_late = _ends_there(each.label, each.at, each.at, between)
        # Neighbouring labels are on different levels of the top row, so that they do not overlap.
        place_of = {"align": "right" if is_late else "left", "dx": -4 if is_late else 4, "dy": LINE * (place % 3 - 1)}
        texts += _edged(marked.encode(x=at_day, y=row, text=alt.Text("label:N")), place_of)
    for is_day in (False, True):
        drawn = [each for each in data if each["is_day"] is is_day]
        if not drawn:
            # A layer without marks would have no alternative text.
            continue
        base = alt.Chart(data_of(drawn)).encode(y=row, x=time, tooltip=tips, description=alt.Description("text:N"))
        shape = base.mark_point(shape="diamond", size=140, filled=True, color=SECOND, opacity=1, yOffset=9, stroke=INK)
        layers.append(
            shape if is_day else base.mark_bar(size=12, color=MAIN, stroke=MAIN, yOffset=9).encode(x2=alt.X2("end:T"))
        )
    for is_late in (False, True):
        some = alt.Chart(data_of([each for each in data if each["is_late"] is is_late]))
        at_text = alt.X("end:T" if is_late else "start:T", scale=scale)
        texts += _edged(
            some.encode(y=row, x=at_text, text=alt.Text("text:N")), {"align": "right" if is_late else "left", "dy": -7}
        )
    layers += texts
    chart = finish(layers, height=(2 * ROW - 12) * len(lanes) + AXIS)
    return Chart(title, subtitle, alt_text, chart, columns, rows)


def _edged(chart: Any, place: dict[str, Any]) -> list[Any]:
    """A text with a white edge, as two layers."""
    return [
        chart.mark_text(fontSize=13, stroke="white", strokeWidth=4, color="white", **place),
        chart.mark_text(fontSize=13, color=INK, **place),
    ]


def _ends_there(text: str, start: date, end: date, between: tuple[date, date]) -> bool:
    """Whether a text would run off the picture to the right and so has to end where its bar ends."""
    first, last = between
    days = max((last - first).days, 1)
    after, before = (last - start).days / days, (end - first).days / days
    return after < len(text) / TIMELINE_CHARACTERS and before > after


def _instant(day: date) -> str:
    """A day written so that a browser in any time zone shows the same day."""
    return f"{day.isoformat()}T00:00:00"
