"""What may be given, in which form, and what is refused: every refusal names the file."""

from __future__ import annotations

import codecs
import io
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from sen2dash import reference
from sen2dash.analysis import linked_base, linked_exclusions, linked_match
from sen2dash.errors import BadArguments, BadLinkedFile
from sen2dash.indicators import figures
from sen2dash.linked import census_log
from sen2dash.reading.linked import given, recognise, xml_feed
from sen2dash.reading.linked.census import read_census
from sen2dash.reading.linked.given import GivenFile, files
from sen2dash.reading.linked.table import LINES
from tests.linked.making import Census, linked, log_of, matched, person, register, sen2

UPN = "A333000100001"
XML = """<?xml version="1.0" encoding="{encoding}"?>
<m:Message xmlns:m="urn:x"><m:Header><m:CollectionDetails><m:Collection>{collection}</m:Collection><m:Term>{term}</m:Term>
<m:Year>2024</m:Year><m:ReferenceDate>2024-01-18</m:ReferenceDate></m:CollectionDetails>
<m:Source><m:LEA>333</m:LEA><m:Estab>1001</m:Estab><m:SerialNo>1</m:SerialNo></m:Source></m:Header>
<m:School><m:URN>101001</m:URN></m:School><m:Pupils><m:PUPILSONROLL>{pupils}</m:PUPILSONROLL></m:Pupils></m:Message>"""
PUPIL = """<m:PupilOnRoll><m:PupilIdentifiers><m:UPN>A333000100001</m:UPN><m:DOB>2014-03-05</m:DOB><m:Gender>M</m:Gender>
<m:Surname>Laneé</m:Surname></m:PupilIdentifiers><m:PupilStatus>
<m:NCyearLeaving>9</m:NCyearLeaving><m:NCyearActual>6</m:NCyearActual></m:PupilStatus>
<m:SpecialEducationalNeeds><m:SENprovision>E</m:SENprovision><m:SENneeds><m:SENneed><m:SENtypeRank>1</m:SENtypeRank>
<m:SENtype>ASD</m:SENtype></m:SENneed><m:SENneed><m:SENtypeRank>1</m:SENtypeRank><m:SENtype>MLD</m:SENtype></m:SENneed>
</m:SENneeds></m:SpecialEducationalNeeds>
<m:PupilCharacteristics><m:FSMperiods><m:FSMperiod><m:FSMstartDate>2020-01-01</m:FSMstartDate></m:FSMperiod></m:FSMperiods>
</m:PupilCharacteristics><m:Attendance><m:TermlyAttendance><m:SessionsPossible>120</m:SessionsPossible><m:SessionDetails>
<m:SessionDetail><m:AttendanceReason>I</m:AttendanceReason><m:AbsenceSessions>12</m:AbsenceSessions></m:SessionDetail>
</m:SessionDetails></m:TermlyAttendance><m:SummerHalfTerm2Attendance><m:SessionsPossible>7</m:SessionsPossible>
</m:SummerHalfTerm2Attendance></m:Attendance><m:Exclusions><m:TermlyExclusion><m:Category>SUSP</m:Category>
<m:StartDate>2023-10-05</m:StartDate><m:Sessions>2</m:Sessions><m:SENprovision>K</m:SENprovision><m:Reasons>
<m:Reason>DB</m:Reason><m:Reason>PA</m:Reason></m:Reasons></m:TermlyExclusion><m:TermlyExclusion>
<m:Category>SUSP</m:Category><m:StartDate>2023-10-05</m:StartDate><m:Sessions>3</m:Sessions><m:Reasons><m:Reason>PP</m:Reason>
<m:Reason>pp </m:Reason><m:Reason>VB</m:Reason><m:Reason>VA</m:Reason><m:Reason>DB</m:Reason></m:Reasons></m:TermlyExclusion>
</m:Exclusions>
<m:HomeInformation><m:Surname>Parent</m:Surname><m:UPN>Z</m:UPN></m:HomeInformation></m:PupilOnRoll>"""


