"""Two calculations of the same 33 figures agree, and every breakdown adds up to its total."""

from collections.abc import Iterator
from typing import Any

import pytest

from sen2dash import reference
from sen2dash.checks import catalogue
from sen2dash.checks.report import build_report
from sen2dash.config import Settings
from sen2dash.indicators import filters, run
from sen2dash.sample.generate import sample_bytes
from sen2dash.store.database import Store
from tests.casebook import NOW, people_of
from tests.indicators.recompute import recompute


def open_store(persons: int, seed: int, defects: int = 0, year: int = 2025, **settings: Any) -> Store:
    made = sample_bytes(persons, seed, defects, year=year)
    return build_report(made, Settings(now=NOW, **settings), only=[]).store


@pytest.fixture(scope="module")
def store() -> Iterator[Store]:
    opened = open_store(1500, 7, defects=150)
    run.run_indicators(opened)
    yield opened
    opened.close()


@pytest.mark.parametrize(
    ("seed", "defects", "year", "settings"),
    [
        (1, 0, 2025, {}),
        (2, 250, 2025, {}),
        (3, 250, 2026, {"twenty_weeks_days": 139, "include_challenged": True}),
        (4, 100, 2024, {}),
        (5, 0, 2023, {}),
    ],
)
def test_both_ways_agree(seed: int, defects: int, year: int, settings: dict[str, Any]) -> None:
    opened = open_store(700, seed, defects, year, **settings)
    try:
        found = {r.indicator.id: (r.numerator, r.denominator) for r in run.run_indicators(opened)}
        expected = recompute(opened)
        assert found == {each.id: expected.get(each.id, (0, 0)) for each in catalogue.indicators()}
        assert len(found) == 33
        assert found["caseload"][0] > 300
        assert sum(denominator > 0 for _, denominator in found.values()) >= 28
    finally:
        opened.close()


CHOICES = [
    {},
    {"sex": ["M"], "need": ["ASD", "SLCN"]},
    {"group": ["census", "closed"], "age_group": ["5_10", "11_15", "none"]},
    {"place_group": ["not_known"], "budget": ["no"]},
]


@pytest.mark.sampled(3)
@pytest.mark.parametrize("chosen", CHOICES)
@pytest.mark.parametrize("name", reference.characteristics())
def test_parts_sum_to_the_whole(store: Store, name: str, chosen: dict[str, list[str]]) -> None:
    picked = filters.choose(chosen)
    wholes = {result.indicator.id: result for result in run.results(store, picked)}
    for indicator_id in ("caseload", "requests_refused", "plans_within_20_weeks", "plans_ceased", "new_plans"):
        parts = run.breakdown(store, indicator_id, [name], picked)
        whole = wholes[indicator_id]
        assert whole == run.result(store, indicator_id, picked)
        if name == "group":
            everyone = [part for part in parts if part.keys == ("all",)]
            assert [(p.numerator, p.denominator) for p in everyone] == [(whole.numerator, whole.denominator)] * bool(
                parts
            )
            continue
        assert sum(part.numerator for part in parts) == whole.numerator
        assert sum(part.denominator for part in parts) == whole.denominator
    people = filters.count_people(store, [name], picked)
    n, n_all = filters.size(store, picked)
    assert n_all == store.value("select count(*) as n from person") >= 1500
    assert n == len(people_of(store, picked)) > 0
    assert sum(part.numerator for part in people if name != "group" or part.keys == ("all",)) == n


@pytest.mark.parametrize("by", [["need", "sex"], ["age_group", "place_group"], ["ethnic_group", "age"]])
def test_pairs_sum_to_single_parts(store: Store, by: list[str]) -> None:
    for indicator_id in ("caseload", "requests_received", "plans_within_20_weeks"):
        pairs = run.breakdown(store, indicator_id, by)
        for place, name in enumerate(by):
            for part in run.breakdown(store, indicator_id, [name]):
                matching = [p for p in pairs if p.keys[place] == part.keys[0]]
                assert sum(p.numerator for p in matching) == part.numerator
                assert sum(p.denominator for p in matching) == part.denominator


def test_cohorts_of_one_characteristic_sum_to_everyone(store: Store) -> None:
    total = run.result(store, "plans_within_20_weeks")
    cut = [
        run.result(store, "plans_within_20_weeks", filters.choose({"need": [category.key]}))
        for category in reference.characteristics()["need"].categories
    ]
    assert sum(each.denominator for each in cut) == total.denominator > 0
    assert sum(each.numerator for each in cut) == total.numerator > 0


def test_lists_hold_as_many_people_as_the_numbers_say(store: Store) -> None:
    picked = filters.choose({"sex": ["F", "none"]})
    for indicator_id in ("plans_within_20_weeks", "caseload", "requests_refused"):
        for part in run.breakdown(store, indicator_id, ["age_group", "need"], picked):
            where = dict(zip(("age_group", "need"), part.keys, strict=True))
            base = run.people_table(store, indicator_id, "denominator", picked, where)
            counted = run.people_table(store, indicator_id, "numerator", picked, where)
            rest = run.people_table(store, indicator_id, "rest", picked, where)
            assert (len(counted), len(base)) == (part.numerator, part.denominator)
            assert len(rest) == len(base) - len(counted)
    whole = run.people_table(store, "caseload")
    assert len(whole) == run.result(store, "caseload").denominator
    assert len(set(whole["person_id"].to_pylist())) == len(whole)


def test_everyone_has_one_profile(store: Store) -> None:
    n_people = store.value("select count(*) as n from person")
    n_rows = store.value("select count(*) as n from profile")
    assert n_people == n_rows >= 1500
    assert store.value("select count(distinct person_id) as n from profile") == n_people
    for name, characteristic in reference.characteristics().items():
        found = {part.keys[0] for part in filters.count_people(store, [name])}
        assert found <= {category.key for category in characteristic.categories}
