"""The fast path for persons that follow the layout exactly: columns are read from the bytes, without building a tree.

`plain_index` finds these persons. The walker reads everything else, stretch by stretch. If few persons are plain, the
stretches grow until the walker reads nearly everything. Both paths give the same rows, deviations and lines: the
walker is the reference, and a test compares the two on every unusual test file.
"""

from __future__ import annotations

import re
from collections.abc import Callable

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from sen2dash import spec
from sen2dash.reading.batches import Sink, send_columns
from sen2dash.reading.encoding import Buffer
from sen2dash.reading.lines import LineIndex
from sen2dash.reading.plain_index import PERSONS, Names, Run, find_run
from sen2dash.reading.walker import Walker

END = b"</Person>"
#: Bytes that are examined together, and the smaller number used after something unusual was found among them.
BLOCK, SHORT_BLOCK = 1 << 21, 1 << 18
#: Bytes that the walker reads before the fast path is tried again. The number doubles each time the fast path then
#: reads fewer than WORTHWHILE bytes. A real person has about 1,700 bytes.
STRETCH, WORTHWHILE = 1 << 16, 1 << 17
REFERENCE = re.compile(r"&(?:#x([0-9A-Fa-f]+)|#([0-9]+)|(\w+));")
ENTITIES = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"}


class FastPath:
    """Reads plain persons instead of the walker, and decides how far the walker has to read in between.

    is_well_formed: called once, before the first plain person is accepted.
    """

    def __init__(
        self, data: Buffer, walker: Walker, lines: LineIndex, sink: Sink, is_well_formed: Callable[[], bool]
    ) -> None:
        self.data = data
        self.walker = walker
        self.lines = lines
        self.sink = sink
        self.is_well_formed = is_well_formed
        self.is_open: bool | None = None
        self.names: Names | None = None
        self.block = BLOCK
        self.stretch = STRETCH
        self.resumed = 0

    def next_stretch(self, at: int) -> int:
        """Return where the walker should stop if it continues at `at`: at the end of a person or of the file."""
        if self.resumed:
            self.stretch = STRETCH if at - self.resumed >= WORTHWHILE else 2 * self.stretch
        found = -1 if self.is_open is False else self.data.find(END, at + self.stretch)
        self.resumed = len(self.data) if found < 0 else found + len(END)
        return self.resumed

    def read(self, at: int, n_rows: int, flush: Callable[[], None]) -> int:
        """Read plain persons from `at` on and return where they end, which is `at` if there are none.

        `at` must be directly inside a Persons group, and everything before it must have been walked. n_rows: the most
        rows that may be made. flush: sends the rows that the walker has already made.
        """
        end = self.data.rfind(END, at, at + self.block) + len(END)
        if self.is_open is False or end <= at:
            return at
        if self.names is None:
            assert self.walker.layout is not None
            self.names = Names(self.walker.layout)
        run = find_run(self.data, at, end, self.names)
        if run is None or len(run.groups) > n_rows:
            self.block = SHORT_BLOCK
            return at
        if self.is_open is None:
            self.is_open = self.is_well_formed()
            if not self.is_open:
                return at
        flush()
        self._send(run, self.names)
        self.block = min(BLOCK, 2 * self.block) if at + run.size == end else SHORT_BLOCK
        return at + run.size

    def _send(self, run: Run, names: Names) -> None:
        """Make rows from a run, send them to the sink, and move the walker and the line index past the run."""
        n_rows = np.bincount(run.table, minlength=PERSONS)
        row = np.empty(len(run.groups), np.int64)
        for number in range(PERSONS):
            row[run.table == number] = np.arange(n_rows[number])
        row_id = row + np.array([self.walker.next_id[group.table] for group in spec.GROUPS])[run.table]
        above = run.owner[run.groups]
        line, n_breaks = self._lines(run)
        texts, first = _texts(run, row, n_rows, names), 0
        for number, group in enumerate(spec.GROUPS):
            own = np.flatnonzero(run.table == number)
            parents: list[np.ndarray] = []
            up = own
            for _ in spec.ancestors(group.table):
                up = above[up]
                parents.insert(0, row_id[up])
            place = _places(above[own]) if parents else np.arange(1, len(own) + 1) + self.walker.person_place
            keys = [row_id[own], *(parents or [row_id[own]]), place, line[own]]
            columns = []
            for _ in spec.items_of(group.table):
                columns.append(texts.slice(first, len(own)))
                first += len(own)
            if len(own):
                send_columns(group.table, [pa.array(key) for key in keys], columns, self.sink)
        self.walker.go_past(n_rows.tolist(), len(run.start_tags))
        self.lines.go_past(run.size, len(run.start_tags), int(line[-1]), n_breaks)

    def _lines(self, run: Run) -> tuple[np.ndarray, int]:
        """Return the line of each group, followed by the line of the last element, and the number of line breaks."""
        breaks = np.flatnonzero(_bytes_of(run) == ord("\n"))
        begins = run.borders[run.start_tags[np.append(run.groups, -1)]]
        return (np.searchsorted(breaks, begins) + self.lines.line).astype(np.int32), len(breaks)


def _bytes_of(run: Run) -> np.ndarray:
    return np.frombuffer(run.pieces.buffers()[2], np.uint8, run.size)


def _texts(run: Run, row: np.ndarray, n_rows: np.ndarray, names: Names) -> pa.Array:
    """Return the texts of all columns, one column after another, each with all rows of its table; null for no text."""
    heights = n_rows[names.table_of]
    tops = np.cumsum(heights) - heights
    items = np.flatnonzero(run.column >= 0)
    place = tops[run.column[items]] + row[run.owner[items]]
    wanted = np.full(heights.sum(), len(run.pieces) - 1)
    wanted[place] = run.start_tags[items] + 1
    texts = run.pieces.take(pa.array(wanted))
    _, offsets, data = texts.buffers()
    borders = np.frombuffer(offsets, np.int32, len(texts) + 1)
    is_filled = np.packbits(borders[1:] > borders[:-1], bitorder="little")
    texts = pa.Array.from_buffers(pa.string(), len(texts), [pa.py_buffer(is_filled), offsets, data])
    marks = np.flatnonzero(_bytes_of(run) == ord("&"))
    if not len(marks):
        return texts
    held = np.unique(np.searchsorted(run.borders, marks, side="right")) - 2
    return _resolved(texts, np.sort(place[np.searchsorted(run.start_tags[items], held)]))


def _resolved(texts: pa.Array, places: np.ndarray) -> pa.Array:
    """Replace the character references in the texts at these positions with the characters themselves."""
    written = [_plain_text(text) for text in texts.take(pa.array(places)).to_pylist()]
    is_written = np.zeros(len(texts), bool)
    is_written[places] = True
    return pc.replace_with_mask(texts, pa.array(is_written), pa.array(written, pa.string()))


def _plain_text(text: str) -> str:
    def character(match: re.Match[str]) -> str:
        by_hex, by_number, name = match.groups()
        return ENTITIES[name] if name else chr(int(by_hex, 16) if by_hex else int(by_number))

    return REFERENCE.sub(character, text)


def _places(parents: np.ndarray) -> np.ndarray:
    """Return the position of each row among those with the same parent, from 1."""
    number = np.arange(len(parents))
    is_first = np.append(True, parents[1:] != parents[:-1])[: len(parents)]
    return number - np.maximum.accumulate(np.where(is_first, number, 0)) + 1
