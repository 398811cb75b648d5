"""The start page begins with a warning if the DfE has withheld figures for returns that looked like this one."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from sen2dash import spec
from sen2dash.checks import catalogue
from sen2dash.checks.report import Report, build_report
from sen2dash.sample.generate import make_return
from sen2dash.sample.tree import SampleReturn, render
from tests.pages.conftest import SETTINGS, Open


def file_of(made: SampleReturn) -> bytes:
    return "".join(render(made.year, made.header, made.persons)).encode()


@pytest.fixture(scope="module")
def odd() -> Iterator[tuple[Report, bytes]]:
    """A return in which every plan has an exception and no plan has a primary need."""
    made = make_return(120, 7)
    for person in made.persons:
        for group in person.walk():
            if group.name == "Assessment" and group.items.get("AssessmentOutcome") == "Y":
                group.items["Week20"] = "1"
            if group.name == "SENneed":
                group.items["SENtype"] = "words"
    data = file_of(made)
    report = build_report(data, SETTINGS)
    yield report, data
    report.close()


def test_the_rules_for_which_figures_were_withheld() -> None:
    marked = [rule for rule in catalogue.rules() if rule.withheld]
    assert [rule.id for rule in marked] == ["T02", "T12", "T13", "T14", "T16"]
    assert all("withheld" in rule.guidance and "2026" in rule.guidance for rule in marked)
    assert all(rule.applies_in(spec.NEWEST_YEAR) for rule in marked)


def test_what_fired_is_named_first_and_leads_to_its_findings(
    open_page: Open, reports: dict[str, tuple[Report, bytes]], odd: tuple[Report, bytes]
) -> None:
    reports["odd"] = odd
    at = open_page("upload", "odd")
    assert not at.exception
    assert [button.key for button in at.button if str(button.key).startswith("withheld_")] == [
        "withheld_T02",
        "withheld_T13",
    ]
    seen = [str(getattr(one, "value", "")) for one in at.main if one.type in ("warning", "header", "metric")]
    assert "It has withheld figures of authorities for this" in seen[0]
    assert seen[1] == "What was found"
    assert len([element for element in at.markdown if "More than half of the plans" in element.value]) == 2
    at.button(key="withheld_T13").click().run()
    assert at.title[0].value == "Queries"
    assert at.selectbox(key="queries_rule").value == "T13"


@pytest.mark.parametrize("state", ["clean", "dirty", "broken"])
def test_nothing_is_said_where_none_fired(open_page: Open, state: str) -> None:
    at = open_page("upload", state)
    assert not [button for button in at.button if str(button.key).startswith("withheld_")]
    assert not [warning for warning in at.warning if "withheld" in warning.value]
