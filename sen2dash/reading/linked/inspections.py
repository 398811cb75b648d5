"""Read the inspectorate's published files: state-funded and independent schools, and further education.

Source: Ofsted management information, Open Government Licence v3.0: layouts of 2026, and of state-funded schools to
August 2025. Columns are found by name; a column of an area that is missing is named and left out.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from sen2dash.errors import BadLinkedFile
from sen2dash.reading.csv_rows import row_at
from sen2dash.reading.linked.given import GivenFile
from sen2dash.reading.linked.table import LINES
from sen2dash.reading.linked.values import MONTHS, read_date, read_number
from sen2dash.reading.side_files import SideFile, encoding_of
from sen2dash.text import flat

#: The most lines above the heading.
HEADING_WITHIN = 50
HINT = (
    "Add the files of Ofsted's management information as published on GOV.UK: state-funded schools, non-association "
    "independent schools, further education and skills (sheets D1 and D4), saved as CSV."
)
STEPS = ("exceptional", "strong standard", "expected standard", "needs attention", "urgent improvement")
AREAS = (
    "Inclusion",
    "Curriculum and teaching",
    "Achievement",
    "Attendance and behaviour",
    "Personal development and wellbeing",
    "Early years (where applicable)",
    "Post-16 provision (where applicable)",
    "Leadership and governance",
)
FE_AREAS = (
    "Inclusion",
    "Leadership and governance",
    "Contribution to meeting skills needs",
    *(
        f"{programme} - {area}"
        for programme in (
            "Education programmes for young people",
            "Provision for learners and apprentices with high needs",
        )
        for area in ("curriculum, teaching and training", "achievement", "participation and development")
    ),
)
URN, UKPRN = "URN", "Provider UKPRN"
OEIF, OLDER = "Latest OEIF overall effectiveness", "Overall effectiveness"
FE_GRADE, FE_DAY = "Latest overall effectiveness before renewed EIF", "First day of inspection"
ISS = "Most recent standard inspection: Overall compliance with ISS"
SAFEGUARDING = "Safeguarding standards"
CONCERN = ("Most recent category of concern", "Category of concern")
CARD_OWN = "Does the latest full inspection relate to the URN of the current school?"
GRADE_OWN = "Does the latest OEIF graded inspection relate to the URN of the current school?"
UNGRADED_OWN = "Does the ungraded inspection relate to the URN of the current school?"
#: Key judgements of state-funded schools whose last graded inspection gave no overall grade, with the names of their
#: columns: the second is that of files to August 2025.
JUDGEMENTS: Mapping[str, tuple[str, str]] = {
    "quality of education": ("Latest OEIF quality of education", "Quality of education"),
    "behaviour": ("Latest OEIF behaviour and attitudes", "Behaviour and attitudes"),
    "personal development": ("Latest OEIF personal development", "Personal development"),
    "leadership": (
        "Latest OEIF effectiveness of leadership and management",
        "Effectiveness of leadership and management",
    ),
}
GRADES: Mapping[int, str] = {1: "outstanding", 2: "good", 3: "requires improvement", 4: "inadequate"}
UNGRADED, UNGRADED_ON = "Ungraded inspection overall outcome", "Date of latest ungraded inspection"
#: The date of the graded inspection, by kind; the second of schools stands in files to August 2025 alone.
GRADED_ON: Mapping[str, str] = {
    "schools": "Inspection start date of latest OEIF graded inspection",
    "independent": "Inspection start date of latest OEIF standard inspection",
    "fe_providers": "First day of inspection of latest inspection before renewed EIF",
}
OLDER_GRADED_ON = "Inspection start date"
#: The date of a report card, by kind.
CARDED_ON: Mapping[str, str] = {
    "schools": "Inspection start date",
    "independent": "Inspection start date",
    "fe_reports": FE_DAY,
}
_MONTH = (
    "jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sep(?:tember)?|oct(?:ober)?|"
    "nov(?:ember)?|dec(?:ember)?"
)
AS_AT = re.compile(rf"(?<![0-9])([0-9]{{1,2}})[ _-]+({_MONTH})[ _-]+([0-9]{{4}})(?![0-9])", re.IGNORECASE)


@dataclass(frozen=True)
class InspectionFile:
    """One file that was read. rows: lines with a number. as_at: the date in its name, if there is one."""

    name: str
    kind: str
    as_at: date | None
    rows: int
    missing: tuple[str, ...]


@dataclass(frozen=True)
class InspectionReading:
    """files: in the order read. result: one row per line with a number. area: one row per line and area with a step."""

    files: tuple[InspectionFile, ...]
    result: pa.Table
    area: pa.Table


def read_inspections(given: Iterable[GivenFile]) -> InspectionReading:
    """Read all files. Raises BadLinkedFile."""
    files, results, areas = [], [], []
    for number, one in enumerate(given, start=1):
        file, result, area = _read(one, number)
        files.append(file)
        results.append(result)
        areas.append(area)
    return InspectionReading(tuple(files), pa.concat_tables(results), pa.concat_tables(areas))


def as_at(name: str) -> date | None:
    """Return the date in a file's name; None without one."""
    for match in AS_AT.finditer(name):
        try:
            return date(int(match[3]), MONTHS[match[2][:3].lower()], int(match[1]))
        except ValueError:
            continue
    return None


