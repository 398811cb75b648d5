"""The address of the archive's database, its engine, and its errors in words for people.

What a database says in an error is never passed on, because it may hold a password or a value.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Engine
from sqlalchemy.exc import ArgumentError, SQLAlchemyError

from sen2dash.errors import BadArchive

SQLITE, POSTGRESQL = ("sqlite", "sqlite+pysqlite"), "postgresql+psycopg"
SETTING_HINT = "Set SEN2DASH_ARCHIVE to sqlite:///path/returns.db or postgresql+psycopg://user:password@host/database."
#: PostgreSQL's codes for what a role may not do, and for a lock that another writer holds for too long.
NOT_ALLOWED, LOCKED = "42501", "55P03"
#: SQLite's code for the same.
BUSY = 5


def url_of(address: str) -> sa.URL:
    """Return an address that was checked as far as is possible without the database. Errors: BadArchive."""
    try:
        # Bytes that are not UTF-8 come as halves of characters, which no database accepts.
        address.encode()
        url = sa.make_url(address)
    except (ArgumentError, ValueError):
        raise _wrong("It is not the address of a database.") from None
    if url.drivername in SQLITE and (url.database in (None, "", ":memory:") or url.query or url.host):
        raise _wrong("It does not name a file.")
    if url.drivername not in (*SQLITE, POSTGRESQL):
        raise _wrong("Only SQLite and PostgreSQL can be used.")
    if url.drivername == POSTGRESQL:
        _check_driver()
    return url


def is_sqlite(url: sa.URL) -> bool:
    """Whether an address names an SQLite file."""
    return url.drivername in SQLITE


def engine(url: sa.URL, **more: Any) -> Engine:
    """Make the engine of an address. Its errors hold no values. Errors: BadArchive."""
    try:
        return sa.create_engine(url, hide_parameters=True, **more)
    except (SQLAlchemyError, ValueError, TypeError):
        raise _wrong("It is not the address of a database.") from None


@contextmanager
def in_words() -> Iterator[None]:
    """Turn an error of the database into one for people, without what the database says."""
    try:
        yield
    except SQLAlchemyError as error:
        raise _in_words(error) from None


def _in_words(error: SQLAlchemyError) -> BadArchive:
    cause = getattr(error, "orig", None)
    state = getattr(cause, "sqlstate", None)
    if state == NOT_ALLOWED:
        return BadArchive(
            "The database does not allow this",
            "The database role has no right to these rows.",
            "Ask the owner of the database to admit the role to the authority with archive prepare.",
        )
    if state == LOCKED or (getattr(cause, "sqlite_errorcode", None) or 0) & 0xFF == BUSY:
        return BadArchive(
            "The archive is busy", "Somebody else has been writing to it for too long.", "Wait a minute and try again."
        )
    return BadArchive(
        "The archive cannot be used",
        f"Its database does not answer as it should ({type(error).__name__}).",
        "Check SEN2DASH_ARCHIVE, that the database is running and can be written to, and that its disk has room.",
    )


def _check_driver() -> None:
    """Refuse an address of PostgreSQL if its driver is not installed, or lacks the library that it calls."""
    try:
        import_module("psycopg")
    except ImportError:
        raise BadArchive(
            "PostgreSQL cannot be used yet",
            "The package psycopg is not installed as a whole.",
            "Install the packages of requirements-server.txt.",
        ) from None


def _wrong(why: str) -> BadArchive:
    return BadArchive("SEN2DASH_ARCHIVE is wrong", why, SETTING_HINT)
