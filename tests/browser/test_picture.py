"""Saving a chart as a picture in a real browser: what the picture says, by mouse and by keyboard, and nothing is sent."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Download, Page, expect

from sen2dash.sample.generate import sample_bytes
from tests.browser.steps import Visitor, choose, expect_in_sight, idle, upload, visit

#: Keeps every text that is drawn on a canvas.
WATCH = """
window.written = [];
const draw = CanvasRenderingContext2D.prototype.fillText;
CanvasRenderingContext2D.prototype.fillText = function (text, ...rest) {
  window.written.push(String(text));
  return draw.call(this, text, ...rest);
};
"""


@pytest.fixture
def visitor(browser: Browser, shared_server: str) -> Iterator[Visitor]:
    found = visit(browser, shared_server, width=1366, height=768)
    found.page.add_init_script(WATCH)
    upload(found.page, sample_bytes(persons=300, seed=7, year=2025))
    yield found
    found.leave()


def size_of(path: Path) -> tuple[int, int]:
    """Width and height of a PNG."""
    data = path.read_bytes()
    assert data.startswith(b"\x89PNG")
    width, height = struct.unpack(">II", data[16:24])
    return width, height


def saved(page: Page, download: Download) -> tuple[int, int, str]:
    """Width and height of a picture, and all text that was drawn for it."""
    width, height = size_of(Path(download.path()))
    return width, height, " ".join(page.evaluate("window.written"))


def test_a_picture_has_the_chart_and_its_words(visitor: Visitor) -> None:
    page = visitor.page
    choose(page, "requests")
    button = page.get_by_role("button", name="Picture (PNG) of How far requests got")
    expect_in_sight(button)
    page.get_by_test_id("stSidebar").get_by_text("For sharing: round counts").click()
    idle(page)
    asked = len(visitor.asked)
    page.evaluate("window.written = []")
    with page.expect_download() as waiting:
        button.click()
    assert waiting.value.suggested_filename == "sen2_333_2025_how_far_requests_got.png"
    width, height, text = saved(page, waiting.value)
    chart = page.get_by_test_id("stVegaLiteChart").first.bounding_box()
    assert chart is not None and width > 2 * chart["width"] - 40 and height > 2 * chart["height"]
    for part in (
        "How far requests got",
        "Number of requests, and their share of those received.",
        "Counts are rounded to the nearest 5.",
        "Sandwell, SEN2 2025, census day 16 January 2025.",
        "Everyone in the return.",
        "on 1 February 2025.",
        "Plan active on census day",
    ):
        assert part in text, part
    # The browser asked nobody for anything.
    assert all(address.startswith(("data:", "blob:")) for address in visitor.asked[asked:])

    # By keyboard, and the toolbar's own button gives the same picture.
    page.evaluate("window.written = []")
    button.focus()
    with page.expect_download() as waiting:
        page.keyboard.press("Enter")
    again = saved(page, waiting.value)
    assert again == (width, height, text)
    page.get_by_test_id("stVegaLiteChart").first.hover()
    page.evaluate("window.written = []")
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Download as PNG").first.click()
    assert waiting.value.suggested_filename == "sen2_333_2025_how_far_requests_got.png"
    assert saved(page, waiting.value)[:2] == (width, height)
    expect(page.get_by_role("heading", name="Requests and assessments")).to_be_visible()