def _fold(name: str) -> str:
    return " ".join(name.split()).casefold()


def _read(given: GivenFile, number: int) -> tuple[InspectionFile, pa.Table, pa.Table]:
    file = _open(given)
    places = {_fold(name): place for place, name in reversed(list(enumerate(file.heading)))}
    kind = _kind(given, places)
    of_fe = kind.startswith("fe_")
    area_names = FE_AREAS if kind == "fe_reports" else AREAS if kind in ("schools", "independent") else ()
    known = [area for area in area_names if _fold(area) in places]
    if kind == "fe_reports" and not known and _fold(SAFEGUARDING) not in places:
        raise BadLinkedFile("A file has no results", f"{given.place} has no column with a grade.", HINT)
    has_own = kind == "schools"
    # In files to August 2025 this is the date of the graded inspection; later it is that of the report card.
    is_older = has_own and _fold(OEIF) not in places and _fold(OLDER) in places and not known
    grade = {"fe_providers": FE_GRADE, "fe_reports": ""}.get(kind, OLDER if is_older else OEIF)
    if has_own and grade == OEIF and _fold(OEIF) not in places:
        grade = OLDER
    graded_on, carded_on = GRADED_ON.get(kind, ""), "" if is_older else CARDED_ON.get(kind, "")
    if has_own and _fold(graded_on) not in places and is_older:
        graded_on = OLDER_GRADED_ON
    concern = next((name for name in CONCERN if _fold(name) in places), "")
    number_name = UKPRN if of_fe else URN
    names = (number_name, SAFEGUARDING, grade, graded_on, carded_on, ISS, CARD_OWN, GRADE_OWN, concern, *known)
    judgements = {
        label: next((name for name in called if _fold(name) in places), "") if has_own else ""
        for label, called in JUDGEMENTS.items()
    }
    names = (*names, *((*judgements.values(), UNGRADED, UNGRADED_ON, UNGRADED_OWN) if has_own else ()))
    wanted = sorted({places[_fold(name)] for name in names if _fold(name) in places})
    found = _columns(given, file, wanted)

    def column(name: str, read: Callable[[str], Any], kind_of: pa.DataType) -> pa.Array:
        place = places.get(_fold(name)) if name else None
        if place is None:
            return pa.nulls(len(found["line"]), kind_of)
        coded = found[str(place)].combine_chunks().dictionary_encode()
        values = [None if _fold(text) in ("", "null") else read(text.strip()) for text in coded.dictionary.to_pylist()]
        return pa.array(values, kind_of).take(coded.indices)

    steps = {area: column(area, _step, pa.int8()) for area in known}
    lowest = pc.max_element_wise(*steps.values()) if steps else pa.nulls(len(found["line"]), pa.int8())
    result = pa.table(
        {
            "read_no": pc.add(found["line"], pa.scalar(number * LINES, pa.int64())),
            "kind": pa.repeat(kind, len(found["line"])),
            "number": column(number_name, lambda text: text.removesuffix(".0") or None, pa.string()),
            "is_unsafe": column(SAFEGUARDING, lambda text: _fold(text) == "not met", pa.bool_()),
            "lowest": lowest,
            "grade": column(grade, _grade, pa.int64()),
            "graded_on": column(graded_on, read_date, pa.date32()),
            "carded_on": column(carded_on, read_date, pa.date32()),
            "iss": column(ISS if kind == "independent" else "", _fold, pa.string()),
            "is_card_of_other": column(CARD_OWN if has_own else "", lambda text: _fold(text) == "no", pa.bool_()),
            "is_grade_of_other": column(GRADE_OWN if has_own else "", lambda text: _fold(text) == "no", pa.bool_()),
            "concern": column(concern, str.upper, pa.string()),
            "judgements": _joined(
                [column(name, partial(_judgement, label), pa.string()) for label, name in judgements.items()]
            ),
            "ungraded": column(UNGRADED if has_own else "", flat, pa.string()),
            "ungraded_on": column(UNGRADED_ON if has_own else "", read_date, pa.date32()),
            "is_ungraded_of_other": column(
                UNGRADED_OWN if has_own else "", lambda text: _fold(text) == "no", pa.bool_()
            ),
        }
    )
    area = [
        pa.table({"read_no": result["read_no"], "area": pa.repeat(name, len(result)), "step": step}).filter(
            pc.is_valid(step)
        )
        for name, step in steps.items()
    ]
    rows = result.filter(pc.is_valid(result["number"]))
    missing = tuple(name for name in area_names if name not in known)
    empty = pa.schema([("read_no", pa.int64()), ("area", pa.string()), ("step", pa.int8())]).empty_table()
    return (
        InspectionFile(given.name, kind, as_at(given.name), len(rows), missing),
        rows,
        pa.concat_tables([empty, *area]),
    )


