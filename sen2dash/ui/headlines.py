"""The table of all indicators, the card of one of them, and all of them on one sheet of paper."""

from __future__ import annotations

import html
from collections.abc import Sequence
from functools import partial
from typing import Any

import pyarrow as pa
import streamlit as st

from sen2dash import ui
from sen2dash.analysis import earlier_years, headlines
from sen2dash.analysis.headlines import IndicatorCard
from sen2dash.checks import catalogue
from sen2dash.checks.report import Report
from sen2dash.indicators.figures import Selection
from sen2dash.indicators.run import is_not_given
from sen2dash.indicators.suppression import note
from sen2dash.model import INDICATOR_GROUPS
from sen2dash.output import export
from sen2dash.output.numbers import with_numbers
from sen2dash.reference import published
from sen2dash.ui import pieces
from sen2dash.ui.rows import clicked_row, height
from sen2dash.ui.twenty_weeks import choose_reading
from sen2dash.web.access import Right
from sen2dash.web.session_data import LoadedReturn

#: The name, in the session state and in the address, of the indicator that is open.
INDICATOR = "headlines_indicator"
ALL, SHEET = "Table", "One sheet to print"
WEEKS_INDICATORS = ("plans_within_20_weeks", "plans_within_20_weeks_all")
#: The table of all indicators, its last column, and how many of its rows are in sight.
TABLE, TREND, ROWS_SEEN = "headlines_table", "Trend", 14
#: The indicator whose row was clicked, until the page is drawn again.
CHOSEN = "headlines_chosen"
STYLE = """
<style>
.sen2-beside { width: 100%; border-collapse: collapse; font-size: 0.8125rem; line-height: 1.3; color: #0b0c0c; }
.sen2-beside th, .sen2-beside td { padding: 2px 6px 2px 0; border-bottom: 1px solid #d8dadb; text-align: left;
  font-weight: 400; vertical-align: top; }
.sen2-beside thead th { color: #505a5f; }
.sen2-beside td { font-variant-numeric: tabular-nums; }
.sen2-definition { font-size: 0.875rem !important; line-height: 1.35; margin: 0 0 6px; color: #0b0c0c; }
.sen2-none { font-size: 0.875rem; color: #505a5f; margin: 0; }
.sen2-summary table { width: 100%; border-collapse: collapse; font-size: 0.9rem; line-height: 1.25; color: #0b0c0c; }
.sen2-summary th, .sen2-summary td { padding: 2px 8px; border-bottom: 1px solid #b1b4b6; text-align: right; }
.sen2-summary th:first-child, .sen2-summary td:first-child { text-align: left; }
.sen2-summary th[scope=rowgroup] { background: #f3f2f1; font-weight: 700; text-align: left; }
.sen2-summary td:nth-child(2) { font-weight: 700; }
.sen2-summary small { color: #505a5f; }
@media print {
  @page { size: A4; margin: 10mm; }
  .sen2-summary table { font-size: 8.4pt; line-height: 1.15; }
  .sen2-summary th, .sen2-summary td { padding: 1px 5px; }
  .stMain h1 { font-size: 15pt !important; padding: 0 !important; }
  [class*="st-key-headlines_controls"], .stAlert, .stCaption { display: none !important; }
}
</style>
"""


def style() -> None:
    """The style of cards and the summary, on screen and on paper."""
    st.html(STYLE)


def choose_indicator() -> str | None:
    """The indicator to show: chosen here, in the table or by the address; None for all of them."""
    indicators = {indicator.id: indicator for indicator in catalogue.indicators()}
    if CHOSEN in st.session_state:
        _open(st.session_state.pop(CHOSEN))
    return st.selectbox(
        "Figure",
        list(indicators),
        index=None,
        format_func=lambda name: indicators[name].title,
        key=INDICATOR,
        placeholder="All figures",
        width=400,
        label_visibility="collapsed",
        bind="query-params",
    )


def choose_view() -> str:
    """Let the reader choose between the table and the sheet."""
    return st.segmented_control(
        "Show",
        [ALL, SHEET],
        default=ALL,
        key="headlines_view",
        required=True,
        persist_state="session",
        label_visibility="collapsed",
    )


