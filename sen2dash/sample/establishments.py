"""Make up establishments, about 120 for each seed, and a register of them in the form of the
'all establishment data' CSV of Get Information about Schools. It contains no real school.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from random import Random

from sen2dash import spec
from sen2dash.sample.shares import MAINSTREAM

#: The authority that the made-up return belongs to, and its neighbours.
HOME_AUTHORITY = "333"
NEIGHBOURS = ("330", "332", "334", "335", "336", "860", "885", "893")
#: No establishment in England has a URN this high, so a made-up one is never mistaken for a real school.
FIRST_URN = 190_000
#: UKPRNs of providers that are not in any register of schools.
UNLISTED_UKPRNS = ("19900017", "19900025", "19900033")
REGISTER_COLUMNS = (
    "URN",
    "LA (code)",
    "LA (name)",
    "EstablishmentNumber",
    "EstablishmentName",
    "TypeOfEstablishment (code)",
    "TypeOfEstablishment (name)",
    "EstablishmentTypeGroup (code)",
    "EstablishmentTypeGroup (name)",
    "EstablishmentStatus (code)",
    "EstablishmentStatus (name)",
    "OpenDate",
    "CloseDate",
    "PhaseOfEducation (code)",
    "PhaseOfEducation (name)",
    "StatutoryLowAge",
    "StatutoryHighAge",
    "UKPRN",
    "FurtherEducationType (name)",
    "Postcode",
    "Section41Approved (name)",
    "TypeOfResourcedProvision (name)",
    "GSSLACode (name)",
)


@dataclass(frozen=True)
class EstablishmentKind:
    """One kind of establishment: its register entries, and how many there are."""

    use: str
    count: int
    type_code: str
    type_name: str
    group_code: str
    group_name: str
    phase_code: str
    phase: str
    ages: tuple[int, int]
    name: str
    further_education_type: str = ""
    is_open: bool = True


_MAINTAINED = ("4", "Local authority maintained schools")
_ACADEMIES = ("10", "Academies")
_FREE = ("11", "Free Schools")
_SPECIAL = ("5", "Special schools")
_NO_PHASE = ("0", "Not applicable")
_PRIMARY = ("2", "Primary")
_SECONDARY = ("4", "Secondary")
#: `use` is the name that the journeys ask for; several kinds may have the same use.
KINDS = (
    EstablishmentKind(
        "nursery", 4, "15", "Local authority nursery school", *_MAINTAINED, "1", "Nursery", (2, 5), "Nursery School",
    ),
    EstablishmentKind("primary", 16, "1", "Community school", *_MAINTAINED, *_PRIMARY, (3, 11), "Primary School"),
    EstablishmentKind(
        "primary", 6, "2", "Voluntary aided school", *_MAINTAINED, *_PRIMARY, (3, 11), "Church Primary School",
    ),
    EstablishmentKind("primary", 18, "34", "Academy converter", *_ACADEMIES, *_PRIMARY, (3, 11), "Primary Academy"),
    EstablishmentKind("primary", 2, "35", "Free schools", *_FREE, *_PRIMARY, (4, 11), "Free School"),
    EstablishmentKind("secondary", 4, "5", "Foundation school", *_MAINTAINED, *_SECONDARY, (11, 18), "School"),
    EstablishmentKind("secondary", 9, "34", "Academy converter", *_ACADEMIES, *_SECONDARY, (11, 18), "Academy"),
    EstablishmentKind("secondary", 5, "28", "Academy sponsor led", *_ACADEMIES, *_SECONDARY, (11, 18), "High Academy"),
    EstablishmentKind("secondary", 1, "35", "Free schools", *_FREE, *_SECONDARY, (11, 18), "Free High School"),
    EstablishmentKind(
        "independent", 4, "11", "Other independent school", "3", "Independent schools", *_NO_PHASE, (3, 18), "Hall",
    ),
    EstablishmentKind("special", 8, "7", "Community special school", *_SPECIAL, *_NO_PHASE, (2, 19), "Special School"),
    EstablishmentKind(
        "special", 8, "44", "Academy special converter", *_ACADEMIES, *_NO_PHASE, (2, 19), "Special Academy",
    ),
    EstablishmentKind("special", 2, "36", "Free schools special", *_FREE, *_NO_PHASE, (4, 19), "Free Special School"),
    EstablishmentKind(
        "independent special", 9, "10", "Other independent special school", *_SPECIAL, *_NO_PHASE, (5, 19), "House",
    ),
    EstablishmentKind(
        "independent special", 2, "8", "Non-maintained special school", *_SPECIAL, *_NO_PHASE, (5, 19), "Trust",
    ),
    EstablishmentKind("alternative", 2, "14", "Pupil referral unit", *_MAINTAINED, *_NO_PHASE, (5, 16), "Centre"),
    EstablishmentKind(
        "alternative", 2, "42", "Academy alternative provision converter", *_ACADEMIES, *_NO_PHASE, (5, 16), "Hub",
    ),
    EstablishmentKind(
        "alternative", 1, "38", "Free schools alternative provision", *_FREE, *_NO_PHASE, (11, 16), "Free School",
    ),
    EstablishmentKind(
        "college", 7, "18", "Further education", "1", "Colleges", "6", "16 plus", (16, 99), "College",
        further_education_type="General Further Education College",
    ),
    EstablishmentKind(
        "college", 2, "18", "Further education", "1", "Colleges", "6", "16 plus", (16, 19), "Sixth Form College",
        further_education_type="Sixth Form College (General)",
    ),
    EstablishmentKind(
        "special college", 4, "32", "Special post 16 institution", "9", "Other types", "6", "16 plus", (16, 25), "Hub",
    ),
    EstablishmentKind(
        "closed", 2, "1", "Community school", *_MAINTAINED, *_PRIMARY, (3, 11), "Old Primary School", is_open=False,
    ),
)  # fmt: skip
#: Establishments in the register that no made-up person attends, for rules on the kind of establishment: a university,
#: kinds that plans seldom name, and a mainstream school that has neither a SEN unit nor resourced provision.
UNUSED_KINDS = (
    EstablishmentKind(
        "higher", 1, "29", "Higher education institutions", "2", "Universities", *_NO_PHASE, (18, 99), "University"
    ),
    EstablishmentKind(
        "seldom", 1, "37", "British schools overseas", "9", "Other types", *_NO_PHASE, (3, 18), "School Abroad"
    ),
    EstablishmentKind("seldom", 1, "49", "Online provider", "9", "Other types", *_NO_PHASE, (11, 18), "School Online"),
    EstablishmentKind("without unit", 1, "34", "Academy converter", *_ACADEMIES, *_PRIMARY, (3, 11), "Village Academy"),
)
#: The register's values for schools: pupils of any mainstream school may be in a SEN unit or resourced provision.
NO_UNIT, BOTH = "Not applicable", "Resourced provision and SEN unit"
_PLACES = """
    Ambermere Ashgarth Birchfold Blackrook Brackenlow Brightwater Calderstoke Chalkmere Coldbrook Dovecombe Eastvale
    Elmhollow Fallowfield Fernthwaite Foxholt Gladewick Greenfjord Harrowmead Hazelshaw Heronsgate Highwold Hollowtree
    Ivyridge Juniper Kestrelcombe Kingsrook Larchmont Linden Longmead Lowgarth Marlhurst Merrivale Millrook Mossdale
    Northmere Oakstead Orchardleigh Otterford Pinehurst Plumstoke Quarryside Ravensett Redmire Riversmeet Rowanbank
    Sandholt Silverbrook Southwold Stonemere Thornvale Tidewell Underhill Violetmead Wadebrook Westrook Whinfell
    Willowgate Winterbourne Yarrowdale Yewstead
