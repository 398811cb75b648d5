"""An archive of made-up returns for the pages, and who is at the screen."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence, Sized
from pathlib import Path
from typing import NamedTuple

import pytest
import sqlalchemy as sa
from streamlit.testing.v1 import AppTest

from sen2dash import ui
from sen2dash.archive import keeping, opening
from sen2dash.archive.audit import AuditEntry, entries
from sen2dash.archive.kept import KeptReturn, find, seal
from sen2dash.archive.keys import Secret
from sen2dash.archive.kinds import Kind
from sen2dash.archive.opening import Archive
from sen2dash.archive.sealing import Cost
from sen2dash.archive.tables import RETURNS
from sen2dash.config import Settings
from sen2dash.web import access, archive_session, vault
from sen2dash.web.access import Person, Right
from tests.archive.made import Made

Files = dict[str, Callable[[], bytes]]
SESSION, WORDS = "kept returns", "correct horse battery"
#: Cheap, because the tests open the archive often.
CHEAP = Cost(log_n=4, r=1, p=1)
VIEWER = Person("V. Viewer", frozenset({Right.VIEW}))
OFFICER = Person("O. Officer", frozenset({Right.VIEW, Right.CHILD}))
ADMINISTRATOR = Person("A. Administrator", frozenset({Right.VIEW, Right.ADMIN}))


class Version(NamedTuple):
    """A return to keep. at: when, in the United Kingdom."""

    made: Made
    at: str
    label: str = ""
    kind: Kind = "mock"
    who: str = OFFICER.who


class Visit:
    """A visit of one person at one time, with the archive that a setting names."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, address: str) -> None:
        self.monkeypatch, self.address = monkeypatch, address
        monkeypatch.setenv("SEN2DASH_ARCHIVE", address)
        monkeypatch.setenv("SEN2DASH_ARCHIVE_PASSPHRASE", WORDS)

    def at(self, time: str) -> None:
        """Move the clock. The archive is opened again at this time."""
        self.monkeypatch.setenv("SEN2DASH_NOW", time)
        archive_session.ARCHIVES.drop(SESSION)

    def by(self, person: Person) -> None:
        """Let a person sit down at the screen."""
        self.monkeypatch.setattr(access, "person", lambda: person)
        archive_session.ARCHIVES.drop(SESSION)

    def opened(self, who: str = OFFICER.who) -> Archive:
        """The archive as the program opens it at this time, made if there is none. Close it."""
        return opening.open_archive(Settings(), Secret("passphrase", WORDS), who, True, CHEAP)

    def keep(self, *versions: Version) -> list[KeptReturn]:
        """Keep returns, each at its time."""
        found = []
        for version in versions:
            self.at(version.at)
            archive = self.opened(version.who)
            try:
                wanted = keeping.KeepOptions(label=version.label, kind=version.kind, file_name="return.xml")
                found.append(find(archive, keeping.keep(archive, version.made.data, version.made.report, wanted)[0]))
            finally:
                archive.close()
        return found

    def age(self, kept: Sequence[KeptReturn], **change: object) -> None:
        """Let summaries be as another release made them."""
        archive = self.opened()
        for each in kept:
            assert each.summary is not None
            sealed = seal(archive, each.summary.model_copy(update=change), "summary", each.id)
            with archive.writing(each.authority) as connection:
                connection.execute(sa.update(RETURNS).where(RETURNS.c.id == each.id).values(summary=sealed))
        archive.close()

    def entries(self) -> list[AuditEntry]:
        """The audit, without an entry that it was opened for this."""
        held = archive_session.ARCHIVES.get(SESSION)
        assert held is not None
        with held.archive.database.reading() as connection:
            return list(entries(connection, held.archive.key))

    def page(self, name: str) -> AppTest:
        """Open a page."""
        at = AppTest.from_file(str(ui.ROOT / "sen2dash" / "main.py"), default_timeout=60)
        at.session_state[vault.SESSION_KEY] = SESSION
        at.run()
        at.switch_page(f"../pages/{name}.py")
        return at.run()


def is_refused(at: AppTest) -> bool:
    """Whether a page says whom it is for, and shows nothing else."""
    said = " ".join(str(each.value) for kind in (at.title, at.info, at.markdown) for each in kind)
    shown: list[Sized] = [at.dataframe, at.table, at.text_input, at.get("download_button")]
    return ("for administrators" in said or "no access" in said) and not any(len(each) for each in shown)


@pytest.fixture
def files(monkeypatch: pytest.MonkeyPatch) -> Files:
    """What each download makes when it is pressed, by its label, as the pages drew it last."""
    found: Files = {}
    monkeypatch.setattr("streamlit.download_button", lambda label, make, **more: found.update({label: make}))
    return found


@pytest.fixture
def visit(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Visit]:
    """A visit of somebody with all rights, before anything is kept."""
    found = Visit(monkeypatch, f"sqlite:///{(tmp_path / 'returns.db').as_posix()}")
    found.at("2027-02-01T12:00:00")
    yield found
    archive_session.ARCHIVES.drop(SESSION)
