"""Kept returns come back as they were, nothing of them can be read without the key, and what ends is deleted."""

from __future__ import annotations

import hashlib
import sqlite3
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
import sqlalchemy as sa

from sen2dash import __version__
from sen2dash.analysis.trend import to_recompute
from sen2dash.archive import (
    addresses,
    audit,
    database,
    deleting,
    keeping,
    keeping_limits,
    keys,
    opening,
    packing,
    sealing,
)
from sen2dash.archive.kept import KeptReturn, attached, find, id_of, listed, original, stamps
from sen2dash.archive.keys import Secret
from sen2dash.archive.opening import Archive
from sen2dash.archive.parts import SavedMarks
from sen2dash.archive.tables import ATTACHMENTS, AUDIT, KEYS, METADATA, RETURNS, VERSION_TABLE
from sen2dash.checks import marks
from sen2dash.checks.notes import Edit
from sen2dash.config import UNITED_KINGDOM, Settings
from sen2dash.errors import BadArchive, NewerRecord, NoArchive, WrongKey
from tests.archive import made
from tests.archive.conftest import CHEAP, PASSPHRASE, Open, run_as
from tests.archive.made import Made, attach, keep


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
    ident, is_new = keeping.keep(
        archive, first.data, first.report, keeping.KeepOptions(label="Again", kind="submission")
    )
    assert (ident, is_new) == (kept.id, False)
    again = find(archive, ident)
    assert again.manifest is not None
    assert (again.manifest.label, again.manifest.kind) == ("Again", "submission")
    assert id_of(archive, first.report.facts.sha256) == kept.id
    assert id_of(archive, second.report.facts.sha256) is None
    keep(archive, second)
    assert len(listed(archive)) == 2


def test_a_kept_return_stays_as_it_is_unless_something_is_given(archive: Archive, first: Made) -> None:
    kept = keep(archive, first, label="One", kind="submission", retain_until=date(2026, 1, 1))
    assert keep(archive, first) == kept
    assert actions(archive) == ["keep"]
    again = keep(archive, first, kind="other_system", retain_until=date(2027, 1, 1))
    assert again.manifest is not None
    assert (again.manifest.label, again.manifest.kind, again.retain_until) == ("One", "other_system", date(2027, 1, 1))
    with pytest.raises(BadArchive, match="not between tomorrow"):
        keep(archive, first, retain_until=date(2025, 1, 1))


def test_a_prolonged_return_can_be_kept_again_when_its_first_period_is_over(
    open_it: Open, tmp_path: Path, first: Made
) -> None:
    address = f"sqlite:///{tmp_path}/returns.db"
    kept = keep(open_it(address), first, retain_until=date(2031, 1, 1))
    assert keep(open_it(address, now=datetime(2028, 3, 1)), first).id == kept.id


@pytest.mark.parametrize("column", ["xml", "manifest", "summary"])
def test_a_damaged_return_is_made_whole_by_keeping_it_again(
    open_it: Open, tmp_path: Path, first: Made, column: str
) -> None:
    archive = open_it(f"sqlite:///{tmp_path}/returns.db")
    kept = keep(archive, first, label="One", kind="submission")
    change(archive, RETURNS, kept.id, **{column: b"damaged" * 10})
    again = keep(archive, first, note="A note")
    (whole,) = listed(archive)
    assert (whole.id, whole.is_damaged, whole) == (kept.id, False, again)
    assert original(archive, whole) == first.data
    assert whole.manifest is not None
    assert (whole.manifest.label, whole.manifest.note) == ("" if column == "manifest" else "One", "A note")
    assert actions(archive)[1] == "repair"


def test_bytes_that_change_while_they_are_read_are_not_kept(archive: Archive, first: Made) -> None:
    """The bytes are taken once: what is hashed is what is kept."""

    class Changing:
        """A memory map whose bytes another program changes after they were read once."""

        n_read = 0

        def __getitem__(self, _: slice) -> bytes:
            self.n_read += 1
            return first.data if self.n_read == 1 else b"<other/>"

    source: Any = Changing()
    ident, _ = keeping.keep(archive, source, first.report, keeping.KeepOptions())
    assert original(archive, find(archive, ident)) == first.data


