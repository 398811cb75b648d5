"""Read and check a return for this session, the first time and again with other inputs or settings."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import streamlit as st

from sen2dash import ui
from sen2dash.checks.report import Report, build_report
from sen2dash.errors import UserError
from sen2dash.indicators import rerun
from sen2dash.indicators.figures import Figures
from sen2dash.model import Progress
from sen2dash.web import vault
from sen2dash.web.vault import Entry, Inputs


def check(inputs: Inputs, data: bytes) -> None:
    """Read and check a return, showing a progress bar, and keep the report for this session. Errors: UserError."""
    bar = st.progress(0.0, text="Reading the file")
    shown = -1

    def move(progress: Progress) -> None:
        nonlocal shown
        is_reading = progress.stage == "reading"
        percent = int(progress.fraction * 60) if is_reading else 60 + int(progress.fraction * 35)
        if percent == shown:
            return
        shown = percent
        if is_reading:
            text = f"Reading the file: {progress.done / 1e6:,.1f} of {progress.total / 1e6:,.1f} MB"
        else:
            text = f"Checking: rule {progress.done} of {progress.total}, {ui.plain(progress.label)}"
        bar.progress(percent / 100, text=text)

    previous = inputs.previous.data() if inputs.previous is not None else None
    try:
        report = build_report(data, inputs.settings, move, previous=previous, establishments=inputs.establishments)
        bar.progress(0.95, text="Calculating the indicators")
        calculate_indicators(report)
    finally:
        bar.empty()
    vault.keep(report, inputs)


def calculate_indicators(report: Report) -> None:
    """Calculate the indicators now, so that the pages that show them open at once.

    If that fails, the return is kept without them. The pages that need them try again and say what is wrong.
    """
    try:
        _ = Figures(report).indicators
    except Exception as error:  # noqa: BLE001 - what was checked is worth more than what could not be calculated
        if not isinstance(error, UserError):
            ui.log_unexpected(error, "indicators")


def check_again(entry: Entry, **changes: Any) -> None:
    """Check the session's return again with other inputs (fields of Inputs)."""
    inputs = replace(entry.inputs, **changes)
    check(inputs, inputs.source.data())


def change_settings(entry: Entry, **changes: Any) -> None:
    """Change the settings of the session's report; if that fails, check the return again with them."""
    settings = entry.inputs.settings.model_copy(update=changes)
    try:
        rerun.change(entry.report, settings)
    except RuntimeError:
        check_again(entry, settings=settings)
    else:
        entry.inputs = replace(entry.inputs, settings=settings)
