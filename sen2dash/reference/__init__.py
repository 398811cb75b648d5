"""Published figures and categories as data: how people are grouped, and what others have published.

Reads the files beside this one and nothing else; what each holds, and where it comes from, stands in README.md.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType

import pyarrow as pa

HERE = Path(__file__).resolve().parent
#: The key of what is not recorded, in every characteristic that knows it.
NOT_RECORDED = "none"


@dataclass(frozen=True)
class Category:
    """One value of a characteristic.

    published: the published category that it is counted in; empty where none. within: the one that it is counted in
    where a release does not have the former; empty where every release has it.
    """

    key: str
    label: str
    published: str
    within: str
    parent: str
    from_year: int | None
    note: str


@dataclass(frozen=True)
class Characteristic:
    """What people are counted and filtered by, with its categories in the order in which they are shown."""

    key: str
    label: str
    definition: str
    categories: tuple[Category, ...]

    @property
    def is_exclusive(self) -> bool:
        """Whether everyone has exactly one category, so that the parts sum to the whole."""
        return self.key != "group"

    def category(self, key: str) -> Category:
        """One category. KeyError where there is none."""
        for category in self.categories:
            if category.key == key:
                return category
        raise KeyError(f"{self.key}/{key}")


def read(name: str) -> list[dict[str, str]]:
    """The rows of one file beside this module."""
    with (HERE / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@cache
def characteristics() -> Mapping[str, Characteristic]:
    """Every characteristic by its key, in the order in which they are offered."""
    categories: dict[str, list[Category]] = defaultdict(list)
    for row in read("categories.csv"):
        first = int(row["from_year"]) if row["from_year"] else None
        categories[row["characteristic"]].append(
            Category(row["key"], row["label"], row["published"], row["within"], row["parent"], first, row["note"])
        )
    return MappingProxyType(
        {
            row["key"]: Characteristic(
                row["key"], row["label"], row["definition"], tuple(categories[row["categories"]])
            )
            for row in read("characteristics.csv")
        }
    )


@cache
def store_tables() -> Mapping[str, pa.Table]:
    """What the views join with: category, establishment_type and sen_setting, every column text."""
    files = {"category": "categories", "establishment_type": "establishment_types", "sen_setting": "sen_settings"}
    return MappingProxyType({table: pa.Table.from_pylist(read(f"{name}.csv")) for table, name in files.items()})


@cache
def neighbours() -> Mapping[str, tuple[str, ...]]:
    """The ten statistical neighbours of each authority, nearest first."""
    found: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for row in read("statistical_neighbours.csv"):
        found[row["la_code"]].append((int(row["rank"]), row["neighbour_la_code"]))
    return MappingProxyType({code: tuple(la for _, la in sorted(ranked)) for code, ranked in found.items()})


@cache
def residents_0_17() -> Mapping[tuple[str, int], int]:
    """Residents aged 0 to 17 by area (England, region code or authority number) and mid-year."""
    rows = read("population_0_17.csv")
    return MappingProxyType({(r["area"], int(r["mid_year"])): int(r["population_0_17"]) for r in rows})
