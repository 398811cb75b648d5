"""Errors, Queries and Information with their filters: whose findings, only new ones, and lists of teams."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from streamlit.testing.v1 import AppTest

from sen2dash import ui
from sen2dash.checks import teams
from sen2dash.checks.report import Report, build_report
from sen2dash.indicators import filters
from sen2dash.reading.source import SourceText
from sen2dash.reading.teams import TeamList, read_teams
from sen2dash.sample.generate import sample_bytes
from sen2dash.ui import upload, worklist
from sen2dash.web import session_data, vault
from tests.casebook import people_of
from tests.pages.conftest import SESSION, SETTINGS, Open
from tests.pages.test_pages import words

Reports = dict[str, tuple[Report, bytes]]
#: Names that Markdown and a spreadsheet could take for something else.
NORTH, SOUTH = "North *& East*", "=South"


@pytest.fixture(scope="module", autouse=True)
def busy(reports: Reports) -> Iterator[None]:
    """A state with many findings, some of them about the header."""
    data = sample_bytes(persons=60, seed=5, defects=70, year=2025).replace(b"<LEA>333</LEA>", b"<LEA>x</LEA>")
    reports["busy"] = (build_report(data, SETTINGS), data)
    yield
    reports.pop("busy")[0].close()


def make_list(report: Report) -> TeamList:
    people = report.store.rows("select row_id, upn from person where upn is not null order by row_id")
    lines = [f"{row['upn']},{(NORTH, SOUTH)[row['row_id'] % 2]}" for row in people if row["row_id"] % 5]
    return read_teams("\n".join(["UPN,Team", *lines]).encode())


@pytest.fixture
def with_teams(reports: Reports) -> Iterator[TeamList]:
    """The return has a list of teams."""
    report, _ = reports["busy"]
    found = make_list(report)
    report.teams = teams.use(report.store, found)
    yield found
    report.teams = teams.use(report.store, None)


@pytest.fixture
def compared(open_page: Open) -> Iterator[AppTest]:
    """Errors with a return with many findings, and one with fewer as the earlier return."""
    at = open_page("errors", "busy")
    assert worklist.NEW not in {each.key for each in at.toggle}
    entry = vault.VAULT._entries[SESSION]
    earlier = SourceText(sample_bytes(persons=60, seed=5, defects=25, year=2025))
    entry.inputs = replace(entry.inputs, previous=earlier, previous_name="last_*year*.xml", settings=SETTINGS)
    yield at.run()
    entry.keep_since(None)


def passing(report: Report, page: str, people: set[int] | frozenset[int]) -> list[dict[str, object]]:
    ids = [o.rule.id for o in report.outcomes if ui.SEVERITY_PAGES[o.severity] == page]
    return [row for row in report.findings_table(ids).to_pylist() if row["person_id"] in people]


@pytest.mark.parametrize("page", ["errors", "queries", "information"])
def test_a_filter_limits_the_rules_the_records_and_says_n_of_n(open_page: Open, reports: Reports, page: str) -> None:
    report, _ = reports["busy"]
    at = open_page(page, "busy")
    assert "Showing" not in words(at)
    chosen = ["SEMH", "ASD"]
    at.multiselect(key="w_need").set_value(chosen).run()
    people = people_of(report.store, filters.choose({"need": chosen}))
    rows = passing(report, page, people)
    assert 0 < len(rows) < report.n_findings(report.outcome(str(rows[0]["rule_id"])).severity)
    assert f"Showing {len(people)} of {report.counts['person']} people" in words(at)
    table = at.dataframe[0].value
    assert dict(zip(table["Rule"], table["Findings"], strict=True)) == {
        rule_id: sum(row["rule_id"] == rule_id for row in rows) for rule_id in {str(row["rule_id"]) for row in rows}
    }
    assert f"{len(rows)} of " in at.sidebar.caption[-1].value
    rule_id = at.selectbox(key=f"{page}_rule").value
    of_rule = [row for row in rows if row["rule_id"] == rule_id]
    assert list(at.dataframe[1].value["Person"]) == [row["person_id"] for row in of_rule]
    assert "These files hold only the findings that pass the filters." in words(at)

    at.button(key="worklist_reset").click().run()
    assert "Showing" not in words(at)
    assert not at.multiselect(key="w_need").value
    # A choice of everything says so. None would be shown as "Choose an option".
    assert [at.selectbox(key=f"{page}_{name}").value for name in ("mark", "module")] == ["all", "all"]


def test_next_goes_through_the_people_who_pass(open_page: Open, reports: Reports) -> None:
    report, _ = reports["busy"]
    rule_id = max((o for o in report.outcomes if o.severity != "info"), key=lambda o: o.people).rule.id
    page = ui.SEVERITY_PAGES[report.outcome(rule_id).severity]
    people = people_of(report.store, filters.choose({"stage": ["plan_active"]}))
    found = sorted({int(str(r["person_id"])) for r in passing(report, page, people) if r["rule_id"] == rule_id})
    assert 1 < len(found) < report.outcome(rule_id).people
    at = open_page(page, "busy")
    at.multiselect(key="w_stage").set_value(["plan_active"]).run()
    at.selectbox(key=f"{page}_rule").set_value(rule_id).run()
    at.session_state[f"{page}_records_{rule_id}_1"] = {"selection": {"rows": [0], "columns": [], "cells": []}}
    at.run()
    assert f"1 of {len(found)} with {rule_id}" in words(at)


def test_an_address_sets_the_filters_by_names_of_categories(open_page: Open, reports: Reports) -> None:
    report, _ = reports["busy"]
    at = open_page("errors", "busy", {"w_stage": "Plan active on census day"})
    people = people_of(report.store, filters.choose({"stage": ["plan_active"]}))
    assert f"Showing {len(people)} of {report.counts['person']} people" in words(at)


def test_filters_that_leave_nothing_lead_back(open_page: Open) -> None:
    at = open_page("errors", "busy")
    at.multiselect(key="w_need").set_value(["MSI"])
    at.multiselect(key="w_year").set_value(["early"]).run()
    assert "No rule matches these filters" in words(at)
    at.button(key="errors_everyone").click().run()
    assert at.dataframe


def test_findings_about_the_return_are_left_out_and_counted(open_page: Open, reports: Reports) -> None:
    report, _ = reports["busy"]
    about = {
        page: report.store.value(
            "select count(*) from finding where person_id is null and list_contains($ids, rule_id)",
            {"ids": [o.rule.id for o in report.outcomes if ui.SEVERITY_PAGES[o.severity] == page]},
        )
        for page in ui.SEVERITY_PAGES.values()
    }
    page = max(about, key=lambda each: about[each])
    assert about[page]
    at = open_page(page, "busy")
    assert "Left out" not in words(at)
    at.multiselect(key="w_need").set_value(["ASD"]).run()
    (said,) = [each.value for each in at.main.caption if "Left out" in each.value]
    assert f": {about[page]} " in said
    assert "about the header or the whole return" in said


def test_a_rule_opened_from_elsewhere_is_shown_without_filters(open_page: Open, reports: Reports) -> None:
    at = open_page("errors", "busy")
    at.multiselect(key="w_need").set_value(["MSI"]).run()
    at.switch_page("../pages/rulebook.py").run()
    first = next(o for o in reports["busy"][0].outcomes if o.severity == "error" and o.count)
    at.text_input(key="rulebook_text").set_value(first.rule.id).run()
    at.button(key="rulebook_see").click().run()
    assert at.title[0].value == "Errors"
    assert at.multiselect(key="w_need").value == []
    assert at.header[0].value.startswith(first.rule.id)


# -- new since last time ----------------------------------------------------------------------------------


def test_only_new_findings(compared: AppTest, reports: Reports) -> None:
    at = compared
    report, _ = reports["busy"]
    at.toggle(key=worklist.NEW).set_value(True).run()
    assert not at.exception
    assert "Compared with the earlier return last" in at.sidebar.caption[-2].value
    since = vault.VAULT._entries[SESSION].since
    assert since is not None
    fates = {fate.rule.id: fate.new for fate in since.compared.fates if fate.new and fate.severity == "error"}
    table = at.dataframe[0].value
    assert dict(zip(table["Rule"], table["Findings"], strict=True)) == fates
    assert 0 < sum(fates.values()) < report.n_findings("error")

    at.switch_page("../pages/queries.py").run()
    assert at.toggle(key=worklist.NEW).value
    at.toggle(key=worklist.NEW).set_value(False).run()
    assert at.dataframe[0].value["Findings"].sum() == report.n_findings("query")


# -- teams ------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("with_teams")
def test_findings_of_one_team(open_page: Open, reports: Reports) -> None:
    report, _ = reports["busy"]
    at = open_page("errors", "busy")
    picker = at.multiselect(key=worklist.TEAMS)
    assert picker.options == [NORTH, SOUTH, "No team"]
    picker.set_value([NORTH]).run()
    rows = report.store.rows("select person_id from person_team where team = $team", {"team": NORTH})
    people = {row["person_id"] for row in rows}
    assert at.dataframe[0].value["Findings"].sum() == len(passing(report, "errors", people))
    assert f"Showing {len(people)} of {report.counts['person']} people" in words(at)
    assert r"Team\: North \*\& East\*" in words(at)
    # A team's name is never in the address.
    assert not [value for values in at.query_params.values() for value in values if "North" in value]
    assert "errors_teams" in {each.key for each in at.get("download_button")}


def test_without_a_list_there_is_no_filter_of_teams(open_page: Open) -> None:
    at = open_page("errors", "busy")
    assert worklist.TEAMS not in {each.key for each in at.multiselect}
    assert "errors_teams" not in {each.key for each in at.get("download_button")}
    at = open_page("downloads", "busy")
    assert "Add a list of teams" in words(at)


@pytest.mark.usefixtures("with_teams")
def test_a_team_that_another_list_does_not_have_is_not_chosen(open_page: Open, reports: Reports) -> None:
    report, _ = reports["busy"]
    at = open_page("errors", "busy")
    at.multiselect(key=worklist.TEAMS).set_value([NORTH]).run()
    upn = report.store.value("select min(upn) from person")
    report.teams = teams.use(report.store, read_teams(f"UPN,Team\n{upn},West".encode()))
    at.run()
    assert not at.exception
    assert at.multiselect(key=worklist.TEAMS).value == []
    assert "Showing" not in words(at)


def test_the_start_page_says_what_the_list_says_and_removes_it(
    open_page: Open, reports: Reports, with_teams: TeamList
) -> None:
    report, _ = reports["busy"]
    at = open_page("upload", "busy")
    assert report.teams is not None
    n = len(with_teams.lines)
    assert f"{report.teams.n_matched} of {n} lines matched a person in the return" in words(at)
    assert f"2 teams. {report.teams.n_without} of {report.counts['person']} people in the return have no team" in words(
        at
    )
    at.button(key="upload_drop_teams").click().run()
    assert report.teams is None
    assert "List of teams (CSV or Excel)" in str(at.main)


def test_a_list_stays_with_the_next_version_and_goes_with_the_return(reports: Reports) -> None:
    found = make_list(reports["busy"][0])
    assert {"teams", "teams_name"} <= set(upload.ADDED)
    kept = vault.Vault(idle_seconds=60)
    report = Report.__new__(Report)
    report.__dict__.update(reports["busy"][0].__dict__)
    report.teams = None
    kept.put("one", report, session_data.Inputs(SourceText(reports["busy"][1]), "return.xml", teams=found))
    assert report.teams is not None and report.teams.names
    entry = kept.get("one")
    assert entry is not None and entry.inputs.teams is found
    kept._entries.clear()
    assert kept.get("one") is None
    teams.use(report.store, None)
