"""Two drawn returns to compare: reports in two databases that the next pair empties."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from typing import Any

from sen2dash import spec
from sen2dash.checks import catalogue
from sen2dash.checks import run as rules
from sen2dash.checks.report import Report
from sen2dash.compare import pairing
from sen2dash.compare.comparison import Comparison, compare
from sen2dash.compare.queries import query
from sen2dash.config import Settings
from sen2dash.model import Facts
from sen2dash.store.database import Store
from sen2dash.store.workspace import Workspace
from tests import casebook
from tests.casebook import NOW


@cache
def _stores() -> tuple[Store, Store]:
    return Store(Settings(now=NOW)), Store(Settings(now=NOW))


def _report(store: Store, case: Mapping[str, Any], rule_ids: tuple[str, ...]) -> Report:
    """A report of a drawn return, with the findings of some rules."""
    chosen = [catalogue.rule(rule_id) for rule_id in rule_ids]
    store.clear()
    casebook._fill(store, case)
    collection = store.derive(None if chosen else query("keys/person"))
    outcomes = rules.run(store, chosen)
    sizes = {row["table_name"]: row["n_rows"] for row in store.rows("select * from table_size")}
    header = store.rows("select * from header")[0]
    texts = {item.element: header[item.text_column] for item in spec.items_of("header")}
    return Report(store, Facts(), collection, outcomes, sizes, texts)


def report_of(side: int, case: Mapping[str, Any], rule_ids: tuple[str, ...] = ()) -> Report:
    """A report of a drawn return in the first (0) or second (1) database, checked with these rules."""
    return _report(_stores()[side], case, rule_ids)


@contextmanager
def comparing(
    before: Mapping[str, Any], after: Mapping[str, Any], rule_ids: tuple[str, ...] = ()
) -> Iterator[Comparison]:
    """The comparison of two drawn returns, checked with these rules. Only one is open at a time."""
    one, other = _stores()
    found = compare(_report(one, before, rule_ids), _report(other, after, rule_ids))
    try:
        yield found
    finally:
        found.close()


@contextmanager
def pairing_alone(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[Workspace]:
    """The workspace of a comparison of two drawn returns after the first of its steps, in half the time of all."""
    one, other = _stores()
    space = Workspace(one.settings)
    try:
        pairing.pair_rows(space, _report(one, before, ()), _report(other, after, ()))
        yield space
    finally:
        space.close()


def changed_people(found: Comparison) -> list[dict[str, Any]]:
    """The persons in both returns who have changed, themselves or in a row beneath: before_person, after_person."""
    return found.space.rows(query("changed_people"))
