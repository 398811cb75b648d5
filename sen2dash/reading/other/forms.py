"""The three forms of a return that is not XML, by their headings: data in sen2dash/spec/other_inputs.csv."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType

from sen2dash import spec
from sen2dash.csv_files import read_rows

LIST = Path(spec.__file__).with_name("other_inputs.csv")
COLLECT, TEMPLATE, MODULES = "collect", "template", "modules"
#: What people call the forms, with an article.
NAMES: Mapping[str, str] = MappingProxyType(
    {
        COLLECT: "a CSV export of COLLECT",
        TEMPLATE: "the DfE's Excel template",
        MODULES: "a workbook with a sheet for each module",
    }
)
#: Names of tables for people, and the titles in the template and names of sheets in the workbook, in compared form.
TABLE_NAMES: Mapping[str, str] = MappingProxyType(
    {
        "header": "Header",
        "person": "Persons",
        "requests": "Requests",
        "assessment": "Assessments",
        "namedplan": "Named plans",
        "plandetail": "Plan details",
        "activeplans": "Active plans",
        "placementdetail": "Placement details",
        "senneed": "SEN needs",
    }
)
TITLES: Mapping[str, str] = MappingProxyType(
    {
        "header record": "header",
        "person record": "person",
        "requests record": "requests",
        "assessments record": "assessment",
        "named plan record": "namedplan",
        "plan detail record": "plandetail",
        "active plan record": "activeplans",
        "placement detail record": "placementdetail",
        "sen need record": "senneed",
    }
)
SHEETS: Mapping[str, str] = MappingProxyType(
    {
        "person": "person",
        "persons": "person",
        "requests": "requests",
        "request": "requests",
        "assessments": "assessment",
        "assessment": "assessment",
        "namedplan": "namedplan",
        "namedplans": "namedplan",
        "plandetail": "plandetail",
        "plandetails": "plandetail",
        "activeplan": "activeplans",
        "activeplans": "activeplans",
        "placementdetail": "placementdetail",
        "placementdetails": "placementdetail",
        "senneed": "senneed",
        "senneeds": "senneed",
    }
)
DASHES = re.compile(r"[\u2010-\u2015\u2212]")
#: Columns that join rows, beside those of items. PERSON: the person again, in a row that is joined by its request.
KEY, PARENT, PERSON = ":key", ":parent", ":person"
ROLES = {"key": KEY, "parent": PARENT, "person": PERSON}


@dataclass(frozen=True)
class Heading:
    """One heading. text: in compared form. column: an item's, or KEY, PARENT or PERSON; empty: not loaded."""

    text: str
    column: str


def folded(text: str) -> str:
    """Return a heading in the form used for comparing: without case, line breaks, repeated spaces and kinds of dash."""
    plain = DASHES.sub("-", unicodedata.normalize("NFKC", text))
    return " ".join(plain.split()).casefold()


@cache
def headings(form: str) -> Mapping[str, tuple[Heading, ...]]:
    """Return the headings of each table of a form, in order."""
    found: dict[str, list[Heading]] = {}
    for row in read_rows(LIST):
        if row["form"] == form:
            column = row["column"] if row["role"] == "item" else ROLES.get(row["role"], "")
            found.setdefault(row["table"], []).append(Heading(folded(row["heading"]), column))
    return MappingProxyType({table: tuple(each) for table, each in found.items()})


@cache
def _start_of(text: str) -> str:
    """Return what must begin a heading of the template: the text in front of an explanation in brackets."""
    return text.partition(" (")[0]


def matched(form: str, table: str, given: Sequence[str]) -> dict[str, int]:
    """Map the columns of a table to their positions among these headings.

    In the template the start of a heading decides: the longest start that fits. A heading that is there twice counts
    where it is first. Headings that are not loaded are under their own text, with a colon in front.
    """
    places: dict[str, int] = {}
    for at, name in enumerate(given):
        text = folded(name)
        if not text:
            continue
        found = _fitting(form, table, text)
        if found is not None:
            places.setdefault(found.column or f":{found.text}", at)
    return places


def _fitting(form: str, table: str, text: str) -> Heading | None:
    known = headings(form).get(table, ())
    exact = next((each for each in known if each.text == text), None)
    if exact is not None or form != TEMPLATE:
        return exact
    starts = [each for each in known if _begins(text, _start_of(each.text))]
    if starts:
        return max(starts, key=lambda each: len(_start_of(each.text)))
    cut = [each for each in known if len(text) > 2 and _begins(each.text, text)]
    return cut[0] if len(cut) == 1 else None


def _begins(text: str, start: str) -> bool:
    """Whether a text begins with whole words."""
    return text.startswith(start) and not text[len(start) : len(start) + 1].isalnum()


def is_loaded(column: str) -> bool:
    """Whether a column of `matched` is one of an item."""
    return not column.startswith(":")
