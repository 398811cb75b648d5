"""Cards of linked files in two columns, and the list of people behind a bar of one of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import streamlit as st

from sen2dash import ui
from sen2dash.analysis.linked_cards import Card
from sen2dash.analysis.panels import People
from sen2dash.checks.report import Report
from sen2dash.indicators.figures import Selection
from sen2dash.ui import chart_card, people_dialog, picture

#: A card, or a function that draws something else.
Part = Card | Callable[[], None]


class Cards:
    """Draws the cards of one run of the page. asked: the list that was asked for, and the prefix of its keys."""

    def __init__(self, report: Report, selection: Selection) -> None:
        self.report, self.selection = report, selection
        self.asked: tuple[str, People] | None = None

    def columns(self, left: Sequence[Part], right: Sequence[Part]) -> None:
        """Draw cards, and other parts of the page, in two columns."""
        for column, parts in zip(st.columns(2, gap="small"), (left, right), strict=True):
            with column:
                for part in parts:
                    if isinstance(part, Card):
                        self._draw(part)
                    else:
                        part()

    def show_people(self) -> None:
        """Open the list that was asked for. Call this last."""
        if self.asked is not None:
            key, found = self.asked
            people_dialog.show(self.report, self.selection, found, key)

    def _draw(self, card: Card) -> None:
        if card.is_only_if_any and not card.draw(next(iter(card.choices)), "").chart.rows:
            return
        with st.container(border=True, gap="small", key=f"linked_{card.key}_{picture.FIGURE}"):
            top = st.container()
            row = st.container(horizontal=True, vertical_alignment="center", gap="small")
            with row:
                choice = chart_card.choose_what(card.choices, f"linked_{card.key}")
            key = f"linked_{card.key}_{list(card.choices).index(choice)}"
            drawn = card.draw(choice, chart_card.marked(key))
            with top:
                chart_card.head(self.report, self.selection, drawn, key, card.sources)
            part = chart_card.show(self.report, self.selection, drawn, key, row)
            for note in drawn.notes:
                st.caption(ui.plain(note))
        if part is not None:
            self.asked = f"{key}_{part}", card.find(choice, part)


def alternating(cards: Sequence[Card]) -> tuple[Sequence[Card], Sequence[Card]]:
    """The cards of the left and of the right column."""
    return cards[::2], cards[1::2]
