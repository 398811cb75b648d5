"""`linked` on the command line, and the made-up files of `sample`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from sen2dash import cli
from sen2dash.sample.linked import linked_files
from tests.linked.making import Census, person, sen2

KINDS = ("census", "attainment", "inspections")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A made-up return with its register and its linked files."""
    folder = tmp_path_factory.mktemp("made")
    arguments = ["sample", str(folder / "return.xml"), "--persons", "400", "--seed", "5", "--year", "2025"]
    arguments += ["--register", str(folder / "register.csv"), "--linked", str(folder)]
    assert cli.main(arguments) == cli.OK
    return folder


def options(folder: Path, *kinds: str) -> list[str]:
    return [part for kind in kinds for part in (f"--{kind}", str(folder / kind))]


def test_made_up_files_show_everything(made: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    arguments = ["linked", str(made / "return.xml"), "--establishments", str(made / "register.csv"), "--format", "json"]
    assert cli.main([*arguments, *options(made, *KINDS)]) == cli.OK
    out, err = capfdbinary.readouterr()
    found = json.loads(out)
    assert found["return"]["persons"] == len(found["persons"]) == 400
    census = found["census"]
    assert set(census["match"]) == {"exact", "near_sex", "near_dob", "near_upn", "near_uln", "near_name", "none"}
    assert census["rows"] == census["exact"] + census["near"] + census["repeated"] + census["dropped"]
    assert min(census[name] for name in ("superseded", "schools_elsewhere", "repeated", "dropped")) >= 1
    assert census["bad_values"] == census["other_codes"] == {}
    assert census["orphans"] == 0
    assert sum(census["match"].values()) == 400
    assert {"near", "to_look_into"} <= set(census["unmatched"])
    assert [(each["year"], each["periods"]) for each in found["absence"]] == [
        ("2023/24", ["summer"]),
        ("2024/25", ["autumn", "spring"]),
    ]
    assert all(each["persistent"] and each["reasons"] for each in found["absence"])
    (year,) = found["exclusions"]
    assert year["suspensions"] and year["repeated"] and year["sessions_differ"] and year["permanent"]
    assert all(each["matched"] for each in found["attainment"]["stages"])
    assert all(sum(each[name] for each in found["attainment"]["stages"]) for name in ("unmatched", "not_held"))
    inspections = found["inspections"]
    assert inspections["base"] == sum(inspections["children"].values())
    assert {"oeif_2", "oeif_none", "iss_met", "rc_expected", "no_inspection"} <= set(inspections["children"])
    assert {each["kind"] for each in inspections["files"]} == {"schools", "independent", "fe_reports", "fe_providers"}
    assert b"register.csv: 122 establishments" in err
    assert b"Traceback" not in err


def test_text_has_counts_alone(made: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["linked", str(made / "return.xml"), *options(made, *KINDS)]) == cli.OK
    out, _ = capfd.readouterr()
    for words in ("School census:", "persistently absent", "Suspensions and exclusions in 2024/25", "Key stage 2:"):
        assert words in out
    assert "Inspection outcomes:" in out
    assert not any(line.startswith("A333") for line in out.split())


def test_the_same_seed_makes_the_same_files(made: Path) -> None:
    for name, text in linked_files(400, 5, 2025).items():
        assert (made / name).read_text(encoding="utf-8") == text.replace("\r\n", "\n")
    assert linked_files(40, 5, 2025) != linked_files(40, 6, 2025)


@pytest.mark.parametrize("year", [2023, 2024, 2027])
def test_files_of_every_layout_can_be_read(year: int, tmp_path: Path) -> None:
    folder = str(tmp_path)
    assert cli.main(["sample", f"{folder}/r.xml", "--persons", "60", "--year", str(year), "--linked", folder]) == cli.OK
    out = tmp_path / "answer.json"
    arguments = ["linked", f"{folder}/r.xml", *options(tmp_path, *KINDS), "--format", "json", "--out", str(out)]
    assert cli.main(arguments) == cli.OK
    assert json.loads(out.read_text())["census"]["match"]["exact"] > 20


def test_a_refusal_is_one_message_and_nothing_else(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "r.xml").write_bytes(sen2(person()))
    for name, text in (("odd.csv", "a,b\n"), ("x_pupilonroll.csv", "upn\n")):
        (tmp_path / name).write_text(text)
        for kind in KINDS:
            assert cli.main(["linked", str(tmp_path / "r.xml"), f"--{kind}", str(tmp_path / name)]) == cli.REFUSED
            out, err = capfd.readouterr()
            assert out == ""
            assert len(err.splitlines()) == 1
            assert name in err
    assert cli.main(["linked", str(tmp_path / "gone.xml")]) == cli.REFUSED
    assert cli.main(["linked", str(tmp_path / "r.xml"), "--census", str(tmp_path / "gone")]) == cli.REFUSED
    assert "gone" in capfd.readouterr().err


def test_an_option_takes_several_paths_and_may_be_given_again(tmp_path: Path) -> None:
    (tmp_path / "r.xml").write_bytes(sen2(person()))
    paths = []
    for place in range(3):
        census = Census()
        census.pupil(census.school(estab=f"100{place}"))
        paths.append(str(census.write(tmp_path / f"c{place}")))
    out = tmp_path / "answer.json"
    arguments = ["linked", str(tmp_path / "r.xml"), "--census", *paths[:2], "--census", paths[2]]
    assert cli.main([*arguments, "--format", "json", "--out", str(out)]) == cli.OK
    assert json.loads(out.read_text())["census"]["returns"] == 3


def test_the_answer_never_replaces_a_file_that_is_read(tmp_path: Path) -> None:
    (tmp_path / "r.xml").write_bytes(sen2(person()))
    census = Census()
    path = census.write(tmp_path / "c") / "Export_pupilonroll.csv"
    arguments = ["linked", str(tmp_path / "r.xml"), "--census", str(path), "--out", str(path)]
    assert cli.main(arguments) == cli.REFUSED


def test_text_and_messages_say_what_only_later_figures_know(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "r.xml").write_bytes(sen2(person()))
    census = Census()
    for term, sessions in (("SUM", 4), ("AUT", 6)):
        row = census.pupil(census.school(term), language="QQQ")
        census.add("termlyexclusionsonroll", row, category="SUSP", startdate="2024-02-05", sessions=sessions)
    folder = census.write(tmp_path / "c")
    assert cli.main(["linked", str(tmp_path / "r.xml"), "--census", str(folder)]) == cli.OK
    out, err = capfd.readouterr()
    assert "  1 suspension of 1 child\n" in out
    assert "Suspensions and exclusions in 2023/24: 1 child in a census\n" in out
    for line in (
        "Not in the list of languages: QQQ (2).",
        "Suspensions and exclusions in 2023/24 whose sessions differ between rows, of which the latest counts: 1.",
    ):
        assert f"  {line}\n" in out and f"sen2dash: {line}\n" in err
