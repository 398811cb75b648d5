"""Hidden characters and look-alikes, which a page cannot show, are described with the finding in every output."""

from __future__ import annotations

import io
import json
import zipfile

import pytest

from sen2dash.checks import characters, findings, record
from sen2dash.checks.report import build_report
from sen2dash.config import Settings
from sen2dash.output import answers, export
from tests.casebook import NOW

SETTINGS = Settings(now=NOW)


@pytest.mark.parametrize(
    ("field", "value", "note"),
    [
        ("Sex", "\u200bM", "contains a hidden character, U+200B (zero-width space), at the start"),
        ("Sex", "M\u200b", "contains a hidden character, U+200B (zero-width space), at the end"),
        ("UPN", "A1\xa02", "contains a hidden character, U+00A0 (no-break space), at position 3"),
        ("Surname", "O\xadNeil", "contains a hidden character, U+00AD (soft hyphen), at position 2"),
        ("Surname", "\ufeffOz", "contains a hidden character, U+FEFF (byte order mark), at the start"),
        (
            "AssessmentOutcome",
            "А",
            "contains U+0410 (Cyrillic capital letter A) at position 1, which looks like A",
        ),
        ("UPN", "AΟ", "contains U+039F (Greek capital letter omicron) at position 2, which looks like O"),
        ("ReceivedDate", "2024‑05–01", None),
        ("Year", "２0", "contains U+FF12 (fullwidth digit two) at position 1, which looks like 2"),
        ("URN", "é", "contains U+00E9 (Latin small letter E with acute) at position 1"),
        ("Surname", "Zoë O’Brien–Ολγα", None),
        ("SENsettingOther", "a\tb\nc", None),
        ("Nickname", "é", None),
        (None, "Y\u2060", "contains a hidden character, U+2060 (word joiner), at the end"),
        ("Sex", "M", None),
    ],
)
def test_notes(field: str | None, value: str, note: str | None) -> None:
    if field == "ReceivedDate":
        note = (
            "contains U+2011 (non-breaking hyphen) at position 5, which looks like -, "
            "and U+2013 (en dash) at position 8, which looks like -"
        )
    assert characters.notes(field, value) == note


@pytest.mark.parametrize("char", "\u2010\u2011\u2012\u2013\u2014\u2015\u2212")
def test_every_hyphen_is_named(char: str) -> None:
    said = characters.notes("ReceivedDate", f"2024{char}05-01")
    assert said is not None
    assert said.endswith("at position 5, which looks like -")


def test_a_value_full_of_them_names_three() -> None:
    said = characters.notes("UPN", "Ж" * 900)
    assert said is not None
    assert said.endswith("and 897 more such characters")


def test_every_output_says_it() -> None:
    """Uses a UPN with a hidden character, and a sex that is a Cyrillic letter."""
    data = (
        "<Message><Header/><Persons><Person><Surname>A</Surname><Sex>М</Sex><UPN>H33\u200b3123424001</UPN></Person>"
        "</Persons></Message>"
    ).encode()
    sex = "contains U+041C (Cyrillic capital letter em) at position 1, which looks like M"
    upn = "contains a hidden character, U+200B (zero-width space), at position 4"
    report = build_report(data, SETTINGS)
    try:
        rules = json.loads(b"".join(answers.report_json(report)))["rules"]
        details = {f["field"]: f["detail"] for rule in rules for f in rule["findings"] if f["value"]}
        assert sex in details["Sex"]
        assert upn in details["UPN"]
        table = export.findings_csv(report).decode("utf-8-sig")
        with zipfile.ZipFile(io.BytesIO(export.findings_xlsx(report))) as book:
            sheets = "".join(book.read(name).decode() for name in book.namelist() if "/worksheets/" in name)
        shown = record.read_record(report, 1)
        remarks = [remark.detail or "" for value in shown.sections[0].values for remark in value.remarks]
        listed = [
            row["detail"] or ""
            for o in report.outcomes
            if o.count
            for row in findings.findings_page(report, o.rule.id, 1, False).rows
        ]
        for words in (sex, upn):
            assert words in table
            assert words in sheets
            assert any(words in detail for detail in remarks)
            assert any(words in detail for detail in listed)
    finally:
        report.close()
