"""Rows to charts in one style: the colours of the Government Analysis Function, direct labels, black text on white.

Pure functions: nothing here reads a return or draws on a page. Every chart has alternative text and a table, so that
people who cannot see it lose nothing, and colour alone never carries meaning.
"""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal, NamedTuple

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
MAIN, SECOND, FAINT, INK = "#12436D", "#F46A25", "#BFBFBF", "#0b0c0c"
#: A sequential scale from light to dark, with text colours.
STEPS = (("#FFFFFF", "black"), ("#6BACE6", "black"), ("#2073BC", "white"), ("#12436D", "white"))
SHAPES = ("diamond", "circle", "triangle-up", "square")
MARK_COLOURS = ("#F46A25", "#3D3D3D", "#28A197", "#801650")
FONT = "Source Sans, Source Sans Pro, Arial, sans-serif"
ROW, TEXT_SIZE = 32, 14
#: Pixels between the marks of one bar.
MARK_STEP = 9
#: Pixels that an axis, its labels and a line of the key take up in a chart.
AXIS, KEY = 28, 30
#: The smallest share of a stacked bar that has its text inside, and how many characters fit into a whole bar.
FITS, FITTING_CHARACTERS = 0.05, 75
#: The name under which a chart returns its selections, as a list of {"key": ...}.
PICK = "picked"
Unit = Literal["percent", "number"]
#: Characters per line of a label above a column, and the height of a line in pixels.
LABEL_LINE, LINE = 14, 18
#: Characters that fit across a timeline.
TIMELINE_CHARACTERS = 95
#: The number of days from which a timeline labels years instead of months.
YEARS_FROM = 1_500


class Bar(NamedTuple):
    """One bar or column. value: a share between 0 and 1, or a number; None draws nothing and `text` says why.

    is_faint: drawn grey, where the blue bars are what matters; the text must say what grey means too.
    """

    key: str
    label: str
    value: float | None
    text: str
    marks: tuple[tuple[str, float], ...] = ()
    is_faint: bool = False


class Segment(NamedTuple):
    """One part of a stacked bar. share: between 0 and 1."""

    label: str
    share: float
    text: str


class Stack(NamedTuple):
    """One stacked bar. Every stack of a chart has the same segments in the same order."""

    key: str
    label: str
    segments: tuple[Segment, ...]


class Bin(NamedTuple):
    """One bin of a histogram, from start to end on the axis. label: what it holds; text: its count as shown."""

    start: float
    end: float
    label: str
    value: float
    text: str
    is_late: bool = False


class Limit(NamedTuple):
    """A line across a histogram."""

    at: float
    label: str


class Cell(NamedTuple):
    """One cell of a heat map. value decides the colour; None stays white. A cell with a key can be picked."""

    row: str
    column: str
    value: float | None
    text: str
    key: str = ""


class Picture(alt.LayerChart):
    """A chart as Vega-Lite, validated against the schema only on request."""

    def to_dict(self, validate: bool = False, **more: Any) -> dict[str, Any]:
        """The chart as a dictionary."""
        found: dict[str, Any] = super().to_dict(validate=validate, **more)
        return found


@dataclass(frozen=True)
class Chart:
    """A chart with its alternative text and its table. alt_text: its message. choices: key and label to pick from."""

    title: str
    subtitle: str
    alt_text: str
    picture: Picture
    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]
    choices: tuple[tuple[str, str], ...] = ()


