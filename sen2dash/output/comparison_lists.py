"""Write the comparison of two returns as CSV and Excel, a piece at a time: its differences and findings as lists.

It compares nothing itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import pyarrow as pa

from sen2dash import RELEASE, spec
from sen2dash.checks import masking
from sen2dash.compare.comparison import FATES, Comparison, Counts
from sen2dash.model import SEVERITY_LABELS
from sen2dash.output import export, workbook
from sen2dash.output.comparison_words import (
    FATE_LABELS,
    KIND_LABELS,
    NUMBERS,
    VERDICTS,
    IndicatorPairs,
    could_not_run,
    not_compared,
    numbers_of,
    pattern_text,
    return_text,
)
from sen2dash.output.workbook import Drawing

#: Entries that are written at a time.
PIECE = 2_000
#: What both lists say about the person: heading, width in an Excel sheet and key of a row.
PERSON_COLUMNS: tuple[tuple[str, int, str], ...] = (
    ("Person number before", 11, "before_person"),
    ("Person number after", 11, "after_person"),
    ("Surname", 18, "surname"),
    ("Forename", 18, "forename"),
    (export.BIRTH_DATE, 13, "birth_date"),
    ("UPN", 16, "upn"),
    ("ULN", 13, "uln"),
)
DIFFERENCE_COLUMNS: tuple[tuple[str, int, str], ...] = (
    ("Difference", 11, "kind"),
    *PERSON_COLUMNS,
    ("Table", 16, "table"),
    ("XML name", 22, "field"),
    ("Item", 40, "label"),
    ("Before", 24, "before"),
    ("After", 24, "after"),
    ("Line before", 10, "before_line"),
    ("Line after", 10, "after_line"),
)
FINDING_COLUMNS: tuple[tuple[str, int, str], ...] = (
    ("Since then", 11, "fate"),
    ("Rule", 7, "rule_id"),
    ("Severity", 11, "severity"),
    ("Title", 40, "title"),
    *PERSON_COLUMNS,
    ("Table", 16, "table_name"),
    ("XML name", 22, "field"),
    ("Value", 20, "value"),
    ("Detail", 40, "detail"),
)


def rows_of(table: pa.Table) -> Iterator[dict[str, Any]]:
    """Yield the rows of a table, without turning all of them into dictionaries at once."""
    for batch in table.to_batches(max_chunksize=PIECE):
        yield from batch.to_pylist()


def chosen_columns(columns: Sequence[tuple[str, int, str]], with_names: bool) -> list[tuple[str, int, str]]:
    """The columns of a list, without those that identify people unless names are included."""
    return [column for column in columns if with_names or column[0] not in export.NAME_COLUMNS]


def difference_rows(compared: Comparison, with_names: bool = True) -> Iterator[list[Any]]:
    """One list of values per difference, with the headings DIFFERENCE_COLUMNS; tables are in layout order."""
    keys = [key for _, _, key in chosen_columns(DIFFERENCE_COLUMNS, with_names)]
    for table in compared.tables:
        for row in rows_of(compared.listed(table)):
            label = spec.item(table, row["field"]).label if row["field"] else None
            shown = {**row, "kind": KIND_LABELS[row["kind"]], "table": table, "label": label}
            shown = shown if with_names else masking.hide_change(shown)
            yield [shown[key] for key in keys]


def finding_rows(compared: Comparison, with_names: bool = True, fates: Sequence[str] = FATES) -> Iterator[list[Any]]:
    """One list of values per finding, with the headings FINDING_COLUMNS, in catalogue order."""
    keys = [key for _, _, key in chosen_columns(FINDING_COLUMNS, with_names)]
    for fate in compared.fates:
        words = {"severity": SEVERITY_LABELS[fate.severity], "title": fate.rule.title}
        for row in rows_of(compared.findings([fate.rule.id], fates)):
            shown = row if with_names else masking.hide_fate(row, fate.rule.fields)
            shown = {**shown, **words, "fate": FATE_LABELS[row["fate"]]}
            yield [shown[key] for key in keys]


def csv_pieces(compared: Comparison, with_names: bool = True) -> Iterator[bytes]:
    """Every difference as a CSV, a piece at a time. The last column names the release that made it."""
    headings = [heading for heading, _, _ in chosen_columns(DIFFERENCE_COLUMNS, with_names)]
    rows = ([*row, RELEASE] for row in difference_rows(compared, with_names))
    return export.csv_pieces([*headings, export.MADE_WITH], rows)


def findings_csv_pieces(compared: Comparison, with_names: bool = True, fates: Sequence[str] = FATES) -> Iterator[bytes]:
    """What happened to every finding as a CSV, a piece at a time."""
    headings = [heading for heading, _, _ in chosen_columns(FINDING_COLUMNS, with_names)]
    rows = ([*row, RELEASE] for row in finding_rows(compared, with_names, fates))
    return export.csv_pieces([*headings, export.MADE_WITH], rows)


def xlsx_pieces(compared: Comparison, figures: IndicatorPairs, with_names: bool = True) -> Iterator[bytes]:
    """A workbook, a piece at a time: a summary, the differences, the findings and the indicators."""
    differences, findings = (
        [(heading, width) for heading, width, _ in chosen_columns(columns, with_names)]
        for columns in (DIFFERENCE_COLUMNS, FINDING_COLUMNS)
    )
    tables = [
        workbook.SheetTable(
            "Differences",
            differences,
            export.dated(difference_rows(compared, with_names), differences),
            "No differences.",
        ),
        workbook.SheetTable(
            "Findings", findings, export.dated(finding_rows(compared, with_names), findings), "No findings."
        ),
        workbook.SheetTable("Indicators", INDICATOR_COLUMNS, _indicator_rows(figures)),
        workbook.SheetTable("Agreement", AGREEMENT_COLUMNS, _agreement_rows(compared)),
    ]
    label = compared.after.collection.label
    yield from workbook.pieces(
        {"title": f"{label}: since the earlier return", "comments": f"{export.MADE_WITH} {RELEASE}"},
        tables,
        lambda drawing: _draw_summary(drawing, compared, figures),
    )


INDICATOR_COLUMNS = (
    ("Indicator", 50),
    ("Numerator before", 12),
    ("Denominator before", 12),
    ("Value before", 12),
    ("Numerator after", 12),
    ("Denominator after", 12),
    ("Value after", 12),
)
AGREEMENT_COLUMNS = (
    ("Table", 16),
    ("Verdict on the table", 12),
    ("XML name", 22),
    ("Item", 40),
    ("Both have a value", 12),
    ("Equal", 12),
    ("Blank before, not after", 12),
    ("Blank after, not before", 12),
    ("How they differ", 60),
)


def _agreement_rows(compared: Comparison) -> Iterator[list[Any]]:
    for table in compared.tables:
        verdict = VERDICTS[compared.are_equal(table)]
        for item in compared.agreement[table]:
            numbers = [item.both, item.equal, item.blank_before, item.blank_after]
            words = " ".join(map(pattern_text, item.patterns))
            yield [table, verdict, item.field, spec.item(table, item.field).label, *numbers, words]


def _indicator_rows(figures: IndicatorPairs) -> Iterator[list[Any]]:
    for before, after in figures.pairs():
        yield [before.indicator.title, *(numbers_of(each)[name] for each in (before, after) for name in NUMBERS)]


def _draw_summary(drawing: Drawing, compared: Comparison, figures: IndicatorPairs) -> None:
    sheet = drawing.sheet("Summary")
    sheet.set_column(0, 0, 24)
    sheet.set_column(1, 4, 12)
    lines: list[tuple[Sequence[Any], bool]] = [
        (["Before", None, return_text(compared.before)], False),
        (["After", None, return_text(compared.after)], False),
        ([export.MADE_WITH, None, RELEASE], False),
        *(([words], False) for words in (*could_not_run(compared, figures), *not_compared(compared))),
        ((), False),
        (["Rows", "In both", "Changed", "Added", "Gone"], True),
        (["people, with all beneath", *_in_order(compared.people)], False),
        *(([table, *_in_order(counts)], False) for table, counts in compared.tables.items()),
        ((), False),
        (["Findings", "Cleared", "New", "Still there", "Severity", "Title"], True),
    ]
    for fate in compared.fates:
        numbers = [fate.cleared, fate.new, fate.still]
        lines.append(([fate.rule.id, *numbers, SEVERITY_LABELS[fate.severity], fate.rule.title], False))
    for at, (values, is_heading) in enumerate(lines):
        drawing.write(sheet, at, values, drawing.heading if is_heading else None)


def _in_order(counts: Counts) -> list[int]:
    return [counts.both, counts.changed, counts.added, counts.gone]
