"""The database in which linked files are matched: the people of one return, the code lists, and what is kept of files.

Rows that match nobody are dropped from it, and the files themselves are not kept.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from typing import Generic, TypeVar

import pyarrow as pa

from sen2dash import reference, spec
from sen2dash.checks.report import Report
from sen2dash.linked.queries import query
from sen2dash.store.workspace import Workspace

Made = TypeVar("Made")


class Linking:
    """A workspace with the people of a return, as `linked_person`. Close it to free the memory.

    It does not hold the report, which holds the figures that hold this.
    """

    def __init__(self, report: Report) -> None:
        #: The dates and the authority of the return.
        self.parameters = report.store.parameters()
        self.space = Workspace(report.store.settings)
        try:
            self.space.keep("linked_person", report.store.table(query("people")))
            for name, rows in _code_tables().items():
                self.space.keep(name, rows)
        except BaseException:
            self.space.close()
            raise

    def make(self, *names: str) -> None:
        """Make tables from the queries with these names."""
        for name in names:
            self.space.make(name, query(name), self.parameters)

    @contextmanager
    def making(self, *names: str) -> Iterator[None]:
        """Make tables for what is inside, and drop them after it, also if it fails."""
        try:
            self.make(*names)
            yield
        finally:
            self.space.forget(*names)

    def close(self) -> None:
        """Free the memory. Safe to call twice."""
        self.space.close()


class LazyValue(Generic[Made]):
    """A value that is worked out when it is first asked for, once, from whichever thread."""

    def __init__(self, work: Callable[[], Made]) -> None:
        self._work, self._lock = work, threading.Lock()
        self._made: list[Made] = []

    def value(self) -> Made:
        """The value."""
        with self._lock:
            if not self._made:
                self._made.append(self._work())
            return self._made[0]


@cache
def _code_tables() -> dict[str, pa.Table]:
    """Return the code lists of the census, and the groups of ethnicity in it and in the return."""
    own = [
        {"code": each.code, "code_group": each.published_group} for each in spec.all_codes() if each.code_set == "CS080"
    ]
    return {
        "ethnic_parent": pa.Table.from_pylist(
            [
                {"label": each.label, "parent": each.parent}
                for each in reference.characteristics()["ethnicity"].categories
            ]
        ),
        "census_code": pa.Table.from_pylist(reference.read("census_codes.csv")),
        "own_ethnicity": pa.Table.from_pylist(own)
        .group_by("code")
        .aggregate([("code_group", "min")])
        .rename_columns(["code", "code_group"]),
    }
