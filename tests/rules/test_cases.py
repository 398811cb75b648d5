"""Every case of every rule: the rule finds exactly the rows that the case lists."""

from pathlib import Path
from typing import Any

import pytest

from sen2dash.checks import catalogue, run
from sen2dash.config import QUERIES
from tests import casebook

HERE = Path(__file__).parent
CASES = [
    pytest.param(rule_id, case, id=f"{rule_id}-{name}")
    for path in sorted(HERE.glob("*.yml"))
    for rule_id, cases in [casebook.read_cases(path)]
    for name, case in cases.items()
]


@pytest.mark.parametrize(("rule_id", "case"), CASES)
def test_case(rule_id: str, case: dict[str, Any]) -> None:
    """`finds` lists [person_id, row_id, field] for each finding, in any order; `values` and `details` their texts."""
    (path,) = (QUERIES / "rules").glob(f"*/{rule_id}_*.sql")
    rule = catalogue.read_rule(path)
    store = casebook.borrow_store(case, rule.sql)
    assert store.collection is not None
    if not run.applies(rule, store.collection):
        assert case["finds"] == []
        return
    (outcome,) = run.run(store, [rule])
    if "status" in case:
        assert outcome.status == case["status"], outcome.reason
    else:
        assert outcome.status in ("clear", "found"), outcome.reason
    if "reason" in case:
        assert outcome.reason == case["reason"]
    found = store.rows("select person_id, row_id, field, value, detail from finding")
    keys = sorted(([row["person_id"], row["row_id"], row["field"]] for row in found), key=repr)
    assert keys == sorted(case["finds"], key=repr)
    if "severity" in case:
        assert outcome.severity == case["severity"]
    if "values" in case:
        assert sorted(str(row["value"]) for row in found) == sorted(map(str, case["values"]))
    if "details" in case:
        assert sorted(str(row["detail"]) for row in found) == sorted(map(str, case["details"]))
