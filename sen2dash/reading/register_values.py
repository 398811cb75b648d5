"""What stands in a cell of the establishment register: texts to codes, dates and names, or UNREAD. No guessing."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Final

from sen2dash import spec
from sen2dash.reading.side_files import folded, plain_number, plain_text

#: What is no value of its column: neither it nor a blank may be taken for what stands there.
UNREAD: Final = "\0unread"
STATUSES = {folded(name): name for name in ("Open", "Closed", "Open, but proposed to close", "Proposed to open")}
OPEN = ("Open", "Open, but proposed to close")
#: A year of two digits under this is of this century: schools that closed are listed from the 1940s on.
PIVOT = 40
MONTH_NAMES = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
MONTHS = {name[:n]: place for place, name in enumerate(MONTH_NAMES, start=1) for n in (3, 4, len(name))}
#: A date, day or year first, with or without a time behind it that does not matter.
TIME = r"(?:[T ]+[0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:[.,][0-9]*)?)?(?: ?(?:Z|[AaPp][Mm]|[+-][0-9]{2}:?[0-9]{2}))?)?"
DAY_FIRST = re.compile(rf"([0-9]{{1,2}})([-/. ])([0-9]{{1,2}}|[A-Za-z]{{3,9}})\2([0-9]{{4}}|[0-9]{{2}}){TIME}")
YEAR_FIRST = re.compile(rf"([0-9]{{4}})([-/.])([0-9]{{1,2}})\2([0-9]{{1,2}}){TIME}")
RUN_TOGETHER = re.compile(r"((?:1[89]|20)[0-9]{2})([0-9]{2})([0-9]{2})")


def text(cell: str) -> str | None:
    """Any text, without white space around it."""
    return cell.strip(spec.WHITE_SPACE) or None


def code(cell: str) -> str | None:
    """Any code as text; of 2.0 the 2."""
    return plain_number(cell) or None


def urn(cell: str) -> str | None:
    """A URN: six digits, five of the oldest. There is none without one."""
    number = plain_number(cell)
    return number if _is_number(number) and 5 <= len(number) <= 7 else UNREAD


def ukprn(cell: str) -> str | None:
    """A UKPRN: eight digits; many establishments have none."""
    number = plain_number(cell)
    if not number:
        return None
    return number if _is_number(number) and len(number) == 8 else UNREAD


def type_code(cell: str) -> str | None:
    """The code of a type: every establishment has one. Leading zeros stay as they are."""
    number = plain_number(cell)
    return number if _is_number(number) and len(number) <= 3 else UNREAD


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit()


def status(cell: str) -> str | None:
    """One of the four statuses, in the register's own spelling: every establishment has one."""
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
    """Each cell of a column of dates as a date; None for a blank one; UNREAD for what is none.

    Where more dates make sense month first than day first, a date in figures could mean either: none is read.
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
