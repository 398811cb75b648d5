"""The return as data: tables, items, code sets and authorities by return year.

The source is the DfE's SEN2 person-level technical specification 2025 v1.1 (Open Government Licence v3.0).
Changes between return years are in from_year and to_year of the CSV files, never in code. A return for a coming
year uses the layout and codes of the newest known year.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from types import MappingProxyType

from sen2dash.csv_files import read_rows
from sen2dash.spec.years import (
    COMING_YEARS,
    NEWEST_YEAR,
    RETURN_YEARS,
    ReturnYear,
    census_day,
    return_years,
    rules_year,
    year_of,
)

#: Names from `years` that other modules use as `spec.NEWEST_YEAR` and so on.
__all__ = (
    "COMING_YEARS",
    "NEWEST_YEAR",
    "RETURN_YEARS",
    "ReturnYear",
    "census_day",
    "return_years",
    "rules_year",
    "year_of",
)

HERE = Path(__file__).resolve().parent
#: The authorities that a person or plan can move from or to: a code set that is not in the specification.
AUTHORITIES_OF_MOVES = "CS003_MOVES"
#: The characters that Python's str.strip() removes, if XML allows them.
WHITE_SPACE = "\t\n\r \x85\xa0\u1680" + "".join(map(chr, range(0x2000, 0x200B))) + "\u2028\u2029\u202f\u205f\u3000"
#: Types of items that have a typed column as well as the text: the column `x` is typed, `x_text` is the text.
TYPED = MappingProxyType({"date": "date", "boolean": "boolean"})
#: Spellings that occur in real files and are accepted without a finding.
SILENT_VARIANTS = MappingProxyType(
    {
        "Postcode": "PostCode",
        "SENSetting": "SENsetting",
        "SENSettingOther": "SENsettingOther",
        "Res": "RES",
    }
)
#: Misspellings that occur in real files. They are read, and H18 reports them.
REPORTED_VARIANTS = MappingProxyType({"PlanWPB": "PlanWBP", "WPB": "WBP"})


def is_valid(year: int, from_year: int, to_year: int | None) -> bool:
    """Whether a year is between two others, both included; to_year None: no end."""
    return from_year <= year and (to_year is None or year <= to_year)


@dataclass(frozen=True)
class Item:
    """One item of the return: an element without children."""

    table: str
    column: str
    element: str
    type: str
    code_set: str
    cbds: str
    module: int
    from_year: int
    to_year: int | None
    status_2025: str
    label: str

    def exists_in(self, year: int) -> bool:
        """Whether the layout of this return year has the item."""
        return is_valid(rules_year(year), self.from_year, self.to_year)

    @property
    def is_typed(self) -> bool:
        """Whether the item has a typed column as well as the text."""
        return self.type in TYPED

    @property
    def text_column(self) -> str:
        """The column that holds the trimmed text; NULL where the item is blank."""
        return f"{self.column}_text" if self.is_typed else self.column


@dataclass(frozen=True)
class Group:
    """One group of the return: an element that holds items and other groups, one row of a table."""

    table: str
    element: str
    parent: str | None
    repeats: bool


#: Groups below Persons in the order of the layout. The header is separate: its items are in two containers.
GROUPS = (
    Group("person", "Person", None, True),
    Group("requests", "Requests", "person", True),
    Group("assessment", "Assessment", "requests", False),
    Group("namedplan", "NamedPlan", "assessment", False),
    Group("plandetail", "PlanDetail", "namedplan", True),
    Group("activeplans", "ActivePlans", "requests", False),
    Group("placementdetail", "PlacementDetail", "activeplans", True),
    Group("senneed", "SENneed", "activeplans", True),
)
TABLES = ("header", *(group.table for group in GROUPS))
#: The item of the parent that each group follows. Other groups come after all items.
GROUP_BEHIND = MappingProxyType({"plandetail": "StartDate", "placementdetail": "TransferLA", "senneed": "TransferLA"})
HEADER_CONTAINERS = MappingProxyType(
    {
        "CollectionDetails": ("Collection", "Year", "ReferenceDate"),
        "Source": (
            "SourceLevel",
            "LEA",
            "SoftwareCode",
            "Release",
            "SerialNo",
            "DateTime",
            "DMO",
            "DCO",
            "DSCO",
        ),
    }
)


@cache
def group_of(table: str) -> Group:
    """Return the group whose rows are in this table."""
    return next(group for group in GROUPS if group.table == table)


@cache
def ancestors(table: str) -> tuple[str, ...]:
    """Return the tables above this one, nearest last: senneed -> (person, requests, activeplans)."""
    parent = None if table == "header" else group_of(table).parent
    return () if parent is None else (*ancestors(parent), parent)


@cache
def items() -> tuple[Item, ...]:
    """Return every item of every return year, in the order of the layout."""
    return tuple(
        Item(
            table=row["table"],
            column=row["column"],
            element=row["element"],
            type=row["type"],
            code_set=row["code_set"],
            cbds=row["cbds"],
            module=int(row["module"]),
            from_year=int(row["from_year"]),
            to_year=int(row["to_year"]) if row["to_year"] else None,
            status_2025=row["status_2025"],
            label=row["label"],
        )
        for row in read_rows(HERE / "items.csv")
    )


@cache
def items_of(table: str) -> tuple[Item, ...]:
    """Return every item of one table, in the order of the layout."""
    return tuple(item for item in items() if item.table == table)


@cache
def item(table: str, element: str) -> Item:
    """Return one item by its table and element name. Raises KeyError if there is none."""
    for candidate in items_of(table):
        if candidate.element == element:
            return candidate
    raise KeyError(f"{table}/{element}")


@cache
def labels() -> Mapping[str, str]:
    """Map each element name to its label. An element in two tables has its first label."""
    found: dict[str, str] = {}
    for candidate in items():
        found.setdefault(candidate.element, candidate.label)
    return MappingProxyType(found)


@dataclass(frozen=True)
class Code:
    """One code of a code set; published_group is the DfE's group for ethnicity, settings and establishment types.

    GIAS_TYPE: the type of establishment in Get Information about Schools, and the group in which the DfE's SEN2
    publication counts it. If the publication does not say (types 6, 40 and 56), the GIAS group is used.
    """

    code_set: str
    code: str
    label: str
    from_year: int
    to_year: int | None
    published_group: str


@dataclass(frozen=True)
class Authority:
    """One authority (CS003), with the return years in which it has made a return."""

    code: str
    name: str
    ons_code: str
    region_name: str
    region_code: str
    from_year: int
    to_year: int | None


@cache
def authorities() -> Mapping[str, Authority]:
    """Return every authority by its three-digit code, including abolished ones."""
    return MappingProxyType(
        {
            row["la_code"]: Authority(
                code=row["la_code"],
                name=row["la_name"],
                ons_code=row["ons_code"],
                region_name=row["region_name"],
                region_code=row["region_code"],
                from_year=int(row["from_year"]),
                to_year=int(row["to_year"]) if row["to_year"] else None,
            )
            for row in read_rows(HERE / "authorities.csv")
        }
    )


def authority_codes(year: int, years_after: int = 0) -> Mapping[str, str]:
    """Map codes to names of the authorities in a return year. years_after: how long abolished ones still count."""
    return {
        each.code: each.name
        for each in authorities().values()
        if is_valid(year, each.from_year, each.to_year + years_after if each.to_year is not None else None)
    }


@cache
def all_codes() -> tuple[Code, ...]:
    """Return every code of every code set and year."""
    return tuple(
        Code(
            row["code_set"],
            row["code"],
            row["label"],
            int(row["from_year"]),
            int(row["to_year"]) if row["to_year"] else None,
            row["published_group"],
        )
        for row in read_rows(HERE / "codes.csv")
    )


def codes(code_set: str, year: int) -> Mapping[str, str]:
    """Map the codes of one code set in one return year to their labels.

    CS003 and the authorities of moves come from the list of authorities. For moves, an abolished authority counts for
    one more year, because the move can be from the year before.
    """
    year = rules_year(year)
    if code_set == "CS003":
        return authority_codes(year)
    if code_set == AUTHORITIES_OF_MOVES:
        return authority_codes(year, years_after=1)
    return {
        code.code: code.label
        for code in all_codes()
        if code.code_set == code_set and is_valid(year, code.from_year, code.to_year)
    }


@cache
def code_label(code_set: str, code: str) -> str:
    """Return the label of a code in any year in which it was valid; empty if it is not known."""
    if code_set == "CS003":
        authority = authorities().get(code)
        return authority.name if authority else ""
    return next((entry.label for entry in all_codes() if entry.code_set == code_set and entry.code == code), "")


def real_date(text: str | None) -> date | None:
    """Read a text as a date in ccyy-mm-dd with digits 0-9; None if it is not one."""
    if text is None:
        return None
    text = text.strip()
    if len(text) != 10 or text[4] != "-" or text[7] != "-" or not text.isascii():
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
