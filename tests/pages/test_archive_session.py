"""The archive that a session has opened: who gets at it, and when it is closed."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from sen2dash import ui
from sen2dash.archive import audit, opening
from sen2dash.archive.audit import Event
from sen2dash.archive.opening import Archive
from sen2dash.archive.sealing import Cost
from sen2dash.errors import BadArchive, NoAccess, WrongKey
from sen2dash.linked import loaded_files
from sen2dash.model import SEVERITIES
from sen2dash.reading.source import SourceText
from sen2dash.ui import pieces
from sen2dash.web import access, archive_session, audit_events, session_data, vault
from sen2dash.web.access import Person, Right
from sen2dash.web.archive_session import ARCHIVES
from tests.archive import made as returns

PASSPHRASE = "correct horse battery"


@pytest.fixture(autouse=True)
def one_session(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A session without pages, in which keys are made at little cost."""
    monkeypatch.setattr(opening.open_archive, "__defaults__", (False, Cost(4, 1, 1)))
    monkeypatch.setattr(vault, "session", lambda: "one")
    for name in ("ARCHIVE", "ARCHIVE_KEY_FILE", "ARCHIVE_PASSPHRASE"):
        monkeypatch.delenv(f"SEN2DASH_{name}", raising=False)
    yield
    for session in ("one", "two"):
        ARCHIVES.drop(session)


