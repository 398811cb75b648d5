"""The school census of the people in a return: matched, described, compared, with absence and exclusions.

An exact match has the same UPN, date of birth and sex. Near matches are candidates: no figure counts them until they
are accepted. Of the files, only rows of an exact match and candidates of a near match are kept; the others are counted
and dropped.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from sen2dash.checks.report import Report
from sen2dash.folding import folded
from sen2dash.linked import census_log, required_tables
from sen2dash.linked.absence import AbsenceFigures, absence_figures
from sen2dash.linked.exclusions import ExclusionFigures, exclusion_figures
from sen2dash.linked.linking import LazyValue, Linking
from sen2dash.linked.queries import query
from sen2dash.reading.linked.census import CensusReading
from sen2dash.text import academic_year

Row = dict[str, Any]
#: Tables that hold rows of people who are not kept, or were needed on the way.
DROPPED = (
    *(f"raw_{name}" for name in ("census", "school", "pupil", "session", "exclusion", "need", "meal")),
    *("pupil", "pupil_key", "fit", "repeated_row", "name_form", "orphans", "kept_pupil", "census_school"),
)
KEPT = ("session", "exclusion", "need", "meal")
#: The rows that are kept of each table beneath that of pupils.
KEPT_ROWS = {
    "session": "select read_no from session",
    "exclusion": "select read_no from exclusion",
    "need": "select read_no from need",
    "meal": "select read_no from meal",
}


@dataclass(frozen=True)
class CensusFigures:
    """What a school census says about a return.

    people, profile: one row per person, in the order of the file. near: one row per person and child who may be the
    same. candidates: rows by person. totals, rows: counts of census returns, and of pupil rows by what became of them.
    log: a sentence for everything to know that the match itself says. has_exclusions: whether any file held them.
    `later_`: what only some views show. It is worked out when it is first asked for, so that nobody waits before.
    urns: of the schools whose census returns count. days: the census day of each term and year. schools: LAEstab, URN
    and name of those schools. kept: the rows that were kept, to be matched again. not_compared: disagreements that
    cannot be found, and the tables that the return lacks for them. no_places: the tables that it lacks to say where
    people are. no_needs, no_meals: a sentence if the census came without
    a table of them.
    """

    people: pa.Table
    profile: pa.Table
    near: pa.Table
    candidates: list[Row]
    totals: Row
    rows: Row
    n_orphans: int
    bad_values: list[Row]
    disagreements: pa.Table
    has_exclusions: bool
    later_codes: LazyValue[list[Row]]
    later_absence: LazyValue[AbsenceFigures]
    later_exclusions: LazyValue[ExclusionFigures]
    log: tuple[str, ...]
    urns: tuple[str, ...]
    days: list[Row]
    schools: list[Row]
    kept: CensusReading
    not_compared: dict[str, str] = field(default_factory=dict)
    no_places: str = ""
    no_needs: str = ""
    no_meals: str = ""

    @property
    def other_codes(self) -> list[Row]:
        """Codes that are not in their list, and how often they occur in the rows kept."""
        return self.later_codes.value()

    @property
    def absence(self) -> AbsenceFigures:
        """The absence of people who are matched exactly."""
        return self.later_absence.value()

    @property
    def exclusions(self) -> ExclusionFigures:
        """Suspensions and exclusions of people who are matched exactly."""
        return self.later_exclusions.value()

    @property
    def later_log(self) -> tuple[str, ...]:
        """A sentence for everything to know that only figures which are worked out later say."""
        return tuple(self._later_log())

    def _later_log(self) -> Iterator[str]:
        yield from census_log.other_codes(self.other_codes)
        for row in self.absence.years:
            yield from census_log.differing_totals(academic_year(row["academic_year"]), row["totals_differ"])
        for row in self.exclusions.years:
            yield from census_log.differing_sessions(academic_year(row["academic_year"]), row["sessions_differ"])


def link_census(linking: Linking, report: Report, reading: CensusReading, accepted: pa.Table) -> CensusFigures:
    """Match a census with the people of a return. What is worked out later reads the tables that this keeps.

    accepted: person_id and pupil_id of near matches that count as matched.
    """
    pupils = _match(linking, report, reading, accepted)
    space = linking.space
    n_orphans, n_rows = _orphans(linking)
    bad_values = space.rows(query("bad_values"))
    totals = space.rows(query("census_totals"), linking.parameters)[0]
    rows = space.rows(query("row_counts"))[0]
    kept = _kept(linking, reading, pupils)
    not_compared = required_tables.not_compared(report.store)
    linking.make("census_school")
    schools = space.rows("select * from census_school order by laestab")
    lacking = space.rows(query("census_lacking"), linking.parameters)
    no_needs = census_log.without_needs(lacking, report.collection.year)
    no_meals = census_log.without_meals(lacking)
    space.forget(*DROPPED)
    linking.make("describing", "person_census", "side_by_side")
    figures = CensusFigures(
        people=space.table("select * from person_census order by person_id"),
        profile=space.table(query("profile")),
        near=space.table(query("near_row")),
        candidates=space.rows(query("candidate")),
        totals=totals,
        rows=rows,
        n_orphans=n_orphans,
        bad_values=bad_values,
        disagreements=_compared(space.table(query("disagreement")), not_compared),
        has_exclusions=reading.has_exclusions,
        later_codes=LazyValue(partial(space.rows, query("other_codes"))),
        later_absence=LazyValue(partial(absence_figures, linking)),
        later_exclusions=LazyValue(partial(exclusion_figures, linking)),
        log=(
            *reading.notes,
            *census_log.not_used(reading, bad_values, totals, n_orphans, n_rows),
            *filter(None, (no_needs, no_meals)),
        ),
        urns=tuple(space.table(query("census_urn"))["urn"].to_pylist()),
        days=space.rows(query("census_day")),
        schools=schools,
        kept=kept,
        not_compared=not_compared,
        no_needs=no_needs,
        no_meals=no_meals,
        no_places=required_tables.not_given(report.store, required_tables.PLACEMENTS),
    )
    space.forget("raw_accepted", "accepted", "person_match", "describing", "side_by_side")
    return figures


def open_schools(report: Report) -> pa.Table:
    """The URNs of the open schools of the authority in the register that make a school census."""
    return report.store.table(query("open_school"))


def _compared(found: pa.Table, not_compared: Mapping[str, str]) -> pa.Table:
    """Disagreements without those of kinds for which the return lacks a table."""
    if not not_compared:
        return found
    return found.filter(pc.invert(pc.is_in(found["kind"], pa.array(list(not_compared), pa.string()))))


def _kept(linking: Linking, reading: CensusReading, pupils: pa.Table) -> CensusReading:
    """The rows of the people in the return and of candidates, without those of anyone else. pupils: those of pupils."""
    below = {name: _only(reading.tables[name], linking.space.table(sql)) for name, sql in KEPT_ROWS.items()}
    return replace(reading, tables={**reading.tables, "pupil": pupils, **below})


def _only(rows: pa.Table, wanted: pa.Table) -> pa.Table:
    """The rows whose number is in a table."""
    # Copied, because a slice would hold on to the rows of others.
    return rows.filter(pc.is_in(rows["read_no"], wanted["read_no"])).combine_chunks()


def _match(linking: Linking, report: Report, reading: CensusReading, accepted: pa.Table) -> pa.Table:
    """Make the tables of people, their rows and what is beneath them. Returns the rows of pupils that are kept."""
    space = linking.space
    for name, rows in reading.tables.items():
        if name == "export":
            space.keep(name, rows)
        else:
            space.lend(f"raw_{name}", rows)
    space.keep("school_type", report.store.table(query("school_type")))
    linking.make("census_return", "pupil", "repeated_row", "pupil_key", "fit")
    names = space.table(query("names_to_fold")).column("name")
    forms = pa.array([folded(name) or None for name in names.to_pylist()], pa.string())
    space.keep("name_form", pa.table({"name": names, "folded": forms}).filter(forms.is_valid()))
    space.add("fit", query("name_fit"))
    space.keep("raw_accepted", accepted)
    linking.make("accepted")
    space.make("fit", query("fit_accepted"))
    linking.make("person_match", "link")
    pupils = _only(reading.tables["pupil"], space.table("select pupil_id as read_no from link"))
    space.lend("kept_pupil", pupils)
    linking.make("enrolment")
    for name in KEPT:
        space.make(name, query(f"kept_{name}"))
    return pupils


def _orphans(linking: Linking) -> tuple[int, int]:
    """Return how many rows have no row above them, and how many rows there are."""
    linking.make("orphans")
    found = linking.space.rows("select * from orphans")[0]
    return found["n_orphans"], found["n_rows"]
