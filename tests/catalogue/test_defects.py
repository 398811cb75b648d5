"""Every defect trips its own rule, on exactly the rows that it names, and no other rule but those that must follow."""

import warnings
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from itertools import groupby
from random import Random

import pytest

from sen2dash import spec
from sen2dash.checks import catalogue
from sen2dash.checks.report import Report, build_report
from sen2dash.config import Settings
from sen2dash.sample.defects import Defect, all_defects
from sen2dash.sample.generate import make_return
from sen2dash.sample.tree import SampleReturn, XmlGroup, render, render_group, written_children

pytestmark = pytest.mark.slow
PERSONS, SEED = 120, 11
#: How many defects are put into one return, if they change different people.
BATCH = 16
#: Rules that only look at larger returns.
LARGE = ("T12", "T13", "T14", "T15", "T16")
TABLES = {group.element: group for group in spec.GROUPS}
#: Findings by rule, with the number on each group.
Found = dict[str, Counter[XmlGroup]]


def rows_below(group: XmlGroup, year: int) -> Iterator[XmlGroup]:
    """The groups that the reader takes as rows, in file order: the first of each group that may occur once."""
    yield group
    for name, _, below in written_children(group, year):
        for child in below[: None if below and TABLES[name].repeats else 1]:
            yield from rows_below(child, year)


def places_of(made: SampleReturn) -> Mapping[tuple[str, int], XmlGroup]:
    """Table and row number to the group in that row."""
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
        "".join(render(made.year, made.header, made.persons)).encode(),
        Settings(now=datetime(made.year, 2, 1, 12, 0)),
        only=[rule for rule in catalogue.rules() if not rule.is_own],
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


def everything(made: SampleReturn) -> Iterator[XmlGroup]:
    for group in (made.header, *made.persons):
        yield from group.walk()


# Each report runs every rule. Defects that change different people share one return, so that it is checked once: the
# findings on a person are due to that person's defect. Defects of the header or of the whole return have a return each.


@dataclass(frozen=True)
class Injected:
    """A return with one defect.

    twin: maps its groups to those of the clean return. people: the people changed, by their position in the clean
    return, or empty if the defect is not about people.
    """

    defect: Defect
    made: SampleReturn
    twin: Mapping[XmlGroup, XmlGroup]
    wanted: frozenset[XmlGroup]
    people: Mapping[int, XmlGroup]


@dataclass(frozen=True)
class Effect:
    """The findings due to one defect, the findings it must cause, and the fields that its rule names."""

    gained: Found
    wanted: frozenset[XmlGroup]
    fields: frozenset[str | None]


def of_clean(defect: Defect) -> tuple[int, int]:
    """Number of persons and year of the clean return that a defect is put into."""
    first = catalogue.rule(defect.rule_id).years[0] or 0
    return PERSONS * (2 if defect.rule_id in LARGE else 1), max(2025, first)


def copied(group: XmlGroup) -> XmlGroup:
    """A copy of a group and of those below it; `deepcopy` takes ten times as long."""
    return replace(
        group,
        items=dict(group.items),
        groups=[copied(below) for below in group.groups],
        item_names=dict(group.item_names),
        sequence=group.sequence and list(group.sequence),
        raw=list(group.raw),
    )


def inject(defect: Defect, taken: Set[int] = frozenset()) -> Injected:
    """A clean return with the defect. taken: positions of people to choose last, so that others are chosen."""
    original, _ = clean(*of_clean(defect))
    order = sorted(range(len(original.persons)), key=lambda place: place in taken)
    persons = [original.persons[place] for place in order]
    made = SampleReturn(original.year, copied(original.header), [copied(person) for person in persons])
    twin = dict(zip(everything(made), everything(replace(original, persons=persons)), strict=True))
    wanted = frozenset(twin.get(group, group) for group in defect.inject(made, Random(1)))
    people: dict[int, XmlGroup] = {}
    is_of_people = original.header not in wanted and written(made.header, made.year) == written(
        original.header, made.year
    )
    if is_of_people and [twin.get(person) for person in made.persons] == persons:
        people = {
            place: new
            for place, new in zip(order, made.persons, strict=True)
            if written(new, made.year) != written(original.persons[place], made.year)
        }
    return Injected(defect, made, twin, wanted, people)


def written(group: XmlGroup, year: int) -> str:
    return "".join(render_group(group, year, 0))


