"""Turn text in tables of figures into numbers: '1,681' is 1681, '18.9% (317 of 1,681)' is three numbers.

Only for files: a page shows a figure as text, but a spreadsheet has to be able to add it up.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

COUNT = re.compile(r"0|[1-9]\d{0,2}(?:,\d{3})*|[1-9]\d*")
PERCENT = re.compile(rf"(\d+(?:\.\d+)?)%(?: \(({COUNT.pattern}) of ({COUNT.pattern})\))?")


def with_numbers(columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> tuple[list[str], list[list[Any]]]:
    """Replace texts in a table that are numbers by numbers. The first column names the rows and is unchanged.

    The heading of a percentage column says that it is in percent. A percentage with its counts becomes three columns. A
    text that is not a number, such as a hidden figure, stays a text. In a column of both counts and percentages,
    percentages stay texts.
    """
    headings, made = [*columns[:1]], [list(row[:1]) for row in rows]
    for place, name in enumerate(columns[1:], start=1):
        cells = [row[place] for row in rows]
        percents = [PERCENT.fullmatch(cell) if isinstance(cell, str) else None for cell in cells]
        counts = [_count(cell) for cell in cells]
        if any(percents) and not any(isinstance(count, int) for count in counts):
            headings.append(f"{name} in percent")
            is_split = any(match and match[2] for match in percents)
            headings += [f"{name}: number", f"{name}: out of"] if is_split else []
            for row, cell, match in zip(made, cells, percents, strict=True):
                row.append(float(match[1]) if match else cell)
                if is_split:
                    row += [_count(match[2]), _count(match[3])] if match else [None, None]
        else:
            headings.append(name)
            for row, count in zip(made, counts, strict=True):
                row.append(count)
    return headings, made


def _count(cell: Any) -> Any:
    """The number in a text such as '1,681'; anything else unchanged."""
    return int(cell.replace(",", "")) if isinstance(cell, str) and COUNT.fullmatch(cell) else cell
