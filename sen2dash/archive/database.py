"""The database of the archive: open it, bring its tables up to date, read, and write one at a time.

SQLite is one file on a local disk. PostgreSQL is prepared once by the owner of its tables (`prepare`); the program then
connects as a role that owns nothing and is bound by row security, and refuses any other.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, event, func, select
from sqlalchemy.pool import NullPool

from sen2dash.archive import roles
from sen2dash.archive.addresses import SETTING_HINT, engine, in_words, is_sqlite, url_of
from sen2dash.archive.tables import TENANTS, VERSION_TABLE
from sen2dash.errors import BadArchive, NoArchive
from sen2dash.text import printable

MIGRATIONS = Path(__file__).resolve().parent / "migrations"
#: How long a writer waits for another one, and how long a connection to PostgreSQL may take.
LOCK_SECONDS, CONNECT_SECONDS = 60, 10
#: Keeps the archive's locks in PostgreSQL apart from those of other programs.
LOCK_SEED = 0x53454E32


@dataclass(frozen=True)
class Database:
    """An archive's database with the newest tables.

    owner: the database role; empty in SQLite. authorities: those that the role may keep returns of; None: any.
    """

    engine: Engine
    owner: str = ""
    authorities: frozenset[str] | None = None

    @property
    def own_chain(self) -> str:
        """The name of the audit chain for events without an authority."""
        return f"role {self.owner}" if self.owner else ""

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Provide a connection to read with. Needs no lock. Errors: BadArchive."""
        with in_words(), self.engine.connect() as connection:
            yield connection

    @contextmanager
    def writing(self, *chains: str) -> Iterator[Connection]:
        """Provide a connection to write with, in one transaction that holds the lock of these chains.

        chains: authority numbers, or `own_chain`. Other writers to them wait, whichever process or server they are in.
        Errors: BadArchive; nothing is then written.
        """
        with in_words(), self.engine.connect().execution_options(is_writing=True) as connection, connection.begin():
            if self.owner:
                _limit_waiting(connection)
                for chain in sorted(set(chains)):
                    lock = func.hashtextextended(f"{self.owner} {chain}", sa.cast(LOCK_SEED, sa.BigInteger))
                    connection.execute(select(func.pg_advisory_xact_lock(lock)))
            yield connection

    def close(self) -> None:
        """Close the connections."""
        self.engine.dispose()


def connect(address: str, is_made: bool = False) -> Database:
    """Open the database at an address, as in SEN2DASH_ARCHIVE.

    is_made: make the file of an SQLite archive if there is none. Errors: BadArchive.
    """
    url = url_of(address)
    return _sqlite(url, is_made) if is_sqlite(url) else _postgresql(url)


def prepare(address: str, role: str, authorities: Sequence[str]) -> None:
    """Make or update the tables in PostgreSQL, and let a role keep returns of these authorities.

    address: as the owner of the tables. role: an existing role that row security binds.
    Errors: BadArchive. Calling it again changes nothing.
    """
    url = url_of(address)
    if is_sqlite(url):
        raise BadArchive("There is nothing to prepare", "SQLite has no roles: the first return that is kept makes it.")
    made = _postgresql_engine(url)
    try:
        with in_words(), made.begin() as connection:
            _lock_tables(connection)
            _upgrade(connection)
            if not roles.exists(connection, role):
                raise BadArchive(
                    "There is no such role",
                    f"The database has no role {printable(role)}.",
                    "Make it first: create role ... login password '...'",
                )
            roles.refuse_unbound(connection, role)
            for authority in authorities:
                _admit(connection, role, authority)
    finally:
        made.dispose()


def _admit(connection: Connection, role: str, authority: str) -> None:
    found = connection.scalar(select(TENANTS.c.role_name).where(TENANTS.c.authority == authority))
    if found is None:
        connection.execute(select(func.archive_admit(role, authority)))
    elif found != role:
        raise BadArchive(
            "The authority belongs to another role",
            f"Authority {authority} belongs to the role {printable(found)}.",
            "An authority's returns are sealed with the key of one role.",
        )


# -- the two databases ------------------------------------------------------------------------------------


