"""The DfE's statistics of absence and exclusions: which rows are of pupils with a plan, and how they are shown."""

from __future__ import annotations

from types import SimpleNamespace
from typing import cast

import pytest

from sen2dash.analysis import linked_published
from sen2dash.archive.parts import SavedFigures
from sen2dash.checks.report import Report
from sen2dash.errors import BadPublication
from sen2dash.reading import publication, publication_pupils
from sen2dash.reference.pupils import TERMS, PupilFigureKey
from sen2dash.reference.releases import Published, carried
from tests.publications import files_2026, table
from tests.publications.pupils import ABSENCE, GEOGRAPHY, absence, absence_row, exclusions, exclusions_row

RATES = ("14.2", "8.4", "5.8", "36.3", "7.2")
ENGLAND = PupilFigureKey("absence", 2025, TERMS, "England")


def read(*files: tuple[str, bytes]) -> publication.Publication:
    return publication.read(files)


def notes(found: publication.Publication) -> str:
    return " ".join(note for file in found.summary.files for note in file.notes)


def test_only_all_pupils_with_a_plan_are_used() -> None:
    in_primary = [*absence_row("England", "1", "1", "1", "1", "1")]
    in_primary[len(GEOGRAPHY)] = "State-funded primary"
    found = read(
        (
            "6_absence.csv",
            absence(
                [
                    absence_row("England", *RATES),
                    absence_row("E12000007", "13", "x", "5", "34", "z"),
                    absence_row("209", "12.1", "7", "5.1", "30", "6"),
                    absence_row("England", "6", "4", "2", "18", "2", label="Total", topic="Total"),
                    absence_row("England", "9", "5", "4", "25", "3", label="SEN support"),
                    absence_row("England", "9", "5", "4", "25", "3", label="SEN support / SEN without an EHC plan"),
                    absence_row("England", "9", "5", "4", "25", "3", label="Female, EHC plan", topic="Sex and SEN"),
                    in_primary,
                ]
            ),
        )
    )
    assert dict(found.pupils) == {
        ENGLAND: dict(zip(("overall", "authorised", "unauthorised", "persistent", "severe"), RATES, strict=True)),
        ENGLAND._replace(area="E12000007"): {
            **{"overall": "13", "authorised": "x", "unauthorised": "5", "persistent": "34", "severe": "z"}
        },
        ENGLAND._replace(area="209"): {
            **{"overall": "12.1", "authorised": "7", "unauthorised": "5.1", "persistent": "30", "severe": "6"}
        },
    }
    (file,) = found.summary.files
    assert (file.n_rows, file.n_used, file.n_not_shown, file.n_authorities, file.notes) == (8, 3, 5, 1, ())
    assert (file.periods, file.release, found.summary.releases) == (("2025/26",), None, ())


@pytest.mark.parametrize(
    "label",
    ["EHC plan", "SEN provision - EHC plan", "Education, health and care plan", "SEN with statement or EHC", "EHCP"],
)
def test_names_of_pupils_with_a_plan(label: str) -> None:
    assert publication_pupils.PLAN.fullmatch(label.lower())


@pytest.mark.parametrize(
    "label", ["No EHC plan", "SEN support", "SEN without an EHC plan", "No identified SEN", "Total"]
)
def test_names_of_others(label: str) -> None:
    assert not publication_pupils.PLAN.fullmatch(label.lower())


def test_suspensions_are_read_under_the_older_names_of_columns() -> None:
    rows = [exclusions_row("England", "0.27", "24.7", "9.1"), exclusions_row("England", "1", "2", "3", "Special")]
    found = read(("exc_characteristics.csv", exclusions(rows)))
    assert dict(found.pupils) == {
        PupilFigureKey("exclusions", 2025, TERMS, "England"): {
            "suspended": "9.1",
            "suspensions": "24.7",
            "permanent": "0.27",
        }
    }


def test_rows_that_contradict_each_other_are_not_used() -> None:
    with pytest.raises(BadPublication) as refused:
        read(("a.csv", absence([absence_row("England", *RATES), absence_row("England", "1", *RATES[1:])])))
    assert "have other figures, and none is used: 1 time, first in line 3" in refused.value.message


