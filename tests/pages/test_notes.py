"""The page of notes, and the DfE's rule numbers on the rulebook page."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from streamlit.testing.v1 import AppTest

from sen2dash import ui
from sen2dash.checks import dfe_numbers, marks, notes
from sen2dash.checks.notes import GAP
from sen2dash.checks.report import Report
from sen2dash.web import vault
from tests.pages.conftest import SESSION, Open
from tests.pages.test_pages import words

Reports = dict[str, tuple[Report, bytes]]


@pytest.fixture(autouse=True)
def no_work_left(reports: Reports) -> Iterator[None]:
    """Clear the note drafts, because other tests share the session's name and the reports."""
    yield
    vault.VAULT._work.pop(SESSION, None)
    for report, _ in reports.values():
        dfe_numbers.apply(report, {})


def area(at: AppTest, rule_id: str) -> str:
    """The key of the text area of a rule's note."""
    (key,) = [each.key for each in at.text_area if str(each.key).startswith(f"notes_{rule_id}_")]
    return str(key)


def test_without_a_return_there_are_no_notes(open_page: Open) -> None:
    at = open_page("notes")
    assert "No return is loaded" in words(at)
    assert not at.text_area


def test_a_return_without_queries_needs_no_note(open_page: Open) -> None:
    assert "No note is needed" in words(open_page("notes", "clean"))


def test_each_query_has_its_draft_and_one_is_open(open_page: Open, reports: Reports) -> None:
    at = open_page("notes", "dirty")
    drafts = notes.drafts(reports["dirty"][0])
    assert list(at.dataframe[0].value["Rule"]) == [draft.outcome.rule.id for draft in drafts]
    assert at.segmented_control(key="notes_view").value == "to_write"
    for draft in drafts:
        at.selectbox(key="notes_rule").select(draft.outcome.rule.id).run()
        assert [each.value for each in at.text_area] == [draft.text]
        assert ui.plain(draft.outcome.rule.message) in words(at)
    at.segmented_control(key="notes_view").set_value("text").run()
    assert at.code[0].value == "\n\n".join(draft.text for draft in drafts)
    assert not at.text_area


def test_an_edit_is_kept_and_can_be_taken_back(open_page: Open) -> None:
    at = open_page("notes", "dirty")
    at.selectbox(key="notes_rule").select("P12").run()
    key = area(at, "P12")
    draft = at.text_area(key=key).value
    assert draft is not None
    at.text_area(key=key).set_value(draft.replace(GAP, "the courts placed them")).run()
    # It stays open, and says that it is ready.
    assert "Ready." in at.caption[0].value
    at.segmented_control(key="notes_view").set_value("text").run()
    assert "because the courts placed them." in at.code[0].value
    at.switch_page("../pages/errors.py").run()
    at.switch_page("../pages/notes.py").run()
    at.segmented_control(key="notes_view").set_value("ready").run()
    assert list(at.dataframe[0].value["Rule"]) == ["P12"]
    assert "because the courts placed them." in (at.text_area(key=area(at, "P12")).value or "")
    at.button(key="notes_back_P12").click().run()
    assert at.text_area(key=area(at, "P12")).value == draft


def test_notes_are_filtered_by_what_is_left_to_do(open_page: Open, reports: Reports) -> None:
    at = open_page("notes", "dirty")
    n_all = len(notes.drafts(reports["dirty"][0]))
    first = str(at.selectbox(key="notes_rule").value)
    at.text_area(key=area(at, first)).set_value(" ").run()
    at.segmented_control(key="notes_view").set_value("left_out").run()
    assert list(at.dataframe[0].value["Rule"]) == [first]
    at.segmented_control(key="notes_view").set_value("to_write").run()
    assert len(at.dataframe[0].value if at.dataframe else []) == n_all - 1
    at.segmented_control(key="notes_view").set_value("ready").run()
    assert "There is no such note" in words(at)
    at.segmented_control(key="notes_view").set_value("all").run()
    assert len(at.dataframe[0].value) == n_all


def test_a_draft_counts_the_records_that_were_checked(open_page: Open, reports: Reports) -> None:
    report = reports["dirty"][0]
    before = marks.set_marks(report, report.findings_table(["P12"]), "right")
    try:
        at = open_page("notes", "dirty")
        at.selectbox(key="notes_rule").select("P12").run()
        assert "1 of 1 marked: 1 checked and right" in at.caption[0].value
    finally:
        marks.put_back(report, before)


def test_a_note_leads_to_its_records(open_page: Open) -> None:
    at = open_page("notes", "dirty")
    at.selectbox(key="notes_rule").select("P12").run()
    at.button(key="notes_see_P12").click().run()
    assert at.title[0].value == "Queries"
    assert at.selectbox(key="queries_rule").value == "P12"


def test_notes_are_erased_with_the_return(open_page: Open) -> None:
    open_page("notes", "dirty")
    work = vault.VAULT.work(SESSION)
    work.notes["P12"] = notes.Edit("ours", ())
    vault.VAULT._entries.pop(SESSION)
    vault.VAULT.drop(SESSION)
    assert work.notes == {}


def test_numbers_of_a_list_are_shown_until_they_are_taken_away(open_page: Open) -> None:
    at = open_page("rulebook", "dirty")
    at.file_uploader[0].set_value(("numbers.csv", b"P15,2030\nX99,1\n", "text/csv")).run()
    assert "Numbers of 1 rule" in words(at)
    assert "there is no rule 'X99'" in at.warning[0].value
    table = at.dataframe[0].value
    assert list(table[table["Rule"] == "P15"]["DfE rule"]) == ["2030"]
    at.switch_page("../pages/errors.py").run()
    assert "2030" in list(at.dataframe[0].value["DfE rule"])
    at.switch_page("../pages/rulebook.py").run()
    at.button(key="rulebook_numbers_drop").click().run()
    assert "DfE rule" not in at.dataframe[0].value.columns


def test_numbers_work_without_a_return_and_pass_to_the_next(open_page: Open, dirty_bytes: bytes) -> None:
    at = AppTest.from_file(str(ui.ROOT / "sen2dash" / "main.py"), default_timeout=60).run()
    at.switch_page("../pages/rulebook.py").run()
    at.file_uploader[0].set_value(("numbers.csv", b"P15,2030", "text/csv")).run()
    assert "2030" in list(at.dataframe[0].value["DfE rule"])
    at.switch_page("../pages/upload.py").run()
    at.file_uploader[0].set_value(("return.xml", dirty_bytes, "text/xml")).run()
    session = at.session_state[vault.SESSION_KEY]
    entry = vault.VAULT.get(session)
    assert entry is not None
    assert entry.report.outcome("P15").rule.dfe == "2030"
    vault.VAULT.drop(session)


def test_a_list_that_cannot_be_used_is_refused_in_words(open_page: Open) -> None:
    at = open_page("rulebook", "dirty")
    at.file_uploader[0].set_value(("numbers.csv", b"nothing here", "text/csv")).run()
    assert "No number could be taken from the list" in at.error[0].value
    assert "DfE rule" not in at.dataframe[0].value.columns