def bars(
    title: str, subtitle: str, heading: str, rows: Sequence[Bar], unit: Unit = "percent", alt_text: str = ""
) -> Chart:
    """Horizontal bars in the order given, each with its text; comparisons are marks of different shapes on the row.

    heading: what the rows are, for the table. alt_text: the message in a sentence (default: the longest and shortest).
    """
    names = _mark_names(rows)
    most = max([row.value or 0 for row in rows] + [v for row in rows for _, v in row.marks], default=0) or 1
    data = [
        {
            "key": row.key,
            "label": row.label,
            "value": row.value or 0,
            "text": row.text,
            "faint": row.is_faint,
            # Drawn behind the bar and its marks, so that no mark hides the text.
            "end": max([row.value or 0, *(v for _, v in row.marks)]),
        }
        for row in rows
    ]
    base = alt.Chart(_data(data)).encode(y=_label_axis("label"))
    room = 1.5 if names else 1.4
    scale = alt.Scale(domain=[0, most * room], nice=False)
    # Without marks each bar has its value as text, and an axis would repeat it.
    axis = alt.Axis(title=None, format=_axis_format(unit), values=_ticks(most), grid=True) if names else None
    # A condition instead of a scale, because the colour scale belongs to the marks and their key.
    fill = alt.ColorValue(MAIN, condition={"test": "datum.faint", "value": FAINT})
    drawn = base.mark_bar(size=ROW - 10, cursor="pointer").encode(
        x=alt.X("value:Q", scale=scale, axis=axis), color=fill, **_tip(heading)
    )
    texts = base.mark_text(align="left", dx=10, fontSize=TEXT_SIZE, color=INK).encode(
        x=alt.X("end:Q", scale=scale), text=alt.Text("text:N")
    )
    layers: list[Any] = [drawn.add_params(_pick())]
    if names:
        layers.append(_marks(rows, names, "y", unit))
    layers.append(texts)
    table = tuple((row.label, row.text, *_mark_cells(row, names, unit)) for row in rows)
    return Chart(
        title,
        subtitle,
        alt_text or _extremes(title, rows),
        _finish(layers, height=ROW * max(len(rows), 1) + (AXIS + KEY if names else 0)),
        (heading, "Value", *names),
        table,
        tuple((row.key, row.label) for row in rows),
    )


def columns(
    title: str, subtitle: str, heading: str, rows: Sequence[Bar], unit: Unit = "percent", alt_text: str = ""
) -> Chart:
    """Columns in the order given, for months, each with its text above (lines separated by a line break)."""
    names = _mark_names(rows)
    most = max([row.value or 0 for row in rows] + [v for row in rows for _, v in row.marks], default=0) or 1
    data = [{"key": r.key, "label": r.label, "value": r.value or 0, "text": r.text} for r in rows]
    base = alt.Chart(_data(data)).encode(
        x=alt.X("label:N", sort=None, axis=alt.Axis(title=None, labelAngle=0, labelOverlap=False))
    )
    scale = alt.Scale(domain=[0, most * 1.25], nice=False)
    axis = alt.Axis(title=None, format=_axis_format(unit), values=_ticks(most))
    drawn = base.mark_bar(color=MAIN, cursor="pointer").encode(
        y=alt.Y("value:Q", scale=scale, axis=axis), **_tip(heading)
    )
    # The first line is at the mark and the others below it, so all move up by the number of lines.
    n_lines = max((row.text.count("\n") for row in rows), default=0)
    texts = base.mark_text(
        align="center", baseline="bottom", dy=-4 - 16 * n_lines, fontSize=13, lineBreak="\n", color=INK
    ).encode(y=alt.Y("value:Q", scale=scale), text=alt.Text("text:N"))
    layers: list[Any] = [drawn.add_params(_pick())]
    if names:
        layers.append(_marks(rows, names, "x", unit))
    layers.append(texts)
    table = tuple((row.label, row.text.replace("\n", " "), *_mark_cells(row, names, unit)) for row in rows)
    return Chart(
        title,
        subtitle,
        alt_text or _extremes(title, rows),
        _finish(layers, height=280 + (KEY if names else 0)),
        (heading, "Value", *names),
        table,
        tuple((row.key, row.label) for row in rows),
    )


