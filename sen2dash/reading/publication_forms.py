"""The forms of the files in the DfE's publication "Education, health and care plans", as data.

The columns that identify a file, and the series or category in each column, are in reference/publication_files.csv,
publication_columns.csv and publication_topics.csv. Categories that the files call by another name are in
publication_labels.csv. A new release needs a few more rows there, not code. Names are compared ignoring case; {year}
means 20NN, {yy} its last two digits, {next_yy} those of the year after, {day} a day and month.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from types import MappingProxyType
from typing import Literal, NamedTuple

from sen2dash import reference

ANY = "any"
PLACEHOLDERS = {
    "{year}": r"20(?P<year>[0-9]{2})",
    "{yy}": r"(?P<year>[0-9]{2})",
    "{next_yy}": r"(?P<next>[0-9]{2})",
    "{day}": r"[0-9]{1,2} \w+",
}


@dataclass(frozen=True)
class PublishedColumn:
    """One column of a form. use: blank if the column is known but not used.

    target: the series of a number or percentage, or characteristic/category for a category. from_period: the first
    period that is comparable with later ones. The releases are those that have the column; None: no end.
    """

    name: str
    pattern: re.Pattern[str]
    use: Literal["", "number", "percent", "category"]
    target: str
    from_period: str
    first_release: int | None
    last_release: int | None

    def is_due(self, release: int) -> bool:
        """Whether a release has this column."""
        return (self.first_release or release) <= release <= (self.last_release or release)


class PublishedTopic(NamedTuple):
    """How to read the rows of a breakdown: as categories of a characteristic, from a column, for one indicator."""

    pattern: re.Pattern[str]
    characteristic: str
    indicator: str
    column: str


@dataclass(frozen=True)
class Form:
    """One kind of file. markers: columns that identify it together. breakdown: whose categories it has, or blank."""

    kind: str
    label: str
    period: Literal["january", "year"]
    markers: tuple[re.Pattern[str], ...]
    breakdown: str
    columns: tuple[PublishedColumn, ...]

    def is_met_by(self, names: Iterable[str]) -> bool:
        """Whether a file with these columns has this form."""
        names = tuple(names)
        return all(any(marker.fullmatch(name) for name in names) for marker in self.markers)

    def columns_named(self, name: str) -> tuple[tuple[PublishedColumn, int | None], ...]:
        """Return what a column may hold, each with the year that its rows must have (None: any); empty if it is new."""
        found = ((column, column.pattern.fullmatch(name)) for column in self.columns)
        return tuple((column, _year(match)) for column, match in found if match is not None)

    def breakdowns(self, topic: str) -> tuple[PublishedTopic, ...] | None:
        """Return how to read the rows of a topic: empty if it is known but not used, None if it is new."""
        for kind in (self.kind, ANY):
            found = [each for each in topics().get(kind, ()) if each.pattern.fullmatch(topic)]
            if found:
                return tuple(each for each in found if each.characteristic)
        return None


def _year(match: re.Match[str]) -> int | None:
    """Return the year in the name of a column: the year of the rows that it applies to."""
    groups = match.groupdict()
    if groups.get("year"):
        return 2000 + int(groups["year"])
    return 2000 + int(groups["next"]) - 1 if groups.get("next") else None


def squeezed(text: str) -> str:
    """Return a name in the form used for comparing: lower case, with each run of white space as one space."""
    return " ".join(text.lower().split())


def pattern(name: str) -> re.Pattern[str]:
    """Turn a name with placeholders into a regular expression."""
    text = re.escape(squeezed(name))
    for placeholder, expression in PLACEHOLDERS.items():
        text = text.replace(re.escape(placeholder), expression)
    return re.compile(text)


@cache
def forms() -> tuple[Form, ...]:
    """Return every known form."""
    columns: dict[str, list[PublishedColumn]] = {}
    for row in reference.read("publication_columns.csv"):
        first, last = row["first_release"], row["last_release"]
        columns.setdefault(row["kind"], []).append(
            PublishedColumn(
                row["column"],
                pattern(row["column"]),
                row["use"],  # type: ignore[arg-type]
                row["target"],
                row["from_period"],
                int(first) if first else None,
                int(last) if last else None,
            )
        )
    return tuple(
        Form(
            row["kind"],
            row["label"],
            row["period"],  # type: ignore[arg-type]
            tuple(pattern(name) for name in row["markers"].split()),
            row["breakdown"],
            tuple(columns.get(row["kind"], ())),
        )
        for row in reference.read("publication_files.csv")
    )


def form_of(names: Sequence[str], period: str) -> Form | None:
    """Find the form of a file by its columns, or, if two forms share them, by whether it covers January or a year."""
    found = [form for form in forms() if form.is_met_by(names)]
    return next((form for form in found if form.period == period), found[0] if found else None)


@cache
def topics() -> Mapping[str, tuple[PublishedTopic, ...]]:
    """Return the known breakdowns, by kind of file."""
    found: dict[str, list[PublishedTopic]] = {}
    for row in reference.read("publication_topics.csv"):
        topic = PublishedTopic(pattern(row["topic"]), row["characteristic"], row["indicator"], row["column"])
        found.setdefault(row["kind"], []).append(topic)
    return MappingProxyType({kind: tuple(each) for kind, each in found.items()})


AGE = re.compile(r"age(?:d)? ([0-9]{1,2})( and over| or over| and under)?")
UNDER = re.compile(r"(?:age(?:d)? )?under ([0-9]{1,2})")


@lru_cache(maxsize=1024)
def category(characteristic: str, label: str) -> str | None:
    """Return the category in which a published label is counted; None if the label is not known.

    Ages are written in five ways: 'age 10', 'Age 10', 'Aged 10', 'under 3' or 'age 2 and under', 'age 20 and over'.
    """
    text = squeezed(label)
    if characteristic == "age":
        return _age(text)
    if characteristic == "age_group":
        age = _age(text)
        return None if age is None else _age_group(age)
    return _labels(characteristic).get(text)


def _age(text: str) -> str | None:
    """Return u3, 3 to 25, or 20+; None if the text is not an age or the age is unknown."""
    under, single = UNDER.fullmatch(text), AGE.fullmatch(text)
    if under is not None:
        return "u3" if under[1] == "3" else None
    if single is None:
        return None
    age, end = int(single[1]), (single[2] or "").strip()
    if end == "and under":
        return "u3" if age == 2 else None
    if end:
        return "20+" if age == 20 else ("25" if age == 25 else None)
    return str(age) if 3 <= age <= 25 else None


def _age_group(age: str) -> str:
    """Return the age group of an age written by `_age`."""
    number = 2 if age == "u3" else int(age.rstrip("+"))
    return next(group for top, group in AGE_GROUPS if number <= top)


AGE_GROUPS = ((4, "u5"), (10, "5_10"), (15, "11_15"), (19, "16_19"), (25, "20_25"))


@cache
def _labels(characteristic: str) -> Mapping[str, str]:
    """Return the published category of each label of a characteristic."""
    categories = reference.characteristics()[characteristic].categories
    ours = {squeezed(each.label): each.published for each in categories if each.published}
    others = reference.read("publication_labels.csv")
    return MappingProxyType(
        ours | {squeezed(row["label"]): row["category"] for row in others if row["characteristic"] == characteristic}
    )


def wider(characteristic: str, key: str) -> tuple[str, str] | None:
    """Return the wider characteristic summed from this one, and the category in it; None if there is none."""
    if characteristic == "age":
        return "age_group", _age_group(key)
    if characteristic == "ethnicity":
        return "ethnic_group", reference.characteristics()[characteristic].category(key).parent
    return None
