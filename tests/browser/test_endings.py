"""Nothing is left behind by a closed tab, an upload that broke off, a lost connection or an error.

The server of these tests writes what it holds to a file several times a second, and its timeouts are seconds instead of
minutes.
"""

from __future__ import annotations

import json
import os
import socket
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, WebSocketRoute, expect
from playwright.sync_api import TimeoutError as PlaywrightTimeout

from sen2dash.sample.generate import sample_bytes
from tests.browser.conftest import ROOT, serving
from tests.browser.steps import NAMES, Visitor, choose, marked, upload, visit

DEADLINE = 60.0
MARK = "Qaxmark"
DEFECTS = ("P15", "R09", "P03", "P12")
#: Run in the server before it starts: sets short timeouts and writes what it holds to a file.
TELL = """
import json, os, pathlib, threading, time
from streamlit import runtime
from sen2dash.web import session_files, sweeping, vault
vault.VAULT.grace_seconds, sweeping.SWEEP_SECONDS, session_files.DOWNLOAD_SECONDS = {grace}, 0.2, 4.0
vault.VAULT.idle_seconds = {idle}

def held():
    known = {{"returns": len(vault.VAULT._entries), "work": len(vault.VAULT._work)}}
    if runtime.exists():
        streamlit = runtime.get_instance()
        known["sessions"] = len(streamlit._session_mgr._session_storage._cache._data)
        known["connected"] = len(streamlit._session_mgr.list_active_sessions())
        known["downloads"] = len(streamlit.media_file_mgr._storage._files_by_id)
        known["uploads"] = sum(len(files) for files in streamlit.uploaded_file_mgr.file_storage.values())
    return known

def tell():
    place = pathlib.Path(os.environ["TELL"])
    while True:
        try:
            place.with_suffix(".new").write_text(json.dumps(held()))
            os.replace(place.with_suffix(".new"), place)
        except (RuntimeError, AttributeError):  # changed while it was read, or not made yet
            pass
        time.sleep(0.2)

threading.Thread(target=tell, daemon=True).start()
"""


@dataclass
class Watched:
    """A server that reports what it holds."""

    address: str
    process: int
    folder: Path

    def held(self) -> dict[str, int]:
        found: dict[str, int] = json.loads((self.folder / "told").read_text())
        return found

    def wait_until(self, is_so: Callable[[dict[str, int]], bool], page: Page | None = None) -> None:
        """Poll until a condition on what is held is met. page: one whose routes need to run meanwhile."""
        end = time.monotonic() + DEADLINE
        while not is_so(self.held()):
            assert time.monotonic() < end, f"the server holds {self.held()}"
            if page is not None:
                page.wait_for_timeout(200)
            else:
                time.sleep(0.2)

    def is_well(self) -> bool:
        with urllib.request.urlopen(f"{self.address}/_stcore/health", timeout=10) as answer:
            return bool(answer.status == 200)

    def log(self) -> str:
        return (self.folder / "server.log").read_text()

    def written(self) -> list[str]:
        """Files in every folder that the server might write to."""
        return [str(p) for name in ("work", "temp", "home") for p in (self.folder / name).rglob("*") if p.is_file()]

    def open_files(self) -> list[str]:
        """Files on disk that the server has open for writing, including those without a name.

        Empty if there is no /proc.
        """
        found = []
        for each in Path(f"/proc/{self.process}/fd").glob("*"):
            try:
                target = str(each.readlink())
                flags = Path(f"/proc/{self.process}/fdinfo/{each.name}").read_text().split("flags:")[1].split()[0]
            except OSError:
                continue
            if target.startswith("/") and not target.startswith("/dev/") and int(flags, 8) & os.O_ACCMODE:
                found.append(target)
        return [target for target in found if not target.endswith(("server.log", "told.new"))]


