"""Kept returns come back as they were, nothing of them can be read without the key, and what ends is deleted."""

from __future__ import annotations

import hashlib
import sqlite3
from contextlib import suppress
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
import sqlalchemy as sa

from sen2dash import __version__
from sen2dash.archive import audit, ending, keeping, keys, opened
from sen2dash.archive.kept import Kept, attached, find, id_of, listed, original
from sen2dash.archive.keys import Secret
from sen2dash.archive.opened import Archive
from sen2dash.archive.parts import SavedMarks
from sen2dash.archive.tables import ATTACHMENTS, AUDIT, KEYS, METADATA, RETURNS, VERSION_TABLE
from sen2dash.checks import marks
from sen2dash.checks.notes import Edit
from sen2dash.errors import BadArchive, NoArchive, WrongKey
from tests.archive import made
from tests.archive.conftest import CHEAP, PASSPHRASE, Open, run_as
from tests.archive.made import Made, keep


def actions(archive: Archive, chain: str = "333") -> list[str]:
    with archive.database.reading() as connection:
        found = audit.entries(connection, archive.key)
        return [each.event.action for each in found if each.event and each.authority == chain]


def change(archive: Archive, table: sa.Table, ident: str, **columns: Any) -> None:
    """Change a row behind the back of the archive."""
    key = next(iter(table.primary_key.columns))
    with archive.database.writing() as connection:
        connection.execute(sa.update(table).where(key == ident).values(**columns))


def count(archive: Archive, table: sa.Table) -> int:
    with archive.database.reading() as connection:
        return connection.scalar(sa.select(sa.func.count()).select_from(table)) or 0


# -- keep, list, open -----------------------------------------------------------------------------------------


def test_a_kept_return_comes_back_byte_for_byte(archive: Archive, first: Made) -> None:
    kept = keep(archive, first, label="Mock of January", kind="mock", note="with team North")
    assert original(archive, kept) == first.data
    manifest = kept.manifest
    assert manifest is not None
    assert (kept.authority, kept.retain_until, kept.is_damaged) == ("333", date(2028, 1, 16), False)
    assert (manifest.year, manifest.serial_no, manifest.label, manifest.kind) == (
        2025,
        "001",
        "Mock of January",
        "mock",
    )
    assert manifest.sha256 == hashlib.sha256(first.data).hexdigest()
    assert (manifest.persons, manifest.size, manifest.file_name) == (12, len(first.data), "return.xml")
    assert (manifest.who, manifest.note, manifest.release) == ("officer", "with team North", f"sen2dash {__version__}")
    assert manifest.loaded_at.isoformat() == "2025-02-01T12:00:00+00:00"
    assert manifest.software == "Case system"
    assert kept.summary is not None
    assert kept.summary.counts["person"] == 12
    assert len(kept.summary.figures) == 33
    assert actions(archive) == ["keep", "open"]


def test_a_return_is_kept_once(archive: Archive, first: Made, second: Made) -> None:
    kept = keep(archive, first)
    ident, is_new = keeping.keep(archive, first.data, first.report, keeping.Wanted(label="Again", kind="submission"))
    assert (ident, is_new) == (kept.id, False)
    again = find(archive, ident)
    assert again.manifest is not None
    assert (again.manifest.label, again.manifest.kind) == ("Again", "mock")
    assert id_of(archive, first.report.facts.sha256) == kept.id
    assert id_of(archive, second.report.facts.sha256) is None
    keep(archive, second)
    assert len(listed(archive)) == 2


def test_a_return_is_found_by_the_start_of_its_id(archive: Archive, first: Made) -> None:
    kept = keep(archive, first)
    assert find(archive, kept.id[:6]).id == kept.id
    for wrong in ("", kept.id[:5], "0" * 32, kept.id + "0", "%", "______"):
        with pytest.raises(BadArchive, match="no such return"):
            find(archive, wrong)


def test_label_kind_note_and_end_can_be_changed(archive: Archive, first: Made) -> None:
    kept = keep(archive, first, label="One")
    keeping.relabel(archive, kept, kind="submission", retain_until=date(2026, 1, 1))
    keeping.relabel(archive, kept, label="Two", note="A note")
    changed = find(archive, kept.id)
    assert changed.manifest is not None
    assert (changed.manifest.label, changed.manifest.kind, changed.manifest.note) == ("Two", "submission", "A note")
    assert changed.retain_until == date(2026, 1, 1)
    assert original(archive, changed) == first.data
    assert actions(archive)[1:] == ["label", "retention", "label", "open"]


