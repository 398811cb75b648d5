"""The tables of a school census: of the collection system's CSV export, and the elements of a school's own XML.

Source: the DfE's school census layouts of autumn 2015 to autumn 2026, as published by readers in public code. Columns
that no figure uses are not read.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sen2dash.errors import BadLinkedFile
from sen2dash.reading.linked.table import Column

COLLECTIONS, TERMS = ("SC", "PRU"), ("AUT", "SPR", "SUM")


@dataclass(frozen=True)
class Table:
    """One table of an export. into: our table. parent: the column with the key of the row above.

    required: columns without which the file is refused; of several names with `|`, one. facts: what the name of the
    table says of every row.
    """

    into: str
    key: str = ""
    parent: str = ""
    required: tuple[str, ...] = ()
    on_roll: bool = True
    part: str = ""


_OFF, _ON = "pupilnolongeronrolltableid", "pupilonrolltableid"
_IDENTITY = ("schoolcensustableid", "upn", "dob", "sex|gender")
TABLES: Mapping[str, Table] = {
    "schoolcensus": Table(
        "census",
        "schoolcensustableid",
        required=("schoolcensustableid", "collection", "term", "year", "referencedate", "lea", "estab"),
    ),
    "school": Table("school", "", "schoolcensustableid"),
    "pupilonroll": Table(
        "pupil", _ON, "schoolcensustableid", (_ON, *_IDENTITY, "ncyearactual", "enrolstatus"), on_roll=True
    ),
    "pupilnolongeronroll": Table("pupil", _OFF, "schoolcensustableid", (_OFF, *_IDENTITY), on_roll=False),
    "termlysessiondetailsonroll": Table("session", "", _ON, (_ON,), True, "termly"),
    "termlysessiondetailsoffroll": Table("session", "", _OFF, (_OFF,), False, "termly"),
    "summerhalfterm2sessiondetailsonroll": Table("session", "", _ON, (_ON,), True, "half_term_2"),
    "summerhalfterm2sessiondetailsoffroll": Table("session", "", _OFF, (_OFF,), False, "half_term_2"),
    "termlyexclusionsonroll": Table("exclusion", "", _ON, (_ON,), True),
    "termlyexclusionsoffroll": Table("exclusion", "", _OFF, (_OFF,), False),
    "senneeds": Table("need", "", _ON, (_ON,)),
    "fsmperiod": Table("meal", "", _ON, (_ON,), part="other"),
    "fsmperiodsonroll": Table("meal", "", _ON, (_ON,), part="autumn"),
}
#: Tables of the export that are ignored: by name, and by how the name begins.
IGNORED = ("provisions", "classes", "childcare")
IGNORED_BEGINNINGS = ("addresses", "approvisiondetail", "schoolarrangedapdetail", "learnerfam", "learningaims")
POSSIBLE, AUTHORISED, UNAUTHORISED = "sessionspossible", "sessionsauthorised", "sessionsunauthorised"
TERMLY, HALF_TERM_2 = "termly", "summerhalfterm2"
COLUMNS: Mapping[str, tuple[Column, ...]] = {
    "census": (
        Column("collection", "code"),
        Column("term", "code"),
        Column("year", "number"),
        Column("referencedate", "date"),
        Column("serialno"),
        Column("datetime", "time"),
        Column("lea"),
        Column("estab"),
        Column("urn"),
    ),
    "school": (Column("schoolname"),),
    "pupil": (
        Column("upn", "code"),
        Column("dob", "date"),
        Column("sex", "code", ("gender",)),
        Column("formerupn", "code"),
        Column("uniquelearnernumber"),
        Column("surname"),
        Column("forename"),
        Column("ncyearactual", "code"),
        Column("ncyearleaving", "code"),
        Column("enrolstatus", "code"),
        Column("entrydate", "date"),
        Column("leavingdate", "date"),
        Column("boarder", "code"),
        Column("ethnicity", "code"),
        Column("language", "code"),
        Column("servicechild", "code"),
        Column("youngcarer", "code"),
        Column("plaa", "code"),
        Column("dafindicator", "flag"),
        Column("senprovision", "code"),
        Column("senunitindicator", "flag"),
        Column("resourcedprovisionindicator", "flag"),
        *(Column(f"{part}{name}", "number") for part in (TERMLY, HALF_TERM_2)
          for name in (POSSIBLE, AUTHORISED, UNAUTHORISED)),
    ),
    "session": (Column("attendancereason", "code"), Column("sessions", "number", ("absencesessions",))),
    "exclusion": (
        Column("category", "code"),
        Column("startdate", "date"),
        Column("sessions", "number"),
        Column("senprovision", "code"),
        Column("reason1", "code", ("reason",)),
        Column("reason2", "code"),
        Column("reason3", "code"),
    ),
    "need": (Column("sentyperank", "number"), Column("sentype", "code")),
    "meal": (Column("fsmstartdate", "date"), Column("fsmenddate", "date"), Column("ukcountry", "code")),
}  # fmt: skip
EXPORT_HINT = "Export the tables of the school census as CSV from the collection system, and add all of them."
YEARS = range(1990, 2100)
RESULTS_HINT = (
    "This is a return of results: add the CSV files of Get information about pupils (GIAP), downloaded by UPN."
)
#: Collections that belong elsewhere, and where.
ELSEWHERE = {
    **dict.fromkeys(("FSP", "EYFSP", "PHO", "PHONICS", "KS1", "KS2"), RESULTS_HINT),
    "SEN2": "This is a SEN2 return: give it as the return, or compare it with another.",
    "CIN": "This is a children-in-need return: sen2dash does not read the children in need census.",
}


def check_return(place: str, collection: str | None, term: str | None, year: int | None) -> None:
    """Refuse a return that is not of a school census, or whose term and year are not known. Raises BadLinkedFile."""
    if collection not in COLLECTIONS:
        raise BadLinkedFile(
            "This is not a school census",
            f"{place}: the collection is not SC or PRU.",
            ELSEWHERE.get(collection or "", EXPORT_HINT),
        )
    if term not in TERMS:
        hint = "Export the census again: newer exports name the term AUT, SPR or SUM."
        raise BadLinkedFile("The term is not known", f"{place}: the term is not AUT, SPR or SUM.", hint)
    if year not in YEARS:
        raise BadLinkedFile("The year is not known", f"{place}: the column year does not hold a year.", EXPORT_HINT)
