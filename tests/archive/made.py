"""Made-up returns with their reports, made once: a report costs a second."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from sen2dash.archive import keeping
from sen2dash.archive.kept import Kept, find
from sen2dash.archive.opened import Archive
from sen2dash.checks import catalogue
from sen2dash.checks.report import Report, build_report
from sen2dash.config import Settings
from sen2dash.sample.generate import sample_bytes

NOW = "2025-02-01T12:00:00"


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


def keep(archive: Archive, made: Made, **wanted: object) -> Kept:
    """Keep a return and list it."""
    ident, _ = keeping.keep(archive, made.data, made.report, keeping.Wanted(file_name="return.xml", **wanted))  # type: ignore[arg-type]
    return find(archive, ident)
