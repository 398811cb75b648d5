"""Rules that run together find what each finds alone, and a rule that cannot run does not affect the others."""

from __future__ import annotations

from collections.abc import Iterator

import duckdb
import pytest

from sen2dash.checks import catalogue
from sen2dash.checks import run as rules
from sen2dash.config import Settings
from sen2dash.model import Rule
from sen2dash.reading import shred
from sen2dash.sample.generate import sample_bytes
from sen2dash.store import statements
from sen2dash.store.database import Store
from tests.casebook import NOW

DEFECTS = ("P15", "R09", "P03", "P12", "H22")
EVERY_FINDING = "select * from finding order by all"


@pytest.fixture
def store() -> Iterator[Store]:
    made = Store(Settings(now=NOW))
    made.load_facts(shred.shred(sample_bytes(60, seed=4, year=2025, rule_ids=DEFECTS), made.load))
    made.derive()
    yield made
    made.close()


def changed(rule_id: str, sql: str) -> Rule:
    return catalogue.rule(rule_id).model_copy(update={"sql": sql})


def findings(store: Store) -> list[object]:
    return [tuple(row.values()) for row in store.rows(EVERY_FINDING)]


def test_together_and_one_by_one_is_the_same(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    chosen = catalogue.rules()
    together = rules.run(store, chosen)
    found = findings(store)
    assert {outcome.rule.id for outcome in together if outcome.status == "found"} >= set(DEFECTS)
    store._connection.execute("truncate finding")
    monkeypatch.setattr(rules, "LOT", 1)
    assert rules.run(store, chosen) == together
    assert findings(store) == found


@pytest.mark.parametrize(
    ("sql", "reason"),
    [
        ("select no_such_column from person", "Binder Error"),
        ("select * from nowhere where upn = $unheard_of", "unheard_of"),
        ("selec 1", "Parser Error"),
        # It fails while running, after others in its batch have found something.
        (
            "select row_id as person_id, 'person' as table_name, row_id, 'UPN' as field, "
            "cast(cast('x' || row_id as bigint) as varchar) as value, '' as detail from person",
            "Conversion Error",
        ),
    ],
)
def test_a_rule_that_cannot_be_run_is_broken_alone(store: Store, sql: str, reason: str) -> None:
    sound = catalogue.rules()
    expected = {outcome.rule.id: outcome for outcome in rules.run(store, sound)}
    found = findings(store)
    assert not [row for row in found if row[0] == "P05"]  # type: ignore[index]
    store._connection.execute("truncate finding")
    outcomes = rules.run(store, [changed("P05", sql) if rule.id == "P05" else rule for rule in sound])
    (broken,) = [outcome for outcome in outcomes if outcome.status == "broken"]
    assert broken.rule.id == "P05"
    assert reason in (broken.reason or "")
    assert "x1" not in (broken.reason or "")
    assert [outcome for outcome in outcomes if outcome is not broken] == [
        expected[outcome.rule.id] for outcome in outcomes if outcome is not broken
    ]
    assert findings(store) == found


def test_progress_counts_every_rule_once(store: Store) -> None:
    seen: list[tuple[int, int, str]] = []
    outcomes = rules.run(store, catalogue.rules(), lambda done, total, rule: seen.append((done, total, rule.id)))
    assert [done for done, _, _ in seen] == list(range(1, len(outcomes) + 1))
    assert {total for _, total, _ in seen} == {len(outcomes)}
    assert sorted(rule_id for _, _, rule_id in seen) == sorted(outcome.rule.id for outcome in outcomes)
    assert {outcome.status for outcome in outcomes} >= {"clear", "found", "not_run"}


def test_an_order_that_chooses_rows_stays() -> None:
    plain = "select a from b\norder by all"
    assert statements._without_order(plain) == "select a from b"
    for sql in ("select distinct on (a) a, c from b\norder by all", f"{plain} limit 3", "select 'x\norder by all y'"):
        assert statements._without_order(sql) == sql


def test_a_closed_store_keeps_no_cursor(store: Store) -> None:
    rules.run(store, catalogue.rules()[:40])
    cursors = list(store._spare_cursors)
    assert 1 <= len(cursors) <= rules.THREADS
    store.close()
    for cursor in cursors:
        with pytest.raises(duckdb.ConnectionException):
            cursor.execute("select 1")
