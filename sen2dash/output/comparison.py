"""Write the comparison of two returns as text and JSON, a piece at a time, or in any format of the command line.

Compares nothing itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import asdict
from typing import Any

from sen2dash import __version__
from sen2dash.compare.comparison import FATES, Comparison, Counts
from sen2dash.compare.findings import Fate
from sen2dash.model import SEVERITY_LABELS, IndicatorResult
from sen2dash.output.answers import MADE_WITH, dump, origin_facts, return_facts
from sen2dash.output.comparison_lists import PIECE, csv_pieces, rows_of, xlsx_pieces
from sen2dash.output.comparison_words import (
    SIDES,
    VERDICTS,
    IndicatorPairs,
    agreement_text,
    could_not_run,
    not_compared,
    numbers_of,
    people_text,
    return_text,
)


def answer(compared: Comparison, figures: IndicatorPairs, form: str) -> Iterable[bytes]:
    """The output of `compare` in one of its formats, a piece at a time."""
    if form == "csv":
        return csv_pieces(compared)
    if form == "xlsx":
        return xlsx_pieces(compared, figures)
    return json_pieces(compared, figures) if form == "json" else text_pieces(compared, figures)


# -- JSON -------------------------------------------------------------------------------------------------


def json_pieces(compared: Comparison, figures: IndicatorPairs) -> Iterator[bytes]:
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
        {"id": before.indicator.id, "before": numbers_of(before), "after": numbers_of(after)}
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
    for row in rows_of(compared.changes(table)):
        yield {"table": table, **{name: row[name] for name in names}}


def _rows_alone(compared: Comparison, table: str) -> Iterator[dict[str, Any]]:
    for row in rows_of(compared.rows_alone(table)):
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


# -- text -------------------------------------------------------------------------------------------------


def text_pieces(compared: Comparison, figures: IndicatorPairs) -> Iterator[bytes]:
    """The summary of `compare` for reading."""
    yield "".join(f"{line}\n" for line in _lines(compared, figures)).encode()


def _lines(compared: Comparison, figures: IndicatorPairs) -> Iterator[str]:
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


def _figure_text(result: IndicatorResult) -> str:
    if result.is_broken:
        return "Not given" if result.is_not_given else "Broken"
    if result.indicator.is_count:
        return f"{result.numerator:,}"
    share = "-" if result.value is None else f"{result.value:.1%}"
    return f"{share} ({result.numerator:,} of {result.denominator:,})"
