"""Run the rules. Each ends as clear or found, or with a reason as not_run, not_applicable or broken; never silently."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed

from sen2dash.errors import TooLarge
from sen2dash.model import Collection, Rule, RuleOutcome, Status
from sen2dash.reading.other.forms import TABLE_NAMES
from sen2dash.reading.register import LABELS, OPTIONAL
from sen2dash.store import views
from sen2dash.store.database import Store

#: Rules in one statement, and statements that run at a time: most of the cost of a rule is planning it. Higher numbers
#: are no faster.
LOT, THREADS = 16, 2
NEEDS_REGISTER = (
    "It needs an establishment register: add the 'all establishment data' CSV from Get Information about Schools."
)
NEEDS_EARLIER = "It needs an earlier return of this authority: add one to compare with."


NOT_XML = "It is about the XML file, and this return was not read from XML."


def applies(rule: Rule, collection: Collection) -> bool:
    """Whether a rule applies to a return: it is one of the rules used, or it is about coming years (H23)."""
    first, _ = rule.years
    is_about_coming_years = first is not None and first > collection.rules_of
    return rule.applies_in(collection.year if is_about_coming_years else collection.rules_of)


def why_not(rule: Rule, store: Store) -> str | None:
    """Explain why a rule cannot be run on the data in the store; None if it can."""
    if missing := views.tables_read(rule.sql) & store.not_given:
        named = ", ".join(name for table, name in TABLE_NAMES.items() if table in missing)
        if named:
            return f"It needs a table that was not given: {named}."
        named = ", ".join(name for table, name in TABLE_NAMES.items() if f"previous.{table}" in missing)
        return f"It needs a table that was not given in the earlier return: {named}."
    if rule.needs == "establishments":
        return _why_not_register(rule, store) if store.has_establishments else NEEDS_REGISTER
    if rule.needs in ("earlier_return", "last_year"):
        if not store.has_previous:
            return NEEDS_EARLIER
        if rule.needs == "last_year":
            return _why_not_last_year(store)
    return None


def _why_not_register(rule: Rule, store: Store) -> str | None:
    """Report a column of the register that the rule needs and that is missing or could not be read."""
    for column in dict.fromkeys(("urn", *rule.needs_columns)):
        fault = store.register_faults.get(column)
        if fault is None and column in OPTIONAL and column in store.blank_register_columns:
            fault = "is blank in every row"
        if fault is not None:
            return f"It needs the register's column {LABELS[column]}, which {fault}."
    return None


def _why_not_all(rule: Rule, store: Store) -> str | None:
    """Explain why the rule could not check every row: the register has values that could not be read."""
    if not store.has_unread or not rule.needs_columns:
        return None
    # A rule about a person looks at the placements.
    unread = store.rows(
        "select has_urn, unread from register_match where unread is not null and table_name = $table_name",
        {"table_name": "plandetail" if rule.table == "plandetail" else "placementdetail"},
    )
    # A rule looks up a row by its URN or, if that is blank, by its UKPRN.
    looked_up = [row for row in unread if ("urn" if row["has_urn"] else "ukprn") in rule.needs_columns]
    hit = [set(row["unread"].split()) & set(rule.needs_columns) for row in looked_up]
    n_rows = sum(map(bool, hit))
    if not n_rows:
        return None
    columns = ", ".join(LABELS[column] for column in rule.needs_columns if any(column in each for each in hit))
    return (
        f"It could not check {'1 row' if n_rows == 1 else f'{n_rows:,} rows'} of the return: the register's {columns} "
        "could not be read."
    )


def _why_not_last_year(store: Store) -> str | None:
    assert store.collection is not None
    year = store.value("select year from previous.file")
    if year != store.collection.year - 1:
        return f"It needs last year's return: the earlier return is for {year}, not {store.collection.year - 1}."
    lea = store.value("select lea from previous.header")
    if lea is None or lea != store.collection.lea:
        return "It needs last year's return of the same authority: the two returns do not name the same one."
    return None


def run(
    store: Store, rules: Sequence[Rule], progress: Callable[[int, int, Rule], None] = lambda done, total, rule: None
) -> tuple[RuleOutcome, ...]:
    """Run every rule that applies to the return and keep the findings in the store.

    Returns one outcome for each rule, in the order given. progress: called after each with done, total and the rule.
    Raises TooLarge if the database runs out of memory, without waiting for the other rules.
    """
    assert store.collection is not None
    chosen = [rule for rule in rules if applies(rule, store.collection)]
    results_of: dict[str, tuple[Status, str | None]] = {}
    n_done = 0

    def note(results: Iterable[tuple[Rule, Status, str | None]]) -> None:
        nonlocal n_done
        for rule, status, reason in results:
            n_done += 1
            results_of[rule.id] = status, reason
            progress(n_done, len(chosen), rule)

    is_xml = store.value("select form from file") in (None, "xml")
    reasons = [(rule, NOT_XML if rule.needs == "xml" and not is_xml else why_not(rule, store)) for rule in chosen]
    note(
        (rule, "not_applicable" if reason == NOT_XML else "not_run", reason)
        for rule, reason in reasons
        if reason is not None
    )
    runnable = [rule for rule, reason in reasons if reason is None]
    lots = [runnable[first : first + LOT] for first in range(0, len(runnable), LOT)]
    with ThreadPoolExecutor(THREADS, thread_name_prefix="rules") as pool:
        try:
            for done in as_completed([pool.submit(_run_lot, store, lot) for lot in lots]):
                note(done.result())
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise
    counts = store.finding_counts()
    outcomes = []
    for rule in chosen:
        status, reason = results_of[rule.id]
        count, people = counts.get(rule.id, (0, 0))
        if status == "clear":
            status = "found" if count else "not_run" if reason is not None else "clear"
        outcomes.append(
            RuleOutcome(
                rule=rule,
                severity=rule.severity_in(store.collection.rules_of),
                status=status,
                count=count,
                people=people,
                reason=reason,
            )
        )
    return tuple(outcomes)


def _run_lot(store: Store, lot: Sequence[Rule]) -> list[tuple[Rule, Status, str | None]]:
    """Return each rule with its status and a reason. The counts say later whether a clear rule found something.

    The rules are run together and, if that fails, one by one, so that only the rule that cannot be run is broken. The
    reason of a clear rule says what it could not check: if it found nothing, it was not run in full.
    """
    try:
        store.add_findings([(rule.id, rule.sql) for rule in lot])
    except (RuntimeError, TooLarge) as error:
        if len(lot) > 1:
            return [result for rule in lot for result in _run_lot(store, [rule])]
        if isinstance(error, TooLarge):
            raise
        return [(lot[0], "broken", str(error))]
    return [(rule, "clear", _why_not_all(rule, store)) for rule in lot]