def test_values_and_periods_that_cannot_be_are_named() -> None:
    odd = absence_row("209", "114", "-3", "many", "30", "6")
    undated = [*absence_row("England", *RATES)]
    undated[0] = "202527"
    found = read(("a.csv", absence([absence_row("England", *RATES), odd, undated])))
    assert found.pupils[ENGLAND._replace(area="209")]["overall"] == "x"
    said = notes(found)
    assert "A value of sess_overall_percent is not understood and not used: 1 time, first in line 3 ('114')" in said
    assert "sess_authorised_percent" in said
    assert "sess_unauthorised_percent" in said
    assert "A period is not understood and its row not used: 1 time, first in line 4 ('202527')" in said


@pytest.mark.parametrize(
    ("identifier", "terms"),
    [
        ("Academic year", TERMS),
        ("Autumn term", ("autumn",)),
        ("Autumn and spring term", ("autumn", "spring")),
        ("Week 12", ()),
    ],
)
def test_terms(identifier: str, terms: tuple[str, ...]) -> None:
    assert publication_pupils.terms_of(identifier) == terms


def test_a_file_without_characteristics_says_which_file_to_add() -> None:
    with pytest.raises(BadPublication) as refused:
        read(("1_absence.csv", table([[*GEOGRAPHY, *ABSENCE], absence_row("England", *RATES)])))
    assert "It has no figures for pupils with an EHC plan" in refused.value.message
    assert "by pupil characteristics" in refused.value.message


def test_they_are_kept_beside_the_figures_of_plans_and_in_a_working_file() -> None:
    plans = read(*files_2026().items())
    pupils = read(("a.csv", absence([absence_row("England", *RATES)])))
    known = pupils.added_to(plans.added_to(carried()))
    assert known.pupils[ENGLAND]["overall"] == "14.2"
    assert plans.added_to(known).pupils == known.pupils, "other files leave them"
    saved = SavedFigures.from_published(known, plans.summary.with_more(pupils.summary))
    again = SavedFigures.model_validate_json(saved.model_dump_json())
    assert again.published(carried()).pupils == known.pupils


def test_a_second_file_adds_rates_and_an_x_never_replaces_a_number() -> None:
    first = ("a.csv", absence([absence_row("England", "14.2", "x", "5.8", "36.3", "7.2")]))
    second = ("b.csv", absence([absence_row("England", "x", "8.4", "5.9", "x", "z")]))
    expected = {"overall": "14.2", "authorised": "8.4", "unauthorised": "5.9", "persistent": "36.3", "severe": "7.2"}
    both = read(first, second)
    assert both.pupils[ENGLAND] == expected
    assert "The same kind of file as a.csv" in notes(both)
    later = read(second).added_to(read(first).added_to(carried()))
    assert later.pupils[ENGLAND] == expected


def test_files_of_other_areas_do_not_overlap() -> None:
    both = read(("a.csv", absence([absence_row("England", *RATES)])), ("b.csv", absence([absence_row("209", *RATES)])))
    assert len(both.pupils) == 2
    assert notes(both) == ""


# -- which period is shown --------------------------------------------------------------------------------


def with_periods(*periods: tuple[int, tuple[str, ...]], area: str = "England") -> Report:
    known = Published({}, {}, (), {}, {PupilFigureKey("absence", *each, area): {"overall": "10"} for each in periods})
    return cast(Report, SimpleNamespace(published=known, collection=SimpleNamespace(lea="209")))


@pytest.mark.parametrize(
    ("there", "shown", "is_same"),
    [
        ([(2025, TERMS), (2025, ("autumn",))], "2025/26, autumn", True),
        ([(2025, TERMS), (2024, ("autumn",))], "2025/26", False),
        ([(2024, TERMS), (2023, ("autumn",)), (2026, ("autumn",))], "2024/25", False),
        ([(2026, TERMS), (2027, ("autumn",))], "2026/27", False),
    ],
)
def test_the_nearest_published_period_is_shown(
    there: list[tuple[int, tuple[str, ...]]], shown: str, is_same: bool
) -> None:
    found = linked_published.beside(with_periods(*there), "absence", 2025, ("autumn",), {"overall": "12.0%"})
    assert found is not None
    assert (found.period, found.is_same) == (shown, is_same)
    assert list(found.columns) == ["Figure", "These people", "England"]
    assert [texts[0] for texts in found.columns.values()] == ["All absence", "12.0%", "10.0%"]
    assert found.columns["England"][1:] == ("-", "-", "-", "-")


def test_another_authority_is_not_shown() -> None:
    report = with_periods((2025, TERMS), area="841")
    assert linked_published.beside(report, "absence", 2025, TERMS, {}) is None
    assert linked_published.is_added(report, "absence")
    assert not linked_published.is_added(report, "exclusions")
