"""The page on the cohort with a mouse and with the keyboard: bars open their people, and the page stays as it was."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from sen2dash.sample.generate import sample_bytes
from tests.browser import axe
from tests.browser.steps import Visitor, choose, expect_in_sight, idle, pick_option, upload, visit
from tests.browser.walk import FOCUSED, open_list

#: Pixels from the corner of a chart to the middle of its first row.
FIRST_ROW = (250, 14)


@pytest.fixture
def visitor(browser: Browser, shared_server: str) -> Iterator[Visitor]:
    found = visit(browser, shared_server, width=1366, height=768)
    yield found
    found.leave()


def click_first_bar(page: Page, chart: int) -> None:
    """Click in the first row of a chart, and wait for the people."""
    found = page.get_by_test_id("stVegaLiteChart").nth(chart)
    found.scroll_into_view_if_needed()
    box = found.bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + FIRST_ROW[0], box["y"] + FIRST_ROW[1])
    expect(page.get_by_role("dialog")).to_be_visible()
    idle(page)


def scrolled(page: Page) -> int:
    return int(page.evaluate("document.querySelector('[data-testid=stMain]').scrollTop"))


def test_a_bar_opens_its_people_and_the_page_stays_where_it_was(visitor: Visitor) -> None:
    page = visitor.page
    upload(page, sample_bytes(persons=200, seed=7, year=2025))
    choose(page, "cohort")
    assert not axe.unknown(axe.violations(page))
    dialog = page.get_by_role("dialog")
    for chart in (0, 2):
        click_first_bar(page, chart)
        expect_in_sight(dialog)
        before = scrolled(page)
        page.keyboard.press("Escape")
        expect(dialog).to_have_count(0)
        assert scrolled(page) == before
    page.keyboard.press("r")
    idle(page)
    expect(dialog).to_have_count(0)
    click_first_bar(page, 2)
    page.get_by_role("button", name="Close").click()
    expect(dialog).to_have_count(0)
    open_list(page.get_by_role("combobox", name="Show the people with: Sex"))
    # A slow list opens after the second press, which chooses the next option.
    chosen = page.locator(FOCUSED).inner_text().split()[0]
    page.keyboard.press("Enter")
    expect(dialog.get_by_role("heading", name=f"Sex: {chosen}")).to_be_visible()
    idle(page)
    assert not axe.unknown(axe.violations(page))
    canvas = dialog.get_by_test_id("stDataFrame").locator("canvas").first
    expect(canvas).to_be_visible()
    canvas.click(position={"x": 160, "y": 37 + 17}, force=True)
    page.wait_for_url("**/person?person=*")
    idle(page)
    expect(dialog).to_have_count(0)


def test_a_chip_removes_its_filter(visitor: Visitor) -> None:
    page = visitor.page
    upload(page, sample_bytes(persons=100, seed=7, year=2025))
    choose(page, "cohort")
    page.get_by_role("button", name="Filters", exact=True).click()
    expect(page.locator("[data-testid=stSidebar] summary").first).to_be_focused()
    page.get_by_test_id("stSidebar").get_by_text("Sex and ethnicity").click()
    pick_option(page.get_by_test_id("stSidebar").get_by_role("combobox", name="Sex", exact=True), "Female")
    page.keyboard.press("Escape")
    chip = page.get_by_role("button", name="Remove: Sex Female")
    expect_in_sight(chip)
    box = chip.bounding_box()
    assert box is not None and box["height"] >= 24
    chip.press("Enter")
    expect(chip).to_have_count(0)
    expect(page.get_by_test_id("stSidebar").get_by_text("100 of 100 people")).to_be_visible()
