"""The years of the return, from years.csv. To add a year, add one row there; no other place lists the years.

A return year is the year of the January census day (header Year). Its collection year is the calendar year before,
which the return reports on. A coming year is one whose specification is not in this product yet: it has its own dates,
but uses the layout, codes, severities and rules of the newest known year.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from types import MappingProxyType

from sen2dash.csv_files import read_rows

#: How many years after the newest known year can be checked with its rules.
YEARS_AHEAD = 3


@dataclass(frozen=True)
class ReturnYear:
    """One known return year with its dates.

    deadline: None if it is not known. is_deadline_certain: whether it comes from a DfE document.
    """

    year: int
    census_day: date
    deadline: date | None
    is_deadline_certain: bool
    collection_year: int


@cache
def return_years() -> Mapping[int, ReturnYear]:
    """Return the known return years, oldest first."""
    path = Path(__file__).with_name("years.csv")
    found = [
        ReturnYear(
            year=int(row["year"]),
            census_day=date.fromisoformat(row["census_day"]),
            deadline=date.fromisoformat(row["deadline"]) if row["deadline"] else None,
            is_deadline_certain=row["is_deadline_certain"] == "yes",
            collection_year=int(row["collection_year"]),
        )
        for row in read_rows(path)
    ]
    return MappingProxyType({each.year: each for each in sorted(found, key=lambda each: each.year)})


RETURN_YEARS = tuple(return_years())
NEWEST_YEAR = RETURN_YEARS[-1]
COMING_YEARS = tuple(range(NEWEST_YEAR + 1, NEWEST_YEAR + 1 + YEARS_AHEAD))


def rules_year(year: int) -> int:
    """Return the year whose layout, codes, severities and rules are used to check a return for this year."""
    return min(year, NEWEST_YEAR)


def census_day(year: int) -> date:
    """Return the census day of a return year; if not known, the third Thursday of January (specification 1.2)."""
    known = return_years().get(year)
    if known is not None:
        return known.census_day
    first = date(year, 1, 1)
    return first + timedelta(days=(3 - first.weekday()) % 7 + 14)


def year_of(text: str | None, reference: date | None) -> int:
    """Return the return year of a header with this Year and this ReferenceDate (None: not a real date).

    A known Year is used whatever the date says. A coming Year is used unless the date is in another year. Otherwise the
    year of the date is used if it is known, or else the newest known year, and rule H04 reports it.
    """
    year = (text or "").strip()
    if year in map(str, RETURN_YEARS):
        return int(year)
    if year in map(str, COMING_YEARS) and (reference is None or reference.year == int(year)):
        return int(year)
    return reference.year if reference is not None and reference.year in RETURN_YEARS else NEWEST_YEAR
