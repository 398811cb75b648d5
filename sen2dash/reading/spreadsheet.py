"""Read the cells of an Excel or OpenDocument workbook as texts, in a separate process. It does not know their meaning.

A workbook of a few kilobytes can claim a cell in the last row and column, and the library would then ask for all cells
between, which ends the process. So a separate process with little memory and time reads it. The bytes go to it, and the
cells come back, through pipes: nothing is written to disk, also if it crashes.
"""

from __future__ import annotations

import html
import io
import json
import os
import re
import subprocess
import sys
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

#: How a workbook begins: a zip (xlsx, ods) or an OLE file (xls).
ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
MB = 1_000_000
#: The most files in a workbook, and the most sheets that are read.
MAX_MEMBERS, MAX_SHEETS = 1_000, 50


@dataclass(frozen=True)
class Limits:
    """How much of a workbook is read.

    unpacked: bytes when unpacked. rows: of a sheet. cells, text: of all sheets together. characters: of a cell, whose
    text is cut there.
    """

    unpacked: int = 200 * MB
    rows: int = 3 * MB
    cells: int = 3 * MB
    text: int = 50 * MB
    characters: int = 500


#: Of a list that is added to a return, and of a return itself: its texts are never cut, as Excel has no longer ones.
LIST = Limits()
RETURN = Limits(unpacked=600 * MB, rows=MB, cells=5 * MB, text=150 * MB, characters=40_000)
#: The environment variables that the process gets. It does not need any secret.
PASSED_ON = ("PATH", "SYSTEMROOT", "TEMP", "LANG", "LC_ALL", "VIRTUAL_ENV", "LD_LIBRARY_PATH")
#: What the process may use: bytes of memory, and seconds.
MEMORY, SECONDS = 1_500_000_000, 30
#: What the process answers instead of cells, in words for people.
REASONS = {
    "locked": "It is protected by a password.",
    "large": "It has more than {cells:,} cells, more than {rows:,} rows in a sheet, or too much text.",
    "unreadable": "It is damaged, or not a workbook that can be read.",
}
#: A cell of a sheet's XML that holds a formula, or an error, its type, and its value.
FORMULA = re.compile(
    rb'<c r="([A-Z]+)([0-9]+)"(?: s="[0-9]+")?(?: t="([a-z]+)")?[^>]*>'
    rb"(<f[^>]*/>|<f[^>]*>[^<]*</f>)?(?:<v>([^<]*)</v>|<v/>)?</c>"
)
SHEET_OF = re.compile(rb'<sheet [^>]*?name="([^"]*)"[^>]*?r:id="([^"]*)"')
TARGET_OF = re.compile(rb'<Relationship (?=[^>]*?Id="([^"]*)")(?=[^>]*?Target="([^"]*)")')
ROOT = Path(__file__).resolve().parents[2]


class Unreadable(Exception):
    """A workbook cannot be read. The message is a sentence for people."""


@dataclass(frozen=True)
class Worksheet:
    """One sheet. rows: from its first row on, so that the position of a row is its number in the sheet.

    without_value: cells with a formula whose value is not in the file, or is an error: they are blank. Each is the
    number of its row, and the position of its column.
    """

    name: str
    rows: list[list[str]]
    without_value: list[tuple[int, int]] = field(default_factory=list)


def is_workbook(data: bytes) -> bool:
    """Whether the bytes begin like a workbook."""
    return data.startswith((ZIP, OLE))


def read_sheets(data: bytes, limits: Limits = LIST) -> list[Worksheet]:
    """Read every sheet. Numbers are written without needless decimals, dates as ccyy-mm-dd. Unreadable says why not."""
    if data.startswith(ZIP):
        _check_zip(data, limits)
    try:
        done = subprocess.run(
            [sys.executable, "-m", "sen2dash.reading.spreadsheet", json.dumps(asdict(limits))],
            input=data,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=SECONDS,
            env={
                **{name: os.environ[name] for name in PASSED_ON if name in os.environ},
                **{"PYTHONPATH": str(ROOT), "RUST_BACKTRACE": "0"},
            },
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise Unreadable("Reading it takes too long.") from None
    except OSError:
        raise Unreadable("The server cannot start another process to read it: use a CSV.") from None
    try:
        return _sheets(done.stdout.splitlines() if done.returncode == 0 else [b'"unreadable"'], limits)
    except ValueError:
        raise Unreadable(REASONS["unreadable"]) from None


def _sheets(lines: Iterable[bytes], limits: Limits) -> list[Worksheet]:
    """Read the answer of the process: a line for each row, and one before and behind those of a sheet."""
    sheets: list[Worksheet] = []
    # All at once: the many short lines of a return cost more one by one.
    for found in json.loads(b"[%s]" % b",".join(lines)):
        if isinstance(found, str):
            raise Unreadable(REASONS[found].format(**asdict(limits)))
        if isinstance(found, dict):
            sheets.append(Worksheet(found["name"], [], list(map(tuple, found["without_value"]))))
        else:
            sheets[-1].rows.append(found)
    return sheets


def _check_zip(data: bytes, limits: Limits) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            listed = packed.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, OverflowError, LookupError):
        raise Unreadable(REASONS["unreadable"]) from None
    if any(each.flag_bits & 1 for each in listed):
        raise Unreadable(REASONS["locked"])
    if len(listed) > MAX_MEMBERS or sum(each.file_size for each in listed) > limits.unpacked:
        raise Unreadable(f"It unpacks to more than {limits.unpacked // MB} MB or {MAX_MEMBERS:,} files.")


