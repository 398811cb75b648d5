"""The list of people that a reader came from, kept in the session so that Next and Previous go through it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import streamlit as st

KEY = "ui_people_in_turn"


class ListPosition(NamedTuple):
    """A person's place in a list.

    place: from 1. before, after: the previous and next person, or None at an end. page: the page of the list.
    """

    words: str
    place: int
    n_people: int
    before: int | None
    after: int | None
    page: str


def remember(words: str, people: Sequence[int], page: str) -> None:
    """Remember a list before one of its people is opened. words: what they have in common, 'with R02'."""
    # Each person once, in list order.
    st.session_state[KEY] = (words, tuple(dict.fromkeys(people)), page)


def forget() -> None:
    """Go through the whole return again."""
    st.session_state.pop(KEY, None)


def place_of(person: int, n_all: int) -> ListPosition:
    """A person's place in the list that the reader came from, or otherwise in the return."""
    words, people, page = st.session_state.get(KEY, ("", (), ""))
    if person not in people:
        before, after = (person - 1 if person > 1 else None), (person + 1 if person < n_all else None)
        return ListPosition("in the return", person, n_all, before, after, "")
    place = people.index(person)
    before = people[place - 1] if place else None
    after = people[place + 1] if place + 1 < len(people) else None
    return ListPosition(words, place + 1, len(people), before, after, page)
