"""A small line without axes, as a picture that a page holds in itself: the years of one number, and where it is now."""

from __future__ import annotations

import base64
from collections.abc import Sequence

from sen2dash.charts.pieces import INK, MAIN, SECOND

WIDTH, HEIGHT, EDGE, DOT = 96, 26, 5, 2.5


def spark(years: Sequence[tuple[int, float]], now: tuple[int, float] | None = None) -> str:
    """The points as a line with a dot each, and `now` as a diamond beside it: an SVG as the address of an image.

    years: year and number, oldest first. Empty for fewer than two points in all: there is no line to draw.
    """
    every = [*years, *((now,) if now is not None else ())]
    if len(every) < 2:
        return ""
    xs, ys = [x for x, _ in every], [y for _, y in every]

    def share(value: float, values: Sequence[float]) -> float:
        least, most = min(values), max(values)
        return (value - least) / (most - least) if most > least else 0.5

    def at(point: tuple[int, float]) -> tuple[float, float]:
        along, up = share(point[0], xs), share(point[1], ys)
        return EDGE + along * (WIDTH - 2 * EDGE), HEIGHT - EDGE - up * (HEIGHT - 2 * EDGE)

    places = [at(point) for point in years]
    line = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
    drawn = f'<polyline points="{line}" fill="none" stroke="{MAIN}" stroke-width="1.5"/>'
    drawn += "".join(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{DOT}" fill="{MAIN}"/>' for x, y in places)
    if now is not None:
        x, y = at(now)
        corners = f"{x:.1f},{y - 4:.1f} {x + 4:.1f},{y:.1f} {x:.1f},{y + 4:.1f} {x - 4:.1f},{y:.1f}"
        drawn += f'<polygon points="{corners}" fill="{SECOND}" stroke="{INK}" stroke-width="1"/>'
    picture = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}" '
        f'viewBox="0 0 {WIDTH} {HEIGHT}">{drawn}</svg>'
    )
    return f"data:image/svg+xml;base64,{base64.b64encode(picture.encode()).decode()}"
