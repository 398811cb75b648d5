"""What linked files say of one person: enrolments in the school census, results, and the inspection of the placement.

Only exact matches and accepted near matches. Draws nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

from sen2dash import reference
from sen2dash.analysis.establishment_names import names_in_register, setting_name
from sen2dash.analysis.linked_attainment import CLASSES
from sen2dash.analysis.linked_attainment_rows import dates_text, files_text, with_years
from sen2dash.analysis.linked_cards import where
from sen2dash.analysis.linked_inspections import CATEGORIES, CONCERNS, sources_text
from sen2dash.analysis.linked_match import UNMATCHED
from sen2dash.analysis.linked_outcomes import in_words
from sen2dash.checks import masking
from sen2dash.checks.report import Report
from sen2dash.linked.loaded_files import STAGES, TITLES
from sen2dash.linked.matching import LinkedFigures
from sen2dash.text import long_date, uk_date

TERMS: Mapping[str, str] = {"AUT": "Autumn", "SPR": "Spring", "SUM": "Summer"}
OF_ANOTHER_YEAR = "Of another year: does not count"


class Part(NamedTuple):
    """What files of one kind say. sentences: on all of it. rows: each with the same columns, heading to text."""

    title: str
    sentences: tuple[str, ...]
    rows: tuple[Mapping[str, str], ...] = ()


def parts(report: Report, figures: LinkedFigures, person: int, hide: bool) -> list[Part]:
    """What each kind of linked file that was added says of a person.

    hide: without an NC year that is from the date of birth.
    """
    found = []
    if figures.census is not None:
        found.append(_census(report, figures, person, hide))
    if figures.attainment is not None:
        found.append(_attainment(report, figures, person))
    if figures.inspections is not None:
        found.append(_inspection(report, figures, person))
    return found


def _census(report: Report, figures: LinkedFigures, person: int, hide: bool) -> Part:
    (row,) = where(figures.people, "person_id", person).to_pylist()
    matches = {"exact": "Matched exactly.", "accepted": "Matched by a near match that you accepted."}
    match = matches.get(row["match"])
    if match is None:
        why = UNMATCHED.get(row["unmatched"] or "", "")
        match = f"No match: {why[:1].lower()}{why[1:]}." if why else "No match."
    known = {each.key: each.label for each in reference.census_characteristics()["census_year"].categories}
    is_of_census = row["nc_year_source"] == "census"
    year = "not known" if row["nc_year"] is None else known[row["nc_year"]]
    if hide and not is_of_census:
        year = masking.HIDDEN
    source = ", from the school census" if is_of_census else ", from the date of birth" if row["nc_year"] else ""
    when = long_date(report.collection.august_31)
    enrolments = figures.enrolments(person)
    names = names_in_register(report, [each["urn"] for each in enrolments if each["urn"]])
    rows = tuple(
        {
            "Census": f"{TERMS.get(each['term'], each['term'])} {each['year']}",
            "School": _named(names, each["urn"], None, f"LAEstab {each['laestab']}"),
            "On roll": "Yes" if each["on_roll"] else "No",
            "NC year": each["nc_year"] or "",
            "Entry date": _day(each["entry_date"]),
            "Leaving date": _day(each["leaving_date"]),
            "Boarder": each["boarder"] or "",
        }
        for each in enrolments
    )
    return Part(TITLES["census"], (match, f"NC year on {when}: {year}{source}."), rows)


def _attainment(report: Report, figures: LinkedFigures, person: int) -> Part:
    assert figures.attainment is not None
    own, other = (
        with_years(where(rows, "person_id", person), figures)
        for rows in (figures.attainment.people, figures.attainment.other_year)
    )
    rows = []
    for stage, label in STAGES.items():
        for found in (where(own, "stage", stage), where(other, "stage", stage)):
            for row, words in zip(found.to_pylist(), in_words(stage, found), strict=True):
                rows.append(
                    {
                        "Stage": label,
                        "What there is": CLASSES[row["class"]] if "class" in row else OF_ANOTHER_YEAR,
                        "Result": words,
                        "Year of the result": row["when"] or "",
                        "Result expected in": row["expected"],
                    }
                )
    nothing = () if rows else ("No result is expected by NC year.",)
    files = f"Files: {files_text(figures.attainment)}."
    return Part(TITLES["attainment"], (files, dates_text(report, figures), *nothing), tuple(rows))


def _inspection(report: Report, figures: LinkedFigures, person: int) -> Part:
    assert figures.inspections is not None
    source = f"Source: {sources_text(figures.inspections)}"
    if figures.inspections.not_given:
        return Part(TITLES["inspections"], (f"Not given: {figures.inspections.not_given}.",))
    rows = where(figures.inspections.people, "person_id", person).to_pylist()
    if not rows:
        return Part(TITLES["inspections"], ("No plan with a current placement on census day.", source))
    urns = [urn for row in rows if (urn := row["urn"] or row["register_urn"])]
    names = names_in_register(report, urns)
    return Part(
        TITLES["inspections"],
        (source,),
        tuple(
            {
                "Place": _named(
                    names, row["urn"] or row["register_urn"], row["ukprn"], row["establishment"] or "No URN or UKPRN"
                ),
                "Outcome": CATEGORIES[row["category"]],
                "Inspected": _day(row["inspected_on"]),
                "Of": "before the present form" if row["is_predecessor"] else "",
                "Key judgements": row["judgements"] or "",
                "Ungraded inspection": row["ungraded"] or "",
                "Category of concern": CONCERNS.get(row["concern"], row["concern"]) if row["concern"] else "",
            }
            for row in rows
        ),
    )


def _named(names: Mapping[str, str], urn: str | None, ukprn: str | None, place: str) -> str:
    """A place by name, with its number behind it where it has a name."""
    name = names.get(urn or "") or setting_name(urn, ukprn)
    return f"{name} ({place})" if name else place


def _day(day: date | None) -> str:
    return "" if day is None else uk_date(day)
