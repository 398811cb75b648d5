"""Every defect trips its own rule, on exactly the rows that it says, and no other rule but those that must follow."""

import warnings
from collections import Counter
from collections.abc import Iterator, Mapping
from copy import deepcopy
from datetime import datetime
from functools import cache
from random import Random

import pytest

from sen2dash import spec
from sen2dash.checks import catalogue
from sen2dash.checks.report import Report, build_report
from sen2dash.config import Settings
from sen2dash.sample.defects import Defect, all_defects
from sen2dash.sample.generate import make_return
from sen2dash.sample.tree import Group, SampleReturn, render, written_children

PERSONS, SEED = 120, 11
#: Rules that look at larger returns alone.
LARGE = ("T12", "T13", "T14", "T15", "T16")
TABLES = {group.element: group for group in spec.GROUPS}
#: Findings by rule: how many on which group.
Found = dict[str, Counter[Group]]


def rows_below(group: Group, year: int) -> Iterator[Group]:
    """The groups that the reader takes as rows, in the order of the file: of those that stand once the first."""
    yield group
    for name, _, below in written_children(group, year):
        for child in below[: None if below and TABLES[name].repeats else 1]:
            yield from rows_below(child, year)


def places_of(made: SampleReturn) -> Mapping[tuple[str, int], Group]:
    """Table and row to the group that stands there."""
    places = {("header", 1): made.header}
    counts: Counter[str] = Counter()
    for person in made.persons:
        for group in rows_below(person, made.year):
            table = TABLES[group.name].table
            counts[table] += 1
            places[table, counts[table]] = group
    return places


def check(made: SampleReturn) -> tuple[Report, Found]:
    report = build_report(
        "".join(render(made.year, made.header, made.persons)).encode(), Settings(now=datetime(made.year, 2, 1, 12, 0))
    )
    assert [(outcome.rule.id, outcome.reason) for outcome in report.of_status("broken")] == []
    places = places_of(made)
    found: Found = {}
    for finding in report.findings([outcome.rule.id for outcome in report.outcomes]):
        group = made.header if finding.row_id is None else places[finding.table, finding.row_id]
        found.setdefault(finding.rule_id, Counter())[group] += 1
    return report, found


@cache
def clean(persons: int, year: int) -> tuple[SampleReturn, Found]:
    made = make_return(persons, SEED, year)
    report, found = check(made)
    assert report.n_findings("error") == report.n_findings("query") == 0
    report.close()
    return made, found


def everything(made: SampleReturn) -> Iterator[Group]:
    for group in (made.header, *made.persons):
        yield from group.walk()


@pytest.mark.parametrize("defect", [pytest.param(d, id=d.rule_id) for d in all_defects().values()])
def test_defect_trips_its_rule_alone(defect: Defect) -> None:
    first = catalogue.rule(defect.rule_id).years[0] or 0
    original, before = clean(PERSONS * (2 if defect.rule_id in LARGE else 1), max(2025, first))
    made = deepcopy(original)
    twin = dict(zip(everything(made), everything(original), strict=True))
    wanted = defect.inject(made, Random(1))
    report, after = check(made)
    try:
        gained = {}
        for rule_id, found in after.items():
            known = Counter({twin.get(group, group): n for group, n in found.items()})
            if more := known - before.get(rule_id, Counter()):
                gained[rule_id] = more
        assert sorted(gained) == sorted({defect.rule_id, *defect.follows})
        assert set(gained[defect.rule_id]) == {twin.get(group, group) for group in wanted}
        fields = {finding.field for finding in report.findings([defect.rule_id])}
        rule = catalogue.rule(defect.rule_id)
        if rule.table != "any":
            assert fields <= {*rule.fields, None}
    finally:
        report.close()


def test_every_rule_about_one_file_has_a_defect() -> None:
    # H01 is about files that are refused: no row of them can be changed. H23 is about every return of a coming year:
    # `sample --year` makes one.
    alone = [rule for rule in catalogue.rules() if rule.needs is None and rule.id not in ("H01", "H23")]
    assert {rule.id for rule in alone if not rule.is_own} <= set(all_defects())
    # A rule of your own may go without: its cases are its test, and made-up returns do not show it.
    without = [rule.id for rule in alone if rule.id not in all_defects()]
    if without:
        warnings.warn(f"No made-up defect for {', '.join(without)}", stacklevel=1)


def test_defects_name_real_rules() -> None:
    known = {rule.id for rule in catalogue.rules()}
    for defect in all_defects().values():
        assert defect.rule_id not in defect.follows
        assert set(defect.follows) <= known
