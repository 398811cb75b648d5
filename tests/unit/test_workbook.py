"""The workbook written in pieces, as openpyxl reads it: every value, every sheet, and nothing that executes."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from sen2dash.output import workbook
from sen2dash.output.workbook import Drawing, SheetTable
from tests.hostile import probe

#: Texts that Excel or xlsxwriter could mistake for something else.
TEXTS = (
    "=1+1",
    "http://example.org/",
    "mailto:x@example.org",
    "007",
    "1e5",
    "TRUE",
    "  two  spaces  ",
    "line\nfeed\ttab",
    "a & b < c > d \"e\" 'f'",
    "&amp;",
    "<r><t>x</t></r>",
    "<r>&</r>",
    "]]>",
    "Ωж😀",
)


def made(*tables: SheetTable) -> bytes:
    return b"".join(workbook.pieces({"title": "Title"}, tables))


def one_column(values: Sequence[Any], name: str = "Rows") -> bytes:
    return made(SheetTable(name, [("Value", 10)], [[value] for value in values]))


def read_back(data: bytes) -> list[Any]:
    sheet = openpyxl.load_workbook(io.BytesIO(data)).worksheets[0]
    return [cell for (cell,) in sheet.iter_rows(min_row=2)]


def test_every_kind_of_value() -> None:
    values = ["text", 3, -2.5, True, False, date(2015, 3, 2), 0, 10**12]
    cells = read_back(one_column(values))
    assert [cell.value for cell in cells] == ["text", 3, -2.5, True, False, datetime(2015, 3, 2), 0, 10**12]
    assert cells[5].number_format == "dd/mm/yyyy"
    assert [cell.data_type for cell in cells] == ["s", "n", "n", "b", "b", "d", "n", "n"]


@pytest.mark.parametrize("text", TEXTS)
def test_text_stays_text(text: str) -> None:
    (cell,) = read_back(one_column([text]))
    assert (cell.value, cell.data_type, cell.hyperlink) == (text, "s", None)


@pytest.mark.parametrize("text", TEXTS)
def test_text_of_a_drawn_sheet_stays_text(text: str) -> None:
    def front(drawing: Drawing) -> None:
        drawing.write(drawing.sheet("Front"), 0, [text, "next"])

    data = b"".join(workbook.pieces({}, [SheetTable("Rows", [("Value", 10)], [["next"], [text]])], front))
    book = openpyxl.load_workbook(io.BytesIO(data))
    assert [cell.value for cell in book["Front"][1]] == [text, "next"]
    assert [cell.value for cell in book["Rows"]["A"]] == ["Value", "next", text]


def test_blank_cells_keep_their_place() -> None:
    rows: list[list[str | int | None]] = [[None, "b", None, 4], ["", "b", None, 4], ["a", None, None, None]]
    data = made(SheetTable("Rows", [(name, 5) for name in "ABCD"], rows))
    sheet = openpyxl.load_workbook(io.BytesIO(data))["Rows"]
    found = [list(row) for row in sheet.iter_rows(min_row=2, values_only=True)]
    assert found == [[None, "b", None, 4], [None, "b", None, 4], ["a", None, None, None]]


@settings(max_examples=60, deadline=None, derandomize=True)
@given(st.lists(st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=20), min_size=1, max_size=20))
def test_every_text_comes_back(texts: list[str]) -> None:
    escaped = re.compile(r"_x([0-9A-Fa-f]{4})_")
    cells = [cell.value for cell in read_back(one_column(texts))]
    assert [escaped.sub(lambda match: chr(int(match[1], 16)), str(cell)) for cell in cells] == texts


def test_a_text_that_looks_like_an_escape_is_none() -> None:
    data = one_column(["_x0041_", "\x1f"])
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        xml = file.read("xl/worksheets/sheet1.xml")
    assert b">_x005F_x0041_<" in xml
    assert b">_x001F_<" in xml


def test_a_long_text_is_cut() -> None:
    (cell,) = read_back(one_column(["x" * 40_000]))
    assert cell.value == "x" * (workbook.CELL_CHARACTERS - 1) + "…"


def test_what_a_cell_cannot_hold_is_a_fault_of_ours() -> None:
    for value in (b"x", float("nan"), datetime(2025, 1, 1)):
        with pytest.raises(TypeError):
            one_column([value])


def test_a_sheet_that_is_full_goes_on_in_another(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook, "SHEET_ROWS", 2)
    rows = SheetTable("Rows", [("n", 5), ("text", 5)], [(n, "x") for n in range(5)])
    data = made(rows, SheetTable("None", [("n", 5)], [], "No findings."))
    book = openpyxl.load_workbook(io.BytesIO(data))
    assert book.sheetnames == ["Rows", "Rows (2)", "Rows (3)", "None"]
    assert [sheet["A2"].value for sheet in book.worksheets] == [0, 2, 4, "No findings."]
    assert [sheet.auto_filter.ref for sheet in book.worksheets] == ["A1:B3", "A1:B3", "A1:B2", "A1:A2"]
    assert [sheet["A1"].value for sheet in book.worksheets] == ["n"] * 4
    assert {sheet.freeze_panes for sheet in book.worksheets} == {"A2"}
    assert [sheet.sheet_view.tabSelected for sheet in book.worksheets] == [True, None, None, None]


def test_a_sheet_of_too_many_characters_goes_on_in_another(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook, "PIECE", 1)
    monkeypatch.setattr(workbook, "SHEET_CHARACTERS", 1_000)
    book = openpyxl.load_workbook(io.BytesIO(one_column(["x" * 600] * 5)))
    assert book.sheetnames == ["Rows", "Rows (2)", "Rows (3)"]
    assert sum(sheet.max_row - 1 for sheet in book.worksheets) == 5


def test_a_full_sheet_is_not_followed_by_an_empty_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook, "SHEET_ROWS", 2)
    assert openpyxl.load_workbook(io.BytesIO(one_column([1, 2]))).sheetnames == ["Rows"]


def test_every_part_is_well_formed_and_there_once() -> None:
    data = made(SheetTable("A", [("n", 5)], [["<&>"]]), SheetTable("B", [("n", 5)], []))
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        assert file.testzip() is None
        names = file.namelist()
        assert len(names) == len(set(names))
        assert [name.partition("/")[0] for name in names[:3]] == ["_rels", "docProps", "xl"]
        for name in names:
            etree.fromstring(file.read(name))
        listed = etree.fromstring(file.read("[Content_Types].xml")).xpath("//@PartName")
        assert {str(name).lstrip("/") for name in listed} == {
            name for name in names if name.startswith(("xl/", "docProps/")) and not name.endswith(".rels")
        }
        assert not re.search(rb"/tmp|/home|/root|\\\\Users", b"".join(file.read(name) for name in names))


def test_rows_are_written_as_they_come() -> None:
    """The first pieces are written before the last row is requested, and no file is opened."""
    asked = []

    def rows() -> Any:
        for n in range(20_000):
            asked.append(n)
            yield [n, "x" * 100]

    with probe.watched() as touched:
        waiting = workbook.pieces({}, [SheetTable("Rows", [("n", 5), ("text", 5)], rows())])
        sizes = [(len(piece), len(asked)) for piece in waiting]
    assert [event for event in touched if event[0] != "open" or "/xlsxwriter/" not in event[1]] == []
    assert sizes[1][1] < 10_000 < sizes[-1][1]
