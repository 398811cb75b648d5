"""From bytes to rows: encodings, refusals, names, layouts by year, and what is kept of unexpected content."""

from __future__ import annotations

import gc
import gzip
import hashlib
import io
import mmap
import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from sen2dash import spec
from sen2dash.errors import NotSen2, NotXml, TooLarge, UserError
from sen2dash.model import Facts
from sen2dash.reading import shred

Rows = dict[str, list[dict[str, Any]]]


def message(
    persons: str = "<Person><Surname>Öz</Surname></Person>", header: str | None = None, year: str = "2025"
) -> str:
    if header is None:
        header = f"<Header><CollectionDetails><Year>{year}</Year></CollectionDetails><Source><LEA>333</LEA></Source></Header>"
    return f"<Message>{header}<Persons>{persons}</Persons></Message>"


def read(data: str | bytes | mmap.mmap) -> tuple[Facts, Rows]:
    rows: Rows = {table: [] for table in (*spec.TABLES, "deviation")}
    if isinstance(data, str):
        data = data.encode("utf-8")
    facts = shred.shred(data, lambda table, batch: rows[table].extend(batch.to_pylist()))
    return facts, rows


def deviations(rows: Rows) -> list[tuple[str, str, int, str, str]]:
    return [(d["kind"], d["table_name"], d["row_id"], d["name"], d["spec_name"]) for d in rows["deviation"]]


def person(inner: str, year: str = "2025") -> Rows:
    return read(message(f"<Person>{inner}</Person>", year=year))[1]


# -- encodings --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("declared", "codec"),
    [
        (None, "utf-8"),
        ("UTF-8", "utf-8"),
        ("utf-8", "utf-8-sig"),
        ("UTF-16", "utf-16"),
        ("UTF-16", "utf-16-be-mark"),
        ("ISO-8859-1", "iso-8859-1"),
        ("windows-1252", "cp1252"),
        ("US-ASCII", "ascii"),
    ],
)
def test_encodings_that_are_read(declared: str | None, codec: str) -> None:
    text = message() if codec != "ascii" else message("<Person><Surname>&#214;z</Surname></Person>")
    if declared:
        text = f'<?xml version="1.0" encoding="{declared}"?>\n{text}'
    data = b"\xfe\xff" + text.encode("utf-16-be") if codec == "utf-16-be-mark" else text.encode(codec)
    facts, rows = read(data)
    assert rows["person"][0]["surname"] == "Öz"
    assert (facts.persons, facts.year) == (1, 2025)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "empty"),
        (b"   \n", "not XML"),
        (b"URN,Name\n1,2\n", "not XML"),
        (b"\x00\x01\x02\x03", "cannot be read|not XML"),
        (message().encode("utf-32"), "UTF-32"),
        (message().encode("utf-16-le"), "UTF-16"),
        (b'<?xml version="1.0" encoding="EBCDIC-UK"?>' + message().encode(), "EBCDIC-UK"),
        (b'<?xml version="1.0" encoding="UTF-7"?>' + message().encode(), "UTF-7"),
        (b'<?xml version="1.0" encoding="UTF-16"?>' + message().encode(), "UTF-16"),
        (b'<?xml version="1.0" encoding="US-ASCII"?>' + message().encode("utf-8"), "ascii"),
        (b'<?xml version="1.0" encoding="windows-1252"?><Message>\x81</Message>', "1252"),
        (message().encode("iso-8859-1"), "well-formed"),
        (gzip.compress(message().encode()), "compressed"),
        (message().encode()[:-3], "well-formed"),
        (message("<Person><Surname>A & B</Surname></Person>").encode(), "well-formed"),
        (message("<Person><Surname>&nbsp;</Surname></Person>").encode(), "well-formed"),
        (message("<Person>\x01</Person>").encode(), "well-formed"),
        (message().encode() + b"<Message/>", "well-formed"),
        (b"<!-- never ends " + message().encode(), "not XML"),
    ],
)
def test_bytes_that_are_refused(data: bytes, words: str) -> None:
    with pytest.raises(NotXml, match=words):
        read(data)


UTF_8 = '<?xml version="1.0" encoding="UTF-8"?>\n'


