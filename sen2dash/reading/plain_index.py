"""Find the elements of a stretch of persons from its bytes, as far as the stretch follows the layout exactly.

This module does not read texts or make rows; `plain` does that. The stretch must begin directly inside a Persons group
of a message that the parser has found well-formed, so matching end tags, characters and entities are not checked again.

A person, with everything after it, is left to the walker if it has an attribute, a comment, CDATA or an instruction; a
prefix or another name that is not in the layout; an element that is repeated, out of order or under another parent; an
element in an item; text outside the items; a > or a carriage return in a text; or more elements than a person can have.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from sen2dash import spec
from sen2dash.reading.encoding import Buffer
from sen2dash.reading.layout import ReturnLayout

#: A person with more elements is left to the walker, which counts its groups. A real person has about 40.
MAX_ELEMENTS = 1_000
#: Tables are numbered by their position in GROUPS; this is the number of the Persons group around them.
PERSONS = len(spec.GROUPS)
PERSON = 0


class Names:
    """The names of one layout as numbers: groups as in GROUPS, then items in each spelling that is not reported."""

    def __init__(self, layout: ReturnLayout) -> None:
        groups = [group.element for group in spec.GROUPS]
        spellings = {*spec.SILENT_VARIANTS, *(name for table in layout.children for name in layout.items[table])}
        names = [*groups, *sorted(spellings - set(groups))]
        self.n_names = len(names)
        #: A start tag has the number of its name; the number of an empty element is n_names higher.
        self.tags = pa.array([*(f"<{name}>" for name in names), *(f"<{name}/>" for name in names)], pa.string())
        self.level = np.array([len(spec.ancestors(group.table)) + 1 for group in spec.GROUPS])
        self.may_repeat = np.array([group.repeats for group in spec.GROUPS] + [False] * (len(names) - PERSONS))
        #: By table and name: the position among siblings, and for items the column; -1 if the name is not allowed.
        self.rank = np.full((PERSONS + 1, len(names)), -1, np.int64)
        self.column = self.rank.copy()
        self.rank[PERSONS, PERSON] = 0
        #: The table of each column: all columns of a table are together.
        self.table_of = np.repeat(np.arange(PERSONS), [len(spec.items_of(group.table)) for group in spec.GROUPS])
        for number, group in enumerate(spec.GROUPS):
            order = layout.order(group.table)
            columns = [item.element for item in spec.items_of(group.table)]
            first_column = int(np.searchsorted(self.table_of, number))
            for code, name in enumerate(names):
                found, is_reported = layout.resolve(name, dict.fromkeys(order))
                if found is not None and not is_reported:
                    self.rank[number, code] = order.index(found)
                    if found in columns:
                        self.column[number, code] = first_column + columns.index(found)


@dataclass(frozen=True)
class Run:
    """Consecutive persons that all follow the layout. Elements and groups are numbered in document order."""

    #: Tags and the text between them, alternating; the last piece is an empty text.
    pieces: pa.Array
    #: Where each piece begins, from the start of the run.
    borders: np.ndarray
    #: The piece that is the start tag of each element; the next one is the text of an item.
    start_tags: np.ndarray
    #: The column of each item that has a text; -1 for all other elements.
    column: np.ndarray
    #: The group that each element is in; -1 for persons.
    owner: np.ndarray
    #: The element number of each group, and the table in which the group is a row.
    groups: np.ndarray
    table: np.ndarray
    #: Size of the run in bytes: it ends with the last person.
    size: int


def find_run(data: Buffer, start: int, end: int, names: Names) -> Run | None:
    """Return the longest run of plain persons from `start`, ending by `end`; None if the first is not plain."""
    buf = np.frombuffer(data, np.uint8, end - start, start)
    marks = _marks(buf)
    if not len(marks) or bytes(buf[: marks[0]]).strip():
        return None
    borders = np.append(marks, marks[-1]).astype(np.int32)
    borders[1::2] += 1
    borders[-1] = borders[-2]
    pieces = pa.Array.from_buffers(pa.string(), len(marks), [None, pa.py_buffer(borders), pa.py_buffer(buf)])
    is_end = np.append(buf[marks[::2] + 1] == ord("/"), False)
    starts = np.flatnonzero(~is_end[:-1])
    code = pc.index_in(pieces.take(pa.array(2 * starts)), names.tags).fill_null(-1).to_numpy()
    is_empty = code >= names.n_names
    name = np.where(is_empty, code - names.n_names, code)
    is_group = (name >= 0) & (name < PERSONS)
    # Start tags minus end tags: both can be counted from the position among all tags.
    depth = 2 * np.arange(len(starts)) + 1 - starts - (np.cumsum(is_empty) - is_empty)
    has_text = ~is_group & ~is_empty

    wrong = (name < 0) | (has_text & ~is_end[starts + 1])
    wrong |= depth != np.where(is_group, names.level[name * is_group], np.maximum(depth, 2))
    held = np.zeros(len(is_end) - 1, bool)
    held[starts[has_text]] = True
    for tag in (*_loose(pieces, borders, ~held), *_returns(buf, borders, held)):
        wrong[np.searchsorted(starts, tag, side="right") - 1] = True
    # The last person is wrong if it is not closed, or if the rest cannot be split into tags.
    wrong[-1] |= 2 * len(starts) - np.count_nonzero(is_empty) != len(is_end) - 1
    persons = np.flatnonzero((name == PERSON) & (depth == 1))
    wrong[persons[np.diff(persons, append=len(starts)) > MAX_ELEMENTS]] = True

    n_right = _before(wrong, persons)
    name, is_group, depth, has_text = (each[:n_right] for each in (name, is_group, depth, has_text))
    groups = np.flatnonzero(is_group)
    table = name[groups]
    owner = _owners(depth, groups)
    held_by = np.append(table, PERSONS)[owner]
    n_right = _before(_misplaced(depth, owner, names.rank[held_by, name], names.may_repeat[name]), persons)
    if not n_right:
        return None
    groups = groups[: np.searchsorted(groups, n_right)]
    last_tag = (starts[n_right] if n_right < len(starts) else len(is_end) - 1) - 1
    return Run(
        pieces=pieces,
        borders=borders,
        start_tags=2 * starts[:n_right],
        column=np.where(has_text, names.column[held_by, name], -1)[:n_right],
        owner=owner[:n_right],
        groups=groups,
        table=table[: len(groups)],
        size=int(borders[2 * last_tag + 1]),
    )


def _marks(buf: np.ndarray) -> np.ndarray:
    """Return where < and > are, as long as they alternate in pairs. A comment or a > in a text ends the list."""
    marks = np.flatnonzero((buf | 2) == ord(">"))
    marks = marks[: len(marks) // 2 * 2]
    amiss = (buf[marks[::2]] != ord("<")) | (buf[marks[1::2]] != ord(">"))
    return marks[: 2 * int(amiss.argmax())] if amiss.any() else marks


def _loose(pieces: pa.Array, borders: np.ndarray, is_outside: np.ndarray) -> list[int]:
    """Return the first tag, if any, that is followed by text outside an item."""
    outside = np.flatnonzero(is_outside & (borders[2::2] > borders[1:-1:2]))
    is_white = pc.ascii_is_space(pieces.take(pa.array(2 * outside + 1))).to_numpy(zero_copy_only=False)
    return [] if is_white.all() else [int(outside[is_white.argmin()])]


def _returns(buf: np.ndarray, borders: np.ndarray, is_held: np.ndarray) -> list[int]:
    """Return the first tag, if any, before item text with a carriage return, which the parser makes a line feed."""
    places = np.searchsorted(borders, np.flatnonzero(buf[: borders[-1]] == ord("\r")), side="right") - 1
    tags = places[places % 2 == 1] // 2
    tags = tags[is_held[tags]]
    return [int(tag) for tag in tags[:1]]


def _before(wrong: np.ndarray, persons: np.ndarray) -> int:
    """Count the elements before the person with the first wrong element."""
    if not wrong.any():
        return len(wrong)
    place = int(np.searchsorted(persons, wrong.argmax(), side="right"))
    return int(persons[place - 1]) if place else 0


def _owners(depth: np.ndarray, groups: np.ndarray) -> np.ndarray:
    """Return the group that each element is in, or -1. Every element that contains elements is a group."""
    level = depth[groups]
    above = np.full(len(groups), -1)
    for deep in range(2, int(level.max(initial=1)) + 1):
        inner, outer = np.flatnonzero(level == deep), np.flatnonzero(level == deep - 1)
        above[inner] = outer[np.searchsorted(outer, inner) - 1]
    is_group = np.zeros(len(depth), bool)
    is_group[groups] = True
    owner = np.cumsum(is_group) - 1
    owner[groups] = above
    # For an item, this is the last group that has begun or, if that has ended, the group around it.
    late = np.flatnonzero(~is_group & (level[owner] >= depth))
    while len(late):
        owner[late] = above[owner[late]]
        late = late[level[owner[late]] >= depth[late]]
    return owner


def _misplaced(depth: np.ndarray, owner: np.ndarray, rank: np.ndarray, may_repeat: np.ndarray) -> np.ndarray:
    """Mark elements that are not allowed in their group, are repeated, or follow a sibling that should come later."""
    wrong = rank < 0
    # Sorted by depth, siblings are next to each other.
    order = np.argsort(depth.astype(np.int8), kind="stable")
    place = ((depth << 40) + ((owner + 1) << 10) + rank)[order]
    step = np.diff(place)
    later = order[1:]
    wrong[later[(step < 0) | ((step == 0) & ~may_repeat[later])]] = True
    return wrong
