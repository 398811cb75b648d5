"""The examples of a rule on the rulebook page: a record that it finds next to one that it does not."""

from __future__ import annotations

import pyarrow as pa
import streamlit as st

from sen2dash import ui
from sen2dash.checks import examples
from sen2dash.checks.examples import Example, ExampleTable
from sen2dash.checks.rulebook import example_title
from sen2dash.model import Rule


def rule_examples(rule: Rule) -> None:
    """Show what the rule finds and what it does not. Draws nothing if the rule has no example."""
    found = examples.of_rule(rule.id)
    shown = [("It finds", found.failing), ("It does not find", found.passing)]
    if not any(example for _, example in shown):
        return
    st.subheader("Examples", anchor=False)
    for column, (words, example) in zip(st.columns(2, gap="large"), shown, strict=True):
        if example is not None:
            with column:
                _example(words, example)


def _example(words: str, example: Example) -> None:
    st.markdown(f"**{words}:** {ui.plain(example_title(example))}")
    for table in example.tables:
        st.caption(ui.plain(table.title))
        if table.columns:
            st.table(_cells(table), hide_index=True, border="horizontal")


def _cells(table: ExampleTable) -> pa.Table:
    """The table with its columns by label; two columns with the same label stay separate."""
    columns = [pa.array([row[at] or "blank" for row in table.rows], pa.string()) for at in range(len(table.columns))]
    return pa.Table.from_arrays(columns, list(table.columns))