# -- in the process of its own ----------------------------------------------------------------------------


def _limit() -> None:
    """Limit the memory and time of this process, and let it leave no dump. Windows has no such limits."""
    with suppress(ImportError):
        import resource

        with suppress(OSError, ValueError):
            resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
            resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
            resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))


def _answer(data: bytes, limits: Limits) -> Iterator[Any]:
    """Yield every sheet as its name and what has no value, then its rows; or the reason why not (a key of REASONS)."""
    from python_calamine import CalamineError, PasswordError, load_workbook

    try:
        book = load_workbook(io.BytesIO(data))
        without_value = _without_value(data)
        n_cells, n_characters = 0, 0
        for name in book.sheet_names[:MAX_SHEETS]:
            sheet = book.get_sheet_by_name(name)
            last_row, last_column = sheet.end or (-1, -1)
            n_cells += (last_row + 1) * (last_column + 1)
            if n_cells > limits.cells or last_row + 1 > limits.rows:
                yield "large"
                return
            yield {"name": name, "without_value": without_value.get(name, [])}
            for row in _rows(sheet, limits.characters):
                n_characters += sum(map(len, row))
                if n_characters > limits.text:
                    yield "large"
                    return
                yield row
    except PasswordError:
        yield "locked"
    except (CalamineError, OSError, ValueError, MemoryError):
        yield "unreadable"


def _without_value(data: bytes) -> dict[str, list[tuple[int, int]]]:
    """Return the cells, by name of sheet, with a formula that has no value in the file, or with an error.

    A formula whose value is an empty text has been calculated: its cell is of the type str.
    """
    found: dict[str, list[tuple[int, int]]] = {}
    if not data.startswith(ZIP):
        return found
    with (
        suppress(zipfile.BadZipFile, KeyError, ValueError, NotImplementedError),
        zipfile.ZipFile(io.BytesIO(data)) as z,
    ):
        targets = dict(TARGET_OF.findall(z.read("xl/_rels/workbook.xml.rels")))
        for name, number in SHEET_OF.findall(z.read("xl/workbook.xml")):
            path = targets[number].decode().removeprefix("/")
            xml = z.read(path if path.startswith("xl/") else f"xl/{path}")
            if b"<f" not in xml and b't="e"' not in xml:
                continue
            cells = {
                (int(row), _position(column))
                for column, row, kind, formula, value in FORMULA.findall(xml)
                if kind == b"e" or (formula and not value and kind != b"str")
            }
            found[html.unescape(name.decode())] = sorted(cells)
    return found


def _position(letters: bytes) -> int:
    """Return the position of a column: 0 for A, 26 for AA."""
    place = 0
    for letter in letters:
        place = place * 26 + letter - ord("A") + 1
    return place - 1


def _rows(sheet: Any, max_length: int) -> Iterator[list[str]]:
    """Yield the rows of a sheet, without blank cells at their ends. The library leaves out blank columns in front."""
    _, first_column = sheet.start or (0, 0)
    for row in sheet.iter_rows():
        # Most cells of a wide sheet are blank ones at the ends of rows, and most others are texts.
        while row and row[-1] == "":
            row.pop()
        texts = [cell[:max_length] if type(cell) is str else _text(cell, max_length) for cell in row]
        yield [""] * (first_column if texts else 0) + texts


def _text(cell: Any, max_length: int) -> str:
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime) and cell.time() == time():
        return cell.date().isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    return str(cell)[:max_length]


if __name__ == "__main__":
    _limit()
    for part in _answer(sys.stdin.buffer.read(), Limits(**json.loads(sys.argv[1]))):
        sys.stdout.write(f"{json.dumps(part)}\n")
