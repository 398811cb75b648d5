"""Defects that trip the rules of the module person."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass
from datetime import date
from random import Random

from sen2dash import spec
from sen2dash.sample import identity
from sen2dash.sample.defects.pick import age_on
from sen2dash.sample.defects.registry import Inject, defect
from sen2dash.sample.tree import SampleReturn, XmlGroup

DUMMY_ULN = "9999999999"
#: The number of a made-up identity that no return is large enough to use.
NOBODY = 4_711_000
#: Items of a person that trip a rule with only this text, whoever it is: rule, item, text (None: blank).
PERSON_ITEMS = (
    ("P01", "Surname", None),
    ("P02", "Forename", None),
    ("P03", "Surname", "Unknown"),
    ("P04", "PersonBirthDate", None),
    ("P07", "Sex", "1"),
    ("P08", "Sex", "U"),
    ("P09", "Ethnicity", "WHIT"),
    ("P10", "Ethnicity", None),
    ("P12", "PostCode", None),
    ("P13", "PostCode", "ZZ99 3VZ"),
)


@dataclass(frozen=True)
class PersonCase:
    """A person with the ages that a defect may use."""

    person: XmlGroup
    age: int
    school_age: int

    def has(self, *items: str) -> bool:
        """Whether none of these items is blank."""
        return all(self.person.items.get(item) for item in items)

    def has_plan(self) -> bool:
        """Whether any of the requests led to a plan."""
        return any(group.name == "NamedPlan" for group in self.person.walk())


def find_people(made: SampleReturn, fits: Callable[[PersonCase], bool]) -> list[XmlGroup]:
    """Return everyone who suits. Raises LookupError if nobody does."""
    census = spec.census_day(made.year)
    found = []
    for person in made.persons:
        born = spec.real_date(person.items.get("PersonBirthDate"))
        if born is not None:
            someone = PersonCase(person, age_on(born, census), age_on(born, date(census.year - 1, 8, 31)))
            found += [person] if fits(someone) else []
    if not found:
        raise LookupError("nobody in this return suits")
    return found


def put_in_person(item: str, text: str | None) -> Inject:
    """Make a defect that gives one item of a person this text."""

    def inject(made: SampleReturn, rng: Random) -> list[XmlGroup]:
        person = rng.choice(made.persons)
        person.items[item] = text
        return [person]

    return inject


for rule_id, *what in PERSON_ITEMS:
    defect(rule_id)(put_in_person(*what))


def identify(
    person: XmlGroup, upn: str | None = None, uln: str | None = None, reason: str | None = None
) -> list[XmlGroup]:
    """Give a person these identifiers and no others."""
    person.items |= {"UPN": upn, "UniqueLearnerNumber": uln, "UPNunknown": reason}
    return [person]


# -- birth dates and ethnicity ----------------------------------------------------------------------------


@defect("P05", follows=("P06", "R35"))
def too_old(made: SampleReturn, rng: Random) -> list[XmlGroup]:
    """Somebody whose request was withdrawn is 30, and so has no plan and was over 25 when it was received."""
    census = spec.census_day(made.year)
    person = next(person for person in made.persons if only_request(person, "W"))
    person.items["PersonBirthDate"] = f"{census.year - 30}-06-01"
    return [person]


@defect("P06")
def open_at_25(made: SampleReturn, rng: Random) -> list[XmlGroup]:
    """Somebody who was refused turned 25 between the request and the end of August."""
    end_of_august = date(made.year - 1, 8, 31)
    for person in made.persons:
        request = only_request(person, "N")
        if request is None or request.items.get("RYA") == "1":
            continue
        received = spec.real_date(request.items.get("ReceivedDate"))
        if received is not None and received < end_of_august:
            person.items["PersonBirthDate"] = f"{end_of_august.year - 25}-08-31"
            return [person]
    raise LookupError("nobody in this return suits")


def only_request(person: XmlGroup, outcome: str) -> XmlGroup | None:
    """Return the only request of a person, if it has this outcome and nothing follows it."""
    requests = person.all("Requests")
    suits = len(requests) == 1 and requests[0].items.get("RequestOutcome") == outcome and not requests[0].groups
    return requests[0] if suits else None


@defect("P11")
def ethnicity_not_obtained(made: SampleReturn, rng: Random) -> list[XmlGroup]:
    """Not obtained for somebody with a plan in force."""
    for person in made.persons:
        plans = [group for group in person.walk() if group.name == "NamedPlan"]
        if plans and not any(plan.items.get("CeaseDate") for plan in plans) and person.items["Ethnicity"] != "NOBT":
            person.items["Ethnicity"] = "NOBT"
            return [person]
    raise LookupError("nobody in this return suits")


# -- UPN --------------------------------------------------------------------------------------------------


def change_upn(change: Callable[[str], str]) -> Inject:
    """Make a defect that changes somebody's UPN."""

    def inject(made: SampleReturn, rng: Random) -> list[XmlGroup]:
        person = rng.choice(find_people(made, lambda one: one.has("UPN")))
        upn = person.items["UPN"]
        assert upn is not None
        person.items["UPN"] = change(upn)
        return [person]

    return inject


def with_check_letter(rest: str) -> str:
    """Return the UPN with these twelve characters after its check letter."""
    return identity.upn_check_letter(rest) + rest


