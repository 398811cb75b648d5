"""Findings and tables as CSV and Excel files that are safe to open in a spreadsheet. Draws nothing, asks nothing.

In a CSV, a text that a spreadsheet would treat as a formula gets an apostrophe as a prefix. An Excel workbook keeps
every text as it is, because its cells are marked as text. No file name contains anything about a person.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from itertools import chain
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
from xlsxwriter.format import Format

from sen2dash import RELEASE, spec
from sen2dash.checks import marks, masking
from sen2dash.checks.finding_subset import FindingSubset
from sen2dash.checks.report import Report
from sen2dash.model import MODULE_LABELS, MODULES, SEVERITIES, SEVERITY_LABELS, Collection, RuleOutcome
from sen2dash.output import workbook
from sen2dash.output.workbook import Drawing
from sen2dash.reading.other.read import Origin

#: What makes a spreadsheet treat a text as a formula, including full-width forms (OWASP ASVS 5, 1.2.10).
FORMULA_STARTS = tuple("=+-@\t\r\n\0\uff1d\uff0b\uff0d\uff20")
#: What a spreadsheet may ignore before such a character: an apostrophe, white space and invisible characters (soft
#: hyphens, joiners, direction marks, invisible operators, variation selectors, tags).
IGNORED = re.compile(
    r"(?:[ '\x01-\x08\x0b\x0c\x0e-\x1f\x7f-\xa0\u00ad\u034f\u061c\u115f\u1160\u1680\u17b4\u17b5\u180b-\u180f"
    r"\u2000-\u200f\u2028-\u202f\u205f-\u206f\u2800\u3000\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb]|[\U0001d173-\U0001d17a\U000e0000-\U000e0fff])*"
)
#: Number of findings fetched from the store at a time.
FETCH_SIZE = 50_000
ROWS_A_PIECE = 5_000
STATUS_LABELS: Mapping[str, str] = {
    "broken": "Broken",
    "not_run": "Skipped",
    "not_applicable": "Not applicable",
    "found": "Found",
    "clear": "Clear",
}
Row = Mapping[str, Any]
Read = Callable[[RuleOutcome, Row], Any]
BIRTH_DATE = "Date of birth"
#: The column of marks, which a file has if a finding of the return has one.
MARK = "Mark"
#: The media type of a workbook.
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
#: The last column of every CSV of findings or figures, so that even a renamed file says which release made it.
MADE_WITH = "Made with"

#: Heading, width in an Excel sheet, and where the value comes from: who and what is wrong first, then where it is.
COLUMNS: tuple[tuple[str, int, Read], ...] = (
    ("Rule", 7, lambda outcome, row: outcome.rule.id),
    ("DfE rule", 9, lambda outcome, row: outcome.rule.dfe),
    ("Severity", 11, lambda outcome, row: SEVERITY_LABELS[outcome.severity]),
    ("Title", 40, lambda outcome, row: outcome.rule.title),
    ("Surname", 18, lambda outcome, row: row["surname"]),
    ("Forename", 18, lambda outcome, row: row["forename"]),
    (BIRTH_DATE, 13, lambda outcome, row: row["birth_date"]),
    ("UPN", 16, lambda outcome, row: row["upn"]),
    ("ULN", 13, lambda outcome, row: row["uln"]),
    ("Team", 20, lambda outcome, row: row["team"]),
    ("Case worker", 20, lambda outcome, row: row["case_worker"]),
    ("Item", 30, lambda outcome, row: spec.labels().get(row["field"], row["field"])),
    ("Value", 20, lambda outcome, row: row["value"]),
    ("Detail", 40, lambda outcome, row: row["detail"]),
    (MARK, 18, lambda outcome, row: marks.LABELS.get(row["mark"])),
    ("Message", 60, lambda outcome, row: outcome.rule.message),
    ("How to correct it", 60, lambda outcome, row: outcome.rule.guidance),
    ("Person number", 14, lambda outcome, row: row["person_id"]),
    ("Module", 24, lambda outcome, row: MODULE_LABELS[outcome.rule.module]),
    ("Table", 16, lambda outcome, row: row["table_name"]),
    ("XML name", 22, lambda outcome, row: row["field"]),
    ("Line", 10, lambda outcome, row: row["line"]),
    ("Path", 60, lambda outcome, row: row["path"]),
)
NAME_COLUMNS = frozenset({"Surname", "Forename", BIRTH_DATE})
#: The columns that are there if a list of teams was added.
TEAM_COLUMNS = frozenset({"Team", "Case worker"})


# -- CSV --------------------------------------------------------------------------------------------------


def escape_formula(text: str) -> str:
    """Prefix the text with an apostrophe if a spreadsheet would run it.

    Removing that one apostrophe restores the text.
    """
    ignored = IGNORED.match(text)
    if text.startswith(FORMULA_STARTS) or (ignored is not None and text.startswith(FORMULA_STARTS, ignored.end())):
        return "'" + text
    return text


def csv_cell(value: Any) -> Any:
    """One value for the CSV writer: numbers and dates are unchanged, text is made safe."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int | float):
        return value
    if isinstance(value, datetime):
        return value.isoformat(sep=" ", timespec="seconds")
    if isinstance(value, date):
        return value.isoformat()
    return escape_formula(str(value))


