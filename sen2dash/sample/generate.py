"""Make up whole returns: every route through the system, in published shares, any size, clean or with known defects.

The same number of persons, seed and year always gives the same bytes, and a larger return starts with the people of a
smaller one. A return without defects is clean: no rule with severity error or query finds anything in it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice
from pathlib import Path
from random import Random

from sen2dash import __version__, spec
from sen2dash.checks import catalogue
from sen2dash.errors import BadArguments
from sen2dash.sample.defects import all_defects
from sen2dash.sample.establishments import HOME_AUTHORITY, make_register, write_register
from sen2dash.sample.journeys import Maker
from sen2dash.sample.tree import SampleReturn, XmlGroup, render

__all__ = ("make_register", "make_return", "sample_bytes", "stream_persons", "write_register", "write_sample")
#: Defects are put into this many people at most; the others are made while they are written.
HELD_PERSONS = 2_000
#: Return years that a return can be made up for: known and coming years.
SAMPLE_YEARS = (*spec.RETURN_YEARS, *spec.COMING_YEARS)


def make_header(year: int) -> XmlGroup:
    """Make the header of a made-up return, dated census day."""
    day = spec.census_day(year).isoformat()
    details = XmlGroup("CollectionDetails", {"Collection": "SEN2", "Year": str(year), "ReferenceDate": day})
    source = {
        "SourceLevel": "L",
        "LEA": HOME_AUTHORITY,
        "SoftwareCode": "sen2dash sample",
        "Release": __version__,
        "SerialNo": "001",
        "DateTime": f"{day} 17:30:00",
        "DMO": "Y",
        "DCO": "Y",
        "DSCO": "Y" if year >= 2025 else None,
    }
    return XmlGroup("Header", {}, [details, XmlGroup("Source", source)])


def stream_persons(persons: int, seed: int, year: int = spec.NEWEST_YEAR) -> Iterator[XmlGroup]:
    """Yield the people of a made-up return one by one."""
    if year not in SAMPLE_YEARS:
        raise BadArguments("No such return year", f"{year} is not a year from {SAMPLE_YEARS[0]} to {SAMPLE_YEARS[-1]}.")
    maker = Maker(seed, year)
    for _ in range(persons):
        yield maker.person()


def make_return(persons: int, seed: int, year: int = spec.NEWEST_YEAR) -> SampleReturn:
    """Make a clean made-up return in memory."""
    return SampleReturn(year, make_header(year), list(stream_persons(persons, seed, year)))


# -- defects ----------------------------------------------------------------------------------------------


def drawn_defects(year: int) -> list[str]:
    """Return the ids of the defects that may be drawn: about one person, for a rule that applies in the year."""
    about_people = ("H17", "H18", "H19", "H21", "H22")
    known = all_defects()
    return [
        rule.id
        for rule in catalogue.rules()
        if rule.id in known
        and rule.applies_in(spec.rules_year(year))
        and (rule.id[0] not in "HT" or rule.id in about_people)
    ]


def inject(made: SampleReturn, defects: int, rule_ids: Sequence[str], seed: int) -> list[str]:
    """Put the defects of these rules and a number of drawn ones into a return, each in different people if possible.

    A drawn defect is put into one person once, so no more are added than fit. Returns the ids of the rules in the order
    of injection. Raises BadArguments for an id that has no defect, or whose defect suits nobody.
    """
    known = all_defects()
    for rule_id in rule_ids:
        if rule_id not in known:
            raise BadArguments("No such defect", f"There is no defect {rule_id}.", "See the list of rules.")
    rng = Random(seed)
    untouched = list(made.persons)
    rng.shuffle(untouched)
    injected = []
    for rule_id in rule_ids:
        if not any(_inject_into(people, made, untouched, rule_id, rng) for people in (untouched, made.persons)):
            raise BadArguments("A defect found no place", f"Nobody in this return can carry {rule_id}.", "Add persons.")
        injected.append(rule_id)
    waiting = drawn_defects(made.year)
    #: The people with the defect of each rule, by rule.
    carriers: dict[str, list[XmlGroup]] = {rule_id: [] for rule_id in waiting}

    def draw() -> str | None:
        rng.shuffle(waiting)
        for is_new in (True, False):
            for rule_id in waiting:
                has_it = {id(person) for person in carriers[rule_id]}
                people = untouched if is_new else [one for one in made.persons if id(one) not in has_it]
                found = _inject_into(people, made, untouched, rule_id, rng)
                if found:
                    carriers[rule_id] += found
                    return rule_id
        return None

    for _ in range(defects):
        drawn = draw()
        if drawn is None:
            break
        injected.append(drawn)
    return injected


def _inject_into(
    people: list[XmlGroup], made: SampleReturn, untouched: list[XmlGroup], rule_id: str, rng: Random
) -> list[XmlGroup]:
    """Put one defect into some people of a return, and update who is untouched.

    Returns the people it is about, or the header for a header defect; empty if nobody suits.
    """
    part = SampleReturn(made.year, made.header, list(people))
    before = {id(person) for person in people}
    try:
        rows = all_defects()[rule_id].inject(part, rng)
    except (LookupError, StopIteration, ValueError):
        return []
    kept = {id(person) for person in part.persons}
    made.persons[:] = [
        *(person for person in made.persons if id(person) in kept or id(person) not in before),
        *(person for person in part.persons if id(person) not in before),
    ]
    touched = {id(row) for row in rows}
    found = [person for person in part.persons if any(id(row) in touched for row in person.walk())]
    gone = {id(person) for person in found}
    untouched[:] = [person for person in untouched if id(person) not in gone]
    return found or [made.header]


# -- writing ----------------------------------------------------------------------------------------------


def _pieces(
    persons: int, seed: int, defects: int, rule_ids: Sequence[str], year: int
) -> tuple[Iterable[str], list[str]]:
    stream = stream_persons(persons, seed, year)
    if not defects and not rule_ids:
        return render(year, make_header(year), stream), []
    held = SampleReturn(year, make_header(year), list(islice(stream, HELD_PERSONS)))
    injected = inject(held, defects, rule_ids, seed)
    return render(year, held.header, chain(held.persons, stream)), injected


def write_sample(
    out: Path, persons: int, seed: int, defects: int = 0, rule_ids: Sequence[str] = (), year: int = spec.NEWEST_YEAR
) -> list[str]:
    """Write a made-up return of any size to a file, in bounded memory.

    defects: how many drawn defects to put in; rule_ids: rules whose defects to put in as well. Returns the ids of the
    rules whose defects were put in. Defects are among the first HELD_PERSONS people.
    """
    pieces, injected = _pieces(persons, seed, defects, rule_ids, year)
    with out.open("w", encoding="utf-8", newline="\n") as file:
        file.writelines(pieces)
    return injected


def sample_bytes(
    persons: int, seed: int, defects: int = 0, rule_ids: Sequence[str] = (), year: int = spec.NEWEST_YEAR
) -> bytes:
    """Do the same as `write_sample`, in memory."""
    return "".join(_pieces(persons, seed, defects, rule_ids, year)[0]).encode("utf-8")
