"""The manager's page as a table for a file, in which numbers are numbers. Computes nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

from sen2dash.analysis.summary_line import KINDS, RETURNS, UNIT_LABELS, Kind, Number, SummaryFigure, Unit
from sen2dash.indicators.figures import Selection
from sen2dash.indicators.suppression import Hidden


def as_table(
    found: Sequence[SummaryFigure], selection: Selection, before: Mapping[Kind, str] = MappingProxyType({})
) -> tuple[tuple[str, ...], list[list[Any]]]:
    """The page as a table for a file: headings, and one row per number with what it is compared with.

    Numbers are numbers. before: what the earlier returns are called; one that is not there has no column.
    """
    years = sorted({each.year for figure in found for line in figure.lines for each in line.years})
    names: dict[Kind, str] = {"England": "England", "region": "Region", "neighbours": "Statistical neighbours (median)"}
    names |= before
    kinds = [kind for kind in KINDS if kind in names]
    headings = ["Figure", "Unit", "This return", "Number", "Out of"]
    for kind in kinds:
        headings += [names[kind]] if kind in RETURNS else [names[kind], f"{names[kind]}: period"]
    headings += [f"The authority as published, {year - 1} or January {year}" for year in years]
    rows = []
    for figure in found:
        for line in figure.lines:
            own_number = line.text if line.reason is not None else _cell(line.unit, line.number)
            counts = (None, None) if line.counts is None else (line.counts.numerator, line.counts.denominator)
            row: list[Any] = [
                line.name,
                UNIT_LABELS[line.unit],
                own_number,
                *(_cell("number", each) for each in counts),
            ]
            for kind in kinds:
                other = line.comparator(kind)
                row.append("" if other is None else _cell(line.unit, other.number))
                if kind not in RETURNS:
                    row.append("" if other is None else other.period)
            own = {each.year: each.number for each in line.years}
            row += [_cell(line.unit, own.get(year)) for year in years]
            rows.append([*row, figure.sentence, selection.file_text])
    return (*headings, "What stands out", "Filters"), rows


def _cell(unit: Unit, number: Number) -> Any:
    """A number for a file, with the decimals that the page shows."""
    if number is None or isinstance(number, Hidden):
        return "" if number is None else str(number)
    return round(number) if unit == "number" else round(number, 1)
