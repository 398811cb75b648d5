"""The establishment register: a GIAS download becomes a table, in whatever form it was saved.

Any other file gets a message that says what to do. Nothing is left out or misread without a message.
"""

from __future__ import annotations

import csv
import io
import zipfile
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sen2dash.errors import BadRegister, UserError
from sen2dash.reading import register, side_files, zipped_csv
from sen2dash.reading.register import LABELS, OPTIONAL, REQUIRED, RegisterReading, read_register
from sen2dash.sample.establishments import make_register
from sen2dash.spec.columns import ESTABLISHMENT_COLUMNS

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
    "TypeOfResourcedProvision (name)": "SEN unit",
    "Head title": "=1+1",
}


MORE = [{**ROW, "URN": str(103_001 + n), "UKPRN": str(10_012_346 + n)} for n in range(60)]
ROWS = [ROW, *MORE]


def written(rows: list[dict[str, str]], encoding: str = "cp1252", end: str = "\r\n", **form: Any) -> bytes:
    file = io.StringIO(newline="")
    writer = csv.DictWriter(file, list(rows[0]), lineterminator=end, **form)
    writer.writeheader()
    writer.writerows(rows)
    return file.getvalue().encode(encoding)


def lines_of(rows: list[dict[str, str]]) -> list[bytes]:
    return written(rows).split(b"\r\n")[:-1]


def joined(lines: list[bytes]) -> bytes:
    return b"".join(line + b"\r\n" for line in lines)


def urns(reading: RegisterReading) -> list[str]:
    return [urn for urn in reading.table["urn"].to_pylist() if urn is not None]


def row_of(reading: RegisterReading, urn: str | None) -> dict[str, Any]:
    found: dict[str, Any]
    (found,) = (row for row in reading.table.to_pylist() if row["urn"] == urn)
    return found


@pytest.mark.parametrize("encoding", ["cp1252", "utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("end", ["\r\n", "\n", "\r"])
def test_a_download_is_read(encoding: str, end: str) -> None:
    reading = read_register(written([ROW, {**ROW, "URN": " 103001 ", "CloseDate": "31-08-2019"}], encoding, end))
    assert tuple(reading.table.column_names) == ESTABLISHMENT_COLUMNS
    first, second = reading.table.to_pylist()
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
        "resourced_provision": "SEN unit",
        "inspectorate": None,
        "unread": None,
    }
    assert (second["urn"], second["close_date"]) == ("103001", date(2019, 8, 31))
    assert reading.notes == ()


def test_what_was_read_is_said() -> None:
    states = ["Open", "Open, but proposed to close", "Closed", "Proposed to open"]
    rows = [{**row, "EstablishmentStatus (name)": state} for row, state in zip(ROWS, states, strict=False)]
    reading = read_register(written(rows), "edubasealldata20261112.csv")
    assert reading.summary == "4 establishments, 2 open, as of 12 November 2026"
    assert read_register(written(rows), "register.csv").summary == "4 establishments, 2 open"
    assert read_register(written(rows), "edubasealldata20261399.csv").as_of is None
    assert read_register(written(rows[:1]), "EDUBASEALLDATA20260102 (1).csv").summary == (
        "1 establishment, 1 open, as of 2 January 2026"
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("31-08-2019", date(2019, 8, 31)),
        ("31/08/2019", date(2019, 8, 31)),
        ("31.08.2019", date(2019, 8, 31)),
        ("1/9/2019", date(2019, 9, 1)),
        ("31/08/19", date(2019, 8, 31)),
        ("31/08/39", date(2039, 8, 31)),
        ("31/08/40", date(1940, 8, 31)),
        ("31/08/99", date(1999, 8, 31)),
        ("31/08/2019 00:00", date(2019, 8, 31)),
        ("31/08/2019 00:00:00", date(2019, 8, 31)),
        ("31/08/2019 12:00:00 AM", date(2019, 8, 31)),
        ("2019-08-31", date(2019, 8, 31)),
        ("2019/8/31", date(2019, 8, 31)),
        ("2019-08-31T00:00:00", date(2019, 8, 31)),
        ("2019-08-31T00:00:00.000Z", date(2019, 8, 31)),
        ("20190831", date(2019, 8, 31)),
        ("31-Aug-2019", date(2019, 8, 31)),
        ("31-aug-19", date(2019, 8, 31)),
        ("31 August 2019", date(2019, 8, 31)),
        ("1 Sept 2019", date(2019, 9, 1)),
        ('="31-08-2019"', date(2019, 8, 31)),
        (" 31-08-2019 ", date(2019, 8, 31)),
        ("", None),
        ("  ", None),
    ],
)
@pytest.mark.parametrize("column", ["CloseDate", "OpenDate"])
def test_dates(text: str, expected: date | None, column: str) -> None:
    reading = read_register(written([*ROWS, {**ROW, "URN": "109999", column: text}]))
    row = row_of(reading, "109999")
    assert row["close_date" if column == "CloseDate" else "open_date"] == expected
    assert (row["unread"], reading.notes) == (None, ())


