"""Two windows and two servers at once: nothing is lost, nothing is kept twice, no chain is broken."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import sqlalchemy as sa

from sen2dash.archive import audit, deleting, keeping
from sen2dash.archive.audit import Event
from sen2dash.archive.kept import find, listed, original
from sen2dash.archive.opening import Archive
from sen2dash.archive.tables import AUDIT, KEYS
from sen2dash.config import QUERIES
from sen2dash.errors import BadArchive
from tests.archive.conftest import Open
from tests.archive.made import Made, keep

#: Another server: opens the archive, keeps a return of its own and one that the other keeps too, and notes events.
SERVER = """
import sys
from tests.archive.conftest import PASSPHRASE, CHEAP
from tests.archive import made
from sen2dash.archive import opening
from sen2dash.archive.audit import Event
from sen2dash.config import Settings
_, address, name, own = sys.argv
shared, mine = made.make(1), made.make(int(own))
print("ready", flush=True)
sys.stdin.readline()
archive = opening.open_archive(Settings(now=made.NOW, archive=address), PASSPHRASE, name, True, CHEAP)
for each in (mine, shared):
    made.keep(archive, each)
for _ in range(20):
    archive.record(Event(action="load"), "333")
"""


def unbroken(archive: Archive) -> dict[str, int]:
    """The number of entries of each chain, none of which is broken."""
    with archive.database.reading() as connection:
        chains = audit.verify(connection, archive.database.own_chain, archive.key)
    assert [chain.why for chain in chains if chain.broken_at is not None] == []
    return {chain.authority: chain.n for chain in chains}


@pytest.mark.slow
def test_two_servers_lose_nothing_and_keep_nothing_twice(
    address: str, open_it: Open, first: Made, second: Made
) -> None:
    """The other server is a process of its own; this one is the test."""
    command = [sys.executable, "-c", SERVER, address, "one", "3"]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with subprocess.Popen(command, cwd=QUERIES.parent, **pipes) as server:  # type: ignore[call-overload]
        assert server.stdout.readline() == b"ready\n"
        server.stdin.write(b"go\n")
        server.stdin.flush()
        archive = open_it(address)
        for each in (second, first):
            keep(archive, each)
        for _ in range(20):
            archive.record(Event(action="load"), "333")
        assert (server.wait(120), server.stderr.read()) == (0, b"")
    found = listed(archive)
    assert len(found) == 3
    assert not any(each.is_damaged for each in found)
    # Three kept and 40 loads.
    assert unbroken(archive) == {"333": 43, archive.database.own_chain: 2}


def test_windows_of_one_server_keep_each_return_once(address: str, open_it: Open, first: Made, second: Made) -> None:
    with ThreadPoolExecutor(8) as pool:
        # All of them open an archive that is not there yet: one makes its key.
        archives = list(pool.map(lambda _: open_it(address), range(8)))
        assert [each.is_new for each in archives].count(True) == 1
        work = [(archive, (first, second)[place % 2]) for place, archive in enumerate(archives)]
        kept = list(pool.map(lambda each: keep(*each).id, work))
        list(pool.map(lambda archive: archive.record(Event(action="load"), "333"), archives))
    assert len(set(kept)) == 2
    assert {each.id for each in listed(archives[0])} == set(kept)
    assert {original(archives[7], find(archives[7], ident)) for ident in kept} == {first.data, second.data}
    # Two kept, eight loads, and each of the eight ids opened.
    assert unbroken(archives[0]) == {"333": 2 + 8 + 8, archives[0].database.own_chain: 8}


def test_changes_to_one_return_at_once_are_all_kept(address: str, open_it: Open, first: Made) -> None:
    archive = open_it(address)
    kept = keep(archive, first)
    changes = [{"label": "Label"}, {"note": "Note"}, {"kind": "submission"}] * 3
    with ThreadPoolExecutor(6) as pool:
        list(pool.map(lambda change: keeping.relabel(archive, kept, **change), changes))
    manifest = find(archive, kept.id).manifest
    assert manifest is not None
    assert (manifest.label, manifest.note, manifest.kind) == ("Label", "Note", "submission")


def test_erase_waits_for_whoever_is_writing(address: str, open_it: Open) -> None:
    """What is written while everything is erased is erased too: its key is gone."""
    archive, other = open_it(address), open_it(address)
    with ThreadPoolExecutor(1) as pool:
        with other.writing("333") as connection:
            erased = pool.submit(deleting.erase, archive)
            with pytest.raises(TimeoutError):
                erased.result(0.3)
            other.note(connection, "333", Event(action="load"))
        assert erased.result(60) == 0
    with archive.database.reading() as connection:
        assert [connection.scalar(sa.select(sa.func.count()).select_from(each)) for each in (AUDIT, KEYS)] == [0, 0]
    with pytest.raises(BadArchive, match="has been erased"):
        other.record(Event(action="load"), "333")


def test_a_write_that_fails_leaves_neither_the_change_nor_the_entry(archive: Archive, first: Made) -> None:
    keep(archive, first)
    before = unbroken(archive)
    try:
        with archive.writing("333") as connection:
            archive.note(connection, "333", Event(action="load"))
            raise BadArchive("Stopped", "In the middle.")
    except BadArchive:
        pass
    assert unbroken(archive) == before


def test_a_reader_does_not_wait_for_a_writer(open_it: Open, tmp_path: Path, first: Made) -> None:
    archive = open_it(f"sqlite:///{tmp_path}/returns.db")
    keep(archive, first)
    with archive.writing("333") as connection:
        archive.note(connection, "333", Event(action="load"))
        assert len(listed(archive)) == 1
