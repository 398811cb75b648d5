"""Write values as the XML of a return would have them. What is not understood stays as it is, for the rules to find."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import date, timedelta

from sen2dash.reading.linked.values import FLAGS, MONTHS
from sen2dash.spec import WHITE_SPACE

DAY = re.compile(r"(?:([0-9]{4})-([0-9]{2}|[A-Za-z]{3})-([0-9]{2})|([0-9]{2})/([0-9]{2})/([0-9]{4}))(.*)", re.DOTALL)
MIDNIGHT = re.compile(r"(?:[Tt ] *0?0:00(?::00(?:\.0*)?)?)?")
#: How a spreadsheet keeps a day: the days since 30 December 1899.
SERIAL = re.compile(r"([0-9]{1,7})(?:\.0+)?")
FIRST_DAY, LAST_SERIAL = date(1899, 12, 30), 2_958_465
WHOLE_NUMBER = re.compile(r"([0-9]+)\.0+")
#: Characters that XML cannot hold.
NOT_IN_XML = re.compile("[\\0-\\x08\\x0b\\x0c\\x0e-\\x1f\\ud800-\\udfff\\ufffe\\uffff]")
Write = Callable[[str], str]


def trimmed(text: str) -> str:
    """Return the text without white space at its ends, as for a text in XML."""
    return text.strip(WHITE_SPACE)


def key_text(text: str) -> str:
    """Return an id for comparing: 12.0 is 12."""
    text = trimmed(text)
    match = WHOLE_NUMBER.fullmatch(text)
    return match[1] if match else text


def key_texts(texts: Sequence[str]) -> list[str]:
    """Return ids for comparing."""
    return [key_text(text) if "." in text else text.strip(WHITE_SPACE) for text in texts]


def n_not_in_xml(texts: Sequence[str | None]) -> int:
    """Count the texts with a character that XML cannot hold."""
    odd = {text for text in set(texts) if text and NOT_IN_XML.search(text)}
    return sum(text in odd for text in texts) if odd else 0


def _day(text: str) -> tuple[str, str] | None:
    """Return the day that begins a text as ccyy-mm-dd, and what follows it; None if it begins with none."""
    match = DAY.fullmatch(text)
    if match is None:
        return None
    year, month, day = (match[1], match[2], match[3]) if match[1] else (match[6], match[5], match[4])
    number = int(month) if month.isdigit() else MONTHS.get(month.lower(), 0)
    try:
        return date(int(year), number, int(day)).isoformat(), match[7]
    except ValueError:
        return None


def date_text(text: str) -> str:
    """Return a date as ccyy-mm-dd. A time other than midnight makes it no date."""
    found = _day(text)
    return found[0] if found is not None and MIDNIGHT.fullmatch(found[1]) else text


def serial_date_text(text: str) -> str:
    """Do the same for a cell of a workbook, where a bare number is a day too."""
    match = SERIAL.fullmatch(text)
    if match and 1 <= int(match[1]) <= LAST_SERIAL:
        return (FIRST_DAY + timedelta(days=int(match[1]))).isoformat()
    return date_text(text)


def moment_text(text: str) -> str:
    """Return a date and time with its date as ccyy-mm-dd. The time stays as it is."""
    found = _day(text)
    return "".join(found) if found is not None else text


def flag_text(text: str) -> str:
    """Return 1 or 0 for a flag: true, false, 1.0 and 0.0 in any case."""
    found = FLAGS.get(text.lower())
    return text if found is None else str(int(found))


def same_text(text: str) -> str:
    """Return the text as it is."""
    return text


def writer(kind: str, is_workbook: bool) -> Write:
    """Return how to write the values of an item of this type (`spec.Item.type`)."""
    if kind == "date":
        return serial_date_text if is_workbook else date_text
    return {"boolean": flag_text, "datetime": moment_text}.get(kind, same_text)


def column(cells: list[str], kind: str, is_workbook: bool) -> list[str | None]:
    """Write the values of one column, each distinct text once; None for a blank one."""
    write = writer(kind, is_workbook)
    known: dict[str, str | None] = {}
    for cell in set(cells):
        text = trimmed(cell)
        known[cell] = write(text) if text else None
    return [known[cell] for cell in cells]