@pytest.fixture
def address(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    monkeypatch.setenv("SEN2DASH_ARCHIVE", f"sqlite:///{(tmp_path / 'returns.db').as_posix()}")
    return tmp_path / "returns.db"


def events(archive: Archive) -> list[Event]:
    with archive.database.reading() as connection:
        return [each.event for each in audit.entries(connection, archive.key) if each.event]


def actions(archive: Archive) -> list[str]:
    return [each.action for each in events(archive)]


def test_without_a_setting_there_is_no_archive(monkeypatch: pytest.MonkeyPatch) -> None:
    assert not archive_session.is_set_up() and archive_session.current() is None
    monkeypatch.setenv("SEN2DASH_ARCHIVE", " ")
    assert not archive_session.is_set_up()
    with pytest.raises(BadArchive, match="There is no archive"):
        archive_session.open_with(PASSPHRASE)


def test_it_opens_with_its_passphrase_and_notes_a_wrong_one(address: Path) -> None:
    assert archive_session.is_set_up() and archive_session.needs_passphrase() and archive_session.is_first()
    with pytest.raises(BadArchive, match="The passphrase cannot be used"):
        archive_session.open_with("short")
    assert not address.exists() and archive_session.current() is None
    made = archive_session.open_with(PASSPHRASE)
    assert archive_session.current() is made and made.is_new and not archive_session.is_first()
    archive_session.close()
    assert archive_session.current() is None
    with pytest.raises(WrongKey):
        archive_session.open_with("correct horse batterz")
    assert archive_session.current() is None
    assert actions(archive_session.open_with(PASSPHRASE)) == ["open_archive", "wrong_key", "open_archive"]


def test_another_session_sees_nothing(address: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    archive_session.open_with(PASSPHRASE)
    monkeypatch.setattr(vault, "session", lambda: "two")
    assert archive_session.current() is None


def test_another_person_in_the_same_session_has_to_open_it_again(
    address: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive_session.open_with(PASSPHRASE)
    monkeypatch.setattr(access, "person", lambda: Person("Somebody else", frozenset(Right)))
    assert archive_session.current() is None


def test_a_server_with_a_key_opens_it_by_itself(
    address: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("SEN2DASH_ARCHIVE_KEY_FILE", str(tmp_path / "returns.key"))
    assert archive_session.is_set_up() and not archive_session.needs_passphrase()
    # There is no such file yet. It is not tried again at once, unless somebody asks.
    assert archive_session.current() is None
    assert "The key file cannot be used" in caplog.text
    (tmp_path / "returns.key").write_text("ab" * 32)
    assert archive_session.current() is None
    archive_session.open_by_itself()
    archive_session.close()
    found = archive_session.current()
    assert found is not None and archive_session.current() is found
    assert actions(found) == ["open_archive", "open_archive"]


def test_it_is_closed_when_its_session_ends_or_is_idle(address: Path) -> None:
    def opened_by(session: str) -> None:
        archive_session.open_with(PASSPHRASE)
        held = ARCHIVES.get("one")
        assert held is not None
        ARCHIVES.drop("one")
        ARCHIVES.put(session, held)

    opened_by("two")
    opened_by("one")
    vault.VAULT.adopt("two")
    vault.VAULT.orphan("two")
    now = time.monotonic()
    vault.VAULT.sweep(now)
    assert ARCHIVES.get("one") is not None and ARCHIVES.get("two") is not None
    vault.VAULT.sweep(now + vault.GRACE_SECONDS + 1)
    assert ARCHIVES.get("one") is not None and ARCHIVES.get("two") is None
    vault.VAULT.sweep(now + ARCHIVES.idle_seconds + 60)
    assert ARCHIVES.get("one") is None
    opened_by("one")
    ARCHIVES.close()
    assert ARCHIVES.get("one") is None


def test_a_passphrase_is_shown_by_nothing_that_is_held(address: Path) -> None:
    archive_session.open_with(PASSPHRASE)
    assert PASSPHRASE not in repr(ARCHIVES.get("one")) and "DataKey" not in repr(ARCHIVES.get("one"))


def test_a_download_is_noted_without_its_name(address: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[Callable[[], bytes]] = []
    monkeypatch.setattr("streamlit.download_button", lambda label, make, **more: made.append(make))
    monkeypatch.setattr(ui, "current_page", lambda: "errors")
    report = returns.make(1).report
    entry = session_data.LoadedReturn(report, session_data.Inputs(SourceText(b""), "Ann Example.xml"))
    monkeypatch.setattr(vault, "current", lambda: entry)

    def download() -> bytes:
        pieces.download("Findings", lambda: b"1", "Ann Example.csv", "text/csv", "key", rows=3, is_rounded=False)
        return made.pop()()

    # Nothing is noted where no archive is open.
    assert download() == b"1"
    archive = archive_session.open_with(PASSPHRASE)
    assert download() == b"1"
    event = events(archive)[-1]
    assert (event.action, event.what, event.rows, event.is_rounded) == ("download", "errors.csv", 3, False)
    assert (event.digest, event.people) == (report.facts.sha256, 12)
    assert "Ann" not in event.model_dump_json()


def test_a_download_that_cannot_be_noted_is_not_given(address: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[Callable[[], bytes]] = []
    monkeypatch.setattr("streamlit.download_button", lambda label, make, **more: made.append(make))
    monkeypatch.setattr(vault, "current", lambda: None)
    archive_session.open_with(PASSPHRASE)
    pieces.download("Findings", lambda: b"1", "findings.csv", "text/csv", "key")
    address.unlink()
    with pytest.raises(RuntimeError, match="reference"):
        made.pop()()


def test_a_load_is_noted_in_the_chain_of_its_authority(address: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    report = returns.make(1).report
    audit_events.note_loaded(report)
    archive = archive_session.open_with(PASSPHRASE)
    audit_events.note_loaded(report)
    with archive.database.reading() as connection:
        (found,) = [each for each in audit.entries(connection, archive.key) if each.authority == "333"]
    assert found.event is not None
    assert (found.event.action, found.event.digest, found.event.year) == ("load", report.facts.sha256, 2025)
    assert found.event.findings == {severity: report.n_findings(severity) for severity in SEVERITIES}
    # An authority that is no number has no chain.
    archive_session.record(Event(action="load"), "x")
    assert actions(archive) == ["open_archive", "load", "load"]


def test_what_comes_beside_a_return_is_noted_by_digest_and_number(address: Path) -> None:
    report, archive = returns.make(1).report, archive_session.open_with(PASSPHRASE)
    earlier = SourceText(b"earlier")
    audit_events.note_loaded_earlier(report, earlier)
    audit_events.note_compared(report, earlier)
    before = loaded_files.LoadedFiles(kinds={"census": loaded_files.KindOfFile(1, (), (), 5, 6)})
    after = loaded_files.LoadedFiles(kinds={**before.kinds, "attainment": loaded_files.KindOfFile(1, (), (), 7, 3)})
    audit_events.note_linked(report, [b"a file"], after, before)
    audit_events.note_accepted(report, "accept")
    audit_events.note_accepted(report, "undo")
    found = [(each.action, each.what, each.rows, each.other_digest) for each in events(archive) if each.digest]
    one, other = (hashlib.sha256(data).hexdigest() for data in (b"earlier", b"a file"))
    assert found == [
        ("load", "earlier", None, one),
        ("compare", "uploaded", None, one),
        ("linked_file", "file", None, other),
        ("linked_file", "attainment.kept", 7, None),
        ("linked_file", "attainment.dropped", 3, None),
        ("accept_match", "accept", None, None),
        ("accept_match", "undo", None, None),
    ]
    assert {each.digest for each in events(archive) if each.digest} == {report.facts.sha256}


def test_a_return_of_another_authority_that_is_refused_is_noted(address: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(access, "person", lambda: Person("7f3a", frozenset(Right), "873"))
    archive = archive_session.open_with(PASSPHRASE)
    access.check_authority("873")
    with pytest.raises(NoAccess):
        access.check_authority("333")
    assert [(each.action, each.what, each.who) for each in events(archive)[1:]] == [("refused", "authority", "7f3a")]


def test_sign_ins_and_refusals_are_noted_with_who_it_was(address: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = Person("7f3a", frozenset({Right.VIEW}), name="Sam Officer")
    monkeypatch.setattr(access, "person", lambda: found)
    archive = archive_session.open_with(PASSPHRASE)
    access.record("right", Right.VIEW.value, found)
    access.record("refused", "errors", found)
    assert [(each.action, each.what) for each in events(archive)[1:]] == [("right", "sen2.view"), ("refused", "errors")]
    assert {each.who for each in events(archive)} == {"Sam Officer (7f3a)"}
