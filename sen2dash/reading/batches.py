"""Turn rows of Python values into Arrow batches. Texts are trimmed; the original is kept where trimming changed it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from sen2dash import spec
from sen2dash.reading.lines import LineIndex
from sen2dash.reading.walker import Rows
from sen2dash.spec.columns import columns_of

DEVIATION_COLUMNS = ("kind", "table_name", "row_id", "person_id", "line", "name", "spec_name", "content")
DEVIATION_TYPES = (
    pa.string(),
    pa.string(),
    pa.int64(),
    pa.int64(),
    pa.int64(),
    pa.string(),
    pa.string(),
    pa.string(),
)
Sink = Callable[[str, pa.Table], None]


def send_rows(rows: Rows, lines: LineIndex, sink: Sink) -> None:
    """Make batches of these rows and send them to the sink. The lines of their elements must not have been dropped."""
    for table, waiting in rows.tables.items():
        if waiting:
            _send(table, waiting, lines, sink)
    if rows.deviations:
        found = lines.take([row[4] for row in rows.deviations]).to_pylist()
        deviations = [(*row[:4], line, *row[5:]) for row, line in zip(rows.deviations, found, strict=True)]
        sink("deviation", deviation_batch(deviations))


def _send(table: str, waiting: list[tuple[Any, ...]], lines: LineIndex, sink: Sink) -> None:
    columns = list(zip(*waiting, strict=True))
    n_keys = len(columns) - len(spec.items_of(table))
    keys = [pa.array(column, pa.int64()) for column in columns[: n_keys - 1]]
    keys.append(lines.take(list(columns[n_keys - 1])))
    send_columns(table, keys, [pa.array(column, pa.string()) for column in columns[n_keys:]], sink)


def send_columns(table: str, keys: list[pa.Array], texts: list[pa.Array], sink: Sink) -> None:
    """Send rows to the sink as columns: the keys, ending with the line, and the trimmed text of all items."""
    for place, item in enumerate(spec.items_of(table)):
        raw = texts[place]
        if has_odd_edges(raw):
            texts[place], spaced = trimmed(raw)
            _send_spacing(table, item.element, spaced, keys, raw, sink)
    sink(table, pa.Table.from_arrays(keys + texts, columns_of(table)))


def _send_spacing(table: str, element: str, rows: list[int], keys: list[pa.Array], raw: pa.Array, sink: Sink) -> None:
    """Keep the original texts where they differ from the ones that the checks read."""
    if not rows:
        return
    row_id, person_id, line, content = (each.take(rows).to_pylist() for each in (*keys[:2], keys[-1], raw))
    deviations = [
        ("spacing", table, *found, element, element, text)
        for *found, text in zip(row_id, person_id, line, content, strict=True)
    ]
    sink("deviation", deviation_batch(deviations))


def has_odd_edges(texts: pa.Array) -> bool:
    """Whether any text may be empty or have white space at an end: an end character is not printable ASCII."""
    _, offsets_buffer, data_buffer = texts.buffers()
    offsets = np.frombuffer(offsets_buffer, np.int32, len(texts) + 1, texts.offset * 4)
    filled = offsets[1:] > offsets[:-1]
    if np.count_nonzero(filled) < len(texts) - texts.null_count:
        return True
    if data_buffer is None or not filled.any():
        return False
    data = np.frombuffer(data_buffer, np.uint8)
    edges = np.concatenate([data[offsets[:-1][filled]], data[offsets[1:][filled] - 1]])
    return bool(((edges <= 32) | (edges >= 127)).any())


def trimmed(texts: pa.Array) -> tuple[pa.Array, list[int]]:
    """Trim the texts, with null for blank ones. Also return the positions of the texts that changed."""
    stripped = pc.utf8_trim(texts, characters=spec.WHITE_SPACE)
    changed = pc.indices_nonzero(pc.fill_null(pc.not_equal(stripped, texts), False)).to_pylist()
    return pc.if_else(pc.equal(stripped, ""), pa.scalar(None, pa.string()), stripped), changed


def deviation_batch(deviations: list[tuple[Any, ...]]) -> pa.Table:
    """Make a batch from rows of kind, table, row, person, line, name, specification name and content."""
    return pa.Table.from_arrays(
        [pa.array(column, kind) for column, kind in zip(zip(*deviations, strict=True), DEVIATION_TYPES, strict=True)],
        DEVIATION_COLUMNS,
    )
