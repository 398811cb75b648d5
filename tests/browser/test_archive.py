"""Keep a return in one visit, and open it in another: what is in sight, on disk, in the log and in the audit."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from sen2dash.archive import audit, opening
from sen2dash.archive.keys import Secret
from sen2dash.config import Settings
from sen2dash.sample.generate import sample_bytes
from tests.browser.conftest import serving
from tests.browser.steps import choose, click_row, expect_in_sight, idle, upload, visit

PASSPHRASE = "correct horse battery"


def type_passphrase(page: Page, button: str) -> None:
    fields = page.locator("[data-testid=stMain] input[type=password]")
    expect(fields.first).to_be_visible()
    for place in range(fields.count()):
        fields.nth(place).fill(PASSPHRASE)
    page.get_by_role("button", name=button).click()
    expect(page.get_by_role("button", name="Close the archive")).to_be_visible()
    idle(page)


def test_a_return_is_kept_in_one_visit_and_opened_in_another(
    browser: Browser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file, log = tmp_path / "returns.db", tmp_path / "server.log"
    address = f"sqlite:///{file.as_posix()}"
    data = sample_bytes(persons=60, seed=7, defects=20, year=2025)
    with serving(log, environment={"SEN2DASH_ARCHIVE": address}) as (server, _):
        first = visit(browser, server, width=1366, height=768)
        page = first.page
        upload(page, data)
        page.get_by_test_id("stMain").get_by_role("link", name="Keep this return").click()
        expect(page).to_have_title("Kept returns - sen2dash")
        type_passphrase(page, "Make the archive")
        page.get_by_label("Name in the list").fill("First mock")
        page.get_by_role("button", name="Keep this return").click()
        expect(page.get_by_text("is kept until 16 January 2028")).to_be_visible()
        idle(page)
        expect_in_sight(page.get_by_text("is kept until 16 January 2028"))
        # It is chosen in the list, and what can be done with it is in sight.
        expect_in_sight(page.get_by_role("button", name="Open it again"))
        choose(page, "downloads")
        with page.expect_download() as download:
            page.get_by_role("button", name="Errors (CSV)").click()
        assert download.value.path().stat().st_size > 100
        first.leave()

        second = visit(browser, server, width=1366, height=768)
        page = second.page
        page.goto("/kept")
        idle(page)
        assert not second.was_sent("First mock")
        type_passphrase(page, "Open the archive")
        click_row(page, 0, 0)
        expect(page.get_by_text("What to do")).to_be_visible()
        idle(page)
        expect_in_sight(page.get_by_role("button", name="Open this return"))
        page.get_by_role("button", name="Open this return").click()
        expect(page.get_by_text("First mock is open")).to_be_visible()
        idle(page)
        expect_in_sight(page.get_by_text("First mock is open"))
        second.leave()
    assert PASSPHRASE not in log.read_text()
    stored = file.read_bytes()
    assert not [name for name in re.findall(rb"<(?:Surname|UPN)>([^<]{6,})<", data) if name in stored]
    monkeypatch.setenv("SEN2DASH_ARCHIVE", address)
    archive = opening.open_archive(Settings(), Secret("passphrase", PASSPHRASE), "a test")
    with archive.database.reading() as connection:
        events = [each.event for each in audit.entries(connection, archive.key) if each.authority == "333"]
    archive.close()
    assert [event.action for event in events if event] == ["keep", "download", "open"]
    assert events[1] is not None and events[1].what == "downloads.csv"
