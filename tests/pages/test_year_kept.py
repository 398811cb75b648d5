"""A year of kept returns, as a viewer, an officer and an administrator see it on the pages.

Three mock returns, a submission and a correction, then the first mock of the next year; and what is left when the
returns of the year have ended.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from sen2dash.archive.kinds import Kind
from sen2dash.checks import catalogue
from sen2dash.checks.report import build_report
from sen2dash.config import Settings
from sen2dash.sample.generate import sample_bytes
from tests.archive.made import Made
from tests.pages.kept import ADMINISTRATOR, OFFICER, VIEWER, Version, Visit, is_refused, visit
from tests.pages.test_pages import words

__all__ = ["visit"]
pytestmark = pytest.mark.slow
#: Errors that are corrected one after the other, each in some records.
DEFECTS = ("P15", "R09", "P03", "P12", "A01", "N02")
COLLEAGUE = "B. Colleague"


@cache
def version(
    year: int, serial: str, n_defects: int, at: str, label: str, kind: Kind = "mock", who: str = OFFICER.who
) -> Version:
    """A return of a case system with a serial number, and so many kinds of defects. It is checked by a few rules."""
    data = sample_bytes(persons=24, seed=year, year=year, rule_ids=DEFECTS[:n_defects])
    data = re.sub(rb"<SerialNo>[^<]*<", f"<SerialNo>{serial}<".encode(), data).replace(
        b"sen2dash sample", b"Case system"
    )
    rules = [rule for rule in catalogue.rules() if rule.id in DEFECTS or rule.id.startswith("M0")]
    return Version(Made(data, build_report(data, Settings(now=at), only=rules)), at, label, kind, who)


def of_the_year() -> Iterator[Version]:
    """The versions of 2024 in the order in which they are kept."""
    yield version(2024, "001", 6, "2023-11-14T10:00:00", "First mock")
    yield version(2024, "002", 4, "2023-12-12T10:00:00", "Second mock")
    yield version(2024, "003", 2, "2024-01-19T10:00:00", "Third mock")
    yield version(2024, "004", 1, "2024-02-06T16:30:00", "Submission", "submission")
    yield version(2024, "005", 0, "2024-02-27T09:15:00", "Correction", "submission", COLLEAGUE)


def everything(at: AppTest) -> str:
    """All text of a page with its tables."""
    tables = [element.value.to_string() for kind in (at.table, at.dataframe) for element in kind]
    return "\n".join([words(at), *tables])


def trend_of(visit: Visit) -> dict[str, list[str]]:
    """The table of errors and queries."""
    at = visit.page("trend")
    at.toggle(key="trend_table").set_value(True).run()
    assert not at.exception
    return {str(name): list(column) for name, column in at.table[0].value.items()}


def test_a_year_is_walked_by_a_viewer_an_officer_and_an_administrator(
    visit: Visit, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("SEN2DASH_ARCHIVE_RETENTION_DAYS", "400")
    versions = list(of_the_year())
    errors = [each.made.report.n_findings("error") for each in versions]
    assert errors == sorted(errors, reverse=True)
    assert errors[0] > errors[3] > errors[4]
    names = [name.decode() for each in versions for name in each.made.names()]

    # Three mock returns. The officer sees the errors fall.
    visit.keep(*versions[:3])
    visit.by(OFFICER)
    seen = trend_of(visit)
    assert seen["Version"] == ["First mock", "Second mock", "Third mock"]
    assert seen["Errors"] == [f"{each:,}" for each in errors[:3]]
    assert set(seen["Kind"]) == {"Mock return"}
    assert is_refused(visit.page("audit"))

    # The submission, and its correction by a colleague.
    visit.keep(*versions[3:])
    seen = trend_of(visit)
    assert seen["Kind"] == ["Mock return"] * 3 + ["Submission"] * 2
    assert seen["Errors"] == [f"{each:,}" for each in errors]
    assert set(seen["Return year"]) == {"2024"}

    # A viewer sees the same versions with protected numbers, and nothing else.
    visit.by(VIEWER)
    shown = trend_of(visit)
    assert shown["Version"] == seen["Version"]
    assert set(shown["People"]) == {"25"}
    assert all(each == "c" or int(each.replace(",", "")) % 5 == 0 for each in shown["Errors"] + shown["Queries"])
    assert is_refused(visit.page("audit"))

    # An administrator sees who kept the submission and the correction, and what changed between them.
    visit.by(ADMINISTRATOR)
    at = visit.page("audit")
    kept = at.dataframe[0].value.query("Action == 'Kept a return'")
    assert list(kept["Person"]) == [COLLEAGUE, *[OFFICER.who] * 4]
    assert list(kept["Return"])[:2] == ["2024 005 Correction", "2024 004 Submission"]
    at.segmented_control(key="audit_view").set_value("versions").run()
    facts = {row[0]: row[1:] for row in at.table[0].value.itertuples(index=False, name=None)}
    assert facts["Serial number"] == ("004", "005", "")
    assert facts["Kept by"] == (OFFICER.who, COLLEAGUE, "")
    assert facts["Kept on"] == (r"6 February 2024, 16\:30", r"27 February 2024, 09\:15", "")
    assert facts["People"] == ("25", "25", "same")
    assert not [name for name in names if name in everything(at)]

    # The first mock of the next year is beside the year before.
    visit.keep(version(2025, "001", 5, "2024-11-19T10:00:00", "Next first mock"))
    visit.by(OFFICER)
    seen = trend_of(visit)
    assert seen["Return year"] == ["2024"] * 5 + ["2025"]
    assert set(seen["Note"]) == {""}
    at = visit.page("trend")
    assert at.segmented_control(key="trend_years_2").options == ["2025", "2024 to 2025"]

    # The returns of the year have ended on 21 February 2025, and are kept for the notice.
    visit.at("2025-03-07T10:00:00")
    assert len(trend_of(visit)["Version"]) == 6
    assert len(visit.page("kept").warning) == 5
    visit.at("2025-03-08T10:00:00")
    assert trend_of(visit)["Version"] == ["Next first mock"]
    visit.by(VIEWER)
    assert trend_of(visit)["Version"] == ["Next first mock"]
    visit.by(ADMINISTRATOR)
    at = visit.page("audit")
    gone = at.dataframe[0].value.query("Action == 'Deleted a return that had ended'")
    assert len(gone) == 5
    assert all(each.endswith(", deleted") for each in gone["Return"])
    assert set(gone["Details"]) == {"25 people"}
    at.segmented_control(key="audit_view").set_value("chain").run()
    assert len(at.success) == 2
    assert not at.error

    # Nothing of a child is in the file, and no entry of the audit has a name.
    held = b"".join(path.read_bytes() for path in tmp_path.glob("returns.db*"))
    assert not [name for name in names if name.encode() in held]
    said = "".join(each.event.model_dump_json() for each in visit.entries() if each.event)
    assert not [name for name in names if name in said]
