"""The views under queries/: their statements in the order in which they are built, and which of them stay empty.

Which tables a view reads is asked of DuckDB (`lineage`). Runs nothing.
"""

from __future__ import annotations

from functools import cache

from sen2dash.config import QUERIES
from sen2dash.store import lineage, schema

INDICATOR_VIEWS = "views/measures"


@cache
def view_files(folder: str = "views") -> tuple[tuple[str, str], ...]:
    """Name and SELECT of every file of a folder under queries/, each behind the views that it reads.

    Those of the return come with the views that are made of the names of the specification.
    """
    files = {path.stem: path.read_text(encoding="utf-8") for path in sorted((QUERIES / folder).glob("*.sql"))}
    return lineage.in_order(files if folder == INDICATOR_VIEWS else files | schema.built_views())


def wanted_views(reading: str | None) -> tuple[tuple[str, str], ...]:
    """The views that a statement reads, directly or through others, in order. None: all of them."""
    if reading is None:
        return view_files()
    names = lineage.needed(reading, view_files())
    return tuple((name, sql) for name, sql in view_files() if name in names)


def empty_views(has_previous: bool, has_establishments: bool) -> frozenset[str]:
    """The views that read, directly or through others, an earlier return or a register that was not given."""
    absent = [] if has_previous else [f"previous.{table}" for table in schema.FILE_TABLES]
    absent += [] if has_establishments else ["establishment"]
    return lineage.following(view_files(), absent)


def changing_views(parameters: frozenset[str], with_indicators: bool = True) -> tuple[tuple[str, str], ...]:
    """Name and SELECT of the views that bind one of these parameters, directly or through others, in order."""
    views = (*view_files(), *(view_files(INDICATOR_VIEWS) if with_indicators else ()))
    names = lineage.following(views, parameters=parameters)
    return tuple((name, sql) for name, sql in views if name in names)


def building(name: str, sql: str, is_empty: bool) -> str:
    """The statement that builds a view. An empty one reads nothing to find that out."""
    select = f"select * from (\n{sql}\n) limit 0" if is_empty else sql
    return f"create or replace table {name} as {select}"
