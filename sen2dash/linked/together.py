"""Read the linked files that were given, and match them with a return: the census first, because it has the NC year."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sen2dash.checks.report import Report
from sen2dash.linked.attainment import AttainmentFigures, link_attainment
from sen2dash.linked.census import CensusFigures, link_census
from sen2dash.linked.inspections import InspectionFigures, link_inspections
from sen2dash.linked.space import Linking
from sen2dash.reading.linked.attainment import read_attainment
from sen2dash.reading.linked.census import read_census
from sen2dash.reading.linked.given import Given, files
from sen2dash.reading.linked.inspections import read_inspections


@dataclass(frozen=True)
class Figures:
    """What linked files say of a return. people: one row a person, with the NC year. None: a kind was not given."""

    people: list[dict[str, Any]]
    census: CensusFigures | None
    attainment: AttainmentFigures | None
    inspections: InspectionFigures | None

    @property
    def log(self) -> tuple[str, ...]:
        """A sentence for everything that was not used, or is to be known about the files."""
        return tuple(
            line for each in (self.census, self.attainment, self.inspections) if each is not None for line in each.log
        )


def link(report: Report, paths: Mapping[str, Sequence[Path]]) -> Figures:
    """Read the files of each kind and match them. Raises BadLinkedFile and BadArguments."""
    return link_given(report, {kind: files(given) for kind, given in paths.items() if given})


def link_given(
    report: Report, given: Mapping[str, Iterable[Given]], tick: Callable[[str, int, int], None] = lambda *_: None
) -> Figures:
    """Do the same with files that are opened already. tick: called with a file's name, bytes read and all bytes."""
    census = read_census(given["census"], tick) if "census" in given else None
    attainment = read_attainment(given["attainment"]) if "attainment" in given else None
    inspections = read_inspections(given["inspections"]) if "inspections" in given else None
    linking = Linking(report)
    try:
        of_census = link_census(linking, census) if census is not None else None
        if of_census is not None:
            people = of_census.people
            linking.space.make("person_year", "select person_id, nc_year from person_census")
        else:
            linking.make("person_alone")
            people = linking.space.rows("select * from person_alone order by person_id")
            linking.space.make("person_year", "select person_id, nc_year from person_alone")
        return Figures(
            people,
            of_census,
            link_attainment(linking, attainment) if attainment is not None else None,
            link_inspections(linking, inspections) if inspections is not None else None,
        )
    finally:
        linking.close()
