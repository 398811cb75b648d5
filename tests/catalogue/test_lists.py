"""Check every file of queries/lists: one short SELECT that states its grain, binds known parameters and is used."""

import re
from collections.abc import Iterator
from typing import Any

import pyarrow as pa
import pytest

from sen2dash.checks import catalogue
from sen2dash.config import QUERIES
from sen2dash.store import lineage
from sen2dash.store.database import Store
from tests import casebook

COHORT = {"cohort_characteristics": ["sex"], "cohort_categories": ["sex=F", "sex=M"]}
BY = {"by_1": "need", "by_2": None}
KEYS = {"key_1": "ASD", "key_2": None}
PAGE = {"n_rows": 10, "n_before": 0}
#: The parameters of each list that the collection does not supply, each with a value.
LISTS: dict[str, dict[str, Any]] = {
    "assessed_in_time": COHORT,
    "caseload_plans": COHORT,
    "children_by_category": {"indicator_id": "caseload", **BY, **COHORT},
    "cohort_people": COHORT,
    "cohort_size": COHORT,
    "decided_cases": {"indicator_id": "plans_within_20_weeks", "limit_days": 140, "counts_late": False, **COHORT},
    "finding_numbers": {"of_people": True},
    "finding_runs": {"rule_id": "R09", "most": 100, "is_chosen": False},
    "findings": {
        **{"rules": ["R09"], "tables": ["requests"], "person": None, "first": None, "last": None},
        **{"is_chosen": True, **PAGE},
    },
    "findings_left_out": {"is_chosen": False},
    "findings_with_mark": {"mark": "right"},
    "indicator_by_category": {"indicator_id": "caseload", **BY, **COHORT},
    "indicator_counts": COHORT,
    "indicator_members": {"indicator_id": "caseload", "in_numerator": None, **BY, **KEYS, **COHORT, **PAGE},
    "mark_counts": {"rules": ["R09"]},
    "marked_findings": {},
    "open_cases": COHORT,
    "open_cases_undated": COHORT,
    "people_by_category": {**BY, **COHORT},
    "people_chosen": {"teams": None, **COHORT},
    "people_found": {"words": ["a"], "folded_words": ["a"], "births": [], "unseen": "", "n_rows": 10},
    "people_known_by": {},
    "people_of_category": {**BY, **KEYS, **COHORT},
    "people_of_rule": {"rule_id": "R09", "is_chosen": False},
    "person_lines": {"person": 1},
    "person_state": {"person": 1},
    "plans_of_year": COHORT,
    "requests": COHORT,
    "team_findings": {"rules": ["R09"], **PAGE},
    "team_people": {"rules": ["R09"], "is_chosen": False},
    "weeks_to_plan": {"indicator_ids": ["plans_within_20_weeks"], **COHORT},
}
#: Rows that some lists read: numbers of findings, or of people in an order.
INCOMING = pa.table({name: pa.array([1], pa.int64()) for name in ("finding_id", "person_id", "place")})
FILES = sorted((QUERIES / "lists").glob("*.sql"))


@pytest.fixture(scope="module")
def store() -> Iterator[Store]:
    made = casebook.make_store({"given": {"person": "surname | sex\nAdams | F"}})
    made.derive_indicators()
    yield made
    made.close()


def test_every_list_is_known() -> None:
    assert [path.stem for path in FILES] == sorted(LISTS)


@pytest.mark.parametrize("name", LISTS)
def test_a_list_is_one_short_select_that_states_its_grain(name: str) -> None:
    sql = catalogue.list_sql(name)
    casebook.assert_is_select(sql)
    assert re.match(r"-- One row(:| per )", sql)
    assert len(sql.splitlines()) <= 60
    assert max(map(len, sql.splitlines())) <= 120


@pytest.mark.parametrize("name", LISTS)
def test_a_list_binds_known_parameters_and_all_of_its_own(name: str, store: Store) -> None:
    bound = lineage.binds(catalogue.list_sql(name))
    assert set(LISTS[name]) <= bound <= set(LISTS[name]) | set(store.parameters())


@pytest.mark.parametrize("name", LISTS)
def test_a_list_runs_on_a_return(name: str, store: Store) -> None:
    sql = catalogue.list_sql(name)
    found = store.table_among(sql, INCOMING, LISTS[name]) if "incoming" in sql else store.table(sql, LISTS[name])
    assert found.num_columns >= 1


def test_every_list_is_used_and_no_other_is_asked_for() -> None:
    texts = [path.read_text("utf-8") for path in (QUERIES.parent / "sen2dash").rglob("*.py")]
    asked = {name for text in texts for name in re.findall(r"list_sql\(\"(\w+)\"\)", text)}
    assert asked == set(LISTS)
