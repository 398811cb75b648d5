"""The steps that the browser tests share: what a visitor does, and what their browser received."""

from __future__ import annotations

import re
import time
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import count
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, Locator, Page, Request, expect
from playwright.sync_api import TimeoutError as PlaywrightTimeout

from sen2dash import ui

NAMES = {name: title for name, title, _ in ui.PAGES}
DEADLINE_MS = 60_000
#: Height in pixels of the heading and of a row of a table.
HEADING, ROW = 37, 35


#: Whether the script has finished and the page is drawn, with nothing left of the run before, and has been so for some
#: milliseconds since the question was first asked: the page is also idle before a requested run starts. Some parts of
#: Streamlit are fetched when first drawn; their placeholders are not part of the page.
IS_IDLE = """([question, still, title]) => {
  const headings = document.querySelectorAll('[data-testid=stMain] h1');
  const isIdle = document.querySelector('[data-testid=stApp]')?.dataset.testScriptState === 'notRunning'
    && (!title || document.title === title) && headings.length === 1 && headings[0].checkVisibility({visibilityProperty: true})
    && !document.querySelector('[data-stale=true], [data-testid=stSkeleton]');
  const now = performance.now();
  if (!isIdle || window.idleQuestion !== question) window.idleSince = now;
  window.idleQuestion = question;
  return isIdle && now - window.idleSince >= still;
}"""
QUESTIONS = count()
#: Ends what moves by script at once: an expander opens for half a second, even where less movement is asked for.
AT_ONCE = """
const animate = Element.prototype.animate;
Element.prototype.animate = function (...how) {
  const moving = animate.apply(this, how);
  moving.finish();
  return moving;
};
"""


def idle(page: Page, still: int = 100, title: str = "") -> None:
    """Wait until the page is drawn and its script has finished.

    still: the milliseconds that it has to stay so. title: the one of the page to wait for; empty: any.
    """
    page.wait_for_function(IS_IDLE, arg=[next(QUESTIONS), still, title], polling=50)


def heading_of(name: str) -> str:
    """The heading of the menu that a page is under; empty for the start page."""
    return next(heading for heading, names in ui.SECTIONS.items() if name in names)


def link(page: Page, name: str) -> None:
    """Click a page in the menu, under its heading, without waiting."""
    if heading := heading_of(name):
        page.get_by_test_id("stTopNav").get_by_role("button", name=heading, exact=True).click()
    page.locator("a[data-testid^=stTopNav]").filter(has_text=NAMES[name]).click()


def choose(page: Page, name: str) -> None:
    """Go to a page through the menu."""
    link(page, name)
    page.wait_for_url(f"**/{name}*" if name != ui.PAGES[0][0] else "**/")
    # The previous page is idle until the script of this one starts, which sends the title.
    idle(page, title=f"{NAMES[name]} - sen2dash")


