"""For each rule one record that it finds and one that it does not, as small tables that people read.

examples.json is made from the rule's cases by `make docs`: the tests are no part of what runs. A rule that has been
added since has no example yet.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

from sen2dash.model import Frozen

FILE = Path(__file__).resolve().parent / "examples.json"


class Table(Frozen):
    """Rows of one part of the return, under the labels of the specification. An empty text is a blank item."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


class Example(Frozen):
    """One case of a rule. title: what is special about it. finds: the items that the rule points at."""

    title: str
    tables: tuple[Table, ...]
    finds: tuple[str, ...] = ()


class Examples(Frozen):
    """What a rule finds and what it does not; None where its cases show none."""

    failing: Example | None = None
    passing: Example | None = None


@cache
def _read() -> dict[str, Examples]:
    content = json.loads(FILE.read_text(encoding="utf-8"))
    return {rule_id: Examples.model_validate(found) for rule_id, found in content.items()}


def of_rule(rule_id: str) -> Examples:
    """The examples of a rule."""
    return _read().get(rule_id, Examples())
