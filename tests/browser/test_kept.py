"""What a reader has asked for or uploaded is kept when they click elsewhere."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from sen2dash.sample.generate import sample_bytes
from tests.browser import axe
from tests.browser.steps import Visitor, choose, expect_in_sight, idle, link, upload, visit


@pytest.fixture
def visitor(browser: Browser, shared_server: str) -> Iterator[Visitor]:
    found = visit(browser, shared_server, width=1366, height=768)
    yield found
    found.leave()


def test_a_click_on_another_page_does_not_lose_a_return_that_is_being_checked(visitor: Visitor) -> None:
    page = visitor.page
    page.goto("/")
    idle(page)
    data = sample_bytes(persons=8_000, seed=7, defects=60, year=2025)
    page.locator("input[type=file]").first.set_input_files(
        {"name": "return.xml", "mimeType": "text/xml", "buffer": data}
    )
    expect(page.get_by_role("progressbar").first).to_be_visible()
    link(page, "errors")
    expect(page.get_by_role("heading", name="Errors", exact=True)).to_be_visible()
    expect(page.get_by_role("combobox", name="Rule to show")).to_be_visible()
    choose(page, "upload")
    expect(page.get_by_test_id("stMetric").filter(has_text="People")).to_contain_text("8,000")


def test_a_file_that_is_refused_after_a_click_elsewhere_says_so(visitor: Visitor) -> None:
    page = visitor.page
    page.goto("/")
    idle(page)
    data = sample_bytes(persons=8_000, seed=7, year=2025)[:-20]
    page.locator("input[type=file]").first.set_input_files(
        {"name": "return.xml", "mimeType": "text/xml", "buffer": data}
    )
    expect(page.get_by_role("progressbar").first).to_be_visible()
    link(page, "errors")
    expect(page.get_by_role("alert").filter(has_text="SEN2 return (XML, CSV files, zip or Excel)")).to_be_visible()
    expect(page.get_by_role("heading", name="Check a SEN2 return")).to_be_visible()


def test_a_link_keeps_its_filters_until_a_return_is_chosen(visitor: Visitor) -> None:
    page = visitor.page
    page.goto("/timeliness?f_sex=Female&f_age_group=Under+5")
    idle(page)
    page.get_by_role("link", name="Choose a return").click()
    idle(page)
    data = sample_bytes(persons=300, seed=7, year=2025)
    page.locator("input[type=file]").first.set_input_files(
        {"name": "return.xml", "mimeType": "text/xml", "buffer": data}
    )
    onward = page.get_by_role("link", name="Go on to Timeliness, with the filters of the link")
    expect_in_sight(onward)
    onward.click()
    page.wait_for_url("**/timeliness?*")
    idle(page)
    assert "f_sex=Female" in page.url
    expect(page.get_by_text("Sex: Female")).to_be_visible()
    expect(page.get_by_text("Age group: Under 5")).to_be_visible()
    choose(page, "upload")
    expect(onward).to_have_count(0)


def test_the_glossary_opens_over_the_page_and_finds_a_word(visitor: Visitor) -> None:
    page = visitor.page
    upload(page, sample_bytes(persons=50, seed=7, year=2025))
    choose(page, "cohort")
    page.get_by_role("button", name="Glossary").press("Enter")
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_text("The third Thursday of January.")).to_be_visible()
    assert not axe.unknown(axe.violations(page))
    dialog.get_by_label("Find a word").fill("caseload")
    page.keyboard.press("Enter")
    expect(dialog.get_by_text("The third Thursday of January.")).to_have_count(0)
    expect_in_sight(dialog.get_by_text("The people with a plan active on census day."))
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
