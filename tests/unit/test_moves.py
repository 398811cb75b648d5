"""Who moved an indicator: people added, gone, counted differently, and those who count as before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from sen2dash.analysis import changes
from sen2dash.checks.report import Report
from sen2dash.compare import moves
from sen2dash.indicators import run
from sen2dash.model import IndicatorResult
from tests.comparing import comparing

BEFORE = {
    "person": """
        row_id | surname | forename | person_birth_date | upn
        1      | Same    | Sam      | 2012-01-01        | A123456789012
        2      | Refused | Rita     | 2012-02-02        | B123456789012
        3      | Gone    | Gus      | 2012-03-03        | C123456789012
        4      | Second  | Sue      | 2012-04-04        | D123456789012
        5      | Undated | Una      | 2012-05-05        | E123456789012
    """,
    "requests": """
        row_id | person_id | received_date | request_outcome_date | request_outcome
        1      | 1         | 2024-02-01    | 2024-03-01           | Y
        2      | 2         | 2024-02-01    | 2024-03-01           | Y
        3      | 3         | 2024-02-01    | 2024-03-01           | N
        4      | 4         | 2024-02-01    | 2024-03-01           | N
        5      | 5         | 2024-02-01    | 2024-03-01           | N
    """,
}
AFTER = {
    "person": """
        row_id | surname | forename | person_birth_date | upn
        1      | New     | Nina     | 2012-06-06        | F123456789012
        2      | Same    | Samuel   | 2012-01-01        | A123456789012
        3      | Refused | Rita     | 2012-02-02        | B123456789012
        4      | Second  | Sue      | 2012-04-04        | D123456789012
        5      | Undated | Una      | 2012-05-05        | E123456789012
    """,
    "requests": """
        row_id | person_id | received_date | request_outcome_date | request_outcome
        1      | 1         | 2024-02-01    | 2024-03-01           | N
        2      | 2         | 2024-02-02    | 2024-03-01           | Y
        3      | 3         | 2024-02-01    | 2024-03-01           | N
        4      | 4         | 2024-02-01    | 2024-03-01           | N
        5      | 4         | 2024-09-01    | 2024-10-01           | N
        6      | 5         | 2023-02-01    | 2023-03-01           | N
    """,
}


def calculate(report: Report) -> Sequence[IndicatorResult]:
    report.store.derive(None)
    return run.run_indicators(report.store)


def found(before: Mapping[str, Any], after: Mapping[str, Any], indicator_id: str) -> dict[str, tuple[str, str]]:
    """The surname of everyone who moved an indicator, with what they count as before and after."""
    with comparing({"given": before}, {"given": after}) as compared:
        for report in (compared.before, compared.after):
            calculate(report)
        moves.find_moves(compared.space, compared.before.store, compared.after.store)
        rows = moves.moves(compared.space, indicator_id).to_pylist()
        assert moves.n_moves(compared.space).get(indicator_id, 0) == len(rows)

    def part(row: Mapping[str, Any], side: str) -> str:
        return changes.part_text(row[f"{side}_person"], row[f"of_{side}"], row[f"counted_{side}"])

    return {row["surname"]: (part(row, "before"), part(row, "after")) for row in rows}


def test_each_way_of_moving_a_count() -> None:
    assert found(BEFORE, AFTER, "requests_refused") == {
        "New": ("not in the return", "counted"),
        "Refused": ("not counted", "counted"),
        "Gone": ("counted", "not in the return"),
        "Second": ("counted", "2 of 2 counted"),
        "Undated": ("counted", "not part of it"),
    }


def test_a_changed_record_that_counts_as_before_moves_nothing() -> None:
    moved = found(BEFORE, AFTER, "requests_received")
    assert "Same" not in moved
    assert "Refused" not in moved
    assert moved["New"] == ("not in the return", "counted")


@pytest.mark.parametrize("indicator_id", ["requests_received", "requests_refused"])
def test_equal_returns_move_nothing(indicator_id: str) -> None:
    assert found(BEFORE, BEFORE, indicator_id) == {}


def test_the_moves_add_up_to_the_change_of_the_indicator() -> None:
    """What the people who moved it count for, before and after, differs by as much as the indicator."""
    with comparing({"given": BEFORE}, {"given": AFTER}) as compared:
        before, after = (calculate(report) for report in (compared.before, compared.after))
        moves.find_moves(compared.space, compared.before.store, compared.after.store)
        for one, other in zip(before, after, strict=True):
            rows = moves.moves(compared.space, one.indicator.id).to_pylist()
            assert other.numerator - one.numerator == sum(r["counted_after"] - r["counted_before"] for r in rows)
            assert other.denominator - one.denominator == sum(r["of_after"] - r["of_before"] for r in rows)
