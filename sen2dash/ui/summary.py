"""The manager's page: eight figures on one screen and one sheet of paper, and the groups that explain the gaps."""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence
from functools import partial

import streamlit as st

from sen2dash import RELEASE, reference, ui
from sen2dash.analysis import contributions, summary, summary_file
from sen2dash.analysis.contributions import MAX_GROUPS, OUTCOMES, Gap
from sen2dash.analysis.summary import EarlierFigures
from sen2dash.analysis.summary_line import KINDS, RETURNS, ComparatorValue, ComparedNumber, Kind, SummaryFigure
from sen2dash.charts.spark import spark
from sen2dash.checks import catalogue
from sen2dash.checks.report import Report
from sen2dash.errors import UserError
from sen2dash.indicators.figures import Selection
from sen2dash.indicators.suppression import Hidden, note, smallest_shown
from sen2dash.output import export
from sen2dash.text import flat
from sen2dash.ui import changes, pieces
from sen2dash.ui.headlines import open_indicator
from sen2dash.ui.summary_style import PRINT, STYLE
from sen2dash.web import access
from sen2dash.web.access import Right
from sen2dash.web.session_data import LoadedReturn

#: What is beside the number of this return. There is room for one earlier return; the file has both.
SHOWN: tuple[Kind, ...] = tuple(kind for kind in KINDS if kind != "older")
#: Signs of periods other than the one that most numbers of a figure are for.
SIGNS = ("*", "†", "‡", "§")
NO_COMPARISON = "No published figure to compare with."


def before(entry: LoadedReturn) -> EarlierFigures | None:
    """The earlier return to compare with, if there is one that can be read."""
    try:
        found = changes.latest(entry)
    except UserError as error:
        ui.show_user_error(error, about="The earlier return")
        return None
    if found is None:
        return None
    earlier, since = found
    return summary.before_of(since, entry.report.collection.year, earlier.time)


def actions(
    report: Report, selection: Selection, found: Sequence[SummaryFigure], earlier: EarlierFigures | None
) -> None:
    """Print the page, or download its numbers."""
    headings, rows = summary_file.as_table(found, selection, summary.labels_before(report, selection, earlier))
    with st.container(key="summary_actions", horizontal=True, width="content", vertical_alignment="center"):
        st.html(PRINT, unsafe_allow_javascript=True, width="content")
        pieces.download(
            "These numbers (CSV)",
            partial(export.figures_csv, headings, rows),
            export.file_name(report.collection, "summary", "csv"),
            "text/csv",
            "summary_csv",
            is_rounded=selection.is_sharing,
            right=Right.VIEW,
        )


def show(
    entry: LoadedReturn, selection: Selection, found: Sequence[SummaryFigure], earlier: EarlierFigures | None
) -> None:
    """The eight figures, with whose they are and what is still open."""
    labels = summary.labels_before(entry.report, selection, earlier)
    year = entry.report.collection.year
    boxes = "".join(_figure(figure, selection, labels, year) for figure in found)
    st.html(f'{STYLE}<div class="sen2-sheet">{_about(entry, selection)}<div class="sen2-figures">{boxes}</div></div>')


def _about(entry: LoadedReturn, selection: Selection) -> str:
    """Whose return it is, which version, what is open in it, and who is counted."""
    report, inputs = entry.report, entry.inputs
    taken = inputs.taken_at
    serial = report.header.get("SerialNo")
    version = f" (serial number {flat(serial)})" if serial else ""
    # The name of a file can hold the name of a child. A kept return has the name that it was kept under.
    file = "This return" if access.must_protect() else f"File {flat(inputs.name)}"
    now = inputs.settings.clock()
    bold = f"{ui.authority(report)}, {report.collection.label}"
    sentences = [
        f"{file}{version}, loaded on {ui.day(taken.date())} at {taken:%H:%M}",
        f"Made with {RELEASE} on {ui.day(now.date())}",
        *(["Made-up data: no real child is shown"] if inputs.is_made_up else []),
        f"{selection.size_text}: {selection.text}",
        *([note(selection.threshold).rstrip(".")] if selection.is_sharing else []),
    ]
    errors, words = _text(open_errors(report, selection)), _text(". ".join(sentences))
    return f"<p><strong>{_text(bold)}</strong>. <strong>{errors}</strong> {words}.</p>"


