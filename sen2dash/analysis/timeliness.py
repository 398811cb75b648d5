"""How long requests take: decisions by month, by weeks and by group, and what was still open on census day.

Reads the members of the timeliness indicators, so that its counts are those of the headlines. Draws nothing.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Mapping, Sequence

import pyarrow as pa
import pyarrow.compute as pc

from sen2dash.analysis import earlier_years
from sen2dash.analysis.establishment_names import with_setting
from sen2dash.charts.bars import Bar
from sen2dash.charts.histogram import Bin, Limit
from sen2dash.charts.levels import Level
from sen2dash.checks import catalogue
from sen2dash.checks.cache import Key
from sen2dash.checks.report import Report
from sen2dash.indicators import figures
from sen2dash.indicators.figures import Figures, Selection, Value, count_text, rate_text
from sen2dash.indicators.filters import parameters
from sen2dash.indicators.suppression import Hidden, round_rate
from sen2dash.limits import WEEK
from sen2dash.model import Cohort
from sen2dash.reference import neighbouring, published

#: Indicators with their limit in weeks; the 20-week limit is a setting in days.
LIMITS: Mapping[str, int] = {
    "plans_within_20_weeks": 20,
    "plans_within_20_weeks_all": 20,
    "decisions_within_6_weeks": 6,
    "decisions_not_to_issue_within_16_weeks": 16,
    "plans_within_30_weeks": 30,
    "plans_over_52_weeks": 52,
}
LABELS: Mapping[str, str] = {
    "plans_within_20_weeks": "20 weeks",
    "plans_within_20_weeks_all": "20 weeks, exceptions included",
    "decisions_within_6_weeks": "6 weeks",
    "decisions_not_to_issue_within_16_weeks": "16 weeks",
    "plans_within_30_weeks": "30 weeks",
    "plans_over_52_weeks": "Over 52 weeks",
}
#: Indicators whose numerator counts the late decisions.
COUNTS_LATE = frozenset({"plans_over_52_weeks"})
#: Indicators that count a case without a date received as late.
UNDATED_LATE = frozenset({"plans_within_20_weeks", "plans_within_20_weeks_all", "plans_within_30_weeks"})
#: Characteristics that the page can break an indicator down by.
GROUPS = ("need", "age_group", "place_group", "source")
BIN_WEEKS, MAX_WEEKS = 2, 60
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def limit_days(report: Report, indicator_id: str) -> int:
    """The limit of an indicator in days."""
    weeks = LIMITS[indicator_id]
    return report.store.settings.twenty_weeks_days if weeks == 20 else weeks * WEEK


def decided(report: Report, indicator_id: str, cohort: Cohort) -> pa.Table:
    """The members of a timeliness indicator with their dates, those most over the limit first.

    One row per member: person_id, row_id, surname, forename, birth_date, upn, need, setting, team, received_date,
    decision_date, month (1 to 12), weeks and days (null without a date received), days_over (also null within the
    limit), in_numerator, is_late, exception and challenged (Yes or blank).
    """
    bound = {
        "indicator_id": indicator_id,
        "limit_days": limit_days(report, indicator_id),
        "counts_late": indicator_id in COUNTS_LATE,
        **parameters(cohort),
    }
    sql = catalogue.list_sql("decided_cases")
    # Another list of teams gives another column.
    key = Key("decided", indicator_id, cohort, (report.teams,))
    return Figures(report).cached(key, lambda: with_setting(report.store.table(sql, bound)))


def late(report: Report, indicator_id: str, cohort: Cohort) -> pa.Table:
    """The rows of `decided` that count as late: past the limit or, of UNDATED_LATE, without a date received."""
    found = decided(report, indicator_id, cohort)
    return found.filter(found["is_late"])


def about_late(report: Report, indicator_id: str) -> str:
    """The limit of the list of `late`, and what becomes of cases without a date received."""
    limit = f"The limit is {limit_days(report, indicator_id)} days from the date received."
    if indicator_id in UNDATED_LATE:
        return f"{limit} A case without a date received counts as late and comes first."
    if indicator_id in COUNTS_LATE:
        return f"{limit} Cases without a date received are not in this list."
    return limit


def in_month(report: Report, indicator_id: str, cohort: Cohort, month: int) -> pa.Table:
    """The rows of `decided` for one month, 1 to 12."""
    found = decided(report, indicator_id, cohort)
    return found.filter(pc.equal(found["month"], month))


def in_category(report: Report, indicator_id: str, cohort: Cohort, name: str, key: str) -> pa.Table:
    """The rows of `decided` in one category of a characteristic, assigned as in the breakdown."""
    found = decided(report, indicator_id, cohort)
    wanted = Figures(report, Selection(cohort)).people(indicator_id, where={name: key})
    return found.filter(pc.is_in(found["row_id"], wanted["row_id"].combine_chunks()))


def overall(report: Report, indicator_id: str, selection: Selection) -> Value:
    """The indicator for everyone in the selection."""
    return Figures(report, selection).values[indicator_id]


def months(report: Report, indicator_id: str, selection: Selection) -> tuple[Bar, ...]:
    """The share in each month of the collection year, with its counts."""
    found = decided(report, indicator_id, selection.cohort)
    everyone = Counter(found["month"].to_pylist())
    counted = Counter(found.filter(found["in_numerator"])["month"].to_pylist())
    values = [Value(*round_rate(counted[month], everyone[month], selection.threshold)) for month in range(1, 13)]
    return tuple(
        Bar(
            str(place),
            name,
            value.drawn,
            f"{value.rate_text}\n{value.of_text}" if value.rate is not None else "none",
            is_faint=value.is_of_few,
        )
        for place, (name, value) in enumerate(zip(MONTHS, values, strict=True), start=1)
    )


def weeks(report: Report, indicator_id: str, selection: Selection) -> tuple[tuple[Bin, ...], int]:
    """Decisions by weeks taken, in bins of two weeks, and how many have no date received. The last bin has no end.

    A bin holds decisions that took more than its start and no more than its end. Where the setting counts 20 weeks of a
    plan as 139 days, so does the bin that ends there.
    """
    found = decided(report, indicator_id, selection.cohort)["days"].to_pylist()
    limit, ends = LIMITS[indicator_id], _ends(report, indicator_id)
    places = Counter(bisect_left(ends, days) for days in found if days is not None)
    bins = []
    for place in range(len(ends) + 1):
        count = selection.count(places[place])
        start, end = place * BIN_WEEKS, (place + 1) * BIN_WEEKS
        label = f"over {start}, up to {end} weeks" if place < len(ends) else f"over {start} weeks"
        value = 0 if isinstance(count, Hidden) else count
        bins.append(Bin(start, end, label, value, count_text(count), start >= limit, str(place)))
    return tuple(bins), sum(1 for days in found if days is None)


def in_weeks(report: Report, indicator_id: str, cohort: Cohort, key: str) -> pa.Table:
    """The rows of `decided` in one bin of `weeks`."""
    found, ends = decided(report, indicator_id, cohort), _ends(report, indicator_id)
    places = [None if days is None else bisect_left(ends, days) for days in found["days"].to_pylist()]
    return found.filter(pa.array([place == int(key) for place in places], pa.bool_()))


def _ends(report: Report, indicator_id: str) -> list[int]:
    """The ends of the bins of `weeks` in days, without that of the last."""
    twenty = report.store.settings.twenty_weeks_days if indicator_id.startswith("plans_") else 20 * WEEK
    return [twenty if end == 20 else end * WEEK for end in range(BIN_WEEKS, MAX_WEEKS + 1, BIN_WEEKS)]


def limit_lines(indicator_id: str) -> tuple[Limit, ...]:
    """The limits to mark in the histogram of an indicator: for plans every limit on plans, for decisions their own."""
    of_plans = sorted({weeks for name, weeks in LIMITS.items() if name.startswith("plans_")})
    chosen = of_plans if indicator_id.startswith("plans_") else [LIMITS[indicator_id]]
    return tuple(Limit(weeks, f"{weeks} weeks") for weeks in chosen)


def by_group(report: Report, indicator_id: str, name: str, selection: Selection) -> tuple[Bar, ...]:
    """The indicator in each category of a characteristic, with the figure for everyone as a mark to compare with."""
    parts = Figures(report, selection).breakdown(indicator_id, [name])
    whole = overall(report, indicator_id, selection)
    everyone = (("Everyone shown", whole.drawn),) if whole.drawn is not None else ()
    before = earlier_years.marks(report, indicator_id, [name], selection)
    return tuple(
        Bar(
            part.keys[0],
            part.labels[0],
            value.drawn,
            value.text,
            (*everyone, *before.get(part.keys, ())),
            is_faint=value.is_of_few,
        )
        for part, value in figures.part_values(parts, selection.threshold)
    )


def levels(report: Report, indicator_id: str) -> tuple[Level, ...]:
    """The newest published shares of England, the region and the middle one of the neighbours, each with its period."""
    indicator = catalogue.indicator(indicator_id)
    place = (report.collection.lea, report.collection.year, report.published)
    made = [
        Level(f"{each.area.name}, {each.period}", each.percent / 100, rate_text(each.percent / 100))
        for each in published.newest(indicator, *place)
        if each.area.level != "authority" and each.percent is not None
    ]
    near = neighbouring.figures(indicator, *place)
    middle = neighbouring.median_of(near, is_share=True)
    if middle is not None:
        made.append(Level(f"Neighbours, {near[0].period}", middle / 100, rate_text(middle / 100)))
    return tuple(made)


def published_text(report: Report, indicator_id: str) -> str:
    """The lines of `levels` in words: 'England, 2024: 46.4%; West Midlands, 2024: 50.1%.' Empty if there are none."""
    found = [f"{level.name}: {level.text}" for level in levels(report, indicator_id)]
    return f"Published: {'; '.join(found)}." if found else ""


def earlier_text(report: Report, indicator_id: str, selection: Selection) -> str:
    """The indicator in earlier returns in words: 'Return of 2025: 44.0%; return of 2024: 51.7%.' Empty without any."""
    found = earlier_years.values(report, indicator_id, selection)
    sentences = "; ".join(
        f"{earlier_years.label(year)}: {value.text}" for year, value in sorted(found.items(), reverse=True)
    )
    parts = (f"{sentences}." if sentences else "", earlier_years.note(report, (), selection))
    return " ".join(each for each in parts if each)


def summary(rows: Sequence[Bar], whole: Value, title: str) -> str:
    """A sentence on a row of bars: the figure for everyone, and how far apart the bars are."""
    drawn = [row for row in rows if row.value is not None]
    if not drawn:
        return f"{title}: {whole.text} for everyone shown."
    low, high = min(drawn, key=lambda row: row.value or 0), max(drawn, key=lambda row: row.value or 0)
    spread = f"from {low.value:.0%} ({low.label}) to {high.value:.0%} ({high.label})"
    return f"{title}: {whole.text} for everyone shown, {spread}."


def few_note(rows: Sequence[Bar]) -> str:
    """What grey bars are, as a sentence after others, or empty if there are none."""
    return f" Grey bars: fewer than {figures.FEW} cases." if any(row.is_faint and row.value for row in rows) else ""


def title_of(indicator_id: str) -> str:
    """The title of an indicator."""
    return catalogue.indicator(indicator_id).title


def base_of(indicator_id: str) -> str:
    """What an indicator is a share of, as a sentence."""
    return f"A share of {catalogue.indicator(indicator_id).base}."
