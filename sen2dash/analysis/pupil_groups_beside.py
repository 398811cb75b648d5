"""What groups of an indicator are compared with: rates of residents, published shares, the scale of bars, the file.

Draws nothing. Everything of this return is worked out from counts as they are shown.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from sen2dash.analysis import comparators, earlier_years, residents
from sen2dash.analysis.comparators import Comparator
from sen2dash.analysis.pupil_groups import RATES, SHARES, GroupRow, GroupTable
from sen2dash.checks.report import Report
from sen2dash.indicators.figures import HIDDEN_TEXT, Selection, count_text, rate_text
from sen2dash.indicators.suppression import Hidden
from sen2dash.output.export import figures_csv
from sen2dash.output.numbers import with_numbers

#: The published areas that a line is compared with.
AREAS: tuple[Comparator, ...] = ("england", "region", "neighbours")
#: The lengths that a whole bar can have.
SCALES = (0.02, 0.05, 0.1, 0.2, 0.25, 0.3, 0.4, 0.5, 0.6, 0.8, 1.0)


class RateColumn(NamedTuple):
    """Shares to compare with, between 0 and 1. by_keys: by the keys of a line. note: what to know of them.

    is_published: not those of an earlier return, which have no line on the bars.
    """

    heading: str
    by_keys: Mapping[tuple[str, ...], float]
    note: str
    is_published: bool = True


def beside(report: Report, found: GroupTable, selection: Selection) -> tuple[RateColumn, ...]:
    """England, the region and the middle one of the neighbours, as far as they are published for this rate.

    Shares of the total are published by group for some indicators and characteristics, rates only for everyone. A child
    counted once is not published at all.
    """
    made = []
    for name in AREAS:
        if found.rate == "share":
            shown = [row.keys[0] for row in found.rows if len(row.keys) == 1]
            marks = comparators.marks(report, selection, found.indicator.id, found.by[0], name, shown)
            shares: dict[tuple[str, ...], float] = {(key,): share for key, ((_, share),) in marks.by_key.items()}
            made.append(RateColumn(marks.name, shares, marks.note))
        elif found.rate == "records":
            one = comparators.beside(report, selection, found.indicator.id, name)
            if isinstance(one.number, float) and one.unit == "percent":
                made.append(RateColumn(one.name, {(): one.number / 100}, one.note))
    return (*(column for column in made if column.by_keys), *_earlier(report, found, selection))


def _earlier(report: Report, found: GroupTable, selection: Selection) -> Iterator[RateColumn]:
    """The earlier returns, the newest first, under the same filters: rates of every line, or shares of each group."""
    shown = {row.keys for row in found.rows}
    shares: dict[int, dict[tuple[str, ...], float | Hidden | None]] = {}
    if found.rate == "records":
        name = found.indicator.id
        whole = earlier_years.values(report, name, selection)
        for by in (found.by[:1], found.by) if len(found.by) > 1 else (found.by,):
            for year, parts in earlier_years.breakdown(report, name, by, selection).items():
                rates = {keys: value.rate for keys, value in parts.items()}
                shares[year] = {(): whole[year].rate, **shares.get(year, {}), **rates}
    elif found.rate == "share":
        for year, counts in earlier_years.by_category(report, found.indicator.id, found.by[0], selection).items():
            shares[year] = {(key,): count.share for key, count in counts.items()}
    for year, by_keys in sorted(shares.items(), reverse=True):
        known = {keys: each for keys, each in by_keys.items() if isinstance(each, float) and keys in shown}
        yield RateColumn(earlier_years.label(year), known, "", is_published=False)


def scale(found: GroupTable, columns: Sequence[RateColumn]) -> float:
    """The length of a whole bar: the first round share that none of the shares drawn exceeds, at most 1.

    Lines without a bar do not count.
    """
    drawn = [row.value.drawn or 0 for row in found.rows if is_drawn(found, row)]
    most = max([*drawn, *(share for column in columns for share in column.by_keys.values())], default=0)
    return next((step for step in SCALES if most <= step), 1.0)


def is_drawn(found: GroupTable, row: GroupRow) -> bool:
    """Whether a line has a bar: not the whole of a share, and not a rate of few."""
    return bool(row.keys) if found.rate in SHARES else not row.value.is_of_few


def per_10_000_text(report: Report, row: GroupRow) -> str:
    """The number of a line per 10,000 residents; c if it is hidden, empty if the residents are not known."""
    if isinstance(row.value.numerator, Hidden):
        return HIDDEN_TEXT
    rate = residents.per_10_000(report, row.value.numerator)
    return "" if rate is None else f"{rate:,.1f}"


def cells(report: Report, found: GroupTable, columns: Sequence[RateColumn]) -> dict[str, list[str]]:
    """Every line as texts by heading: its labels, counts, rate, rate per 10,000 and what is published.

    The base of a share is the same for every line and is the first line, so it has no column.
    """
    texts: dict[str, list[str]] = {found.headings[0]: [row.labels[0] if row.labels else "All" for row in found.rows]}
    if len(found.by) > 1:
        texts[found.headings[1]] = [row.labels[1] if len(row.labels) > 1 else "All" for row in found.rows]
    texts["Number"] = [count_text(row.value.numerator) for row in found.rows]
    if found.rate not in SHARES:
        texts["Out of"] = [count_text(row.value.denominator) for row in found.rows]
    texts[RATES[found.rate]] = [row.value.rate_text for row in found.rows]
    texts["Per 10,000"] = [per_10_000_text(report, row) for row in found.rows]
    for column in columns:
        shares = [column.by_keys.get(row.keys) for row in found.rows]
        texts[column.heading] = ["" if share is None else rate_text(share) for share in shares]
    return texts


def table_csv(report: Report, found: GroupTable, columns: Sequence[RateColumn], selection: Selection) -> bytes:
    """The table as a CSV: one line per row, numbers as numbers, with the indicator and the filters in each line."""
    texts = cells(report, found, columns)
    headings, numbered = with_numbers(list(texts), list(zip(*texts.values(), strict=True)))
    sentences = (found.indicator.title, RATES[found.rate], selection.file_text)
    rows = [[*row, *sentences] for row in numbered]
    return figures_csv((*headings, "Indicator", "Kind of rate", "Filters"), rows)
