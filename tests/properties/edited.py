"""Pairs of made-up returns with many similar rows, where the later return is the earlier one after some edits.

A return is a list of people, and each of them is a tree: `items` by column name and, under the name of a table, the
rows beneath.
"""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from random import Random
from typing import Any

from sen2dash import spec
from tests import casebook
from tests.properties.comparison import Return, Row

Tree = dict[str, Any]
DATES = (None, "2022-03-01", "2023-05-01", "2023-05-01", "2023-05-02", "2024-02-30")
ANSWERS = (None, "1", "true", "TRUE", "0", "false", "maybe")
RANKS = (None, "1", "2", "2")
ESTABLISHMENT = {"urn": (None, "100001", "100002"), "ukprn": (None, None, "100001"), "sen_setting": (None, "OTH")}
#: Values of items, by table and column; items that are not listed are blank.
VALUES: dict[str, dict[str, tuple[str | None, ...]]] = {
    "person": {
        "upn": (None, None, "U1", "U2", "U3"),
        "unique_learner_number": (None, "L1", "L2", "9999999999", "9999999999"),
        "surname": ("O'Brien", "O’BRIEN", "Obrien", "Zoë", "zoe", "-", None),
        "forename": ("Ann", "Ánn", "Bo", None),
        "person_birth_date": ("2010-05-01", "2010-05-02", "2010-02-30", None),
        "sex": ("M", "F", "F", "U", None),
        "ethnicity": (None, "WBRI", "wbri"),
    },
    "requests": {
        "received_date": DATES,
        "request_outcome": (None, "A", "Y"),
        "rya": ANSWERS,
        "request_source": (None, "1"),
    },
    "assessment": {"assessment_outcome": (None, "A", "Y"), "week20": ANSWERS},
    "namedplan": {"start_date": DATES, "pb": ANSWERS},
    "plandetail": {**ESTABLISHMENT, "placement_rank": RANKS, "sen_unit_indicator": ANSWERS},
    "activeplans": {"transfer_la": (None, "202"), "review_outcome": (None, "C"), "res": (None, "1")},
    "placementdetail": {
        **ESTABLISHMENT,
        "placement_rank": RANKS,
        "entry_date": DATES,
        "res": (None, "1", "2"),
        "attendance_pattern": (None, "x"),
    },
    "senneed": {"sen_type": (None, "ASD", "asd", "SEMH"), "sen_type_rank": RANKS},
}
#: How many rows of a table its parent has.
NUMBERS = {
    "requests": (0, 1, 2, 3, 4),
    "assessment": (0, 1, 1),
    "namedplan": (0, 1, 1),
    "plandetail": (0, 1, 2, 3),
    "activeplans": (0, 1),
    "placementdetail": (0, 1, 2, 3),
    "senneed": (0, 1, 2, 3),
}
HEADERS: tuple[dict[str, str | None], ...] = (
    {},
    {"serial_no": "002"},
    {"date_time": None, "dsco": "N"},
    {"software_code": None, "lea": "301"},
)


def beneath(table: str) -> list[str]:
    """The tables directly beneath a table."""
    return [group.table for group in spec.GROUPS if group.parent == table]


def draw(random: Random, table: str) -> Tree:
    """A random row of a table with everything beneath it."""
    made: Tree = {"items": {column: random.choice(values) for column, values in VALUES[table].items()}}
    for child in beneath(table):
        made[child] = [draw(random, child) for _ in range(random.choice(NUMBERS[child]))]
    return made


def lists(trees: list[Tree], table: str = "person") -> Iterator[tuple[str, list[Tree]]]:
    """Every list of rows, with its table."""
    yield table, trees
    for tree in trees:
        for child in beneath(table):
            yield from lists(tree[child], child)


def edit(random: Random, people: list[Tree]) -> None:
    """One edit of a return: change an item; delete, repeat or add a row; or reorder rows."""
    table, rows = random.choice(list(lists(people)))
    how = random.choice(("item", "item", "item", "delete", "repeat", "add", "shuffle"))
    limit = 1 if table in ("assessment", "namedplan", "activeplans") else 6
    if how == "item" and rows:
        column = random.choice(list(VALUES[table]))
        random.choice(rows)["items"][column] = random.choice(VALUES[table][column])
    elif how == "delete" and rows:
        del rows[random.randrange(len(rows))]
    elif how == "repeat" and rows and len(rows) < limit:
        rows.insert(random.randrange(len(rows) + 1), deepcopy(random.choice(rows)))
    elif how == "add" and len(rows) < limit:
        rows.insert(random.randrange(len(rows) + 1), draw(random, table))
    elif how == "shuffle":
        random.shuffle(rows)


#: Return years of the two sides: the same year, two years with or without the same layout, and the layout of 2023 on
#: either side or both.
YEARS = ((2025, 2025), (2024, 2025), (2023, 2025), (2025, 2023), (2023, 2023), (2026, 2027))
#: Number of families in a return: people of different families have nothing in common by which they could be paired.
FAMILIES = 30


def pair(seed: int, years: tuple[int, int]) -> tuple[Return, Return]:
    """Two returns of many small families; each family in the second is the one in the first after some edits."""
    random = Random(seed)
    before: list[Tree] = []
    after: list[Tree] = []
    for family in range(FAMILIES):
        people = [draw(random, "person") for _ in range(random.choice((0, 1, 2, 3, 5)))]
        edited = deepcopy(people)
        if not random.randrange(6):
            edited = [draw(random, "person") for _ in range(random.choice((0, 1, 2, 3)))]
        for _ in range(random.choice((0, 1, 2, 4, 8, 16))):
            edit(random, edited)
        for person in (*people, *edited):
            _mark(person["items"], family)
        before += people
        after += edited
    return laid_out(random, before, years[0]), laid_out(random, after, years[1])


def _mark(items: dict[str, str | None], family: int) -> None:
    """Make the values that people are paired by unique to the family, except blank and dummy values."""
    for column in ("upn", "unique_learner_number", "surname"):
        text = items[column]
        if text not in (None, "9999999999", "-"):
            items[column] = f"{text}{family}"


def laid_out(random: Random, people: list[Tree], year: int) -> Return:
    """A return in the layout of a year, with each row on its own line."""
    tables: dict[str, list[Row]] = {table: [] for table in spec.TABLES}
    line = [3]

    def place(table: str, tree: Tree, above: dict[str, int]) -> None:
        items = dict(tree["items"])
        if table == "person" and year == 2023:
            sex = items.pop("sex")
            items["gender_current"] = {"M": "1", "F": "2"}.get(sex, sex)
        exists = {item.column for item in spec.items_of(table) if item.exists_in(year)}
        number = len(tables[table]) + 1
        line[0] += 1
        row = {**above, **{column: text for column, text in items.items() if column in exists}}
        tables[table].append({"row_id": number, "line": line[0], **row})
        own = {**above, f"{table}_id": number}
        for child in beneath(table):
            for each in tree[child]:
                place(child, each, own)

    for person in people:
        place("person", person, {})
    complete = casebook.complete({t: rows for t, rows in tables.items() if t != "header"})
    exists = {item.column for item in spec.items_of("header") if item.exists_in(year)}
    header = casebook.HEADER | {
        "year": str(year),
        "reference_date": str(spec.census_day(year)),
        "date_time": f"{spec.census_day(year)}T09:00:00",
    }
    header |= random.choice(HEADERS)
    complete["header"] = [{"row_id": 1, **{column: text for column, text in header.items() if column in exists}}]
    return Return(year, complete)