@pytest.mark.parametrize(
    ("data", "says", "hint"),
    [
        (
            UTF_8.replace("UTF-8", "utf-16").encode() + message().encode(),
            "Line 1",
            'change encoding="utf-16" to encoding="UTF-8"',
        ),
        (
            UTF_8.replace("UTF-8", "utf-16").encode() + message().encode("cp1252"),
            "Line 1",
            'change encoding="utf-16" to encoding="windows-1252"',
        ),
        (
            UTF_8.encode() + message("\n<Person><Surname>Öz</Surname></Person>").encode("cp1252"),
            "Line 3, column 18: the byte 0xD6 is not UTF-8",
            'change encoding="UTF-8" to encoding="windows-1252"',
        ),
        (message().encode("cp1252"), "0xD6", 'Add <?xml version="1.0" encoding="windows-1252"?>'),
        (UTF_8.replace("UTF-8", "US-ASCII").encode() + message().encode(), "line 2", 'to encoding="UTF-8"'),
        (message().encode("utf-16-le"), "no byte order mark|not start with a byte order mark", "save it as UTF-8"),
        (message().encode()[:-3], "Line 1", "cut off"),
        (message().encode() + message().encode(), "Line 1", "upload each in a file of its own"),
        (message("<Person><Surname>A & B</Surname></Person>").encode(), "Line 1", "&amp;"),
        (message("<Person><Surname>A < B</Surname></Person>").encode(), "Line 1", "&lt;"),
        (b"\n" + UTF_8.encode() + message().encode(), "Line", "in front of the first <\\?xml"),
        (b"<!DOCTYPE html><html></html>", "HTML", "Sign in"),
        (b"<html><body/></html>", "HTML", "Sign in"),
        (
            b'<?xml version="1.0"?>\n<!DOCTYPE Message>' + message().encode(),
            "Line 2",
            "Delete the declaration in line 2",
        ),
        (b"", "no bytes", "again"),
        (b'{"a": 1}', "JSON", "XML"),
        (b"PK\x03\x04" + bytes(26) + b"[Content_Types].xml", "Excel", "cannot be renamed"),
        (b"PK\x03\x04" + bytes(26) + b"return.xml", "zip", "Unpack"),
        (b'<?xml version="1.0"?>\n', "ends there", "again"),
    ],
)
def test_a_hint_is_about_this_file(data: bytes, says: str, hint: str) -> None:
    with pytest.raises(UserError) as caught:
        read(data)
    assert re.search(says, caught.value.message), caught.value.message
    assert re.search(hint.replace("?>", "\\?>").replace("<?xml", "<\\?xml"), caught.value.hint), caught.value.hint


def test_a_zip_is_refused() -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as file:
        file.writestr("return.xml", message())
    with pytest.raises(NotXml, match="compressed"):
        read(packed.getvalue())


@pytest.mark.parametrize(
    "doctype",
    [
        "<!DOCTYPE Message>",
        '<!DOCTYPE Message [<!ENTITY a "b">]>',
        '<!DOCTYPE Message SYSTEM "file:///etc/passwd">',
        '<!DOCTYPE Message [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>',
    ],
)
@pytest.mark.parametrize("before", ["", '<?xml version="1.0"?>\n', "<!-- <Message> -->\n<?go?>", "\ufeff"])
def test_a_doctype_is_refused(before: str, doctype: str) -> None:
    for codec in ("utf-8", "utf-16"):
        with pytest.raises(NotXml, match="document type"):
            read((before + doctype + message()).encode(codec))


def test_a_doctype_in_a_comment_is_none() -> None:
    assert read("<!-- <!DOCTYPE x> -->" + message())[0].persons == 1


def test_limits() -> None:
    with pytest.raises(NotXml):
        read(message("<a>" * 300 + "</a>" * 300))
    with pytest.raises(NotXml):
        read(message(f"<Person><Surname>{'a' * 10_000_001}</Surname></Person>"))
    assert read(message("<a>" * 200 + "</a>" * 200))[0].persons == 0


def test_a_record_that_never_ends_is_refused() -> None:
    with pytest.raises(TooLarge):
        read(message("<Person>" + "<Requests/>" * 200_000 + "</Person>"))


@pytest.mark.parametrize("text", ["<Person/>", "<s:Massage xmlns:s='x'/>"])
def test_another_root_is_refused(text: str) -> None:
    with pytest.raises(NotSen2, match="starts with"):
        read(text)


def test_a_message_without_persons_is_refused() -> None:
    with pytest.raises(NotSen2, match="Persons"):
        read("<Message><Header/></Message>")


