"""Prior attainment of the people in a return: who has a result, who should have one, and what it is. Draws nothing."""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow as pa
import pyarrow.compute as pc

from sen2dash import reference
from sen2dash.analysis.cohort_charts import DrawnChart
from sen2dash.analysis.linked_cards import (
    Card,
    Rows,
    academic_year,
    bars,
    card_chart,
    counted,
    of_cohort,
    people,
    where,
)
from sen2dash.analysis.panels import Labels, People
from sen2dash.charts.bars import Bar
from sen2dash.checks.report import Report
from sen2dash.indicators.figures import Selection, count_text
from sen2dash.indicators.suppression import is_empty
from sen2dash.linked.attainment import AttainmentFigures
from sen2dash.linked.held import STAGES
from sen2dash.linked.together import Figures

CLASSES: Labels = {
    "matched": "Has a result",
    "unmatched": "No result, though expected",
    "not_held": "Not held nationally",
    "not_loaded": "File of that year not added",
}
RESULTS: Labels = {
    "met": "Met the standard",
    "not_met": "Did not meet it",
    "not_assessed": "Absent, left or annulled",
}
#: Of whom results are: everyone with one, or those who were assessed.
BASES: Labels = {"all": "All with a result", "assessed": "Only assessed"}
STANDARDS: Labels = {
    "eyfsp": "good level of development",
    "phonics": "expected standard in phonics",
    "ks1": "expected standard in reading, writing and mathematics",
    "ks2": "expected standard in reading, writing and mathematics",
    "ks4": "grade 4 or above in English and mathematics",
}
COLUMNS: Labels = {"NC year": "nc_year", "Result expected in": "expected"}


def expected(report: Report, selection: Selection, figures: Figures, found: AttainmentFigures) -> Rows:
    """One row a person whom the filters leave and an expected stage, with the NC year."""
    rows = of_cohort(report, selection, found.people)
    years = figures.people["nc_year"].take(pc.index_in(rows["person_id"], figures.people["person_id"]))
    begins = [academic_year(each) for each in rows["expected_year"].to_pylist()]
    return rows.append_column("nc_year", years).append_column("expected", pa.array(begins, pa.string()))


def nc_years(rows: Rows, stage: str) -> dict[str, str]:
    """The NC years of a stage, in order, key to label."""
    seen = set(where(rows, "stage", stage)["nc_year"].to_pylist())
    return {
        each.key: each.label
        for each in reference.census_characteristics()["census_year"].categories
        if each.key in seen
    }


def cards(report: Report, selection: Selection, rows: Rows, stage: str, years: Sequence[str]) -> list[Card]:
    """The charts of a stage. years: only these NC years; none: all of them."""
    own = where(rows, "stage", stage)
    own = where(own, "nc_year", *years) if years else own
    return [
        _classes(report, selection, own, stage),
        _results(report, selection, own, stage),
        _stages(report, selection, rows, "matched"),
        _stages(report, selection, rows, "met"),
    ]


def _classes(report: Report, selection: Selection, rows: Rows, stage: str) -> Card:
    heading = f"{STAGES[stage]}: who has a result"

    def draw(_: str, marked: str) -> DrawnChart:
        return card_chart(
            heading,
            heading,
            "of people of whom a result of this stage is expected by NC year",
            bars(CLASSES, counted(rows, "class"), len(rows), selection),
            (len(rows), "person expected to have one", "people expected to have one"),
            selection,
            marked,
        )

    def find(_: str, key: str) -> People:
        chosen = where(rows, "class", key)
        return people(report, selection, f"{STAGES[stage]}: {CLASSES[key].lower()}", chosen, COLUMNS)

    return Card(f"classes_{stage}", draw, find)


def _judged(rows: Rows) -> dict[str, Rows]:
    """The rows with a result by what it says."""
    matched = where(rows, "class", "matched")
    met, assessed = pc.fill_null(matched["is_met"], False), pc.fill_null(matched["is_assessed"], True)
    return {
        "met": matched.filter(met),
        "not_met": matched.filter(pc.and_(pc.invert(met), assessed)),
        "not_assessed": matched.filter(pc.and_(pc.invert(met), pc.invert(assessed))),
    }


def _results(report: Report, selection: Selection, rows: Rows, stage: str) -> Card:
    judged = _judged(rows)
    heading = f"{STAGES[stage]}: results"

    def draw(choice: str, marked: str) -> DrawnChart:
        labels = {key: label for key, label in RESULTS.items() if choice == "all" or key != "not_assessed"}
        whole = sum(len(judged[key]) for key in labels)
        nouns = ("person with a result", "people with a result") if choice == "all" else ("assessed", "assessed")
        return card_chart(
            heading,
            f"{heading}, {STANDARDS[stage]}",
            "of people with a result",
            bars(labels, {key: len(judged[key]) for key in labels}, whole, selection),
            (whole, *nouns),
            selection,
            marked,
            [f"The standard: {STANDARDS[stage]}.", *(_key_stage_4(selection, rows) if stage == "ks4" else [])],
        )

    def find(_: str, key: str) -> People:
        chosen = judged[key]
        when = pa.array([academic_year(each) for each in chosen["year"].to_pylist()], pa.string())
        extra = {"NC year": "nc_year", "Year of the result": "when"}
        return people(
            report, selection, f"{heading}: {RESULTS[key].lower()}", chosen.append_column("when", when), extra
        )

    return Card(f"results_{stage}", draw, find, BASES)


def _key_stage_4(selection: Selection, rows: Rows) -> list[str]:
    """Grade 5 or above, and the mean of Attainment 8, as sentences; none while a number in them is small."""
    matched = where(rows, "class", "matched")
    strong = int(pc.sum(matched["has_basics_5"]).as_py() or 0)
    scored = pc.drop_null(matched["attainment_8"])
    sentences = []
    if not is_empty(strong, selection.threshold):
        sentences.append(f"Grade 5 or above in both: {count_text(selection.count(strong))}.")
    if len(scored) and not selection.is_sharing:
        sentences.append(f"Attainment 8: {pc.mean(scored).as_py():.1f} on average, of {len(scored):,} people.")
    return sentences


def _stages(report: Report, selection: Selection, rows: Rows, what: str) -> Card:
    """All stages side by side: who has a result, or who of them met the standard, each as a share of its own base."""
    heading = "All stages: met the standard" if what == "met" else "All stages: has a result"

    def chosen(stage: str) -> tuple[Rows, int]:
        own = where(rows, "stage", stage)
        matched = where(own, "class", "matched")
        return (_judged(own)["met"], len(matched)) if what == "met" else (matched, len(own))

    def draw(_: str, marked: str) -> DrawnChart:
        made: list[Bar] = []
        for stage, label in STAGES.items():
            part, whole = chosen(stage)
            made += bars({stage: label}, {stage: len(part)}, whole, selection)
        whole = len(where(rows, "class", "matched")) if what == "met" else len(rows)
        nouns = ("result", "results") if what == "met" else ("result expected", "results expected")
        of_what = "of people with a result of the stage" if what == "met" else "of people expected to have the stage"
        return card_chart(heading, heading, of_what, made, (whole, *nouns), selection, marked)

    def find(_: str, key: str) -> People:
        return people(report, selection, f"{heading}: {STAGES[key]}", chosen(key)[0], COLUMNS)

    return Card(f"stages_{what}", draw, find)
