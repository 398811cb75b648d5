"""COLLECT's CSV export: values, places, ids, what is missing, and what is refused."""

from __future__ import annotations

import hashlib
import io
import zipfile
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sen2dash.checks import catalogue
from sen2dash.checks.report import Report
from sen2dash.errors import BadInput, BadLinkedFile, UserError
from sen2dash.indicators.run import run_indicators
from sen2dash.reading.header import authority_of
from sen2dash.reading.other.read import Origin
from tests.other.making import Tables, bundle_of, checked, csv_of, files_of, many, small, workbook_of

NONE: tuple[Any, ...] = ()


def read(tables: Tables, **more: Any) -> Report:
    return checked(bundle_of(files_of(tables)), **{"only": NONE, **more})


def origin_of(report: Report) -> Origin:
    assert report.origin is not None
    return report.origin


def refusal(tables: Tables) -> UserError:
    with pytest.raises(UserError) as caught:
        read(tables)
    return caught.value


def test_values_are_written_as_xml_has_them() -> None:
    tables = small()
    tables["person"][0] |= {"upn": " A123456789012 ", "forename": ""}
    tables["requests"][0]["requestoutcomedate"] = "2024-Feb-30 00:00:00"
    tables["assessment"][0] |= {"assessmentmediation": "yes", "assessmenttribunal": "1.0"}
    tables["namedplan"][0]["ceasedate"] = "2024-Jun-01 10:30:00"
    report = read(tables)
    person = report.store.rows("select * from person where row_id = 1")[0]
    assert (person["person_birth_date_text"], person["upn"], person["forename"]) == (
        "2012-09-28",
        "A123456789012",
        None,
    )
    requests = report.store.rows("select * from requests order by row_id")
    assert [row["received_date_text"] for row in requests] == ["2024-02-01", "2024-03-01"]
    assert [row["rya_text"] for row in requests] == ["0", "1"]
    # What is no date and no flag stays as it is.
    assert requests[0]["request_outcome_date_text"] == "2024-Feb-30 00:00:00"
    assessment = report.store.rows("select * from assessment")[0]
    assert (assessment["assessment_mediation_text"], assessment["assessment_tribunal_text"]) == ("yes", "1")
    assert report.store.rows("select * from namedplan")[0]["cease_date_text"] == "2024-Jun-01 10:30:00"
    assert report.header["DateTime"] == "2025-01-20 10:15:00"
    assert report.header["ReferenceDate"] == "2025-01-16"


def test_unreadable_values_are_found_where_they_are() -> None:
    tables = small()
    tables["requests"][1]["receiveddate"] = "soon"
    report = read(tables, only=[catalogue.rule("H21")])
    (found,) = report.findings(("H21",))
    assert (found.person, found.line, found.path, found.value) == (2, 3, "export_requests.csv:3", "soon")


def test_a_row_is_a_record_even_over_several_lines() -> None:
    tables = small()
    tables["person"][0]["surname"] = "Harris\nor Harte"
    tables["person"][1]["personbirthdate"] = "soon"
    report = read(tables, only=[catalogue.rule("H21")])
    assert [each.line for each in report.findings(("H21",))] == [3]
    assert report.store.rows("select surname from person")[0]["surname"] == "Harris\nor Harte"


@pytest.mark.parametrize(("separator", "encoding"), [(";", "utf-8-sig"), ("\t", "utf-16"), (",", "cp1252")])
def test_any_separator_and_encoding(separator: str, encoding: str) -> None:
    tables = small()
    tables["person"][0]["surname"] = "Brontë"
    files = files_of(tables)
    files["export_person.csv"] = csv_of(tables["person"], "person", separator).decode().encode(encoding)
    report = checked(bundle_of(files), only=NONE)
    assert report.store.rows("select surname from person")[0]["surname"] == "Brontë"
    assert [each for each in origin_of(report).warnings if "Windows-1252" in each] == (
        ["export_person.csv is in Windows-1252, not UTF-8."] if encoding == "cp1252" else []
    )


