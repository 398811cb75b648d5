"""Saving the work of a visit and opening it: every state of the two sections on the start page."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from streamlit.testing.v1 import AppTest

from sen2dash import ui
from sen2dash.analysis import earlier_years
from sen2dash.archive import sealing, working_file
from sen2dash.archive.parts import Details
from sen2dash.archive.sealing import Cost
from sen2dash.checks import dfe_numbers, marks
from sen2dash.checks.notes import Edit
from sen2dash.linked import loaded_files
from sen2dash.sample.generate import sample_bytes
from sen2dash.sample.linked import linked_files
from sen2dash.web import vault
from sen2dash.web.session_data import LoadedReturn
from tests.linked.making import accepted_of
from tests.pages.test_pages import words

pytestmark = pytest.mark.usefixtures("few_rules")
PASSPHRASE = "correct horse battery"
#: A made-up return with linked files: people and seed.
OF_LINKED = (120, 7)


@pytest.fixture(autouse=True)
def cheap_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make keys at little cost."""
    monkeypatch.setattr(sealing.seal, "__defaults__", (Cost(4, 1, 1),))
    monkeypatch.setattr(working_file.save, "__defaults__", (Cost(4, 1, 1),))


@pytest.fixture
def visit() -> Iterator[AppTest]:
    at = AppTest.from_file(str(ui.ROOT / "sen2dash" / "main.py"), default_timeout=60).run()
    yield at
    vault.VAULT.drop(at.session_state[vault.SESSION_KEY])


def entry_of(at: AppTest) -> LoadedReturn:
    entry = vault.VAULT.get(at.session_state[vault.SESSION_KEY])
    assert entry is not None
    return entry


def details(entry: LoadedReturn) -> Details:
    now = entry.inputs.taken_at.replace(microsecond=0)
    return Details(name="a.xml", taken_at=now, twenty_weeks_days=140, include_challenged=False, saved_at=now)


def load(at: AppTest, data: bytes, label: str = "SEN2 return") -> AppTest:
    uploader = next(each for each in at.file_uploader if each.label.startswith(label))
    name = "teams.csv" if label == "List of teams" else "return.xml"
    return uploader.set_value((name, data, "text/xml")).run()


def press(at: AppTest, label: str) -> AppTest:
    return next(each for each in at.button if each.label == label).click().run()


def fill(at: AppTest, label: str, text: str) -> None:
    next(each for each in at.text_input if each.label.startswith(label)).set_value(text)


def make(at: AppTest, first: str = PASSPHRASE, second: str = PASSPHRASE) -> AppTest:
    fill(at, "Passphrase, at least 12", first)
    fill(at, "The same passphrase", second)
    return press(at, "Make the working file")


def choose(at: AppTest, data: bytes) -> AppTest:
    uploader = next(each for each in at.file_uploader if each.label.startswith("Working file"))
    return uploader.set_value(("work.sen2dash", data, "application/octet-stream")).run()


def open_with(at: AppTest, passphrase: str) -> AppTest:
    fill(at, "Passphrase of", passphrase)
    return press(at, "Open the working file")


def test_without_a_return_there_is_nothing_to_save(visit: AppTest) -> None:
    assert "Save your work" not in words(visit)
    assert "Open a working file" in words(visit)


@pytest.mark.parametrize(
    ("first", "second", "said"),
    [
        ("short", "short", "It needs at least 12 characters"),
        ("", "", "The passphrase is too short"),
        (PASSPHRASE, PASSPHRASE + " ", "The two passphrases differ"),
    ],
)
def test_a_passphrase_is_long_and_typed_twice(
    visit: AppTest, dirty_bytes: bytes, first: str, second: str, said: str
) -> None:
    make(load(visit, dirty_bytes), first, second)
    assert said in visit.error[0].value
    assert entry_of(visit).saved is None


def test_work_goes_from_one_visit_to_another(visit: AppTest, dirty_bytes: bytes, clean_bytes: bytes) -> None:
    load(visit, clean_bytes)
    load(visit, dirty_bytes, "Another SEN2 return")
    load(visit, clean_bytes, "Earlier SEN2 return")
    older_bytes = sample_bytes(20, seed=1, year=2024)
    load(visit, older_bytes, "One more earlier return")
    upn = entry_of(visit).report.store.value("select upn from person where row_id = 2")
    load(visit, f"UPN,Team\n{upn},North\n".encode(), "List of teams")
    entry, work = entry_of(visit), vault.VAULT.work(visit.session_state[vault.SESSION_KEY])
    marks.set_marks(entry.report, entry.report.findings_table(["R09"]), "right")
    work.notes["P12"] = Edit("Ours.", ("count",))
    work.numbers = dfe_numbers.Numbers({"P15": "2030"})
    make(visit)
    assert "The working file of" in visit.success[0].value
    # The passphrase is nowhere in the session.
    assert PASSPHRASE not in repr(visit.session_state)
    saved = entry_of(visit).saved
    assert saved is not None

    other = AppTest.from_file(str(ui.ROOT / "sen2dash" / "main.py"), default_timeout=60).run()
    try:
        choose(other, saved[0])
        open_with(other, "correct horse batterz")
        assert "passphrase is wrong, or the file is damaged" in other.error[0].value
        open_with(other, PASSPHRASE)
        assert "with 1 mark and 1 edited note" in other.success[0].value
        again = entry_of(other)
        assert again.inputs.source.data() == dirty_bytes
        assert again.inputs.previous is not None
        assert again.inputs.before is not None and again.inputs.older is not None
        assert again.inputs.older.data() == older_bytes
        assert earlier_years.years(again.report) == (2024,)
        assert (again.inputs.previous.data(), again.inputs.before.source.data()) == (clean_bytes, clean_bytes)
        assert (again.inputs.name, again.inputs.taken_at) == ("return.xml", entry.inputs.taken_at)
        assert again.report.findings_table(["R09"])["mark"].to_pylist() == ["right"]
        assert again.report.outcome("P15").rule.dfe == "2030"
        assert again.report.teams is not None
        assert again.report.teams.names == ("North",)
        work = vault.VAULT.work(other.session_state[vault.SESSION_KEY])
        assert (work.notes, work.to_open) == ({"P12": Edit("Ours.", ("count",))}, None)
        assert PASSPHRASE not in repr(other.session_state)
    finally:
        vault.VAULT.drop(other.session_state[vault.SESSION_KEY])


