"""The manager's page in each state: eight figures, what explains the gaps, and what it does not reveal."""

from __future__ import annotations

import csv
import html
import io
import re
from collections.abc import Callable
from dataclasses import replace

import pytest
from streamlit.testing.v1 import AppTest

from sen2dash import RELEASE, ui
from sen2dash.analysis import contributions, open_cases, summary
from sen2dash.checks.report import Report, build_report
from sen2dash.indicators import figures
from sen2dash.indicators.figures import Figures
from sen2dash.indicators.filters import EVERYONE
from sen2dash.indicators.suppression import HIDDEN
from sen2dash.reading.source import SourceText
from sen2dash.reference import releases
from sen2dash.sample.generate import sample_bytes
from sen2dash.ui import filters, pieces
from sen2dash.ui import summary as page
from sen2dash.ui.headlines import INDICATOR
from sen2dash.web import vault
from tests.pages.conftest import SESSION, SETTINGS, Open
from tests.pages.test_pages import Reports, words

WEEKS = "plans_within_20_weeks"
TITLES = (
    "Plans on census day",
    "New plans in the year",
    "Requests in the year",
    "Plans within 20 weeks",
    "Mean weeks to issue a plan",
    "Annual reviews on time",
    "Tribunal",
    "Open on census day",
)


def sheet(at: AppTest) -> str:
    """The page's own HTML, without its style."""
    found = [str(each.proto.body) for each in at.get("html")]
    return re.sub(r"<style>.*?</style>", "", "\n".join(found), flags=re.S)


def boxes(at: AppTest) -> dict[str, str]:
    """The text of each figure by its title."""
    found = re.findall(r'<section class="sen2-figure"><h2>(.*?)</h2>(.*?)</section>', sheet(at), re.S)
    return {html.unescape(title): html.unescape(re.sub(r"<[^>]+>", " ", body)) for title, body in found}


def test_eight_figures_with_whose_they_are(open_page: Open, reports: Reports) -> None:
    at = open_page("summary", "dirty")
    assert not at.exception and not at.error
    assert tuple(boxes(at)) == TITLES
    report, text = reports["dirty"][0], sheet(at)
    n_errors = report.n_findings("error")
    assert n_errors > 1 and f"{n_errors} errors are still open." in text
    for part in (ui.authority(report), report.collection.label, "File return.xml", RELEASE, "Everyone in the return"):
        assert part in text
    assert "statistical neighbours, nearest first: Wolverhampton" in text


def test_a_number_is_that_of_its_own_page(open_page: Open, reports: Reports) -> None:
    report = reports["dirty"][0]
    found, values = boxes(open_page("summary", "dirty")), Figures(report).values
    assert f"This return {values['caseload'].numerator} " in re.sub(r"\s+", " ", found["Plans on census day"])
    assert values[WEEKS].rate_text in found["Plans within 20 weeks"]
    everyone = figures.select(report)
    for count in open_cases.counts(open_cases.listed(report, EVERYONE)):
        assert f" {figures.count_text(everyone.count(count))} " in found["Open on census day"]


def test_without_a_return_the_page_says_what_it_shows(open_page: Open) -> None:
    at = open_page("summary")
    assert "No return is loaded" in words(at)
    assert not boxes(at)


@pytest.mark.parametrize(("state", "said"), [("clean", "No errors are open."), ("broken", "1 rule could not run")])
def test_clean_and_broken_returns_say_so(open_page: Open, state: str, said: str) -> None:
    at = open_page("summary", state)
    assert said in sheet(at)
    assert tuple(boxes(at)) == TITLES


def test_filters_hold_and_can_leave_nobody(open_page: Open, reports: Reports) -> None:
    at = open_page("summary", "clean")
    at.multiselect(key=filters.key_of("sex")).set_value(["F"]).run()
    cohort = figures.choose({"sex": ["F"]})
    values = Figures(reports["clean"][0], figures.Selection(cohort)).values
    found = boxes(at)
    assert f" {values['caseload'].numerator} " in found["Plans on census day"]
    assert "Among the people shown" in found["Plans on census day"] and "Sex: Female" in sheet(at)
    assert "Per 10,000" not in found["Plans on census day"]
    at.multiselect(key=filters.key_of("age")).set_value(["26"]).run()
    assert "Nobody in this return matches" in words(at)
    assert not boxes(at)


def test_groups_are_chosen_and_explain_the_gap(open_page: Open) -> None:
    at = open_page("summary", "dirty")
    assert "Requests refused: not shown, because primary need" in sheet(at)
    at.segmented_control(key="summary_by").set_value("age_group").run()
    text = sheet(at)
    assert "Age group: largest first" in text and "Requests refused</th>" in text
    assert re.search(r"\d+ of \d+ (late|refused); \d+ (more|fewer) than at England&#x27;s rate", text)


def test_an_indicator_opens_on_its_own_page(open_page: Open) -> None:
    at = open_page("summary", "dirty")
    at.selectbox(key="summary_open").set_value(WEEKS).run()
    assert at.session_state[INDICATOR] == WEEKS
    assert at.header[0].value == "Plans issued within 20 weeks, without exceptions"


