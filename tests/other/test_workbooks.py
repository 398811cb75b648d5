"""The DfE's template and the workbook with a sheet for each module: traps of cells, titles and headings."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

from sen2dash.checks.report import Report
from sen2dash.errors import BadInput
from sen2dash.reading import spreadsheet
from sen2dash.reading.other.forms import TEMPLATE, headings, matched
from sen2dash.reading.other.read import Origin, authority_of, needs_header, remembering_recognition
from tests.other.making import HEADER, bundle_of, checked, workbook_of

PERSON = ["Record Type", "Person ID\n\n(This must be a unique ID for each Person record)", "LA\n(From Header Record)"]
PERSON += ["Surname", "Date of Birth \n(ccyy-mm-dd)", "UPN - Unique Pupil Number", "Post Code"]
REQUESTS = ["Record Type", "Requests record ID\n\n(unique)", "Person ID\n\n(match)", "Date request was received"]
REQUESTS += ["Initial Request Whilst In RYA", "Request Outcome Date", "Request Outcome"]
ACTIVE = ["Record Type", "Person ID", "LA (From Header Record)", "Requests record ID", "EHC Plan Review Decisions Date"]
ACTIVE += ["Annual Review Meeting Date"]
DAY = datetime(2024, 2, 1)
Rows = list[list[Any]]


def template(active: Rows | None = None, persons: Rows | None = None, requests: Rows | None = None) -> Rows:
    return [
        ["Header Record"],
        ["Record Type", "Collection Name", "Year", "Reference Date", "Source Level", "LA Number", "Serial Number"],
        ["0", "SEN2", 2025.0, datetime(2025, 1, 16), "L", 333, "001"],
        [],
        ["Person Record"],
        PERSON,
        *(persons or [["1", 12.0, 333, "Harris", datetime(2012, 9, 28), "A123456789012", "AB1 2CD"]]),
        ["1", None, 333],
        [],
        ["Requests Records"],
        REQUESTS,
        *(requests or [["2", 7.0, 12.0, DAY, 0.0, 45352.0, "Y"]]),
        [],
        ["Active Plan Records"],
        ACTIVE,
        *(active or []),
    ]


def read(rows: Rows, swaps: bool = False, edit: Any = None) -> Report:
    data = workbook_of({"Read me": [["How to fill in"]], "Data Entry Template": rows}, edit)
    return checked(bundle_of({"return.xlsx": data}, swaps=swaps), only=())


def origin_of(report: Report) -> Origin:
    assert report.origin is not None
    return report.origin


def one(report: Report, table: str) -> dict[str, Any]:
    (row,) = report.store.rows(f"select * from {table}")
    return row


def test_cells_are_read_by_their_types() -> None:
    report = read(template())
    assert (report.header["Year"], report.header["ReferenceDate"], report.header["LEA"]) == (
        "2025",
        "2025-01-16",
        "333",
    )
    assert report.header["SerialNo"] == "001"
    person, request = one(report, "person"), one(report, "requests")
    assert (person["person_birth_date_text"], person["upn"], person["postcode"]) == (
        "2012-09-28",
        "A123456789012",
        "AB1 2CD",
    )
    # A bare number is a day in a date column only.
    assert (request["received_date_text"], request["request_outcome_date_text"]) == ("2024-02-01", "2024-03-01")
    assert request["rya_text"] == "0"
    assert (person["line"], request["line"]) == (7, 12)
    assert "The sheet Read me was left out: it is none of the tables of the return." in origin_of(report).warnings
    assert "assessment" in origin_of(report).not_given
    assert "activeplans" not in origin_of(report).not_given


def test_hidden_rows_are_read_and_spare_rows_are_not() -> None:
    def hide(_: Any, sheet: Any) -> None:
        sheet.set_row(6, None, None, {"hidden": True})

    assert read(template(), edit=hide).counts["person"] == 1


def test_a_formula_without_a_value_is_blank_and_named() -> None:
    def formulas(_: Any, sheet: Any) -> None:
        if sheet.name != "Read me":
            sheet.write_formula(6, 6, '="AB1"', None, "")
            sheet.write_formula(6, 3, '="Ha"', None, "Hale")

    report = read(template(), edit=formulas)
    assert (one(report, "person")["postcode"], one(report, "person")["surname"]) == (None, "Hale")
    assert any("a formula has no value in row 7, so its cell is blank" in words for words in origin_of(report).warnings)


def test_a_formula_without_a_value_in_a_column_that_is_not_read_is_not_named() -> None:
    def formulas(_: Any, sheet: Any) -> None:
        if sheet.name != "Read me":
            # The authority again, a column behind all headings, and a row that belongs to no table.
            sheet.write_formula(6, 2, "=F3", None, "")
            sheet.write_formula(6, 8, "=F3", None, "")
            sheet.write_formula(11, 30, "=F3", None, "")
            sheet.write_formula(0, 5, "=F3", None, "")

    warnings = origin_of(read(template(), edit=formulas)).warnings
    assert not [words for words in warnings if "formula" in words]


def test_formulas_without_a_value_are_named_in_every_table_of_the_sheet() -> None:
    def formulas(_: Any, sheet: Any) -> None:
        if sheet.name != "Read me":
            sheet.write_formula(6, 6, '="AB1"', None, "")
            sheet.write_formula(11, 6, '="Y"', None, "")

    warnings = origin_of(read(template(), edit=formulas)).warnings
    assert [words for words in warnings if "a formula has no value in row 7, 12, so its cell is blank" in words]


@pytest.mark.parametrize(
    ("heading", "table", "said"),
    [
        (5, 1, "table Persons, has no column Person ID"),
        (10, 1, "table Requests, has no column Requests record ID"),
        (10, 2, "table Requests, has no column Person ID"),
        (14, 3, "table Active plans, has no column Requests record ID"),
    ],
)
def test_a_template_without_an_id_is_refused_by_name(heading: int, table: int, said: str) -> None:
    rows = template()
    rows[heading] = [*rows[heading]]
    rows[heading][table] = "Something else"
    with pytest.raises(BadInput, match=said):
        read(rows)


def test_a_template_without_both_ids_of_requests_names_both() -> None:
    rows = template()
    rows[10] = ["Record Type", "x", "y", *rows[10][3:]]
    with pytest.raises(BadInput, match="has no columns Requests record ID or Person ID"):
        read(rows)


def test_files_are_recognised_once_until_they_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    data = bundle_of({"return.xlsx": workbook_of({"Data Entry Template": template()})})
    seen: list[int] = []
    read_sheets = spreadsheet.read_sheets

    def counted(given: bytes, limits: spreadsheet.Limits) -> list[spreadsheet.Worksheet]:
        seen.append(len(given))
        return read_sheets(given, limits)

    monkeypatch.setattr(spreadsheet, "read_sheets", counted)
    with remembering_recognition():
        assert not needs_header(data)
        with remembering_recognition():
            assert authority_of(data) == "333"
            assert checked(data, only=()).counts["person"] == 1
        assert len(seen) == 1
        # Nothing is kept of them.
        assert authority_of(data) == "333"
        assert len(seen) == 2
    needs_header(data)
    assert len(seen) == 3


def test_a_formula_whose_value_is_an_empty_text_has_a_value() -> None:
    def formulas(_: Any, sheet: Any) -> None:
        if sheet.name != "Read me":
            sheet.write_formula(6, 6, '=IF(Z1="","",Z1)', None, "")

    data = workbook_of({"Read me": [["How to fill in"]], "Data Entry Template": template()}, formulas)
    packed, made = zipfile.ZipFile(io.BytesIO(data)), io.BytesIO()
    with zipfile.ZipFile(made, "w") as packing:
        for name in packed.namelist():
            # As Excel writes it.
            xml = re.sub(rb'(<c r="G7")(><f>[^<]*</f>)<v></v>', rb'\1 t="str"\2<v></v>', packed.read(name))
            packing.writestr(name, xml)
    assert b't="str"><f>' in zipfile.ZipFile(made).read("xl/worksheets/sheet2.xml")
    report = checked(bundle_of({"return.xlsx": made.getvalue()}), only=())
    assert not [words for words in origin_of(report).warnings if "formula" in words]


def test_a_workbook_of_too_many_cells_is_refused() -> None:
    def far(_: Any, sheet: Any) -> None:
        sheet.write_string(399_999, 15, "x")

    with pytest.raises(BadInput, match="more than 5,000,000 cells"):
        read(template(), edit=far)


def test_a_second_plan_of_a_request_is_a_duplicate() -> None:
    persons: Rows = [["1", i, 333, "Harris", DAY, "", ""] for i in range(1, 202)]
    requests: Rows = [["2", i, i, DAY] for i in range(1, 202)]
    active: Rows = [["4", min(i, 200), 333, min(i, 200)] for i in range(1, 202)]
    report = read(template(active, persons, requests))
    assert report.counts["activeplans"] == 200
    assert any("1 row was left out, because its id" in words for words in origin_of(report).warnings)


def test_a_row_of_another_person_than_its_request_has_no_place() -> None:
    with pytest.raises(BadInput, match="Active plans: 1 of 1 rows"):
        read(
            template(
                [["4", 13, 333, 7]],
                persons=[["1", 12, 333, "Harris", DAY, "", ""], ["1", 13, 333, "Quill", DAY, "", ""]],
            )
        )


def test_review_dates_go_by_their_wording_and_can_be_exchanged() -> None:
    early, late = datetime(2024, 3, 1), datetime(2024, 4, 1)
    report = read(template([["4", 12, 333, 7, late, early]]))
    plan = one(report, "activeplans")
    assert (plan["last_review_text"], plan["review_meeting_text"]) == ("2024-04-01", "2024-03-01")
    assert not origin_of(report).can_swap
    report = read(template([["4", 12, 333, 7, early, late]]))
    assert origin_of(report).can_swap
    assert any("In 1 of 1 plans with both dates" in words for words in origin_of(report).warnings)
    report = read(template([["4", 12, 333, 7, early, late]]), swaps=True)
    plan = one(report, "activeplans")
    assert (plan["last_review_text"], plan["review_meeting_text"]) == ("2024-04-01", "2024-03-01")
    assert origin_of(report).swapped
    assert not origin_of(report).can_swap


@pytest.mark.parametrize("table", headings(TEMPLATE))
def test_every_heading_is_known_by_its_start(table: str) -> None:
    known = headings(TEMPLATE)[table]
    places = matched(TEMPLATE, table, [each.text.upper().replace(" ", "\n ") for each in known])
    assert {places[each.column or f":{each.text}"] for each in known} == set(range(len(known)))


# -- a sheet for each module ------------------------------------------------------------------------------

MODULES: dict[str, Rows] = {
    "Person": [["persontableid", "surname", "personbirthdate"], [1, "Harris", datetime(2012, 9, 28)]],
    "Requests": [["requeststableid", "persontableid", "receiveddate", "rquestsource"], [5, 1, DAY, "8"]],
    "SEN need": [["persontableid", "requeststableid", "sentype", "sentyperank"]],
    "Notes": [["nothing"]],
}


def test_a_workbook_with_a_sheet_for_each_module() -> None:
    data = workbook_of(MODULES)
    assert needs_header(bundle_of({"m.xlsx": data}))
    report = checked(bundle_of({"m.xlsx": data}, HEADER), only=())
    assert (report.collection.lea, report.collection.year, report.header["SerialNo"]) == ("333", 2025, None)
    assert report.collection.census_date.isoformat() == "2025-01-16"
    assert one(report, "requests")["request_source"] == "8"
    assert origin_of(report).places["requests"].row(2) == "m.xlsx, sheet Requests, row 2"
    other = {**MODULES, "Requests": [[*MODULES["Requests"][0][:3], "requestsource"], MODULES["Requests"][1]]}
    assert one(checked(workbook_of(other), only=()), "requests")["request_source"] == "8"
    # Without a header nothing is made up.
    report = checked(workbook_of(MODULES), only=())
    assert (report.collection.lea, report.header["Year"]) == (None, None)


def test_a_header_is_not_given_twice() -> None:
    with pytest.raises(BadInput, match="header of its own"):
        checked(bundle_of({"t.xlsx": workbook_of({"Data Entry Template": template()})}, HEADER), only=())


def test_persons_must_be_there_and_columns_that_join() -> None:
    sheets = {name: rows for name, rows in MODULES.items() if name != "Person"}
    sheets["Assessments"] = [["requeststableid", "assessmentoutcome", "assessmentoutcomedate"], [5, "Y", DAY]]
    with pytest.raises(BadInput, match="There is no table of: Persons"):
        checked(workbook_of(sheets), only=())
    with pytest.raises(BadInput, match="has no column persontableid"):
        checked(workbook_of({**MODULES, "Requests": [["receiveddate", "rya"], [DAY, "1"]]}), only=())


# -- odd workbooks ----------------------------------------------------------------------------------------


def test_other_workbooks_are_refused_with_what_they_look_like() -> None:
    with pytest.raises(BadInput, match="Its sheets: Budget, Plan"):
        checked(workbook_of({"Budget": [["a", "b"]], "Plan": []}), only=())
    with pytest.raises(BadInput, match="looks like a school census"):
        checked(workbook_of({"Sheet1": [["pupilonrolltableid", "upn"], ["1", "A"]]}), only=())


@pytest.mark.parametrize("data", [spreadsheet.OLE + b"x" * 600])
def test_an_old_or_locked_workbook_is_refused(data: bytes) -> None:
    with pytest.raises(BadInput) as caught:
        checked(bundle_of({"return.xls": data}), only=())
    assert "return.xls has a password, or is an old .xls file." in caught.value.message
    assert caught.value.hint == "Open it in Excel and save it as .xlsx without a password."


def test_a_damaged_workbook_is_refused() -> None:
    data = bytearray(workbook_of(MODULES))
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name) if "sheet1" not in name else b"<worksheet><broken")
    with pytest.raises(BadInput, match="cannot be read"):
        checked(out.getvalue(), only=())


def test_too_many_rows_of_a_sheet_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spreadsheet, "RETURN", replace(spreadsheet.RETURN, rows=1))
    with pytest.raises(BadInput, match="more than 1 rows in a sheet"):
        checked(workbook_of(MODULES), only=())