def xml(collection: str = "SC", term: str = "SPR", pupils: str = PUPIL, encoding: str = "utf-8") -> bytes:
    return XML.format(collection=collection, term=term, pupils=pupils, encoding=encoding).encode(encoding)


def zipped(files_in: Mapping[str, bytes], packing: int = zipfile.ZIP_DEFLATED) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", packing) as packed:
        for name, data in files_in.items():
            packed.writestr(name, data)
    return held.getvalue()


def export() -> Census:
    census = Census()
    row = census.pupil(census.school(), ncyearactual="6", surname="Lane", termlysessionspossible=120)
    census.add("termlysessiondetailsonroll", row, attendancereason="I", sessions=12)
    return census


def census_of(path: Path) -> dict[str, Any]:
    return linked(sen2(person()), census=path)


def refused(folder: Path, name: str, data: bytes) -> str:
    path = folder / name
    path.write_bytes(data)
    with pytest.raises(BadLinkedFile) as error:
        read_census(files([path]))
    assert name in error.value.message
    assert error.value.title
    return f"{error.value.one_line()}"


@pytest.mark.parametrize("encoding", ["utf-8", "windows-1252", "utf-16"])
def test_the_xml_of_a_school(encoding: str, tmp_path: Path) -> None:
    """Names count whatever their case or namespace, and what stands in rows of their own is not the pupil's.

    Of two rows about one suspension the last counts, of two needs of rank 1 the first.
    """
    path = tmp_path / "school.xml"
    path.write_bytes(xml(encoding=encoding))
    own = person(plan=True, needs=[{"SENtype": "ASD", "SENtypeRank": "1"}])
    answer = linked(sen2(own), census=path)
    child = answer["persons"][0]
    assert (child["match"], child["nc_year"]) == ("exact", "6")
    assert answer["census"]["disagreements"]["need"] == 0
    assert child["census"] | {"laestab": "3331001", "fsm": "yes", "sen_provision": "ehcp"} == child["census"]
    assert child["absence"] == {"2023/24": {"possible": 120, "authorised": 12, "unauthorised": 0}}
    assert child["exclusions"] == {"2023/24": {"suspensions": 1, "sessions": 3, "permanent": 0}}
    assert answer["exclusions"][0]["reasons"] == {"PP": 1, "VA": 1, "VB": 1}


def test_xml_and_csv_say_the_same(tmp_path: Path) -> None:
    folder = export().write(tmp_path / "csv")
    as_csv = census_of(folder)
    pupil = PUPIL.replace("<m:SENneeds>", "<m:None/><m:SENneeds>")
    (tmp_path / "school.xml").write_bytes(xml(pupils=pupil))
    as_xml = census_of(tmp_path / "school.xml")
    for name in ("match", "nc_year", "absence"):
        assert as_csv["persons"][0][name] == as_xml["persons"][0][name], name
    assert as_csv["absence"] == as_xml["absence"]


def test_xml_is_read_where_it_has_no_session_and_no_exclusion(tmp_path: Path) -> None:
    path = tmp_path / "school.xml"
    path.write_bytes(xml(pupils=""))
    answer = census_of(path)
    assert answer["census"]["rows"] == 0
    assert answer["absence"][0]["periods"] == ["autumn"]
    assert answer["exclusions"] == []


def test_files_folders_and_zips_are_the_same_and_may_be_mixed(tmp_path: Path) -> None:
    census = export()
    folder = census.write(tmp_path / "folder")
    (folder / "below").mkdir()
    (folder / "below" / "notes.txt").write_text("not read")
    (folder / ".DS_Store").write_bytes(b"junk")
    packed = tmp_path / "all.zip"
    members = {f"term {place}/{name}": data for place, (name, data) in enumerate(census.files().items())}
    packed.write_bytes(zipped(members | {"__MACOSX/._a": b"x"}))
    wanted = census_of(folder)
    assert wanted["census"]["exact"] == 1
    assert census_of(packed) == wanted
    assert linked(sen2(person()), census=sorted(folder.glob("*.csv"))) == wanted
    twice = linked(sen2(person()), census=[packed, folder])
    assert (twice["census"]["returns"], twice["census"]["superseded"], twice["census"]["exact"]) == (1, 1, 1)


