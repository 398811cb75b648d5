"""A server warms up while it serves its first visitors, and no warm-up error reaches them."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from pathlib import Path
from threading import Event

import pytest

from sen2dash.store import lineage
from sen2dash.ui import warming
from tests.aside import run_aside

ROOT = Path(__file__).resolve().parents[2]
PERSON = "Zoë Smith born 2010-01-01"


def test_everything_that_a_first_visit_needs_is_there_afterwards(caplog: pytest.LogCaptureFixture) -> None:
    code = (
        "import sys\nfrom sen2dash.ui import warming\n"
        "wanted = {'altair', 'pandas', 'sen2dash.ui.headlines', 'sen2dash.analysis.placements'}\n"
        "assert not wanted & sys.modules.keys(), wanted & sys.modules.keys()\n"
        "warming.warm()\n"
        "from sen2dash.checks import catalogue\nfrom sen2dash.store import lineage\n"
        "print(wanted <= sys.modules.keys(), catalogue.rules.cache_info().currsize, "
        "catalogue.indicators.cache_info().currsize, lineage.parsed.cache_info().currsize > 60)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["True", "1", "1", "True"]
    assert "warming up" not in done.stderr


def test_a_step_that_fails_is_logged_without_its_message_and_the_next_is_taken(
    caplog: pytest.LogCaptureFixture,
) -> None:
    taken = []

    def fail() -> None:
        raise ValueError(PERSON)

    warming.warm(steps=(fail, lambda: taken.append(1)))
    assert taken == [1]
    assert "ValueError in fail" in caplog.text
    assert "Smith" not in caplog.text


def test_no_step_is_taken_once_the_server_stops() -> None:
    is_stopping, taken = Event(), []
    warming.warm(is_stopping, (is_stopping.set, lambda: taken.append(1)))
    assert taken == []


def test_the_server_serves_while_it_warms_up(monkeypatch: pytest.MonkeyPatch) -> None:
    begun, may_end, ended = Event(), Event(), Event()

    def wait() -> None:
        begun.set()
        assert may_end.wait(30)
        ended.set()

    monkeypatch.setattr(warming.warm, "__defaults__", (None, (wait,)))

    async def run() -> None:
        async with warming.warming():
            assert await asyncio.to_thread(begun.wait, 30)
            assert not ended.is_set()
            may_end.set()

    run_aside(run())
    assert ended.is_set()


def test_statements_stay_parsed_and_hold_nothing_of_a_return() -> None:
    warming.check_a_return()
    before = lineage.parsed.cache_info()
    warming.check_a_return()
    after = lineage.parsed.cache_info()
    assert after.currsize == before.currsize
    assert after.misses == before.misses
    assert after.hits > before.hits
