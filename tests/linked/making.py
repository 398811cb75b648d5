"""Small returns and linked files, written by hand: only what a test is about is given, the rest has a usual value."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from sen2dash.checks.report import Report, build_report
from sen2dash.config import Settings
from sen2dash.linked.matching import AcceptedMatch, LinkedFigures, link
from sen2dash.output.linked_answers import linked_json
from sen2dash.reading.register import read_register

Row = Mapping[str, Any]
CENSUS_DAYS = {"SPR": "01-18", "SUM": "05-16", "AUT": "10-03"}
REGISTER = "URN,UKPRN,EstablishmentName,LA (code),TypeOfEstablishment (code),EstablishmentStatus (name),CloseDate,InspectorateName (name)"
#: The tables of the export, with their columns, in the layout of spring 2024 with totals added by the tests that need them.
PUPIL = [
    "upn",
    "dob",
    "sex",
    "formerupn",
    "uniquelearnernumber",
    "surname",
    "forename",
    "ncyearactual",
    "enrolstatus",
    "entrydate",
    "boarder",
    "ethnicity",
    "language",
    "servicechild",
    "youngcarer",
    "plaa",
    "senprovision",
    "senunitindicator",
    "resourcedprovisionindicator",
    "termlysessionspossible",
    "summerhalfterm2sessionspossible",
]
LEAVER = [
    "upn",
    "dob",
    "sex",
    "formerupn",
    "uniquelearnernumber",
    "surname",
    "forename",
    "entrydate",
    "leavingdate",
    "ncyearleaving",
    "ncyearactual",
    "boarder",
    "language",
    "termlysessionspossible",
    "summerhalfterm2sessionspossible",
]
CHILDREN = {
    "termlysessiondetailsonroll": ("pupilonrolltableid", "attendancereason", "sessions"),
    "termlysessiondetailsoffroll": ("pupilnolongeronrolltableid", "attendancereason", "sessions"),
    "summerhalfterm2sessiondetailsonroll": ("pupilonrolltableid", "attendancereason", "sessions"),
    "termlyexclusionsonroll": (
        *("pupilonrolltableid", "category", "startdate", "sessions", "senprovision"),
        *("reason1", "reason2", "reason3"),
    ),
    "termlyexclusionsoffroll": ("pupilnolongeronrolltableid", "category", "startdate", "sessions", "reason1"),
    "senneeds": ("pupilonrolltableid", "sentyperank", "sentype"),
    "fsmperiod": ("pupilonrolltableid", "fsmstartdate", "fsmenddate", "ukcountry"),
    "fsmperiodsonroll": ("pupilonrolltableid", "fsmstartdate", "fsmenddate", "ukcountry"),
}


def element(name: str, value: object) -> str:
    return "" if value is None else f"<{name}>{escape(str(value))}</{name}>"


def person(
    upn: str | None = "A333000100001",
    dob: str | None = "2014-03-05",
    sex: str | None = "M",
    surname: str = "Lane",
    forename: str = "Sam",
    uln: str | None = None,
    ethnicity: str | None = "WBRI",
    plan: bool = False,
    placements: Sequence[Row] = (),
    needs: Sequence[Row] = (),
) -> str:
    """A Person: with a plan active on census day if `plan`, else with a request that was refused."""
    inside = ""
    if plan or placements or needs:
        details = "".join(
            "<PlacementDetail>" + "".join(element(name, value) for name, value in one.items()) + "</PlacementDetail>"
            for one in placements
        )
        types = "".join(
            "<SENneed>" + "".join(element(name, value) for name, value in one.items()) + "</SENneed>" for one in needs
        )
        started = "2019-01-01" if plan else "2050-01-01"
        named = f"<NamedPlan><StartDate>{started}</StartDate></NamedPlan>"
        inside = (
            "<Requests><RequestOutcome>Y</RequestOutcome>"
            f"<Assessment><AssessmentOutcome>Y</AssessmentOutcome>{named}</Assessment>"
            f"<ActivePlans>{details}{types}</ActivePlans></Requests>"
        )
    items = (
        ("Surname", surname),
        ("Forename", forename),
        ("PersonBirthDate", dob),
        ("Sex", sex),
        ("Ethnicity", ethnicity),
        ("UPN", upn),
        ("UniqueLearnerNumber", uln),
    )
    return "<Person>" + "".join(element(name, value) for name, value in items) + inside + "</Person>"


def sen2(*persons: str, year: int = 2024, day: str = "") -> bytes:
    """A return of authority 333."""
    header = (
        f"<Header><CollectionDetails><Collection>SEN2</Collection><Year>{year}</Year>"
        f"<ReferenceDate>{day or f'{year}-01-18'}</ReferenceDate></CollectionDetails>"
        "<Source><SourceLevel>L</SourceLevel><LEA>333</LEA><SerialNo>001</SerialNo></Source></Header>"
    )
    return f"<Message>{header}<Persons>{''.join(persons)}</Persons></Message>".encode()


def csv_text(columns: Sequence[str], rows: Sequence[Row]) -> str:
    lines = [",".join(columns)]
    lines += [",".join("" if row.get(name) is None else str(row.get(name)) for name in columns) for row in rows]
    return "\n".join(lines) + "\n"


class Census:
    """An export of school censuses, to write to a folder. Every row is given a key of its own."""

    def __init__(self, prefix: str = "Export") -> None:
        self.prefix = prefix
        self.tables: dict[str, list[Row]] = {}
        self.columns: dict[str, Sequence[str]] = {
            "schoolcensus": [
                "schoolcensustableid",
                "collection",
                "term",
                "year",
                "referencedate",
                "serialno",
                "datetime",
                "lea",
                "estab",
                "urn",
            ],
            "pupilonroll": ["pupilonrolltableid", "schoolcensustableid", *PUPIL],
        }
        self.number = 0
        for name in ("schoolcensus", "pupilonroll"):
            self.tables[name] = []

    def _key(self) -> int:
        self.number += 1
        return self.number

    def school(self, term: str = "SPR", year: int = 2024, estab: str = "1001", **more: Any) -> int:
        """A census return; returns its key."""
        key = self._key()
        usual = {
            "schoolcensustableid": key,
            "collection": "SC",
            "term": term,
            "year": year,
            "referencedate": f"{year}-{CENSUS_DAYS.get(term, '01-01')}",
            "serialno": 1,
            "lea": 333,
            "estab": estab,
            "urn": f"10{estab}",
        }
        self.tables["schoolcensus"].append({**usual, **more})
        return key

    def pupil(self, school: int | None, on_roll: bool = True, **items: Any) -> int:
        """A pupil row; returns its key."""
        key = self._key()
        name = "pupilonroll" if on_roll else "pupilnolongeronroll"
        usual = {"upn": "A333000100001", "dob": "2014-03-05", "sex": "M", "termlysessionspossible": 100}
        if on_roll:
            usual |= {"ncyearactual": "5", "enrolstatus": "C", "senprovision": "E"}
        else:
            self.columns.setdefault(name, [f"{name}tableid", "schoolcensustableid", *LEAVER])
        row = {**usual, f"{name}tableid": key, "schoolcensustableid": school, **items}
        self.tables.setdefault(name, []).append(row)
        return key

    def add(self, table: str, parent: object, **items: Any) -> None:
        """A row of a table below a pupil."""
        self.columns.setdefault(table, CHILDREN[table])
        if items or parent is not None:
            self.tables.setdefault(table, []).append({CHILDREN[table][0]: parent, **items})

    def has(self, *tables: str) -> None:
        """Write these tables, even if they have no row."""
        for table in tables:
            self.columns.setdefault(table, CHILDREN[table])
            self.tables.setdefault(table, [])

    def files(self) -> dict[str, bytes]:
        return {
            f"{self.prefix}_{name}.csv": csv_text(self.columns[name], rows).encode()
            for name, rows in self.tables.items()
        }

    def write(self, folder: Path) -> Path:
        """Write the tables to a folder, and return it."""
        folder.mkdir(parents=True, exist_ok=True)
        for name, data in self.files().items():
            (folder / name).write_bytes(data)
        return folder


def register(*rows: Sequence[str]) -> bytes:
    """An establishment register: URN, UKPRN, LA, type, close date, inspectorate of each row."""
    lines = [REGISTER]
    for urn, ukprn, la, kind, closed, inspectorate in rows:
        lines.append(f"{urn},{ukprn},School {urn},{la},{kind},{'Closed' if closed else 'Open'},{closed},{inspectorate}")
    return ("\n".join(lines) + "\n").encode()


def linked(data: bytes, known: bytes | None = None, **paths: Path | Sequence[Path]) -> dict[str, Any]:
    """The JSON of `linked`. known: the establishment register."""
    with matched(data, known, paths) as (report, figures):
        found: dict[str, Any] = json.loads(b"".join(linked_json(report, figures)))
    return found


def log_of(data: bytes, known: bytes | None = None, **paths: Path | Sequence[Path]) -> tuple[str, ...]:
    """What `linked` says besides its answer."""
    with matched(data, known, paths) as (_, figures):
        return figures.log


@contextmanager
def matched(
    data: bytes, known: bytes | None, paths: Mapping[str, Path | Sequence[Path]]
) -> Iterator[tuple[Report, LinkedFigures]]:
    """The report about a return and what linked files say of it."""
    given = {kind: [each] if isinstance(each, Path) else list(each) for kind, each in paths.items()}
    settings = Settings(now=datetime(2027, 2, 1, 12))
    report = build_report(data, settings, establishments=read_register(known) if known else None, only=())
    try:
        yield report, link(report, given)
    finally:
        report.close()


def iso(day: date) -> str:
    return day.isoformat()


def accepted_of(figures: LinkedFigures, pair: Mapping[str, Any]) -> AcceptedMatch:
    """A near match as the page accepts it. pair: a row of the near matches."""
    child = (pair["upn"], pair["dob"], pair["sex"])
    return AcceptedMatch(figures.identity(pair["person_id"]), tuple(pair["pupil_ids"]), child)