def test_no_refusal_holds_a_value_of_the_return() -> None:
    for data in (
        message("<Person><Surname>Secretname</Forename></Person>"),
        message("<Person><Surname>Secretname &x;"),
    ):
        with pytest.raises(UserError) as caught:
            read(data)
        assert "Secretname" not in str(caught.value)


@pytest.mark.parametrize(
    "data",
    [
        message("<Person><Surname>A</Forename></Person>").encode(),
        message("<Person><Surname>A</Surname></Person>").encode() + b"<",
        message("<Person><Surname>A</Surname></Person>").replace("Message>", "Massage>").encode(),
        message("<Person>" + "<Requests/>" * 1_100 + "</Person>").encode(),
        message("<Person><Surname>A</Surname></Person>").encode("utf-16") + b"\x00\xd8",
    ],
    ids=["mismatch", "open end", "root", "groups", "half a pair"],
)
def test_a_refusal_that_is_kept_keeps_nothing_of_the_file(data: bytes) -> None:
    """It keeps neither the tree and its parser nor another error that holds the bytes."""

    def n_kept() -> int:
        return sum(isinstance(found, etree.XMLPullParser | etree._Element) for found in gc.get_objects())

    gc.collect()
    before = n_kept()
    with pytest.raises(UserError) as caught:
        read(data)
    assert caught.value.__context__ is None
    assert n_kept() == before


# -- names ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.replace("<Message>", '<Message xmlns="http://example.org/sen2">'),
        lambda text: text.replace("<", "<s:").replace("<s:/", "</s:").replace("<s:Message", '<s:Message xmlns:s="x"'),
        lambda text: text.replace("<Person>", '<Person note="Requests &gt; 1">'),
        lambda text: text.replace("<Surname>", "words <!-- <Surname>No</Surname> --><Surname>"),
    ],
)
def test_namespaces_attributes_and_loose_text_change_no_value(change: Callable[[str], str]) -> None:
    facts, rows = read(change(message()))
    assert facts.persons == 1
    assert rows["person"][0]["surname"] == "Öz"
    assert rows["header"][0]["lea"] == "333"
    assert {kind for kind, *_ in deviations(rows)} <= {"attribute", "text"}


@pytest.mark.parametrize(
    ("written", "column"),
    [("PostCode", "postcode"), ("Postcode", "postcode")],
)
def test_silent_variants_of_a_person(written: str, column: str) -> None:
    rows = person(f"<{written}>B70 1AA</{written}>")
    assert rows["person"][0][column] == "B70 1AA"
    assert rows["deviation"] == []


def test_silent_variants_of_a_placement() -> None:
    inner = "<SENSetting>OLA</SENSetting><SENSettingOther>x</SENSettingOther><Res>A</Res>"
    rows = person(f"<Requests><ActivePlans><PlacementDetail>{inner}</PlacementDetail></ActivePlans></Requests>")
    (placement,) = rows["placementdetail"]
    assert (placement["sen_setting"], placement["sen_setting_other"], placement["res"]) == ("OLA", "x", "A")
    assert rows["deviation"] == []


def test_reported_variants() -> None:
    rows = person(
        "<SURNAME>A</SURNAME><requests><Assessment><NamedPlan><PlanWPB>1</PlanWPB></NamedPlan></Assessment>"
        "<ActivePlans><PlacementDetail><WPB>2</WPB></PlacementDetail></ActivePlans></requests>"
    )
    assert rows["person"][0]["surname"] == "A"
    assert rows["namedplan"][0]["plan_wbp"] == "1"
    assert rows["placementdetail"][0]["wbp"] == "2"
    assert sorted(deviations(rows)) == [
        ("variant", "namedplan", 1, "PlanWPB", "PlanWBP"),
        ("variant", "person", 1, "SURNAME", "Surname"),
        ("variant", "placementdetail", 1, "WPB", "WBP"),
        ("variant", "requests", 1, "requests", "Requests"),
    ]


def test_a_slip_in_another_case_is_unknown() -> None:
    rows = person("<Requests><Assessment><NamedPlan><planwpb>1</planwpb></NamedPlan></Assessment></Requests>")
    assert rows["namedplan"][0]["plan_wbp"] is None
    assert deviations(rows) == [("unexpected", "namedplan", 1, "planwpb", "")]