def shares(title: str, subtitle: str, heading: str, rows: Sequence[Stack], alt_text: str = "") -> Chart:
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
                    "ink": COLOURS[place][1],
                }
            )
            start += segment.share
    base = alt.Chart(_data(data)).encode(y=_label_axis("label"))
    # Rounded parts can add up to more than their whole.
    scale = alt.Scale(domain=[0, max([1.0, *(sum(segment.share for segment in row.segments) for row in rows)])])
    colour = alt.Scale(domain=names, range=[fill for fill, _ in COLOURS[: len(names)]])
    drawn = base.mark_bar(size=ROW - 8, stroke="white", strokeWidth=2, cursor="pointer").encode(
        x=alt.X("start:Q", scale=scale, axis=alt.Axis(title=None, format="%", tickCount=5)),
        x2=alt.X2("end:Q"),
        color=alt.Color("part:N", scale=colour, sort=None, legend=_legend()),
        tooltip=[_tip_of("label", heading), _tip_of("part", "Part"), _tip_of("alt_text", "Value")],
        description=alt.Description("alt_text:N"),
    )
    texts = base.mark_text(fontSize=13).encode(
        x=alt.X("middle:Q", scale=scale), text=alt.Text("text:N"), color=alt.Color("ink:N", scale=None)
    )
    table = tuple((row.label, *(segment.text for segment in row.segments)) for row in rows)
    return Chart(
        title,
        subtitle,
        alt_text or _first_stack(title, rows),
        _finish(
            [drawn.add_params(_pick()), texts],
            height=(ROW + 4) * max(len(rows), 1) + AXIS + KEY * (1 + (len(names) > 3)),
        ),
        (heading, *names),
        table,
        tuple((row.key, row.label) for row in rows),
    )


