"""A store is locked down, binds its parameters and keeps returns apart."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from sen2dash.config import Settings
from sen2dash.errors import CatalogueError
from sen2dash.store import Store, check_select
from tests import casebook

SECRET = Path(__file__)


@pytest.fixture
def store() -> Iterator[Store]:
    made = casebook.make_store({"given": {"person": "surname | person_birth_date\nÉlan | 2012-02-29\nBo | 2012-02-30"}})
    yield made
    made.close()


@pytest.mark.parametrize(
    "sql",
    [
        f"select * from read_csv('{SECRET}')",
        f"select * from read_text('{SECRET}')",
        f"select * from '{SECRET}'",
        "select * from glob('/etc/*')",
        "select * from read_csv('https://example.org/x.csv')",
        "select getenv('HOME') as home",
    ],
)
def test_a_select_reaches_nothing_outside(store: Store, sql: str) -> None:
    with pytest.raises(Exception, match=r"(?i)disabled|permission|not exist|not allowed|cannot"):
        store.table(sql)


@pytest.mark.parametrize(
    "sql",
    [
        "copy person to '/tmp/sen2dash_leak.csv'",
        "attach '/tmp/sen2dash_leak.db' as leak",
        "install httpfs",
        "load httpfs",
        "set enable_external_access = true",
        "reset lock_configuration",
        "drop table person",
        "select 1 as a; select 2 as b",
        "insert into person select * from person",
    ],
)
def test_only_one_select_is_run(store: Store, sql: str) -> None:
    with pytest.raises(ValueError, match="exactly one SELECT"):
        store.table(sql)
    assert not list(Path("/tmp").glob("sen2dash_leak*"))


@pytest.mark.parametrize(
    "sql",
    [
        "copy person to '/tmp/sen2dash_leak.csv'",
        "attach '/tmp/sen2dash_leak.db' as leak",
        "export database '/tmp/sen2dash_leak'",
        "install httpfs",
        "set enable_external_access = true",
        "set lock_configuration = false",
        "reset memory_limit",
    ],
)
def test_the_database_itself_refuses(store: Store, sql: str) -> None:
    """Behind the check for one SELECT stands the locked configuration of the database."""
    with pytest.raises(Exception, match=r"(?i)disabled|lock|permission|not be"):
        store._connection.execute(sql)
    assert not list(Path("/tmp").glob("sen2dash_leak*"))


def test_parameters_are_bound_and_never_text(store: Store) -> None:
    hostile = "Bo' or 1 = 1 --"
    assert store.rows("select surname from person where surname = $name", {"name": hostile}) == []
    assert store.value("select surname from person where surname = $name", {"name": "Élan"}) == "Élan"
    assert store.value("select $census_date::varchar as day") == "2025-01-16"
    with pytest.raises(KeyError):
        store.table("select $unheard_of as x")


def test_a_bad_date_keeps_its_text(store: Store) -> None:
    rows = store.rows(
        "select person_birth_date::varchar as born, person_birth_date_text as text from person order by 2"
    )
    assert rows == [{"born": "2012-02-29", "text": "2012-02-29"}, {"born": None, "text": "2012-02-30"}]
    assert store.rows("select field, value, item_type from unreadable_item") == [
        {"field": "PersonBirthDate", "value": "2012-02-30", "item_type": "date"}
    ]


def test_yes_and_no_in_any_case() -> None:
    store = casebook.make_store({"given": {"requests": "row_id | rya\n1|1\n2|TRUE\n3|False\n4|0\n5|yes\n6|"}})
    assert [row["rya"] for row in store.rows("select rya from requests order by row_id")] == [
        True,
        True,
        False,
        False,
        None,
        None,
    ]
    assert store.value("select n_yes from yes_item where field = 'RYA'") == 2
    store.close()


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ({}, ("2025-01-16", "2024-08-31")),
        ({"reference_date": "2025-09-01"}, ("2025-09-01", "2025-08-31")),
        ({"reference_date": "2025-08-31"}, ("2025-08-31", "2024-08-31")),
        ({"reference_date": "2025-02-30"}, ("2025-01-16", "2024-08-31")),
        ({"reference_date": "0001-01-01"}, ("0001-01-01", "0001-08-31")),
    ],
)
def test_dates_of_the_collection(header: dict[str, str], expected: tuple[str, str]) -> None:
    store = casebook.make_store({"header": header})
    collection = store.collection
    assert collection is not None
    assert (collection.census_date.isoformat(), collection.august_31.isoformat()) == expected
    assert (collection.year_start.isoformat(), collection.year_end.isoformat()) == ("2024-01-01", "2024-12-31")
    store.close()


def test_code_lists_can_be_set() -> None:
    store = casebook.make_store({}, Settings(now=datetime(2025, 2, 1), work_based_learning_codes="Q, R"))
    assert [row["code"] for row in store.rows("select code from code where code_set = 'CS111' order by code")] == [
        "Q",
        "R",
    ]
    store.close()


def test_an_earlier_return_stands_apart() -> None:
    store = casebook.make_store({"previous": {"given": {"person": "surname\nOld"}}})
    assert store.has_previous
    assert store.value("select count(*)::bigint as n from person") == 0
    assert store.value("select surname from previous.person") == "Old"
    store.close()


def test_two_stores_share_nothing() -> None:
    first = casebook.make_store({"given": {"person": "surname\nOne"}})
    second = casebook.make_store({"given": {"person": "surname\nTwo"}})
    assert first.value("select surname from person") == "One"
    first.close()
    first.close()
    assert second.value("select surname from person") == "Two"
    second.close()


def test_check_select() -> None:
    check_select("select 1 as a", SECRET)
    for sql in ("select 1; select 2", "drop table x", "selec 1"):
        with pytest.raises(CatalogueError):
            check_select(sql, SECRET)
