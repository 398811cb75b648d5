"""The school census of the people in a return: matched, described, compared, with absence and exclusions.

An exact match has the same UPN, date of birth and sex. Near matches are candidates: no figure counts them. Of the
files, only rows of an exact match and candidates of a near match are kept; the others are counted and dropped.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from sen2dash.folding import folded
from sen2dash.linked.queries import query
from sen2dash.linked.space import Linking
from sen2dash.reading.linked.census import CensusReading
from sen2dash.reading.side_files import lines_named

Row = dict[str, Any]
#: A share of rows without the row above them from which files of several exports seem to be mixed.
MIXED = 0.01
#: Tables that hold rows of people who are not kept, or were needed on the way.
DROPPED = (
    *(f"raw_{name}" for name in ("census", "pupil", "session", "exclusion", "need", "meal")),
    *("pupil", "pupil_key", "fit", "repeated_row", "name_form"),
)
KEPT = ("session", "exclusion", "need", "meal")


@dataclass(frozen=True)
class CensusFigures:
    """What a school census says about a return.

    people: one row a person, in the order of the file. candidates, absence_of, exclusions_of: rows by person. totals,
    rows: counts of census returns, and of pupil rows by what became of them. log: a sentence for everything to know.
    exclusions is None where no file held a table of exclusions.
    """

    people: list[Row]
    candidates: list[Row]
    totals: Row
    rows: Row
    n_orphans: int
    bad_values: list[Row]
    other_codes: list[Row]
    disagreements: list[Row]
    absence: list[Row]
    absence_reasons: list[Row]
    absence_of: list[Row]
    exclusions: list[Row] | None
    exclusion_reasons: list[Row]
    exclusions_of: list[Row]
    log: tuple[str, ...]


def link_census(linking: Linking, reading: CensusReading) -> CensusFigures:
    """Match a census with the people of a return, and work out every figure."""
    _match(linking, reading)
    space = linking.space
    n_orphans, n_rows = _orphans(linking)
    bad_values = space.rows(query("bad_values"))
    totals = space.rows(query("census_totals"), linking.parameters)[0]
    rows = space.rows(query("row_counts"))[0]
    space.forget(*DROPPED)
    linking.make("describing", "person_census", "disagreement")
    linking.make("absence_part", "absence_child", "exclusion_event", "exclusion_child", "exclusion_base", "period")
    return CensusFigures(
        people=space.rows("select * from person_census order by person_id"),
        candidates=space.rows(query("candidate")),
        totals=totals,
        rows=rows,
        n_orphans=n_orphans,
        bad_values=bad_values,
        other_codes=space.rows(query("other_codes")),
        disagreements=space.rows("select * from disagreement order by all"),
        absence=space.rows(query("absence_year")),
        absence_reasons=space.rows(query("absence_reason")),
        absence_of=space.rows(query("absence_of")),
        exclusions=space.rows(query("exclusion_year")) if reading.has_exclusions else None,
        exclusion_reasons=space.rows(query("exclusion_reason")),
        exclusions_of=space.rows("select * from exclusion_child order by all"),
        log=(*reading.notes, *_log(reading, bad_values, totals, n_orphans, n_rows)),
    )


def _match(linking: Linking, reading: CensusReading) -> None:
    """Make the tables of people, their rows and what is beneath them."""
    space = linking.space
    for name, rows in reading.tables.items():
        space.keep(name if name == "export" else f"raw_{name}", rows)
    space.keep("school_type", linking.report.store.table(query("school_type")))
    linking.make("census_return", "pupil", "repeated_row", "pupil_key", "fit")
    names = space.table(query("names_to_fold")).column("name")
    forms = pa.array([folded(name) or None for name in names.to_pylist()], pa.string())
    space.keep("name_form", pa.table({"name": names, "folded": forms}).filter(forms.is_valid()))
    space.add("fit", query("name_fit"))
    linking.make("person_match", "link", "enrolment")
    for name in KEPT:
        space.make(name, query(f"kept_{name}"))


def _orphans(linking: Linking) -> tuple[int, int]:
    """Return how many rows have no row above them, and how many rows there are."""
    found = linking.space.rows(query("orphans"))[0]
    return found["n_orphans"], found["n_rows"]


def _log(reading: CensusReading, bad_values: list[Row], totals: Row, n_orphans: int, n_rows: int) -> Iterator[str]:
    """Yield a sentence for everything that was not used, without values."""
    if n_orphans > n_rows * MIXED:
        yield (
            f"{n_orphans:,} of {n_rows:,} rows have no pupil or census row above them: files of different exports "
            "may be mixed."
        )
    elif n_orphans:
        yield f"Rows without a pupil or census row above them, which are left out: {n_orphans:,}."
    if totals["superseded"]:
        verb = "return is" if totals["superseded"] == 1 else "returns are"
        yield f"{totals['superseded']:,} census {verb} replaced by a later one of the same school and term."
    if totals["schools_elsewhere"]:
        verb = "is" if totals["schools_elsewhere"] == 1 else "are"
        yield f"{totals['schools_elsewhere']:,} of {totals['schools']:,} schools {verb} of another authority."
    for bad in bad_values:
        lines: dict[str, list[int]] = {}
        for read_no in bad["read_nos"]:
            place, line = reading.place_of(read_no)
            lines.setdefault(place, []).append(line)
        where = "; ".join(f"{place}, {lines_named(found, 10)}" for place, found in lines.items())
        nouns = ("value", "counts") if bad["n"] == 1 else ("values", "count")
        yield f"{bad['n']:,} {nouns[0]} of {bad['name']} cannot be read and {nouns[1]} as blank: {where}."
