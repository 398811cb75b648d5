"""SQL is never built from values: statements are assembled only from names in the specification."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest

from sen2dash.checks.record import read_record
from sen2dash.checks.report import build_report
from sen2dash.config import QUERIES, Settings
from sen2dash.indicators import filters
from sen2dash.indicators.run import run_indicators
from sen2dash.sample.generate import sample_bytes
from tests import casebook
from tests.casebook import NOW
from tests.catalogue.test_lists import LISTS

ROOT = QUERIES.parent
MODULES = sorted([*(ROOT / "sen2dash").rglob("*.py"), *(ROOT / "pages").glob("*.py"), ROOT / "app.py"])
#: What identifies a text as SQL.
SQL = re.compile(
    r"\bselect\b[\s\S]*\bfrom\b|\binsert into\b|\bdelete from\b|\bcreate (or replace )?(table|view|schema|macro)\b"
    r"|\btruncate\b|\bjoin \w+ as\b|\bunion all\b|\bcase when\b|\btry_cast\b|\border by \w"
)
#: What is interpolated in texts that the store runs, by module: names in the specification, and SQL from files.
PUT_IN = {
    "compared": {
        "column",
        "counts",
        "each.element",
        "each.meaning(f'after_{place}', True)",
        "each.meaning(f'before_{place}', False)",
        "each.meaning(f't.{each.item_of_side(is_after).text_column}', is_after)",
        "each.item_of_side(is_after).text_column",
        "keys",
        "meanings",
        "own",
        "place",
        "table",
        "texts",
    },
    "database": {"expressions", "into", "marks", "name", "schema_name", "table"},
    "schema": {
        "'date' if name in ('open_date', 'close_date') else 'varchar'",
        "'varchar' if fact.type == 'str' else 'bigint'",
        "CODE_DDL",
        "DEVIATION_DDL",
        "ESTABLISHMENT_DDL",
        "FACTS_DDL",
        "FINDING_DDL",
        "GIVEN_PLACE_DDL",
        "MARK_DDL",
        "CENSUS_DDL",
        "TEAM_DDL",
        "MEMBER_DDL",
        "columns",
        "group.element",
        "item.column",
        "item.element",
        "item.text_column",
        "item.type",
        "joins",
        "key",
        "kind",
        "name",
        "own",
        "path_sql(table)",
        "place",
        "schema",
        "sql",
        "table",
    },
    "statements": {"AGE_COLUMNS[age_at]", "kind", "name", "rule_id", "selects", "sql", "typed"},
    "views": {"name", "select", "sql", "table"},
    "workspace": {"sql", "table"},
}
#: The parameters of the files of queries/compare.
COMPARED = {"indicator_id", "table", "parent", "key", "is_single", "n_rows", "n_before", "rules", "fates"}
#: The parameters of the files of queries/linked, besides those of the return.
LINKED = {"person"}
#: Interpolations in the store that are not SQL.
NOT_SQL = {"settings.memory_limit_mb", "self.settings.memory_limit_mb"}
#: What a look-up in one table never contains.
MORE_THAN_A_LOOK_UP = re.compile(
    r"\b(join|with|union|group by|over|qualify|case|lambda)\b|\bselect\b.*\bselect\b", re.S
)


def is_of_store(module: Path) -> bool:
    return module.parent.name == "store"


def constant_text(node: ast.AST) -> str:
    """Every piece of text in an expression, with a marker between them."""
    return "{}".join(
        part.value for part in ast.walk(node) if isinstance(part, ast.Constant) and isinstance(part.value, str)
    )


def interpolations(module: Path) -> Iterator[tuple[int, str]]:
    """Line and source of whatever is interpolated in a text that is SQL or, in the store, in any text."""
    for node in ast.walk(ast.parse(module.read_text("utf-8"))):
        if isinstance(node, ast.JoinedStr) and (is_of_store(module) or SQL.search(constant_text(node))):
            for value in node.values:
                if isinstance(value, ast.FormattedValue):
                    yield node.lineno, ast.unparse(value.value)
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr in ("format", "format_map", "replace", "substitute")
            and SQL.search(constant_text(node.func.value))
        ):
            yield node.lineno, ast.unparse(node)
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Mod) and SQL.search(constant_text(node)):
            yield node.lineno, ast.unparse(node)


@pytest.mark.parametrize("module", MODULES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_only_the_store_puts_sql_together(module: Path) -> None:
    known = PUT_IN.get(module.stem, set()) | NOT_SQL if is_of_store(module) else set()
    assert [(line, source) for line, source in interpolations(module) if source not in known] == []


def test_every_name_that_may_be_put_in_is_put_in() -> None:
    stores = [module for module in MODULES if is_of_store(module)]
    assert {module.stem for module in stores} >= set(PUT_IN)
    for module in stores:
        assert PUT_IN.get(module.stem, set()) <= {source for _, source in interpolations(module)}
    assert {source for module in stores for _, source in interpolations(module)} >= NOT_SQL


@pytest.mark.parametrize("module", MODULES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_python_holds_look_ups_in_one_table_alone(module: Path) -> None:
    """A longer SELECT is a file of queries/lists, where the SQL linter sees it."""
    if is_of_store(module):
        return
    texts = [
        node.value
        for node in ast.walk(ast.parse(module.read_text("utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and SQL.search(node.value)
    ]
    assert [text for text in texts if MORE_THAN_A_LOOK_UP.search(text)] == []


def test_a_longer_select_is_no_look_up() -> None:
    for sql in (
        "select a from person join requests as r on true",
        "with b as (select 1 as a) select a from b",
        "select a from person where row_id in (select person_id from requests)",
        "select a, count(*) as n from person group by a",
    ):
        assert MORE_THAN_A_LOOK_UP.search(sql)
    assert not MORE_THAN_A_LOOK_UP.search(
        "select surname, forename from person where row_id = $person order by surname"
    )


@pytest.fixture(scope="module")
def parameters() -> set[str]:
    """The parameters that rules, views and indicators may bind."""
    made = casebook.make_store({})
    try:
        return set(made.parameters())
    finally:
        made.close()


@pytest.mark.parametrize("path", sorted(QUERIES.rglob("*.sql")), ids=lambda path: path.relative_to(QUERIES).as_posix())
def test_sql_files_have_no_place_to_fill_in(path: Path, parameters: set[str]) -> None:
    """Files use only parameters: those of the collection and, for a list, its own. None has placeholders for text."""
    own = set(LISTS[path.stem]) if path.parent.name == "lists" else set()
    if path.is_relative_to(QUERIES / "compare"):
        own = COMPARED
    if path.is_relative_to(QUERIES / "linked"):
        own = LINKED
    code = re.sub(r"/\*.*?\*/|--[^\n]*|'[^']*'", "", path.read_text("utf-8"), flags=re.DOTALL)
    assert not re.search(r"[{}?]|%s|%\(", code)
    assert set(re.findall(r"\$(\w*)", code)) <= parameters | own


class Recording:
    """A connection that records every statement that is run."""

    def __init__(self, connection: Any, texts: list[str]) -> None:
        self._connection, self._texts = connection, texts

    def __getattr__(self, name: str) -> Any:
        return getattr(self._connection, name)

    def __enter__(self) -> Recording:
        return self

    def __exit__(self, *error: object) -> None:
        self._connection.close()

    def cursor(self) -> Recording:
        return Recording(self._connection.cursor(), self._texts)

    def execute(self, sql: Any, *more: Any) -> Any:
        self._texts.append(sql if isinstance(sql, str) else sql.query)
        return self._connection.execute(sql, *more)

    def sql(self, sql: str, **more: Any) -> Any:
        self._texts.append(sql)
        return self._connection.sql(sql, **more)


@pytest.mark.parametrize("share", [1, 2, 5])
def test_no_value_of_the_return_stands_in_a_text_that_is_run(share: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """All or some of the values contain a mark that would end a text in SQL, and no statement contains it."""
    texts: list[str] = []
    opened = duckdb.connect
    monkeypatch.setattr(duckdb, "connect", lambda *a, **k: Recording(opened(*a, **k), texts))
    number = iter(range(10**6))
    data = re.sub(
        r"(?<=>)([^<>\s][^<>]*)(?=<)",
        lambda found: f"{found[1]}' or marked --" if next(number) % share == 0 else found[1],
        sample_bytes(12, seed=3, year=2025).decode(),
    )
    report = build_report(data.encode(), Settings(now=NOW))
    try:
        assert report.of_status("broken") == ()
        found = report.findings_table([outcome.rule.id for outcome in report.outcomes])
        assert any("marked" in str(value) for value in found["value"].to_pylist())
        assert all(result.reason is None for result in run_indicators(report.store))
        assert filters.size(report.store, filters.EVERYONE)[1] == 12
        assert len(read_record(report, 3).sections) > 1
    finally:
        report.close()
    assert sum(text.count("select") for text in texts) > 300
    assert [text for text in texts if "marked" in text] == []