def watch(folder: Path, grace: float, idle_seconds: float = 3600.0, before: str = "") -> Any:
    """A server started in an empty folder."""
    for name in ("work", "temp", "home"):
        (folder / name).mkdir()
    (folder / "work" / ".streamlit").symlink_to(ROOT / ".streamlit", target_is_directory=True)
    variables = {
        "TELL": str(folder / "told"),
        "TMPDIR": str(folder / "temp"),
        "HOME": str(folder / "home"),
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    code = TELL.format(grace=grace, idle=idle_seconds) + before
    return serving(folder / "server.log", code, folder / "work", variables)


@pytest.fixture
def watched(tmp_path: Path) -> Iterator[Watched]:
    """A server that forgets a closed tab after a second."""
    with watch(tmp_path, grace=1.0) as (address, process):
        yield Watched(address, process, tmp_path)


@pytest.fixture
def visitor(browser: Browser, watched: Watched) -> Iterator[Visitor]:
    found = visit(browser, watched.address)
    yield found
    found.leave()


def download(visitor: Visitor) -> str:
    """Download all findings and return the address of the file."""
    choose(visitor.page, "downloads")
    button = visitor.page.get_by_role("button", name="Everything (CSV)")
    # This server cleans up all the time, and a button removed while it is being redrawn ignores one click.
    for _ in range(3):
        with suppress(PlaywrightTimeout):
            with visitor.page.expect_download(timeout=20_000) as started:
                button.click()
            started.value.path()
            return started.value.url
    raise AssertionError("no download came")


def test_a_closed_tab_leaves_nothing_on_a_server_that_nobody_visits(watched: Watched, visitor: Visitor) -> None:
    upload(visitor.page, sample_bytes(persons=60, seed=7, rule_ids=DEFECTS, year=2025))
    download(visitor)
    watched.wait_until(lambda told: told["downloads"] == 1)
    held = watched.held()
    assert (held["returns"], held["connected"], held["uploads"]) == (1, 1, 0)
    visitor.leave()
    watched.wait_until(lambda told: not any(told.values()))
    assert watched.is_well()


def test_clearing_erases_the_return_and_what_was_downloaded(watched: Watched, visitor: Visitor) -> None:
    upload(visitor.page, sample_bytes(persons=60, seed=7, rule_ids=DEFECTS, year=2025))
    download(visitor)
    watched.wait_until(lambda told: told["downloads"] == 1)
    choose(visitor.page, "upload")
    visitor.page.get_by_role("button", name="Clear now").click()
    expect(visitor.page.get_by_role("heading", name="Check a SEN2 return")).to_be_visible()
    watched.wait_until(lambda told: not told["returns"] and not told["downloads"] and not told["uploads"])


def test_an_idle_return_is_erased_and_the_visitor_told(browser: Browser, tmp_path: Path) -> None:
    with watch(tmp_path, grace=1.0, idle_seconds=5.0) as (address, process):
        watched, visitor = Watched(address, process, tmp_path), visit(browser, address)
        upload(visitor.page, sample_bytes(persons=60, seed=7, rule_ids=DEFECTS, year=2025))
        watched.wait_until(lambda told: not told["returns"])
        assert watched.held()["connected"] == 1
        choose(visitor.page, "errors")
        expect(visitor.page.get_by_text("Your return was erased")).to_be_visible()
        visitor.leave()


def test_a_line_that_is_cut_for_a_while_loses_nothing(browser: Browser, tmp_path: Path) -> None:
    with watch(tmp_path, grace=60.0) as (address, process):
        watched, visitor = Watched(address, process, tmp_path), visit(browser, address)
        lines: list[WebSocketRoute] = []
        is_cut = False

        def connect(line: WebSocketRoute) -> None:
            if is_cut:
                line.close()
            else:
                lines.extend([line, line.connect_to_server()])

        visitor.page.route_web_socket("**/_stcore/stream", connect)
        upload(visitor.page, sample_bytes(persons=60, seed=7, rule_ids=DEFECTS, year=2025))
        # Going offline does not close an open connection in the browser, so both are needed.
        is_cut = True
        visitor.context.set_offline(True)
        for line in lines:
            line.close()
        watched.wait_until(lambda told: not told["connected"], visitor.page)
        assert watched.held()["returns"] == 1
        is_cut = False
        visitor.context.set_offline(False)
        watched.wait_until(lambda told: told["connected"] == 1, visitor.page)
        choose(visitor.page, "person")
        expect(visitor.page.get_by_text("60 people in this return")).to_be_visible()
        assert watched.is_well()
        visitor.leave()


def test_an_upload_that_breaks_off_is_not_kept_and_harms_nobody(watched: Watched, visitor: Visitor) -> None:
    data = sample_bytes(persons=60, seed=7, rule_ids=DEFECTS, year=2025)
    upload(visitor.page, data)
    address = next(each for each in visitor.asked if "/_stcore/upload_file/" in each)
    where = urlsplit(address)
    cookies = "; ".join(f"{c['name']}={c['value']}" for c in visitor.context.cookies())
    token = next(c["value"] for c in visitor.context.cookies() if c["name"] == "_streamlit_xsrf")
    head = (
        f"PUT {where.path.rsplit('/', 1)[0]}/00000000-0000-4000-8000-000000000000 HTTP/1.1\r\nHost: {where.netloc}\r\n"
        f"Cookie: {cookies}\r\nX-Xsrftoken: {token}\r\nContent-Type: multipart/form-data; boundary=x\r\n"
        'Content-Length: 9000000\r\n\r\n--x\r\nContent-Disposition: form-data; name="file"; filename="a.xml"\r\n'
        "Content-Type: text/xml\r\n\r\n"
    )
    with socket.create_connection((str(where.hostname), int(where.port or 0))) as line:
        line.settimeout(2.0)
        line.sendall(head.encode() + data * (6_000_000 // len(data)))
        # An immediate answer would be a refusal, and then this test would show nothing.
        with pytest.raises(TimeoutError):
            line.recv(1000)
        assert watched.open_files() == []
    assert watched.is_well()
    watched.wait_until(lambda told: told["uploads"] == 0)
    choose(visitor.page, "person")
    expect(visitor.page.get_by_text("60 people in this return")).to_be_visible()
    upload(visitor.page, data)


#: Makes the list of findings, a callback and a download fail, each with a name in the message.
FAIL = f"""
from sen2dash.checks import findings
from sen2dash.output import export

def fail(*args, **kwargs):
    raise ValueError("{MARK} born 2010-01-01")

findings.findings_page = export.findings_xlsx = vault.clear = fail
"""


def test_nothing_personal_is_logged_or_written_or_stands_in_an_address(browser: Browser, tmp_path: Path) -> None:
    with watch(tmp_path, grace=60.0, before=FAIL) as (address, process):
        watched, visitor = Watched(address, process, tmp_path), visit(browser, address)
        page, data = visitor.page, marked(sample_bytes(persons=900, seed=7, rule_ids=DEFECTS, year=2025), MARK)
        upload(page, data)
        for name in NAMES:
            choose(page, name)
            if name in ("errors", "queries"):
                expect(page.get_by_text("Something went wrong on this page")).to_be_visible()
            elif name == "person":
                page.get_by_role("textbox", name="Person number, UPN, ULN, name or date of birth").fill(MARK)
                page.keyboard.press("Enter")
                expect(page.get_by_text("people that match")).to_be_visible()
                # The pages must show a name, otherwise there would be none to leak.
                visitor.wait_until_sent(MARK)
        download(visitor)
        page.get_by_role("button", name="Everything, a sheet for each module (Excel)").click()
        # Each of the three failures must be in the log, otherwise this test would show nothing.
        watched.wait_until(lambda held: watched.log().count("ValueError") >= 3, page)
        choose(page, "upload")
        page.get_by_role("button", name="Clear now").click()
        expect(page.get_by_role("alert").filter(has_text="This app has encountered an error")).to_be_visible()
        choose(page, "rulebook")
        assert not any(MARK in address or "2010-01-01" in address for address in visitor.asked)
        log = watched.log()
        assert "reference" in log
        assert "Uncaught" not in log or MARK not in log
        assert MARK not in log
        assert "2010-01-01" not in log
        assert watched.written() == []
        assert watched.open_files() == []
        assert not visitor.elsewhere()
        visitor.leave()
    assert MARK not in (tmp_path / "server.log").read_text()
