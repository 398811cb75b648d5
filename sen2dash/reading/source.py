"""Keep the original bytes of a return, compressed, so that lines can be shown and the checks run again.

They are kept in memory, never on disk. A return shrinks to about a fifteenth of its size; a line is found without
unpacking the rest.
"""

from __future__ import annotations

import zlib
from bisect import bisect_right

from sen2dash.reading.encoding import decode
from sen2dash.reading.other import bundle

BLOCK = 1 << 20


class SourceText:
    """The whole file in compressed blocks, with the line number at which each begins."""

    def __init__(self, data: bytes) -> None:
        self._blocks: list[bytes] = []
        self._first_lines: list[int] = []
        self.size = len(data)
        line = 1
        for start in range(0, len(data), BLOCK):
            block = data[start : start + BLOCK]
            self._blocks.append(zlib.compress(block, 1))
            self._first_lines.append(line)
            line += block.count(b"\n")

    def data(self) -> bytes:
        """Return the bytes exactly as they were supplied."""
        return b"".join(zlib.decompress(block) for block in self._blocks)

    def _start(self) -> bytes:
        return zlib.decompress(self._blocks[0])

    def lines(self, first: int, last: int | None, encoding: str) -> list[str]:
        """Return lines first to last (from 1, both included; None: to the end), without their line ends.

        encoding: from `Facts.encoding`. Lines are counted at LF, as in the findings. Of a kept return that was made
        from other files, these are the lines of its XML.
        """
        made = bundle.kept_xml(self.data()) if self._blocks and bundle.is_bundle(self._start()) else None
        if made is not None:
            return _cut(made, 1, first, last, encoding)
        if encoding == "utf-16":
            readable, _ = decode(self.data())
            return _cut(bytes(readable), 1, first, last, "utf-8")
        at = max(bisect_right(self._first_lines, first) - 1, 0)
        # If a block starts inside the line, the line may have begun in an earlier block.
        while at > 0 and self._first_lines[at] == first:
            at -= 1
        end = len(self._blocks) if last is None else bisect_right(self._first_lines, last)
        unpacked = b"".join(zlib.decompress(block) for block in self._blocks[at:end])
        return _cut(unpacked, self._first_lines[at], first, last, encoding)


def _cut(data: bytes, starts_at: int, first: int, last: int | None, encoding: str) -> list[str]:
    """Return the requested lines from a stretch that begins in line `starts_at`."""
    lines = data.split(b"\n")
    wanted = lines[first - starts_at : None if last is None else last - starts_at + 1]
    return [line.rstrip(b"\r").decode(encoding, errors="replace") for line in wanted]