def histogram(
    title: str,
    subtitle: str,
    heading: str,
    bins: Sequence[Bin],
    limits: Sequence[Limit] = (),
    axis_title: str = "",
    alt_text: str = "",
) -> Chart:
    """Counts by bin, with limits as labelled lines. Bins past the main limit also have another colour."""
    most = max((each.value for each in bins), default=0) or 1
    first, last = (bins[0].start, bins[-1].end) if bins else (0, 1)
    data = [
        {
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
        alt.Chart(_data(data))
        .mark_bar(stroke="white", strokeWidth=1)
        .encode(
            x=alt.X("start:Q", scale=x_scale, axis=alt.Axis(title=axis_title or None, grid=False, values=edges)),
            x2=alt.X2("end:Q"),
            y=alt.Y("value:Q", scale=y_scale, axis=alt.Axis(title=None, values=_ticks(most), format=",d")),
            y2=alt.Y2Datum(0),
            color=alt.Color("fill:N", scale=None),
            tooltip=[_tip_of("label", heading), _tip_of("text", "Number")],
        )
    )
    counts = (
        alt.Chart(_data([row for row in data if row["value"]]))
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
    marked = alt.Chart(_data(lines))
    rules = marked.mark_rule(color=INK, strokeDash=[5, 3], strokeWidth=1.5).encode(x=alt.X("at:Q", scale=x_scale))
    texts = marked.mark_text(align="left", baseline="top", dx=4, fontSize=13, color=INK).encode(
        x=alt.X("at:Q", scale=x_scale), y=alt.Y("level:Q", scale=y_scale), text=alt.Text("label:N")
    )
    return Chart(
        title,
        subtitle,
        alt_text or f"{title}: {len(bins)} bars.",
        _finish([drawn, rules, counts, texts], height=320),
        (heading, "Number"),
        tuple((each.label, each.text) for each in bins),
    )


def heatmap(title: str, subtitle: str, heading: str, cells: Sequence[Cell], alt_text: str = "") -> Chart:
    """A grid of cells with their text; darker means more. Rows and columns are in the order in which they occur."""
    rows, names = list(dict.fromkeys(c.row for c in cells)), list(dict.fromkeys(c.column for c in cells))
    most = max((cell.value or 0 for cell in cells), default=0) or 1
    labels, n_lines = _wrapped(names)
    data = []
    for cell in cells:
        fill, ink = _step(cell.value, most)
        placed = {"key": cell.key, "row": cell.row, "column": cell.column, "text": cell.text}
        placed["heading"] = labels[cell.column]
        data.append({**placed, "fill": fill, "ink": ink})
    base = alt.Chart(_data(data)).encode(
        x=alt.X(
            "heading:N",
            sort=[labels[name] for name in names],
            axis=alt.Axis(
                title=None,
                orient="top",
                labelAngle=0,
                labelLimit=140,
                labelOverlap=False,
                labelExpr="split(datum.label, '\\n')",
                # The lines of a label are drawn downwards from the first.
                labelPadding=6 + LINE * (n_lines - 1),
                ticks=False,
            ),
        ),
        y=alt.Y("row:N", sort=rows, axis=alt.Axis(title=None, labelLimit=280, labelOverlap=False)),
    )
    drawn = base.mark_rect(stroke="#505a5f", strokeWidth=0.5, cursor="pointer").encode(
        color=alt.Color("fill:N", scale=None),
        tooltip=[_tip_of("row", heading), _tip_of("column", "Column"), _tip_of("text", "Value")],
    )
    texts = base.mark_text(fontSize=13).encode(text=alt.Text("text:N"), color=alt.Color("ink:N", scale=None))
    choices = tuple((cell.key, f"{cell.row}, {cell.column}: {cell.text}") for cell in cells if cell.key)
    by_place = {(cell.row, cell.column): cell.text for cell in cells}
    fullest = max(cells, key=lambda cell: cell.value or 0, default=None)
    what = f"{title}: most in {fullest.row}, {fullest.column}: {fullest.text}." if fullest else f"{title}: nothing."
    return Chart(
        title,
        subtitle,
        alt_text or what,
        _finish([drawn.add_params(_pick()) if choices else drawn, texts], height=(ROW + 2) * max(len(rows), 1) + AXIS),
        (heading, *names),
        tuple((row, *(by_place.get((row, name), "") for name in names)) for row in rows),
        choices,
    )


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
            "is_day": span.end is None,
            "text": span.text,
        }
        for span in spans
    ]
    row = alt.Y("lane:N", sort=lanes, axis=alt.Axis(title=None, ticks=False, domain=False, labelPadding=8))
    by_year = alt.Axis(title=None, format="%Y", tickCount="year", labelOverlap=True, grid=True)
    by_month = alt.Axis(title=None, format="%b %Y", tickCount="month", labelOverlap=True, grid=True)
    time = alt.X("start:T", scale=scale, axis=by_year if days > YEARS_FROM else by_month)
    tip = [_tip_of("lane", "Row"), _tip_of("text", "What")]
    # Lines are drawn below and texts have a white edge, so that no line crosses out a text.
    layers: list[Any] = []
    texts: list[Any] = []
    for place, each in enumerate(moments):
        marked = alt.Chart(_data([{"at": _instant(each.at), "label": each.label, "lane": lanes[0]}]))
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
        base = alt.Chart(_data(drawn)).encode(y=row, x=time, tooltip=tip, description=alt.Description("text:N"))
        shape = base.mark_point(shape="diamond", size=140, filled=True, color=SECOND, opacity=1, yOffset=9, stroke=INK)
        layers.append(shape if is_day else base.mark_bar(size=12, color=MAIN, yOffset=9).encode(x2=alt.X2("end:T")))
    for is_late in (False, True):
        some = alt.Chart(_data([each for each in data if each["is_late"] is is_late]))
        at_text = alt.X("end:T" if is_late else "start:T", scale=scale)
        texts += _edged(
            some.encode(y=row, x=at_text, text=alt.Text("text:N")), {"align": "right" if is_late else "left", "dy": -7}
        )
    layers += texts
    chart = _finish(layers, height=(2 * ROW - 12) * len(lanes) + AXIS)
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


# -- pieces -----------------------------------------------------------------------------------------------
# Every channel of a chart is written as an object: for a text or a dictionary Altair looks through its whole schema.


def _data(values: list[dict[str, Any]]) -> Any:
    return alt.InlineData(values=values)


def _label_axis(field: str) -> alt.Y:
    axis = alt.Axis(title=None, labelLimit=300, labelOverlap=False, ticks=False, domain=False, labelPadding=8)
    return alt.Y(f"{field}:N", sort=None, axis=axis)


def _axis_format(unit: Unit) -> str:
    return "%" if unit == "percent" else ",d"


