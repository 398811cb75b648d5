"""What linked files need to know of a made-up person."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sen2dash.sample.tree import XmlGroup

SEXES = {"1": "M", "2": "F"}


@dataclass(frozen=True)
class Child:
    """A made-up person: what identifies them, where they are, and their age on the 31 August before census day."""

    upn: str
    uln: str
    birth: date
    sex: str
    surname: str
    forename: str
    ethnicity: str
    urn: str
    need: str
    has_plan: bool
    age: int


def child_of(person: XmlGroup, year: int) -> Child:
    """Read a made-up person. Someone with several placements is at the last one."""
    items = {name: text or "" for name, text in person.items.items()}
    groups = list(person.walk())
    places = [group.items.get("URN") or "" for group in groups if group.name == "PlacementDetail"]
    needs = [group.items.get("SENtype") or "" for group in groups if group.name == "SENneed"]
    birth = date.fromisoformat(items["PersonBirthDate"])
    sex = items.get("Sex") or SEXES.get(items.get("GenderCurrent", ""), "")
    return Child(
        items.get("UPN", ""),
        items.get("UniqueLearnerNumber", ""),
        birth,
        sex,
        items["Surname"],
        items["Forename"],
        items.get("Ethnicity", ""),
        places[-1] if places else "",
        needs[0] if needs else "",
        bool(places),
        year - 1 - birth.year - (birth.month > 8),
    )


def csv_text(columns: Sequence[str], rows: Iterable[Mapping[str, object]]) -> str:
    """Write rows as CSV; a column that a row does not have is blank."""
    made = io.StringIO(newline="")
    writer = csv.DictWriter(made, columns, restval="", lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(rows)
    return made.getvalue()
