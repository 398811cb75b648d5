"""Figures that are numbers on the page are numbers in a file."""

from __future__ import annotations

from typing import Any

import pytest

from sen2dash.output import export
from sen2dash.output.numbers import with_numbers


@pytest.mark.parametrize(
    ("cells", "headings", "expected"),
    [
        (["1,681", "0", "12"], ["Value"], [[1681], [0], [12]]),
        (["1234567", "1,234,567"], ["Value"], [[1234567], [1234567]]),
        (["18.9%", "100.0%"], ["Value in percent"], [[18.9], [100.0]]),
        (
            ["18.9% (317 of 1,681)", "c"],
            ["Value in percent", "Value: number", "Value: out of"],
            [[18.9, 317, 1681], ["c", None, None]],
        ),
        (
            ["18.9% (317 of 1,681)", "20.0%"],
            ["Value in percent", "Value: number", "Value: out of"],
            [[18.9, 317, 1681], [20.0, None, None]],
        ),
        (["18.9%", "12"], ["Value"], [["18.9%"], [12]]),
        (["c", "No cases", ""], ["Value"], [["c"], ["No cases"], [""]]),
        (["007", "1,23", "-3", "1 of 3"], ["Value"], [["007"], ["1,23"], ["-3"], ["1 of 3"]]),
        ([5, None, 2.5], ["Value"], [[5], [None], [2.5]]),
    ],
)
def test_a_column(cells: list[Any], headings: list[str], expected: list[list[Any]]) -> None:
    found, rows = with_numbers(("Age", "Value"), [("11", cell) for cell in cells])
    assert found == ["Age", *headings]
    assert rows == [["11", *row] for row in expected]


def test_no_rows() -> None:
    assert with_numbers(("Age", "Value"), []) == (["Age", "Value"], [])


def test_in_a_file_they_are_not_quoted() -> None:
    columns, rows = with_numbers(("Age", "Share"), [("11", "18.9% (317 of 1,681)")])
    line = export.rows_to_csv(columns, rows).decode("utf-8-sig").splitlines()[1]
    assert line == '"11",18.9,317,1681'
