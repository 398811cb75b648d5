"""Where the elements of a stretch of persons are, worked out from its bytes as far as all is as the layout has it.

No text is looked into and no row is made here; `plain` does that. The stretch must begin straight in a Persons group
of a message that the parser has found well-formed: what the parser vouches for (that end tags fit, that characters and
entities are right) is not looked at again.

A person is refused, and so left to the walker, with everything behind it, for an attribute, a comment, CDATA or
an instruction, a prefix or another name that the layout does not have, an element that is repeated, in another order
or under another parent, an element in an item, text beside the items, a > or a carriage return in a text, and for more
elements than a person has.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from sen2dash import spec
from sen2dash.reading.encoding import Buffer
from sen2dash.reading.layout import Layout

#: A person with more elements is left to the walker, which counts its groups. A real person has some 40.
MOST_ELEMENTS = 1_000
#: Numbers of tables are places in GROUPS; this is that of the Persons group around them.
PERSONS = len(spec.GROUPS)
PERSON = 0


class Names:
    """The names of one layout as numbers: groups as in GROUPS, then items in any spelling that is not reported."""

    def __init__(self, layout: Layout) -> None:
        groups = [group.element for group in spec.GROUPS]
        spellings = {*spec.SILENT_VARIANTS, *(name for table in layout.children for name in layout.items[table])}
        names = [*groups, *sorted(spellings - set(groups))]
        self.n_names = len(names)
        #: A start tag is its name, an empty element is n_names behind it.
        self.tags = pa.array([*(f"<{name}>" for name in names), *(f"<{name}/>" for name in names)], pa.string())
        self.level = np.array([len(spec.ancestors(group.table)) + 1 for group in spec.GROUPS])
        self.may_repeat = np.array([group.repeats for group in spec.GROUPS] + [False] * (len(names) - PERSONS))
        #: By table and name: the place among its brothers, and for items the column; -1 where it may not stand there.
        self.rank = np.full((PERSONS + 1, len(names)), -1, np.int64)
        self.column = self.rank.copy()
        self.rank[PERSONS, PERSON] = 0
        #: The table of each column: all columns of a table stand together.
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
    """Persons one behind the other, all as the layout has them. Elements and groups are numbered in document order."""

    #: Tags and what stands between them in turn; the last is an empty text.
    pieces: pa.Array
    #: Where each piece begins, from the start of the run.
    borders: np.ndarray
    #: The piece that is the start tag of each element; the next one is the text of an item.
    start_tags: np.ndarray
    #: The column of each item that has a text; -1 of all other elements.
    column: np.ndarray
    #: The group that each element stands in; -1 of persons.
    owner: np.ndarray
    #: The element that each group is, and the table in which it is a row.
    groups: np.ndarray
    table: np.ndarray
    #: Bytes of the run: it ends with the last person.
    size: int


def find_run(data: Buffer, start: int, end: int, names: Names) -> Run | None:
    """The longest run of plain persons that begins at `start` and ends by `end`; None where the first is not plain."""
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
    # Start tags less end tags: both may be counted from the place among all tags.
    depth = 2 * np.arange(len(starts)) + 1 - starts - (np.cumsum(is_empty) - is_empty)
    has_text = ~is_group & ~is_empty

    wrong = (name < 0) | (has_text & ~is_end[starts + 1])
    wrong |= depth != np.where(is_group, names.level[name * is_group], np.maximum(depth, 2))
    held = np.zeros(len(is_end) - 1, bool)
    held[starts[has_text]] = True
    for tag in (*_loose(pieces, borders, ~held), *_returns(buf, borders, held)):
        wrong[np.searchsorted(starts, tag, side="right") - 1] = True
    # Where the last person is not closed, or nothing more can be told apart, it is wrong.
    wrong[-1] |= 2 * len(starts) - np.count_nonzero(is_empty) != len(is_end) - 1
    persons = np.flatnonzero((name == PERSON) & (depth == 1))
    wrong[persons[np.diff(persons, append=len(starts)) > MOST_ELEMENTS]] = True

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
    """Where < and > are, in turn and in pairs, as far as they are: a comment or a > in a text ends it at the latest."""
    marks = np.flatnonzero((buf | 2) == ord(">"))
    marks = marks[: len(marks) // 2 * 2]
    amiss = (buf[marks[::2]] != ord("<")) | (buf[marks[1::2]] != ord(">"))
    return marks[: 2 * int(amiss.argmax())] if amiss.any() else marks


def _loose(pieces: pa.Array, borders: np.ndarray, is_outside: np.ndarray) -> list[int]:
    """The first tag, if any, that is followed by more than white space where no item's text is."""
    outside = np.flatnonzero(is_outside & (borders[2::2] > borders[1:-1:2]))
    is_white = pc.ascii_is_space(pieces.take(pa.array(2 * outside + 1))).to_numpy(zero_copy_only=False)
    return [] if is_white.all() else [int(outside[is_white.argmin()])]


def _returns(buf: np.ndarray, borders: np.ndarray, is_held: np.ndarray) -> list[int]:
    """The first tag, if any, that an item's text with a carriage return follows: the parser makes a line feed of it."""
    places = np.searchsorted(borders, np.flatnonzero(buf[: borders[-1]] == ord("\r")), side="right") - 1
    tags = places[places % 2 == 1] // 2
    tags = tags[is_held[tags]]
    return [int(tag) for tag in tags[:1]]


def _before(wrong: np.ndarray, persons: np.ndarray) -> int:
    """How many elements stand in front of the person with the first wrong one."""
    if not wrong.any():
        return len(wrong)
    place = int(np.searchsorted(persons, wrong.argmax(), side="right"))
    return int(persons[place - 1]) if place else 0


def _owners(depth: np.ndarray, groups: np.ndarray) -> np.ndarray:
    """The group that each element stands in, -1 where there is none. All elements with elements in them are groups."""
    level = depth[groups]
    above = np.full(len(groups), -1)
    for deep in range(2, int(level.max(initial=1)) + 1):
        inner, outer = np.flatnonzero(level == deep), np.flatnonzero(level == deep - 1)
        above[inner] = outer[np.searchsorted(outer, inner) - 1]
    is_group = np.zeros(len(depth), bool)
    is_group[groups] = True
    owner = np.cumsum(is_group) - 1
    owner[groups] = above
    # Of an item the last group that has begun, or where that has ended the one around it.
    late = np.flatnonzero(~is_group & (level[owner] >= depth))
    while len(late):
        owner[late] = above[owner[late]]
        late = late[level[owner[late]] >= depth[late]]
    return owner


def _misplaced(depth: np.ndarray, owner: np.ndarray, rank: np.ndarray, may_repeat: np.ndarray) -> np.ndarray:
    """Which elements may not stand in their group, or stand behind a brother that comes later or is the same."""
    wrong = rank < 0
    # Sorted by depth, brothers stand together.
    order = np.argsort(depth.astype(np.int8), kind="stable")
    place = ((depth << 40) + ((owner + 1) << 10) + rank)[order]
    step = np.diff(place)
    later = order[1:]
    wrong[later[(step < 0) | ((step == 0) & ~may_repeat[later])]] = True
    return wrong
