"""The filters in the sidebar that every page of figures shares: who is counted, and whether it is for sharing.

The choices are in the address as names of categories, so that a link shows the same people. The address never contains
anything about a person. Nobody is left out unless the reader excludes them: "not recorded" is a category.
"""

from __future__ import annotations

import streamlit as st

from sen2dash import reference, ui
from sen2dash.checks.report import Report
from sen2dash.indicators import figures, filters
from sen2dash.indicators.figures import Selection
from sen2dash.indicators.suppression import LIMIT_NOTE, note
from sen2dash.reference import NOT_RECORDED, Category, Characteristic

#: The characteristics under each heading of the sidebar.
GROUPS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("Need and age", ("need", "need2", "age_group", "age", "year", "phase")),
    ("Sex and ethnicity", ("sex", "ethnic_group", "ethnicity")),
    ("Placement", ("place_group", "place", "unit", "resourced", "residential", "location")),
    ("Request and plan", ("group", "stage", "source", "budget")),
)
#: Prefix of the filter names in an address, so that they cannot clash with another parameter of the page.
ADDRESS_PREFIX = "f_"
WITHOUT = f"{ADDRESS_PREFIX}without"
SHARING = "ui_sharing"


def key_of(name: str) -> str:
    """The key of a filter, which is also its name in the address."""
    return f"{ADDRESS_PREFIX}{name}"


def sidebar(report: Report) -> Selection:
    """Draw the filters and return the selection. Every page of figures calls this once, before it shows a number."""
    known = {each.key: (each, categories) for each, categories in filters.filters(report.collection.year)}
    with st.sidebar:
        head = st.container()
        chosen = {}
        for heading, names in GROUPS:
            with st.expander(heading):
                for name in names:
                    chosen[name] = _choice(report, *known[name])
        with st.expander("Not recorded"):
            without = st.multiselect(
                "Exclude people with no value for",
                [name for name, (each, _) in known.items() if _can_be_missing(each)],
                format_func=lambda name: known[name][0].label,
                key=WITHOUT,
                help="People with no value are included unless you exclude them here.",
                bind="query-params",
                persist_state="session",
            )
        with head:
            is_sharing = st.toggle(
                "For sharing: round counts",
                key=SHARING,
                help="Counts are rounded and small ones hidden, here and in the files of these pages. Lists of people "
                "are left out.",
                persist_state="session",
            )
            selection = figures.select(report, figures.choose(chosen, without), is_sharing)
            _say(selection)
    return selection


def _choice(report: Report, each: Characteristic, categories: tuple[Category, ...]) -> list[str]:
    """One filter. If nothing is chosen in it, everyone is included."""
    if each.key == "location" and not report.store.has_establishments:
        # The label of a disabled field is too pale to read.
        st.caption(f"{each.label}: add the register on the page Your return to use this filter.")
        return []
    labels = {category.key: category.label for category in categories}
    return st.multiselect(
        each.label,
        list(labels),
        format_func=lambda key: labels[key],
        key=key_of(each.key),
        help=each.definition,
        placeholder="Everyone",
        bind="query-params",
        persist_state="session",
    )


def _can_be_missing(each: Characteristic) -> bool:
    """Whether 'not recorded' is a category of this characteristic in this return."""
    return any(c.key == NOT_RECORDED and c.label == "Not recorded" for c in each.categories)


def _say(selection: Selection) -> None:
    """Say who is shown, with a button to go back to everyone."""
    if selection.is_sharing:
        st.caption(f"{note(selection.threshold)} {LIMIT_NOTE}")
    st.markdown(f"**Showing {selection.size_text}**")
    if selection.words:
        st.markdown("\n".join(f"- {ui.plain(line)}" for line in selection.words))
        st.button("Show everyone", key="filters_reset", on_click=_reset, icon=":material/close:")
    else:
        st.caption("Everyone in the return. Choose below to narrow it down.")


def _reset() -> None:
    for name in reference.characteristics():
        st.session_state[key_of(name)] = []
    st.session_state[WITHOUT] = []


def stop_if_nobody(selection: Selection) -> None:
    """If the filters leave nobody, say so instead of showing empty figures, and stop."""
    if selection.n:
        return
    if selection.n_all:
        st.info("**Nobody in this return matches the filters.** Remove one to see figures.", icon=":material/info:")
        st.button("Show everyone", key="filters_reset_main", on_click=_reset)
    else:
        st.info("**This return holds no people**, so there are no figures.", icon=":material/info:")
    st.stop()
