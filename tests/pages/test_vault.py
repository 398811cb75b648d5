"""A return is deleted with its session: when the tab closes, after a time without use, and when it is cleared."""

from __future__ import annotations

import asyncio
import gc
import weakref
from functools import partial
from typing import cast

import pytest
from streamlit.runtime import media_file_manager, memory_media_file_storage
from streamlit.runtime.media_file_manager import MediaFileManager
from streamlit.runtime.media_file_storage import MediaFileStorageError
from streamlit.runtime.memory_media_file_storage import MemoryMediaFileStorage

from sen2dash.checks.report import Report
from sen2dash.reading.source import SourceText
from sen2dash.web.session_data import Inputs
from sen2dash.web.session_files import keep_downloads_until_fetched, name_downloads_at_random
from sen2dash.web.sweeping import sweeping
from sen2dash.web.vault import Vault
from tests.aside import run_aside


class Closable:
    """A substitute for a report that remembers whether it was closed."""

    is_closed = False

    def close(self) -> None:
        self.is_closed = True


@pytest.fixture
def vault() -> Vault:
    return Vault(idle_seconds=100.0, grace_seconds=10.0)


def put(vault: Vault, session: str) -> Closable:
    report = Closable()
    vault.put(session, cast(Report, report), Inputs(SourceText(b"<a/>"), "a.xml"))
    return report


def touched(vault: Vault, session: str) -> float:
    entry = vault.get(session)
    assert entry is not None
    return entry.touched


def test_sessions_do_not_see_each_other(vault: Vault) -> None:
    put(vault, "one")
    assert vault.get("two") is None


def test_a_new_return_closes_the_one_before(vault: Vault) -> None:
    old = put(vault, "one")
    new = put(vault, "one")
    assert (old.is_closed, new.is_closed) == (True, False)


def test_dropping_closes(vault: Vault) -> None:
    report = put(vault, "one")
    vault.drop("one")
    assert report.is_closed
    assert vault.get("one") is None


@pytest.mark.parametrize(("seconds", "gone"), [(10.0, False), (10.5, True)])
def test_an_orphan_goes_after_the_grace(vault: Vault, seconds: float, gone: bool) -> None:
    report = put(vault, "one")
    vault.orphan("one")
    vault.sweep(vault._orphaned["one"] + seconds)
    assert report.is_closed is gone


def test_a_session_that_comes_back_keeps_its_return(vault: Vault) -> None:
    report = put(vault, "one")
    vault.orphan("one")
    vault.adopt("one")
    vault.sweep(touched(vault, "one") + 99)
    assert not report.is_closed


def test_a_return_that_is_ready_after_the_tab_was_closed_goes_too(vault: Vault) -> None:
    vault.orphan("one")
    report = put(vault, "one")
    vault.sweep(vault._orphaned["one"] + 11)
    assert report.is_closed


@pytest.mark.parametrize(("seconds", "gone"), [(100.0, False), (100.5, True)])
def test_an_idle_return_goes_and_says_so(vault: Vault, seconds: float, gone: bool) -> None:
    report = put(vault, "one")
    vault.sweep(touched(vault, "one") + seconds)
    assert report.is_closed is gone
    assert vault.has_timed_out("one") is gone


def test_closing_the_vault_closes_everything(vault: Vault) -> None:
    reports = [put(vault, name) for name in ("one", "two")]
    vault.close()
    assert all(report.is_closed for report in reports)


def test_a_tab_that_came_back_and_was_not_used_since_keeps_its_return_until_it_goes(vault: Vault) -> None:
    report = put(vault, "one")
    vault.adopt("one", "theirs")
    vault.orphan("one")
    late = vault._orphaned["one"] + 11
    assert vault.sweep(late, is_there=lambda name: name == "theirs") == set()
    assert not report.is_closed
    assert vault.sweep(late) == {"theirs"}
    assert report.is_closed


def test_a_sweep_that_fails_is_not_the_last(monkeypatch: pytest.MonkeyPatch) -> None:
    swept = []

    def sweep(with_downloads: bool) -> None:
        swept.append(1)
        raise ValueError

    monkeypatch.setattr("sen2dash.web.sweeping.sweep_server", sweep)
    monkeypatch.setattr("sen2dash.web.sweeping.SWEEP_SECONDS", 0.0)

    async def run() -> None:
        async with sweeping():
            while len(swept) < 3:
                await asyncio.sleep(0)

    run_aside(asyncio.wait_for(run(), timeout=20))


class Knot:
    """Something that only a collection of garbage removes."""

    def __init__(self) -> None:
        self.itself = self


@pytest.mark.parametrize("erase", [True, False])
def test_the_server_collects_garbage_soon_after_something_is_erased_and_now_and_then(
    vault: Vault, monkeypatch: pytest.MonkeyPatch, erase: bool
) -> None:
    monkeypatch.setattr("sen2dash.web.sweeping.VAULT", vault)
    monkeypatch.setattr("sen2dash.web.sweeping.SWEEP_SECONDS", 0.0)
    monkeypatch.setattr("sen2dash.web.sweeping.COLLECT_SECONDS", 3600.0 if erase else 0.0)
    put(vault, "one")
    gc.collect()
    gc.disable()

    async def run() -> bool:
        async with sweeping():
            await asyncio.sleep(0.01)
            found = weakref.ref(Knot())
            if erase:
                assert found() is not None
                vault.drop("one")
            while found() is not None:
                await asyncio.sleep(0)
            return True

    try:
        assert run_aside(asyncio.wait_for(run(), timeout=20))
    finally:
        gc.enable()


@pytest.fixture
def downloads(monkeypatch: pytest.MonkeyPatch) -> MediaFileManager:
    """Streamlit's store of downloads, as in the server."""
    monkeypatch.setattr(media_file_manager, "MediaFileMetadata", media_file_manager.MediaFileMetadata)
    monkeypatch.setattr(memory_media_file_storage, "_calculate_file_id", memory_media_file_storage._calculate_file_id)
    keep_downloads_until_fetched()
    name_downloads_at_random()
    return MediaFileManager(MemoryMediaFileStorage("/media"))


def test_a_download_lives_until_fetched_however_many_pages_are_drawn(
    downloads: MediaFileManager, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = downloads.execute_deferred(downloads.add_deferred(lambda: b"a,b", "text/csv", "1", "a.csv"))
    name = address.rsplit("/", 1)[1]
    for _ in range(5):
        downloads.remove_orphaned_files()
    assert downloads._storage.get_file(name).content == b"a,b"  # type: ignore[attr-defined]
    monkeypatch.setattr("sen2dash.web.session_files.DOWNLOAD_SECONDS", 0.0)
    downloads.remove_orphaned_files()
    with pytest.raises(MediaFileStorageError):
        downloads._storage.get_file(name)  # type: ignore[attr-defined]


def test_each_download_has_its_own_address_and_its_own_bytes(downloads: MediaFileManager) -> None:
    middle = 400_000
    files = [b"a" * middle + name + b"b" * 2_000_000 for name in (b"Ann", b"Bob", b"Bob")]
    addresses = [
        downloads.execute_deferred(downloads.add_deferred(partial(bytes, f), "text/csv", "1", "a.csv")) for f in files
    ]
    assert len(set(addresses)) == len(files)
    storage = downloads._storage
    assert isinstance(storage, MemoryMediaFileStorage)
    assert [storage.get_file(address.rsplit("/", 1)[1]).content for address in addresses] == files