@pytest.mark.parametrize(
    "text", ["31-02-2019", "08-2019", "soon", "08/31/2019", "43708", "31-Foo-2019", "00-00-0000", "0"]
)
def test_a_date_that_cannot_be_read_is_not_a_blank_one(text: str) -> None:
    closed = [{**row, "CloseDate": "31-08-2019"} for row in MORE]
    reading = read_register(written([{**ROW, "CloseDate": text}, *closed]))
    row = row_of(reading, "103000")
    assert (row["close_date"], row["unread"]) == (None, "close_date")
    assert reading.notes == (f"CloseDate could not be read in 1 row: '{text}' in line 2.",)
    assert "close_date" not in reading.faults


def test_many_dates_that_cannot_be_read_make_the_column_useless() -> None:
    rows = [{**row, "CloseDate": "soon" if n < 4 else "31-08-2019"} for n, row in enumerate(ROWS)]
    reading = read_register(written(rows))
    assert reading.faults["close_date"] == "could not be read in 4 of 61 rows"
    assert "The column CloseDate could not be read in 4 of 61 rows: rules that need it are skipped." in reading.notes
    assert "close_date" not in read_register(written([{**rows[0], "CloseDate": ""}, *rows[1:]])).faults


def test_dates_that_are_month_first_are_not_read() -> None:
    dates = ["08/31/2019", "12/20/2020", "07/25/2018", "09/01/2019", "31-Aug-2019"]
    reading = read_register(written([{**row, "CloseDate": day} for row, day in zip(ROWS, dates, strict=False)]))
    assert reading.table["close_date"].to_pylist() == [None] * 4 + [date(2019, 8, 31)]
    assert reading.faults["close_date"] == "could not be read in 4 of 5 rows"


def test_no_close_date_at_all_although_some_are_closed() -> None:
    rows = [{**row, "CloseDate": ""} for row in ROWS]
    assert "close_date" not in read_register(written(rows)).faults
    closed = [{**rows[0], "EstablishmentStatus (name)": "Closed"}, *rows[1:]]
    assert read_register(written(closed)).faults["close_date"] == "is blank in every row"


@pytest.mark.parametrize(
    ("column", "text", "expected"),
    [
        ("URN", "103000.0", "103000"),
        ("URN", '="103000"', "103000"),
        ("UKPRN", "10012345.00", "10012345"),
        ("UKPRN", "'10012345", "10012345"),
        ("TypeOfEstablishment (code)", "2", "2"),
        ("TypeOfEstablishment (code)", "2.0", "2"),
        ("EstablishmentStatus (name)", "OPEN,  but proposed to close", "Open, but proposed to close"),
        ("LA (code)", "333.0", "333"),
    ],
)
def test_what_spreadsheets_make_of_codes_is_read(column: str, text: str, expected: str) -> None:
    reading = read_register(written([{**ROW, column: text}, *MORE]))
    (name,) = (ours for ours, theirs in LABELS.items() if theirs == column)
    assert row_of(reading, "103000")[name] == expected
    assert reading.notes == ()


