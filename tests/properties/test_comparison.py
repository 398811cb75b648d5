"""The comparison of two returns gives the same result in SQL and in plain Python on pairs with many similar rows."""

from __future__ import annotations

from typing import Any

import pytest

from sen2dash import spec
from sen2dash.compare.comparison import Comparison
from tests.comparing import changed_people, comparing
from tests.properties import comparison, edited
from tests.properties.comparison import Return
from tests.properties.test_earlier import drawn

#: Rules about every table, with findings on the header and on the whole return; H22 has a finding for each of several
#: items.
RULES = ("H09", "H14", "H22", "P01", "P12", "R01", "A01", "N06", "M08", "M17", "M30", "T12")


def case_of(made: Return) -> dict[str, Any]:
    """A return as a case of `casebook`, with every item of its header."""
    header = {item.column: None for item in spec.items_of("header")} | made.tables["header"][0]
    del header["row_id"]
    given = {table: rows for table, rows in made.tables.items() if table != "header"}
    return {"year": made.year, "header": header, "given": drawn(given)}


def said(found: Comparison) -> comparison.Outcome:
    """The result of the comparison in the form of the reference."""
    outcome = comparison.Outcome()
    for row in found.space.rows("select * from pair order by before_row"):
        outcome.pairs.setdefault(row["table_name"], []).append((row["before_row"], row["after_row"]))
    for table in spec.TABLES:
        outcome.pairs.setdefault(table, [])
        for row in found.rows_alone(table).to_pylist():
            outcome.alone.add((table, row["kind"], row["row_id"], row["person_id"]))
        for row in found.changes(table).to_pylist():
            names = ("before_row", "after_row", "field", "before", "after")
            outcome.changes.add((table, *(row[name] for name in names)))
    outcome.changed_people = {(row["before_person"], row["after_person"]) for row in changed_people(found)}
    return outcome


@pytest.mark.parametrize("years", edited.YEARS)
@pytest.mark.parametrize("seed", [1])
def test_both_say_the_same(years: tuple[int, int], seed: int) -> None:
    before, after = edited.pair(seed, years)
    expected = comparison.compare(before, after)
    assert min(map(len, expected.pairs.values())) > 0
    assert min(len(expected.changes), len(expected.alone), len(expected.changed_people)) > 20
    with comparing(case_of(before), case_of(after)) as found:
        got = said(found)
        assert got == expected
        for table, counts in found.tables.items():
            assert counts.both == len(expected.pairs[table])
            assert counts.added == sum(t == table and kind == "added" for t, kind, *_ in expected.alone)
            assert counts.gone == sum(t == table and kind == "gone" for t, kind, *_ in expected.alone)
            assert counts.changed == len({(b, a) for t, b, a, *_ in expected.changes if t == table})
        assert found.people.changed == len(expected.changed_people)


@pytest.mark.parametrize("years", edited.YEARS[:3])
def test_both_say_the_same_of_findings(years: tuple[int, int]) -> None:
    before, after = edited.pair(7, years)
    with comparing(case_of(before), case_of(after), RULES) as found:
        listed = "select rule_id, person_id, table_name, row_id, field from finding"
        sides = [report.store.rows(listed) for report in (found.before, found.after)]
        expected = comparison.fates(sides[0], sides[1], comparison.compare(before, after).pairs)
        assert {fate.rule.id: (fate.cleared, fate.new, fate.still) for fate in found.fates} == expected
    assert len(expected) > 5
    assert min(map(sum, zip(*expected.values(), strict=True))) > 10
