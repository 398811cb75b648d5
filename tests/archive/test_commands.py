"""The command `archive`: a nightly job keeps a return, and an officer finds it again."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from sen2dash import RELEASE, cli
from sen2dash.archive import keys, sealing
from sen2dash.archive.summary import Summary
from sen2dash.checks import catalogue
from sen2dash.checks.report import Report
from sen2dash.commands import archive as commands
from sen2dash.commands import archive_opening
from sen2dash.errors import BadArguments
from sen2dash.output.kept_form import as_kept
from sen2dash.reading.other import bundle
from sen2dash.reading.other.bundle import Bundle
from sen2dash.sample.generate import sample_bytes
from tests.other import writing
from tests.other.making import sample

Run = Callable[..., tuple[int, str, str]]
LISTED = (
    *("id", "authority", "year", "serial_no", "label", "kind", "loaded_at", "persons", "sha256"),
    *("retain_until", "release", "damaged"),
)


def set_up(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    """Name an archive in a folder, with a cheap key, few rules and few indicators. Nobody is at a terminal."""
    monkeypatch.setenv("SEN2DASH_NOW", "2025-02-01T12:00:00")
    monkeypatch.setenv("SEN2DASH_ARCHIVE", f"sqlite:///{folder}/returns.db")
    monkeypatch.setenv("SEN2DASH_ARCHIVE_PASSPHRASE", "correct horse battery")
    chosen = tuple(rule for rule in catalogue.rules() if rule.id.startswith("P0"))
    monkeypatch.setattr(catalogue, "rules", lambda: chosen)
    few = tuple(each for each in catalogue.indicators() if each.id in ("caseload", "plans_within_20_weeks"))
    monkeypatch.setattr(catalogue, "indicators", lambda: few)
    monkeypatch.setattr(sealing, "derive", lambda text, salt, cost: hashlib.sha256(text.encode() + salt).digest())
    monkeypatch.setattr("sys.stdin.isatty", lambda: False, raising=False)


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Run:
    """Run a command with an archive of its own."""
    set_up(monkeypatch, tmp_path)

    def call(*arguments: object) -> tuple[int, str, str]:
        capfd.readouterr()
        status = cli.main([str(each) for each in arguments])
        said = capfd.readouterr()
        return status, said.out, said.err

    return call


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Two returns of one authority."""
    folder = tmp_path_factory.mktemp("returns")
    found = []
    for seed in (1, 2):
        path = folder / f"return{seed}.xml"
        path.write_bytes(sample_bytes(6, seed=seed, year=2025, defects=seed - 1))
        found.append(path)
    return found[0], found[1]