def open_errors(report: Report, selection: Selection) -> str:
    """How many errors are still open, and whether the check was complete."""
    n_errors = selection.count(report.n_findings("error"))
    if isinstance(n_errors, Hidden):
        text = f"Fewer than {smallest_shown(selection.threshold)} errors are still open."
    elif not n_errors:
        text = "No errors are open."
    else:
        text = f"{ui.counted(n_errors, 'error is', 'errors are')} still open."
    n_broken = len(report.of_status("broken"))
    broken = f" {ui.counted(n_broken, 'rule')} could not run, so there may be more." if n_broken else ""
    not_read = report.not_read()
    if not_read and selection.is_sharing:
        not_read = "Some people in the file were not read."
    unread = f" {not_read}" if not_read else ""
    return f"{text}{broken}{unread}"


def _text(text: str) -> str:
    """Text for HTML, which a right-to-left name does not turn round."""
    return f"<bdi>{html.escape(text)}</bdi>"


def _figure(figure: SummaryFigure, selection: Selection, before: Mapping[Kind, str], year: int) -> str:
    """One figure as a small table, its published years and its sentence."""
    heads = "".join(f'<th scope="col">{html.escape(line.heading)}</th>' for line in figure.lines)
    own = "".join(
        f"<td{'' if line.is_shown else ' class=sen2-words'}>{html.escape(line.text)}</td>" for line in figure.lines
    )
    marks = _marks(figure)
    rows = "".join(
        f'<tr><th scope="row">{html.escape(before.get(kind, kind.capitalize()))}</th>'
        + "".join(f"<td>{_beside(line.comparator(kind), marks)}</td>" for line in figure.lines)
        + "</tr>"
        for kind in SHOWN
        if any(line.comparator(kind) for line in figure.lines) or (kind not in RETURNS and figure.period)
    )
    return (
        f'<section class="sen2-figure"><h2>{html.escape(figure.title)}</h2>'
        f"<table><thead><tr><td></td>{heads}</tr></thead>"
        f'<tbody><tr class="sen2-own"><th scope="row">This return</th>{own}</tr>{rows}</tbody></table>'
        f'<p class="sen2-small">{_years(figure, marks, selection, year)}</p>'
        f'<p class="sen2-sentence">{html.escape(figure.sentence)}</p></section>'
    )


def _marks(figure: SummaryFigure) -> dict[str, str]:
    """A sign for each period beside this return: none for the most common one."""
    every = [each.period for line in figure.lines for each in line.beside if each.period]
    others = [period for period in dict.fromkeys(every) if period != figure.period]
    return {figure.period: "", "": "", **dict(zip(others, SIGNS, strict=False))}


def _beside(other: ComparatorValue | None, marks: Mapping[str, str]) -> str:
    """A number to compare with, with the sign of its period."""
    if other is None:
        return "<small>none</small>"
    return html.escape(f"{other.text}{marks.get(other.period, f' ({other.period})')}")


def _years(figure: SummaryFigure, marks: Mapping[str, str], selection: Selection, year: int) -> str:
    """The authority's own published years as a small line with its ends in words, and what the others are for."""
    line = next((each for each in figure.lines if each.years), None)
    periods = ", ".join(f"{sign} for {period}" for period, sign in marks.items() if sign)
    others = f" ({periods})" if periods else ""
    sentences = [f"Comparisons are for {figure.period}{others}." if figure.period else NO_COMPARISON]
    sentences += [figure.remark] if figure.remark else []
    if line is None:
        return html.escape(
            " ".join([*(["Nothing published for this authority."] if figure.period else []), *sentences])
        )
    is_now = line.is_shown and selection.cohort.is_everyone
    now = (year, float(line.number)) if is_now and isinstance(line.number, int | float) else None
    ends = f"{line.years[0].text} ({line.years[0].period[-4:]})"
    if len(line.years) > 1:
        ends += f" to {line.years[-1].text} ({line.years[-1].period[-4:]})"
    picture = spark([(each.year, each.number) for each in line.years], now)
    # The first line needs no name: it is what the figure is called after.
    whose = "Published for this authority" + ("" if line is figure.lines[0] else f", {line.heading.lower()}")
    alt_text = html.escape(_alt_text(whose, line, now is not None))
    image = f'<img src="{picture}" alt="{alt_text}">' if picture else ""
    return f"{image}<span>{html.escape(' '.join([f'{whose}: {ends}.', *sentences]))}</span>"


def _alt_text(whose: str, line: ComparedNumber, is_now: bool) -> str:
    years = ", ".join(f"{each.text} ({each.period})" for each in line.years)
    return f"{whose}: {years}" + (f"; this return: {line.text}" if is_now else "")


