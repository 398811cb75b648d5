"""Run DuckDB: locked-down databases in memory, their limits, and the ways to run SQL in them.

Nothing is written to disk, no file or network is read, and no connection is shared between databases. This module knows
no table and has no rules; its only text for people says that memory has run out.
"""

from __future__ import annotations

import threading
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, ClassVar

import duckdb
import pyarrow as pa

from sen2dash.config import Settings
from sen2dash.errors import TooLarge
from sen2dash.store import lineage

Parameters = Mapping[str, Any]
# DuckDB recommends `sql` for Arrow tables, which saves a copy of the rows but parses the text three times and binds it
# twice: up to twice the time of a list, where the copy of the longest takes a millisecond.
warnings.filterwarnings("ignore", "Arrow output on a DB-API result", UserWarning)


class LockedDatabase:
    """A database in memory. Close it to free the memory."""

    TOO_LARGE: ClassVar[str] = "The return is too large for the memory that it may use"

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._connection = duckdb.connect(
            ":memory:",
            config={
                "enable_external_access": "false",
                "autoload_known_extensions": "false",
                "autoinstall_known_extensions": "false",
                "allow_community_extensions": "false",
                "allow_persistent_secrets": "false",
                "python_enable_replacements": "false",
                "memory_limit": f"{settings.memory_limit_mb}MB",
                "threads": "1",
                # DuckDB starts eight threads per database that wait for files. There are no files here.
                "async_threads": "0",
                "temp_directory": "",
            },
        )
        self._lock = threading.Lock()
        #: Cursors that no thread is using.
        self._spare_cursors: list[duckdb.DuckDBPyConnection] = []
        self._create()
        # DuckDB can always use its own database path, even ":memory:": a COPY would write to a file of that name.
        self._connection.execute("set disabled_filesystems = 'LocalFileSystem'")
        self._connection.execute("set lock_configuration = true")

    def _create(self) -> None:
        """Create tables and macros, before the configuration is locked."""

    def _known_parameters(self) -> Parameters:
        """Return the parameters that any SELECT may bind."""
        return {}

    @contextmanager
    def _within_memory(self) -> Iterator[None]:
        """Raise TooLarge if the database runs out of memory inside this block."""
        try:
            yield
        except (duckdb.OutOfMemoryException, MemoryError):
            raise TooLarge(
                self.TOO_LARGE,
                f"It needs more than {self.settings.memory_limit_mb:,} MB.",
                "Ask your administrator to raise SEN2DASH_MEMORY_LIMIT_MB.",
            ) from None

    def _run_file(self, name: str) -> None:
        """Run the statements of a file under queries/."""
        for statement in lineage.parsed_file(name):
            self._connection.execute(statement)

    def _run_bound(self, sql: str, parameters: Parameters, connection: duckdb.DuckDBPyConnection | None = None) -> None:
        """Run one statement with the parameters that it binds."""
        statement = lineage.parsed(sql)
        chosen = connection or self._connection
        chosen.execute(statement, {name: parameters[name] for name in statement.named_parameters})

    @contextmanager
    def _own_cursor(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """Provide a cursor that no other thread uses. It is kept for reuse, because threads that create many cursors
        slow each other down.
        """
        cursor = self._spare_cursors.pop() if self._spare_cursors else self._connection.cursor()
        try:
            yield cursor
        finally:
            self._spare_cursors.append(cursor)

    def table(self, sql: str, parameters: Parameters | None = None) -> pa.Table:
        """Run one SELECT and return an Arrow table. Parameters are bound; unused ones of the collection are left out.

        Raises TooLarge if the database runs out of memory.
        """
        with self._lock, self._within_memory():
            statement = lineage.parsed(sql)
            if statement.type != duckdb.StatementType.SELECT:
                raise ValueError("nothing but a SELECT is run here")
            known = {**self._known_parameters(), **(parameters or {})}
            bound = {name: known[name] for name in statement.named_parameters}
            with self._connection.cursor() as cursor:
                return cursor.execute(statement, bound).to_arrow_table()

    def table_among(self, sql: str, incoming: pa.Table, parameters: Parameters | None = None) -> pa.Table:
        """Run one SELECT that reads `incoming`, rows passed in for this call only, and return an Arrow table.

        parameters: exactly those that it binds. Raises TooLarge if the database runs out of memory.
        """
        with self._lock, self._within_memory():
            self._connection.register("incoming", incoming)
            try:
                return self._connection.execute(lineage.parsed(sql), parameters).to_arrow_table()
            finally:
                self._connection.unregister("incoming")

    def rows(self, sql: str, parameters: Parameters | None = None) -> list[dict[str, Any]]:
        """Run one SELECT and return a list of dictionaries."""
        found: list[dict[str, Any]] = self.table(sql, parameters).to_pylist()
        return found

    def value(self, sql: str, parameters: Parameters | None = None) -> Any:
        """Return the single value of a SELECT with one row and one column; None if there is no row."""
        found = self.rows(sql, parameters)
        return next(iter(found[0].values())) if found else None

    def close(self) -> None:
        """Free the memory. Safe to call twice."""
        with self._lock:
            # An open cursor keeps the database in memory.
            while self._spare_cursors:
                self._spare_cursors.pop().close()
            self._connection.close()
