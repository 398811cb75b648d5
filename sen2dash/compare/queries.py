"""Read the SQL files of queries/compare. Runs nothing."""

from __future__ import annotations

from functools import cache

from sen2dash.config import QUERIES


@cache
def query(name: str) -> str:
    """The SELECT with this name: 'step', 'keys/person'. Read once, like the rules."""
    return (QUERIES / "compare" / f"{name}.sql").read_text(encoding="utf-8")
