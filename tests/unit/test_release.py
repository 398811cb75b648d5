"""The release number is kept in one place, and everything that leaves the program includes it."""

from __future__ import annotations

import csv
import io
import json
import re
import tomllib
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import openpyxl
import pytest

from sen2dash import RELEASE, __version__
from sen2dash.analysis import pupil_groups, pupil_groups_beside
from sen2dash.archive import audit
from sen2dash.checks import catalogue, notes, rulebook
from sen2dash.checks.report import Report, build_report
from sen2dash.compare.comparison import Comparison, compare
from sen2dash.config import Settings
from sen2dash.indicators.figures import Selection
from sen2dash.indicators.run import run_indicators
from sen2dash.output import answers, comparison, comparison_lists, comparison_words, export, team_workbook
from sen2dash.output.audit_file import audit_csv
from sen2dash.output.cohort_file import cohort_csv
from sen2dash.sample.generate import sample_bytes
from sen2dash.ui.figures import people_csv
from tests.casebook import NOW
from tests.catalogue.test_rights import FILES

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def report() -> Iterator[Report]:
    made = build_report(sample_bytes(5, seed=2, defects=3, year=2025), Settings(now=NOW))
    yield made
    made.close()


def whole(pieces: Iterable[bytes]) -> str:
    return b"".join(pieces).decode()


@pytest.fixture(scope="module")
def since(report: Report) -> Iterator[Comparison]:
    earlier = build_report(sample_bytes(5, seed=3, year=2025), Settings(now=NOW))
    compared = compare(earlier, report)
    yield compared
    compared.close()
    earlier.close()


PEOPLE = "select row_id as person_id, upn, surname, forename, person_birth_date as birth_date from person"
ENTRY = audit.AuditEntry(
    authority="333", sequence=1, time=NOW.isoformat(), kind="export", previous="0" * 64, hash="1" * 64, event=None
)
NO_FIGURES = comparison_words.IndicatorPairs((), ())
#: What makes the files that a page offers, or a command writes.
MAKERS: dict[str, Callable[[Report, Comparison], bytes | Iterable[bytes]]] = {
    "figures_csv": lambda report, since: export.figures_csv(("Group",), [("A",)]),
    "findings_csv": lambda report, since: export.findings_csv(report),
    "findings_xlsx": lambda report, since: export.findings_xlsx(report),
    "team_workbook": lambda report, since: team_workbook.xlsx(report),
    "cohort_csv": lambda report, since: cohort_csv(report, Selection(), True),
    "audit_csv": lambda report, since: audit_csv([ENTRY]),
    "audit_file": lambda report, since: json.dumps(audit.export([ENTRY], NOW)).encode(),
    "table_csv": lambda report, since: _groups(report),
    "people_csv": lambda report, since: people_csv(report.store.table(PEOPLE), {"UPN": "upn"}, "List", "", False),
    "csv_pieces": lambda report, since: comparison_lists.csv_pieces(since),
    "findings_csv_pieces": lambda report, since: comparison_lists.findings_csv_pieces(since),
    "workbook": lambda report, since: comparison_lists.xlsx_pieces(since, NO_FIGURES),
    "rulebook": lambda report, since: rulebook.pieces(catalogue.rules()[:2]),
    "as_file": lambda report, since: notes.as_file([]).encode(),
    "report_json": lambda report, since: answers.report_json(report),
    "indicators_json": lambda report, since: answers.indicators_json(run_indicators(report.store), report),
    "rules_json": lambda report, since: answers.rules_json(catalogue.rules()),
    "comparison_json": lambda report, since: comparison.json_pieces(since, NO_FIGURES),
    "comparison_text": lambda report, since: comparison.text_pieces(since, NO_FIGURES),
}
#: Files whose form leaves no place for the release, or that are read again; DECISIONS says why.
WITHOUT = {
    "upns_csv": "Get information about pupils takes UPNs only",
    "upns_zip": "the same in parts",
    "template": "a list to fill in and upload",
    "ReturnXml": "the DfE's form, and the same bytes from every release",
    "working_file": "sealed: its description names the release",
}
#: Every place where a page offers a file, as `FILES` of test_rights has it, with what makes that file.
PLACES = {
    ("audit", "_export"): {"audit_csv"},
    ("figures", "chart_table"): {"figures_csv"},
    ("headlines", "show_sheet"): {"figures_csv"},
    ("pupil_groups", "show"): {"table_csv"},
    ("summary", "actions"): {"figures_csv"},
    ("trend", "_chart"): {"figures_csv"},
    ("changes", "downloads"): {"csv_pieces", "findings_csv_pieces", "workbook"},
    ("cohort", "export_button"): {"cohort_csv"},
    ("figures", "upns_buttons"): {"upns_csv", "upns_zip"},
    ("dfe_numbers", "section"): {"template"},
    ("downloads", ""): {"findings_xlsx", "rulebook"},
    ("figures", "people_rows"): {"people_csv"},
    ("kept_compare", "_with_kept"): {"workbook"},
    ("kept_erase", "section"): {"audit_file"},
    ("linked", "_match"): {"people_csv"},
    ("near_matches", "_list"): {"figures_csv"},
    ("notes", "show"): {"as_file"},
    ("other_inputs", "save_as_xml"): {"ReturnXml"},
    ("pieces", "finding_downloads"): {"findings_csv"},
    ("teams", "workbook_download"): {"team_workbook"},
    ("working_file", "save_section"): {"working_file"},
}


