"""The findings as a workbook for teams: one sheet per team, one block per child. Few rows are in memory at a time.

Each child has a line with the name, UPN and date of birth, and under it a row for each finding: what is wrong and how
to correct it, with what affects published figures first.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from sen2dash import RELEASE, spec
from sen2dash.checks import catalogue, masking, priority
from sen2dash.checks.finding_subset import NO_ROWS, FindingSubset
from sen2dash.checks.report import Report
from sen2dash.model import SEVERITIES, SEVERITY_LABELS, RuleOutcome
from sen2dash.output import workbook
from sen2dash.output.export import BIRTH_DATE, MADE_WITH, chosen_outcomes
from sen2dash.output.workbook import Drawing, Head, SheetTable

NO_TEAM, WHOLE_RETURN = "No team", "The header and the whole return"
NAME, CASE_WORKER = "Name", "Case worker"
#: Heading and width of each column.
COLUMNS: tuple[tuple[str, int], ...] = (
    (NAME, 26),
    ("UPN", 16),
    (BIRTH_DATE, 13),
    ("What is wrong", 50),
    ("How to correct it", 60),
    ("Item", 26),
    ("Value", 20),
    ("Detail", 34),
    ("Severity", 11),
    ("What it affects", 20),
    ("Rule", 8),
    (CASE_WORKER, 20),
)
#: Number of findings fetched from the store at a time.
FETCH_SIZE = 20_000
#: The most characters in the name of a sheet, what it must not contain, and what follows the name on further sheets.
SHEET_NAME, BARRED, ROOM = 31, re.compile(r"[\[\]:*?/\\\x00-\x1f\ufffe\uffff]"), " (99)"
RESERVED = frozenset({"summary", "history"})
Row = Mapping[str, Any]


def xlsx_pieces(
    report: Report,
    rule_ids: Iterable[str] | None = None,
    with_names: bool = True,
    among: FindingSubset | None = None,
    words: Sequence[str] = (),
) -> Iterator[bytes]:
    """The findings of these rules (None: of all) by team, a piece at a time. among: only these findings.

    with_names: whether to include names and dates of birth. words: the filters that were set, one line each.
    """
    outcomes = sorted(chosen_outcomes(report, rule_ids), key=_first_things_first)
    people = _people(report, [outcome.rule.id for outcome in outcomes], among)
    groups = _groups(people)
    names = sheet_names([group or NO_TEAM for group in groups])
    columns = _columns(report, with_names)
    tables = [
        SheetTable(names[place], columns, _rows(report, outcomes, group_rows, with_names, among), blocks=True)
        for place, group_rows in enumerate(groups.values())
    ]
    others = [] if among is not None or report.teams is None else [t for t in report.teams.names if t not in groups]

    def front(drawing: Drawing) -> None:
        sheet = drawing.sheet("Summary")
        for column, width in enumerate((34, 34, 12, 12)):
            sheet.set_column(column, column, width)
        lines: list[Sequence[Any]] = [
            [report.collection.label],
            [MADE_WITH, RELEASE],
            *([line] for line in words),
            [],
        ]
        for at, line in enumerate(lines):
            drawing.write(sheet, at, line, drawing.bold if at == 0 else None)
        label = report.teams.label if report.teams is not None else "Team"
        drawing.write(sheet, len(lines), [label, "Sheet", "People", "Findings"], drawing.heading)
        for at, (group, rows) in enumerate(groups.items()):
            n_people = len(rows) - rows["person_id"].null_count
            found = [group or NO_TEAM, names[at], n_people, pc.sum(rows["n"]).as_py()]
            drawing.write(sheet, len(lines) + 1 + at, found)
        for at, group in enumerate(others):
            drawing.write(sheet, len(lines) + 1 + len(groups) + at, [group, "No findings", 0, 0])

    title = f"{report.collection.label}: findings by team"
    yield from workbook.pieces({"title": title, "comments": f"{MADE_WITH} {RELEASE}"}, tables, front)


def xlsx(
    report: Report,
    rule_ids: Iterable[str] | None = None,
    with_names: bool = True,
    among: FindingSubset | None = None,
    words: Sequence[str] = (),
) -> bytes:
    """The same in one piece, for a download."""
    file = io.BytesIO()
    file.writelines(xlsx_pieces(report, rule_ids, with_names, among, words))
    return file.getvalue()


def sheet_names(wanted: Sequence[str]) -> list[str]:
    """A name for each sheet that Excel accepts: short, without barred characters, and unlike the others in any case."""
    used = set(RESERVED)
    names = []
    for each in wanted:
        # A number in brackets is what follows the name on further sheets of the same team.
        plain = re.sub(r"\((\d+)\)\s*$", r"\1", BARRED.sub(" ", each))
        base = _cut(" ".join(plain.split()), SHEET_NAME - len(ROOM)) or "Team"
        name, number = base, 1
        while name.casefold() in used:
            number += 1
            name = f"{_cut(base, SHEET_NAME - len(ROOM) - len(str(number)) - 1)} {number}"
        used.add(name.casefold())
        names.append(name)
    return names


def _cut(text: str, max_length: int) -> str:
    """The text with at most so many characters, as Excel counts them, and no apostrophe at either end."""
    text = text.lstrip("' ")
    return text.encode("utf-16-le")[: 2 * max_length].decode("utf-16-le", errors="ignore").strip("' ")


def _first_things_first(outcome: RuleOutcome) -> tuple[int, int, str]:
    return (priority.ORDER.index(outcome.rule.affects), SEVERITIES.index(outcome.severity), outcome.rule.id)


def _columns(report: Report, with_names: bool) -> list[tuple[str, int]]:
    left_out = set() if with_names else {BIRTH_DATE}
    if report.teams is None or not report.teams.has_teams:
        left_out.add(CASE_WORKER)
    return [column for column in COLUMNS if column[0] not in left_out]


def _people(report: Report, rule_ids: Sequence[str], among: FindingSubset | None) -> pa.Table:
    """The people with findings, in order. A row without a person is for findings about none."""
    bound = {"rules": list(rule_ids), "is_chosen": among is not None}
    return report.store.table_among(catalogue.list_sql("team_people"), NO_ROWS if among is None else among.rows, bound)


def _groups(people: pa.Table) -> dict[str | None, pa.Table]:
    """The people of each team, in order; None for no team, which comes last."""
    found = dict.fromkeys(people["work_group"].to_pylist())
    # Groups by name in the order of the people, which is the order of the teams.
    teams: dict[str | None, pa.Table] = {}
    for group in found:
        is_in = pc.is_null(people["work_group"]) if group is None else pc.equal(people["work_group"], group)
        teams[group] = people.filter(is_in)
    return teams


def _rows(
    report: Report, outcomes: Sequence[RuleOutcome], people: pa.Table, with_names: bool, among: FindingSubset | None
) -> Iterator[Sequence[Any]]:
    """The rows of one sheet."""
    by_rule = {outcome.rule.id: outcome for outcome in outcomes}
    headings = [heading for heading, _ in _columns(report, with_names)]
    for block in _blocks(people):
        known = block.to_pylist()
        ids = _numbers(report, block, among)
        shown = -1
        for offset in range(0, sum(row["n"] for row in known), FETCH_SIZE):
            bound = {"rules": list(by_rule), "n_rows": FETCH_SIZE, "n_before": offset}
            for found in report.store.table_among(catalogue.list_sql("team_findings"), ids, bound).to_pylist():
                person = known[found["place"]]
                if found["place"] != shown:
                    shown = found["place"]
                    yield Head(_chosen(_person_cells(person, with_names), headings))
                yield _chosen(_finding_cells(by_rule[found["rule_id"]], {**person, **found}, with_names), headings)


def _blocks(people: pa.Table) -> Iterator[pa.Table]:
    """Runs of people with about FETCH_SIZE findings together; findings about no person are a run of their own."""
    start = size = 0
    numbers = people["person_id"].to_pylist()
    for at, n in enumerate(people["n"].to_pylist()):
        if at > start and (size + n > FETCH_SIZE or numbers[start] is None):
            yield people.slice(start, at - start)
            start, size = at, 0
        size += n
    if len(people) > start:
        yield people.slice(start)


def _numbers(report: Report, people: pa.Table, among: FindingSubset | None) -> pa.Table:
    """The findings of these people: finding_id, and place, their person's position among the people."""
    of_people = people["person_id"].null_count == 0
    sql = catalogue.list_sql("finding_numbers")
    found = report.store.table_among(sql, people.select(["person_id"]), {"of_people": of_people})
    if not of_people:
        found = found.filter(pc.is_null(found["person_id"]))
    if among is not None:
        found = found.filter(pc.is_in(found["finding_id"], value_set=among.rows["finding_id"].combine_chunks()))
    place = pc.index_in(found["person_id"], value_set=people["person_id"].combine_chunks())
    return pa.table({"finding_id": found["finding_id"], "place": place})


def _chosen(cells: Mapping[str, Any], headings: Sequence[str]) -> list[Any]:
    return [cells.get(heading) for heading in headings]


def _person_cells(person: Row, with_names: bool) -> dict[str, Any]:
    if person["person_id"] is None:
        return {NAME: WHOLE_RETURN}
    name = ", ".join(text for text in (person["surname"], person["forename"]) if text)
    born = person["birth_date"]
    return {
        NAME: (with_names and name) or f"Person {person['person_id']}",
        "UPN": person["upn"],
        BIRTH_DATE: spec.real_date(born) or born,
        CASE_WORKER: person["case_worker"],
    }


def _finding_cells(outcome: RuleOutcome, row: Row, with_names: bool) -> dict[str, Any]:
    rule = outcome.rule
    shown = row if with_names else masking.hide_finding(row, rule.fields)
    return {
        "What is wrong": rule.message,
        "How to correct it": rule.guidance,
        "Item": spec.labels().get(row["field"], row["field"]),
        "Value": shown["value"],
        "Detail": shown["detail"],
        "Severity": SEVERITY_LABELS[outcome.severity],
        "What it affects": priority.LABELS[rule.affects],
        "Rule": rule.label,
    }
