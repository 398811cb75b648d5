"""An indicator by pupil group: rows that open, the chosen kind of rate, and the people behind each number."""

from __future__ import annotations

from sen2dash import ui
from sen2dash.analysis import pupil_groups
from sen2dash.ui import filters
from sen2dash.ui import pupil_groups as pupil_groups_ui

ui.guard()
report = ui.report_or_stop(
    "Pupil groups", "Upload a return to see how requests, refusals and plans differ between groups of children."
)
selection = filters.sidebar(report)
about = f"How an indicator differs between groups of children. {selection.size_text}."
ui.header("Pupil groups", about if selection.is_sharing else f"{about} Choose a number to see the people.")
filters.stop_if_nobody(selection)
indicator, rate, by = pupil_groups_ui.choose()
if not pupil_groups_ui.say_why_not(report, selection, indicator):
    pupil_groups_ui.show(report, selection, pupil_groups.table(report, indicator, rate, by, selection))
    pupil_groups_ui.residents_chart(report, selection, indicator)