def test_containers_in_another_case() -> None:
    text = message().replace("Message", "message").replace("Header", "HEADER").replace("Persons", "persons")
    facts, rows = read(
        text.replace("Source", "SOURCE").replace("<Person>", "<person>").replace("</Person>", "</person>")
    )
    assert (facts.n_header, facts.n_source, facts.n_persons_groups, facts.persons) == (1, 1, 1, 1)
    assert sorted(deviations(rows)) == [
        ("variant", "header", 1, "HEADER", "Header"),
        ("variant", "header", 1, "SOURCE", "Source"),
        ("variant", "header", 1, "message", "Message"),
        ("variant", "header", 1, "persons", "Persons"),
        ("variant", "person", 1, "person", "Person"),
    ]


# -- attributes, and text outside items -------------------------------------------------------------------


def extras(text: str) -> list[tuple[str, str, int, str, str, str, int]]:
    """Kind, table, row, name, holder, content and line of what H24 reports."""
    return [
        (d["kind"], d["table_name"], d["row_id"], d["name"], d["spec_name"], d["content"], d["line"])
        for d in read(text)[1]["deviation"]
        if d["kind"] in ("attribute", "text")
    ]


NEED = "<Requests><ActivePlans>\n<SENneed>ASD</SENneed></ActivePlans></Requests>"


@pytest.mark.parametrize(
    ("inner", "found"),
    [
        (
            '<Person Surname="Smith" Forename="A &quot;&lt;&#10;"/>',
            [("attribute", "person", 1, "Surname", "", 'Surname="Smith" Forename="A &quot;&lt;&#10;"', 1)],
        ),
        (
            '<Person><Surname>A</Surname>\n<postcode x="1">B</postcode></Person>',
            [("attribute", "person", 1, "x", "PostCode", 'x="1"', 2)],
        ),
        (f"<Person>\n{NEED}</Person>", [("text", "senneed", 1, "#text", "", "ASD", 3)]),
        ("<Person>a <Surname>A</Surname>b\n<Requests/> c </Person>", [("text", "person", 1, "#text", "", "a b c", 1)]),
        ("<Person><Surname/>a</Person>", [("text", "person", 1, "#text", "", "a", 1)]),
        ("<Person><Surname>A</Surname><![CDATA[b]]></Person>", [("text", "person", 1, "#text", "", "b", 1)]),
        ("<Person>&#65;</Person>", [("text", "person", 1, "#text", "", "A", 1)]),
        ("<Person><Surname>A</Surname>&gt;></Person>", [("text", "person", 1, "#text", "", ">>", 1)]),
        (
            "a<Person/>b\n<Person/>c",
            [("text", "header", 1, "#text", "Persons", each, n) for each, n in (("a", 1), ("b", 1), ("c", 2))],
        ),
        ('<Person a=" " b="\u2003" xmlns:c="urn:c" xmlns="urn:d"/>', []),
        (
            '<Person xmlns:i="http://www.w3.org/2001/XMLSchema-instance"><Surname i:nil="true"/></Person>',
            [],
        ),
        (
            '<Person xmlns:c="urn:c" xmlns:d="urn:d" id_2="0" c:id="1" d:id="2" id="3"/>',
            [("attribute", "person", 1, "id_2", "", 'id_2="0" id="1" id_3="2" id_4="3"', 1)],
        ),
        ('<Person><x a="1">b</x><Surname>A<b c="2"/></Surname><Surname d="3"/></Person>', []),
        ("<Person>\u2003\n<Surname> A </Surname>\u2003</Person>", []),
    ],
)
def test_attributes_and_text_outside_items_are_kept(inner: str, found: list[Any]) -> None:
    assert extras(message(inner)) == found


def test_attributes_and_text_around_the_persons_stand_on_the_header() -> None:
    text = (
        '<Message a="1">b<Header c="2">d<CollectionDetails e="3">f<Year g="4">2025</Year></CollectionDetails>'
        '<Source h="5">i<LEA j="6">333</LEA></Source></Header>k<Persons l="7">m<Person/>n</Persons>o</Message>'
    )
    found = extras(text)
    assert {each[1:3] for each in found} == {("header", 1)}
    assert [(each[4], each[5]) for each in found if each[0] == "attribute"] == [
        ("Message", 'a="1"'),
        ("Header", 'c="2"'),
        ("CollectionDetails", 'e="3"'),
        ("Year", 'g="4"'),
        ("Source", 'h="5"'),
        ("LEA", 'j="6"'),
        ("Persons", 'l="7"'),
    ]
    assert [(each[4], each[5]) for each in found if each[0] == "text"] == [
        ("Message", "b"),
        ("Header", "d"),
        ("CollectionDetails", "f"),
        ("Source", "i"),
        ("Message", "k"),
        ("Persons", "m"),
        ("Persons", "n"),
        ("Message", "o"),
    ]


