"""The next version of a return: linked files are matched again, and nothing is kept of children who are gone."""

from __future__ import annotations

import weakref
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from typing import Any

import duckdb
import pytest

from sen2dash.checks.report import Report, build_report
from sen2dash.config import Settings
from sen2dash.errors import TooLarge
from sen2dash.linked import loaded_files
from sen2dash.linked.census import KEPT
from sen2dash.linked.loaded_files import LoadedFiles
from sen2dash.linked.matching import AcceptedMatch, LinkedFigures, link_readings
from sen2dash.sample.linked import linked_files
from tests.linked.making import Census, accepted_of, person, sen2

OLD, NEW, GONE = "A333000100001", "Y333000100002", "Z333000100003"
NEAR, OTHER = person(OLD, surname="Near"), person(GONE, "2013-01-01", surname="Other")


@contextmanager
def report_of(data: bytes) -> Iterator[Report]:
    report = build_report(data, Settings(now=datetime(2027, 2, 1, 12)), only=())
    try:
        yield report
    finally:
        report.close()


def census() -> list[tuple[str, bytes]]:
    """One child whose UPN was changed, one with an exact match, and a stranger."""
    made = Census()
    made.has("termlysessiondetailsonroll", "termlyexclusionsonroll")
    school = made.school()
    children: tuple[tuple[str, dict[str, Any]], ...] = (
        (NEW, {"formerupn": OLD}),
        (GONE, {"dob": "2013-01-01"}),
        ("S000000000000", {"dob": "2011-01-01"}),
    )
    for upn, items in children:
        row = made.pupil(school, upn=upn, **items)
        made.add("termlysessiondetailsonroll", row, attendancereason="I", sessions=4)
        made.add("termlyexclusionsonroll", row, category="SUSP", startdate="2023-10-05", sessions=2, reason1="DB")
    return list(made.files().items())


def figures_of(report: Report) -> LinkedFigures:
    found = loaded_files.figures_of(report)
    assert found is not None
    return found


def tables(figures: LinkedFigures) -> set[str]:
    """The tables of the workspace, and the rows that are lent to it."""
    space = figures.linking.space
    return {row["name"] for row in space.rows("select table_name as name from duckdb_tables()")} | space._lent


def accepted() -> LoadedFiles:
    """What is held after the first version, with its near match accepted."""
    with report_of(sen2(NEAR, OTHER)) as report:
        found = loaded_files.add(report, LoadedFiles(), census())
        loaded_files.use(report, found)
        figures = figures_of(report)
        assert figures.census is not None
        (pair,) = figures.census.near.to_pylist()
        found = found.accepting(accepted_of(figures, pair))
        loaded_files.use(report, found)
        assert matches(report) == ["accepted", "exact"] and n_counted(report) == 2
    return found


def matches(report: Report) -> list[str]:
    census_ = figures_of(report).census
    assert census_ is not None
    found: list[str] = census_.people["match"].to_pylist()
    return found


def n_counted(report: Report) -> int:
    """The children whose absence counts."""
    census_ = figures_of(report).census
    assert census_ is not None
    return len(census_.absence.of)


def rows_of(found: LoadedFiles) -> dict[str, int]:
    assert found.readings.census is not None
    tables = found.readings.census.tables
    return {name: tables[name].num_rows for name in ("pupil", "session", "exclusion")}


def test_files_that_are_added_are_matched_once_and_again_after_a_change(monkeypatch: pytest.MonkeyPatch) -> None:
    calls = []

    def counting(*arguments: Any) -> LinkedFigures:
        calls.append(arguments)
        return link_readings(*arguments)

    monkeypatch.setattr(loaded_files, "link_readings", counting)
    with report_of(sen2(NEAR, OTHER)) as report, report_of(sen2(OTHER)) as other:
        found = loaded_files.add(report, LoadedFiles(), census())
        used = loaded_files.use(report, found)
        assert len(calls) == 1 and used.matched is None
        assert matches(report) == ["near_upn", "exact"]
        loaded_files.use(other, found)
        assert len(calls) == 2 and matches(other) == ["exact"]
        figures = figures_of(report)
        assert figures.census is not None
        (pair,) = figures.census.near.to_pylist()
        loaded_files.use(report, found.accepting(accepted_of(figures, pair)))
        assert len(calls) == 3 and matches(report) == ["accepted", "exact"]
        loaded_files.use(report, found.without("census"))
        assert loaded_files.figures_of(report) is None


