"""The store that cases share: nothing of one case is left for the next, and its content is that of a separate store."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from sen2dash import spec
from sen2dash.checks import catalogue
from sen2dash.checks import run as rules
from sen2dash.store import schema
from sen2dash.store.database import Store
from tests import casebook
from tests.rules.test_cases import CASES

#: One case in this many is also loaded into a separate store.
STEP = 90
FULL: Mapping[str, Any] = {
    "given": {
        **dict.fromkeys(spec.TABLES[1:], "row_id\n1"),
        "person": "person_id | surname | forename\n1 | Adams | Bo",
        "deviation": "kind | table_name | row_id\nunknown | person | 1",
    },
    "previous": {"given": {"person": "surname\nAdams", "requests": "row_id\n1", "deviation": "kind\nunknown"}},
    "establishments": "urn | name\n123456 | A school",
    "register_faults": {"urn": "is not there"},
    "header": {"lea": "334"},
}


def tables(store: Store) -> list[str]:
    """Every table of a store that a case can fill, whatever the store records as filled."""
    return [f"{into}.{table}" for into in schema.SCHEMAS for table in schema.FILE_TABLES] + [
        "main.establishment",
        "main.finding",
        "main.member",
        "main.folded_name",
    ]


def content(store: Store, table: str) -> list[tuple[Any, ...]]:
    return store._connection.execute(f"select * from {table} order by all").fetchall()


def test_nothing_of_a_case_is_left_to_the_next() -> None:
    store = casebook.borrow_store(FULL)
    rules.run(store, catalogue.rules())
    indicator = catalogue.indicators()[0]
    store.derive_indicators()
    store.add_members(indicator.id, indicator.age_at, indicator.sql)
    filled = {table for table in tables(store) if content(store, table)}
    assert filled >= {"main.senneed", "main.deviation", "previous.person", "main.establishment", "main.finding"}
    assert casebook.borrow_store({}) is store
    assert {table for table in tables(store) if content(store, table)} == {"main.header", "main.file"}
    assert len(content(store, "main.header")) == len(content(store, "main.file")) == 1
    assert store.value("select lea from header") == "333"
    assert not (store.has_previous or store.has_establishments or store.register_faults or store.has_indicators)
    fresh = casebook.make_store({})
    try:
        views = [row[0] for row in fresh._connection.execute("select table_name from duckdb_tables()").fetchall()]
        for name in sorted({*views} - {"code"}):
            if name not in schema.FILE_TABLES:
                assert content(store, name) == content(fresh, name), name
    finally:
        fresh.close()


@pytest.mark.parametrize(("rule_id", "case"), CASES[::STEP])
def test_the_shared_store_holds_what_a_store_of_its_own_would(rule_id: str, case: dict[str, Any]) -> None:
    sql = catalogue.rule(rule_id).sql
    casebook.borrow_store(FULL, sql)
    shared, own = casebook.borrow_store(case, sql), casebook.make_store(case)
    try:
        read = casebook.tables_read(sql) | {"header", "file"}
        for table in sorted(read):
            assert content(shared, table) == content(own, table), table
    finally:
        own.close()


def test_every_column_is_loaded_as_the_store_loads_it() -> None:
    """Each item as a date, a yes, a no, nonsense, with a quote in it and blank."""
    given = {}
    for table in spec.TABLES[1:]:
        columns = ["place", *(item.column for item in spec.items_of(table))]
        lines = [" | ".join(columns)]
        for text in ("2024-02-29", "2024-02-30", "true", "0", "O'Brien", ""):
            lines.append(" | ".join(["1", *[text] * (len(columns) - 1)]))
        given[table] = "\n".join(lines)
    own = casebook.make_store({"given": given})
    try:
        shared = casebook.borrow_store({"given": given})
        for table in spec.TABLES[1:]:
            assert content(shared, table) == content(own, table), table
    finally:
        own.close()


def test_a_table_behind_a_view_or_a_macro_is_filled() -> None:
    assert casebook.tables_read("select * from person") == {"person"}
    assert casebook.tables_read("select * from table_size") >= {*spec.TABLES}
    assert {"requests", "namedplan", "person"} <= casebook.tables_read("select * from request_journey")
    names = casebook.tables_read("select folded(surname) as name from requests as r, person where true")
    assert {"person", "previous.person"} <= names


def test_a_column_that_does_not_exist_is_an_error() -> None:
    with pytest.raises(AssertionError, match="no column"):
        casebook.borrow_store({"given": {"requests": "recieved_date\n2024-01-01"}}, "select * from requests")
