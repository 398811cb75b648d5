"""Odd values in names of kept returns, people, teams and linked files are text on their pages, and inert in files."""

from __future__ import annotations

import csv
import hashlib
import io
import itertools
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

import pytest
from streamlit.testing.v1 import AppTest

from sen2dash import ui
from sen2dash.analysis import kept_versions
from sen2dash.archive import keeping, kept
from sen2dash.archive.audit import Event
from sen2dash.archive.kept import KeptReturn
from sen2dash.archive.parts import SavedTeams
from sen2dash.checks.report import Report, build_report
from sen2dash.config import Settings
from sen2dash.errors import UserError
from sen2dash.linked import loaded_files
from sen2dash.reading.register import read_register
from sen2dash.reading.source import SourceText
from sen2dash.reading.teams import read_teams
from sen2dash.sample.generate import sample_bytes
from sen2dash.sample.linked import linked_files
from sen2dash.ui import kept_compare, kept_list, near_matches, people_dialog
from sen2dash.ui.linked import VIEWS
from sen2dash.web import archive_session, session_data, vault
from sen2dash.web.access import Person, Right
from tests.archive import made
from tests.hostile import values
from tests.hostile.pages import Files, check_csv, check_xlsx, checked, files, is_safe
from tests.hostile.values import VALUES
from tests.pages.kept import SESSION, Visit

__all__ = ["files"]
TEXTS = list(VALUES.values())
#: Versions that are kept, each with other values, so that a page that shows one shows several.
AT_ONCE = 7
NOW = "2025-03-01T12:00:00"
#: Linked files: people of the return, seed and year; columns of the files that hold free text.
PERSONS, SEED, YEAR = len(TEXTS), 7, 2025
FREE = {"surname", "forename", "school name", "formerupn"}


def storable(text: str) -> str:
    """As a name of a person is kept."""
    return keeping.storable(text)[: archive_session.MAX_WHO]


@pytest.fixture(scope="module")
def monkeymodule() -> Iterator[pytest.MonkeyPatch]:
    with pytest.MonkeyPatch.context() as found:
        yield found