"""


@dataclass(frozen=True)
class SampleEstablishment:
    """One made-up establishment."""

    urn: str
    ukprn: str
    name: str
    authority: str
    kind: EstablishmentKind
    open_date: str
    close_date: str


@cache
def establishments_of(seed: int) -> Mapping[str, tuple[SampleEstablishment, ...]]:
    """Return the establishments of a seed by use: about 120, all open except those with the use 'closed'."""
    rng = Random(seed)
    n = sum(kind.count for kind in KINDS)
    urns = iter(rng.sample(range(FIRST_URN, FIRST_URN + 9_000), n))
    places = _PLACES.split() * 3
    rng.shuffle(places)
    found: dict[str, list[SampleEstablishment]] = {}
    for kind in KINDS:
        for _ in range(kind.count):
            urn = next(urns)
            is_far = kind.use in ("independent special", "special college") and rng.random() < 0.6
            opened = f"{rng.randint(1, 28):02d}-09-{rng.randint(1962, 2008)}"
            found.setdefault(kind.use, []).append(
                SampleEstablishment(
                    urn=str(urn),
                    ukprn=str(10_900_000 + urn - FIRST_URN),
                    name=f"{places.pop()} {kind.name}",
                    authority=rng.choice(NEIGHBOURS) if is_far else HOME_AUTHORITY,
                    kind=kind,
                    open_date=opened,
                    close_date="" if kind.is_open else "31-08-2014",
                )
            )
    return {use: tuple(listed) for use, listed in found.items()}


def unused_establishments() -> tuple[SampleEstablishment, ...]:
    """Return the establishments of UNUSED_KINDS, the same for every seed, with URNs after those of the others."""
    return tuple(
        SampleEstablishment(
            urn=str(FIRST_URN + 9_900 + place),
            ukprn=str(10_909_900 + place),
            name=f"Farwold {kind.name}",
            authority=HOME_AUTHORITY,
            kind=kind,
            open_date="01-09-1998",
            close_date="",
        )
        for place, kind in enumerate(UNUSED_KINDS)
    )


def make_register(seed: int) -> list[dict[str, str]]:
    """Make a row per establishment of the seed, keyed by REGISTER_COLUMNS; dates are dd-mm-yyyy as in the real file."""
    rows = []
    used = (place for listed in establishments_of(seed).values() for place in listed)
    for number, place in enumerate((*used, *unused_establishments()), start=2000):
        kind, authority = place.kind, spec.authorities()[place.authority]
        values = (
            place.urn,
            authority.code,
            authority.name,
            str(number),
            place.name,
            kind.type_code,
            kind.type_name,
            kind.group_code,
            kind.group_name,
            *(("1", "Open") if kind.is_open else ("2", "Closed")),
            place.open_date,
            place.close_date,
            kind.phase_code,
            kind.phase,
            *map(str, kind.ages),
            place.ukprn,
            kind.further_education_type,
            "B70 9ZZ",
            "Approved" if kind.use in ("independent special", "special college") else "Not applicable",
            BOTH if kind.use in MAINSTREAM else NO_UNIT,
            authority.ons_code,
        )
        rows.append(dict(zip(REGISTER_COLUMNS, values, strict=True)))
    return sorted(rows, key=lambda row: row["URN"])


def write_register(out: Path, seed: int = 0) -> None:
    """Write the register of a seed to a file, in the encoding of the real one (Windows-1252)."""
    out.write_bytes(register_bytes(seed))


def register_bytes(seed: int = 0) -> bytes:
    """Return the same as bytes."""
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, REGISTER_COLUMNS, quoting=csv.QUOTE_MINIMAL)
    writer.writeheader()
    writer.writerows(make_register(seed))
    return text.getvalue().encode("cp1252")