def together(defects: Sequence[Defect]) -> dict[str, Effect]:
    """The effects of those of these defects that fit into one return; the others are left out."""
    chosen: list[Injected] = []
    taken: set[int] = set()
    original, before = clean(*of_clean(defects[0]))
    for defect in defects:
        found = inject(defect, taken)
        if found.people and taken.isdisjoint(found.people):
            chosen.append(found)
            taken |= set(found.people)
    if len(chosen) < 2:
        return {}
    persons = list(original.persons)
    owner: dict[XmlGroup, Injected] = {}
    twin: dict[XmlGroup, XmlGroup] = {}
    for each in chosen:
        twin |= each.twin
        for place, person in each.people.items():
            persons[place] = person
            owner |= dict.fromkeys((*original.persons[place].walk(), *person.walk()), each)
    gained, fields = gains(SampleReturn(original.year, original.header, persons), twin, before, chosen)
    effects = {each.defect.rule_id: Effect({}, each.wanted, fields[each.defect.rule_id]) for each in chosen}
    unclear: set[str] = set()
    for rule_id, groups in gained.items():
        meant = [each for each in chosen if rule_id in (each.defect.rule_id, *each.defect.follows)]
        for group, number in groups.items():
            # A finding on another person must have one possible cause, otherwise the defect is unclear.
            causes = [owner[group]] if group in owner else meant
            if not causes:
                return {}
            for cause in causes:
                effects[cause.defect.rule_id].gained.setdefault(rule_id, Counter())[group] += number
            unclear |= {cause.defect.rule_id for cause in causes if len(causes) > 1}
    # A person other than the first may be less suitable; a defect tested alone changes the first.
    return {
        each.defect.rule_id: effects[each.defect.rule_id]
        for each in chosen
        if each.defect.rule_id not in unclear and is_as_meant(each.defect, effects[each.defect.rule_id])
    }


def is_as_meant(defect: Defect, effect: Effect) -> bool:
    is_alone = effect.gained.keys() == {defect.rule_id, *defect.follows}
    return is_alone and set(effect.gained[defect.rule_id]) == effect.wanted


def alone(defect: Defect) -> Effect:
    found = inject(defect)
    gained, fields = gains(found.made, found.twin, clean(*of_clean(defect))[1], [found])
    return Effect(gained, found.wanted, fields[defect.rule_id])


def gains(
    made: SampleReturn, twin: Mapping[XmlGroup, XmlGroup], before: Found, injected: Sequence[Injected]
) -> tuple[Found, dict[str, frozenset[str | None]]]:
    """Findings that were not there before, on groups of the clean return, and the fields named, by rule."""
    report, after = check(made)
    try:
        gained: Found = {}
        for rule_id, found in after.items():
            known = Counter({twin.get(group, group): n for group, n in found.items()})
            if more := known - before.get(rule_id, Counter()):
                gained[rule_id] = more
        ids = [each.defect.rule_id for each in injected]
        return gained, {rule_id: frozenset(finding.field for finding in report.findings([rule_id])) for rule_id in ids}
    finally:
        report.close()


DEFECTS = sorted(all_defects().values(), key=of_clean)
BATCHES = [
    same[start : start + BATCH]
    for same in (tuple(group) for _, group in groupby(DEFECTS, of_clean))
    for start in range(0, len(same), BATCH)
]


@cache
def effects_of(batch: int) -> dict[str, Effect]:
    return together(BATCHES[batch])


@pytest.mark.parametrize(
    ("batch", "defect"),
    [pytest.param(batch, d, id=d.rule_id) for batch, defects in enumerate(BATCHES) for d in defects],
)
def test_defect_trips_its_rule_alone(batch: int, defect: Defect) -> None:
    effect = effects_of(batch).get(defect.rule_id) or alone(defect)
    assert sorted(effect.gained) == sorted({defect.rule_id, *defect.follows})
    assert set(effect.gained[defect.rule_id]) == effect.wanted
    rule = catalogue.rule(defect.rule_id)
    if rule.table != "any":
        assert effect.fields <= {*rule.fields, None}


def test_every_rule_about_one_file_has_a_defect() -> None:
    # H01 is about files that are refused, so no row of them can be changed. H23 is about every return of a coming year,
    # which `sample --year` makes.
    alone = [rule for rule in catalogue.rules() if rule.needs in (None, "xml") and rule.id not in ("H01", "H23")]
    assert {rule.id for rule in alone if not rule.is_own} <= set(all_defects())
    # A rule of your own needs no defect: its cases are its test, and made-up returns do not show it.
    without = [rule.id for rule in alone if rule.id not in all_defects()]
    if without:
        warnings.warn(f"No made-up defect for {', '.join(without)}", stacklevel=1)


def test_defects_name_real_rules() -> None:
    known = {rule.id for rule in catalogue.rules()}
    for defect in all_defects().values():
        assert defect.rule_id not in defect.follows
        assert set(defect.follows) <= known
