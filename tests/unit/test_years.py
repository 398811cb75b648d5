"""Every year from 2022 to 2031 and every odd header: how the return is checked, and that each answer says so."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest

from sen2dash import cli, spec
from sen2dash.checks import catalogue, run
from sen2dash.checks.report import build_report
from sen2dash.config import Settings
from sen2dash.model import Collection
from sen2dash.output import export
from sen2dash.sample.generate import sample_bytes, write_sample
from sen2dash.ui.dates import coming_year_text, dates_text
from tests import casebook

ROOT = Path(__file__).resolve().parents[2]
NOW = datetime(2031, 2, 1, 12, 0)
HEADER_RULES = ("H04", "H05", "H23")
#: Year, ReferenceDate and the results: the year, the year of the rules, census day, and which of HEADER_RULES fire.
HEADERS: list[tuple[str | None, str | None, int, int, str, set[str]]] = [
    *((str(y), str(spec.census_day(y)), y, y, str(spec.census_day(y)), set()) for y in spec.RETURN_YEARS),
    *((str(y), str(spec.census_day(y)), y, 2027, str(spec.census_day(y)), {"H23"}) for y in spec.COMING_YEARS),
    ("2022", "2022-01-20", 2027, 2027, "2022-01-20", {"H04", "H05"}),
    ("2022", "2024-01-18", 2024, 2024, "2024-01-18", {"H04"}),
    ("2031", "2031-01-16", 2027, 2027, "2031-01-16", {"H04", "H05"}),
    ("2031", None, 2027, 2027, "2027-01-21", {"H04", "H05"}),
    (None, None, 2027, 2027, "2027-01-21", {"H04", "H05"}),
    (None, "2027-01-21", 2027, 2027, "2027-01-21", {"H04"}),
    (None, "2023-01-19", 2023, 2023, "2023-01-19", {"H04"}),
    (None, "2028-01-20", 2027, 2027, "2028-01-20", {"H04", "H05"}),
    ("02027", "2027-01-21", 2027, 2027, "2027-01-21", {"H04"}),
    ("2025", "2024-01-18", 2025, 2025, "2024-01-18", {"H05"}),
    ("2027", "2028-01-20", 2027, 2027, "2028-01-20", {"H05"}),
    ("2028", None, 2028, 2027, "2028-01-20", {"H05", "H23"}),
    ("2028", "20/01/2028", 2028, 2027, "2028-01-20", {"H05", "H23"}),
    ("2028", "2028-12-31", 2028, 2027, "2028-12-31", {"H05", "H23"}),
    ("2028", "2027-01-21", 2027, 2027, "2027-01-21", {"H04"}),
    ("2028", "2025-01-16", 2025, 2025, "2025-01-16", {"H04"}),
    ("2030", "2029-01-18", 2027, 2027, "2029-01-18", {"H04", "H05"}),
]


def message(year: str | None, reference: str | None) -> bytes:
    details = f"<Year>{year}</Year>" if year else ""
    details += f"<ReferenceDate>{reference}</ReferenceDate>" if reference else ""
    return (
        f"<Message><Header><CollectionDetails>{details}</CollectionDetails></Header>"
        "<Persons><Person><Sex>M</Sex></Person></Persons></Message>"
    ).encode()


@pytest.mark.parametrize(("year", "reference", "checked_as", "rules_of", "census", "found"), HEADERS)
def test_a_header_decides_on_dates_and_rules(
    year: str | None, reference: str | None, checked_as: int, rules_of: int, census: str, found: set[str]
) -> None:
    only = [catalogue.rule(rule_id) for rule_id in HEADER_RULES]
    report = build_report(message(year, reference), Settings(now=NOW), only=only)
    try:
        collection = report.collection
        assert (collection.year, collection.rules_of, str(collection.census_date)) == (checked_as, rules_of, census)
        assert (collection.year_start, collection.year_end) == (
            date(checked_as - 1, 1, 1),
            date(checked_as - 1, 12, 31),
        )
        assert {o.rule.id for o in report.outcomes if o.count} == found
        assert ("H23" in {o.rule.id for o in report.outcomes}) == (checked_as > spec.NEWEST_YEAR)
    finally:
        report.close()


def test_a_coming_year_has_the_rules_and_severities_of_the_newest() -> None:
    stores = {year: casebook.make_store({"year": year}) for year in (spec.NEWEST_YEAR, *spec.COMING_YEARS)}
    try:
        chosen = {}
        for year, store in stores.items():
            assert store.collection is not None
            chosen[year] = {r.id for r in catalogue.rules() if run.applies(r, store.collection)}
        newest = chosen.pop(spec.NEWEST_YEAR)
        assert all(ids == newest | {"H23"} for ids in chosen.values())
        assert "H23" not in newest
        outcomes = run.run(stores[spec.COMING_YEARS[0]], [catalogue.rule("H16"), catalogue.rule("R13")])
        assert {o.severity for o in outcomes} == {
            catalogue.rule(rule_id).severity_in(spec.NEWEST_YEAR) for rule_id in ("H16", "R13")
        }
    finally:
        for store in stores.values():
            store.close()


def test_no_rule_but_that_on_coming_years_begins_after_the_newest_year() -> None:
    late = [rule.id for rule in catalogue.rules() if not rule.applies_in(spec.NEWEST_YEAR)]
    assert late in ([], ["H23"])


def check(capfdbinary: pytest.CaptureFixture[bytes], *arguments: str) -> tuple[int, bytes]:
    status = cli.main([*arguments])
    return status, capfdbinary.readouterr().out


def test_every_answer_about_a_coming_year_says_whose_rules_were_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    monkeypatch.setenv("SEN2DASH_NOW", NOW.isoformat())
    path, book = str(tmp_path / "return.xml"), str(tmp_path / "found.xlsx")
    write_sample(Path(path), 12, 3, year=2028)
    label = "SEN2 2028, census day 20 January 2028, checked with the rules of 2027"
    chosen = ("--rules", "H04,H05,H12,H23,P01")
    status, out = check(capfdbinary, "check", path, "--format", "json", *chosen)
    answer = json.loads(out)
    assert status == cli.OK, "H23 is no error"
    assert (answer["return"]["year"], answer["return"]["rules_of"]) == (2028, 2027)
    (h23,) = [rule for rule in answer["rules"] if rule["id"] == "H23"]
    assert (h23["severity"], h23["count"], h23["findings"][0]["value"]) == ("info", 1, "2028")
    assert label in check(capfdbinary, "check", path, *chosen)[1].decode()
    assert label in check(capfdbinary, "indicators", path)[1].decode()
    assert b"checked with the rules of 2027" in check(capfdbinary, "check", path, "--format", "csv", *chosen)[1]
    check(capfdbinary, "check", path, "--format", "xlsx", "--out", book, *chosen)
    assert openpyxl.load_workbook(book)["Summary"]["A1"].value == label


@pytest.mark.parametrize("year", spec.RETURN_YEARS)
def test_an_answer_about_a_known_year_names_that_year_alone(
    year: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    monkeypatch.setenv("SEN2DASH_NOW", NOW.isoformat())
    path = tmp_path / "return.xml"
    write_sample(path, 5, 3, year=year)
    status, out = check(capfdbinary, "check", str(path), "--format", "json", "--rules", "H04,H05,H23")
    answer = json.loads(out)
    assert status == cli.OK
    assert (answer["return"]["year"], answer["return"]["rules_of"]) == (year, year)
    assert [(rule["id"], rule["status"]) for rule in answer["rules"]] == [("H04", "clear"), ("H05", "clear")]


def test_the_command_makes_a_return_of_the_newest_year_up(tmp_path: Path) -> None:
    out = tmp_path / "made_up.xml"
    assert cli.main(["sample", str(out), "--persons", "3"]) == cli.OK
    assert out.read_bytes() == sample_bytes(3, 0, year=spec.NEWEST_YEAR)
    for year in (2022, 2031):
        with pytest.raises(SystemExit) as stopped:
            cli.main(["sample", str(out), "--year", str(year)])
        assert stopped.value.code == cli.REFUSED


# -- in words ---------------------------------------------------------------------------------------------


def collection(year: int, census: date | None = None) -> Collection:
    return Collection(
        year=year,
        rules_of=spec.rules_year(year),
        census_date=census or spec.census_day(year),
        year_start=date(year - 1, 1, 1),
        year_end=date(year - 1, 12, 31),
        august_31=date(year - 1, 8, 31),
        lea="333",
    )


@pytest.mark.parametrize(
    ("year", "today", "text"),
    [
        (2027, date(2027, 2, 1), "Census day 21 January 2027. Submit it by 11 March 2027."),
        (2027, date(2027, 3, 11), "Census day 21 January 2027. Submit it by 11 March 2027."),
        (2027, date(2027, 3, 12), "Census day 21 January 2027. The deadline was 11 March 2027."),
        (2024, date(2024, 2, 1), "Census day 18 January 2024. The deadline is probably 29 February 2024."),
        (2024, date(2027, 2, 1), "Census day 18 January 2024. The deadline was probably 29 February 2024."),
        (
            2028,
            date(2028, 2, 1),
            "Census day 20 January 2028, if it is the third Thursday of January again. There is no deadline yet.",
        ),
    ],
)
def test_census_day_and_deadline_in_words(year: int, today: date, text: str) -> None:
    assert dates_text(collection(year), today) == text
    assert bool(coming_year_text(collection(year))) == (year > spec.NEWEST_YEAR)


def test_another_reference_date_is_set_beside_census_day() -> None:
    text = dates_text(collection(2027, date(2027, 1, 14)), date(2027, 2, 1))
    assert text.startswith("Census day 21 January 2027; the file says 14 January 2027. ")


def test_the_name_of_a_file_says_whose_rules_were_used() -> None:
    assert export.file_name(collection(2028), "errors", "csv") == "sen2_333_2028_rules_of_2027_errors.csv"
    assert export.file_name(collection(2027), "errors", "csv") == "sen2_333_2027_errors.csv"


# -- the next year ----------------------------------------------------------------------------------------


#: Makes a return for the newest year and one for the last coming year, and checks both.
SCRIPT = """
import json
from datetime import datetime
from sen2dash import spec
from sen2dash.config import Settings
from sen2dash.checks.report import build_report
from sen2dash.sample.generate import sample_bytes

