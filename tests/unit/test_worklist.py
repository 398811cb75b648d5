"""Whose findings are listed: each count, list and file holds those of the people who pass, and nobody drops out unset."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import openpyxl
import pytest

from sen2dash.analysis import changes, worklist
from sen2dash.analysis.changes import ReturnChanges
from sen2dash.checks import findings, marks, teams
from sen2dash.checks.report import Report, build_report
from sen2dash.compare.findings import needs_earlier
from sen2dash.config import Settings
from sen2dash.indicators import filters, rerun
from sen2dash.indicators.filters import EVERYONE
from sen2dash.output import export, team_workbook
from sen2dash.reading.source import SourceText
from sen2dash.reading.teams import read_teams
from sen2dash.sample.generate import sample_bytes
from tests.casebook import people_of

SETTINGS = Settings(now=datetime(2025, 2, 1, 12, 0))
#: A header without an authority: findings about no person.
DATA = sample_bytes(persons=150, seed=11, defects=80, year=2025).replace(b"<LEA>333</LEA>", b"<LEA>x</LEA>")


def team_list(report: Report) -> bytes:
    """North for every third person with a UPN, South for the next, none for the rest."""
    people = report.store.rows("select row_id, upn from person where upn is not null order by row_id")
    lines = [
        f"{row['upn']},{('North', 'South')[row['row_id'] % 3]},Ms {row['row_id'] % 2}"
        for row in people
        if row["row_id"] % 3 < 2
    ]
    return "\n".join(["UPN,Team,Case worker", *lines]).encode()


@pytest.fixture(scope="module")
def report() -> Iterator[Report]:
    made = build_report(DATA, SETTINGS)
    made.teams = teams.use(made.store, read_teams(team_list(made)))
    yield made
    made.close()


@pytest.fixture(scope="module")
def since(report: Report) -> Iterator[ReturnChanges]:
    before = sample_bytes(persons=150, seed=11, defects=30, year=2025)
    made = changes.look_back(report, SourceText(before), SETTINGS, None, lambda _: None)
    yield made
    made.close()


def rows_of(report: Report) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = report.findings_table([outcome.rule.id for outcome in report.outcomes]).to_pylist()
    return found


COHORTS = {
    "one need": filters.choose({"need": ["ASD"]}),
    "two of two": filters.choose({"need": ["ASD", "none"], "stage": ["plan_active", "request"]}),
    "nobody": filters.choose({"need": ["MSI"], "year": ["early"], "place_group": ["fe"]}),
}


@pytest.mark.sampled(2)
@pytest.mark.parametrize("name", COHORTS)
@pytest.mark.parametrize("of_teams", [(), ("North",), ("South", worklist.NO_TEAM)])
def test_every_count_is_of_the_people_who_pass(report: Report, name: str, of_teams: tuple[str, ...]) -> None:
    cohort = COHORTS[name]
    found = worklist.make(report, cohort, of_teams)
    team = {row["person_id"]: row["team"] or "" for row in report.store.rows("select * from person_team")}
    people = {p for p in people_of(report.store, cohort) if not of_teams or team.get(p, "") in of_teams}
    assert (found.n, found.n_all) == (len(people), report.counts["person"])
    wanted = [row for row in rows_of(report) if row["person_id"] in people]
    counts = Counter(row["rule_id"] for row in wanted)
    outcomes = {outcome.rule.id: outcome for outcome in found.outcomes(report.outcomes)}
    assert {rule_id: o.count for rule_id, o in outcomes.items() if o.status == "found"} == counts
    assert found.among is not None
    for rule_id, count in counts.items():
        own = [row for row in wanted if row["rule_id"] == rule_id]
        in_order = list(dict.fromkeys(row["person_id"] for row in own))
        assert outcomes[rule_id].people == len(in_order)
        page = findings.findings_page(report, rule_id, among=found.among)
        assert (list(page.rows), page.total) == (own, count)
        assert list(report.people_of_rule(rule_id, among=found.among)) == in_order
        parts = report.findings_in_parts(rule_id, 2, found.among)
        assert [row for part in parts for row in part.to_pylist()] == own
    data = export.findings_csv(report, among=found.among).decode("utf-8-sig")
    assert Counter(row["Rule"] for row in csv.DictReader(io.StringIO(data, newline=""))) == counts


def test_nothing_set_is_the_whole_return_and_reads_nothing(report: Report) -> None:
    found = worklist.make(report)
    assert found.among is None
    assert found.outcomes(report.outcomes) == report.outcomes
    assert (found.n, found.n_all, found.words) == (report.counts["person"], report.counts["person"], ())


def test_a_choice_of_every_category_leaves_nobody_out(report: Report) -> None:
    known = {each.key: categories for each, categories in filters.filters(2025)}
    for name in ("need", "year", "place_group", "stage"):
        cohort = filters.choose({name: [category.key for category in known[name]]})
        assert worklist.make(report, cohort).n == report.counts["person"]
    assert report.teams is not None
    assert worklist.make(report, EVERYONE, [*report.teams.names, worklist.NO_TEAM]).n == report.counts["person"]


def test_findings_about_nobody_are_left_out_and_counted(report: Report) -> None:
    about_nobody = Counter(row["rule_id"] for row in rows_of(report) if row["person_id"] is None)
    assert about_nobody
    found = worklist.make(report, EVERYONE, ["North"])
    assert found.left_out == about_nobody
    assert found.among is not None
    assert not about_nobody.keys() & {rule for rule in found.among.counts if rule.startswith("H0")}


def test_the_filters_are_in_words(report: Report) -> None:
    found = worklist.make(report, COHORTS["one need"], ["North", worklist.NO_TEAM])
    assert found.words == ("Primary need: Autistic spectrum disorder", "Team: North or No team")


def test_only_new_findings(report: Report, since: ReturnChanges) -> None:
    found = worklist.make(report, since=since)
    fates = {fate.rule.id: fate.new for fate in since.compared.fates if fate.new}
    assert found.among is not None
    assert {rule_id: count for rule_id, (count, _) in found.among.counts.items()} == fates
    assert sum(fates.values()) > 20
    assert found.n == found.n_all
    assert found.file_words == (worklist.ONLY_NEW,)
    # The rows are those that the comparison lists as new.
    listed = since.compared.findings(list(fates), ["new"]).to_pylist()
    keys = ("rule_id", "table_name", "row_id", "field", "value", "detail")
    shown = report.findings_table(list(fates), among=found.among).to_pylist()
    assert Counter(tuple(r[k] for k in keys) for r in shown) == Counter(tuple(r[k] for k in keys) for r in listed)


def test_new_findings_of_some_people(report: Report, since: ReturnChanges) -> None:
    new, north = worklist.make(report, since=since), worklist.make(report, EVERYONE, ["North"])
    both = worklist.make(report, EVERYONE, ["North"], since)
    assert new.among is not None and north.among is not None and both.among is not None
    ids = [set(each.among.rows["finding_id"].to_pylist()) for each in (new, north, both) if each.among is not None]
    assert ids[2] == ids[0] & ids[1] != set()
    assert sum(both.left_out.values()) <= sum(north.left_out.values())


def test_findings_of_rules_that_compare_returns_are_never_new() -> None:
    data = sample_bytes(persons=60, seed=3, defects=20, year=2025)
    earlier = sample_bytes(persons=60, seed=4, year=2024)
    made = build_report(data, SETTINGS, previous=earlier)
    try:
        found = changes.look_back(made, SourceText(earlier), SETTINGS, None, lambda _: None)
        compared = {o.rule.id: o.count for o in made.outcomes if o.count and needs_earlier(o.rule)}
        assert compared
        shown = worklist.make(made, since=found)
        assert shown.uncompared == compared
        assert shown.among is not None
        assert not compared.keys() & shown.among.counts.keys()
        found.close()
    finally:
        made.close()


def test_numbers_of_findings_stay_after_a_change_of_settings() -> None:
    made = build_report(DATA, SETTINGS)
    try:
        worklist.make(made, COHORTS["one need"])
        rerun.change(made, SETTINGS.model_copy(update={"twenty_weeks_days": 139}))
        found = worklist.make(made, COHORTS["one need"])
        people = people_of(made.store, COHORTS["one need"])
        wanted = [row for row in rows_of(made) if row["person_id"] in people]
        assert found.among is not None
        ids = [outcome.rule.id for outcome in made.outcomes]
        assert made.findings_table(ids, among=found.among).to_pylist() == wanted
    finally:
        made.close()


def test_another_list_of_teams_is_another_choice(report: Report) -> None:
    old = report.teams
    before = worklist.make(report, EVERYONE, ["North"])
    assert worklist.make(report, EVERYONE, ["North"]) is before
    try:
        upn = report.store.value("select min(upn) from person group by upn having count(*) = 1")
        report.teams = teams.use(report.store, read_teams(f"UPN,Team\n{upn},North".encode()))
        assert worklist.make(report, EVERYONE, ["North"]).n == 1
    finally:
        report.teams = teams.use(report.store, read_teams(team_list(report)))
    assert old is not None and report.teams is not None and report.teams.names == old.names


# -- files ------------------------------------------------------------------------------------------------


def test_a_csv_has_the_teams_if_there_is_a_list(report: Report) -> None:
    team = {
        row["person_id"]: (row["team"], row["case_worker"]) for row in report.store.rows("select * from person_team")
    }
    rows = list(csv.DictReader(io.StringIO(export.findings_csv(report).decode("utf-8-sig"), newline="")))
    assert list(rows[0])[8:11] == ["ULN", "Team", "Case worker"]
    for row in rows:
        number = int(row["Person number"] or 0)
        assert (row["Team"], row["Case worker"]) == team.get(number, ("", ""))
    kept, report.teams = report.teams, None
    try:
        assert not {"Team", "Case worker"} & set(export.headings(report))
    finally:
        report.teams = kept


def sheets(data: bytes) -> dict[str, list[tuple[object, ...]]]:
    book = openpyxl.load_workbook(io.BytesIO(data))
    return {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in book.worksheets}


@pytest.mark.parametrize("fetch", [3, 20_000])
def test_the_workbook_has_one_sheet_per_team_and_one_block_per_child(
    report: Report, fetch: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(team_workbook, "FETCH_SIZE", fetch)
    found = sheets(team_workbook.xlsx(report))
    assert list(found) == ["Summary", "North", "South", "No team"]
    team = {row["person_id"]: row["team"] for row in report.store.rows("select * from person_team")}
    rows = rows_of(report)
    for name in ("North", "South", "No team"):
        head, *lines = found[name]
        wanted = [row for row in rows if (team.get(row["person_id"]) or "No team") == name]
        assert head[:5] == ("Name", "UPN", "Date of birth", "What is wrong", "How to correct it")
        is_head = [line[head.index("Rule")] is None for line in lines]
        assert len(lines) - sum(is_head) == len(wanted)
        assert sum(is_head) == len({row["person_id"] for row in wanted})
        assert Counter(line[head.index("Rule")] for line in lines if line[head.index("Rule")]) == Counter(
            row["rule_id"] for row in wanted
        )
        names = [str(line[0]).lower() for line, is_first in zip(lines, is_head, strict=True) if is_first]
        assert names[-20:-1] == sorted(names[-20:-1]) or name == "No team"
    assert found["No team"][1][0] == "The header and the whole return"
    summary = {line[0]: line for line in found["Summary"]}
    assert summary["North"][3] == sum(team.get(row["person_id"]) == "North" for row in rows)


def test_what_affects_figures_comes_first_in_a_block(report: Report) -> None:
    head, *lines = sheets(team_workbook.xlsx(report))["North"]
    at = head.index("What it affects")
    order = ["Published figures", "Matching of people", "Complete records", "Form of the file"]
    block: list[int] = []
    longest = 0
    for line in [*lines, (None,) * len(head)]:
        if line[at] is None:
            assert block == sorted(block)
            longest, block = max(longest, len(set(block))), []
        else:
            block.append(order.index(str(line[at])))
    assert longest > 1


def test_a_workbook_without_names_names_nobody(report: Report) -> None:
    data = team_workbook.xlsx(report, with_names=False)
    assert "Date of birth" not in sheets(data)["North"][0]
    texts = {str(value) for lines in sheets(data).values() for line in lines for value in line if value}
    names = report.store.rows("select surname, forename from person where surname is not null")
    assert not [row for row in names if f"{row['surname']}, {row['forename']}" in texts]
    assert any(text.startswith("Person ") for text in texts)


def test_a_workbook_of_a_choice_says_so_and_holds_it_alone(report: Report) -> None:
    found = worklist.make(report, EVERYONE, ["South"])
    lines = sheets(team_workbook.xlsx(report, among=found.among, words=found.file_words))
    assert list(lines) == ["Summary", "South"]
    assert ("Team: South",) in [line[:1] for line in lines["Summary"]]
    assert found.among is not None
    n_rules = sum(line[-2] is not None for line in lines["South"][1:])
    assert n_rules == len(found.among.rows)


def test_dates_of_birth_are_dates_and_heads_are_bold(report: Report) -> None:
    sheet = openpyxl.load_workbook(io.BytesIO(team_workbook.xlsx(report)))["North"]
    assert sheet.auto_filter.ref is None
    assert sheet.freeze_panes == "A2"
    assert sheet["A2"].font.bold and sheet["C2"].font.bold
    assert sheet["C2"].number_format == "dd/mm/yyyy"
    assert isinstance(sheet["C2"].value, datetime)
    assert sheet["D3"].alignment.wrap_text and not sheet["D3"].font.bold


@pytest.mark.parametrize(
    ("wanted", "names"),
    [
        (["North", "north", "NORTH"], ["North", "north 2", "NORTH 3"]),
        (["a/b:c?*[d]\\e", "'quoted'", "///"], ["a b c d e", "quoted", "Team"]),
        (["History", "Summary"], ["History 2", "Summary 2"]),
        (["North (2)"], ["North 2"]),
        (["x" * 40, "x" * 41], ["x" * 26, "x" * 24 + " 2"]),
        (["😀" * 30], ["😀" * 13]),
    ],
)
def test_names_of_sheets(wanted: list[str], names: list[str]) -> None:
    assert team_workbook.sheet_names(wanted) == names


def test_any_names_of_teams_make_a_workbook(report: Report) -> None:
    names = ["=1+1", "a/b", "A/B ", "History", "x" * 90, "x" * 90 + "y", "No team", "Summary", "'", "😀" * 50]
    people = report.store.rows(
        "select min(upn) as upn from person where upn is not null group by upn having count(*) = 1"
    )
    lines = [f'{row["upn"]},"{names[n % len(names)]}"' for n, row in enumerate(people)]
    try:
        report.teams = teams.use(report.store, read_teams("\n".join(["UPN,Team", *lines]).encode()))
        found = list(sheets(team_workbook.xlsx(report)))
        assert len({name.casefold() for name in found}) == len(found)
        assert all(len(name.encode("utf-16-le")) <= 62 for name in found)
    finally:
        report.teams = teams.use(report.store, read_teams(team_list(report)))


def test_a_mark_narrows_what_is_listed(report: Report) -> None:
    found = worklist.make(report, EVERYONE, ["North"])
    rule_id, count = max(found.among.counts.items(), key=lambda each: each[1]) if found.among else ("", (0, 0))
    own = report.findings_table([rule_id], among=found.among)
    before = marks.set_marks(report, report.findings_table([rule_id]), "asked")
    try:
        marks.set_marks(report, own.slice(0, 1), "right")
        narrowed = worklist.make(report, EVERYONE, ["North"], mark="right")
        assert narrowed.among is not None
        assert narrowed.among.counts == {rule_id: (1, 1)}
        page = findings.findings_page(report, rule_id, among=narrowed.among)
        assert [(row["person_id"], row["mark"]) for row in page.rows] == [(own["person_id"][0].as_py(), "right")]
        marks.set_marks(report, own.slice(0, 1), "asked")
        asked = worklist.make(report, EVERYONE, ["North"], mark="asked")
        assert asked.among is not None and asked.among.counts == {rule_id: count}
        assert worklist.make(report, EVERYONE, ["North"]) is found
    finally:
        marks.put_back(report, before)
