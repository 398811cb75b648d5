"""Join the rows of a return that is not XML: which row is beneath which, and which cannot be placed.

A row is left out if its id was there before, if the row above it is not in the return, or if it is beneath a row that
is left out. If more than one in a hundred rows of a table are so, the files do not belong together and are refused.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

import pyarrow as pa

from sen2dash import spec
from sen2dash.errors import BadInput, TooLarge
from sen2dash.reading.batches import Sink
from sen2dash.reading.other import values
from sen2dash.reading.other.forms import COLLECT, KEY, PARENT, PERSON, TABLE_NAMES
from sen2dash.reading.other.given import GivenTable
from sen2dash.reading.walker import MAX_GROUPS
from sen2dash.spec.columns import columns_of

#: The largest share of the rows of a table that may be left out.
MAX_FAULT_SHARE = Fraction(1, 100)
#: The most rows that a warning names.
MAX_NAMED = 10
Ids = tuple[int, ...]


@dataclass
class LeftOutRows:
    """Rows of one table that were left out, by reason."""

    duplicates: list[int] = field(default_factory=list)
    orphans: list[int] = field(default_factory=list)
    beneath: list[int] = field(default_factory=list)
    odd: list[int] = field(default_factory=list)

    def numbers_of_fault(self) -> list[int]:
        """Return the rows that say that something is wrong with the files: not those beneath another."""
        return [*self.duplicates, *self.orphans, *self.odd]

    def reasons(self) -> Mapping[str, Sequence[int]]:
        """Return the reasons in words, with their rows."""
        return {
            "its id, or its place beneath another row, was taken by an earlier row": self.duplicates,
            "the row that it belongs to is not in the return": self.orphans,
            "the row that it belongs to was left out": self.beneath,
            "its cells cannot be told apart": self.odd,
        }


class Joiner:
    """Joins tables one after another, those above first, and sends their rows on."""

    def __init__(self, form: str, layout_year: int, sink: Sink, swaps: bool = False) -> None:
        self._by_request = form != COLLECT
        self._form = form
        self._year = layout_year
        self._sink = sink
        self._swaps = swaps
        #: Ids of the rows that were kept, by table and key; and the keys of rows that were not.
        self._known: dict[str, dict[str, Ids]] = {}
        self._gone: dict[str, set[str]] = {}
        self.left_out: dict[str, LeftOutRows] = {}
        self.n_rows: dict[str, int] = {}
        self.warnings: list[str] = []
        #: Rows of active plans with both review dates, and those whose decision is before the meeting.
        self.n_both = self.n_reversed = 0
        #: Values with a character that XML cannot hold.
        self.n_not_in_xml = 0

    def header_keys(self, keys: Sequence[str]) -> None:
        """Note the ids of the header, beneath which persons are."""
        self._known["header"] = {key: () for key in keys if key}

    def join(self, given: GivenTable) -> int:
        """Place the rows of one table, send them on, and return how many were kept."""
        table = given.table
        left = self.left_out[table] = LeftOutRows(odd=list(given.odd))
        self.n_rows[table] = len(given.rows) + len(given.odd)
        n_keys = len(columns_of(table)) - len(spec.items_of(table))
        kept: list[int] = []
        ids_of_kept: list[Ids] = []
        known = self._known[table] = {}
        gone: set[str] = set()
        self._gone[table] = gone
        n_beneath: Counter[Ids] = Counter()
        n_of_person: Counter[int] = Counter()
        is_person, repeats = table == "person", spec.group_of(table).repeats
        parents, own = self._keys(given)
        above = self._above(table, parents, values.key_texts(given.cells(PERSON)) if PERSON in given.at else None)
        gone_above = self._gone.get(self._parent_of(table), set())
        for at, ((number, _), key, up) in enumerate(zip(given.rows, own, above, strict=True)):
            if up is None:
                (left.beneath if parents[at] in gone_above else left.orphans).append(number)
                gone.update({key} - {""})
                continue
            if key in known or key in gone or (not repeats and n_beneath[up]):
                left.duplicates.append(number)
                if key and key not in known:
                    gone.add(key)
                continue
            kept.append(at)
            row_id = len(kept)
            n_beneath[up] += 1
            if key:
                known[key] = (*up, row_id)
            if is_person:
                ids_of_kept.append((row_id, row_id, row_id, number))
            else:
                n_of_person[up[0]] += 1
                ids_of_kept.append((row_id, *up, n_beneath[up], number))
        keys = list(zip(*ids_of_kept, strict=True)) or [()] * n_keys
        if n_of_person and max(n_of_person.values()) > MAX_GROUPS:
            raise TooLarge(
                "One person has too many rows",
                f"{given.place.words}: a person has more than {MAX_GROUPS:,} rows in this table.",
                "Check that you chose the SEN2 files, or export them again.",
            )
        self._send(given, kept, keys)
        return len(kept)

    def _parent_of(self, table: str) -> str:
        return spec.group_of(table).parent or "header"

    def _keys(self, given: GivenTable) -> tuple[list[str], list[str]]:
        """Return the keys of the rows above, and of the rows themselves. A request's id is that of what is beneath."""
        parents = values.key_texts(given.cells(PARENT))
        if self._by_request and given.table not in ("person", "requests"):
            own = [""] * len(parents) if spec.group_of(given.table).repeats else parents
        else:
            own = values.key_texts(given.cells(KEY))
        return parents, own

    def _above(self, table: str, parents: Sequence[str], persons: Sequence[str] | None) -> list[Ids | None]:
        """Return the ids of the row above each row; None if it is not among those that were kept, or is another
        person's.
        """
        if table == "person":
            header = self._known.get("header", {})
            return [() if not header or not parent or parent in header else None for parent in parents]
        # A blank key is not among those that are known.
        found = list(map(self._known.get(self._parent_of(table), {}).get, parents))
        if persons is None:
            return found
        known = self._known["person"]
        return [
            ids if ids is None or not person or known.get(person, ids)[0] == ids[0] else None
            for ids, person in zip(found, persons, strict=True)
        ]

    def _send(self, given: GivenTable, kept: Sequence[int], keys: Sequence[Sequence[int]]) -> None:
        """Send the rows that were kept, with the values of the items of this year's layout."""
        texts = []
        columns = {item.column: self._texts(given, item) for item in spec.items_of(given.table)}
        if given.table == "activeplans":
            self._review_dates(columns)
        for item in spec.items_of(given.table):
            values_of_kept = [columns[item.column][at] for at in kept]
            self.n_not_in_xml += values.n_not_in_xml(values_of_kept)
            texts.append(pa.array(values_of_kept, pa.string()))
        arrays = [pa.array(column, pa.int64()) for column in keys]
        self._sink(given.table, pa.Table.from_arrays(arrays + texts, columns_of(given.table)))

    def _texts(self, given: GivenTable, item: spec.Item) -> list[str | None]:
        cells = values.column(given.cells(item.column), item.type, is_workbook=self._form != COLLECT)
        if item.exists_in(self._year):
            return cells
        n_filled = sum(cell is not None for cell in cells)
        if n_filled:
            self.warnings.append(
                f"{given.place.words}: {item.label} ({item.element}) is not in the layout of {self._year}, so "
                f"{'1 value was' if n_filled == 1 else f'{n_filled:,} values were'} not read."
            )
        return [None] * len(cells)

    def _review_dates(self, columns: dict[str, list[str | None]]) -> None:
        """Exchange the two review dates if that was asked for, and count how often they seem to be exchanged."""
        if self._swaps:
            columns["last_review"], columns["review_meeting"] = columns["review_meeting"], columns["last_review"]
        both = [
            (decision, meeting)
            for decision, meeting in zip(columns["last_review"], columns["review_meeting"], strict=True)
            if spec.real_date(decision) and spec.real_date(meeting)
        ]
        self.n_both = len(both)
        self.n_reversed = sum(decision < meeting for decision, meeting in both if decision and meeting)

    def check(self) -> None:
        """Raise BadInput if more rows of a table were left out than a slip explains."""
        wrong = {
            table: (len(left.numbers_of_fault()), self.n_rows[table])
            for table, left in self.left_out.items()
            if len(left.numbers_of_fault()) > MAX_FAULT_SHARE * self.n_rows[table]
        }
        if not wrong:
            return
        missing = {self._parent_of(table) for table in wrong} - {"header", *self.n_rows}
        why = "".join(f" {TABLE_NAMES[table]} were not given." for table in spec.TABLES if table in missing)
        kinds = {
            "have an id that is there twice": "duplicates",
            "belong to a row that is not there": "orphans",
            "have cells that cannot be told apart": "odd",
        }
        reasons = [
            words for words, name in kinds.items() if any(getattr(self.left_out[table], name) for table in wrong)
        ]
        listed = "; ".join(f"{TABLE_NAMES[table]}: {n:,} of {of:,} rows" for table, (n, of) in wrong.items())
        raise BadInput(
            "The tables do not belong together",
            f"Too many rows {', or '.join(reasons)}. {listed}.{why}",
            "Choose tables of one export, made at the same time.",
        )

    def n_left_out(self) -> int:
        """Count the rows that were left out."""
        return sum(len(numbers) for left in self.left_out.values() for numbers in left.reasons().values())

    def left_out_warnings(self, places: Mapping[str, str]) -> list[str]:
        """Return a sentence for each table and reason. places: of the tables, in words."""
        found = []
        for table, left in self.left_out.items():
            for why, numbers in left.reasons().items():
                if numbers:
                    found.append(f"{places[table]}: {_counted(numbers)} left out, because {why} ({_named(numbers)}).")
        return found


def _counted(numbers: Sequence[int]) -> str:
    return "1 row was" if len(numbers) == 1 else f"{len(numbers):,} rows were"


def _named(numbers: Sequence[int]) -> str:
    """Return 'row 4', 'rows 4 and 7' or, of many, the first ones and how many more."""
    named = [f"{number:,}" for number in sorted(numbers)[:MAX_NAMED]]
    if len(numbers) == 1:
        return f"row {named[0]}"
    if len(numbers) > MAX_NAMED:
        return f"rows {', '.join(named)} and {len(numbers) - MAX_NAMED:,} more"
    return f"rows {', '.join(named[:-1])} and {named[-1]}"