for year in (spec.NEWEST_YEAR, spec.COMING_YEARS[-1]):
    report = build_report(sample_bytes(30, 0, year=year), Settings(now=datetime(year, 2, 1)))
    found = {o.rule.id: o.severity for o in report.outcomes if o.count}
    print(json.dumps([report.collection.year, report.collection.rules_of, found]))
"""


def test_a_new_return_year_is_one_row(tmp_path: Path) -> None:
    """A copy of the product with one more row in years.csv makes and checks returns for that year."""
    for folder in ("sen2dash", "queries"):
        shutil.copytree(ROOT / folder, tmp_path / folder, ignore=shutil.ignore_patterns("__pycache__"))
    new = spec.NEWEST_YEAR + 1
    with (tmp_path / "sen2dash" / "spec" / "years.csv").open("a", encoding="utf-8") as file:
        file.write(f"{new},{spec.census_day(new)},{new}-03-09,yes,{new - 1}\n")
    environment = {**os.environ, "PYTHONPATH": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT], cwd=tmp_path, env=environment, capture_output=True, check=True
    )
    (newest, coming) = map(json.loads, done.stdout.splitlines())
    assert newest[:2] == [new, new]
    assert coming[:2] == [new + 3, new]
    assert set(newest[2].values()) | set(coming[2].values()) <= {"info"}
    assert "H23" not in newest[2]
    assert "H23" in coming[2]
