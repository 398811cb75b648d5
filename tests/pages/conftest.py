"""The pages as Streamlit runs them, without a browser, in four states: no return, clean, dirty, a broken rule."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import altair as alt
import pytest
from streamlit.testing.v1 import AppTest

from sen2dash.charts.pieces import Picture
from sen2dash.checks import catalogue, run
from sen2dash.checks.report import Report, build_report
from sen2dash.config import Settings
from sen2dash.model import Rule, RuleOutcome
from sen2dash.reading.source import SourceText
from sen2dash.sample.generate import sample_bytes
from sen2dash.store.database import Store
from sen2dash.web import session_data, vault

MAIN = Path(__file__).resolve().parents[2] / "sen2dash" / "main.py"
SETTINGS = Settings(now=datetime(2025, 2, 1, 12, 0))
#: Rules whose defects are in the dirty return: an error and a query about a person, and one about a name.
DEFECTS = ("P15", "R09", "P03", "P12")
#: For tests that load files and look at no finding of other rules. Made-up returns with defects have findings of these.
FEW = (*DEFECTS, "P01", "H01", "H21", "A24", "A27", "M34", "M40")
SESSION = "tests"
Open = Callable[..., AppTest]
#: The forms of charts that were validated in this process.
VALID: set[str] = set()


@pytest.fixture(scope="session")
def clean_bytes() -> bytes:
    return sample_bytes(persons=40, seed=7, year=2025)


@pytest.fixture(scope="session")
def dirty_bytes() -> bytes:
    return sample_bytes(persons=40, seed=7, rule_ids=DEFECTS, year=2025)


@pytest.fixture(scope="session")
def reports(clean_bytes: bytes, dirty_bytes: bytes) -> dict[str, tuple[Report, bytes]]:
    """A report for each state, and the bytes it was made from."""
    broken = catalogue.rule("P15").model_copy(update={"sql": "select * from no_such_table"})
    missing = [broken if rule.id == "P15" else rule for rule in catalogue.rules()]
    only_errors = [rule for rule in catalogue.rules() if rule.id in ("P01", "P15", "R09")]
    made = {
        "clean": (build_report(clean_bytes, SETTINGS, only=only_errors), clean_bytes),
        "dirty": (build_report(dirty_bytes, SETTINGS), dirty_bytes),
        "broken": (build_report(dirty_bytes, SETTINGS, only=missing), dirty_bytes),
    }
    for report, _ in made.values():
        # A test that ends the session would close what other tests share.
        report.store.close = lambda: None  # type: ignore[method-assign]
    return made


@pytest.fixture
def few_rules(monkeypatch: pytest.MonkeyPatch) -> None:
    """Check what a page loads by a few rules: planning the others is most of what loading a small return costs."""
    run_all = run.run

    def run_few(store: Store, rules: Sequence[Rule], *progress: Any) -> tuple[RuleOutcome, ...]:
        return run_all(store, [rule for rule in rules if rule.id in FEW], *progress)

    monkeypatch.setattr(run, "run", run_few)


@pytest.fixture(autouse=True)
def every_chart_is_valid(monkeypatch: pytest.MonkeyPatch) -> None:
    """Validate every chart that a page draws against the schema, which the product skips: an error fails the page."""
    monkeypatch.setattr(Picture, "to_dict", valid)


def valid(picture: Picture, **options: Any) -> dict[str, Any]:
    """The chart as a dictionary, validated unless one with the same form was: validation is most of drawing a page."""
    if options:
        return alt.LayerChart.to_dict(picture, **options)
    made = picture._made(validate=False)
    form = json.dumps(form_of(made), default=str)
    if form not in VALID:
        picture._made(validate=True)
        VALID.add(form)
    return made


def form_of(part: Any) -> Any:
    """A part of a chart with the kinds of its data in place of the data."""
    if isinstance(part, dict):
        return {
            key: sorted({json.dumps({name: type(v).__name__ for name, v in row.items()}) for row in each})
            if key == "values" and isinstance(each, list) and all(isinstance(row, dict) for row in each)
            else form_of(each)
            for key, each in part.items()
        }
    return [form_of(each) for each in part] if isinstance(part, list) else part


def inputs_of(data: bytes) -> session_data.Inputs:
    """The files of a session, loaded at a fixed minute, so that no page differs between two moments."""
    return session_data.Inputs(SourceText(data), "return.xml", settings=SETTINGS, taken_at=datetime(2025, 2, 1, 9, 5))


@pytest.fixture
def open_page(reports: dict[str, tuple[Report, bytes]]) -> Iterator[Open]:
    """A function that opens a page with the return of a state (None: none) in the session's vault."""

    def open_with(page: str, state: str | None = None, query: dict[str, str] | None = None) -> AppTest:
        at = AppTest.from_file(str(MAIN), default_timeout=60)
        at.session_state[vault.SESSION_KEY] = SESSION
        if state is not None:
            report, data = reports[state]
            # Does not use `put`, which would close the previous state's report that other tests share.
            vault.VAULT._entries[SESSION] = session_data.LoadedReturn(report, inputs_of(data))
        at.run()
        at.switch_page(f"../pages/{page}.py")
        for name, value in (query or {}).items():
            at.query_params[name] = value
        return at.run()

    yield open_with
    vault.VAULT._entries.pop(SESSION, None)
