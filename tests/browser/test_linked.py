"""Two clicks show a newcomer every chart of linked files, and a near match is accepted over the page."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from sen2dash.ui.linked import VIEWS
from tests.browser.steps import Visitor, choose, click_row, idle, visit


@pytest.fixture
def visitor(browser: Browser, shared_server: str) -> Iterator[Visitor]:
    found = visit(browser, shared_server, width=1366, height=768)
    yield found
    found.leave()


def _open_a_part(page: Page) -> None:
    """A click on a part of a stacked bar lists its people over the page."""
    page.get_by_text("Attainment", exact=True).first.click()
    idle(page)
    card = page.locator("[class*=linked_outcomes_]").filter(has=page.get_by_text("each result")).first
    chart = card.get_by_test_id("stVegaLiteChart")
    chart.scroll_into_view_if_needed()
    box = chart.bounding_box()
    assert box is not None
    # The bar is the last line of the chart, and its long part is at the right.
    page.mouse.click(box["x"] + 0.8 * box["width"], box["y"] + box["height"] - 32)
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("heading", name="Key stage 4, English and mathematics:")).to_be_in_viewport()
    expect(dialog.get_by_test_id("stDataFrame")).to_be_in_viewport()
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)


def test_two_clicks_show_every_chart(visitor: Visitor) -> None:
    page = visitor.page
    page.goto("/")
    idle(page)
    page.get_by_role("button", name="Try it with made-up linked files").click()
    expect(page.get_by_role("heading", name="What was found")).to_be_visible()
    idle(page)
    choose(page, "linked")
    for view in VIEWS:
        page.get_by_text(view, exact=True).first.click()
        idle(page)
        expect(page.get_by_test_id("stVegaLiteChart").first).to_be_in_viewport()
        expect(page.get_by_text("is added")).to_have_count(0)
    _open_a_part(page)
    page.get_by_text(next(iter(VIEWS)), exact=True).first.click()
    idle(page)
    expect(page.get_by_role("heading", name="Near matches")).to_be_visible()
    click_row(page, 0, 0)
    dialog = page.get_by_role("dialog")
    accept = dialog.get_by_role("button", name="Accept this match")
    expect(accept).to_be_in_viewport()
    expect(dialog.get_by_text("differs").first).to_be_visible()
    accept.click()
    expect(dialog).to_have_count(0)
    expect(page.get_by_text("Near matches that you accepted: 1.")).to_have_count(1)
