"""Hide names and dates of birth, for a shared screen or file: pure functions on rows before they are shown."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from sen2dash import spec
from sen2dash.text import uk_date

#: The hidden items. Numbers (UPN, ULN) stay: an officer uses them to find the child in the case system.
PERSONAL_FIELDS = frozenset({"Surname", "Forename", "PersonBirthDate"})
#: The shortest word of a longer name that is removed from texts on its own.
FEWEST_LETTERS = 3
#: Items that officers write in their own words, which may name anybody. The whole text is hidden.
FREE_TEXT_FIELDS = frozenset({"SENsettingOther"})
HIDDEN = "(hidden)"


@cache
def _known_fields() -> frozenset[str]:
    return frozenset(item.element for item in spec.items())


def is_personal(field: str | None) -> bool:
    """Whether the value of this item is a name or birth date, or may be one because the item is not in the layout."""
    return field is not None and (field in PERSONAL_FIELDS or field not in _known_fields())


def day_first(text: str | None) -> str | None:
    """Write a date as dd/mm/yyyy; return the text itself if it is not a real date."""
    real = spec.real_date(text)
    return uk_date(real) if real else text


def is_free_text(field: str | None) -> bool:
    """Whether an item is free text, which may include a name."""
    return field in FREE_TEXT_FIELDS


def hide_finding(row: Mapping[str, Any], rule_fields: Iterable[str]) -> dict[str, Any]:
    """Return a row of `Report.findings_table` without names and birth dates.

    The value is removed if it is, or may be, a name or birth date, or is free text. The detail is removed if the rule
    looks at names or birth dates, because it may mention another person. Otherwise this person's names and birth date
    are removed from both.
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
    """Return a changed item and its person without the names and birth dates in either return.

    row: field, before, after, the person's details, and their earlier details (earlier_surname and so on).
    """
    shown = dict(row)
    is_left_out = row["field"] is not None and (is_personal(row["field"]) or is_free_text(row["field"]))
    for side in ("before", "after"):
        shown[side] = HIDDEN if row[side] and is_left_out else _cut_out_earlier(_cut_out(row[side], row), row)
    return shown | _who_hidden(row)


def hide_fate(row: Mapping[str, Any], rule_fields: Iterable[str]) -> dict[str, Any]:
    """Do the same as `hide_finding` for a cleared, new or remaining finding, without the person's earlier details."""
    shown = hide_finding(row, rule_fields)
    for name in ("value", "detail"):
        shown[name] = _cut_out_earlier(shown[name], row)
    return shown | _who_hidden(row)


def hide_person(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return a person of a comparison without names and birth dates in either return."""
    return {**row, **_who_hidden(row)}


def _who_hidden(row: Mapping[str, Any]) -> dict[str, str]:
    names = ("surname", "forename", "birth_date")
    return {name: HIDDEN for name in (*names, *(f"earlier_{name}" for name in names)) if row[name] is not None}


def _cut_out_earlier(text: str | None, row: Mapping[str, Any]) -> str | None:
    return cut_out(text, parts_of(row["earlier_surname"], row["earlier_forename"], row["earlier_birth_date"]))


def _cut_out(text: str | None, row: Mapping[str, Any]) -> str | None:
    """Remove the names and the birth date, in either date format, of the row's person from a text."""
    return cut_out(text, parts_of(row["surname"], row["forename"], row["birth_date"]))


def parts_of(surname: str | None, forename: str | None, birth_date: str | None) -> tuple[str, ...]:
    """Return the parts that identify a person: the names, each word of them except initials, and the birth date."""
    names = [name.strip() for name in (surname, forename) if name and name.strip()]
    words = [word for name in names for word in re.split(r"[\s-]+", name) if len(word) >= FEWEST_LETTERS]
    dates = [date for date in (birth_date, day_first(birth_date)) if date]
    return (*names, *words, *dates)


def cut_out(text: str | None, parts: Iterable[str | None]) -> str | None:
    """Remove these parts from a text wherever they are whole words."""
    words = [re.escape(part) for part in sorted((part for part in parts if part), key=len, reverse=True)]
    if not text or not words:
        return text
    return re.sub(rf"(?<!\w)(?:{'|'.join(words)})(?!\w)", HIDDEN, text, flags=re.IGNORECASE)
