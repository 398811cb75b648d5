"""Marks on the lists of findings and on the page of a person."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from streamlit.testing.v1 import AppTest

from sen2dash import ui
from sen2dash.checks import marks
from sen2dash.checks.findings import findings_page
from sen2dash.checks.report import Report
from sen2dash.ui.marks import choosing_key
from sen2dash.web import vault
from tests.pages.conftest import Open
from tests.pages.test_pages import person_of, words

Reports = dict[str, tuple[Report, bytes]]


@pytest.fixture(autouse=True)
def no_marks_left(reports: Reports) -> Iterator[None]:
    """Remove the marks, because other tests share the reports."""
    yield
    for state in ("clean", "dirty", "broken"):
        reports[state][0].store.use_marks(marks.SCHEMA.empty_table())


def open_rule(open_page: Open, rule_id: str = "R09", page: str = "errors") -> AppTest:
    at = open_page(page, "dirty")
    return at.selectbox(key=f"{page}_rule").select(rule_id).run()


def records(at: AppTest) -> dict[str, list[str]]:
    """The columns of the table of records."""
    table = at.dataframe[1].value
    return {name: list(table[name]) for name in table.columns}


def mark_all(at: AppTest, mark: str, page: str = "errors") -> AppTest:
    return at.menu_button(key=f"{page}_mark_as").click(mark).run()


def test_all_records_shown_are_marked_and_counted_in_words(open_page: Open, reports: Reports) -> None:
    n_found = reports["dirty"][0].outcome("R09").count
    at = open_rule(open_page)
    assert "Mark" not in records(at)
    assert at.menu_button(key="errors_mark_as").label == f"Mark all {n_found} as"
    mark_all(at, "right")
    assert records(at)["Mark"] == ["Checked and right"] * n_found
    assert f"{n_found} of {n_found} marked: {n_found} checked and right." in words(at)
    mark_all(at, "no mark")
    assert "Mark" not in records(at)
    assert "marked:" not in words(at)


def test_a_marking_can_be_undone(open_page: Open) -> None:
    at = mark_all(open_rule(open_page), "asked")
    mark_all(at, "right")
    at.button(key="errors_undo_marks").click().run()
    assert set(records(at)["Mark"]) == {"Asked"}
    assert "errors_undo_marks" not in {each.key for each in at.button}


def test_chosen_records_are_marked(open_page: Open, reports: Reports) -> None:
    rule_id = max((o for o in reports["dirty"][0].outcomes if o.severity == "info"), key=lambda o: o.count).rule.id
    at = open_rule(open_page, rule_id, "information")
    at.toggle(key="information_choosing").set_value(True).run()
    menu = at.menu_button(key="information_mark_as")
    assert (menu.label, menu.disabled) == ("Mark the chosen as", True)
    table = choosing_key(f"information_records_{rule_id}_1", findings_page(reports["dirty"][0], rule_id))
    at.session_state[table] = {"selection": {"rows": [0, 2], "columns": [], "cells": []}}
    at.run()
    assert at.menu_button(key="information_mark_as").label == "Mark the 2 chosen as"
    mark_all(at, "correct", "information")
    assert records(at)["Mark"][:4] == ["To correct", "", "To correct", ""]
    assert at.menu_button(key="information_mark_as").label == "Mark the chosen as"
    assert at.title[0].value == "Information"


def test_findings_are_filtered_by_mark(open_page: Open) -> None:
    at = mark_all(open_rule(open_page), "right")
    at.selectbox(key="errors_mark").select("right").run()
    assert list(at.dataframe[0].value["Rule"]) == ["R09"]
    at.selectbox(key="errors_mark").select("none").run()
    assert "R09" not in list(at.dataframe[0].value["Rule"])
    assert "P15" in list(at.dataframe[0].value["Rule"])
    at.selectbox(key="errors_mark").select("asked").run()
    assert "No rule matches these filters" in words(at)
    # What was marked last can still be undone.
    at.button(key="errors_undo_marks").click().run()
    at.selectbox(key="errors_mark").select("all").run()
    at.selectbox(key="errors_rule").select("R09").run()
    assert "Mark" not in records(at)


def test_the_page_of_a_person_shows_and_sets_marks(open_page: Open, reports: Reports) -> None:
    report = reports["dirty"][0]
    marks.set_marks(report, report.findings_table(["R09"]), "asked")
    at = open_page("person", "dirty", {"person": str(person_of(report, "R09"))})
    assert "**Marked: Asked.**" in words(at)
    (control,) = [each for each in at.segmented_control if each.label.startswith("Mark of R09")]
    assert control.value == "asked"
    control.set_value("right").run()
    assert "**Marked: Checked and right.**" in words(at)
    assert report.findings_table(["R09"])["mark"].to_pylist() == ["right"]
    (control,) = [each for each in at.segmented_control if each.label.startswith("Mark of R09")]
    control.set_value(None).run()
    assert "Marked:" not in words(at)


def test_marks_go_on_to_the_next_version_and_not_to_another_return(clean_bytes: bytes, dirty_bytes: bytes) -> None:
    at = AppTest.from_file(str(ui.ROOT / "sen2dash" / "main.py"), default_timeout=60).run()
    at.file_uploader[0].set_value(("return.xml", dirty_bytes, "text/xml")).run()
    session = at.session_state[vault.SESSION_KEY]

    def report() -> Report:
        entry = vault.VAULT.get(session)
        assert entry is not None
        return entry.report

    try:
        marks.set_marks(report(), report().findings_table(["R09"]), "right")
        another = next(each for each in at.file_uploader if each.label.startswith("Another"))
        another.set_value(("next.xml", dirty_bytes.replace(b"<SerialNo>1<", b"<SerialNo>2<"), "text/xml")).run()
        assert set(report().findings_table(["R09"])["mark"].to_pylist()) == {"right"}
        another = next(each for each in at.file_uploader if each.label.startswith("Another"))
        another.set_value(("other.xml", dirty_bytes.replace(b"<LEA>333<", b"<LEA>334<"), "text/xml")).run()
        assert set(report().findings_table(["R09"])["mark"].to_pylist()) == {None}
    finally:
        vault.VAULT.drop(session)
