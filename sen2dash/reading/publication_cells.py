"""The lines and cells of a published file, and what is reported of one that was read.

Every cell becomes a number, a known text instead of a number, or an issue. No text of a file is kept.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache, lru_cache
from types import MappingProxyType
from typing import NamedTuple

from sen2dash import spec
from sen2dash.model import Frozen
from sen2dash.reading.publication_forms import squeezed
from sen2dash.reference.published import ENGLAND
from sen2dash.reference.pupils import PupilFigureKey, Values
from sen2dash.text import flat

#: A line of the publication has about 400 characters.
MAX_LINE_LENGTH = 100_000
MAX_COLUMNS = 500
#: Texts published instead of a number: not available, not applicable, and not published.
NOT_AVAILABLE = frozenset({"x", "c", "k", "u", "low", "no data", "not available", "n/a", "-", "..", "~", ":"})
NUMBER = re.compile(r"(-?)([0-9]{1,12}|[0-9]{1,3}(?:,[0-9]{3}){1,3})(\.[0-9]{1,10})?")
NEGATIVE = "negative"
REGIONS = re.compile(r"E1[23][0-9]{6}")


class FileRead(Frozen):
    """A file that was read. release: the reporting year. n_rows: all rows; n_used: rows with figures for comparison;
    n_not_shown: rows of known breakdowns that are not shown here. `notes` reports the rest.

    release: None for statistics of pupils, which are of another publication.
    n_authorities: those with a row in the latest period; the DfE publishes 153.
    n_absent: figures that are x for every area in a period, left out so that an older release can supply them.
    """

    name: str
    kind: str
    label: str
    release: int | None
    periods: tuple[str, ...]
    n_rows: int
    n_used: int
    n_not_shown: int
    n_authorities: int
    n_absent: int = 0
    notes: tuple[str, ...] = ()


class NotUsed(Frozen):
    """A file that was not used, and why. is_expected: it belongs to the publication and is not needed."""

    name: str
    why: str
    is_expected: bool = False


class ParsedFile(NamedTuple):
    """What was found in one file. pupils: figures of pupils with a plan, from the DfE's statistics of pupils."""

    file: FileRead
    figures: list[dict[str, str]]
    breakdowns: list[dict[str, str]]
    pupils: Mapping[PupilFigureKey, Values] = MappingProxyType({})


class TooLong(Exception):
    """A line is longer than any line in the publication."""


class Issues:
    """What was not understood: for each kind, the count and the first example with its line."""

    def __init__(self) -> None:
        self._found: dict[str, list[int]] = {}
        self._first: dict[str, str] = {}

    def add(self, what: str, line: int, text: str | None = None) -> None:
        """Count one more problem. what: a sentence in the plural, without its end."""
        if what in self._found:
            self._found[what][0] += 1
            return
        self._found[what] = [1, line]
        self._first[what] = f" ('{flat(text, 40)}')" if text is not None else ""

    def sentences(self) -> tuple[str, ...]:
        """Return a sentence for each kind."""
        return tuple(
            f"{what}: {count:,} time{'s' if count > 1 else ''}, first in line {line:,}{self._first[what]}."
            for what, (count, line) in self._found.items()
        )


def decoded(data: bytes) -> str | None:
    """Decode a file in UTF-8, UTF-16 with a byte order mark, or Windows-1252; None if the bytes are not text."""
    if data[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        encodings = ["utf-16"]
    elif b"\0" in data:
        return None
    else:
        encodings = ["utf-8-sig", "cp1252"]
    for encoding in encodings:
        try:
            return data.decode(encoding)
        except UnicodeError:
            continue
    return None


def unreadable(name: str, error: TooLong | csv.Error) -> NotUsed:
    """Say why the lines of a file cannot be read."""
    if isinstance(error, TooLong):
        return NotUsed(
            name=name, why=f"Line {error.args[0]:,} is longer than any of the publication, or is not closed."
        )
    return NotUsed(name=name, why=f"It is not a CSV file that can be read ({flat(error, 80)}).")


def rows_of(text: str) -> Iterator[tuple[int, list[str]]]:
    """Yield the rows that are not blank, each with the line on which it ends. Errors: csv.Error, TooLong."""
    open_lines = 0

    def lines() -> Iterator[str]:
        nonlocal open_lines
        for number, line in enumerate(io.StringIO(text, newline=""), 1):
            open_lines += 1
            if len(line) > MAX_LINE_LENGTH or open_lines > 50:
                raise TooLong(number)
            yield line

    reader = csv.reader(lines(), strict=True)
    for cells in reader:
        open_lines = 0
        if any(cells):
            yield reader.line_num, cells


#: A cache for cells of this publication, which repeat in every row. Cells of other files are never kept.
cached_squeezed = lru_cache(maxsize=4096)(squeezed)


@lru_cache(maxsize=256)
def period_of(text: str, identifier: str) -> str | None:
    """Return 2025-01 for 202425 (an academic year, counted in its January), 2024 for a calendar year, otherwise None.

    One copy of a 2025 file has 202425 for the calendar year 2024. There, the identifier decides.
    """
    text = text.strip()
    if re.fullmatch(r"20[0-9]{4}", text) and (int(text[2:4]) + 1) % 100 == int(text[4:]):
        return text[:4] if cached_squeezed(identifier) == "calendar year" else f"{int(text[:4]) + 1}-01"
    if re.fullmatch(r"20[0-9]{2}", text):
        return f"{text}-01" if cached_squeezed(identifier) == "january" else text
    return None


@lru_cache(maxsize=4096)
def value_of(text: str) -> str | None:
    """Return a number without separators, x (not available), z (not applicable) or blank; None for any other text.

    A percent sign is removed. Returns NEGATIVE for a number below zero, because no figure used here can be negative.
    """
    squeezed_text = squeezed(text)
    if squeezed_text in ("", "z"):
        return squeezed_text
    if squeezed_text in NOT_AVAILABLE:
        return "x"
    match = NUMBER.fullmatch(squeezed_text.removesuffix("%").rstrip())
    if match is None:
        return None
    whole, decimals = match[2].replace(",", ""), (match[3] or "").rstrip("0").rstrip(".")
    if match[1] and (int(whole) or decimals):
        return NEGATIVE
    return whole + decimals


@cache
def _by_ons_code() -> Mapping[str, str]:
    return {authority.ons_code: code for code, authority in spec.authorities().items()}


def area_of(level: str, region: str, number: str, ons_code: str) -> str | None:
    """Return England, a region code or an authority number; None if the row does not say."""
    level = cached_squeezed(level)
    if level == "national":
        return ENGLAND
    if level == "regional":
        return region.strip() if REGIONS.fullmatch(region.strip()) else None
    if level == "local authority":
        return number.strip() if re.fullmatch(r"[0-9]{3}", number.strip()) else _by_ons_code().get(ons_code.strip())
    return None


def n_authorities(latest: str, found: Iterable[tuple[str, str]]) -> int:
    """Count the authorities with a row in the latest period. found: periods and areas."""
    return len({area for period, area in found if period == latest and area.isdigit()})
