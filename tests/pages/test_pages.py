"""What each page says in each state."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from sen2dash import RELEASE, ui
from sen2dash.checks import catalogue, priority
from sen2dash.checks.masking import HIDDEN
from sen2dash.checks.report import Report
from sen2dash.ui import next_previous
from sen2dash.web import vault
from tests.pages.conftest import SESSION, Open

PAGES = [name for name, _, _ in ui.PAGES]
STATES = [None, "clean", "dirty", "broken"]
Reports = dict[str, tuple[Report, bytes]]


def words(at: AppTest) -> str:
    """All text of a page."""
    kinds = (at.title, at.header, at.subheader, at.markdown, at.caption, at.error, at.info, at.success, at.warning)
    return "\n".join(str(element.value) for kind in kinds for element in kind)


def person_of(report: Report, rule_id: str) -> int:
    found = report.findings_table([rule_id]).to_pylist()[0]["person_id"]
    assert found is not None
    return int(found)


@pytest.mark.parametrize("state", STATES, ids=str)
@pytest.mark.parametrize("page", PAGES)
def test_every_page_has_a_title_and_no_exception_in_every_state(open_page: Open, page: str, state: str | None) -> None:
    at = open_page(page, state)
    assert len(at.title) == 1
    assert not at.exception
    assert "Reference number" not in words(at)
    assert len(words(at)) > 80


@pytest.mark.parametrize("page", ["errors", "queries", "information", "person", "downloads"])
def test_without_a_return_a_page_says_so_and_shows_no_table(open_page: Open, page: str) -> None:
    at = open_page(page)
    assert "No return is loaded" in words(at)
    assert not at.dataframe
    assert not at.table


def test_the_rulebook_needs_no_return(open_page: Open) -> None:
    at = open_page("rulebook")
    at.text_input(key="rulebook_text").set_value("check letter upn").run()
    assert any(value.startswith("1 of ") for value in (caption.value for caption in at.caption))
    assert at.header[0].value == "P15 UPN check letter wrong"
    assert at.code[0].value == catalogue.rule("P15").sql


def test_a_return_without_errors_is_said_to_have_none(open_page: Open) -> None:
    assert "No errors. 3 rules looked for them." in words(open_page("errors", "clean"))


def test_the_summary_counts_what_the_report_counts(open_page: Open, reports: Reports) -> None:
    at = open_page("upload", "dirty")
    report, _ = reports["dirty"]
    metrics = {metric.label: metric.value for metric in at.metric}
    assert metrics["Errors"] == str(report.n_findings("error"))
    assert metrics["Queries"] == str(report.n_findings("query"))
    assert metrics["People"] == "40"


@pytest.mark.parametrize("page", ["upload", "errors"])
def test_a_broken_rule_is_named_at_the_top(open_page: Open, page: str) -> None:
    at = open_page(page, "broken")
    assert "1 rule could not run" in at.error[0].value
    assert "P15" in at.error[0].value


def test_a_broken_rule_is_not_called_clear(open_page: Open) -> None:
    at = open_page("rulebook", "broken")
    at.selectbox(key="rulebook_rule").set_value("P15").run()
    assert "In this return it found nothing" not in words(at)
    assert "could not run" in at.error[0].value


def test_an_error_page_shows_the_records_of_the_rule_that_is_chosen(open_page: Open, reports: Reports) -> None:
    at = open_page("errors", "dirty")
    at.selectbox(key="errors_rule").set_value("P15").run()
    found = reports["dirty"][0].findings_table(["P15"]).to_pylist()
    records = at.dataframe[1].value
    assert list(records["UPN"]) == [row["upn"] for row in found]
    assert list(records["Line"]) == [row["line"] for row in found]
    assert at.header[0].value == "P15 UPN check letter wrong"


def test_the_table_marks_the_rule_that_is_chosen(open_page: Open) -> None:
    at = open_page("errors", "dirty")
    for place in (1, 0):
        chosen = at.dataframe[0].value["Rule"].iloc[place]
        at.selectbox(key="errors_rule").set_value(chosen).run()
        assert at.session_state["errors_rules"]["selection"]["rows"] == [place]
        assert at.header[0].value.startswith(chosen)


def test_rules_that_move_a_published_figure_come_first(open_page: Open, reports: Reports) -> None:
    at = open_page("errors", "dirty")
    affects = {rule.id: rule.affects for rule in catalogue.rules()}
    places = [priority.ORDER.index(affects[rule_id]) for rule_id in at.dataframe[0].value["Rule"]]
    assert places == sorted(places) and len(set(places)) > 1
    assert "Published figures." in words(at)
    at.segmented_control(key="errors_affects").set_value("matching").run()
    listed = list(at.dataframe[0].value["Rule"])
    assert {affects[rule_id] for rule_id in listed} == {"matching"}
    found = {o.rule.id for o in reports["dirty"][0].outcomes if o.severity == "error" and o.count}
    assert set(listed) == {rule_id for rule_id in found if affects[rule_id] == "matching"}
    assert priority.WHY["matching"] in words(at)


def test_next_goes_through_the_list_that_the_reader_came_from(open_page: Open, reports: Reports) -> None:
    report, _ = reports["dirty"]
    rule_id = max((o for o in report.outcomes if o.people > 2), key=lambda o: o.people).rule.id
    page = ui.SEVERITY_PAGES[report.outcome(rule_id).severity]
    people = sorted({row["person_id"] for row in report.findings_table([rule_id]).to_pylist() if row["person_id"]})
    at = open_page(page, "dirty")
    at.selectbox(key=f"{page}_rule").set_value(rule_id).run()
    shown = list(at.dataframe[1].value["Person"])
    at.session_state[f"{page}_records_{rule_id}_1"] = {"selection": {"rows": [0], "columns": [], "cells": []}}
    at.run()
    assert at.title[0].value.startswith(f"Person {shown[0]}")
    place = people.index(shown[0])
    assert f"{place + 1} of {len(people)} with {rule_id}" in words(at)


def test_next_and_previous_go_through_a_list(open_page: Open) -> None:
    at = open_page("person", "dirty", {"person": "7"})
    at.session_state[next_previous.KEY] = ("with R02", (3, 7, 12), "errors")
    at.run()
    assert "2 of 3 with R02" in words(at)
    at.button(key="person_next").click().run()
    assert at.title[0].value.startswith("Person 12")
    assert at.button(key="person_next").disabled
    at.button(key="person_previous").click().run()
    at.button(key="person_previous").click().run()
    assert at.title[0].value.startswith("Person 3")
    at.button(key="person_leave").click().run()
    at.button(key="person_next").click().run()
    assert at.title[0].value.startswith("Person 4")


def test_filters_say_how_many_of_how_many(open_page: Open) -> None:
    at = open_page("errors", "dirty")
    at.text_input(key="errors_text").set_value("no rule has these words").run()
    assert "No rule matches these filters" in words(at)
    n_errors = sum(1 for rule in catalogue.rules() if rule.severity_in(2025) == "error" and rule.applies_in(2025))
    assert at.sidebar.caption[-1].value.startswith(f"0 of {n_errors} rules")


def test_a_record_opens_its_person(open_page: Open, reports: Reports) -> None:
    at = open_page("errors", "dirty")
    at.selectbox(key="errors_rule").set_value("P15").run()
    at.session_state["errors_records_P15_1"] = {"selection": {"rows": [0], "columns": [], "cells": []}}
    at.run()
    assert at.title[0].value.startswith(f"Person {person_of(reports['dirty'][0], 'P15')}")


def test_a_person_is_shown_with_findings_beside_the_values(open_page: Open, reports: Reports) -> None:
    report, data = reports["dirty"]
    number = person_of(report, "P15")
    at = open_page("person", "dirty", {"person": str(number)})
    rows = at.table[0].value
    beside = rows[rows["Item"].str.contains("UPN")]
    assert "P15" in beside["Findings"].iloc[0]
    line = int(beside["Line"].iloc[0].replace(",", ""))
    assert beside["Value"].iloc[0] in data.decode().split("\n")[line - 1]


@pytest.mark.parametrize("asked", ["41", "0", "x", "9999999999", "-1"])
def test_a_person_that_is_not_there_leads_to_the_search(open_page: Open, asked: str) -> None:
    at = open_page("person", "dirty", {"person": asked})
    assert at.title[0].value == "One person"
    assert "There is no person" in at.warning[0].value


def test_the_search_finds_a_person_by_the_beginning_of_a_name(open_page: Open, reports: Reports) -> None:
    report, _ = reports["dirty"]
    person = report.store.rows("select row_id, upn from person where upn is not null order by row_id limit 1")[0]
    at = open_page("person", "dirty")
    at.text_input(key="person_search").set_value(person["upn"]).run()
    assert at.title[0].value.startswith(f"Person {person['row_id']}")


def test_hidden_names_and_birth_dates_reach_no_page(open_page: Open, reports: Reports) -> None:
    report, _ = reports["dirty"]
    number = person_of(report, "P03")
    who = report.store.rows(
        "select surname, forename, person_birth_date_text as born from person where row_id = $n", {"n": number}
    )[0]
    day, month, year = who["born"].split("-")[::-1]
    secrets = [f">{who['surname']}<", f">{who['forename']}<", who["born"], f"{day}/{month}/{year}"]
    for page, query in (("person", {"person": str(number)}), ("queries", {}), ("person", {})):
        at = open_page(page, "dirty", query)
        at.sidebar.toggle(key=ui.HIDE_NAMES).set_value(True).run()
        if page == "queries":
            at.selectbox(key="queries_rule").set_value("P03").run()
            assert HIDDEN in list(at.dataframe[1].value["Value"])
            assert set(at.dataframe[1].value["Name"]) == {HIDDEN}
        elif query:
            at.toggle(key="person_lines").set_value(True).run()
            assert HIDDEN in at.code[0].value
        else:
            at.text_input(key="person_search").set_value(who["surname"][:1]).run()
        shown = words(at) + "".join(code.value for code in at.code)
        cells = [str(cell) for table in (*at.dataframe, *at.table) for cell in table.value.to_numpy().ravel()]
        for secret in secrets:
            assert secret not in shown
            assert secret.strip("<>") not in cells


def test_an_upload_is_checked_and_shown(dirty_bytes: bytes) -> None:
    at = AppTest.from_file(str(ui.ROOT / "sen2dash" / "main.py"), default_timeout=60).run()
    at.file_uploader[0].set_value(("return.xml", dirty_bytes, "text/xml")).run()
    assert not at.exception
    assert {metric.label: metric.value for metric in at.metric}["People"] == "40"
    entry = vault.VAULT.get(at.session_state[vault.SESSION_KEY])
    assert entry is not None
    assert entry.inputs.source.data() == dirty_bytes
    at.button(key="upload_clear").click().run()
    assert vault.VAULT.get(at.session_state[vault.SESSION_KEY]) is None
    assert at.title[0].value == "Check a SEN2 return"


def test_one_click_shows_a_made_up_return_with_something_of_everything() -> None:
    at = AppTest.from_file(str(ui.ROOT / "sen2dash" / "main.py"), default_timeout=60).run()
    at.button(key="upload_made_up").click().run()
    assert not at.exception
    metrics = {metric.label: int(metric.value.replace(",", "")) for metric in at.metric}
    assert all(metrics[name] > 0 for name in ("Errors", "Queries", "People", "Plans"))
    assert "Made-up data" in at.sidebar.caption[0].value
    vault.VAULT.drop(at.session_state[vault.SESSION_KEY])


@pytest.mark.parametrize(
    ("data", "says"), [(b"PK\x03\x04 not xml", "XML"), (b"<Message><Header/></Message>", "not a SEN2 return")]
)
def test_a_file_that_cannot_be_read_is_refused_in_words(data: bytes, says: str) -> None:
    at = AppTest.from_file(str(ui.ROOT / "sen2dash" / "main.py"), default_timeout=60).run()
    at.file_uploader[0].set_value(("return.xml", data, "text/xml")).run()
    assert not at.exception
    assert says in at.error[0].value
    assert at.title[0].value == "Check a SEN2 return"


def test_an_earlier_return_makes_more_rules_run(open_page: Open, clean_bytes: bytes, dirty_bytes: bytes) -> None:
    at = AppTest.from_file(str(ui.ROOT / "sen2dash" / "main.py"), default_timeout=60).run()
    at.file_uploader[0].set_value(("return.xml", dirty_bytes, "text/xml")).run()
    earlier = next(each for each in at.file_uploader if each.label.startswith("Earlier"))
    earlier.set_value(("earlier.xml", clean_bytes, "text/xml")).run()
    entry = vault.VAULT.get(at.session_state[vault.SESSION_KEY])
    assert entry is not None
    assert entry.report.outcome("H08").status == "clear"
    assert "Compared with earlier.xml" in words(at)
    vault.VAULT.drop(at.session_state[vault.SESSION_KEY])


def test_an_unexpected_error_shows_a_reference_and_no_data(
    open_page: Open, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise ValueError("Zoë Smith born 2010-01-01")

    at = open_page("errors", "dirty")
    monkeypatch.setattr("sen2dash.checks.findings.findings_page", fail)
    at.run()
    assert not at.exception
    assert "Reference number" in at.error[0].value
    assert "Smith" not in words(at)
    assert "ValueError" in caplog.text
    assert "Smith" not in caplog.text


def test_a_return_that_timed_out_is_explained(open_page: Open) -> None:
    at = open_page("errors")
    vault.VAULT._timed_out.add(SESSION)
    try:
        assert "Your return was erased" in words(at.run())
    finally:
        vault.VAULT._timed_out.discard(SESSION)


def test_the_start_page_says_how_many_people_were_not_read(dirty_bytes: bytes) -> None:
    data = dirty_bytes.replace(b"</Message>", b"<Person/>" * 40 + b"</Message>")
    at = AppTest.from_file(str(ui.ROOT / "sen2dash" / "main.py"), default_timeout=60).run()
    at.file_uploader[0].set_value(("return.xml", data, "text/xml")).run()
    assert any("40 people in the file were not read: 40 beside Persons" in each.value for each in at.error)


@pytest.mark.parametrize("state", [None, "clean"])
def test_the_start_page_ends_with_the_release(open_page: Open, state: str | None) -> None:
    at = open_page("upload", state)
    assert at.main.caption[-1].value == RELEASE
    assert len([each for each in at.caption if RELEASE in each.value]) == 1


def test_the_rulebook_shows_what_a_rule_finds_and_what_it_does_not(open_page: Open) -> None:
    at = open_page("rulebook")
    at.selectbox(key="rulebook_rule").set_value("R09").run()
    shown = [table.value for table in at.table]
    assert [list(table["Request outcome date"]) for table in shown] == [["2024-01-31"], ["2024-02-01"]]
    assert "It finds" in words(at)
    assert "[DfE specification 2025](https://www.gov.uk/" not in words(at)
    at.selectbox(key="rulebook_rule").set_value("R07").run()
    assert "[DfE specification 2025](https://www.gov.uk/" in words(at)
