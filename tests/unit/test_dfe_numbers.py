"""A list of the DfE's rule numbers: what is read, what is skipped, and where the numbers appear."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sen2dash import cli
from sen2dash.checks import catalogue, dfe_numbers, findings, record, rulebook
from sen2dash.checks.report import Report, build_report
from sen2dash.config import Settings
from sen2dash.errors import BadNumbers, UserError
from sen2dash.output import answers, export
from sen2dash.sample.generate import sample_bytes

RULES = catalogue.rules()
SETTINGS = Settings(now=datetime(2025, 2, 1, 12, 0))
DATA = sample_bytes(persons=30, seed=7, rule_ids=("P15",), year=2025)


@pytest.fixture
def report() -> Iterator[Report]:
    made = build_report(DATA, SETTINGS, only=[catalogue.rule("P15"), catalogue.rule("P01")])
    yield made
    made.close()


@pytest.mark.parametrize(
    "data",
    [
        b"P15,2030\r\nR09,2101Q\r\n",
        "\ufeffRule,DfE rule,What it looks for\nP15,2030,UPN\nR09,2101Q,Dates\nP01,,not known\n".encode(),
        b"Our id;DfE\np15; 2030 \n\nR09;2101Q",
        "Règle\tDfE\nP15\t2030\nr09\t2101Q".encode("cp1252"),
        b"P15,2030\nP15,2030\nR09,2101Q",
        b"P15,2030\rR09,2101Q\r",
        b"sep=;\r\nRule;DfE\r\n\r\nP15;2030.0\r\nR09;2101Q;;;\r\n;;;;\r\n",
        "Rule\tDfE\r\nP15\t2030\r\nR09\t2101Q\r\n".encode("utf-16"),
        b'"P15","2030","A, ""B""\n and C"\n"R09","=""2101Q"""\n',
        b"P15|2030\0\nR09|2101Q",
    ],
    ids=[
        "bare",
        "template",
        "semicolons and spaces",
        "tabs in Windows-1252",
        "the same twice",
        "CR alone",
        "sep, blank lines, 2030.0",
        "UTF-16",
        "quotation marks",
        "zero bytes",
    ],
)
def test_a_list_is_read(data: bytes) -> None:
    numbers = dfe_numbers.read_numbers(data, RULES)
    assert dict(numbers.by_rule) == {"P15": "2030", "R09": "2101Q"}
    assert numbers.faults == ()


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ("X99,1", "Line 2: there is no rule 'X99'."),
        (",1", "Line 2: there is no rule ''."),
        ("P15,=cmd()", "Line 2: '=CMD()' is not"),
        ("P15," + "9" * 31, "Line 2: '" + "9" * 30 + "…' is not"),
        ("R09,2", "Line 2: R09 already has the number 2101."),
        ('P15,"2030', "Line 2: a quotation mark in it is out of place."),
        ('P15,"20"30', "Line 2: a quotation mark in it is out of place."),
        ("2030,P15", "Line 2: there is no rule '2030'."),
        (",,something else", "Line 2: there is no rule ''."),
    ],
)
def test_a_bad_row_is_named_and_the_others_are_used(row: str, says: str) -> None:
    numbers = dfe_numbers.read_numbers(f"R09,2101\n{row}\nP01,7\n".encode(), RULES)
    assert dict(numbers.by_rule) == {"R09": "2101", "P01": "7"}
    assert len(numbers.faults) == 1
    assert numbers.faults[0].lower().startswith(says.lower())


def test_lines_are_those_of_the_file() -> None:
    numbers = dfe_numbers.read_numbers(b'Rule,DfE\n\nP15,2030,"a\nb"\n,,\nX99,1\n', RULES)
    assert numbers.faults == ("Line 6: there is no rule 'X99'.",)


@pytest.mark.parametrize(("first", "rule_id"), [("PI5,2030", "PI5"), ("PIS,2030", "PIS"), ("Rule 1,DfE", "RULE 1")])
def test_a_first_row_with_digits_is_no_heading(first: str, rule_id: str) -> None:
    numbers = dfe_numbers.read_numbers(f"{first}\nR09,2101\n".encode(), RULES)
    assert numbers.faults == (f"Line 1: there is no rule '{rule_id}'.",)


def test_rows_without_a_number_are_counted() -> None:
    numbers = dfe_numbers.read_numbers(b"P15,2030,UPN\nP01,,Name\nR09, ,Dates\n", RULES)
    assert (numbers.n_without, numbers.faults) == (2, ())
    assert numbers.messages() == ("2 rows have no number.",)


