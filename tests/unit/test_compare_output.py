"""What a comparison exports without names, and how it is worded."""

from __future__ import annotations

import csv
import io
from typing import Any

from sen2dash.checks.masking import HIDDEN
from sen2dash.compare.agreement import ItemAgreement, Pattern
from sen2dash.compare.comparison import Counts
from sen2dash.output import comparison_lists, comparison_words
from tests.comparing import comparing

HEAD = "upn | surname | forename | person_birth_date | postcode"
BEFORE: dict[str, Any] = {
    "given": {"person": f"{HEAD}\nU1 | Oldham | Ada | 2010-05-01 | Oldham\nU2 | Goneaway | Bo | 2011-06-02 |"}
}
AFTER: dict[str, Any] = {"given": {"person": f"{HEAD}\nU1 | Newham | Ada | 2010-05-02 | Newham\nU3 | Freshman | Cy ||"}}


def read(pieces: Any) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(b"".join(pieces).decode("utf-8-sig"), newline="")))


def test_without_names_no_name_and_no_birth_date_is_in_a_file() -> None:
    with comparing(BEFORE, AFTER, ("P03", "P04", "P12")) as found:
        whole = read(comparison_lists.csv_pieces(found))
        rows = read(comparison_lists.csv_pieces(found, with_names=False))
        findings = read(comparison_lists.findings_csv_pieces(found, with_names=False))
        book = b"".join(comparison_lists.xlsx_pieces(found, comparison_words.IndicatorPairs((), ()), with_names=False))
    assert {row["Surname"] for row in whole} == {"Newham", "Goneaway", "Freshman"}
    assert {(row["XML name"], row["Before"], row["After"]) for row in rows} == {
        ("Surname", HIDDEN, HIDDEN),
        ("PersonBirthDate", HIDDEN, HIDDEN),
        ("PostCode", HIDDEN, HIDDEN),
        ("", "", ""),
    }
    assert {row["Since then"] for row in findings} == {"New", "Cleared"}
    assert not {"Surname", "Forename", "Date of birth"} & (rows[0].keys() | findings[0].keys())
    for text in (str(rows), str(findings)):
        assert not any(word in text for word in ("Newham", "Oldham", "Goneaway", "Freshman", "2010-05"))
    assert len(book) > 1_000


def test_the_words_of_patterns_and_counts() -> None:
    item = ItemAgreement("UPN", 1210, 1203, 3, 1, (Pattern("zeros_lost", 7),))
    assert comparison_words.agreement_text(item) == (
        "1,203 of 1,210 equal; blank before, not after: 3; blank after, not before: 1. Leading zeros lost: 7."
    )
    assert comparison_words.pattern_text(Pattern("days", 2, days=-1)) == "Every date is 1 day earlier (2)."
    assert comparison_words.pattern_text(Pattern("days", 20, days=31)) == "Every date is 31 days later (20)."
    assert comparison_words.pattern_text(Pattern("code", 4, before="A\x1b", after="B")) == "A? is always B (4)."
    assert comparison_words.people_text(Counts(2000, 3, 0, 1)) == (
        "People: 2,000 in both, of whom 1 has changed; 3 added, 0 gone"
    )
