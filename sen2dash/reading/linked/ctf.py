"""Read the early years foundation stage profile of a common transfer file (CTF): one row per pupil and year."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence

import pyarrow as pa
from lxml import etree

from sen2dash.errors import BadLinkedFile
from sen2dash.reading.linked.given import GivenFile
from sen2dash.reading.linked.xml_feed import NAMES, elements, leaves, readable

HINT = "Download the results by UPN from Get information about pupils (GIAP), and add the CSV files of each stage."
#: Components of the profile: E01 to E17, and G01 to G17 of the one before.
COMPONENT = re.compile(r"[eg](0[1-9]|1[0-7])")
ROLES = ("upn", "dob", "sex", "year")


def read_ctf(given: GivenFile, components: Sequence[str]) -> dict[str, pa.Array]:
    """Return upn, dob, sex, year and each component as texts. components: names that end in the component's own.

    Raises BadLinkedFile, also where there is no result of the stage EYF.
    """
    data, root = readable(given)
    if root != "ctfile":
        raise BadLinkedFile("This is not a file of prior attainment", f"{given.place} is another kind of XML.", HINT)
    of_component = {name[-3:]: name for name in components}
    rows: list[dict[str, str | None]] = []
    n_results = 0
    for pupil in elements(given, data, ("pupil",), (), lambda *_: None):
        own = _own(pupil)
        years: dict[str, dict[str, str]] = defaultdict(dict)
        for assessment in _assessments(pupil):
            found = leaves(assessment)
            component = found.get("component", "").strip().lower()
            if COMPONENT.fullmatch(component):
                n_results += 1
                year = years[_academic_year(found.get("year", ""))]
                if component in of_component:
                    year[of_component[component]] = found.get("result", "")
        rows += [{**own, "year": year, **results} for year, results in years.items()]
    if not n_results:
        raise BadLinkedFile(
            "The common transfer file has no results", f"{given.place} has no result of the stage EYF.", HINT
        )
    names = (*ROLES, "fsp_gld", *components)
    return {name: pa.array([row.get(name) for row in rows], pa.string()) for name in names}


def _own(pupil: etree._Element) -> dict[str, str | None]:
    """Return the identifiers that stand directly in a pupil."""
    found = {NAMES[each.tag]: each.text for each in pupil if len(each) == 0}
    return {"upn": found.get("upn"), "dob": found.get("dob"), "sex": found.get("sex") or found.get("gender")}


def _assessments(pupil: etree._Element) -> list[etree._Element]:
    """Return the assessments of the stage EYF."""
    found = []
    for stage in pupil.iter(etree.Element):
        if NAMES[stage.tag] != "keystage":
            continue
        name = next((each.text or "" for each in stage if NAMES[each.tag] == "stage"), "")
        if name.strip().upper() == "EYF":
            found += [each for each in stage.iter(etree.Element) if NAMES[each.tag] == "stageassessment"]
    return found


def _academic_year(text: str) -> str:
    """Write the academic year that ends in a calendar year: 2024 is 2023/2024. Blank if it is not a year."""
    text = text.strip()
    if len(text) != 4 or not text.isascii() or not text.isdigit() or int(text) == 0:
        return ""
    return f"{int(text) - 1:04}/{text}"
