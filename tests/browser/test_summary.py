"""The manager's page in a real browser: one screen on a laptop, one sheet of paper, and the print button."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from sen2dash.sample.generate import sample_bytes
from tests.browser import axe
from tests.browser.steps import Visitor, choose, expect_in_sight, idle, upload, visit

FIGURES = ".sen2-figure"


@pytest.fixture
def visitor(browser: Browser, shared_server: str) -> Iterator[Visitor]:
    found = visit(browser, shared_server, width=1366, height=768)
    upload(found.page, sample_bytes(persons=600, seed=7, defects=90, year=2025))
    yield found
    found.leave()


def n_sheets(page: Page, path: Path) -> int:
    """The number of sheets that the page prints on."""
    page.pdf(path=path, prefer_css_page_size=True)
    return len(re.findall(rb"/Type\s*/Page\b(?!s)", path.read_bytes()))


def test_one_screen_and_one_sheet(visitor: Visitor, tmp_path: Path) -> None:
    page = visitor.page
    place = page.get_by_test_id("stFileUploader").filter(has_text="Earlier SEN2 return (XML)")
    earlier = sample_bytes(persons=600, seed=8, year=2024)
    place.locator("input").set_input_files({"name": "earlier.xml", "mimeType": "text/xml", "buffer": earlier})
    expect(page.get_by_text("Compared with earlier.xml")).to_be_visible()
    idle(page)
    choose(page, "summary")
    figures = page.locator(FIGURES)
    expect(figures).to_have_count(8)
    expect(figures.last).to_contain_text("Return of 2024")
    for figure in figures.all():
        expect_in_sight(figure, 1)
        assert figure.evaluate("each => each.scrollWidth <= each.clientWidth"), "nothing is cut off"
    assert not axe.unknown(axe.violations(page))
    assert n_sheets(page, tmp_path / "everyone.pdf") == 1

    # The longest page: filters, rounded counts and their notes.
    sidebar = page.get_by_test_id("stSidebar")
    sidebar.get_by_text("For sharing: round counts").click()
    idle(page)
    page.get_by_role("radio", name="Establishment group").click()
    idle(page)
    expect(page.get_by_text("Establishment group: largest first")).to_be_visible()
    assert not axe.unknown(axe.violations(page))
    assert n_sheets(page, tmp_path / "shared.pdf") == 1


def test_the_sheet_has_no_controls_and_the_button_prints(visitor: Visitor) -> None:
    page = visitor.page
    choose(page, "summary")
    button = page.get_by_role("button", name="Print or save as PDF")
    expect_in_sight(button)
    page.evaluate("() => { window.printed = 0; window.print = () => { window.printed += 1; }; }")
    button.click()
    assert page.evaluate("window.printed") == 1
    button.focus()
    page.keyboard.press("Enter")
    assert page.evaluate("window.printed") == 2
    page.emulate_media(media="print")
    expect(button).to_be_hidden()
    expect(page.get_by_role("radio", name="Age group")).to_be_hidden()
    expect(page.get_by_text("What to know before comparing")).to_be_hidden()
    expect(page.locator(FIGURES).first).to_be_visible()
    expect(page.get_by_text("errors are still open")).to_be_visible()
    expect(page.get_by_text("statistical neighbours, nearest first")).to_be_visible()


def test_a_row_of_the_headline_figures_opens_its_page_at_the_top(visitor: Visitor) -> None:
    page = visitor.page
    choose(page, "headlines")
    table = page.get_by_test_id("stDataFrame")
    # From far down the page, as after a look at the last rows.
    page.get_by_test_id("stMain").evaluate("each => each.scrollTo(0, each.scrollHeight)")
    page.wait_for_timeout(300)
    table.locator("canvas").first.click(position={"x": 200, "y": 37 + 35 * 12 + 17}, force=True)
    expect(page.get_by_role("button", name="Back to all figures")).to_be_visible()
    idle(page)
    assert page.get_by_test_id("stMain").evaluate("each => each.scrollTop") == 0
    expect_in_sight(page.locator("[data-testid=stMain] h2").first)
    expect_in_sight(page.get_by_role("radio", name=re.compile(r"^All \(")))
    expect_in_sight(page.get_by_test_id("stDataFrame").locator("canvas").first, 0.4)
    page.get_by_role("radio", name="Trend").click()
    idle(page)
    page.get_by_role("button", name="Back to all figures").click()
    expect(page.get_by_role("radio", name="One sheet to print")).to_be_visible()
