"""Pack named parts into one run of compressed bytes, and unpack them within limits. Knows no part.

The bytes are a list of the parts (names and sizes), then the parts, compressed together with zstd. Sizes are checked
before a part is unpacked, so that a small file cannot fill the memory.
"""

from __future__ import annotations

import mmap
import struct
from collections.abc import Mapping
from typing import Annotated

import pyarrow as pa
from pydantic import Field, ValidationError

from sen2dash.errors import BadWorkingFile, TooLarge
from sen2dash.model import Frozen

LENGTH, SIZE = struct.Struct(">I"), struct.Struct(">Q")
#: The most bytes of the list of parts, and how much is unpacked at a time.
MAX_LIST, PIECE = 64_000, 4 << 20
#: How hard returns are compressed that are kept for years.
LEVEL = 9

Size = Annotated[int, Field(ge=0, lt=2**53)]


class Parts(Frozen):
    """The list of the parts in their order: names and sizes in bytes."""

    parts: tuple[tuple[str, Size], ...]


def pack(parts: Mapping[str, bytes]) -> bytes:
    """Pack parts, in their order."""
    listed = Parts(parts=tuple((name, len(data)) for name, data in parts.items())).model_dump_json().encode()
    sink = pa.BufferOutputStream()
    with pa.CompressedOutputStream(sink, "zstd") as out:
        for piece in (LENGTH.pack(len(listed)), listed, *parts.values()):
            out.write(piece)
    return sink.getvalue().to_pybytes()  # type: ignore[no-any-return]


def unpack(data: bytes, limits: Mapping[str, int]) -> tuple[dict[str, bytes], list[str]]:
    """Unpack the parts that are known, and return the names of the others, which are not unpacked.

    limits: the most bytes of each known part. Errors: BadWorkingFile if the bytes are damaged; TooLarge.
    """
    try:
        with pa.CompressedInputStream(pa.BufferReader(data), "zstd") as source:
            listed = _listed(source)
            unknown = [name for name, _ in listed if name not in limits]
            if unknown:
                return {}, unknown
            for name, size in listed:
                if size > limits[name]:
                    raise TooLarge(
                        "The working file holds too much",
                        f"Its part '{name}' has {size / 1e6:,.0f} MB; the limit is {limits[name] / 1e6:,.0f} MB.",
                        "Ask your administrator to raise SEN2DASH_UPLOAD_LIMIT_MB.",
                    )
            if len({name for name, _ in listed}) != len(listed):
                raise damaged()
            found = {name: _read(source, size) for name, size in listed}
            if source.read(1):
                raise damaged()
            return found, []
    except (OSError, pa.ArrowException):
        raise damaged() from None


def damaged() -> BadWorkingFile:
    """Return the error for bytes that no working file has."""
    return BadWorkingFile(
        "The working file is damaged",
        "What it holds cannot be unpacked.",
        "Save it again where it was made. If that is not possible, start with the return itself.",
    )


def _listed(source: pa.NativeFile) -> tuple[tuple[str, int], ...]:
    (length,) = LENGTH.unpack(_read(source, LENGTH.size))
    if length > MAX_LIST:
        raise damaged()
    try:
        return Parts.model_validate_json(_read(source, length)).parts
    except ValidationError:
        raise damaged() from None


def _read(source: pa.NativeFile, size: int) -> bytes:
    """Read exactly this many bytes, a piece at a time: a size that is not true takes no memory."""
    pieces, left = [], size
    while left:
        piece = source.read(min(left, PIECE))
        if not piece:
            raise damaged()
        pieces.append(piece)
        left -= len(piece)
    return b"".join(pieces)


def compress(data: bytes | mmap.mmap) -> bytes:
    """Compress bytes on their own, with their size before them. A return of 43 MB becomes 1.5 MB."""
    packed: bytes = pa.Codec("zstd", compression_level=LEVEL).compress(pa.py_buffer(data), asbytes=True)
    return SIZE.pack(len(data)) + packed


def expand(data: bytes) -> bytes | None:
    """Return what `compress` was given; None if the bytes are anything else. Only for bytes that are authenticated."""
    if len(data) < SIZE.size:
        return None
    try:
        with pa.CompressedInputStream(pa.BufferReader(data[SIZE.size :]), "zstd") as source:
            found = _read(source, *SIZE.unpack(data[: SIZE.size]))
            return None if source.read(1) else found
    except (OSError, pa.ArrowException, BadWorkingFile):
        return None
