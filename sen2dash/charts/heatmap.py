"""A grid of cells, in which darker means more."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from typing import NamedTuple

import altair as alt

from sen2dash.charts.pieces import AXIS, LABEL_LINE, LINE, ROW, Chart, data_of, finish, pick, tip_of

#: A sequential scale from light to dark, with text colours.
STEPS = (("#FFFFFF", "black"), ("#6BACE6", "black"), ("#2073BC", "white"), ("#12436D", "white"))


class Cell(NamedTuple):
    """One cell of a heat map. value decides the colour; None stays white. A cell with a key can be picked."""

    row: str
    column: str
    value: float | None
    text: str
    key: str = ""


def heatmap(title: str, subtitle: str, heading: str, cells: Sequence[Cell], alt_text: str = "") -> Chart:
    """A grid of cells with their text; darker means more. Rows and columns are in the order in which they occur."""
    rows, names = list(dict.fromkeys(c.row for c in cells)), list(dict.fromkeys(c.column for c in cells))
    largest = max((cell.value or 0 for cell in cells), default=0) or 1
    labels, n_lines = _wrapped(names)
    data = []
    for cell in cells:
        fill, ink = _step(cell.value, largest)
        placed = {"key": cell.key, "row": cell.row, "column": cell.column, "text": cell.text}
        placed["heading"] = labels[cell.column]
        data.append({**placed, "fill": fill, "ink": ink})
    base = alt.Chart(data_of(data)).encode(
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
        tooltip=[tip_of("row", heading), tip_of("column", "Column"), tip_of("text", "Value")],
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
        finish([drawn.add_params(pick()) if choices else drawn, texts], height=(ROW + 2) * max(len(rows), 1) + AXIS),
        (heading, *names),
        tuple((row, *(by_place.get((row, name), "") for name in names)) for row in rows),
        choices,
    )


def _step(value: float | None, largest: float) -> tuple[str, str]:
    """Fill and text colour of a cell: white for nothing, then by thirds of the largest value."""
    if not value:
        return STEPS[0]
    return STEPS[1 if value <= largest / 3 else 2 if value <= 2 * largest / 3 else 3]


def _wrapped(names: Sequence[str]) -> tuple[dict[str, str], int]:
    """Labels wrapped to as many lines as the longest needs, with the last line lowest; and the number of lines."""
    lines = {name: textwrap.wrap(name, LABEL_LINE) or [name] for name in names}
    most = max(map(len, lines.values()), default=1)
    return {name: "\n" * (most - len(each)) + "\n".join(each) for name, each in lines.items()}, most
