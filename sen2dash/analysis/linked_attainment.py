"""Prior attainment of the people in a return: who has a result, who should have one, and what it is. Draws nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from sen2dash.analysis import linked_outcomes
from sen2dash.analysis.cohort_charts import DrawnChart
from sen2dash.analysis.linked_attainment_rows import dates_text, expected, files_text, other_year
from sen2dash.analysis.linked_cards import (
    Card,
    Rows,
    bars,
    card_chart,
    counted,
    n_people,
    people,
    stack_chart,
    stacks,
    where,
    with_base,
)
from sen2dash.analysis.linked_outcomes import by_subject, in_words
from sen2dash.analysis.panels import Labels, People
from sen2dash.charts.bars import Bar
from sen2dash.checks.report import Report
from sen2dash.indicators.figures import Selection, count_text
from sen2dash.indicators.suppression import is_empty
from sen2dash.linked.attainment import AttainmentFigures
from sen2dash.linked.loaded_files import STAGES
from sen2dash.linked.matching import LinkedFigures

CLASSES: Labels = {
    "matched": "Has a result",
    "unmatched": "Result expected, none found",
    "not_held": "Not held nationally",
    "not_loaded": "File of that year not added",
}
RESULTS: Labels = {
    "met": "Met the standard",
    "again": "Met in Year 2",
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
#: Columns of every list of this view. The result is put into words when a list is opened.
COLUMNS: Labels = {
    "NC year": "nc_year",
    "Result": "result",
    "Year of the result": "when",
    "Result expected in": "expected",
}
#: What is said of a result, and what holds where it is not known.
FLAGS: Mapping[str, bool] = {"is_met": False, "is_repeat": False, "is_assessed": True}


def cards(
    report: Report,
    selection: Selection,
    figures: LinkedFigures,
    found: AttainmentFigures,
    stage: str,
    years: Sequence[str],
) -> list[Card]:
    """The charts of a stage, and two of all stages. years: only these NC years; none: all of them."""
    rows = expected(report, selection, figures, found)
    other = where(other_year(report, selection, figures, found), "stage", stage)
    own = where(rows, "stage", stage)
    if years:
        own, other = where(own, "nc_year", *years), where(other, "nc_year", *years)
    dates = dates_text(report, figures)
    of_stage, of_all = (f"Files: {files_text(found, each)}." for each in (stage, ""))
    return [
        replace(card, sources=(of_files, dates))
        for card, of_files in (
            (_classes(report, selection, own, stage), of_stage),
            (_results(report, selection, own, stage), of_stage),
            (_outcomes(report, selection, own, stage), of_stage),
            (_stages(report, selection, rows, "matched", of_all), of_all),
            (_other_year(report, selection, other, stage), of_stage),
            (_stages(report, selection, rows, "met", of_all), of_all),
        )
    ]


def _people(report: Report, selection: Selection, title: str, rows: Rows) -> People:
    """The list of people behind a bar, with what their result says. rows: of one stage, or of none."""
    stage = rows["stage"][0].as_py() if len(rows) else next(iter(STAGES))
    return people(
        report, selection, title, rows.append_column("result", pa.array(in_words(stage, rows), pa.string())), COLUMNS
    )


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
        return _people(report, selection, f"{STAGES[stage]}: {CLASSES[key].lower()}", where(rows, "class", key))

    return Card(f"classes_{stage}", draw, find)


class Base(NamedTuple):
    """The people of whom results are. nouns: of one, and of several."""

    rows: Rows
    of_what: str
    nouns: tuple[str, str]

    @property
    def whole(self) -> tuple[int, str, str]:
        """How many they are, and what they are called."""
        return (len(self.rows), *self.nouns)


def _base(rows: Rows, choice: str) -> Base:
    """Everyone with a result, or those of them who were assessed, whether they met the standard or not."""
    matched = where(rows, "class", "matched")
    if choice == "all":
        return Base(matched, "of people with a result", ("person with a result", "people with a result"))
    assessed = matched.filter(pc.fill_null(matched["is_assessed"], True))
    nouns = ("person with a result who was assessed", "people with a result who were assessed")
    return Base(assessed, "of people who were assessed", nouns)


def _judged(rows: Rows) -> dict[str, Rows]:
    """Rows with a result by what it says."""
    met, again, assessed = (pc.fill_null(rows[name], is_so) for name, is_so in FLAGS.items())
    return {
        "met": rows.filter(pc.and_(met, pc.invert(again))),
        "again": rows.filter(again),
        "not_met": rows.filter(pc.and_(pc.invert(met), assessed)),
        "not_assessed": rows.filter(pc.and_(pc.invert(met), pc.invert(assessed))),
    }


def _results(report: Report, selection: Selection, rows: Rows, stage: str) -> Card:
    heading = f"{STAGES[stage]}: standard met"

    def draw(choice: str, marked: str) -> DrawnChart:
        base = _base(rows, choice)
        found = {key: len(each) for key, each in _judged(base.rows).items()}
        return card_chart(
            heading,
            f"{heading}, {STANDARDS[stage]}",
            base.of_what,
            bars(RESULTS, found, len(base.rows), selection),
            base.whole,
            selection,
            marked,
            [f"The standard: {STANDARDS[stage]}.", *(_key_stage_4(selection, base.rows) if stage == "ks4" else [])],
        )

    def find(choice: str, key: str) -> People:
        chosen = _judged(_base(rows, choice).rows)[key]
        return _people(report, selection, f"{STAGES[stage]}: {RESULTS[key].lower()}", chosen)

    return Card(f"results_{stage}", draw, find, BASES)


def _key_stage_4(selection: Selection, matched: Rows) -> list[str]:
    """Grade 5 or above, and the mean of Attainment 8, as sentences; none while a number in them is small."""
    strong = int(pc.sum(matched["has_basics_5"]).as_py() or 0)
    scored = pc.drop_null(matched["attainment_8"])
    sentences = []
    if not is_empty(strong, selection.threshold):
        sentences.append(f"Grade 5 or above in both: {count_text(selection.count(strong))}.")
    if len(scored) and not selection.is_sharing:
        sentences.append(f"Attainment 8: {pc.mean(scored).as_py():.1f} on average, of {len(scored):,} people.")
    return sentences


def _outcomes(report: Report, selection: Selection, rows: Rows, stage: str) -> Card:
    """Each result as a part of a stacked bar, a bar for each subject."""
    heading = f"{STAGES[stage]}: each result"
    known = linked_outcomes.STAGES[stage]
    labels = {key: subject.label for key, subject in known.subjects.items()}
    own = {key: {*subject.parts, *linked_outcomes.NOT_GIVEN} for key, subject in known.subjects.items()}

    def draw(choice: str, marked: str) -> DrawnChart:
        base = _base(rows, choice)
        found = {key: Counter(parts) for key, parts in by_subject(stage, base.rows).items()}
        return stack_chart(
            heading,
            heading,
            base.of_what,
            stacks({key: labels[key] for key in found}, known.parts, found, selection, own),
            base.whole,
            selection,
            marked,
        )

    def find(choice: str, key: str) -> People:
        subject, _, part = key.partition("/")
        base = _base(rows, choice).rows
        chosen = base.filter(pa.array([each == part for each in by_subject(stage, base)[subject]], pa.bool_()))
        return _people(report, selection, f"{STAGES[stage]}, {labels[subject]}: {known.parts[part]}", chosen)

    return Card(f"outcomes_{stage}", draw, find, BASES)


def _other_year(report: Report, selection: Selection, rows: Rows, stage: str) -> Card:
    """Results that do not fit the NC year. They count nowhere else."""
    heading = f"{STAGES[stage]}: results of another year"

    def draw(_: str, marked: str) -> DrawnChart:
        labels = {each: each for each in sorted(set(rows["when"].to_pylist()))}
        # There is at most one result of a person and year.
        found = counted(rows, "when")
        return card_chart(
            heading,
            heading,
            "of results that do not count, because they are neither of the expected year nor of the one before or "
            "after, by their academic year",
            bars(labels, found, len(rows), selection),
            (len(rows), "result", "results"),
            selection,
            marked,
            ["They are neither of the year expected by NC year nor of the one before or after, and do not count."],
            n_people(rows),
        )

    def find(_: str, key: str) -> People:
        return _people(report, selection, f"{STAGES[stage]}: results of {key}", where(rows, "when", key))

    return Card(f"other_year_{stage}", draw, find, is_only_if_any=True)


def _stages(report: Report, selection: Selection, rows: Rows, what: str, files: str) -> Card:
    """All stages side by side: who has a result, or who of them met the standard, each as a share of its own base."""
    heading = "All stages: met the standard" if what == "met" else "All stages: has a result"
    base = _base(rows, "all").rows if what == "met" else rows

    def chosen(stage: str) -> tuple[Rows, int]:
        own = where(base, "stage", stage)
        return (own.filter(pc.fill_null(own["is_met"], False)) if what == "met" else _base(own, "all").rows), len(own)

    def draw(_: str, marked: str) -> DrawnChart:
        made: list[Bar] = []
        for stage, label in STAGES.items():
            part, whole = chosen(stage)
            made += bars({stage: with_base(label, whole, selection)}, {stage: len(part)}, whole, selection)
        n = selection.count(n_people(base))
        of = f"of {count_text(n)} {'person' if n == 1 else 'people'}"
        noun = "result" if what == "met" else "expected result"
        nouns = (f"{noun} {of}", f"{noun}s {of}")
        of_what = "of people with a result of the stage" if what == "met" else "of people expected to have the stage"
        return card_chart(heading, heading, of_what, made, (len(base), *nouns), selection, marked, [files])

    def find(_: str, key: str) -> People:
        return _people(report, selection, f"{heading}: {STAGES[key]}", chosen(key)[0])

    return Card(f"stages_{what}", draw, find)