def test_characters_that_xml_cannot_hold_survive() -> None:
    tables = small()
    tables["person"][0]["surname"] = "Ha\x01rt"
    assert read(tables).store.rows("select surname from person")[0]["surname"] == "Ha\x01rt"


def test_digest_and_zip() -> None:
    files = files_of(small())
    report = checked(bundle_of(files), only=NONE)
    digests = "".join(f"{hashlib.sha256(files[name]).hexdigest()}\n" for name in sorted(files))
    assert report.facts.sha256 == hashlib.sha256(digests.encode()).hexdigest()
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(f"folder/{name}", data)
        archive.writestr("folder/readme.txt", "read me")
    report = checked(bundle_of({"export.zip": packed.getvalue()}), only=NONE)
    assert report.facts.sha256 == hashlib.sha256(packed.getvalue()).hexdigest()
    assert report.counts["senneed"] == 1
    assert "export.zip: folder/readme.txt was left out: it has none of the nine tables." in origin_of(report).warnings
    # The bytes of a zip alone are enough.
    assert checked(packed.getvalue(), only=NONE).counts["person"] == 2


# -- what is missing --------------------------------------------------------------------------------------


@pytest.mark.parametrize(("table", "name"), [("sen2", "Header"), ("person", "Persons")])
def test_header_and_persons_must_be_there(table: str, name: str) -> None:
    tables = small()
    del tables[table]
    assert f"There is no file of: {name}." in refusal(tables).message


def test_another_missing_table_is_not_given() -> None:
    tables = small()
    del tables["placementdetail"]
    report = checked(bundle_of(files_of(tables)))
    assert origin_of(report).not_given == {"placementdetail"}
    assert any(words.startswith("Placement details were not given") for words in report.sentences())
    statuses = {outcome.rule.id: (outcome.status, outcome.reason) for outcome in report.outcomes}
    assert statuses["M14"] == ("not_run", "It needs a table that was not given: Placement details.")
    assert statuses["M29"][0] != "not_run"
    assert statuses["P01"][0] in ("clear", "found")
    numbers = {each.indicator.id: each for each in run_indicators(report.store)}
    assert numbers["residential"].is_not_given
    assert numbers["residential"].value is None
    assert not numbers["caseload"].is_broken


def test_no_rows_is_not_the_same_as_not_given() -> None:
    tables = small()
    del tables["senneed"][0]
    report = checked(bundle_of(files_of(tables)))
    assert origin_of(report).not_given == frozenset()
    assert report.outcome("M03").status != "not_run"
    assert report.outcome("M29").status == "clear"


def test_a_missing_table_with_rows_below_it_refuses() -> None:
    tables = small()
    del tables["activeplans"]
    error = refusal(tables)
    assert "Placement details: 1 of 1 rows; SEN needs: 1 of 1 rows. Active plans were not given." in error.message


def test_missing_and_foreign_columns_are_named() -> None:
    tables = small()
    for row in tables["activeplans"]:
        row["res"] = "1"
    report = read(tables)
    warnings = " ".join(origin_of(report).warnings)
    assert "export_activeplans.csv: " in warnings
    assert "(RES) is not in the layout of 2025, so 1 value was not read." in warnings
    assert "export_senneed.csv has no column" not in warnings
    assert "export_person.csv has no column for Forename," in warnings


# -- duplicates and orphans -------------------------------------------------------------------------------


def test_a_few_rows_are_left_out_counted_and_named() -> None:
    tables = many(300)
    tables["person"].insert(1, {**tables["person"][0], "surname": "Second"})
    tables["requests"][9]["persontableid"] = "9999"
    tables["assessment"] = [
        {
            "assessmenttableid": "1",
            "requeststableid": tables["requests"][9]["requeststableid"],
            "assessmentoutcome": "Y",
        }
    ]
    report = read(tables)
    assert (report.counts["person"], report.counts["requests"], report.counts["assessment"]) == (300, 299, 0)
    assert report.store.rows("select surname from person where row_id = 1")[0]["surname"] == "Harris"
    assert tuple(words for words in origin_of(report).warnings if "left out" in words) == (
        "export_person.csv: 1 row was left out, because its id, or its place beneath another row, was taken by an "
        "earlier row (row 3).",
        "export_requests.csv: 1 row was left out, because the row that it belongs to is not in the return (row 11).",
        "export_assessment.csv: 1 row was left out, because the row that it belongs to was left out (row 2).",
    )


