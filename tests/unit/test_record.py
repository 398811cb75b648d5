"""One person's record: every value with its line, whatever the file looks like."""

from collections.abc import Iterator, Sequence
from datetime import datetime

import pytest

from sen2dash.checks import findings, record
from sen2dash.checks.masking import HIDDEN
from sen2dash.checks.report import Report, build_report
from sen2dash.config import Settings
from sen2dash.model import Rule
from sen2dash.reading.source import SourceText
from sen2dash.sample.generate import sample_bytes

SETTINGS = Settings(now=datetime(2025, 2, 1, 12, 0))
ODD = """<Message><Header><CollectionDetails><Collection>SEN2</Collection><Year>2025</Year></CollectionDetails></Header>
<Persons><!-- <Person> --><Person><Surname>One</Surname></Person><person>
<SURNAME>Two</SURNAME><!-- secret -->
<Nickname a="secret">secret<b/>secret</Nickname>
<Surname>secret</Surname>
<Requests><Assessment>
<AssessmentOutcome>N</AssessmentOutcome></Assessment><Assessment>
<AssessmentOutcome>Y</AssessmentOutcome></Assessment>
</Requests><Requests><Assessment><AssessmentOutcome>
Y</AssessmentOutcome></Assessment></Requests></person><Person><Surname>Three</Surname></Person>
</Persons></Message>"""


def open_report(data: bytes, only: Sequence[Rule] | None = None) -> tuple[Report, SourceText]:
    return build_report(data, SETTINGS, only=only), SourceText(data)


@pytest.mark.parametrize("shape", ["pretty", "crlf", "one line"])
def test_every_line_holds_its_element_and_its_value(shape: str) -> None:
    data = sample_bytes(persons=25, seed=3, year=2025)
    if shape == "crlf":
        data = data.replace(b"\n", b"\r\n")
    if shape == "one line":
        data = b"".join(line.strip() for line in data.split(b"\n"))
    report, source = open_report(data, only=())
    lines = data.decode().split("\n")
    n_values = 0
    for person in range(1, 26):
        shown = record.read_record(report, person, source)
        for section in shown.sections:
            assert section.line is not None
            for value in section.values:
                if value.text is not None:
                    assert value.line is not None
                    n_values += 1
                    assert f"<{value.element}>".lower() in lines[value.line - 1].lower()
    assert n_values > 25 * 20
    report.close()


def test_an_excerpt_is_the_person_and_nothing_else() -> None:
    data = sample_bytes(persons=3, seed=3, year=2025)
    report, source = open_report(data, only=())
    excerpts = [record.read_excerpt(report, person, source) for person in (1, 2, 3)]
    lines = data.decode().split("\n")
    for excerpt in excerpts:
        assert excerpt is not None
        assert list(excerpt.lines) == lines[excerpt.first_line - 1 : excerpt.first_line - 1 + len(excerpt.lines)]
        assert excerpt.lines[0].strip() == "<Person>"
        assert excerpt.lines[-1].strip() == "</Person>"
    report.close()


def test_a_file_of_odd_shape_is_read_as_the_shredder_reads_it() -> None:
    report, source = open_report(ODD.encode())
    shown = record.read_record(report, 2, source)
    assert shown.text_of("Surname") == "Two"
    outcomes = [
        (value.text, value.line)
        for section in shown.sections
        for value in section.values
        if value.element == "AssessmentOutcome"
    ]
    assert outcomes == [("N", 7), ("Y", 9)]
    assert shown.sections[0].values[0].line == 3
    excerpt = record.read_excerpt(report, 2, source)
    assert excerpt is not None
    assert excerpt.first_line == 2
    assert excerpt.lines[0] == "<person>"
    hidden = "\n".join(record.hide_in_lines(excerpt.lines))
    assert "secret" not in hidden
    assert "Two" not in hidden
    assert hidden.count("\n") == len(excerpt.lines) - 1
    assert "<AssessmentOutcome>N<" in hidden
    report.close()


def test_there_is_no_record_of_nobody() -> None:
    report, source = open_report(ODD.encode())
    for person in (0, 4):
        with pytest.raises(KeyError):
            record.read_record(report, person, source)
    report.close()


def test_findings_stand_beside_their_values_and_are_all_there() -> None:
    report, source = open_report(sample_bytes(persons=30, seed=3, rule_ids=("P15", "R09", "P03", "H19"), year=2025))
    for person in range(1, report.counts["person"] + 1):
        shown = record.read_record(report, person, source)
        beside = [r for s in shown.sections for r in (*s.remarks, *(r for v in s.values for r in v.remarks))]
        found = report.findings_table([o.rule.id for o in report.outcomes], person=person).to_pylist()
        assert sorted(r.rule_id for r in beside) == sorted(row["rule_id"] for row in found)
        assert sum(shown.counts.values()) == len(found)
        for section in shown.sections:
            for value in section.values:
                for remark in value.remarks:
                    assert value.element in report.outcome(remark.rule_id).rule.fields or remark.rule_id[0] == "H"
    report.close()


def test_hidden_names_stand_in_no_value() -> None:
    report, source = open_report(sample_bytes(persons=5, seed=3, year=2025))
    shown = record.read_record(report, 2, source, hide_names=True)
    assert [shown.text_of(name) for name in ("Surname", "Forename", "PersonBirthDate")] == [HIDDEN] * 3
    report.close()


