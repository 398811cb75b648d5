"""A manager and an analyst at a laptop of 1366 by 768: whatever they ask for is in the window, without scrolling."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.steps import Visitor, choose, idle, visit

pytestmark = pytest.mark.browser
WIDTH, HEIGHT = 1366, 768


def in_window(target: Locator) -> None:
    """Assert that the whole of something lies inside the window."""
    expect(target).to_be_visible()
    box = target.bounding_box()
    assert box is not None
    right, bottom = box["x"] + box["width"], box["y"] + box["height"]
    assert box["x"] >= 0 and box["y"] >= 0 and right <= WIDTH and bottom <= HEIGHT, (box, target)


@pytest.fixture
def visitor(browser: Browser, server: str) -> Iterator[Visitor]:
    found = visit(browser, server, width=WIDTH, height=HEIGHT)
    yield found
    found.context.close()


def open_sample(page: Page) -> None:
    """Load the made-up return."""
    page.goto("/")
    idle(page)
    button = page.get_by_role("button", name="Try it with a made-up return")
    in_window(button)
    button.click()
    expect(page.get_by_role("heading", name="What was found")).to_be_visible()
    idle(page)


def test_a_manager_opens_reads_and_prints(visitor: Visitor, tmp_path: Path) -> None:
    page = visitor.page
    open_sample(page)
    choose(page, "summary")
    figures = page.locator(".sen2-figure")
    expect(figures).to_have_count(8)
    for figure in figures.all():
        in_window(figure)
        expect(figure.locator(".sen2-sentence")).not_to_be_empty()
    in_window(page.get_by_text("Made-up data: no real child is shown").last)
    button = page.get_by_role("button", name="Print or save as PDF")
    in_window(button)
    page.evaluate("() => { window.printed = 0; window.print = () => { window.printed += 1; }; }")
    button.click()
    assert page.evaluate("window.printed") == 1
    page.pdf(path=tmp_path / "summary.pdf", prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page\b(?!s)", (tmp_path / "summary.pdf").read_bytes())) == 1
