"""Back and Forward in the browser: the page shows the person in its address, however fast the clicks.

This must also hold on a busy server.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from sen2dash.checks.report import build_report
from sen2dash.config import Settings
from sen2dash.sample.generate import sample_bytes
from tests.browser.conftest import serving
from tests.browser.steps import Visitor, choose, idle, upload, visit

DEFECTS = ("P15", "R09", "P03", "P12")
DATA = sample_bytes(persons=60, seed=7, rule_ids=DEFECTS)
#: A server that is slow to read records, as if many people were using it.
SLOW = """
import time
from sen2dash.checks import record
read = record.read_record

# What switching pages waits for between the address and its request for a run, on a machine with much to do.
from streamlit.commands import execution_control
execution_control.MESSAGE_FLUSH_INTERVAL_SECS = 0.2

def read_slowly(*args, **kwargs):
    time.sleep(0.6)
    return read(*args, **kwargs)

record.read_record = read_slowly
"""


@pytest.fixture(scope="module")
def visitor(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Visitor]:
    """A visitor on the page of the first person, on a slow server."""
    with serving(tmp_path_factory.mktemp("back") / "server.log", SLOW) as (address, _):
        found = visit(browser, address)
        upload(found.page, DATA)
        yield found
        found.leave()


def settled(page: Page) -> None:
    """Wait until the page has been still for longer than this server takes to begin or to draw anything."""
    idle(page, still=1000)


def check_person(page: Page) -> None:
    """The heading, the position in the file and the address name the same person."""
    found = re.search(r"person=(\d+)", page.url)
    assert found is not None, page.url
    expect(page.locator("[data-testid=stMain] h1")).to_have_text(re.compile(rf"^Person {found[1]}\b"))
    expect(page.get_by_text(f"Person {found[1]} of 60", exact=True)).to_be_visible()
    # Another run, as after any click on the page, shows what the server holds.
    page.keyboard.press("r")
    settled(page)
    expect(page.locator("[data-testid=stMain] h1")).to_have_text(re.compile(rf"^Person {found[1]}\b"))
    assert f"person={found[1]}" in page.url


def begin(page: Page) -> None:
    """Start on the page of the first person."""
    settled(page)
    if "/person?" not in page.url:
        choose(page, "person")
        page.get_by_role("textbox", name="Person number, UPN, ULN, name or date of birth").fill("1")
        page.keyboard.press("Enter")
        page.wait_for_url("**/person?person=1")
    while not page.url.endswith("person=1"):
        page.get_by_role("button", name="Previous person").click()
        settled(page)
    settled(page)


def test_back_as_soon_as_the_address_changes(visitor: Visitor) -> None:
    """The page itself presses Back before the server has continued, which happens by hand only on a busy server."""
    page = visitor.page
    begin(page)
    page.evaluate(
        "() => { const wait = setInterval(() => { if (location.search === '?person=2') "
        "{ clearInterval(wait); history.back(); } }, 0) }"
    )
    page.get_by_role("button", name="Next person").click()
    page.wait_for_timeout(1500)
    settled(page)
    assert page.url.endswith("person=1")
    check_person(page)


@pytest.mark.sampled(2)
@pytest.mark.parametrize("wait", [0, 150, 700, 3000])
def test_back_after_the_next_person_shows_the_one_before(visitor: Visitor, wait: int) -> None:
    page = visitor.page
    begin(page)
    page.get_by_role("button", name="Next person").click()
    page.wait_for_url("**/person?person=2")
    page.wait_for_timeout(wait)
    page.go_back(wait_until="commit")
    settled(page)
    assert page.url.endswith("person=1")
    check_person(page)


@pytest.mark.sampled(2)
@pytest.mark.parametrize("wait", [0, 700])
def test_two_back_and_one_forward(visitor: Visitor, wait: int) -> None:
    page = visitor.page
    begin(page)
    for number in (2, 3):
        page.get_by_role("button", name="Next person").click()
        page.wait_for_url(f"**/person?person={number}")
        page.wait_for_timeout(wait)
    page.evaluate("() => { history.back(); history.back(); setTimeout(() => history.forward(), 100) }")
    page.wait_for_timeout(500)
    settled(page)
    check_person(page)


def test_back_while_the_click_is_on_its_way(visitor: Visitor) -> None:
    page = visitor.page
    begin(page)
    page.get_by_role("button", name="Next person").click()
    page.wait_for_url("**/person?person=2")
    settled(page)
    page.evaluate(
        "() => { [...document.querySelectorAll('button')].find(b => b.innerText.includes('Next person')).click();"
        " history.back() }"
    )
    page.wait_for_timeout(500)
    settled(page)
    check_person(page)


@pytest.mark.sampled(2)
@pytest.mark.parametrize("number", ["5", "60"])
def test_the_page_draws_what_its_address_says(visitor: Visitor, number: str) -> None:
    """The page recovers however the two came to differ; here the address is changed without the server knowing."""
    page = visitor.page
    begin(page)
    page.evaluate(f"() => history.replaceState(null, '', '/person?person={number}')")
    expect(page.locator("[data-testid=stMain] h1")).to_have_text(re.compile(rf"^Person {number}\b"))
    check_person(page)


def test_a_jump_to_a_finding_leaves_the_address_alone(visitor: Visitor) -> None:
    """With a `#` in the address Streamlit would ignore Back, and the next person would appear under this address."""
    page = visitor.page
    begin(page)
    report = build_report(DATA, Settings())
    number = report.findings_table(["R09"])["person_id"][0].as_py()
    report.close()
    page.evaluate(f"() => history.replaceState(null, '', '/person?person={number}')")
    expect(page.locator("[data-testid=stMain] h1")).to_have_text(re.compile(rf"^Person {number}\b"))
    settled(page)
    link, here = page.locator("[data-testid=stMain] li a").last, page.url
    place = page.locator(str(link.get_attribute("href")))
    link.click()
    expect(place).to_be_in_viewport()
    assert page.url == here
    page.get_by_role("button", name="Next person" if number < 60 else "Previous person").click()
    settled(page)
    assert page.url != here
    page.go_back(wait_until="commit")
    settled(page)
    assert page.url == here
    check_person(page)
