"""The small line of published years."""

import base64
import re

from lxml import etree

from sen2dash.charts.spark import HEIGHT, WIDTH, spark


def drawn(address: str) -> str:
    start = "data:image/svg+xml;base64,"
    assert address.startswith(start)
    return base64.b64decode(address.removeprefix(start)).decode()


def places(svg: str) -> list[tuple[float, float]]:
    return [(float(x), float(y)) for x, y in re.findall(r'cx="([\d.]+)" cy="([\d.]+)"', svg)]


def test_points_follow_years_and_numbers() -> None:
    svg = drawn(spark([(2022, 10.0), (2023, 30.0), (2025, 20.0)]))
    etree.fromstring(svg)
    (x1, y1), (x2, y2), (x3, y3) = places(svg)
    assert x1 < x2 < x3 and (x3 - x2) > 1.9 * (x2 - x1)
    assert y2 < y3 < y1
    assert "polygon" not in svg


def test_this_return_is_a_shape_of_its_own_and_inside() -> None:
    svg = drawn(spark([(2023, 10.0), (2024, 12.0)], (2025, 1.0)))
    (corners,) = re.findall(r'polygon points="([^"]+)"', svg)
    for x, y in (pair.split(",") for pair in corners.split()):
        assert 0 <= float(x) <= WIDTH and 0 <= float(y) <= HEIGHT
    assert len(places(svg)) == 2


def test_equal_points_are_in_the_middle() -> None:
    svg = drawn(spark([(2025, 5.0)], (2025, 5.0)))
    assert places(svg) == [(WIDTH / 2, HEIGHT / 2)]


def test_one_point_is_no_line() -> None:
    assert spark([(2025, 5.0)]) == spark([], (2025, 5.0)) == spark([]) == ""