def _groups(report: Report) -> bytes:
    found = pupil_groups.table(report, catalogue.indicator("caseload"), "share", ("sex",), Selection())
    return pupil_groups_beside.table_csv(report, found, (), Selection())


def test_the_number_has_one_place() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    assert "version" not in project["project"]
    assert project["project"]["dynamic"] == ["version"]
    assert project["tool"]["setuptools"]["dynamic"]["version"] == {"attr": "sen2dash.__version__"}
    holding = [
        path.relative_to(ROOT).as_posix()
        for folder in ("sen2dash", "pages", "tools", ".ci", ".streamlit")
        for path in (ROOT / folder).rglob("*")
        if path.suffix in {".py", ".toml", ".csv", ".md", ""} and path.is_file()
        if f'"{__version__}"' in path.read_text("utf-8", errors="ignore")
    ]
    assert holding == ["sen2dash/__init__.py"]


def test_every_file_that_a_page_offers_is_known() -> None:
    assert PLACES.keys() == FILES.keys()
    assert set().union(*PLACES.values()) <= MAKERS.keys() | WITHOUT.keys()
    for (module, _), names in PLACES.items():
        folder = "pages" if module == "downloads" else "sen2dash/ui"
        source = (ROOT / folder / f"{module}.py").read_text("utf-8")
        assert {name for name in names if not re.search(rf"\b{name}\b", source)} == set()


@pytest.mark.parametrize("name", MAKERS)
def test_every_file_names_the_release(report: Report, since: Comparison, name: str) -> None:
    made = MAKERS[name](report, since)
    data = made if isinstance(made, bytes) else b"".join(made)
    if data.startswith(b"PK"):
        description = openpyxl.load_workbook(io.BytesIO(data)).properties.description
        assert description == f"Made with {RELEASE}"
    elif name.endswith("_json"):
        assert json.loads(data)["release"] == __version__
    else:
        assert RELEASE in data.decode("utf-8-sig").splitlines()[-1] or json.loads(data)["release"] == RELEASE


def test_json_names_the_release(report: Report) -> None:
    results = run_indicators(report.store)
    for text in (
        whole(answers.report_json(report)),
        whole(answers.indicators_json(results, report)),
        whole(answers.rules_json(catalogue.rules())),
    ):
        assert json.loads(text)["release"] == __version__


def test_text_ends_with_the_release(report: Report) -> None:
    results = run_indicators(report.store)
    for text in (
        whole(answers.report_text(report)),
        whole(answers.indicators_text(results, report)),
        whole(answers.rules_text(catalogue.rules())),
    ):
        assert text.endswith(f"\n\nMade with sen2dash {__version__}.\n")


def test_a_workbook_names_the_release(report: Report) -> None:
    book = openpyxl.load_workbook(io.BytesIO(export.findings_xlsx(report)))
    rows = [row[:3] for row in book["Summary"].iter_rows(max_row=5, values_only=True)]
    assert ("Made with", None, RELEASE) in rows
    assert book.properties.description == f"Made with {RELEASE}"
    assert book.properties.creator in (None, "")
    assert book.properties.lastModifiedBy in (None, "")


def test_a_csv_names_the_release_in_its_last_column(report: Report) -> None:
    for data in (export.findings_csv(report), export.findings_csv(report, with_names=False)):
        head, *rows = csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""))
        assert rows
        assert head[-1] == "Made with"
        assert {row[-1] for row in rows} == {RELEASE}


def test_a_csv_of_figures_keeps_its_numbers() -> None:
    data = export.figures_csv(("Group", "Number", "Rate"), [("A", 3, 12.5), ("B", None, "-")])
    assert data.decode("utf-8-sig").splitlines() == [
        '"Group","Number","Rate","Made with"',
        f'"A",3,12.5,"{RELEASE}"',
        f'"B","","\'-","{RELEASE}"',
    ]
