"""Made-up returns with their reports, made once: a report costs a second."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from typing import Any

from sen2dash.archive import keeping
from sen2dash.archive.definitions import indicator_digest, rules_digest
from sen2dash.archive.kept import Attachment, KeptReturn, Manifest, find, stamps
from sen2dash.archive.kinds import Kind
from sen2dash.archive.opening import Archive
from sen2dash.archive.summary import RuleCount, StoredIndicator, Summary
from sen2dash.checks import catalogue
from sen2dash.checks.report import Report, build_report
from sen2dash.config import Settings
from sen2dash.sample.generate import sample_bytes

NOW = "2025-02-01T12:00:00"
SETTINGS = Settings(now=datetime(2027, 2, 1))


@dataclass(frozen=True)
class Made:
    """The bytes of a return and its report."""

    data: bytes
    report: Report

    def names(self) -> list[bytes]:
        """Names and identifiers of its people, long enough not to be found by chance."""
        found = re.findall(rb"<(?:Surname|Forename|UPN|PostCode)>([^<]{6,})<", self.data)
        assert len(found) > 20
        return found


@cache
def make(seed: int, lea: str = "333", persons: int = 12, year: int = 2025) -> Made:
    """A return that says it was made by a case system. It is checked by a few rules, so that it costs little."""
    data = sample_bytes(persons, seed=seed, year=year, defects=3)
    data = data.replace(b"sen2dash sample", b"Case system").replace(b"<LEA>333<", f"<LEA>{lea}<".encode())
    rules = [rule for rule in catalogue.rules() if rule.id.startswith("P0")]
    return Made(data, build_report(data, Settings(now=NOW), only=rules))


def keep(archive: Archive, made: Made, **wanted: object) -> KeptReturn:
    """Keep a return and list it."""
    ident, _ = keeping.keep(archive, made.data, made.report, keeping.KeepOptions(file_name="return.xml", **wanted))  # type: ignore[arg-type]
    return find(archive, ident)


def described(
    ident: str,
    year: int,
    day: int,
    kind: Kind = "mock",
    *,
    rules: str = "",
    definition: str = "",
    numbers: tuple[int, int] = (1, 2),
    n_errors: int = 0,
    broken_rule: str = "",
    is_broken: bool = False,
    serial_no: str = "001",
    label: str = "",
    who: str = "",
    persons: int = 5,
    authority: str = "333",
) -> KeptReturn:
    """A kept return loaded on this day of February of its year. Only one indicator has these numbers."""
    time = datetime(year, 2, day, tzinfo=UTC)
    manifest = Manifest(
        year=year,
        reference_date=date(year, 1, 16),
        serial_no=serial_no,
        header_time="",
        software="",
        file_name="",
        size=1,
        sha256="0" * 64,
        persons=persons,
        label=label,
        kind=kind,
        who=who,
        loaded_at=time,
        release=f"sen2dash {day}",
    )
    figures = [
        StoredIndicator(id=each.id, numerator=0, denominator=0, definition=indicator_digest(each, SETTINGS))
        for each in catalogue.indicators()
    ]
    place = [figure.id for figure in figures].index("plans_within_20_weeks")
    figures[place] = StoredIndicator(
        id="plans_within_20_weeks",
        numerator=numbers[0],
        denominator=numbers[1],
        definition=definition or figures[place].definition,
        is_broken=is_broken,
    )
    findings = (
        RuleCount(id="P01", severity="error", status="found", count=n_errors, people=1),
        RuleCount(id="P29", severity="error", status="found", count=7, people=1, needs="establishments"),
        RuleCount(id="P30", severity="query", status="not_run", count=0, people=0),
        *([RuleCount(id=broken_rule, severity="query", status="broken", count=0, people=0)] if broken_rule else []),
    )
    summary = Summary(
        release=manifest.release,
        rules=rules or rules_digest(SETTINGS),
        made_at=time,
        counts={"person": persons},
        figures=tuple(figures),
        findings=findings,
    )
    return KeptReturn(ident, authority, date(2030, 1, 1), manifest, summary, False)


def attach(archive: Archive, kept: KeptReturn, kind: Attachment, value: Any) -> None:
    """Keep marks, notes or a list of teams beside a return, in place of what is there. value: as ATTACHED names it."""
    keeping.keep_work(archive, kept, {kind: value}, stamps(archive, kept))