def _ticks(most: float) -> list[float]:
    """Up to five round numbers from 0 to the largest value; whole numbers from 5 on."""
    step = next(
        (base * 10.0**power for power in range(-3, 7) for base in (1, 2, 5) if most <= 5 * base * 10.0**power), most
    )
    return [round(step * place, 6) for place in range(int(most / step + 1e-9) + 1)]


def _tip_of(field: str, title: str) -> alt.Tooltip:
    return alt.Tooltip(field=field, type="nominal", title=title)


def _tip(heading: str) -> dict[str, Any]:
    return {"tooltip": [_tip_of("label", heading), _tip_of("text", "Value")], "description": alt.Description("text:N")}


def _pick() -> Any:
    return alt.selection_point(name=PICK, fields=["key"])


def _legend() -> alt.Legend:
    return alt.Legend(title=None, orient="top", labelLimit=320, symbolType="square", columns=3)


def _wrapped(names: Sequence[str]) -> tuple[dict[str, str], int]:
    """Labels wrapped to as many lines as the longest needs, with the last line lowest; and the number of lines."""
    lines = {name: textwrap.wrap(name, LABEL_LINE) or [name] for name in names}
    most = max(map(len, lines.values()), default=1)
    return {name: "\n" * (most - len(each)) + "\n".join(each) for name, each in lines.items()}, most


def _mark_names(rows: Sequence[Bar]) -> list[str]:
    return list(dict.fromkeys(name for row in rows for name, _ in row.marks))


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
    tip = [_tip_of("label", "Row"), _tip_of("name", "Compared with"), _tip_of("text", "Value")]
    layers = []
    for place, name in enumerate(names):
        # Each mark is a little above the next, so that none hides another of nearly the same value.
        aside: dict[str, Any] = {"yOffset" if along == "y" else "xOffset": MARK_STEP * (place - (len(names) - 1) / 2)}
        layers.append(
            alt.Chart(_data([row for row in data if row["name"] == name]))
            .mark_point(filled=True, size=110, stroke="white", strokeWidth=1.5, opacity=1, **aside)
            .encode(shape=shape, color=colour, tooltip=tip, **channels)
        )
    return alt.layer(*layers)


def _mark_legend() -> alt.Legend:
    return alt.Legend(title=None, orient="top", labelLimit=320)


def _mark_cells(row: Bar, names: Sequence[str], unit: Unit) -> list[str]:
    found = dict(row.marks)
    return [_mark_text(found[name], unit) if name in found else "" for name in names]


def _mark_text(value: float, unit: Unit) -> str:
    return f"{value:.1%}" if unit == "percent" else f"{value:,.0f}"


def _step(value: float | None, most: float) -> tuple[str, str]:
    """Fill and text colour of a cell: white for nothing, then by thirds of the largest value."""
    if not value:
        return STEPS[0]
    return STEPS[1 if value <= most / 3 else 2 if value <= 2 * most / 3 else 3]


def _extremes(title: str, rows: Sequence[Bar]) -> str:
    """The message in one sentence: the longest and the shortest bar."""
    drawn = [row for row in rows if row.value is not None]
    if not drawn:
        return f"{title}: nothing to show."
    high, low = max(drawn, key=lambda row: row.value or 0), min(drawn, key=lambda row: row.value or 0)
    first = f"{title}: {high.label} {_flat(high.text)}"
    return (
        f"{first} is the highest."
        if high is low
        else f"{first} is the highest, {low.label} {_flat(low.text)} the lowest."
    )


def _room(text: str) -> float:
    """The share of a stacked bar that a text needs to fit inside its segment."""
    return max(FITS, (len(text) + 1) / FITTING_CHARACTERS)


def _first_stack(title: str, rows: Sequence[Stack]) -> str:
    if not rows:
        return f"{title}: nothing to show."
    return f"{title}: {rows[0].label}: " + ", ".join(f"{s.label} {_flat(s.text)}" for s in rows[0].segments) + "."


def _flat(text: str) -> str:
    return text.replace("\n", " ")


def _finish(layers: Sequence[Any], height: int) -> Picture:
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