@pytest.fixture(scope="module")
def odd(monkeymodule: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> Visit:
    """An archive with a version for each value: its label, its note, its file, its header and who kept it."""
    folder = tmp_path_factory.mktemp("odd")
    visit = Visit(monkeymodule, f"sqlite:///{(folder / 'returns.db').as_posix()}")
    visit.at(NOW)
    first, archive = made.make(1, persons=2), visit.opened()
    try:
        for place, text in enumerate(TEXTS):
            data = first.data + b"\n" * place
            facts = replace(first.report.facts, sha256=hashlib.sha256(data).hexdigest())
            header = {**first.report.header, "SerialNo": text, "SoftwareCode": text, "DateTime": text}
            report = replace(first.report, facts=facts, header=header)
            # Neighbours, so that no page shows one value only.
            wanted = keeping.KeepOptions(text, None, TEXTS[place - 1], TEXTS[place - 2])
            keeping.keep(replace(archive, who=storable(TEXTS[place - 3])), data, report, wanted)
    finally:
        archive.close()
    return visit


@pytest.fixture
def page(odd: Visit) -> Iterator[Visit]:
    """The same with somebody of an odd name at the screen. The archive is closed again."""
    odd.by(Person(VALUES["image"], frozenset(Right), name=VALUES["link"]))
    yield odd
    archive_session.ARCHIVES.drop(SESSION)
    vault.VAULT.drop(SESSION)


def opened(visit: Visit, name: str) -> AppTest:
    return checked(visit.page(name))


def check_all(made_files: Files) -> None:
    """Make every file that was offered, and check that it is inert and that its name is plain."""
    for name, make in made_files.items():
        assert name.rpartition(".")[0].replace("_", "").isalnum() and name.isascii()
        (check_csv if name.endswith(".csv") else check_xlsx)(make())


def listed(visit: Visit) -> tuple[KeptReturn, ...]:
    archive = visit.opened()
    try:
        return kept.listed(archive)
    finally:
        archive.close()


# -- kept returns ---------------------------------------------------------------------------------------------


def test_the_list_and_every_action_show_values_as_text(page: Visit, files: Files) -> None:
    at = opened(page, "kept")
    shown = at.dataframe[0].value
    assert len(shown) == len(TEXTS)
    # The names are those that were given, on one line.
    assert {each[:20] for each in shown["Return"]} >= {VALUES["script"][:20], VALUES["formula"][:20]}
    chosen = [each.id for each in listed(page)]
    for ident in chosen[:: len(chosen) // AT_ONCE]:
        at.selectbox(key=kept_list.CHOSEN).set_value(ident)
        checked(at.run())
        (control,) = [each for each in at.segmented_control if each.label == "What to do"]
        for action in ("compare", "change", "end", "delete", "open"):
            at.segmented_control(key=str(control.key)).set_value(action)
            checked(at.run())
    assert "sen2_333_2025_differences.xlsx" in files


def test_the_facts_of_each_version_are_text(odd: Visit, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a page for each, which would cost a minute: what is written goes to a list."""
    said: list[str] = []
    monkeypatch.setattr("streamlit.markdown", said.append)
    odd.by(Person("A", frozenset(Right)))
    for version in listed(odd):
        said.clear()
        kept_list.facts(version)
        (text,), manifest = said, version.manifest
        assert manifest is not None
        for value in (manifest.note, manifest.file_name, manifest.who, manifest.serial_no):
            assert ui.plain(value) in text
        assert is_safe(text)


def test_keeping_opening_and_changing_say_values_as_text(page: Visit, files: Files) -> None:
    data = values.with_header(sample_bytes(persons=4, seed=3, year=2025).replace(b"sen2dash sample", b"x"), "333")
    report = build_report(data, Settings(now=NOW), only=())
    team_list = io.StringIO(newline="")
    rows = report.store.rows("select upn from person")
    teams = list(zip(rows, itertools.cycle(TEXTS[:6]), strict=False))
    csv.writer(team_list).writerows([["UPN", "Team"], *([row["upn"], text] for row, text in teams)])
    found = read_teams(team_list.getvalue().encode())
    vault.VAULT.put(SESSION, report, session_data.Inputs(SourceText(data), VALUES["script"]))
    at = opened(page, "kept")
    at.text_input(key="kept_label").set_value(VALUES["link"])
    at.text_input(key="kept_note").set_value(VALUES["picture"])
    next(each for each in at.button if each.label == "Keep this return").click()
    checked(at.run())
    assert f"**{ui.plain(VALUES['link'])}** is kept" in at.success[0].value
    (mine,) = [each for each in listed(page) if each.manifest and each.manifest.persons == 4]
    archive = page.opened()
    made.attach(archive, mine, "teams", SavedTeams.from_list(found))
    archive.close()
    vault.VAULT.drop(SESSION)
    checked(at.run())
    at.selectbox(key=kept_list.CHOSEN).set_value(mine.id)
    checked(at.run())
    next(each for each in at.button if each.key == "kept_open_button").click()
    checked(at.run())
    assert f"**{ui.plain(VALUES['link'])} is open**" in at.success[0].value
    for name in ("errors", "queries", "changes", "downloads", "notes"):
        at.switch_page(f"../pages/{name}.py")
        checked(at.run())
    check_all({name: make for name, make in files.items() if name.endswith((".csv", ".xlsx"))})


def test_the_workbook_of_two_kept_returns_is_inert(page: Visit) -> None:
    archive = page.opened()
    try:
        one, other = kept.listed(archive)[:2]
        sheets = check_xlsx(kept_compare.workbook(archive, one, other, with_names=True))
        assert sheets
    finally:
        archive.close()


# -- trend and audit ------------------------------------------------------------------------------------------


def test_the_trend_shows_values_as_text(page: Visit, files: Files) -> None:
    at = opened(page, "trend")
    checked(at.toggle(key="trend_table").set_value(True).run())
    assert len(at.table[0].value) >= len(TEXTS)
    checked(at.segmented_control(key="trend_show").set_value("indicator").run())
    check_all(files)
    assert files
    # Other rules since: the notes name the versions on both sides, and administrators can recompute.
    found = listed(page)
    page.age(found[:: len(found) // AT_ONCE], rules="0" * 12)
    page.by(Person(VALUES["image"], frozenset(Right)))
    at = opened(page, "trend")
    assert any("the line breaks" in each.value for each in at.markdown)


def test_the_audit_shows_values_as_text(page: Visit, files: Files) -> None:
    at = opened(page, "audit")
    people = set(at.dataframe[0].value["Person"])
    assert len(people) > len(TEXTS) - 5
    at.multiselect(key="audit_person").set_value([sorted(people)[0]])
    checked(at.run())
    check_all(files)
    (name,) = files
    assert name == "sen2_audit.csv"
    checked(at.segmented_control(key="audit_view").set_value("versions").run())
    before = [each.kept.id for each in kept_versions.whole(listed(page))]
    for ident in before[:: len(before) // AT_ONCE]:
        checked(at.selectbox(key="audit_before_333_2025").set_value(ident).run())
    checked(at.segmented_control(key="audit_view").set_value("chain").run())
    for text in TEXTS[:: len(TEXTS) // AT_ONCE]:
        checked(at.text_input(key="audit_head").set_value(text[:200]).run())


def test_names_of_people_come_back_from_the_audit(odd: Visit) -> None:
    """Each is what it was when it was noted."""
    archive = odd.opened()
    try:
        for text in TEXTS:
            replace(archive, who=storable(text)).record(Event(action="sign_in"))
        odd.by(Person("A", frozenset(Right)))
        opened(odd, "audit")
        noted = {each.event.who for each in odd.entries() if each.event}
        assert noted >= {storable(text) for text in TEXTS}
    finally:
        archive.close()
        archive_session.ARCHIVES.drop(SESSION)


# -- linked files ---------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def own() -> Iterator[Report]:
    """A return with a register whose schools have odd names."""
    settings = Settings(now=datetime(2025, 2, 1, 12, 0))
    report = build_report(
        sample_bytes(PERSONS, SEED, year=YEAR), settings, establishments=read_register(values.register()), only=()
    )
    yield report
    report.close()


def odd_files() -> list[tuple[str, bytes]]:
    """Linked files in which every free text is odd, and so is the name of every file, as far as it may be."""
    names = itertools.cycle([VALUES["script"], VALUES["link"], VALUES["formula"], VALUES["override"]])
    return [(_renamed(name, next(names)), _filled(text)) for name, text in linked_files(PERSONS, SEED, YEAR).items()]


def _renamed(name: str, text: str) -> str:
    """The name of a file with an odd text in front. Files of the census belong together by the start of their names."""
    bare = name.rpartition("/")[2]
    return bare.replace("Made_up", VALUES["image"]) if bare.startswith("Made_up") else f"{text} {bare}"


def _filled(text: str) -> bytes:
    headings, *rows = csv.reader(io.StringIO(text, newline=""))
    odd_ones = itertools.cycle(TEXTS)
    free = [place for place, heading in enumerate(headings) if heading.lower().split("_")[-1] in FREE]
    for row in rows:
        for place in free:
            # Short, because a name of a pupil that is too long refuses its row.
            row[place] = next(odd_ones)[:100]
    out = io.StringIO(newline="")
    csv.writer(out).writerows([headings, *rows])
    return out.getvalue().encode()


def test_linked_files_show_values_as_text(own: Report, files: Files, monkeypatch: pytest.MonkeyPatch) -> None:
    found = loaded_files.add(own, loaded_files.LoadedFiles(), odd_files())
    assert set(found.kinds) == {"census", "attainment", "inspections"}
    found = loaded_files.use(own, found)
    inputs = session_data.Inputs(SourceText(sample_bytes(PERSONS, SEED, year=YEAR)), VALUES["image"], linked=found)
    monkeypatch.setattr(own.store, "close", lambda: None)
    vault.VAULT._entries[SESSION] = session_data.LoadedReturn(own, inputs)
    try:
        at = AppTest.from_file(str(ui.ROOT / "sen2dash" / "main.py"), default_timeout=60)
        at.session_state[vault.SESSION_KEY] = SESSION
        checked(at.run())
        at.switch_page("../pages/linked.py")
        checked(at.run())
        for view in VIEWS:
            checked(at.segmented_control(key="linked_view").set_value(view).run())
        check_all(files)
        assert any("near" in name for name in files)
        at.segmented_control(key="linked_view").set_value("Match")
        at.session_state[people_dialog.ASKED] = (near_matches.OWNER, "0")
        checked(at.run())
        assert list(at.table[-1].value["Item"])[:2] == ["UPN", "Date of birth"]
        checked(at.switch_page("../pages/upload.py").run())
    finally:
        loaded_files.use(own, loaded_files.LoadedFiles())
        vault.VAULT._entries.pop(SESSION, None)
        vault.VAULT._work.pop(SESSION, None)


def test_linked_files_that_are_refused_are_named_as_text(own: Report) -> None:
    refused = []
    for text in TEXTS:
        with pytest.raises(UserError) as error:
            loaded_files.add(own, loaded_files.LoadedFiles(), [(f"{text}.csv", b"a,b\r\n1,2\r\n")])
        refused.append(error.value)
    at = checked(AppTest.from_function(_show, args=(refused,)).run())
    assert len(at.error) == len(TEXTS)


def _show(errors: list[Exception]) -> None:
    from sen2dash import ui

    for error in errors:
        ui.show_user_error(error)  # type: ignore[arg-type]
