"""Exports: harmless in a spreadsheet, complete, and without names if requested."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sen2dash.checks import marks, masking
from sen2dash.checks.report import Report, build_report
from sen2dash.config import Settings
from sen2dash.model import MODULES, Collection
from sen2dash.output import export
from sen2dash.sample.generate import make_return
from sen2dash.sample.tree import render
from tests.casebook import NOW

TRIGGERS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
FORMULA = "=cmd|'/C calc'!A0"


def parsed(data: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))


@pytest.fixture(scope="module")
def report() -> Iterator[Report]:
    made = make_return(40, seed=2, year=2025)
    first, second, third, *_ = made.persons
    first.items |= {"Surname": FORMULA, "Forename": "Zoë, X", "Sex": "-1+1", "PersonBirthDate": "2031-05-09"}
    second.items["Surname"] = "X"
    second.items["Sex"] = "Q"
    third.items["UPN"] = " @SUM(1)"
    third.raw.append("<Nickname>Bobby</Nickname>")
    data = "".join(render(made.year, made.header, made.persons)).encode()
    made_report = build_report(data, Settings(now=NOW))
    yield made_report
    made_report.close()


# -- CSV --------------------------------------------------------------------------------------------------


def test_bytes_of_a_csv() -> None:
    data = export.rows_to_csv(["a", "b"], [("Zoë", 'x,"y"'), (None, "two\nlines")])
    assert data == '\ufeff"a","b"\r\n"Zoë","x,""y"""\r\n"","two\nlines"\r\n'.encode()


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        (None, ""),
        (-3, "-3"),
        (1.5, "1.5"),
        (True, "TRUE"),
        (date(2025, 1, 16), "2025-01-16"),
        (datetime(2025, 1, 16, 9, 30), "2025-01-16 09:30:00"),
        ("-3", "'-3"),
        ("=1+1", "'=1+1"),
        ("  =1+1", "'  =1+1"),
        ("\u200b=1", "'\u200b=1"),
        *((f"{sign}=1", f"'{sign}=1") for sign in "\u200e\u00ad\u202e\u180e\u2063\u2028\u0085\U000e0020"),
        ("\u200e\u00ad '\u2063@x", "'\u200e\u00ad '\u2063@x"),
        ("\u200ea=1", "\u200ea=1"),
        ("＝1", "'＝1"),
        ("'=1", "''=1"),
        ("O'Neil", "O'Neil"),
        ("a=b", "a=b"),
        ("", ""),
    ],
)
def test_cells(value: Any, cell: str) -> None:
    assert parsed(export.rows_to_csv(["a", "b"], [(value, "x")]))[1] == [cell, "x"]