def _open(name: str | None) -> None:
    st.session_state[INDICATOR] = name


def open_indicator(name: str) -> None:
    """Go to one indicator from another page."""
    _open(name)
    st.switch_page(ui.page("headlines"))


def back_button() -> None:
    """Go back from one indicator to all."""
    st.button("Back to all figures", key="headlines_back", on_click=_open, args=(None,), icon=":material/arrow_back:")


def show_table(entry: LoadedReturn, selection: Selection) -> None:
    """Every indicator as a row, by topic, with its comparators and its published years. A row opens its own page."""
    rows = headlines.table(entry.report, selection)
    _say_broken([row.card for row in rows if row.card.reason is not None])
    areas = published.areas(entry.report.collection.lea)
    earlier = earlier_labels(entry.report)
    texts: dict[str, list[Any]] = {
        "Topic": [row.topic for row in rows],
        "Indicator": [row.card.indicator.title for row in rows],
        "This return": [row.card.with_counts for row in rows],
        **{label: [row.card.texts_before().get(label, "") for row in rows] for label in earlier.values()},
        **{area.name: [row.card.texts().get(area.name, "") for row in rows] for area in areas[:2]},
        "Neighbours": [row.neighbours for row in rows],
        "Published for": [row.card.first_period for row in rows],
    }
    years = pa.array([row.years for row in rows], pa.list_(pa.float64()))
    event = st.dataframe(
        pa.table({**texts, TREND: years}),
        hide_index=True,
        key=TABLE,
        on_select="rerun",
        selection_mode="single-row",
        height=height(len(rows), ROWS_SEEN),
        lazy=False,
        column_config={
            "Topic": st.column_config.TextColumn(width=100 if not earlier else 88),
            "Indicator": st.column_config.TextColumn(width=290 - 50 * len(earlier)),
            "This return": st.column_config.TextColumn(width=130),
            **{label: st.column_config.TextColumn(str(year), width=55, help=label) for year, label in earlier.items()},
            "England": st.column_config.TextColumn(width=70),
            **{area.name: st.column_config.TextColumn(width=126) for area in areas[1:2]},
            "Neighbours": st.column_config.TextColumn(width=126, help="The median of the statistical neighbours."),
            "Published for": st.column_config.TextColumn(width=92),
            TREND: st.column_config.LineChartColumn(width=70, help="The authority's own published figures."),
        },
        alt="Every indicator with the published figures. Click a row for its definition, trend, groups and people.",
    )
    row = clicked_row(event)
    if row is not None and row < len(rows):
        st.session_state[CHOSEN] = rows[row].card.indicator.id
        st.rerun()
    choose_reading(entry, selection, WEEKS_INDICATORS, "headlines")


def earlier_labels(report: Report) -> dict[int, str]:
    """The earlier returns whose figures are shown by their years, the newest first."""
    return {year: earlier_years.label(year) for year in reversed(earlier_years.years(report))}


def _say_broken(cards: Sequence[IndicatorCard]) -> None:
    """Name the indicators that could not be calculated, and why."""
    absent = [card for card in cards if is_not_given(card.reason or "")]
    if absent:
        reasons = " ".join(dict.fromkeys(ui.plain(card.reason or "") for card in absent))
        st.info(f"**{ui.counted(len(absent), 'figure')} not calculated.** {reasons}", icon=":material/info:")
    cards = [card for card in cards if card not in absent]
    if not cards:
        return
    names = "\n".join(f"- **{ui.plain(card.indicator.title)}**: {ui.plain(card.reason or '')}" for card in cards)
    st.error(
        f"**{ui.counted(len(cards), 'figure')} could not be calculated.** This is a fault of the program, not of your "
        f"return:\n\n{names}",
        icon=":material/error:",
    )


def show_value(card: IndicatorCard) -> None:
    """The value and what it is based on."""
    st.metric(card.indicator.title, card.headline, label_visibility="collapsed")
    st.markdown(ui.plain(card.basis))