def test_texts_that_are_not_utf8_are_kept_without_what_is_no_character(archive: Archive, first: Made) -> None:
    kept = keeping.keep(
        archive, first.data, first.report, keeping.KeepOptions(label="a\udcff", note="b\udcff", file_name="c\udcff.xml")
    )[0]
    manifest = find(archive, kept).manifest
    assert manifest is not None
    assert (manifest.label, manifest.note, manifest.file_name) == ("a?", "b?", "c?.xml")
    keeping.relabel(archive, find(archive, kept), label="\udcffd", note="\udcff")
    assert find(archive, kept).name == "?d"


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
    attach(archive, kept, "marks", SavedMarks.from_rows(table))
    for text in ("An earlier note", "Plainly readable"):
        attach(archive, kept, "notes", {"P15": Edit(text, ("1",))})
    assert attached(archive, kept, "marks").table() == table
    assert attached(archive, kept, "notes") == {"P15": Edit("Plainly readable", ("1",))}
    assert count(archive, ATTACHMENTS) == 2
    deleting.delete(archive, kept)
    assert (count(archive, ATTACHMENTS), count(archive, RETURNS)) == (0, 0)
    assert actions(archive)[1:] == ["mark", "note", "note", "delete"]
    with pytest.raises(BadArchive, match="deleted since you listed it"):
        attach(archive, kept, "notes", {})


def test_work_is_kept_only_in_place_of_what_was_seen(archive: Archive, first: Made) -> None:
    kept = keep(archive, first)
    edit = {"P15": Edit("Mine", ("1",))}
    assert keeping.keep_work(archive, kept, {"marks": None, "notes": None, "teams": None}, {}) == {}
    seen = keeping.keep_work(archive, kept, {"marks": None, "notes": edit, "teams": None}, {})
    assert seen == stamps(archive, kept) and set(seen) == {"notes"}
    # The same words at the same time are another saving.
    attach(archive, kept, "notes", edit)
    table = marks.SCHEMA.empty_table()
    for stale in (seen, {}):
        with pytest.raises(BadArchive, match="Other marks, notes or teams"):
            keeping.keep_work(archive, kept, {"marks": SavedMarks.from_rows(table), "notes": None}, stale)
    assert attached(archive, kept, "notes") == edit and attached(archive, kept, "marks") is None
    n = len(actions(archive))
    assert keeping.keep_work(archive, kept, {"marks": None, "notes": None}, stamps(archive, kept)) == {}
    assert attached(archive, kept, "notes") is None
    assert actions(archive)[n:] == ["note"]
    deleting.delete(archive, kept)
    with pytest.raises(BadArchive, match="deleted since you listed it"):
        keeping.keep_work(archive, kept, {"notes": edit}, {})


def test_the_summary_of_a_newer_release_is_not_replaced(archive: Archive, first: Made) -> None:
    kept = keep(archive, first)
    later = archive.key.seal(packing.compress(b'{"later": 1}'), "summary", kept.id)
    change(archive, RETURNS, kept.id, summary=later)
    newer = find(archive, kept.id)
    assert to_recompute([newer], archive.settings) == ()
    # A window that listed it before does not replace it either.
    for each in (kept, newer):
        with pytest.raises(NewerRecord):
            keeping.renew(archive, each, first.report)
    with archive.database.reading() as connection:
        assert connection.scalar(sa.select(RETURNS.c.summary)) == later


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
            keeping_limits.check_authority(archive, lea)


def test_made_up_and_real_returns_are_not_mixed(archive: Archive, first: Made) -> None:
    keep(archive, first)
    unreal = made.Made(*_made_up())
    with pytest.raises(BadArchive, match="real returns of authority 333"):
        keep(archive, unreal)
    assert len(listed(archive)) == 1


@cache
def _made_up() -> tuple[bytes, Any]:
    from sen2dash.checks.report import build_report
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
    for ends in (date(2025, 2, 2), date(2032, 2, 1)):
        assert keep(archive, first, retain_until=ends).retain_until == ends


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
    before = open_it(address, now=datetime(2025, 6, 15, 23, 0))
    assert deleting.expire(before) == ()
    deleting.give_notice(before, deleting.notices(before), kept)
    late = open_it(address, now=datetime(2025, 6, 16, 1, 0))
    assert [each.id for each in deleting.expire(late)] == [kept.id]
    assert [each.id for each in listed(late)] == [other.id]
    with late.database.reading() as connection:
        *_, last = (each.event for each in audit.entries(connection, late.key) if each.authority == "333")
    assert last is not None
    assert (last.action, last.return_id, last.people, last.digest) == ("expire", kept.id, 12, first.report.facts.sha256)