@pytest.fixture(scope="module")
def filled(files: tuple[Path, Path], tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The file of an archive in which the first return was kept."""
    folder = tmp_path_factory.mktemp("filled")
    with pytest.MonkeyPatch.context() as monkeypatch:
        set_up(monkeypatch, folder)
        assert cli.main(["archive", "keep", str(files[0])]) == cli.OK
    return (folder / "returns.db").read_bytes()


@pytest.fixture
def ident(run: Run, filled: bytes, tmp_path: Path) -> str:
    """The id of the first return, which is kept already."""
    (tmp_path / "returns.db").write_bytes(filled)
    with sqlite3.connect(tmp_path / "returns.db") as connection:
        return str(connection.execute("select id from archive_return").fetchone()[0])


def test_a_kept_return_is_listed_checked_compared_and_deleted(run: Run, files: tuple[Path, Path]) -> None:
    first, second = files
    status, out, err = run("archive", "keep", first, "--label", "January", "--retain-until", "2026-01-31")
    assert err.splitlines()[-1] == "sen2dash: It is kept until 31 January 2026."
    assert (status, err.startswith("sen2dash: A new archive was made.")) == (cli.OK, True)
    ident = out.strip()
    assert run("archive", "keep", first) == (
        cli.OK,
        f"{ident}\n",
        "sen2dash: This return has already been kept. It is kept until 31 January 2026.\n",
    )
    other = run("archive", "keep", second, "--kind", "submission")[1].strip()

    status, out, err = run("archive", "list", "--format", "json")
    assert (status, err) == (cli.OK, "")
    one, two = json.loads(out)
    assert tuple(one) == LISTED
    answer = run("check", first, "--format", "json")
    checked = json.loads(answer[1])
    assert one == {
        "id": ident,
        "authority": "333",
        "year": 2025,
        "serial_no": "001",
        "label": "January",
        "kind": "mock",
        "loaded_at": "2025-02-01T12:00:00Z",
        "persons": 6,
        "sha256": checked["return"]["sha256"],
        "retain_until": "2026-01-31",
        "release": f"sen2dash {checked['release']}",
        "damaged": False,
    }
    assert (two["id"], two["kind"], two["label"], two["retain_until"]) == (other, "submission", "", "2028-01-16")
    text = run("archive", "list")[1]
    assert f"{ident}  333  2025 001, January, mock, 6 persons" in text
    assert "until 31 January 2026" in text

    assert run("archive", "check", ident, "--format", "json") == answer
    status, out, err = run("archive", "compare", ident, other[:8], "--format", "json")
    compared = json.loads(out)
    assert (status, err) == (cli.OK, "")
    assert compared["before"] == checked["return"]
    assert compared["after"]["sha256"] == two["sha256"]
    assert compared["persons"]["both"] + compared["persons"]["gone"] == 6

    assert run("archive", "label", ident, "--label", "First mock", "--kind", "other_system") == (cli.OK, "", "")
    assert json.loads(run("archive", "list", "--format", "json")[1])[0]["label"] == "First mock"

    status, out, _ = run("archive", "trend", "--format", "json")
    shown = json.loads(out)
    assert status == cli.OK
    assert [point["id"] for point in shown["points"]] == [ident, other]
    assert [point["hollow"] for point in shown["points"]] == [True, False]
    caseload = next(each for each in shown["indicators"] if each["id"] == "caseload")
    figure = next(each for each in checked["indicators"] if each["id"] == "caseload")
    assert caseload["values"][0]["numerator"] == figure["numerator"]
    assert shown["stale"] == []
    assert "Made with sen2dash" in run("archive", "trend")[1]

    assert run("archive", "delete", ident) == (cli.OK, "", "")
    assert [each["id"] for each in json.loads(run("archive", "list", "--format", "json")[1])] == [other]
    assert run("archive", "erase")[0] == cli.OK
    assert run("archive", "list")[0] == cli.REFUSED


def test_the_audit_is_written_and_verified(run: Run, ident: str, tmp_path: Path) -> None:
    out = tmp_path / "audit.json"
    assert run("archive", "audit", "--out", out) == (cli.OK, "", "")
    exported = json.loads(out.read_text("utf-8"))
    entries = {chain["chain"]: chain["entries"] for chain in exported["chains"]}
    assert [each["action"] for each in entries["333"]] == ["keep"]
    assert entries["333"][0]["return_id"] == ident
    assert [each["action"] for each in entries[""]] == ["open_archive", "open_archive", "export"]
    assert all(each["who"] == archive_opening.account() for chain in entries.values() for each in chain)
    status, said, _ = run("archive", "verify", "--head", out)
    assert status == cli.OK
    assert said.splitlines()[1].startswith("Authority 333: unbroken, 1 entries, head ")
    with sqlite3.connect(tmp_path / "returns.db") as connection:
        connection.execute("update archive_audit set time = 'x' where authority = '333'")
    status, said, _ = run("archive", "verify")
    assert (status, said.splitlines()[1]) == (commands.NOT_VERIFIED, "Authority 333: broken at entry 1: it was changed")
    with sqlite3.connect(tmp_path / "returns.db") as connection:
        connection.execute("delete from archive_audit where authority = '333'")
    status, said, _ = run("archive", "verify", "--head", out)
    assert (status, said.splitlines()[-1]) == (commands.NOT_VERIFIED, "Authority 333: the end was cut off")


@pytest.mark.usefixtures("ident")
def test_a_chain_can_be_checked_without_the_key(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SEN2DASH_ARCHIVE_PASSPHRASE")
    status, said, err = run("archive", "verify")
    assert (status, said.count("unbroken")) == (cli.OK, 2)
    assert "without the key" in err


def test_ended_returns_are_announced_and_then_deleted(run: Run, ident: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert run("archive", "label", ident, "--retain-until", "2025-03-01")[0] == cli.OK
    monkeypatch.setenv("SEN2DASH_NOW", "2025-03-15T12:00:00")
    _, out, err = run("archive", "list")
    assert "ended on 1 March 2025, and will be deleted from 16 March 2025" in out
    assert err.startswith(f"sen2dash: The return {ident} ended on 1 March 2025, and will be deleted from 16 March")
    monkeypatch.setenv("SEN2DASH_NOW", "2025-03-16T12:00:00")
    assert run("archive", "list") == (
        cli.OK,
        "Nothing is kept.\n",
        f"sen2dash: The return {ident} was deleted: it ended on 1 March 2025.\n",
    )


def test_what_is_exported_is_recorded_before_it_is_written(
    run: Run, ident: str, files: tuple[Path, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = run("archive", "keep", files[1])[1].strip()
    assert run("archive", "compare", ident, other, "--format", "csv")[0] == cli.OK

    def fail(*_: object) -> int:
        raise BadArguments("The answer cannot be written", "The disk is full.")

    monkeypatch.setattr(commands, "write_check", fail)
    assert run("archive", "check", other, "--format", "json")[0] == cli.REFUSED
    run("archive", "audit", "--out", tmp_path / "audit.json")
    chains = json.loads((tmp_path / "audit.json").read_text("utf-8"))["chains"]
    comparison, check = (
        each for chain in chains for each in chain["entries"] if each["action"] == "export" and each["what"] != "audit"
    )
    first, second = (hashlib.sha256(path.read_bytes()).hexdigest() for path in files)
    assert (comparison["what"], comparison["return_id"], comparison["digest"]) == ("comparison.csv", ident, first)
    assert (comparison["other_id"], comparison["other_digest"]) == (other, second)
    assert comparison["rows"] > 0
    assert (check["what"], check["return_id"], check["digest"]) == ("findings.json", other, second)
    assert check["rows"] == sum(
        outcome["count"] for outcome in json.loads(run("check", files[1], "--format", "json")[1])["rules"]
    )


def test_who_is_the_account_and_not_what_the_environment_says(monkeypatch: pytest.MonkeyPatch) -> None:
    before = archive_opening.account()
    for name in ("LOGNAME", "USER", "LNAME", "USERNAME"):
        monkeypatch.setenv(name, "forged")
    assert archive_opening.account() == before != "forged"


def test_keep_says_if_a_rule_could_not_be_run(
    run: Run, files: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Summary, "broken", lambda _: ("P01",))
    assert run("archive", "keep", files[0])[0] == cli.BROKEN


def test_a_refused_return_or_passphrase_makes_no_archive(
    run: Run, files: tuple[Path, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    status, out, err = run("archive", "keep", files[0], "--retain-until", "2024-01-01")
    assert (status, out, "not between tomorrow" in err) == (cli.REFUSED, "", True)
    monkeypatch.setenv("SEN2DASH_NOW", "2029-02-01T12:00:00")
    status, out, err = run("archive", "keep", files[0])
    assert (status, out, "Add --retain-until and a date." in err) == (cli.REFUSED, "", True)
    monkeypatch.setenv("SEN2DASH_ARCHIVE_PASSPHRASE", "short")
    assert run("archive", "keep", files[0], "--retain-until", "2030-01-01")[0] == cli.REFUSED
    monkeypatch.setenv("SEN2DASH_ARCHIVE_PASSPHRASE", "")
    status, out, err = run("archive", "keep", files[0])
    assert (status, "There is no terminal to ask for the passphrase." in err) == (cli.REFUSED, True)
    assert list(tmp_path.iterdir()) == []


def test_an_ended_return_is_not_deleted_by_the_command_that_prolongs_it(
    run: Run, ident: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    run("archive", "label", ident, "--retain-until", "2025-03-01")
    monkeypatch.setenv("SEN2DASH_NOW", "2025-04-01T12:00:00")
    assert run("archive", "verify")[0] == cli.OK
    assert run("archive", "label", ident, "--retain-until", "2026-03-01")[0] == cli.OK
    assert "until 1 March 2026" in run("archive", "list")[1]


@pytest.mark.usefixtures("ident")
def test_an_authority_of_which_nothing_is_kept_is_refused(run: Run) -> None:
    for command in ("trend", "erase"):
        status, out, err = run("archive", command, "--authority", "999")
        assert (status, out, "The archive has nothing for this authority." in err) == (cli.REFUSED, "", True)
    assert run("archive", "verify")[0] == cli.OK


@pytest.mark.usefixtures("ident")
def test_a_key_file_that_every_account_can_read_is_pointed_out(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = tmp_path / "key"
    key.write_bytes(b"k" * 32)
    monkeypatch.setattr(keys, "is_open_to_all", lambda path: path == key)
    monkeypatch.setenv("SEN2DASH_ARCHIVE_KEY_FILE", str(key))
    assert "Every account of this computer can read the key file" in run("archive", "list")[2]


def test_a_fault_of_the_program_is_said_in_words_that_fit_the_command(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_: object) -> None:
        raise RuntimeError("secret")

    monkeypatch.setitem(commands.RUN, "list", fail)
    status, _, err = run("archive", "list")
    assert (status, err) == (
        cli.BROKEN,
        "sen2dash: Something went wrong in sen2dash (RuntimeError). The command was not completed.\n",
    )


def test_a_damaged_return_is_listed_with_its_id(run: Run, ident: str, tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "returns.db") as connection:
        connection.execute("update archive_return set manifest = zeroblob(80)")
    (one,) = json.loads(run("archive", "list", "--format", "json")[1])
    assert (one["id"], one["damaged"], one["year"]) == (ident, True, None)
    assert tuple(one) == LISTED
    assert f"{ident}  333  damaged" in run("archive", "list")[1]
    status, out, err = run("archive", "check", ident)
    assert (status, out, err.count("\n")) == (cli.REFUSED, "", 1)
    assert "damaged" in err


def test_summaries_are_made_anew(run: Run, ident: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert run("archive", "recompute")[2] == f"sen2dash: 0 summaries made with {RELEASE}.\n"
    monkeypatch.setenv("SEN2DASH_TWENTY_WEEKS_DAYS", "139")
    assert json.loads(run("archive", "trend", "--format", "json")[1])["stale"] == [ident]
    assert "To update them, run archive recompute:" in run("archive", "trend")[1]
    assert run("archive", "recompute")[2].startswith("sen2dash: 1 summary made")
    assert json.loads(run("archive", "trend", "--format", "json")[1])["stale"] == []
    assert run("archive", "recompute", ident)[2].startswith("sen2dash: 1 summary made")


@pytest.mark.usefixtures("ident")
def test_the_key_is_changed_to_a_key_file(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    key = tmp_path / "key"
    key.write_bytes(b"k" * 32)
    assert run("archive", "change-key", "--new-key-file", key)[0] == cli.OK
    status, out, err = run("archive", "list")
    assert (status, out) == (cli.REFUSED, "")
    assert "The key is wrong, or the key record of the archive is damaged." in err
    monkeypatch.setenv("SEN2DASH_ARCHIVE_KEY_FILE", str(key))
    assert run("archive", "list")[0] == cli.OK


def test_what_is_refused_is_refused_in_one_sentence(
    run: Run, filled: bytes, files: tuple[Path, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = tmp_path / "broken.xml"
    broken.write_text("<Message>")
    assert run("archive", "keep", broken)[0] == cli.REFUSED
    assert not (tmp_path / "returns.db").exists(), "a refused file makes no archive"
    refused: tuple[tuple[str, ...], ...] = (("list",), ("check", "0" * 32), ("audit",), ("verify",), ("erase",))
    for arguments in refused:
        status, out, err = run("archive", *arguments)
        assert (status, out, err.count("\n")) == (cli.REFUSED, "", 1)
        assert "There is no archive yet" in err
    (tmp_path / "returns.db").write_bytes(filled)
    refused = (("check", "0" * 32), ("compare", "0" * 32, "1" * 32), ("delete", "x"), ("label", "0" * 32))
    for arguments in refused:
        status, out, err = run("archive", *arguments)
        assert (status, out, err.count("\n")) == (cli.REFUSED, "", 1)
        assert "There is no such return" in err
    assert run("archive", "prepare", "role", "333")[0] == cli.REFUSED
    monkeypatch.delenv("SEN2DASH_ARCHIVE_PASSPHRASE")
    status, _, err = run("archive", "list")
    assert (status, "SEN2DASH_ARCHIVE_KEY_FILE" in err) == (cli.REFUSED, True)
    monkeypatch.delenv("SEN2DASH_ARCHIVE")
    status, _, err = run("archive", "keep", files[0])
    assert (status, "There is no archive" in err) == (cli.REFUSED, True)


def test_a_passphrase_is_asked_for_at_a_terminal(
    run: Run, files: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SEN2DASH_ARCHIVE_PASSPHRASE")
    monkeypatch.setattr("sys.stdin.isatty", lambda: True)
    typed: list[str] = []
    monkeypatch.setattr("getpass.getpass", lambda words: typed.pop(0))
    typed[:] = ["correct horse battery", "correct horse batterz"]
    status, _, err = run("archive", "keep", files[0])
    assert (status, "The two passphrases differ" in err) == (cli.REFUSED, True)
    typed[:] = ["correct horse battery", "correct horse battery"]
    status, out, err = run("archive", "keep", files[0])
    ident = out.strip()
    assert err.startswith("sen2dash: Choose a passphrase for the archive. Nobody can recover")
    typed[:] = ["correct horse battery"]
    assert ident in run("archive", "list")[1]
    for answer, status in (("no\n", cli.REFUSED), ("yes\n", cli.OK)):
        typed[:] = ["correct horse battery"]
        monkeypatch.setattr("sys.stdin.readline", lambda answer=answer: answer)
        assert run("archive", "delete", ident)[0] == status
    assert typed == []
    # To verify, nothing need be typed.
    for text, is_without in (("", True), ("correct horse battery", False)):
        typed[:] = [text]
        status, _, err = run("archive", "verify")
        assert (status, "without the key" in err) == (cli.OK, is_without)

    def end_input(_: str) -> str:
        raise EOFError

    monkeypatch.setattr("getpass.getpass", end_input)
    status, _, err = run("archive", "list")
    assert (status, "There is no passphrase." in err) == (cli.REFUSED, True)


@pytest.mark.parametrize(
    "arguments",
    [
        ("keep", "x.xml", "--retain-until", "31/01/2026"),
        ("keep", "x.xml", "--kind", "final"),
        ("check",),
        ("trend", "--years", "4"),
        ("trend", "--authority", "33"),
        ("erase", "--authority", ""),
        ("prepare", "role", "333", "33x"),
        ("unknown",),
        (),
    ],
)
def test_wrong_arguments_are_refused(run: Run, arguments: tuple[str, ...]) -> None:
    with pytest.raises(SystemExit) as ended:
        run("archive", *arguments)
    assert ended.value.code == cli.REFUSED


def test_returns_of_several_authorities_need_a_choice() -> None:
    from datetime import date

    from sen2dash.archive.kept import KeptReturn
    from sen2dash.errors import BadArchive

    found = [KeptReturn(lea, lea, date(2026, 1, 1), None, None, True) for lea in ("301", "333")]
    with pytest.raises(BadArchive, match="returns of 301, 333"):
        commands.of_authority(found, None)
    assert commands.of_authority(found, "301") == found[:1]
    assert commands.of_authority(found[1:], None) == found[1:]


def test_the_real_cost_of_the_key_is_that_of_the_document() -> None:
    assert sealing.COST == (17, 8, 1)


def test_a_return_in_another_form_is_kept_as_the_xml_made_from_it(run: Run, tmp_path: Path) -> None:
    book = tmp_path / "modules.xlsx"
    book.write_bytes(writing.modules_bytes(sample(4)))
    said = ("--lea", "333", "--year", "2025", "--reference-date", "2025-01-16")
    status, out, err = run("archive", "keep", book, *said)
    assert status == cli.OK, err
    assert "What is kept is the SEN2 XML made from a workbook with a sheet for each module." in err
    (facts,) = json.loads(run("archive", "list", "--format", "json")[1])
    assert facts["sha256"] == hashlib.sha256(book.read_bytes()).hexdigest()
    assert "made from a workbook with a sheet for each module" in run("archive", "list")[1]
    checked = json.loads(run("archive", "check", out.strip(), "--format", "json")[1])
    assert checked["input"]["form"] == "modules"
    assert checked["return"]["sha256"] == facts["sha256"]
    assert run("archive", "keep", book, *said)[2].count("already been kept") == 1


def test_xml_that_is_made_larger_than_an_upload_may_be_is_kept_and_checked(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def make_large(report: Report) -> bytes:
        found = bundle.opened(as_kept(report) or b"")
        assert found.made_from is not None
        xml = found.files[0][1] + b"\n" * 1_000_000
        about = found.made_from.model_copy(update={"xml_sha256": hashlib.sha256(xml).hexdigest()})
        return Bundle(((found.files[0][0], xml),), made_from=about).packed()

    monkeypatch.setattr(commands, "as_kept", make_large)
    monkeypatch.setenv("SEN2DASH_UPLOAD_LIMIT_MB", "1")
    book = tmp_path / "modules.xlsx"
    book.write_bytes(writing.modules_bytes(sample(2)))
    said = ("--lea", "333", "--year", "2025", "--reference-date", "2025-01-16")
    status, out, err = run("archive", "keep", book, *said)
    assert status == cli.OK, err
    assert run("archive", "check", out.strip())[0] == cli.OK
