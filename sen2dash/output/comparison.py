"""Write the comparison of two returns as text, JSON, CSV and Excel, a piece at a time. Compares nothing itself."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import pyarrow as pa

from sen2dash import RELEASE, __version__, spec
from sen2dash.checks import masking
from sen2dash.checks.report import Report
from sen2dash.compare.agreement import ItemAgreement, Pattern
from sen2dash.compare.comparison import FATES, Comparison, Counts
from sen2dash.compare.findings import Fate, taking_part
from sen2dash.model import SEVERITY_LABELS, IndicatorResult
from sen2dash.output import export, workbook
from sen2dash.output.answers import MADE_WITH, count, dump, origin_facts, return_facts
from sen2dash.output.workbook import Drawing
from sen2dash.reading.other.forms import TABLE_NAMES
from sen2dash.text import printable

#: Entries of the JSON that are written at a time.
PIECE = 2_000
SIDES = ("before", "after")
KIND_LABELS: Mapping[str, str] = {"changed": "Changed", "added": "Added", "gone": "Gone"}
VERDICTS: Mapping[bool, str] = {True: "Equal", False: "Not equal"}
FATE_LABELS: Mapping[str, str] = {"new": "New", "cleared": "Cleared", "still": "Still there"}
WAY_LABELS: Mapping[str, str] = {
    "zeros_lost": "Leading zeros lost",
    "zeros_added": "Leading zeros added",
    "case": "Only capitals or spaces inside differ",
    "spaces": "Spaces around the value on one side only",
    "midnight_added": "Time of midnight added",
    "midnight_lost": "Time of midnight lost",
}
NUMBERS = ("numerator", "denominator", "value")
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


@dataclass(frozen=True)
class Figures:
    """The indicators of both returns, in catalogue order."""

    before: Sequence[IndicatorResult]
    after: Sequence[IndicatorResult]

    def pairs(self) -> Iterator[tuple[IndicatorResult, IndicatorResult]]:
        """Each indicator in the earlier and the later return."""
        return zip(self.before, self.after, strict=True)


def answer(compared: Comparison, figures: Figures, form: str) -> Iterable[bytes]:
    """The output of `compare` in one of its formats, a piece at a time."""
    if form == "csv":
        return csv_pieces(compared)
    if form == "xlsx":
        return xlsx_pieces(compared, figures)
    return json_pieces(compared, figures) if form == "json" else text_pieces(compared, figures)


def could_not_run(compared: Comparison, figures: Figures) -> list[str]:
    """What could not be run on one of the returns because of a fault in the program, one sentence per return."""
    found = []
    for side, results in zip(SIDES, (figures.before, figures.after), strict=True):
        report: Report = getattr(compared, side)
        ids = [outcome.rule.id for outcome in taking_part(report) if outcome.status == "broken"]
        ids += [result.indicator.id for result in results if result.is_broken and not result.is_not_given]
        if ids:
            found.append(f"{side.capitalize()}: {', '.join(ids)} could not be run, so the comparison is incomplete.")
    return found


def not_compared(compared: Comparison) -> list[str]:
    """The tables that could not be compared, because a return does not have them: one sentence per return."""
    found = []
    for side in SIDES:
        names = [TABLE_NAMES[table] for table, sides in compared.left_out.items() if side in sides]
        if names:
            found.append(f"{side.capitalize()}: not given, so not compared: {', '.join(names)}.")
    return found


# -- JSON -------------------------------------------------------------------------------------------------


def json_pieces(compared: Comparison, figures: Figures) -> Iterator[bytes]:
    """The JSON of `compare`: both returns, counts, every difference, what happened to the findings, the indicators."""
    facts = {side: return_facts(getattr(compared, side)) for side in SIDES}
    tables = [{"table": table, **_counts(counts)} for table, counts in compared.tables.items()]
    yield f'{{"release": {dump(__version__)},\n "before": {dump(facts["before"])},\n'.encode()
    yield f' "after": {dump(facts["after"])},\n "persons": {dump(_counts(compared.people))},\n'.encode()
    yield f' "tables": {dump(tables)},\n "changes": ['.encode()
    yield from _joined(change for table in compared.tables for change in _changes(compared, table))
    yield b'],\n "rows": ['
    yield from _joined(row for table in compared.tables for row in _rows_alone(compared, table))
    findings = [_fate(fate) for fate in compared.fates]
    indicators = [
        {"id": before.indicator.id, "before": _numbers(before), "after": _numbers(after)}
        for before, after in figures.pairs()
    ]
    agreement = [_agreement(compared, table) for table in compared.tables]
    yield f'],\n "findings": {dump(findings)},\n "indicators": {dump(indicators)},\n'.encode()
    left_out = [{"table": table, "not_given": list(sides)} for table, sides in compared.left_out.items()]
    yield f' "agreement": {dump(agreement)},\n "left_out": {dump(left_out)}'.encode()
    yield "".join(f",\n {dump(name)}: {dump(found)}" for name, found in _inputs(compared)).encode()
    yield b"}\n"


def _inputs(compared: Comparison) -> Iterator[tuple[str, Any]]:
    """What the output says about the files of each return that is not XML."""
    for side in SIDES:
        origin = getattr(compared, side).origin
        if origin is not None:
            yield f"{side}_input", origin_facts(origin)


def _counts(counts: Counts) -> dict[str, int]:
    return {"both": counts.both, "added": counts.added, "gone": counts.gone, "changed": counts.changed}


def _changes(compared: Comparison, table: str) -> Iterator[dict[str, Any]]:
    names = ("before_person", "after_person", "before_line", "after_line", "field", "before", "after")
    for row in _rows(compared.changes(table)):
        yield {"table": table, **{name: row[name] for name in names}}


def _rows_alone(compared: Comparison, table: str) -> Iterator[dict[str, Any]]:
    for row in _rows(compared.rows_alone(table)):
        yield {"kind": row["kind"], "table": table, "person": row["person_id"], "line": row["line"]}


def _fate(fate: Fate) -> dict[str, Any]:
    return {"rule": fate.rule.id, "severity": fate.severity, **{name: getattr(fate, name) for name in sorted(FATES)}}


def _agreement(compared: Comparison, table: str) -> dict[str, Any]:
    items = [
        {
            "field": item.field,
            "both": item.both,
            "equal": item.equal,
            "blank_before": item.blank_before,
            "blank_after": item.blank_after,
            "patterns": [
                {name: value for name, value in asdict(pattern).items() if value is not None}
                for pattern in item.patterns
            ],
        }
        for item in compared.agreement[table]
    ]
    return {"table": table, "equal": compared.are_equal(table), "items": items}


def _numbers(result: IndicatorResult) -> dict[str, Any]:
    if result.is_broken:
        return {**dict.fromkeys(NUMBERS), "reason": result.reason}
    return {name: getattr(result, name) for name in NUMBERS}


def _joined(entries: Iterable[dict[str, Any]]) -> Iterator[bytes]:
    """Entries separated by commas, in batches."""
    waiting: list[str] = []
    between = "\n"
    for entry in entries:
        waiting.append(dump(entry))
        if len(waiting) == PIECE:
            yield (between + ",\n".join(waiting)).encode()
            waiting, between = [], ",\n"
    if waiting:
        yield (between + ",\n".join(waiting)).encode()


def _rows(table: pa.Table) -> Iterator[dict[str, Any]]:
    for batch in table.to_batches(max_chunksize=PIECE):
        yield from batch.to_pylist()


# -- text -------------------------------------------------------------------------------------------------


def text_pieces(compared: Comparison, figures: Figures) -> Iterator[bytes]:
    """The summary of `compare` for reading."""
    yield "".join(f"{line}\n" for line in _lines(compared, figures)).encode()


def _lines(compared: Comparison, figures: Figures) -> Iterator[str]:
    for side in SIDES:
        yield f"{side.capitalize() + ':':<8}{return_text(getattr(compared, side))}"
    yield ""
    if broken := could_not_run(compared, figures):
        yield from (*broken, "")
    if without := not_compared(compared):
        yield from (*without, "")
    yield people_text(compared.people)
    yield ""
    yield f"{'Rows':<16}{'in both':>10}{'changed':>10}{'added':>10}{'gone':>10}"
    for table, counts in compared.tables.items():
        numbers = (counts.both, counts.changed, counts.added, counts.gone)
        yield f"  {table:<14}" + "".join(f"{number:>10,}" for number in numbers)
    yield ""
    yield f"{'Findings':<9}{'cleared':>9}{'new':>9}{'still':>9}"
    for fate in compared.fates:
        counted = "".join(f"{number:>9,}" for number in (fate.cleared, fate.new, fate.still))
        yield f"  {fate.rule.label:<7}{counted}  {SEVERITY_LABELS[fate.severity]}: {fate.rule.title}"
    if not compared.fates:
        yield "  None in either return."
    yield ""
    yield f"{'Indicators before':<27}{'after':<25}".rstrip()
    for before, after in figures.pairs():
        yield f"  {_figure_text(before):<25}{_figure_text(after):<25}{before.indicator.title}"
    yield ""
    yield from _agreement_lines(compared)
    yield ""
    yield MADE_WITH


def _agreement_lines(compared: Comparison) -> Iterator[str]:
    """One verdict per table, and its items that do not agree."""
    yield "Agreement"
    for table in compared.tables:
        yield f"  {table:<17}{VERDICTS[compared.are_equal(table)].lower()}"
        for item in compared.agreement[table]:
            if not item.is_equal or item.patterns:
                yield f"    {item.field}: {agreement_text(item)}"


def agreement_text(item: ItemAgreement) -> str:
    """Text such as '1,203 of 1,210 equal; blank before, not after: 3. Leading zeros lost: 7.'"""
    parts = [f"{item.equal:,} of {item.both:,} equal"]
    parts += [f"blank before, not after: {item.blank_before:,}"] if item.blank_before else []
    parts += [f"blank after, not before: {item.blank_after:,}"] if item.blank_after else []
    return " ".join([f"{'; '.join(parts)}.", *map(pattern_text, item.patterns)])


def pattern_text(pattern: Pattern) -> str:
    """A pattern of differences in words, with the codes as they are in the return."""
    if pattern.way == "days":
        assert pattern.days is not None
        how = "later" if pattern.days > 0 else "earlier"
        days = "1 day" if abs(pattern.days) == 1 else f"{abs(pattern.days):,} days"
        return f"Every date is {days} {how} ({pattern.n:,})."
    if pattern.way == "code":
        return f"{printable(pattern.before)} is always {printable(pattern.after)} ({pattern.n:,})."
    return f"{WAY_LABELS[pattern.way]}: {pattern.n:,}."


def return_text(report: Report) -> str:
    """A description such as 'SEN2 2025, census day 16 January 2025, serial number 001, 2,000 persons'."""
    serial = printable(report.header["SerialNo"]) or "not given"
    return f"{report.collection.label}, serial number {serial}, {count(report.counts['person'], 'person')}"


def people_text(people: Counts) -> str:
    """Text such as 'People: 1,990 in both, of whom 12 have changed; 3 added, 1 gone'."""
    changed = f"{people.changed:,} {'has' if people.changed == 1 else 'have'} changed"
    return f"People: {people.both:,} in both, of whom {changed}; {people.added:,} added, {people.gone:,} gone"


def _figure_text(result: IndicatorResult) -> str:
    if result.is_broken:
        return "Not given" if result.is_not_given else "Broken"
    if result.indicator.is_count:
        return f"{result.numerator:,}"
    share = "-" if result.value is None else f"{result.value:.1%}"
    return f"{share} ({result.numerator:,} of {result.denominator:,})"


# -- CSV and Excel ----------------------------------------------------------------------------------------


def chosen_columns(columns: Sequence[tuple[str, int, str]], with_names: bool) -> list[tuple[str, int, str]]:
    """The columns of a list, without those that identify people unless names are included."""
    return [column for column in columns if with_names or column[0] not in export.NAME_COLUMNS]


def difference_rows(compared: Comparison, with_names: bool = True) -> Iterator[list[Any]]:
    """One list of values per difference, with the headings DIFFERENCE_COLUMNS; tables are in layout order."""
    keys = [key for _, _, key in chosen_columns(DIFFERENCE_COLUMNS, with_names)]
    for table in compared.tables:
        for row in _rows(compared.listed(table)):
            label = spec.item(table, row["field"]).label if row["field"] else None
            shown = {**row, "kind": KIND_LABELS[row["kind"]], "table": table, "label": label}
            shown = shown if with_names else masking.hide_change(shown)
            yield [shown[key] for key in keys]


def finding_rows(compared: Comparison, with_names: bool = True, fates: Sequence[str] = FATES) -> Iterator[list[Any]]:
    """One list of values per finding, with the headings FINDING_COLUMNS, in catalogue order."""
    keys = [key for _, _, key in chosen_columns(FINDING_COLUMNS, with_names)]
    for fate in compared.fates:
        words = {"severity": SEVERITY_LABELS[fate.severity], "title": fate.rule.title}
        for row in _rows(compared.findings([fate.rule.id], fates)):
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


def xlsx_pieces(compared: Comparison, figures: Figures, with_names: bool = True) -> Iterator[bytes]:
    """A workbook, a piece at a time: a summary, the differences, the findings and the indicators."""
    differences, findings = (
        [(heading, width) for heading, width, _ in chosen_columns(columns, with_names)]
        for columns in (DIFFERENCE_COLUMNS, FINDING_COLUMNS)
    )
    tables = [
        workbook.Table(
            "Differences",
            differences,
            export.dated(difference_rows(compared, with_names), differences),
            "No differences.",
        ),
        workbook.Table(
            "Findings", findings, export.dated(finding_rows(compared, with_names), findings), "No findings."
        ),
        workbook.Table("Indicators", INDICATOR_COLUMNS, _indicator_rows(figures)),
        workbook.Table("Agreement", AGREEMENT_COLUMNS, _agreement_rows(compared)),
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


def _indicator_rows(figures: Figures) -> Iterator[list[Any]]:
    for before, after in figures.pairs():
        yield [before.indicator.title, *(_numbers(each)[name] for each in (before, after) for name in NUMBERS)]


def _draw_summary(drawing: Drawing, compared: Comparison, figures: Figures) -> None:
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