def test_a_return_of_which_nobody_was_given_notice_stays(open_it: Open, address: str, first: Made) -> None:
    kept = keep(open_it(address), first, retain_until=date(2025, 6, 1))

    def at(day: date) -> Archive:
        return open_it(address, now=datetime(day.year, day.month, day.day, 12))

    # Nobody looked for a month: the notice begins when somebody does, once.
    late = at(date(2025, 7, 10))
    assert deleting.expire(late) == () and deleting.notices(late) == {}
    for _ in range(2):
        deleting.give_notice(late, deleting.notices(late), kept)
    given = deleting.notices(late)
    assert given == {kept.id: date(2025, 7, 10)}
    assert deleting.removed_on(kept, given, date(2025, 7, 20)) == date(2025, 7, 24)
    with late.database.reading() as connection:
        found = [each.event for each in audit.entries(connection, late.key) if each.event]
    assert [each.what for each in found if each.action == "retention"] == [deleting.NOTICE_GIVEN]
    # Another end date begins anew.
    keeping.relabel(at(date(2025, 7, 20)), kept, retain_until=date(2025, 8, 1))
    assert deleting.expire(at(date(2025, 9, 1))) == ()
    again = at(date(2025, 9, 2))
    (ended,) = deleting.ended(again)
    deleting.give_notice(again, deleting.notices(again), ended)
    assert deleting.expire(at(date(2025, 9, 15))) == ()
    assert [each.id for each in deleting.expire(at(date(2025, 9, 16)))] == [kept.id]


def test_a_clock_that_a_setting_puts_forward_deletes_nothing(open_it: Open, tmp_path: Path, first: Made) -> None:
    address, today = f"sqlite:///{tmp_path}/returns.db", datetime.now(UNITED_KINGDOM).replace(tzinfo=None)
    kept = keep(open_it(address, now=today), first, retain_until=today.date() + timedelta(days=400))
    late = open_it(address, now=today + timedelta(days=800))
    assert deleting.expire(late) == ()
    assert [each.id for each in deleting.ended(late)] == [kept.id]


def test_a_time_is_that_of_the_world_and_not_of_a_clock_that_goes_back(monkeypatch: pytest.MonkeyPatch) -> None:
    """In October an hour comes twice in the United Kingdom."""
    monkeypatch.delenv("SEN2DASH_NOW", raising=False)
    monkeypatch.setattr(Settings, "clock", lambda _: datetime(2025, 10, 26, 1, 30))
    assert abs(opening.utc(Settings()) - datetime.now(UTC)) < timedelta(minutes=5)
    assert opening.utc(Settings(now=datetime(2025, 7, 1, 12))) == datetime(2025, 7, 1, 11, tzinfo=UTC)


def test_erase_all_leaves_nothing_not_even_the_key(address: str, open_it: Open, first: Made, second: Made) -> None:
    archive, other = open_it(address), open_it(address)
    keep(archive, first)
    keep(archive, second)
    assert deleting.erase(archive) == 2
    assert [count(archive, table) for table in (RETURNS, ATTACHMENTS, AUDIT, KEYS)] == [0, 0, 0, 0]
    # Another window still has the old key: what it kept could never be opened again.
    with pytest.raises(BadArchive, match="has been erased"):
        keep(other, first)
    with pytest.raises(NoArchive):
        open_it(address, is_made=False)
    assert open_it(address, Secret("passphrase", "another passphrase")).is_new


def test_erase_of_one_authority_leaves_the_other(open_it: Open, tmp_path: Path, first: Made) -> None:
    archive = open_it(f"sqlite:///{tmp_path}/returns.db")
    keep(archive, first)
    keep(archive, made.make(seed=1, lea="301"))
    assert deleting.erase(archive, "301") == 1
    assert [each.authority for each in listed(archive)] == ["333"]
    assert actions(archive) == ["keep"]
    assert actions(archive, "") == ["open_archive", "erase"]


@pytest.mark.parametrize("authority", ["302", "", "33", "role sen2_333"])
def test_an_authority_of_which_there_is_nothing_cannot_be_erased(archive: Archive, authority: str) -> None:
    with pytest.raises(BadArchive, match="no return and no audit"):
        deleting.erase(archive, authority)
    assert actions(archive, archive.database.own_chain) == ["open_archive"]


