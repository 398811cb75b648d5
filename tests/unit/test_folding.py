"""Folded names: the characters that occur in names, compared with their definition, and as the macro reads them."""

from __future__ import annotations

import sys
import unicodedata

import pytest

from sen2dash.folding import folded
from tests import casebook

ALIKE = (
    ("O'Brien", "O’Brien", "O‘Brien", "OBRIEN", "o brien", "O\u00a0Brien", "O\xadBrien", "Ｏ＇Ｂｒｉｅｎ"),
    ("Zoë", "Zoe", "ZOE\u0308", "zoé"),
    ("Smith-Jones", "Smith–Jones", "Smith Jones", "SMITHJONES", "Smith‐Jones"),
    ("Groß", "GROSS", "groẞ"),
    ("İpek", "ipek", "IPEK"),
    ("ﬁona", "Fiona", "FIONA"),
    ("ΟΔΟΣ", "οδος", "οδοσ"),
    ("Nguyễn", "NGUYEN"),
    ("2nd", "²ND"),
)
APART = (("Łuc", "Luc"), ("Øre", "Ore"), ("Anne", "Ann"), ("ı", "i"), ("Æ", "AE"))


def by_definition(text: str) -> str:
    apart = unicodedata.normalize("NFKD", text)
    unmarked = "".join(char for char in apart if unicodedata.category(char) not in ("Mn", "Mc", "Me"))
    return "".join(char for char in unmarked.casefold() if char.isalnum())


@pytest.mark.parametrize("names", ALIKE, ids=lambda names: names[1])
def test_names_that_are_one(names: tuple[str, ...]) -> None:
    assert len({folded(name) for name in names}) == 1
    assert folded(names[0])


@pytest.mark.parametrize("names", APART, ids=lambda names: names[1])
def test_names_that_are_two(names: tuple[str, str]) -> None:
    assert folded(names[0]) != folded(names[1])


def test_every_character_folds_as_the_definition_says() -> None:
    characters = [chr(code) for code in range(sys.maxunicode + 1) if not 0xD800 <= code < 0xE000]
    assert [char for char in characters if folded(char) != by_definition(char)] == []
    # They fold together as they do alone: no character depends on the one next to it.
    text = "".join(characters)
    assert folded(text) == by_definition(text)


def test_nothing_is_left_of_spaces_marks_and_punctuation() -> None:
    assert folded(" -.,'’\u0308\u200b\ufeff") == ""


def test_the_macro_reads_the_folded_names_of_both_returns() -> None:
    case = {
        "given": {"person": "surname | forename\nO’Brien | Zoë\n | -"},
        "previous": {"given": {"person": "surname | forename\nGroß | "}},
    }
    store = casebook.make_store(case)
    try:
        sql = "select folded(surname) as s, folded(forename) as f from person order by row_id"
        assert store.rows(sql) == [{"s": "obrien", "f": "zoe"}, {"s": None, "f": None}]
        assert store.value("select folded(surname) from previous.person") == "gross"
    finally:
        store.close()