def test_a_file_that_is_no_working_file_is_refused_at_once(visit: AppTest) -> None:
    open_with(choose(visit, b"<Message/>"), PASSPHRASE)
    assert "This is not a working file" in visit.error[0].value
    # Another one can be chosen.
    assert any(each.label.startswith("Working file") for each in visit.file_uploader)


def test_another_working_file_can_be_chosen_instead(visit: AppTest) -> None:
    press(choose(visit, sealing.MAGIC), "Choose another working file")
    assert any(each.label.startswith("Working file") for each in visit.file_uploader)
    assert vault.VAULT.work(visit.session_state[vault.SESSION_KEY]).to_open is None


def test_a_working_file_replaces_the_return_that_is_loaded(
    visit: AppTest, dirty_bytes: bytes, clean_bytes: bytes
) -> None:
    make(load(visit, dirty_bytes))
    saved = entry_of(visit).saved
    assert saved is not None
    load(visit, clean_bytes, "Another SEN2 return")
    assert entry_of(visit).saved is None
    assert "It replaces this return" in words(visit)
    vault.VAULT.work(visit.session_state[vault.SESSION_KEY]).notes["P12"] = Edit("Later.", ())
    open_with(choose(visit, saved[0]), PASSPHRASE)
    assert entry_of(visit).inputs.source.data() == dirty_bytes
    assert vault.VAULT.work(visit.session_state[vault.SESSION_KEY]).notes == {}


def test_a_return_that_cannot_be_read_changes_nothing(visit: AppTest, dirty_bytes: bytes) -> None:
    load(visit, dirty_bytes)
    entry = entry_of(visit)
    vault.VAULT.work(visit.session_state[vault.SESSION_KEY]).notes["P12"] = Edit("Ours.", ())
    contents = {"details": details(entry), "return": b"<Other/>"}
    open_with(choose(visit, working_file.save(contents, PASSPHRASE, entry.inputs.settings)), PASSPHRASE)
    assert "Working file\\: This is not a SEN2 return" in visit.error[0].value
    assert entry_of(visit) is entry
    assert vault.VAULT.work(visit.session_state[vault.SESSION_KEY]).notes == {"P12": Edit("Ours.", ())}


def test_accepted_near_matches_count_again_once_the_same_files_are_added(visit: AppTest) -> None:
    data = sample_bytes(*OF_LINKED, year=2027)
    files = [
        (name.rpartition("/")[2], text.encode())
        for name, text in linked_files(*OF_LINKED, 2027).items()
        if name.startswith("census/")
    ]
    entry = entry_of(load(visit, data))
    found = loaded_files.add(entry.report, entry.inputs.linked, files)
    loaded_files.use(entry.report, found)
    figures = loaded_files.figures_of(entry.report)
    assert figures is not None and figures.census is not None
    pair = figures.census.near.to_pylist()[0]
    entry.inputs = replace(entry.inputs, linked=found.accepting(accepted_of(figures, pair)))
    make(visit)
    saved = entry_of(visit).saved
    assert saved is not None

    other = AppTest.from_file(str(ui.ROOT / "sen2dash" / "main.py"), default_timeout=60).run()
    try:
        open_with(choose(other, saved[0]), PASSPHRASE)
        assert "1 near match that you accepted will count" in other.success[0].value
        assert "1 near match that you accepted will count again when you add the same files" in words(other)
        again = entry_of(other)
        assert not again.inputs.linked.kinds
        found = loaded_files.add(again.report, again.inputs.linked, files)
        loaded_files.use(again.report, found)
        figures = loaded_files.figures_of(again.report)
        assert figures is not None and figures.census is not None
        match = dict(zip(*(figures.census.people[name].to_pylist() for name in ("person_id", "match")), strict=True))
        assert [person for person, each in match.items() if each == "accepted"] == [pair["person_id"]]
    finally:
        vault.VAULT.drop(other.session_state[vault.SESSION_KEY])
