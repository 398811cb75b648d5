"""A return that lacks a table: what linked files would say with it is missing, not 0."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from sen2dash.analysis import linked_match
from sen2dash.checks.report import Report
from sen2dash.indicators import figures
from sen2dash.linked.matching import LinkedFigures, link
from sen2dash.output.linked_answers import KINDS, linked_json, linked_text
from sen2dash.sample.linked import linked_files
from tests.linked.making import Census, matched, person, sen2

PLACE = {"URN": "101001", "PlacementRank": "1", "EntryDate": "2020-09-01", "SENSetting": None}
OFSTED = next(text for name, text in linked_files(40, 5, 2024).items() if name.startswith("inspections"))


@contextmanager
def lacking(folder: Path, *tables: str) -> Iterator[tuple[Report, LinkedFigures]]:
    """One person without a match and one without a plan who has one in the census, in a return without these tables."""
    census = Census()
    census.pupil(census.school(), senprovision="E", ethnicity="BAFR")
    (folder / "Management_information_as_at_30_November_2023.csv").write_text(OFSTED, encoding="utf-8")
    data = sen2(person(), person("B333000100002", "2013-01-01", placements=[PLACE], plan=True))
    with matched(data, None, {}) as (report, _):
        report.store.not_given = frozenset(tables)
        given = {"census": [census.write(folder / "c")], "inspections": sorted(folder.glob("*.csv"))}
        yield report, link(report, given)


def answer(report: Report, found: LinkedFigures) -> dict[str, Any]:
    made: dict[str, Any] = json.loads(b"".join(linked_json(report, found)))
    return made


def test_a_whole_return_lacks_nothing(tmp_path: Path) -> None:
    with lacking(tmp_path) as (report, found):
        made = answer(report, found)
        assert made["census"]["disagreements"] == {**dict.fromkeys(KINDS, 0), "plan_in_census_alone": 1, "ethnicity": 1}
        assert made["inspections"]["base"] == 1
        assert not any("Not given" in line for line in found.log)


@pytest.mark.parametrize(
    ("table", "name", "kinds", "has_outcomes"),
    [
        ("namedplan", "Named plans", set(KINDS) - {"ethnicity"}, False),
        ("placementdetail", "Placement details", {"unit", "resourced", "school"}, False),
        ("senneed", "SEN needs", {"need"}, True),
        ("plandetail", "Plan details", set(), True),
    ],
)
def test_figures_that_need_a_table_are_missing(
    tmp_path: Path, table: str, name: str, kinds: set[str], has_outcomes: bool
) -> None:
    with lacking(tmp_path, table) as (report, found):
        made = answer(report, found)
        text = b"".join(linked_text(report, found)).decode()
        assert found.census is not None
        selection = figures.select(report)
        card = linked_match.disagreements(report, selection, found.census).draw("", "")
        listed = linked_match.all_disagreements(report, selection, found.census)
    numbers = made["census"]["disagreements"]
    assert {kind for kind, number in numbers.items() if number is None} == kinds
    assert numbers["ethnicity"] == 1
    assert (made["inspections"] is not None) == has_outcomes
    assert any(f"Not given: {name}." in line for line in found.log) == bool(kinds)
    assert ("not given" in text) == bool(kinds)
    drawn = {str(row[0]) for row in card.chart.rows}
    assert drawn == {linked_match.DISAGREEMENTS[kind] for kind in {"plan_in_census_alone", "ethnicity"} - kinds}
    assert len(listed.rows) == len(drawn)
    assert (f"({name})" in " ".join(card.notes)) == bool(kinds)


def described_by(folder: Path, *exports: tuple[str, tuple[str, ...]], year: int = 2024) -> tuple[str, ...]:
    """The log, and the notes on disagreements and free meals, of exports with a term and these tables."""
    folders = []
    for place, (term, tables) in enumerate(exports):
        census = Census(f"E{place}")
        census.has(*tables)
        census.pupil(census.school(term, year - (term == "AUT"), estab=f"100{place}"))
        folders.append(census.write(folder / str(place)))
    with matched(sen2(person()), None, {"census": folders}) as (report, found):
        assert found.census is not None
        selection = figures.select(report)
        report.store.use_census(found.census.profile)
        disagree = linked_match.disagreements(report, selection, found.census).draw("", "").notes
        meals = linked_match.characteristic(report, selection, found.census, ("fsm",)).draw("fsm", "").notes
        return tuple(each for each in (*disagree, *meals) if each in found.log)


NO_NEEDS = "Needs are not compared: the files have no senneeds table of a spring census of 2024."
NO_MEALS = "Free meals are not recorded in the {} census of {}, whose files have no {} table."


@pytest.mark.parametrize(
    ("exports", "says"),
    [
        ([("SPR", ("senneeds", "fsmperiod"))], []),
        ([("SPR", ("fsmperiod",))], [NO_NEEDS]),
        ([("SPR", ("senneeds", "fsmperiodsonroll"))], [NO_MEALS.format("spring", 2024, "fsmperiod")]),
        ([("AUT", ("senneeds", "fsmperiod"))], [NO_NEEDS, NO_MEALS.format("autumn", 2023, "fsmperiodsonroll")]),
        (
            [("SPR", ("senneeds", "fsmperiod")), ("SPR", ())],
            [
                "Needs are not compared in 1 of 2 spring census returns, whose files have no senneeds table.",
                "Free meals are not recorded in 1 of 2 spring census returns of 2024, whose files have no fsmperiod "
                "table.",
            ],
        ),
    ],
)
def test_a_table_that_the_census_lacks_is_named(
    exports: list[tuple[str, tuple[str, ...]]], says: list[str], tmp_path: Path
) -> None:
    assert list(described_by(tmp_path, *exports)) == says