def test_marks_and_notes_are_kept_beside_a_return_and_deleted_with_it(archive: Archive, first: Made) -> None:
    kept = keep(archive, first)
    assert attached(archive, kept, "marks") is None
    table = pa.table(
        {"rule_id": ["P15"], "met_table": [""], "met_row": [0], "item": [""], "place": [1], "mark": ["right"]},
        schema=marks.SCHEMA,
    )
    keeping.attach(archive, kept, "marks", SavedMarks.of(table))
    for text in ("An earlier note", "Plainly readable"):
        keeping.attach(archive, kept, "notes", {"P15": Edit(text, ("1",))})
    assert attached(archive, kept, "marks").table() == table
    assert attached(archive, kept, "notes") == {"P15": Edit("Plainly readable", ("1",))}
    assert count(archive, ATTACHMENTS) == 2
    ending.delete(archive, kept)
    assert (count(archive, ATTACHMENTS), count(archive, RETURNS)) == (0, 0)
    assert actions(archive)[1:] == ["mark", "note", "note", "delete"]
    with pytest.raises(BadArchive, match="gone"):
        keeping.attach(archive, kept, "notes", {})


def test_a_summary_can_be_made_anew(archive: Archive, first: Made, second: Made) -> None:
    kept = keep(archive, first)
    change(archive, RETURNS, kept.id, summary=b"damaged" * 10)
    assert find(archive, kept.id).is_damaged
    keeping.renew(archive, find(archive, kept.id), first.report)
    assert not find(archive, kept.id).is_damaged
    assert actions(archive)[-1] == "recompute"
    with pytest.raises(BadArchive):
        keeping.renew(archive, kept, second.report)


# -- what is refused ------------------------------------------------------------------------------------------


def test_a_return_without_an_authority_is_refused(archive: Archive) -> None:
    for lea in (None, "", "33", "ABC", "3334", "٣٣٣"):
        with pytest.raises(BadArchive, match="names no authority"):
            keeping.check_authority(archive, lea)


def test_made_up_and_real_returns_are_not_mixed(archive: Archive, first: Made) -> None:
    keep(archive, first)
    unreal = made.Made(*_made_up())
    with pytest.raises(BadArchive, match="real returns of authority 333"):
        keep(archive, unreal)
    assert len(listed(archive)) == 1


@cache
def _made_up() -> tuple[bytes, Any]:
    from sen2dash.checks.report import build_report
    from sen2dash.config import Settings
    from sen2dash.sample.generate import sample_bytes

    data = sample_bytes(2, seed=9, year=2025)
    return data, build_report(data, Settings(now=made.NOW), only=())


def test_the_room_is_limited(address: str, open_it: Open, first: Made, second: Made) -> None:
    archive = open_it(address, archive_limit_mb=1)
    kept = keep(archive, first)
    change(archive, RETURNS, kept.id, xml=b"0" * 999_999)
    with pytest.raises(BadArchive, match="limit is 1 MB"):
        keep(archive, second)
    assert len(listed(archive)) == 1


@pytest.mark.parametrize("until", [date(2025, 2, 1), date(2032, 2, 2), date(2024, 1, 1)])
def test_an_end_date_outside_the_limits_is_refused(open_it: Open, tmp_path: Path, first: Made, until: date) -> None:
    archive = open_it(f"sqlite:///{tmp_path}/returns.db")
    with pytest.raises(BadArchive, match="not between tomorrow and 1 February 2032"):
        keep(archive, first, retain_until=until)
    for allowed in (date(2025, 2, 2), date(2032, 2, 1)):
        assert keep(archive, first, retain_until=allowed).retain_until == date(2025, 2, 2)


def test_a_return_whose_period_is_over_needs_an_end_date(open_it: Open, tmp_path: Path, first: Made) -> None:
    archive = open_it(f"sqlite:///{tmp_path}/returns.db", now=datetime(2028, 3, 1))
    with pytest.raises(BadArchive, match="would have ended on 16 January 2028"):
        keep(archive, first)
    assert keep(archive, first, retain_until=date(2029, 1, 1)).retain_until == date(2029, 1, 1)


def test_the_period_is_a_setting(open_it: Open, tmp_path: Path, first: Made) -> None:
    archive = open_it(f"sqlite:///{tmp_path}/returns.db", archive_retention_days=400)
    assert keep(archive, first).retain_until == date(2026, 2, 20)


# -- what ends ------------------------------------------------------------------------------------------------