def test_the_last_version_is_beside_each_figure(open_page: Open, clean_bytes: bytes) -> None:
    open_page("upload", "dirty")
    entry = vault.VAULT._entries[SESSION]
    entry.inputs = replace(entry.inputs, previous=SourceText(clean_bytes), previous_name="last.xml", settings=SETTINGS)
    try:
        at = AppTest.from_file(str(ui.ROOT / "sen2dash" / "main.py"), default_timeout=60)
        at.session_state[vault.SESSION_KEY] = SESSION
        at.run()
        at.switch_page("../pages/summary.py").run()
        assert not at.exception
        found = boxes(at)
        assert all("Earlier return" in found[title] for title in TITLES)
        held = entry.since
        at.run()
        assert held is not None and entry.since is held
    finally:
        entry.keep_since(None)


def test_an_earlier_return_that_cannot_be_read_leaves_the_figures(open_page: Open) -> None:
    open_page("upload", "clean")
    entry = vault.VAULT._entries[SESSION]
    entry.inputs = replace(entry.inputs, previous=SourceText(b"<a/>"), previous_name="last.xml", settings=SETTINGS)
    at = AppTest.from_file(str(ui.ROOT / "sen2dash" / "main.py"), default_timeout=60)
    at.session_state[vault.SESSION_KEY] = SESSION
    at.run()
    at.switch_page("../pages/summary.py").run()
    assert "The earlier return" in at.error[0].value
    assert tuple(boxes(at)) == TITLES


def test_a_figure_that_could_not_be_calculated_says_why(
    open_page: Open, reports: Reports, monkeypatch: pytest.MonkeyPatch
) -> None:
    report: Report = reports["clean"][0]
    of = Figures(report).indicators
    broken = [r.model_copy(update={"reason": "No such table"}) if r.indicator.id == WEEKS else r for r in of]
    monkeypatch.setattr(Figures, "indicators", property(lambda _: tuple(broken)))
    report.cache.clear()
    try:
        found = boxes(open_page("summary", "clean"))
        assert "Could not be calculated" in found["Plans within 20 weeks"]
        assert "No such table" in found["Plans within 20 weeks"]
        assert "ould not be calculated" not in found["Plans on census day"]
    finally:
        report.cache.clear()


def test_the_published_years_say_which_line_they_are_of() -> None:
    data = sample_bytes(60, seed=5, year=2026).replace(b"<LEA>333<", b"<LEA>203<")
    report = build_report(data, SETTINGS, only=())
    selection = figures.select(report)
    found = {each.key: page._figure(each, selection, {}, 2026) for each in summary.summary(report, selection)}
    assert "Published for this authority, meeting recorded: 53.1% (2024)." in found["reviews"]
    assert "Published for this authority: 34.5% (2022) to 36.1% (2024)." in found["within_20_weeks"]
    assert 'alt="Published for this authority: 34.5% (2022), ' in found["within_20_weeks"]
    assert "Comparisons are for 2025 (* for 2024)." in found["within_20_weeks"]
    report.close()


def test_for_sharing_the_number_of_people_not_read_is_not_said(
    reports: Reports, monkeypatch: pytest.MonkeyPatch
) -> None:
    report = reports["clean"][0]
    monkeypatch.setattr(Report, "not_read", lambda _: "3 people in the file were not read: line 5.")
    assert page.open_errors(report, figures.select(report)).endswith(" 3 people in the file were not read: line 5.")
    shared = page.open_errors(report, figures.select(report, is_sharing=True))
    assert shared.endswith(" Some people in the file were not read.") and "3" not in shared


def test_a_hidden_gap_says_no_more(reports: Reports) -> None:
    report = reports["clean"][0]
    gap = contributions.gap(report, figures.select(report), WEEKS, "need")
    assert gap is not None
    hidden = replace(gap, number=HIDDEN)
    assert "Hidden" in page._gap(WEEKS, hidden) and "stands out" not in page._gap(WEEKS, hidden)
    assert "No group stands out." in page._gap(WEEKS, replace(gap, groups=()))


def test_without_published_figures_groups_are_above_the_average(open_page: Open, reports: Reports) -> None:
    report = reports["clean"][0]
    known = report.compare_with
    assert "Groups that explain most of the gap" in [each.value for each in open_page("summary", "clean").header]
    report.compare_with = releases.build((), (), (), ())
    try:
        at = open_page("summary", "clean")
        assert [each.value for each in at.header] == ["Groups above the average"]
    finally:
        report.compare_with = known


def test_markup_in_the_name_of_a_file_stays_text(open_page: Open) -> None:
    open_page("upload", "clean")
    entry = vault.VAULT._entries[SESSION]
    entry.inputs = replace(entry.inputs, name="<img src=x onerror=alert(1)>.xml")
    at = AppTest.from_file(str(ui.ROOT / "sen2dash" / "main.py"), default_timeout=60)
    at.session_state[vault.SESSION_KEY] = SESSION
    at.run()
    at.switch_page("../pages/summary.py").run()
    assert "&lt;img src=x" in sheet(at)
    assert "<img src=x" not in sheet(at)


def test_the_file_has_a_row_a_number(open_page: Open, reports: Reports, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[bytes] = []

    def download(label: str, make: Callable[[], bytes], *rest: str, **_: object) -> None:
        made.append(make())

    monkeypatch.setattr(pieces, "download", download)
    open_page("summary", "dirty")
    rows = list(csv.DictReader(io.StringIO(made[0].decode("utf-8-sig"))))
    by_name = {row["Figure"]: row for row in rows}
    value = Figures(reports["dirty"][0]).values[WEEKS]
    row = by_name["Plans issued within 20 weeks, without exceptions"]
    assert (int(row["Number"]), int(row["Out of"])) == (value.numerator, value.denominator)
    assert float(row["England"]) == 46.4
    assert row["Made with"] == RELEASE
