"""The cards of the indicators, the page of one of them, and the summary that fits one sheet of paper."""

from __future__ import annotations

import html
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import pyarrow as pa
import streamlit as st

from sen2dash import ui
from sen2dash.analysis import headlines
from sen2dash.analysis.headlines import PARTS, Card
from sen2dash.checks import catalogue
from sen2dash.checks.report import Report
from sen2dash.indicators.figures import Selection
from sen2dash.indicators.run import MemberPart
from sen2dash.indicators.suppression import note
from sen2dash.model import INDICATOR_GROUPS, Indicator
from sen2dash.output import export
from sen2dash.output.numbers import with_numbers
from sen2dash.reference import published
from sen2dash.ui import pieces
from sen2dash.ui.figures import people_list
from sen2dash.ui.twenty_weeks import choose_reading
from sen2dash.web.vault import Entry

#: The name, in the session state and in the address, of the indicator that is open.
INDICATOR = "headlines_measure"
CARDS, SUMMARY = "Cards", "One-page summary"
CARDS_A_ROW = 3
WEEKS_INDICATORS = ("plans_within_20_weeks", "plans_within_20_weeks_all")
EXTRA = {
    "Counted": "counted",
    "Age": "age",
    "Received": "received_date",
    "Request outcome": "request_outcome",
    "Outcome date": "request_outcome_date",
    "Assessment outcome": "assessment_outcome",
    "Assessment date": "assessment_outcome_date",
    "Plan start": "start_date",
    "Plan ceased": "cease_date",
    "Line": "line",
}
STYLE = """
<style>
.sen2-beside { width: 100%; border-collapse: collapse; font-size: 0.8125rem; line-height: 1.3; color: #0b0c0c; }
.sen2-beside th, .sen2-beside td { padding: 2px 6px 2px 0; border-bottom: 1px solid #d8dadb; text-align: left;
  font-weight: 400; vertical-align: top; }
.sen2-beside thead th { color: #505a5f; }
.sen2-beside td { font-variant-numeric: tabular-nums; }
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
    """The indicator to show: chosen here, from a card or from the address; None for all of them."""
    indicators = {indicator.id: indicator for indicator in catalogue.indicators()}
    return st.selectbox(
        "Figure",
        list(indicators),
        index=None,
        format_func=lambda name: indicators[name].title,
        key=INDICATOR,
        placeholder="All figures",
        bind="query-params",
    )


def choose_view() -> str:
    """Let the reader choose between cards and the summary."""
    return st.segmented_control(
        "Show", [CARDS, SUMMARY], default=CARDS, key="headlines_view", required=True, persist_state="session"
    )


def _open(name: str | None) -> None:
    st.session_state[INDICATOR] = name


def open_indicator(name: str) -> None:
    """Go to one indicator from another page."""
    _open(name)
    st.switch_page(ui.page("headlines"))


def show_cards(entry: Entry, selection: Selection) -> None:
    """Every indicator as a card, under the heading of its group, with the settings of the 20-week figures."""
    for group, found in headlines.cards(entry.report, selection).items():
        st.header(INDICATOR_GROUPS[group], anchor=False)
        if group == "timeliness":
            choose_reading(entry, selection, WEEKS_INDICATORS, "headlines")
        for start in range(0, len(found), CARDS_A_ROW):
            for column, card in zip(st.columns(CARDS_A_ROW), found[start : start + CARDS_A_ROW], strict=False):
                with column:
                    show_card(card, "headlines")


def show_card(card: Card, prefix: str, go: Callable[[str], None] | None = None) -> None:
    """One indicator: its title, its value, what that is based on, and what was published.

    go: what its button does, except on the page of headline figures.
    """
    name = card.indicator.id
    with st.container(border=True, height="stretch"):
        st.markdown(f"**{ui.plain(card.indicator.title)}**")
        _value(card)
        st.html(_comparison_table(card), width="stretch")
        # Aligns the buttons of a row of cards.
        st.space("stretch")
        label = "Definition and people"
        key = f"{prefix}_open_{name}"
        style: dict[str, Any] = {"type": "tertiary", "icon": ":material/arrow_forward:"}
        if go is None:
            st.button(label, key=key, on_click=_open, args=(name,), **style)
        elif st.button(label, key=key, **style):
            go(name)


def _value(card: Card) -> None:
    st.metric(card.indicator.title, card.headline, label_visibility="collapsed")
    st.markdown(ui.plain(card.basis))


def _comparison_table(card: Card) -> str:
    """England, the region and the authority in three small rows, with the period and our difference from each.

    Each row names its period if they are not all the same.
    """
    if not card.comparisons:
        return '<p class="sen2-none">No published figure to compare with.</p>' if card.reason is None else ""
    names = [each.area if card.period else f"{each.area}, {each.period}" for each in card.comparisons]
    rows = "".join(
        f'<tr><th scope="row">{html.escape(name)}</th><td>{html.escape(each.text)}</td>'
        f"<td>{html.escape(each.difference)}</td></tr>"
        for name, each in zip(names, card.comparisons, strict=True)
    )
    heads = ("Published", card.period or "Figure", "This return is")
    head = "".join(f'<th scope="col">{html.escape(text)}</th>' for text in heads)
    ended = f'<p class="sen2-none">{html.escape(card.ended)}</p>' if card.ended else ""
    return f'<table class="sen2-beside"><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>{ended}'


def show_indicator(entry: Entry, selection: Selection, name: str) -> None:
    """One indicator: its value, what it means, what was published, and the people behind it."""
    st.button("Back to all figures", key="headlines_back", on_click=_open, args=(None,), icon=":material/arrow_back:")
    report = entry.report
    card = headlines.card(report, selection, name)
    indicator = card.indicator
    st.header(indicator.title, anchor=False)
    left, right = st.columns([2, 3], gap="large")
    with left:
        _value(card)
        st.html(_comparison_table(card))
    with right:
        st.markdown(ui.plain(indicator.definition))
        what = "Counted" if indicator.is_count else "A share of"
        st.markdown(f"**{what}:** {ui.plain(indicator.base)}.  \n**Age taken at:** {ui.plain(indicator.age_label)}.")
        if indicator.note:
            st.markdown(f"**Note:** {ui.plain(indicator.note)}")
    if card.reason is not None:
        return
    if name in WEEKS_INDICATORS:
        choose_reading(entry, selection, [name], "headlines")
    _published(report, selection, indicator)
    part: MemberPart = "denominator"
    if not indicator.is_count and not selection.is_sharing:
        part = st.segmented_control(
            "People to list",
            list(PARTS),
            default="numerator",
            format_func=lambda key: PARTS[key],
            key=f"headlines_part_{name}",
            required=True,
        )
    title = f"{indicator.title}: {PARTS[part].lower()}" if not indicator.is_count else indicator.title
    rows = headlines.members(report, selection, name, part)
    people_list(report, rows, f"headlines_{name}_{part}", f"{name} {part}", selection, title, EXTRA)


def _published(report: Report, selection: Selection, indicator: Indicator) -> None:
    headings, rows = headlines.published_rows(report, indicator)
    st.subheader("Published", anchor=False)
    if not rows:
        st.caption("Nothing was published to compare this figure with.")
        return
    columns = zip(*rows, strict=True)
    st.table(
        pa.table(
            {heading: [ui.plain(cell) for cell in cells] for heading, cells in zip(headings, columns, strict=True)}
        ),
        hide_index=True,
        border="horizontal",
        width="content",
    )
    own = headlines.own_rate(report, indicator, selection)
    if own is not None:
        st.caption(f"This return, everyone, per 10,000 residents aged 0 to 17: {own:,.1f}.")
    with st.expander("What to know before comparing"):
        st.markdown("\n".join(f"- {ui.plain(note)}" for note in headlines.notes(report, indicator)))


def show_summary(entry: Entry, selection: Selection) -> None:
    """Every figure on one sheet, to print or download as a CSV."""
    report = entry.report
    groups = headlines.cards(report, selection)
    areas = published.areas(report.collection.lea)
    columns = ("Figure", "This return", "Of", *(area.name for area in areas), "Published for")
    rows = [(INDICATOR_GROUPS[group], _summary_row(card, areas)) for group, found in groups.items() for card in found]
    headings, numbered = with_numbers(columns, [row for _, row in rows])
    with st.container(key="headlines_controls_file", horizontal=True, vertical_alignment="center"):
        pieces.download(
            "The summary (CSV)",
            partial(
                export.figures_csv,
                ("Group", *headings, "Filters"),
                [(group, *row, selection.file_text) for (group, _), row in zip(rows, numbered, strict=True)],
            ),
            export.file_name(report.collection, "headline figures", "csv"),
            "text/csv",
            "headlines_csv",
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


def _summary_row(card: Card, areas: Sequence[published.Area]) -> tuple[str, ...]:
    """Title, figure, what it is based on, the published figure of each area, and the period of the first."""
    texts = card.texts()
    beside = (texts.get(area.name, "") for area in areas)
    return (card.indicator.title, card.headline, card.basis, *beside, card.first_period)
