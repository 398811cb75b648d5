"""An officer's day on a laptop: load a corrected return and see what changed, and work through a list to its end."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from sen2dash.sample.generate import sample_bytes
from tests.browser.steps import Visitor, choose, expect_in_sight, idle, upload, visit

pytestmark = pytest.mark.browser
#: Each is one finding, of a person of its own. The corrected return lacks two of them and has one more.
BEFORE, AFTER = ("R09", "P15", "P03", "P12"), ("P03", "P12", "R20")


@pytest.fixture
def visitor(browser: Browser, shared_server: str) -> Iterator[Visitor]:
    found = visit(browser, shared_server, width=1366, height=768)
    yield found
    found.leave()


def load_next(page: Page, data: bytes) -> None:
    another = page.get_by_test_id("stFileUploader").filter(has_text="Another SEN2 return")
    another.locator("input").set_input_files({"name": "corrected.xml", "mimeType": "text/xml", "buffer": data})
    expect(page.get_by_text("File: corrected.xml")).to_be_visible()
    idle(page)


def test_correct_load_again_and_see_what_changed(visitor: Visitor) -> None:
    page = visitor.page
    upload(page, sample_bytes(persons=400, seed=7, rule_ids=BEFORE, year=2025))
    load_next(page, sample_bytes(persons=400, seed=7, rule_ids=AFTER, year=2025))
    parts = page.get_by_test_id("stMain").get_by_role(
        "button", name=re.compile("cleared$|new$|still there$|changed|20 weeks")
    )
    expect(parts).to_have_count(5)
    for place in range(5):
        expect_in_sight(parts.nth(place))
    n_cleared = int(parts.nth(0).inner_text().split()[0].replace(",", ""))
    assert n_cleared >= 2
    parts.nth(0).click()
    page.wait_for_url("**/changes")
    idle(page)
    expect_in_sight(page.get_by_test_id("stMetric").filter(has_text="Findings cleared").get_by_text(f"{n_cleared}"))
    table = page.get_by_test_id("stDataFrame").last
    expect(page.get_by_text(f"1 to {n_cleared} of {n_cleared}")).to_be_visible()
    expect_in_sight(table, 0.5)
    page.get_by_role("radio", name="Indicators").click()
    idle(page)
    expect_in_sight(page.locator("[data-testid=stMain] h2").first)
    expect_in_sight(page.get_by_test_id("stDataFrame").last.locator("canvas").first, 0.4)


def test_work_through_a_list_to_its_end(visitor: Visitor) -> None:
    page = visitor.page
    upload(page, sample_bytes(persons=120, seed=7, year=2025))
    choose(page, "information")
    chosen = page.get_by_role("combobox", name="Rule to show")
    rules = page.get_by_role("option")
    chosen.click()
    expect(rules.first).to_be_visible()
    # A rule about a handful of people.
    counts = [re.search(r"^(\w+) .*\((\d+)\)$", text) for text in rules.all_inner_texts()]
    rule, n = min(((m[1], int(m[2])) for m in counts if m and int(m[2]) >= 5), key=lambda each: each[1])
    rules.filter(has_text=re.compile(rf"^{rule} ")).click()
    idle(page)
    page.get_by_test_id("stDataFrame").nth(1).locator("canvas").first.click(position={"x": 160, "y": 54}, force=True)
    page.wait_for_url("**/person?person=*")
    idle(page)
    place = page.get_by_text(re.compile(rf"^\d+ of \d+ with {rule}$"))
    n_people = int(place.inner_text().split()[2])
    assert 1 < n_people <= n
    onward = page.get_by_role("button", name="Next person")
    seen = []
    for number in range(1, n_people + 1):
        expect(place).to_have_text(f"{number} of {n_people} with {rule}")
        idle(page)
        expect_in_sight(place)
        expect_in_sight(page.get_by_role("heading", level=1))
        expect_in_sight(page.get_by_text(f"{rule}: ").first)
        seen.append(page.url)
        if number < n_people:
            onward.click()
    assert len(set(seen)) == n_people
    expect(onward).to_be_disabled()
    page.get_by_role("link", name="Back to the list").click()
    page.wait_for_url("**/information*")
    idle(page)
    expect(chosen).to_have_value(re.compile(rf"^{rule} "))