@pytest.mark.parametrize(
    ("column", "text"),
    [
        ("UKPRN", "1.001E+07"),
        ("UKPRN", "1001234"),
        ("TypeOfEstablishment (code)", "Academy"),
        ("TypeOfEstablishment (code)", ""),
        ("EstablishmentStatus (name)", "Opne"),
        ("EstablishmentStatus (name)", ""),
    ],
)
def test_a_value_that_is_none_of_its_column_is_named(column: str, text: str) -> None:
    reading = read_register(written([{**ROW, column: text}, *MORE]))
    (name,) = (ours for ours, theirs in LABELS.items() if theirs == column)
    row = row_of(reading, "103000")
    assert (row[name], row["unread"]) == (None, name)
    assert reading.notes == (f"{column} could not be read in 1 row: '{text}' in line 2.",)


@pytest.mark.parametrize("text", ["", "1.03E+05", "10300", "103,000", "ABCDEF"])
def test_a_row_that_lost_its_urn_is_kept_as_such(text: str) -> None:
    reading = read_register(written([*MORE, {**ROW, "URN": text}]))
    if text == "10300":
        assert row_of(reading, "10300")["unread"] is None  # children's centres have five digits
        return
    assert row_of(reading, None)["unread"] == "urn"
    assert (reading.n_rows, reading.n_open) == (60, 60)
    assert reading.notes == (f"URN could not be read in 1 row: '{text}' in line 62.",)


def test_a_name_over_two_lines() -> None:
    reading = read_register(written([{**ROW, "EstablishmentName": "A\nB"}, *MORE, {**ROW, "URN": "1o3"}]))
    assert row_of(reading, "103000")["name"] == "A\nB"
    # Counts the lines of the file, not its rows.
    assert reading.notes == ("URN could not be read in 1 row: '1o3' in line 64.",)


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (b"103999,333,Sandwell", "there are fewer cells than the heading names: line 30"),
        (lines_of([{**ROW, "URN": "103999"}])[1] + b",x", "there are more cells than the heading names: line 30"),
        (
            lines_of([{**ROW, "URN": "103999"}])[1].replace(b'the"', b"the"),
            "a quotation mark in it is out of place: line 30",
        ),
    ],
    ids=["too short", "too long", "open quotation mark"],
)
def test_a_broken_row_is_named_and_its_school_is_known(row: bytes, words: str) -> None:
    lines = lines_of(ROWS)
    reading = read_register(joined([*lines[:29], row, *lines[29:]]))
    assert sorted(urns(reading)) == sorted([*(each["URN"] for each in ROWS), "103999"])
    broken = row_of(reading, "103999")
    assert broken["unread"].split() == list(register.READ[1:])
    assert {broken[name] for name in register.READ[1:]} == {None}
    assert reading.n_rows == 61
    assert reading.notes == (f"1 row could not be read, because {words}.",)


def test_a_broken_row_without_a_urn_and_many_broken_ones() -> None:
    lines = lines_of(ROWS)
    reading = read_register(joined([*lines, b"abc,333,Sandwell,x"]))
    assert row_of(reading, None)["unread"].split() == list(register.READ)
    cut_off = read_register(joined(lines) + b"1039")
    assert row_of(cut_off, None)["unread"].split() == list(register.READ)
    many = read_register(joined([*lines, *(b"10%d,333,Sandwell,x" % n for n in range(4000, 4004))]))
    assert many.faults["urn"] == "cannot be relied on, because 4 of 65 rows are broken"
    assert "urn" not in read_register(joined([*lines, *(b"10%d,333,Sandwell,x" % n for n in range(4000, 4003))])).faults


@pytest.mark.parametrize("quoting", [csv.QUOTE_MINIMAL, csv.QUOTE_ALL])
@pytest.mark.parametrize("place", [1, 30, 61])
def test_a_stray_quotation_mark_costs_its_own_row_alone(quoting: Any, place: int) -> None:
    lines = written(ROWS, quoting=quoting).split(b"\r\n")[:-1]
    lines[place] = lines[place].replace(b"Sandwell,", b'"Sandwell,').replace(b'Sandwell",', b"Sandwell,")
    reading = read_register(joined(lines))
    assert sorted(urns(reading)) == sorted(row["URN"] for row in ROWS)
    assert [bool(row["unread"]) for row in reading.table.to_pylist()].count(True) == 1
    assert f"line {place + 1}." in reading.notes[0]


