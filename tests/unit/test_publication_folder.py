import logging
from pathlib import Path

import pytest

from sen2dash.reading import publication_folder
from sen2dash.reference import releases
from tests.publications import files_2025, files_2026, zipped


@pytest.fixture(autouse=True)
def _read_anew() -> None:
    publication_folder.of_folder.cache_clear()


def use(folder: Path | str, monkeypatch: pytest.MonkeyPatch) -> publication_folder.FolderFigures:
    monkeypatch.setenv("SEN2DASH_PUBLISHED_FIGURES", str(folder))
    return publication_folder.default()


def test_without_a_folder_the_figures_of_the_program_are_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SEN2DASH_PUBLISHED_FIGURES", raising=False)
    assert publication_folder.default() == (releases.carried(), None, "")
    assert use("", monkeypatch) == (releases.carried(), None, "")


def test_the_zip_and_csv_files_of_a_folder_are_read_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "education-health-and-care-plans_2025.zip").write_bytes(zipped(files_2025()))
    (tmp_path / "requests.csv").write_bytes(files_2026()["data/requests.csv"])
    (tmp_path / "census.csv").write_bytes(b"pupils\n1\n")
    (tmp_path / "readme.txt").write_text("Not read.")
    with caplog.at_level(logging.INFO, logger="sen2dash"):
        found = use(tmp_path, monkeypatch)
    assert found.fault == ""
    assert found.summary is not None
    assert found.summary.releases == (2026, 2025)
    assert found.published.figures["assessments/plan_issued", 2025, "209"].release == "2025"
    assert [each.name for each in found.summary.not_used if not each.is_expected] == ["census.csv"]
    assert "census.csv" in caplog.text
    (tmp_path / "requests.csv").unlink()
    assert publication_folder.default() is found


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda folder: folder / "nowhere", "there is no such folder"),
        (lambda folder: folder, "There is no zip or CSV file in"),
        (lambda folder: (folder / "a.csv").write_bytes(b"a,b\n1,2\n") and folder, "not a file of this publication"),
        (lambda folder: (folder / "a.zip").write_bytes(b"PK\3\4 broken") and folder, "damaged or incomplete"),
        (lambda folder: (folder / "a.csv").write_bytes(b"a") and folder / "a.csv", "there is no such folder"),
    ],
)
def test_a_folder_that_cannot_be_used_is_named_and_the_figures_of_the_program_used(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    make: object,
    said: str,
) -> None:
    found = use(make(tmp_path), monkeypatch)  # type: ignore[operator]
    assert found.published is releases.carried()
    assert found.summary is None
    assert "SEN2DASH_PUBLISHED_FIGURES" in found.fault
    assert said in found.fault
    assert said in caplog.text


def test_a_folder_that_holds_too_much_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(publication_folder, "MAX_BYTES", 10)
    (tmp_path / "a.csv").write_bytes(b"ehcplans\n" * 5)
    assert "too much" in use(tmp_path, monkeypatch).fault
