"""The audit as rows, and as a file with the last hash of each chain."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from datetime import date, datetime

import pytest

from sen2dash.analysis import audit_rows
from sen2dash.analysis.audit_rows import ACTIONS, AuditFilter, rows, visible, with_hash
from sen2dash.archive.audit import Action, AuditEntry, Chain, Event
from sen2dash.output.audit_file import COLUMNS, audit_csv
from tests.archive.made import described

IDENT, OTHER = "ab" * 16, "cd" * 16
KEPT = [described(IDENT, 2026, 3, label="First mock")]


def entry(number: int, event: Event | None, time: str = "2026-07-01T10:00:00+00:00", chain: str = "333") -> AuditEntry:
    return AuditEntry(chain, number, time, "sealed", f"{number - 1:064x}", f"{number:064x}", event)


KEEP = Event(
    action="keep",
    who="A. Officer",
    return_id=IDENT,
    digest="12" * 32,
    year=2026,
    serial_no="003",
    people=112,
    findings={"error": 1, "query": 7, "info": 20},
)
COMPARE = Event(action="compare", who="B. Colleague", return_id=IDENT, other_id=OTHER, other_digest="34" * 32)
EXPORT = Event(action="export", who="B. Colleague", what="audit.csv", rows=1, is_rounded=False)
ENTRIES = [
    entry(1, KEEP),
    entry(2, COMPARE, "2026-12-01T10:00:00+00:00"),
    entry(1, EXPORT, "2026-09-01T10:00:00+00:00", ""),
    entry(3, None, "2026-12-02T10:00:00+00:00"),
]


def test_every_action_has_a_name() -> None:
    from typing import get_args

    assert set(ACTIONS) == set(get_args(Action))
    assert len(set(ACTIONS.values())) == len(ACTIONS)


def test_rows_are_the_newest_first_with_names_and_times_of_the_united_kingdom() -> None:
    found = rows(ENTRIES, KEPT)
    assert [(row.number, row.action, row.who) for row in found] == [
        (3, "Cannot be read", "not known"),
        (2, "Compared", "B. Colleague"),
        (1, "Exported", "B. Colleague"),
        (1, "Kept a return", "A. Officer"),
    ]
    assert found[3].time == datetime(2026, 7, 1, 11, 0)
    assert found[3].kept == "2026 003 First mock"
    assert found[3].digest == "121212121212"
    assert found[3].details == "112 people, 1 error, 7 queries, 20 items of information"
    assert found[2].details == "audit.csv, 1 row, not rounded"
    assert found[1].details == "with cdcdcdcdcdcd, deleted"
    assert found[2].kept == found[2].digest == ""


def test_counts_of_rows_are_protected() -> None:
    found = rows(ENTRIES, KEPT, 5)
    assert found[3].details == "110 people, c errors, c queries, 20 items of information"
    assert found[2].details == "audit.csv, c rows, not rounded"


@pytest.mark.parametrize(
    ("wanted", "numbers"),
    [
        (AuditFilter(), [3, 2, 1, 1]),
        (AuditFilter(actions=["Compared", "Exported"]), [2, 1]),
        (AuditFilter(people=["A. Officer"]), [1]),
        (AuditFilter(actions=["Compared"], people=["A. Officer"]), []),
        (AuditFilter(first=date(2026, 12, 1), last=date(2026, 12, 1)), [2]),
        (AuditFilter(last=date(2026, 9, 1)), [1, 1]),
    ],
)
def test_rows_are_chosen_by_action_person_and_day(wanted: AuditFilter, numbers: list[int]) -> None:
    assert [row.number for row in rows(ENTRIES, KEPT) if wanted.has(row)] == numbers


def test_an_entry_that_somebody_changed_to_nonsense_is_still_listed() -> None:
    second = replace(entry(2, KEEP, "0001-01-01T00:00:00+23:00"), sequence="x")  # type: ignore[arg-type]
    odd = [entry(1, KEEP, "yesterday"), second]
    assert [(row.time, row.number) for row in rows(odd, [])] == [(datetime.min, 1), (datetime.min, 0)]


def test_chains_are_named_and_judged() -> None:
    assert audit_rows.chain_name("333") == "Sandwell"
    assert audit_rows.chain_name("999") == "Authority 999"
    assert audit_rows.chain_name("") == audit_rows.chain_name("role sen2_333") == "No authority"
    assert audit_rows.verdict(Chain("333", 1, "")) == "unbroken, 1 entry."
    assert audit_rows.verdict(Chain("333", 1_234, "", 17, "it was changed")) == "broken at entry 17: it was changed."


def test_a_hash_that_was_kept_is_found_however_it_was_copied() -> None:
    found = with_hash(ENTRIES, f" {2:064X}\n")
    assert found is not None
    assert found.sequence == 2
    assert with_hash(ENTRIES, "00" * 32) is None


def test_the_chain_of_another_authority_is_not_seen() -> None:
    assert visible(["333", ""], "", "") == {"333", ""}
    assert visible(["333", ""], "", "333") == {"333", ""}
    # Who opened the archive may have done so for the other authority.
    assert visible(["333", "334", ""], "", "333") == {"333"}
    assert visible(["334", ""], "", "333") == frozenset()


def read(data: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def test_the_file_has_every_entry_and_the_last_hash_of_each_chain() -> None:
    found = read(audit_csv(ENTRIES))
    assert len(found) == 4
    assert [row["Last hash of the chain"] for row in found] == [f"{n:064x}" for n in (3, 3, 1, 3)]
    first = found[0]
    assert {name: first[name] for name in ("Chain", "Number", "Action", "Person", "Return year", "Serial number")} == {
        "Chain": "333",
        "Number": "1",
        "Action": "keep",
        "Person": "A. Officer",
        "Return year": "2026",
        "Serial number": "003",
    }
    assert (first["People"], first["Findings: error"], first["Rows"]) == ("112", "1", "")
    assert (first["Previous hash"], first["Hash"]) == (f"{0:064x}", f"{1:064x}")
    assert found[2]["Chain"] == "none"
    assert (found[3]["Action"], found[3]["Person"]) == ("cannot be read", "")
    assert list(first) == [*COLUMNS, "Made with"]


def test_the_file_is_inert_and_protected() -> None:
    odd = entry(1, KEEP.model_copy(update={"who": "=cmd()"}))
    row = read(audit_csv([odd], 5))[0]
    assert row["Person"] == "'=cmd()"
    assert (row["People"], row["Findings: error"]) == ("110", "c")
