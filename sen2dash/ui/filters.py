"""The filters in the sidebar that every page of figures shares: who is counted, and whether it is for sharing.

The choices are in the address as names of categories, so that a link shows the same people. The address never contains
anything about a person. Nobody is left out unless the reader excludes them: "not recorded" is a category.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import NamedTuple

import streamlit as st

from sen2dash import reference, ui
from sen2dash.checks.report import Report
from sen2dash.indicators import figures, filters
from sen2dash.indicators.figures import Selection
from sen2dash.indicators.suppression import LIMIT_NOTE, Hidden, note
from sen2dash.reference import NOT_RECORDED, Category, Characteristic
from sen2dash.web import access

#: The characteristics under each heading of the sidebar.
GROUPS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("SEN2 group", ("group", "stage")),
    ("School type", ("school_type", "place_group", "place")),
    ("Need and age", ("need", "need2", "phase", "year", "age_group", "age")),
    ("Sex and ethnicity", ("sex", "ethnic_group", "ethnicity")),
    ("Provision and support", ("location", "unit", "resourced", "residential", "budget", "source")),
)
#: The further group of a return that a school census was added to.
CENSUS_GROUP = ("School census", tuple(reference.census_characteristics()))
#: Prefix of the filter names in an address, so that they cannot clash with another parameter of the page.
ADDRESS_PREFIX = "f_"
WITHOUT = f"{ADDRESS_PREFIX}without"
SHARING = "ui_sharing"
#: Categories of one characteristic that have a chip each; more of them share one.
MAX_CHIPS = 4
#: Opens the sidebar if it is closed, and puts the keyboard on the first filter.
OPEN = """<button type="button" class="sen2-filters">Filters</button>
<style>.sen2-filters { font: inherit; font-size: 0.875rem; min-height: 2rem; padding: 0.1rem 0.75rem;
border: 1px solid #505a5f; border-radius: 0.5rem; background: #fff; color: #0b0c0c; cursor: pointer;
white-space: nowrap; }
@media print { .sen2-filters { display: none; } }</style>
<script>
if (!window.sen2OpensFilters) {
  window.sen2OpensFilters = true;
  window.addEventListener("click", (event) => {
    if (!event.target.closest?.(".sen2-filters")) return;
    const side = document.querySelector("[data-testid=stSidebar]");
    const isClosed = side?.getAttribute("aria-expanded") !== "true";
    if (isClosed) document.querySelector("[data-testid=stExpandSidebarButton]")?.click();
    setTimeout(() => document.querySelector("[data-testid=stSidebar] summary")?.focus(), isClosed ? 500 : 0);
  });
}
</script>"""


def key_of(name: str, prefix: str = ADDRESS_PREFIX) -> str:
    """The key of a filter, which is also its name in the address. prefix: of the pages that have it."""
    return f"{prefix}{name}"


def sidebar(report: Report) -> Selection:
    """Draw the filters and return the selection. Every page of figures calls this once, before it shows a number."""
    has_census = report.store.has_census
    known = {each.key: (each, categories) for each, categories in filters.filters(report.collection.year, has_census)}
    if not has_census:
        _forget(tuple(reference.census_characteristics()))
    with st.sidebar:
        head = st.container()
        chosen = {}
        for heading, names in (*GROUPS, *([CENSUS_GROUP] if has_census else ())):
            with st.expander(heading):
                for name in names:
                    chosen[name] = _choice(*known[name])
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
            is_sharing = choose_sharing()
            selection = figures.select(report, figures.choose(chosen, without), is_sharing)
            _say(selection)
    return selection


def choose_sharing() -> bool:
    """Whether counts are rounded: a choice of people who may see children, and always so for the others."""
    label = "For sharing: round counts"
    if access.must_protect():
        st.toggle(label, value=True, disabled=True, key=f"{SHARING}_always", help="Always on for your account.")
        return True
    return st.toggle(
        label,
        key=SHARING,
        help="Counts are rounded and small ones hidden, here and in the files of these pages. Lists of people "
        "are left out.",
        persist_state="session",
    )


def _choice(each: Characteristic, categories: tuple[Category, ...]) -> list[str]:
    """One filter. If nothing is chosen in it, everyone is included."""
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


def _forget(names: tuple[str, ...]) -> None:
    """Remove what is chosen in filters that there are no longer."""
    for name in names:
        if st.session_state.get(key_of(name)):
            st.session_state[key_of(name)] = []
    if left_out := st.session_state.get(WITHOUT):
        st.session_state[WITHOUT] = [name for name in left_out if name not in names]


def _reset() -> None:
    for name in reference.every_characteristic():
        st.session_state[key_of(name)] = []
    st.session_state[WITHOUT] = []


# -- on the page ----------------------------------------------------------------------------------------------


class Chip(NamedTuple):
    """A choice of the filters that a click removes. name: of the characteristic, or WITHOUT. keys: what it removes."""

    label: str
    name: str
    keys: tuple[str, ...]


def chips() -> Iterator[Chip]:
    """The choices of the filters, as the sidebar holds them."""
    known = reference.every_characteristic()
    for name, each in known.items():
        keys: list[str] = st.session_state.get(key_of(name)) or []
        if len(keys) > MAX_CHIPS:
            yield Chip(f"{each.label} ({len(keys)} of {len(each.categories)})", name, tuple(keys))
        else:
            yield from (Chip(f"{each.label} {each.category(key).label}", name, (key,)) for key in keys)
    for name in st.session_state.get(WITHOUT) or []:
        yield Chip(f"{known[name].label} not recorded, excluded", WITHOUT, (name,))


def stop_if_nobody(selection: Selection) -> None:
    """Under the heading of a page: each choice of the filters with a way to remove it. If nobody is left, stop there.

    Says nothing where everyone is shown.
    """
    found = list(chips())
    if found:
        with st.container(horizontal=True, vertical_alignment="center", gap="small", key="filters_chips"):
            st.markdown(f"**{selection.size_text}**", width="content")
            for chip in found:
                st.button(
                    f"Remove: {ui.plain(chip.label)}",
                    key=f"filters_chip_{chip.name}_{chip.keys[0]}",
                    on_click=partial(_remove, chip),
                    icon=":material/close:",
                )
    _stop_if_nobody(selection)


def opener() -> None:
    """A button that leads to the filters in the sidebar, and opens it in a window too narrow to keep it open."""
    st.html(OPEN, unsafe_allow_javascript=True, width="content")


def _remove(chip: Chip) -> None:
    key = WITHOUT if chip.name == WITHOUT else key_of(chip.name)
    st.session_state[key] = [each for each in st.session_state.get(key) or [] if each not in chip.keys]


def _stop_if_nobody(selection: Selection) -> None:
    """If the filters leave nobody, say so instead of showing empty figures, and stop.

    For sharing it stops for every hidden count, with the same words: else a choice of filters would tell whether
    anybody in the return matches it.
    """
    if isinstance(selection.count(selection.n), Hidden):
        too_few = "match the filters" if selection.words else "are in this return"
        st.info(f"**Too few people {too_few} to show figures for sharing.**", icon=":material/info:")
        if selection.words:
            st.button("Show everyone", key="filters_reset_main", on_click=_reset)
    elif selection.n:
        return
    elif selection.n_all:
        st.info("**Nobody in this return matches the filters.** Remove one to see figures.", icon=":material/info:")
        st.button("Show everyone", key="filters_reset_main", on_click=_reset)
    else:
        st.info("**This return holds no people**, so there are no figures.", icon=":material/info:")
    st.stop()
