"""The rows of an indicator by pupil group: groups that open, numbers that can be clicked, bars, published shares.

A row is a line of Streamlit buttons, so that the keyboard reaches what opens, beside one piece of HTML with the rest.
"""

from __future__ import annotations

import html
from collections.abc import Sequence

import streamlit as st

from sen2dash import ui
from sen2dash.analysis import pupil_groups_beside as beside
from sen2dash.analysis.pupil_groups import RATES, SHARES, GroupRow, GroupTable
from sen2dash.analysis.pupil_groups_beside import RateColumn
from sen2dash.checks.report import Report
from sen2dash.indicators.figures import Selection, count_text, rate_text
from sen2dash.ui import people_dialog

#: The groups that are open, as a list of keys, and the characteristics that they belong to.
OPEN, OPEN_BY = "pupil_groups_open", "pupil_groups_open_by"
#: The owner of the requests for a dialog, and what separates the two keys of a row in them.
OWNER, KEY_SEPARATOR = "pupil_groups", "|"
#: Widths of the label, the number and the rest of a row.
WIDTHS = (36, 8, 70)
STYLE = """
<style>
.st-key-pupil_groups_rows { gap: 0; }
.st-key-pupil_groups_rows [data-testid=stHorizontalBlock] { gap: 8px; min-height: 26px; align-items: center;
  border-bottom: 1px solid #d8dadb; }
.st-key-pupil_groups_rows [data-testid=stVerticalBlock] { gap: 0; }
.st-key-pupil_groups_rows button { min-height: 24px; height: auto; min-width: 26px; padding: 0 2px; text-align: left; }
.st-key-pupil_groups_rows button p, .st-key-pupil_groups_rows [data-testid=stMarkdownContainer] p { font-size: 14px;
  line-height: 1.25; text-align: left; white-space: normal; }
.st-key-pupil_groups_rows [class*=st-key-pupil_groups_people] { margin-top: -6px; }
.st-key-pupil_groups_rows button .stMarkdownColoredText { position: absolute; width: 1px; height: 1px;
  overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.sen2-group { display: grid; font-size: 14px; line-height: 1.25; color: #0b0c0c; align-items: center; column-gap: 8px; }
.sen2-group > * { font-variant-numeric: tabular-nums; }
.sen2-group .n { text-align: right; }
.sen2-group .head { font-size: 13px; color: #505a5f; }
.sen2-group .whole { font-weight: 700; }
.sen2-group .track { position: relative; height: 18px; background: #f3f2f1; }
.sen2-group .bar { position: absolute; inset: 3px auto 3px 0; background: #12436D; }
.sen2-group .part .bar { background: #6f8fb0; }
.sen2-group .line { position: absolute; top: 0; bottom: 0; width: 3px; background: #F46A25; }
.sen2-group .key { display: inline-block; width: 3px; height: 14px; background: #F46A25; margin-right: 5px; }
.sen2-group .l1 { background: repeating-linear-gradient(#3D3D3D 0 5px, white 5px 8px); }
.sen2-group .l2 { background: repeating-linear-gradient(#1B7F76 0 2px, white 2px 4px); width: 5px; }
.sen2-label { font-size: 14px; line-height: 1.25; color: #0b0c0c; }
.sen2-label.part { padding-left: 30px; }
.sen2-label.whole { font-weight: 700; }
.sen2-label.head { font-size: 13px; color: #505a5f; }
</style>
"""


def draw(
    report: Report, selection: Selection, found: GroupTable, columns: Sequence[RateColumn], whole_bar: float
) -> None:
    """A line for everyone and for each group; under an open group, a line for each of its parts."""
    st.html(STYLE)
    is_opened = _open_groups(found)
    with st.container(key="pupil_groups_rows"):
        label, number, rest = st.columns(WIDTHS)
        with label:
            _open_all(found)
        number.html('<div class="sen2-label head">Number</div>')
        rest.html(_head(found, columns))
        for place, row in enumerate(found.rows):
            if len(row.keys) > 1 and row.keys[0] not in is_opened:
                continue
            label, number, rest = st.columns(WIDTHS)
            with label:
                _label(found, row, is_opened)
            with number:
                _number(selection, row, place)
            rest.html(_cells(report, found, row, columns, whole_bar))


def _open_groups(found: GroupTable) -> list[str]:
    """The keys of the groups that are open. Others are open for another characteristic."""
    if st.session_state.get(OPEN_BY) != found.by:
        st.session_state[OPEN_BY], st.session_state[OPEN] = found.by, []
    return list(st.session_state[OPEN])


def _toggle(keys: Sequence[str]) -> None:
    """Open the groups that are closed or, if all of these are open, close them."""
    opened: list[str] = st.session_state[OPEN]
    closed = [key for key in keys if key not in opened]
    st.session_state[OPEN] = [*opened, *closed] if closed else [key for key in opened if key not in keys]