def csv_pieces(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[bytes]:
    """A CSV, a piece at a time: UTF-8 with a byte order mark, CRLF, quoted texts.

    Some programs also split cells at semicolons and tabs, but not inside quotes.
    """
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, quoting=csv.QUOTE_NONNUMERIC, lineterminator="\r\n")
    buffer.write("\ufeff")
    writer.writerow([csv_cell(column) for column in columns])
    for number, row in enumerate(rows, start=1):
        writer.writerow([csv_cell(value) for value in row])
        if number % ROWS_A_PIECE == 0:
            yield buffer.getvalue().encode("utf-8")
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue().encode("utf-8")


def rows_to_csv(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    """The same in one piece, for a download."""
    return b"".join(csv_pieces(columns, rows))


def figures_csv(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    """A table of figures or of people as a CSV. The last column names the release that made it."""
    return rows_to_csv((*columns, MADE_WITH), ((*row, RELEASE) for row in rows))


# -- findings ---------------------------------------------------------------------------------------------


def findings_by_rule(
    report: Report, outcomes: Sequence[RuleOutcome], among: FindingSubset | None = None
) -> Iterator[tuple[RuleOutcome, Iterator[Row]]]:
    """Each outcome in the order given with its findings (rows of `Report.findings_table`), a few rules at a time.

    among: only these findings, of which the outcomes have the counts.
    """
    for group in _groups(outcomes):
        found = [outcome.rule.id for outcome in group if outcome.count]
        is_split = len(found) == 1 and sum(outcome.count for outcome in group) > FETCH_SIZE
        table = report.findings_table(found, among=among) if found and not is_split else None
        for outcome in group:
            if not outcome.count:
                yield outcome, iter(())
            elif table is None:
                parts = report.findings_in_parts(outcome.rule.id, FETCH_SIZE, among)
                yield outcome, chain.from_iterable(map(_table_rows, parts))
            else:
                yield outcome, _table_rows(table.filter(pc.equal(table["rule_id"], outcome.rule.id)))


def _groups(outcomes: Sequence[RuleOutcome]) -> Iterator[list[RuleOutcome]]:
    """Consecutive outcomes in groups of about FETCH_SIZE findings."""
    group: list[RuleOutcome] = []
    for outcome in outcomes:
        if group and sum(other.count for other in group) + outcome.count > FETCH_SIZE:
            yield group
            group = []
        group.append(outcome)
    if group:
        yield group


def _table_rows(table: pa.Table) -> Iterator[Row]:
    for batch in table.to_batches(max_chunksize=ROWS_A_PIECE):
        yield from batch.to_pylist()


def chosen_outcomes(
    report: Report, rule_ids: Iterable[str] | None, among: FindingSubset | None = None
) -> list[RuleOutcome]:
    """The outcomes of these rules (None: of all rules) in the order of the report. among: with only these findings."""
    wanted = None if rule_ids is None else set(rule_ids)
    outcomes = report.outcomes if among is None else among.outcomes(report.outcomes)
    return [outcome for outcome in outcomes if wanted is None or outcome.rule.id in wanted]


def could_not_run(outcomes: Iterable[RuleOutcome]) -> list[RuleOutcome]:
    """The outcomes of rules that are broken, were skipped or are not applicable, broken ones first."""
    order = ("broken", "not_run", "not_applicable")
    return sorted((o for o in outcomes if o.status in order), key=lambda outcome: order.index(outcome.status))


def columns(report: Report, with_names: bool) -> list[tuple[str, int, Read]]:
    """The columns of an export of findings: names or not, teams if there is a list, and marks if any is set."""
    left_out = (
        (frozenset() if with_names else NAME_COLUMNS)
        | (TEAM_COLUMNS if report.teams is None else frozenset())
        | (frozenset() if marks.tallies(report) else {MARK})
    )
    placed = COLUMNS if report.given is None else (*COLUMNS[:-2], *_places(report.given))
    return [column for column in placed if column[0] not in left_out]


def _places(origin: Origin) -> tuple[tuple[str, int, Read], ...]:
    """The columns of places in a return that is not XML: file, sheet (of a workbook) and row."""

    def part(name: str) -> Read:
        return lambda outcome, row: getattr(origin.places.get(row["table_name"]), name, None) or None

    sheets = (("Sheet", 24, part("sheet")),) if any(place.sheet for place in origin.places.values()) else ()
    return ("File", 40, part("file")), *sheets, ("Row", 10, lambda outcome, row: row["line"])


def headings(report: Report, with_names: bool = True) -> list[str]:
    """The headings of an export of findings."""
    return [heading for heading, _, _ in columns(report, with_names)]


def finding_rows(
    report: Report, outcomes: Sequence[RuleOutcome], with_names: bool = True, among: FindingSubset | None = None
) -> Iterator[list[Any]]:
    """One list of values per finding, with the headings of `headings`."""
    readers = [read for _, _, read in columns(report, with_names)]
    for outcome, found in findings_by_rule(report, outcomes, among):
        for row in found:
            shown = row if with_names else masking.hide_finding(row, outcome.rule.fields)
            yield [read(outcome, shown) for read in readers]


def findings_csv_pieces(
    report: Report, rule_ids: Iterable[str] | None = None, with_names: bool = True, among: FindingSubset | None = None
) -> Iterator[bytes]:
    """The findings of these rules (None: of all rules) as a CSV, a piece at a time, one row per finding.

    The last column names the release that made it. among: only these findings.
    """
    found = finding_rows(report, chosen_outcomes(report, rule_ids, among), with_names, among)
    return csv_pieces([*headings(report, with_names), MADE_WITH], ([*row, RELEASE] for row in found))


def findings_csv(
    report: Report, rule_ids: Iterable[str] | None = None, with_names: bool = True, among: FindingSubset | None = None
) -> bytes:
    """The same in one piece, for a download. with_names: whether to include surname, forename and birth date."""
    return b"".join(findings_csv_pieces(report, rule_ids, with_names, among))


# -- Excel ------------------------------------------------------------------------------------------------


def findings_xlsx_pieces(
    report: Report, rule_ids: Iterable[str] | None = None, with_names: bool = True
) -> Iterator[bytes]:
    """The findings of these rules (None: all) as a workbook, a piece at a time: a summary, then a sheet per module."""
    outcomes = chosen_outcomes(report, rule_ids)
    widths = [(heading, width) for heading, width, _ in columns(report, with_names)]
    tables = [
        workbook.SheetTable(
            sheet_name(module),
            widths,
            dated(finding_rows(report, [o for o in outcomes if o.rule.module == module], with_names), widths),
            "No findings.",
        )
        for module in MODULES
    ]
    yield from workbook.pieces(
        {"title": f"{report.collection.label}: findings", "comments": f"{MADE_WITH} {RELEASE}"},
        tables,
        lambda drawing: _draw_summary(drawing, report, outcomes),
    )


def findings_xlsx(report: Report, rule_ids: Iterable[str] | None = None, with_names: bool = True) -> bytes:
    """The same in one piece, for a download. with_names: whether to include surname, forename and birth date."""
    file = io.BytesIO()
    file.writelines(findings_xlsx_pieces(report, rule_ids, with_names))
    return file.getvalue()


def dated(rows: Iterable[list[Any]], widths: Sequence[tuple[str, int]]) -> Iterator[list[Any]]:
    """The rows with the birth date as a date if it is a valid one."""
    place = next((place for place, (heading, _) in enumerate(widths) if heading == BIRTH_DATE), None)
    for row in rows:
        if place is not None:
            row[place] = spec.real_date(row[place]) or row[place]
        yield row


def sheet_name(module: str) -> str:
    """The name of a module's sheet: no colon and at most 31 characters, as Excel requires."""
    return MODULE_LABELS[module].split(": ")[-1]


def _draw_summary(drawing: Drawing, report: Report, outcomes: Sequence[RuleOutcome]) -> None:
    sheet = drawing.sheet("Summary")
    for column, width in enumerate((24, 12, 34, 12, 12, 60, 60, 12)):
        sheet.set_column(column, column, width)
    at = 0

    def line(values: Sequence[Any] = (), form: Format | None = None) -> None:
        nonlocal at
        drawing.write(sheet, at, values, form)
        at += 1

    line([report.collection.label], drawing.bold)
    line([MADE_WITH, None, RELEASE])
    line()
    not_run = could_not_run(outcomes)
    without_number = {outcome.rule.id for outcome in not_run}
    line(["Rules that could not be run"], drawing.bold)
    for outcome in not_run:
        line([STATUS_LABELS[outcome.status], outcome.rule.id, outcome.rule.title, None, None, outcome.reason])
    if not not_run:
        line(["None: every rule was run."])
    line()
    line(["Header"], drawing.bold)
    for element, value in report.header.items():
        line([element, None, value])
    line()
    line(["Rows in the return"], drawing.bold)
    for table, n_rows in report.counts.items():
        line([table, n_rows])
    line()
    line(["Findings"], drawing.bold)
    for severity in SEVERITIES:
        line([SEVERITY_LABELS[severity], sum(o.count for o in outcomes if o.severity == severity)])
    line()
    top = at
    line(["Severity", "Rule", "Module", "Findings", "People", "Title", "Message", "DfE rule"], drawing.heading)
    for outcome in outcomes:
        rule = outcome.rule
        found: list[Any] = [outcome.count, outcome.people]
        if rule.id in without_number:
            found = [STATUS_LABELS[outcome.status], None]
        words = [rule.title, rule.message, rule.dfe]
        line([SEVERITY_LABELS[outcome.severity], rule.id, MODULE_LABELS[rule.module], *found, *words])
    sheet.autofilter(top, 0, max(at - 1, top + 1), 7)
    sheet.freeze_panes(1, 0)


# -- names of files -----------------------------------------------------------------------------------------


def file_name(collection: Collection, what: str, suffix: str) -> str:
    """A name without person data: sen2_333_2025_errors.csv. An unknown authority is left out.

    For a coming year it includes the year of the rules: sen2_333_2028_rules_of_2027_errors.csv.
    """
    year = f"{collection.year}_rules_of_{collection.rules_of}" if collection.is_coming else str(collection.year)
    return name_of_file((collection.lea, year, what), suffix)


def name_of_file(parts: tuple[str | None, ...], suffix: str) -> str:
    """A name such as sen2_333_trend.csv. parts: the authority, which is left out if it is unknown, and words."""
    lea, *words = parts
    known = lea if lea in spec.authorities() else None
    safe = (re.sub(r"[^a-z0-9]+", "_", word.lower()).strip("_") for word in words if word)
    return "_".join(part for part in ("sen2", known, *safe) if part) + f".{suffix}"
