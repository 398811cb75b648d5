"""Published figures and categories as data: how people are grouped, and what others have published.

This package reads only the files in its own folder. README.md says what each file holds and where it comes from.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType

import pyarrow as pa

from sen2dash.csv_files import read_rows

HERE = Path(__file__).resolve().parent
#: The key for "not recorded", in every characteristic that has this category.
NOT_RECORDED = "none"


@dataclass(frozen=True)
class Category:
    """One value of a characteristic.

    published: the published category in which it is counted; empty if none. within: the category in which it is counted
    if a release does not have the first one; empty if every release has it.
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
    """A characteristic by which people are counted and filtered, with its categories in display order.

    from_year: the first return year that holds the item behind it; None if every year does.
    """

    key: str
    label: str
    definition: str
    categories: tuple[Category, ...]
    from_year: int | None = None

    @property
    def is_exclusive(self) -> bool:
        """Whether everyone has exactly one category, so that the parts add up to the total."""
        return self.key != "group"

    def category(self, key: str) -> Category:
        """Return one category. Raises KeyError if there is none."""
        for category in self.categories:
            if category.key == key:
                return category
        raise KeyError(f"{self.key}/{key}")


def read(name: str) -> list[dict[str, str]]:
    """Return the rows of one file in this folder."""
    return read_rows(HERE / name)


@cache
def characteristics() -> Mapping[str, Characteristic]:
    """Return the characteristics that every return has, by key, in display order."""
    return _characteristics("characteristics.csv")


@cache
def census_characteristics() -> Mapping[str, Characteristic]:
    """Return the further characteristics that a school census gives, by key, in display order."""
    return _characteristics("census_characteristics.csv")


@cache
def every_characteristic() -> Mapping[str, Characteristic]:
    """Return both."""
    return MappingProxyType({**characteristics(), **census_characteristics()})


def _characteristics(file: str) -> Mapping[str, Characteristic]:
    categories: dict[str, list[Category]] = defaultdict(list)
    for row in read("categories.csv"):
        first = int(row["from_year"]) if row["from_year"] else None
        categories[row["characteristic"]].append(
            Category(row["key"], row["label"], row["published"], row["within"], row["parent"], first, row["note"])
        )
    return MappingProxyType(
        {
            row["key"]: Characteristic(
                row["key"],
                row["label"],
                row["definition"],
                tuple(categories[row["categories"]]),
                int(row["from_year"]) if row["from_year"] else None,
            )
            for row in read(file)
        }
    )


@cache
def store_tables() -> Mapping[str, pa.Table]:
    """Return the tables that the views join with: category, establishment_type and sen_setting, all columns text."""
    files = {"category": "categories", "establishment_type": "establishment_types", "sen_setting": "sen_settings"}
    return MappingProxyType({table: pa.Table.from_pylist(read(f"{name}.csv")) for table, name in files.items()})


@cache
def neighbours() -> Mapping[str, tuple[str, ...]]:
    """Return the ten statistical neighbours of each authority, nearest first."""
    found: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for row in read("statistical_neighbours.csv"):
        found[row["la_code"]].append((int(row["rank"]), row["neighbour_la_code"]))
    return MappingProxyType({code: tuple(la for _, la in sorted(ranked)) for code, ranked in found.items()})


@cache
def residents_0_17() -> Mapping[tuple[str, int], int]:
    """Return residents aged 0 to 17 by area (England, region code or authority number) and mid-year."""
    rows = read("population_0_17.csv")
    return MappingProxyType({(r["area"], int(r["mid_year"])): int(r["population_0_17"]) for r in rows})