def _open_all(found: GroupTable) -> None:
    groups = [row.keys[0] for row in found.rows if len(row.keys) == 1]
    if len(found.by) < 2:
        st.html(f'<div class="sen2-label head">{html.escape(found.headings[0])}</div>')
        return
    is_all = all(key in st.session_state[OPEN] for key in groups)
    st.button(
        "Close all groups" if is_all else "Open all groups",
        key="pupil_groups_toggle_all",
        type="tertiary",
        icon=":material/unfold_less:" if is_all else ":material/unfold_more:",
        on_click=_toggle,
        args=(groups,),
    )


def _label(found: GroupTable, row: GroupRow, is_opened: Sequence[str]) -> None:
    """The name of a row; of a group with parts, a button that opens and closes it."""
    if len(row.keys) == 1 and len(found.by) > 1:
        is_open = row.keys[0] in is_opened
        st.button(
            f"{ui.plain(row.labels[0])} {_unseen('open' if is_open else 'closed')}",
            key=f"pupil_groups_toggle_{row.keys[0]}",
            type="tertiary",
            icon=":material/expand_more:" if is_open else ":material/chevron_right:",
            on_click=_toggle,
            args=([row.keys[0]],),
        )
        return
    kind = {0: "whole", 1: "", 2: "part"}[len(row.keys)]
    st.html(f'<div class="sen2-label {kind}">{html.escape(row.labels[-1] if row.labels else "All")}</div>')


def _number(selection: Selection, row: GroupRow, place: int) -> None:
    """The number of a row, as a button that opens its people."""
    text = count_text(row.value.numerator)
    if selection.is_sharing or (not row.value.numerator and not row.value.denominator):
        st.html(f'<div class="sen2-label{"" if row.keys else " whole"}">{text}</div>')
        return
    st.button(
        f"{text if row.keys else f'**{text}**'} {_unseen(row.label)}",
        key=f"pupil_groups_people_{place}",
        type="tertiary",
        on_click=people_dialog.ask,
        args=(OWNER, KEY_SEPARATOR.join(row.keys)),
    )


def _unseen(text: str) -> str:
    """Words of a button for screen readers alone: STYLE takes coloured text of these buttons out of sight."""
    return f":grey[, {ui.plain(text)}]"


def _grid(columns: Sequence[RateColumn], found: GroupTable) -> str:
    out_of = "" if found.rate in SHARES else "minmax(46px, 7fr) "
    return (
        f"grid-template-columns: {out_of}minmax(62px, 8fr) 25fr minmax(56px, 8fr){' minmax(70px, 11fr)' * len(columns)}"
    )


def _head(found: GroupTable, columns: Sequence[RateColumn]) -> str:
    names = [] if found.rate in SHARES else ["Out of"]
    names += [RATES[found.rate], "", "Per 10,000"]
    cells = "".join(f'<span class="head {"n" if name else ""}">{html.escape(name)}</span>' for name in names)
    # The mark in front of a heading has the colour and the pattern of its lines on the bars.
    cells += "".join(
        f'<span class="head n">{_key(place) if column.is_published else ""}{html.escape(column.heading)}</span>'
        for place, column in enumerate(columns)
    )
    return f'<div class="sen2-group" style="{_grid(columns, found)}">{cells}</div>'


def _cells(report: Report, found: GroupTable, row: GroupRow, columns: Sequence[RateColumn], whole_bar: float) -> str:
    """The rest of a row: base, rate, bar with the published shares as lines, rate of residents, published shares."""
    kind = {0: "whole", 1: "", 2: "part"}[len(row.keys)]
    cells = [] if found.rate in SHARES else [_cell(count_text(row.value.denominator), kind)]
    cells.append(_cell(row.value.rate_text, kind))
    shares = [column.by_keys.get(row.keys) for column in columns]
    lines = [share for share, column in zip(shares, columns, strict=True) if column.is_published]
    cells.append(_bar(row.value.drawn, lines, whole_bar, kind) if beside.is_drawn(found, row) else "<span></span>")
    cells.append(_cell(beside.per_10_000_text(report, row), kind))
    cells += [_cell("" if share is None else rate_text(share), kind) for share in shares]
    return f'<div class="sen2-group" style="{_grid(columns, found)}">{"".join(cells)}</div>'


def _key(place: int) -> str:
    return f'<span class="key l{place}"></span>'


def _cell(text: str, kind: str) -> str:
    return f'<span class="n {kind}">{html.escape(text)}</span>'


def _bar(share: float | None, published: Sequence[float | None], whole_bar: float, kind: str) -> str:
    """A bar, and a line for each published share."""
    lines = "".join(
        f'<span class="line l{place}" style="left: calc({100 * min(each / whole_bar, 1):.1f}% - 2px)"></span>'
        for place, each in enumerate(published)
        if each is not None
    )
    width = 100 * min((share or 0) / whole_bar, 1)
    bar = f'<span class="bar" style="width: {width:.1f}%"></span>'
    return f'<span class="{kind}"><span class="track" style="display: block">{bar}{lines}</span></span>'
