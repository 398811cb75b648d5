"""Every task works by keyboard alone with visible focus, and at 400 % zoom, on pages that identify themselves."""

from __future__ import annotations

import csv
import io
from pathlib import Path

from playwright.sync_api import Locator, Page, ViewportSize, expect
from playwright.sync_api import TimeoutError as PlaywrightTimeout

from sen2dash.sample.generate import sample_bytes
from tests.browser.steps import NAMES, choose, idle, upload

DEFECTS = ("P15", "R09", "P03", "P12")
#: A window of 1280 pixels at 400 %.
ZOOMED: ViewportSize = {"width": 320, "height": 640}
#: Whether the focused element, or a field around it, has a visible ring.
HAS_RING = """() => {
  let each = document.activeElement;
  for (let up = 0; up < 4 && each; up++, each = each.parentElement) {
    const style = getComputedStyle(each);
    if (style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2) return true;
  }
  return false;
}"""
#: The parts of the page that scroll sideways, in words.
TOO_WIDE = """() => [...document.querySelectorAll('html, [data-testid=stMain]')]
  .filter(each => each.scrollWidth > each.clientWidth + 1)
  .map(each => `${each.tagName} ${each.scrollWidth} in ${each.clientWidth}`).join()"""


def tab_to(page: Page, target: Locator) -> None:
    """Press Tab until the target has the focus, and check that the focus is visible."""
    target.wait_for()
    for _ in range(150):
        page.keyboard.press("Tab")
        if target.evaluate("each => each === document.activeElement"):
            assert page.evaluate(HAS_RING), "the focus cannot be seen"
            return
    raise AssertionError("the keyboard does not get there")


def test_everything_that_a_page_asks_for_comes_and_icons_are_drawn(page: Page) -> None:
    refused: list[str] = []
    page.on("response", lambda answer: refused.append(answer.url) if answer.status >= 400 else None)
    upload(page, sample_bytes(persons=20, seed=1, year=2025))
    icons = page.evaluate("document.fonts.load('24px \"Material Symbols Rounded\"').then(found => found.length)")
    assert (refused, icons) == ([], 1)


def test_the_main_journey_by_keyboard_alone(page: Page, tmp_path: Path) -> None:
    file = tmp_path / "return.xml"
    file.write_bytes(sample_bytes(persons=200, seed=7, rule_ids=DEFECTS, year=2025))
    page.goto("/")
    idle(page)
    with page.expect_file_chooser() as chooser:
        tab_to(page, page.get_by_test_id("stFileUploader").first.locator("button").first)
        page.keyboard.press("Enter")
    chooser.value.set_files(file)
    expect(page.get_by_role("heading", name="What was found")).to_be_visible()
    idle(page)

    menu = page.get_by_test_id("stTopNav")
    tab_to(page, menu.get_by_role("button", name="Check", exact=True))
    page.keyboard.press("Enter")
    # The first page under a heading has the focus when its menu opens; the arrows go to the others.
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    expect(page.locator("a[data-testid^=stTopNav]").filter(has_text=NAMES["errors"])).to_be_focused()
    assert page.evaluate(HAS_RING), "the focus cannot be seen"
    page.keyboard.press("Enter")
    page.wait_for_url("**/errors*")
    idle(page)
    tab_to(page, page.get_by_role("combobox", name="Rule to show"))
    page.keyboard.type("P15")
    expect(page.get_by_role("option")).to_have_count(1)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="P15 UPN check letter wrong")).to_be_visible()
    idle(page)

    with page.expect_download() as started:
        tab_to(page, page.get_by_role("button", name="P15 (CSV)"))
        page.keyboard.press("Enter")
    (row,) = csv.DictReader(io.StringIO(Path(started.value.path()).read_text(encoding="utf-8-sig")))
    tab_to(page, page.get_by_role("spinbutton", name="Person number"))
    page.keyboard.type(row["Person number"])
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/person?person={row['Person number']}")
    idle(page)
    expect(page.get_by_role("heading", level=1)).to_contain_text(row["Surname"])

    tab_to(page, menu.get_by_role("link", name=NAMES["upload"], exact=True))
    page.keyboard.press("Enter")
    tab_to(page, page.get_by_role("button", name="Clear now"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Check a SEN2 return")).to_be_visible()


def test_every_page_reflows_at_400_percent_and_says_what_it_is(page: Page) -> None:
    upload(page, sample_bytes(persons=200, seed=7, rule_ids=DEFECTS, year=2025))
    wide: dict[str, str] = {}
    titles = set()
    for name in NAMES:
        choose(page, name)
        titles.add(page.title())
        headings = page.get_by_test_id("stMain").get_by_role("heading", level=1)
        expect(headings).to_have_count(1)
        page.set_viewport_size(ZOOMED)
        idle(page)
        try:
            # Charts are redrawn shortly after the window changes.
            page.wait_for_function(f"() => !({TOO_WIDE})()", timeout=20_000)
        except PlaywrightTimeout:
            wide[name] = page.evaluate(TOO_WIDE)
        page.set_viewport_size({"width": 1280, "height": 900})
        idle(page)
    assert not wide
    assert len(titles) == len(NAMES), f"pages share a title: {sorted(titles)}"
