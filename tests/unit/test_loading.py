"""Whatever fails while a return is read or measured is closed, and leaves the session as it was."""

from __future__ import annotations

from typing import Any

import pytest
import streamlit as st

from sen2dash.analysis import earlier_years
from sen2dash.checks.report import Report, build_report
from sen2dash.config import Settings
from sen2dash.errors import NotSen2
from sen2dash.reading.source import SourceText
from sen2dash.sample.generate import sample_bytes
from sen2dash.ui import loading
from sen2dash.web import session_data, vault
from tests import casebook

SETTINGS = Settings(now=casebook.NOW)


class Stopped(BaseException):
    """What Streamlit raises in a run that another one replaces."""


class Bar:
    """A progress bar whose removal ends the run."""

    def progress(self, *_: object, **__: object) -> None: ...

    def empty(self) -> None:
        raise Stopped


@pytest.fixture(autouse=True)
def without_a_return(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vault, "current", lambda: None)


def is_closed(report: Report) -> bool:
    try:
        report.store.rows("select 1")
    except Exception:  # noqa: BLE001 - of DuckDB, which this test does not name
        return True
    return False


def keeping(monkeypatch: pytest.MonkeyPatch, module: Any, name: str) -> list[Any]:
    """Everything that a function returns."""
    found: list[Any] = []
    make = getattr(module, name)

    def made(*args: Any, **named: Any) -> Any:
        found.append(make(*args, **named))
        return found[-1]

    monkeypatch.setattr(module, name, made)
    return found


def test_a_run_that_ends_while_an_earlier_return_is_measured_closes_it(monkeypatch: pytest.MonkeyPatch) -> None:
    made = keeping(monkeypatch, earlier_years, "read_earlier")
    monkeypatch.setattr(st, "progress", lambda *_, **__: Bar())
    with pytest.raises(Stopped):
        loading.load_earlier(SourceText(sample_bytes(5, seed=1, year=2025)), SETTINGS, None)
    assert len(made) == 1 and is_closed(made[0])


@pytest.mark.parametrize("is_stopped", [True, False])
def test_a_return_that_is_not_kept_is_closed(monkeypatch: pytest.MonkeyPatch, is_stopped: bool) -> None:
    made = keeping(monkeypatch, loading, "build_report")
    data = sample_bytes(5, seed=1, year=2026)
    inputs = session_data.Inputs(SourceText(data), "return.xml", settings=SETTINGS, older=SourceText(b"<a/>"))
    if is_stopped:
        monkeypatch.setattr(st, "progress", lambda *_, **__: Bar())
    with pytest.raises(Stopped if is_stopped else NotSen2) as caught:
        loading.check(inputs, data)
    assert is_stopped or str(getattr(caught.value, "title", "")).startswith("The earlier return: ")
    assert len(made) == 1 and is_closed(made[0])


def test_one_earlier_return_is_closed_if_the_other_cannot_be_read(monkeypatch: pytest.MonkeyPatch) -> None:
    made = keeping(monkeypatch, earlier_years, "read_earlier")
    own, before = (sample_bytes(5, seed=1, year=year) for year in (2026, 2025))
    report = build_report(own, SETTINGS, previous=before, only=())
    inputs = session_data.Inputs(
        SourceText(own), "a.xml", settings=SETTINGS, previous=SourceText(before), older=SourceText(b"<a/>")
    )
    with pytest.raises(NotSen2):
        loading.earlier_for(report, inputs)
    assert len(made) == 1 and is_closed(made[0]) and not is_closed(report)
    report.close()


def test_settings_are_not_changed_if_the_earlier_returns_cannot_be_measured(monkeypatch: pytest.MonkeyPatch) -> None:
    own = sample_bytes(5, seed=1, year=2026)
    source = SourceText(sample_bytes(5, seed=2, year=2025))
    report = build_report(own, SETTINGS, only=())
    inputs = session_data.Inputs(SourceText(own), "a.xml", settings=SETTINGS, older=source)
    entry = session_data.LoadedReturn(report, inputs)
    monkeypatch.setattr(vault, "current", lambda: entry)
    loading.use_earlier(report, loading.earlier_for(report, inputs))
    (before,) = report.earlier

    def fail(*_: object) -> None:
        raise NotSen2("Not a return", "It is something else.", "")

    with monkeypatch.context() as failing:
        failing.setattr(earlier_years, "read_earlier", fail)
        with pytest.raises(NotSen2):
            loading.change_settings(entry, twenty_weeks_days=139)
    assert entry.inputs is inputs and report.store.settings == SETTINGS
    assert report.earlier == (before,) and not is_closed(before)
    loading.change_settings(entry, twenty_weeks_days=139)
    (after,) = report.earlier
    assert isinstance(after, earlier_years.EarlierReturn) and after.settings == entry.inputs.settings
    assert report.store.settings.twenty_weeks_days == 139 and is_closed(before) and not is_closed(after)
    report.close()
