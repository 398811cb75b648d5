"""The years of the return, from years.csv: the one place that knows which there are. A new one is one row there.

A return year is the year of the January census day (header Year); its collection year is the calendar year before it,
on which the return reports. A coming year is one whose specification is not part of the product yet: its dates are its
own, but its layout, codes, severities and rules are those of the newest known year.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from types import MappingProxyType

#: How many years after the newest known one can be checked with its rules.
YEARS_AHEAD = 3


@dataclass(frozen=True)
class ReturnYear:
    """One known return year with its dates.

    deadline: None where it is not known. is_deadline_certain: whether it was found in a document of the DfE.
    """

    year: int
    census_day: date
    deadline: date | None
    is_deadline_certain: bool
    collection_year: int


@cache
def return_years() -> Mapping[int, ReturnYear]:
    """The known return years, oldest first."""
    path = Path(__file__).with_name("years.csv")
    with path.open(encoding="utf-8", newline="") as file:
        found = [
            ReturnYear(
                year=int(row["year"]),
                census_day=date.fromisoformat(row["census_day"]),
                deadline=date.fromisoformat(row["deadline"]) if row["deadline"] else None,
                is_deadline_certain=row["is_deadline_certain"] == "yes",
                collection_year=int(row["collection_year"]),
            )
            for row in csv.DictReader(file)
        ]
    return MappingProxyType({each.year: each for each in sorted(found, key=lambda each: each.year)})


RETURN_YEARS = tuple(return_years())
NEWEST_YEAR = RETURN_YEARS[-1]
COMING_YEARS = tuple(range(NEWEST_YEAR + 1, NEWEST_YEAR + 1 + YEARS_AHEAD))


def rules_year(year: int) -> int:
    """The return year whose layout, codes, severities and rules a return of this year is checked with."""
    return min(year, NEWEST_YEAR)


def census_day(year: int) -> date:
    """The census day of a return year; where it is not known, the third Thursday of January (specification 1.2)."""
    known = return_years().get(year)
    if known is not None:
        return known.census_day
    first = date(year, 1, 1)
    return first + timedelta(days=(3 - first.weekday()) % 7 + 14)


def year_of(text: str | None, reference: date | None) -> int:
    """The return year of a header with this Year and this ReferenceDate (None: not a real date).

    A known Year holds whatever the date says; a coming one unless the date lies in another year. Otherwise it is the
    year of the date where that is known, else the newest known year, and rule H04 says so.
    """
    year = (text or "").strip()
    if year in map(str, RETURN_YEARS):
        return int(year)
    if year in map(str, COMING_YEARS) and (reference is None or reference.year == int(year)):
        return int(year)
    return reference.year if reference is not None and reference.year in RETURN_YEARS else NEWEST_YEAR