def test_it_is_said_when_the_files_have_been_read_and_are_matched() -> None:
    seen: list[str] = []
    with report_of(sen2(NEAR, OTHER)) as report:
        loaded_files.add(report, LoadedFiles(), census(), lambda *_: seen.append("read"), lambda: seen.append("match"))
    assert seen[-1] == "match" and seen.count("match") == 1 and "read" in seen


def test_what_only_some_views_show_is_worked_out_once_and_not_before() -> None:
    with report_of(sen2(NEAR, OTHER)) as report:
        loaded_files.use(report, loaded_files.add(report, LoadedFiles(), census()))
        figures = figures_of(report)
        assert figures.census is not None
        before = tables(figures)
        # What no later figure reads is dropped: it would be of other children, or there twice.
        kept = {
            "census_code",
            "census_return",
            "enrolment",
            "export",
            "folded_name",
            "link",
            "linked_person",
            "person_year",
        }
        assert before == {*kept, *KEPT}
        assert figures.census.absence is figures.census.absence and len(figures.census.absence.of) == 1
        assert figures.census.exclusions is figures.census.exclusions
        assert tables(figures) == before


def test_a_section_that_fails_leaves_no_table_and_can_be_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> Any:
        raise TooLarge("much", "too much", "")

    with report_of(sen2(NEAR, OTHER)) as report:
        loaded_files.use(report, loaded_files.add(report, LoadedFiles(), census()))
        figures = figures_of(report)
        assert figures.census is not None
        before = tables(figures)
        with monkeypatch.context() as broken:
            broken.setattr(figures.linking.space, "table", fail)
            for name in ("absence", "exclusions"):
                with pytest.raises(TooLarge):
                    getattr(figures.census, name)
        assert tables(figures) == before
        assert len(figures.census.absence.of) == 1


def test_the_rows_that_are_kept_go_with_the_return_and_with_the_figures() -> None:
    with report_of(sen2(NEAR, OTHER)) as report:
        found = loaded_files.use(report, loaded_files.add(report, LoadedFiles(), census()))
        replaced = weakref.ref(figures_of(report).linking)
        found = loaded_files.use(report, found)
        assert replaced() is None
        last = figures_of(report).linking
        assert last.space.value("select count(*) from linked_person") == 2
        removed = weakref.ref(last)
        del last
        loaded_files.use(report, found.without("census"))
        assert removed() is None
        loaded_files.use(report, loaded_files.add(report, LoadedFiles(), census()))
        space = figures_of(report).linking.space
    with pytest.raises(duckdb.ConnectionException, match="closed"):
        space.value("select 1")


def test_an_accepted_match_goes_on_and_children_who_are_gone_are_not_kept() -> None:
    before = accepted()
    assert set(rows_of(before).values()) == {2}
    with report_of(sen2(NEAR)) as report:
        now = loaded_files.use_next(report, before)
        assert matches(report) == ["accepted"] and n_counted(report) == 1
    assert set(rows_of(now).values()) == {1}
    assert now.readings.census is not None
    assert now.readings.census.tables["pupil"]["upn"].to_pylist() == [NEW]
    assert (now.accepted, now.n_lost) == (before.accepted, 0)
    assert now.kinds["census"].is_again
    assert now.kinds["census"].used[1].startswith("2 pupil rows kept with the version before: 1 used,")
    assert "1 that fit nobody in this version dropped" in now.kinds["census"].used[1]


@pytest.mark.parametrize(
    ("people", "match", "counted"),
    [
        ((NEAR, OTHER, person(NEW, surname="Exact")), ["none", "exact", "exact"], 2),
        ((NEAR, OTHER, person(OLD, "2010-01-01")), ["upn_shared", "exact", "upn_shared"], 1),
        ((person(OLD, surname="Corrected"), OTHER), ["near_upn", "exact"], 1),
    ],
    ids=["an exact match comes first", "a shared UPN matches nobody", "another surname"],
)
def test_an_accepted_match_ends_where_it_is_true_no_longer(
    people: tuple[str, ...], match: list[str], counted: int
) -> None:
    with report_of(sen2(*people)) as report:
        now = loaded_files.use_next(report, accepted())
        assert matches(report) == match
        assert n_counted(report) == counted
    assert (now.accepted, now.n_lost) == ((), 1)


def test_a_person_who_is_there_twice_cannot_be_accepted_and_that_is_counted() -> None:
    twice = person(None, surname="Twice")
    made = Census()
    made.pupil(made.school(), upn=NEW, surname="Twice", forename="Sam")
    with report_of(sen2(person(None, surname="Twice", uln="1234567890"), twice, twice)) as report:
        found = loaded_files.add(report, LoadedFiles(), list(made.files().items()))
        loaded_files.use(report, found)
        identity = figures_of(report).identity(2)
        loaded_files.use(report, found.accepting(AcceptedMatch(identity, (1,), ())))
        assert "accepted" not in matches(report)
        assert figures_of(report).n_lost == 1


