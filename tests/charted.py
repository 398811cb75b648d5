"""The rows that a chart sends to a browser."""

from __future__ import annotations

from typing import Any

from sen2dash.charts.pieces import Chart


def rows_of(chart: Chart) -> list[dict[str, Any]]:
    """Every row of the data of a chart. Altair moves the rows of its layers to one place, under names of its own."""
    spec = chart.picture.to_dict()
    found: list[dict[str, Any]] = [row for rows in spec.get("datasets", {}).values() for row in rows]
    assert '"values": [{' not in str(spec).replace("'", '"'), "rows beside the others"
    assert found or not chart.rows
    return found
