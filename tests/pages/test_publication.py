"""A user's own published figures: added on the start page, used on the others, and deleted with the session."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from sen2dash.checks.cache import Key
from sen2dash.reading import publication_folder
from sen2dash.reference import releases
from sen2dash.web import vault
from tests.pages.conftest import SESSION, Open
from tests.publications import files_2025, files_2026, rows_of, table, zipped
from tests.publications.pupils import absence, absence_row

ZIP = ("education-health-and-care-plans_2025.zip", zipped(files_2025()), "application/zip")


@pytest.fixture(autouse=True)
def _as_started() -> Iterator[None]:
    publication_folder.of_folder.cache_clear()
    yield
    vault.VAULT._work.pop(SESSION, None)
    publication_folder.of_folder.cache_clear()


def give(at: AppTest, *files: tuple[str, bytes, str]) -> AppTest:
    place = next(each for each in at.file_uploader if each.label.startswith("DfE publication"))
    place.set_value(list(files)).run()
    assert not at.exception
    return at


def text(at: AppTest) -> str:
    return " ".join(each.value for kind in (at.markdown, at.success, at.warning, at.error) for each in kind)


def cards(at: AppTest) -> str:
    """The HTML that the page draws, and the cells of its tables."""
    cells = [str(cell) for table in at.dataframe for cell in table.value.to_numpy().ravel()]
    return " ".join([*(each.proto.body for each in at.get("html")), *cells])


def requests_of_england(number: str) -> tuple[str, bytes, str]:
    """The requests of 2026 with another number for England."""
    rows = rows_of(files_2026()["data/requests.csv"])
    rows[1][rows[0].index("requests_received_in_year")] = number
    return "requests.csv", table(rows), "text/csv"


def test_it_can_be_added_before_a_return_is_there(open_page: Open) -> None:
    at = open_page("upload")
    assert "reporting years 2025 and 2026" in text(at)
    give(at, ZIP)
    assert "Published figures of reporting year 2025 were read" in text(at)
    assert vault.VAULT.work(SESSION).published is not None
    shown = at.table[0].value
    assert list(shown["Holds"])[:2] == ["Annual review meetings", "Appeals to the SEND Tribunal"]
    requests = next(row for _, row in shown.iterrows() if row["File"].endswith("requests.csv"))
    assert (requests["Reporting year"], requests["Periods"], requests["Rows used"]) == (
        "2025",
        "2022 to 2024",
        "15 of 18",
    )
    assert "The number next to an authority is another" in text(at)
    assert "It holds words, not figures" in text(at)


def test_the_headline_figures_change_and_change_back_without_checking_again(open_page: Open) -> None:
    at = open_page("upload", "dirty")
    entry = vault.VAULT._entries[SESSION]
    store, outcomes = entry.report.store, entry.report.outcomes
    entry.report.cache.put(Key("mean_weeks"), "from before")
    give(at, ZIP, requests_of_england("170123"))
    assert "reporting years 2025 and 2026" in text(at)
    assert entry.report.published is vault.VAULT.work(SESSION).published
    assert (entry.report.store, entry.report.outcomes) == (store, outcomes), "the rules have not run again"
    assert entry.report.cache.peek(Key("mean_weeks")) != "from before"
    row = entry.report.published.figures["requests/Total", 2026, "England"]
    assert row.number == "170123"

    at = open_page("upload", "dirty")
    next(button for button in at.button if button.key == "publication_drop").click().run()
    assert vault.VAULT._entries[SESSION].report.published is releases.carried()
    assert vault.VAULT.work(SESSION).publication is None


def test_the_comparators_of_the_headline_figures_are_those_that_were_added(open_page: Open) -> None:
    changed = rows_of(files_2025()["data/requests.csv"])
    at_number = changed[0].index("requests_received_in_year")
    next(row for row in changed if row[0] == "2024" and row[2] == "National")[at_number] = "987654"
    at = open_page("headlines", "dirty")
    assert "987,654" not in cards(at)
    at = open_page("upload", "dirty")
    give(at, ("requests.csv", table(changed), "text/csv"))
    at.switch_page("../pages/headlines.py").run()
    assert not at.exception
    assert "987,654" in cards(at)


def test_files_that_are_added_later_are_put_to_those_before(open_page: Open) -> None:
    at = give(open_page("upload"), ZIP)
    give(at, requests_of_england("170123"))
    work = vault.VAULT.work(SESSION)
    assert work.publication is not None
    assert work.publication.releases == (2026, 2025)
    assert work.published is not None
    assert work.published.figures["assessments/plan_issued", 2025, "209"].release == "2025"
    assert work.published.figures["requests/Total", 2026, "England"].number == "170123"


def test_it_stays_with_another_return_and_dies_with_the_session(open_page: Open, dirty_bytes: bytes) -> None:
    at = give(open_page("upload", "dirty"), ZIP)
    own = vault.VAULT.work(SESSION).published
    vault.VAULT._entries.pop(SESSION)
    at = open_page("upload")
    at.file_uploader[0].set_value(("return.xml", dirty_bytes, "text/xml")).run()
    assert not at.exception
    assert vault.VAULT._entries[SESSION].report.published is own
    vault.VAULT._entries.pop(SESSION).report.close()
    vault.VAULT.orphan(SESSION)
    vault.VAULT.sweep(now=1e12)
    assert vault.VAULT.work(SESSION).published is None


def test_what_is_no_publication_is_refused_and_nothing_changes(open_page: Open) -> None:
    at = give(open_page("upload"), ("pupils.csv", b"pupils,schools\n1,2\n", "text/csv"))
    assert "No published figures were found" in text(at)
    assert "Its columns begin\\: pupils, schools" in text(at)
    assert vault.VAULT.work(SESSION).published is None
    give(at, ZIP)
    assert "No published figures" not in text(at)


def test_the_folder_of_the_administrator_is_used_for_every_session(
    open_page: Open, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "p.zip").write_bytes(ZIP[1])
    monkeypatch.setenv("SEN2DASH_PUBLISHED_FIGURES", str(tmp_path))
    at = open_page("upload")
    assert "reporting year 2025, which your administrator supplied" in text(at)
    give(at, requests_of_england("170123"))
    assert any(button.label == "Use the figures that your administrator supplied" for button in at.button)
    at.button(key="publication_drop").click().run()
    assert vault.VAULT.work(SESSION).published is None


def test_a_folder_that_cannot_be_read_is_named_on_the_start_page(
    open_page: Open, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SEN2DASH_PUBLISHED_FIGURES", str(tmp_path / "nowhere"))
    said = text(open_page("upload"))
    assert "there is no such folder" in said
    assert "The figures that come with sen2dash are used" in said


def test_statistics_of_pupils_are_named_apart_from_reporting_years(open_page: Open) -> None:
    at = open_page("upload")
    give(at, ("absence.csv", absence([absence_row("England", "14.2", "8.4", "5.8", "36.3", "7.2")]), "text/csv"))
    assert "Published figures of absence of pupils with an EHC plan were read" in text(at)
    assert "They are on the page 'Linked files'" in text(at)
    (row,) = (row for _, row in at.table[0].value.iterrows())
    assert (row["Reporting year"], row["Periods"], row["Rows used"]) == ("-", "2025/26", "1 of 1")
    at.run()
    shown = text(at).replace("\\", "")
    assert "sen2dash comes with those of reporting years 2025 and 2026" in shown
    assert "On the page 'Linked files', the figures of absence of pupils with an EHC plan are from the files" in shown
    assert "compared with those of absence" not in shown
    give(at, ZIP)
    assert "reporting year 2025 and absence of pupils with an EHC plan were read" in text(at)
