"""Do at start-up what the first visitor would otherwise wait for: imports, the catalogue and a tiny check.

Runs alongside the server, which answers meanwhile. An error is logged and ends the warming, never the server; the first
visitor then waits a little longer.
"""

from __future__ import annotations

import asyncio
import importlib
import logging
import pkgutil
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from threading import Event

from sen2dash.checks import catalogue
from sen2dash.checks.report import build_report
from sen2dash.config import Settings
from sen2dash.errors import place_of
from sen2dash.indicators.run import run_indicators
from sen2dash.reference import establishments
from sen2dash.sample.generate import sample_bytes

LOG = logging.getLogger("sen2dash")
#: People in the return that is checked, one of them with a defect: enough to run every statement once.
PEOPLE = 5


def read_files() -> None:
    """Read the rules, the indicators, and the names of establishments."""
    catalogue.rules()
    catalogue.indicators()
    catalogue.further_indicators()
    establishments.known("100000")


def load_modules() -> None:
    """Import what pages draw with. Streamlit imports pandas and Altair only when it first needs them."""
    from sen2dash import analysis, ui

    importlib.import_module("pandas")
    for package in (analysis, ui):
        for module in pkgutil.iter_modules(package.__path__, f"{package.__name__}."):
            importlib.import_module(module.name)


def check_a_return() -> None:
    """Check a made-up return and calculate its indicators. Only the parsed statements are kept."""
    report = build_report(sample_bytes(PEOPLE, seed=1, defects=1), Settings())
    try:
        run_indicators(report.store)
    finally:
        report.close()


def draw_a_chart() -> None:
    """Draw a chart, because Altair reads its own schema for the first one."""
    from sen2dash.charts.bars import Bar, bar_chart

    bar_chart("", "", "", [Bar("", "", 1, "")]).picture.to_dict()


STEPS: tuple[Callable[[], None], ...] = (read_files, check_a_return, load_modules, draw_a_chart)


def warm(is_stopping: Event | None = None, steps: Sequence[Callable[[], None]] = STEPS) -> None:
    """Take one step after another until all are done or the server stops."""
    for step in steps:
        if is_stopping is not None and is_stopping.is_set():
            return
        try:
            step()
        except Exception as error:  # noqa: BLE001 - the server serves without it
            LOG.warning("warming up: %s in %s at %s", type(error).__name__, step.__name__, place_of(error))


@asynccontextmanager
async def warming() -> AsyncIterator[None]:
    """Warm up while the server starts to serve. When it stops, no further step is taken."""
    is_stopping = Event()
    task = asyncio.create_task(asyncio.to_thread(warm, is_stopping))
    try:
        yield
    finally:
        is_stopping.set()
        await task