def comparison_table(card: IndicatorCard) -> str:
    """Earlier returns, England, the region and the authority in small rows, with our difference from each.

    Each published row names its period if they are not all the same, or if there are earlier returns above it.
    """
    if not (card.comparisons or card.earlier):
        return '<p class="sen2-none">No published figure to compare with.</p>' if card.reason is None else ""
    is_one_period = bool(card.period) and not card.earlier
    names = [each.area for each in card.earlier]
    names += [each.area if is_one_period else f"{each.area}, {each.period}" for each in card.comparisons]
    rows = "".join(
        f'<tr><th scope="row">{html.escape(name)}</th><td>{html.escape(each.text)}</td>'
        f"<td>{html.escape(each.difference)}</td></tr>"
        for name, each in zip(names, (*card.earlier, *card.comparisons), strict=True)
    )
    first = "Compared with" if card.earlier else "Published"
    heads = (first, card.period if is_one_period else "Figure", "This return is")
    head = "".join(f'<th scope="col">{html.escape(text)}</th>' for text in heads)
    ended = f'<p class="sen2-none">{html.escape(card.ended)}</p>' if card.ended else ""
    return f'<table class="sen2-beside"><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>{ended}'


def show_sheet(entry: LoadedReturn, selection: Selection) -> None:
    """Every figure on one sheet, to print or download as a CSV."""
    report = entry.report
    groups = headlines.cards(report, selection)
    areas = published.areas(report.collection.lea)
    earlier = tuple(earlier_labels(report).values())
    columns = ("Figure", "This return", "Of", *earlier, *(area.name for area in areas), "Published for")
    rows = [
        (INDICATOR_GROUPS[group], _sheet_row(card, areas, earlier)) for group, found in groups.items() for card in found
    ]
    headings, numbered = with_numbers(columns, [row for _, row in rows])
    with st.container(key="headlines_controls_file", horizontal=True, vertical_alignment="center"):
        pieces.download(
            "All figures (CSV)",
            partial(
                export.figures_csv,
                ("Group", *headings, "Filters"),
                [(group, *row, selection.file_text) for (group, _), row in zip(rows, numbered, strict=True)],
            ),
            export.file_name(report.collection, "headline figures", "csv"),
            "text/csv",
            "headlines_csv",
            is_rounded=selection.is_sharing,
            right=Right.VIEW,
        )
        st.caption("To print it on one sheet, use Print in your browser (Ctrl+P).")
    about = [ui.authority(report), report.collection.label, f"{selection.size_text}: {selection.text}"]
    settings = entry.inputs.settings
    challenged = "with" if settings.include_challenged else "without"
    about.append(f"20 weeks: {settings.twenty_weeks_days} days, {challenged} mediation and tribunal cases")
    if selection.is_sharing:
        about.append(note(selection.threshold).rstrip("."))
    body, seen = [], ""
    for group, row in rows:
        if group != seen:
            body.append(f'<tr><th scope="rowgroup" colspan="{len(row)}">{html.escape(group)}</th></tr>')
            seen = group
        body.append("<tr>" + "".join(f"<td>{html.escape(cell)}</td>" for cell in row) + "</tr>")
    head = "".join(f'<th scope="col">{html.escape(name)}</th>' for name in columns)
    st.html(
        f'<div class="sen2-summary"><p><small>{html.escape(". ".join(about))}. The other columns are '
        "as last published, for the period in the last column unless a figure names its own.</small></p>"
        f"<table><thead><tr>{head}</tr></thead>"
        f"<tbody>{''.join(body)}</tbody></table></div>"
    )


def _sheet_row(card: IndicatorCard, areas: Sequence[published.Area], earlier: Sequence[str]) -> tuple[str, ...]:
    """Title, figure, what it is based on, earlier returns, the published figures, and the period of the first."""
    texts, before = card.texts(), card.texts_before()
    beside = (*(before.get(label, "") for label in earlier), *(texts.get(area.name, "") for area in areas))
    return (card.indicator.title, card.headline, card.basis, *beside, card.first_period)
