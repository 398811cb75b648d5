"""Changing how 20 weeks are counted gives the same report as a full check without reading the file, or no change."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Any

import duckdb
import pytest

from sen2dash.analysis import open_cases, person, plans_of_caseload, requests, timeliness
from sen2dash.checks import catalogue, findings
from sen2dash.checks.cache import Key
from sen2dash.checks.report import Report, build_report
from sen2dash.config import Settings
from sen2dash.indicators import figures, rerun
from sen2dash.model import Cohort
from sen2dash.reading import shred
from sen2dash.reading.source import SourceText
from sen2dash.sample.generate import sample_bytes
from sen2dash.store import lineage
from sen2dash.store.database import Store
from sen2dash.ui import loading
from sen2dash.web import session_data, vault

SETTINGS = Settings(now=datetime(2026, 2, 1, 12, 0))
EVERYONE = Cohort()
DAYS_RULES = {"A24", "A26", "A27"}
DAYS_INDICATORS = {"plans_within_20_weeks", "plans_within_20_weeks_all"}
CHALLENGED_INDICATORS = DAYS_INDICATORS | {"plans_within_30_weeks", "plans_over_52_weeks"}


@pytest.fixture
def small() -> Iterator[Report]:
    rules = [rule for rule in catalogue.rules() if rule.id in DAYS_RULES | {"R36", "P03"}]
    made = build_report(sample_bytes(persons=60, seed=5, rule_ids=("A24", "A26", "A27", "P03")), SETTINGS, only=rules)
    yield made
    made.close()


def look(made: Report) -> None:
    """Fill the report's cache, as the pages do."""
    assert figures.Figures(made).results
    for name in timeliness.LIMITS:
        timeliness.decided(made, name, EVERYONE)
        figures.Figures(made).breakdown(name, ["sex"])
        figures.Figures(made).readings(name)
    figures.Figures(made).people("plans_within_20_weeks")
    figures.select(made)
    figures.Figures(made).count_people(["sex"])
    open_cases.listed(made, EVERYONE)
    person.journeys(made, 1)
    requests.all_requests(made, EVERYONE)
    plans_of_caseload.caseload(made, EVERYONE)
    for severity in ("error", "query", "info"):
        findings.n_people(made, severity)
    for rule_id in ("A24", "A26", "A27", "R36"):
        findings.findings_page(made, rule_id)


def state(made: Report) -> dict[str, Any]:
    """Everything that a report says, with the content of its cache."""
    look(made)
    outcomes = [outcome.model_dump(exclude={"rule"}) | {"id": outcome.rule.id} for outcome in made.outcomes]
    held = {key: value.to_pylist() if hasattr(value, "to_pylist") else value for key, value in made.cache.items()}
    return {
        "outcomes": outcomes,
        "findings": made.findings_table([outcome.rule.id for outcome in made.outcomes]).to_pylist(),
        "members": made.store.rows("select * from member order by all"),
        "held": held,
    }


@pytest.mark.parametrize(
    ("parameters", "rules", "indicators"),
    [
        ({"twenty_weeks_days"}, DAYS_RULES, DAYS_INDICATORS),
        ({"include_challenged"}, set(), CHALLENGED_INDICATORS),
        ({"twenty_weeks_days", "include_challenged"}, DAYS_RULES, CHALLENGED_INDICATORS),
    ],
)
def test_who_depends_on_the_settings(parameters: set[str], rules: set[str], indicators: set[str]) -> None:
    found = rerun.dependents(parameters)
    assert ({rule.id for rule in found[0]}, {each.id for each in found[1]}) == (rules, indicators)


def test_a_statement_depends_through_a_view(monkeypatch: pytest.MonkeyPatch) -> None:
    views = (("a", "select $include_challenged as x"), ("b", "select * from a"), ("c", "select 1 as x"))
    monkeypatch.setattr("sen2dash.store.views.view_files", lambda folder="views": views if folder == "views" else ())
    assert rerun.dependent("select * from b", ["include_challenged"])
    assert not rerun.dependent("select * from c", ["include_challenged"])
    assert not rerun.dependent("select * from b", ["twenty_weeks_days"])


def test_what_is_kept_of_views_binds_no_setting() -> None:
    for name in ("requests", "caseload_plans"):
        assert not lineage.binds(catalogue.list_sql(name)) & rerun.CHANGEABLE