def test_folders_of_a_zip_tell_exports_apart_where_a_table_is_in_several(tmp_path: Path) -> None:
    path = tmp_path / "all.zip"
    path.write_bytes(zipped({f"{term}/{name}": data for term in "ab" for name, data in export().files().items()}))
    tables = read_census(files([path])).tables
    assert tables["export"]["export"].to_pylist() == [1, 2]
    assert tables["session"]["export"].to_pylist() == [1, 2]


@pytest.mark.parametrize("ratio", [55, 1000])
def test_there_is_no_limit_on_the_ratio_of_a_zip(ratio: int, tmp_path: Path) -> None:
    files_in = export().files()
    size = len(zipped(files_in))
    files_in["Export_addresses.csv"] = b"a" * (size * ratio)
    path = tmp_path / "all.zip"
    path.write_bytes(zipped(files_in))
    assert sum(map(len, files_in.values())) / path.stat().st_size > ratio / 3
    assert census_of(path)["census"]["exact"] == 1


def test_a_zip_over_a_limit_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    data = zipped(export().files() | {"a/": b"", "b/": b"", "__MACOSX/._a": b""})
    for name, value, says in (
        ("MAX_MEMBERS", 2, "too many files"),
        ("MAX_MEMBERS", 5, "6 files and folders"),
        ("MAX_UNPACKED", 300, "too large"),
        ("MAX_MEMBER", 100, "too large"),
    ):
        with monkeypatch.context() as changed:
            changed.setattr(given, name, value)
            assert says in refused(tmp_path, "all.zip", data)


def test_zips_given_together_share_one_limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    data = zipped({"a_pupilonroll.csv": b"a" * 1_000})
    monkeypatch.setattr(given, "MAX_UNPACKED", 1_500)
    assert len(list(given.uploads([("one.zip", data)]))) == 1
    with pytest.raises(BadLinkedFile, match="all that was given unpacks to more"):
        list(given.uploads([("one.zip", data), ("two.zip", data)]))
    for name in ("one.zip", "two.zip"):
        (tmp_path / name).write_bytes(data)
    for paths in ([tmp_path], [tmp_path / "one.zip", tmp_path / "two.zip"]):
        with pytest.raises(BadLinkedFile, match="all that was given unpacks to more"):
            list(files(paths))


def test_a_false_size_in_a_zip_is_not_trusted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    data = bytearray(zipped({"a_pupilonroll.csv": b"a" * 100_000}))
    at = data.rfind(b"PK\x01\x02")
    data[at + 24 : at + 28] = (10).to_bytes(4, "little")
    monkeypatch.setattr(given, "MAX_MEMBER", 1_000)
    assert "a_pupilonroll.csv" in refused(tmp_path, "all.zip", bytes(data))


