"""What is true of the report for any return, and for any bytes."""

from __future__ import annotations

import random
from collections import Counter
from functools import cache

from hypothesis import example, given
from hypothesis import strategies as st

from sen2dash.checks.report import build_report
from sen2dash.config import Settings
from sen2dash.errors import UserError
from sen2dash.model import Severity
from sen2dash.reading.shred import MISCOUNTED, shred
from sen2dash.sample.generate import make_return, sample_bytes
from sen2dash.sample.tree import SampleReturn, render
from tests.casebook import NOW
from tests.properties.returns import returns, samples

SETTINGS = Settings(now=NOW)


def written(made: SampleReturn) -> bytes:
    return "".join(render(made.year, made.header, made.persons)).encode("utf-8")


def findings(data: bytes, severities: tuple[Severity, ...] = ("error", "query", "info")) -> Counter[tuple[object, ...]]:
    """Rule, UPN or name of the person, field and value of each finding: what does not depend on the order of people."""
    report = build_report(data, SETTINGS)
    try:
        assert not report.of_status("broken")
        chosen = [outcome.rule.id for outcome in report.outcomes if outcome.severity in severities]
        rows = report.findings_table(chosen).to_pylist()
        return Counter((row["rule_id"], row["surname"], row["upn"], row["field"], row["value"]) for row in rows)
    finally:
        report.close()


@samples(3)
@given(st.randoms(use_true_random=False))
def test_the_order_of_people_changes_no_finding(rng: random.Random) -> None:
    made = make_return(60, seed=5, year=2025)
    for person in rng.sample(made.persons, 6):
        person.items["Sex"] = "Q"
        person.items["PersonBirthDate"] = "2031-02-30"
    before = findings(written(made))
    rng.shuffle(made.persons)
    assert findings(written(made)) == before
    assert sum(count for key, count in before.items() if key[0] == "P07") == 6


@samples(3)
@given(st.integers(0, 10_000))
def test_a_valid_person_adds_no_finding(seed: int) -> None:
    made = make_return(41, seed, year=2025)
    *others, last = made.persons
    without = findings(written(SampleReturn(made.year, made.header, others)), ("error", "query"))
    assert findings(written(SampleReturn(made.year, made.header, [*others, last])), ("error", "query")) == without


def survives(data: bytes) -> None:
    """Check that there is a report with no broken rule, or an error that a user can act on."""
    try:
        report = build_report(data, SETTINGS)
    except UserError as error:
        assert error.title
        assert error.message
        assert error.one_line().isprintable()
        return
    try:
        assert report.of_status("broken") == ()
        assert report.findings_table([outcome.rule.id for outcome in report.outcomes]).num_rows >= 0
    finally:
        report.close()


@samples(40)
@given(st.binary(max_size=300))
@example(b"")
@example(b"\xff\xfe<\x00M\x00")
@example(b"<Message><Persons/></Message>")
@example(b"<Message>" * 300)
@example(b'<?xml version="1.0" encoding="utf-7"?><Message/>')
@example(b'<!DOCTYPE a [<!ENTITY b "c">]><Message>&b;</Message>')
@example(
    b"<Message><Header><CollectionDetails><ReferenceDate>0001-01-01</ReferenceDate></CollectionDetails></Header><Persons/></Message>"
)
@example(
    b"<Message><Header><CollectionDetails><ReferenceDate>9999-12-31</ReferenceDate></CollectionDetails></Header><Persons/></Message>"
)
def test_any_bytes(data: bytes) -> None:
    survives(data)


@samples(25)
@given(returns())
def test_any_return(text: str) -> None:
    survives(text.encode("utf-8"))


@cache
def whole(encoding: str) -> bytes:
    """A valid return with letters beyond ASCII, in this encoding."""
    text = sample_bytes(3, seed=1, year=2025).decode().replace("<Surname>", "<Surname>Ö", 1)
    return text.replace("UTF-8", encoding.upper().removesuffix("-SIG"), 1).encode(encoding)


@st.composite
def damaged(draw: st.DrawFn) -> bytes:
    """A valid return that was cut off, or with bytes removed, repeated, moved, changed or taken from another return."""
    data = whole(draw(st.sampled_from(("utf-8", "utf-8", "utf-8-sig", "utf-16", "iso-8859-1"))))
    for _ in range(draw(st.integers(1, 3))):
        at = draw(st.integers(0, len(data)))
        end = draw(st.integers(at, min(len(data), at + 200)))
        kind = draw(st.sampled_from(("cut", "taken", "doubled", "moved", "flipped", "changed", "spliced")))
        if kind == "cut":
            data = data[:at]
        elif kind == "taken":
            data = data[:at] + data[end:]
        elif kind == "doubled":
            data = data[:end] + data[at:end] + data[end:]
        elif kind == "moved":
            rest = data[:at] + data[end:]
            to = draw(st.integers(0, len(rest)))
            data = rest[:to] + data[at:end] + rest[to:]
        elif kind == "flipped" and at < len(data):
            data = data[:at] + bytes([data[at] ^ 1 << draw(st.integers(0, 7))]) + data[at + 1 :]
        elif kind == "changed":
            marks = (b"<", b">", b"/", b"\x00", b"&", b"9", b"0000-00-00", b"<!--", b"]]>", b"\n", b"\xc3")
            data = data[:at] + draw(st.sampled_from(marks)) + data[end:]
        else:
            other = whole("utf-8")
            data = data[:at] + other[draw(st.integers(0, len(other))) :]
    return data


@samples(60)
@given(damaged())
def test_a_damaged_return(data: bytes) -> None:
    survives(data)


@samples(200)
@given(damaged())
def test_a_damaged_return_is_refused_in_one_line_or_read_whole(data: bytes) -> None:
    """Whatever the damage, the reader passes on each row it counted.

    Tests only the reader, which is fast enough for many examples.
    """
    people: list[int] = []
    try:
        facts = shred(
            data, lambda table, batch: people.extend(batch["row_id"].to_pylist() if table == "person" else ())
        )
    except UserError as error:
        assert error.one_line().isprintable()
        assert error.title != MISCOUNTED
    else:
        assert people == list(range(1, facts.persons + 1))
