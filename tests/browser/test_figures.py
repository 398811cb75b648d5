"""Pupil groups, timeliness and plans of the year on a laptop: every answer to a click is in sight."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from sen2dash.sample.generate import sample_bytes
from tests.browser import axe
from tests.browser.steps import Visitor, choose, expect_in_sight, idle, pick_option, upload, visit


@pytest.fixture
def visitor(browser: Browser, shared_server: str) -> Iterator[Visitor]:
    found = visit(browser, shared_server, width=1366, height=768)
    upload(found.page, sample_bytes(persons=600, seed=7, defects=90, year=2025))
    yield found
    found.leave()


def expect_people(page: Page, title: str) -> None:
    """Expect the people in a dialog in sight, and close it."""
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text(title)
    expect_in_sight(dialog)
    expect_in_sight(dialog.get_by_test_id("stDataFrame").locator("canvas").first, 0.6)
    idle(page)
    assert not axe.unknown(axe.violations(page))
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)


def test_a_group_opens_by_keyboard_and_its_number_opens_the_people(visitor: Visitor) -> None:
    page = visitor.page
    choose(page, "pupil_groups")
    pick_option(page.get_by_role("combobox", name="Then split by"), "Sex")
    idle(page)
    group = page.get_by_role("button", name=re.compile("5 to 10 , (open|closed)"))
    group.focus()
    page.keyboard.press("Enter")
    idle(page)
    part = page.locator(".sen2-label.part").first
    expect(part).to_have_text("Female")
    expect_in_sight(part, 1)
    assert not axe.unknown(axe.violations(page))
    # The group is the third line after everyone and the youngest, and its first part is the fourth.
    number = page.locator(".st-key-pupil_groups_people_3 button, .st-key-pupil_groups_people_4 button").first
    number.focus()
    page.keyboard.press("Enter")
    expect_people(page, "Requests received in the year: ")
    expect_in_sight(part, 1)
    group.click()
    idle(page)
    expect(page.locator(".sen2-label.part")).to_have_count(0)


def test_timeliness_starts_with_its_chart_and_a_month_opens_its_people(visitor: Visitor) -> None:
    page = visitor.page
    choose(page, "timeliness")
    chart = page.get_by_test_id("stVegaLiteChart")
    expect_in_sight(chart)
    assert not axe.unknown(axe.violations(page))
    # The foot of the column of May.
    chart.locator("canvas, svg").first.click(position={"x": 338, "y": 212})
    expect_people(page, "decided in May")
    again = page.get_by_role("button", name="Show these people again")
    again.click()
    expect_people(page, "decided in May")
    page.get_by_role("radio", name="Open on census day").click()
    idle(page)
    page.get_by_role("radio", name="15 to 42 days left").click()
    idle(page)
    expect_in_sight(page.get_by_test_id("stDataFrame").locator("canvas").first, 0.6)


def test_the_plans_of_the_year_are_in_sight(visitor: Visitor) -> None:
    page = visitor.page
    choose(page, "placements")
    expect_in_sight(page.get_by_test_id("stVegaLiteChart"))
    page.get_by_test_id("stVegaLiteChart").locator("canvas, svg").first.click(position={"x": 300, "y": 15})
    expect_people(page, "open when 2024 began")
