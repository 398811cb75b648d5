"""The database of the archive: open it, bring its tables up to date, read, and write one at a time.

SQLite is one file on a local disk. PostgreSQL is prepared once by the owner of its tables (`prepare`); the program then
connects as a role that owns nothing and is bound by row security, and refuses any other. What a database says in an
error is never passed on, because it may hold a password or a value.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, event, func, select
from sqlalchemy.exc import ArgumentError, SQLAlchemyError
from sqlalchemy.pool import NullPool

from sen2dash.archive.tables import TENANTS, VERSION_TABLE
from sen2dash.errors import BadArchive, NoArchive
from sen2dash.text import printable

MIGRATIONS = Path(__file__).resolve().parent / "migrations"
#: How long a writer waits for another one.
LOCK_SECONDS = 60
#: Keeps the archive's locks in PostgreSQL apart from those of other programs.
LOCK_SEED = 0x53454E32
POSTGRESQL = "postgresql+psycopg"
#: What PostgreSQL says of its roles, and of who owns a table.
ROLES = sa.table("pg_roles", sa.column("rolname"), sa.column("rolsuper"), sa.column("rolbypassrls"))
OWNERS = sa.table("pg_tables", sa.column("tablename"), sa.column("tableowner"))
#: PostgreSQL's code for what a role may not do.
NOT_ALLOWED = "42501"
SETTING_HINT = "Set SEN2DASH_ARCHIVE to sqlite:///path/returns.db or postgresql+psycopg://user:password@host/database."


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
        with _in_words(), self.engine.connect() as connection:
            yield connection

    @contextmanager
    def writing(self, *chains: str) -> Iterator[Connection]:
        """Provide a connection to write with, in one transaction that holds the lock of these chains.

        chains: authority numbers, or `own_chain`. Other writers to them wait, whichever process or server they are in.
        Errors: BadArchive; nothing is then written.
        """
        with _in_words(), self.engine.connect().execution_options(is_writing=True) as connection, connection.begin():
            if self.owner:
                for chain in sorted(set(chains)):
                    lock = func.hashtextextended(chain, sa.cast(LOCK_SEED, sa.BigInteger))
                    connection.execute(select(func.pg_advisory_xact_lock(lock)))
            yield connection

    def close(self) -> None:
        """Close the connections."""
        self.engine.dispose()


def connect(address: str, is_made: bool = False) -> Database:
    """Open the database at an address, as in SEN2DASH_ARCHIVE.

    is_made: make the file of an SQLite archive if there is none. Errors: BadArchive.
    """
    url = _url(address)
    return _sqlite(url, is_made) if url.get_backend_name() == "sqlite" else _postgresql(url)


def prepare(address: str, role: str, authorities: Sequence[str]) -> None:
    """Make or update the tables in PostgreSQL, and let a role keep returns of these authorities.

    address: as the owner of the tables. role: an existing role that owns no table of the archive.
    Errors: BadArchive. Calling it again changes nothing.
    """
    url = _url(address)
    if url.get_backend_name() == "sqlite":
        raise BadArchive("There is nothing to prepare", "SQLite has no roles: the first return that is kept makes it.")
    engine = _engine(url)
    try:
        with _in_words(), engine.begin() as connection:
            _lock_tables(connection)
            _upgrade(connection)
            if not connection.scalar(select(func.count()).where(ROLES.c.rolname == role)):
                raise BadArchive(
                    "There is no such role",
                    f"The database has no role {printable(role)}.",
                    "Make it first: create role ... login password '...'",
                )
            for authority in authorities:
                _admit(connection, role, authority)
    finally:
        engine.dispose()


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
    if not path.exists():
        if not is_made:
            raise NoArchive(
                "There is no archive yet",
                f"There is no file {printable(str(path))}.",
                "Keep a return first, or correct SEN2DASH_ARCHIVE.",
            )
        _make_file(path)
    engine = _engine(url, poolclass=NullPool, connect_args={"timeout": LOCK_SECONDS})
    event.listen(engine, "connect", _set_up)
    event.listen(engine, "begin", _begin)
    database = Database(engine)
    with database.reading() as connection:
        is_current = _check_revision(connection) == _head()
    if not is_current:
        with database.writing() as connection:
            _upgrade(connection)
    return database


def _make_file(path: Path) -> None:
    """Make an empty file that only this account can read."""
    try:
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    except OSError as error:
        raise BadArchive(
            "The archive cannot be made",
            f"{printable(str(path))}: {error.strerror or type(error).__name__}.",
            "Make its folder first, or correct SEN2DASH_ARCHIVE.",
        ) from None


def _set_up(connection: Any, _: object) -> None:
    """Leave transactions to `_begin`, and let a deleted return take its marks and notes with it."""
    connection.isolation_level = None
    connection.execute("pragma foreign_keys = on")


def _begin(connection: Connection) -> None:
    is_writing = connection.get_execution_options().get("is_writing", False)
    connection.exec_driver_sql("begin immediate" if is_writing else "begin")


def _postgresql(url: sa.URL) -> Database:
    engine = _engine(url, pool_pre_ping=True)
    try:
        with _in_words(), engine.connect() as connection:
            _refuse_unbound(connection)
            if not sa.inspect(connection).has_table(VERSION_TABLE):
                raise _not_prepared("It has no tables of the archive.")
            if _check_revision(connection) != _head():
                raise _not_prepared("Its tables are those of an older release.")
            owner = str(connection.scalar(select(func.current_user())))
            rows = connection.execute(select(TENANTS.c.authority).where(TENANTS.c.role_name == owner))
            return Database(engine, owner, frozenset(rows.scalars()))
    except BaseException:
        engine.dispose()
        raise


def _refuse_unbound(connection: Connection) -> None:
    """Refuse a role that row security does not bind: it would read the rows of every authority."""
    me = select(ROLES.c.rolsuper, ROLES.c.rolbypassrls).where(ROLES.c.rolname == func.current_user())
    owned = select(func.count()).where(
        OWNERS.c.tablename.like("archive\\_%"), func.pg_has_role(OWNERS.c.tableowner, "member")
    )
    if any(connection.execute(me).one()) or connection.scalar(owned):
        raise BadArchive(
            "This database role may not be used",
            "It owns the tables of the archive, or row security does not bind it: it could read all rows.",
            "Connect as a role that was admitted with python -m sen2dash archive prepare.",
        )


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
    connection.execute(select(func.pg_advisory_xact_lock(LOCK_SEED)))


# -- addresses and errors ---------------------------------------------------------------------------------


def _url(address: str) -> sa.URL:
    try:
        url = sa.make_url(address)
        backend = url.get_backend_name()
    except ArgumentError:
        raise BadArchive("SEN2DASH_ARCHIVE is wrong", "It is not the address of a database.", SETTING_HINT) from None
    if backend == "sqlite" and (url.database in (None, "", ":memory:") or url.query or url.host):
        raise BadArchive("SEN2DASH_ARCHIVE is wrong", "It names no file.", SETTING_HINT)
    if backend != "sqlite" and url.drivername != POSTGRESQL:
        raise BadArchive("SEN2DASH_ARCHIVE is wrong", "It names another kind of database.", SETTING_HINT)
    if backend != "sqlite" and find_spec("psycopg") is None:
        raise BadArchive(
            "PostgreSQL cannot be used yet",
            "The package psycopg is not installed.",
            "Install the packages of requirements-server.txt.",
        )
    return url


def _engine(url: sa.URL, **more: Any) -> Engine:
    return sa.create_engine(url, hide_parameters=True, **more)


@contextmanager
def _in_words() -> Iterator[None]:
    """Turn an error of the database into one for people, without what the database says."""
    try:
        yield
    except SQLAlchemyError as error:
        if getattr(getattr(error, "orig", None), "sqlstate", None) == NOT_ALLOWED:
            raise BadArchive(
                "The database does not allow this",
                "The database role has no right to these rows.",
                "Ask the owner of the database to admit the role to the authority with archive prepare.",
            ) from None
        raise BadArchive(
            "The archive cannot be used",
            f"Its database does not answer as it should ({type(error).__name__}).",
            "Check SEN2DASH_ARCHIVE, that the database is running and can be written to, and that its disk has room.",
        ) from None