@pytest.mark.slow
@pytest.mark.parametrize(
    ("persons", "seed", "year", "days", "challenged"),
    [(120, 5, 2025, 139, False), (100, 8, 2026, 139, True), (80, 2, 2023, 140, True)],
)
def test_the_same_as_a_full_check(
    persons: int, seed: int, year: int, days: int, challenged: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = sample_bytes(persons=persons, seed=seed, rule_ids=("A24", "A26", "A27"), year=year)
    wanted = SETTINGS.model_copy(update={"twenty_weeks_days": days, "include_challenged": challenged})
    made, expected = build_report(data, SETTINGS), build_report(data, wanted)
    try:
        look(made)
        with monkeypatch.context() as patch:
            # Nothing may read the file or build the store again.
            patch.setattr(shred, "shred", None)
            patch.setattr(Store, "derive", None)
            patch.setattr(Store, "derive_indicators", None)
            rerun.change(made, wanted)
        assert made.store.settings == wanted
        ours, theirs = state(made), state(expected)
        for what, found in ours.pop("held").items():
            assert found == theirs["held"].pop(what), what
        assert theirs.pop("held") == {}
        assert ours == theirs
    finally:
        made.close()
        expected.close()


def test_there_and_back_gives_the_same_report(small: Report) -> None:
    before = state(small)
    rerun.change(small, SETTINGS.model_copy(update={"twenty_weeks_days": 139, "include_challenged": True}))
    assert state(small) != before
    rerun.change(small, SETTINGS)
    assert state(small) == before


def test_before_any_figure_was_looked_at(small: Report) -> None:
    wanted = SETTINGS.model_copy(update={"twenty_weeks_days": 139})
    assert not small.store.has_indicators
    rerun.change(small, wanted)
    assert not small.store.has_indicators
    expected = [each.is_chosen for each in figures.Figures(small).readings("plans_within_20_weeks")]
    assert expected == [True, False, False, False]
    assert figures.Figures(small).readings("plans_within_20_weeks")[0].twenty_weeks_days == 139


def test_nothing_is_held_from_before_but_results_that_did_not_change(small: Report) -> None:
    look(small)
    before = {each.indicator.id: each for each in figures.Figures(small).indicators}
    rerun.change(small, SETTINGS.model_copy(update={"twenty_weeks_days": 139}))
    assert [key for key, _ in small.cache.items()] == [Key("indicators")]
    after = {each.indicator.id: each for each in figures.Figures(small).indicators}
    assert list(after) == list(before)
    assert {name for name, each in after.items() if each is not before[name]} == DAYS_INDICATORS


def test_a_change_waits_for_what_another_run_computes(small: Report) -> None:
    """A page drawn with the old settings reads one consistent state of the store, and leaves nothing in the cache."""
    computing, key = threading.Event(), Key("readings", "plans_within_20_weeks")

    def compute() -> list[int]:
        computing.set()
        time.sleep(0.2)
        return [small.store.settings.twenty_weeks_days]

    with ThreadPoolExecutor() as pool:
        begun = pool.submit(small.cache.cached, key, compute)
        assert computing.wait(10)
        rerun.change(small, SETTINGS.model_copy(update={"twenty_weeks_days": 139}))
        assert begun.result(10) == [140]
    assert figures.Figures(small).readings("plans_within_20_weeks")[0].twenty_weeks_days == 139


@pytest.mark.sampled(2)
@pytest.mark.parametrize("place", [0, 3, 5, 7, 9])
def test_an_error_midway_leaves_the_report_as_it_was(
    small: Report, place: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, n_run, run = state(small), 0, Store._run_bound

    def fail(self: Store, *args: Any) -> None:
        nonlocal n_run
        if n_run == place:
            raise duckdb.OutOfMemoryException("Out of Memory Error: failed")
        n_run += 1
        run(self, *args)

    with monkeypatch.context() as patch:
        patch.setattr(Store, "_run_bound", fail)
        with pytest.raises(RuntimeError, match="Out of Memory"):
            rerun.change(small, SETTINGS.model_copy(update={"twenty_weeks_days": 139}))
    assert n_run == place
    assert small.store.settings == SETTINGS
    assert state(small) == before
    # A valid change is still possible.
    rerun.change(small, SETTINGS.model_copy(update={"twenty_weeks_days": 139}))
    assert state(small) != before


def test_an_interruption_midway_leaves_the_report_as_it_was(small: Report, monkeypatch: pytest.MonkeyPatch) -> None:
    before = state(small)
    with monkeypatch.context() as patch:
        patch.setattr("sen2dash.store.database.insert_members", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt()))
        with pytest.raises(KeyboardInterrupt):
            rerun.change(small, SETTINGS.model_copy(update={"twenty_weeks_days": 139}))
    assert state(small) == before


def test_a_broken_rule_is_left_to_a_full_check(small: Report) -> None:
    broken = [
        o.model_copy(
            update={"rule": o.rule.model_copy(update={"sql": "select * from nowhere where $twenty_weeks_days = 1"})}
        )
        if o.rule.id == "A24"
        else o
        for o in small.outcomes
    ]
    small.outcomes = tuple(broken)
    with pytest.raises(RuntimeError):
        rerun.change(small, SETTINGS.model_copy(update={"twenty_weeks_days": 139}))
    assert small.store.settings == SETTINGS


def test_other_settings_cannot_be_changed(small: Report) -> None:
    with pytest.raises(ValueError, match="memory_limit_mb"):
        rerun.change(small, SETTINGS.model_copy(update={"memory_limit_mb": 100}))
    before = small.outcomes
    rerun.change(small, SETTINGS.model_copy())
    assert small.outcomes is before


@pytest.mark.parametrize("is_possible", [True, False])
def test_the_page_checks_the_whole_return_only_where_a_change_fails(
    small: Report, is_possible: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    checked: list[Settings] = []
    entry = session_data.LoadedReturn(small, session_data.Inputs(SourceText(b""), "return.xml", settings=SETTINGS))
    # It asks which return the session holds, and there is no session here.
    monkeypatch.setattr(vault, "current", lambda: entry)
    monkeypatch.setattr(loading, "check_again", lambda _, known, settings: checked.append(settings))
    if not is_possible:
        monkeypatch.setattr(Store, "use_settings", lambda *_: (_ for _ in ()).throw(RuntimeError()))
    loading.change_settings(entry, twenty_weeks_days=139)
    wanted = SETTINGS.model_copy(update={"twenty_weeks_days": 139})
    assert checked == ([] if is_possible else [wanted])
    assert entry.inputs.settings == (wanted if is_possible else SETTINGS)
    assert small.store.settings == entry.inputs.settings
