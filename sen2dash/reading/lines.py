"""Find the line of every start tag from the bytes: the n-th start tag is the n-th element of the tree.

The parser's own line numbers are wrong after line 65,535. Lines are counted at LF.
"""

from __future__ import annotations

import re

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from sen2dash.reading.encoding import Buffer

#: Text before a start tag; text after an end tag or an empty element; any text with a >, which could hide the first.
#: The search takes the same time for any text.
LOOSE_TEXT = r"[^>\s]\s*<[^/]|(?:</[^<>]*|/)>\s*[^<\s]|>[^<>]*>"
NOT_MARKUP = re.compile(rb"<!--.*?-->|<!\[CDATA\[.*?\]\]>|<\?.*?\?>", re.DOTALL)


class LineIndex:
    """The line of every start tag, worked out block by block alongside the parser."""

    def __init__(self, data: Buffer) -> None:
        self.data = data
        self.read_to = 0
        self.line = 1
        self.first = 0
        self.lines: list[np.ndarray] = []
        self.n_tags = 0
        self.kept: dict[int, int] = {}
        #: Where the last comment, CDATA section or instruction found so far ends.
        self.skip_to = 0
        #: Elements from the first number on have no attributes; from the second on, text only before an end tag.
        self.attributes_to = 0
        self.texts_to = 0

    def feed(self, end: int) -> None:
        """Index the bytes up to `end` (not included)."""
        start, size = self.read_to, len(self.data)
        if end <= start:
            return
        block = np.frombuffer(self.data, np.uint8, min(end + 1, size) - start, start)
        body = block[: end - start]
        opening = np.flatnonzero(body == 60)
        if end == size and len(opening) and opening[-1] == len(body) - 1:
            opening = opening[:-1]
        following = block[opening + 1]
        tags = opening[following != 47]
        following = following[following != 47]
        special = (following == 33) | (following == 63)
        is_odd = bool(special.any()) or self.skip_to > start
        if is_odd:
            begin, stop = self._not_markup((tags[special] + start).tolist(), start)
            tags = tags[~special]
            span = np.searchsorted(begin, tags + start, side="right") - 1
            tags = tags[(span < 0) | (tags + start >= stop[span])]
        breaks = np.flatnonzero(body == 10)
        self.lines.append((np.searchsorted(breaks, tags) + self.line).astype(np.int32))
        self.line += len(breaks)
        self.n_tags += len(tags)
        # Start from the tag that ends before the block.
        first = max(self.data.rfind(b"<", 0, start), 0)
        if is_odd or self.data.find(b"=", first, end) >= 0:
            self.attributes_to = self.n_tags
        if is_odd or self._has_loose_text(first, end):
            self.texts_to = self.n_tags
        self.read_to = end

    def _has_loose_text(self, first: int, end: int) -> bool:
        """Whether a block without comments and similar markup may have text outside items."""
        block = pa.Array.from_buffers(
            pa.binary(),
            1,
            [None, pa.py_buffer(np.array([0, end - first], np.int32)), pa.py_buffer(memoryview(self.data)[first:end])],
        )
        return bool(pc.match_substring_regex(block, LOOSE_TEXT)[0].as_py())

    def _not_markup(self, specials: list[int], start: int) -> tuple[np.ndarray, np.ndarray]:
        """Return starts and ends of sections after `start`, such as comments, in which < starts no element."""
        spans = [(start, max(start, self.skip_to))]
        for offset in specials:
            if offset >= self.skip_to:
                match = NOT_MARKUP.match(self.data, offset)
                self.skip_to = match.end() if match else len(self.data)
                spans.append((offset, self.skip_to))
        return np.array([first for first, _ in spans]), np.array([last for _, last in spans])

    def go_past(self, size: int, n_tags: int, last_line: int, n_breaks: int) -> None:
        """Skip a stretch that was indexed elsewhere. Only the line of its last element can be looked up afterwards."""
        self.read_to += size
        self.n_tags += n_tags
        self.line += n_breaks
        self.first = self.n_tags - 1
        self.lines = [np.array([last_line], np.int32)]

    def take(self, ordinals: list[int | None]) -> pa.Array:
        """Return the lines of these elements, which must not have been dropped."""
        lines = np.concatenate(self.lines) if len(self.lines) != 1 else self.lines[0]
        self.lines = [lines]
        wanted = np.array([-1 if o is None else o for o in ordinals], dtype=np.int64)
        found = lines[np.maximum(wanted - self.first, 0)] if len(lines) else np.zeros(len(wanted), np.int32)
        for place in np.flatnonzero((wanted >= 0) & (wanted < self.first)).tolist():
            found[place] = self.kept[int(wanted[place])]
        return pa.array(found, mask=wanted < 0)

    def line_of(self, ordinal: int) -> int:
        """Return the line of one element, which must not have been dropped."""
        return int(self.take([ordinal])[0].as_py())

    def keep(self, ordinal: int) -> None:
        """Keep the line of one element permanently."""
        self.kept[ordinal] = self.line_of(ordinal)

    def forget(self, ordinal: int) -> None:
        """Drop the lines of the elements before this one."""
        lines = np.concatenate(self.lines) if self.lines else np.zeros(0, np.int32)
        self.lines = [lines[max(0, ordinal - self.first) :].copy()]
        self.first = max(self.first, ordinal)
