"""The fast reader gives the same tables, deviations, lines and facts as the walker, or the same refusal."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from random import Random
from typing import Any
from unittest import mock

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sen2dash import spec
from sen2dash.errors import UserError
from sen2dash.reading import plain, shred
from sen2dash.reading.plain_index import find_run
from sen2dash.sample.generate import sample_bytes
from tests.hostile.files import FILES
from tests.hostile.floods import FLOODS
from tests.properties.mutations import GENTLE, MUTATIONS
from tests.properties.returns import returns, samples

#: Bytes of a block: enough for a whole small file, and so few that only one or two persons end in it.
BLOCKS = (1 << 20, 6_000, 2_500)
#: Files larger than this take too long to be read person by person.
LARGE = 100_000


@contextmanager
def small_steps(block: int, is_large: bool = False) -> Iterator[list[int]]:
    """Try the fast reader after each person, and collect the sizes of the runs that it read.

    is_large: as in production, try it less and less often if it does not get far.
    """
    worthwhile = plain.WORTHWHILE if is_large else 0
    sizes: list[int] = []
    send = plain.FastPath._send

    def count(self: plain.FastPath, run: Any, names: Any) -> None:
        sizes.append(run.size)
        send(self, run, names)

    with (
        mock.patch.multiple(plain, STRETCH=1, WORTHWHILE=worthwhile, BLOCK=block, SHORT_BLOCK=block),
        mock.patch.object(plain.FastPath, "_send", count),
    ):
        yield sizes


def read(data: bytes) -> Any:
    """Facts and rows of a file, or why it is refused."""
    batches: dict[str, list[pa.Table]] = {}
    try:
        facts = shred.shred(data, lambda table, batch: batches.setdefault(table, []).append(batch))
    except UserError as error:
        return type(error), error.title, error.message, error.hint
    # The store would refuse batches that do not fit together.
    rows = {table: pa.concat_tables(found) for table, found in batches.items()}
    if "deviation" in rows:
        rows["deviation"] = rows["deviation"].sort_by([(name, "ascending") for name in rows["deviation"].column_names])
    return facts, rows


def read_by_walker(data: bytes) -> Any:
    """The same, read by the walker alone, without the fast reader."""
    with mock.patch.object(plain.FastPath, "read", lambda self, at, n_rows, flush: at):
        return read(data)


def plain_bytes(data: bytes, block: int = BLOCKS[0]) -> int:
    """Read a file both ways, and return how many of its bytes the fast reader read."""
    with small_steps(block, len(data) > LARGE) as sizes:
        found = read(data)
    assert found == read_by_walker(data)
    return sum(sizes)


@cache
def sample(year: int, defects: int = 0) -> bytes:
    return sample_bytes(persons=40, seed=year, year=year, defects=defects)


YEARS = (2023, 2024, 2025, 2026, 2027)


@pytest.mark.parametrize("year", YEARS)
def test_a_clean_return_of_each_year_is_read_the_short_way(year: int) -> None:
    data = sample(year)
    for block in BLOCKS:
        assert plain_bytes(data, block) > 0.9 * len(data)


@pytest.mark.parametrize("year", YEARS)
def test_a_dirty_return_of_each_year(year: int) -> None:
    for block in BLOCKS:
        assert plain_bytes(sample(year, defects=60), block)


def spaced(between: bytes) -> bytes:
    return b"".join(line.strip() + between for line in sample(2025).splitlines())


WRITTEN = {
    "minified": spaced(b""),
    "one line": spaced(b" "),
    "tabs": sample(2025).replace(b"  ", b"\t"),
    "CRLF": sample(2025).replace(b"\n", b"\r\n"),
    "CR": sample(2025).replace(b"\n", b"\r"),
    "four spaces": sample(2025).replace(b"  ", b"    "),
    "byte order mark": b"\xef\xbb\xbf" + sample(2025),
    "ASCII": sample(2025).decode().encode("ascii", "xmlcharrefreplace").replace(b"UTF-8", b"US-ASCII"),
    "ISO-8859-1": sample(2025).decode().encode("iso-8859-1", "xmlcharrefreplace").replace(b"UTF-8", b"ISO-8859-1"),
    "UTF-16": sample(2025).decode().encode("utf-16").replace(b"UTF-8", b"UTF-16"),
    "a default namespace": sample(2025).replace(b"<Message>", b'<Message xmlns="urn:x" xml:space="preserve">'),
    "empty elements": sample(2025).replace(b"<Exported>", b"<Exported/><Exported>").replace(b"<RYA>0</RYA>", b"<RYA/>"),
    "entities": sample(2025).replace(b"<Surname>", b"<Surname>&amp;#38; &#x26;lt;&lt;&gt;&quot;&apos;&#214;&#x1F600; "),
    "silent variants": sample(2025).replace(b"PostCode", b"Postcode").replace(b"SENsetting>", b"SENSetting>"),
    "spaces around texts": sample(2025)
    .replace(b"<Surname>", b"<Surname>\xe2\x80\x83 ")
    .replace(b"</UPN>", b"\n</UPN>"),
    "blank texts": sample(2025).replace(b"<RYA>0<", b"<RYA> \n <").replace(b"<Sex>M<", b"<Sex>\xc2\xa0<"),
    "comment in front": sample(2025).replace(b"<Message>", b"<!-- <Persons><Person> </Person> --><Message>"),
    "persons in front": sample(2025).replace(b"<Header>", b"<Persons><Person/><Person></Person></Persons><Header>"),
    "many groups of persons": re.sub(rb"(?s)(?:.*?</Person>){7}", rb"\g<0></Persons>\n<Persons>", sample(2025)),
    "text between persons": sample(2025).replace(b"</Person>", b"</Person> loose ", 20),
}


@pytest.mark.parametrize("name", WRITTEN)
def test_a_return_written_in_another_way(name: str) -> None:
    for block in BLOCKS:
        n_read = plain_bytes(WRITTEN[name], block)
        assert n_read or name == "text between persons"


#: Files that take a minute to read twice.
LONG = ("a million people of nothing",)


@pytest.mark.parametrize(
    "file",
    [pytest.param(file, id=file.name, marks=[pytest.mark.long] if file.name in LONG else []) for file in FILES],
)
def test_a_hostile_file(file: Any) -> None:
    data = file.make()
    for block in BLOCKS[: 1 if len(data) > LARGE else 2]:
        plain_bytes(data, block)


@pytest.mark.parametrize("flood", FLOODS, ids=lambda flood: flood.name)
def test_a_flood(flood: Any) -> None:
    plain_bytes(flood.make(15_000).encode())


ONE = "<Person><Surname>A</Surname></Person>"
MANY_NEEDS = f"<Person><Requests><ActivePlans>{'<SENneed/>' * 1_001}</ActivePlans></Requests></Person>"


@pytest.mark.parametrize(
    "persons",
    [
        "<Person/>" * 60_000 + "<Person></Person>",
        ONE * 3 + MANY_NEEDS + ONE,
        ONE * 3 + f"<Person>{'<Requests/>' * 999}</Person>" + ONE,
        ONE * 3 + f"<Person>{'<x/>' * 21_000}</Person>" + ONE,
        ONE * 3 + f"<Person><Surname>{'a' * 10_000_001}</Surname><x/></Person>" + ONE,
        ONE * 3 + "\n\n<Person><s:UPN>1</s:UPN></Person>" + ONE,
    ],
    ids=["too empty", "too many groups", "many groups", "too large", "too long a text", "a prefix without namespace"],
)
def test_limits_are_met_in_the_same_way(persons: str) -> None:
    data = f"<Message>\n<Header/><Persons>{persons}</Persons></Message>".encode()
    for block in BLOCKS[: 1 if len(data) > LARGE else 2]:
        plain_bytes(data, block)


def test_usual_steps_and_a_walker_that_is_needed_now_and_then() -> None:
    people = sample_bytes(persons=600, seed=3, year=2025).replace(b"<Sex>M<", b"<Sex>M<?go?><", 1)
    found = read(people)
    with mock.patch.object(plain.FastPath, "_send", autospec=True, side_effect=plain.FastPath._send) as sent:
        assert read(people) == found
    assert sent.call_count >= 1
    assert found == read_by_walker(people)


def test_where_nearly_nothing_is_plain_the_short_way_is_seldom_tried() -> None:
    people = sample_bytes(persons=1_500, seed=3, year=2025).replace(b"<Person>", b'<Person x="1">')
    with mock.patch.object(plain, "find_run", side_effect=find_run) as tried:
        plain_read = read(people)
    assert plain_read[0].persons == 1_500
    assert 1 <= tried.call_count <= 6


def spoiled(data: bytes, rng: Random) -> bytes:
    """A file with one to three faults, most of which leave it well-formed."""
    for _ in range(rng.choice((1, 1, 2, 3))):
        mutation = rng.choice(MUTATIONS if rng.random() < 0.4 else GENTLE)
        data = mutation(data, rng) or data
    return data


@cache
def seeds() -> tuple[bytes, ...]:
    """Small returns to damage."""
    made = [sample_bytes(persons=8, seed=year, year=year, defects=year % 3 * 2) for year in spec.RETURN_YEARS]
    return (*made, *(file.make() for file in FILES if not file.refused and len(file.make()) < 40_000))


def compare_spoiled(seed: int) -> None:
    rng = Random(seed)
    plain_bytes(spoiled(rng.choice(seeds()[:3] if rng.random() < 0.7 else seeds()), rng), rng.choice(BLOCKS))


@samples(150)
@given(st.integers(0, 1 << 32))
def test_a_spoiled_return(seed: int) -> None:
    compare_spoiled(seed)


@samples(25)
@given(returns(), st.sampled_from((1 << 20, 400)))
def test_any_return(text: str, block: int) -> None:
    plain_bytes(text.encode(), block)


@pytest.mark.long
@pytest.mark.timeout(3_600)
@pytest.mark.parametrize("part", range(20))
def test_many_spoiled_returns(part: int) -> None:
    for seed in range(part * 1_000, part * 1_000 + 1_000):
        compare_spoiled(seed)


@pytest.mark.long
@pytest.mark.timeout(3_600)
@samples(3_000)
@given(returns(), st.sampled_from((1 << 20, 400)))
def test_very_many_returns(text: str, block: int) -> None:
    plain_bytes(text.encode(), block)


def test_most_mutations_leave_something_that_is_read() -> None:
    """Makes sure that rows are compared, and not only refusals."""
    outcomes = [read(spoiled(seeds()[2], Random(seed))) for seed in range(100)]
    assert sum(len(outcome) == 2 for outcome in outcomes) > 40