@settings(max_examples=200, deadline=None, derandomize=True)
@given(
    st.lists(
        st.lists(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")), min_size=2, max_size=2)
    )
)
def test_no_cell_is_a_formula_and_every_text_comes_back(rows: list[list[str]]) -> None:
    found = parsed(export.rows_to_csv(["a", "b"], rows))[1:]
    assert not [cell for row in found for cell in row if cell.lstrip(" ").startswith(TRIGGERS)]
    back = [
        [
            cell[1:] if cell.startswith("'") and export.IGNORED.sub("", cell, count=1).startswith(TRIGGERS) else cell
            for cell in row
        ]
        for row in found
    ]
    assert back == rows


def test_pieces_of_a_long_csv_are_the_whole() -> None:
    rows = [(n, "x") for n in range(export.ROWS_A_PIECE * 2 + 1)]
    pieces = list(export.csv_pieces(["n", "x"], rows))
    assert len(pieces) == 3
    assert [row[0] for row in parsed(b"".join(pieces))[1:]] == [str(n) for n, _ in rows]


# -- findings ---------------------------------------------------------------------------------------------


def test_one_row_per_finding(report: Report) -> None:
    head, *rows = parsed(export.findings_csv(report))
    assert head == [*export.headings(report), export.MADE_WITH]
    assert head[:4] == ["Rule", "DfE rule", "Severity", "Title"]
    assert head[4:9] == ["Surname", "Forename", "Date of birth", "UPN", "ULN"]
    assert head[9:14] == ["Item", "Value", "Detail", "Message", "How to correct it"]
    assert head[-5:] == ["Table", "XML name", "Line", "Path", "Made with"]
    assert len(rows) == sum(outcome.count for outcome in report.outcomes)
    (found,) = [
        dict(zip(head, row, strict=True)) for row in rows if row[0] == "P07" and row[head.index("Person number")] == "1"
    ]
    assert found["Severity"] == "Error"
    assert found["Module"] == "Module 1: Person details"
    assert (found["Surname"], found["Forename"]) == (f"'{FORMULA}", "Zoë, X")
    assert (found["Table"], found["XML name"], found["Value"]) == ("person", "Sex", "'-1+1")
    assert (found["Item"], found["How to correct it"]) == ("Sex", report.outcome("P07").rule.guidance)
    assert found["Path"] == "/Message/Persons/Person[1]"
    assert int(found["Line"]) > 1
    assert not [cell for row in rows for cell in row if cell.lstrip(" ").startswith(TRIGGERS)]


def test_only_the_rules_asked_for(report: Report) -> None:
    assert {row[0] for row in parsed(export.findings_csv(report, ["P07"]))[1:]} == {"P07"}
    assert parsed(export.findings_csv(report, [])) == [[*export.headings(report), export.MADE_WITH]]


def test_marks_have_a_column_if_one_is_set(report: Report) -> None:
    assert "Mark" not in export.headings(report)
    found = report.findings_table(["P07"])
    before = marks.set_marks(report, found.slice(0, 1), "right")
    try:
        head, *rows = parsed(export.findings_csv(report))
        assert head.index("Mark") == head.index("Detail") + 1
        marked = [(row[0], row[head.index("Mark")]) for row in rows if row[head.index("Mark")]]
        assert marked == [("P07", "Checked and right")]
        book = openpyxl.load_workbook(io.BytesIO(export.findings_xlsx(report, ["P07"], with_names=False)))
        cells = [[cell.value for cell in row] for row in book[export.sheet_name("person")].iter_rows()]
        assert cells[1][cells[0].index("Mark")] == "Checked and right"
    finally:
        marks.put_back(report, before)


def test_fetching_some_rules_at_a_time_gives_the_same(report: Report, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = export.findings_csv(report)
    monkeypatch.setattr(export, "FETCH_SIZE", 2)
    assert export.findings_csv(report) == whole


@pytest.mark.parametrize("most", [1, 2, 1_000])
def test_a_rule_in_parts_is_the_rule(report: Report, most: int) -> None:
    without = next(outcome for outcome in report.outcomes if not outcome.count)
    for outcome in [without, *(outcome for outcome in report.outcomes if outcome.count)]:
        parts = list(report.findings_in_parts(outcome.rule.id, most))
        assert all(0 < len(part) <= most for part in parts)
        found = [row for part in parts for row in part.to_pylist()]
        assert found == report.findings_table([outcome.rule.id]).to_pylist()
    assert max(outcome.count for outcome in report.outcomes) > 2


def test_without_names(report: Report) -> None:
    data = export.findings_csv(report, with_names=False)
    head, *rows = parsed(data)
    assert {"Surname", "Forename", "Date of birth"} & set(head) == set()
    assert {"UPN", "ULN", "Line", "Path"} <= set(head)
    assert len(rows) == sum(outcome.count for outcome in report.outcomes)
    text = data.decode("utf-8")
    for secret in (FORMULA, "Zoë", "2031-05-09", "09/05/2031", "Bobby"):
        assert secret in export.findings_csv(report).decode("utf-8") or secret == "09/05/2031"
        assert secret not in text
    values = {row[0]: dict(zip(head, row, strict=True)) for row in rows}
    assert values["P03"]["Value"] == values["P05"]["Value"] == values["H17"]["Value"] == masking.HIDDEN
    assert values["P07"]["Value"] != masking.HIDDEN


# -- Excel ------------------------------------------------------------------------------------------------


def test_the_workbook(report: Report) -> None:
    book = openpyxl.load_workbook(io.BytesIO(export.findings_xlsx(report)))
    assert book.sheetnames == ["Summary", *(export.sheet_name(module) for module in MODULES)]
    people = book["Person details"]
    assert people.freeze_panes == "A2"
    assert people.auto_filter.ref is not None
    assert people["A1"].font.bold
    n_rows = sum(sheet.max_row - 1 for sheet in book.worksheets[1:] if sheet["A2"].value != "No findings.")
    assert n_rows == sum(outcome.count for outcome in report.outcomes)
    formula = [cell for row in people.iter_rows() for cell in row if cell.value == FORMULA]
    assert formula
    assert {cell.data_type for cell in formula} == {"s"}
    assert not [cell for sheet in book.worksheets for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]
    born = [row[export.headings(report).index("Date of birth")] for row in people.iter_rows(min_row=2)]
    assert {cell.number_format for cell in born if isinstance(cell.value, datetime)} == {"dd/mm/yyyy"}
    assert datetime(2031, 5, 9) in {cell.value for cell in born}
    uln = people.cell(2, export.headings(report).index("ULN") + 1)
    assert uln.value is None or uln.data_type == "s"


def test_the_summary_names_what_was_not_run_first(report: Report) -> None:
    book = openpyxl.load_workbook(io.BytesIO(export.findings_xlsx(report)))
    rows = [[cell.value for cell in row] for row in book["Summary"].iter_rows()]
    labels = [row[0] for row in rows]
    assert labels[0] == report.collection.label
    assert labels.index("Rules that could not be run") < labels.index("Header") < labels.index("Findings")
    assert [row[1] for row in rows if row[0] == "Skipped"] == [o.rule.id for o in export.could_not_run(report.outcomes)]
    table = rows[labels.index("Severity") + 1 :]
    assert [row[1] for row in table] == [outcome.rule.id for outcome in report.outcomes]
    assert [row[3] for row in table if row[1] == "P07"] == [2]


def test_a_workbook_without_names(report: Report) -> None:
    book = openpyxl.load_workbook(io.BytesIO(export.findings_xlsx(report, with_names=False)))
    texts = {str(cell.value) for sheet in book.worksheets for row in sheet.iter_rows() for cell in row}
    assert not [text for text in texts if FORMULA in text or "Zoë" in text or "2031-05-09" in text]


# -- file names -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lea", "what", "name"),
    [
        ("333", "errors", "sen2_333_2025_errors.csv"),
        ("333", "All findings!", "sen2_333_2025_all_findings.csv"),
        (None, "errors", "sen2_2025_errors.csv"),
        ("../../x", "errors", "sen2_2025_errors.csv"),
    ],
)
def test_file_names(lea: str | None, what: str, name: str) -> None:
    day = date(2025, 1, 16)
    collection = Collection(
        year=2025, rules_of=2025, census_date=day, year_start=day, year_end=day, august_31=day, lea=lea
    )
    assert export.file_name(collection, what, "csv") == name
