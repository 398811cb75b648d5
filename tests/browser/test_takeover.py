"""Nobody can get into another browser's session: knowing a session id, which is in addresses, is not enough.

The clients are raw: they send what no page would send.
"""

from __future__ import annotations

import os
import signal
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from websockets.exceptions import InvalidStatus, WebSocketException

from sen2dash.config import Settings
from tests.browser.conftest import serving
from tests.browser.raw import WAIT, XSRF, Browser, Tab, forged
from tests.browser.test_endings import Watched, watch

UPLOAD_LIMIT = (Settings().upload_limit_mb + 1) * 1_000_000
FILE = "00000000-0000-4000-8000-000000000001"


@pytest.fixture(scope="module")
def watched(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Watched]:
    """One server for all attacks, each with its own victim."""
    folder = tmp_path_factory.mktemp("takeover")
    with watch(folder, grace=60.0, before="session_files.UPLOAD_SECONDS = 4.0\n") as (address, process):
        yield Watched(address, process, folder)


@pytest.fixture
def victim(watched: Watched) -> Browser:
    return Browser(watched.address).visit()


@pytest.fixture
def tab(victim: Browser) -> Iterator[Tab]:
    found = victim.connect()
    yield found
    found.close()


def attackers(victim: Browser) -> dict[str, Browser]:
    """Attackers who know the id of a session but not its cookie."""
    xsrf = {"_streamlit_xsrf": victim.cookies.get("_streamlit_xsrf", "none")}
    return {
        "no cookie": Browser(victim.address),
        "the token alone": Browser(victim.address, dict(xsrf)),
        "another browser": Browser(victim.address).visit(),
        "a forged cookie": Browser(victim.address, forged(victim)),
    }


WHO = ("no cookie", "the token alone", "another browser", "a forged cookie")


@pytest.mark.parametrize("who", WHO)
def test_a_session_cannot_be_taken_over_by_its_id(victim: Browser, tab: Tab, who: str) -> None:
    session = tab.draw()
    other = attackers(victim)[who].connect(session)
    assert other.draw() != session
    other.close()
    # The victim was not disconnected.
    assert tab.draw() == session


@pytest.mark.parametrize("who", WHO)
def test_nor_after_its_tab_was_closed(victim: Browser, tab: Tab, who: str) -> None:
    session = tab.draw()
    tab.close()
    other = attackers(victim)[who].connect(session)
    assert other.draw() != session
    other.close()
    again = victim.connect(session)
    assert again.draw() == session
    again.close()


def test_nor_by_a_second_list_of_protocols(victim: Browser, tab: Tab) -> None:
    session = tab.draw()
    other = Browser(victim.address).visit()
    try:
        sneaky = other.connect(headers={"Sec-WebSocket-Protocol": f"streamlit, none, {session}"})
    except WebSocketException:
        return
    assert sneaky.draw() != session
    sneaky.close()


@pytest.mark.parametrize("is_open", [True, False])
def test_the_rightful_browser_resumes_its_session(victim: Browser, tab: Tab, is_open: bool) -> None:
    session = tab.draw()
    if not is_open:
        tab.close()
    again = victim.connect(session)
    assert again.draw() == session
    again.close()


def test_two_tabs_of_a_browser_have_sessions_of_their_own(victim: Browser, tab: Tab) -> None:
    second = victim.connect()
    assert second.draw() != tab.draw()
    second.close()


@pytest.mark.parametrize("who", WHO)
def test_nobody_else_sends_or_deletes_a_file_of_a_session(
    watched: Watched, victim: Browser, tab: Tab, who: str
) -> None:
    session = tab.draw()
    watched.wait_until(lambda told: told["uploads"] == 0)
    other = attackers(victim)[who]
    assert other.upload(session, FILE, b"<a/>").status == 403
    assert victim.upload(session, FILE, b"<a/>").status == 204
    watched.wait_until(lambda told: told["uploads"] == 1)
    assert other.ask("DELETE", f"/_stcore/upload_file/{session}/{FILE}").status == 403
    time.sleep(0.5)
    assert watched.held()["uploads"] == 1
    assert victim.ask("DELETE", f"/_stcore/upload_file/{session}/{FILE}").status == 204
    watched.wait_until(lambda told: told["uploads"] == 0)