def test_a_file_full_of_stray_quotation_marks_ends() -> None:
    lines = lines_of([{**ROW, "URN": str(100_000 + n)} for n in range(3_000)])
    broken = [lines[0], *(line.replace(b",Sandwell,", b',"Sandwell,') for line in lines[1:])]
    with pytest.raises(BadRegister, match="quotation mark"):
        read_register(joined(broken))


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("quoting", [csv.QUOTE_MINIMAL, csv.QUOTE_ALL])
def test_separators_and_quotation_marks_around_everything(separator: str, quoting: Any) -> None:
    reading = read_register(written(ROWS, delimiter=separator, quoting=quoting))
    assert reading.table.equals(read_register(written(ROWS)).table)
    assert reading.notes == ()


@pytest.mark.parametrize(
    "change",
    [
        lambda lines: [line + b"," for line in lines],
        lambda lines: [lines[0], *(line + b"," for line in lines[1:])],
        lambda lines: [lines[0] + b",,", *lines[1:], b""],
        lambda lines: [b"", b"  ", *(part for line in lines for part in (line, b"", b",,,,"))],
        lambda lines: [b"sep=,", *lines],
        lambda lines: [lines[0].upper(), *lines[1:]],
        lambda lines: [b"\xef\xbb\xbf" + lines[0], *lines[1:]],
    ],
    ids=["commas at the end", "but not of the heading", "of the heading alone", "blank", "sep", "capitals", "mark"],
)
def test_plain_forms_are_read_without_a_word(change: Any) -> None:
    plain = [{**row, "EstablishmentName": "The school"} for row in ROWS]
    reading = read_register(joined(change(lines_of(plain))))
    assert urns(reading) == [row["URN"] for row in ROWS]
    assert reading.notes == ()


def test_a_line_end_is_not_needed_at_the_end() -> None:
    assert read_register(written(ROWS).removesuffix(b"\r\n")).n_rows == len(ROWS)


def test_lines_that_are_no_establishment_are_named() -> None:
    lines = lines_of(ROWS)
    footer = b"Total,,,,,,,,,,,,,"
    reading = read_register(
        joined([b"Extract for the authority", *lines[:20], lines[0], *lines[20:], footer, b"The end"])
    )
    assert len(reading.table) == reading.n_rows == len(ROWS)
    assert reading.notes == (
        "The lines above the heading in line 2 were not read.",
        "The heading is repeated in line 22.",
        "Line 65 is not an establishment: 'Total'.",
        "Line 66 is not an establishment: 'The end'.",
    )


def test_rows_that_stand_twice() -> None:
    closed = [{**row, "CloseDate": "31-08-2018"} for row in MORE]
    twice = {**closed[0], "CloseDate": "31-08-2019"}
    reading = read_register(written([ROW, *closed, ROW, twice]))
    assert (len(reading.table), reading.n_rows) == (61, 61)
    assert row_of(reading, ROW["URN"])["unread"] is None
    differing = row_of(reading, twice["URN"])
    assert (differing["close_date"], differing["unread"]) == (None, "close_date")
    assert reading.notes == (
        "2 rows have the URN of an earlier row and count once.",
        "In line 64 a URN is repeated with other values: values that differ count as not read.",
    )


def test_a_column_named_twice() -> None:
    lines = lines_of(ROWS)
    same = joined([lines[0] + b",CloseDate", *(line + b"," for line in lines[1:])])
    assert read_register(same).notes == ("The heading names CloseDate more than once.",)
    other = joined([lines[0] + b",CloseDate", lines[1] + b",31-08-2019", *(line + b"," for line in lines[2:])])
    reading = read_register(other)
    assert row_of(reading, "103000")["unread"] == "close_date"
    assert "The heading names CloseDate more than once, and the values differ in line 2." in reading.notes


