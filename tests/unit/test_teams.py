"""Lists of teams: read from what officers keep them in, matched with the people of a return, and never half read."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sen2dash.checks import teams
from sen2dash.errors import BadTeams
from sen2dash.reading import spreadsheet
from sen2dash.reading.teams import MAX_TEAMS, TeamLine, TeamList, read_teams
from sen2dash.store.database import Store
from tests import casebook

HEADING = ["UPN", "ULN", "Surname", "Forename", "DOB", "Team", "Case worker"]
ROW = ["A123456789012", "1234567890", "O’Shea", "Zoë", "03/05/2012", "North", "Ms A"]
LINE = TeamLine(2, "A123456789012", "1234567890", "O’Shea", "Zoë", date(2012, 5, 3), False, "North", "Ms A")


def written(rows: list[list[str]], separator: str = ",", end: str = "\r\n") -> str:
    file = io.StringIO(newline="")
    csv.writer(file, delimiter=separator, lineterminator=end).writerows(rows)
    return file.getvalue()


def workbook(rows: list[list[Any]], more: list[list[Any]] | None = None) -> bytes:
    book = openpyxl.Workbook()
    if more is not None:
        assert book.active is not None
        book.active.title = "Read me"
        book.active.append(["These are our teams"])
    sheet = book.create_sheet("Cases") if more is not None else book.active
    assert sheet is not None
    for row in rows:
        sheet.append(row)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


# -- reading ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["cp1252", "utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("end", ["\r\n", "\n", "\r"])
def test_a_csv_is_read_however_it_was_saved(encoding: str, separator: str, end: str) -> None:
    assert read_teams(written([HEADING, ROW], separator, end).encode(encoding)).lines == (LINE,)


@pytest.mark.parametrize(
    "heading",
    [
        ["U.P.N.", "Unique learner number", "Last name", "First name", "Date of Birth", "SEN team", "SEN Officer"],
        ["upn", "uln", "SURNAME", "forename(s)", "D.O.B", "Team name", "Case-worker"],
        ["Unique Pupil Number", "ULN", "Family name", "Given name", "Birth date", "Locality", "EHCP coordinator"],
    ],
)
def test_headings_are_recognised_tolerantly(heading: list[str]) -> None:
    rows = [["Teams in March"], [], ["sep", *heading, "Other"], ["x", *ROW, "y"]]
    (line,) = read_teams(written(rows).encode()).lines
    assert line == LINE._replace(line=4)
    (line,) = read_teams(workbook(rows)).lines
    assert line == LINE._replace(line=4)


def test_a_workbook_keeps_numbers_and_dates() -> None:
    rows: list[list[Any]] = [
        HEADING,
        ["A123456789012", 1234567890, "O’Shea", "Zoë", date(2012, 5, 3), "North", "Ms A"],
        [],
    ]
    found = read_teams(workbook(rows, more=[]))
    assert found.lines == (LINE,)
    assert found.notes == ("Only the sheet 'Cases' was read, of 2.",)


def open_document() -> bytes:
    cells = [f'<table:table-cell office:value-type="string"><text:p>{text}</text:p></table:table-cell>' for text in ROW]
    cells[1] = '<table:table-cell office:value-type="float" office:value="1234567890"/>'
    cells[4] = '<table:table-cell office:value-type="date" office:date-value="2012-05-03"/>'
    heading = [f'<table:table-cell office:value-type="string"><text:p>{t}</text:p></table:table-cell>' for t in HEADING]
    rows = "".join(f"<table:table-row>{''.join(row)}</table:table-row>" for row in (heading, cells))
    spaces = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "table", "text")
    )
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as packed:
        packed.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        packed.writestr("META-INF/manifest.xml", "<manifest/>")
        packed.writestr(
            "content.xml",
            f"<office:document-content {spaces}><office:body><office:spreadsheet>"
            f'<table:table table:name="Cases">{rows}</table:table>'
            "</office:spreadsheet></office:body></office:document-content>",
        )
    return file.getvalue()


def test_other_kinds_of_workbook_are_read() -> None:
    assert read_teams(open_document()).lines == (LINE,)
    # A file, because nothing here can write Excel's old format.
    assert read_teams((Path(__file__).parent / "teams" / "teams.xls").read_bytes()).lines == (LINE,)


def test_what_stands_for_no_number_is_none() -> None:
    rows = [HEADING, ["", "9999999999", "Lee", "Jo", "", "North", ""], [" a12 3 ", "'12", "", "", "x", "", "B"]]
    first, second = read_teams(written(rows).encode()).lines
    assert (first.uln, first.birth_date, first.is_bad_date) == ("", None, False)
    assert (second.upn, second.uln, second.is_bad_date) == ("A123", "12", True)


def test_lines_that_cannot_be_read_are_kept_with_their_numbers() -> None:
    text = written([HEADING, ROW]) + 'A1,,"broken"x,,,North,\r\nA2,North\r\n' + ",".join([*ROW, "1", "2"])
    found = read_teams(text.encode())
    assert len(found.lines) == 1
    assert sorted(line for lines in found.broken.values() for line in lines) == [3, 4, 5]


def test_a_column_that_is_there_twice_is_said() -> None:
    found = read_teams(written([["UPN", "Team", "Officer", "Case worker"], ["A1", "", "Ms A", "Mr B"]]).encode())
    assert found.lines[0].case_worker == "Ms A"
    assert not found.has_teams
    assert found.notes == ("More than one column is a Case worker: only 'Officer' was used.",)


def far_away() -> bytes:
    """A workbook of a few kilobytes whose last cell is the last that Excel has."""
    book = openpyxl.Workbook()
    assert book.active is not None
    book.active["A1"], book.active["XFD1048576"] = "UPN", "x"
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def bomb(size: int) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/workbook.xml", b" " * size)
    return file.getvalue()


REFUSED = {
    "empty": b" \r\n",
    "no heading": b"1,2,3\r\n4,5,6\r\n",
    "not who": b"Team,Surname\r\nNorth,Lee\r\n",
    "no team": b"UPN,Surname\r\nA1,Lee\r\n",
    "blank teams": b"UPN,Team\r\nA1,\r\n",
    "nothing below": b"UPN,Team\r\n",
    "a return": b"<?xml version='1.0'?><Message><Header/></Message>",
    "a PDF": b"%PDF-1.7 " + b"UPN,Team\r\nA1,North\r\n",
    "zero bytes": b"\0" * 5000,
    "not a workbook": b"PK\x03\x04" + b"x" * 500,
    "half a workbook": workbook([HEADING, ROW])[:-300],
    "a zip of something else": bomb(10),
    "unpacks to much": bomb(spreadsheet.LIST.unpacked + 1),
    "a cell far away": far_away(),
    "an old workbook cut short": spreadsheet.OLE + b"x" * 2000,
    "a heading in each row": workbook([["Team"], ["UPN"]]),
    "too many teams": written([["UPN", "Team"], *([str(n), f"T{n}"] for n in range(MAX_TEAMS + 1))]).encode(),
}


@pytest.mark.parametrize("kind", REFUSED)
def test_other_files_are_refused_with_a_hint(kind: str) -> None:
    with pytest.raises(BadTeams) as caught:
        read_teams(REFUSED[kind])
    assert caught.value.message
    assert "UPN" in caught.value.hint


def test_the_process_that_reads_a_workbook_has_limits_and_leaves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spreadsheet, "SECONDS", 0.001)
    with pytest.raises(BadTeams, match="too long"):
        read_teams(workbook([HEADING, ROW]))


def test_too_many_cells_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    limits = replace(spreadsheet.LIST, cells=3)
    assert list(spreadsheet._answer(workbook([["a", "b"], ["c", "d"]]), limits)) == ["large"]


@settings(deadline=None, max_examples=60)
@given(
    rows=st.lists(st.lists(st.text(max_size=12), min_size=1, max_size=8), min_size=1, max_size=6),
    encoding=st.sampled_from(["utf-8", "utf-16", "cp1252"]),
    separator=st.sampled_from(",;\t|"),
)
def test_any_rows_are_read_or_refused(rows: list[list[str]], encoding: str, separator: str) -> None:
    data = written([HEADING, *rows, ROW], separator).encode(encoding, "replace")
    try:
        found = read_teams(data)
    except BadTeams:
        return
    assert LINE.upn in {line.upn for line in found.lines} or any(found.broken.values())


@settings(deadline=None, max_examples=40)
@given(cut=st.integers(0, 400), junk=st.binary(max_size=40))
def test_any_bytes_are_read_or_refused(cut: int, junk: bytes) -> None:
    data = written([HEADING, *[ROW] * 5]).encode("cp1252")
    try:
        assert isinstance(read_teams(data[:cut] + junk + data[cut:]), TeamList)
    except BadTeams as error:
        assert error.hint


# -- matching ---------------------------------------------------------------------------------------------

PEOPLE = """surname | forename | person_birth_date | upn | unique_learner_number
O'Shea | Zoe | 2012-05-03 | A1 | 1111111111
Lee | Jo | 2013-01-01 | A2 | 9999999999
Lee | Jo | 2013-01-01 | A3 |
Twin | Al | 2014-02-02 | A4 |
Twin | Al | 2014-02-02 | A4 |
Alone | Ann | 2015-03-03 | |"""


@pytest.fixture
def store() -> Iterator[Store]:
    made = casebook.make_store({"given": {"person": PEOPLE}})
    yield made
    made.close()


def used(store: Store, rows: list[list[str]]) -> teams.Teams:
    found = teams.use(store, read_teams(written([HEADING, *rows]).encode()))
    assert found is not None
    return found


def teams_of(store: Store) -> dict[int, tuple[str | None, str | None]]:
    rows = store.rows("select * from person_team order by person_id")
    return {row["person_id"]: (row["team"], row["case_worker"]) for row in rows}


def test_people_are_found_by_upn_then_uln_then_names_and_birth_date(store: Store) -> None:
    found = used(
        store,
        [
            ["a1", "", "", "", "", "North", "Ms A"],
            ["A2", "1111111111", "", "", "", "north ", ""],
            ["X9", "", "ALONE", "Ánn", "03/03/2015", "South", ""],
        ],
    )
    assert teams_of(store) == {1: ("North", "Ms A"), 2: ("North", None), 6: ("South", None)}
    assert (found.names, found.label) == (("North", "South"), "Team")
    assert (found.n_lines, found.n_matched, found.n_people, found.n_without) == (3, 3, 6, 3)
    assert not found.faults


def test_lines_that_cannot_be_used_are_named_with_the_reason(store: Store) -> None:
    found = used(
        store,
        [
            ["X1", "", "", "", "", "North", ""],
            ["A4", "", "", "", "", "North", ""],
            ["", "", "Lee", "Jo", "01/01/2013", "North", ""],
            ["", "", "Alone", "Ann", "31/02/2015", "North", ""],
            ["A1", "", "", "", "", "", ""],
            ["A2", "", "", "", "", "North", "Ms A"],
            ["A2", "", "", "", "", "South", "Ms A"],
            ["A2", "", "", "", "", "NORTH", "ms a"],
            ["", "", "Alone", "", "", "North", ""],
        ],
    )
    assert found.faults == {
        teams.UNKNOWN: (2,),
        teams.SEVERAL: (3, 4),
        teams.BAD_DATE: (5,),
        teams.NO_TEAM: (6,),
        teams.OTHER_TEAM: (8,),
        teams.NO_KEY: (10,),
    }
    assert teams_of(store) == {2: ("North", "Ms A")}
    assert (found.n_lines, found.n_matched, found.n_without) == (9, 4, 5)
    assert "Lines 3, 4: two or more people in the return fit." in found.faults_in_words()


def test_a_list_of_case_workers_alone_groups_by_case_worker(store: Store) -> None:
    found = used(store, [["A1", "", "", "", "", "", "Ms B"], ["A2", "", "", "", "", "", "Ms A"]])
    assert (found.names, found.label, found.has_teams) == (("Ms A", "Ms B"), "Case worker", False)
    assert store.value("select work_group from person_team where person_id = 1") == "Ms B"


def test_another_list_replaces_the_first_and_none_removes_it(store: Store) -> None:
    used(store, [["A1", "", "", "", "", "North", ""]])
    used(store, [["A2", "", "", "", "", "South", ""]])
    assert teams_of(store) == {2: ("South", None)}
    assert teams.use(store, None) is None
    assert teams_of(store) == {}


def test_many_lines_are_named_up_to_a_number() -> None:
    assert teams._fault("no", range(1, 31)).endswith("19, 20 and 10 more: no.")