def test_an_unexpected_or_repeated_element_keeps_its_attributes() -> None:
    rows = person('<x a="1" b="&lt;"><y c="2">z</y></x><Surname>A</Surname><Surname d="3"/>')
    assert [d["content"] for d in rows["deviation"]] == ['<x a="1" b="&lt;"><y c="2">z</y></x>', '<Surname d="3"/>']


@pytest.mark.sampled(2)
@pytest.mark.parametrize(
    "odd",
    [
        '<Person a="1"><Surname>B</Surname></Person>',
        "<Person>a<Surname>B</Surname></Person>",
        "<Person>\n a\n<Surname>B</Surname></Person>",
        "<Person><Surname>B</Surname>a</Person>",
        "<Person><Surname>B</Surname> a \n<Forename>C</Forename></Person>",
        "<Person><Surname/>a<Forename/></Person>",
        "<Person><Surname>B</Surname><![CDATA[a]]></Person>",
        "<Person><Surname>B</Surname>></Person>",
        "<Person>><Surname>B</Surname></Person>",
        "<Person>a> <Surname>B</Surname></Person>",
        f"<Person>{NEED}</Person>",
    ],
)
def test_nothing_is_missed_wherever_a_piece_ends(odd: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Most pieces of a large file contain neither, and their groups are not examined."""
    usual = "<Person>\n <Surname>O B</Surname><Forename/>\n<Requests><RYA>1</RYA></Requests></Person>\n"
    for text in (message(usual * 3 + odd + usual * 3), message(odd + usual), message(usual + odd)):
        whole = read(text)
        assert len(whole[1]["deviation"]) == 1
        for size in range(1, len(text), 3):
            monkeypatch.setattr(shred, "CHUNK", size)
            assert read(text) == whole, size


# -- persons that are not read ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "number", "where"),
    [
        ("<Message>\n<Person/><Persons><Person/></Persons></Message>", 1, "1 beside Persons (from line 2)"),
        ("<Message><Persons/>\n<Person/>\n<Person/></Message>", 2, "2 beside Persons (from line 2)"),
        ("<Message><Header><Person/></Header><Persons/></Message>", 1, "1 in Header (from line 1)"),
        ("<Message><Header><Source><person/></Source></Header><Persons/></Message>", 1, "1 in Source (from line 1)"),
        (
            f"<Message><Persons><Person/>\n<Persons>{'<Person/>' * 40}</Persons></Persons></Message>",
            40,
            "40 in Persons within Persons (from line 2)",
        ),
        (message("<Person><Person><Person/></Person></Person>"), 2, "2 in Person (from line 1)"),
        (message("<Person><Requests><Person/></Requests></Person>"), 1, "1 in Requests (from line 1)"),
        (message("<Person><Surname><Person/></Surname></Person>"), 1, "1 in an unexpected element (from line 1)"),
        (message("<x><y><Person/></y></x>"), 1, "1 in an unexpected element (from line 1)"),
        (
            "<Message><x><Persons><Person/></Persons></x><Persons/></Message>",
            1,
            "1 in a Persons group out of place (from line 1)",
        ),
        ("<Message><Header/><Header><Person/></Header><Persons/></Message>", 1, "1 in Header (from line 1)"),
        (message("<Person/>"), 0, ""),
    ],
)
def test_persons_that_are_not_read_are_counted(text: str, number: int, where: str) -> None:
    facts, _ = read(text)
    assert (facts.n_unread_persons, facts.unread_persons) == (number, where)


# -- layouts ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("year", "unexpected"),
    [
        ("2023", ["DSCO", "Sex", "RequestSource", "ReviewMeeting", "RES"]),
        ("2024", ["DSCO", "GenderCurrent", "RequestSource", "WBP", "AttendancePattern"]),
        ("2025", ["GenderCurrent", "WBP", "AttendancePattern"]),
        ("2026", ["GenderCurrent", "WBP", "AttendancePattern"]),
    ],
)
def test_items_of_other_years_are_unexpected(year: str, unexpected: list[str]) -> None:
    details = f"<CollectionDetails><Year>{year}</Year></CollectionDetails>"
    header = f"<Header>{details}<Source><DSCO>Y</DSCO></Source></Header>"
    _, rows = read(
        message(
            "<Person><Sex>M</Sex><GenderCurrent>1</GenderCurrent><Requests><RequestSource>1</RequestSource><ActivePlans>"
            "<ReviewMeeting>2024-01-01</ReviewMeeting><WBP>1</WBP><PlacementDetail><AttendancePattern>x</AttendancePattern>"
            "<RES>A</RES></PlacementDetail></ActivePlans></Requests></Person>",
            header,
        )
    )
    assert [d["name"] for d in rows["deviation"] if d["kind"] == "unexpected"] == unexpected
    assert rows["header"][0]["dsco"] == (None if "DSCO" in unexpected else "Y")


def test_an_item_newer_than_the_year_is_reported_once() -> None:
    """Whatever its case and however often it occurs: it is not in the layout, so it has no order and no repetition."""
    header = (
        "<Header><CollectionDetails><Year>2024</Year></CollectionDetails>"
        "<Source><dsco>Y<a/></dsco><DSCO>N</DSCO><LEA>333</LEA></Source></Header>"
    )
    _, rows = read(message("", header))
    assert deviations(rows) == [
        ("unexpected", "header", 1, "dsco", "Source"),
        ("unexpected", "header", 1, "DSCO", "Source"),
    ]


@pytest.mark.parametrize(
    ("details", "year"),
    [
        ("<Year>2024</Year>", 2024),
        ("<Year> 2024 </Year>", 2024),
        ("<year>2023</year>", 2023),
        ("<Year>2022</Year><ReferenceDate>2024-01-18</ReferenceDate>", 2024),
        ("<ReferenceDate>2023-01-19</ReferenceDate>", 2023),
        ("<ReferenceDate>2022-01-19</ReferenceDate>", 2027),
        ("<ReferenceDate>2027-02-30</ReferenceDate>", 2027),
        ("<Year/><Year>2024</Year>", 2027),
        ("<Year>２０２４</Year>", 2027),
        ("<Year>02027</Year><ReferenceDate>2024-01-18</ReferenceDate>", 2024),
        ("<Year>2025</Year><ReferenceDate>2028-01-20</ReferenceDate>", 2025),
        ("<Year>2027</Year>", 2027),
        ("<Year>2028</Year>", 2028),
        ("<Year>2030</Year>", 2030),
        ("<Year>2031</Year>", 2027),
        ("<Year>2028</Year><ReferenceDate>2028-12-31</ReferenceDate>", 2028),
        ("<Year>2028</Year><ReferenceDate>2028-02-30</ReferenceDate>", 2028),
        ("<Year>2028</Year><ReferenceDate>2027-01-21</ReferenceDate>", 2027),
        ("<Year>2028</Year><ReferenceDate>2023-01-19</ReferenceDate>", 2023),
        ("<Year>2028</Year><ReferenceDate>2029-01-18</ReferenceDate>", 2027),
        ("<Year>2031</Year><ReferenceDate>2031-01-16</ReferenceDate>", 2027),
        ("<ReferenceDate>2028-01-20</ReferenceDate>", 2027),
        ("", 2027),
    ],
)
@pytest.mark.parametrize("is_first", [True, False])
def test_the_return_year(details: str, year: int, is_first: bool) -> None:
    header = f"<header><CollectionDetails>{details}</CollectionDetails></header>"
    persons = "<Persons><Person><Sex>M</Sex></Person></Persons>"
    facts, rows = read(f"<Message>{header}{persons}</Message>" if is_first else f"<Message>{persons}{header}</Message>")
    assert facts.year == year
    assert rows["person"][0]["sex"] == (None if year == 2023 else "M")


# -- structure --------------------------------------------------------------------------------------------


def test_keys_places_and_parents() -> None:
    _, rows = read(
        message(
            "<Person/><Person><Requests/><Requests><ActivePlans><SENneed/><SENneed/></ActivePlans></Requests></Person>"
            "<Person><Requests><ActivePlans><SENneed/></ActivePlans></Requests></Person>"
        )
    )
    assert [row["row_id"] for row in rows["person"]] == [1, 2, 3]
    keys = ("row_id", "person_id", "requests_id", "activeplans_id", "place")
    assert sorted(tuple(row[key] for key in keys) for row in rows["senneed"]) == [
        (1, 2, 2, 1, 1),
        (2, 2, 2, 1, 2),
        (3, 3, 3, 2, 1),
    ]


def test_several_persons_groups_are_numbered_on() -> None:
    text = message("<Person/><Person/>").replace("</Message>", "<Persons><Person/></Persons></Message>")
    facts, rows = read(text)
    assert facts.n_persons_groups == 2
    assert [(row["row_id"], row["place"]) for row in rows["person"]] == [(1, 1), (2, 2), (3, 1)]


def test_of_two_headers_the_first_is_read() -> None:
    first = "<Header><CollectionDetails><Year>2024</Year></CollectionDetails></Header>"
    second = "<Header><CollectionDetails><Year>2025</Year></CollectionDetails><Source/></Header>"
    facts, rows = read(message("", first + second))
    assert (facts.n_header, facts.n_collection_details, facts.n_source, facts.year) == (2, 1, 0, 2024)
    assert rows["header"][0]["year"] == "2024"
    facts, rows = read(message("", second).replace("</Message>", f"{first}</Message>"))
    assert [d["kind"] for d in rows["deviation"]] == ["container"]


def test_a_file_without_a_header() -> None:
    facts, rows = read(message("<Person/>", ""))
    assert facts.n_header == 0
    assert {value for name, value in rows["header"][0].items() if name not in ("row_id", "place")} == {None}


def test_persons_before_the_header_is_an_order_of_the_message() -> None:
    header = "<Header><CollectionDetails><Year>2025</Year></CollectionDetails></Header>"
    _, rows = read(f"<Message><Persons/>{header}</Message>")
    assert [(d["kind"], d["name"]) for d in rows["deviation"]] == [("order", "Message")]


@pytest.mark.parametrize(
    ("inner", "expected"),
    [
        ("<Surname>A</Surname><Surname>B</Surname>", [("repeat", "Surname")]),
        ("<Surname/><Surname>B</Surname>", [("repeat", "Surname")]),
        ("<Forename>B</Forename><Surname>A</Surname>", [("order", "Person")]),
        ("<Requests/><Surname>A</Surname>", [("order", "Person")]),
        ("<x/><Surname>A</Surname>", [("unexpected", "x")]),
        ("<Surname>A</Surname><Requests/><Requests/>", []),
    ],
)
def test_order_and_repetition(inner: str, expected: list[tuple[str, str]]) -> None:
    rows = person(inner)
    assert [(d["kind"], d["name"]) for d in rows["deviation"]] == expected
    assert rows["person"][0]["surname"] == (None if inner.startswith("<Surname/>") else "A")


def test_plan_detail_stands_behind_the_start_date() -> None:
    def order(inner: str) -> list[str]:
        rows = person(f"<Requests><Assessment><NamedPlan>{inner}</NamedPlan></Assessment></Requests>")
        return [d["kind"] for d in rows["deviation"]]

    start, detail, budget = "<StartDate>2024-01-01</StartDate>", "<PlanDetail/>", "<PB>1</PB>"
    assert order(start + detail + detail + budget) == []
    assert order(start + budget + detail) == ["order"]
    assert order(detail + start) == ["order"]


def test_placements_then_needs_stand_behind_the_transfer() -> None:
    def order(inner: str) -> list[str]:
        rows = person(f"<Requests><ActivePlans>{inner}</ActivePlans></Requests>")
        return [d["kind"] for d in rows["deviation"]]

    transfer, placement, need, review = "<TransferLA/>", "<PlacementDetail/>", "<SENneed/>", "<ReviewMeeting/>"
    assert order(transfer + placement + need + review) == []
    assert order(transfer + need + placement + review) == ["order"]
    assert order(transfer + review + placement + need) == ["order"]


def test_of_two_assessments_the_first_is_read() -> None:
    rows = person(
        "<Requests><Assessment><AssessmentOutcome>Y</AssessmentOutcome></Assessment>"
        "<Assessment><AssessmentOutcome>N</AssessmentOutcome></Assessment></Requests>"
    )
    assert [row["assessment_outcome"] for row in rows["assessment"]] == ["Y"]
    assert deviations(rows) == [("repeat", "requests", 1, "Assessment", "Assessment")]
    assert "<AssessmentOutcome>N" in rows["deviation"][0]["content"]


# -- text -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("inner", "value", "raw"),
    [
        ("Smith", "Smith", None),
        (" Smith\n", "Smith", " Smith\n"),
        ("\u2003Smith\u00a0", "Smith", "\u2003Smith\u00a0"),
        ("", None, None),
        ("<![CDATA[]]>", None, None),
        (" \t\n", None, " \t\n"),
        ("\u3000", None, "\u3000"),
        ("\u200bSmith", "\u200bSmith", None),
        ("Smi<!-- x -->th", "Smith", None),
        ("<!-- x -->Smith", "Smith", None),
        ("Sm<![CDATA[<i>]]>th", "Sm<i>th", None),
        ("O&apos;Neil &amp; Co", "O'Neil & Co", None),
        ("&#83;mith&#x20;", "Smith", "Smith "),
        ("Sm<?go?>ith", "Smith", None),
        ("A &lt;b&gt;", "A <b>", None),
    ],
)
def test_the_text_of_an_item(inner: str, value: str | None, raw: str | None) -> None:
    """The raw text keeps everything that is trimmed, except white space before a comment."""
    rows = person(f"<Surname>{inner}</Surname>")
    assert rows["person"][0]["surname"] == value
    assert [d["content"] for d in rows["deviation"]] == ([] if raw is None else [raw])


def test_elements_in_an_item() -> None:
    rows = person("<Surname>Sm<b>x<c/></b>ith</Surname><Forename><Surname>Y</Surname></Forename>")
    assert (rows["person"][0]["surname"], rows["person"][0]["forename"]) == ("Smith", None)
    assert deviations(rows) == [
        ("unexpected", "person", 1, "b", "Surname"),
        ("unexpected", "person", 1, "Surname", "Forename"),
    ]
    assert rows["deviation"][0]["content"] == "<b>x<c/></b>"


def test_what_is_in_an_unexpected_element_is_not_looked_at() -> None:
    rows = person("<x><Surname>Q</Surname><Requests/></x>")
    assert rows["person"][0]["surname"] is None
    assert rows["requests"] == []
    assert len(rows["deviation"]) == 1


@pytest.mark.parametrize(
    ("text", "holder"),
    [
        ("<Message><x/><Persons/></Message>", "Message"),
        ("<Message><Header><x/></Header><Persons/></Message>", "Header"),
        ("<Message><Header><Source><x/></Source></Header><Persons/></Message>", "Source"),
        ("<Message><Header><Source><LEA>3<x/></LEA></Source></Header><Persons/></Message>", "LEA"),
        ("<Message><Persons><x/></Persons></Message>", "Persons"),
    ],
)
def test_unexpected_elements_around_the_persons_stand_on_the_header(text: str, holder: str) -> None:
    assert deviations(read(text)[1]) == [("unexpected", "header", 1, "x", holder)]


def test_rows_do_not_depend_on_the_pieces_that_are_fed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tests that white space alone in an item is kept wherever a piece ends, also in an unknown element."""
    text = message("<Person><Surname> </Surname><x>\n<y> </y></x><Requests> <RYA> 1</RYA>  </Requests></Person>")
    whole = read(text)
    assert [d["content"] for d in whole[1]["deviation"]] == [" ", " 1", "<x><y> </y></x>"]
    for size in range(1, len(text)):
        monkeypatch.setattr(shred, "CHUNK", size)
        assert read(text) == whole, size


# -- facts and progress -----------------------------------------------------------------------------------


def test_a_memory_map_is_read_like_bytes(tmp_path: Path) -> None:
    text = message("<Person><Surname>A</Surname></Person>\n" * 1_000_000)
    path = tmp_path / "return.xml"
    path.write_text(text, encoding="utf-8")
    assert path.stat().st_size > shred.RELEASE
    with path.open("rb") as file:
        mapped = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    ticks: list[tuple[int, int]] = []
    last: list[int] = []
    facts = shred.shred(
        mapped,
        lambda table, batch: last.append(batch["line"][-1].as_py()) if table == "person" else None,
        lambda done, total: ticks.append((done, total)),
    )
    assert (facts.persons, facts.size) == (1_000_000, len(text))
    assert last[-1] == 1_000_000
    assert ticks == sorted(ticks)
    assert ticks[-1] == (len(text), len(text))


def test_the_digest_is_of_the_bytes_as_supplied() -> None:
    data = ('<?xml version="1.0" encoding="UTF-16"?>' + message()).encode("utf-16")
    facts, _ = read(data)
    assert facts.sha256 == hashlib.sha256(data).hexdigest()
    assert facts.encoding == "utf-16"
