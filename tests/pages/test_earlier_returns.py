"""Adding and removing earlier returns on the start page, and where their figures are shown."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from streamlit.testing.v1 import AppTest

from sen2dash import ui
from sen2dash.analysis import earlier_years
from sen2dash.analysis.earlier_years import EarlierReturn
from sen2dash.indicators import figures
from sen2dash.sample.generate import sample_bytes
from sen2dash.ui import filters
from sen2dash.web import vault
from tests.pages.test_pages import words
from tests.pages.test_summary import boxes, sheet
from tests.pages.test_working_file import entry_of, load, press

pytestmark = pytest.mark.usefixtures("few_rules")
FIRST, SECOND = "Earlier SEN2 return", "One more earlier return"
DATA = {year: sample_bytes(12, seed=year, year=year) for year in (2023, 2024, 2025, 2026, 2027)}


@pytest.fixture
def visit() -> Iterator[AppTest]:
    at = AppTest.from_file(str(ui.ROOT / "sen2dash" / "main.py"), default_timeout=60).run()
    load(at, DATA[2026])
    yield at
    vault.VAULT.drop(at.session_state[vault.SESSION_KEY])


def years(at: AppTest) -> tuple[int, ...]:
    return earlier_years.years(entry_of(at).report)


def rules_compare_with(at: AppTest) -> int | None:
    before = entry_of(at).report.store.previous_collection
    return before.year if before is not None else None


def labels(at: AppTest) -> list[str]:
    return [each.label for each in (*at.button, *at.file_uploader)]


@pytest.mark.parametrize("order", [(2025, 2024), (2024, 2025)])
def test_the_rules_compare_with_the_newer_whichever_was_added_first(visit: AppTest, order: tuple[int, int]) -> None:
    load(visit, DATA[order[0]], FIRST)
    assert (years(visit), rules_compare_with(visit)) == ((order[0],), order[0])
    load(visit, DATA[order[1]], SECOND)
    assert not visit.error
    assert (years(visit), rules_compare_with(visit)) == ((2024, 2025), 2025)
    inputs = entry_of(visit).inputs
    assert inputs.previous is not None and inputs.older is not None
    assert (inputs.previous.data(), inputs.older.data()) == (DATA[2025], DATA[2024])
    assert "Figures of 2024 are from return.xml." in words(visit)
    assert not any(label.startswith((FIRST, SECOND)) for label in labels(visit))


def test_removing_either_leaves_the_other(visit: AppTest) -> None:
    load(load(visit, DATA[2025], FIRST), DATA[2024], SECOND)
    gone = [each for each in entry_of(visit).report.earlier if each.collection.year == 2024]
    press(visit, "Remove the return of 2024")
    assert (years(visit), rules_compare_with(visit)) == ((2025,), 2025)
    with pytest.raises(Exception, match=r"[Cc]onnection"):
        gone[0].store.rows("select 1")
    load(visit, DATA[2024], SECOND)
    press(visit, "Remove the earlier return")
    assert (years(visit), rules_compare_with(visit)) == ((2024,), 2024)
    assert entry_of(visit).inputs.older is None
    press(visit, "Remove the earlier return")
    assert (years(visit), rules_compare_with(visit)) == ((), None)
    assert any(label.startswith(FIRST) for label in labels(visit))


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (DATA[2024].replace(b"<LEA>333<", b"<LEA>203<"), "It is of Greenwich, and your return is of Sandwell."),
        (DATA[2026], "It is of 2026, and your return is of 2026."),
        (DATA[2027], "It is of 2027, and your return is of 2026."),
        (sample_bytes(20, seed=3, year=2025), "A return of 2025 is already added."),
        (b"<a/>", "SEN2"),
        (b"no file", "XML"),
    ],
)
def test_a_second_return_that_does_not_fit_is_refused_and_changes_nothing(
    visit: AppTest, data: bytes, said: str
) -> None:
    load(visit, DATA[2025], FIRST)
    before = entry_of(visit)
    load(visit, data, SECOND)
    assert said in visit.error[0].value
    assert entry_of(visit) is before and before.inputs.older is None
    assert years(visit) == (2025,)
    # Another can be chosen.
    load(visit, DATA[2024], SECOND)
    assert not visit.error and years(visit) == (2024, 2025)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (DATA[2025].replace(b"<LEA>333<", b"<LEA>203<"), "It is of Greenwich, so its figures are not compared"),
        (sample_bytes(20, seed=3, year=2026), "It is of 2026, like your return, so it is not shown as another year."),
        (DATA[2027], "It is of 2027, after your return, so it is not shown as an earlier year."),
    ],
)
def test_a_first_return_that_is_no_earlier_year_says_so(visit: AppTest, data: bytes, said: str) -> None:
    load(visit, data, FIRST)
    assert said in words(visit)
    assert years(visit) == ()
    before = entry_of(visit).report.store.previous_collection
    load(visit, DATA[2025], SECOND)
    assert years(visit) == (2025,)
    assert entry_of(visit).report.store.previous_collection == before


def test_earlier_returns_are_kept_with_the_next_version_and_measured_once(visit: AppTest) -> None:
    load(load(visit, DATA[2025], FIRST), DATA[2023], SECOND)
    before = {id(each) for each in entry_of(visit).report.earlier}
    load(visit, sample_bytes(15, seed=9, year=2026), "Another SEN2 return")
    assert years(visit) == (2023, 2025)
    assert {id(each) for each in entry_of(visit).report.earlier} == before
    report = entry_of(visit).report
    assert set(earlier_years.values(report, "caseload", figures.select(report))) == {2023, 2025}


def test_the_charts_of_the_cohort_follow_what_is_added_and_removed(visit: AppTest) -> None:
    def headings() -> list[str]:
        visit.switch_page("../pages/cohort.py").run()
        visit.segmented_control(key="cohort_comparator").set_value("earlier").run()
        visit.toggle(key="cohort_caseload_sex_table").set_value(True).run()
        found = list(visit.table[0].value.columns)[2:]
        visit.switch_page("../pages/upload.py").run()
        return found

    assert headings() == []
    load(visit, DATA[2025], FIRST)
    assert headings() == ["Return of 2025"]
    load(visit, DATA[2024], SECOND)
    assert headings() == ["Return of 2024", "Return of 2025"]
    press(visit, "Remove the return of 2024")
    assert headings() == ["Return of 2025"]
    press(visit, "Remove the earlier return")
    assert headings() == []


def test_earlier_returns_that_no_longer_fit_say_why(visit: AppTest) -> None:
    load(load(visit, DATA[2025], FIRST), DATA[2024], SECOND)
    load(visit, sample_bytes(15, seed=9, year=2024), "Another SEN2 return")
    assert years(visit) == ()
    assert "It is of 2025, after your return, so it is not shown as an earlier year." in words(visit)
    assert "Also added: return.xml. It is of 2024, like your return, so it is not shown as another year." in words(
        visit
    )
    assert "Figures of 2024 are from" not in words(visit)
    visit.switch_page("../pages/cohort.py").run()
    visit.segmented_control(key="cohort_comparator").set_value("earlier").run()
    assert "The earlier return that is loaded is not of an earlier year of this authority." in words(visit)
    visit.switch_page("../pages/upload.py").run()
    press(visit, "Remove the return of 2024")
    assert "Also added" not in words(visit)


def test_another_reading_of_20_weeks_counts_them_again(visit: AppTest) -> None:
    load(visit, DATA[2025], FIRST)
    (before,) = entry_of(visit).report.earlier
    visit.switch_page("../pages/headlines.py").run()
    assert "Return of 2025" in visit.dataframe[0].value.columns
    visit.radio(key="headlines_days_140").set_value(139).run()
    (after,) = entry_of(visit).report.earlier
    assert isinstance(after, EarlierReturn) and after is not before
    assert after.settings == entry_of(visit).inputs.settings
    assert years(visit) == (2025,)


def test_summary_shows_the_newer_year_and_one_indicator_both(visit: AppTest) -> None:
    load(load(visit, DATA[2025], FIRST), DATA[2024], SECOND)
    visit.switch_page("../pages/summary.py").run()
    assert not visit.exception
    assert all("Return of 2025" in each for each in boxes(visit).values())
    visit.multiselect(key=filters.key_of("sex")).set_value(["F"]).run()
    found, report = boxes(visit), entry_of(visit).report
    value = earlier_years.values(report, "caseload", figures.select(report, figures.choose({"sex": ["F"]})))[2025]
    assert f"Return of 2025 {value.numerator} " in re.sub(r"\s+", " ", found["Plans on census day"])
    visit.multiselect(key=filters.key_of("sex")).set_value([]).run()
    visit.selectbox(key="summary_open").set_value("caseload").run()
    assert not visit.exception
    value = earlier_years.values(report, "caseload", figures.select(report))[2024]
    assert f"Return of 2024</th><td>{value.numerator}</td>" in sheet(visit)