#: A name in every place where a file can hold one, apart from its own item.
TALKATIVE = """<Message><Header><CollectionDetails><Collection>SEN2</Collection><Year>2025</Year></CollectionDetails></Header>
<Persons><Person note="a > Zed"><Surname>Zed</Surname><Forename>Mary Ann</Forename>Zed Mary
<PersonBirthDate>2015-03-02</PersonBirthDate><Sex a='Zed > "'>Zed</Sex><Zed>1</Zed><Zed/><UPN>H333 &#90;ed</UPN>
<Requests>of Zed<ReceivedDate>2024-05-01</ReceivedDate><RequestSource><![CDATA[Mary]]></RequestSource><RYA>0<b>Zed</b></RYA>
<ActivePlans><PlacementDetail><SENsetting>OTH</SENsetting><SENsettingOther>With uncle Bob</SENsettingOther>
</PlacementDetail></ActivePlans></Requests></Person></Persons></Message>"""


def test_while_names_are_hidden_no_text_of_the_file_shows_one() -> None:
    report, source = open_report(TALKATIVE.encode())
    shown = record.read_record(report, 1, source, hide_names=True)
    values = " ".join(value.text or "" for section in shown.sections for value in section.values)
    details = " ".join(
        remark.detail or "" for section in shown.sections for value in section.values for remark in value.remarks
    )
    excerpt = record.read_excerpt(report, 1, source)
    assert excerpt is not None
    lines = record.hide_in_lines(excerpt.lines, record.names_of(report, 1))
    assert len(lines) == len(excerpt.lines)
    for text in (values, details, "\n".join(lines)):
        assert not any(name in text for name in ("Zed", "Mary", "Bob", "2015-03-02", "02/03/2015", "#90", "#101"))
    assert "<ReceivedDate>2024-05-01</ReceivedDate>" in "\n".join(lines)
    assert "01/05/2024" in values
    report.close()


def test_pages_of_findings_hold_every_finding_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(findings, "PAGE_ROWS", 7)
    report, _ = open_report(sample_bytes(persons=60, seed=3, year=2025))
    rule_id = max(report.outcomes, key=lambda outcome: outcome.count).rule.id
    n_pages = findings.findings_page(report, rule_id).n_pages
    pages = [findings.findings_page(report, rule_id, number) for number in range(1, n_pages + 1)]
    rows = [row for page in pages for row in page.rows]
    assert rows == report.findings_table([rule_id]).to_pylist()
    assert (pages[0].first, pages[-1].last) == (1, len(rows))
    assert findings.findings_page(report, rule_id, n_pages + 5).number == n_pages
    report.close()


def test_people_are_found_by_number_identifier_and_beginnings_of_names() -> None:
    report, _ = open_report(sample_bytes(persons=60, seed=3, year=2025))
    person = report.store.rows("select * from person where upn is not null limit 1")[0]
    for text in (
        str(person["row_id"]),
        person["upn"].lower(),
        f"{person['surname'][:4]} {person['forename']}",
        f"{person['surname'].upper()}, {person['forename'][:2]}",
    ):
        rows, total = findings.find_people(report, text)
        assert person["row_id"] in [row["person"] for row in rows]
        assert total == len(rows)
    assert findings.find_people(report, "nobody has this name") == ([], 0)
    rows, total = findings.find_people(report, person["surname"][0], limit=1)
    assert len(rows) == 1 <= total
    report.close()


NAMES = (
    ("O’Brien", "Zoë", "2012-05-03"),
    ("Smith–Jones", "Ann-Marie", "2012-05-03"),
    ("May", "Groß", "2013-03-05"),
    ("Other", "Person", "2012-02-31"),
)


@pytest.fixture(scope="module")
def named() -> Iterator[Report]:
    people = "".join(
        f"<Person><Surname>{surname}</Surname><Forename>{forename}</Forename>"
        f"<PersonBirthDate>{birth}</PersonBirthDate></Person>"
        for surname, forename, birth in NAMES
    )
    report = build_report(f"<Message><Persons>{people}</Persons></Message>".encode(), SETTINGS, only=())
    yield report
    report.close()


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("O'Brien", [1]),
        ("OBRIEN", [1]),
        ("O’Brien", [1]),
        ("o brien", [1]),
        ("'brie", [1]),
        ("Zoe", [1]),
        ("ZOË", [1]),
        ("zoe, obrien", [1]),
        ("smith jones", [2]),
        ("Smith-Jones", [2]),
        ("smith – jones", [2]),
        ("h-jon", [2]),
        ("Annmarie", [2]),
        ("gross", [3]),
        ("GROẞ", [3]),
        ("03/05/2012", [1, 2]),
        ("3/5/2012", [1, 2]),
        ("3.5.2012", [1, 2]),
        ("03-05-2012", [1, 2]),
        ("2012-05-03", [1, 2]),
        ("3 May 2012", [1, 2]),
        ("3rd of may 2012", [1, 2]),
        ("03 MAY 2012", [1, 2]),
        ("5 Mar 2013", [3]),
        ("5 March 2013", [3]),
        ("05/03/2012", []),
        ("3 May 2012 smith", [2]),
        ("obrien 3/5/2012", [1]),
        ("May", [3]),
        ("3/5/2012 5/3/2013", [1, 2, 3]),
        ("31/02/2012", []),
        ("0/0/2012", []),
        ("3/5/0000", []),
        ("-", [2]),
        ("–", [2]),
        ("·", []),
    ],
)
def test_people_are_found_however_their_name_or_birth_date_is_typed(
    named: Report, asked: str, found: list[int]
) -> None:
    rows, total = findings.find_people(named, asked)
    assert sorted(row["person"] for row in rows) == found
    assert total == len(found)
