"""Every hostile or odd file has the expected result, uses nothing outside, and is refused in one plain line."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

from sen2dash import cli
from sen2dash.checks.report import build_report
from sen2dash.config import QUERIES
from sen2dash.errors import UserError
from sen2dash.reading import shred
from tests.hostile.files import FILES, File, clean
from tests.hostile.probe import IS_LIMITED, MESSAGE, SETTINGS, sealed, watched

Found = Counter[tuple[object, ...]]
REFUSED = [file for file in FILES if file.refused]
READ = [file for file in FILES if not file.refused]
#: The most characters that fit in a message.
LONGEST = 500


def findings(data: bytes) -> Found:
    """The findings without their lines, which differ between a file and its twin."""
    build_report(MESSAGE, SETTINGS, only=()).close()
    with sealed():
        shred.shred(data, lambda table, batch: None)
    with watched() as touched:
        report = build_report(data, SETTINGS)
        assert report.of_status("broken") == ()
        rows = report.findings_table([outcome.rule.id for outcome in report.outcomes]).to_pylist()
        report.close()
    assert touched == []
    names = ("rule_id", "person_id", "table_name", "row_id", "field", "value")
    return Counter(tuple(row[name] for name in names) for row in rows)


@cache
def findings_of_clean() -> Found:
    return findings(clean())


def test_the_table_is_long_enough_and_names_each_file_once() -> None:
    names = [file.name for file in FILES]
    assert len(set(names)) == len(names)
    assert len(REFUSED) >= 60
    assert len(READ) >= 30
    assert len(findings_of_clean()) >= 3


@pytest.mark.parametrize("file", READ, ids=lambda file: file.name)
def test_a_file_that_is_read_finds_what_its_clean_twin_finds(file: File) -> None:
    twin = findings(file.twin()) if file.twin else findings_of_clean()
    found = findings(file.make())
    assert twin - found == Counter()
    assert Counter(row[0] for row in (found - twin).elements()) == Counter(file.adds)


@pytest.mark.parametrize("file", REFUSED, ids=lambda file: file.name)
def test_a_file_that_is_refused(
    file: File, tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    data = file.make()
    with sealed(), pytest.raises(UserError) as caught:
        shred.shred(data, lambda table, batch: None)
    assert caught.value.title == file.refused
    with watched() as touched, pytest.raises(UserError) as whole:
        build_report(data, SETTINGS)
    if file.other:
        # A workbook is read in a process of its own, and its name is in the message.
        assert whole.value.title == file.other
    else:
        assert touched == []
        assert str(whole.value) == str(caught.value)
    path = tmp_path / "return.xml"
    path.write_bytes(data)
    monkeypatch.chdir(tmp_path)
    assert cli.main(["check", "return.xml"]) == cli.REFUSED
    out, err = capfdbinary.readouterr()
    assert out == b""
    said = err.decode().removesuffix("\n")
    assert said.isprintable()
    assert len(said) < LONGEST
    assert "Söhne" not in said
    assert said == f"sen2dash: {whole.value.one_line()}".replace("the file has", "return.xml has")
    assert [found.name for found in tmp_path.iterdir()] == ["return.xml"]


def test_a_refusal_as_it_is_met_by_hand(tmp_path: Path) -> None:
    for number, name in enumerate(("entity bomb", "root of control characters", "nested a million deep")):
        path = tmp_path / f"{number}.xml"
        path.write_bytes(next(file for file in FILES if file.name == name).make())
        command = [sys.executable, "-m", "sen2dash", "check", str(path)]
        done = subprocess.run(command, cwd=QUERIES.parent, capture_output=True, check=False)
        assert (done.returncode, done.stdout) == (cli.REFUSED, b"")
        assert done.stderr.count(b"\n") == 1
        assert done.stderr.decode().rstrip("\n").isprintable()


def test_the_watch_and_the_seal_notice_what_is_opened() -> None:
    with watched() as touched:
        Path(__file__).read_bytes()
    assert [event for event, _ in touched] == ["open"]
    if IS_LIMITED:
        with sealed(), pytest.raises(OSError, match="Too many open files"):
            Path(__file__).read_bytes()