defect("P14")(change_upn(lambda upn: upn[:-1]))
defect("P15")(change_upn(lambda upn: ("B" if upn[0] == "A" else "A") + upn[1:]))
defect("P16")(change_upn(lambda upn: with_check_letter("950" + upn[4:])))
defect("P18")(change_upn(lambda upn: with_check_letter(upn[1:-1] + "A")))


def share(item: str, fits: Callable[[PersonCase], bool]) -> Inject:
    """Make a defect that gives somebody another person's identifier."""

    def inject(made: SampleReturn, rng: Random) -> list[XmlGroup]:
        people = find_people(made, fits)
        if len(people) < 2:
            raise LookupError("only one person in this return suits")
        first, second = rng.sample(people, 2)
        second.items[item] = first.items[item]
        return [first, second]

    return inject


defect("P17")(share("UPN", lambda one: one.has("UPN")))
defect("P22")(share("UniqueLearnerNumber", lambda one: one.has("UniqueLearnerNumber")))


# -- ULN --------------------------------------------------------------------------------------------------


def change_uln(change: Callable[[str], str]) -> Inject:
    """Make a defect that changes the ULN of somebody who has a UPN too."""

    def inject(made: SampleReturn, rng: Random) -> list[XmlGroup]:
        person = rng.choice(find_people(made, lambda one: one.has("UPN", "UniqueLearnerNumber")))
        uln = person.items["UniqueLearnerNumber"]
        assert uln is not None
        person.items["UniqueLearnerNumber"] = change(uln)
        return [person]

    return inject


defect("P19")(change_uln(lambda uln: uln[:-1]))
defect("P20")(change_uln(lambda uln: uln[:-1] + ("1" if uln[-1] == "0" else "0")))
defect("P21")(change_uln(lambda uln: DUMMY_ULN))


@defect("P23")
def uln_of_a_child(made: SampleReturn, rng: Random) -> list[XmlGroup]:
    """A ULN as well as the UPN of somebody under 13."""
    person = rng.choice(find_people(made, lambda one: one.age < 13 and one.has("UPN")))
    person.items["UniqueLearnerNumber"] = identity.uln_of(NOBODY)
    return [person]


# -- neither UPN nor ULN ----------------------------------------------------------------------------------


@defect("P24")
def no_identifier(made: SampleReturn, rng: Random) -> list[XmlGroup]:
    """No UPN, no ULN and no reason for somebody who is not of school age."""
    return identify(rng.choice(find_people(made, lambda one: one.school_age > 15)))


@defect("P25")
def reason_beside_upn(made: SampleReturn, rng: Random) -> list[XmlGroup]:
    """A reason for a missing UPN as well as a UPN."""
    person = rng.choice(find_people(made, lambda one: one.has("UPN")))
    person.items["UPNunknown"] = "UN8"
    return [person]


@defect("P26")
def reason_of_another_collection(made: SampleReturn, rng: Random) -> list[XmlGroup]:
    """UN7 is a code of the children in need census."""
    return identify(rng.choice(find_people(made, lambda one: one.school_age > 15)), reason="UN7")


@defect("P27")
def un1_of_a_grown_up(made: SampleReturn, rng: Random) -> list[XmlGroup]:
    """The reason for children under 6, for somebody over school age."""
    return identify(rng.choice(find_people(made, lambda one: one.school_age > 15)), reason="UN1")


@defect("P28")
def un9_of_a_child(made: SampleReturn, rng: Random) -> list[XmlGroup]:
    """The reason for young people, for somebody too young for school."""
    return identify(rng.choice(find_people(made, lambda one: one.school_age < 5)), reason="UN9")


@defect("P29")
def un10_with_a_plan(made: SampleReturn, rng: Random) -> list[XmlGroup]:
    """The reason for requests without a plan, for somebody with a plan."""
    return identify(rng.choice(find_people(made, PersonCase.has_plan)), reason="UN10")


@defect("P31")
def upn_missing_at_school(made: SampleReturn, rng: Random) -> list[XmlGroup]:
    """Only a ULN at school age; aged 13 or over, so that the ULN itself is not queried."""
    pupils = find_people(made, lambda one: one.age >= 13 and one.school_age <= 15)
    return identify(rng.choice(pupils), uln=identity.uln_of(NOBODY))


# -- the whole person -------------------------------------------------------------------------------------


@defect("P32")
def person_twice(made: SampleReturn, rng: Random) -> list[XmlGroup]:
    """Somebody whose request was withdrawn is in the return again, with another UPN."""
    first = next(person for person in made.persons if only_request(person, "W") and person.items.get("UPN"))
    twin = deepcopy(first)
    identify(twin, upn=identity.upn_of(NOBODY, "333", made.year))
    made.persons.append(twin)
    return [first, twin]


@defect("P33", follows=("P34",))
def no_request(made: SampleReturn, rng: Random) -> list[XmlGroup]:
    """Somebody without any request, so nothing of theirs is in scope."""
    person = rng.choice(made.persons)
    person.groups.clear()
    return [person]


@defect("P34", follows=("R26",))
def refused_long_ago(made: SampleReturn, rng: Random) -> list[XmlGroup]:
    """A request that was received and refused two years before the collection year."""
    year = made.year - 3
    for person in find_people(made, lambda one: one.age > 4):
        request = only_request(person, "N")
        if request is not None:
            request.items |= {"ReceivedDate": f"{year}-06-01", "RequestOutcomeDate": f"{year}-07-01"}
            return [person]
    raise LookupError("nobody in this return suits")
