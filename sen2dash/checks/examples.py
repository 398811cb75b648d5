"""For each rule, one record that it finds and one that it does not, as small tables for people to read.

`make docs` makes examples.json from the rules' cases, because the tests are not part of the running program. A rule
added since then has no example yet.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

from sen2dash.model import Frozen

FILE = Path(__file__).resolve().parent / "examples.json"


class ExampleTable(Frozen):
    """Rows of one part of the return, headed by the labels of the specification. An empty text is a blank item."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


class Example(Frozen):
    """One case of a rule. title: what is special about it. finds: the items that the rule reports."""

    title: str
    tables: tuple[ExampleTable, ...]
    finds: tuple[str, ...] = ()


class Examples(Frozen):
    """A case that a rule finds and one that it does not; None if it has no such case."""

    failing: Example | None = None
    passing: Example | None = None


@cache
def _read() -> dict[str, Examples]:
    content = json.loads(FILE.read_text(encoding="utf-8"))
    return {rule_id: Examples.model_validate(found) for rule_id, found in content.items()}


def of_rule(rule_id: str) -> Examples:
    """Return the examples of a rule."""
    return _read().get(rule_id, Examples())
