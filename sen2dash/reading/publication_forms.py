"""The forms of the files of the DfE's publication "Education, health and care plans", as data.

Which columns tell a file, and which series or category a column holds, stands in reference/publication_files.csv,
publication_columns.csv and publication_topics.csv; publication_labels.csv holds categories that the files call by
another name. A new release is a few more rows there, not code. Names are compared without regard to case; {year}
stands for 20NN, {yy} for its last two digits, {next_yy} for those of the year after, {day} for a day and month.
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
class Column:
    """One column of a form. use: blank for one that is known and not used.

    target: the series of a number or percent; of a category, characteristic/category. from_period: the first period
    that is comparable with those after it. The releases are those that have the column; None: without end.
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


class Topic(NamedTuple):
    """How the rows of a breakdown are read: as categories of a characteristic, from a column, for one measure."""

    pattern: re.Pattern[str]
    characteristic: str
    measure: str
    column: str


@dataclass(frozen=True)
class Form:
    """One kind of file. markers: columns that together tell it. breakdown: whose categories it holds; may be blank."""

    kind: str
    label: str
    period: Literal["january", "year"]
    markers: tuple[re.Pattern[str], ...]
    breakdown: str
    columns: tuple[Column, ...]

    def is_met_by(self, names: Iterable[str]) -> bool:
        """Whether a file with these columns is of this form."""
        names = tuple(names)
        return all(any(marker.fullmatch(name) for name in names) for marker in self.markers)

    def columns_named(self, name: str) -> tuple[tuple[Column, int | None], ...]:
        """What a column may hold, with the year that its rows must be of (None: any); empty where it is new."""
        found = ((column, column.pattern.fullmatch(name)) for column in self.columns)
        return tuple((column, _year(match)) for column, match in found if match is not None)

    def breakdowns(self, topic: str) -> tuple[Topic, ...] | None:
        """What the rows of a topic are read as: empty where it is known and not used, None where it is new."""
        for kind in (self.kind, ANY):
            found = [each for each in topics().get(kind, ()) if each.pattern.fullmatch(topic)]
            if found:
                return tuple(each for each in found if each.characteristic)
        return None


def _year(match: re.Match[str]) -> int | None:
    """The year of the rows that a column with a year in its name is of."""
    groups = match.groupdict()
    if groups.get("year"):
        return 2000 + int(groups["year"])
    return 2000 + int(groups["next"]) - 1 if groups.get("next") else None


def squeezed(text: str) -> str:
    """A name as it is compared: lower case, white space as one space."""
    return " ".join(text.lower().split())


def pattern(name: str) -> re.Pattern[str]:
    """A name with placeholders as an expression."""
    text = re.escape(squeezed(name))
    for placeholder, expression in PLACEHOLDERS.items():
        text = text.replace(re.escape(placeholder), expression)
    return re.compile(text)


@cache
def forms() -> tuple[Form, ...]:
    """Every form that is known."""
    columns: dict[str, list[Column]] = {}
    for row in reference.read("publication_columns.csv"):
        first, last = row["first_release"], row["last_release"]
        columns.setdefault(row["kind"], []).append(
            Column(
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
    """The form of a file by its columns; where two have the same columns, by whether it counts in January or a year."""
    found = [form for form in forms() if form.is_met_by(names)]
    return next((form for form in found if form.period == period), found[0] if found else None)


@cache
def topics() -> Mapping[str, tuple[Topic, ...]]:
    """The breakdowns that are known, by kind of file."""
    found: dict[str, list[Topic]] = {}
    for row in reference.read("publication_topics.csv"):
        topic = Topic(pattern(row["topic"]), row["characteristic"], row["measure"], row["column"])
        found.setdefault(row["kind"], []).append(topic)
    return MappingProxyType({kind: tuple(each) for kind, each in found.items()})


AGE = re.compile(r"age(?:d)? ([0-9]{1,2})( and over| or over| and under)?")
UNDER = re.compile(r"(?:age(?:d)? )?under ([0-9]{1,2})")


@lru_cache(maxsize=1024)
def category(characteristic: str, label: str) -> str | None:
    """The category under which a published label is counted; None of a label that is not known.

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
    """u3, 3 to 25, or 20+; None of what is no age, and of an unknown one."""
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
    """The group of an age as `_age` writes it."""
    number = 2 if age == "u3" else int(age.rstrip("+"))
    return next(group for top, group in AGE_GROUPS if number <= top)


AGE_GROUPS = ((4, "u5"), (10, "5_10"), (15, "11_15"), (19, "16_19"), (25, "20_25"))


@cache
def _labels(characteristic: str) -> Mapping[str, str]:
    """The published category of each label of a characteristic."""
    categories = reference.characteristics()[characteristic].categories
    ours = {squeezed(each.label): each.published for each in categories if each.published}
    others = reference.read("publication_labels.csv")
    return MappingProxyType(
        ours | {squeezed(row["label"]): row["category"] for row in others if row["characteristic"] == characteristic}
    )


def wider(characteristic: str, key: str) -> tuple[str, str] | None:
    """The wider characteristic that is summed from this one, and the category of it; None where none is."""
    if characteristic == "age":
        return "age_group", _age_group(key)
    if characteristic == "ethnicity":
        return "ethnic_group", reference.characteristics()[characteristic].category(key).parent
    return None