def test_zero_bytes_are_ignored_and_counted() -> None:
    reading = read_register(written(ROWS).replace(b"Sandwell", b"Sand\0well", 3))
    assert reading.table.equals(read_register(written(ROWS)).table)
    assert reading.notes == ("The file holds 3 zero bytes, which were ignored.",)


@pytest.mark.parametrize("name", list(REQUIRED.values()))
def test_a_missing_column_is_named(name: str) -> None:
    without = {key: value for key, value in ROW.items() if key != name}
    with pytest.raises(BadRegister) as caught:
        read_register(written([without]))
    assert name in caught.value.message
    assert "Downloads" in caught.value.hint


def test_optional_columns_may_be_missing() -> None:
    kept = {key: value for key, value in ROW.items() if key in REQUIRED.values()}
    reading = read_register(written([kept]))
    (row,) = reading.table.to_pylist()
    assert {row[column] for column in OPTIONAL} == {None}
    assert set(reading.faults) == set(OPTIONAL)
    assert set(reading.faults.values()) == {"is not in the register"}
    assert reading.notes == ()


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "empty"),
        (b" \r\n", "empty"),
        (b"PK\x03\x04abc", "zip"),
        (b"\x1f\x8babc", "packed"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "workbook"),
        (b"\0\1\2" * 4000, "not a CSV"),
        (b"<Message><Persons/></Message>", "not the establishment register"),
        (b"a,b\n1,2\n", "not the establishment register"),
        (written([{**ROW, "URN": ""}]), "empty"),
        (joined([lines_of([ROW])[0], b"103000,333,Sandwell"]), "cannot be read"),
        (written([ROW]).split(b"\r\n")[0] + b"\r\n", "empty"),
        (written([ROW]).split(b"\r\n")[0], "empty"),
    ],
)
def test_what_is_no_register(data: bytes, words: str) -> None:
    with pytest.raises(BadRegister, match=words) as caught:
        read_register(data)
    assert caught.value.hint


# -- zip files --------------------------------------------------------------------------------------------


