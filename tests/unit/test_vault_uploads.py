"""The files of a session that are waiting or being uploaded take no more room than the largest return."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from typing import Any

import pytest
from starlette.types import Message
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.uploaded_file_manager import UploadedFileRec

from sen2dash.web import session_data, session_files, uploads, vault
from sen2dash.web.uploads import MAX_FILES, Uploads

SESSION = "s"


@pytest.fixture
def manager(monkeypatch: pytest.MonkeyPatch) -> Iterator[MemoryUploadedFileManager]:
    monkeypatch.setattr(MemoryUploadedFileManager, "add_file", MemoryUploadedFileManager.add_file)
    before = dict(session_files._ARRIVED)
    add: Any = MemoryUploadedFileManager.add_file
    if getattr(add, "is_limited", False):
        monkeypatch.setattr(MemoryUploadedFileManager, "add_file", add.__wrapped__)
    session_files.limit_uploads(10)
    yield MemoryUploadedFileManager("")
    session_files._ARRIVED.clear()
    session_files._ARRIVED.update(before)


def add(manager: MemoryUploadedFileManager, name: str, size: int, session: str = SESSION) -> None:
    manager.add_file(session, UploadedFileRec(file_id=name, name="x", type="", data=b"x" * size))


def waiting(manager: MemoryUploadedFileManager, session: str = SESSION) -> list[str]:
    return list(manager.file_storage.get(session, {}))


def test_several_small_files_wait_together(manager: MemoryUploadedFileManager) -> None:
    for name in "abc":
        add(manager, name, 3)
    assert waiting(manager) == ["a", "b", "c"]


def test_the_oldest_make_room(manager: MemoryUploadedFileManager) -> None:
    for name in "abc":
        add(manager, name, 3)
    add(manager, "d", 5)
    assert waiting(manager) == ["c", "d"]
    add(manager, "e", 10)
    assert waiting(manager) == ["e"]


def test_sessions_do_not_share_the_room(manager: MemoryUploadedFileManager) -> None:
    add(manager, "a", 10)
    add(manager, "b", 10, session="other")
    assert (waiting(manager), waiting(manager, "other")) == (["a"], ["b"])


def test_there_is_a_limit_on_their_number(manager: MemoryUploadedFileManager) -> None:
    for number in range(MAX_FILES + 3):
        add(manager, str(number), 0)
    assert len(waiting(manager)) == MAX_FILES
    assert waiting(manager)[0] == "3"


def outcome(sizes: list[str | None], limit: int) -> list[bool]:
    """Whether each of these uploads completes, if all start before the first has ended."""

    async def run() -> list[bool]:
        uploads, go = Uploads(limit), asyncio.Event()

        async def receive() -> Message:
            await go.wait()
            return {"type": "http.request", "body": b"", "more_body": False}

        async def app(scope: Any, receive: Any, send: Any) -> None:
            from starlette.requests import ClientDisconnect

            if (await receive())["type"] == "http.disconnect":
                raise ClientDisconnect

        async def send(message: Message) -> None:
            """Discard the message."""

        def scope(size: str | None) -> dict[str, Any]:
            return {"type": "http", "headers": [] if size is None else [(b"content-length", size.encode())]}

        tasks = []
        for size in sizes:
            tasks.append(asyncio.ensure_future(uploads.take(app, SESSION, scope(size), receive, send)))
            await asyncio.sleep(0)
        go.set()
        done = list(await asyncio.gather(*tasks))
        assert uploads._on_way == {}
        return done

    loop = asyncio.new_event_loop()
    try:
        return loop.run_until_complete(run())
    finally:
        loop.close()


@pytest.mark.parametrize(
    ("sizes", "ended"),
    [
        (["4", "4"], [True, True]),
        (["6", "5"], [False, True]),
        (["3", "3", "5"], [False, True, True]),
        ([None, "1"], [False, True]),
        (["odd", "1"], [False, True]),
        (["11"], [True]),
    ],
)
def test_uploads_on_their_way_make_room_for_newer_ones(sizes: list[str | None], ended: list[bool]) -> None:
    assert outcome(sizes, 10) == ended


def test_what_was_ended_is_counted_once() -> None:
    uploads.ended(SESSION)
    outcome(["6", "5", "5"], 10)
    assert (uploads.ended(SESSION), uploads.ended(SESSION)) == (1, 0)


def test_a_workbook_that_waits_for_its_header_is_erased_when_idle() -> None:
    vaults, now = vault.Vault(idle_seconds=60), time.monotonic()
    vaults.work(SESSION).to_head = session_data.FileWithoutHeader(
        "label", "modules.xlsx", b"names", lambda data, name: None
    )
    vaults.sweep(now + 50)
    assert vaults._work[SESSION].to_head is not None
    vaults.sweep(now + 100)
    assert vaults._work[SESSION].to_head is None
    assert vaults.has_timed_out(SESSION)
