"""Names and dates of birth out of sight, for a shared screen: pure functions on rows, before they leave the server."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from sen2dash import spec

#: What is hidden. Numbers (UPN, ULN) stay: they are how an officer finds the child in the case system.
PERSONAL_FIELDS = frozenset({"Surname", "Forename", "PersonBirthDate"})
HIDDEN = "hidden"


@cache
def _known_fields() -> frozenset[str]:
    return frozenset(item.element for item in spec.items())


def is_personal(field: str | None) -> bool:
    """Whether the value of this item is a name or a birth date, or may be one because the layout does not know it."""
    return field is not None and (field in PERSONAL_FIELDS or field not in _known_fields())


def day_first(text: str | None) -> str | None:
    """A date as dd/mm/yyyy; the text itself where it is no real date."""
    real = spec.real_date(text)
    return f"{real:%d/%m/%Y}" if real else text


def hide_finding(row: Mapping[str, Any], rule_fields: Iterable[str]) -> dict[str, Any]:
    """A row of `Report.findings_table` without names and birth dates.

    The value goes where it is one of them; the detail goes where the rule looks at them (it may speak of another
    person's) or where it holds this person's.
    """
    shown = dict(row)
    born = row.get("birth_date")
    own = [part for part in (row.get("surname"), row.get("forename"), born, day_first(born)) if part]
    for name in ("surname", "forename", "birth_date"):
        if shown.get(name) is not None:
            shown[name] = HIDDEN
    looks_at_them = is_personal(row["field"]) or any(field in PERSONAL_FIELDS for field in rule_fields)
    for name in ("value", "detail"):
        text = shown.get(name)
        if text is not None and (
            is_personal(row["field"])
            or (name == "detail" and looks_at_them)
            or any(part.lower() in text.lower() for part in own)
        ):
            shown[name] = HIDDEN
    return shown