@pytest.mark.parametrize(
    ("name", "data", "says"),
    [
        ("in.zip", zipped({"x/inner.zip": zipped({"a.csv": b"a"})}), "inner.zip is a zip or a workbook"),
        ("bad.zip", b"PK\x03\x04 nothing", "damaged or incomplete"),
        ("none.zip", zipped({}), "no file in it"),
        ("book.xlsx", zipped({"[Content_Types].xml": b"<a/>"}), "Excel or Word"),
        ("read.zip", zipped({"readme.txt": b"hello"}), "readme.txt is not CSV, XML or a zip"),
        ("notes.txt", b"hello", "is not CSV, XML or a zip"),
        ("pupils.csv", b"upn,dob\n", "does not end in that of a table"),
        ("x_unknown.csv", b"upn,dob\n", "does not end in that of a table"),
        ("x_pupilonroll.csv", b"upn,dob\n", "table pupilonroll, has no column pupilonrolltableid"),
        ("x_pupilonroll.csv", b"", "has no column pupilonrolltableid"),
        ("x_pupilonroll.csv", b"a" * 140_000, "has no column pupilonrolltableid"),
        ("x_school.csv", b"schooltableid\n", "have no table schoolcensus"),
        ("x_fsmperiod.csv", b"fsmstartdate\n", "has no column pupilonrolltableid"),
        (
            "x_pupilonroll.csv",
            b"PupilOnRollTableId,schoolcensustableid,upn,dob,ncyearactual,enrolstatus\n",
            "has no column sex or gender",
        ),
        (
            "x_pupilonroll.csv",
            b"pupilonrolltableid,schoolcensustableid,upn,dob,sex,ncyearactual,enrolstatus\n",
            "have no table schoolcensus",
        ),
        (
            "x_schoolcensus.csv",
            b"schoolcensustableid,collection,term,year,referencedate,lea,estab\n",
            "have no table pupilonroll",
        ),
        (
            "x_schoolcensus.csv",
            b"schoolcensustableid,collection,term,year,referencedate,lea,estab\n1,CIN,SPR,2024,,333,1\n",
            "children-in-need",
        ),
        (
            "x_schoolcensus.csv",
            b"schoolcensustableid,collection,term,year,referencedate,lea,estab\n1,SC,602,2024,,333,1\n",
            "Export the census again",
        ),
        (
            "x_schoolcensus.csv",
            b"schoolcensustableid,collection,term,year,referencedate,lea,estab\n1,PRU,SPR,now,,333,1\n",
            "line 2: the column year",
        ),
        ("sen2.xml", sen2(person()), "This is a SEN2 return"),
        ("cin.xml", xml("CIN"), "children-in-need"),
        ("old.xml", xml(term="601"), "Export the census again"),
        ("ctf.xml", b"<CTfile/>", "prior attainment"),
        ("none.xml", b"<Message></Message>", "has no Header"),
        ("doctype.xml", b'<!DOCTYPE a [<!ENTITY b "c">]><Message/>', "DOCTYPE"),
        ("cut.xml", xml()[:-40], "not well-formed"),
        ("entity.xml", xml(pupils="&lol;"), "not well-formed"),
        ("bytes.xml", b"<Message>\xff</Message>", "bytes.xml"),
    ],
)
def test_what_is_refused(name: str, data: bytes, says: str, tmp_path: Path) -> None:
    assert says in refused(tmp_path, name, data)


def test_what_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadArguments, match=r"gone\.csv"):
        census_of(tmp_path / "gone.csv")
    (tmp_path / "empty").mkdir()
    with pytest.raises(BadLinkedFile, match="empty has no file"):
        census_of(tmp_path / "empty")


def test_a_file_of_nothing_but_header_is_refused_before_it_fills_the_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(xml_feed, "MAX_BETWEEN", 100_000)
    monkeypatch.setattr(xml_feed, "CHUNK", 10_000)
    data = xml(pupils="").replace(b"<m:Pupils>", b"<m:Pupils>" + b"<m:a/>" * 40_000)
    assert "without a pupil" in refused(tmp_path, "flood.xml", data)


def test_headings_in_any_order_and_case_and_an_older_layout(tmp_path: Path) -> None:
    """With a byte order mark, line ends of Windows, quotation marks, spaces, and columns that are not known.

    A heading may have a line break, and both names of a column: the one with a value counts.
    """
    census, pupils = (
        export().files()["Export_schoolcensus.csv"],
        (
            '\ufeffGENDER ,"Other\r\ncolumn",sex,"DOB",UPN,SchoolCensusTableId,PUPILONROLLTABLEID,NcYearActual,enrolstatus,'
            'termlysessionspossible,surname\r\nm,x, ,2014-Mar-05 00:00:00," a333000100001 ",1,2,6,C,100,"O\'Neil, ""Jo"""\r\n'
        ),
    )
    sessions = "absencesessions,attendancereason,pupilonrolltableid\r\n12, i ,2.0\r\n"
    folder = tmp_path / "old"
    folder.mkdir()
    for name, data in {
        "e_schoolcensus.csv": census,
        "e_PupilOnRoll.CSV": pupils.encode(),
        "e_termlysessiondetailsonroll.csv": sessions.encode(),
        "e_addressesonroll.csv": b"\x00\xff",
        "e_school.csv": b"",
    }.items():
        (folder / name).write_bytes(data)
    answer = census_of(folder)
    assert answer["persons"][0]["match"] == "exact"
    assert answer["persons"][0]["absence"] == {"2023/24": {"possible": 100, "authorised": 12, "unauthorised": 0}}


