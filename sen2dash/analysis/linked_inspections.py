"""Inspection outcomes of the places of people with a plan on census day. Draws nothing.

A report card has no overall grade: its category is the lowest grade of an area, apart from the older grades.
"""

from __future__ import annotations

from dataclasses import replace

import pyarrow as pa
import pyarrow.compute as pc

from sen2dash.analysis.cohort_charts import DrawnChart
from sen2dash.analysis.establishment_names import names_in_register, setting_name
from sen2dash.analysis.linked_cards import (
    Card,
    Rows,
    bars,
    card_chart,
    counted,
    n_people,
    of_cohort,
    people,
    stack_chart,
    stacks,
    where,
)
from sen2dash.analysis.panels import Labels, People
from sen2dash.checks.report import Report
from sen2dash.indicators.figures import Selection, count_text
from sen2dash.indicators.suppression import is_empty
from sen2dash.linked.inspections import InspectionFigures, is_over_a_year
from sen2dash.reading.linked.inspections import AREAS, FE_AREAS
from sen2dash.text import flat, long_date

LICENCE = "Ofsted management information, Open Government Licence v3.0."
CATEGORIES: Labels = {
    "rc_exceptional": "Report card: lowest grade exceptional",
    "rc_strong": "Report card: lowest grade strong standard",
    "rc_expected": "Report card: lowest grade expected standard",
    "rc_attention": "Report card: lowest grade needs attention",
    "rc_urgent": "Report card: lowest grade urgent improvement",
    "rc_safeguarding": "Report card: safeguarding not met",
    "oeif_1": "Older grade: Outstanding",
    "oeif_2": "Older grade: Good",
    "oeif_3": "Older grade: Requires improvement",
    "oeif_4": "Older grade: Inadequate",
    "oeif_none": "Inspected, no overall grade",
    "iss_met": "Independent standards met",
    "iss_not_met": "Independent standards not met",
    "other_inspectorate": "Inspected by another inspectorate",
    "not_inspected": "Not inspected",
    "no_inspection": "No inspection applicable",
    "not_known": "Not known",
}
STEPS: Labels = {
    "1": "Exceptional",
    "2": "Strong standard",
    "3": "Expected standard",
    "4": "Needs attention",
    "5": "Urgent improvement",
}
#: Programmes of further education, whose areas have them in their names.
SHORT: Labels = {
    "Education programmes for young people": "Young people",
    "Provision for learners and apprentices with high needs": "High needs",
}
CONCERNS: Labels = {"SM": "Special measures", "SWK": "Serious weaknesses", "RSI": "Requires significant improvement"}
COUNTED: Labels = {"people": "People", "places": "Places"}
COLUMNS: Labels = {
    "Place": "establishment",
    "Name of place": "place_name",
    "Outcome": "outcome",
    "Inspected": "inspected_on",
    "Of": "whose",
    "Key judgements": "judgements",
    "Ungraded inspection": "ungraded",
}


def base(report: Report, selection: Selection, found: InspectionFigures, with_predecessors: bool) -> Rows:
    """One row per person with a plan and a current placement whom the filters leave.

    with_predecessors: including those whose place has only a result from before its present form.
    """
    rows = of_cohort(report, selection, found.people)
    return rows if with_predecessors else rows.filter(pc.invert(rows["is_predecessor"]))


def warnings(report: Report, selection: Selection, found: InspectionFigures, rows: Rows) -> list[str]:
    """A sentence for each file over 12 months older than census day, and one on inspections after census day."""
    census_day = report.collection.census_date
    sentences = [
        f"{flat(file.name)} is of {long_date(file.as_at)}, over 12 months before census day."
        for file in found.files
        if file.as_at is not None and is_over_a_year(file.as_at, census_day)
    ]
    n_later = len(rows.filter(pc.fill_null(pc.greater(rows["inspected_on"], pa.scalar(census_day)), False)))
    if not is_empty(n_later, selection.threshold):
        sentences.append(
            f"People at a place whose inspection was after census day: {count_text(selection.count(n_later))}."
        )
    return sentences


def cards(report: Report, selection: Selection, found: InspectionFigures, rows: Rows) -> list[Card]:
    """Outcomes, the areas of report cards, and categories of concern."""
    every = [_outcomes(report, selection, rows)]
    # The same under all filters, so that what is there does not say who is left.
    if len(found.area_of):
        every.append(_areas(report, selection, rows, found.area_of))
    every.append(_concerns(report, selection, rows))
    return [replace(card, sources=(f"Source: {sources_text(found)}",)) for card in every]