# -- below the figures ------------------------------------------------------------------------------------


def show_groups(entry: LoadedReturn, selection: Selection) -> None:
    """The three groups of one characteristic that explain most of each gap."""
    known = reference.characteristics()
    heading = st.container()
    with st.container(key="summary_by_choice"):
        by = st.segmented_control(
            "Groups by",
            contributions.GROUPS,
            default=contributions.GROUPS[0],
            format_func=lambda each: known[each].label,
            key="summary_by",
            required=True,
            persist_state="session",
        )
    gaps = summary.gaps(entry.report, selection, by)
    is_average = bool(gaps) and all(gap.yardstick == contributions.OVERALL for gap in gaps.values())
    heading.header("Groups above the average" if is_average else "Groups that explain most of the gap", anchor=False)
    rows = "".join(_gap(name, gaps.get(name)) for name, outcome in OUTCOMES.items() if by in outcome.by)
    if not gaps:
        st.caption("There are no cases to compare, or a count is hidden.")
        return
    without = [catalogue.indicator(name).title for name, outcome in OUTCOMES.items() if by not in outcome.by]
    why = f"{', '.join(without)}: not shown, because {known[by].label.lower()} is recorded only for people with a plan."
    left_out = f'<p class="sen2-small">{html.escape(why)}</p>' if without else ""
    st.html(
        f'<div class="sen2-sheet"><table class="sen2-groups"><thead><tr><th scope="col">Figure</th>'
        f'<th scope="col">The whole gap</th><th scope="col" colspan="{MAX_GROUPS}">'
        f"{html.escape(known[by].label)}: largest first</th></tr></thead><tbody>{rows}</tbody></table>"
        f"{left_out}</div>"
    )


def _gap(name: str, gap: Gap | None) -> str:
    """One row: the share, its gap and at most three groups."""
    title = html.escape(catalogue.indicator(name).title)
    if gap is None:
        return (
            f'<tr><th scope="row">{title}</th><td colspan="{MAX_GROUPS + 1}">No cases, or a count is hidden.</td></tr>'
        )
    whole = f"{ui.number(gap.number)} {gap.outcome.word}" if not isinstance(gap.number, Hidden) else "Hidden"
    if gap.yardstick == contributions.OVERALL:
        whole += "; no published rate to compare with"
    elif not isinstance(gap.number, Hidden) and (difference := gap.difference_text(gap.excess)):
        whole += f"; {difference}"
    cells = [html.escape(gap.group_text(group)) for group in gap.largest] or (
        [] if isinstance(gap.number, Hidden) else ["No group stands out."]
    )
    cells += [""] * (MAX_GROUPS - len(cells))
    return f'<tr><th scope="row">{title}</th>' + "".join(f"<td>{cell}</td>" for cell in (whole, *cells)) + "</tr>"


def show_foot(entry: LoadedReturn, selection: Selection, found: Sequence[SummaryFigure]) -> None:
    """Who the neighbours are, how 20 weeks are counted and whose figures these are; the rest on request."""
    settings, notes = entry.inputs.settings, summary.notes(entry.report, selection, found)
    how = "with" if settings.include_challenged else "without"
    sentences = [
        summary.near_text(entry.report),
        pieces.PUBLISHED_UNFILTERED,
        f"20 weeks are {settings.twenty_weeks_days} days, {how} mediation and tribunal cases.",
        "In the small lines a dot is a published year and the diamond is this return.",
        *(each for each in notes if each.startswith(("Source", "Residents"))),
    ]
    text = html.escape(" ".join(sentences))
    st.html(f'<div class="sen2-sheet sen2-foot"><p class="sen2-small">{text}</p></div>')
    with st.container(key="summary_more"):
        with st.expander("What to know before comparing"):
            st.markdown("\n".join(f"- {ui.plain(each)}" for each in notes))
        _choose_indicator(found)


def _choose_indicator(found: Sequence[SummaryFigure]) -> None:
    """Open one indicator of the page: its definition, its published years and its people."""
    known = {each.id: each.title for each in catalogue.indicators()}
    names = [line.key for figure in found for line in figure.lines if line.key in known]
    chosen = st.selectbox(
        "Open an indicator",
        names,
        index=None,
        format_func=lambda name: known[name],
        key="summary_open",
        placeholder="Definition, trend and people",
        width=420,
    )
    if chosen is not None:
        open_indicator(chosen)
