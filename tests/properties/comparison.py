"""Compare two returns a second time, in plain Python and from the definitions alone, on tables of dicts.

Rows are those of `casebook.complete`: text of the file under column names, blank as None, parents by id.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from sen2dash import spec
from tests.properties.earlier import day_of, name_key

Row = dict[str, Any]
Tables = dict[str, list[Row]]
Pair = tuple[Row, Row]
Key = Callable[[Row], Hashable | None]
ORDER = (
    "header",
    "person",
    "requests",
    "assessment",
    "namedplan",
    "plandetail",
    "activeplans",
    "placementdetail",
    "senneed",
)
#: The parent of each table, and the column that holds its number.
PARENTS = {
    "requests": ("person", "person_id"),
    "assessment": ("requests", "requests_id"),
    "namedplan": ("assessment", "assessment_id"),
    "plandetail": ("namedplan", "namedplan_id"),
    "activeplans": ("requests", "requests_id"),
    "placementdetail": ("activeplans", "activeplans_id"),
    "senneed": ("activeplans", "activeplans_id"),
}


@dataclass
class Return:
    """One return: its year and its tables."""

    year: int
    tables: Tables

    def beneath(self, table: str, parent: Row) -> list[Row]:
        """The rows of a table that belong to a row, in file order."""
        _, column = PARENTS[table]
        return sorted(
            (row for row in self.tables[table] if row[column] == parent["row_id"]), key=lambda row: row["row_id"]
        )


@dataclass
class Outcome:
    """The result of comparing two returns."""

    pairs: dict[str, list[tuple[int, int]]] = field(default_factory=dict)
    #: Table, kind, row, person.
    alone: set[tuple[str, str, int, int]] = field(default_factory=set)
    #: Table, row before, row after, field, text before, text after.
    changes: set[tuple[str, int, int, str, str | None, str | None]] = field(default_factory=set)
    changed_people: set[tuple[int, int]] = field(default_factory=set)


def person_of(table: str, row: Row) -> int | None:
    """The person number of a row."""
    return row["row_id"] if table == "person" else row.get("person_id")


# -- items ------------------------------------------------------------------------------------------------


def compared_items(table: str, before: int, after: int) -> list[tuple[str, str, str, str]]:
    """Field, column before, column after and type of each compared item; GenderCurrent is Sex across layouts."""
    found = []
    for item in spec.items_of(table):
        if item.exists_in(before) and item.exists_in(after):
            found.append((item.element, item.column, item.column, item.type))
    if table == "person" and (before == 2023) != (after == 2023):
        columns = ("gender_current", "sex") if before == 2023 else ("sex", "gender_current")
        found.append(("Sex", *columns, "code"))
    return found


def meaning(text: str | None, column: str, kind: str, is_across: bool) -> str | bool | None:
    """The meaning of a text: for a yes/no item yes, no or the text itself."""
    if kind == "boolean" and text is not None and text.lower() in ("1", "true"):
        return True
    if kind == "boolean" and text is not None and text.lower() in ("0", "false"):
        return False
    if is_across and column == "gender_current":
        return {"1": "M", "2": "F"}.get(text or "", text)
    return text


def differences(table: str, before: Row, after: Row, years: tuple[int, int]) -> list[tuple[str, Any, Any]]:
    """Field and both texts of each item in which two rows differ."""
    found = []
    for name, old, new, kind in compared_items(table, *years):
        across = old != new
        if meaning(before.get(old), old, kind, across) != meaning(after.get(new), new, kind, across):
            found.append((name, before.get(old), after.get(new)))
    return found


# -- pairing ----------------------------------------------------------------------------------------------


def kth(before: list[Row], after: list[Row], before_key: Key, after_key: Key | None = None) -> list[Pair]:
    """Pair rows that share a key, in order: first with first, second with second. None is a blank key."""
    found = []
    later: dict[Hashable, list[Row]] = defaultdict(list)
    for row in after:
        key = (after_key or before_key)(row)
        if key is not None:
            later[key].append(row)
    for row in before:
        key = before_key(row)
        if key is not None and later[key]:
            found.append((row, later[key].pop(0)))
    return found


def once(before: list[Row], after: list[Row], key: Key) -> list[Pair]:
    """Pair rows whose key occurs once on each side."""

    def single(rows: list[Row]) -> dict[Hashable, Row]:
        sharing: dict[Hashable, list[Row]] = defaultdict(list)
        for row in rows:
            sharing[key(row)].append(row)
        return {k: of[0] for k, of in sharing.items() if k is not None and len(of) == 1}

    ones, others = single(before), single(after)
    return [(ones[k], others[k]) for k in ones if k in others]


def take(
    before: list[Row], after: list[Row], steps: Sequence[Callable[[list[Row], list[Row]], list[Pair]]]
) -> list[Pair]:
    """Apply the steps in order, each to the rows left by those before."""
    found: list[Pair] = []
    for step in steps:
        old = {pair[0]["row_id"] for pair in found}
        new = {pair[1]["row_id"] for pair in found}
        found += step(
            [row for row in before if row["row_id"] not in old], [row for row in after if row["row_id"] not in new]
        )
    return found


def people(before: Return, after: Return) -> list[Pair]:
    def whole(row: Row) -> Hashable:
        return (
            row.get("upn"),
            row.get("unique_learner_number"),
            name_key(row.get("surname")),
            name_key(row.get("forename")),
            row.get("person_birth_date"),
        )

    def uln(row: Row) -> Hashable | None:
        found = row.get("unique_learner_number")
        return None if found == "9999999999" else found

    def name(row: Row) -> Hashable | None:
        key = name_key(row.get("surname")), name_key(row.get("forename")), day_of(row.get("person_birth_date"))
        return key if all(key) else None

    return take(
        before.tables["person"],
        after.tables["person"],
        (
            lambda old, new: kth(old, new, whole),
            lambda old, new: once(old, new, lambda row: row.get("upn")),
            lambda old, new: once(old, new, uln),
            lambda old, new: once(old, new, name),
        ),
    )


def requests(before: Return, after: Return, one: Row, other: Row) -> list[Pair]:
    def received(row: Row) -> Hashable | None:
        return row.get("received_date")

    def with_outcome(row: Row) -> Hashable | None:
        return (received(row), row.get("request_outcome")) if received(row) is not None else None

    def start_of(made: Return) -> Key:
        def start(row: Row) -> Hashable | None:
            for assessment in made.beneath("assessment", row):
                for plan in made.beneath("namedplan", assessment):
                    found: str | None = plan.get("start_date")
                    return found
            return None

        return start

    def where_one_is_blank(old: list[Row], new: list[Row]) -> list[Pair]:
        found, left = [], list(new)
        for row in old:
            fitting = [each for each in left if received(row) is None or received(each) is None]
            if fitting:
                found.append((row, fitting[0]))
                left.remove(fitting[0])
        return found

    def last_ones(old: list[Row], new: list[Row]) -> list[Pair]:
        return [(old[0], new[0])] if before.year == after.year and len(old) == len(new) == 1 else []

    return take(
        before.beneath("requests", one),
        after.beneath("requests", other),
        (
            lambda old, new: kth(old, new, with_outcome),
            lambda old, new: kth(old, new, received),
            lambda old, new: kth(old, new, start_of(before), start_of(after)),
            where_one_is_blank,
            last_ones,
        ),
    )


def establishment(row: Row) -> Hashable | None:
    for column in ("urn", "ukprn", "sen_setting"):
        if row.get(column) is not None:
            return column, row[column]
    return None


def both(*parts: Callable[[Row], Hashable | None]) -> Key:
    """A key of several parts, blank if any of them is."""

    def key(row: Row) -> Hashable | None:
        found = tuple(part(row) for part in parts)
        return None if None in found else found

    return key


def rows_beneath(table: str, old: list[Row], new: list[Row], years: tuple[int, int]) -> list[Pair]:
    """The pairs of the rows beneath two paired rows."""

    def everything(is_after: bool) -> Key:
        return lambda row: tuple(
            meaning(row.get(columns[is_after]), columns[is_after], kind, columns[0] != columns[1])
            for _, *columns, kind in compared_items(table, *years)
        )

    def rank(row: Row) -> Hashable | None:
        return row.get("placement_rank")

    def entry(row: Row) -> Hashable | None:
        return row.get("entry_date")

    keys: dict[str, tuple[Key, ...]] = {
        "plandetail": (establishment, rank, lambda row: 1),
        "placementdetail": (both(establishment, entry), establishment, both(rank, entry)),
        "senneed": (
            lambda row: row["sen_type"].upper() if row.get("sen_type") else None,
            lambda row: row.get("sen_type_rank"),
        ),
    }
    if table not in keys:
        return list(zip(old, new, strict=False))
    steps = [partial(kth, before_key=everything(False), after_key=everything(True))]
    steps += [partial(kth, before_key=key) for key in keys[table]]
    return take(old, new, steps)


def compare(before: Return, after: Return) -> Outcome:
    """Everything that two returns have in common, and their differences."""
    years = before.year, after.year
    pairs: dict[str, list[Pair]] = {
        "header": [(before.tables["header"][0], after.tables["header"][0])],
        "person": people(before, after),
    }
    for table in ORDER[2:]:
        parent, _ = PARENTS[table]
        pairs[table] = []
        for one, other in pairs[parent]:
            if table == "requests":
                pairs[table] += requests(before, after, one, other)
            else:
                pairs[table] += rows_beneath(table, before.beneath(table, one), after.beneath(table, other), years)
    outcome = Outcome()
    for table in ORDER:
        outcome.pairs[table] = sorted((one["row_id"], other["row_id"]) for one, other in pairs[table])
        for place, kind, made in ((0, "gone", before), (1, "added", after)):
            paired = {pair[place]["row_id"] for pair in pairs[table]}
            for row in made.tables[table]:
                if row["row_id"] not in paired:
                    person = person_of(table, row)
                    assert person is not None
                    outcome.alone.add((table, kind, row["row_id"], person))
        for one, other in pairs[table]:
            for name, old, new in differences(table, one, other, years):
                outcome.changes.add((table, one["row_id"], other["row_id"], name, old, new))
    for first, second in outcome.pairs["person"]:
        changed_rows = {
            (table, row)
            for table, row, *_ in outcome.changes
            if table != "header"
            and any(person_of(table, r) == first for r in before.tables[table] if r["row_id"] == row)
        }
        alone = {
            person for _, kind, _, person in outcome.alone if (kind, person) in (("gone", first), ("added", second))
        }
        if changed_rows or alone:
            outcome.changed_people.add((first, second))
    return outcome


# -- findings ---------------------------------------------------------------------------------------------


def fates(
    before: list[Row], after: list[Row], pairs: dict[str, list[tuple[int, int]]]
) -> dict[str, tuple[int, int, int]]:
    """Number of cleared, new and remaining findings by rule.

    Findings: rule_id, person_id, table_name, row_id, field.
    """
    counts: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    left = list(after)
    for finding in before:
        for other in left:
            if (finding["rule_id"], finding["field"]) != (other["rule_id"], other["field"]):
                continue
            if finding["person_id"] is None or other["person_id"] is None:
                is_same = finding["person_id"] is other["person_id"]
            else:
                rows = finding["row_id"], other["row_id"]
                is_same = finding["table_name"] == other["table_name"] and rows in pairs[finding["table_name"]]
            if is_same:
                left.remove(other)
                counts[finding["rule_id"]][2] += 1
                break
        else:
            counts[finding["rule_id"]][0] += 1
    for other in left:
        counts[other["rule_id"]][1] += 1
    return {rule: (of[0], of[1], of[2]) for rule, of in counts.items()}
