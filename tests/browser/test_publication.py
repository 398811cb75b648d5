"""A user's own published figures in a browser: several files chosen at once, before and after a return is loaded."""

from playwright.sync_api import FilePayload, Page, expect

from sen2dash.sample.generate import sample_bytes
from tests.browser.steps import choose, idle, upload
from tests.publications import files_2025, files_2026, zipped


def test_a_zip_and_several_files_at_once(page: Page) -> None:
    upload(page, sample_bytes(persons=60, seed=7))
    place = page.get_by_test_id("stFileUploader").filter(has_text="DfE publication")
    newer = files_2026()
    chosen: list[FilePayload] = [
        {"name": "plans_2025.zip", "mimeType": "application/zip", "buffer": zipped(files_2025())},
        *(
            FilePayload(name=name, mimeType="text/csv", buffer=newer[f"data/{name}"])
            for name in ("requests.csv", "newplans.csv")
        ),
    ]
    place.locator("input").set_input_files(chosen)
    expect(page.get_by_text("Published figures of reporting years 2025 and 2026 were read.")).to_be_visible()
    idle(page)
    read = page.get_by_text("What was read: 15 of 17 files")
    read.click()
    table = page.get_by_test_id("stTable").filter(has_text="Reporting year")
    expect(table.locator("tbody tr")).to_have_count(15)
    expect(place.get_by_text("plans_2025.zip")).to_have_count(0)
    choose(page, "headlines")
    choose(page, "upload")
    expect(page.get_by_text("from the files you added for this visit")).to_be_visible()
    page.get_by_role("button", name="Use the figures that come with sen2dash").click()
    expect(page.get_by_text("sen2dash comes with those of reporting years 2025 and 2026")).to_be_visible()
