"""Read the SQL files of queries/linked. Runs nothing."""

from __future__ import annotations

from functools import cache

from sen2dash.config import QUERIES


@cache
def query(name: str) -> str:
    """The SELECT with this name. Read once, like the rules."""
    return (QUERIES / "linked" / f"{name}.sql").read_text(encoding="utf-8")
