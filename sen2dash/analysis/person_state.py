"""One person's situation on census day in a few words: age, plan, and the name of the setting."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from sen2dash import spec
from sen2dash.checks.catalogue import list_sql
from sen2dash.checks.report import Report
from sen2dash.reference import establishments
from sen2dash.text import uk_date

#: The code set of SENsetting.
SETTINGS = "CS110"


class State(NamedTuple):
    """One person's age, plan and setting on census day.

    age: None without a valid date of birth. setting: empty if no placement is open on census day. is_extract: its name
    comes from the extract of the register that is part of this program.
    """

    age: int | None
    plan: str
    setting: str
    is_extract: bool


def person_state(report: Report, person: int, hide_free_text: bool = False) -> State:
    """Return the state of the person with this number. KeyError if there is no such person."""
    rows = report.store.rows(list_sql("person_state"), {"person": person})
    if not rows:
        raise KeyError(person)
    row = rows[0]
    setting, is_extract = _setting(row, hide_free_text)
    return State(row["age"], _plan(row), setting, is_extract)


def _plan(row: Mapping[str, Any]) -> str:
    start, end, waiting = row["start_date"], row["cease_date"], row["waiting_since"]
    if row["is_active"]:
        return f"EHC plan since {uk_date(start)}"
    if row["has_plan"]:
        return f"EHC plan ceased on {uk_date(end)}" if end else "EHC plan not active on census day"
    if waiting:
        return f"No plan; request of {uk_date(waiting)} awaits a decision"
    return "No EHC plan"


def _setting(row: Mapping[str, Any], hide_free_text: bool) -> tuple[str, bool]:
    """The current placement in words, and whether its name comes from the extract."""
    for column in ("urn", "ukprn"):
        if number := row[column]:
            if name := row[f"name_of_{column}"]:
                return f"{name} ({column.upper()} {number})", False
            found = establishments.known(number)
            return (
                (f"{found.text} ({column.upper()} {number})", True) if found else (f"{column.upper()} {number}", False)
            )
    if code := row["sen_setting"]:
        label = spec.code_label(SETTINGS, code) or code
        other = row["sen_setting_other"]
        return (f"{label}: {other}" if other and not hide_free_text else label), False
    return "", False