def _open(given: GivenFile) -> SideFile:
    """Find the heading: the first row with a cell URN or Provider URN, or that begins with Web link.

    Rows may cover several lines. If none is a heading, each line is taken as a row, in case of odd quotation marks.
    """
    file = SideFile(given.data, encoding_of(given.data), ",", (), 0)
    top = file.top
    for is_by_line in (False, True):
        at = 0
        while at < min(len(top), HEADING_WITHIN):
            cells, n_lines = row_at(top[at : at + 1] if is_by_line else top[at:], 0, ",")
            at += n_lines
            names = [_fold(cell) for cell in cells]
            if {"urn", "provider urn", "provider ukprn"} & set(names) or (names and names[0].startswith("web link")):
                while cells and not cells[-1].strip():
                    cells.pop()
                return replace(file, heading=tuple(cells), heading_line=at, heading_lines=n_lines)
    raise BadLinkedFile("This is not a file of inspection outcomes", f"{given.place} has no heading with a URN.", HINT)


def _kind(given: GivenFile, places: Mapping[str, int]) -> str:
    """Recognise the file by its heading. The first that fits."""

    def has(*names: str) -> bool:
        return all(_fold(name) in places for name in names)

    if has(UKPRN, FE_GRADE):
        return "fe_providers"
    if has(UKPRN, FE_DAY):
        return "fe_reports"
    if has(URN, ISS):
        return "independent"
    if has(URN) and any(has(name) for name in (OEIF, OLDER, *AREAS)):
        return "schools"
    if has("Provider URN") and not has(UKPRN):
        raise BadLinkedFile(
            "This is the file of childcare providers",
            f"{given.place} is about childcare and early years providers, which a SEN2 return does not name.",
            HINT,
        )
    raise BadLinkedFile(
        "This is not a file of inspection outcomes", f"{given.place} has no column with a result.", HINT
    )


def _columns(given: GivenFile, file: SideFile, wanted: list[int]) -> pa.Table:
    """Return these columns as texts, named by their position, with the line. Short rows end in blank cells."""
    try:
        found = file.columns(wanted)
    except csv.Error:
        raise BadLinkedFile("The file cannot be read", f"{given.place} is damaged.", "Download it again.") from None
    odd = found.odd
    lines = pa.concat_arrays([found.lines, pa.array([each.line for each in odd], pa.int64())])
    columns = {
        str(place): pa.concat_arrays(
            [
                cells.cast(pa.string()),
                pa.array([each.cells[place] if place < len(each.cells) else "" for each in odd], pa.string()),
            ]
        )
        for place, cells in zip(wanted, found.cells, strict=True)
    }
    return pa.table({"line": lines, **columns})


def _step(text: str) -> int | None:
    """Return the place of a step, from 1, the best; None for any other text."""
    folded = _fold(text)
    return STEPS.index(folded) + 1 if folded in STEPS else None


def _judgement(label: str, text: str) -> str | None:
    """Write 'quality of education good'; None for what is no grade."""
    grade = _grade(text)
    return None if grade is None else f"{label} {GRADES[grade]}"


def _joined(columns: Sequence[pa.Array]) -> pa.Array:
    """Join the texts of each row that are there; empty if none is."""
    # Without an empty text in front, rows in which every text is missing would be left out.
    empty = pa.repeat("", len(columns[0]))
    return pc.utf8_ltrim(pc.binary_join_element_wise(empty, *columns, "; ", null_handling="skip"), "; ")


def _grade(text: str) -> int | None:
    number = read_number(text)
    return number if number in (1, 2, 3, 4) else None
