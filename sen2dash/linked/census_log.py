"""The load log of a school census: a sentence for everything that was not used, or is to be known, about its files.

A sentence has counts, lines and codes, and never another value of a child.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from sen2dash.reading.linked.census import CensusReading
from sen2dash.reading.side_files import lines_named
from sen2dash.text import flat

Row = dict[str, Any]
#: A share of rows without the row above them from which files of several exports seem to be mixed.
MIXED = 0.01
#: The most lines and codes in a sentence, and characters of a code.
MAX_LISTED, CODE_LENGTH = 10, 20
#: What the codes of each list are.
CODE_SETS: Mapping[str, str] = {
    "sex": "sexes",
    "nc_year": "NC years",
    "enrol_status": "enrolment statuses",
    "boarder": "boarder codes",
    "ethnicity": "ethnicity codes",
    "language": "languages",
    "service_child": "service child codes",
    "young_carer": "young carer codes",
    "plaa": "codes of post looked-after arrangements",
    "sen_provision": "SEN provisions",
    "attendance_reason": "attendance codes",
    "exclusion_category": "exclusion categories",
    "exclusion_reason": "exclusion reasons",
    "sen_type": "SEN types",
    "fsm_country": "countries of free meals",
}


def not_used(
    reading: CensusReading, bad_values: Sequence[Row], totals: Row, n_orphans: int, n_rows: int
) -> Iterator[str]:
    """Yield what is known once the rows are matched."""
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
        yield f"{totals['schools_elsewhere']:,} of {totals['schools']:,} schools {elsewhere(totals)}."
    for bad in bad_values:
        nouns = ("value", "counts") if bad["n"] == 1 else ("values", "count")
        where = _where(reading, bad["read_nos"])
        yield f"{bad['n']:,} {nouns[0]} of {bad['name']} cannot be read and {nouns[1]} as blank: {where}."


def elsewhere(totals: Row) -> str:
    """Say of how many other authorities schools are: 'is of another authority', 'are of 2 other authorities'."""
    verb = "is" if totals["schools_elsewhere"] == 1 else "are"
    number = totals["authorities_elsewhere"]
    return f"{verb} of another authority" if number == 1 else f"{verb} of {number:,} other authorities"


def _where(reading: CensusReading, read_nos: Iterable[int]) -> str:
    """Say in which lines of which files rows are; of XML, of which pupils."""
    places: dict[tuple[str, str], list[int]] = defaultdict(list)
    for read_no in read_nos:
        place, number, noun = reading.place_of(read_no)
        places[place, noun].append(number)
    return "; ".join(f"{place}, {lines_named(found, MAX_LISTED, noun)}" for (place, noun), found in places.items())


def without_needs(rows: Sequence[Row], year: int) -> str:
    """Say where needs cannot be compared because a table is missing; nothing if they can. rows: of `census_lacking`.

    year: of the return.
    """
    spring = next((row for row in rows if row["term"] == "SPR"), None)
    if spring is None or spring["without_needs"] == spring["returns"]:
        return f"Needs are not compared: the files have no senneeds table of a spring census of {year}."
    if spring["without_needs"]:
        return (
            f"Needs are not compared in {spring['without_needs']:,} of {spring['returns']:,} spring census returns, "
            "whose files have no senneeds table."
        )
    return ""


def without_meals(rows: Sequence[Row]) -> str:
    """Say where free meals are not known because a table is missing; nothing if they are. rows: of `census_lacking`."""
    found = []
    for row in rows:
        term, table = ("autumn", "fsmperiodsonroll") if row["term"] == "AUT" else ("spring", "fsmperiod")
        if row["without_meals"] == row["returns"]:
            found.append(f"in the {term} census of {row['year']}, whose files have no {table} table")
        elif row["without_meals"]:
            part = f"{row['without_meals']:,} of {row['returns']:,} {term} census returns of {row['year']}"
            found.append(f"in {part}, whose files have no {table} table")
    return f"Free meals are not recorded {'; nor '.join(found)}." if found else ""


def other_codes(rows: Sequence[Row]) -> Iterator[str]:
    """Yield the codes that are not in their list, the most frequent first. rows: a code set, a code and its number."""
    codes: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        codes[row["code_set"]].append(row)
    for name, found in codes.items():
        found.sort(key=lambda row: (-row["n"], row["code"]))
        listed = ", ".join(f"{flat(row['code'], CODE_LENGTH)} ({row['n']:,})" for row in found[:MAX_LISTED])
        more = f" and {len(found) - MAX_LISTED:,} more" if len(found) > MAX_LISTED else ""
        yield f"Not in the list of {CODE_SETS[name]}: {listed}{more}."


def differing_totals(year: str, number: int) -> Iterator[str]:
    """Yield how many totals of absence of an academic year are not the sum of their sessions, if any."""
    if number:
        yield f"Totals of absence in {year} that are not the sum of their sessions by reason, which count: {number:,}."


def differing_sessions(year: str, number: int) -> Iterator[str]:
    """Yield how many suspensions and exclusions of an academic year have other sessions in other rows, if any."""
    if number:
        yield (
            f"Suspensions and exclusions in {year} whose sessions differ between rows, of which the latest counts: "
            f"{number:,}."
        )
