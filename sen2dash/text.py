"""Prepare texts from a return, and dates, for sentences, messages and pictures: short, and with nothing hidden.

Scrolling tables and files show every text as it is.
"""

from __future__ import annotations

import re
from datetime import date

#: Control characters, and characters that reverse or hide the text around them; and the sign for them.
HIDDEN = re.compile(r"[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufeff\ufdd0-\ufdef\ufffe\uffff]")
SIGN = "\ufffd"
#: The most characters in a text, twice the longest of our own; in a name in a heading; and in a number in a picture.
MAX_LENGTH, MAX_NAME_LENGTH, MAX_NUMBER_LENGTH = 1_000, 100, 20


def printable(text: str | None) -> str:
    """Return a text for a message or a terminal, without control characters."""
    return "".join(char if char.isprintable() else "?" for char in text or "")


def mark_hidden(text: str) -> str:
    """Replace each character that would reverse or hide the text around it with a sign."""
    return HIDDEN.sub(SIGN, text)


def flat(text: object, max_length: int = MAX_LENGTH) -> str:
    """Do the same on one line: each run of white space becomes one space, and long text is cut."""
    line = mark_hidden(" ".join(str(text).split()))
    return line if len(line) <= max_length else f"{line[:max_length]}…"


def academic_year(begins: int) -> str:
    """Write 2024/25."""
    return f"{begins:04}/{(begins + 1) % 100:02}"


def uk_date(day: date) -> str:
    """Write 31/12/2024, like the macro with the same name. `strftime` may write the year 1 as one digit."""
    return f"{day.day:02}/{day.month:02}/{day.year:04}"


def long_date(day: date) -> str:
    """Write 16 January 2025."""
    return f"{day.day} {day:%B} {day.year:04}"