def test_an_ended_return_is_deleted_after_the_notice(address: str, open_it: Open, first: Made, second: Made) -> None:
    archive = open_it(address)
    kept = keep(archive, first, retain_until=date(2025, 6, 1))
    other = keep(archive, second)
    assert kept.removed_on == date(2025, 6, 16)
    assert ending.expire(open_it(address, now=datetime(2025, 6, 15, 23, 0))) == ()
    late = open_it(address, now=datetime(2025, 6, 16, 1, 0))
    assert [each.id for each in ending.expire(late)] == [kept.id]
    assert [each.id for each in listed(late)] == [other.id]
    with late.database.reading() as connection:
        *_, last = (each.event for each in audit.entries(connection, late.key) if each.authority == "333")
    assert last is not None
    assert (last.action, last.return_id, last.people, last.digest) == ("expire", kept.id, 12, first.report.facts.sha256)


def test_erase_all_leaves_nothing_not_even_the_key(address: str, open_it: Open, first: Made, second: Made) -> None:
    archive, other = open_it(address), open_it(address)
    keep(archive, first)
    keep(archive, second)
    assert ending.erase(archive) == 2
    assert [count(archive, table) for table in (RETURNS, ATTACHMENTS, AUDIT, KEYS)] == [0, 0, 0, 0]
    # Another window still has the old key: what it kept could never be opened again.
    with pytest.raises(BadArchive, match="erased meanwhile"):
        keep(other, first)
    with pytest.raises(NoArchive):
        open_it(address, is_made=False)
    assert open_it(address, Secret("passphrase", "another passphrase")).is_new


def test_erase_of_one_authority_leaves_the_other(open_it: Open, tmp_path: Path, first: Made) -> None:
    archive = open_it(f"sqlite:///{tmp_path}/returns.db")
    keep(archive, first)
    keep(archive, made.make(seed=1, lea="301"))
    assert ending.erase(archive, "301") == 1
    assert [each.authority for each in listed(archive)] == ["333"]
    assert actions(archive) == ["keep"]
    assert actions(archive, "") == ["open_archive", "erase"]


# -- keys -----------------------------------------------------------------------------------------------------


def test_a_wrong_key_and_a_damaged_key_record_look_the_same(address: str, open_it: Open, first: Made) -> None:
    archive = open_it(address)
    keep(archive, first)
    said = []
    for secret in (Secret("passphrase", "correct horse batterz"), Secret("key_file", key=bytes(32))):
        with pytest.raises(WrongKey) as found:
            open_it(address, secret)
        said.append(found.value.one_line())
    change(archive, KEYS, archive.database.owner, wrapped=bytes(60))
    with pytest.raises(WrongKey) as found:
        open_it(address)
    assert len({*said, found.value.one_line()}) == 1
    assert "batter" not in said[0]
    assert actions(archive, archive.database.own_chain) == ["open_archive", "wrong_key", "wrong_key", "wrong_key"]


@pytest.mark.parametrize("columns", [{"log_n": 19}, {"p": 200}, {"r": 9}, {"salt": bytes(16)}, {"kind": "key_file"}])
def test_a_changed_key_record_does_not_open(open_it: Open, tmp_path: Path, columns: dict[str, Any]) -> None:
    address = f"sqlite:///{tmp_path}/returns.db"
    archive = open_it(address)
    change(archive, KEYS, "", **columns)
    with pytest.raises(WrongKey):
        open_it(address)


def test_the_passphrase_can_be_changed_without_touching_a_return(address: str, open_it: Open, first: Made) -> None:
    archive = open_it(address)
    kept = keep(archive, first)
    with archive.database.reading() as connection:
        before = connection.execute(sa.select(RETURNS)).one()
    opened.change_key(archive, Secret("key_file", key=b"k" * 32), CHEAP)
    with pytest.raises(WrongKey):
        open_it(address)
    again = open_it(address, Secret("key_file", key=b"k" * 32))
    with again.database.reading() as connection:
        assert connection.execute(sa.select(RETURNS)).one() == before
    assert original(again, find(again, kept.id)) == first.data
    with pytest.raises(BadArchive, match="12 to 1,000 characters"):
        opened.change_key(again, Secret("passphrase", "short"))


def test_a_short_passphrase_makes_no_archive(address: str, open_it: Open) -> None:
    with pytest.raises(BadArchive, match="12 to 1,000 characters"):
        open_it(address, Secret("passphrase", "elevenchars"))
    assert open_it(address, PASSPHRASE).is_new


