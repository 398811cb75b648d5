"""The views under queries/: their statements in the order in which they are built, and which of them stay empty.

DuckDB says which tables a view reads (`lineage`). This module runs nothing.
"""

from __future__ import annotations

from functools import cache

import duckdb

from sen2dash.config import QUERIES
from sen2dash.store import lineage, schema

INDICATOR_VIEWS = "views/indicators"


@cache
def view_files(folder: str = "views") -> tuple[tuple[str, str], ...]:
    """Return the name and SELECT of every file of a folder under queries/, each after the views that it reads.

    The folder "views" includes the views that are built from the names of the specification.
    """
    files = {path.stem: path.read_text(encoding="utf-8") for path in sorted((QUERIES / folder).glob("*.sql"))}
    return lineage.in_order(files if folder == INDICATOR_VIEWS else files | schema.built_views())


def wanted_views(reading: str | None) -> tuple[tuple[str, str], ...]:
    """Return the views that a statement reads, directly or through others, in order. None: all of them."""
    if reading is None:
        return view_files()
    names = lineage.needed(reading, view_files())
    return tuple((name, sql) for name, sql in view_files() if name in names)


def empty_views(has_previous: bool, has_establishments: bool) -> frozenset[str]:
    """Return the views that read, directly or through others, an earlier return or a register that was not added."""
    absent = [] if has_previous else [f"previous.{table}" for table in schema.FILE_TABLES]
    absent += [] if has_establishments else ["establishment"]
    return lineage.following(view_files(), absent)


@cache
def tables_read(sql: str, with_indicators: bool = False) -> frozenset[str]:
    """Return the tables that a statement reads, directly or through views, also those of indicators if asked.

    A statement that DuckDB cannot parse reads none: it is reported when it is run.
    """
    try:
        waiting, seen = set(lineage.reads(sql)), set[str]()
    except duckdb.Error:
        return frozenset()
    views = {**dict(view_files()), **schema.generated_views()}
    if with_indicators:
        views |= dict(view_files(INDICATOR_VIEWS))
    while waiting:
        name = waiting.pop()
        if name not in seen:
            seen.add(name)
            waiting |= lineage.reads(views[name]) if name in views else set()
    return frozenset(seen - views.keys())


def changing_views(parameters: frozenset[str], with_indicators: bool = True) -> tuple[tuple[str, str], ...]:
    """Return the name and SELECT of the views that bind one of these parameters, directly or indirectly, in order."""
    views = (*view_files(), *(view_files(INDICATOR_VIEWS) if with_indicators else ()))
    names = lineage.following(views, parameters=parameters)
    return tuple((name, sql) for name, sql in views if name in names)


def building(name: str, sql: str, is_empty: bool) -> str:
    """Return the statement that builds a view. For an empty view, it reads no rows."""
    select = f"select * from (\n{sql}\n) limit 0" if is_empty else sql
    return f"create or replace table {name} as {select}"