@pytest.mark.parametrize("other", [sen2(NEAR, OTHER, year=2025), sen2(NEAR, OTHER).replace(b"333</LEA>", b"334</LEA>")])
def test_nothing_is_carried_to_a_return_of_another_year_or_authority(other: bytes) -> None:
    with report_of(other) as report:
        assert loaded_files.use_next(report, accepted()) == LoadedFiles()
        assert loaded_files.figures_of(report) is None and not report.store.has_census


# -- another visit ----------------------------------------------------------------------------------------


def of_working_file(report: Report) -> LoadedFiles:
    """What another visit holds that opens the work of the first."""
    return loaded_files.waiting(report, accepted().pairs)


def test_an_accepted_match_counts_again_when_the_same_files_are_added_in_another_visit() -> None:
    with report_of(sen2(NEAR, OTHER)) as report:
        found = of_working_file(report)
        assert len(found.waiting) == 1 and not found.kinds
        loaded_files.use(report, found)
        assert loaded_files.figures_of(report) is None
        found = loaded_files.add(report, found, census())
        loaded_files.use(report, found)
        assert matches(report) == ["accepted", "exact"] and n_counted(report) == 2
        assert (len(found.accepted), found.n_lost, found.waiting) == (1, 0, ())
        assert len(found.pairs) == 1, "it is saved again"


def without_it() -> list[tuple[str, bytes]]:
    """A census in which the near match is with another row."""
    made = Census()
    made.pupil(made.school(), upn="X333000100009", formerupn=OLD)
    return list(made.files().items())


def test_an_accepted_match_of_another_visit_waits_while_the_files_have_another_row() -> None:
    with report_of(sen2(NEAR, OTHER)) as report:
        before = of_working_file(report)
        found = loaded_files.add(report, before, without_it())
        loaded_files.use(report, found)
        assert "accepted" not in matches(report)
        assert (found.accepted, found.n_lost, found.waiting) == ((), 0, before.waiting)
        found = loaded_files.add(report, found, census())
        loaded_files.use(report, found)
        assert matches(report) == ["accepted", "exact"]
        assert (found.pairs, found.waiting) == (before.pairs, ())


@pytest.mark.parametrize(
    "ends",
    [lambda report, found: loaded_files.add(report, found, without_it()), lambda _, found: found.without("census")],
    ids=["another census", "removed"],
)
def test_an_accepted_match_waits_when_the_census_is_replaced_or_removed(
    ends: Callable[[Report, LoadedFiles], LoadedFiles],
) -> None:
    with report_of(sen2(NEAR, OTHER)) as report:
        before = accepted()
        found = ends(report, before)
        assert (found.accepted, found.waiting, found.pairs) == ((), before.pairs, before.pairs)
        found = loaded_files.add(report, found, census())
        loaded_files.use(report, found)
        assert matches(report) == ["accepted", "exact"]
        assert found.waiting == ()


def test_a_near_match_that_is_accepted_or_undone_replaces_one_of_the_person_that_waits() -> None:
    with report_of(sen2(NEAR, OTHER)) as report:
        found = loaded_files.add(report, of_working_file(report), without_it())
        loaded_files.use(report, found)
        figures = figures_of(report)
        assert figures.census is not None
        (pair,) = figures.census.near.to_pylist()
        more = accepted_of(figures, pair)
        assert found.accepting(more).pairs == (more.pair,)
        assert found.accepting(more).not_accepting(more.person).pairs == ()


def test_matches_of_another_visit_wait_through_the_next_version_but_not_another_return() -> None:
    with report_of(sen2(NEAR, OTHER)) as report:
        found = of_working_file(report)
        assert loaded_files.use_next(report, found) == found
    with report_of(sen2(NEAR, OTHER, year=2025)) as report:
        assert loaded_files.use_next(report, found) == LoadedFiles()


def test_what_to_check_of_inspections_follows_a_register() -> None:
    name, text = next(
        (name, text) for name, text in linked_files(40, 5, 2024).items() if name.startswith("inspections")
    )
    with report_of(sen2(NEAR)) as report:
        found = loaded_files.add(report, LoadedFiles(), [(name.rpartition("/")[2], text.encode())])
        old = replace(found.kinds["inspections"], doubtful=("3 people are at a place.",))
        now = loaded_files.use(report, replace(found, kinds={"inspections": old}))
    assert now.kinds["inspections"] == found.kinds["inspections"]
