"""A real server and a real browser: the server as a subprocess on a free port, and the machine's Chromium."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Error, Page, Playwright, expect, sync_playwright

from tests.browser.steps import visit

ROOT = Path(__file__).resolve().parents[2]
DEADLINE = 60.0
expect.set_options(timeout=DEADLINE * 1000)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(address: str, process: subprocess.Popen[bytes]) -> None:
    """Poll until the server answers."""
    end = time.monotonic() + DEADLINE
    while time.monotonic() < end:
        assert process.poll() is None, "the server stopped"
        try:
            with urllib.request.urlopen(f"{address}/_stcore/health", timeout=1) as answer:
                if answer.status == 200:
                    return
        except (urllib.error.URLError, TimeoutError):
            pass
        time.sleep(0.1)
    raise AssertionError("the server did not answer in time")


#: Runs app.py as `streamlit run` does, after any code that a test puts before it.
LAUNCH = "import sys\nfrom streamlit.web.cli import main\n{before}\nsys.argv[1:] = {arguments!r}\nmain()"


@contextmanager
def serving(
    log: Path, before: str = "", folder: Path = ROOT, environment: Mapping[str, str] | None = None
) -> Iterator[tuple[str, int]]:
    """A server without visitors so far: its address and its process id.

    log: the file for its output. before: Python that it runs first. folder: where it is started.
    """
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    arguments = ["run", str(ROOT / "app.py"), "--server.port", str(port), "--server.headless", "true"]
    variables = {**os.environ, "SEN2DASH_NOW": "2025-02-01T12:00:00", "PYTHONPATH": str(ROOT), **(environment or {})}
    command = [sys.executable, "-c", LAUNCH.format(before=before, arguments=arguments)]
    with log.open("wb") as out:
        process = subprocess.Popen(command, cwd=folder, env=variables, stdout=out, stderr=out)
        try:
            wait_for(address, process)
            yield address, process.pid
        finally:
            process.terminate()
            process.wait(timeout=20)


@pytest.fixture(scope="session")
def shared_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server that many tests visit, each with a browser of its own: a start takes seconds."""
    with serving(tmp_path_factory.mktemp("shared") / "server.log") as (address, _):
        yield address


@pytest.fixture
def server(tmp_path: Path) -> Iterator[str]:
    """The address of a server without visitors so far; its log is server.log under tmp_path."""
    with serving(tmp_path / "server.log") as (address, _):
        yield address


def chromium() -> tuple[str | None, list[str]]:
    """The path of the machine's Chromium, or None if there is none, and the arguments for any browser."""
    # Pages of one address share a process, and what it has compiled.
    arguments = ["--disable-background-networking", "--process-per-site"]
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        arguments.append("--no-sandbox")
    return shutil.which("chromium") or shutil.which("chromium-browser"), arguments


def launch(playwright: Playwright) -> Browser:
    """Chromium from the PATH, otherwise an installed Edge or Chrome, otherwise Playwright's own."""
    found, arguments = chromium()
    if found:
        return playwright.chromium.launch(executable_path=found, args=arguments)
    for channel in ("msedge", "chrome"):
        try:
            return playwright.chromium.launch(channel=channel, args=arguments)
        except Error:
            continue
    return playwright.chromium.launch(args=arguments)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        started = launch(playwright)
        yield started
        started.close()


@pytest.fixture
def page(browser: Browser, shared_server: str) -> Iterator[Page]:
    """The page of a new visitor."""
    visitor = visit(browser, shared_server)
    yield visitor.page
    visitor.leave()


@pytest.fixture
def first_page(browser: Browser, server: str) -> Iterator[Page]:
    """The page of a new visitor to a server without visitors so far."""
    visitor = visit(browser, server)
    yield visitor.page
    visitor.leave()
