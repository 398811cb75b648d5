"""The page "Kept returns": opening the archive, keeping, listing, opening, comparing, changing and deleting returns."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from dataclasses import replace
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from sen2dash import ui
from sen2dash.archive import audit, deleting, keeping, kept, opening
from sen2dash.archive.audit import Event
from sen2dash.archive.keys import Secret
from sen2dash.archive.opening import Archive
from sen2dash.archive.sealing import Cost
from sen2dash.checks import marks
from sen2dash.checks.notes import Edit
from sen2dash.config import Settings
from sen2dash.errors import NoAccess
from sen2dash.linked.matching import Pair
from sen2dash.model import SEVERITIES
from sen2dash.reading.source import SourceText
from sen2dash.ui import kept_actions, kept_compare, kept_erase, kept_keep, kept_list
from sen2dash.web import access, session_data, vault
from sen2dash.web.access import Person, Right
from sen2dash.web.archive_session import ARCHIVES
from tests.archive import made
from tests.other.making import files_of, small
from tests.pages.kept import Files, files
from tests.pages.test_pages import words
from tests.pages.test_working_file import entry_of, load, press

pytestmark = pytest.mark.usefixtures("few_rules")
PASSPHRASE = "correct horse battery"
NOW = "2025-02-01T12:00:00"
Visit = Callable[[], AppTest]
__all__ = ["files"]


@pytest.fixture(autouse=True)
def no_archive(monkeypatch: pytest.MonkeyPatch) -> None:
    """A fixed time, cheap keys, and no archive unless a test names one."""
    monkeypatch.setattr(opening.open_archive, "__defaults__", (False, Cost(4, 1, 1)))
    monkeypatch.setenv("SEN2DASH_NOW", NOW)
    for name in ("ARCHIVE", "ARCHIVE_KEY_FILE", "ARCHIVE_PASSPHRASE"):
        monkeypatch.delenv(f"SEN2DASH_{name}", raising=False)


@pytest.fixture
def address(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    monkeypatch.setenv("SEN2DASH_ARCHIVE", f"sqlite:///{(tmp_path / 'returns.db').as_posix()}")
    return tmp_path / "returns.db"


@pytest.fixture
def archive(address: Path) -> Iterator[Archive]:
    """The same archive, opened beside the pages."""
    found = opening.open_archive(Settings(), Secret("passphrase", PASSPHRASE), "a colleague", is_made=True)
    yield found
    found.close()


@pytest.fixture
def visit() -> Iterator[Visit]:
    """A function that starts a visit on the page."""
    visits: list[AppTest] = []

    def start() -> AppTest:
        at = AppTest.from_file(str(ui.ROOT / "sen2dash" / "main.py"), default_timeout=60).run()
        visits.append(at)
        return go(at, "kept")

    yield start
    for at in visits:
        vault.VAULT.drop(at.session_state[vault.SESSION_KEY])
        ARCHIVES.drop(at.session_state[vault.SESSION_KEY])


def go(at: AppTest, page: str) -> AppTest:
    at.switch_page(f"../pages/{page}.py").run()
    assert not at.exception
    return at


def fill(at: AppTest, label: str, text: str) -> None:
    next(each for each in at.text_input if each.label.startswith(label)).set_value(text)


def unlock(at: AppTest, passphrase: str = PASSPHRASE) -> AppTest:
    fill(at, "Passphrase of the archive", passphrase)
    return press(at, "Open the archive")


def choose(at: AppTest, ident: str) -> AppTest:
    return at.selectbox(key="kept_chosen").set_value(ident).run()


def do(at: AppTest, action: str) -> AppTest:
    control = next(each for each in at.segmented_control if each.label == "What to do")
    return control.set_value(action).run()


def labels(at: AppTest, kind: str) -> list[str]:
    """What elements of a kind say that AppTest has no class of its own for."""
    return [str(getattr(each, "proto", each).label) for each in at.get(kind)]  # type: ignore[union-attr]


def links(at: AppTest) -> list[str]:
    """The links to other pages."""
    return labels(at, "page_link")


def events(archive: Archive) -> list[Event]:
    with archive.database.reading() as connection:
        return [each.event for each in audit.entries(connection, archive.key) if each.event]


def actions(archive: Archive) -> list[str]:
    """What is noted about returns, in order."""
    return [each.action for each in events(archive) if each.action not in ("open_archive", "wrong_key")]


def keep(archive: Archive, seed: int, **more: Any) -> str:
    """Keep a return beside the pages, and return its id."""
    lea = more.pop("lea", "333")
    return made.keep(archive, made.make(seed, lea), **more).id


# -- opening the archive ----------------------------------------------------------------------------------


def test_without_a_setting_it_says_how_to_switch_it_on_and_nothing_else_changes(visit: Visit) -> None:
    at = visit()
    assert "Nothing is kept on this server" in words(at) and "SEN2DASH_ARCHIVE" in words(at)
    assert not at.text_input and not at.dataframe
    go(at, "upload")
    assert "It is never written to disk or sent on." in words(at)
    load(at, made.make(1).data)
    assert "Keep this return" not in links(at)


def test_the_first_passphrase_is_chosen_twice(visit: Visit, address: Path) -> None:
    at = visit()
    assert "Nobody can recover the passphrase" in words(at)

    def make(first: str, second: str) -> None:
        fill(at, "Passphrase, at least 12", first)
        fill(at, "The same passphrase", second)
        press(at, "Make the archive")

    make(PASSPHRASE, PASSPHRASE + "x")
    assert "The two passphrases differ" in at.error[0].value and not address.exists()
    make("short", "short")
    assert "needs 12 to" in at.error[0].value and not address.exists()
    make(PASSPHRASE, PASSPHRASE)
    assert not at.error and "Nothing is kept yet." in words(at)
    assert address.exists()
    assert PASSPHRASE not in repr(at.session_state)
    press(at, "Close the archive")
    assert "The archive is closed" in words(at)


def test_a_wrong_passphrase_opens_nothing_and_is_noted(visit: Visit, archive: Archive) -> None:
    keep(archive, 1)
    at = unlock(visit(), "correct horse batterz")
    assert "The archive does not open" in at.error[0].value and not at.dataframe
    unlock(at)
    assert not at.error and len(at.dataframe[0].value) == 1
    with archive.database.reading() as connection:
        assert "wrong_key" in [each.kind for each in audit.entries(connection)]


def test_a_server_with_a_key_opens_it_by_itself(visit: Visit, address: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SEN2DASH_ARCHIVE_KEY_FILE", str(address.with_name("returns.key")))
    at = visit()
    assert "The key file cannot be used" in at.error[0].value
    address.with_name("returns.key").write_text("ab" * 32)
    at.run()
    assert not at.error and not at.text_input and "Nothing is kept yet." in words(at)


def test_another_visit_sees_nothing_until_it_opens_the_archive(visit: Visit, archive: Archive) -> None:
    keep(archive, 1, label="First mock")
    at = unlock(visit())
    assert list(at.dataframe[0].value["Return"]) == ["First mock"]
    other = visit()
    assert not other.dataframe and "First mock" not in words(other)


# -- keeping ----------------------------------------------------------------------------------------------


def test_a_return_is_kept_with_its_work_and_comes_back_as_it_was(visit: Visit, archive: Archive) -> None:
    data = made.make(1, persons=30).data
    at = unlock(visit())
    go(at, "upload")
    load(at, data)
    assert "Keep this return" in links(at)
    upn = entry_of(at).report.store.value("select upn from person where row_id = 2")
    load(at, f"UPN,Team\n{upn},North\n".encode(), "List of teams")
    before, work = entry_of(at), vault.VAULT.work(at.session_state[vault.SESSION_KEY])
    rule = next(each.rule.id for each in before.report.outcomes if each.count)
    marks.set_marks(before.report, before.report.findings_table([rule]), "right")
    n = len(marks.all_marks(before.report))
    work.notes["P12"] = Edit("Ours.", ("count",))
    go(at, "kept")
    fill(at, "Name in the list", "First mock")
    press(at, "Keep this return")
    said = at.success[0].value
    assert said.startswith("**First mock** is kept until 16 January 2028, with ")
    assert f"{n} mark" in said and "1 edited note and the list of teams" in said
    shown = at.dataframe[0].value.iloc[0]
    assert (shown["Return"], shown["Year"], shown["Kind"], shown["People"]) == ("First mock", 2025, "Mock return", 30)
    assert shown["Errors"] == before.report.n_findings("error")
    assert str(shown["Until"]) == "2028-01-16" and shown["By"] == access.person().who
    assert actions(archive) == ["load", "keep", "mark", "note", "note"]
    loaded = next(each for each in events(archive) if each.action == "load")
    assert (loaded.digest, loaded.people) == (before.report.facts.sha256, 30)

    other = unlock(visit())
    (ident,) = [each.id for each in kept.listed(archive)]
    choose(other, ident)
    press(other, "Open this return")
    assert other.title[0].value == "Sandwell"
    assert f"First mock is open**, with {n} mark" in other.success[0].value
    again = entry_of(other)
    assert again.inputs.source.data() == data and again.inputs.name == "return.xml"
    assert again.report.findings_table([rule]).to_pylist() == before.report.findings_table([rule]).to_pylist()
    assert [each.count for each in again.report.outcomes] == [each.count for each in before.report.outcomes]
    assert again.report.teams is not None and again.report.teams.names == ("North",)
    assert vault.VAULT.work(other.session_state[vault.SESSION_KEY]).notes == {"P12": Edit("Ours.", ("count",))}
    # It was opened, and not loaded from a file.
    assert actions(archive)[5:] == ["open"]


def test_a_return_that_is_not_xml_is_kept_with_its_marks_and_comes_back(
    visit: Visit, archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    tables = small()
    # In another order than the people, so that the rows of the XML have other numbers.
    tables["requests"].reverse()
    tables["requests"][0]["receiveddate"] = "soon"
    at = unlock(visit())
    go(at, "upload")
    at.file_uploader[0].set_value([(name, data, "") for name, data in files_of(tables).items()]).run()
    before = entry_of(at)
    (row,) = before.report.findings_table(["H21"]).to_pylist()
    marks.set_marks(before.report, before.report.findings_table(["H21"]), "right")
    go(at, "kept")
    assert "is kept encrypted, as the SEN2 XML made from a CSV export of COLLECT" in words(at)
    fill(at, "Name in the list", "From COLLECT")
    inputs = entry_of(at).inputs
    entry_of(at).inputs = replace(inputs, settings=SimpleNamespace(upload_limit_mb=0))  # type: ignore[arg-type]
    press(at, "Keep this return")
    assert "The XML made from your files is too large" in at.error[0].value and not kept.listed(archive)
    entry_of(at).inputs = inputs
    press(at, "Keep this return")
    assert "**From COLLECT** is kept" in at.success[0].value and "1 mark" in at.success[0].value
    assert list(at.dataframe[0].value["Form"]) == ["COLLECT CSV"]
    (known,) = kept.listed(archive)
    digest = before.report.facts.sha256
    assert known.manifest is not None and known.manifest.sha256 == digest
    assert "Kept as the XML made from a CSV export of COLLECT." in words(at)
    assert digest[:16] in words(at)
    # It is known by the files, and the same files are not kept twice.
    assert "This return is open." in words(at)
    # A mark whose finding is not in the XML is not counted as kept.
    choose(at, kept_list.NONE)
    with monkeypatch.context() as patched:
        patched.setattr(kept_keep, "carry", lambda *_, **__: None)
        press(at, "Keep marks, notes and teams as they are now")
    said = "now kept without marks or notes. 1 mark was left out, because its finding is not in the XML that is kept."
    assert said in at.success[0].value
    press(at, "Keep marks, notes and teams as they are now")
    assert at.success[0].value.endswith("is now kept with 1 mark.")
    other = unlock(visit())
    choose(other, known.id)
    press(other, "Open this return")
    assert "From COLLECT is open**, with 1 mark" in other.success[0].value
    assert "Made from a CSV export of COLLECT, not from XML." in other.info[0].value
    again = entry_of(other).report
    (same,) = again.findings_table(["H21"]).to_pylist()
    assert (same["person_id"], same["value"], same["mark"]) == (row["person_id"], "soon", "right")
    assert again.outcome("H01").status == "not_applicable"
    press(go(other, "kept"), "Keep marks, notes and teams as they are now")
    assert "is now kept with 1 mark" in other.success[0].value and len(kept.listed(archive)) == 1


def test_a_return_that_is_open_and_kept_is_not_kept_twice(visit: Visit, archive: Archive) -> None:
    at = unlock(visit())
    go(at, "upload")
    load(at, made.make(1).data)
    keep(archive, 1, label="Nightly")
    go(at, "kept")
    assert "It is kept as **Nightly** until 16 January 2028. The same file is kept only once." in words(at)
    entry = entry_of(at)
    rule = next(each.rule.id for each in entry.report.outcomes if each.count)
    marks.set_marks(entry.report, entry.report.findings_table([rule]), "correct")
    press(at, "Keep marks, notes and teams as they are now")
    assert "is now kept with" in at.success[0].value
    (known,) = kept.listed(archive)
    assert len(kept.attached(archive, known, "marks").mark) == len(marks.all_marks(entry.report)) > 0
    # Marks that were removed are gone from the archive as well.
    marks.set_marks(entry.report, entry.report.findings_table([rule]), None)
    press(at, "Keep marks, notes and teams as they are now")
    assert kept.attached(archive, known, "marks") is None


def test_the_next_version_can_be_kept_at_once(visit: Visit, archive: Archive) -> None:
    at = unlock(visit())
    for seed in (1, 2):
        go(at, "upload")
        load(at, made.make(seed).data, "SEN2 return" if seed == 1 else "Another SEN2 return")
        go(at, "kept")
        fill(at, "Name in the list", f"Mock {seed}")
        press(at, "Keep this return")
    assert [each.name for each in kept.listed(archive)] == ["Mock 1", "Mock 2"]
    assert list(at.dataframe[0].value["Return"]) == ["Mock 2", "Mock 1"]
    assert at.session_state["kept_table"]["selection"]["rows"] == [0]


def test_made_up_returns_are_not_kept_beside_real_ones(visit: Visit, archive: Archive) -> None:
    keep(archive, 1)
    at = unlock(visit())
    go(at, "upload")
    load(at, made.make(2).data.replace(b"Case system", b"sen2dash sample"))
    go(at, "kept")
    press(at, "Keep this return")
    assert "Made-up and real returns are not kept together" in at.error[0].value
    assert len(kept.listed(archive)) == 1


def marked(at: AppTest, n: int) -> int:
    """Mark the findings of the first n rules that have some, and return how many marks there are."""
    report = entry_of(at).report
    rules = [each.rule.id for each in report.outcomes if each.count][:n]
    marks.set_marks(report, report.findings_table(rules), "right")
    return len(marks.all_marks(report))


def kept_marks(archive: Archive) -> int:
    (known,) = kept.listed(archive)
    found = kept.attached(archive, known, "marks")
    return 0 if found is None else len(found.mark)


KEEP_AGAIN, REPLACE = "Keep marks, notes and teams as they are now", "Replace them with mine"


@pytest.mark.slow
def test_of_two_people_with_one_return_neither_loses_marks_without_a_word(visit: Visit, archive: Archive) -> None:
    ident = keep(archive, 1, label="First")
    one, two = visit(), visit()
    for at in (one, two):
        press(choose(unlock(at), ident), "Open this return")
    n_first, n_second = marked(one, 2), marked(two, 1)
    assert n_first != n_second
    assert not press(go(one, "kept"), KEEP_AGAIN).error
    assert kept_marks(archive) == n_first
    # Whoever comes back to the page sees it. Nothing is replaced until they say so.
    at = go(two, "kept")
    assert "**The kept return has marks, notes or teams that you do not have**, the latest from" in at.warning[0].value
    press(at, KEEP_AGAIN)
    assert "Other marks, notes or teams are kept with this return" in at.error[0].value
    assert kept_marks(archive) == n_first
    next(each for each in at.checkbox if each.label == REPLACE).check().run()
    assert not press(at, KEEP_AGAIN).error
    assert kept_marks(archive) == n_second
    assert not at.warning
    # Now the first one is asked; and what is kept between the tick and the button counts as well.
    at = go(one, "kept")
    next(each for each in at.checkbox if each.label == REPLACE).check().run()
    marked(two, 3)
    assert not press(two, KEEP_AGAIN).error
    n_third = kept_marks(archive)
    press(at, KEEP_AGAIN)
    assert "Other marks, notes or teams are kept with this return" in at.error[0].value
    assert kept_marks(archive) == n_third
    # Opening it again brings theirs, and then they can be kept again.
    press(choose(at, ident), "Open it again")
    assert len(marks.all_marks(entry_of(one).report)) == n_third
    assert not press(choose(go(one, "kept"), ""), KEEP_AGAIN).error


def test_a_file_that_is_loaded_afresh_does_not_replace_the_marks_that_are_kept(visit: Visit, archive: Archive) -> None:
    ident = keep(archive, 1, label="First")
    at = press(choose(unlock(visit()), ident), "Open this return")
    n = marked(at, 1)
    press(go(at, "kept"), KEEP_AGAIN)
    other = unlock(visit())
    go(other, "upload")
    load(other, made.make(1).data)
    press(go(other, "kept"), KEEP_AGAIN)
    assert "Other marks, notes or teams" in other.error[0].value and kept_marks(archive) == n


@pytest.mark.parametrize("column", ["xml", "manifest"])
def test_a_damaged_return_is_made_whole_and_its_work_stays(visit: Visit, archive: Archive, column: str) -> None:
    ident = keep(archive, 1, label="First", kind="submission", retain_until=date(2026, 1, 1))
    at = press(choose(unlock(visit()), ident), "Open this return")
    n = marked(at, 1)
    press(go(at, "kept"), KEEP_AGAIN)
    with archive.writing("333") as connection:
        connection.exec_driver_sql(f"update archive_return set {column} = x'00' where id = '{ident}'")
    at = unlock(visit())
    go(at, "upload")
    load(at, made.make(1).data)
    go(at, "kept")
    assert "This return is kept already, but it is damaged." in words(at)
    assert "Kept until 1 January 2026, as before." in words(at)
    press(at, "Keep this return")
    (found,) = kept.listed(archive)
    assert found.manifest is not None and not found.is_damaged
    assert found.manifest.kind == ("mock" if column == "manifest" else "submission")
    assert (found.retain_until, kept_marks(archive)) == (date(2026, 1, 1), n)
    assert "marks" not in at.success[0].value


def test_work_on_a_damaged_return_is_kept_beside_none_of_others(visit: Visit, archive: Archive) -> None:
    ident = keep(archive, 1, label="First")
    made.attach(archive, kept.find(archive, ident), "notes", {"P12": Edit("A colleague's.", ("count",))})
    with archive.writing("333") as connection:
        connection.exec_driver_sql(f"update archive_return set xml = x'00' where id = '{ident}'")
    at = unlock(visit())
    go(at, "upload")
    load(at, made.make(1).data)
    marked(at, 1)
    press(go(at, "kept"), "Keep this return")
    assert "**Your marks and notes are not kept yet**" in at.success[0].value
    assert REPLACE in [each.label for each in at.checkbox]
    assert kept.attached(archive, kept.find(archive, ident), "notes") == {"P12": Edit("A colleague's.", ("count",))}
    assert kept_marks(archive) == 0


def test_a_list_of_teams_that_was_removed_is_no_longer_kept(visit: Visit, archive: Archive) -> None:
    at = unlock(visit())
    go(at, "upload")
    load(at, made.make(1).data)
    upn = entry_of(at).report.store.value("select upn from person where row_id = 2")
    load(at, f"UPN,Team\n{upn},North\n".encode(), "List of teams")
    press(go(at, "kept"), "Keep this return")
    (known,) = kept.listed(archive)
    assert kept.attached(archive, known, "teams") is not None
    entry = entry_of(at)
    entry.inputs = replace(entry.inputs, teams=None, teams_name="")
    press(choose(at, ""), KEEP_AGAIN)
    assert kept.attached(archive, known, "teams") is None
    assert events(archive)[-1].what == "teams" and events(archive)[-1].rows == 0


# -- the list ---------------------------------------------------------------------------------------------


def test_the_newest_is_first_and_a_damaged_one_last_with_its_id(visit: Visit, archive: Archive) -> None:
    idents = [keep(archive, seed, label=f"Mock {seed}") for seed in (1, 2)]
    with archive.writing("333") as connection:
        connection.exec_driver_sql(f"update archive_return set manifest = x'00' where id = '{idents[1]}'")
    keep(archive, 3, label="Mock 3")
    at = unlock(visit())
    shown = at.dataframe[0].value
    assert list(shown["Return"]) == ["Mock 3", "Mock 1", idents[1]]
    assert list(shown["State"]) == ["", "", "Damaged"]
    choose(at, idents[1])
    assert "A kept return is damaged" in at.error[0].value
    assert [each.label for each in at.button if each.label.startswith(("Open", "Delete"))] == ["Delete this return"]


def test_one_that_ends_soon_is_named(visit: Visit, archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    keep(archive, 1, label="Old", retain_until=date(2025, 2, 9))
    keep(archive, 2, label="New")
    monkeypatch.setenv("SEN2DASH_NOW", "2025-02-20T12:00:00")
    at = unlock(visit())
    (said,) = [each.value for each in at.warning]
    assert said.startswith("**Old** ended on 9 February 2025 and will be deleted from 24 February 2025.")
    assert list(at.dataframe[0].value["State"]) == ["", "Ended"]
    # Whoever was shown it is noted, once.
    press(at.run(), "Close the archive")
    unlock(at)
    assert actions(archive) == ["keep", "keep", "retention"]
    assert list(deleting.notices(archive).values()) == [date(2025, 2, 20)]


def test_what_has_ended_is_deleted_only_after_somebody_was_shown_it(
    visit: Visit, archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    ident = keep(archive, 1, label="Old", retain_until=date(2025, 2, 9))
    monkeypatch.setenv("SEN2DASH_NOW", "2025-04-01T12:00:00")
    # A viewer can do nothing about it.
    be(monkeypatch)
    at = unlock(visit())
    assert "will be deleted from 15 April 2025. To keep it, ask an administrator for" in at.warning[0].value
    assert deleting.notices(archive) == {}
    be(monkeypatch, Right.CHILD)
    unlock(visit())
    assert deleting.notices(archive) == {ident: date(2025, 4, 1)}
    # Somebody without any right deletes nothing.
    monkeypatch.setenv("SEN2DASH_NOW", "2025-04-15T12:00:00")
    monkeypatch.setenv("SEN2DASH_ARCHIVE_PASSPHRASE", PASSPHRASE)
    monkeypatch.setattr(access, "person", lambda: Person("A stranger", frozenset()))
    visit()
    assert len(kept.listed(archive)) == 1
    be(monkeypatch, Right.CHILD)
    at = visit()
    assert "**Old** was deleted: its end date was 9 February 2025." in [each.value for each in at.info]
    assert not kept.listed(archive)


# -- one return -------------------------------------------------------------------------------------------


def test_opening_replaces_the_open_return_after_saying_so(visit: Visit, archive: Archive) -> None:
    ident = keep(archive, 1, label="First")
    at = unlock(visit())
    go(at, "upload")
    load(at, made.make(2).data)
    vault.VAULT.work(at.session_state[vault.SESSION_KEY]).notes["P12"] = Edit("Of another return.", ())
    choose(go(at, "kept"), ident)
    said = "It replaces the return that is open, **return.xml**, which is not kept. That return is lost, with its marks"
    assert said in words(at)
    keep(archive, 2)
    at.run()
    said = "It replaces the return that is open, **return.xml**. Marks and notes that you have not kept are lost."
    assert said in words(at) and "near match" not in words(at)
    inputs = entry_of(at).inputs
    entry_of(at).inputs = replace(inputs, linked=replace(inputs.linked, waiting=(Pair((), ()),)))
    at.run()
    assert f"{said} The 1 near match that you accepted will no longer count." in words(at)
    press(at, "Replace it and open this one")
    assert entry_of(at).report.facts.sha256 == made.make(1).report.facts.sha256
    assert vault.VAULT.work(at.session_state[vault.SESSION_KEY]).notes == {}


def test_a_return_that_was_deleted_meanwhile_says_so(visit: Visit, archive: Archive) -> None:
    ident = keep(archive, 1)
    at = choose(unlock(visit()), ident)
    button = next(each for each in at.button if each.label == "Open this return")
    deleting.delete(archive, kept.find(archive, ident))
    button.click().run()
    assert not at.exception
    assert "Nothing is kept yet." in words(at)


def test_it_is_compared_with_the_open_return(visit: Visit, archive: Archive) -> None:
    ident = keep(archive, 1, label="First")
    at = unlock(visit())
    go(at, "upload")
    load(at, made.make(2).data)
    do(choose(go(at, "kept"), ident), "compare")
    press(at, "Show what has changed")
    assert at.title[0].value == "Since last time" and not at.exception
    assert "Compared with the kept return First." in words(at)
    held = entry_of(at).since
    assert held is not None and held.source.data() == made.make(1).data
    assert actions(archive) == ["keep", "load", "open", "compare"]
    found = next(each for each in events(archive) if each.action == "compare")
    assert (found.return_id, found.other_digest) == (ident, made.make(2).report.facts.sha256)


def test_it_becomes_an_earlier_return(visit: Visit, archive: Archive) -> None:
    data = made.make(1, year=2024)
    ident = made.keep(archive, data, label="Last year").id
    at = unlock(visit())
    go(at, "upload")
    load(at, made.make(2).data)
    do(choose(go(at, "kept"), ident), "compare")
    press(at, "Add it as an earlier return")
    assert "is now an earlier return" in at.success[0].value
    inputs = entry_of(at).inputs
    assert inputs.previous is not None and inputs.previous.data() == data.data
    assert inputs.previous_name == "Last year"


def test_two_kept_ones_are_compared_in_a_workbook_which_is_noted(visit: Visit, archive: Archive, files: Files) -> None:
    first, second = (keep(archive, seed, label=f"Mock {seed}") for seed in (1, 2))
    at = unlock(visit())
    go(at, "upload")
    load(at, made.make(3).data)
    at = do(choose(go(at, "kept"), second), "compare")
    at.selectbox(key=f"kept_compare_{second}_2").set_value(first).run()
    assert "From **Mock 1, 2025** to **Mock 2, 2025**" in words(at)
    assert files["Differences (Excel)"]().startswith(b"PK")
    # It is no file of the return that is open.
    assert actions(archive)[3:] == ["open", "open", "export"]
    exported = events(archive)[-1]
    assert (exported.return_id, exported.other_id, exported.what) == (first, second, "comparison.xlsx")


def test_two_kept_ones_are_shown_on_the_page_since_last_time(visit: Visit, archive: Archive) -> None:
    first, second = (keep(archive, seed, label=f"Mock {seed}") for seed in (1, 2))
    at = do(choose(unlock(visit()), first), "compare")
    assert "It replaces" not in words(at)
    press(at, "Show what has changed")
    assert not at.exception and at.title[0].value == "Since last time"
    assert at.session_state["changes_with"] == "the kept return Mock 1"
    assert entry_of(at).report.facts.sha256 == made.make(2).report.facts.sha256
    assert opened_ones(archive) == [first, second]
    # The later one is open already, so nothing is replaced and only the other one is opened again.
    do(choose(go(at, "kept"), first), "compare")
    at.selectbox(key=f"kept_compare_{first}_2").set_value(second).run()
    assert "It replaces" not in words(at)
    entry = entry_of(at)
    press(at, "Show what has changed")
    assert at.title[0].value == "Since last time" and entry_of(at) is entry
    assert opened_ones(archive) == [first, second, first]
    go(at, "upload")
    load(at, made.make(3).data, "Another SEN2 return")
    do(choose(go(at, "kept"), first), "compare")
    at.selectbox(key=f"kept_compare_{first}_2").set_value(second).run()
    assert "It replaces the return that is open, which is not kept." in words(at)
    press(at, "Show what has changed")
    assert at.title[0].value == "Since last time"
    assert entry_of(at).report.facts.sha256 == made.make(2).report.facts.sha256
    assert opened_ones(archive) == [first, second, first, first, second]
    compared = [each for each in events(archive) if each.action == "compare" and each.what != "uploaded"]
    noted = [(each.return_id, each.digest) for each in compared]
    assert noted == [(first, made.make(1).report.facts.sha256)] * 3


def test_nothing_is_replaced_if_the_earlier_one_cannot_be_opened(
    visit: Visit, archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = (keep(archive, seed, label=f"Mock {seed}") for seed in (1, 2))
    at = unlock(visit())
    go(at, "upload")
    load(at, made.make(3).data)
    do(choose(go(at, "kept"), second), "compare")
    at.selectbox(key=f"kept_compare_{second}_2").set_value(first).run()
    entry = entry_of(at)

    def refuse(_: Archive, one: kept.KeptReturn) -> bytes:
        raise kept.damaged(one)

    monkeypatch.setattr(kept_compare, "original", refuse)
    press(at, "Show what has changed")
    assert (
        "A kept return is damaged" in at.error[0].value and f"The return {first} cannot be opened" in at.error[0].value
    )
    assert entry_of(at) is entry and opened_ones(archive) == []


def opened_ones(archive: Archive) -> list[str | None]:
    """The kept returns that were opened, in order."""
    return [each.return_id for each in events(archive) if each.action == "open"]


def test_name_kind_note_and_end_date_are_changed(visit: Visit, archive: Archive) -> None:
    ident = keep(archive, 1, label="First")
    at = do(choose(unlock(visit()), ident), "change")
    fill(at, "Name", "Corrected")
    fill(at, "Note", "After the training")
    at.selectbox(key=f"kept_kind_{ident}").set_value("submission")
    press(at, "Change it")
    assert at.success[0].value == "**Corrected** was changed."
    do(at, "end")
    at.date_input(key=f"kept_until_{ident}").set_value(date(2026, 1, 1))
    press(at, "Change the end date")
    assert at.success[0].value == "**Corrected** is now kept until 1 January 2026."
    found = kept.find(archive, ident)
    assert found.manifest is not None
    assert (found.manifest.label, found.manifest.kind, found.manifest.note) == (
        "Corrected",
        "submission",
        "After the training",
    )
    assert found.retain_until == date(2026, 1, 1)
    assert actions(archive) == ["keep", "label", "retention"]
    assert "Note: After the training" in words(at)


def test_it_is_deleted_after_one_question(visit: Visit, archive: Archive) -> None:
    ident = keep(archive, 1, label="First")
    at = do(choose(unlock(visit()), ident), "delete")
    assert "Delete First?" in words(at) and len(kept.listed(archive)) == 1
    press(at, "Delete this return")
    assert at.success[0].value == "**First** was deleted."
    assert not kept.listed(archive) and actions(archive) == ["keep", "delete"]


def test_everything_is_erased_after_the_audit_was_offered(visit: Visit, archive: Archive) -> None:
    keep(archive, 1)
    at = unlock(visit())
    assert "Audit (JSON)" in labels(at, "download_button")
    assert at.button(key="kept_erase").disabled
    at.checkbox(key="kept_erase_sure").check().run()
    at.button(key="kept_erase").click().run()
    assert at.success[0].value.startswith("1 return deleted, with the audit.")
    assert "Choose a passphrase for the archive" in words(at)
    assert not opening.has_key(Settings())


def test_the_audit_that_is_offered_holds_every_chain_that_erasing_deletes(
    visit: Visit, archive: Archive, files: Files, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep(archive, 1)
    be(monkeypatch, *Right, authority="333")
    at = unlock(visit())
    assert "Every kept return of Sandwell and the audit of Sandwell are deleted." in words(at)
    chains = {each["chain"]: each["entries"] for each in json.loads(files["Audit (JSON)"]())["chains"]}
    assert set(chains) == {"", "333"}
    assert chains["333"][-1]["action"] == "export"
    at.checkbox(key="kept_erase_sure").check().run()
    at.button(key="kept_erase").click().run()
    # Nobody else's audit was left, so what belonged to no authority is gone as well.
    assert not opening.has_key(Settings())


def test_the_audit_that_is_offered_holds_nothing_of_another_authority(
    visit: Visit, archive: Archive, files: Files, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep(archive, 1)
    keep(archive, 2, lea="301")
    be(monkeypatch, *Right, authority="333")
    unlock(visit())
    chains = [each["chain"] for each in json.loads(files["Audit (JSON)"]())["chains"]]
    assert chains == ["333"]


def test_the_audit_is_not_noted_as_a_file_of_the_return_that_is_open(
    visit: Visit, archive: Archive, files: Files
) -> None:
    at = unlock(visit())
    go(at, "upload")
    load(at, made.make(1).data)
    go(at, "kept")
    files["Audit (JSON)"]()
    assert actions(archive) == ["export", "load"]
    assert [each.digest for each in events(archive) if each.action == "export"] == [None]


def test_the_audit_protects_counts_for_an_administrator_who_may_not_see_children(
    visit: Visit, archive: Archive, files: Files, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep(archive, 1)
    shown = {}
    for rights in ((Right.ADMIN,), (Right.ADMIN, Right.CHILD)):
        be(monkeypatch, *rights)
        unlock(visit())
        file = json.loads(files["Audit (JSON)"]())
        chain = next(each for each in file["chains"] if each["chain"] == "333")
        kept_then = next(each for each in chain["entries"] if each["action"] == "keep")
        shown[len(rights)] = kept_then["people"], set(kept_then["findings"].values())
    report = made.make(1).report
    exact = {report.n_findings(severity) for severity in SEVERITIES}
    assert shown[2] == (12, exact)
    assert shown[1][0] == 10 and "c" in shown[1][1]
    assert all(each == "c" or each % 5 == 0 for each in shown[1][1])


# -- rights -----------------------------------------------------------------------------------------------


def be(monkeypatch: pytest.MonkeyPatch, *rights: Right, authority: str = "") -> None:
    found = Person("An officer", frozenset({Right.VIEW, *rights}), authority)
    monkeypatch.setattr(access, "person", lambda: found)


def test_a_viewer_sees_a_list_without_numbers_and_may_only_open(
    visit: Visit, archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    ident = keep(archive, 1, label="First", note="About the training")
    be(monkeypatch)
    at = choose(unlock(visit()), ident)
    assert not {"People", "Errors"} & set(at.dataframe[0].value.columns)
    assert "About the training" not in words(at) and "return.xml" not in words(at)
    (control,) = [each for each in at.segmented_control if each.label == "What to do"]
    assert list(control.options) == ["Open"]
    assert not at.expander and not at.get("download_button")
    assert "Digest of what was given" not in words(at)
    press(at, "Open this return")
    assert at.title[0].value == "Summary" and not at.exception
    assert entry_of(at).inputs.source.data() == made.make(1).data
    sheets = "".join(each.proto.body for each in at.get("html"))
    assert "This return (serial number" in sheets and "return.xml" not in sheets + words(at)
    # Neither is the name of the file on the page that offers to replace it.
    other = keep(archive, 2, label="Second")
    at = choose(go(at, "kept"), other)
    assert "return that is open, **First**" in words(at) and "return.xml" not in words(at)


def test_a_viewer_gets_no_marks_and_notes(visit: Visit, archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    ident = keep(archive, 1, label="First")
    made.attach(archive, kept.find(archive, ident), "notes", {"P12": Edit("Of a child.", ("count",))})
    be(monkeypatch)
    at = press(choose(unlock(visit()), ident), "Open this return")
    assert vault.VAULT.work(at.session_state[vault.SESSION_KEY]).notes == {}


def test_an_officer_who_is_no_administrator_keeps_and_changes_but_deletes_nothing(
    visit: Visit, archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    ident = keep(archive, 1, label="First")
    be(monkeypatch, Right.CHILD)
    at = choose(unlock(visit()), ident)
    (control,) = [each for each in at.segmented_control if each.label == "What to do"]
    assert list(control.options) == ["Open", "Compare", "Change"]
    do(at, "change")
    assert not at.date_input
    fill(at, "Name", "Second")
    press(at, "Change it")
    assert kept.find(archive, ident).name == "Second" and actions(archive) == ["keep", "label"]


def test_an_administrator_who_may_not_see_children_changes_the_end_date(
    visit: Visit, archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    ident, other = (keep(archive, seed, label=f"Mock {seed}", retain_until=date(2025, 2, 9)) for seed in (1, 2))
    monkeypatch.setenv("SEN2DASH_NOW", "2025-02-20T12:00:00")
    be(monkeypatch, Right.ADMIN)
    at = choose(unlock(visit()), ident)
    assert [each.value.endswith("To keep it, give it another end date.") for each in at.warning] == [True, True]
    (control,) = [each for each in at.segmented_control if each.label == "What to do"]
    assert list(control.options) == ["Open", "End date", "Delete"]
    assert "marks and notes kept with it" not in words(at)
    do(at, "end")
    at.date_input(key=f"kept_until_{ident}").set_value(date(2027, 1, 1))
    press(at, "Change the end date")
    assert kept.find(archive, ident).retain_until == date(2027, 1, 1)
    # The first two note that the page said what has ended.
    assert actions(archive) == ["keep", "keep", "retention", "retention", "retention"]
    be(monkeypatch, Right.CHILD)
    choose(at, other)
    (said,) = [each.value for each in at.warning]
    assert said.startswith("**Mock 2**") and said.endswith("ask an administrator for another end date.")


def test_a_new_name_leaves_the_end_date_of_an_ended_return(
    visit: Visit, archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    ident = keep(archive, 1, label="Old", retain_until=date(2025, 2, 9))
    monkeypatch.setenv("SEN2DASH_NOW", "2025-02-20T12:00:00")
    at = do(choose(unlock(visit()), ident), "change")
    fill(at, "Name", "Renamed")
    press(at, "Change it")
    found = kept.find(archive, ident)
    assert (found.name, found.retain_until) == ("Renamed", date(2025, 2, 9))
    assert actions(archive) == ["keep", "retention", "label"]


@pytest.mark.parametrize("name", ["_delete", "_prolong", "_change"])
def test_a_right_that_was_lost_since_the_button_was_drawn_is_missed(
    archive: Archive, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """The button is drawn for nobody else, so it is pressed here for them."""
    monkeypatch.setattr("streamlit.button", lambda *_, **__: True)
    # Outside a page, everything after a form would be in it, in the tests that follow as well.
    monkeypatch.setattr("streamlit.form", lambda _: nullcontext())
    monkeypatch.setattr("streamlit.form_submit_button", lambda *_, **__: True)
    known = kept.find(archive, keep(archive, 1, label="First"))
    be(monkeypatch, Right.ADMIN if name == "_change" else Right.CHILD)
    with pytest.raises(NoAccess):
        getattr(kept_actions, name)(archive, known, [known])
    assert kept.listed(archive) == (known,) and actions(archive) == ["keep"]


def test_keeping_and_erasing_ask_for_the_right_again(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    known, other = kept.find(archive, keep(archive, 1)), made.make(2)
    entry = session_data.LoadedReturn(other.report, session_data.Inputs(SourceText(other.data), "return.xml"))
    be(monkeypatch, Right.CHILD)
    with pytest.raises(NoAccess):
        kept_erase._erase(archive, "")
    # An officer who is no administrator may not choose an end date.
    with pytest.raises(NoAccess):
        kept_keep._keep(archive, entry, keeping.KeepOptions(retain_until=date(2026, 1, 1)))
    be(monkeypatch, Right.ADMIN)
    with pytest.raises(NoAccess):
        kept_keep._keep(archive, entry, keeping.KeepOptions())
    assert kept.listed(archive) == (known,) and actions(archive) == ["keep"]


def test_returns_of_another_authority_do_not_exist(
    visit: Visit, archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep(archive, 1, label="Ours")
    other = keep(archive, 2, lea="301", label="Theirs")
    be(monkeypatch, *Right)
    at = visit()
    go(at, "upload")
    load(at, made.make(3, "301").data)
    be(monkeypatch, *Right, authority="333")
    unlock(go(at, "kept"))
    assert list(at.dataframe[0].value["Return"]) == ["Ours"]
    at.session_state["kept_chosen"] = other
    at.run()
    assert "Theirs" not in words(at) and not at.exception
    press(at, "Keep this return")
    assert "This return is of another authority" in at.error[0].value
    assert len(kept.listed(archive)) == 2
    at.checkbox(key="kept_erase_sure").check().run()
    at.button(key="kept_erase").click().run()
    assert [each.name for each in kept.listed(archive)] == ["Theirs"]
