"""DuckDB says what statements read and bind: words in comments, texts and column names make no difference."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from sen2dash import spec
from sen2dash.checks import catalogue
from sen2dash.config import Settings
from sen2dash.store import lineage, views
from sen2dash.store.database import Store
from sen2dash.store.views import view_files
from tests import casebook

#: The views that are empty without an earlier return, and those that are empty without a register.
OF_PREVIOUS = {"previous_journey", "same_person", "same_request", "same_plan"}
OF_REGISTER = {"register_match"}
GIVEN = {"requests": "received_date | request_outcome\n2024-05-01 | A", "person": "surname | upn\nOne | A1"}
PREVIOUS = {"previous": {"given": GIVEN}}
REGISTER = {"establishments": "urn | name\n123456 | School"}


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        ("select * from person", {"person"}),
        ("select * from header as h, previous.header", {"header", "previous.header"}),
        ("select * from previous.person as p inner join requests as r on true", {"previous.person", "requests"}),
        ("-- previous.person and establishment\nselect 'from establishment' as previous /* code */", set()),
        ("with establishment as (select 1 as a) select * from establishment", set()),
        ("with person as (select * from person) select * from person", {"person"}),
        ("with person as (select * from previous.person) select * from person", {"previous.person"}),
        ("select previous, establishment from code", {"code"}),
        ("select exists (from establishment) as a", {"establishment"}),
        ("select * from person where row_id in (select $a from code where $b > $a)", {"person", "code"}),
        ("select 'é $a', age_at($born, $census_date), $year from person -- $c", {"person"}),
        ("select * from person where upn = $upn", {"person"}),
        ("select $$from code where $a$$ as a from person", {"person"}),
    ],
)
def test_what_a_statement_reads(sql: str, expected: set[str]) -> None:
    assert lineage.reads(sql) == expected


def test_what_a_macro_reads_is_read() -> None:
    run = lineage._connection().execute
    run("create table establishment (urn varchar)")
    run("create macro size_of_register() as (select count(*) from establishment)")
    try:
        assert lineage.reads("select size_of_register() as n from person") == {"establishment", "person"}
    finally:
        run("drop macro size_of_register")
        run("drop table establishment")


def test_what_a_statement_binds() -> None:
    assert lineage.binds("select $b, '$c', age_at($a, $b) from person -- $d") == {"a", "b"}


def test_every_file_can_be_asked() -> None:
    known = {"finding", "member", "unreadable_item", "yes_item", "table_size", "category", "establishment_type"}
    known |= {"census_profile"}
    with_views = {name for folder in ("views", "views/indicators") for name, _ in view_files(folder)}
    tables = {
        "code",
        "establishment",
        "register_extract",
        "folded_name",
        "sen_setting",
        "deviation",
        "file",
        *spec.TABLES,
    }
    previous = {f"previous.{table}" for table in tables}
    statements = [sql for folder in ("views", "views/indicators") for _, sql in view_files(folder)]
    statements += [rule.sql for rule in catalogue.rules()] + [each.sql for each in catalogue.indicators()]
    for sql in statements:
        assert lineage.reads(sql) <= known | with_views | tables | previous, sql


@pytest.mark.parametrize("folder", ["views", "views/indicators"])
def test_a_view_stands_behind_those_that_it_reads(folder: str) -> None:
    seen: set[str] = set()
    names = {name for name, _ in view_files(folder)}
    for name, sql in view_files(folder):
        assert lineage.reads(sql) & names <= seen
        seen.add(name)


# -- which views are empty --------------------------------------------------------------------------------


def built_empty(made: Store) -> set[str]:
    return set(views.empty_views(made.has_previous, made.has_establishments))


@pytest.mark.parametrize(("with_previous", "with_register"), list(product((False, True), repeat=2)))
def test_exactly_the_views_of_what_was_not_given_are_empty(with_previous: bool, with_register: bool) -> None:
    case: dict[str, Any] = {
        "given": GIVEN,
        **(PREVIOUS if with_previous else {}),
        **(REGISTER if with_register else {}),
    }
    made = casebook.make_store(case)
    try:
        expected = (set() if with_previous else OF_PREVIOUS) | (set() if with_register else OF_REGISTER)
        assert built_empty(made) == expected
        for name, sql in view_files():
            built = made.value(f"select count(*) as n from {name}")
            # The statement of an empty view would also find nothing if it ran.
            assert built == made.value(f"select count(*) as n from (\n{sql}\n)"), name
            assert not built or name not in expected
    finally:
        made.close()


def test_a_register_without_rows_is_given() -> None:
    made = casebook.make_store({"given": GIVEN, "establishments": ""})
    assert built_empty(made) == OF_PREVIOUS
    made.close()


@pytest.fixture
def planted(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Path]:
    """A copy of the views with these words in a comment of each, and in a text and a column of one."""
    folder = tmp_path / "views"
    folder.mkdir()
    for name, sql in view_files():
        words = "previous establishment previous.person same_person"
        (folder / f"{name}.sql").write_text(f"{sql}\n-- {words}\n/* from {words} */", encoding="utf-8")
    (folder / "odd.sql").write_text(
        "-- One row per person.\nselect 'from establishment' as previous, surname as establishment from person", "utf-8"
    )
    monkeypatch.setattr(views, "QUERIES", tmp_path)
    view_files.cache_clear()
    yield folder
    view_files.cache_clear()


def test_a_word_in_a_comment_empties_no_view(planted: Path) -> None:
    made = casebook.make_store({"given": GIVEN})
    try:
        assert {name for name, _ in view_files()} == {path.stem for path in planted.glob("*.sql")}
        assert built_empty(made) == OF_PREVIOUS | OF_REGISTER
        assert made.value("select count(*) as n from request_journey") == 1
        assert made.rows("select * from odd") == [{"previous": "from establishment", "establishment": "One"}]
    finally:
        made.close()


def test_only_the_views_that_are_read_are_built() -> None:
    made = Store(Settings(now=casebook.NOW))
    casebook._fill(made, {"given": GIVEN})
    made.derive("-- same_plan register_match\nselect * from caseload as c")
    built = {
        row["table_name"] for row in made.rows("select table_name from duckdb_tables() where schema_name = 'main'")
    }
    assert built & {name for name, _ in view_files()} == {"caseload", "request_journey"}
    made.close()


def test_what_follows_from_a_table_or_a_parameter() -> None:
    views = (("a", "select $x as x from person"), ("b", "select * from a"), ("c", "select * from code"))
    assert lineage.following(views, ["code"]) == {"c"}
    assert lineage.following(views, ["person"]) == {"a", "b"}
    assert lineage.following(views, parameters=["x"]) == {"a", "b"}
    assert lineage.following(views, parameters=["y"]) == frozenset()
    assert lineage.needed("select * from b -- c", views) == {"a", "b"}
    assert lineage.in_order(dict(reversed(views)))[-1][0] in ("b", "c")
