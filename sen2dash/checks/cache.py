"""Cache everything worked out from a report, so that a second click does not compute it again.

The cache is bounded: the least recently used values are dropped, so memory does not grow with the number of clicks. Few
lists of people are kept, because they are large; numbers are small. Nothing outlives the report.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Literal, NamedTuple, TypeVar, get_args

from sen2dash.model import Cohort

#: The kinds of value in the cache: small numbers, and lists of people or of findings about them.
NumberKind = Literal[
    "breakdown",
    "chart",
    "children",
    "cohort_size",
    "count_people",
    "indicators",
    "mark_counts",
    "mean_weeks",
    "n_people",
    "readings",
    "results",
]
ListKind = Literal["decided", "findings_page", "journeys", "open_cases", "people", "rows", "worklist"]
LIST_KINDS = frozenset(get_args(ListKind))
#: The most entries of each kind. A page needs at most about twenty numbers and five lists.
MAX_NUMBERS, MAX_LISTS = 200, 12
Made = TypeVar("Made")


class Key(NamedTuple):
    """Identifies a value. subject: the id of an indicator or rule, a severity, a view or a person."""

    kind: NumberKind | ListKind
    subject: str = ""
    cohort: Cohort = Cohort()
    rest: tuple[object, ...] = ()


class ReportCache:
    """Values by key, the least recently used first. Every method may be called from any thread."""

    def __init__(self, max_numbers: int = MAX_NUMBERS, max_lists: int = MAX_LISTS) -> None:
        self._numbers: OrderedDict[Key, Any] = OrderedDict()
        self._lists: OrderedDict[Key, Any] = OrderedDict()
        self._max_numbers, self._max_lists = max_numbers, max_lists
        self._n_cleared = 0
        #: Held only briefly, so that clearing never waits for a value to be computed.
        self._lock = threading.Lock()
        #: Held while a value is computed; computing one may need others.
        self._computing = threading.RLock()

    def cached(self, key: Key, compute: Callable[[], Made]) -> Made:
        """Return the cached value for `key`, computing it on first use.

        Two runs of one session can overlap: the second waits and gets the value that the first computed.
        """
        found, value = self._find(key)
        if found:
            return value  # type: ignore[no-any-return]
        with self._computing:
            found, value = self._find(key)
            if found:
                return value  # type: ignore[no-any-return]
            n_cleared = self._n_cleared
            made = compute()
            with self._lock:
                # A value may be out of date if its computation began before the report was cleared or changed.
                if n_cleared == self._n_cleared:
                    self._add(key, made)
            return made

    @contextmanager
    def changing(self) -> Iterator[None]:
        """Stop other threads from computing values from the report while it is changed inside this block."""
        with self._computing:
            yield

    def put(self, key: Key, value: object) -> None:
        """Store a value that is already known."""
        with self._lock:
            self._add(key, value)

    def peek(self, key: Key) -> Any:
        """Return the cached value, or None."""
        return self._find(key)[1]

    def clear(self) -> None:
        """Remove everything."""
        with self._lock:
            self._n_cleared += 1
            self._numbers.clear()
            self._lists.clear()

    def drop(self, kind: NumberKind | ListKind) -> None:
        """Remove every value of one kind."""
        with self._lock:
            self._n_cleared += 1
            held = self._lists if kind in LIST_KINDS else self._numbers
            for key in [each for each in held if each.kind == kind]:
                del held[key]

    def items(self) -> list[tuple[Key, Any]]:
        """Return all keys and values in the cache."""
        with self._lock:
            return [*self._numbers.items(), *self._lists.items()]

    def _held(self, key: Key) -> tuple[OrderedDict[Key, Any], int]:
        """Return the store for this kind of value, and the most entries that it may have."""
        return (self._lists, self._max_lists) if key.kind in LIST_KINDS else (self._numbers, self._max_numbers)

    def _find(self, key: Key) -> tuple[bool, Any]:
        with self._lock:
            held, _ = self._held(key)
            if key not in held:
                return False, None
            held.move_to_end(key)
            return True, held[key]

    def _add(self, key: Key, value: object) -> None:
        held, most = self._held(key)
        held[key] = value
        held.move_to_end(key)
        while len(held) > most:
            held.popitem(last=False)