def test_a_second_assessment_of_a_request_is_a_duplicate() -> None:
    tables = many(300)
    tables["assessment"] = [
        {"assessmenttableid": str(i), "requeststableid": str(1000 + max(i, 2)), "assessmentoutcome": "Y"}
        for i in range(1, 200)
    ]
    report = read(tables)
    assert report.counts["assessment"] == 198
    assert any("1 row was left out" in words and "(row 3)" in words for words in origin_of(report).warnings)


def test_the_limit_is_one_row_in_a_hundred() -> None:
    tables = many(200)
    for at in (4, 5):
        tables["requests"][at]["persontableid"] = "9999"
    assert read(tables).counts["requests"] == 198
    tables["requests"][6]["persontableid"] = "9999"
    assert "Requests: 3 of 200 rows" in refusal(tables).message


def test_two_exports_are_not_mixed() -> None:
    tables = small()
    for row in tables["requests"]:
        row["persontableid"] = "9"
    error = refusal(tables)
    assert error.title == "The tables do not belong together"
    assert "Requests: 2 of 2 rows" in error.message
    tables = small()
    tables["sen2"].append(dict(tables["sen2"][0]))
    assert refusal(tables).title == "The header is not that of one return"
    files = files_of(small())
    files["other_person.csv"] = files["export_person.csv"]
    with pytest.raises(BadInput, match="Two files hold the same table"):
        checked(bundle_of(files), only=NONE)


def test_a_row_with_a_loose_quotation_mark_is_named() -> None:
    files = files_of(many(200))
    lines = files["export_requests.csv"].split(b"\r\n")
    lines[5] = b'1004,4,"2024-Feb-01,false'
    files["export_requests.csv"] = b"\r\n".join(lines)
    report = checked(bundle_of(files), only=NONE)
    assert report.counts["requests"] == 199
    assert any(words.endswith("its cells cannot be told apart (row 6).") for words in origin_of(report).warnings)


def test_one_person_cannot_have_thousands_of_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sen2dash.reading.other.joining.MAX_GROUPS", 3)
    tables = many(4)
    for row in tables["requests"]:
        row["persontableid"] = "1"
    assert refusal(tables).title == "One person has too many rows"


# -- something else ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "text", "looks"),
    [
        ("census.csv", "pupilonrolltableid,upn,surname\n1,A,B", "a school census"),
        ("register.csv", "URN,LA (code),EstablishmentName\n1,2,3", "the establishment register"),
        ("903.csv", "CHILD,SEX,DOB,ETHNIC,UPN,MOTHER\n1,2,3,4,5,6", "children looked after"),
    ],
)
def test_another_collection_is_named(name: str, text: str, looks: str) -> None:
    with pytest.raises(BadInput, match=looks):
        checked(bundle_of({name: text.encode()}), only=NONE)


@pytest.mark.parametrize("text", ["", "a,b\n1,2", "persontableid\n1", "\0" * 50])
def test_other_csv_files_are_refused(text: str) -> None:
    with pytest.raises(BadInput):
        checked(bundle_of({"export_person.csv": text.encode()}), only=NONE)


def test_xml_among_csv_files_is_refused() -> None:
    with pytest.raises(BadInput, match="XML"):
        checked(bundle_of({"return.xml": b"<Message/>"}), only=NONE)


def test_damaged_locked_and_nested_zips_are_refused() -> None:
    with pytest.raises(BadLinkedFile, match="damaged"):
        checked(b"PK\x03\x04" + b"x" * 100, only=NONE)
    inner, outer = io.BytesIO(), io.BytesIO()
    with zipfile.ZipFile(inner, "w") as archive:
        archive.writestr("export_person.csv", "a")
    with zipfile.ZipFile(outer, "w") as archive:
        archive.writestr("inner.zip", inner.getvalue())
    with pytest.raises(BadLinkedFile, match="zip inside a zip"):
        checked(outer.getvalue(), only=NONE)


