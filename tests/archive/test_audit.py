"""The audit says who did what, in a chain that shows the first entry that was changed, and nothing of a child."""

from __future__ import annotations

import json
from collections.abc import Callable
from enum import Enum
from typing import Any

import pytest
import sqlalchemy as sa
from pydantic import ValidationError

from sen2dash.archive import audit, deleting, kept
from sen2dash.archive.audit import Event
from sen2dash.archive.opening import Archive
from sen2dash.archive.tables import AUDIT
from sen2dash.errors import BadArchive
from sen2dash.indicators.suppression import round_count
from tests.archive.conftest import Open
from tests.archive.made import Made, keep


def verified(archive: Archive, with_key: bool = True) -> dict[str, tuple[int | None, str]]:
    """What is wrong with each chain of an authority."""
    with archive.database.reading() as connection:
        found = audit.verify(connection, archive.database.own_chain, archive.key if with_key else None)
    return {chain.authority: (chain.broken_at, chain.why) for chain in found}


def exported(archive: Archive) -> dict[str, Any]:
    with archive.database.reading() as connection:
        return audit.export(audit.entries(connection, archive.key), archive.now())


@pytest.fixture
def written(address: str, open_it: Open) -> Archive:
    """An archive with a chain of six entries of authority 333."""
    archive = open_it(address)
    for rows in range(6):
        archive.record(Event(action="export", what="findings.csv", rows=rows, is_rounded=False), "333")
    return archive


# -- what it holds --------------------------------------------------------------------------------------------


def test_each_event_is_there_with_who_when_what_and_digest(archive: Archive, first: Made, second: Made) -> None:
    one, two = keep(archive, first, label="Smith"), keep(archive, second)
    kept.compared(archive, one, two)
    deleting.delete(archive, one)
    archive.record(Event(action="refused", what="person"))
    chains = {chain["chain"]: chain["entries"] for chain in exported(archive)["chains"]}
    own = chains[archive.database.own_chain]
    assert [each["action"] for each in own] == ["open_archive", "refused"]
    assert own[1] == {
        "sequence": 2,
        "time": "2025-02-01T12:00:00+00:00",
        "action": "refused",
        "who": "officer",
        "what": "person",
        "previous": own[0]["hash"],
        "hash": own[1]["hash"],
    }
    keeping, _, comparing, deletion = chains["333"]
    n_findings = {severity: first.report.n_findings(severity) for severity in ("error", "query", "info")}
    assert keeping["findings"] == n_findings
    assert (keeping["serial_no"], keeping["people"], keeping["year"]) == ("001", 12, 2025)
    assert (comparing["return_id"], comparing["other_id"]) == (one.id, two.id)
    assert (comparing["digest"], comparing["other_digest"]) == (
        first.report.facts.sha256,
        second.report.facts.sha256,
    )
    assert (deletion["action"], deletion["return_id"], deletion["people"]) == ("delete", one.id, 12)
    text = json.dumps(exported(archive))
    assert "Smith" not in text
    assert not [name for name in first.names() if name.decode() in text]


