"""Ask DuckDB what an SQL statement is, reads and binds. This module never guesses from words, and runs nothing.

A comment, text or column with the name of a table does not count as reading it. Answers are kept for the life of the
process, because the SQL files do not change while it runs.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping
from functools import cache, lru_cache
from graphlib import TopologicalSorter

import duckdb

from sen2dash.config import QUERIES

_LOCK = threading.Lock()
#: Parsed statements to keep: 1.5 MB for those of every rule. Adding other files to a return makes more statements.
STATEMENTS_KEPT = 1_000


@cache
def _connection() -> duckdb.DuckDBPyConnection:
    """Return a database with only the shared macros: what they read counts for the statement that uses them."""
    made = duckdb.connect(":memory:", config={"enable_external_access": "false", "threads": "1", "async_threads": "0"})
    for statement in parsed_file("macros.sql"):
        made.execute(statement)
    return made


def reason(error: Exception) -> str:
    """Return the first line of a database error, without values from the return."""
    text = str(error).splitlines()[0] if str(error) else type(error).__name__
    return text.split(" when casting")[0][:200] if "Conversion Error" not in text else "Conversion Error"


@cache
def reads(sql: str) -> frozenset[str]:
    """Return the tables and views that a statement reads, directly or through macros: 'person', 'previous.person'.

    Names from the statement's own WITH are not included. Errors: duckdb.Error if the statement cannot be bound.
    """
    with _LOCK:
        found = _connection().get_table_names(_without_parameters(sql), qualified=True)
    # An alias may follow a name, and a name that is also a keyword is in quotes.
    return frozenset(name.partition(" AS ")[0].replace('"', "") for name in found)


@lru_cache(maxsize=STATEMENTS_KEPT)
def parsed(sql: str) -> duckdb.Statement:
    """Parse a text as one statement, which any connection can run repeatedly.

    Errors: duckdb.ParserException; ValueError unless it is exactly one.
    """
    statements = duckdb.extract_statements(sql)
    if len(statements) != 1:
        raise ValueError("exactly one statement is run at a time")
    return statements[0]


@cache
def parsed_file(name: str) -> tuple[duckdb.Statement, ...]:
    """Parse a file under queries/, with any number of statements, as `parsed` does one."""
    return tuple(duckdb.extract_statements((QUERIES / name).read_text(encoding="utf-8")))


@cache
def binds(sql: str) -> frozenset[str]:
    """Return the parameters that a statement binds, without their dollar signs."""
    return frozenset(parsed(sql).named_parameters)


def _without_parameters(sql: str) -> str:
    """Replace the parameters of a statement with NULL: DuckDB cannot say what it reads while they are unbound."""
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
    """Return names and statements, each after those that it reads."""
    graph = {name: (reads(sql) & files.keys()) - {name} for name, sql in files.items()}
    return tuple((name, files[name]) for name in TopologicalSorter(graph).static_order())


def needed(sql: str, views: Iterable[tuple[str, str]]) -> frozenset[str]:
    """Return the names of the views that a statement reads, directly or through others. views: from `in_order`."""
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
    """Return the names of views that read one of these tables or bind one of these parameters, directly or indirectly.

    views: in the order of `in_order`. tables: as `reads` names them.
    """
    wanted, found = set(tables), set()
    chosen = frozenset(parameters)
    for name, sql in views:
        if not wanted.isdisjoint(reads(sql)) or chosen & binds(sql):
            wanted.add(name)
            found.add(name)
    return frozenset(found)
