"""What an SQL statement is, reads and binds: asked of DuckDB, never guessed from words. Runs nothing.

A comment, a text or a column that has the name of a table reads no table. Answers are kept for the process, because
the SQL files do not change while it runs.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping
from functools import cache, lru_cache
from graphlib import TopologicalSorter
from pathlib import Path

import duckdb

from sen2dash.config import QUERIES
from sen2dash.errors import CatalogueError

_LOCK = threading.Lock()
#: Statements that stay parsed: 1.5 MB for those of every rule. Other files beside the return make other statements.
STATEMENTS_KEPT = 1_000


@cache
def _connection() -> duckdb.DuckDBPyConnection:
    """A database with the shared macros and nothing else: what they read belongs to the statement that uses them."""
    made = duckdb.connect(":memory:", config={"enable_external_access": "false", "threads": "1", "async_threads": "0"})
    for statement in made.extract_statements((QUERIES / "macros.sql").read_text(encoding="utf-8")):
        made.execute(statement)
    return made


def check_select(sql: str, path: Path) -> None:
    """CatalogueError unless the text is exactly one SELECT."""
    try:
        statements = duckdb.extract_statements(sql)
    except duckdb.Error as error:
        raise CatalogueError("An SQL file cannot be parsed", f"{path.name}: {reason(error)}") from None
    if len(statements) != 1 or statements[0].type != duckdb.StatementType.SELECT:
        raise CatalogueError("An SQL file is not one SELECT", f"{path.name} must hold exactly one SELECT.")


def reason(error: Exception) -> str:
    """The first line of a database error, without values of the return."""
    text = str(error).splitlines()[0] if str(error) else type(error).__name__
    return text.split(" when casting")[0][:200] if "Conversion Error" not in text else "Conversion Error"


@cache
def reads(sql: str) -> frozenset[str]:
    """The tables and views that a statement reads, directly or through macros: 'person', 'previous.person'.

    What the statement itself names in a WITH is none. Errors: duckdb.Error where the statement cannot be bound.
    """
    with _LOCK:
        found = _connection().get_table_names(_without_parameters(sql), qualified=True)
    # An alias stands behind a name, and a name that is a keyword as well stands in quotes.
    return frozenset(name.partition(" AS ")[0].replace('"', "") for name in found)


@lru_cache(maxsize=STATEMENTS_KEPT)
def parsed(sql: str) -> duckdb.Statement:
    """The one statement of a text. Any connection can run it, as often as it likes. Errors: duckdb.ParserException."""
    (statement,) = duckdb.extract_statements(sql)
    return statement


@cache
def binds(sql: str) -> frozenset[str]:
    """The parameters that a statement binds, without their dollar sign."""
    return frozenset(parsed(sql).named_parameters)


def _without_parameters(sql: str) -> str:
    """The statement with NULL in place of its parameters, without which DuckDB does not say what it reads."""
    text = sql.encode()
    starts = [start for start, _ in duckdb.tokenize(sql)] + [len(text)]
    pieces, copied = [], 0
    for this, name, behind in zip(starts, starts[1:], starts[2:], strict=False):
        # A text between dollar signs is one token, so a lone dollar sign begins a parameter.
        if text[this:name] == b"$":
            pieces += [text[copied:this], b"null"]
            copied = name + len(text[name:behind].split()[0])
    return b"".join([*pieces, text[copied:]]).decode()


def in_order(files: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """Names and statements, each behind those that it reads."""
    graph = {name: (reads(sql) & files.keys()) - {name} for name, sql in files.items()}
    return tuple((name, files[name]) for name in TopologicalSorter(graph).static_order())


def needed(sql: str, views: Iterable[tuple[str, str]]) -> frozenset[str]:
    """The names of the views that a statement reads, directly or through others. views: in the order of `in_order`."""
    wanted = set(reads(sql))
    found = set()
    for name, view in reversed(tuple(views)):
        if name in wanted:
            found.add(name)
            wanted |= reads(view)
    return frozenset(found)


def following(
    views: Iterable[tuple[str, str]], tables: Iterable[str] = (), parameters: Iterable[str] = ()
) -> frozenset[str]:
    """The names of the views that read one of these tables or bind one of these parameters, directly or through others.

    views: in the order of `in_order`. tables: as `reads` names them.
    """
    wanted, found = set(tables), set()
    chosen = frozenset(parameters)
    for name, sql in views:
        if not wanted.isdisjoint(reads(sql)) or chosen & binds(sql):
            wanted.add(name)
            found.add(name)
    return frozenset(found)