def click_row(page: Page, table: int, row: int) -> None:
    """Click in the middle of a row of a table, not in its box."""
    idle(page)
    canvas = page.get_by_test_id("stDataFrame").nth(table).locator("canvas").first
    expect(canvas).to_be_visible()
    canvas.click(position={"x": 160, "y": HEADING + ROW // 2 + row * ROW}, force=True)


def open_row(page: Page, table: int, row: int) -> None:
    """Click a row that opens a person. A table that has only just been drawn may miss a click."""
    for _ in range(5):
        click_row(page, table, row)
        with suppress(PlaywrightTimeout):
            page.wait_for_url("**/person?person=*", timeout=10_000)
            idle(page)
            return
    raise AssertionError("no person was opened")


def pick_option(field: Locator, option: str) -> None:
    """Choose an option of a list by typing its name. A list draws only the options in sight.

    The list closes again when the page scrolls, as it does to bring the field into view, so this tries several times.
    """
    for _ in range(5):
        field.fill(option)
        with suppress(PlaywrightTimeout):
            field.page.get_by_role("option", name=option).first.click(timeout=5_000)
            return
    raise AssertionError(f"the list never offered {option}")


def expect_in_sight(target: Locator, share: float = 0.95) -> None:
    """Expect what a click opened or marked to be visible without scrolling.

    share: for a long table, the part to see.
    """
    expect(target).to_be_in_viewport(ratio=share)


def upload(page: Page, data: bytes, name: str = "return.xml") -> None:
    """Open the start page and have a return checked."""
    page.goto("/")
    idle(page)
    page.locator("input[type=file]").first.set_input_files({"name": name, "mimeType": "text/xml", "buffer": data})
    expect(page.get_by_role("heading", name="What was found")).to_be_visible()
    idle(page)


def marked(data: bytes, mark: str, lea: str = "333") -> bytes:
    """A made-up return with a mark at the start of every name, for another authority."""
    text = data.decode()
    text = re.sub(r"<(Surname|Forename)>", rf"<\1>{mark}", text)
    return re.sub(r"<LEA>\d+</LEA>", f"<LEA>{lea}</LEA>", text).encode()


@dataclass
class Lent:
    """A browser context for visitors to one server who come one after the other.

    A page of it stays open, so that the browser does not compile all of Streamlit again for the next.
    """

    context: BrowserContext
    server: str
    is_out: bool = False


@dataclass
class Visitor:
    """A visitor's own browser, everything it was sent, and every address that it requested.

    lent: the browser that later visitors use too, emptied in between.
    """

    context: BrowserContext
    page: Page
    own: str
    lent: Lent | None = None
    received: list[bytes] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    def was_sent(self, text: str) -> bool:
        """Whether the text came through the websocket on any page, or is on the page now."""
        return any(text.encode() in each for each in self.received) or text in self.page.content()

    def wait_until_sent(self, text: str) -> None:
        """Wait for a text that the server sends later; AssertionError after the deadline."""
        end = time.monotonic() + DEADLINE_MS / 1000
        while not self.was_sent(text):
            assert time.monotonic() < end, f"{text} never came"
            self.page.wait_for_timeout(200)

    def note(self, request: Request) -> None:
        """Note an address that is requested."""
        self.asked.append(request.url)

    def leave(self) -> None:
        """Close what this visitor has opened, and keep nothing of theirs for the next."""
        if self.lent is None:
            self.context.close()
            return
        self.context.remove_listener("request", self.note)
        for page in self.context.pages[1:]:
            page.close()
        self.context.pages[0].evaluate("() => { localStorage.clear(); sessionStorage.clear(); }")
        self.context.clear_cookies()
        self.lent.is_out = False

    def elsewhere(self) -> list[str]:
        """Addresses that are not the server's own."""
        parts = [urlsplit(address) for address in self.asked]
        return [p.geturl() for p in parts if p.scheme not in ("data", "blob") and p.netloc != self.own]


#: The context that is lent at the moment, by browser.
LENT: dict[Browser, Lent] = {}


def _context(browser: Browser, server: str) -> BrowserContext:
    context = browser.new_context(
        base_url=server, viewport={"width": 1280, "height": 900}, accept_downloads=True, reduced_motion="reduce"
    )
    context.set_default_timeout(DEADLINE_MS)
    context.add_init_script(AT_ONCE)
    return context


def _borrow(browser: Browser, server: str) -> Lent | None:
    """The context for visitors to this server, unless a visitor has it."""
    lent = LENT.get(browser)
    if lent is not None and lent.is_out:
        return None
    if lent is None or lent.server != server:
        if lent is not None:
            lent.context.close()
        lent = LENT[browser] = Lent(_context(browser, server), server)
        lent.context.new_page().goto("/_stcore/health")
    lent.is_out = True
    return lent


def visit(browser: Browser, server: str, width: int = 1280, height: int = 900) -> Visitor:
    """A new visitor, who has opened nothing yet and will `leave`. Visitors at the same time share nothing."""
    lent = _borrow(browser, server)
    context = lent.context if lent else _context(browser, server)
    visitor = Visitor(context, context.new_page(), urlsplit(server).netloc, lent)
    visitor.page.set_viewport_size({"width": width, "height": height})
    context.on("request", visitor.note)
    # The tests leave on purpose while a return is loaded.
    visitor.page.on("dialog", lambda dialog: dialog.accept())

    def keep(payload: str | bytes) -> None:
        visitor.received.append(payload.encode() if isinstance(payload, str) else payload)

    def watch(socket: object) -> None:
        visitor.asked.append(socket.url)  # type: ignore[attr-defined]
        socket.on("framereceived", keep)  # type: ignore[attr-defined]

    visitor.page.on("websocket", watch)
    return visitor