def _sqlite(url: sa.URL, is_made: bool) -> Database:
    path = Path(str(url.database))
    if not _is_there(path):
        if not is_made:
            raise NoArchive(
                "There is no archive yet",
                f"There is no file {printable(str(path))}.",
                "Keep a return first, or correct SEN2DASH_ARCHIVE.",
            )
        _make_file(path)
    made = engine(url, poolclass=NullPool, connect_args={"timeout": LOCK_SECONDS})
    event.listen(made, "connect", _set_up)
    event.listen(made, "begin", _begin)
    database = Database(made)
    with database.reading() as connection:
        is_current = _check_revision(connection) == _head()
    if not is_current:
        with database.writing() as connection:
            _upgrade(connection)
    return database


def _is_there(path: Path) -> bool:
    """Whether there is a file. Errors: BadArchive if this account may not look, or no file can have this name."""
    try:
        return path.exists()
    except OSError as error:
        raise _no_file("The archive cannot be opened", path, error) from None


def _make_file(path: Path) -> None:
    """Make an empty file that only this account can read."""
    try:
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    except OSError as error:
        raise _no_file("The archive cannot be made", path, error) from None


def _no_file(title: str, path: Path, error: OSError) -> BadArchive:
    why = f"{printable(str(path))}: {error.strerror or type(error).__name__}."
    return BadArchive(title, why, "Make its folder first, or correct SEN2DASH_ARCHIVE.")


def _set_up(connection: Any, _: object) -> None:
    """Leave transactions to `_begin`, and let a deleted return take its marks and notes with it."""
    connection.isolation_level = None
    connection.execute("pragma foreign_keys = on")


def _begin(connection: Connection) -> None:
    is_writing = connection.get_execution_options().get("is_writing", False)
    connection.exec_driver_sql("begin immediate" if is_writing else "begin")


def _postgresql_engine(url: sa.URL) -> Engine:
    """An engine that gives up on a server that does not answer, unless the address says when."""
    waits = {} if "connect_timeout" in url.query else {"connect_timeout": CONNECT_SECONDS}
    return engine(url, pool_pre_ping=True, connect_args=waits)


def _postgresql(url: sa.URL) -> Database:
    made = _postgresql_engine(url)
    try:
        with in_words(), made.connect() as connection:
            if not sa.inspect(connection).has_table(VERSION_TABLE):
                raise _not_prepared("It has no tables of the archive.")
            # Who signed in: `set role` changes the current user, but not this one.
            owner = str(connection.scalar(select(func.session_user())))
            roles.refuse_unbound(connection, owner)
            if _check_revision(connection) != _head():
                raise _not_prepared("Its tables are those of an older release.")
            rows = connection.execute(select(TENANTS.c.authority).where(TENANTS.c.role_name == owner))
            return Database(made, owner, frozenset(rows.scalars()))
    except BaseException:
        made.dispose()
        raise


def _limit_waiting(connection: Connection) -> None:
    """Let this transaction wait no longer for a lock of PostgreSQL than for one of SQLite."""
    connection.execute(select(func.set_config("lock_timeout", f"{LOCK_SECONDS * 1_000:.0f}ms", True)))


def _not_prepared(why: str) -> BadArchive:
    return BadArchive(
        "The archive is not prepared",
        why,
        "The owner of the database has to run python -m sen2dash archive prepare with this release.",
    )


# -- tables -----------------------------------------------------------------------------------------------


def _config(connection: Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


@cache
def _script() -> ScriptDirectory:
    return ScriptDirectory.from_config(_config())


def _head() -> str | None:
    """The newest revision of the tables that this release knows."""
    return _script().get_current_head()


def _check_revision(connection: Connection) -> str | None:
    """The revision of the tables; None if there are none. Errors: BadArchive for what is not ours, or is newer."""
    found = MigrationContext.configure(connection, opts={"version_table": VERSION_TABLE}).get_current_revision()
    if found is None and connection.dialect.name == "sqlite" and sa.inspect(connection).get_table_names():
        raise BadArchive(
            "This is not an archive",
            "The file that SEN2DASH_ARCHIVE names is the database of another program.",
            SETTING_HINT,
        )
    if found is not None and found not in {each.revision for each in _script().walk_revisions()}:
        raise BadArchive(
            "The archive is from a newer release",
            "This release does not know its tables.",
            "Install the release that wrote it, or a newer one.",
        )
    return found


def _upgrade(connection: Connection) -> None:
    """Bring the tables up to date. Another process may have done it while this one waited for the lock."""
    if _check_revision(connection) != _head():
        command.upgrade(_config(connection), "head")


def _lock_tables(connection: Connection) -> None:
    _limit_waiting(connection)
    connection.execute(select(func.pg_advisory_xact_lock(LOCK_SEED)))
