"""The cache of what was worked out from a report: computed once, limited in size, and correct when two runs overlap."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import islice, product

import pytest

from sen2dash.checks import catalogue
from sen2dash.checks.cache import MAX_LISTS, MAX_NUMBERS, Key, ReportCache
from sen2dash.checks.report import Report, build_report
from sen2dash.config import Settings
from sen2dash.indicators import figures, run
from sen2dash.indicators.figures import Figures, Selection
from sen2dash.sample.generate import sample_bytes


@pytest.fixture
def report() -> Iterator[Report]:
    made = build_report(sample_bytes(persons=60, seed=5), Settings(), only=catalogue.rules()[:1])
    yield made
    made.close()


def test_a_value_is_computed_once() -> None:
    cache, calls = ReportCache(), []

    def compute() -> None:
        calls.append(1)

    assert cache.cached(Key("readings", "a"), compute) is None
    assert cache.cached(Key("readings", "a"), compute) is None
    assert len(calls) == 1, "None is a value too"


def test_what_was_used_least_recently_makes_room() -> None:
    cache = ReportCache(max_numbers=2, max_lists=1)
    for subject in ("a", "b", "a", "c"):
        cache.cached(Key("readings", subject), lambda subject=subject: subject)  # type: ignore[misc]
    cache.put(Key("people", "a"), "first")
    cache.put(Key("rows", "a"), "second")
    assert dict(cache.items()) == {
        Key("readings", "a"): "a",
        Key("readings", "c"): "c",
        Key("rows", "a"): "second",
    }


def test_an_error_is_not_held() -> None:
    cache = ReportCache()
    with pytest.raises(RuntimeError, match="failed"):
        cache.cached(Key("results"), lambda: (_ for _ in ()).throw(RuntimeError("failed")))
    assert cache.cached(Key("results"), lambda: 1) == 1


def test_a_value_that_was_begun_before_all_was_cleared_is_not_held() -> None:
    cache, computing, go_on = ReportCache(), threading.Event(), threading.Event()

    def compute() -> str:
        computing.set()
        assert go_on.wait(10)
        return "out of date"

    with ThreadPoolExecutor() as pool:
        begun = pool.submit(cache.cached, Key("results"), compute)
        assert computing.wait(10)
        # Clearing does not wait for a computation in progress, because the server's own thread closes reports.
        cache.clear()
        go_on.set()
        assert begun.result(10) == "out of date"
    assert cache.items() == []


def test_two_runs_that_overlap_compute_a_value_once() -> None:
    cache, calls, together = ReportCache(), [], threading.Barrier(8)

    def ask() -> int:
        together.wait(10)
        return cache.cached(Key("results"), lambda: calls.append(1) or len(calls))  # type: ignore[func-returns-value]

    with ThreadPoolExecutor(8) as pool:
        assert [each.result(10) for each in [pool.submit(ask) for _ in range(8)]] == [1] * 8


def test_the_indicators_run_once_where_two_runs_overlap(report: Report, monkeypatch: pytest.MonkeyPatch) -> None:
    n_runs, run_indicators = [], run.run_indicators

    def counting(*args: object) -> object:
        n_runs.append(1)
        return run_indicators(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(run, "run_indicators", counting)
    with ThreadPoolExecutor(4) as pool:
        found = [pool.submit(lambda: Figures(report).results) for _ in range(4)]
        assert len({id(each.result(60)["caseload"]) for each in found}) == 1
    assert len(n_runs) == 1


def test_clicks_do_not_add_up(report: Report) -> None:
    """However many filters and lists are viewed, a report keeps a limited number of them."""
    most = (report.cache._max_numbers, report.cache._max_lists)
    assert most == (MAX_NUMBERS, MAX_LISTS), "unless it is set, as here, so that fewer clicks fill it"
    n_numbers, n_lists = 24, 6
    report.cache = ReportCache(n_numbers, n_lists)
    needs = [part.keys[0] for part in Figures(report).count_people(["need"])]
    ages = [part.keys[0] for part in Figures(report).count_people(["age"])]
    chosen = list(islice(product(needs, ages), n_numbers // 2 + 10))
    assert 2 * len(chosen) > n_numbers
    for need, age in chosen:
        shown = Figures(report, Selection(figures.choose({"need": [need], "age": [age]})))
        assert len(shown.people("caseload")) == shown.results["caseload"].denominator
        shown.breakdown("caseload", ["sex"])
    held = [key for key, _ in report.cache.items()]
    assert len([key for key in held if key.kind == "people"]) == n_lists
    assert len(held) == n_numbers + n_lists
    assert Key("indicators") in held, "what every figure needs stays"
