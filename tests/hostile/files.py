"""Hostile and odd files, made by code, each with the title of its refusal or the findings it adds to its clean twin's.

Nothing here is read from a disk. FILES are small and list their expected results; FLOODS are large and have limits on
their cost.
"""

from __future__ import annotations

import gzip
import io
import itertools
import re
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from types import MappingProxyType

import xlsxwriter

from sen2dash.sample.generate import sample_bytes

EMPTY = "The file is empty"
NOT_XML = "The file is not XML"
COMPRESSED = "This is a compressed file, not an XML file"
UNREADABLE = "The file is not XML in an encoding that can be read"
ENCODING = "The encoding is not supported"
MISMARKED = "The file is not in the encoding that it says it is in"
MALFORMED = "The file is not well-formed XML"
DOCTYPE = "The file has a document type declaration"
NOT_SEN2 = "This is not a SEN2 return"
WEB_PAGE = "This is a web page, not a SEN2 return"
BIG_RECORD = "One record is too large to be a person's"
MANY_GROUPS = "One person has too many groups"
TOO_EMPTY = "The file has too many empty or unexpected elements"

DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>'
HEADER = (
    "<Header><CollectionDetails><Collection>SEN2</Collection><Year>2025</Year>"
    "<ReferenceDate>2025-01-16</ReferenceDate></CollectionDetails><Source><LEA>333</LEA></Source></Header>"
)


@dataclass(frozen=True)
class File:
    """One file.

    refused: the title of the refusal; None: it is read, and `adds` lists findings that the twin does not have.
    other: the title where a file that is not XML may be given, if it is another.
    """

    name: str
    make: Callable[[], bytes]
    refused: str | None = None
    other: str = ""
    adds: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    twin: Callable[[], bytes] | None = None


@cache
def text() -> str:
    """The clean twin: a small return with three known defects and names beyond ASCII."""
    made = sample_bytes(persons=6, seed=7, rule_ids=("P15", "R09", "P03"), year=2025).decode()
    return re.sub(r"<Surname>[^<]*", "<Surname>Öz & Söhne".replace("&", "&amp;"), made, count=1)


def clean() -> bytes:
    """The clean twin as bytes."""
    return text().encode()


def body() -> str:
    """The clean twin without its declaration."""
    return text().split("?>", 1)[1].lstrip()


def changed(old: str, new: str, count: int = 1) -> Callable[[], bytes]:
    """The clean twin with a text replaced."""

    def make() -> bytes:
        assert old in text(), old
        return text().replace(old, new, count).encode()

    return make


def written(make: Callable[[], str]) -> Callable[[], bytes]:
    """A text encoded as UTF-8."""
    return lambda: make().encode()


def everywhere(between: str) -> str:
    """The clean twin with something between all tags, and in the middle of every text."""
    spread = re.sub(r">(?=\s*<)", f">{between}", body())
    return DECLARATION + re.sub(r">([^<>\s&])([^<>\s&])", rf">\1{between}\2", spread) + between.strip()


def in_cdata() -> str:
    """The clean twin with each text in CDATA sections."""

    def wrap(match: re.Match[str]) -> str:
        plain = match[1].replace("&amp;", "&")
        return f"><![CDATA[{plain[:1]}]]><![CDATA[{plain[1:]}]]><"

    return re.sub(r">([^<>]*\S[^<>]*)<", wrap, text())


def in_references() -> str:
    """The clean twin with each character of each text as a character reference."""

    def refer(match: re.Match[str]) -> str:
        return ">" + "".join(f"&#x{ord(char):x};" for char in match[1].replace("&amp;", "&")) + "<"

    return re.sub(r">([^<>]*\S[^<>]*)<", refer, text())


def prefixed() -> str:
    """The clean twin with a prefix on every element."""
    return re.sub(r"<(/?)([A-Z])", r"<\1s:\2", text()).replace("<s:Message", '<s:Message xmlns:s="urn:x"', 1)


