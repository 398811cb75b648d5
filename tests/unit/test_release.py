"""The release number is kept in one place, and everything that leaves the program includes it."""

from __future__ import annotations

import csv
import io
import json
import tomllib
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest

from sen2dash import RELEASE, __version__
from sen2dash.checks import catalogue
from sen2dash.checks.report import Report, build_report
from sen2dash.config import Settings
from sen2dash.indicators.run import run_indicators
from sen2dash.output import answers, export
from sen2dash.sample.generate import sample_bytes
from tests.casebook import NOW

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def report() -> Iterator[Report]:
    made = build_report(sample_bytes(5, seed=2, defects=3, year=2025), Settings(now=NOW))
    yield made
    made.close()


def whole(pieces: Iterator[bytes]) -> str:
    return b"".join(pieces).decode()


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