def test_a_zip_bomb_is_refused_while_it_unpacks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sen2dash.reading.linked.given.MAX_UNPACKED", 1_000_000)
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("export_person.csv", b"0" * 2_000_000)
    with pytest.raises(BadLinkedFile, match="too large"):
        checked(bomb.getvalue(), only=NONE)


def test_a_bundle_that_is_damaged_is_refused() -> None:
    data = bundle_of(files_of(small()))
    with pytest.raises(BadInput, match="damaged"):
        checked(data[: len(data) // 2], only=NONE)


def test_a_zip_that_poses_as_a_bundle_cannot_unpack_to_much() -> None:
    posing = io.BytesIO()
    with zipfile.ZipFile(posing, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("given.json", '{"names": ["a.csv"], "header": null, "swaps": false}')
        archive.writestr("0", b"0" * 2_000_000)
    with pytest.raises(BadInput, match="damaged"):
        checked(posing.getvalue(), only=NONE)


TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\0\r"), max_size=8)


@settings(max_examples=20, deadline=None)
@given(
    cells=st.lists(st.tuples(st.sampled_from(["11", "12", "", "x"]), TEXTS, TEXTS), min_size=1, max_size=6),
    cut=st.integers(0, 60),
)
def test_any_rows_are_read_or_refused(cells: list[tuple[str, str, str]], cut: int) -> None:
    """Every request is in the tables, or named as left out; or the files are refused with a message."""
    tables = small()
    tables["requests"] = [
        {"requeststableid": f"2{at}", "persontableid": key, "receiveddate": day, "rya": flag}
        for at, (key, day, flag) in enumerate(cells)
    ]
    for name in ("assessment", "namedplan", "plandetail", "activeplans", "placementdetail", "senneed"):
        del tables[name]
    files = files_of(tables)
    files["export_requests.csv"] = files["export_requests.csv"][: max(60, len(files["export_requests.csv"]) - cut % 3)]
    try:
        report = checked(bundle_of(files), only=NONE)
    except UserError as error:
        assert error.message
        return
    assert report.counts["requests"] == len(cells)
    report.close()


def test_the_authority_is_known_before_anybody_is_read() -> None:
    assert authority_of(bundle_of(files_of(small()))) == "333"
    tables = small()
    tables["sen2"][0]["lea"] = ""
    assert authority_of(bundle_of(files_of(tables))) == ""


def test_persons_of_another_collection_are_not_those_of_sen2() -> None:
    other = {"persontableid": "1", "NativeId": "1", "sourceid": "1", "personorderseqcolumn": "1"}
    items = {"surname": "Harris", "forename": "Ann", "upn": "A123456789012"}
    files = {
        "ap_person.csv": csv_of([{**other, "aptableid": "1", **items}], "person"),
        "ap_ap.csv": csv_of([{"aptableid": "1", "lea": "333"}], "sen2"),
    }
    with pytest.raises(BadInput, match="looks like an alternative provision census"):
        checked(bundle_of(files), only=NONE)
    with pytest.raises(BadInput, match="No file has the headings of the SEN2 export"):
        checked(bundle_of({"person.csv": csv_of([other], "person")}), only=NONE)


def test_a_workbook_among_other_files_is_refused_as_such() -> None:
    files = files_of(small()) | {"return.xlsx": workbook_of({"Person": [["a"]]})}
    with pytest.raises(BadInput, match=r"return\.xlsx is a workbook") as found:
        checked(bundle_of(files), only=NONE)
    assert found.value.hint == "Choose the workbook on its own."


def test_the_reason_of_a_refusal_is_the_one_that_holds() -> None:
    tables = small()
    tables["senneed"][0]["activeplanstableid"] = "99"
    with pytest.raises(BadInput, match=r"Too many rows belong to a row that is not there\. SEN needs: 1 of 1"):
        checked(bundle_of(files_of(tables)), only=NONE)
