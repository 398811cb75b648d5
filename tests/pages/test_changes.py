"""The page "Since last time": what it says with and without an earlier return, and what it does not reveal."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

import pytest
from streamlit.testing.v1 import AppTest

from sen2dash import ui
from sen2dash.analysis import changes
from sen2dash.checks import catalogue
from sen2dash.checks.masking import HIDDEN
from sen2dash.checks.report import build_report
from sen2dash.reading.source import SourceText
from sen2dash.ui import filters
from sen2dash.web import session_data, vault
from tests.pages.conftest import SESSION, SETTINGS, Open
from tests.pages.test_pages import words

BEFORE_ONLY = b"<Person><Surname>Goneaway</Surname><Forename>Ada</Forename><UPN>U1</UPN></Person>"


@pytest.fixture
def opened(open_page: Open, clean_bytes: bytes, dirty_bytes: bytes) -> Iterator[AppTest]:
    """The page with the dirty return, and the clean one with one more person as the earlier return."""
    at = open_page("changes", "dirty")
    assert "There is nothing to compare with yet" in words(at)
    assert not at.dataframe
    entry = vault.VAULT._entries[SESSION]
    earlier = clean_bytes.replace(b"</Persons>", BEFORE_ONLY + b"</Persons>")
    entry.inputs = replace(entry.inputs, previous=SourceText(earlier), previous_name="last_year.xml", settings=SETTINGS)
    yield at.run()
    entry.keep_since(None)


def test_the_page_from_top_to_bottom(opened: AppTest) -> None:
    at = opened
    assert not at.exception
    assert "Compared with the earlier return last\\_year" in words(at)
    numbers = {metric.label: int(metric.value) for metric in at.metric}
    assert numbers["People gone"] == 1
    assert numbers["People added"] == 0
    assert numbers["People changed"] > 0
    assert numbers["Findings new"] > 0
    rules, findings = (frame.value for frame in at.dataframe)
    assert set(rules["Rule"]) >= {"P15", "R09", "P03", "P12"}
    assert rules["New"].sum() == numbers["Findings new"]
    assert rules["Cleared"].sum() == numbers["Findings cleared"]
    assert len(findings) == sum(numbers[f"Findings {name}"] for name in ("cleared", "new", "still there"))

    at.selectbox(key="changes_fate").set_value("new")
    at.selectbox(key="changes_rule").set_value("P15").run()
    rules, records = (frame.value for frame in at.dataframe)
    assert "P15" in set(rules["Rule"])
    assert set(records["Rule"]) == {"P15"}
    assert set(records["Since then"]) == {"New"}

    at.selectbox(key="changes_rule").set_value("All rules").run()
    at.segmented_control(key="changes_view").set_value("people").run()
    people = at.dataframe[0].value
    gone = people[people["Difference"] == "Gone"]
    assert "Goneaway" in set(gone["Surname"])
    assert set(gone["Item"]) == {"(Person details)"}
    changed = people[people["Item"] == "Postcode"]
    assert set(changed["After"]) == {"blank"}
    at.selectbox(key="changes_kind").set_value("gone").run()
    assert set(at.dataframe[0].value["Difference"]) == {"Gone"}

    at.segmented_control(key="changes_view").set_value("figures").run()
    indicators, moved = (frame.value for frame in at.dataframe)
    assert len(indicators) == 33
    # At first, the indicator that most people moved.
    assert len(moved) == indicators["Moved by"].max() > 0
    chosen = at.selectbox(key="changes_indicator")
    chosen.set_value("caseload").run()
    row = indicators.set_index("Indicator").loc[catalogue.indicator("caseload").title]
    assert sum(len(frame.value) for frame in at.dataframe[1:]) == row["Moved by"]
    assert at.header[0].value == catalogue.indicator("caseload").title
    at.segmented_control(key="changes_view").set_value("agreement").run()
    assert "**Equal:**" in words(at)
    assert "Not equal" in set(at.dataframe[0].value["Part is"])
    assert not at.exception


def test_the_start_page_says_what_changed_since_the_version_before(open_page: Open, clean_bytes: bytes) -> None:
    at = open_page("upload", "dirty")
    assert "Since the version" not in words(at)
    entry = vault.VAULT._entries[SESSION]
    before = session_data.PreviousVersion(SourceText(clean_bytes), "first.xml", datetime(2026, 1, 20, 14, 32))
    entry.inputs = replace(entry.inputs, before=before, settings=SETTINGS)
    at.run()
    assert not at.exception
    assert "Since the version of 20/01/2026, 14:32" in words(at)
    assert entry.since is not None
    n = entry.since.n_by_fate
    assert n["new"] > 0
    for fate, label in (("cleared", "cleared"), ("new", "new"), ("still", "still there")):
        noun = "finding" if n[fate] == 1 else "findings"
        assert at.button(key=f"since_{fate}").label == f"{n[fate]} {noun} {label}"
    assert at.button(key="since_figures").label.startswith("Plans within 20 weeks")
    at.button(key="since_new").click().run()
    assert at.title[0].value == "Since last time"
    assert at.selectbox(key="changes_fate").value == "new"
    entry.inputs = replace(entry.inputs, before=None)
    entry.keep_since(None)


@pytest.mark.parametrize(("lea", "is_next"), [("333", True), ("334", False)])
def test_the_next_version_is_of_the_same_authority_and_year(clean_bytes: bytes, lea: str, is_next: bool) -> None:
    at = AppTest.from_file(str(ui.ROOT / "sen2dash" / "main.py"), default_timeout=60).run()
    at.file_uploader[0].set_value(("first.xml", clean_bytes, "text/xml")).run()
    other = re.sub(rb"<LEA>[0-9]+</LEA>", f"<LEA>{lea}</LEA>".encode(), clean_bytes)
    next(each for each in at.file_uploader if each.label.startswith("Another")).set_value(
        ("second.xml", other, "text/xml")
    ).run()
    assert not at.exception
    entry = vault.VAULT.get(at.session_state[vault.SESSION_KEY])
    assert entry is not None
    assert entry.inputs.name == "second.xml"
    assert (entry.inputs.before is not None) is is_next
    if entry.inputs.before is not None:
        assert entry.inputs.before.name == "first.xml"
        assert entry.inputs.before.source.data() == clean_bytes
    assert ("Since the version of" in words(at)) is is_next
    vault.VAULT.drop(at.session_state[vault.SESSION_KEY])


def test_names_that_are_hidden_reach_nobody(opened: AppTest) -> None:
    at = opened
    at.session_state[ui.HIDE_NAMES] = True
    for view in ("findings", "people", "figures"):
        at.segmented_control(key="changes_view").set_value(view).run()
        table = at.dataframe[-1].value
        assert set(table["Surname"]) <= {HIDDEN, ""}
        assert "Goneaway" not in table.to_csv()
    assert "the files leave out names" in words(at)


def test_figures_for_sharing_are_rounded(opened: AppTest) -> None:
    at = opened
    at.session_state[filters.SHARING] = True
    at.segmented_control(key="changes_view").set_value("figures").run()
    assert "rounded" in words(at)
    table = at.dataframe[0].value
    assert len(at.dataframe) == 1
    assert list(table) == ["Indicator", "Before", "After"]
    row = table[table["Indicator"] == catalogue.indicator("requests_received").title].iloc[0]
    assert all(int(row[name]) % SETTINGS.suppression_threshold == 0 for name in ("Before", "After"))


def test_the_comparison_goes_with_the_report(dirty_bytes: bytes, clean_bytes: bytes) -> None:
    report = build_report(dirty_bytes, SETTINGS, only=())
    since = changes.look_back(report, SourceText(clean_bytes), SETTINGS, None, lambda _: None)
    entry = session_data.LoadedReturn(report, session_data.Inputs(SourceText(dirty_bytes), "return.xml"))
    entry.keep_since(since)
    entry.close()
    assert entry.since is None
    with pytest.raises(Exception, match="closed"):
        since.compared.rows_alone("person")
