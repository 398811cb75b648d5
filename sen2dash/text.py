"""Texts of a return, and dates, in running text, in messages and in pictures: not too long, and nothing hidden in them.

Tables that scroll and files hold every text as it is.
"""

from __future__ import annotations

import re
from datetime import date

#: Control characters, and characters that turn or hide what stands around them; and the sign for them.
HIDDEN = re.compile(r"[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufeff\ufdd0-\ufdef\ufffe\uffff]")
SIGN = "\ufffd"
#: The most characters of a text, twice the longest of our own; and of a name in a heading or a number in a picture.
MAX_LENGTH, MAX_NAME_LENGTH, MAX_NUMBER_LENGTH = 1_000, 100, 20


def printable(text: str | None) -> str:
    """A text for a message or a terminal: without characters that a terminal would obey."""
    return "".join(char if char.isprintable() else "?" for char in text or "")


def mark_hidden(text: str) -> str:
    """The text with a sign for each character that would turn or hide what stands around it."""
    return HIDDEN.sub(SIGN, text)


def flat(text: object, most: int = MAX_LENGTH) -> str:
    """The same on one line: runs of white space are one space, and what is longer is cut."""
    line = mark_hidden(" ".join(str(text).split()))
    return line if len(line) <= most else f"{line[:most]}…"


def uk_date(day: date) -> str:
    """31/12/2024, as the macro of the same name writes it: `strftime` alone may write the year 1 as one digit."""
    return f"{day.day:02}/{day.month:02}/{day.year:04}"


def long_date(day: date) -> str:
    """16 January 2025."""
    return f"{day.day} {day:%B} {day.year:04}"
