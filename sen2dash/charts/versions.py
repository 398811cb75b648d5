"""Lines over the versions of a return, which lie beside each other, year by year.

A filled mark is what was submitted, a hollow one any other version. A line ends where its definition changed.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal, NamedTuple

import altair as alt

from sen2dash.charts.levels import APART, DASHES, apart
from sen2dash.charts.pieces import GREY_INK, INK, MAIN, Chart, Unit, axis_format, data_of, finish, ticks, tip_of

#: The lines in order.
LINE_COLOURS, SHAPES = (MAIN, "#B4470F", "#801650"), ("circle", "square", "diamond")
#: The most versions whose values, and whose names, are written in the chart. Of more, the table has them.
MAX_VALUES, MAX_NAMES = 14, 12
#: How labels are broken into lines: at line breaks, and of a date alone before the year.
LINES = "split(datum.label, '\\n')"
DATE_LINES = r"split(replace(datum.label, / (?=\d{4})/, '\n'), '\n')"
#: Pixels that the labels of all versions share, at 1366 pixels, and the fewest of one.
ROOM, LEAST_ROOM = 900, 60
HEIGHT = 270
#: Pixels above the marks: the heading of a year, the words at a break, and around a value.
HEAD, BREAK, AROUND = 20, 16, 12
#: Characters that make two equal labels differ, without being seen.
UNSEEN = "\u200b"
BLANKS = (" ", "  ")
Place = Literal["above", "below", "beside"]
#: Parts of the height: two values that are closer than this are written above and below their marks.
CLOSE = 0.13
#: Pixels of a line of text in the chart.
LINE = 16


class ChartVersion(NamedTuple):
    """A place along the chart. label: lines separated by line breaks. year: the heading of its part of the chart.

    facts: what its tooltip says, by heading.
    """

    label: str
    year: str
    is_hollow: bool
    facts: tuple[tuple[str, str], ...]


class Dot(NamedTuple):
    """One number. value: a share between 0 and 1, or a count; None draws only `short`, which says why.

    text: the number with what it is of. short: what is written in the chart, in lines separated by line breaks.
    """

    value: float | None
    text: str
    short: str


class Track(NamedTuple):
    """A line. dots: one for each version; None for none. runs: the places that a line joins, run by run."""

    name: str
    dots: tuple[Dot | None, ...]
    runs: tuple[tuple[int, ...], ...]


def version_chart(
    title: str,
    subtitle: str,
    versions: Sequence[ChartVersion],
    tracks: Sequence[Track],
    breaks: tuple[Sequence[int], str],
    unit: Unit,
    table: tuple[tuple[str, ...], tuple[tuple[Any, ...], ...]],
    alt_text: str,
) -> Chart:
    """Draw the tracks over the versions. Nothing in it can be picked.

    breaks: the places before which a definition changed, and what to call that. table: the columns and the rows.
    """
    labels = _labels(versions)
    values = [dot.value for track in tracks for dot in track.dots if dot is not None and dot.value is not None]
    # An axis of counts has whole numbers only.
    most = max([*values, 5 if unit == "number" else 0]) or 1
    n_lines = max((dot.short.count("\n") + 1 for track in tracks for dot in track.dots if dot is not None), default=1)
    strip = HEAD + (BREAK if breaks[0] else 0)
    missing = _missing(tracks, labels) if len(versions) <= MAX_VALUES else []
    n_missing = max((row["missing"].count("\n") + 1 for row in missing), default=0)
    over = strip + LINE * n_missing + AROUND + LINE * n_lines
    top = most * HEIGHT / (HEIGHT - over)
    blanks = list(BLANKS) if len(tracks) > 1 else []
    x_axis = alt.Axis(
        title=None,
        labelAngle=0,
        # A date alone is on two lines: twelve in a row would touch each other.
        labelExpr=LINES if len(versions) <= MAX_NAMES else DATE_LINES,
        labelOverlap=len(versions) > MAX_VALUES,
        labelLimit=max(LEAST_ROOM, ROOM // max(len(versions), 1)),
        labelFontSize=13,
        ticks=False,
    )
    x = alt.X("label:N", sort=None, axis=x_axis, scale=alt.Scale(type="band", domain=[*labels, *blanks], padding=0))
    y = alt.Y(
        "value:Q",
        scale=alt.Scale(domain=[0, top], nice=False),
        axis=alt.Axis(title=None, format=axis_format(unit), values=ticks(most)),
    )
    layers = [*_years(versions, labels, x, y, top), *_breaks(*breaks, labels, x)]
    for place, track in enumerate(tracks):
        layers += _track(versions, track, labels, x, y, place)
    if len(versions) <= MAX_VALUES:
        layers += _values(tracks, labels, x, y, top)
    if missing:
        layers += _without_mark(missing, x, strip)
    if blanks:
        layers += _names(tracks, blanks[0], x, y, top)
    return Chart(title, subtitle, alt_text, finish(layers, height=HEIGHT), *table)


def _labels(versions: Sequence[ChartVersion]) -> list[str]:
    """The labels, of which no two are equal."""
    made: list[str] = []
    for version in versions:
        label = version.label if len(versions) <= MAX_NAMES else version.label.rsplit("\n", 1)[-1]
        while label in made:
            label += UNSEEN
        made.append(label)
    return made


def _years(versions: Sequence[ChartVersion], labels: Sequence[str], x: alt.X, y: alt.Y, top: float) -> list[Any]:
    """The heading of each year where it begins, and a line before all but the first."""
    starts = [
        {"label": labels[place], "year": version.year, "value": top, "is_first": place == 0}
        for place, version in enumerate(versions)
        if place == 0 or versions[place - 1].year != version.year
    ]
    edge = _edge(x)
    heads = alt.Chart(data_of(starts)).mark_text(
        align="left", baseline="top", dx=6, dy=2, fontSize=13, fontWeight="bold", color=INK
    )
    lines = alt.Chart(data_of(starts[1:])).mark_rule(color=GREY_INK, strokeWidth=1).encode(x=edge)
    return [*([lines] if len(starts) > 1 else []), heads.encode(x=edge, y=y, text=alt.Text("year:N"))]


def _breaks(breaks: Sequence[int], words: str, labels: Sequence[str], x: alt.X) -> list[Any]:
    """A dashed line before each version whose definition is another one, and what it means."""
    if not breaks:
        return []
    base = alt.Chart(data_of([{"label": labels[place], "text": words} for place in breaks]))
    look: dict[str, Any] = {"align": "left", "baseline": "top", "dx": 6, "dy": 0, "fontSize": 12}
    at = base.encode(x=_edge(x), y=alt.value(HEAD), text=alt.Text("text:N"))
    rule = base.mark_rule(color=INK, strokeDash=[5, 3], strokeWidth=1.5).encode(x=_edge(x))
    return [rule, at.mark_text(color="white", stroke="white", strokeWidth=4, **look), at.mark_text(color=INK, **look)]


def _edge(x: alt.X) -> alt.X:
    """The left edge of a version."""
    edge = x.copy()
    edge["bandPosition"] = 0
    return edge


def _track(
    versions: Sequence[ChartVersion], track: Track, labels: Sequence[str], x: alt.X, y: alt.Y, number: int
) -> list[Any]:
    """The line and the marks of one track."""
    data = [
        {
            "label": labels[place],
            "value": dot.value,
            "text": dot.text,
            "line": track.name,
            "run": next((number for number, run in enumerate(track.runs) if place in run), -1),
            "is_hollow": versions[place].is_hollow,
            **dict(versions[place].facts),
        }
        for place, dot in enumerate(track.dots)
        if dot is not None and dot.value is not None
    ]
    if not data:
        # A layer without marks would have no alternative text.
        return []
    headings = [heading for heading, _ in versions[0].facts]
    tips = [tip_of("line", "Line"), tip_of("text", "Value"), *(tip_of(heading, heading) for heading in headings)]
    base = alt.Chart(data_of(data)).encode(x=x, y=y)
    colour, shape = LINE_COLOURS[number], SHAPES[number]
    line = base.mark_line(color=colour, strokeWidth=2, strokeDash=DASHES[number]).encode(detail="run:N")
    fill = alt.FillValue(colour, condition={"test": "datum.is_hollow", "value": "white"})
    marks = base.mark_point(shape=shape, size=110, stroke=colour, strokeWidth=2.5, opacity=1)
    return [line, marks.encode(fill=fill, tooltip=tips, description=alt.Description("text:N"))]


def _values(tracks: Sequence[Track], labels: Sequence[str], x: alt.X, y: alt.Y, top: float) -> list[Any]:
    """The value above each mark. Where another mark is just above, it is below, or beside if there is no room below."""
    places: dict[Place, list[dict[str, Any]]] = {"above": [], "below": [], "beside": []}
    for track in tracks:
        for at, dot in enumerate(track.dots):
            if dot is not None and dot.value is not None:
                others = [other.dots[at] for other in tracks if other is not track]
                row = {"label": labels[at], "value": dot.value, "text": dot.short}
                places[_place(dot, others, CLOSE * top)].append(row)
    # The first line is at the mark and the others below it, so all move up by the number of lines.
    n_more = max((row["text"].count("\n") for row in places["above"]), default=0)
    looks: dict[Place, dict[str, Any]] = {
        "above": {"align": "center", "baseline": "bottom", "dy": -10 - LINE * n_more},
        "below": {"align": "center", "baseline": "top", "dy": 10},
        "beside": {"align": "left", "baseline": "middle", "dx": 11},
    }
    layers: list[Any] = []
    for place, rows in places.items():
        if rows:
            base = alt.Chart(data_of(rows)).encode(x=x, y=y, text=alt.Text("text:N"))
            look = {**looks[place], "fontSize": 13, "lineBreak": "\n"}
            # A white edge, so that no line crosses out a text.
            layers.append(base.mark_text(color="white", stroke="white", strokeWidth=4, **look))
            layers.append(base.mark_text(color=INK, **look))
    return layers


def _missing(tracks: Sequence[Track], labels: Sequence[str]) -> list[dict[str, str]]:
    """For each version, what is written of numbers without a mark, with the name of the line if there are several."""
    found = []
    for at, label in enumerate(labels):
        lines = [
            f"{track.name}: {dot.short}" if len(tracks) > 1 else dot.short
            for track in tracks
            if (dot := track.dots[at]) is not None and dot.value is None
        ]
        if lines:
            found.append({"label": label, "missing": "\n".join(lines)})
    return found


def _without_mark(missing: Sequence[dict[str, str]], x: alt.X, strip: int) -> list[Any]:
    """What is written of numbers that have no mark: above all marks, because at the axis it would look like 0."""
    base = alt.Chart(data_of(list(missing))).encode(x=x, y=alt.value(strip), text=alt.Text("missing:N"))
    return [base.mark_text(align="center", baseline="top", fontSize=13, lineBreak="\n", color=INK)]


def _place(dot: Dot, others: Sequence[Dot | None], close: float) -> Place:
    """Where the value of a mark is written. close: how near another mark would be covered by it."""
    height = dot.value or 0
    gaps = [each.value - height for each in others if each is not None and each.value is not None]
    if not any(0 < gap < close for gap in gaps):
        return "above"
    return "below" if height > close else "beside"


def _names(tracks: Sequence[Track], blank: str, x: alt.X, y: alt.Y, top: float) -> list[Any]:
    """The name of each track at its end."""
    ends = {
        track.name: next((dot.value for dot in reversed(track.dots) if dot is not None and dot.value is not None), None)
        for track in tracks
    }
    drawn = {name: value for name, value in ends.items() if value is not None}
    # Above the axis, which would cross them out.
    heights = apart([max(value, APART / 2 * top) for value in drawn.values()], APART * top)
    data = [{"label": blank, "value": at, "text": name} for name, at in zip(drawn, heights, strict=True)]
    if not data:
        return []
    base = alt.Chart(data_of(data)).encode(x=_edge(x), y=y, text=alt.Text("text:N"))
    return [base.mark_text(align="left", baseline="middle", dx=-8, fontSize=14, fontWeight="bold", color=INK)]
