"""An officer works through the findings on a laptop, and the result of each click is visible."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Dialog, Page, ViewportSize, expect

from sen2dash.sample.generate import sample_bytes
from tests.browser.steps import Visitor, choose, expect_in_sight, idle, upload, visit

pytestmark = pytest.mark.browser
LAPTOP: ViewportSize = {"width": 1366, "height": 768}
ROW = 35
FIRST_ROW = 37 + ROW // 2


@pytest.fixture
def visitor(browser: Browser, server: str) -> Iterator[Visitor]:
    found = visit(browser, server, width=LAPTOP["width"], height=LAPTOP["height"])
    upload(found.page, sample_bytes(persons=400, seed=7, defects=90, year=2025))
    yield found
    found.context.close()


def click_row(page: Page, table: int, row: int) -> None:
    """Click in the middle of a row of a table, not in its box."""
    canvas = page.get_by_test_id("stDataFrame").nth(table).locator("canvas").first
    canvas.click(position={"x": 160, "y": FIRST_ROW + row * ROW}, force=True)


def test_from_a_rule_to_a_person_and_through_the_list_and_back(visitor: Visitor) -> None:
    page = visitor.page
    choose(page, "errors")
    heading = page.locator("[data-testid=stMain] h2").first
    before = heading.inner_text()
    expect_in_sight(heading)
    expect_in_sight(page.get_by_test_id("stDataFrame").nth(1).locator("canvas").first, 0.5)

    click_row(page, 0, 2)
    expect(heading).not_to_have_text(before)
    idle(page)
    rule = heading.inner_text().split()[0]
    expect_in_sight(heading)
    expect(page.get_by_role("combobox", name="Rule to show")).to_have_value(re.compile(rf"^{rule} "))
    expect_in_sight(page.get_by_test_id("stDataFrame").nth(1).locator("canvas").first, 0.5)

    click_row(page, 1, 0)
    page.wait_for_url("**/person?person=*")
    idle(page)
    expect_in_sight(page.get_by_text(f"with {rule}"))
    expect_in_sight(page.get_by_text(f"{rule}: ").first)
    page.get_by_role("link", name="Back to the list").click()
    page.wait_for_url("**/errors*")
    idle(page)
    expect(heading).to_contain_text(rule)


def test_the_groups_say_what_to_correct_first(visitor: Visitor) -> None:
    page = visitor.page
    choose(page, "errors")
    group = page.get_by_role("radio", name="Matching of people")
    group.click()
    idle(page)
    expect_in_sight(page.get_by_text("The DfE cannot be sure who the person is"))
    expect_in_sight(page.locator("[data-testid=stMain] h2").first)


def test_the_next_version_keeps_what_was_added(visitor: Visitor) -> None:
    page = visitor.page
    earlier = page.get_by_test_id("stFileUploader").filter(has_text="Earlier SEN2 return")
    data = sample_bytes(persons=100, seed=8, year=2025)
    earlier.locator("input").set_input_files({"name": "earlier.xml", "mimeType": "text/xml", "buffer": data})
    expect(page.get_by_text("Compared with earlier.xml")).to_be_visible()
    idle(page)
    another = page.get_by_test_id("stFileUploader").filter(has_text="Another SEN2 return")
    data = sample_bytes(persons=400, seed=7, year=2025)
    another.locator("input").set_input_files({"name": "corrected.xml", "mimeType": "text/xml", "buffer": data})
    expect(page.get_by_text("File: corrected.xml")).to_be_visible()
    idle(page)
    expect(page.get_by_text("Compared with earlier.xml")).to_be_visible()


def test_the_browser_asks_before_a_reload_while_a_return_is_loaded(browser: Browser, server: str) -> None:
    context = browser.new_context(base_url=server, viewport=LAPTOP)
    page = context.new_page()
    asked: list[str] = []

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    page.on("dialog", stay)
    page.goto("/")
    page.get_by_role("button", name="Try it with a made-up return").click()
    expect(page.get_by_role("heading", name="What was found")).to_be_visible()
    idle(page)
    page.evaluate("() => setTimeout(() => location.reload(), 0)")
    page.wait_for_timeout(1500)
    assert asked == ["beforeunload"]
    expect(page.get_by_role("heading", name="What was found")).to_be_visible()
    page.get_by_role("button", name="Clear now").click()
    expect(page.get_by_role("heading", name="Check a SEN2 return")).to_be_visible()
    page.reload()
    idle(page)
    assert asked == ["beforeunload"]
    context.close()