@pytest.mark.parametrize("mark", [b"", codecs.BOM_UTF8])
def test_windows_1252_and_rows_of_another_length(mark: bytes, tmp_path: Path) -> None:
    folder = export().write(tmp_path / "c")
    path = folder / "Export_pupilonroll.csv"
    text = path.read_text().replace("Lane", "Lané")
    path.write_bytes(mark + f"{text}9,1,{UPN},2014-03-05,M\n\n".encode("cp1252"))
    reading = read_census(files([folder]))
    assert reading.tables["pupil"]["surname"].to_pylist() == ["Lané", None]
    assert any("line 3 do not have as many cells" in note for note in reading.notes)
    assert [value for value in reading.tables["pupil"]["key"].to_pylist() if value] == ["2", "9"]


@pytest.mark.parametrize(("more", "lines"), [("", [2, 5]), ("\n", [2, 6]), ('9,1,"Z\n', [2, 6, 5])])
def test_a_blank_row_is_left_out_however_the_rest_is_read(more: str, lines: list[int], tmp_path: Path) -> None:
    folder = export().write(tmp_path / "c")
    path = folder / "Export_pupilonroll.csv"
    heading, row = path.read_text().splitlines()
    commas = "," * (heading.count(",") + 1)
    path.write_text(f'{heading},other\n{row},\n{commas}\n" "{commas}\n{more}{commas}x\n')
    read_nos = read_census(files([folder])).tables["pupil"]["read_no"].to_pylist()
    assert [read_no % LINES for read_no in read_nos] == lines


def test_a_quotation_mark_without_its_pair_takes_its_own_row_alone(tmp_path: Path) -> None:
    census = export()
    for place in range(3):
        census.pupil(1, upn=f"B{place}", surname='"Lane' if place == 0 else "Lane")
    reading = read_census(files([census.write(tmp_path / "c")]))
    assert sorted(reading.tables["pupil"]["upn"].to_pylist()) == [UPN, "B0", "B1", "B2"]


def test_mixed_exports_are_said_in_the_log(tmp_path: Path) -> None:
    census = export()
    for place in range(50, 53):
        census.add("termlysessiondetailsonroll", place, attendancereason="I", sessions=1)
    census.pupil(census.school(lea=330), upn="Z", dob="bad")
    census.pupil(1, entrydate="bad")
    log = log_of(sen2(person()), census=census.write(tmp_path / "c"))
    assert any("3 of 7 rows" in line and "different exports" in line for line in log)
    assert "1 of 2 schools is of another authority." in log
    assert "1 value of entrydate cannot be read and counts as blank: Export_pupilonroll.csv, line 4." in log


def test_progress_is_called_with_what_was_read() -> None:
    calls: list[tuple[str, int, int]] = []
    data = xml()
    read_census([GivenFile("a.xml", "a.xml", "", data)], lambda *call: calls.append(call))
    assert calls[0] == ("a.xml", 0, len(data))
    assert calls[-1][1:] == (len(data), len(data))


