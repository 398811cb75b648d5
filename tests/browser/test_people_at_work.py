"""A manager and an analyst at a laptop of 1366 by 768: whatever they ask for is in the window, without scrolling."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.steps import Visitor, choose, idle, pick_option, visit

WIDTH, HEIGHT = 1366, 768


def in_window(target: Locator) -> None:
    """Assert that the whole of something lies inside the window."""
    expect(target).to_be_visible()
    box = target.bounding_box()
    assert box is not None
    right, bottom = box["x"] + box["width"], box["y"] + box["height"]
    assert box["x"] >= 0 and box["y"] >= 0 and right <= WIDTH and bottom <= HEIGHT, (box, target)


@pytest.fixture
def visitor(browser: Browser, shared_server: str) -> Iterator[Visitor]:
    found = visit(browser, shared_server, width=WIDTH, height=HEIGHT)
    yield found
    found.leave()


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


def test_an_analyst_filters_compares_clicks_and_exports(visitor: Visitor) -> None:
    page = visitor.page
    open_sample(page)
    choose(page, "cohort")
    charts = page.get_by_test_id("stVegaLiteChart")

    # Filter: the chip that removes the choice is in sight, and so is the first chart.
    sidebar = page.get_by_test_id("stSidebar")
    sidebar.get_by_text("Sex and ethnicity").click()
    pick_option(sidebar.get_by_label("Sex", exact=True), "Female")
    page.keyboard.press("Escape")
    idle(page)
    in_window(page.get_by_role("button", name="Remove: Sex Female"))

    # Compare: the names of what is beside the bars are in the heading of each chart.
    compared = page.get_by_role("radio", name="Neighbours")
    in_window(compared)
    compared.click()
    idle(page)
    in_window(page.get_by_text(re.compile(r"^Neighbours, January")).first)

    # Click: the people of the bar are in a dialog, which lies inside the window.
    box = charts.first.bounding_box()
    assert box is not None and box["y"] + 40 < HEIGHT
    charts.first.locator("svg").click(position={"x": box["width"] / 2, "y": 30})
    dialog = page.get_by_role("dialog")
    in_window(dialog)
    in_window(dialog.get_by_test_id("stDataFrame"))

    # Export: the people of the bar, the chart, and everyone.
    with page.expect_download() as waiting:
        dialog.get_by_role("button", name="(CSV)").click()
    assert waiting.value.suggested_filename.endswith(".csv")
    dialog.get_by_role("button", name="Close").click()
    expect(dialog).to_have_count(0)
    picture = page.get_by_role("button", name="PNG of Primary need").first
    in_window(picture)
    with page.expect_download() as waiting:
        picture.click()
    assert waiting.value.suggested_filename.endswith("_primary_need_ehc_plans_on_census_day.png")
    everyone = page.get_by_role("button", name=re.compile("^Export these .* people"))
    in_window(everyone)
    with page.expect_download() as waiting:
        everyone.click()
    rows = Path(waiting.value.path()).read_text(encoding="utf-8-sig").splitlines()
    assert len(rows) > 20 and all("Female" in row for row in rows[1:])
