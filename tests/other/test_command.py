"""The command line with returns that are not XML."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from sen2dash import cli
from tests.other import writing
from tests.other.making import files_of, sample, small, xml_of


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A made-up return in every form."""
    made, path = sample(30, 4, 2025), tmp_path_factory.mktemp("forms")
    writing.write_collect(path / "export", made)
    (path / "export" / "notes.txt").write_text("not read", encoding="utf-8")
    (path / "return.xml").write_bytes(xml_of(made))
    (path / "template.xlsx").write_bytes(writing.template_bytes(made))
    (path / "modules.xlsx").write_bytes(writing.modules_bytes(made))
    return path


def run(*arguments: str | Path) -> int:
    return cli.main([str(each) for each in arguments])


def answer(capfdbinary: pytest.CaptureFixture[bytes], *arguments: str | Path) -> dict[str, Any]:
    assert run("check", *arguments, "--format", "json", "--rules", "H01,P15,R09,M29") == cli.OK
    found: dict[str, Any] = json.loads(capfdbinary.readouterr().out)
    return found


def test_check_says_what_it_read(folder: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    found = answer(capfdbinary, folder / "export")
    assert found["return"]["persons"] == 30
    assert found["input"]["files"][1] == "Blade-Export_06-02-2025_person.csv"
    assert found["input"]["warnings"] == []
    assert {rule["id"]: rule["status"] for rule in found["rules"]} == {
        "H01": "not_applicable",
        "P15": "clear",
        "R09": "clear",
        "M29": "clear",
    }
    assert "input" not in answer(capfdbinary, folder / "return.xml")


def test_a_table_that_was_not_given(folder: Path, tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    for file in (folder / "export").glob("*.csv"):
        if "senneed" not in file.name:
            (tmp_path / file.name).write_bytes(file.read_bytes())
    assert run("check", tmp_path, "--format", "json", "--rules", "M29") == cli.OK
    out, err = capfdbinary.readouterr()
    found = json.loads(out)
    assert found["rules"][0]["status"] == "not_run"
    assert "SEN needs were not given: rules and figures that need them were skipped." in found["input"]["warnings"]
    assert b"SEN needs were not given" in err
    for file in tmp_path.glob("*placementdetail*"):
        file.unlink()
    assert run("indicators", tmp_path, "--format", "json") == cli.OK
    figures = {each["id"]: each for each in json.loads(capfdbinary.readouterr().out)["indicators"]}
    assert (figures["residential"]["numerator"], figures["residential"]["value"]) == (None, None)
    assert figures["caseload"]["numerator"] > 0


def test_not_given_is_not_0_and_every_json_says_why(
    folder: Path, tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    for file in (folder / "export").glob("*.csv"):
        if "senneed" not in file.name:
            (tmp_path / file.name).write_bytes(file.read_bytes())
    assert run("check", tmp_path, "--format", "json", "--rules", "M29") == cli.OK
    facts = json.loads(capfdbinary.readouterr().out)["return"]
    assert facts["needs"] is None
    assert facts["plans"] > 0
    assert run("check", tmp_path, "--rules", "M29") == cli.OK
    assert b"placements, needs not given" in capfdbinary.readouterr().out
    (tmp_path / "linked").mkdir()
    assert run("sample", tmp_path / "linked" / "made.xml", "--linked", tmp_path / "linked", "--persons", "5") == cli.OK
    census = next((tmp_path / "linked").rglob("*pupilonroll.csv")).parent
    for command in (("indicators", tmp_path), ("linked", tmp_path, "--census", census)):
        capfdbinary.readouterr()
        assert run(*command, "--format", "json") == cli.OK
        said = json.loads(capfdbinary.readouterr().out)["input"]["warnings"]
        assert "SEN needs were not given: rules and figures that need them were skipped." in said


def test_the_header_of_a_workbook_without_one(folder: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    header = ("--lea", "333", "--year", "2025", "--reference-date", "2025-01-16")
    found = answer(capfdbinary, folder / "modules.xlsx", *header)["return"]
    assert (found["lea"], found["year"], found["reference_date"], found["serial_no"]) == (
        "333",
        2025,
        "2025-01-16",
        None,
    )
    for file in ("return.xml", "template.xlsx"):
        assert run("check", folder / file, *header) == cli.REFUSED
        assert b"header of its own" in capfdbinary.readouterr().err
    assert run("check", folder / "modules.xlsx", "--year", "20x5") == cli.REFUSED
    assert run("check", folder / "modules.xlsx", "--reference-date", "16/01/2025") == cli.REFUSED


def test_convert_gives_the_xml_that_it_was_made_from(folder: Path, tmp_path: Path) -> None:
    for form in ("export", "template.xlsx"):
        assert run("convert", folder / form, tmp_path / "made.xml") == cli.OK
        assert (tmp_path / "made.xml").read_bytes() == (folder / "return.xml").read_bytes()


def test_convert_names_what_xml_cannot_hold(tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    tables = small()
    tables["person"][0]["surname"] = "Har\x01ris & <Sons>"
    for name, data in files_of(tables).items():
        (tmp_path / name).write_bytes(data)
    assert run("convert", tmp_path, tmp_path / "made.xml") == cli.OK
    assert b"<Surname>Harris &amp; &lt;Sons&gt;</Surname>" in (tmp_path / "made.xml").read_bytes()
    assert b"are left out of 1 value." in capfdbinary.readouterr().err


def test_compare_takes_two_forms(folder: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    assert run("compare", folder / "return.xml", folder / "template.xlsx", "--format", "json") == cli.OK
    found = json.loads(capfdbinary.readouterr().out)
    assert (found["changes"], found["rows"]) == ([], [])
    assert all((each["cleared"], each["new"]) == (0, 0) for each in found["findings"])


def test_a_file_or_folder_that_is_none_is_refused(tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    assert run("check", tmp_path) == cli.REFUSED
    assert b"no CSV file in it" in capfdbinary.readouterr().err
    (tmp_path / "person.csv").write_bytes(files_of(small())["export_person.csv"])
    assert run("check", tmp_path / "person.csv") == cli.REFUSED
    assert b"There is no file of: Header." in capfdbinary.readouterr().err


def test_findings_name_file_sheet_and_row(
    folder: Path, tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    tables = small()
    tables["requests"][1]["receiveddate"] = "soon"
    for name, data in files_of(tables).items():
        (tmp_path / name).write_bytes(data)
    assert run("check", tmp_path, "--format", "csv", "--rules", "H21") == cli.FOUND
    heading, row = capfdbinary.readouterr().out.decode("utf-8-sig").splitlines()
    assert '"File","Row","Made with"' in heading
    assert '"export_requests.csv",3,' in row


def test_tables_missing_in_the_earlier_return_are_not_read_as_empty(
    folder: Path, tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    (tmp_path / "now.xml").write_bytes(xml_of(sample(30, 4, 2026)))
    (tmp_path / "then").mkdir()
    for file in (folder / "export").glob("*.csv"):
        if "namedplan" not in file.name and "plandetail" not in file.name:
            (tmp_path / "then" / file.name).write_bytes(file.read_bytes())
    rules = ("--format", "json", "--rules", "T05,T06,T07,T09,P15")
    assert run("check", tmp_path / "now.xml", "--previous", folder / "export", *rules) in (cli.OK, cli.FOUND)
    whole = json.loads(capfdbinary.readouterr().out)
    assert not {rule["status"] for rule in whole["rules"]} & {"not_run", "broken"}
    assert run("check", tmp_path / "now.xml", "--previous", tmp_path / "then", *rules) == cli.OK
    out, err = capfdbinary.readouterr()
    found = json.loads(out)
    assert {rule["id"]: rule["status"] for rule in found["rules"]} == {
        "P15": "clear",
        **dict.fromkeys(("T05", "T06", "T07", "T09"), "not_run"),
    }
    reason = next(rule["reason"] for rule in found["rules"] if rule["id"] == "T09")
    assert reason == "It needs a table that was not given in the earlier return: Named plans."
    said = "Named plans were not given: rules and figures that need them were skipped."
    assert said in found["previous_input"]["warnings"]
    assert f"The earlier return: {said}".encode() in err
    assert "input" not in found


def test_compare_leaves_out_a_table_that_was_not_given(
    folder: Path, tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    for file in (folder / "export").glob("*.csv"):
        if "namedplan" not in file.name and "plandetail" not in file.name:
            (tmp_path / file.name).write_bytes(file.read_bytes())
    assert run("compare", tmp_path, folder / "return.xml", "--format", "json") == cli.OK
    out, err = capfdbinary.readouterr()
    found = json.loads(out)
    assert (found["changes"], found["rows"]) == ([], [])
    assert (found["persons"]["added"], found["persons"]["gone"], found["persons"]["changed"]) == (0, 0, 0)
    left = [{"table": table, "not_given": ["before"]} for table in ("namedplan", "plandetail")]
    assert found["left_out"] == left
    for part in ("tables", "agreement"):
        assert not {each["table"] for each in found[part]} & {"namedplan", "plandetail"}
    assert "Named plans were not given" in " ".join(found["before_input"]["warnings"])
    assert "after_input" not in found
    words = b"Before: not given, so not compared: Named plans, Plan details."
    assert words in err
    assert run("compare", folder / "return.xml", tmp_path) == cli.OK
    assert words.replace(b"Before", b"After") in capfdbinary.readouterr().out


def test_convert_says_which_tables_the_file_lacks(
    folder: Path, tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    for file in (folder / "export").glob("*.csv"):
        if "senneed" not in file.name:
            (tmp_path / file.name).write_bytes(file.read_bytes())
    assert run("convert", tmp_path, tmp_path / "made.xml") == cli.OK
    assert b"so the file has no rows of them: SEN needs." in capfdbinary.readouterr().err