@pytest.mark.parametrize(
    "text", [b"k" * 32, b"6b" * 32 + b"\n", b"a2traw==", b"a2tra2tra2tra2tra2tra2tra2tra2tra2tra2tra2s=\n"]
)
def test_a_key_file_holds_32_bytes(tmp_path: Path, text: bytes) -> None:
    path = tmp_path / "key"
    path.write_bytes(text)
    if text == b"a2traw==":
        with pytest.raises(BadArchive, match="key of 32 bytes"):
            keys.read_key_file(path)
    else:
        assert keys.read_key_file(path) == b"k" * 32
    with pytest.raises(BadArchive, match="No such file"):
        keys.read_key_file(tmp_path / "no")


# -- damage ---------------------------------------------------------------------------------------------------


def test_one_damaged_return_leaves_the_others_readable(archive: Archive, first: Made, second: Made) -> None:
    third = made.make(seed=3)
    damaged, whole, blind = (keep(archive, each) for each in (first, second, third))
    with archive.database.reading() as connection:
        sealed = connection.scalar(sa.select(RETURNS.c.xml).where(RETURNS.c.id == damaged.id))
    assert sealed is not None
    change(archive, RETURNS, damaged.id, xml=sealed[:50] + bytes([sealed[50] ^ 1]) + sealed[51:])
    change(archive, RETURNS, blind.id, manifest=b"")
    assert {each.id: each.is_damaged for each in listed(archive)} == {damaged.id: True, whole.id: False, blind.id: True}
    assert original(archive, find(archive, whole.id)) == second.data
    for ident in (damaged.id, blind.id):
        with pytest.raises(BadArchive, match=f"return {ident} cannot be opened"):
            original(archive, find(archive, ident))
        ending.delete(archive, find(archive, ident))
    assert [each.id for each in listed(archive)] == [whole.id]


@pytest.mark.parametrize("column", ["xml", "manifest", "summary"])
def test_a_swapped_record_does_not_open(open_it: Open, tmp_path: Path, first: Made, second: Made, column: str) -> None:
    archive = open_it(f"sqlite:///{tmp_path}/returns.db")
    one, two = keep(archive, first), keep(archive, second)
    with archive.database.reading() as connection:
        sealed = {row[0]: row[1] for row in connection.execute(sa.select(RETURNS.c.id, RETURNS.c[column]))}
    change(archive, RETURNS, one.id, **{column: sealed[two.id]})
    assert {each.id: each.is_damaged for each in listed(archive)} == {one.id: True, two.id: False}


def test_each_write_has_its_own_nonce(archive: Archive, first: Made) -> None:
    kept = keep(archive, first)
    nonces = set()
    for label in ("One", "Two", "One"):
        keeping.relabel(archive, kept, label=label)
        with archive.database.reading() as connection:
            row = connection.execute(sa.select(RETURNS.c.manifest, RETURNS.c.summary, RETURNS.c.xml)).one()
        nonces |= {bytes(sealed[:12]) for sealed in row}
    assert len(nonces) == 5


# -- no plain text --------------------------------------------------------------------------------------------


def plain_texts(each: Made) -> list[bytes]:
    digest = each.report.facts.sha256
    words = (b"<Person>", b"<UPN>", b"secret label", b"secret note", b"return.xml", b"officer", digest.encode())
    return [*each.names()[:8], *words, bytes.fromhex(digest)]


def found_in(folder: Path, texts: list[bytes]) -> list[bytes]:
    """The texts that stand in a file below a folder. A file that the database removes meanwhile holds nothing of ours."""
    held = []
    for path in folder.rglob("*"):
        with suppress(OSError):
            held.append(path.read_bytes())
    return [text for text in texts if any(text in data for data in held)]


def fill(archive: Archive, *all_made: Made) -> Kept:
    for each in all_made:
        kept = keep(archive, each, label="secret label", note="secret note")
    keeping.attach(archive, kept, "notes", {"P15": Edit("secret note", tuple(n.decode() for n in all_made[0].names()))})
    original(archive, kept)
    return kept


def test_no_plain_text_reaches_the_sqlite_file_or_its_folder(
    open_it: Open, tmp_path: Path, first: Made, second: Made
) -> None:
    archive = open_it(f"sqlite:///{tmp_path}/returns.db")
    with archive.writing("333"):
        # What a transaction leaves beside the file while it runs.
        pass
    kept = fill(archive, first, second)
    texts = [*plain_texts(first), *plain_texts(second)]
    assert [path.name for path in tmp_path.iterdir()] == ["returns.db"]
    assert found_in(tmp_path, texts) == []
    # The search would find it: the id is in plain.
    assert found_in(tmp_path, [kept.id.encode()])
    ending.delete(archive, kept)
    assert found_in(tmp_path, texts) == []


