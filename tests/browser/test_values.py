"""A return of odd values in a real browser: no value becomes markup, runs, contacts another host or breaks a page."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Dialog, Page, expect

from sen2dash import ui
from sen2dash.sample.generate import sample_bytes
from tests.browser.steps import NAMES, Visitor, choose, idle, upload, visit
from tests.browser.test_access import TOO_WIDE
from tests.hostile import values
from tests.hostile.values import VALUES

#: Elements that values would create if they were read as HTML or Markdown, and that Streamlit and the pages do not
#: (but for three scripts of the pages: one keeps a person in step with the address, one prints, one opens filters).
MADE = r"""() => [...document.querySelectorAll(`
  [data-testid=stMain] :is(script, img, b, i, em, del, hr, ul ul, blockquote, .katex, iframe, [onload], [onerror]),
  :is([data-testid=stTable] td:nth-child(2), h1) :is(strong, code, ol, ul, li, a, br, h1, h2),
  a[href^='javascript:'], a[href^='mailto:'], a[href*='example.org'], img[src*='example.org']`)]
  .filter(each => !/window\.(inStep|sen2Prints|sen2OpensFilters)/.test(each.textContent))
  .map(each => each.outerHTML.slice(0, 200))"""
#: Elements that a long text broke (cells that hide part of it, headings that fill the window, charts pushed aside) and
#: elements whose direction a right-to-left text has reversed.
BROKEN = """() => [
  ...[...document.querySelectorAll('[data-testid=stTable] td *')].filter(each => each.clientWidth && each.scrollWidth > each.clientWidth + 1),
  ...[...document.querySelectorAll('h1')].filter(each => each.clientHeight > 300),
  ...[...document.querySelectorAll('[data-testid=stVegaLiteChart] svg .role-axis')].filter(each =>
    each.getBoundingClientRect().left > each.closest('svg').getBoundingClientRect().right),
  ...[...document.querySelectorAll('[data-testid=stMain] *')].filter(each => getComputedStyle(each).direction !== 'ltr'),
].map(each => each.outerHTML.slice(0, 200))"""
#: Values to open on the page of a person, in a browser.
SHOWN = ("image", "link", "address", "icon", "override", "Hebrew", "combining", "emoji", "carriage return", "long")


def seen(text: str) -> str:
    """How a page shows a value, with each run of white space as one space."""
    return re.sub(r"\\(.)", r"\1", ui.plain(text))


@pytest.fixture
def visitor(browser: Browser, shared_server: str) -> Iterator[Visitor]:
    """A visitor who records everything that values might do."""
    made = visit(browser, shared_server)
    said: list[str] = []

    def record(dialog: Dialog) -> None:
        # The question before a loaded return is left is the product's own. `visit` answers all dialogs.
        if dialog.type != "beforeunload":
            said.append(f"dialog {dialog.message}")

    made.page.on("dialog", record)
    made.page.on("pageerror", lambda error: said.append(f"error {error}"))
    made.page.on(
        "console", lambda message: said.append(message.text) if "Content Security Policy" in message.text else None
    )
    yield made
    assert not said
    assert not made.elsewhere()
    made.leave()


def check(page: Page) -> None:
    """Check that no value became an element, nothing ran, and the page kept its layout."""
    assert page.evaluate("window.odd === undefined")
    assert page.evaluate(MADE) == []
    assert page.evaluate(BROKEN) == []
    assert page.evaluate(TOO_WIDE) == ""


def test_each_value_is_shown_letter_by_letter(visitor: Visitor) -> None:
    page = visitor.page
    listed, step = list(VALUES.values()), len(values.header_items())
    clean = sample_bytes(persons=2, seed=1, year=2025)
    for start in range(0, len(listed), step):
        texts = listed[start : start + step]
        upload(page, values.with_header(clean, *texts), re.sub(r"[\0-\x1f/\\]", " ", texts[-1])[:100] + ".xml")
        page.get_by_text("The header of the file").click()
        cells = page.get_by_test_id("stTable").locator("tbody tr td:nth-child(2)")
        expect(cells.first).to_be_visible()
        found = [" ".join(text.split()) for text in cells.evaluate_all("all => all.map(each => each.textContent)")]
        for text in texts:
            assert seen(text) in found
        check(page)


def test_every_page_stands_with_values_in_every_item(visitor: Visitor) -> None:
    page = visitor.page
    upload(page, values.hostile_return(), f"{VALUES['image']}.xml")
    for name, label, data in (
        ("previous", "earlier", values.earlier_return()),
        ("register", "register", values.register()),
    ):
        box = page.get_by_test_id("stFileUploader").filter(has_text=re.compile(label, re.IGNORECASE))
        kind = "csv" if name == "register" else "xml"
        box.locator("input[type=file]").set_input_files(
            {"name": f"{VALUES['bold element'].replace('/', '')}.{kind}", "mimeType": f"text/{kind}", "buffer": data}
        )
        expect(page.get_by_text(f"Remove the {label}")).to_be_visible()
        idle(page)
    for name in NAMES:
        choose(page, name)
        check(page)
    choose(page, "person")
    for name in SHOWN:
        for kind in ("names", "codes"):
            number = values.number_of(name, kind)
            # The page follows its address, and needs no page of findings in between.
            page.evaluate(f"() => history.replaceState(null, '', '/person?person={number}')")
            expect(page.locator("[data-testid=stMain] h1")).to_have_text(re.compile(rf"^Person {number}\b"))
            idle(page)
            expect(page.get_by_role("heading", name="In the file")).to_be_visible()
            check(page)
