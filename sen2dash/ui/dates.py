"""Census day and deadline of a return in words. Dates that are not certain are not stated as certain."""

from __future__ import annotations

from datetime import date

from sen2dash import spec, ui
from sen2dash.model import Collection


def dates_text(collection: Collection, today: date) -> str:
    """Text such as 'Census day 21 January 2027. Submit it by 11 March 2027.' today: decides the tense."""
    official = spec.census_day(collection.year)
    census = f"Census day {ui.day(official)}"
    if collection.is_coming:
        census += ", if it is the third Thursday of January again"
    if collection.census_date != official:
        census += f"; the file says {ui.day(collection.census_date)}"
    return f"{census}. {_deadline_text(collection, today)}"


def _deadline_text(collection: Collection, today: date) -> str:
    known = spec.return_years().get(collection.year)
    if known is None or known.deadline is None:
        return "There is no deadline yet."
    day = ui.day(known.deadline)
    if known.is_deadline_certain:
        return f"The deadline was {day}." if today > known.deadline else f"Submit it by {day}."
    return f"The deadline {'was' if today > known.deadline else 'is'} probably {day}."


def coming_year_text(collection: Collection) -> str:
    """Which year's rules a coming year is checked with; empty for a known year."""
    if not collection.is_coming:
        return ""
    return (
        f"This version of sen2dash does not include the specification of SEN2 {collection.year}. The dates are "
        f"those of {collection.year}; the items, codes, severities and rules are those of {collection.rules_of}."
    )
