"""Read cells of the establishment register as codes, dates and names, or mark them UNREAD. It never guesses."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Final

from sen2dash import spec
from sen2dash.reading.side_files import folded, plain_number, plain_text

#: Marks a cell whose text is not valid for its column: neither the text nor a blank may be used as its value.
UNREAD: Final = "\0unread"
STATUSES = {folded(name): name for name in ("Open", "Closed", "Open, but proposed to close", "Proposed to open")}
OPEN = ("Open", "Open, but proposed to close")
#: A two-digit year below this is in this century: closed schools are listed from the 1940s on.
PIVOT = 40
MONTH_NAMES = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
MONTHS = {name[:n]: place for place, name in enumerate(MONTH_NAMES, start=1) for n in (3, 4, len(name))}
#: A date with the day or year first, and an optional time after it, which is ignored.
TIME = r"(?:[T ]+[0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:[.,][0-9]*)?)?(?: ?(?:Z|[AaPp][Mm]|[+-][0-9]{2}:?[0-9]{2}))?)?"
DAY_FIRST = re.compile(rf"([0-9]{{1,2}})([-/. ])([0-9]{{1,2}}|[A-Za-z]{{3,9}})\2([0-9]{{4}}|[0-9]{{2}}){TIME}")
YEAR_FIRST = re.compile(rf"([0-9]{{4}})([-/.])([0-9]{{1,2}})\2([0-9]{{1,2}}){TIME}")
RUN_TOGETHER = re.compile(r"((?:1[89]|20)[0-9]{2})([0-9]{2})([0-9]{2})")


def text(cell: str) -> str | None:
    """Read any text and trim it."""
    return cell.strip(spec.WHITE_SPACE) or None


def code(cell: str) -> str | None:
    """Read any code as text; 2.0 becomes 2."""
    return plain_number(cell) or None


def urn(cell: str) -> str | None:
    """Read a URN: six digits, or five for the oldest establishments. Every establishment has one."""
    number = plain_number(cell)
    return number if _is_number(number) and 5 <= len(number) <= 7 else UNREAD


def ukprn(cell: str) -> str | None:
    """Read a UKPRN: eight digits. Many establishments have none."""
    number = plain_number(cell)
    if not number:
        return None
    return number if _is_number(number) and len(number) == 8 else UNREAD


def type_code(cell: str) -> str | None:
    """Read the code of an establishment type, keeping leading zeros. Every establishment has one."""
    number = plain_number(cell)
    return number if _is_number(number) and len(number) <= 3 else UNREAD


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit()


def status(cell: str) -> str | None:
    """Read one of the four statuses, in the register's spelling. Every establishment has one."""
    return STATUSES.get(folded(cell), UNREAD)


READERS: Mapping[str, Callable[[str], str | None]] = {
    "urn": urn,
    "ukprn": ukprn,
    "type_code": type_code,
    "status": status,
    "la_code": code,
    "type_group_code": code,
}


def dates(cells: Sequence[str]) -> list[date | str | None]:
    """Read each cell of a date column as a date: None for a blank cell, UNREAD for one that is not a date.

    If more dates make sense month first than day first, a numeric date could mean either, so none is read.
    """
    texts = [plain_text(cell) for cell in cells]
    figures = [match for each in texts if (match := DAY_FIRST.fullmatch(each)) and match[3].isdigit()]
    day_first = sum(int(match[1]) > 12 for match in figures)
    month_first = sum(int(match[3]) > 12 and int(match[1]) <= 12 for match in figures)
    is_doubtful = month_first > day_first
    return [_date(each, is_doubtful) for each in texts]


def _date(cell: str, is_doubtful: bool) -> date | str | None:
    if not cell:
        return None
    if match := YEAR_FIRST.fullmatch(cell):
        parts = (match[1], match[3], match[4])
    elif match := RUN_TOGETHER.fullmatch(cell):
        parts = (match[1], match[2], match[3])
    elif match := DAY_FIRST.fullmatch(cell):
        month = match[3] if match[3].isdigit() else str(MONTHS.get(match[3].lower(), 0))
        if match[3].isdigit() and is_doubtful:
            return UNREAD
        parts = (_year(match[4]), month, match[1])
    else:
        return UNREAD
    try:
        return date(*map(int, parts))
    except ValueError:
        return UNREAD


def _year(digits: str) -> str:
    if len(digits) == 4:
        return digits
    return f"20{digits}" if int(digits) < PIVOT else f"19{digits}"
