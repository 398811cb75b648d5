"""Who in a return has a school census record, who has not and why, and where the two disagree. Draws nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from sen2dash import reference
from sen2dash.analysis import cohort_charts
from sen2dash.analysis.establishment_names import names_in_register, setting_name
from sen2dash.analysis.linked_base import census_people, days_text, school_names, with_match
from sen2dash.analysis.linked_cards import (
    Card,
    Rows,
    age_heading,
    bars,
    card_chart,
    counted,
    of_cohort,
    people,
    where,
)
from sen2dash.analysis.panels import Labels, People
from sen2dash.checks.report import Report
from sen2dash.folding import folded
from sen2dash.indicators.figures import Selection
from sen2dash.linked.census import CensusFigures, open_schools
from sen2dash.linked.census_log import elsewhere
from sen2dash.linked.matching import LinkedFigures
from sen2dash.text import uk_date

#: Why a school-aged person has no match, those to look into first.
UNMATCHED: Labels = {
    "to_look_into": "To look into: state-funded school of the authority",
    "near": "Near match only",
    "upn_shared": "UPN shared by two people",
    "no_upn": "No UPN",
    "outside": "Placed outside the authority",
    "no_census": "Setting without a school census",
    "not_known": "Not known",
}
DISAGREEMENTS: Labels = {
    "plan_not_in_census": "Plan in the return only",
    "plan_in_census_alone": "Plan in the census only",
    "need": "Primary need",
    "unit": "SEN unit",
    "resourced": "Resourced provision",
    "school": "School",
    "ethnicity": "Ethnic group",
}
STEPS: Labels = {
    "1": "Sex differs",
    "2": "Date of birth differs",
    "3": "UPN changed",
    "4": "Same ULN and date of birth",
    "5": "Same name and date of birth",
}
YEARS: Labels = {"differs": "NC year does not match the age", "x": "NCY X, but not at a special school"}
#: Characteristics of the census, by card.
CHARACTERISTICS_LEFT: Mapping[str, tuple[str, ...]] = {
    "year": ("census_phase", "census_year"),
    "sen": ("census_sen",),
    "other": (
        *("young_carer", "previously_looked_after", "service_child"),
        *("census_unit", "census_resourced", "census_location"),
    ),
}
CHARACTERISTICS_RIGHT: Mapping[str, tuple[str, ...]] = {
    "fsm": ("fsm",),
    "language": ("language",),
    "ethnicity": ("census_ethnic_group",),
}
#: The columns with the codes of characteristics that can have another code.
CODES: Labels = {
    "language": "language_code",
    "census_ethnic_group": "ethnicity",
    "census_sen": "sen_provision_code",
    "young_carer": "young_carer_code",
    "previously_looked_after": "plaa_code",
    "service_child": "service_child_code",
}
#: What the characteristics are called on the buttons of a card.
SHORT: Labels = {"census_phase": "Phase", "census_year": "NC year"}


def characteristic(report: Report, selection: Selection, census: CensusFigures, names: tuple[str, ...]) -> Card:
    """A chart of one of these characteristics of the census."""
    known = reference.census_characteristics()
    return Card(
        names[0],
        lambda name, marked: _drawn(report, selection, census, name, marked),
        lambda name, key: _people_with(report, selection, census, name, key),
        {name: SHORT.get(name, known[name].label) for name in names},
    )


def _drawn(
    report: Report, selection: Selection, census: CensusFigures, name: str, marked: str
) -> cohort_charts.DrawnChart:
    """The chart of a characteristic, with the table that the census lacks for it."""
    drawn = cohort_charts.by_characteristic(report, selection, "people", name, "none", marked)
    return drawn._replace(notes=(*drawn.notes, census.no_meals)) if name == "fsm" and census.no_meals else drawn


def _people_with(report: Report, selection: Selection, census: CensusFigures, name: str, key: str) -> People:
    """The people behind a bar; of codes that are not in their list, with the code."""
    found = cohort_charts.people_with(report, selection, "people", {name: key})
    rows, extra = found.rows, dict(found.extra)
    if key == "other_code":
        codes = census.people[CODES[name]].take(pc.index_in(rows["person_id"], census.people["person_id"]))
        rows, extra["Code"] = rows.append_column("code", codes), "code"
    rows, columns = with_match(census, rows, extra)
    ages = age_heading(report)
    return found._replace(rows=rows, extra={ages if each == "Age" else each: name for each, name in columns.items()})


def unmatched(report: Report, selection: Selection, census: CensusFigures) -> Card:
    """School-aged people without a match, by reason."""
    rows = of_cohort(report, selection, census.people)
    rows = rows.filter(rows["is_school_aged"])
    heading = "School-aged people without a match"

    def draw(_: str, marked: str) -> cohort_charts.DrawnChart:
        found = counted(rows, "unmatched")
        without = sum(found.values())
        every = {"without": without, **found}
        labels = {"without": "Without a match", **UNMATCHED}
        return card_chart(
            heading,
            heading,
            "of school-aged people: 5 by 31 December before census day, under 16 on the 31 August before it",
            bars(labels, every, len(rows), selection),
            (len(rows), "school-aged person", "school-aged people"),
            selection,
            marked,
            [f"Not given: {census.no_places}. Reasons do not say where people are."] if census.no_places else [],
        )

    def find(_: str, key: str) -> People:
        if key == "without":
            chosen = rows.filter(pc.is_valid(rows["unmatched"]))
            # Those to look into first.
            places = pc.index_in(chosen["unmatched"], pa.array(list(UNMATCHED)))
            chosen = chosen.append_column("place", places).sort_by([("place", "ascending"), ("person_id", "ascending")])
        else:
            chosen = where(rows, "unmatched", key)
        title = f"{heading}: {UNMATCHED[key].lower()}" if key in UNMATCHED else heading
        return people(report, selection, title, _with_placement(report, chosen), UNMATCHED_COLUMNS)

    return Card("unmatched", draw, find)


#: Columns of the list of school-aged people without a match.
UNMATCHED_COLUMNS: Labels = {
    "Why": "why",
    "Near match": "near_match",
    "Sex": "sex",
    "URN": "setting_urn",
    "Name of setting": "setting_name",
}


def _with_placement(report: Report, rows: Rows) -> Rows:
    """The same people with the reason, the kind of near match, and the URN and name of their setting as texts."""
    names = names_in_register(report)
    people = rows.select(["unmatched", "step", "placed_urn", "placed_ukprn", "register_urn"]).to_pylist()
    urns = [each["placed_urn"] or each["register_urn"] for each in people]
    settings = [
        names.get(urn) or setting_name(urn, each["placed_ukprn"]) for urn, each in zip(urns, people, strict=True)
    ]
    texts = {
        "why": [UNMATCHED[each["unmatched"]].partition(":")[0] for each in people],
        "near_match": [STEPS[str(each["step"])] if each["step"] is not None else "" for each in people],
        "setting_urn": [urn or "" for urn in urns],
        "setting_name": settings,
    }
    for name, values in texts.items():
        rows = rows.append_column(name, pa.array(values, pa.string()))
    return rows


def disagreements(report: Report, selection: Selection, census: CensusFigures) -> Card:
    """Where the return and the census differ about a person."""
    rows = disagreeing(report, selection, census)
    n_described = int(pc.sum(of_cohort(report, selection, census.people)["is_described"]).as_py() or 0)
    heading = "The two returns disagree"
    lacking = [f"{DISAGREEMENTS[kind]} ({tables})" for kind, tables in census.not_compared.items()]
    notes = [f"Not compared, because a table was not given: {'; '.join(lacking)}."] if lacking else []
    if census.no_needs and "need" not in census.not_compared:
        notes.append(census.no_needs)

    def draw(_: str, marked: str) -> cohort_charts.DrawnChart:
        return card_chart(
            heading,
            "Where the return and the school census differ",
            "of people whom the school census describes",
            bars(DISAGREEMENTS, counted(rows, "kind"), n_described, selection),
            (n_described, "person whom the census describes", "people whom the census describes"),
            selection,
            marked,
            notes,
        )

    def find(_: str, key: str) -> People:
        title = f"The two returns disagree: {DISAGREEMENTS[key].lower()}"
        return census_people(report, selection, census, title, where(rows, "kind", key), BOTH)

    return Card("disagreements", draw, find)


#: What the two returns say.
BOTH: Labels = {"In the return": "own", "In the census": "other"}


def disagreeing(report: Report, selection: Selection, census: CensusFigures) -> Rows:
    """One row per disagreement about a person whom the filters leave."""
    return of_cohort(report, selection, census.disagreements)


def all_disagreements(report: Report, selection: Selection, census: CensusFigures) -> People:
    """Every disagreement, for a file."""
    rows = disagreeing(report, selection, census)
    about = pa.array([DISAGREEMENTS[each] for each in rows["kind"].to_pylist()], pa.string())
    title = "Disagreements between the return and the school census"
    rows = rows.append_column("about", about)
    return census_people(report, selection, census, title, rows, {"About": "about", **BOTH})


def years(report: Report, selection: Selection, census: CensusFigures) -> Card:
    """NC years to check: those that are not the year of the age, and X outside special schools."""
    rows = of_cohort(report, selection, census.people)
    of_census = rows.filter(pc.equal(rows["nc_year_source"], "census"))
    differs = of_census.filter(
        pc.and_(
            pc.not_equal(of_census["nc_year"], "x"),
            pc.fill_null(pc.not_equal(of_census["nc_year"], of_census["year_of_birth"]), True),
        )
    )
    found = {"differs": differs, "x": rows.filter(rows["is_x_elsewhere"])}
    n_described = int(pc.sum(rows["is_described"]).as_py() or 0)

    def draw(_: str, marked: str) -> cohort_charts.DrawnChart:
        numbers = {key: len(each) for key, each in found.items()}
        return card_chart(
            "NC years to check",
            "NC years to check",
            "of people whom the school census describes",
            bars(YEARS, numbers, n_described, selection),
            (n_described, "person whom the census describes", "people whom the census describes"),
            selection,
            marked,
        )

    def find(_: str, key: str) -> People:
        day = uk_date(report.collection.august_31)
        extra = {"NC year in the census": "nc_year", f"NC year expected at {day}": "year_of_birth"}
        return census_people(report, selection, census, YEARS[key], found[key], extra)

    return Card("years", draw, find, is_only_if_any=True)


def near(report: Report, selection: Selection, figures: LinkedFigures) -> Rows:
    """One row per near match that is not settled: the person's values in the return, and those of the census.

    Names and the date of birth are also there as the match compares them, as `known_...`.
    """
    if figures.census is None:
        raise AssertionError("near matches need a census")
    rows = of_cohort(report, selection, figures.census.near)
    written = report.store.table(
        "select row_id as person_id, surname as own_surname, forename as own_forename, "
        "person_birth_date_text as own_birth from person"
    )
    known = figures.identities
    names = ["own_upn", "known_birth", "own_sex", "own_uln", "known_surname", "known_forename"]
    known = known.rename_columns(["person_id", *names])
    for own in (written, known):
        own = own.take(pc.index_in(rows["person_id"], own["person_id"])).drop_columns("person_id")
        for name in own.column_names:
            rows = rows.append_column(name, own[name])
    why = pa.array([STEPS[str(each)] for each in rows["step"].to_pylist()], pa.string())
    by_laestab = school_names(report, figures.census)
    schools = [[by_laestab.get(each, each) for each in found] for found in rows["schools"].to_pylist()]
    return rows.append_column("why", why).append_column("school_names", pa.array(schools, pa.list_(pa.string())))


def verdicts(pair: Mapping[str, Any]) -> dict[str, str]:
    """Whether the two sides of a near match say the same, by item. pair: a row of `near`.

    Of values in several spellings, some of which are the same, that is said too.
    """
    return {
        "UPN": _verdict(pair["own_upn"], [pair["upn"]]),
        "Date of birth": _verdict(pair["known_birth"], [pair["dob"]]),
        "Sex": _verdict(pair["own_sex"], [pair["sex"]]),
        "Surname": _verdict(pair["known_surname"], [folded(each) for each in pair["surname"]]),
        "Forename": _verdict(pair["known_forename"], [folded(each) for each in pair["forename"]]),
        "ULN": _verdict(pair["own_uln"], pair["uln"]),
    }


def _verdict(own: object, others: Sequence[object]) -> str:
    others = [each for each in others if each]
    if not own or not others:
        return "both blank" if not own and not others else "one side is blank"
    same = [each == own for each in others]
    if all(same):
        return "same"
    return "one of them is the same" if any(same) else "differs"


def schools_text(report: Report, census: CensusFigures) -> str:
    """Which schools are in the files: 'x of y open state-funded schools' where a register was added."""
    totals = census.totals
    noun = "school" if totals["schools"] == 1 else "schools"
    text = f"Census returns: {totals['returns']:,}, of {totals['schools']:,} {noun}."
    if totals["schools_elsewhere"]:
        text += f" {totals['schools_elsewhere']:,} of them {elsewhere(totals)}."
    if not report.store.has_establishments:
        return f"{text} Add the register of establishments to see how many of your schools that is. {days_text(census)}"
    home = open_schools(report)
    n_in = len(where(home, "urn", *census.urns))
    part = f"{n_in:,} of {len(home):,} open state-funded schools of the authority are in the files."
    caveat = " People at the others cannot be matched." if n_in < len(home) else ""
    return f"{text} {part}{caveat} {days_text(census)}"
