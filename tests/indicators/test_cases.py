"""Every case of every indicator: its members are exactly the rows that the case lists."""

from pathlib import Path
from typing import Any

import pytest

from sen2dash.checks import catalogue
from sen2dash.config import Settings
from sen2dash.indicators import run
from tests import casebook

HERE = Path(__file__).parent
FILES = sorted([*HERE.glob("*.yml"), *HERE.glob("further/*.yml")])
CASES = [
    pytest.param(indicator_id, case, id=f"{indicator_id}-{name}")
    for path in FILES
    for indicator_id, cases in [casebook.read_cases(path)]
    for name, case in cases.items()
]


@pytest.mark.parametrize(("indicator_id", "case"), CASES)
def test_case(indicator_id: str, case: dict[str, Any]) -> None:
    """`denominator` and `numerator` list [table, row_id] for each member; a plain count may leave out the numerator.

    `settings` sets the settings of the indicator, `ages` the age of each member in file order.
    """
    indicator = catalogue.indicator(indicator_id)
    settings = Settings(now=casebook.NOW, **case["settings"]) if "settings" in case else None
    store = casebook.borrow_store(case, settings=settings)
    (result,) = run.run_indicators(store, [indicator])
    assert not result.is_broken, result.reason
    rows = store.rows("select * from member order by table_name, row_id")
    base = [[row["table_name"], row["row_id"]] for row in rows if row["in_denominator"]]
    counted = [[row["table_name"], row["row_id"]] for row in rows if row["in_numerator"]]
    assert base == case["denominator"]
    assert counted == case.get("numerator", case["denominator"] if indicator.is_count else None)
    assert (result.numerator, result.denominator) == (len(counted), len(base))
    assert result.value == (len(counted) / len(base) if base else None)
    if "ages" in case:
        assert [row["age"] for row in rows] == case["ages"]


def test_every_indicator_has_cases() -> None:
    known = (*catalogue.indicators(), *catalogue.further_indicators())
    assert sorted(path.stem for path in FILES) == sorted(each.id for each in known)
    for path in FILES:
        name, cases = casebook.read_cases(path)
        assert name == path.stem
        assert len(cases) >= 2, f"{name} needs more than one case"