def zipped(files: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as packed:
        for name, data in files.items():
            packed.writestr(name, data)
    return out.getvalue()


@pytest.mark.parametrize("folder", ["", "a/b/", "../../etc/", "C:\\x\\", "/"])
def test_the_zip_of_the_service_is_read(folder: str) -> None:
    data = zipped(
        {f"{folder}edubasealldata20261112.csv": written(ROWS), "links_edubasealldata.csv": b"a", "r.txt": b""}
    )
    reading = read_register(data, "extract.zip")
    assert reading.summary == "61 establishments, 61 open, as of 12 November 2026"


def test_a_zip_from_which_no_file_can_be_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    for files, words in (
        ({"a.txt": b""}, "holds no CSV"),
        ({"a.csv": b"", "b.csv": b""}, "2 CSV files"),
        ({"edubasealldata1.csv": b"", "edubasealldata2.csv": b""}, "2 CSV files"),
        ({f"{n}.txt": b"" for n in range(1_001)}, "lists 1,001 files"),
    ):
        with pytest.raises(BadRegister, match=words):
            read_register(zipped(files))
    whole = zipped({"a.csv": written(ROWS)})
    for broken in (whole[:-30], whole[:40] + b"xxxx" + whole[44:], whole[:4]):
        with pytest.raises(BadRegister, match="damaged"):
            read_register(broken)
    locked = bytearray(whole)
    for at in (6, whole.rindex(b"PK\x01\x02") + 8):
        locked[at] |= 1
    with pytest.raises(BadRegister, match="password"):
        read_register(bytes(locked))
    monkeypatch.setattr(zipped_csv, "MAX_UNPACKED", 1_000)
    with pytest.raises(BadRegister, match="more than"):
        read_register(whole)


# -- valid and invalid forms ------------------------------------------------------------------------------

NAMES = st.text(st.characters(codec="cp1252", exclude_categories=["Cc", "Cs"]), min_size=1, max_size=20).map(
    lambda text: f"x{text}x"
)
DATES = st.one_of(st.just(None), st.dates(date(1945, 1, 1), date(2035, 12, 31)))
ESTABLISHMENTS = st.lists(
    st.fixed_dictionaries(
        {
            "urn": st.integers(100_000, 999_999).map(str),
            "ukprn": st.one_of(st.none(), st.integers(10_000_000, 19_999_999).map(str)),
            "name": NAMES,
            "type_code": st.integers(1, 99).map(str),
            "status": st.sampled_from(["Open", "Closed", "Open, but proposed to close", "Proposed to open"]),
            "close_date": DATES,
            "la_name": NAMES,
            "resourced_provision": st.sampled_from(["SEN unit", "Not applicable", "Resourced provision and SEN unit"]),
        }
    ),
    min_size=1,
    max_size=12,
    unique_by=lambda row: row["urn"],
)
DATE_FORMS = ("%d-%m-%Y", "%d/%m/%Y", "%Y-%m-%d", "%d/%m/%Y 00:00", "%Y-%m-%dT00:00:00", "%d-%b-%Y", "%d %B %Y")


@settings(max_examples=150, deadline=None)
@given(
    rows=ESTABLISHMENTS,
    separator=st.sampled_from(",;\t|"),
    end=st.sampled_from(["\r\n", "\n", "\r", "\n\n", "\r\r\n"]),
    quoting=st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
    encoding=st.sampled_from(["cp1252", "utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"]),
    form=st.sampled_from(DATE_FORMS),
    is_float=st.booleans(),
)
def test_a_register_in_any_form_is_read_back(
    rows: list[dict[str, Any]], separator: str, end: str, quoting: Any, encoding: str, form: str, is_float: bool
) -> None:
    texts = [
        {
            LABELS[name]: value.strftime(form) if isinstance(value, date) else value or ""
            for name, value in {**row, "urn": f"{row['urn']}{'.0' if is_float else ''}"}.items()
        }
        for row in rows
    ]
    data = written(texts, encoding, end, delimiter=separator, quoting=quoting)
    reading = read_register(data)
    again = [{name: row[name] for name in rows[0]} for row in reading.table.to_pylist()]
    assert again == rows
    assert set(reading.table["unread"].to_pylist()) == {None}
    assert not [note for note in reading.notes if "blank in every row" not in note]


@settings(max_examples=100, deadline=None)
@given(rows=ESTABLISHMENTS, encoding=st.sampled_from(["cp1252", "utf-8"]))
def test_the_fast_way_and_the_careful_one_agree(rows: list[dict[str, Any]], encoding: str) -> None:
    texts = [{LABELS[name]: str(value or "") for name, value in row.items()} for row in rows]
    file = side_files.open_file(written(texts, encoding), {"urn"})
    fast, careful = file._fast([0, 2, 6, 4]), file._carefully([0, 2, 6, 4])
    assert fast is not None
    assert [column.to_pylist() for column in fast.cells] == [column.to_pylist() for column in careful.cells]
    assert fast.lines.equals(careful.lines)


HEADING = ",".join(REQUIRED.values()).encode()
SCRAPS = st.lists(
    st.one_of(
        st.binary(max_size=40),
        st.sampled_from([b"\n", b"\r", b'"', b",", b";", b"\0", b"103000", b"Open", HEADING, b"31/08/19", b"\xff\xfe"]),
    ),
    max_size=30,
).map(b"".join)


@settings(max_examples=400, deadline=None)
@given(SCRAPS, st.sampled_from([b"", HEADING + b"\n", b"PK\x03\x04", zipped({"a.csv": b"a"})[:60], b"\xff\xfe"]))
def test_no_bytes_end_in_anything_but_a_register_or_an_error_for_people(scraps: bytes, head: bytes) -> None:
    try:
        reading = read_register(head + scraps)
    except UserError as error:
        assert error.hint
    else:
        assert urns(reading)


def test_the_made_up_register_is_read() -> None:
    rows = make_register(1)
    reading = read_register(written(rows))
    assert urns(reading) == [row["URN"] for row in rows]
    assert reading.notes == ()
