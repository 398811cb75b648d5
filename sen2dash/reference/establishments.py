"""Establishments from an extract of the register that comes with the program: names, types and authorities.

The extract is incomplete and from different days, so no rule uses it: rules use the register that an officer loads.
Without one, figures take the types of establishments from here, so that few people are at a school of unknown type.
"""

from __future__ import annotations

import csv
import gzip
from functools import cache
from typing import NamedTuple

import pyarrow as pa
import pyarrow.csv as arrow_csv

from sen2dash.reference import HERE

#: The source that pages show next to a name from the extract.
SOURCE = "Get Information about Schools, an extract of 2016 to 2026; Open Government Licence v3.0"


class Establishment(NamedTuple):
    """One establishment. la: the number of its authority, empty if the extract has none."""

    name: str
    type: str
    phase: str
    la: str

    @property
    def text(self) -> str:
        """'Oakley School (Community special school)'."""
        return f"{self.name} ({self.type})" if self.type else self.name


@cache
def _by_number() -> dict[int, Establishment]:
    found = {}
    # A few phrases repeat in all rows, so keep each one once.
    held: dict[str, str] = {}
    with gzip.open(HERE / "establishments.csv.gz", "rt", encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            texts = (held.setdefault(row[key], row[key]) for key in ("type", "phase", "la"))
            one = Establishment(row["name"], *texts)
            found[int(row["urn"])] = one
            if row["ukprn"]:
                found[int(row["ukprn"])] = one
    return found


@cache
def extract() -> pa.Table:
    """Return the whole extract, all columns text and null where blank: urn, ukprn, type, la (authority), status."""
    columns = ("urn", "ukprn", "type", "la", "status")
    with gzip.open(HERE / "establishments.csv.gz", "rb") as file:
        return arrow_csv.read_csv(
            file,
            convert_options=arrow_csv.ConvertOptions(
                include_columns=columns,
                column_types=dict.fromkeys(columns, pa.string()),
                strings_can_be_null=True,
                null_values=[""],
            ),
        )


def known(number: str | None) -> Establishment | None:
    """Return the establishment with this URN (six digits) or UKPRN (eight digits); None if it is not in the extract."""
    if not number or not number.isascii() or not number.isdigit() or len(number) > 8:
        return None
    return _by_number().get(int(number))
