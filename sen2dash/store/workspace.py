"""A separate database for working with tables from other stores. It does not hold a return itself.

It has the limits and locks of a store, and is closed like one.
"""

from __future__ import annotations

import pyarrow as pa

from sen2dash.store.database import Store
from sen2dash.store.locked import Parameters


class Workspace(Store):
    """Tables made from rows passed in, and from each other by SQL files."""

    TOO_LARGE = "This needs more memory than it may use"

    def _create(self) -> None:
        """Create the macros alone: no table of a return is filled here."""
        #: The names of rows that are lent.
        self._lent: set[str] = set()
        self._run_file("macros.sql")

    def keep(self, table: str, rows: pa.Table) -> None:
        """Make a table from these rows, replacing any earlier table."""
        self._with_incoming(f"create or replace table {table} as select * from incoming", rows)

    def lend(self, name: str, rows: pa.Table) -> None:
        """Let `make` and `add` read these rows under a name, without a copy of them, until it is forgotten."""
        with self._lock:
            self._connection.register(name, rows)
            self._lent.add(name)

    def extend(self, table: str, rows: pa.Table) -> None:
        """Add rows, with the columns of the table in their order."""
        self._with_incoming(f"insert into {table} select * from incoming", rows)

    def make(self, table: str, sql: str, parameters: Parameters | None = None) -> None:
        """Make a table from the result of a SELECT, replacing any earlier table."""
        with self._lock, self._within_memory():
            self._run_bound(f"create or replace table {table} as {sql}", parameters or {})

    def add(self, table: str, sql: str, parameters: Parameters | None = None) -> None:
        """Add the result of a SELECT, with the columns of the table in their order."""
        with self._lock, self._within_memory():
            self._run_bound(f"insert into {table} {sql}", parameters or {})

    def forget(self, *tables: str) -> None:
        """Drop tables to free their memory, and rows that were lent."""
        with self._lock:
            for table in tables:
                if table in self._lent:
                    self._connection.unregister(table)
                    self._lent.remove(table)
                else:
                    self._connection.execute(f"drop table if exists {table}")

    def _with_incoming(self, statement: str, rows: pa.Table) -> None:
        with self._lock, self._within_memory():
            self._connection.register("incoming", rows)
            try:
                self._connection.execute(statement)
            finally:
                self._connection.unregister("incoming")
