"""What a test of odd values checks: each text that a page sends is safe, and each file that it offers is inert."""

from __future__ import annotations

import csv
import html
import io
import re
import zipfile
from collections.abc import Callable, Iterator
from typing import Any

import openpyxl
import pytest
from streamlit.testing.v1 import AppTest

from sen2dash import ui
from sen2dash.ui import pieces
from tests.hostile.values import VALUES

Files = dict[str, Callable[[], bytes]]
#: Fields sent to the browser that it shows literally or never shows.
LITERAL = {
    "code_text",
    "default",
    "file_urls",
    "format",
    "id",
    "key",
    "options",
    "raw_options",
    "set_value",
    "spec",
    "value",
    "alt",
}
#: Values that Markdown or HTML would read as more than text, and their safe forms.
ACTIVE = [text for text in VALUES.values() if len(text) > 4 and re.search(r"[\\`*_\[\]<>#|~$@&]|//|:\w+:", text)]
MADE_SAFE = {safe for text in VALUES.values() for safe in (ui.plain(text), html.escape(text))} - set(ACTIVE)
SAFE = re.compile("|".join(map(re.escape, sorted(MADE_SAFE, key=len, reverse=True))))
#: Characters that no text in Markdown or HTML may contain.
HIDDEN = re.compile(r"[\0-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066\u2067\ufeff\ufdd0-\ufdef]")
#: The words of a picture: an attribute, which no browser reads as markup as long as nothing in it ends it.
ATTRIBUTE = re.compile(r' data-text="[^"<>]*"')
#: What a spreadsheet treats as the start of a formula, and what it ignores before it.
BEGINS_FORMULA = re.compile(r"[ \t\r\n'\xa0\u200b\u2060\ufeff\u3000]*[=+\-@\0\uff1d\uff0b\uff0d\uff20]")


@pytest.fixture
def files(monkeypatch: pytest.MonkeyPatch) -> Files:
    """Every download that a page offers, by name."""
    made: Files = {}

    def download(label: str, make: Callable[[], bytes], file_name: str, mime: str, key: str, **_: object) -> None:
        made[file_name] = make

    monkeypatch.setattr(pieces, "download", download)
    return made


def marked(message: Any) -> Iterator[str]:
    """The texts in a message to the browser that are read as Markdown or HTML."""
    for each, value in message.ListFields():
        several = value if each.is_repeated else [value]
        if each.type == each.TYPE_MESSAGE:
            for inner in several if not isinstance(value, dict) else value.values():
                if hasattr(inner, "ListFields"):
                    yield from marked(inner)
        elif each.type == each.TYPE_STRING and each.name not in LITERAL:
            yield from several


def checked(at: AppTest) -> AppTest:
    """Return the page after checking that nothing went wrong and that every value in it is safe."""
    assert not at.exception
    sent = [proto for node in at._tree if (proto := getattr(node, "proto", None)) is not None]
    found = [text for proto in sent for text in marked(proto)]
    found += [str(cell) for table in at.table for cell in table.value.to_numpy().ravel()]
    assert not any("Reference number" in text for text in found)
    for text in found:
        assert is_safe(text), text[:300]
    return at


def is_safe(text: str) -> bool:
    """Whether a text that is read as Markdown or HTML holds every value only as text."""
    if HIDDEN.search(text):
        return False
    if not any(raw in text for raw in ACTIVE):
        return True
    rest = SAFE.sub("", ATTRIBUTE.sub("", text))
    return not any(raw in rest for raw in ACTIVE)


def is_inert(cell: str) -> bool:
    return cell.startswith("'") or not BEGINS_FORMULA.match(cell)


def check_csv(data: bytes) -> None:
    """Check that every cell is inert, and stays one cell in a program that also splits at semicolons and tabs.

    A list of UPNs alone, as other systems take it, has no heading and no quotation marks.
    """
    text = data.decode("utf-8-sig")
    if re.fullmatch(r"(?:[A-Z]\d{11}[\dA-Z]\r\n)+", text):
        return
    assert re.fullmatch(r"[\d.,\r\n-]*", re.sub(r'"(?:[^"]|"")*"', "", text))
    rows = list(csv.reader(io.StringIO(text, newline="")))
    assert len({len(row) for row in rows}) == 1
    outside = re.sub(r'"(?:[^"]|"")*"', "", text).replace("\r\n", ",").split(",")
    numbers = {cell for cell in outside if cell}
    assert not [cell for row in rows for cell in row if not is_inert(cell) and cell not in numbers]


def check_xlsx(data: bytes) -> dict[str, list[tuple[Any, ...]]]:
    """Check that each cell is a text or a number, and return the cells by sheet."""
    with zipfile.ZipFile(io.BytesIO(data)) as book:
        parts = {name: book.read(name) for name in book.namelist()}
    for name, part in parts.items():
        if name.startswith("xl/worksheets/"):
            assert b"<f>" not in part
            assert b"<f " not in part
            assert b"<hyperlink" not in part
            assert set(re.findall(rb' t="(\w+)"', part)) <= {b"s", b"inlineStr"}
        assert not re.search(rb"externalLink|connections|ddeLink", name.encode())
    sheets = openpyxl.load_workbook(io.BytesIO(data)).worksheets
    return {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in sheets}
