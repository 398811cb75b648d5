"""Values of linked files: dates, times, whole numbers, flags and codes. Each distinct value of a column is read once.

A value that is not blank and cannot be read counts as blank and is marked: `<column>_unread` is then true.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from typing import Any, Literal

import pyarrow as pa
import pyarrow.compute as pc

Kind = Literal["text", "code", "date", "time", "number", "flag"]
MONTHS = {
    name: place
    for place, name in enumerate(
        ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), start=1
    )
}
BEHIND = (
    r"(?:[Tt ]+([0-9]{1,2}):([0-9]{2})(?::([0-9]{2})(?:[.,][0-9]*)?)?(?: ?([AaPp])\.?[Mm]\.?)?"
    r"(?: ?(?:Z|z|[+-][0-9]{2}:?[0-9]{2}))?)?"
)
DATE = re.compile(
    r"(?:([0-9]{4})-([0-9]{2}|[A-Za-z]{3})-([0-9]{2})|([0-9]{2})/([0-9]{2})/([0-9]{4}))" + BEHIND
)  # fmt: skip
NUMBER = re.compile(r"0*([0-9]{1,12})(?:\.0)?")
FLAGS = {"0": False, "1": True, "false": False, "true": True, "0.0": False, "1.0": True}


def _dated(text: str) -> tuple[date, re.Match[str]] | None:
    """Return the day that a text names, and its parts."""
    match = DATE.fullmatch(text)
    if match is None:
        return None
    year, month, day = (match[1], match[2], match[3]) if match[1] else (match[6], match[5], match[4])
    number = int(month) if month.isdigit() else MONTHS.get(month.lower(), 0)
    try:
        return date(int(year), number, int(day)), match
    except ValueError:
        return None


def read_date(text: str) -> date | None:
    """Read ccyy-mm-dd, ccyy-Mon-dd or dd/mm/yyyy, with or without a time behind it; None for anything else."""
    found = _dated(text)
    return found[0] if found else None


def read_time(text: str) -> datetime | None:
    """Do the same with the time. It is added to the day as it is written: 24:00 is the next day."""
    found = _dated(text)
    if found is None:
        return None
    day, match = found
    hour, minute, second = (int(match[place] or 0) for place in (7, 8, 9))
    if match[10]:
        hour = hour % 12 + 12 * (match[10] in "Pp")
    midnight = datetime(day.year, day.month, day.day)
    try:
        return midnight + timedelta(hours=hour, minutes=minute, seconds=second)
    except OverflowError:
        return midnight


def read_number(text: str) -> int | None:
    """Read digits, with or without `.0`; None for anything else and for numbers of over twelve digits."""
    match = NUMBER.fullmatch(text)
    return int(match[1]) if match else None


def read_flag(text: str) -> bool | None:
    """Read 0, 1, true, false, 0.0 or 1.0 in any case; None for anything else."""
    return FLAGS.get(text.lower())


READERS: Mapping[Kind, tuple[Callable[[str], Any], pa.DataType]] = {
    "date": (read_date, pa.date32()),
    "time": (read_time, pa.timestamp("s")),
    "number": (read_number, pa.int64()),
    "flag": (read_flag, pa.bool_()),
}


def columns_of(name: str, kind: Kind, cells: pa.Array) -> dict[str, pa.Array]:
    """Return the column of these texts by its kind and, for a typed one, which cells could not be read."""
    coded = cells if pa.types.is_dictionary(cells.type) else cells.dictionary_encode()
    texts = pc.utf8_trim_whitespace(coded.dictionary)
    if kind == "code":
        texts = pc.utf8_upper(texts)
    texts = pc.if_else(pc.equal(texts, ""), pa.scalar(None, pa.string()), texts)
    if kind not in READERS:
        return {name: texts.take(coded.indices)}
    read, kind_of = READERS[kind]
    values = pa.array([None if text is None else read(text) for text in texts.to_pylist()], kind_of)
    unread = pc.and_(pc.is_valid(texts), pc.is_null(values))
    return {
        name: values.take(coded.indices),
        f"{name}_unread": pc.fill_null(unread.take(coded.indices), False),
    }


def blank(name: str, kind: Kind, size: int) -> dict[str, pa.Array]:
    """Return the same for a column that a file does not have."""
    if kind not in READERS:
        return {name: pa.nulls(size, pa.string())}
    return {name: pa.nulls(size, READERS[kind][1]), f"{name}_unread": pa.array([False] * size, pa.bool_())}
