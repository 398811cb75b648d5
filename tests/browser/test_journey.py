"""One visit in a real browser, from opening a deep link first to downloading a CSV."""

from __future__ import annotations

import csv
import io
import socket
import urllib.error
import urllib.request
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from sen2dash.sample.generate import sample_bytes
from tests.browser.steps import NAMES, choose, idle, pick_option, upload

pytestmark = pytest.mark.browser
DEFECTS = ("P15", "R09", "P03", "P12")


def test_a_deep_link_on_a_fresh_server_shows_no_data(first_page: Page) -> None:
    page = first_page
    for name in [*NAMES, "person?person=1"]:
        page.goto(f"/{name}")
        idle(page)
        expect(page.get_by_test_id("stTopNav")).to_be_visible()
        expect(page.get_by_test_id("stException")).to_have_count(0)


def test_a_return_from_upload_to_csv(first_page: Page, server: str, tmp_path: Path) -> None:
    page = first_page
    elsewhere: list[str] = []
    own = urlsplit(server).netloc

    def watch(address: str) -> None:
        parts = urlsplit(address)
        if parts.scheme not in ("data", "blob") and parts.netloc != own:
            elsewhere.append(address)

    page.on("request", lambda request: watch(request.url))
    page.on("websocket", lambda socket: watch(socket.url))
    data = sample_bytes(persons=1500, seed=7, rule_ids=DEFECTS, year=2025)
    upload(page, data)
    expect(page.get_by_test_id("stMetric").filter(has_text="People")).to_contain_text("1,500")

    choose(page, "errors")
    pick_option(page.get_by_role("combobox", name="Rule to show"), "P15")
    idle(page)
    expect(page.get_by_role("heading", name="P15 UPN check letter wrong")).to_be_visible()
    with page.expect_download() as started:
        page.get_by_role("button", name="P15 (CSV)").click()
    rows = list(csv.DictReader(io.StringIO(Path(started.value.path()).read_text(encoding="utf-8-sig"))))
    assert len(rows) == 1
    assert rows[0]["Rule"] == "P15"
    assert rows[0]["UPN"] in "".join(data.decode().split("\n")[int(rows[0]["Line"]) :][:12])
    assert started.value.suggested_filename.endswith(".csv")
    assert rows[0]["Surname"] not in started.value.suggested_filename

    number = rows[0]["Person number"]
    page.get_by_role("spinbutton", name="Person number").fill(number)
    page.get_by_role("button", name="Open this person").click()
    page.wait_for_url(f"**/person?person={number}")
    idle(page)
    expect(page.get_by_role("heading", level=1)).to_contain_text(rows[0]["Surname"])
    expect(page.get_by_role("cell", name="P15: UPN check letter wrong")).to_be_visible()
    assert rows[0]["UPN"] not in page.url

    # The list that this person was opened from holds nobody else.
    expect(page.get_by_role("button", name="Next person")).to_be_disabled()
    page.get_by_role("button", name="Leave this list").click()
    page.get_by_role("button", name="Next person").click()
    page.wait_for_url(f"**/person?person={int(number) + 1}")
    page.go_back()
    page.wait_for_url(f"**/person?person={number}")
    idle(page)
    expect(page.get_by_role("heading", level=1)).to_contain_text(rows[0]["Surname"])

    page.get_by_test_id("stSidebar").get_by_text("Hide names and dates of birth").click()
    expect(page.get_by_role("heading", level=1)).not_to_contain_text(rows[0]["Surname"])
    idle(page)
    assert rows[0]["Surname"] not in page.content()

    choose(page, "upload")
    page.get_by_role("button", name="Clear now").click()
    expect(page.get_by_role("heading", name="Check a SEN2 return")).to_be_visible()
    choose(page, "errors")
    expect(page.get_by_text("No return is loaded")).to_be_visible()
    assert elsewhere == []
    log = (tmp_path / "server.log").read_text()
    assert "Traceback" not in log
    assert rows[0]["Surname"] not in log


def test_a_download_needs_the_browser_it_was_made_for(page: Page) -> None:
    upload(page, sample_bytes(persons=20, seed=7, rule_ids=DEFECTS, year=2025))
    choose(page, "downloads")
    addresses: list[str] = []
    page.on("request", lambda request: addresses.append(request.url) if "/media/" in request.url else None)
    with page.expect_download() as started:
        page.get_by_role("button", name="Everything (CSV)").click()
    address = started.value.url
    assert "/media/" in address
    answer = page.request.get(address)
    assert answer.ok
    assert answer.headers["cache-control"] == "no-store, private"
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(address)
    assert refused.value.code == 403
    refused.value.close()


def test_headers_are_safe(shared_server: str) -> None:
    with urllib.request.urlopen(shared_server) as answer:
        assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["x-frame-options"] == "DENY"
        assert answer.headers["referrer-policy"] == "no-referrer"


@pytest.mark.parametrize(
    ("host", "origin", "status"),
    [
        ("localhost", "http://localhost", 101),
        ("elsewhere.example", "http://elsewhere.example", 403),
        ("localhost", "http://elsewhere.example", 403),
    ],
)
def test_a_page_of_another_site_gets_no_websocket(shared_server: str, host: str, origin: str, status: int) -> None:
    where = urlsplit(shared_server)
    asked = (
        f"GET /_stcore/stream HTTP/1.1\r\nHost: {host}\r\nOrigin: {origin}\r\nUpgrade: websocket\r\n"
        "Connection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n"
        "Sec-WebSocket-Protocol: streamlit\r\n\r\n"
    )
    with socket.create_connection((str(where.hostname), int(where.port or 0)), timeout=60) as line:
        line.sendall(asked.encode())
        assert line.recv(100).split()[1] == str(status).encode()
