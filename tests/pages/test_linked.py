"""The page of linked files and their part of the start page: no file, census only, all, hidden names, a wrong file."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import pyarrow as pa
import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from sen2dash.analysis import linked_inspections, linked_match
from sen2dash.checks.masking import HIDDEN
from sen2dash.checks.report import Report, build_report
from sen2dash.indicators import figures
from sen2dash.indicators.figures import Figures, rate_text
from sen2dash.indicators.suppression import round_rate
from sen2dash.linked import loaded_files
from sen2dash.linked.matching import LinkedFigures
from sen2dash.output.cohort_file import cohort_upns
from sen2dash.output.upns import upns
from sen2dash.reading import publication
from sen2dash.reading.register import read_register
from sen2dash.reference.releases import carried
from sen2dash.sample.establishments import register_bytes
from sen2dash.sample.generate import sample_bytes
from sen2dash.sample.linked import linked_files
from sen2dash.text import long_date
from sen2dash.ui import filters, upload
from sen2dash.ui.figures import FIRST, people_csv, upns_csv
from sen2dash.ui.linked import VIEWS
from sen2dash.web import audit_events, vault
from tests.linked.making import accepted_of
from tests.pages.conftest import SESSION, SETTINGS, Open, inputs_of
from tests.pages.test_pages import words
from tests.pages.test_picture import pictures
from tests.publications.pupils import absence, absence_row, exclusions, exclusions_row

PERSONS, SEED, YEAR = 120, 7, 2027
FILES = {name: text.encode() for name, text in linked_files(PERSONS, SEED, YEAR).items()}


def named(*kinds: str) -> list[tuple[str, bytes]]:
    return [(name.rpartition("/")[2], data) for name, data in FILES.items() if name.partition("/")[0] in kinds]


def said(at: AppTest) -> str:
    html = " ".join(re.sub(r"<[^>]+>", " ", str(each.proto.body)) for each in at.get("html"))
    return f"{words(at)} {html}".replace("\\", "")


@pytest.fixture(scope="module")
def data() -> bytes:
    return sample_bytes(PERSONS, SEED, year=YEAR)


@pytest.fixture(scope="module")
def own(data: bytes) -> Iterator[Report]:
    register = read_register(register_bytes(SEED), "register.csv")
    report = build_report(data, SETTINGS, establishments=register, only=())
    yield report
    report.close()


@pytest.fixture
def with_files(open_page: Open, own: Report, data: bytes, reports: dict[str, tuple[Report, bytes]]) -> Iterator[Any]:
    """A function that opens a page with linked files of these kinds."""
    reports["linked"] = (own, data)

    def opened(page: str, *kinds: str) -> AppTest:
        found = (
            loaded_files.add(own, loaded_files.LoadedFiles(), named(*kinds)) if kinds else loaded_files.LoadedFiles()
        )
        found = loaded_files.use(own, found)
        at = open_page(page, "linked")
        entry = vault.VAULT.get(SESSION)
        assert entry is not None
        entry.inputs = replace(inputs_of(data), linked=found)
        return at.run() if page == "upload" else at

    yield opened
    loaded_files.use(own, loaded_files.LoadedFiles())
    # It is closed after the tests of this module, and others go through all reports.
    del reports["linked"]


def linked_of(report: Report) -> LinkedFigures:
    found = loaded_files.figures_of(report)
    assert found is not None
    return found


def show(at: AppTest, view: str) -> AppTest:
    at.segmented_control(key="linked_view").set_value(view).run()
    assert not at.exception
    return at


@pytest.mark.parametrize("view", VIEWS)
def test_a_view_without_its_file_says_which_it_needs(with_files: Any, view: str) -> None:
    at = show(with_files("linked"), view)
    wanted = {"Attainment": "prior attainment", "Inspections": "file of inspection outcomes"}.get(view, "school census")
    assert f"No {wanted} is added" in said(at)
    assert not at.get("vega_lite_chart")
    assert filters.key_of("fsm") not in {each.key for each in at.multiselect}


def test_a_census_alone_leaves_the_other_views_to_their_files(with_files: Any) -> None:
    at = with_files("linked", "census")
    assert len(at.get("vega_lite_chart")) == 3
    assert "No prior attainment is added" in said(show(at, "Attainment"))
    assert "No file of inspection outcomes is added" in said(show(at, "Inspections"))
    assert "Part of 2026/27: the files have autumn and spring, but not summer." in said(show(at, "Absence"))


def test_every_view_shows_its_base_and_the_numbers_of_the_command(with_files: Any, own: Report) -> None:
    at = with_files("linked", "census", "attainment", "inspections")
    found = linked_of(own)
    assert found.census is not None and found.attainment is not None and found.inspections is not None
    n_aged = sum(found.people["is_school_aged"].to_pylist())
    assert f"{n_aged} school-aged people." in said(at)
    (year,) = [row for row in found.census.absence.years if row["academic_year"] == 2026]
    assert f"Of {year['children']} children aged 5 to 15" in said(show(at, "Absence"))
    assert f"{year['possible']:,} possible sessions." in said(at)
    (row,) = [each for each in found.census.exclusions.years if each["academic_year"] == 2026]
    assert f"{row['base']} people in a census of that year." in said(show(at, "Suspensions"))
    assert f"Suspensions: {row['suspensions']}," in said(at)
    stage = next(each for each in found.attainment.stages if each["stage"] == "ks2")
    show(at, "Attainment")
    at.selectbox(key="linked_stage").set_value("ks2").run()
    assert f"{stage['expected']} people expected to have one." in said(at)
    assert f"{stage['matched']} people with a result." in said(at)
    assert f"{len(found.inspections.people)} people with a plan and a current placement." in said(
        show(at, "Inspections")
    )
    assert "Open Government Licence" in said(at)
    for view in ("Match", "School census", "Absence", "Suspensions"):
        assert re.search(r"Census days?: \d", said(show(at, view))), view
    assert "NC years and phases from the census: " in said(show(at, "School census"))


@pytest.mark.parametrize("is_for_sharing", [False, True])
def test_published_figures_of_pupils_with_a_plan_are_beside_ours(
    with_files: Any, own: Report, is_for_sharing: bool
) -> None:
    at = with_files("linked", "census")
    if is_for_sharing:
        at.toggle(key=filters.SHARING).set_value(True).run()
    assert "It needs the CSV file by pupil characteristics of 'Pupil absence in schools in England'" in said(
        show(at, "Absence")
    )
    assert not at.table
    elsewhere = absence([absence_row("841" if own.collection.lea != "841" else "209", "14.2", "8", "5", "36", "x")])
    own.compare_with = publication.read([("absence.csv", elsewhere)]).added_to(carried())
    at.run()
    assert "has no figures for this authority, its region or England" in said(at)
    assert "Not added." not in said(at)
    rows = [absence_row(area, "14.2", "8.4", "5.8", "36.3", "x") for area in ("England", "E12000007")]
    files = [
        ("absence.csv", absence(rows)),
        ("exclusions.csv", exclusions([exclusions_row(own.collection.lea or "", "0.27", "24.7", "9.1")])),
    ]
    own.compare_with = publication.read(files).added_to(carried())
    try:
        at.run()
        assert "Published by enrolment, not by child: 2025/26." in said(at)
        assert "The figures of these people are of another period." in said(at)
        shown = at.table[0].value
        assert list(shown["England"]) == ["14.2%", "8.4%", "5.8%", "36.3%", "not available"]
        census = linked_of(own).census
        assert census is not None
        (year,) = [row for row in census.absence.years if row["academic_year"] == 2026]
        missed = year["authorised"] + year["unauthorised"]
        if is_for_sharing:
            assert shown["These people"][0] == rate_text(round_rate(missed, year["possible"], 5)[2])
        else:
            assert shown["These people"][0] == f"{missed / year['possible']:.1%}"
        assert "'These people' are everyone who passes the filters, with or without a plan." in said(at)
        show(at, "Suspensions")
        assert "Part of 2026/27: the censuses have autumn and spring, but not summer" in said(at)
        assert "The figures of these people are of another period." in said(at)
        shown = at.table[0].value
        assert list(shown.iloc[:, 2]) == ["9.1%", "24.70", "0.27"]
        (row,) = [each for each in census.exclusions.years if each["academic_year"] == 2026]
        if is_for_sharing:
            assert shown["These people"][2] == "c", "permanent exclusions are of few children"
        else:
            assert shown["These people"][1] == f"{row['suspensions'] / row['base'] * 100:.2f}"
    finally:
        own.compare_with = None


def test_attainment_names_its_files_their_years_and_the_day_of_nc_years(with_files: Any, own: Report) -> None:
    at = show(with_files("linked", "census", "attainment"), "Attainment")
    at.selectbox(key="linked_stage").set_value("ks2").run()
    found = linked_of(own).attainment
    assert found is not None
    begins = sorted({int(line[:4]) for line in FILES["attainment/ks2_results.csv"].decode().splitlines()[1:]})
    years = [f"{each}/{(each + 1) % 100:02}" for each in begins]
    shown = said(at)
    named = re.search(r"Key stage 2: ks2_results\.csv \(([^)]+)\)\.", shown)
    assert named is not None and named[1] in (", ".join(years), f"{years[0]} to {years[-1]}")
    ages = f"Ages and NC years are those of {long_date(own.collection.august_31)}, NC years from the school census"
    assert ages in shown
    for part in ("eyfsp_results.csv (", "ks4_results.csv ("):
        assert part in shown, "under the charts of all stages"
    of_results = [text["below"] for _, text, _ in pictures(at) if text["title"] == "Key stage 2: each result"]
    assert len(of_results) == 1
    assert of_results[0][1].startswith("Files: ks2_results.csv (") and of_results[0][2].startswith(ages)


def test_a_part_of_a_stacked_bar_lists_its_people(with_files: Any, own: Report) -> None:
    at = show(with_files("linked", "attainment"), "Attainment")
    at.selectbox(key="linked_stage").set_value("ks1").run()
    at.selectbox(key="linked_outcomes_ks1_0_list").set_value("writing/WTS").run()
    assert not at.exception
    table = next(each.value for each in at.dataframe if "Result" in each.value.columns)
    assert len(table) and all("writing WTS" in each for each in table["Result"])
    at.selectbox(key="linked_stage").set_value("ks2").run()
    at.toggle(key="linked_outcomes_ks2_0_table").set_value(True).run()
    assert not at.exception
    (shown,) = [each.value for each in at.table if "Key stage 2: each result" in each.value.columns]
    assert shown["Standard achieved (AS)"][0] == "" and shown["Met the standard"][1] == ""
    at.toggle(key=filters.SHARING).set_value(True).run()
    assert not at.exception
    assert not at.dataframe


def test_a_bar_lists_its_people(with_files: Any, own: Report) -> None:
    at = with_files("linked", "census")
    rows = linked_of(own).people.to_pylist()
    n = sum(row["unmatched"] is not None for row in rows)
    at.selectbox(key="linked_unmatched_0_list").set_value("without").run()
    table = next(each.value for each in at.dataframe if "Why" in each.value.columns)
    assert len(table) == n
    order = [each.partition(":")[0] for each in linked_match.UNMATCHED.values()]
    places = [order.index(each) for each in table["Why"]]
    assert places == sorted(places), "those to look into come first"
    near = {row["person_id"]: row["step"] for row in linked_of(own).census.people.to_pylist()}  # type: ignore[union-attr]
    kinds = [near[person] for person in table["Person"]]
    assert list(table["Near match"]) == ["" if each is None else linked_match.STEPS[str(each)] for each in kinds]
    assert set(table["Near match"]) > {""}, "some have a near match, some have none"
    sexes = own.store.table("select row_id, sex from person")
    written = dict(zip(sexes["row_id"].to_pylist(), sexes["sex"].to_pylist(), strict=True))
    assert list(table["Sex"]) == [written[person] for person in table["Person"]]
    schools = {row["urn"]: row["name"] for row in own.store.table("select urn, name from establishment").to_pylist()}
    placed = table[table["URN"].isin(schools)]
    assert len(placed) > n / 2
    assert list(placed["Name of setting"]) == [schools[urn] for urn in placed["URN"]]


def test_the_upns_of_a_list_are_a_file_of_their_own_until_names_are_hidden(
    with_files: Any, own: Report, monkeypatch: pytest.MonkeyPatch
) -> None:
    noted: list[int | None] = []
    made = audit_events.note_downloads

    def downloads(page: str, form: str, rows: int | None = None, is_rounded: bool | None = None) -> Any:
        noted.append(rows)
        return made(page, form, rows, is_rounded)

    monkeypatch.setattr(audit_events, "note_downloads", downloads)
    for page, field, key in (
        ("linked", "linked_unmatched_0_list", "linked_unmatched_0_without"),
        ("cohort", None, "cohort_upns"),
    ):
        at = with_files(page, "census")
        if field is not None:
            at.selectbox(key=field).set_value("without").run()
            table = next(each.value for each in at.dataframe if "Why" in each.value.columns)
            texts = [each for each in table["UPN"] if isinstance(each, str)]
            found = upns(texts)
            (button,) = [each for each in at.get("download_button") if each.key == f"{key}_upns_csv"]
            assert button.label == f"Export {len(found)} UPNs"
            assert upns_csv(found).decode().split() == list(dict.fromkeys(texts))
        else:
            (button,) = [each for each in at.get("download_button") if each.key == key]
            n_upns = len(cohort_upns(own, figures.select(own)))
            assert n_upns != PERSONS
            assert button.label == f"Export {n_upns} UPNs"
            assert noted[-1] == n_upns
        at.session_state["ui_hide_names"] = True
        if field is not None:
            at.selectbox(key=field).set_value("without").run()
        else:
            at.run()
        keys = {each.key for each in at.get("download_button")}
        assert keys and not any("upns" in each for each in keys)
    assert cohort_upns(own, figures.select(own)) == upns(
        own.store.table("select upn from person order by row_id")["upn"].to_pylist()
    )


@pytest.mark.parametrize("most", [10, PERSONS])
def test_upns_are_in_files_of_what_the_service_takes_only_where_there_are_more(
    with_files: Any, own: Report, monkeypatch: pytest.MonkeyPatch, most: int
) -> None:
    for module in ("sen2dash.output.upns", "sen2dash.ui.figures"):
        monkeypatch.setattr(f"{module}.MAX_IN_PART", most)
    at = with_files("linked", "census")
    at.selectbox(key="linked_unmatched_0_list").set_value("without").run()
    labels = {each.key: each.label for each in at.get("download_button")}
    n_without = len(listed_upns(at))
    labels |= {each.key: each.label for each in with_files("cohort").get("download_button")}
    n_upns = len(cohort_upns(own, figures.select(own)))
    for key, n in (("cohort_upns", n_upns), ("linked_unmatched_0_without_upns_csv", n_without)):
        assert labels[key] == f"Export {n} UPNs"
        wanted = f"UPNs in {-(-n // most)} files of at most {most} (zip)" if n > most else None
        assert labels.get(f"{key}_parts") == wanted
    assert n_without > 10


def listed_upns(at: AppTest) -> tuple[str, ...]:
    texts = next(each.value for each in at.dataframe if "Why" in each.value.columns)["UPN"]
    return upns(each for each in texts if isinstance(each, str))


def test_filters_of_the_census_reach_indicators_and_lists(with_files: Any, own: Report) -> None:
    at = with_files("cohort", "census")
    assert not at.exception
    at.multiselect(key=filters.key_of("fsm")).set_value(["yes"]).run()
    assert not at.exception
    n = sum(row["fsm"] == "yes" for row in linked_of(own).people.to_pylist())
    assert 0 < n < PERSONS
    assert f"{n} of {PERSONS} people" in said(at)
    n_without = sum(not row["is_described"] for row in linked_of(own).people.to_pylist())
    assert f"The filters of the school census leave out {n_without} people without a record in it." in said(at)
    at.multiselect(key=filters.key_of("sex")).set_value(["M"]).run()
    n_boys = sum(not row["is_described"] and row["sex"] == "M" for row in linked_of(own).people.to_pylist())
    assert 0 < n_boys < n_without
    assert f"leave out {n_boys} people without a record" in said(at)
    at.multiselect(key=filters.key_of("fsm")).set_value([]).run()
    assert "without a record" not in said(at), "another filter leaves out people with and without a record"
    at.multiselect(key=filters.key_of("sex")).set_value([]).run()
    at.multiselect(key=filters.key_of("fsm")).set_value(["yes"]).run()
    chosen = figures.select(own, figures.choose({"fsm": ["yes"]}))
    everyone = Figures(own).results["caseload"].numerator
    assert Figures(own, chosen).results["caseload"].numerator < everyone
    assert Figures(own, chosen).people("caseload").num_rows == Figures(own, chosen).results["caseload"].numerator
    loaded_files.use(own, loaded_files.LoadedFiles())
    at.run()
    assert not at.exception
    assert f"{PERSONS} of {PERSONS} people" in said(at), "the filter goes with the census"


def test_a_near_match_counts_once_it_is_accepted_and_no_longer_when_that_is_undone(
    with_files: Any, own: Report, monkeypatch: pytest.MonkeyPatch
) -> None:
    noted: list[str] = []
    monkeypatch.setattr(audit_events, "note_accepted", lambda report, what: noted.append(what))
    at = with_files("linked", "census")
    census = linked_of(own).census
    assert census is not None and len(census.near)
    before = len(census.near)
    person = census.near["person_id"][0].as_py()
    at.session_state["ui_people_asked"] = ("linked_near", "0")
    at.run()
    at.button(key="linked_accept").click().run()
    assert not at.exception
    now = linked_of(own).census
    assert now is not None and len(now.near) < before
    assert {row["person_id"]: row["match"] for row in now.people.to_pylist()}[person] == "accepted"
    assert "Near matches that you accepted: 1." in said(at)
    at.button(key=f"linked_undo_{person}").click().run()
    again = linked_of(own).census
    assert again is not None and len(again.near) == before
    assert noted == ["accept", "undo"]


def test_a_near_match_that_waits_is_noted_as_accepted_once_it_counts(
    with_files: Any, own: Report, monkeypatch: pytest.MonkeyPatch
) -> None:
    noted: list[tuple[str, int]] = []
    monkeypatch.setattr(
        audit_events, "note_accepted", lambda report, what: noted.append((what, len(linked_of(report).accepted)))
    )
    at = with_files("upload", "census")
    entry = vault.VAULT.get(SESSION)
    figures_ = linked_of(own)
    assert entry is not None and figures_.census is not None
    pair = accepted_of(figures_, figures_.census.near.to_pylist()[0]).pair
    gone = pair._replace(child=("X000000000000", None, None))
    entry.inputs = replace(entry.inputs, linked=loaded_files.waiting(own, [pair, gone]))
    field = next(each for each in at.file_uploader if each.label.startswith("Linked files"))
    field.set_value([(name, data, "text/csv") for name, data in named("census")]).run()
    assert not at.exception
    assert noted == [("accept", 1)]
    entry = vault.VAULT.get(SESSION)
    assert entry is not None and entry.inputs.linked.waiting == (gone,)


def test_hidden_names_are_hidden_in_near_matches_too(with_files: Any) -> None:
    at = with_files("linked", "census")
    table = next(each.value for each in at.dataframe if "UPN here" in each.value.columns)
    names = {each for name in ("Surname here", "Surname in the census", "Born here") for each in table[name] if each}
    at.session_state["ui_hide_names"] = True
    at.run()
    table = next(each.value for each in at.dataframe if "UPN here" in each.value.columns)
    seen = {str(each) for column in table.columns for each in table[column]}
    assert HIDDEN in seen and not seen & names
    place = next(place for place, why in enumerate(table["Why it is near"]) if why == "Date of birth differs")
    at.session_state["ui_people_asked"] = ("linked_near", str(place))
    at.run()
    (pair,) = [each.value for each in at.table if "In the census" in each.value.columns]
    rows = {row["Item"]: {key: each.replace("\\", "") for key, each in row.items()} for row in pair.to_dict("records")}
    assert (rows["Date of birth"]["In the return"], rows["Date of birth"]["In the census"]) == (HIDDEN, HIDDEN)
    assert (rows["Date of birth"][""], rows["Surname"][""]) == ("differs", "same")


def test_the_start_page_says_what_was_recognised_and_removes_it(with_files: Any, own: Report) -> None:
    at = with_files("upload", "census", "attainment", "inspections")
    text = said(at)
    sums = r"([\d,]+) pupil rows: ([\d,]+) used, (\d+) kept as near matches, (\d+) repeated and not used, ([\d,]+) of other"
    found = re.search(sums, text)
    assert found is not None
    every, *parts = (int(each.replace(",", "")) for each in found.groups())
    assert every == sum(parts) and all(parts)
    assert "5 files recognised." in text and "state-funded schools, as at 30 November 2026" in text
    at.button(key="upload_drop_linked_census").click().run()
    assert not at.exception
    assert linked_of(own).census is None and not own.store.has_census
    assert linked_of(own).attainment is not None


def test_what_to_check_of_a_census_has_what_only_later_figures_know_once_it_is_opened(
    with_files: Any, own: Report
) -> None:
    at = with_files("upload", "census")
    census = linked_of(own).census
    assert census is not None
    assert not census.later_codes._made and not census.later_absence._made and not census.later_exclusions._made
    at.session_state["upload_check_linked_census"] = True
    at.run()
    assert not at.exception
    lines = [each for each in census.later_log if "sessions differ between rows" in each]
    assert lines and lines[0] in said(at)


def test_absence_of_people_of_other_ages_is_not_collected(with_files: Any) -> None:
    at = with_files("linked", "census")
    at.multiselect(key=filters.key_of("age_group")).set_value(["u5"]).run()
    text = said(show(at, "Absence"))
    assert "Absence is collected for ages 5 to 15. None of these people were that age on 31 August 2026." in text
    assert not at.get("vega_lite_chart")


def test_a_list_of_people_with_another_code_has_the_code(
    with_files: Any, own: Report, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = "census/Made_up_pupilonroll.csv"
    heading, *rows = csv.reader(io.StringIO(FILES[name].decode()))
    for row in rows:
        row[heading.index("language")] = "QQQ"
    text = io.StringIO()
    csv.writer(text).writerows([heading, *rows])
    monkeypatch.setitem(FILES, name, text.getvalue().encode())
    at = show(with_files("linked", "census"), "School census")
    at.selectbox(key="linked_language_0_list").set_value("other_code").run()
    table = next(each.value for each in at.dataframe if "Code" in each.value.columns)
    assert set(table["Code"]) == {"QQQ"}


def test_files_chosen_together_are_recognised_and_a_wrong_one_changes_nothing(with_files: Any, own: Report) -> None:
    at = with_files("upload")
    field = next(each for each in at.file_uploader if each.label.startswith("Linked files"))
    field.set_value([(name, data, "text/csv") for name, data in named("census", "attainment")]).run()
    assert not at.exception
    found = linked_of(own)
    assert found.census is not None and found.attainment is not None and found.inspections is None
    field = next(each for each in at.file_uploader if each.label.startswith("Linked files"))
    field.set_value([("list.csv", b"a,b\n1,2\n", "text/csv")]).run()
    assert "The file was not recognised" in " ".join(each.value for each in at.error)
    assert linked_of(own) is found


def test_a_click_on_another_page_does_not_stop_files_from_being_added(
    with_files: Any, own: Report, monkeypatch: pytest.MonkeyPatch
) -> None:
    at = with_files("upload")
    field = next(each for each in at.file_uploader if each.label.startswith("Linked files"))
    with monkeypatch.context() as interrupted:
        interrupted.setattr(upload, "use_waiting", st.stop)
        field.set_value([(name, data, "text/csv") for name, data in named("census")]).run()
    # It waits.
    assert vault.VAULT.work(SESSION).waiting is not None and loaded_files.figures_of(own) is None
    at.switch_page("../pages/summary.py").run()
    assert not at.exception
    assert vault.VAULT.work(SESSION).waiting is None and linked_of(own).census is not None


def test_nothing_of_other_children_is_kept(own: Report) -> None:
    found = loaded_files.add(own, loaded_files.LoadedFiles(), named("census", "attainment"))
    census, results = found.readings.census, found.readings.attainment
    assert census is not None and results is not None
    rows = FILES["census/Made_up_pupilonroll.csv"].decode().splitlines()
    kept = set(census.tables["pupil"]["upn"].to_pylist())
    known = {row["upn"] for row in own.store.rows("select upn from person where upn is not null")}
    given = {line.split(",")[rows[0].split(",").index("upn")] for line in rows[1:]}
    assert kept & known
    near = linked_near(own, found)
    assert kept - known <= near, "a row of neither a person nor a candidate"
    assert (given - known) - kept, "the files hold children who are not in the return"


def linked_near(own: Report, found: loaded_files.LoadedFiles) -> set[str | None]:
    loaded_files.use(own, found)
    census = linked_of(own).census
    loaded_files.use(own, loaded_files.LoadedFiles())
    assert census is not None
    return set(census.near["upn"].to_pylist())


def test_the_next_version_is_matched_again(open_page: Open, dirty_bytes: bytes) -> None:
    files = linked_files(40, 7, 2025)
    at = open_page("upload")
    at.file_uploader[0].set_value(("return.xml", dirty_bytes, "text/xml")).run()
    field = next(each for each in at.file_uploader if each.label.startswith("Linked files"))
    census = [(name.rpartition("/")[2], text.encode(), "text/csv") for name, text in files.items() if "census/" in name]
    field.set_value(census).run()
    entry = vault.VAULT.get(SESSION)
    assert entry is not None
    before = linked_of(entry.report).census
    assert before is not None
    field = next(each for each in at.file_uploader if each.label.startswith("Another SEN2 return"))
    field.set_value(("next.xml", dirty_bytes + b"\n", "text/xml")).run()
    assert not at.exception
    entry = vault.VAULT.get(SESSION)
    assert entry is not None and entry.inputs.name == "next.xml" and entry.inputs.linked.kinds["census"].is_again
    assert "Matched again with this version" in said(at)
    now = linked_of(entry.report).census
    assert now is not None and now.people.equals(before.people)
    vault.VAULT.drop(SESSION)


def test_the_list_of_a_place_names_it_with_its_key_judgements_and_ungraded_inspection(
    with_files: Any, own: Report
) -> None:
    at = show(with_files("linked", "inspections"), "Inspections")
    found = linked_of(own).inspections
    assert found is not None
    schools = {row["urn"]: row["name"] for row in own.store.table("select urn, name from establishment").to_pylist()}
    for key, column, text in (
        ("oeif_none", "Key judgements", "quality of education good; leadership requires improvement"),
        ("oeif_2", "Ungraded inspection", "School remains Good, 08/10/2025"),
    ):
        at.selectbox(key="linked_outcomes_0_list").set_value(key).run()
        table = next(each.value for each in at.dataframe if "Outcome" in each.value.columns)
        assert text in set(table[column])
        assert len(table) == sum(row["category"] == key for row in found.people.to_pylist())
        urns = [place.removeprefix("URN ") for place in table["Place"]]
        assert list(table["Name of place"]) == [schools[urn] for urn in urns]


def test_one_person_has_what_the_linked_files_say(with_files: Any, own: Report) -> None:
    at = with_files("person", "census", "attainment", "inspections")
    people = linked_of(own).people.to_pylist()
    number = next(row["person_id"] for row in people if row["match"] == "exact" and row["nc_year_source"] == "census")
    at.query_params["person"] = str(number)
    at.run()
    assert not at.exception
    assert "In the linked files" in [each.value for each in at.header]
    titles = {"School census", "Prior attainment", "Inspection outcomes"}
    assert titles <= {each.value for each in at.subheader}
    when = f"NC year on {long_date(own.collection.august_31)}: "
    assert when in said(at) and "Open Government Licence" in said(at)
    (enrolments,) = [each.value for each in at.table if "Census" in each.value.columns]
    assert {"School", "On roll", "NC year", "Entry date"} <= set(enrolments.columns)
    at = with_files("person")
    at.query_params["person"] = str(number)
    at.run()
    assert not at.exception and "In the linked files" not in [each.value for each in at.header]


def test_pictures_of_inspections_name_file_date_and_licence(with_files: Any) -> None:
    at = show(with_files("linked", "inspections"), "Inspections")
    found = pictures(at)
    assert len(found) == len(at.get("vega_lite_chart")) > 1
    for _, text, _ in found:
        _, source, made = text["below"]
        assert source.startswith("Source: ") and ", as at 30 November 2026; " in source
        assert source.endswith("Ofsted management information, Open Government Licence v3.0.")
        assert made.startswith("Made with ")


def test_old_files_and_later_inspections_are_named(own: Report) -> None:
    loaded_files.use(own, loaded_files.add(own, loaded_files.LoadedFiles(), named("inspections")))
    found = linked_of(own).inspections
    assert found is not None
    everyone = figures.select(own)
    rows = linked_inspections.base(own, everyone, found, with_predecessors=True)
    assert linked_inspections.warnings(own, everyone, found, rows) == []
    day = own.collection.census_date
    old = replace(found, files=(replace(found.files[0], name="a.csv", as_at=day.replace(year=day.year - 2)),))
    place = rows.column_names.index("inspected_on")
    later = [date(day.year, 2, 10)] * 3 + [None] * (len(rows) - 3)
    rows = rows.set_column(place, "inspected_on", pa.array(later, pa.date32()))
    is_of = f"a.csv is of {long_date(day.replace(year=day.year - 2))}, over 12 months before census day."
    assert linked_inspections.warnings(own, everyone, old, rows) == [
        is_of,
        "People at a place whose inspection was after census day: 3.",
    ]
    shared = figures.select(own, is_sharing=True)
    assert linked_inspections.warnings(own, shared, old, rows) == [is_of]
    loaded_files.use(own, loaded_files.LoadedFiles())


def test_disagreements_are_a_file_with_both_sides(own: Report) -> None:
    loaded_files.use(own, loaded_files.add(own, loaded_files.LoadedFiles(), named("census")))
    census = linked_of(own).census
    assert census is not None
    found = linked_match.all_disagreements(own, figures.select(own), census)
    loaded_files.use(own, loaded_files.LoadedFiles())
    assert len(found.rows) == len(census.disagreements) > 0
    data = people_csv(found.rows, {**FIRST, **found.extra}, "x", "", hide=True)
    lines = list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"))))
    assert {line["About"] for line in lines} <= set(linked_match.DISAGREEMENTS.values())
    assert all(line["In the return"] != line["In the census"] for line in lines)
    assert "Surname" not in lines[0]
