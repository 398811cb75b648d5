"""Hostile working files, made by somebody who knows the format and the passphrase: each is refused at little cost."""

from __future__ import annotations

import struct
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pytest

from sen2dash.archive import packing, sealing, working_file
from sen2dash.config import Settings
from sen2dash.errors import BadWorkingFile, TooLarge, UserError
from tests.hostile.probe import IS_LIMITED, in_fresh_process, peak, watched

PASSPHRASE = "correct horse battery"
CHEAP = sealing.Cost(log_n=4, r=1, p=1)
SETTINGS = Settings(upload_limit_mb=20)
#: The most bytes that opening any of these files may take.
MAX_BYTES = 300_000_000


@dataclass(frozen=True)
class Hostile:
    """What is encrypted in the file, and the title of its refusal."""

    name: str
    make: Callable[[], bytes]
    refused: str


def compressed(*pieces: bytes) -> bytes:
    sink = pa.BufferOutputStream()
    with pa.CompressedOutputStream(sink, "zstd") as out:
        for piece in pieces:
            out.write(piece)
    return bytes(sink.getvalue().to_pybytes())


def listing(text: str) -> bytes:
    return struct.pack(">I", len(text)) + text.encode()


def zeros(claimed: int, real: int) -> bytes:
    """A return of zeros that claims to have another size."""
    return compressed(listing(f'{{"parts": [["return", {claimed}]]}}'), *[bytes(1_000_000)] * (real // 1_000_000))


def with_part(name: str, data: bytes) -> bytes:
    return packing.pack({"details": b"{}", "return": b"", name: data})


DAMAGED = "The working file is damaged"
HOSTILE = (
    Hostile("nothing", lambda: b"", DAMAGED),
    Hostile("not compressed", lambda: b"x" * 1000, DAMAGED),
    Hostile("only a list", lambda: compressed(listing('{"parts": [["return", 5]]}')), DAMAGED),
    Hostile("a list that is too long", lambda: compressed(struct.pack(">I", 2**32 - 1)), DAMAGED),
    Hostile("a list that is no list", lambda: compressed(listing("[" * 60_000)), DAMAGED),
    Hostile("a size below 0", lambda: compressed(listing('{"parts": [["return", -5]]}')), DAMAGED),
    Hostile("a size beyond numbers", lambda: compressed(listing(f'{{"parts": [["return", {10**30}]]}}')), DAMAGED),
    Hostile("one part twice", lambda: compressed(listing('{"parts": [["return", 0], ["return", 0]]}')), DAMAGED),
    Hostile("more than is listed", lambda: zeros(0, 1_000_000), DAMAGED),
    Hostile("less than is listed", lambda: zeros(19_000_000, 1_000_000), DAMAGED),
    Hostile("a bomb that says so", lambda: zeros(2_000_000_000, 2_000_000_000), "The working file holds too much"),
    Hostile("a bomb that does not", lambda: zeros(1_000_000, 2_000_000_000), DAMAGED),
    Hostile("deep JSON", lambda: with_part("notes", b"[" * 10_000_000), DAMAGED),
    Hostile("wide JSON", lambda: with_part("notes", b"[" + b"[]," * 5_000_000 + b"[]]"), DAMAGED),
    Hostile("many wrong marks", lambda: with_part("marks", b'{"mark": [' + b"1," * 5_000_000 + b"1]}"), DAMAGED),
    Hostile("a part of another name", lambda: with_part("../../etc/passwd", b""), sealing.newer().title),
)


def opened(data: bytes) -> UserError | None:
    try:
        working_file.read(sealing.seal(data, PASSPHRASE, CHEAP), PASSPHRASE, SETTINGS)
    except (BadWorkingFile, TooLarge) as error:
        return error
    return None


def memory_of(path: Path) -> int:
    """The bytes that opening what is in a file takes. Run it in a fresh process."""
    data = path.read_bytes()
    before = peak()
    opened(data)
    return peak() - before


@pytest.mark.parametrize("file", HOSTILE, ids=lambda file: file.name)
def test_a_hostile_working_file_is_refused_and_touches_nothing(file: Hostile) -> None:
    data = file.make()
    with watched() as touched:
        error = opened(data)
    assert error is not None
    assert error.title == file.refused
    assert error.hint
    assert len(error.one_line()) < 500
    assert touched == []


@pytest.mark.skipif(not IS_LIMITED, reason="memory is not measured here")
@pytest.mark.parametrize("name", ["a bomb that says so", "a bomb that does not", "wide JSON", "many wrong marks"])
def test_a_small_file_does_not_fill_the_memory(name: str, tmp_path: Path) -> None:
    path = tmp_path / "packed"
    path.write_bytes(next(file for file in HOSTILE if file.name == name).make())
    assert in_fresh_process(memory_of, path) < MAX_BYTES