def test_files_that_no_page_takes_do_not_gather(watched: Watched, victim: Browser, tab: Tab) -> None:
    session = tab.draw()
    watched.wait_until(lambda told: told["uploads"] == 0)
    for number in range(5):
        assert victim.upload(session, FILE[:-1] + str(number), b"<a/>").status == 204
    time.sleep(0.5)
    assert watched.held()["uploads"] == 5
    began = time.monotonic()
    watched.wait_until(lambda told: told["uploads"] == 0)
    assert time.monotonic() - began < 10


def test_a_newer_upload_takes_the_place_of_one_that_leaves_no_room(victim: Browser, tab: Tab) -> None:
    session = tab.draw()
    with half_an_upload(victim, session) as line:
        assert victim.upload(session, FILE, b"<a/>").status == 204
        assert line.recv(100).startswith(b"HTTP/1.1 408")
        assert victim.ask("DELETE", f"/_stcore/upload_file/{session}/{FILE}").status == 204


def test_a_halted_upload_does_not_keep_the_server_from_stopping(tmp_path: Path) -> None:
    with serving(tmp_path / "server.log") as (address, process):
        browser = Browser(address).visit()
        tab = browser.connect()
        with half_an_upload(browser, tab.draw()):
            began = time.monotonic()
            os.kill(process, signal.SIGTERM)
            while time.monotonic() - began < 15 and is_running(process):
                time.sleep(0.1)
            assert not is_running(process)
    assert "Traceback" not in (tmp_path / "server.log").read_text()


def is_running(process: int) -> bool:
    """Whether a process of ours is still running. A finished one remains until its parent reads its status."""
    return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"


@contextmanager
def half_an_upload(browser: Browser, session: str) -> Iterator[socket.socket]:
    """A file of which only a part is sent."""
    where = urlsplit(browser.address)
    head = (
        f"PUT /_stcore/upload_file/{session}/{FILE} HTTP/1.1\r\nHost: {where.netloc}\r\nCookie: {browser.cookie()}\r\n"
        f"X-Xsrftoken: {browser.cookies.get(XSRF, '')}\r\nContent-Type: multipart/form-data; boundary=x\r\n"
        f'Content-Length: {UPLOAD_LIMIT}\r\n\r\n--x\r\nContent-Disposition: form-data; name="file"; filename="a.xml"\r\n'
        "Content-Type: text/xml\r\n\r\n"
    )
    with socket.create_connection((str(where.hostname), int(where.port or 0))) as line:
        line.settimeout(2.0)
        line.sendall(head.encode() + b"y" * 4_000_000)
        # An immediate answer would be a refusal, and then a test would show nothing.
        with pytest.raises(TimeoutError):
            line.recv(100)
        line.settimeout(WAIT)
        yield line


def test_a_file_for_a_session_that_is_none_is_refused(victim: Browser) -> None:
    assert victim.upload("00000000-0000-4000-8000-00000000000f", FILE, b"<a/>").status == 403


def test_a_page_under_another_name_of_the_server_is_refused(victim: Browser) -> None:
    for path in ("/", "/person", "/_stcore/host-config"):
        assert victim.ask("GET", path, headers={"Host": "evil.example"}).status == 400
    with pytest.raises(InvalidStatus):
        victim.connect(headers={"Host": "evil.example"})


def test_no_id_of_a_session_is_logged(watched: Watched, victim: Browser, tab: Tab) -> None:
    session = tab.draw()
    # Streamlit logs this when a connected session is connected again.
    again = victim.connect(session)
    again.draw()
    assert victim.upload(session, FILE, b"<a/>").status == 204
    again.close()
    log = watched.log()
    assert "already connected" in log
    assert session not in log
    assert "/_stcore/" not in log


def test_after_a_restart_the_tab_is_told_that_its_return_was_erased(tmp_path: Path) -> None:
    with serving(tmp_path / "first.log") as (address, _):
        browser = Browser(address).visit()
        first = browser.connect()
        session = first.draw()
        first.close()
    with serving(tmp_path / "second.log") as (address, _):
        browser.address = address
        before = browser.cookies["sen2dash_browser"]
        # Two tabs reconnect at once with the old cookie, and both belong to the same browser afterwards.
        twin = Browser(address, dict(browser.cookies))
        tab, second = browser.connect(session), twin.connect(session)
        fresh, other = tab.draw(), second.draw()
        assert len({session, fresh, other}) == 3
        assert tab.shows("The server was restarted")
        assert browser.cookies["sen2dash_browser"] != before
        assert browser.upload(other, FILE, b"<a/>").status == 204
        new = Browser(address).visit().connect()
        new.draw()
        assert not new.shows("The server was restarted")
        for each in (tab, second, new):
            each.close()