def with_prefixes_in_turn() -> str:
    """The clean twin with each element under one of fifty prefixes for fifty namespaces."""
    number = itertools.count()
    open_tags: list[str] = []

    def name(match: re.Match[str]) -> str:
        if match[1]:
            return f"</{open_tags.pop()}:{match[2]}"
        prefix = f"n{next(number) % 50}"
        if match[3] != "/":
            open_tags.append(prefix)
        return f"<{prefix}:{match[2]}{match[3]}"

    declared = "".join(f' xmlns:n{i}="urn:{i}"' for i in range(50))
    return (
        re.sub(r"<(/?)([A-Z]\w*)(/?)", name, text()).replace(">", f"{declared}>", 2).replace(f"?{declared}>", "?>", 1)
    )


def cut(where: str, offset: int = 0) -> Callable[[], bytes]:
    """The clean twin cut off at the first occurrence of a text."""
    return lambda: clean()[: clean().index(where.encode()) + offset]


def workbook() -> bytes:
    """An Excel file."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer) as book:
        book.add_worksheet("SEN2").write(0, 0, "Surname")
    return buffer.getvalue()


def packed() -> bytes:
    """The clean twin in a zip."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as file:
        file.writestr("return.xml", clean())
    return buffer.getvalue()


def with_doctype(doctype: str, codec: str = "utf-8", before: str = "") -> Callable[[], bytes]:
    """The clean twin after a document type declaration, using its entity in a name."""
    inner = body().replace("<Surname>", "<Surname>&e;", 1) if "ENTITY" in doctype else body()
    return lambda: f'<?xml version="1.0"?>{before}{doctype}{inner}'.encode(codec)


MANY_ATTRIBUTES = "".join(f' a{i}="1"' for i in range(5_000))
LAUGHS = "".join(f'<!ENTITY e{i} "{f"&e{i - 1};" * 10}">' for i in range(1, 12))
BOMB = f'<!DOCTYPE Message [<!ENTITY e0 "ha">{LAUGHS}<!ENTITY e "&e11;">]>'
QUADRATIC = f'<!DOCTYPE Message [<!ENTITY e "{"a" * 100_000}">]>'


def declared(encoding: str, codec: str) -> Callable[[], bytes]:
    """The clean twin in an encoding declared in its first line."""
    return lambda: (f'<?xml version="1.0" encoding="{encoding}"?>\n' + body()).encode(codec)


def in_first_name(inner: bytes) -> Callable[[], bytes]:
    """The clean twin with these bytes in a name."""
    return lambda: clean().replace(b"<Surname>", b"<Surname>" + inner, 1)


def same_with(inner: str) -> Callable[[], bytes]:
    """A twin with the same meaning: with a text in a name, written out plainly."""
    return lambda: clean().replace(b"<Surname>", b"<Surname>" + inner.encode(), 1)


def with_header(header: str) -> str:
    """The clean twin with another header."""
    return re.sub(r"<Header>.*</Header>", header, text(), count=1, flags=re.DOTALL)


def header_last(made: str) -> str:
    """A return with its header after the persons."""
    found = re.search(r"<Header>.*</Header>", made, flags=re.DOTALL)
    assert found
    return made.replace(found[0], "", 1).replace("</Message>", f"{found[0]}</Message>")


def forename_first() -> str:
    """The clean twin with two items of a person in another order."""
    return re.sub(r"(<Surname>.*?</Surname>)(\s*)(<Forename>.*?</Forename>)", r"\3\2\1", text(), count=1)


def in_groups() -> str:
    """The clean twin with each person in a Persons group."""
    return re.sub(r"</Person>(?=\s*<Person>)", "</Person></Persons><Persons>", text())


def other_collection() -> str:
    """A children-in-need census."""
    header = HEADER.replace("SEN2", "CIN")
    return f"{DECLARATION}<Message>{header}<Children><Child><ChildIdentifiers/></Child></Children></Message>"


