"""Large files that contain far more of something than a return does, made by code at any size.

Each has the title of its refusal, or None if it is read. They are compared with a valid return of the same size.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable
from dataclasses import dataclass

from sen2dash.sample.generate import sample_bytes
from tests.hostile.files import BIG_RECORD, HEADER, MALFORMED, MANY_GROUPS, NOT_SEN2, TOO_EMPTY

#: Bytes per person in a made-up return.
PERSON_BYTES = 1_750
NAMES = "<Surname>A</Surname><Forename>B</Forename><PersonBirthDate>2012-01-01</PersonBirthDate><Sex>M</Sex>"
NUMBERS = "<UPN>A333123424001</UPN><UniqueLearnerNumber>1234567890</UniqueLearnerNumber>"
PLAN = "<StartDate>2024-06-01</StartDate><CeaseDate>2024-09-01</CeaseDate>"
REQUEST = (
    f"<Requests><ReceivedDate>2024-07-01</ReceivedDate><Assessment><NamedPlan>{PLAN}</NamedPlan></Assessment>"
    "<ActivePlans/></Requests>"
)
PLACEMENT = (
    "<PlacementDetail><EntryDate>2024-01-01</EntryDate><PlacementRank>1</PlacementRank><URN>123456</URN>"
    "</PlacementDetail>"
)
ITEMS = ("Surname", "Forename", "PersonBirthDate", "Sex", "Ethnicity", "PostCode", "UPN", "UniqueLearnerNumber")


@dataclass(frozen=True)
class Flood:
    """One kind of file. make: a function from the size wanted, in bytes, to the text of a file of at most that size."""

    name: str
    make: Callable[[int], str]
    refused: str | None = None


def valid(size: int) -> bytes:
    """A valid return of about this size."""
    return sample_bytes(persons=size // PERSON_BYTES, seed=3, year=2025)


def many(part: str) -> Callable[[int], str]:
    """A part repeated as often as it fits into the size."""
    return lambda size: part * max(1, size // len(part))


def persons(make: Callable[[int], str], root: str = "<Message>") -> Callable[[int], str]:
    """A message with these persons."""
    return lambda size: f"{root}{HEADER}<Persons>{make(size)}</Persons></Message>"


def around(before: str, make: Callable[[int], str], after: str) -> Callable[[int], str]:
    """A text with a beginning and an end around it."""
    return lambda size: before + make(size) + after


def person(inner: str) -> Callable[[int], str]:
    """Persons that all contain this."""
    return persons(many(f"<Person>{inner}</Person>"))


def signatures(size: int) -> str:
    """Persons, of whom no two have the same items in the same order."""
    written: list[str] = []
    left = size
    for order in itertools.chain.from_iterable(itertools.permutations(ITEMS, n) for n in range(5, len(ITEMS) + 1)):
        written.append(f"<Person>{''.join(f'<{name}>1</{name}>' for name in order)}</Person>")
        left -= len(written[-1])
        if left < 0:
            break
    return "".join(written)


def in_small_letters(size: int) -> str:
    """A valid return on one line, with every name in lower case."""
    text = re.sub(r">\s+<", "><", valid(size * 7 // 5).decode())
    return re.sub(r"</?[A-Z]\w*", lambda name: name[0].lower(), text)


def unknown_names(size: int) -> str:
    """Persons with one unknown element each, all with different names."""
    return "".join(f"<Person>{NAMES}<n{i}>some words</n{i}></Person>" for i in range(size // 140))


A = "<a/>"
NAMESPACES = "".join(f' xmlns:n{i}="urn:{i}"' for i in range(1_000))
ATTRIBUTES = "".join(f' a{i}="1"' for i in range(2_000))
FLOODS: tuple[Flood, ...] = (
    # -- one empty element over and over, in each place
    Flood("in the message", around(f"<Message>{HEADER}", many(A), "<Persons/></Message>"), BIG_RECORD),
    Flood(
        "behind the persons",
        around(f"<Message>{HEADER}<Persons><Person/></Persons>", many(A), "</Message>"),
        BIG_RECORD,
    ),
    Flood("in the header", around("<Message><Header>", many(A), "</Header><Persons/></Message>"), BIG_RECORD),
    Flood(
        "in the year",
        around("<Message><Header><CollectionDetails><Year>", many(A), "</Year></CollectionDetails></Header></Message>"),
        BIG_RECORD,
    ),
    Flood("in the persons", persons(many(A)), BIG_RECORD),
    Flood("between people", persons(many("<Person/>" + A * 10_000)), TOO_EMPTY),
    Flood("in a person", persons(around("<Person>", many(A), "</Person>")), BIG_RECORD),
    Flood("in each person", person(A), TOO_EMPTY),
    Flood("in a request", persons(around("<Person><Requests>", many(A), "</Requests></Person>")), BIG_RECORD),
    Flood("in requests", person(f"<Requests>{A * 5_000}</Requests>"), TOO_EMPTY),
    Flood("in items", person(f"<Surname>{A * 5_000}</Surname>"), TOO_EMPTY),
    Flood("without a header", around("<Message><Persons><Person/>", many(A), "</Persons></Message>"), BIG_RECORD),
    Flood(
        "before a late header",
        around("<Message><Persons><Person/>", many(f"<Person>{A * 900}</Person>"), f"</Persons>{HEADER}</Message>"),
        TOO_EMPTY,
    ),
    # -- groups without end
    Flood("headers", around("<Message>", many("<Header/>"), "<Persons/></Message>"), BIG_RECORD),
    Flood("empty persons groups", around("<Message>", many("<Persons/>"), "</Message>"), BIG_RECORD),
    Flood(
        "a persons group a person",
        around("<Message>", many("<Persons><Person><Sex>M</Sex></Person></Persons>"), "</Message>"),
    ),
    Flood("empty people", persons(many("<Person/>")), TOO_EMPTY),
    Flood("people of a name", person("<Surname>A</Surname>")),
    Flood("the same person", person(NAMES + NUMBERS)),
    Flood("a million requests", persons(around("<Person>", many("<Requests/>"), "</Person>")), BIG_RECORD),
    Flood("thousands of requests", persons(around("<Person>", many("<Requests/>" * 9_000), "</Person>")), BIG_RECORD),
    Flood("a thousand and one requests", person("<Requests></Requests>" * 1_001), MANY_GROUPS),
    Flood("a thousand requests", person("<Requests><RYA>0</RYA></Requests>" * 1_000)),
    Flood("plans that overlap", person(NAMES + REQUEST * 900)),
    Flood("plans without end", person(NAMES + REQUEST.replace("<CeaseDate>2024-09-01</CeaseDate>", "") * 900)),
    Flood(
        "placements that overlap", person(f"{NAMES}<Requests><ActivePlans>{PLACEMENT * 900}</ActivePlans></Requests>")
    ),
    Flood(
        "needs",
        person(f"<Requests><ActivePlans>{'<SENneed><SENtype>ASD</SENtype></SENneed>' * 900}</ActivePlans></Requests>"),
    ),
    # -- names and order
    Flood("signatures", persons(signatures)),
    Flood("unknown names", persons(unknown_names)),
    Flood(
        "out of order",
        person("<Forename>Bo</Forename><Surname>Ab</Surname><Sex>M</Sex><UPN>A333123424001</UPN><Requests/>"),
    ),
    Flood("repeated", person(f"<Surname>{'A' * 24}</Surname>" * 50)),
    Flood("small letters", person("<surname>A</surname><forename>B</forename><sex>M</sex>")),
    Flood("a return in small letters", in_small_letters),
    Flood("nonsense in every item", person("".join(f"<{name}>?</{name}>" for name in ITEMS))),
    Flood("white space in every item", person("".join(f"<{name}> 1 </{name}>" for name in ITEMS))),
    # -- what the parser meets
    Flood("namespaces", persons(many(f"<Person><{'abcdefgh' * 6}/></Person>"), f"<Message{NAMESPACES}>")),
    Flood("namespaces on each", persons(many(f"<Person{NAMESPACES}><n7:a/></Person>"))),
    Flood("prefixes not declared", person('<Surname a:b="">Bo</Surname>'), MALFORMED),
    Flood("namespaces with a warning each", person('<Surname xmlns="a">Bo</Surname>')),
    Flood("attributes", persons(many(f"<Person{ATTRIBUTES}/>"))),
    Flood(
        "one tag of attributes",
        around("<Message", lambda size: "".join(f' a{i}="1"' for i in range(size // 11)), "/>"),
        "One element has too many attributes",
    ),
    Flood("comments", persons(many("<!---->"))),
    Flood("instructions", persons(many("<?a?>"))),
    Flood("comments in an item", person(f"<Surname>{'A<!-- -->' * 500}</Surname>")),
    Flood("sections", person(f"<Surname>{'<![CDATA[]]>' * 1_000}</Surname>")),
    Flood("references", person(f"<Surname>{'&#65;' * 200}</Surname>")),
    Flood("one long text", persons(around("<Person><Surname>", many("a"), "</Surname></Person>"))),
    Flood("lines", persons(many("\n"))),
    Flood("deep", person(f"{'<abcdefghij>' * 100}{'</abcdefghij>' * 100}")),
    Flood("less-than signs", around("<Message>", many("<"), ""), BIG_RECORD),
    Flood("open comments", around("<Message>", many("<!-"), ""), MALFORMED),
    Flood("open comments before the root", around("", many("<!-"), "<Message/>"), "The file is not XML"),
    Flood("open tags", around("<Message><Persons>", many("<Person>"), ""), MALFORMED),
    Flood("open sections", persons(around("", many("<![CDATA["), "")), MALFORMED),
    Flood("white space before all", around("", many(" \n"), "<Message/>"), NOT_SEN2),
)

UNDECIDED = (
    "<Requests><RequestOutcome>A</RequestOutcome><Assessment><AssessmentOutcome>A</AssessmentOutcome><NamedPlan>"
    "<StartDate>2020-01-01</StartDate></NamedPlan></Assessment></Requests>"
)


def in_twenties(size: int) -> str:
    """Persons of whom every twenty share a UPN."""
    one = f"<Person><UPN>A000000000000</UPN>{UNDECIDED}</Person>"
    return "".join(f"<Person><UPN>A{number // 20:012d}</UPN>{UNDECIDED}</Person>" for number in range(size // len(one)))


#: Returns that are compared with themselves, and pair many with many unless pairs are limited.
EARLIER: tuple[Flood, ...] = (
    Flood("an anonymised return", person(NAMES + UNDECIDED)),
    Flood("everybody with one UPN", person(NAMES + NUMBERS + UNDECIDED)),
    Flood("people in twenties", persons(in_twenties)),
    Flood("a thousand undated requests each", person(NAMES + UNDECIDED * 1_000)),
    Flood("a thousand requests of one date each", person(NAMES + REQUEST * 1_000)),
)
