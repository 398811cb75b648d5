"""An officer marks a finding, edits a note, saves the work, and goes on in another browser on a laptop."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Browser, expect

from sen2dash.archive import sealing
from sen2dash.sample.generate import sample_bytes
from tests.browser.steps import Visitor, choose, click_row, expect_in_sight, idle, open_row, pick_option, upload, visit

PASSPHRASE = "four unrelated plain words"


def laptop(browser: Browser, shared_server: str) -> Visitor:
    return visit(browser, shared_server, width=1366, height=768)


def test_marks_and_notes_go_from_one_visit_to_the_next(browser: Browser, shared_server: str, tmp_path: Path) -> None:
    visitor = laptop(browser, shared_server)
    page = visitor.page
    upload(page, sample_bytes(persons=400, seed=7, defects=90, year=2025))

    # Two records are chosen and marked with the keyboard.
    choose(page, "errors")
    rule = page.locator("[data-testid=stMain] h2").first.inner_text().split()[0]
    page.get_by_text("Choose rows to mark").click()
    idle(page)
    click_row(page, 1, 0)
    expect(page.get_by_role("button", name="Mark the 1 chosen as")).to_be_visible()
    click_row(page, 1, 1)
    menu = page.get_by_role("button", name="Mark the 2 chosen as")
    expect(menu).to_be_visible()
    idle(page)
    expect_in_sight(menu)
    menu.press("Enter")
    page.get_by_role("menuitem", name="Checked and right").press("Enter")
    tally = page.get_by_text("2 checked and right.")
    expect(tally).to_be_visible()
    idle(page)
    expect_in_sight(tally)
    expect_in_sight(page.get_by_role("button", name=f"Undo 2 marks ({rule})"))

    # A row still opens its person, whose page shows the mark and changes it.
    page.get_by_text("Choose rows to mark").click()
    idle(page)
    open_row(page, 1, 0)
    expect_in_sight(page.get_by_text("Marked: Checked and right.").first)
    page.get_by_role("radio", name="Asked").first.click()
    asked = page.get_by_text("Marked: Asked.")
    expect(asked).to_be_visible()
    idle(page)
    expect_in_sight(asked)

    # A note is written.
    choose(page, "notes")
    area = page.get_by_role("textbox", name="Note for the DfE on")
    expect_in_sight(area)
    label = area.get_attribute("aria-label") or ""
    area.fill(area.input_value().replace("[reason]", "the courts placed them"))
    area.press("Control+Enter")
    expect(page.get_by_text("Ready.", exact=False).last).to_be_visible()
    idle(page)

    # The work is saved.
    choose(page, "upload")
    page.get_by_label("Passphrase, at least 12 characters").fill(PASSPHRASE)
    page.get_by_label("The same passphrase again").fill(PASSPHRASE)
    page.get_by_role("button", name="Make the working file").click()
    button = page.get_by_role("button", name="Save the working file")
    expect(button).to_be_visible()
    idle(page)
    expect_in_sight(button)
    with page.expect_download() as download:
        button.click()
    assert download.value.suggested_filename == "sen2_333_2025_work.sen2dash"
    path = tmp_path / "work.sen2dash"
    download.value.save_as(path)
    assert path.read_bytes().startswith(sealing.MAGIC)
    assert not visitor.was_sent(PASSPHRASE)
    assert not any(PASSPHRASE.split()[1] in address for address in visitor.asked)
    visitor.leave()

    # Another browser opens it.
    visitor = laptop(browser, shared_server)
    page = visitor.page
    page.goto("/")
    idle(page)
    chooser = page.get_by_test_id("stFileUploader").filter(has_text="Working file")
    chooser.locator("input").set_input_files(path)
    page.get_by_label("Passphrase of work.sen2dash").fill(PASSPHRASE)
    page.get_by_role("button", name="Open the working file").click()
    opened = page.get_by_text("is open, with 2 marks and 1 edited note.")
    expect(opened).to_be_visible()
    idle(page)
    expect_in_sight(opened)
    choose(page, "errors")
    expect_in_sight(page.get_by_text("1 checked and right, 1 asked."))
    choose(page, "notes")
    page.get_by_role("radio", name="Ready").click()
    idle(page)
    pick_option(page.get_by_role("combobox", name="Rule to show"), label.split()[-1])
    idle(page)
    area = page.get_by_role("textbox", name=label)
    assert "because the courts placed them" in area.input_value()
    visitor.leave()
