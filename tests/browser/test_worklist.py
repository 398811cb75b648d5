"""An officer works through the findings on a laptop, and the result of each click is visible."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator

import openpyxl
import pytest
from playwright.sync_api import Browser, Dialog, ViewportSize, expect

from sen2dash.sample.generate import sample_bytes
from tests.browser.steps import Visitor, choose, click_row, expect_in_sight, idle, open_row, pick_option, upload, visit

DATA = sample_bytes(persons=400, seed=7, defects=90, year=2025)
LAPTOP: ViewportSize = {"width": 1366, "height": 768}


@pytest.fixture
def visitor(browser: Browser, shared_server: str) -> Iterator[Visitor]:
    found = visit(browser, shared_server, width=LAPTOP["width"], height=LAPTOP["height"])
    upload(found.page, DATA)
    yield found
    found.leave()


def test_from_a_rule_to_a_person_and_through_the_list_and_back(visitor: Visitor) -> None:
    page = visitor.page
    choose(page, "errors")
    heading = page.locator("[data-testid=stMain] h2").first
    before = heading.inner_text()
    expect_in_sight(heading)
    expect_in_sight(page.get_by_test_id("stDataFrame").nth(1).locator("canvas").first, 0.5)

    click_row(page, 0, 2)
    expect(heading).not_to_have_text(before)
    idle(page)
    rule = heading.inner_text().split()[0]
    expect_in_sight(heading)
    expect(page.get_by_role("combobox", name="Rule to show")).to_have_value(re.compile(rf"^{rule} "))
    expect_in_sight(page.get_by_test_id("stDataFrame").nth(1).locator("canvas").first, 0.5)

    open_row(page, 1, 0)
    expect_in_sight(page.get_by_text(f"with {rule}"))
    expect_in_sight(page.get_by_text(f"{rule}: ").first)
    page.get_by_role("link", name="Back to the list").click()
    page.wait_for_url("**/errors*")
    idle(page)
    expect(heading).to_contain_text(rule)


def test_the_groups_say_what_to_correct_first(visitor: Visitor) -> None:
    page = visitor.page
    choose(page, "errors")
    group = page.get_by_role("radio", name="Matching of people")
    group.click()
    idle(page)
    expect_in_sight(page.get_by_text("The DfE cannot be sure who the person is"))
    expect_in_sight(page.locator("[data-testid=stMain] h2").first)


def test_the_next_version_keeps_what_was_added(visitor: Visitor) -> None:
    page = visitor.page
    earlier = page.get_by_test_id("stFileUploader").filter(has_text="Earlier SEN2 return")
    data = sample_bytes(persons=100, seed=8, year=2025)
    earlier.locator("input").set_input_files({"name": "earlier.xml", "mimeType": "text/xml", "buffer": data})
    expect(page.get_by_text("Compared with earlier.xml")).to_be_visible()
    idle(page)
    another = page.get_by_test_id("stFileUploader").filter(has_text="Another SEN2 return")
    data = sample_bytes(persons=400, seed=7, year=2025)
    another.locator("input").set_input_files({"name": "corrected.xml", "mimeType": "text/xml", "buffer": data})
    expect(page.get_by_text("File: corrected.xml")).to_be_visible()
    idle(page)
    expect(page.get_by_text("Compared with earlier.xml")).to_be_visible()


def test_the_browser_asks_before_a_reload_while_a_return_is_loaded(browser: Browser, shared_server: str) -> None:
    context = browser.new_context(base_url=shared_server, viewport=LAPTOP)
    page = context.new_page()
    asked: list[str] = []

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    page.on("dialog", stay)
    page.goto("/")
    page.get_by_role("button", name="Try it with a made-up return").click()
    expect(page.get_by_role("heading", name="What was found")).to_be_visible()
    idle(page)
    page.evaluate("() => setTimeout(() => location.reload(), 0)")
    page.wait_for_timeout(1500)
    assert asked == ["beforeunload"]
    expect(page.get_by_role("heading", name="What was found")).to_be_visible()
    page.get_by_role("button", name="Clear now").click()
    expect(page.get_by_role("heading", name="Check a SEN2 return")).to_be_visible()
    page.reload()
    idle(page)
    assert asked == ["beforeunload"]
    context.close()


def test_the_findings_of_a_team_with_one_need_and_their_workbook(visitor: Visitor) -> None:
    page = visitor.page
    upns = sorted(set(re.findall(r"<UPN>(\w{13})</UPN>", DATA.decode())))
    lines = [f"{upn};{('North *& East*', 'South')[place % 2]};Ms {place % 2}" for place, upn in enumerate(upns)]
    listed = "\r\n".join(["Unique pupil number;SEN team;SEN Officer", *lines, "X1;South;Ms 1"]).encode("cp1252")
    picker = page.get_by_test_id("stFileUploader").filter(has_text="List of teams")
    picker.locator("input").set_input_files({"name": "teams.csv", "mimeType": "text/csv", "buffer": listed})
    expect(page.get_by_text(re.compile(r"of [\d,]+ lines matched a person in the return"))).to_be_visible()
    idle(page)
    page.get_by_text(re.compile("lines? not used, and why")).click()
    expect(page.get_by_text(re.compile(rf"{len(upns) + 2:,}: nobody in the return"))).to_be_visible()

    choose(page, "errors")
    said = page.get_by_text(re.compile(r"^\d+ of \d+ rules?, \d+ of \d+ findings?$"))
    before = said.inner_text()
    for label, option in (("Team", "North *& East*"), ("Primary need", "Autistic spectrum disorder")):
        pick_option(page.get_by_role("combobox", name=label), option)
        page.keyboard.press("Escape")
        idle(page)
    expect(said).not_to_have_text(before)
    shown = page.get_by_text(re.compile(r"^Showing \d+ of 4\d\d people$"))
    expect_in_sight(shown)
    expect_in_sight(page.get_by_text("Team: North *& East*"))
    expect(page.get_by_test_id("stDataFrame")).to_have_count(2)
    n_errors, n_all = map(int, re.findall(r"(\d+) of (\d+)", said.inner_text())[1])
    assert 0 < n_errors < n_all
    assert "w_need=Autistic" in page.url
    assert "North" not in page.url

    with page.expect_download() as download:
        page.get_by_role("button", name="By team, a sheet for each (Excel)").click()
    assert download.value.suggested_filename == "sen2_333_2025_errors_by_team.xlsx"
    book = openpyxl.load_workbook(io.BytesIO(download.value.path().read_bytes()))
    assert book.sheetnames == ["Summary", "North & East"]
    rows = list(book["North & East"].iter_rows(values_only=True))
    at = rows[0].index("Rule")
    assert sum(row[at] is not None for row in rows[1:]) == n_errors
    assert all(row[0] and row[1] in upns for row in rows[1:] if row[at] is None)

    page.get_by_role("button", name="Show everyone").click()
    expect(said).to_have_text(before)
