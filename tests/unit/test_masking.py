"""No name and no birth date remains in a finding, wherever it was."""

from typing import Any

import pytest

from sen2dash import spec
from sen2dash.checks import catalogue
from sen2dash.checks.masking import FREE_TEXT_FIELDS, HIDDEN, hide_finding

ROW: dict[str, Any] = {
    "surname": "O'Brien",
    "forename": "Al",
    "birth_date": "2010-03-02",
    "upn": "A123",
    "field": "UPN",
    "value": "A123",
    "detail": None,
}


def test_names_go_and_numbers_stay() -> None:
    hidden = hide_finding(ROW, ["UPN"])
    assert (hidden["surname"], hidden["forename"], hidden["birth_date"]) == (HIDDEN, HIDDEN, HIDDEN)
    assert (hidden["upn"], hidden["value"]) == ("A123", "A123")


@pytest.mark.parametrize("field", ["Surname", "Forename", "PersonBirthDate", "FullName"])
def test_the_value_and_detail_of_a_personal_or_unknown_item_go(field: str) -> None:
    hidden = hide_finding({**ROW, "field": field, "value": "x", "detail": "y"}, [field])
    assert (hidden["value"], hidden["detail"]) == (HIDDEN, HIDDEN)


@pytest.mark.parametrize("detail", ["born 02/03/2010", "born 2010-03-02", "of o'brien", "AL was here"])
def test_the_persons_own_names_and_birth_date_are_cut_out(detail: str) -> None:
    hidden = hide_finding({**ROW, "detail": detail}, ["StartDate"])
    assert HIDDEN in hidden["detail"]
    assert not any(part in hidden["detail"].lower() for part in ("02/03/2010", "2010-03-02", "o'brien", "al was"))


@pytest.mark.parametrize(
    ("rule_fields", "field"), [(["SENsettingOther"], "SENsettingOther"), (["SENsettingOther"], "UPN")]
)
def test_what_officers_write_themselves_goes(rule_fields: list[str], field: str) -> None:
    hidden = hide_finding({**ROW, "field": field, "value": "Mr Hill's house", "detail": "Mr Hill's house"}, rule_fields)
    assert "Hill" not in hidden["detail"]
    assert ("Hill" in hidden["value"]) is (field == "UPN")


@pytest.mark.parametrize("field", sorted(FREE_TEXT_FIELDS))
def test_a_rule_that_reads_free_text_says_so_or_its_detail_would_show_it(field: str) -> None:
    columns = {item.column for item in spec.items() if item.element == field}
    reading = [rule for rule in catalogue.rules() if any(column in rule.sql for column in columns)]
    assert reading
    assert [rule.id for rule in reading if field not in rule.fields] == []


@pytest.mark.parametrize("detail", ["with Mary at home", "the JONES family", "Smith-Jones"])
def test_a_part_of_a_longer_name_is_cut_out(detail: str) -> None:
    row = {**ROW, "surname": "Smith-Jones", "forename": "Mary Ann", "detail": detail}
    assert not any(part in hide_finding(row, ["StartDate"])["detail"].lower() for part in ("mary", "jones", "smith"))


def test_a_short_name_cuts_nothing_out_of_longer_words() -> None:
    assert hide_finding({**ROW, "detail": "Also annual"}, ["StartDate"])["detail"] == "Also annual"


def test_a_detail_that_may_speak_of_another_person_goes() -> None:
    hidden = hide_finding({**ROW, "field": "UPN", "detail": "same as Jane Smith"}, ["UPN", "Surname"])
    assert hidden["detail"] == HIDDEN


def test_blanks_stay_blank_and_the_row_is_not_changed() -> None:
    row = {**ROW, "surname": None, "value": None}
    hidden = hide_finding(row, ["UPN"])
    assert (hidden["surname"], hidden["value"], hidden["detail"]) == (None, None, None)
    assert row["forename"] == "Al"
