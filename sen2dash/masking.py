"""Names and dates of birth out of sight, for a shared screen or file: pure functions on rows before they leave."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from sen2dash import spec
from sen2dash.texts import uk_date

#: What is hidden. Numbers (UPN, ULN) stay: they are how an officer finds the child in the case system.
PERSONAL_FIELDS = frozenset({"Surname", "Forename", "PersonBirthDate"})
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


def hide_finding(row: Mapping[str, Any], rule_fields: Iterable[str]) -> dict[str, Any]:
    """A row of `Report.findings_table` without names and birth dates.

    The value goes where it is one of them, or may be; the detail goes where the rule looks at them, because it may
    speak of another person. Elsewhere this person's names and birth date are cut out of both.
    """
    shown = dict(row)
    is_value_personal = is_personal(row["field"])
    is_detail_personal = is_value_personal or not PERSONAL_FIELDS.isdisjoint(rule_fields)
    shown["value"] = HIDDEN if row["value"] and is_value_personal else _cut_out(row["value"], row)
    shown["detail"] = HIDDEN if row["detail"] and is_detail_personal else _cut_out(row["detail"], row)
    for name in ("surname", "forename", "birth_date"):
        if row[name] is not None:
            shown[name] = HIDDEN
    return shown


def _cut_out(text: str | None, row: Mapping[str, Any]) -> str | None:
    """The text without the names and the birth date of the row's person, in either form of a date."""
    parts = [row["surname"], row["forename"], row["birth_date"], day_first(row["birth_date"])]
    words = [re.escape(part) for part in parts if part]
    if not text or not words:
        return text
    return re.sub(rf"(?<!\w)(?:{'|'.join(words)})(?!\w)", HIDDEN, text, flags=re.IGNORECASE)
