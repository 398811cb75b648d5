"""Made-up returns in every form, and small ones written by hand."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

import xlsxwriter

from sen2dash.checks.report import Report, build_report
from sen2dash.config import Settings
from sen2dash.reading.other.bundle import Bundle
from sen2dash.sample.generate import inject, make_return
from sen2dash.sample.tree import SampleReturn, render
from tests.other import writing

SETTINGS = Settings(now=datetime(2025, 2, 1, 12, 0))
HEADER = {"lea": "333", "year": "2025", "reference_date": "2025-01-16"}
Tables = dict[str, list[dict[str, str]]]


def sample(persons: int = 120, seed: int = 3, year: int = 2025, defects: int = 0) -> SampleReturn:
    made = make_return(persons, seed, year)
    if defects:
        inject(made, defects, [], seed)
    return made


def xml_of(made: SampleReturn) -> bytes:
    return "".join(render(made.year, made.header, made.persons)).encode()


def bundle_of(files: Mapping[str, bytes], header: Mapping[str, str] | None = None, swaps: bool = False) -> bytes:
    return Bundle(tuple(files.items()), header, swaps).packed()


def collect_of(made: SampleReturn) -> bytes:
    return bundle_of(writing.collect_files(made))


def template_of(made: SampleReturn) -> bytes:
    return bundle_of({"return.xlsx": writing.template_bytes(made)})


def modules_of(made: SampleReturn) -> bytes:
    day = made.header.groups[0].items["ReferenceDate"] or ""
    return bundle_of(
        {"return.xlsx": writing.modules_bytes(made)}, {"lea": "333", "year": str(made.year), "reference_date": day}
    )


FORMS: Mapping[str, Callable[[SampleReturn], bytes]] = {
    "collect": collect_of,
    "template": template_of,
    "modules": modules_of,
}


def checked(data: bytes, **more: Any) -> Report:
    return build_report(data, SETTINGS, **more)


# -- by hand ----------------------------------------------------------------------------------------------

#: A small return as rows of COLLECT: heading to text.
SMALL: Mapping[str, Sequence[Mapping[str, str]]] = {
    "sen2": [
        {
            "sen2tableid": "1",
            "collection": "SEN2",
            "year": "2025",
            "referencedate": "2025-Jan-16 00:00:00",
            "sourcelevel": "L",
            "lea": "333",
            "softwarecode": "x",
            "release": "1",
            "serialno": "001",
            "datetime": "2025-Jan-20 10:15:00",
            "dmo": "Y",
            "dco": "Y",
            "dsco": "Y",
        }
    ],
    "person": [
        {"persontableid": "11", "sen2tableid": "1", "surname": "Harris", "personbirthdate": "2012-Sep-28 00:00:00"},
        {"persontableid": "12", "sen2tableid": "1", "surname": "Quill", "personbirthdate": "2011-03-04"},
    ],
    "requests": [
        {"requeststableid": "21", "persontableid": "11", "receiveddate": "2024-Feb-01 00:00:00", "rya": "false"},
        {"requeststableid": "22", "persontableid": "12", "receiveddate": "01/03/2024", "rya": "TRUE"},
    ],
    "assessment": [
        {
            "assessmenttableid": "31",
            "requeststableid": "21",
            "assessmentoutcome": "Y",
            "assessmentoutcomedate": "2024-May-01 00:00:00",
            "week20": "false",
        }
    ],
    "namedplan": [
        {
            "namedplantableid": "41",
            "assessmenttableid": "31",
            "startdate": "2024-Jun-01 00:00:00",
            "planres": "",
            "pb": "0",
        }
    ],
    "plandetail": [{"plandetailtableid": "51", "namedplantableid": "41", "urn": "123456", "placementrank": "1"}],
    "activeplans": [
        {"activeplanstableid": "61", "requeststableid": "21", "transferla": "", "lastreview": "", "reviewmeeting": ""}
    ],
    "placementdetail": [
        {
            "placementdetailtableid": "71",
            "activeplanstableid": "61",
            "urn": "123456",
            "entrydate": "2024-Sep-02 00:00:00",
        }
    ],
    "senneed": [{"senneedtableid": "81", "activeplanstableid": "61", "sentype": "ASD", "sentyperank": "1"}],
}


def small() -> Tables:
    """A copy of the small return that a test may change."""
    return {table: [dict(row) for row in rows] for table, rows in SMALL.items()}


def many(n: int) -> Tables:
    """The small return with n persons of one request each, and nothing below."""
    tables = small()
    for name in tables:
        if name not in ("sen2", "person", "requests"):
            tables[name] = tables[name][:0]
    tables["person"] = [{**SMALL["person"][0], "persontableid": str(i)} for i in range(1, n + 1)]
    tables["requests"] = [
        {**SMALL["requests"][0], "requeststableid": str(1000 + i), "persontableid": str(i)} for i in range(1, n + 1)
    ]
    return tables


def csv_of(rows: Sequence[Mapping[str, str]], table: str, separator: str = ",") -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=separator)
    headings = list(rows[0] if rows else SMALL[table][0])
    writer.writerow(headings)
    writer.writerows([row.get(name, "") for name in headings] for row in rows)
    return text.getvalue().encode()


def files_of(tables: Tables) -> dict[str, bytes]:
    return {f"export_{table}.csv": csv_of(rows, table) for table, rows in tables.items()}


def workbook_of(sheets: Mapping[str, Sequence[Sequence[Any]]], edit: Callable[[Any, Any], None] | None = None) -> bytes:
    """A workbook with these cells: texts as texts, numbers as numbers, dates as days."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    for name, rows in sheets.items():
        sheet = book.add_worksheet(name)
        for at, row in enumerate(rows):
            for column, value in enumerate(row):
                if isinstance(value, datetime):
                    sheet.write_datetime(at, column, value, day)
                elif isinstance(value, bool):
                    sheet.write_boolean(at, column, value)
                elif isinstance(value, int | float):
                    sheet.write_number(at, column, value)
                elif value:
                    sheet.write_string(at, column, value)
        if edit is not None:
            edit(book, sheet)
    book.close()
    return out.getvalue()
