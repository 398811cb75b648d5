"""Read the cells of an Excel or OpenDocument workbook as texts, in a separate process. It does not know their meaning.

A workbook of a few kilobytes can claim a cell in the last row and column, and the library would then ask for all cells
between, which ends the process. So a separate process with little memory and time reads it. The bytes go to it, and the
cells come back, through pipes: nothing is written to disk, also if it crashes.
"""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

#: How a workbook begins: a zip (xlsx, ods) or an OLE file (xls).
ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
#: The most bytes that a workbook may have when unpacked, and the most files in it.
MAX_UNPACKED, MAX_MEMBERS = 200_000_000, 1_000
#: The most sheets, cells of all sheets together, and characters of a cell that are read.
MAX_SHEETS, MAX_CELLS, MAX_CHARACTERS = 50, 3_000_000, 500
#: The most characters of all cells together.
MAX_TEXT = 50_000_000
#: The environment variables that the process gets. It does not need any secret.
PASSED_ON = ("PATH", "SYSTEMROOT", "TEMP", "LANG", "LC_ALL", "VIRTUAL_ENV", "LD_LIBRARY_PATH")
#: What the process may use: bytes of memory, and seconds.
MEMORY, SECONDS = 1_500_000_000, 30
#: What the process answers instead of cells, in words for people.
REASONS = {
    "locked": "It is protected by a password.",
    "large": f"It has more than {MAX_CELLS:,} cells, or too much text.",
    "unreadable": "It is damaged, or not a workbook that can be read.",
}
ROOT = Path(__file__).resolve().parents[2]


class Unreadable(Exception):
    """A workbook cannot be read. The message is a sentence for people."""


@dataclass(frozen=True)
class Sheet:
    """One sheet. rows: from its first row on, so that the position of a row is its number in the sheet."""

    name: str
    rows: list[list[str]]


def is_workbook(data: bytes) -> bool:
    """Whether the bytes begin like a workbook."""
    return data.startswith((ZIP, OLE))


def read_sheets(data: bytes) -> list[Sheet]:
    """Read every sheet. Numbers are written without needless decimals, dates as ccyy-mm-dd. Unreadable says why not."""
    if data.startswith(ZIP):
        _check_zip(data)
    try:
        done = subprocess.run(
            [sys.executable, "-m", "sen2dash.reading.spreadsheet"],
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
        answer = json.loads(done.stdout) if done.returncode == 0 else "unreadable"
    except ValueError:
        answer = "unreadable"
    if isinstance(answer, str):
        raise Unreadable(REASONS[answer])
    return [Sheet(name, rows) for name, rows in answer]


def _check_zip(data: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            listed = packed.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, OverflowError, LookupError):
        raise Unreadable(REASONS["unreadable"]) from None
    if any(each.flag_bits & 1 for each in listed):
        raise Unreadable(REASONS["locked"])
    if len(listed) > MAX_MEMBERS or sum(each.file_size for each in listed) > MAX_UNPACKED:
        raise Unreadable(f"It unpacks to more than {MAX_UNPACKED // 1_000_000} MB or {MAX_MEMBERS:,} files.")


# -- in the process of its own ----------------------------------------------------------------------------


def _limit() -> None:
    """Limit the memory and time of this process, and let it leave no dump. Windows has no such limits."""
    with suppress(ImportError):
        import resource

        with suppress(OSError, ValueError):
            resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
            resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
            resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))


def _answer(data: bytes) -> Any:
    """Every sheet as a pair of its name and rows, or the reason why there are none (a key of REASONS)."""
    from python_calamine import CalamineError, PasswordError, load_workbook

    try:
        book = load_workbook(io.BytesIO(data))
        sheets, n_cells, n_characters = [], 0, 0
        for name in book.sheet_names[:MAX_SHEETS]:
            sheet = book.get_sheet_by_name(name)
            last_row, last_column = sheet.end or (-1, -1)
            n_cells += (last_row + 1) * (last_column + 1)
            if n_cells > MAX_CELLS:
                return "large"
            rows = list(_rows(sheet.to_python(skip_empty_area=False)))
            n_characters += sum(len(text) for row in rows for text in row)
            if n_characters > MAX_TEXT:
                return "large"
            sheets.append((name, rows))
        return sheets
    except PasswordError:
        return "locked"
    except (CalamineError, OSError, ValueError, MemoryError):
        return "unreadable"


def _rows(rows: list[list[Any]]) -> Iterator[list[str]]:
    for row in rows:
        texts = [_text(cell) for cell in row]
        while texts and not texts[-1]:
            texts.pop()
        yield texts


def _text(cell: Any) -> str:
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime) and cell.time() == time():
        return cell.date().isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    return str(cell)[:MAX_CHARACTERS]


if __name__ == "__main__":
    _limit()
    sys.stdout.write(json.dumps(_answer(sys.stdin.buffer.read())))
