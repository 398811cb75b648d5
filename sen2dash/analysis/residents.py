"""Counts per 10,000 residents of the authority aged 0 to 17, and what to know about them. Draws on no page.

Only the number of all residents aged 0 to 17 is known, not that of a group: a rate of a group is of all residents, so
that the rates of groups add up to the rate of everyone.
"""

from __future__ import annotations

from sen2dash.charts.bars import Bar, bar_chart
from sen2dash.charts.pieces import Chart
from sen2dash.checks.report import Report
from sen2dash.indicators.figures import HIDDEN_TEXT, Figures, Selection
from sen2dash.indicators.suppression import Hidden, Shown
from sen2dash.model import Indicator
from sen2dash.reference import published


def per_10_000(report: Report, count: Shown) -> float | None:
    """A count per 10,000 residents; None if it is hidden or the residents are not known."""
    lea = report.collection.lea or ""
    year = published.residents_year(lea, report.collection.year)
    return None if year is None or isinstance(count, Hidden) else published.rate_per_10_000(count, lea, year)


def note(report: Report) -> str:
    """A sentence on the residents, or why there are no rates."""
    year = published.residents_year(report.collection.lea or "", report.collection.year)
    if year is None:
        return "The residents of this authority are not known, so there are no rates per 10,000."
    return f"Per 10,000: people of all ages for each 10,000 of all residents aged 0 to 17 in mid-{year - 1}."


def chart(report: Report, indicator: Indicator, selection: Selection) -> Chart | None:
    """The indicator per 10,000 residents aged 0 to 17, with the latest published rate; None if it has no such rate.

    Counts the whole return, because published rates are of everyone.
    """
    lea, year = report.collection.lea or "", report.collection.year
    known = published.residents_year(lea, year)
    beside = published.rates(indicator, lea, year, report.published)
    if indicator.published_as not in published.RATED or known is None:
        return None
    count = selection.count(Figures(report).results[indicator.id].numerator)
    own = None if isinstance(count, Hidden) else published.rate_per_10_000(count, lea, known)
    rows = [Bar("own", "This return", own, HIDDEN_TEXT if own is None else f"{own:,.1f}")]
    latest = [figure for figure in beside if figure.collection_year == beside[0].collection_year]
    for figure in reversed(latest):
        label = f"{figure.area.name}, {figure.period}"
        rows.append(Bar(figure.area.code, label, figure.number, f"{figure.number or 0:,.1f}"))
    filters = "" if selection.cohort.is_everyone else " Everyone in the return, whatever the filters."
    return bar_chart(
        f"{indicator.title} per 10,000 residents aged 0 to 17",
        "Our own calculation, from this return, published counts and residents by mid-year (this return: "
        f"mid-{known - 1}). The count is of all ages up to 25: it compares areas and is not a share.{filters}",
        "Area",
        rows,
        unit="number",
    )
