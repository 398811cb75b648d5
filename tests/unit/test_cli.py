"""The command line as started by hand: output, formats, exit statuses, and error messages."""

from __future__ import annotations

import csv
import io
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from sen2dash import __version__, cli, terminal
from sen2dash.checks import catalogue
from sen2dash.config import QUERIES
from sen2dash.errors import CatalogueError
from sen2dash.indicators.run import run_indicators

pytestmark = pytest.mark.slow
ROOT = QUERIES.parent
HEADER = """<?xml version="1.0" encoding="UTF-8"?>
<Message>
  <Header>
    <CollectionDetails><Collection>SEN2</Collection><Year>2025</Year><ReferenceDate>2025-01-16</ReferenceDate></CollectionDetails>
    <Source><SourceLevel>L</SourceLevel><LEA>333</LEA><SoftwareCode>X</SoftwareCode><Release>1</Release><SerialNo>001</SerialNo>
      <DateTime>2025-01-20T09:00:00</DateTime><DMO>Y</DMO><DCO>Y</DCO><DSCO>Y</DSCO></Source>
  </Header>
  <Persons>
"""
PERSON = """    <Person><Surname>{surname}</Surname><Forename>Zoë</Forename><PersonBirthDate>2015-03-02</PersonBirthDate><Sex>F</Sex>
      <Ethnicity>WBRI</Ethnicity><PostCode>B70 1AA</PostCode><UPN>H333123424001</UPN>
      <Requests><ReceivedDate>2024-05-01</ReceivedDate><RequestSource>1</RequestSource><RYA>0</RYA>
        <RequestOutcome>A</RequestOutcome>
      </Requests>
    </Person>
"""
END = "  </Persons>\n</Message>\n"
NOW = "2025-02-01T12:00:00"
Run = Callable[..., subprocess.CompletedProcess[bytes]]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run the command line in this process, in a folder of its own, with a fixed clock, for a terminal of ASCII."""

    def start(*arguments: object, **environment: str) -> subprocess.CompletedProcess[bytes]:
        out, err = io.BytesIO(), io.BytesIO()
        with monkeypatch.context() as patched:
            for name, value in ({"SEN2DASH_NOW": NOW} | environment).items():
                patched.setenv(name, value)
            patched.chdir(tmp_path)
            patched.setattr(sys, "stdout", io.TextIOWrapper(out, encoding="ascii"))
            patched.setattr(sys, "stderr", io.TextIOWrapper(err, encoding="ascii", errors="backslashreplace"))
            try:
                status = cli.main([*map(str, arguments)])
            except SystemExit as end:
                status = int(end.code or 0)
            sys.stdout.flush()
            sys.stderr.flush()
            return subprocess.CompletedProcess([*map(str, arguments)], status, out.getvalue(), err.getvalue())

    return start


@pytest.fixture
def start(tmp_path: Path) -> Run:
    """Start the command line as a program of its own, as `run` does."""

    def program(*arguments: object, **environment: str) -> subprocess.CompletedProcess[bytes]:
        known = {**os.environ, "PYTHONPATH": str(ROOT), "SEN2DASH_NOW": NOW, "PYTHONIOENCODING": "ascii"}
        return subprocess.run(
            [sys.executable, "-m", "sen2dash", *map(str, arguments)],
            cwd=tmp_path,
            env=known | environment,
            capture_output=True,
            check=False,
            timeout=120,
        )

    return program


@pytest.fixture
def clean(tmp_path: Path) -> Path:
    path = tmp_path / "clean.xml"
    path.write_text(HEADER + PERSON.format(surname="Öz") + END, encoding="utf-8")
    return path


@pytest.fixture
def dirty(tmp_path: Path) -> Path:
    path = tmp_path / "dirty.xml"
    path.write_text(HEADER + PERSON.format(surname="=Öz") + "    <Person/>\n" + END, encoding="utf-8")
    return path


def rules_of(answer: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {rule["id"]: rule for rule in answer["rules"]}


# -- check ------------------------------------------------------------------------------------------------


def test_json_of_check(run: Run, dirty: Path) -> None:
    done = run("check", dirty, "--format", "json")
    assert (done.returncode, done.stderr) == (cli.FOUND, b"")
    answer = json.loads(done.stdout)
    assert list(answer) == ["release", "return", "rules", "indicators"]
    digest = answer["return"].pop("sha256")
    assert len(digest) == 64
    assert answer["return"] == {
        "lea": "333",
        "year": 2025,
        "rules_of": 2025,
        "reference_date": "2025-01-16",
        "serial_no": "001",
        "persons": 2,
        "requests": 1,
        "assessments": 0,
        "plans": 0,
        "placements": 0,
        "needs": 0,
    }
    ids = [rule["id"] for rule in answer["rules"]]
    assert ids == [rule.id for rule in catalogue.rules() if rule.applies_in(2025)]
    rules = rules_of(answer)
    assert rules["P01"] == {
        "id": "P01",
        "severity": "error",
        "status": "found",
        "count": 1,
        "findings": [
            {
                "person": 2,
                "table": "person",
                "line": 15,
                "path": "/Message/Persons/Person[2]",
                "field": "Surname",
                "value": None,
                "detail": None,
            }
        ],
    }
    assert rules["H01"] == {"id": "H01", "severity": "error", "status": "clear", "count": 0, "findings": []}
    assert rules["H08"]["status"] == "not_run"
    assert rules["H08"]["reason"]
    assert rules["H12"]["status"] == "clear"
    figures = {figure["id"]: figure for figure in answer["indicators"]}
    assert len(figures) == 33
    assert figures["requests_received"] == {"id": "requests_received", "numerator": 1, "denominator": 1, "value": 1.0}
    assert figures["caseload"] == {"id": "caseload", "numerator": 0, "denominator": 0, "value": None}


def test_findings_of_the_header_and_the_return_have_no_person(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "header.xml"
    text = HEADER.replace("<DMO>Y</DMO>", "<DMO>?</DMO>").replace("  <Persons>", "  <Header/>\n  <Persons>")
    path.write_text(text + END, encoding="utf-8")
    rules = rules_of(json.loads(run("check", path, "--format", "json").stdout))
    (finding,) = rules["H13"]["findings"]
    assert (finding["person"], finding["table"], finding["line"]) == (None, "header", 3)
    assert finding["path"] == "/Message/Header"
    (finding,) = rules["H02"]["findings"]
    assert (finding["person"], finding["line"], finding["path"]) == (None, None, None)


def test_people_that_are_not_read_are_named_on_stderr(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "beside.xml"
    path.write_text((HEADER + END).replace("</Message>", "<Person/><Person/></Message>"), encoding="utf-8")
    done = run("check", path, "--format", "json")
    assert "2 people in the file were not read: 2 beside Persons (from line " in done.stderr.decode()
    (finding,) = rules_of(json.loads(done.stdout))["H02"]["findings"]
    assert finding["detail"].startswith("2 people not read: 2 beside Persons (from line ")
    assert "not read" in run("indicators", path).stderr.decode()


@pytest.mark.sampled(2)
@pytest.mark.parametrize(
    "arguments", [("check",), ("check", "--format", "json"), ("indicators",), ("check", "--format", "csv")]
)
def test_the_program_answers_as_its_main_function_does(
    run: Run, start: Run, dirty: Path, arguments: tuple[str, ...]
) -> None:
    """The other tests call the function, which saves a start of a second each."""
    here, there = (each(arguments[0], dirty, *arguments[1:]) for each in (run, start))
    assert (here.returncode, here.stdout, here.stderr) == (there.returncode, there.stdout, there.stderr)
    assert here.stdout


def test_the_clock_is_set_by_the_environment(run: Run, clean: Path) -> None:
    done = run("check", clean, "--format", "json", "--rules", "H12", SEN2DASH_NOW="2025-01-20T08:59:59")
    assert rules_of(json.loads(done.stdout))["H12"]["status"] == "found"
    assert run("check", clean, SEN2DASH_NOW="soon").returncode == cli.REFUSED


def test_statuses_of_clean_and_dirty_returns(run: Run, clean: Path, dirty: Path) -> None:
    assert run("check", clean).returncode == cli.OK
    assert run("check", dirty).returncode == cli.FOUND
    assert run("check", dirty, "--rules", "P03,p10").returncode == cli.OK


def test_text_of_check(run: Run, dirty: Path) -> None:
    text = run("check", dirty).stdout.decode("utf-8")
    assert "SEN2 2025, census day 16 January 2025" in text
    assert "333 Sandwell" in text
    assert "2 persons, 1 request, 0 assessments" in text
    assert text.index("could not be run") < text.index("H08") < text.index("Error:") < text.index("P01")
    assert "\x1b" not in text


def test_csv_and_excel(run: Run, dirty: Path, tmp_path: Path) -> None:
    done = run("check", dirty, "--format", "csv")
    assert done.stdout.startswith(b'\xef\xbb\xbf"Rule",')
    rows = list(csv.DictReader(io.StringIO(done.stdout.decode("utf-8-sig"), newline="")))
    assert "P01" in {row["Rule"] for row in rows}
    done = run("check", dirty, "--format", "xlsx", "--out", "found.xlsx")
    assert (done.returncode, done.stdout) == (cli.FOUND, b"")
    book = openpyxl.load_workbook(tmp_path / "found.xlsx")
    assert sum(sheet.max_row - 1 for sheet in book.worksheets[1:] if sheet["A2"].value != "No findings.") == len(rows)
    assert not list(tmp_path.glob("*.part"))


def test_an_earlier_return_and_a_register(run: Run, clean: Path, tmp_path: Path) -> None:
    earlier = tmp_path / "earlier.xml"
    earlier.write_text(
        clean.read_text(encoding="utf-8").replace("2025", "2024").replace("01-16", "01-18"), encoding="utf-8"
    )
    assert (
        run("sample", "made_up.xml", "--persons", 3, "--year", 2025, "--register", "register.csv").returncode == cli.OK
    )
    done = run("check", clean, "--format", "json", "--previous", earlier, "--establishments", "register.csv")
    statuses = {rule["status"] for rule in json.loads(done.stdout)["rules"]}
    assert statuses <= {"clear", "found"}


def test_what_was_read_of_a_register_is_said(run: Run, clean: Path, tmp_path: Path) -> None:
    assert run("sample", "made_up.xml", "--persons", 3, "--register", "edubasealldata20261112.csv").returncode == cli.OK
    register = tmp_path / "edubasealldata20261112.csv"
    with register.open("ab") as file:
        file.write(b"199998,333,Sandwell\r\n")
    arguments = ("check", clean, "--rules", "N12,P01", "--establishments", register)
    said = run(*arguments).stderr.decode()
    assert "edubasealldata20261112.csv: 1" in said
    assert " open, as of 12 November 2026." in said
    assert "1 row could not be read, because there are fewer cells than the heading names: line 1" in said
    # If a return is refused, nothing else is reported.
    clean.write_bytes(b"no xml")
    assert run(*arguments).stderr.count(b"\n") == 1


def test_a_column_of_the_register_that_cannot_be_read(run: Run, clean: Path, tmp_path: Path) -> None:
    assert run("sample", "made_up.xml", "--persons", 3, "--register", "register.csv").returncode == cli.OK
    register = tmp_path / "register.csv"
    register.write_bytes(register.read_bytes().replace(b"31-08-2014", b"in 2014"))
    answer = json.loads(run("check", clean, "--format", "json", "--establishments", register).stdout)
    rules = {rule["id"]: rule for rule in answer["rules"]}
    for rule_id in ("N12", "M07G"):
        assert rules[rule_id]["status"] == "not_run"
        assert rules[rule_id]["reason"].startswith("It needs the register's column CloseDate, which could not be read")
    assert {rules[rule_id]["status"] for rule_id in ("N14", "N23G", "N46G", "N48G")} <= {"clear", "found"}


def test_chosen_rules_alone_are_run(run: Run, dirty: Path) -> None:
    answer = json.loads(run("check", dirty, "--format", "json", "--rules", "P02, p01").stdout)
    assert [rule["id"] for rule in answer["rules"]] == ["P01", "P02"]


# -- refusals ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"no xml",
        b"<Message/>",
        b"<html/>",
        b"<!DOCTYPE a><Message><Persons/></Message>",
        b"PK\x03\x04",
        b"\xff\xfe",
    ],
)
@pytest.mark.parametrize("form", ["text", "json"])
def test_a_refused_file(run: Run, tmp_path: Path, content: bytes, form: str) -> None:
    path = tmp_path / "refused.xml"
    path.write_bytes(content)
    done = run("check", path, "--format", form, "--out", "answer.txt")
    assert done.returncode == cli.REFUSED
    assert done.stdout == b""
    assert done.stderr.count(b"\n") == 1
    assert b"Traceback" not in done.stderr
    assert not (tmp_path / "answer.txt").exists()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["check", "missing.xml"], "missing.xml"),
        (["check", "."], "no CSV file in it"),
        (["check", "clean.xml", "--rules", "P01,Z99"], "Z99"),
        (["check", "clean.xml", "--rules", ","], "names no rule"),
        (["check", "clean.xml", "--out", "nowhere/x.txt"], "folder"),
        (["check", "clean.xml", "--out", "."], "folder"),
        (["check", "clean.xml", "--out", "clean.xml"], "one of the files to read"),
        (["check", "clean.xml", "--out", "/dev/full"], "No space"),
        (["check", "clean.xml", "--previous", "missing.xml"], "missing.xml"),
        (["check", "clean.xml", "--previous", "/dev/null"], "earlier return"),
        (["check", "clean.xml", "--establishments", "clean.xml"], "register"),
        (["check", "clean.xml", "--format", "pdf"], "pdf"),
        (["check"], "RETURN"),
        ([], "COMMAND"),
        (["sample", "x.xml", "--persons", "-1"], "whole number"),
        (["sample", "x.xml", "--defect", "Z99"], "Z99"),
        (["sample", "nowhere/x.xml"], "folder"),
        (["indicators", "missing.xml"], "missing.xml"),
    ],
)
def test_wrong_arguments(run: Run, clean: Path, arguments: list[str], words: str) -> None:
    before = clean.read_bytes()
    done = run(*arguments)
    assert (done.returncode, done.stdout) == (cli.REFUSED, b"")
    assert words in done.stderr.decode()
    assert b"Traceback" not in done.stderr
    assert clean.read_bytes() == before


def test_a_reader_that_goes_away_is_no_fault(clean: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(
        [sys.executable, "-m", "sen2dash", "rules", "--format", "json"],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == cli.OK


def test_a_return_through_a_pipe(clean: Path, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.xml")
    with subprocess.Popen(
        [sys.executable, "-m", "sen2dash", "check", str(tmp_path / "pipe.xml")],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
    ) as process:
        (tmp_path / "pipe.xml").write_bytes(clean.read_bytes())
        assert process.stdout is not None
        assert b"1 person" in process.stdout.read()


# -- errors in the program --------------------------------------------------------------------------------


def test_a_broken_rule(clean: Path, monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    broken = catalogue.rule("P01").model_copy(update={"sql": "select no_such_column from person"})
    chosen = (broken, catalogue.rule("P02"))
    monkeypatch.setattr(catalogue, "rules", lambda: chosen)
    assert cli.main(["check", str(clean), "--format", "json"]) == cli.BROKEN
    rules = rules_of(json.loads(capfdbinary.readouterr().out))
    assert (rules["P01"]["status"], rules["P01"]["count"], rules["P01"]["findings"]) == ("broken", 0, [])
    assert rules["P01"]["reason"]
    assert rules["P02"]["status"] == "clear"
    assert cli.main(["check", str(clean)]) == cli.BROKEN
    text = capfdbinary.readouterr().out.decode()
    assert text.index("Broken") < text.index("Error ")


@pytest.mark.parametrize(
    ("fault", "status", "words"),
    [
        (RuntimeError("Smith, born 2015-03-02"), cli.BROKEN, "RuntimeError"),
        (MemoryError(), cli.BROKEN, "MemoryError"),
        (CatalogueError("Two rules have one id", "x"), cli.BROKEN, "Two rules"),
        (KeyboardInterrupt(), cli.INTERRUPTED, "Stopped"),
    ],
)
def test_a_fault_says_no_value_of_the_return(
    clean: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    fault: BaseException,
    status: int,
    words: str,
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise fault

    monkeypatch.setattr(cli, "build_report", fail)
    assert cli.main(["check", str(clean)]) == status
    out, err = capfd.readouterr()
    assert out == ""
    assert words in err
    assert "Smith" not in err
    assert err.count("\n") == 1


def test_a_broken_figure(clean: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> None:
    known = run_indicators

    def one_broken(store: Any) -> Any:
        first, *others = known(store)
        return (first.model_copy(update={"reason": "no such column"}), *others)

    monkeypatch.setattr(cli, "run_indicators", one_broken)
    assert cli.main(["indicators", str(clean), "--format", "json"]) == cli.BROKEN
    first = json.loads(capfd.readouterr().out)["indicators"][0]
    assert first == {
        "id": "caseload",
        "numerator": None,
        "denominator": None,
        "value": None,
        "reason": "no such column",
    }
    assert cli.main(["indicators", str(clean)]) == cli.BROKEN
    assert "Broken" in capfd.readouterr().out.splitlines()[1]


# -- the other commands -----------------------------------------------------------------------------------


def test_rules(run: Run) -> None:
    facts = json.loads(run("rules", "--format", "json").stdout)["rules"]
    assert [rule["id"] for rule in facts] == [rule.id for rule in catalogue.rules()]
    assert {"severity", "title", "message", "guidance", "module", "table", "fields", "years", "source"} <= set(facts[0])
    text = run("rules").stdout.decode("utf-8")
    assert "Module 1: Person details\n  P01   Error" in text
    assert len([line for line in text.splitlines() if line.startswith("  ")]) == len(facts)


def test_version(run: Run) -> None:
    done = run("--version")
    assert (done.returncode, done.stdout.decode(), done.stderr) == (cli.OK, f"sen2dash {__version__}\n", b"")


def test_indicators(run: Run, clean: Path) -> None:
    figures = json.loads(run("indicators", clean, "--format", "json").stdout)["indicators"]
    assert len(figures) == 33
    text = run("indicators", clean).stdout.decode("utf-8")
    assert len(text.splitlines()) == 36
    assert "0 of         1       0.0%  Requests refused" in text


def test_sample(run: Run, tmp_path: Path) -> None:
    done = run("sample", "one.xml", "--persons", 30, "--year", 2025, "--seed", 4, "--defect", "P07", "--defect", "R09")
    assert (done.returncode, done.stdout) == (cli.OK, b"")
    assert b"2 defects put in: P07, R09." in done.stderr
    found = rules_of(json.loads(run("check", "one.xml", "--format", "json").stdout))
    assert found["P07"]["count"] == 1
    assert found["R09"]["count"] == 1
    run("sample", "two.xml", "--persons", 30, "--year", 2025, "--seed", 4, "--defect", "P07", "--defect", "R09")
    assert (tmp_path / "one.xml").read_bytes() == (tmp_path / "two.xml").read_bytes()
    assert run("sample", "old.xml", "--persons", 30, "--year", 2023).returncode == cli.OK
    answer = json.loads(run("check", "old.xml", "--format", "json").stdout)
    assert answer["return"]["year"] == 2023
    assert {rule["status"] for rule in answer["rules"] if rule["severity"] == "error"} <= {"clear", "not_run"}


# -- interruptions ----------------------------------------------------------------------------------------


def interrupted(folder: Path, seconds: float, *arguments: object) -> tuple[int, str]:
    """Exit status and output of a run that is interrupted after this time."""
    command = [sys.executable, "-m", "sen2dash", *map(str, arguments)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(
        command, cwd=folder, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    ) as run:
        time.sleep(seconds)
        run.send_signal(signal.SIGINT)
        _, err = run.communicate(timeout=60)
    return run.returncode, err.decode()


@pytest.mark.parametrize("seconds", [0.4, 2.5])
def test_ctrl_c_ends_in_one_line_and_leaves_no_file(tmp_path: Path, seconds: float) -> None:
    found = interrupted(tmp_path, seconds, "sample", "out.xml", "--persons", 2_000_000)
    assert found == (cli.INTERRUPTED, "sen2dash: Stopped.\n")
    assert list(tmp_path.iterdir()) == []


def test_an_interruption_that_was_taken_for_a_fault_is_one(
    clean: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    stopped = threading.Event()
    for module in (cli, terminal):
        monkeypatch.setattr(module, "STOPPED", stopped)

    def pieces(*_: object) -> Iterator[bytes]:
        yield b"a"
        with suppress(KeyboardInterrupt):
            cli.interrupt()
        yield b"b"

    monkeypatch.setattr(terminal, "check_answer", pieces)
    out = tmp_path / "out.json"
    assert cli.main(["check", str(clean), "--out", str(out)]) == cli.INTERRUPTED
    assert capfd.readouterr().err == "sen2dash: Stopped.\n"
    assert not out.exists()
    assert not list(tmp_path.glob(".*"))


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full here")
def test_output_that_cannot_be_written_is_refused_in_words(tmp_path: Path, clean: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    for arguments in (["rules"], ["check", str(clean)]):
        with Path("/dev/full").open("wb") as full:
            command = [sys.executable, "-m", "sen2dash", *arguments]
            done = subprocess.run(
                command, cwd=tmp_path, env=environment, stdout=full, stderr=subprocess.PIPE, check=False, timeout=120
            )
        assert done.returncode == cli.REFUSED
        assert done.stderr.decode().count("\n") == 1
        assert "standard output" in done.stderr.decode()


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="no /dev/zero here")
@pytest.mark.parametrize("arguments", [["/dev/zero"], ["clean.xml", "--establishments", "/dev/zero"]])
def test_what_has_no_end_is_read_up_to_the_limit(run: Run, clean: Path, arguments: list[str]) -> None:
    done = run("check", *arguments, SEN2DASH_UPLOAD_LIMIT_MB="3")
    assert done.returncode == cli.REFUSED
    assert b"3 MB" in done.stderr


def test_a_sample_that_fails_leaves_the_file_of_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    def cut(out: Path, *_: object, **__: object) -> None:
        out.write_text("<Message>")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("sen2dash.sample.generate.write_sample", cut)
    out = tmp_path / "out.xml"
    out.write_text("before")
    assert cli.main(["sample", str(out)]) == cli.REFUSED
    assert "No space left" in capfd.readouterr().err
    assert out.read_text() == "before"
    assert [path.name for path in tmp_path.iterdir()] == ["out.xml"]


def test_two_runs_that_write_to_one_name_do_not_meet(tmp_path: Path) -> None:
    out = tmp_path / "out.xml"
    with cli.whole_file(out) as one, cli.whole_file(out) as other:
        assert one != other
        one.write_text("one")
        other.write_text("other")
    assert out.read_text() == "one"
    assert [path.name for path in tmp_path.iterdir()] == ["out.xml"]
