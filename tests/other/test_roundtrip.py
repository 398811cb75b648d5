"""A made-up return written in each form gives the tables, findings and indicators of its XML."""

from __future__ import annotations

from contextlib import closing
from typing import Any, cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sen2dash import spec
from sen2dash.archive import keeping
from sen2dash.checks.report import Report
from sen2dash.compare.comparison import compare as compare_returns
from sen2dash.errors import BadArchive
from sen2dash.indicators.run import run_indicators
from sen2dash.output.return_xml import ReturnXml
from sen2dash.sample.generate import inject, make_return
from sen2dash.sample.tree import SampleReturn
from tests.other.making import FORMS, checked, sample, xml_of

#: Rules about the XML file, and about the header that the workbook does not have.
ABOUT_XML = {"H01", "H02", "H17", "H18", "H19", "H24"}
OF_NO_HEADER = {"H03", "H06", "H09", "H10", "H12", "H13", "H14", "H15", "H16"}


def rows(report: Report, table: str) -> list[dict[str, Any]]:
    return report.store.rows(f"select * exclude (line) from {table} order by row_id")


def findings(report: Report, without: set[str]) -> list[tuple[Any, ...]]:
    sql = "select rule_id, person_id, table_name, row_id, field, value, detail from finding order by all"
    return [tuple(row.values()) for row in report.store.rows(sql) if row["rule_id"] not in without]


def compare(made: SampleReturn, form: str) -> None:
    before, after = checked(xml_of(made)), checked(FORMS[form](made))
    without = ABOUT_XML | (OF_NO_HEADER if form == "modules" else set())
    try:
        for table in spec.TABLES if form != "modules" else spec.TABLES[1:]:
            assert rows(before, table) == rows(after, table), table
        assert findings(before, without) == findings(after, without)
        assert after.origin is not None
        assert after.origin.warnings == ()
        statuses = {outcome.rule.id: outcome.status for outcome in after.outcomes}
        assert {rule_id for rule_id, status in statuses.items() if status == "not_applicable"} == ABOUT_XML
        assert before.facts.persons == after.facts.persons
        numbers = [
            [(each.indicator.id, each.numerator, each.denominator) for each in run_indicators(report.store)]
            for report in (before, after)
        ]
        assert numbers[0] == numbers[1]
        if form != "modules":
            # The file that is saved is the one that it was made from.
            assert ReturnXml(after.store, after.collection.year).whole() == xml_of(made)
    finally:
        before.close()
        after.close()


def with_defects(persons: int, seed: int, year: int) -> SampleReturn:
    """A return with defects that every form can hold."""
    made = sample(persons, seed, year, defects=20)
    for person in made.persons:
        for group in person.walk():
            group.item_names, group.sequence, group.raw, group.written = {}, None, [], None
            known = {
                item.element for each in spec.GROUPS if each.element == group.name for item in spec.items_of(each.table)
            }
            group.items = {name: text for name, text in group.items.items() if name in known}
    return made


@pytest.mark.parametrize(
    ("form", "year"),
    [("collect", 2023), ("template", 2024), ("collect", 2025), ("template", 2027), ("modules", 2026)],
)
def test_each_layout_with_defects(form: str, year: int) -> None:
    compare(with_defects(50, year, year), form)


@settings(max_examples=4, deadline=None)
@given(
    seed=st.integers(0, 1000),
    persons=st.integers(1, 25),
    form=st.sampled_from(["collect", "template"]),
    year=st.sampled_from(spec.RETURN_YEARS),
)
def test_any_made_up_return_comes_back(seed: int, persons: int, form: str, year: int) -> None:
    made = sample(persons, seed, year)
    report = checked(FORMS[form](made), only=())
    try:
        assert ReturnXml(report.store, year).whole() == xml_of(made)
    finally:
        report.close()


def test_what_only_xml_can_have_is_not_cleared_by_another_form() -> None:
    made = make_return(20, 6, 2025)
    inject(made, 0, ["H18"], 1)
    before, after = checked(xml_of(made)), checked(FORMS["collect"](made))
    try:
        assert before.outcome("H18").status == "found"
        with closing(compare_returns(before, after)) as compared:
            assert all((fate.cleared, fate.new) == (0, 0) for fate in compared.fates)
    finally:
        before.close()
        after.close()


def test_only_xml_is_kept() -> None:
    report = checked(FORMS["template"](sample(2)), only=())
    wanted = keeping.KeepOptions(file_name="x")
    with pytest.raises(BadArchive, match="Only XML files are kept"):
        keeping.keep(cast("Any", None), b"", report, wanted)
    report.close()