@pytest.mark.parametrize(
    "facts",
    [
        {"what": "Smith, Ada"},
        {"what": "H333123424001"},
        {"return_id": "H333123424001"},
        {"digest": "Smith"},
        {"serial_no": "H333123424001"},
        {"findings": {"Smith": 1}},
        {"action": "Smith"},
        {"detail": "Smith"},
        {"rows": -1},
    ],
)
def test_an_event_has_no_place_for_a_value_of_a_child(facts: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Event(**{"action": "load", **facts})


def test_a_serial_number_that_is_not_a_number_is_left_out(archive: Archive, first: Made) -> None:
    one = keep(archive, first)
    assert one.manifest is not None
    odd = kept.KeptReturn(
        one.id, "333", one.retain_until, one.manifest.model_copy(update={"serial_no": "Smith"}), one.summary, False
    )
    assert kept.event_of("open", odd).serial_no is None


# -- what it notices ------------------------------------------------------------------------------------------


def changed(**columns: Any) -> Callable[[sa.Connection], None]:
    def change(connection: sa.Connection) -> None:
        connection.execute(sa.update(AUDIT).where(third()).values(**columns))

    return change


def third() -> sa.ColumnElement[bool]:
    return (AUDIT.c.authority == "333") & (AUDIT.c.sequence == 3)


def delete_third(connection: sa.Connection) -> None:
    connection.execute(sa.delete(AUDIT).where(third()))


def swap(connection: sa.Connection) -> None:
    """Give the third entry the seal of the second."""
    second = (AUDIT.c.authority == "333") & (AUDIT.c.sequence == 2)
    sealed = connection.scalar(sa.select(AUDIT.c.sealed).where(second))
    connection.execute(sa.update(AUDIT).where(third()).values(sealed=sealed))


def renumber(connection: sa.Connection) -> None:
    """Delete the third entry and close the gap."""
    delete_third(connection)
    for sequence in (4, 5, 6):
        one = (AUDIT.c.authority == "333") & (AUDIT.c.sequence == sequence)
        connection.execute(sa.update(AUDIT).where(one).values(sequence=sequence - 1))


@pytest.mark.parametrize(
    ("tamper", "entry", "why"),
    [
        (changed(time="2025-02-01T13:00:00+00:00"), 3, "it was changed"),
        (changed(sealed=b"x" * 80), 3, "it was changed"),
        (changed(kind="wrong_key"), 3, "it was changed"),
        (changed(hash="0" * 64), 3, "it was changed"),
        (changed(previous="0" * 64), 3, "it does not follow the entry before it"),
        (swap, 3, "it was changed"),
        (delete_third, 4, "an entry before it is missing"),
        (renumber, 3, "it does not follow the entry before it"),
    ],
)
def test_verify_names_the_first_broken_entry(
    open_it: Open, tmp_path: Any, tamper: Callable[[sa.Connection], None], entry: int, why: str
) -> None:
    archive = open_it(f"sqlite:///{tmp_path}/returns.db")
    for rows in range(6):
        archive.record(Event(action="export", rows=rows), "333")
    assert verified(archive) == verified(archive, with_key=False) == {"": (None, ""), "333": (None, "")}
    with archive.database.writing() as connection:
        tamper(connection)
    assert verified(archive, with_key=False) == {"": (None, ""), "333": (entry, why)}


def rewritten(archive: Archive, chain: str, sequence: int, **columns: Any) -> None:
    """Change an entry, and write every hash after it anew, as somebody can who knows how."""
    with archive.database.writing() as connection:
        found = [dict(row) for row in audit._rows(connection) if row["authority"] == chain]
        previous = found[sequence - 2]["hash"] if sequence > 1 else audit.GENESIS
        for row in found[sequence - 1 :]:
            row |= columns if row["sequence"] == sequence else {}
            row["previous"] = previous
            row["hash"] = previous = audit._hash(row)
            same = (AUDIT.c.authority == chain) & (AUDIT.c.sequence == row["sequence"])
            connection.execute(sa.update(AUDIT).where(same).values(**row))


@pytest.mark.parametrize(
    ("chain", "columns", "with_key"),
    [
        ("333", {"time": "2025-02-01T09:00:00+00:00"}, True),
        ("333", {"sealed": b"x" * 80}, True),
        # An entry that is not sealed could say that nothing happened.
        ("333", {"kind": "wrong_key", "sealed": b""}, False),
        ("333", {"kind": "wrong_key"}, False),
        ("333", {"kind": "other", "sealed": b""}, False),
        ("", {"kind": "wrong_key"}, False),
        ("", {"kind": "", "sealed": b""}, False),
    ],
)
def test_an_entry_that_was_rewritten_with_every_hash_after_it_is_noticed(
    open_it: Open, tmp_path: Any, chain: str, columns: dict[str, Any], with_key: bool
) -> None:
    """with_key: only with the key. The newest entry is rewritten, because others break those after them too."""
    archive = open_it(f"sqlite:///{tmp_path}/returns.db")
    archive.record(Event(action="export"), "333")
    archive.record(Event(action="export"), "333")
    archive.record(Event(action="load"))
    rewritten(archive, chain, 2, **columns)
    assert verified(archive)[chain] == (2, "it was replaced")
    assert (verified(archive, with_key=False)[chain] == (None, "")) is with_key


def test_an_entry_of_a_newer_release_is_sound_and_says_nothing(archive: Archive) -> None:
    class Newer(Event):
        later: str = ""

    archive.record(Newer(action="export", later="more"), "333")
    archive.record(Event(action="load"), "333")
    assert verified(archive)["333"] == (None, "")
    entries = next(chain["entries"] for chain in exported(archive)["chains"] if chain["chain"] == "333")
    assert [each.get("action") for each in entries] == [None, "load"]


@pytest.mark.parametrize("change", ["sealed = 'text'", "sealed = 'text', hash = ''", "sequence = 'x'", "time = x'ff'"])
def test_a_value_of_another_type_is_a_change(open_it: Open, tmp_path: Any, change: str) -> None:
    """SQLite holds any value in any column."""
    archive = open_it(f"sqlite:///{tmp_path}/returns.db")
    archive.record(Event(action="load"), "333")
    with archive.database.writing() as connection:
        connection.exec_driver_sql(f"update archive_audit set {change} where authority = '333'")
    for with_key in (True, False):
        found = verified(archive, with_key)
        assert (found[""], found["333"][0]) == ((None, ""), 1)


def test_a_chain_of_another_authority_cannot_take_its_place(open_it: Open, tmp_path: Any) -> None:
    archive = open_it(f"sqlite:///{tmp_path}/returns.db")
    archive.record(Event(action="load"), "301")
    with archive.database.writing() as connection:
        connection.execute(sa.update(AUDIT).where(AUDIT.c.authority == "301").values(authority="333"))
    assert verified(archive)["333"] == (1, "it was changed")


def test_a_cut_off_end_shows_against_an_export(written: Archive) -> None:
    earlier = json.dumps(exported(written)).encode()
    written.record(Event(action="load"), "333")
    with written.database.reading() as connection:
        assert audit.cut_off(connection, earlier) == ()
    with written.database.writing() as connection:
        connection.execute(sa.delete(AUDIT).where(AUDIT.c.authority == "333", AUDIT.c.sequence >= 6))
    assert verified(written)["333"] == (None, "")
    with written.database.reading() as connection:
        assert audit.cut_off(connection, earlier) == ("333",)


@pytest.mark.parametrize("data", [b"", b"{}", b"[]", b'{"chains": [{"chain": "333"}]}', b"\xff"])
def test_a_file_that_is_no_export_is_refused(written: Archive, data: bytes) -> None:
    with written.database.reading() as connection, pytest.raises(BadArchive, match="not an exported audit"):
        audit.cut_off(connection, data)


def test_the_export_has_the_head_of_each_chain(written: Archive) -> None:
    chain = next(each for each in exported(written)["chains"] if each["chain"] == "333")
    assert chain["head"] == {"sequence": 6, "hash": chain["entries"][-1]["hash"]}
    assert chain["entries"][0]["previous"] == audit.GENESIS
    assert [each["rows"] for each in chain["entries"]] == list(range(6))


def test_counts_are_protected_in_an_export_and_its_hashes_are_not_touched(written: Archive, first: Made) -> None:
    keep(written, first)
    with written.database.reading() as connection:
        found = audit.export(audit.entries(connection, written.key), written.now(), threshold=5)
    assert found["counts_rounded_to"] == 5
    chain, whole = (
        next(each for each in file["chains"] if each["chain"] == "333") for file in (found, exported(written))
    )
    assert [each["rows"] for each in chain["entries"][:6]] == ["c"] * 6
    assert chain["entries"][6]["people"] == 10
    counts = first.report.n_findings("error"), first.report.n_findings("query"), first.report.n_findings("info")
    shown = [chain["entries"][6]["findings"][severity] for severity in ("error", "query", "info")]
    assert shown == [str(each) if isinstance(each, Enum) else each for each in (round_count(n, 5) for n in counts)]
    assert chain["head"] == whole["head"]
    for name in ("sequence", "time", "previous", "hash"):
        assert [each[name] for each in chain["entries"]] == [each[name] for each in whole["entries"]]
    with written.database.reading() as connection:
        assert audit.cut_off(connection, json.dumps(found).encode()) == ()
    with written.database.writing() as connection:
        connection.execute(sa.delete(AUDIT).where(AUDIT.c.authority == "333", AUDIT.c.sequence == 7))
    with written.database.reading() as connection:
        assert audit.cut_off(connection, json.dumps(found).encode()) == ("333",)
