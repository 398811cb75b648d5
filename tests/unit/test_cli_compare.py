"""`compare` on the command line: output, formats, exit statuses, and error messages."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from sen2dash import __version__, cli
from sen2dash.checks import catalogue
from tests.unit.test_cli import END, HEADER

PERSON = """<Person><Surname>{surname}</Surname><Forename>{forename}</Forename>
<PersonBirthDate>2015-03-02</PersonBirthDate><Sex>F</Sex><Ethnicity>WBRI</Ethnicity><PostCode>B70 1AA</PostCode>
<UPN>{upn}</UPN>{requests}</Person>
"""
REQUEST = (
    "<Requests><ReceivedDate>{received}</ReceivedDate>\n<RYA>{rya}</RYA><RequestOutcome>A</RequestOutcome></Requests>"
)
EXTRA = "<Requests><RequestOutcome>N</RequestOutcome></Requests>"


def person(surname: str, upn: str, requests: str = "", forename: str = "Zoë") -> str:
    return PERSON.format(surname=surname, upn=upn, requests=requests, forename=forename)


@pytest.fixture
def both(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[str, str]:
    """Before: Gone, One with two requests, Two. After: Two, One with one request and another name."""
    monkeypatch.setenv("SEN2DASH_NOW", "2025-02-01T12:00:00")
    asked = REQUEST.format(received="2024-05-01", rya="1")
    before = (
        person("Gone", "U1", asked),
        person("=One", "U2", asked + EXTRA),
        person("Two", "U3", REQUEST.format(received="2024-06-01", rya="0")),
    )
    after = (person("Two", "U3", REQUEST.format(received="2024-06-01", rya="false")), person(" ", "U2", asked))
    paths = tmp_path / "before.xml", tmp_path / "after.xml"
    paths[0].write_text(HEADER + "".join(before) + END, encoding="utf-8")
    paths[1].write_text(HEADER.replace("001", "002") + "".join(after) + END, encoding="utf-8")
    return str(paths[0]), str(paths[1])


def answer(capture: pytest.CaptureFixture[bytes], *arguments: str) -> dict[str, Any]:
    assert cli.main(["compare", *arguments, "--format", "json"]) == cli.OK
    out, err = capture.readouterr()
    assert err == b""
    found: dict[str, Any] = json.loads(out)
    return found


def test_json(both: tuple[str, str], capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    found = answer(capfdbinary, *both)
    assert found["release"] == __version__
    for side, serial, persons in (("before", "001", 3), ("after", "002", 2)):
        assert (found[side]["serial_no"], found[side]["persons"], found[side]["year"]) == (serial, persons, 2025)
        assert len(found[side]["sha256"]) == 64
    assert found["persons"] == {"both": 2, "added": 0, "gone": 1, "changed": 1}
    assert [entry["table"] for entry in found["tables"]] == [
        "header",
        "person",
        "requests",
        "assessment",
        "namedplan",
        "plandetail",
        "activeplans",
        "placementdetail",
        "senneed",
    ]
    tables = {entry.pop("table"): entry for entry in found["tables"]}
    assert tables["header"] == {"both": 1, "added": 0, "gone": 0, "changed": 1}
    assert tables["person"] == {"both": 2, "added": 0, "gone": 1, "changed": 1}
    assert tables["requests"] == {"both": 2, "added": 0, "gone": 2, "changed": 0}
    assert tables["senneed"] == {"both": 0, "added": 0, "gone": 0, "changed": 0}
    assert found["changes"] == [
        {
            "table": "header",
            "before_person": None,
            "after_person": None,
            "before_line": 3,
            "after_line": 3,
            "field": "SerialNo",
            "before": "001",
            "after": "002",
        },
        {
            "table": "person",
            "before_person": 2,
            "after_person": 2,
            "before_line": 13,
            "after_line": 13,
            "field": "Surname",
            "before": "=One",
            "after": None,
        },
    ]
    assert found["rows"] == [
        {"kind": "gone", "table": "person", "person": 1, "line": 9},
        {"kind": "gone", "table": "requests", "person": 1, "line": 11},
        {"kind": "gone", "table": "requests", "person": 2, "line": 16},
    ]
    fates = {entry["rule"]: entry for entry in found["findings"]}
    assert fates["P01"] == {"rule": "P01", "severity": "error", "cleared": 0, "new": 1, "still": 0}
    # UPN format: one finding for the person who is gone, and two for people who are still there.
    assert fates["P14"] == {"rule": "P14", "severity": "error", "cleared": 1, "new": 0, "still": 2}
    order = [rule.id for rule in catalogue.rules()]
    assert list(fates) == sorted(fates, key=order.index)
    assert not {"H08", "H11"} & fates.keys()
    figures = {entry["id"]: entry for entry in found["indicators"]}
    assert len(figures) == 33
    assert figures["requests_received"] == {
        "id": "requests_received",
        "before": {"numerator": 3, "denominator": 3, "value": 1.0},
        "after": {"numerator": 2, "denominator": 2, "value": 1.0},
    }
    agreement = {entry["table"]: entry for entry in found["agreement"]}
    assert list(agreement) == list(tables)
    assert [table for table, entry in agreement.items() if not entry["equal"]] == ["header", "person", "requests"]
    items = {item["field"]: item for item in agreement["person"]["items"]}
    assert items["Surname"] == {
        "field": "Surname",
        "both": 1,
        "equal": 1,
        "blank_before": 0,
        "blank_after": 1,
        "patterns": [],
    }
    assert figures["caseload"]["after"] == {"numerator": 0, "denominator": 0, "value": None}


def test_a_return_compared_with_itself(both: tuple[str, str], capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    found = answer(capfdbinary, both[0], both[0])
    assert (found["changes"], found["rows"]) == ([], [])
    assert found["persons"] == {"both": 3, "added": 0, "gone": 0, "changed": 0}
    assert {(entry["cleared"], entry["new"]) for entry in found["findings"]} == {(0, 0)}
    assert all(entry["still"] > 0 for entry in found["findings"])


def test_the_severity_is_that_of_the_later_year(
    both: tuple[str, str], tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    changing = next(
        rule
        for rule in catalogue.rules()
        if rule.needs is None and isinstance(rule.severity, dict) and rule.severity_in(2024) != rule.severity_in(2026)
    )
    assert changing.severity_in(2024) != changing.severity_in(2026)
    earlier = tmp_path / "earlier.xml"
    text = Path(both[0]).read_text(encoding="utf-8")
    earlier.write_text(text.replace("<Year>2025", "<Year>2024").replace("2025-01-16", "2024-01-18"), encoding="utf-8")
    found = answer(capfdbinary, str(earlier), both[1])
    rules = {rule.id: rule for rule in catalogue.rules()}
    for entry in found["findings"]:
        assert entry["severity"] == rules[entry["rule"]].severity_in(2025)
    assert (found["before"]["year"], found["after"]["year"]) == (2024, 2025)


def test_text(both: tuple[str, str], capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    assert cli.main(["compare", *both]) == cli.OK
    lines = capfdbinary.readouterr().out.decode().splitlines()
    assert lines[0] == "Before: SEN2 2025, census day 16 January 2025, serial number 001, 3 persons"
    assert "People: 2 in both, of whom 1 has changed; 0 added, 1 gone" in lines
    assert "  requests               2         0         0         2" in lines
    assert "  P01            0        1        0  Error: Surname missing" in lines
    assert any(line.startswith("  3                        2 ") and "Requests received" in line for line in lines)
    assert "  assessment       equal" in lines
    at = lines.index("  person           not equal")
    assert lines[at + 1] == "    Surname: 1 of 1 equal; blank after, not before: 1."
    assert lines[-1].startswith("Made with sen2dash")


def test_csv_and_excel(both: tuple[str, str], tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    assert cli.main(["compare", *both, "--format", "csv"]) == cli.OK
    rows = list(csv.DictReader(io.StringIO(capfdbinary.readouterr().out.decode("utf-8-sig"), newline="")))
    assert [(row["Difference"], row["Table"], row["XML name"], row["Before"], row["After"]) for row in rows] == [
        ("Changed", "header", "SerialNo", "001", "002"),
        ("Changed", "person", "Surname", "'=One", ""),
        ("Gone", "person", "", "", ""),
        ("Gone", "requests", "", "", ""),
        ("Gone", "requests", "", "", ""),
    ]
    assert (rows[1]["Person number before"], rows[1]["Forename"], rows[1]["UPN"]) == ("2", "Zoë", "U2")
    assert (rows[2]["Surname"], rows[2]["Person number after"]) == ("Gone", "")
    out = tmp_path / "changes.xlsx"
    assert cli.main(["compare", *both, "--format", "xlsx", "--out", str(out)]) == cli.OK
    book = openpyxl.load_workbook(out)
    assert book.sheetnames == ["Summary", "Differences", "Findings", "Indicators", "Agreement"]
    assert book["Differences"].max_row == 1 + len(rows)
    assert {row[0] for row in book["Findings"].iter_rows(min_row=2, values_only=True)} == {
        "New",
        "Cleared",
        "Still there",
    }
    assert book["Indicators"].max_row == 34


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["{before}", "missing.xml"], "missing.xml"),
        (["missing.xml", "{after}"], "missing.xml"),
        (["{before}", "/dev/null"], "null"),
        (["{before}", "{bad}"], "bad.xml: The file is not XML"),
        (["{bad}", "{after}"], "bad.xml: The file is not XML"),
        (["{before}", "{after}", "--out", "{after}"], "one of the files to read"),
        (["{before}", "{after}", "--establishments", "{after}"], "register"),
    ],
)
def test_what_is_refused(
    both: tuple[str, str],
    tmp_path: Path,
    capfdbinary: pytest.CaptureFixture[bytes],
    arguments: list[str],
    words: str,
) -> None:
    bad = tmp_path / "bad.xml"
    bad.write_bytes(b"no xml")
    names = {"before": both[0], "after": both[1], "bad": str(bad)}
    assert cli.main(["compare", *(text.format(**names) for text in arguments)]) == cli.REFUSED
    out, err = capfdbinary.readouterr()
    assert out == b""
    assert words in err.decode()
    assert err.count(b"\n") == 1


def test_the_file_with_people_who_are_not_read_is_named(
    both: tuple[str, str], capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    path = Path(both[1])
    path.write_text(path.read_text(encoding="utf-8").replace("</Message>", "<Person/></Message>"), encoding="utf-8")
    assert cli.main(["compare", *both]) == cli.OK
    assert b"after.xml: 1 person in the file was not read" in capfdbinary.readouterr().err


def test_a_broken_rule_is_named(
    both: tuple[str, str], monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    broken = catalogue.rule("P01").model_copy(update={"sql": "select no_such_column from person"})
    chosen = (broken, catalogue.rule("P14"))
    monkeypatch.setattr(catalogue, "rules", lambda: chosen)
    assert cli.main(["compare", *both]) == cli.BROKEN
    out, err = capfdbinary.readouterr()
    assert b"Before: P01 could not be run, so the comparison is incomplete." in err
    assert b"After: P01 could not be run" in out


def test_ways_in_which_two_systems_differ_are_named(
    both: tuple[str, str], tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    other = tmp_path / "other.xml"
    text = Path(both[0]).read_text(encoding="utf-8")
    other.write_text(text.replace("2015-03-02", "2015-03-03").replace("WBRI", "WIRI"), encoding="utf-8")
    assert cli.main(["compare", both[0], str(other)]) == cli.OK
    words = capfdbinary.readouterr().out.decode()
    assert "    PersonBirthDate: 0 of 3 equal. Every date is 1 day later (3)." in words
    assert "    Ethnicity: 0 of 3 equal. WBRI is always WIRI (3)." in words