def test_the_key_stays_while_an_audit_of_another_authority_is_sealed_with_it(
    open_it: Open, tmp_path: Path, first: Made
) -> None:
    address = f"sqlite:///{tmp_path}/returns.db"
    archive = open_it(address)
    deleting.delete(archive, keep(archive, first))
    keep(archive, made.make(seed=1, lea="301"))
    assert deleting.erase(archive, "301") == 1
    again = open_it(address, is_made=False)
    assert actions(again) == ["keep", "delete"]
    with again.database.reading() as connection:
        assert [chain.why for chain in audit.verify(connection, "", again.key)] == ["", ""]
        events = [each.event for each in audit.entries(connection, again.key) if each.authority == ""]
    assert [(each.authority, each.rows) for each in events if each and each.action == "erase"] == [("301", 1)]
    assert deleting.erase(again, "333") == 0
    assert [count(again, table) for table in (RETURNS, AUDIT, KEYS)] == [0, 0, 0]


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


@pytest.mark.parametrize(
    "columns",
    [{"log_n": 19}, {"p": 200}, {"r": 9}, {"log_n": 17, "r": 1}, {"salt": bytes(16)}, {"kind": "key_file"}],
)
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
    opening.change_key(archive, Secret("key_file", key=b"k" * 32), CHEAP)
    with pytest.raises(WrongKey):
        open_it(address)
    again = open_it(address, Secret("key_file", key=b"k" * 32))
    with again.database.reading() as connection:
        assert connection.execute(sa.select(RETURNS)).one() == before
    assert original(again, find(again, kept.id)) == first.data
    with pytest.raises(BadArchive, match="12 to 1,000 characters"):
        opening.change_key(again, Secret("passphrase", "short"))


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
        deleting.delete(archive, find(archive, ident))
    assert [each.id for each in listed(archive)] == [whole.id]


@pytest.mark.parametrize("column", ["manifest", "summary"])
def test_a_return_of_a_newer_release_is_listed_as_such_and_left_alone(
    open_it: Open, tmp_path: Path, first: Made, second: Made, column: str
) -> None:
    archive = open_it(f"sqlite:///{tmp_path}/returns.db")
    one, two = keep(archive, first), keep(archive, second)
    later = archive.key.seal(packing.compress(b'{"later": 1}'), column, one.id)
    change(archive, RETURNS, one.id, **{column: later})
    found = {each.id: (each.is_newer, each.is_damaged) for each in listed(archive)}
    assert found == {one.id: (True, False), two.id: (False, False)}
    assert original(archive, find(archive, two.id)) == second.data
    assert keeping.keep(archive, first.data, first.report, keeping.KeepOptions()) == (one.id, False)
    with archive.database.reading() as connection:
        assert connection.scalar(sa.select(RETURNS.c[column]).where(RETURNS.c.id == one.id)) == later
    if column == "manifest":
        with pytest.raises(NewerRecord, match=f"the return {one.id} is described"):
            keeping.relabel(archive, find(archive, one.id), label="Label")
    keep(archive, made.make(seed=3))


def test_marks_of_a_newer_release_are_refused_as_such(archive: Archive, first: Made) -> None:
    kept = keep(archive, first)
    attach(archive, kept, "notes", {})
    later = archive.key.seal(packing.compress(b'{"P15": {"later": 1}}'), "notes", kept.id)
    change(archive, ATTACHMENTS, kept.id, sealed=later)
    with pytest.raises(NewerRecord):
        attached(archive, kept, "notes")


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("manifest", "'text'"),
        ("summary", "7"),
        ("xml", "'text'"),
        ("retain_until", "'text'"),
        ("retain_until", "'2025-02-30'"),
    ],
)
def test_a_value_of_another_type_is_damage_to_one_return(
    open_it: Open, tmp_path: Path, first: Made, second: Made, column: str, value: str
) -> None:
    """SQLite holds any value in any column."""
    archive = open_it(f"sqlite:///{tmp_path}/returns.db")
    one, two = keep(archive, first), keep(archive, second)
    with archive.database.writing() as connection:
        connection.exec_driver_sql(f"update archive_return set {column} = {value} where id = ?", (one.id,))
    assert {each.id: each.is_damaged for each in listed(archive)} == {one.id: True, two.id: False}
    assert deleting.expire(archive) == deleting.ended(archive) == ()
    assert original(archive, find(archive, two.id)) == second.data
    deleting.delete(archive, find(archive, one.id))
    assert [each.id for each in listed(archive)] == [two.id]