@pytest.mark.slow
def test_no_plain_text_reaches_the_files_of_postgresql(
    region: Any, server: sa.URL, open_it: Open, first: Made, second: Made
) -> None:
    kept = fill(open_it(region("sen2_333")), first, second)
    run_as(server, "checkpoint")
    folder = Path(str(_value(server, "show data_directory")))
    assert found_in(folder, [*plain_texts(first), *plain_texts(second)]) == []
    assert found_in(folder, [kept.id.encode()])


def _value(url: sa.URL, statement: str) -> Any:
    engine = sa.create_engine(url)
    with engine.connect() as connection:
        return connection.exec_driver_sql(statement).scalar()


def test_what_is_in_plain_is_what_the_document_says(archive: Archive) -> None:
    columns = {(table.name, column.name) for table in METADATA.tables.values() for column in table.columns}
    sealed = {column.name for column in RETURNS.columns if isinstance(column.type, sa.LargeBinary)}
    assert sealed == {"manifest", "summary", "xml"}
    assert {name for table, name in columns if table == "archive_return"} - sealed == {
        "id",
        "authority",
        "fingerprint",
        "retain_until",
        "kept_at",
        "place",
    }


# -- the database ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "address",
    [
        "",
        "returns.db",
        "sqlite://",
        "sqlite:///:memory:",
        "mysql://x/y",
        "postgresql://x/y",
        "sqlite:///x?mode=ro",
        "://",
    ],
)
def test_an_address_that_names_no_archive_is_refused(open_it: Open, address: str) -> None:
    with pytest.raises(BadArchive) as found:
        open_it(address)
    assert "sqlite:///path/returns.db" in found.value.hint


def test_a_file_of_another_program_is_left_alone(open_it: Open, tmp_path: Path) -> None:
    path = tmp_path / "other.db"
    with sqlite3.connect(path) as connection:
        connection.execute("create table theirs (x)")
    before = path.read_bytes()
    with pytest.raises(BadArchive, match="another program"):
        open_it(f"sqlite:///{path}")
    assert path.read_bytes() == before
    path.write_bytes(b"This is a text, and no database. " * 100)
    with pytest.raises(BadArchive, match="does not answer as it should"):
        open_it(f"sqlite:///{path}")


def test_nothing_is_made_unless_a_return_is_to_be_kept(open_it: Open, tmp_path: Path) -> None:
    with pytest.raises(NoArchive):
        open_it(f"sqlite:///{tmp_path}/returns.db", is_made=False)
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(BadArchive, match="cannot be made"):
        open_it(f"sqlite:///{tmp_path}/no/returns.db")


def test_only_the_account_can_read_a_new_file(open_it: Open, tmp_path: Path) -> None:
    open_it(f"sqlite:///{tmp_path}/returns.db")
    mode = (tmp_path / "returns.db").stat().st_mode & 0o777
    assert mode in (0o600, 0o666), "0o666 is how Windows says it"


def test_an_archive_of_a_newer_release_is_refused(address: str, open_it: Open, request: pytest.FixtureRequest) -> None:
    archive = open_it(address)
    change(archive, KEYS, archive.database.owner, format=2)
    with pytest.raises(BadArchive, match="newer release"):
        open_it(address)


def test_tables_of_a_newer_release_are_refused(open_it: Open, tmp_path: Path) -> None:
    address = f"sqlite:///{tmp_path}/returns.db"
    archive = open_it(address)
    with archive.database.writing() as connection:
        connection.exec_driver_sql("update archive_version set version_num = '9999'")
    with pytest.raises(BadArchive, match="newer release"):
        open_it(address)


def test_the_migrations_make_the_tables_of_the_code(archive: Archive) -> None:
    from alembic.autogenerate import compare_metadata
    from alembic.runtime.migration import MigrationContext

    with archive.database.reading() as connection:
        context = MigrationContext.configure(connection, opts={"version_table": VERSION_TABLE})
        assert compare_metadata(context, METADATA) == []


def test_an_error_of_the_database_says_nothing_that_it_holds(archive: Archive) -> None:
    with pytest.raises(BadArchive) as found, archive.database.writing() as connection:
        connection.execute(sa.insert(RETURNS).values(id="Smith", authority="UPN"))
    assert "Smith" not in found.value.one_line()
    assert "UPN" not in found.value.one_line()


def test_the_archive_is_off_without_a_setting(open_it: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SEN2DASH_ARCHIVE", raising=False)
    with pytest.raises(BadArchive, match="Nothing is kept until a setting names a database"):
        open_it("", archive=None)
