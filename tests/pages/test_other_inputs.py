"""Returns that are not XML, from the upload of each form to the pages that show where their rows are."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.testing.v1 import AppTest

from sen2dash.checks.report import Report
from sen2dash.output.kept_form import as_kept
from sen2dash.reading.other.bundle import Bundle
from sen2dash.web import session_files, uploads, vault
from tests.other import writing
from tests.other.making import checked, files_of, sample, small, workbook_of
from tests.other.test_workbooks import DAY, template
from tests.pages.conftest import SESSION, Open


@pytest.fixture(autouse=True)
def nothing_is_left() -> Iterator[None]:
    yield
    vault.VAULT.drop(SESSION)


def uploaded(open_page: Open, files: Mapping[str, bytes]) -> AppTest:
    at = open_page("upload")
    at.file_uploader[0].set_value([(name, data, "") for name, data in files.items()]).run()
    assert not at.exception
    return at


def texts(at: AppTest) -> str:
    shown = [*at.markdown, *at.info, *at.warning, *at.error, *at.caption, *at.success]
    return "\n".join(str(each.value) for each in shown).replace("\\", "")


def button(at: AppTest, label: str) -> None:
    next(each for each in at.button if each.label == label).click().run()
    assert not at.exception


def broken() -> dict[str, bytes]:
    tables = small()
    tables["requests"][1]["receiveddate"] = "soon"
    del tables["senneed"]
    return files_of(tables)


def test_the_nine_files_of_collect(open_page: Open) -> None:
    at = uploaded(open_page, broken())
    shown = texts(at)
    assert "Made from a CSV export of COLLECT, not from XML." in shown
    assert "SEN needs were not given" in shown
    assert {each.label: each.value for each in at.metric}["Plans"] == "1"
    assert any(each.value == "Save as SEN2 XML" for each in at.header)
    assert "The authority's own system has not made this file" in shown
    at.switch_page("../pages/errors.py").run()
    assert not at.exception
    assert "Not given: SEN needs." in texts(at)
    assert "not applicable" in texts(at)
    headings = [set(each.value.columns) for each in at.dataframe]
    assert any({"Row", "File"} <= each for each in headings)
    assert not any("Line" in each for each in headings)
    assert "In export_" in texts(at)
    at.switch_page("../pages/person.py")
    at.query_params["person"] = "2"
    at.run()
    assert "export_requests.csv, row 3. " in texts(at)
    next(each for each in at.toggle if each.label == "Show the rows of the files").set_value(True).run()
    cells = "\n".join(each.value.to_string() for each in at.table)
    assert "soon" in cells
    assert "personbirthdate" in cells
    assert "2011-03-04" in cells
    next(each for each in at.toggle if each.label.startswith("Hide names")).set_value(True).run()
    cells = "\n".join(each.value.to_string() for each in at.table)
    assert "2011-03-04" not in cells
    assert "Quill" not in cells
    assert not at.exception


@pytest.mark.parametrize("most", [3, 0])
def test_files_above_the_limit_are_refused_not_half_read(
    open_page: Open, monkeypatch: pytest.MonkeyPatch, most: int
) -> None:
    monkeypatch.setattr(MemoryUploadedFileManager, "add_file", plain_add())
    monkeypatch.setattr(session_files, "MAX_FILES", most or 300)
    session_files.limit_uploads(400_000_000 if most else 500)
    files = files_of(small())
    at = uploaded(open_page, files)
    assert "Not all of the files arrived" in texts(at)
    assert re.search(rf"of {len(files)} are missing, so nothing was read. At most 300 files and [0-9]+ MB", texts(at))
    assert vault.VAULT.get(SESSION) is None
    monkeypatch.setattr(MemoryUploadedFileManager, "add_file", plain_add())
    at.file_uploader[0].set_value([(name, data, "") for name, data in files.items()]).run()
    assert vault.VAULT.get(SESSION) is not None


def plain_add() -> Any:
    """Streamlit's own way to take a file, without a limit."""
    add: Any = MemoryUploadedFileManager.add_file
    return getattr(add, "__wrapped__", add)


def test_an_upload_that_was_ended_refuses_the_others(open_page: Open) -> None:
    at = open_page("upload")
    uploads._ENDED["test session id"] = 2
    at.file_uploader[0].set_value([(name, data, "") for name, data in files_of(small()).items()]).run()
    assert "2 of 11 are missing, so nothing was read." in texts(at)
    assert vault.VAULT.get(SESSION) is None


