"""Run the indicators, and count their members for any cohort. No wording for pages, no rounding, no suppression.

An indicator's SQL returns its members, which are kept in the table `member`; every number and every list is counted
from those rows, so that the headline, the breakdown and the list of people cannot disagree.

For the author of a page (`store` is the report's store; every function returns frozen models or an Arrow table):

- run all indicators once per return: `run_indicators(store)` -> IndicatorResult (indicator, numerator, denominator,
  value).
- value cards, for everyone or a cohort: `results(store, cohort)`; one of them: `result(store, indicator_id, cohort)`.
  The published figures to compare with: `published.figures(indicator, lea, year)`.
- an indicator by one or two characteristics for a cohort: `breakdown(store, indicator_id, ["need", "sex"], cohort)`
  -> CategoryPart (keys, labels, numerator, denominator, value). Keys of characteristics: `reference.characteristics()`.
- the people behind any of these numbers: `people_table(store, indicator_id, part, cohort, where)`, where `where` holds
  the categories of the part clicked on, such as {"need": "ASD", "sex": "F"}.
- people, not members, by characteristic: `cohort.count_people(store, ["age_group"], cohort)`; 'n of N':
  `cohort.size(store, cohort)`.
- the 20-week indicators under the other settings: `other_readings(store, indicator_id)`.
- rounding counts before anything is shared: `suppression`, which `figures` calls.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal

import pyarrow as pa
import pyarrow.compute as pc

from sen2dash.checks import catalogue
from sen2dash.checks.catalogue import list_sql
from sen2dash.indicators.filters import EVERYONE, by_parameters, parameters, parts
from sen2dash.model import CategoryPart, Cohort, Frozen, Indicator, IndicatorResult
from sen2dash.reading.other.forms import TABLE_NAMES
from sen2dash.store import lineage, views
from sen2dash.store.database import Store

#: How the reason begins if the return lacks a table.
NOT_GIVEN = "It needs a table that was not given"
#: Which members: the whole base, those counted, or those in the base who are not counted.
MemberPart = Literal["denominator", "numerator", "rest"]


class TwentyWeeksVariant(Frozen):
    """An indicator under one combination of the settings that it depends on."""

    twenty_weeks_days: int
    include_challenged: bool
    is_chosen: bool
    result: IndicatorResult

    @property
    def label(self) -> str:
        """A description such as '140 days, without mediation and tribunal cases'."""
        how = "with" if self.include_challenged else "without"
        return f"{self.twenty_weeks_days} days, {how} mediation and tribunal cases"


def run_indicators(store: Store, chosen: Sequence[Indicator] | None = None) -> tuple[IndicatorResult, ...]:
    """Run the indicators afresh, keep their members in the store and return the results, in catalogue order.

    chosen: the indicators to run (default: the whole catalogue). An indicator that fails is marked broken and says why.
    """
    store.derive_indicators()
    store.clear_members()
    chosen = catalogue.indicators() if chosen is None else chosen
    broken: dict[str, str] = {}
    absent = {indicator.id: why for indicator in chosen if (why := why_not_given(indicator, store))}
    for indicator in chosen:
        if indicator.id in absent:
            continue
        try:
            store.add_members(indicator.id, indicator.age_at, indicator.sql)
        except RuntimeError as error:
            broken[indicator.id] = str(error)
    counted = _count(store, EVERYONE)
    return tuple(
        IndicatorResult(indicator=indicator, reason=absent[indicator.id], is_not_given=True)
        if indicator.id in absent
        else IndicatorResult(indicator=indicator, reason=broken[indicator.id])
        if indicator.id in broken
        else IndicatorResult(indicator=indicator, **counted.get(indicator.id, {}))
        for indicator in chosen
    )


def why_not_given(indicator: Indicator, store: Store) -> str | None:
    """Name the tables that an indicator needs and that the return does not have; None if it has all."""
    missing = views.tables_read(indicator.sql, with_indicators=True) & store.not_given
    if not missing:
        return None
    return f"{NOT_GIVEN}: {', '.join(name for table, name in TABLE_NAMES.items() if table in missing)}."


def is_not_given(reason: str) -> bool:
    """Whether the reason why an indicator has no number is a table that was not given: no fault of the program."""
    return reason.startswith(NOT_GIVEN)


def run_further(store: Store, indicator: Indicator) -> IndicatorResult:
    """Run one of the further indicators, unless its members are in the store, and return its result for everyone.

    Call it after `run_indicators`, which deletes the members of every indicator.
    """
    if not store.value("select count(*) as n from member where indicator_id = $name", {"name": indicator.id}):
        if why := why_not_given(indicator, store):
            return IndicatorResult(indicator=indicator, reason=why, is_not_given=True)
        try:
            store.add_members(indicator.id, indicator.age_at, indicator.sql)
        except RuntimeError as error:
            return IndicatorResult(indicator=indicator, reason=str(error))
    return result(store, indicator.id)


def _count(store: Store, cohort: Cohort) -> dict[str, dict[str, int]]:
    """Numerator and denominator of every indicator that has members in the cohort."""
    return {row.pop("indicator_id"): row for row in store.rows(list_sql("indicator_counts"), parameters(cohort))}


def results(
    store: Store, cohort: Cohort = EVERYONE, everyone: Sequence[IndicatorResult] | None = None
) -> tuple[IndicatorResult, ...]:
    """Every indicator for a cohort, after `run_indicators`.

    everyone: the result of `run_indicators`, so that a broken indicator stays broken.
    """
    counted = _count(store, cohort)
    broken = {each.indicator.id: each for each in everyone or () if each.is_broken}
    wanted = [each.indicator for each in everyone] if everyone is not None else catalogue.indicators()
    return tuple(
        broken.get(indicator.id) or IndicatorResult(indicator=indicator, **counted.get(indicator.id, {}))
        for indicator in wanted
    )


def result(store: Store, indicator_id: str, cohort: Cohort = EVERYONE) -> IndicatorResult:
    """One indicator for a cohort, after `run_indicators`. KeyError if there is no such indicator."""
    counted = _count(store, cohort)
    return IndicatorResult(indicator=catalogue.indicator(indicator_id), **counted.get(indicator_id, {}))


def breakdown(
    store: Store, indicator_id: str, by: Sequence[str], cohort: Cohort = EVERYONE
) -> tuple[CategoryPart, ...]:
    """An indicator by one or two characteristics, in the order of their categories; empty parts are left out.

    The parts sum to `result`, except for `group`, in which a person can be counted several times. `age` and `age_group`
    are taken at the indicator's own date (`Indicator.age_label`); other characteristics do not depend on a date.
    Errors: BadArguments if `by` is not one or two characteristics.
    """
    bound = {"indicator_id": indicator_id, **by_parameters(by), **parameters(cohort)}
    return parts(by, store.rows(list_sql("indicator_by_category"), bound))


def people_table(
    store: Store,
    indicator_id: str,
    part: MemberPart = "denominator",
    cohort: Cohort = EVERYONE,
    where: Mapping[str, str] | None = None,
    limit: int | None = None,
    offset: int = 0,
) -> pa.Table:
    """The members behind a number, one row per member, in file order.

    where: at most two characteristics with the category of the part, as `breakdown` names them. Columns: person_id,
    table_name, row_id, line, path, surname, forename, birth_date, upn, uln, age (at the indicator's date),
    in_numerator, received_date, request_outcome, request_outcome_date, assessment_outcome, assessment_outcome_date,
    start_date, cease_date, need, place (in words).
    """
    where = where or {}
    keys = [*where.values(), None, None]
    bound: dict[str, Any] = {
        "indicator_id": indicator_id,
        **(by_parameters(list(where)) if where else {"by_1": None, "by_2": None}),
        **parameters(cohort),
        "key_1": keys[0],
        "key_2": keys[1],
        "in_numerator": {"denominator": None, "numerator": True, "rest": False}[part],
        "n_rows": limit if limit is not None else 1 << 60,
        "n_before": offset,
    }
    return store.table(list_sql("indicator_members"), bound)


def other_readings(store: Store, indicator_id: str) -> tuple[TwentyWeeksVariant, ...]:
    """An indicator under each value of the settings that it depends on, chosen one first; empty if it depends on none.

    Counts everyone: the settings change who is in the base, so a cohort would hide the effect of the choice.
    """
    indicator = catalogue.indicator(indicator_id)
    own = (store.settings.twenty_weeks_days, store.settings.include_challenged)
    bound = lineage.binds(indicator.sql)
    days = (140, 139) if "twenty_weeks_days" in bound else (own[0],)
    challenged = (False, True) if "include_challenged" in bound else (own[1],)
    if len(days) * len(challenged) == 1:
        return ()
    readings = []
    for pair in [(n, flag) for flag in challenged for n in days]:
        members = store.table(indicator.sql, {"twenty_weeks_days": pair[0], "include_challenged": pair[1]})
        counted = IndicatorResult(
            indicator=indicator,
            numerator=pc.sum(members["in_numerator"]).as_py() or 0,
            denominator=pc.sum(members["in_denominator"]).as_py() or 0,
        )
        readings.append(
            TwentyWeeksVariant(
                twenty_weeks_days=pair[0], include_challenged=pair[1], is_chosen=pair == own, result=counted
            )
        )
    return tuple(sorted(readings, key=lambda reading: not reading.is_chosen))