def test_a_row_of_xml_is_named_by_the_number_of_its_pupil(tmp_path: Path) -> None:
    odd = PUPIL.replace("<m:NCyearLeaving>", "<m:EntryDate>soon</m:EntryDate><m:NCyearLeaving>")
    (tmp_path / "school.xml").write_bytes(xml(pupils=PUPIL.replace("100001", "100009") + odd))
    log = log_of(sen2(person()), census=tmp_path / "school.xml")
    assert "1 value of entrydate cannot be read and counts as blank: school.xml, pupil 2." in log


def test_the_log_lists_codes_that_are_not_in_their_list(tmp_path: Path) -> None:
    """The most frequent first, without what hides or reverses a text, and at most ten."""
    census = Census()
    row = census.pupil(census.school(), language="Q\u202eQ", senprovision="E")
    for place in range(12):
        census.add("termlysessiondetailsonroll", row, attendancereason=f"Z{place}", sessions=1)
    census.add("termlysessiondetailsonroll", row, attendancereason="Z11", sessions=1)
    log = log_of(sen2(person()), census=census.write(tmp_path / "c"))
    assert "Not in the list of languages: Q\ufffdQ (1)." in log
    (line,) = [each for each in log if "attendance codes" in each]
    assert line.startswith("Not in the list of attendance codes: Z11 (2), Z0 (1), Z1 (1), Z10 (1)")
    assert line.endswith(" and 2 more.")


@pytest.mark.parametrize("name", sorted({row["code_set"] for row in reference.read("census_codes.csv")}))
def test_every_list_of_codes_has_a_name_in_the_log(name: str) -> None:
    assert name in {*census_log.CODE_SETS, "flag", "term"}, "values that are read, not looked up"


REGISTER_HEADING = b"URN,LA (code),EstablishmentName,TypeOfEstablishment (code)\n1,333,A,1\n"
GIAP = "Get information about pupils (GIAP)"


@pytest.mark.parametrize(
    ("name", "data", "says"),
    [
        ("fsp.xml", xml("FSP"), GIAP),
        ("phonics.xml", xml("Phonics"), GIAP),
        ("fsp16.xml", xml("FSP", encoding="utf-16"), GIAP),
        ("sen2.xml", sen2(person()), "This is a SEN2 return"),
        ("cin.xml", xml("CIN"), "children-in-need"),
        ("odd.xml", xml("WORKFORCE"), "common transfer files, or CSV files of Ofsted"),
        ("other.xml", b"<Workbook/>", "common transfer files, or CSV files of Ofsted"),
        ("phonics.csv", b"LEA,ESTAB,URN,UPN,SURNAME,MARK\n333,1001,101001,A1,Lane,33\n", GIAP),
        ("ks4.csv", b'"PUPILID","URN","KS4_UPN"\n1,101001,A1\n', GIAP),
        ("ks2.dat", b"A333000100001 30 31", GIAP),
        ("register.csv", REGISTER_HEADING, "under 'The register of establishments'"),
        ("places.csv", b"URN,Name,Postcode\n1,A,B\n", "common transfer files, or CSV files of Ofsted"),
    ],
)
def test_a_file_that_is_not_recognised_is_sent_to_where_it_belongs(name: str, data: bytes, says: str) -> None:
    with pytest.raises(BadLinkedFile) as error:
        recognise.by_kind([GivenFile(name, name, "", data)])
    assert name in str(error.value.message) and says in str(error.value.hint)


@pytest.mark.parametrize(
    ("name", "data", "kind"),
    [
        ("schools.csv", b'Note\nURN,Name,"Overall\neffectiveness"\n1,A,2\n', "inspections"),
        ("card.csv", b"urn,Inclusion\n1,Strong\n", "inspections"),
        (
            "independent.csv",
            b"URN,Most recent standard inspection: Overall compliance with ISS\n1,Met\n",
            "inspections",
        ),
        ("childcare.csv", b"Provider URN,Name\n1,A\n", "inspections"),
        ("fe.csv", b"Web Link,Provider UKPRN\nx,1\n", "inspections"),
        ("school.xml", xml(), "census"),
        ("pru.xml", xml("PRU"), "census"),
        ("none.xml", b"<Message></Message>", "census"),
    ],
)
def test_a_file_is_recognised_by_what_it_holds(name: str, data: bytes, kind: str) -> None:
    assert list(recognise.by_kind([GivenFile(name, name, "", data)])) == [kind]


