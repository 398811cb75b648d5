"""Read the linked files that were given, and match them with a return: the census first, because it has the NC year."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow as pa

from sen2dash.checks.report import Report
from sen2dash.linked.attainment import AttainmentFigures, link_attainment
from sen2dash.linked.census import CensusFigures, link_census
from sen2dash.linked.inspections import InspectionFigures, link_inspections
from sen2dash.linked.linking import Linking
from sen2dash.linked.queries import query
from sen2dash.reading.linked.attainment import AttainmentReading, read_attainment
from sen2dash.reading.linked.census import CensusReading, read_census
from sen2dash.reading.linked.given import GivenFile, files
from sen2dash.reading.linked.inspections import InspectionReading, read_inspections

#: Called with the name of a file, the bytes of it that were read, and all its bytes.
Tick = Callable[[str, int, int], None]


#: What identifies a child of the census in a near match.
CHILD = ("upn", "dob", "sex")


@dataclass(frozen=True)
class Readings:
    """What was read of each kind of file. None: the kind was not given."""

    census: CensusReading | None = None
    attainment: AttainmentReading | None = None
    inspections: InspectionReading | None = None


@dataclass(frozen=True)
class AcceptedMatch:
    """A near match that somebody accepted.

    person: what identifies the person. pupil_ids: the rows of the census. child: UPN, date of birth and sex in them.
    """

    person: tuple[object, ...]
    pupil_ids: tuple[int, ...]
    child: tuple[object, ...]

    @property
    def pair(self) -> Pair:
        """What identifies it when the same files are added in another visit."""
        return Pair(self.person, self.child)


class Pair(NamedTuple):
    """A near match that was accepted in another visit, as in `Accepted`."""

    person: tuple[object, ...]
    child: tuple[object, ...]


#: Tables that figures which are worked out later do not read.
NOT_READ_LATER = ("person_census", "person_alone", "person_inspection", "school_type", "ethnic_parent", "own_ethnicity")


@dataclass(frozen=True)
class LinkedFigures:
    """What linked files say of a return. people: one row per person, with the NC year. None: a kind was not given.

    identities: what identifies each person of `people`, to accept near matches. kept: the rows that were kept.
    accepted: the near matches that were accepted and still count. n_lost: how many were accepted and do not. linking:
    what figures that are worked out later are worked out from.
    """

    people: pa.Table
    census: CensusFigures | None
    attainment: AttainmentFigures | None
    inspections: InspectionFigures | None
    identities: pa.Table
    linking: Linking = field(repr=False)
    accepted: tuple[AcceptedMatch, ...] = ()
    n_lost: int = 0

    def close(self) -> None:
        """Free the memory. Figures that have not been worked out cannot be any more."""
        self.linking.close()

    @property
    def log(self) -> tuple[str, ...]:
        """A sentence for everything that was not used, or is to be known about the files. Works out all figures."""
        every = (self.census, self.attainment, self.inspections)
        later = self.census.later_log if self.census is not None else ()
        return (*(line for each in every if each is not None for line in each.log), *later, *self._lacking())

    def _lacking(self) -> Iterator[str]:
        """A sentence for all figures that need a table which the return lacks."""
        if self.census is not None and self.census.not_compared:
            lacking = dict.fromkeys(name for each in self.census.not_compared.values() for name in each.split(", "))
            yield f"Not given: {', '.join(lacking)}. Disagreements that need them are missing, not 0."
        if self.census is not None and self.census.no_places:
            yield f"Not given: {self.census.no_places}. Reasons without a match do not say where people are."
        if self.inspections is not None and self.inspections.not_given:
            yield f"Not given: {self.inspections.not_given}. Inspection outcomes are missing, not 0."

    @property
    def kept(self) -> Readings:
        """The rows of people in the return and of candidates, to be matched again. Those of others are dropped."""
        return Readings(
            self.census.kept if self.census is not None else None,
            self.attainment.kept if self.attainment is not None else None,
            self.inspections.kept if self.inspections is not None else None,
        )

    def identity(self, person: int) -> tuple[object, ...]:
        """What identifies a person in this version of the return and in the next."""
        place = self.identities["person_id"].to_pylist().index(person)
        return tuple(self.identities.slice(place, 1).drop_columns("person_id").to_pylist()[0].values())

    def enrolments(self, person: int) -> list[dict[str, Any]]:
        """The enrolments of a person in the censuses that count, the newest first. None without a school census."""
        if self.census is None:
            return []
        return self.linking.space.rows(query("enrolments_of"), {"person": person})


def link(report: Report, paths: Mapping[str, Sequence[Path]]) -> LinkedFigures:
    """Read the files of each kind and match them. Raises BadLinkedFile and BadArguments."""
    return link_given(report, {kind: files(given) for kind, given in paths.items() if given})


def link_given(report: Report, given: Mapping[str, Iterable[GivenFile]], tick: Tick = lambda *_: None) -> LinkedFigures:
    """Do the same with files that are opened already."""
    return link_readings(report, read_given(given, tick))


def read_given(given: Mapping[str, Iterable[GivenFile]], tick: Tick = lambda *_: None) -> Readings:
    """Read the files of each kind. Raises BadLinkedFile."""
    return Readings(
        read_census(given["census"], tick) if "census" in given else None,
        read_attainment(given["attainment"]) if "attainment" in given else None,
        read_inspections(given["inspections"]) if "inspections" in given else None,
    )


def link_readings(report: Report, readings: Readings, accepted: Sequence[AcceptedMatch] = ()) -> LinkedFigures:
    """Match what was read with a return. accepted: near matches that count as matched."""
    linking = Linking(report)
    space = linking.space
    census, attainment, inspections = readings.census, readings.attainment, readings.inspections
    try:
        identities = space.table(
            "select person_id, upn, birth_date, sex, uln, surname, forename from linked_person order by person_id"
        )
        known = _known(identities, accepted)
        of_census = link_census(linking, report, census, _rows_of(known)) if census is not None else None
        if of_census is not None:
            people = of_census.people
            space.make("person_year", "select person_id, nc_year from person_census")
        else:
            linking.make("person_alone")
            people = space.table("select * from person_alone order by person_id")
            space.make("person_year", "select person_id, nc_year from person_alone")
        counted = _counted(of_census, known) if of_census is not None else ()
        figures = LinkedFigures(
            people,
            of_census,
            link_attainment(linking, attainment) if attainment is not None else None,
            link_inspections(linking, report, inspections) if inspections is not None else None,
            identities,
            linking,
            counted,
            len(accepted) - len(counted),
        )
        space.forget(*NOT_READ_LATER)
        return figures
    except BaseException:
        linking.close()
        raise


def accepted_again(figures: LinkedFigures, pairs: Iterable[Pair]) -> tuple[AcceptedMatch, ...]:
    """Return those near matches of another visit that the files have again: the person and the child are the same."""
    if figures.census is None:
        return ()
    names = [name for name in figures.identities.column_names if name != "person_id"]
    persons = {row["person_id"]: tuple(row[name] for name in names) for row in figures.identities.to_pylist()}
    near = {
        Pair(persons[row["person_id"]], tuple(row[name] for name in CHILD)): tuple(row["pupil_ids"])
        for row in figures.census.near.to_pylist()
    }
    return tuple(AcceptedMatch(each.person, near[each], each.child) for each in dict.fromkeys(pairs) if each in near)


def _known(identities: pa.Table, accepted: Sequence[AcceptedMatch]) -> dict[int, AcceptedMatch]:
    """Accepted near matches by person. One whose person is not in the return exactly once is left out."""
    if not accepted:
        return {}
    names = [name for name in identities.column_names if name != "person_id"]
    places: dict[tuple[object, ...], list[int]] = {}
    for row in identities.to_pylist():
        places.setdefault(tuple(row[name] for name in names), []).append(row["person_id"])
    return {found[0]: each for each in accepted if len(found := places.get(each.person, [])) == 1}


def _rows_of(known: Mapping[int, AcceptedMatch]) -> pa.Table:
    """The rows of accepted near matches by person."""
    pairs = [(person, pupil) for person, each in known.items() for pupil in each.pupil_ids]
    return pa.table(
        {
            "person_id": pa.array([person for person, _ in pairs], pa.int64()),
            "pupil_id": pa.array([pupil for _, pupil in pairs], pa.int64()),
        }
    )


def _counted(census: CensusFigures, known: Mapping[int, AcceptedMatch]) -> tuple[AcceptedMatch, ...]:
    """The near matches that count as matched."""
    match = dict(zip(census.people["person_id"].to_pylist(), census.people["match"].to_pylist(), strict=True))
    return tuple(each for person, each in known.items() if match[person] == "accepted")
