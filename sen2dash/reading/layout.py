"""Look up the names and element order of one return year: how to read a group, and what is unusual about it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from operator import itemgetter
from typing import Any

from sen2dash import spec


@dataclass
class GroupShape:
    """How to read a group whose child elements have exactly these names: worked out once, used for every such row."""

    take: Callable[[list[str | None]], tuple[str | None, ...]]
    item_kids: tuple[int, ...]
    #: Child groups to read: (index among the children, table, position among siblings with the same name).
    groups: tuple[tuple[int, str, int], ...]
    #: What to report: (index, kind, name in the file, name in the specification).
    odd: tuple[tuple[int, str, str, str], ...]
    #: The names in file order if that differs from the layout.
    order: str | None
    size: int


def local_name(tag: Any) -> str:
    """The name of an element without its namespace."""
    return str(tag).rpartition("}")[2]


class ReturnLayout:
    """Lookups for the names and element order of one return year."""

    def __init__(self, year: int) -> None:
        self.year = year
        self.items = {table: {i.element: i for i in spec.items_of(table) if i.exists_in(year)} for table in spec.TABLES}
        self.children = {
            table: {g.element: g for g in spec.GROUPS if g.parent == table}
            for table in spec.TABLES
            if table != "header"
        }
        self.rank = {table: self._rank(table) for table in self.children}
        self.lower_case = {
            name.lower() for table in spec.TABLES for name in (*self.items[table], *self.children.get(table, ()))
        }

    def order(self, table: str) -> list[str]:
        """Return the names of the items and child groups of a table, in order."""
        children = self.children[table]
        order: list[str] = []
        for name in self.items[table]:
            order.append(name)
            order += [child for child, group in children.items() if spec.GROUP_BEHIND.get(group.table) == name]
        return order + [child for child, group in children.items() if group.table not in spec.GROUP_BEHIND]

    def _rank(self, table: str) -> dict[str, int]:
        """Map each name to its position in the layout. Items that exist only in 2023 have no position."""
        passing = {name for name, item in self.items[table].items() if item.to_year is not None}
        return {name: place for place, name in enumerate(self.order(table)) if name not in passing}

    def resolve(self, name: str, known: Mapping[str, Any]) -> tuple[str | None, bool]:
        """Return the specification's name for a name in the file, and whether to report the difference (H18)."""
        if name in known:
            return name, False
        silent = spec.SILENT_VARIANTS.get(name)
        if silent in known:
            return silent, False
        slip = spec.REPORTED_VARIANTS.get(name)
        if slip in known:
            return slip, True
        folded = name.lower()
        if folded in self.lower_case:
            for candidate in known:
                if candidate.lower() == folded:
                    return candidate, True
        return None, False

    def shape(self, table: str, tags: tuple[str, ...]) -> GroupShape:
        """Work out how to read a group of this table whose children have these tags."""
        items, children = self.items[table], self.children[table]
        known = {**items, **children}
        at: dict[str, int] = {}
        groups: list[tuple[int, str, int]] = []
        places: dict[str, int] = {}
        odd: list[tuple[int, str, str, str]] = []
        ranks: list[int] = []
        for index, tag in enumerate(tags):
            name = local_name(tag)
            found, report = self.resolve(name, known)
            if found is None:
                odd.append((index, "unexpected", name, ""))
                continue
            if found in items:
                if found in at:
                    odd.append((index, "repeat", name, found))
                    continue
                at[found] = index
            else:
                group = children[found]
                places[found] = places.get(found, 0) + 1
                if places[found] > 1 and not group.repeats:
                    odd.append((index, "repeat", name, found))
                    continue
                groups.append((index, group.table, places[found]))
            if report:
                odd.append((index, "variant", name, found))
            if found in self.rank[table]:
                ranks.append(self.rank[table][found])
        misordered = any(first > second for first, second in pairwise(ranks))
        columns = [at.get(item.element, len(tags)) for item in spec.items_of(table)]
        return GroupShape(
            take=itemgetter(*columns),
            item_kids=tuple(sorted(at.values())),
            groups=tuple(groups),
            odd=tuple(odd),
            order=" ".join(local_name(tag) for tag in tags) if misordered else None,
            size=len(tags),
        )