FILES: tuple[File, ...] = (
    File("clean", clean),
    # -- no XML at all
    File("empty", lambda: b"", EMPTY),
    File("white space", lambda: b" \r\n\t \n" * 50, NOT_XML),
    File("words", lambda: b"Dear colleague, please find the return attached.", NOT_XML),
    File("csv", lambda: b"Surname,Forename\r\nA,B\r\n", NOT_XML),
    File("json", lambda: b'{"Message": {"Persons": []}}', NOT_XML),
    File("workbook", workbook, COMPRESSED, NOT_SEN2),
    File("zip", packed, COMPRESSED, "The zip holds an XML file"),
    File("gzip", lambda: gzip.compress(clean(), mtime=0), COMPRESSED),
    File("gzip bomb", lambda: gzip.compress(bytes(20_000_000), mtime=0), COMPRESSED),
    File(
        "old workbook",
        lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512),
        NOT_XML,
        "This workbook cannot be read",
    ),
    File("pdf", lambda: b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<< /Type /Catalog >>\nendobj\n", NOT_XML),
    File("png", lambda: b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(64), NOT_XML),
    File("jpeg", lambda: b"\xff\xd8\xff\xe0\x00\x10JFIF\x00" + bytes(64), NOT_XML),
    File("zeros", lambda: bytes(4_096), UNREADABLE),
    File("every byte", lambda: bytes(range(1, 256)) * 4, NOT_XML),
    File("web page", lambda: b"<!doctype html><html><body>Sign in</body></html>", WEB_PAGE),
    File("web page without doctype", lambda: b"<html><body>Sign in</body></html>", WEB_PAGE),
    # -- another document
    File("wrong root", written(lambda: re.sub(r"(</?)Message", r"\1Massage", text())), NOT_SEN2),
    File("person as root", lambda: b"<Person><Surname>A</Surname></Person>", NOT_SEN2),
    File("root of control characters", lambda: b"<\x1b[31mMessage/>", NOT_SEN2),
    File("endless root", lambda: b"<" + b"M" * 100_000 + b"/>", NOT_SEN2),
    File("another collection", written(other_collection), NOT_SEN2),
    File("message alone", lambda: b"<Message/>", NOT_SEN2),
    File("header alone", written(lambda: f"<Message>{HEADER}</Message>"), NOT_SEN2),
    # -- cut off
    File("cut in the declaration", cut("encoding"), NOT_XML),
    File("cut behind the declaration", cut("<Message>"), NOT_XML),
    File("cut in the root", cut("<Message>", 4), NOT_SEN2),
    File("cut behind the root", cut("<Message>", 9), MALFORMED),
    File("cut in the header", cut("</CollectionDetails>"), MALFORMED),
    File("cut in a tag", cut("<Forename>", 5), MALFORMED),
    File("cut in a text", cut("<Forename>", 12), MALFORMED),
    File("cut in a character", cut("Öz", 1), MALFORMED),
    File("cut in a reference", cut("&amp;", 3), MALFORMED),
    File("cut between people", cut("</Person>", 9), MALFORMED),
    File("cut before the end", cut("</Message>"), MALFORMED),
    File("cut by one byte", lambda: clean().rstrip()[:-1], MALFORMED),
    File("two returns in one", lambda: clean() + clean(), MALFORMED),
    File("junk behind the end", lambda: clean() + b"-- end of export --", MALFORMED),
    File("zeros behind the end", lambda: clean() + bytes(16), MALFORMED),
    # -- encodings
    File("utf-8 with mark", lambda: b"\xef\xbb\xbf" + clean()),
    File("two marks", lambda: b"\xef\xbb\xbf" * 2 + clean(), NOT_XML),
    File("utf-16 little end first", lambda: b"\xff\xfe" + declared("UTF-16", "utf-16-le")()),
    File("utf-16 big end first", lambda: b"\xfe\xff" + declared("UTF-16", "utf-16-be")()),
    File("utf-16 marked as utf-8", lambda: text().encode("utf-16")),
    File("utf-16 without mark", lambda: text().encode("utf-16-le"), UNREADABLE),
    File("utf-16 cut in a character", lambda: text().encode("utf-16")[:-1], MISMARKED),
    File("utf-16 of half a pair", lambda: text().encode("utf-16") + b"\x00\xd8", MISMARKED),
    File("utf-32", lambda: text().encode("utf-32"), ENCODING),
    File("iso-8859-1", declared("ISO-8859-1", "iso-8859-1")),
    File("iso-8859-1 not declared", lambda: body().encode("iso-8859-1"), MALFORMED),
    File("iso-8859-1 declared as utf-8", lambda: text().encode("iso-8859-1"), MALFORMED),
    File("utf-8 mark and declared iso-8859-1", lambda: b"\xef\xbb\xbf" + declared("ISO-8859-1", "utf-8")()),
    File("windows-1252", declared("windows-1252", "cp1252")),
    File(
        "windows-1252 quotes",
        lambda: declared("windows-1252", "cp1252")().replace(b"<Surname>", b"<Surname>\x91\x80\x92", 1),
        twin=same_with("‘€’"),
    ),
    File("us-ascii", written(lambda: in_references().replace("UTF-8", "US-ASCII"))),
    File("us-ascii that is none", declared("US-ASCII", "utf-8"), MISMARKED),
    File("declared utf-16 but none", declared("UTF-16", "utf-8"), ENCODING),
    File("utf-7", declared("UTF-7", "utf-7"), ENCODING),
    File("ebcdic", lambda: text().encode("cp500"), NOT_XML),
    File("an encoding nobody knows", declared("X-SECRET-9", "utf-8"), ENCODING),
    File("a codec that is no encoding", declared("hex", "utf-8"), ENCODING),
    File("overlong utf-8", in_first_name(b"\xc0\xaf"), MALFORMED),
    File("surrogates in utf-8", in_first_name(b"\xed\xa0\x80\xed\xb0\x80"), MALFORMED),
    File("beyond unicode", in_first_name(b"\xf5\x80\x80\x80"), MALFORMED),
    # -- lines and layout
    File("lines end in CRLF", lambda: clean().replace(b"\n", b"\r\n")),
    File("lines end in CR", lambda: clean().replace(b"\n", b"\r")),
    File("one line", written(lambda: re.sub(r">\s+<", "><", text()))),
    File("a line an attribute", written(lambda: text().replace("<Person>", "<Person\n\n\n>"))),
    File("blank lines", lambda: clean().replace(b"\n", b"\n" * 40)),
    File("white space before the declaration", lambda: b"\n" + clean(), MALFORMED),
    File("comment before the declaration", lambda: b"<!-- x -->" + clean(), MALFORMED),
    File("no declaration", written(body)),
    File("xml 1.1", changed('version="1.0"', 'version="1.1"')),
    File("standalone", changed('encoding="UTF-8"', 'encoding="UTF-8" standalone="yes"')),
    File("declaration in the middle", changed("<Persons>", f"<Persons>{DECLARATION}"), MALFORMED),
    # -- what an XML file may hold anywhere
    File("comments everywhere", written(lambda: everywhere("<!-- <Person><Surname> & -->"))),
    File("comments over lines", written(lambda: everywhere("<!--\n<Persons>\n-->"))),
    File("instructions everywhere", written(lambda: everywhere('<?go <Person a="> ?>'))),
    File("a stylesheet", changed("<Message>", '<?xml-stylesheet href="http://example.org/x.xsl"?><Message>')),
    File("comment of dashes", changed("<Persons>", "<Persons><!-- a -- b -->"), MALFORMED),
    File("comment without end", changed("<Persons>", "<Persons><!-- "), MALFORMED),
    File("cdata everywhere", written(in_cdata)),
    File("cdata without end", changed("<Persons>", "<Persons><![CDATA[ "), MALFORMED),
    File("loose text", changed("<Person>", "<Person>loose", 99), adds={"H24": 6}),
    File("references everywhere", written(in_references)),
    File("unknown entity", in_first_name(b"&nbsp;"), MALFORMED),
    File("reference to zero", in_first_name(b"&#0;"), MALFORMED),
    File("reference to half a pair", in_first_name(b"&#xD800;"), MALFORMED),
    File("ampersand alone", in_first_name(b"A & B"), MALFORMED),
    File("less-than alone", in_first_name(b"A < B"), MALFORMED),
    # -- namespaces and attributes
    File("default namespace", changed("<Message>", '<Message xmlns="http://example.org/sen2">')),
    File("prefix", written(prefixed)),
    File("fifty prefixes", written(with_prefixes_in_turn)),
    File("prefix not declared", written(lambda: prefixed().replace(' xmlns:s="urn:x"', "")), MALFORMED),
    File("prefix not declared, then a warning", changed("<Persons>", "<a:b/><?xml-x?><Persons>"), MALFORMED),
    File(
        "prefix not declared, then a warning, then a second root",
        lambda: changed("<Persons>", "<a:b/><?xml-x?><Persons>")() + b"<Message/>",
        MALFORMED,
    ),
    File("a name of the parser's own", changed("<Persons>", "<?xml-x?><Persons>")),
    File("namespace that is no address", changed("<Persons>", '<Persons xmlns="sen2" xmlns:a="b c">'), MALFORMED),
    File("namespace that is a relative address", changed("<Persons>", '<Persons xmlns="sen2">')),
    File(
        "schema location",
        changed(
            "<Message>",
            '<Message xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
            'xsi:noNamespaceSchemaLocation="http://example.org/sen2.xsd">',
        ),
    ),
    File("attributes", changed("<Person>", '<Person id="1" note="a > b &lt;Person>">', 99), adds={"H24": 6}),
    File("five thousand attributes", changed("<Person>", f"<Person{MANY_ATTRIBUTES}>"), adds={"H24": 1}),
    File("an attribute twice", changed("<Person>", '<Person a="1" a="2">'), MALFORMED),
    File("attribute without value", changed("<Person>", "<Person hidden>"), MALFORMED),
    # -- document types
    File("doctype", with_doctype("<!DOCTYPE Message>"), DOCTYPE),
    File("doctype in small letters", with_doctype("<!doctype Message>"), DOCTYPE),
    File("doctype behind a comment", with_doctype("<!DOCTYPE Message>", before="<!-- a --><?b?>\n"), DOCTYPE),
    File("doctype in utf-16", with_doctype("<!DOCTYPE Message>", "utf-16"), DOCTYPE),
    File("doctype in the middle", changed("<Persons>", "<Persons><!DOCTYPE Message>"), MALFORMED),
    File("entity", with_doctype('<!DOCTYPE Message [<!ENTITY e "x">]>'), DOCTYPE),
    File("entity bomb", with_doctype(BOMB), DOCTYPE),
    File("quadratic entity bomb", with_doctype(QUADRATIC), DOCTYPE),
    File("entity of a file", with_doctype('<!DOCTYPE Message [<!ENTITY e SYSTEM "file:///etc/passwd">]>'), DOCTYPE),
    File("entity of the net", with_doctype('<!DOCTYPE Message [<!ENTITY e SYSTEM "http://127.0.0.1/">]>'), DOCTYPE),
    File("parameter entity", with_doctype('<!DOCTYPE Message [<!ENTITY % p SYSTEM "file:///etc/hosts">%p;]>'), DOCTYPE),
    File("outside dtd", with_doctype('<!DOCTYPE Message SYSTEM "http://127.0.0.1/sen2.dtd">'), DOCTYPE),
    File(
        "xinclude",
        changed(
            "</Persons>",
            '<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="file:///etc/passwd" parse="text"/></Persons>',
        ),
        adds={"H17": 1},
    ),
    # -- characters
    File("nul in a text", in_first_name(b"\x00"), MALFORMED),
    File("nul in a tag", changed("<Person>", "<Per\x00son>"), MALFORMED),
    File("control character", in_first_name(b"\x01"), MALFORMED),
    File("escape sequence", in_first_name(b"\x1b[2J"), MALFORMED),
    File("noncharacter", in_first_name(b"\xef\xbf\xbe"), MALFORMED),
    File("mark in a text", in_first_name(b"\xef\xbb\xbf"), twin=same_with("\ufeff")),
    File("ten thousand characters", in_first_name(b"&#65;" * 10_000), twin=same_with("A" * 10_000)),
    # -- sizes
    File("nine million characters", changed("</Persons>", f"<x>{'a' * 9_000_000}</x></Persons>"), adds={"H17": 1}),
    File("eleven million characters", in_first_name(b"a" * 11_000_000), MALFORMED),
    File("comment of eleven million", changed("<Persons>", f"<Persons><!--{'a' * 11_000_000}-->"), MALFORMED),
    File("attribute of eleven million", changed("<Person>", f'<Person a="{"a" * 11_000_000}">'), MALFORMED),
    File("name of sixty thousand", changed("<Person>", f"<{'P' * 60_000}>"), MALFORMED),
    File("nested 200 deep", changed("</Persons>", f"{'<a>' * 200}{'</a>' * 200}</Persons>"), adds={"H17": 1}),
    File("nested 300 deep", changed("</Persons>", f"{'<a>' * 300}{'</a>' * 300}</Persons>"), MALFORMED),
    File("nested a million deep", changed("<Persons>", "<a>" * 1_000_000), MALFORMED),
    File("a million people of nothing", written(lambda: f"<Message><Persons>{'<Person/>' * 1_000_000}"), TOO_EMPTY),
    # -- structure
    File("an unknown element", changed("<Person>", "<Person><Nickname>Bo</Nickname>"), adds={"H17": 1}),
    File("unknown elements around", changed("<Persons>", "<a/><Persons><b><Person/></b>"), adds={"H02": 1, "H17": 2}),
    File("an item of a group", changed("<Person>", "<Person><SENneed/>"), adds={"H17": 1}),
    File("an element in an item", in_first_name(b"<b>x</b>"), adds={"H17": 1}),
    File("a repeated item", changed("</Surname>", "</Surname><Surname>B</Surname>"), adds={"H19": 1}),
    File("an item out of order", written(forename_first), adds={"H19": 1}),
    File("a small letter", changed("<Surname>", "<surname>"), MALFORMED),
    File(
        "small letters",
        written(lambda: re.sub(r"(</?)(Message|Persons|Person|Surname)\b", lambda m: m[0].lower(), text())),
        adds={"H18": 14},
    ),
    File("two headers", changed("</Header>", "</Header><Header/>"), adds={"H02": 1}),
    File("a header behind the persons", written(lambda: header_last(text())), adds={"H19": 1}),
    File("a header in the persons", changed("<Persons>", "<Persons><Header/>"), adds={"H17": 1}),
    File("no header", written(lambda: with_header("")), twin=written(lambda: with_header("<Header/>"))),
    File("a group for each person", written(in_groups), adds={"H02": 1}),
    File(
        "persons in persons", changed("<Persons>", "<Persons><Persons><Person/></Persons>"), adds={"H02": 1, "H17": 1}
    ),
    File("a person outside", changed("<Persons>", "<Person/><Persons>"), adds={"H02": 1, "H17": 1}),
    File("a message in the message", changed("<Persons>", "<Message/><Persons>"), adds={"H17": 1}),
    File(
        "no persons",
        written(lambda: f"<Message>{HEADER}<Persons><!-- nobody --></Persons></Message>"),
        twin=written(lambda: f"<Message>{HEADER}<Persons/></Message>"),
    ),
)