def test_a_text_file_as_census_is_refused_in_a_sentence(tmp_path: Path) -> None:
    assert refused(tmp_path, "a.txt", b"x").count("a.txt is not CSV, XML or a zip.") == 1
    assert "that of a table, such as _pupilonroll.csv." in refused(tmp_path, "a.csv", b"x")


@pytest.mark.parametrize("is_zip", [False, True])
def test_tables_whose_names_differ_only_in_case_are_one_export(is_zip: bool, tmp_path: Path) -> None:
    given = {
        name.replace("Export", "EXPORT") if "pupil" in name else name: data for name, data in export().files().items()
    }
    path = tmp_path / ("all.zip" if is_zip else "folder")
    if is_zip:
        path.write_bytes(zipped(given))
    else:
        path.mkdir()
        for name, data in given.items():
            (path / name).write_bytes(data)
    assert census_of(path)["census"]["exact"] == 1


@pytest.mark.parametrize(
    ("authorities", "says"),
    [
        ([333, 334], "1 of 2 schools is of another authority."),
        ([334, 334, 335], "3 of 3 schools are of 2 other authorities."),
    ],
)
def test_the_log_has_the_number_of_other_authorities(authorities: list[int], says: str, tmp_path: Path) -> None:
    census = Census()
    for place, lea in enumerate(authorities):
        census.pupil(census.school(lea=lea, estab=f"100{place}"))
    with matched(sen2(person()), None, {"census": census.write(tmp_path / "c")}) as (report, found):
        assert found.census is not None
        assert says in found.log
        words = says.partition("schools ")[2]
        assert words in linked_match.schools_text(report, found.census)


def test_a_school_has_its_name_in_the_register_else_in_its_own_files(tmp_path: Path) -> None:
    census = Census()
    census.has("termlyexclusionsonroll")
    names = {"1001": "Old\u202e name", "1002": "Its own", "1003": None, "1004": "x"}
    keys = {estab: census.school(estab=estab) for estab in names}
    census.columns["school"] = ["schooltableid", "schoolcensustableid", "schoolname"]
    census.tables["school"] = [
        {"schooltableid": estab, "schoolcensustableid": f"{keys[estab]}.0", "schoolname": name}
        for estab, name in names.items()
        if estab != "1004"
    ]
    for key in keys.values():
        row = census.pupil(key)
        census.add("termlyexclusionsonroll", row, category="SUSP", startdate="2023-10-05", sessions=2)
    registered = register(("101001", "", "333", "1", "", ""))
    with matched(sen2(person()), registered, {"census": census.write(tmp_path / "c")}) as (report, found):
        assert found.census is not None
        everyone = figures.select(report)
        card = linked_exclusions.exclusion_cards(report, everyone, found.census, 2023)[0]
        listed = card.find("", "suspended")
        schools = listed.rows[listed.extra["School"]].to_pylist()
    assert schools == ["School 101001 (3331001)", "Its own (3331002)", "3331003", "3331004"]


def test_the_name_of_a_school_is_read_from_xml_too(tmp_path: Path) -> None:
    data = xml().replace(b"<m:URN>", b"<m:SchoolName>Saint A</m:SchoolName><m:URN>")
    (tmp_path / "school.xml").write_bytes(data)
    with matched(sen2(person()), None, {"census": tmp_path / "school.xml"}) as (report, found):
        assert found.census is not None
        assert linked_base.school_names(report, found.census) == {"3331001": "Saint A (3331001)"}


def test_an_export_may_lack_the_table_of_schools_and_its_columns(tmp_path: Path) -> None:
    folder = export().write(tmp_path / "c")
    (folder / "Export_school.csv").write_text("phase\nPS\n")
    assert census_of(folder)["census"]["exact"] == 1