@pytest.mark.parametrize("column", ["salt", "wrapped", "log_n", "format"])
def test_a_key_record_with_a_value_of_another_type_does_not_open(open_it: Open, tmp_path: Path, column: str) -> None:
    address = f"sqlite:///{tmp_path}/returns.db"
    with open_it(address).database.writing() as connection:
        connection.exec_driver_sql(f"update archive_key set {column} = 'text'")
    with pytest.raises(WrongKey):
        open_it(address)


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


def fill(archive: Archive, *all_made: Made) -> KeptReturn:
    for each in all_made:
        kept = keep(archive, each, label="secret label", note="secret note")
    attach(archive, kept, "notes", {"P15": Edit("secret note", tuple(n.decode() for n in all_made[0].names()))})
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
    deleting.delete(archive, kept)
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


def readable(archive: Archive) -> set[str]:
    """The columns for sealed bytes that hold what can be read without the key. What is compressed shows no text."""
    found = set()
    columns = [c for table in METADATA.tables.values() for c in table.columns if isinstance(c.type, sa.LargeBinary)]
    for column in columns:
        with archive.database.reading() as connection:
            values = [bytes(value) for value in connection.scalars(sa.select(column)) if column.name != "salt"]
        for value in values:
            inner = (value, value[sealing.NONCE_BYTES :], value[sealing.NONCE_BYTES : -sealing.TAG_BYTES])
            plain = [b"\x28\xb5\x2f\xfd" in value[:64], b'"action"' in value, archive.key._raw in value]
            if any(plain) or any(packing.expand(each) is not None for each in inner):
                found.add(f"{column.table.name}.{column.name}")
    return found


def test_no_sealed_column_can_be_read_without_the_key(archive: Archive, first: Made) -> None:
    fill(archive, first)
    assert readable(archive) == set()


def test_a_record_that_is_not_encrypted_would_be_noticed(
    open_it: Open, tmp_path: Path, first: Made, monkeypatch: pytest.MonkeyPatch
) -> None:
    def seal(data: bytes, key: bytes, about: bytes) -> bytes:
        return bytes(sealing.NONCE_BYTES) + data + bytes(sealing.TAG_BYTES)

    monkeypatch.setattr(sealing, "seal_record", seal)
    monkeypatch.setattr(sealing, "unseal_record", lambda sealed, *_: sealed[sealing.NONCE_BYTES : -sealing.TAG_BYTES])
    archive = open_it(f"sqlite:///{tmp_path}/returns.db")
    fill(archive, first)
    assert readable(archive) == {
        "archive_key.wrapped",
        "archive_return.manifest",
        "archive_return.summary",
        "archive_return.xml",
        "archive_attachment.sealed",
        "archive_audit.sealed",
    }


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
        "sqlite+aiosqlite:///x.db",
        "sqlite+nonsense:///x.db",
        "postgresql+psycopg://user:word@host:port/x",
        "sqlite:///\udcff.db",
        "://",
    ],
)
def test_an_address_that_names_no_archive_is_refused(open_it: Open, address: str) -> None:
    with pytest.raises(BadArchive) as found:
        open_it(address)
    assert "sqlite:///path/returns.db" in found.value.hint


def test_a_file_that_cannot_be_looked_for_is_refused_in_words(open_it: Open, tmp_path: Path) -> None:
    with pytest.raises(BadArchive, match="cannot be"):
        open_it(f"sqlite:///{tmp_path}/{'x' * 300}.db")


def test_a_driver_without_its_library_is_refused_in_words(open_it: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_: str) -> None:
        raise ImportError("no pq wrapper available")

    monkeypatch.setattr(addresses, "import_module", fail)
    with pytest.raises(BadArchive, match="psycopg is not installed as a whole"):
        open_it("postgresql+psycopg://user@host/x")


def test_a_writer_does_not_wait_without_end(address: str, open_it: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "LOCK_SECONDS", 0.2)
    archive, other = open_it(address), open_it(address)
    with archive.writing("333"), pytest.raises(BadArchive, match="Somebody else has been writing"):
        other.record(audit.Event(action="load"), "333")


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
