"""The page "Audit" in each view, for administrators alone."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from datetime import date

import pandas as pd
import pytest
import sqlalchemy as sa
from streamlit.testing.v1 import AppTest

from sen2dash.archive.tables import AUDIT
from sen2dash.web import archive_session
from sen2dash.web.access import Right
from tests.archive import made
from tests.pages.kept import ADMINISTRATOR, OFFICER, SESSION, VIEWER, Files, Version, Visit, files, is_refused, visit
from tests.pages.test_pages import words

__all__ = ["files", "visit"]
THIRD = Version(made.make(seed=1), "2025-02-03T10:00:00", "Submission", "submission")
FOURTH = Version(made.make(seed=2), "2025-02-20T11:30:00", "Correction", "submission", "B. Colleague")
ALL = replace(ADMINISTRATOR, rights=frozenset(Right))


def entries(at: AppTest) -> pd.DataFrame:
    """The table of entries."""
    found: pd.DataFrame = at.dataframe[-1].value
    return found


def show(at: AppTest, view: str) -> AppTest:
    return at.segmented_control(key="audit_view").set_value(view).run()


@pytest.mark.parametrize("person", [VIEWER, OFFICER])
def test_others_read_one_sentence_and_are_not_asked_for_a_passphrase(
    visit: Visit, person: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    visit.keep(THIRD)
    monkeypatch.delenv("SEN2DASH_ARCHIVE_PASSPHRASE")
    visit.by(person)  # type: ignore[arg-type]
    assert is_refused(visit.page("audit"))


def test_entries_are_the_newest_first_and_filtered(visit: Visit) -> None:
    visit.keep(THIRD, FOURTH)
    visit.at("2025-03-01T09:00:00")
    visit.by(ALL)
    at = visit.page("audit")
    found = entries(at)
    assert "5 of 5 entries, the newest first." in words(at)
    assert list(found["Action"]) == [
        "Opened the archive",
        "Kept a return",
        "Opened the archive",
        "Kept a return",
        "Opened the archive",
    ]
    assert list(found["Person"]) == [ALL.who, *["B. Colleague"] * 2, *[OFFICER.who] * 2]
    assert found["Return"][1] == "2025 001 Correction"
    assert found["Details"][1].startswith("12 people, ")
    assert str(found["When"][1]) == "2025-02-20 11:30:00"
    assert set(found["Authority"]) == {"Sandwell", "No authority"}
    at.multiselect(key="audit_action").set_value(["Kept a return"]).run()
    assert list(entries(at)["Return"]) == ["2025 001 Correction", "2025 001 Submission"]
    at.multiselect(key="audit_person").set_value([OFFICER.who]).run()
    assert "1 of 5 entries" in words(at)
    at.multiselect(key="audit_person").set_value([])
    at.date_input(key="audit_from").set_value(date(2025, 2, 20)).run()
    assert list(entries(at)["Return"]) == ["2025 001 Correction"]
    at.date_input(key="audit_to").set_value(date(2025, 2, 19)).run()
    assert "No entry matches" in at.info[0].value


def test_an_administrator_who_may_not_see_children_sees_protected_counts(visit: Visit) -> None:
    visit.keep(THIRD, FOURTH)
    visit.at("2025-03-01T09:00:00")
    visit.by(ADMINISTRATOR)
    at = visit.page("audit")
    assert "Counts are rounded to the nearest 5" in words(at)
    assert entries(at)["Details"][1].startswith("10 people, ")
    facts = show(at, "versions").table[0].value
    assert list(facts[facts["Item"] == "People"].iloc[0]) == ["People", "10", "10", "same"]


def test_two_versions_are_on_one_page(visit: Visit) -> None:
    kept = visit.keep(THIRD, FOURTH)
    visit.by(ALL)
    at = show(visit.page("audit"), "versions")
    facts = {row[0]: row[1:] for row in at.table[0].value.itertuples(index=False, name=None)}
    assert facts["Kept by"] == ("O. Officer", "B. Colleague", "")
    assert facts["Name"] == ("Submission", "Correction", "")
    counts = [each.summary.open_findings()["error"] or 0 for each in kept if each.summary]
    assert facts["Errors"][:2] == tuple(f"{each:,}" for each in counts)
    digests = [each.manifest.sha256 for each in kept if each.manifest]
    assert [each.replace(" ", "") for each in facts["SHA-256 digest"][:2]] == digests
    assert [each.value for each in at.subheader] == [
        "Who, when and how many",
        "Findings by rule",
        "Indicators",
        "Actions on these two versions",
    ]
    assert list(entries(at)["Return"]) == ["2025 001 Correction", "2025 001 Submission"]
    key = "audit_before_333_2025"
    at.selectbox(key=key).set_value(kept[1].id).run()
    assert "Choose two different versions." in at.info[0].value


def test_one_version_or_none_cannot_be_compared(visit: Visit) -> None:
    visit.opened().close()
    assert "No return is kept yet." in show(visit.page("audit"), "versions").info[0].value
    visit.keep(THIRD)
    assert "Only one version of this return year is kept" in show(visit.page("audit"), "versions").info[0].value


def test_the_chain_is_unbroken_until_somebody_changes_it(visit: Visit) -> None:
    visit.keep(THIRD, FOURTH)
    at = show(visit.page("audit"), "chain")
    assert [each.value.split(" Its")[0] for each in at.success] == [
        "**No authority**: unbroken, 3 entries.",
        "**Sandwell**: unbroken, 2 entries.",
    ]
    heads = {each.authority: each.hash for each in visit.entries()}
    assert [each.value for each in at.code] == [heads[""], heads["333"]]
    at.text_input(key="audit_head").set_value(heads["333"]).run()
    assert "it is entry 2 of Sandwell. 0 entries were added after it." in at.success[-1].value
    held = archive_session.ARCHIVES.get(SESSION)
    assert held is not None
    with held.archive.writing("333") as connection:
        last = (AUDIT.c.authority == "333") & (AUDIT.c.sequence == 2)
        connection.execute(sa.delete(AUDIT).where(last))
    at.run()
    assert "No entry has this hash" in at.error[0].value
    with held.archive.writing("333") as connection:
        connection.execute(sa.update(AUDIT).where(AUDIT.c.authority == "333").values(time="2025-02-03T11:00:00+00:00"))
    at.run()
    assert "broken at entry 1: it was changed" in at.error[0].value


def test_the_file_is_noted_and_holds_its_own_making(visit: Visit, files: Files) -> None:
    visit.keep(THIRD)
    visit.page("audit")
    n = len(visit.entries())
    data = files["The whole audit (CSV)"]().decode("utf-8-sig")
    assert len(visit.entries()) == n + 1
    heads = {each.authority: each.hash for each in visit.entries()}
    assert '"export"' in data.splitlines()[3]
    assert all(head in data for head in heads.values())
    assert ",12," in data.splitlines()[4]
    for name in made.make(seed=1).names():
        assert name.decode() not in data


def test_the_file_of_an_administrator_who_may_not_see_children_is_protected(visit: Visit, files: Files) -> None:
    visit.keep(THIRD)
    visit.by(ADMINISTRATOR)
    visit.page("audit")
    rows = list(csv.DictReader(io.StringIO(files["The whole audit (CSV)"]().decode("utf-8-sig"), newline="")))
    (kept,) = [row for row in rows if row["Action"] == "keep"]
    assert kept["People"] == "10"
    counts = [value for name, value in kept.items() if name.startswith("Findings: ")]
    assert "c" in counts and all(each == "c" or int(each) % 5 == 0 for each in counts)
    (made_now,) = [row for row in rows if row["Action"] == "export"]
    assert made_now["Rounded"] not in ("", "False", "false", "no")


def test_the_entries_of_another_authority_are_not_seen(visit: Visit) -> None:
    visit.keep(THIRD, Version(made.make(seed=2, lea="301"), "2025-02-20T11:30:00"))
    visit.by(replace(ALL, authority="333"))
    at = visit.page("audit")
    assert list(entries(at)["Authority"]) == ["Sandwell"]
    show(at, "chain")
    assert [each.value.split(":")[0] for each in at.success] == ["**Sandwell**"]
