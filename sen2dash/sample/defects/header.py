"""Defects that trip the rules of the module header: on the header itself, and on how elements are written."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from sen2dash.sample.defects.registry import Inject, defect
from sen2dash.sample.tree import SampleReturn, XmlGroup, layout

#: Items of the header that trip a rule with only this text: rule, container, item, text (None: blank). The reference
#: date is not a real date, so that census day stays the same; the Year is unknown, so that the date decides it.
HEADER_ITEMS = (
    ("H03", "CollectionDetails", "Collection", "SC"),
    ("H04", "CollectionDetails", "Year", "20"),
    ("H05", "CollectionDetails", "ReferenceDate", "16 January"),
    ("H06", "Source", "SourceLevel", "S"),
    ("H07", "Source", "LEA", "999"),
    ("H09", "Source", "Release", None),
    ("H10", "Source", "SerialNo", "000"),
    ("H12", "Source", "DateTime", "yesterday"),
    ("H13", "Source", "DMO", "X"),
    ("H14", "Source", "DCO", None),
    ("H15", "Source", "DSCO", "X"),
    ("H16", "Source", "DSCO", None),
)


def put_in_header(container: str, item: str, text: str | None) -> Inject:
    """Make a defect that gives one item of the header this text."""

    def inject(made: SampleReturn, rng: Random) -> list[XmlGroup]:
        group = made.header.get(container)
        assert group is not None
        group.items[item] = text
        return [made.header]

    return inject


for rule_id, *where in HEADER_ITEMS:
    defect(rule_id)(put_in_header(*where))


def first_group(made: SampleReturn, name: str, fits: Callable[[XmlGroup], bool]) -> XmlGroup:
    """Find the first suitable group with this name below the persons. Raises StopIteration if there is none."""
    return next(group for person in made.persons for group in person.walk() if group.name == name and fits(group))


@defect("H02")
def source_stands_twice(made: SampleReturn, rng: Random) -> list[XmlGroup]:
    """A second Source, empty."""
    made.header.groups.append(XmlGroup("Source"))
    return [made.header]


@defect("H17")
def unknown_element(made: SampleReturn, rng: Random) -> list[XmlGroup]:
    """A supplier's own element at the end of a person."""
    person = rng.choice(made.persons)
    person.raw.append("<CaseNumber>4711</CaseNumber>")
    return [person]


@defect("H18")
def element_in_other_case(made: SampleReturn, rng: Random) -> list[XmlGroup]:
    """PostCode in capitals."""
    person = rng.choice(made.persons)
    person.item_names["PostCode"] = "POSTCODE"
    return [person]


@defect("H19")
def items_in_other_order(made: SampleReturn, rng: Random) -> list[XmlGroup]:
    """Forename before Surname."""
    person = rng.choice(made.persons)
    surname, forename, *rest = layout("Person", made.year)
    person.sequence = [forename, surname, *rest]
    return [person]


@defect("H20")
def no_people(made: SampleReturn, rng: Random) -> list[XmlGroup]:
    """A return with nobody in it."""
    made.persons.clear()
    return [made.header]


@defect("H21")
def impossible_date(made: SampleReturn, rng: Random) -> list[XmlGroup]:
    """A date of birth that does not exist."""
    person = rng.choice(made.persons)
    person.items["PersonBirthDate"] = "2010-02-30"
    return [person]


@defect("H22")
def yes_in_words(made: SampleReturn, rng: Random) -> list[XmlGroup]:
    """The word no instead of 0 in a request."""
    request = first_group(made, "Requests", lambda group: group.items.get("RYA") == "0")
    request.items["RYA"] = "no"
    return [request]


@defect("H24")
def value_outside_an_item(made: SampleReturn, rng: Random) -> list[XmlGroup]:
    """A word outside any item at the end of a person."""
    person = rng.choice(made.persons)
    person.raw.append("checked")
    return [person]
