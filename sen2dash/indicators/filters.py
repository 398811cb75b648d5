"""Filters: from chosen categories to the set of people. Knows no page and keeps nothing.

A cohort chooses categories in any number of characteristics (`reference.characteristics`) and contains everyone who has
one of the chosen categories in each of them. "Not recorded" is a category like any other, so that nobody drops out of a
filter that was never set. Membership of a cohort is defined in one place, the macro cohort_person.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pyarrow as pa

from sen2dash import reference
from sen2dash.checks.catalogue import list_sql
from sen2dash.errors import BadArguments
from sen2dash.model import CategoryPart, Cohort
from sen2dash.reference import Category, Characteristic
from sen2dash.store.database import Store

EVERYONE = Cohort()


def choose(chosen: Mapping[str, Iterable[str]]) -> Cohort:
    """A cohort from characteristic key to category keys. An empty choice does not filter.

    Errors: BadArguments if a characteristic or a category does not exist.
    """
    known = reference.every_characteristic()
    for name, keys in chosen.items():
        if name not in known:
            raise BadArguments("Unknown filter", f"There is no characteristic {name!r}.", f"Use {', '.join(known)}.")
        unknown = set(keys) - {category.key for category in known[name].categories}
        if unknown:
            raise BadArguments("Unknown filter", f"{known[name].label} has no category {sorted(unknown)[0]!r}.")
    pairs = []
    for name, characteristic in known.items():
        wanted = set(chosen.get(name, ()))
        if wanted:
            pairs.append((name, tuple(c.key for c in characteristic.categories if c.key in wanted)))
    return Cohort(chosen=tuple(pairs))


def parameters(cohort: Cohort) -> dict[str, Any]:
    """The parameters of a SELECT that reads cohort_person($cohort_characteristics, $cohort_categories)."""
    return {
        "cohort_characteristics": [name for name, _ in cohort.chosen],
        "cohort_categories": [f"{name}={key}" for name, keys in cohort.chosen for key in keys],
    }


def size(store: Store, cohort: Cohort) -> tuple[int, int]:
    """The number of people in the cohort and in the return, for 'n of N people'."""
    store.derive_indicators()
    (row,) = store.rows(list_sql("cohort_size"), parameters(cohort))
    return row["n"], row["n_all"]


def count_people(store: Store, by: Sequence[str], cohort: Cohort = EVERYONE) -> tuple[CategoryPart, ...]:
    """People of the cohort by one or two characteristics, in the order of the categories; empty parts are left out.

    The parts sum to the size of the cohort, except for `group`, in which a person can be counted several times.
    """
    store.derive_indicators()
    bound = {**parameters(cohort), **by_parameters(by)}
    found = store.rows(list_sql("people_by_category"), bound)
    return parts(by, [{**row, "numerator": row["n"], "denominator": row["n"]} for row in found])


def people_table(store: Store, where: Mapping[str, str], cohort: Cohort = EVERYONE) -> pa.Table:
    """The people behind one part of `count_people`, one row per person, in file order.

    where: one or two characteristics with the category of the part. Columns: person_id, surname, forename, birth_date
    (as in the file), upn, uln, age (on 31 August before census day), stage, need, need2, place (in words).
    """
    store.derive_indicators()
    keys = [*where.values(), None]
    bound = {**parameters(cohort), **by_parameters(list(where)), "key_1": keys[0], "key_2": keys[1]}
    return store.table(list_sql("people_of_category"), bound)


def by_parameters(by: Sequence[str]) -> dict[str, str | None]:
    """The one or two characteristics of a breakdown as $by_1 and $by_2. BadArguments for any other number or key."""
    known = reference.every_characteristic()
    unknown = [name for name in by if name not in known]
    if unknown or len(by) not in (1, 2):
        raise BadArguments("Unknown breakdown", f"{', '.join(by) or 'Nothing'} is not one or two characteristics.")
    return {"by_1": by[0], "by_2": by[1] if len(by) == 2 else None}


def parts(by: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> tuple[CategoryPart, ...]:
    """Rows with category_1, category_2, numerator and denominator as parts, in the order of the reference data."""
    known = [reference.every_characteristic()[name] for name in by]
    order = [{category.key: place for place, category in enumerate(each.categories)} for each in known]
    made = []
    for row in rows:
        keys = tuple(row[f"category_{place}"] for place in range(1, len(by) + 1))
        labels = tuple(each.category(key).label for each, key in zip(known, keys, strict=True))
        made.append(CategoryPart(keys=keys, labels=labels, numerator=row["numerator"], denominator=row["denominator"]))
    return tuple(sorted(made, key=lambda part: tuple(o[key] for o, key in zip(order, part.keys, strict=True))))


def filters(year: int, has_census: bool = False) -> tuple[tuple[Characteristic, tuple[Category, ...]], ...]:
    """Every characteristic with the categories that exist in this return year, for the widgets of a page.

    has_census: also those that a school census gives.
    """
    known = reference.every_characteristic() if has_census else reference.characteristics()
    return tuple(
        (each, tuple(c for c in each.categories if c.from_year is None or c.from_year <= year))
        for each in known.values()
    )


def in_words(cohort: Cohort) -> tuple[str, ...]:
    """One line per characteristic: 'Primary need: Moderate learning difficulty or Hearing impairment'."""
    known = reference.every_characteristic()
    return tuple(
        f"{known[name].label}: {' or '.join(known[name].category(key).label for key in keys)}"
        for name, keys in cohort.chosen
    )
