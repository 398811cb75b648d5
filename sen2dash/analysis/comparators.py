"""What a figure is compared with: England, the region, the statistical neighbours or the earlier return.

Every page with a choice of comparator asks here, so that the same words and the same figures are beside the same bar
everywhere. Published shares are for everyone; only the earlier return can be filtered. Where there is nothing to
compare with, there are no marks, and a note says why. Draws nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal, NamedTuple

from sen2dash import reference
from sen2dash.analysis import earlier_years
from sen2dash.checks import catalogue
from sen2dash.checks.report import Report
from sen2dash.indicators.figures import Selection, count_text, rate_text
from sen2dash.indicators.suppression import HIDDEN, Hidden
from sen2dash.model import Indicator
from sen2dash.reference import breakdowns, neighbouring, published
from sen2dash.reference.published import Area

Comparator = Literal["england", "region", "neighbours", "earlier", "none"]
#: What a reader can choose; `labels` names the region.
COMPARATORS: Mapping[Comparator, str] = MappingProxyType(
    {
        "england": "England",
        "region": "Region",
        "neighbours": "Neighbours",
        "earlier": "Earlier return",
        "none": "None",
    }
)
#: The base that is not an indicator: every person in the return.
PEOPLE = "people"
Unit = Literal["percent", "rate", "number"]
UNKNOWN_AUTHORITY = "The authority of this return is not known, so it has no region and no neighbours."
NO_EARLIER = "No earlier return is loaded. Add last year's return on the page 'Your return'."
NO_YEAR = "The earlier return that is loaded is not of an earlier year of this authority."
NOT_HELD = "The earlier returns do not include this."
NO_RATE = rate_text(None)
FOR_EVERYONE = "The published figures are of everyone, not of the people whom the filters choose."


@dataclass(frozen=True)
class Marks:
    """Shares to draw beside the bars of a chart.

    by_key: maps our category to the name of the comparison and its share, between 0 and 1. name: of the comparison with
    its period ('England, January 2026'); empty if there is none. together: shares of published categories that combine
    several of ours, by these. note: sentences on what is compared, where it comes from, or why there is nothing.
    """

    by_key: Mapping[str, tuple[tuple[str, float], ...]]
    note: str = ""
    name: str = ""
    together: Mapping[tuple[str, ...], float] = field(default_factory=dict)


class ComparatorFigure(NamedTuple):
    """A single number to compare a figure with.

    number: a share in percent, a rate per 10,000 residents aged 0 to 17, or a count; None if there is none, and the
    note says why. text: the number as shown.
    """

    name: str
    number: float | Hidden | None
    unit: Unit
    text: str
    note: str


#: Characteristics that say the same in more or less detail: filters on one change the shares of the others.
FAMILIES = (
    ("age_group", "age", "year", "phase"),
    ("ethnic_group", "ethnicity"),
    ("school_type", "place_group", "place"),
)
NO_MARKS = Marks({})
NOTHING = ComparatorFigure("", None, "number", "", "")


def labels(report: Report) -> dict[Comparator, str]:
    """The comparators by key, with the name of the region if the authority is known."""
    region = _area(report, "region")
    return dict(COMPARATORS) | ({"region": region.name} if region is not None else {})


def in_sentence(label: str) -> str:
    """A heading in lower case for use inside a sentence; abbreviations keep their capitals."""
    return label if label[:3].isupper() else label[0].lower() + label[1:]


# -- by groups ------------------------------------------------------------------------------------------------


def marks(
    report: Report,
    selection: Selection,
    base: str,
    characteristic: str,
    comparator: Comparator,
    keys: Iterable[str] | None = None,
) -> Marks:
    """The shares of a base by a characteristic, of the comparator.

    base: an indicator (what it counts, by category) or PEOPLE. keys: the categories shown, for which marks are wanted
    (default: all of them), so that published figures do not reveal which others exist.
    """
    if comparator == "none":
        return NO_MARKS
    wanted = (
        tuple(c.key for c in reference.every_characteristic()[characteristic].categories) if keys is None else (*keys,)
    )
    if comparator == "earlier":
        return _of_earlier(report, selection, base, characteristic, wanted)
    if is_filtered_by(selection, characteristic):
        by = in_sentence(reference.every_characteristic()[characteristic].label)
        return Marks({}, f"You have filtered by {by}, so published shares by {by} cannot be compared.")
    found = _published(report, base, characteristic, comparator)
    if isinstance(found, str):
        return Marks({}, found)
    homes = {key: breakdowns.published_key(characteristic, key, found.shares) for key in wanted}
    ours: dict[str, tuple[str, ...]] = {}
    for key, home in homes.items():
        if home is not None and home in found.shares:
            ours[home] = (*ours.get(home, ()), key)
    alone = {members[0]: found.shares[home] for home, members in ours.items() if len(members) == 1}
    together = {members: found.shares[home] for home, members in ours.items() if len(members) > 1}
    sentences = [found.note, *([FOR_EVERYONE] if selection.cohort.chosen else []), f"Source: {found.source}."]
    return Marks(
        {key: ((found.name, share),) for key, share in alone.items()},
        " ".join(each for each in sentences if each),
        found.name,
        together,
    )


def of_everyone(selection: Selection) -> str:
    """A sentence, after others, on published figures beside filtered ones; empty without filters."""
    return f" {FOR_EVERYONE}" if selection.cohort.chosen else ""


def is_filtered_by(selection: Selection, characteristic: str) -> bool:
    """Whether the filters choose by this characteristic, or by one of its family."""
    family = next((names for names in FAMILIES if characteristic in names), (characteristic,))
    return any(name in family for name, _ in selection.cohort.chosen)


class _Published(NamedTuple):
    """Published shares by published category."""

    name: str
    shares: Mapping[str, float]
    source: str
    note: str = ""


def _published(report: Report, base: str, characteristic: str, comparator: Comparator) -> _Published | str:
    """The newest published shares up to the return year, or a sentence on why there are none."""
    if base == PEOPLE:
        return "Nothing is published about everyone in a return. Count plans to compare."
    lea, year, known = report.collection.lea, report.collection.year, report.published
    by = in_sentence(reference.every_characteristic()[characteristic].label)
    what = catalogue.indicator(base).title
    if comparator == "neighbours":
        if not neighbouring.areas(lea):
            return UNKNOWN_AUTHORITY
        near = neighbouring.shares(base, characteristic, lea, year, known)
        if near is None:
            return f"Not published for single authorities up to the year of this return: {what}, by {by}."
        return _Published(f"Neighbours, {near.period}", near.by_key, near.source, _near_note(near.areas))
    area = _area(report, comparator)
    if area is None:
        return UNKNOWN_AUTHORITY
    place = (base, characteristic, area.code)
    last = breakdowns.breakdown_year(*place, year, known)
    rows = breakdowns.shares(*place, last, known) if last is not None else ()
    shares = {row.key: row.share for row in rows if row.share is not None}
    if last is None or not shares:
        return f"Not published for {area.name} up to the year of this return: {what}, by {by}."
    period, source = breakdowns.breakdown_origin(*place, last, known)
    return _Published(f"{area.name}, {period}", shares, source)


def _near_note(areas: Sequence[Area]) -> str:
    return f"Neighbours: the median of {len(areas)} statistical neighbours, nearest first: {_names(areas)}."


def _names(areas: Sequence[Area]) -> str:
    # Some names contain a comma.
    return "; ".join(area.name for area in areas)


def _area(report: Report, comparator: Comparator) -> Area | None:
    """England or the region; None for the region of an unknown authority."""
    level = "England" if comparator == "england" else "region"
    return next((area for area in published.areas(report.collection.lea) if area.level == level), None)


def _of_earlier(report: Report, selection: Selection, base: str, characteristic: str, keys: Sequence[str]) -> Marks:
    """The shares of each earlier year under the same filters, oldest first."""
    found = earlier_years.by_category(report, base, characteristic, selection)
    wholes = earlier_years.totals(report, base, selection)
    left_out = earlier_years.note(report, [characteristic], selection)
    if not found:
        return Marks({}, left_out or _no_earlier(report))
    by_key: dict[str, tuple[tuple[str, float], ...]] = {}
    names, sentences = [], []
    for year, counts in found.items():
        name = earlier_years.label(year)
        drawn = {key: count.share for key, count in counts.items() if isinstance(count.share, float)}
        if not drawn:
            sentences.append(f"{name}: nobody to compare with under these filters.")
            continue
        # A category that nobody had then is 0, except for sharing, where it reads like one that few had.
        existed = [key for key in keys if _existed(characteristic, key, year)]
        none = {} if selection.is_sharing else dict.fromkeys(existed, 0.0)
        for key, share in (none | drawn).items():
            if key in keys:
                by_key[key] = (*by_key.get(key, ()), (name, share))
        names.append(name)
        under = ", under the same filters" if selection.cohort.chosen else ""
        sentences.append(f"{name}{under}: all {count_text(wholes[year])}.")
    return Marks(by_key, " ".join([*sentences, *([left_out] if left_out else [])]), " and ".join(names))


def _no_earlier(report: Report) -> str:
    """Why there is nothing to show of earlier returns."""
    if earlier_years.years(report):
        return NOT_HELD
    return NO_YEAR if report.earlier or report.store.previous_collection is not None else NO_EARLIER


def _existed(characteristic: str, key: str, year: int) -> bool:
    """Whether a return of this year can hold the category."""
    first = reference.every_characteristic()[characteristic].category(key).from_year
    return first is None or first <= year


# -- single values --------------------------------------------------------------------------------------------


def beside(report: Report, selection: Selection, indicator_id: str, comparator: Comparator) -> ComparatorFigure:
    """The comparator's value of an indicator: a share, or for a count of plans or requests a rate of residents.

    Counts of other areas cannot be compared, so other counts have none; the earlier return gives its count.
    """
    indicator = catalogue.indicator(indicator_id)
    if comparator == "none":
        return NOTHING
    if comparator == "earlier":
        return _earlier_value(report, selection, indicator)
    unit: Unit = "rate" if indicator.is_count else "percent"
    if indicator.is_count and indicator.published_as not in published.RATED:
        return ComparatorFigure(
            "", None, unit, "", "Counts of other areas cannot be compared with that of this authority."
        )
    lea, year, known = report.collection.lea, report.collection.year, report.published
    everyone = [FOR_EVERYONE] if selection.cohort.chosen else []
    area = _area(report, comparator) if comparator != "neighbours" else None
    if comparator != "england" and not neighbouring.areas(lea) and area is None:
        return ComparatorFigure("", None, unit, "", UNKNOWN_AUTHORITY)
    if area is None:
        near = (neighbouring.rates if indicator.is_count else neighbouring.figures)(indicator, lea, year, known)
        middle = neighbouring.median_of(near, is_share=not indicator.is_count)
        if middle is None:
            return ComparatorFigure("", None, unit, "", f"Not published for most neighbours: {indicator.title}.")
        sentences = [_near_note([each.area for each in near]), *everyone, f"Source: {near[0].source}."]
        return ComparatorFigure(f"Neighbours, {near[0].period}", middle, unit, _text(unit, middle), " ".join(sentences))
    every = (published.rates if indicator.is_count else published.figures)(indicator, lea, year, known)
    own = [each for each in every if each.area == area]
    newest = next((each for each in own if each.is_available), None)
    if newest is None:
        return ComparatorFigure("", None, unit, "", f"Not published for {area.name}: {indicator.title}.")
    number, name = newest.number if indicator.is_count else newest.percent, f"{area.name}, {newest.period}"
    sentences = [*newest.notes, *newest.caveats, *everyone, f"Source: {newest.source}."]
    if number is None:
        return ComparatorFigure(name, None, unit, "", f"Not published for {area.name}: {indicator.title}.")
    return ComparatorFigure(name, number, unit, _text(unit, number), " ".join(sentences))


def _earlier_value(report: Report, selection: Selection, indicator: Indicator) -> ComparatorFigure:
    """The indicator of the newest earlier year under the same filters; the note has the year before."""
    unit: Unit = "number" if indicator.is_count else "percent"
    found = earlier_years.values(report, indicator.id, selection)
    left_out = earlier_years.note(report, (), selection)
    if not found:
        return ComparatorFigure("", None, unit, "", left_out or _no_earlier(report))
    texts = {
        year: count_text(value.numerator) if indicator.is_count else value.text if value.rate is not None else NO_RATE
        for year, value in found.items()
    }
    *before, newest = found
    sentences = [
        *(f"{earlier_years.label(year)}: {texts[year]}." for year in before),
        *([left_out] if left_out else []),
    ]
    note = " ".join(sentences)
    value = found[newest]
    if indicator.is_count:
        return ComparatorFigure(earlier_years.label(newest), value.numerator, unit, texts[newest], note)
    number = HIDDEN if isinstance(value.rate, Hidden) else None if value.rate is None else 100 * value.rate
    return ComparatorFigure(earlier_years.label(newest), number, unit, texts[newest], note)


def _text(unit: Unit, number: float) -> str:
    """A published number as shown."""
    return f"{number:.1f}%" if unit == "percent" else f"{number:,.1f} per 10,000"