def test_what_is_incomplete_is_refused_by_name(open_page: Open) -> None:
    files = {name: data for name, data in broken().items() if "person" not in name}
    assert "There is no file of: Persons." in texts(uploaded(open_page, files))


def test_a_workbook_without_a_header_asks_for_it(open_page: Open) -> None:
    at = uploaded(open_page, {"modules.xlsx": writing.modules_bytes(sample(20, 3, 2025))})
    assert "modules.xlsx has no header." in texts(at)
    at.selectbox(key="other_lea").set_value("333")
    at.selectbox(key="other_year").set_value(2025)
    button(at, "Check this workbook")
    entry = vault.VAULT.get(SESSION)
    assert entry is not None
    assert (entry.report.collection.lea, entry.report.collection.year) == ("333", 2025)
    assert entry.report.header["ReferenceDate"] == "2025-01-16"
    assert "Made from a workbook with a sheet for each module" in texts(at)


def test_another_file_instead_of_a_header(open_page: Open) -> None:
    at = uploaded(open_page, {"modules.xlsx": writing.modules_bytes(sample(5, 3, 2025))})
    button(at, "Choose another file")
    assert at.file_uploader[0].label.startswith("SEN2 return")
    assert vault.VAULT.get(SESSION) is None


def test_a_workbook_that_waits_does_not_block_the_next_version(open_page: Open) -> None:
    at = uploaded(open_page, {"modules.xlsx": writing.modules_bytes(sample(5, 3, 2025))})
    assert "modules.xlsx has no header." in texts(at)
    button(at, "Try it with a made-up return")
    assert vault.VAULT.work(SESSION).to_head is None
    another = next(each for each in at.file_uploader if each.label.startswith("Another"))
    # A version with fewer tables than the one before: what is missing is no change.
    another.set_value([(name, data, "") for name, data in files_of(small()).items()]).run()
    another = next(each for each in at.file_uploader if each.label.startswith("Another"))
    tables = small()
    del tables["senneed"]
    tables["person"][0]["surname"] = "Har\x01ris"
    del tables["placementdetail"]
    another.set_value([(name, data, "") for name, data in files_of(tables).items()]).run()
    assert not at.exception
    assert {each.label: each.value for each in at.metric}["Placements"] == "Not given"
    assert "After: not given, so not compared: Placement details, SEN needs." in texts(at)
    assert "so the file has no rows of them: Placement details, SEN needs." in texts(at)
    assert "left out of 1 value." in texts(at)
    at.switch_page("../pages/changes.py").run()
    assert not at.exception
    assert "After: not given, so not compared: Placement details, SEN needs." in texts(at)
    numbers = {each.label: each.value for each in at.metric}
    assert (numbers["People changed"], numbers["People gone"]) == ("1", "0")


def test_review_dates_can_be_exchanged_and_back(open_page: Open) -> None:
    rows = template([["4", 12, 333, 7, DAY, DAY.replace(month=3)]])
    at = uploaded(open_page, {"return.xlsx": workbook_of({"Data Entry Template": rows})})
    assert "In 1 of 1 plans with both dates" in texts(at)
    button(at, "Exchange the two review dates")
    assert "are exchanged" in texts(at)
    entry = vault.VAULT.get(SESSION)
    assert entry is not None
    assert entry.report.store.value("select last_review_text from activeplans") == "2024-03-01"
    button(at, "Read them as their headings say")
    assert "In 1 of 1 plans with both dates" in texts(at)


def test_a_kept_return_still_says_that_review_dates_are_exchanged(
    open_page: Open, reports: dict[str, tuple[Report, bytes]], monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = template([["4", 12, 333, 7, DAY, DAY.replace(month=3)]])
    files = (("return.xlsx", workbook_of({"Data Entry Template": rows})),)
    given = checked(Bundle(files, swaps=True).packed(), only=())
    made = as_kept(given)
    given.close()
    assert made is not None
    report = checked(made, only=())
    monkeypatch.setitem(reports, "kept", (report, made))
    at = open_page("upload", "kept")
    assert "The two review dates of the template are exchanged." in texts(at)
    assert "Read them as their headings say" not in {each.label for each in at.button}
    report.close()


@pytest.mark.parametrize("name", ["return.xlsx", "return.zip"])
def test_damaged_files_are_refused(open_page: Open, name: str) -> None:
    at = uploaded(open_page, {name: b"PK\x03\x04 not a zip"})
    assert at.error
    assert vault.VAULT.get(SESSION) is None