def sources_text(found: InspectionFigures) -> str:
    """The files, each with its date, and their licence."""
    files = "; ".join(
        f"{flat(file.name)}, {f'as at {long_date(file.as_at)}' if file.as_at else 'date not known'}"
        for file in found.files
    )
    return f"{files}. {LICENCE}"


def _people(report: Report, selection: Selection, title: str, rows: Rows) -> People:
    outcome = pa.array([CATEGORIES[each] for each in rows["category"].to_pylist()], pa.string())
    whose = ["before the present form" if each else "" for each in rows["is_predecessor"].to_pylist()]
    # A college often has a UKPRN alone: the register's URN of it is that of its name.
    urns = pc.coalesce(rows["urn"], rows["register_urn"]).to_pylist()
    places = zip(urns, rows["ukprn"].to_pylist(), strict=True)
    known = names_in_register(report)
    names = [known.get(urn) or setting_name(urn, ukprn) for urn, ukprn in places]
    named = rows.append_column("outcome", outcome).append_column("whose", pa.array(whose, pa.string()))
    named = named.append_column("place_name", pa.array(names, pa.string()))
    return people(report, selection, title, named, COLUMNS)


def _outcomes(report: Report, selection: Selection, rows: Rows) -> Card:
    def draw(choice: str, marked: str) -> DrawnChart:
        found, whole = counted(rows, "category"), len(rows)
        nouns = ("person with a plan and a current placement", "people with a plan and a current placement")
        if choice == "places":
            pairs = (
                rows.filter(pc.is_valid(rows["establishment"])).group_by(["category", "establishment"]).aggregate([])
            )
            found, whole, nouns = counted(pairs, "category"), len(pairs), ("place", "places")
        n_before = int(pc.sum(rows["is_predecessor"]).as_py() or 0)
        before = selection.count(n_before)
        notes = (
            []
            if is_empty(n_before, selection.threshold)
            else [f"Results from before the place's present form: {count_text(before)} people."]
        )
        return card_chart(
            "Inspection outcomes",
            "Inspection outcomes of current placements",
            "of people with a plan and a current placement" if choice == "people" else "of places",
            bars(CATEGORIES, found, whole, selection),
            (whole, *nouns),
            selection,
            marked,
            notes,
        )

    def find(_: str, key: str) -> People:
        return _people(report, selection, CATEGORIES[key], where(rows, "category", key))

    return Card("outcomes", draw, find, COUNTED)


def _areas(report: Report, selection: Selection, rows: Rows, areas: Rows) -> Card:
    """Every area of report cards as a stacked bar of people, never joined with the older grades."""
    areas = areas.filter(pc.is_in(areas["person_id"], rows["person_id"]))
    names = {area: _short(area) for area in dict.fromkeys((*AREAS, *FE_AREAS))}
    found = {area: counted(_with_steps(where(areas, "area", area)), "key") for area in names}

    def draw(_: str, marked: str) -> DrawnChart:
        return stack_chart(
            "Report cards by area",
            "Report cards by area",
            "of people at a place with a grade for the area",
            stacks(names, STEPS, found, selection),
            (n_people(areas), "person at a place with such a grade", "people at a place with such a grade"),
            selection,
            marked,
        )

    def find(_: str, key: str) -> People:
        area, _, step = key.rpartition("/")
        who = where(_with_steps(where(areas, "area", area)), "key", step)["person_id"]
        return _people(
            report, selection, f"{area}: {STEPS[step].lower()}", rows.filter(pc.is_in(rows["person_id"], who))
        )

    return Card("areas", draw, find)


def _short(area: str) -> str:
    """The name of an area as it fits beside a bar."""
    programme, between, what = area.rpartition(" - ")
    return f"{SHORT.get(programme, programme)}{': ' if between else ''}{what}"


def _with_steps(areas: Rows) -> Rows:
    return areas.append_column("key", pc.cast(areas["step"], pa.string()))


def _concerns(report: Report, selection: Selection, rows: Rows) -> Card:
    found = counted(rows, "concern")
    others = [code for code in found if code not in CONCERNS]
    found["other"] = sum(found[code] for code in others)
    labels = {**CONCERNS, "other": "Another category"}

    def draw(_: str, marked: str) -> DrawnChart:
        return card_chart(
            "Categories of concern",
            "Places in a category of concern",
            "of people with a plan and a current placement",
            bars(labels, found, len(rows), selection),
            (len(rows), "person with a plan and a current placement", "people with a plan and a current placement"),
            selection,
            marked,
        )

    def find(_: str, key: str) -> People:
        return _people(report, selection, labels[key], where(rows, "concern", *(others if key == "other" else [key])))

    return Card("concerns", draw, find, is_only_if_any=True)
