"""The establishment register: a GIAS download becomes a table, anything else says what to do."""

from __future__ import annotations

import csv
import io
from datetime import date

import pytest

from sen2dash.errors import BadRegister
from sen2dash.register import OPTIONAL, REQUIRED, read_register
from sen2dash.sample.establishments import make_register
from sen2dash.store import ESTABLISHMENT_COLUMNS

ROW = {
    "URN": "103000",
    "LA (code)": "333",
    "LA (name)": "Sandwell",
    "EstablishmentName": "École “Été”, the",
    "TypeOfEstablishment (code)": "02",
    "TypeOfEstablishment (name)": "Voluntary aided school",
    "EstablishmentTypeGroup (code)": "4",
    "EstablishmentStatus (name)": "Open",
    "OpenDate": "01-09-2012",
    "CloseDate": "",
    "PhaseOfEducation (name)": "Primary",
    "UKPRN": "10012345",
    "Head title": "=1+1",
}


def written(rows: list[dict[str, str]], encoding: str = "cp1252", end: str = "\r\n") -> bytes:
    file = io.StringIO(newline="")
    writer = csv.DictWriter(file, list(rows[0]), lineterminator=end)
    writer.writeheader()
    writer.writerows(rows)
    return file.getvalue().encode(encoding)


@pytest.mark.parametrize("encoding", ["cp1252", "utf-8", "utf-8-sig"])
@pytest.mark.parametrize("end", ["\r\n", "\n"])
def test_a_download_is_read(encoding: str, end: str) -> None:
    register = read_register(written([ROW, {**ROW, "URN": " 103001 ", "CloseDate": "31-08-2019"}], encoding, end))
    assert tuple(register.column_names) == ESTABLISHMENT_COLUMNS
    first, second = register.to_pylist()
    assert first == {
        "urn": "103000",
        "ukprn": "10012345",
        "name": "École “Été”, the",
        "la_code": "333",
        "la_name": "Sandwell",
        "type_code": "02",
        "type_name": "Voluntary aided school",
        "type_group_code": "4",
        "phase": "Primary",
        "status": "Open",
        "open_date": date(2012, 9, 1),
        "close_date": None,
        "further_education_type": None,
        "ofsted_rating": None,
    }
    assert (second["urn"], second["close_date"]) == ("103001", date(2019, 8, 31))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("31-08-2019", date(2019, 8, 31)),
        ("31/08/2019", date(2019, 8, 31)),
        ("2019-08-31", date(2019, 8, 31)),
        ("31-02-2019", None),
        ("08-2019", None),
        ("soon", None),
    ],
)
def test_dates(text: str, expected: date | None) -> None:
    register = read_register(written([{**ROW, "CloseDate": text}]))
    assert register["close_date"].to_pylist() == [expected]


def test_a_name_over_two_lines_and_a_row_without_a_urn() -> None:
    register = read_register(written([{**ROW, "EstablishmentName": "A\nB"}, {**ROW, "URN": ""}]))
    assert register["name"].to_pylist() == ["A\nB"]


def test_a_line_with_too_few_cells_is_left_out() -> None:
    register = read_register(written([ROW, {**ROW, "URN": "103001"}]) + b"103002,333\r\n")
    assert register["urn"].to_pylist() == ["103000", "103001"]


@pytest.mark.parametrize("name", list(REQUIRED.values()))
def test_a_missing_column_is_named(name: str) -> None:
    without = {key: value for key, value in ROW.items() if key != name}
    with pytest.raises(BadRegister) as caught:
        read_register(written([without]))
    assert name in caught.value.message
    assert "Downloads" in caught.value.hint


def test_optional_columns_may_be_missing() -> None:
    kept = {key: value for key, value in ROW.items() if key in REQUIRED.values()}
    (row,) = read_register(written([kept])).to_pylist()
    assert {row[column] for column in OPTIONAL} == {None}


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "empty"),
        (b" \r\n", "empty"),
        (b"PK\x03\x04abc", "packed"),
        (b"\x1f\x8babc", "packed"),
        (written([ROW], "utf-16"), "not a CSV"),
        (b"<Message><Persons/></Message>", "not the establishment register"),
        (b"a,b\n1,2\n", "not the establishment register"),
        (written([{**ROW, "URN": ""}]), "empty"),
        (written([ROW]).split(b"\r\n")[0] + b"\r\n", "empty|cannot be read"),
    ],
)
def test_what_is_no_register(data: bytes, words: str) -> None:
    with pytest.raises(BadRegister, match=words) as caught:
        read_register(data)
    assert caught.value.hint


def test_the_made_up_register_is_read() -> None:
    rows = make_register(1)
    register = read_register(written(rows))
    assert register["urn"].to_pylist() == [row["URN"] for row in rows]
