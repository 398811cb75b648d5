"""The page "Trend" in each state: nothing kept, one version, several, protected, and made by another release."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, NoReturn

import pyarrow as pa
import pytest
from streamlit.testing.v1 import AppTest

from sen2dash.archive import keeping
from sen2dash.errors import BadArchive
from sen2dash.ui import trend
from tests.archive import made
from tests.pages.kept import ADMINISTRATOR, OFFICER, VIEWER, Files, Version, Visit, files, visit
from tests.pages.test_pages import words

__all__ = ["files", "visit"]
FIRST = Version(made.make(seed=1), "2024-11-20T10:00:00", "First mock")
SECOND = Version(made.make(seed=2), "2025-02-03T10:00:00", "", "submission")
NEXT = Version(made.make(seed=3, year=2026), "2025-11-20T10:00:00", "First *mock* of 2026")


def table(at: AppTest) -> dict[str, list[str]]:
    """The table in place of the chart."""
    return {str(name): list(column) for name, column in at.table[0].value.items()}


def sent(at: AppTest) -> str:
    """The data of the chart as the browser gets it."""
    datasets = at.get("vega_lite_chart")[0].proto.datasets
    assert datasets
    return str([pa.ipc.open_stream(each.data.data).read_all().to_pylist() for each in datasets])


def test_without_an_archive_the_page_says_how_to_get_one(monkeypatch: pytest.MonkeyPatch, visit: Visit) -> None:
    monkeypatch.delenv("SEN2DASH_ARCHIVE")
    at = visit.page("trend")
    assert at.title[0].value == "Trend"
    assert "Nothing is kept on this server" in words(at)


def test_with_nothing_kept_an_officer_and_a_viewer_read_what_they_can_do(visit: Visit) -> None:
    visit.opened().close()
    visit.by(OFFICER)
    assert "No return is kept yet" in words(visit.page("trend"))
    visit.by(VIEWER)
    at = visit.page("trend")
    assert "Nothing has been shared yet" in words(at)
    assert not at.get("vega_lite_chart")


def test_one_version_has_a_point_and_says_that_a_line_needs_two(visit: Visit) -> None:
    visit.keep(FIRST)
    at = visit.page("trend")
    assert "One version is kept" in at.info[0].value
    assert not at.exception
    assert "trend_years_1" not in at.session_state
    at.toggle(key="trend_table").set_value(True).run()
    assert table(at)["Version"] == ["First mock"]


def test_errors_and_queries_come_first_and_an_indicator_can_be_chosen(visit: Visit) -> None:
    kept = visit.keep(FIRST, SECOND, NEXT)
    at = visit.page("trend")
    assert [each.value for each in at.subheader] == ["Open errors and queries"]
    assert "Made-up data" not in words(at)
    at.toggle(key="trend_table").set_value(True).run()
    counts = [each.summary.open_findings() for each in kept if each.summary]
    assert table(at)["Errors"] == [f"{each['error']:,}" for each in counts]
    # What an officer typed is shown as text.
    assert table(at)["Version"] == ["First mock", "Submission 001", r"First \*mock\* of 2026"]
    assert "trend_csv" in {each.key for each in at.get("download_button")}
    at.segmented_control(key="trend_show").set_value("indicator").run()
    at.selectbox(key="trend_indicator").set_value("caseload").run()
    figures = [next(f for f in each.summary.figures if f.id == "caseload") for each in kept if each.summary]
    assert table(at)["Value"] == [f"{each.numerator:,}" for each in figures]
    at.segmented_control(key="trend_years_2").set_value(1).run()
    assert table(at)["Return year"] == ["2026"]
    # No return was opened for it.
    assert "open" not in {each.event.action for each in visit.entries() if each.event}


def test_numbers_are_protected_for_sharing_and_for_people_who_may_not_see_children(visit: Visit) -> None:
    kept = visit.keep(FIRST, SECOND)
    errors = [each.summary.open_findings()["error"] or 0 for each in kept if each.summary]
    people = [12, 12]
    visit.by(OFFICER)
    at = visit.page("trend")
    at.toggle(key="trend_table").set_value(True).run()
    assert table(at)["People"] == [str(each) for each in people]
    at.toggle(key="ui_sharing").set_value(True).run()
    assert table(at)["People"] == ["10", "10"]
    assert "Counts are rounded to the nearest 5" in words(at)
    for person in (VIEWER, ADMINISTRATOR):
        visit.by(person)
        at = visit.page("trend")
        assert "ui_sharing" not in {each.key for each in at.toggle}
        assert "Counts are rounded to the nearest 5" in words(at)
        data = sent(at)
        at.toggle(key="trend_table").set_value(True).run()
        assert table(at)["People"] == ["10", "10"]
        assert all(shown == "c" or int(shown) % 5 == 0 for shown in table(at)["Errors"])
        assert not [each for each in errors if each % 5 and f"'value': {each}" in data]


def test_the_file_is_noted_before_it_is_made(visit: Visit, files: Files) -> None:
    visit.keep(FIRST, SECOND)
    visit.by(VIEWER)
    at = visit.page("trend")
    at.toggle(key="trend_table").set_value(True).run()
    n = len(visit.entries())
    data = files["This table (CSV)"]().decode("utf-8-sig")
    assert data.startswith('"Version","Return year"')
    assert data.count("Sandwell. Everyone in the return. Counts are rounded to the nearest 5.") == 2
    assert len(visit.entries()) == n + 1
    event = visit.entries()[-1].event
    assert event is not None
    assert (event.action, event.what, event.rows, event.is_rounded) == ("export", "trend.csv", 2, True)


def test_recomputing_asks_for_the_right_again(visit: Visit, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = visit.keep(FIRST)
    visit.by(OFFICER)
    monkeypatch.setattr(keeping, "recompute", lambda *_: pytest.fail("It was recomputed."))
    monkeypatch.setattr("streamlit.stop", stopped)
    archive = visit.opened()
    with pytest.raises(Stopped):
        trend._recompute(archive, kept)
    archive.close()


class Stopped(Exception):
    """The script of the page ended."""


def stopped() -> NoReturn:
    raise Stopped


def test_an_authority_is_chosen_if_there_are_several(visit: Visit) -> None:
    visit.keep(FIRST, Version(made.make(seed=2, lea="301"), "2025-02-03T10:00:00", "Of another authority"))
    at = visit.page("trend")
    assert at.selectbox(key="trend_authority").options == ["Barking and Dagenham", "Sandwell"]
    at.toggle(key="trend_table").set_value(True).run()
    assert table(at)["Version"] == ["Of another authority"]
    at.selectbox(key="trend_authority").set_value("333").run()
    assert table(at)["Version"] == ["First mock"]
    visit.by(replace(OFFICER, authority="333"))
    at = visit.page("trend")
    assert "trend_authority" not in {each.key for each in at.selectbox}
    at.toggle(key="trend_table").set_value(True).run()
    assert table(at)["Version"] == ["First mock"]


@pytest.mark.slow
def test_a_line_breaks_until_an_administrator_recomputes(visit: Visit) -> None:
    kept = visit.keep(FIRST, SECOND)
    visit.age(kept[:1], rules="old", release="sen2dash 0.0.1")
    visit.by(OFFICER)
    at = visit.page("trend")
    assert "1 of 2 versions was calculated with other rules or definitions" in words(at)
    assert "An administrator can recompute them here." in words(at)
    assert "trend_recompute" not in {each.key for each in at.button}
    assert "The rules changed between First mock of 20 November 2024 and Submission 001" in words(at)
    assert "'rules changed'" in sent(at)
    visit.by(ADMINISTRATOR)
    at = visit.page("trend")
    at.button(key="trend_recompute").click().run()
    assert "1 summary made with sen2dash" in at.success[0].value
    assert "calculated with other rules" not in words(at)
    assert "The rules changed" not in words(at)
    last = [(each.event.action, each.event.who, each.event.return_id) for each in visit.entries() if each.event][-2:]
    assert last == [("open", ADMINISTRATOR.who, kept[0].id), ("recompute", ADMINISTRATOR.who, kept[0].id)]
    assert not at.run().success


def test_a_return_that_cannot_be_recomputed_is_named_and_the_others_are(
    visit: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = visit.keep(FIRST, SECOND)
    visit.age(kept, rules="old")
    done = []

    def recompute(archive: Any, each: Any, on_progress: Any) -> None:
        if each.id == kept[0].id:
            raise BadArchive("A kept return is damaged", "It cannot be opened.")
        done.append(each.id)

    monkeypatch.setattr(keeping, "recompute", recompute)
    at = visit.page("trend")
    at.button(key="trend_recompute").click().run()
    assert done == [kept[1].id]
    assert "1 summary made" in at.success[0].value
    assert "A kept return is damaged" in at.error[0].value
