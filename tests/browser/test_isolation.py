"""Two people from two authorities use the server at once: neither is ever sent anything about the other's return."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import cycle, islice

import pytest
from playwright.sync_api import Browser, expect

from sen2dash import spec, ui
from sen2dash.sample.generate import sample_bytes
from tests.browser.steps import NAMES, Visitor, choose, idle, link, marked, upload, visit

pytestmark = pytest.mark.browser
DEFECTS = ("P15", "R09", "P03", "P12")
#: A mark in every name, the authority's code, and the number of people: nothing of one may reach the other.
ONE, OTHER = ("Qaxone", "330", 61), ("Zbyother", "371", 83)
Both = tuple[Visitor, Visitor]


def authority(lea: str) -> str:
    return spec.authorities()[lea].name


@pytest.fixture
def both(browser: Browser, shared_server: str) -> Iterator[Both]:
    """Two visitors with their returns, on the start page."""
    visitors = (visit(browser, shared_server), visit(browser, shared_server))
    for visitor, (mark, lea, persons) in zip(visitors, (ONE, OTHER), strict=True):
        upload(
            visitor.page, marked(sample_bytes(persons=persons, seed=persons, rule_ids=DEFECTS, year=2025), mark, lea)
        )
    yield visitors
    for visitor in visitors:
        visitor.leave()


def check_apart(both: Both) -> None:
    """Each sees their own authority, and was never sent anything about the other's."""
    for visitor, (_, lea, _), (mark, other, _) in zip(both, (ONE, OTHER), (OTHER, ONE), strict=True):
        expect(visitor.page.get_by_test_id("stSidebar")).to_contain_text(authority(lea))
        assert not visitor.was_sent(mark)
        assert not visitor.was_sent(authority(other))


def test_two_sessions_are_apart_on_every_page_and_stay_on_the_server(both: Both) -> None:
    for visitor, (_, _, persons) in zip(both, (ONE, OTHER), strict=True):
        expect(visitor.page.get_by_test_id("stMetric").filter(has_text="People")).to_contain_text(str(persons))
    for name in NAMES:
        for visitor in both:
            link(visitor.page, name)
        for visitor in both:
            visitor.page.wait_for_url(f"**/{name}*" if name != ui.PAGES[0][0] else "**/")
            idle(visitor.page)
            if name == "person":
                visitor.page.get_by_role("textbox", name="Person number, UPN, ULN, name or date of birth").fill("1")
                visitor.page.keyboard.press("Enter")
                visitor.page.wait_for_url("**/person?person=1")
                idle(visitor.page)
        check_apart(both)
    for visitor, (mark, _, _) in zip(both, (ONE, OTHER), strict=True):
        assert visitor.was_sent(mark), "the frames cannot be read, so that nothing was shown by this test"
        assert not visitor.elsewhere()


def test_two_sessions_are_apart_under_quick_clicks_reruns_and_reloads(both: Both) -> None:
    one, other = both
    names = ("errors", "queries", "headlines", "person", "cohort")
    for name in islice(cycle(names), 20):
        for visitor in both:
            link(visitor.page, name)
    for visitor in both:
        idle(visitor.page)
        visitor.page.keyboard.press("r")
        idle(visitor.page)
        choose(visitor.page, "errors")
    check_apart(both)
    one.page.reload()
    idle(one.page)
    expect(one.page.get_by_text("No return is loaded")).to_be_visible()
    assert not one.was_sent(OTHER[0])
    other.page.keyboard.press("r")
    idle(other.page)
    expect(other.page.get_by_test_id("stSidebar")).to_contain_text(authority(OTHER[1]))
    assert not other.was_sent(ONE[0])


def test_a_third_visitor_is_shown_nothing_of_what_others_have_open(
    browser: Browser, shared_server: str, both: Both
) -> None:
    third = visit(browser, shared_server)
    for name in [*NAMES, "person?person=1"]:
        third.page.goto(f"/{name}")
        idle(third.page)
    for mark, lea, _ in (ONE, OTHER):
        assert not third.was_sent(mark)
        assert not third.was_sent(authority(lea))
    third.leave()
