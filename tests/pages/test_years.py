"""What the pages say about the year of a return."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import pytest
from streamlit.testing.v1 import AppTest

from sen2dash import spec, ui
from sen2dash.checks import catalogue
from sen2dash.checks.report import build_report
from sen2dash.config import Settings
from sen2dash.reading.source import SourceText
from sen2dash.sample.generate import sample_bytes
from sen2dash.web import session_data, vault
from tests.pages.conftest import SESSION

PAGES = [name for name, _, _ in ui.PAGES]


def words(at: AppTest) -> str:
    return "\n".join(str(element.value) for kind in (at.markdown, at.info, at.sidebar.markdown) for element in kind)


def opened(data: bytes, now: datetime) -> AppTest:
    """The start page with a return in the session, checked with only two rules."""
    settings = Settings(now=now)
    report = build_report(data, settings, only=[catalogue.rule("H04"), catalogue.rule("H23")])
    vault.VAULT.put(SESSION, report, session_data.Inputs(SourceText(data), "return.xml", settings=settings))
    at = AppTest.from_file(str(ui.ROOT / "sen2dash" / "main.py"), default_timeout=60)
    at.session_state[vault.SESSION_KEY] = SESSION
    return at.run()


@pytest.fixture(autouse=True)
def emptied() -> Iterator[None]:
    yield
    vault.VAULT.drop(SESSION)


def test_every_page_says_whose_rules_a_coming_year_was_checked_with() -> None:
    at = opened(sample_bytes(30, 7, year=2028), datetime(2028, 2, 1))
    assert "The dates are those of 2028; the items, codes, severities and rules are those of 2027." in words(at)
    assert "Census day 20 January 2028, if it is" in words(at)
    for page in PAGES:
        at.switch_page(f"../pages/{page}.py")
        at.run()
        assert not at.exception, page
        assert "SEN2 2028, census day 20 January 2028, checked with the rules of 2027" in at.sidebar.markdown[0].value


@pytest.mark.parametrize("year", spec.RETURN_YEARS)
def test_the_start_page_shows_census_day_and_deadline(year: int) -> None:
    known = spec.return_years()[year]
    at = opened(sample_bytes(5, 7, year=year), datetime(year, 2, 1))
    assert f"SEN2 {year}. Census day {ui.day(known.census_day)}. " in words(at)
    assert known.deadline is not None
    certain = f"Submit it by {ui.day(known.deadline)}."
    assert (certain in words(at)) == known.is_deadline_certain
    assert ui.day(known.deadline) in words(at)
    assert "rules of" not in words(at)


def test_an_unknown_year_is_shown_as_the_one_that_it_is_checked_as() -> None:
    data = sample_bytes(5, 7, year=2027).replace(b"<Year>2027<", b"<Year>2031<")
    at = opened(data, datetime(2027, 2, 1))
    assert "SEN2 2027. Census day 21 January 2027. Submit it by 11 March 2027." in words(at)


def test_the_made_up_return_is_of_the_newest_year() -> None:
    at = AppTest.from_file(str(ui.ROOT / "sen2dash" / "main.py"), default_timeout=60).run()
    at.button(key="upload_made_up").click().run()
    entry = vault.VAULT.get(at.session_state[vault.SESSION_KEY])
    assert entry is not None
    assert entry.report.collection.year == spec.NEWEST_YEAR
    vault.VAULT.drop(at.session_state[vault.SESSION_KEY])
