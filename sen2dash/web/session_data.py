"""What one session holds: its return with the files that it was made from, and the work of the person besides.

The session vault keeps and erases it. Nothing here knows which session it belongs to.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

import pyarrow as pa

from sen2dash.analysis.changes import ReturnChanges
from sen2dash.archive.kept import Stamps
from sen2dash.checks import dfe_numbers
from sen2dash.checks.dfe_numbers import Numbers
from sen2dash.checks.notes import Edit
from sen2dash.checks.report import Report
from sen2dash.config import Settings
from sen2dash.linked.loaded_files import LoadedFiles
from sen2dash.reading.publication import ImportSummary
from sen2dash.reading.register import RegisterReading
from sen2dash.reading.source import SourceText
from sen2dash.reading.teams import TeamList
from sen2dash.reference.releases import Published


@dataclass(frozen=True)
class PreviousVersion:
    """An earlier version of the current return, to compare with. taken_at: when it was loaded."""

    source: SourceText
    name: str
    taken_at: datetime


@dataclass(frozen=True)
class Inputs:
    """The files that a report was made from, kept so that an earlier return or a register can be added later.

    previous: the earlier return that the rules compare with. older: one more, whose figures are shown as well.
    before: the version that this one replaced. taken_at: when this one was loaded. teams: a list of teams.
    linked: what was kept of linked files.
    kept: a kept return to compare with. kept_work: the marks, notes and teams in the archive that this visit began
    with, or kept last.
    """

    source: SourceText
    name: str
    is_made_up: bool = False
    previous: SourceText | None = None
    previous_name: str = ""
    establishments: RegisterReading | None = None
    establishments_name: str = ""
    settings: Settings = field(default_factory=Settings)
    before: PreviousVersion | None = None
    taken_at: datetime = field(default_factory=lambda: Settings().clock())
    teams: TeamList | None = None
    teams_name: str = ""
    older: SourceText | None = None
    older_name: str = ""
    linked: LoadedFiles = field(default_factory=LoadedFiles)
    kept: PreviousVersion | None = None
    kept_work: Stamps = field(default_factory=dict)


@dataclass(frozen=True)
class LastMarked:
    """Findings that were marked at once. rule_id: their rule; before: the marks that they had."""

    rule_id: str
    before: pa.Table


@dataclass
class LoadedReturn:
    """One session's report. Times are in seconds on the monotonic clock.

    since: the comparison of the report with the earlier return, once somebody has asked for it. last_marked: what was
    marked last, so that it can be undone. saved: the working file that was made last, encrypted, and when it was made.
    """

    report: Report
    inputs: Inputs
    touched: float = field(default_factory=time.monotonic)
    since: ReturnChanges | None = None
    last_marked: LastMarked | None = None
    saved: tuple[bytes, datetime] | None = None

    def keep_since(self, since: ReturnChanges | None) -> None:
        """Keep a comparison, replacing any earlier one."""
        old, self.since = self.since, since
        if old is not None:
            old.close()

    def close(self) -> None:
        """Erase the report and its comparison."""
        self.keep_since(None)
        self.report.close()


@dataclass(frozen=True)
class WaitingUpload:
    """An uploaded file that is still to be used. label: the field that it was uploaded in; use: reads and checks it."""

    label: str
    use: Callable[[], None]


@dataclass(frozen=True)
class FileWithoutHeader:
    """A workbook without a header, waiting for somebody to say which return it is. use: checks it with its name."""

    label: str
    name: str
    data: bytes
    use: Callable[[bytes, str], None]


@dataclass
class Work:
    """A person's work in this session besides loading a return: edited notes, the DfE's rule numbers, and published
    figures to compare with and what was read of them (None: those of the server). waiting: a file not yet used.
    to_open: a working file, still encrypted, and its name. to_head: a workbook without a header. touched: when a page
    last asked for it, on the monotonic clock."""

    notes: dict[str, Edit] = field(default_factory=dict)
    numbers: Numbers = dfe_numbers.NONE
    published: Published | None = None
    publication: ImportSummary | None = None
    to_open: tuple[str, bytes] | None = None
    to_head: FileWithoutHeader | None = None
    waiting: WaitingUpload | None = None
    touched: float = field(default_factory=time.monotonic)

    @property
    def holds_a_file(self) -> bool:
        """Whether a file waits, of which no report has been made yet."""
        return not (self.waiting is None and self.to_open is None and self.to_head is None)
