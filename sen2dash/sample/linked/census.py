"""Make up the CSV export of three school censuses: autumn, spring and summer of one academic year.

The first children show every kind of match in turn. As many other pupils are in the files, who match nobody.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from random import Random
from typing import Any

from sen2dash import spec
from sen2dash.sample.establishments import HOME_AUTHORITY, NEIGHBOURS, SampleEstablishment, establishments_of
from sen2dash.sample.linked.people import Child, csv_text

Row = dict[str, Any]
TERMS = (("AUT", -1, "10-02"), ("SPR", 0, ""), ("SUM", 0, "05-15"))
USES = ("nursery", "primary", "secondary", "special", "alternative")
#: How the rows of a child differ from the return, with weights; the first children have each of them in turn.
WAYS = {
    **{"exact": 900, "other_sex": 8, "other_birth": 14, "former_upn": 8, "other_upn": 6, "only_name": 8},
    **{"twice": 20, "leaver": 12, "boarder": 6, "repeated": 2, "none": 40},
}
IDENTITY = ("upn", "dob", "sex", "formerupn", "uniquelearnernumber", "surname", "forename", "entrydate")
PUPIL = (
    *("pupilonrolltableid", "schoolcensustableid", *IDENTITY, "ncyearactual", "enrolstatus", "boarder"),
    *("ethnicity", "language", "servicechild", "youngcarer", "plaa", "senprovision", "senunitindicator"),
    *("resourcedprovisionindicator", "termlysessionspossible", "summerhalfterm2sessionspossible"),
)
LEAVER = (
    *("pupilnolongeronrolltableid", "schoolcensustableid", *IDENTITY, "leavingdate", "ncyearleaving", "boarder"),
    *("language", "termlysessionspossible", "summerhalfterm2sessionspossible"),
)
COLUMNS = {
    "schoolcensus": (
        *("schoolcensustableid", "collection", "term", "year", "referencedate", "serialno", "datetime", "lea"),
        *("estab", "urn"),
    ),
    "pupilonroll": PUPIL,
    "pupilnolongeronroll": LEAVER,
    "termlysessiondetailsonroll": ("pupilonrolltableid", "attendancereason", "sessions"),
    "termlysessiondetailsoffroll": ("pupilnolongeronrolltableid", "attendancereason", "sessions"),
    "summerhalfterm2sessiondetailsonroll": ("pupilonrolltableid", "attendancereason", "sessions"),
    "termlyexclusionsonroll": (
        *("pupilonrolltableid", "category", "startdate", "sessions", "senprovision", "reason1", "reason2", "reason3"),
    ),
    "senneeds": ("pupilonrolltableid", "sentyperank", "sentype"),
    "fsmperiod": ("pupilonrolltableid", "fsmstartdate", "fsmenddate", "ukcountry"),
    "fsmperiodsonroll": ("pupilonrolltableid", "fsmstartdate", "fsmenddate", "ukcountry"),
}
ABSENCE = ("I", "M", "C2", "O", "G", "N")
NEEDS = ("ASD", "SEMH", "SLCN", "MLD")


def census_files(children: Sequence[Child], seed: int, year: int) -> dict[str, str]:
    """Return the tables of the export by file name."""
    maker = _Maker(seed, year)
    for child in children:
        if 3 <= child.age <= 18:
            maker.child(child)
            maker.stranger()
    maker.replaced()
    return {f"Made_up_{name}.csv": csv_text(COLUMNS[name], maker.tables[name]) for name in COLUMNS}


class _Maker:
    def __init__(self, seed: int, year: int) -> None:
        self.rng = Random(seed + 1)
        self.year = year
        self.tables: dict[str, list[Row]] = {name: [] for name in COLUMNS}
        self.places = establishments_of(seed)
        every = [place for places in self.places.values() for place in places]
        self.number = {place.urn: str(2000 + place_no) for place_no, place in enumerate(every)}
        self.by_urn = {place.urn: place for use in USES for place in self.places[use]}
        self.returns: dict[tuple[str, str], int] = {}
        self.n_children = self.n_uln = 0

    # -- who ----------------------------------------------------------------------------------------------

    def child(self, child: Child) -> None:
        """Make the rows of one child."""
        ways = list(WAYS)
        drawn = self.rng.choices(ways, list(WAYS.values()))[0]
        way = ways[self.n_children % len(ways)] if self.n_children < 3 * len(ways) else drawn
        self.n_children += 1
        if child.uln and self.n_uln < 2:
            self.n_uln, way = self.n_uln + 1, "other_upn"
        place = self.by_urn.get(child.urn) or self._school(child.age)
        if way == "none" or (child.urn and child.urn not in self.by_urn):
            return
        own: Row = {
            "upn": child.upn,
            "dob": child.birth,
            "sex": child.sex,
            "uniquelearnernumber": child.uln,
            "surname": child.surname,
            "forename": child.forename,
        }
        if way == "other_sex":
            own["sex"] = "F" if child.sex == "M" else "M"
        elif way == "other_birth":
            own["dob"] = child.birth + timedelta(days=9)
        elif way == "former_upn":
            own |= {"upn": self._upn(), "formerupn": child.upn}
        elif way == "other_upn":
            own |= {"upn": self._upn(), "surname": child.surname[::-1]}
        elif way == "only_name":
            own |= {"upn": "", "uniquelearnernumber": "", "surname": child.surname.upper()}
        self._rows(own, child, place, way)

    def stranger(self) -> None:
        """Make the row of a pupil who is not in the return."""
        age = self.rng.randint(4, 15)
        birth = date(self.year - 1 - age, 8, 31) - timedelta(days=self.rng.randint(0, 364))
        who = {"upn": self._upn(), "dob": birth, "sex": self.rng.choice("MF"), "surname": "Nobody", "forename": "New"}
        self._enrolment(who, None, age, self._school(age), "SPR", "C")

    def replaced(self) -> None:
        """Make an earlier submission of one census, which the later one replaces, and a school elsewhere."""
        rows = self.tables["schoolcensus"]
        if rows:
            rows.append({**rows[0], "schoolcensustableid": len(rows) + 1, "serialno": 0})
            elsewhere = {"schoolcensustableid": len(rows) + 1, "lea": NEIGHBOURS[0], "estab": "4000", "urn": ""}
            rows.append({**rows[0], **elsewhere})

    def _upn(self) -> str:
        return f"Z{HOME_AUTHORITY}{self.rng.randint(0, 10**9 - 1):09}"

    def _school(self, age: int) -> SampleEstablishment:
        return self.rng.choice(self.places["nursery" if age < 4 else "primary" if age < 11 else "secondary"])

    # -- rows ---------------------------------------------------------------------------------------------

    def _return(self, term: str, place: SampleEstablishment) -> int:
        key = (term, place.urn)
        if key not in self.returns:
            self.returns[key] = len(self.tables["schoolcensus"]) + 1
            _, later, day = next(each for each in TERMS if each[0] == term)
            year = self.year + later
            census_day = f"{year}-{day}" if day else spec.census_day(self.year).isoformat()
            self.tables["schoolcensus"].append(
                {
                    **{"schoolcensustableid": self.returns[key], "collection": "SC", "term": term, "year": year},
                    **{"referencedate": census_day, "serialno": 1, "datetime": f"{census_day}T18:00:00"},
                    **{"lea": place.authority, "estab": self.number[place.urn], "urn": place.urn},
                }
            )
        return self.returns[key]

    def _rows(self, own: Row, child: Child, place: SampleEstablishment, way: str) -> None:
        for term, _, _ in TERMS:
            if way == "leaver" and term == "SUM":
                continue
            self._enrolment(own, child, child.age, place, term, "M" if way == "twice" else "C", way)
            if term == "SPR" and way == "twice":
                self._enrolment(own, child, child.age, self.rng.choice(self.places["special"]), term, "S")
            if term == "SPR" and way == "repeated":
                self.tables["pupilonroll"].append(
                    {**self.tables["pupilonroll"][-1], "pupilonrolltableid": len(self.tables["pupilonroll"]) + 1}
                )

    def _enrolment(
        self, own: Row, child: Child | None, age: int, place: SampleEstablishment, term: str, status: str, way: str = ""
    ) -> None:
        rng, possible = self.rng, self.rng.randint(120, 140)
        is_gone = way == "leaver" and term == "SPR"
        name = "pupilnolongeronroll" if is_gone else "pupilonroll"
        key = len(self.tables[name]) + 1
        years = age - 4
        year = "X" if place.kind.use == "special" and rng.random() < 0.3 else _nc_year(years)
        row = {
            **own,
            f"{name}tableid": key,
            "schoolcensustableid": self._return(term, place),
            "entrydate": date(self.year - 1 - max(0, min(years, 3)), 9, 4),
            "boarder": "B" if way == "boarder" else "N",
            "language": rng.choices(("ENG", "POL", "URD", "NOT"), (80, 8, 8, 4))[0],
            "termlysessionspossible": "" if way == "boarder" else possible,
            "summerhalfterm2sessionspossible": 50 if term == "AUT" and way != "boarder" else "",
        }
        if is_gone:
            row |= {"leavingdate": date(self.year - 1, 12, 12)}
        else:
            row |= {
                "ncyearactual": year,
                "enrolstatus": status,
                "servicechild": rng.choices("NYU", (96, 2, 2))[0],
                "plaa": rng.choices("NAG", (97, 2, 1))[0],
                "senprovision": "E" if child and child.has_plan and rng.random() < 0.96 else "K" if child else "N",
                "senunitindicator": int(rng.random() < 0.06),
                "resourcedprovisionindicator": int(rng.random() < 0.06),
            }
            if term == "SPR":
                row |= {
                    "ethnicity": child.ethnicity if child else "WBRI",
                    "youngcarer": rng.choices("NPS", (97, 2, 1))[0],
                }
        self.tables[name].append(row)
        if way != "boarder":
            self._sessions(key, term, possible, is_gone)
        if child and not is_gone:
            self._beneath(child, key, term)

    def _sessions(self, key: int, term: str, possible: int, is_gone: bool) -> None:
        rng, roll = self.rng, "offroll" if is_gone else "onroll"
        share = rng.choices((0.04, 0.15, 0.6), (70, 25, 5))[0]
        missed = round(possible * share * rng.uniform(0.5, 1.3))
        parent = "pupilnolongeronrolltableid" if is_gone else "pupilonrolltableid"
        for code in rng.sample(ABSENCE, 2):
            part = missed // 2
            if part:
                self.tables[f"termlysessiondetails{roll}"].append(
                    {parent: key, "attendancereason": code, "sessions": part}
                )
        if term == "AUT" and not is_gone:
            self.tables["summerhalfterm2sessiondetailsonroll"].append(
                {parent: key, "attendancereason": "I", "sessions": rng.randint(0, 4)}
            )

    def _beneath(self, child: Child, key: int, term: str) -> None:
        rng, parent = self.rng, {"pupilonrolltableid": key}
        meals = "fsmperiodsonroll" if term == "AUT" else "fsmperiod"
        if hash_of(child.upn, 3) == 0:
            self.tables[meals].append({**parent, "fsmstartdate": date(self.year - 2, 9, 4), "ukcountry": "ENG"})
        if term == "SPR" and child.need:
            need = child.need if rng.random() < 0.95 else rng.choice(NEEDS)
            self.tables["senneeds"].append({**parent, "sentyperank": 1, "sentype": need})
        if hash_of(child.upn, 11) == 0 and term != "AUT":
            # The summer census carries the autumn term again: one event in two files.
            sessions = 2 + hash_of(child.upn, 5) + (term == "SUM" and hash_of(child.upn, 4) == 0)
            self._exclusion(parent, "SUSP", date(self.year - 1, 11, 6), sessions, "DB")
        if hash_of(child.upn, 97) == 0 and term == "SUM":
            self._exclusion(parent, "PERM", date(self.year, 2, 6), "", "PA")

    def _exclusion(self, parent: Row, category: str, day: date, sessions: object, reason: str) -> None:
        row = {"category": category, "startdate": day, "sessions": sessions, "senprovision": "E", "reason1": reason}
        self.tables["termlyexclusionsonroll"].append({**parent, **row})


def hash_of(upn: str, n: int) -> int:
    """Return a number below n that is always the same for a UPN."""
    return sum(map(ord, upn)) % n


def _nc_year(years: int) -> str:
    return ("N1", "N2", "R")[years + 2] if -2 <= years <= 0 else str(min(years, 14))