@settings(max_examples=300, deadline=None)
@given(
    st.lists(
        st.one_of(
            st.binary(max_size=20), st.sampled_from([b"\n", b"\r", b'"', b",", b";", b"\0", b"P15", b"1", b"\xff\xfe"])
        ),
        max_size=30,
    ).map(b"".join)
)
def test_no_bytes_end_in_anything_but_numbers_or_an_error_for_people(data: bytes) -> None:
    try:
        numbers = dfe_numbers.read_numbers(data, RULES)
    except UserError as error:
        assert error.hint
    else:
        assert numbers.by_rule


def test_many_bad_rows_are_counted() -> None:
    rows = ["P15,2030", *(f"X{n:02},1" for n in range(30))]
    named = dfe_numbers.read_numbers("\n".join(rows).encode(), RULES).faults_named()
    assert named[-1] == "and 10 more"
    assert len(named) == 21


@pytest.mark.parametrize("data", [b"", b"hello", b"<Message/>", b"P15\nR09\n", b"\x00\xff\xfe", b"X99,1"])
def test_a_list_without_a_number_is_refused(data: bytes) -> None:
    with pytest.raises(BadNumbers) as refused:
        dfe_numbers.read_numbers(data, RULES)
    assert "P15,2030" in refused.value.hint


def test_the_template_can_be_filled_in_and_read() -> None:
    rows = dfe_numbers.template(RULES)
    assert [row[0] for row in rows] == [rule.id for rule in RULES]
    for row in rows:
        row[1] = "1"
    numbers = dfe_numbers.read_numbers(export.rows_to_csv(dfe_numbers.HEADINGS, rows), RULES)
    assert len(numbers.by_rule) == len(RULES)


def test_numbers_reach_everything_that_names_a_rule(report: Report) -> None:
    dfe_numbers.apply(report, {"P15": "2030"})
    found = report.outcome("P15")
    assert found.rule.label == "P15 (DfE 2030)"
    assert findings.matching(report.outcomes, text="2030") == [found]
    person = report.findings_table(["P15"]).to_pylist()[0]["person_id"]
    shown = record.read_record(report, person)
    assert shown is not None
    assert {r.dfe for s in shown.sections for v in s.values for r in v.remarks if r.rule_id == "P15"} == {"2030"}
    assert b',"2030",' in export.findings_csv(report)
    assert "P15 (DfE 2030)" in b"".join(answers.report_text(report)).decode()
    assert '"dfe": "2030"' in b"".join(answers.report_json(report)).decode()
    assert "DfE rule: 2030" in b"".join(rulebook.pieces([found.rule])).decode()


def test_numbers_are_replaced_and_taken_away(report: Report) -> None:
    dfe_numbers.apply(report, {"P15": "2030"})
    dfe_numbers.apply(report, {"P01": "7"})
    assert (report.outcome("P15").rule.dfe, report.outcome("P01").rule.dfe) == (None, "7")
    dfe_numbers.apply(report, {})
    assert report.outcome("P01").rule.label == "P01"


def test_a_number_of_the_front_matter_stands_until_a_list_replaces_it(monkeypatch: pytest.MonkeyPatch) -> None:
    own = catalogue.rule("P15").model_copy(update={"dfe": "1"})
    monkeypatch.setattr(catalogue, "rules", lambda: (own,))
    (replaced,) = dfe_numbers.numbered([own], {"P15": "2"})
    assert replaced.dfe == "2"
    assert dfe_numbers.numbered([replaced], {})[0].dfe == "1"


def test_the_command_line_takes_a_list(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "return.xml").write_bytes(DATA)
    (tmp_path / "numbers.csv").write_text("P15,2030\nX99,1\n")
    arguments = [
        "check",
        str(tmp_path / "return.xml"),
        "--rules",
        "P15",
        "--dfe-numbers",
        str(tmp_path / "numbers.csv"),
    ]
    assert cli.main(arguments) == cli.FOUND
    out, err = capfd.readouterr()
    assert "P15 (DfE 2030)" in out
    assert "numbers.csv: Line 2: there is no rule 'X99'." in err
    (tmp_path / "numbers.csv").write_text("nothing")
    assert cli.main(arguments) == cli.REFUSED
    assert "No number could be taken" in capfd.readouterr().err
