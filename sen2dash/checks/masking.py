"""Names and dates of birth out of sight, for a shared screen or file: pure functions on rows before they leave."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from sen2dash import spec
from sen2dash.text import uk_date

#: What is hidden. Numbers (UPN, ULN) stay: they are how an officer finds the child in the case system.
PERSONAL_FIELDS = frozenset({"Surname", "Forename", "PersonBirthDate"})
#: The shortest word of a longer name that is cut out of texts by itself.
FEWEST_LETTERS = 3
#: What officers write themselves: names of people do stand in it. Left out whole, as a name may be anybody's.
FREE_TEXT_FIELDS = frozenset({"SENsettingOther"})
HIDDEN = "(hidden)"


@cache
def _known_fields() -> frozenset[str]:
    return frozenset(item.element for item in spec.items())


def is_personal(field: str | None) -> bool:
    """Whether the value of this item is a name or a birth date, or may be one because the layout does not know it."""
    return field is not None and (field in PERSONAL_FIELDS or field not in _known_fields())


def day_first(text: str | None) -> str | None:
    """A date as dd/mm/yyyy; the text itself where it is no real date."""
    real = spec.real_date(text)
    return uk_date(real) if real else text


def is_free_text(field: str | None) -> bool:
    """Whether an item holds what somebody wrote in their own words, in which a name may stand."""
    return field in FREE_TEXT_FIELDS


def hide_finding(row: Mapping[str, Any], rule_fields: Iterable[str]) -> dict[str, Any]:
    """A row of `Report.findings_table` without names and birth dates.

    The value goes where it is one of them, may be, or is free text; the detail goes where the rule looks at them,
    because it may speak of another person. Elsewhere this person's names and birth date are cut out of both.
    """
    shown = dict(row)
    is_value_personal = is_personal(row["field"])
    hidden_fields = PERSONAL_FIELDS | FREE_TEXT_FIELDS
    is_detail_personal = is_value_personal or not hidden_fields.isdisjoint(rule_fields)
    is_left_out = is_value_personal or is_free_text(row["field"])
    shown["value"] = HIDDEN if row["value"] and is_left_out else _cut_out(row["value"], row)
    shown["detail"] = HIDDEN if row["detail"] and is_detail_personal else _cut_out(row["detail"], row)
    for name in ("surname", "forename", "birth_date"):
        if row[name] is not None:
            shown[name] = HIDDEN
    return shown


def hide_change(row: Mapping[str, Any]) -> dict[str, Any]:
    """An item that has changed, with its person, without names and birth dates: those of either return.

    row: field, before, after, who the person is, and who they were (earlier_surname and so on).
    """
    shown = dict(row)
    is_left_out = row["field"] is not None and (is_personal(row["field"]) or is_free_text(row["field"]))
    for side in ("before", "after"):
        shown[side] = HIDDEN if row[side] and is_left_out else _cut_out_earlier(_cut_out(row[side], row), row)
    return shown | _who_hidden(row)


def hide_fate(row: Mapping[str, Any], rule_fields: Iterable[str]) -> dict[str, Any]:
    """A finding that was cleared, is new or is still there, as `hide_finding`, without what the person was called."""
    shown = hide_finding(row, rule_fields)
    for name in ("value", "detail"):
        shown[name] = _cut_out_earlier(shown[name], row)
    return shown | _who_hidden(row)


def _who_hidden(row: Mapping[str, Any]) -> dict[str, str]:
    names = ("surname", "forename", "birth_date")
    return {name: HIDDEN for name in (*names, *(f"earlier_{name}" for name in names)) if row[name] is not None}


def _cut_out_earlier(text: str | None, row: Mapping[str, Any]) -> str | None:
    return cut_out(text, parts_of(row["earlier_surname"], row["earlier_forename"], row["earlier_birth_date"]))


def _cut_out(text: str | None, row: Mapping[str, Any]) -> str | None:
    """The text without the names and the birth date of the row's person, in either form of a date."""
    return cut_out(text, parts_of(row["surname"], row["forename"], row["birth_date"]))


def parts_of(surname: str | None, forename: str | None, birth_date: str | None) -> tuple[str, ...]:
    """What shows who a person is: the names, each word of them that is no mere initial, and the birth date."""
    names = [name.strip() for name in (surname, forename) if name and name.strip()]
    words = [word for name in names for word in re.split(r"[\s-]+", name) if len(word) >= FEWEST_LETTERS]
    dates = [date for date in (birth_date, day_first(birth_date)) if date]
    return (*names, *words, *dates)


def cut_out(text: str | None, parts: Iterable[str | None]) -> str | None:
    """The text without these parts, wherever they stand as words."""
    words = [re.escape(part) for part in sorted((part for part in parts if part), key=len, reverse=True)]
    if not text or not words:
        return text
    return re.sub(rf"(?<!\w)(?:{'|'.join(words)})(?!\w)", HIDDEN, text, flags=re.IGNORECASE)
