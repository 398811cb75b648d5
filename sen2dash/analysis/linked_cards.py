"""What the charts of linked files share: the people whom the filters leave, bars, and the list behind a bar.

Draws on no page. A bar and its list come from the same rows, so they cannot disagree.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import TypeAlias

import pyarrow as pa
import pyarrow.compute as pc

from sen2dash import reference, text
from sen2dash.analysis.cohort_charts import DrawnChart
from sen2dash.analysis.panels import Labels, People, drawn, part_bar, part_text
from sen2dash.analysis.timeliness import few_note
from sen2dash.charts.bars import Bar
from sen2dash.charts.compact import compact_bars
from sen2dash.charts.compact_stacks import Part, Row, compact_stacks
from sen2dash.checks.cache import Key
from sen2dash.checks.catalogue import list_sql
from sen2dash.checks.report import Report
from sen2dash.indicators.figures import FEW, Figures, Selection, count_text, rate_text
from sen2dash.indicators.filters import parameters
from sen2dash.indicators.suppression import HIDDEN, Hidden, Shown, is_empty

#: Columns of every list of people.
PERSON = ("person_id", "surname", "forename", "birth_date", "upn")
Rows: TypeAlias = pa.Table
academic_year = text.academic_year


@dataclass(frozen=True)
class Card:
    """A chart and the people behind its bars. choices: what it can be flipped between, key to label.

    draw: takes a choice and the key of the bar that was chosen last. find: takes a choice and the key of a bar.
    is_only_if_any: left out where it has no bar. sources: sentences on where its figures come from, for a picture.
    """

    key: str
    draw: Callable[[str, str], DrawnChart]
    find: Callable[[str, str], People]
    choices: Labels = field(default_factory=lambda: {"": ""})
    is_only_if_any: bool = False
    sources: tuple[str, ...] = ()


def everyone(report: Report, selection: Selection) -> Rows:
    """The people whom the filters leave: who they are, their age and the key of their place."""

    def read() -> Rows:
        report.store.derive_indicators()
        found = report.store.table(list_sql("cohort_people"), parameters(selection.cohort))
        place = {each.key: each.label for each in reference.characteristics()["place"].categories}
        names = pc.cast(found["place"], pa.string()).to_pylist()
        return found.select([*PERSON, "age"]).append_column("place", pa.array([place[each] for each in names]))

    return Figures(report).cached(Key("rows", "linked people", selection.cohort), read)


def of_cohort(report: Report, selection: Selection, rows: Rows) -> Rows:
    """The rows about people whom the filters leave."""
    if selection.cohort.is_everyone:
        return rows
    return rows.filter(pc.is_in(rows["person_id"], everyone(report, selection)["person_id"]))


def where(rows: Rows, column: str, *values: object) -> Rows:
    """The rows with one of these values in a column."""
    return rows.filter(pc.is_in(rows[column], pa.array(list(values), rows.schema.field(column).type)))


def n_people(rows: Rows) -> int:
    """How many people the rows are about."""
    return int(pc.count_distinct(rows["person_id"]).as_py())


def counted(rows: Rows, column: str) -> Counter[str]:
    """How many rows have each value of a column."""
    return Counter(each for each in rows[column].to_pylist() if each is not None)


def people(
    report: Report, selection: Selection, title: str, rows: Rows, extra: Labels, is_short: bool = False
) -> People:
    """The list of people behind a bar. rows: with person_id and the columns of extra (heading to column).

    is_short: without age and setting.
    """
    known = everyone(report, selection)
    places = pc.index_in(rows["person_id"], known["person_id"])
    rows = rows.filter(pc.is_valid(places))
    found = known.take(pc.drop_null(places))
    for column in extra.values():
        found = found.append_column(f"linked_{column}", rows[column])
    own = {heading: f"linked_{column}" for heading, column in extra.items()}
    return People(title, found, own if is_short else {age_heading(report): "age", "Setting": "place", **own})


def age_heading(report: Report) -> str:
    """The heading of a column of ages, with the day on which they are."""
    return f"Age at {text.uk_date(report.collection.august_31)}"


def count_of(selection: Selection, number: int, children: int) -> Shown:
    """A number of sessions or events as it is shown: for sharing, hidden if they are of few children."""
    return HIDDEN if selection.is_sharing and is_empty(children, selection.threshold) else selection.count(number)


def bars(
    labels: Labels,
    found: Mapping[str, int],
    whole: int,
    selection: Selection,
    children: Mapping[str, int] | None = None,
) -> tuple[Bar, ...]:
    """A bar for each category with anybody in it, as a share of the whole. None if the whole is empty or hidden.

    children: where sessions or events are counted, of how many children those of each category are. For sharing, a
    category of few children is left out, however many sessions or events they have.
    """
    if is_empty(whole, selection.threshold):
        return ()
    shown = selection.count(whole)
    is_of_few = not isinstance(shown, Hidden) and shown < FEW
    return tuple(
        part_bar(key, label, selection.count(found.get(key, 0)), shown)._replace(is_faint=is_of_few)
        for key, label in labels.items()
        if not is_empty(found.get(key, 0), selection.threshold)
        and (children is None or not is_empty(children.get(key, 0), selection.threshold))
    )


def shares_of(keys: Iterable[str], rows: Sequence[Bar], whole: int, selection: Selection) -> dict[str, str]:
    """The shares of bars as texts, by key; c where a bar is hidden. whole: what they are shares of."""
    found = {bar.key: bar.value for bar in rows}
    if not whole and not selection.is_sharing:
        return {}
    nothing = HIDDEN if selection.is_sharing else 0.0
    return {key: rate_text(found.get(key, nothing)) for key in keys}


def without_few(selection: Selection, who: Mapping[str, set[int]]) -> dict[str, int]:
    """How many children have each reason. For sharing, without those of few children.

    Where all reasons that are left out are of few children together, the next smallest goes with them: else what is
    missing from the whole would be the sessions of these few.
    """
    children = {key: len(people) for key, people in who.items()}
    if not selection.is_sharing:
        return children
    in_order = sorted(children, key=lambda key: (children[key], key))
    hidden: set[int] = set()
    for place, key in enumerate(in_order):
        if not is_empty(children[key], selection.threshold) and (
            not hidden or not is_empty(len(hidden), selection.threshold)
        ):
            return {each: children[each] for each in in_order[place:]}
        hidden |= who[key]
    return {}


def largest_first(rows: Sequence[Bar]) -> tuple[Bar, ...]:
    """The longest bars first, by the numbers as shown, so that the order of equal rounded numbers says nothing."""
    return tuple(sorted(rows, key=lambda bar: -(bar.value or 0)))


def card_chart(
    heading: str,
    title: str,
    of_what: str,
    rows: Sequence[Bar],
    whole: tuple[int, str, str],
    selection: Selection,
    marked: str = "",
    notes: Iterable[str] = (),
    children: int | None = None,
) -> DrawnChart:
    """A chart of bars. of_what: 'of children in a census'. whole: the number that the bars are shares of, its nouns.

    children: of how many children the whole is, where it is a number of sessions or events. For sharing, nothing is
    shown of few.
    """
    number = count_of(selection, whole[0], whole[0] if children is None else children)
    rows = () if isinstance(number, Hidden) else rows
    subtitle = _subtitle(of_what, few_note(rows), number, whole, selection)
    return DrawnChart(heading, compact_bars(title, subtitle, heading, rows, marked), notes=tuple(notes))


def _subtitle(of_what: str, faint: str, number: Shown, whole: tuple[int, str, str], selection: Selection) -> str:
    filters = "" if selection.cohort.is_everyone else f", under the filters ({selection.text})"
    noun = whole[1] if number == 1 else whole[2]
    return f"Number and share {of_what}{filters}.{faint} All: {count_text(number)} {noun}."


def with_base(label: str, base: int, selection: Selection) -> str:
    """A label with the number that its bar is a share of: 'Key stage 2 (of 12)'."""
    return f"{label} (of {count_text(selection.count(base))})"


def stacks(
    labels: Labels,
    parts: Labels,
    found: Mapping[str, Mapping[str, int]],
    selection: Selection,
    own: Mapping[str, Collection[str]] | None = None,
) -> tuple[Row, ...]:
    """A stacked bar for each row with anybody in it, as shares of its own base, which is in its label.

    found: counts by row and part, each part of a row of people of their own. A part that nobody has is left out, and
    for sharing so is one whose count is hidden in every bar. own: the parts that a row can have, where they differ: in
    the table others are blank.
    """
    wholes = {key: sum(found[key].values()) for key in labels}
    seen = [key for key in labels if not is_empty(wholes[key], selection.threshold)]
    used = [part for part in parts if any(not is_empty(found[key].get(part, 0), selection.threshold) for key in seen)]
    made = []
    for key in seen:
        whole = selection.count(wholes[key])
        made_parts = []
        for part in used:
            count = selection.count(found[key].get(part, 0))
            can_be = own is None or part in own[key]
            text = part_text(count, whole) if can_be else ""
            made_parts.append(Part(part, parts[part], drawn(count, whole) if can_be else None, text))
        is_of_few = not isinstance(whole, Hidden) and whole < FEW
        made.append(Row(key, with_base(labels[key], wholes[key], selection), tuple(made_parts), is_of_few))
    return tuple(made)


def stack_chart(
    heading: str,
    title: str,
    of_what: str,
    rows: Sequence[Row],
    whole: tuple[int, str, str],
    selection: Selection,
    marked: str = "",
    notes: Iterable[str] = (),
) -> DrawnChart:
    """A chart of stacked bars. whole: how many people they are of, and its nouns. A part's key is 'row/part'."""
    number = selection.count(whole[0])
    rows = () if isinstance(number, Hidden) else rows
    faint = f" Faint bars: fewer than {FEW} cases." if any(row.is_faint for row in rows) else ""
    subtitle = _subtitle(of_what, faint, number, whole, selection)
    return DrawnChart(heading, compact_stacks(title, subtitle, heading, rows, marked), notes=tuple(notes))


def total(rows: Rows, column: str) -> int:
    """The sum of a column."""
    return int(pc.sum(rows[column]).as_py() or 0)


@cache
def labels_of(code_set: str) -> dict[str, str]:
    """Code and label of a code list of the census."""
    return {row["code"]: row["label"] for row in reference.read("census_codes.csv") if row["code_set"] == code_set}
