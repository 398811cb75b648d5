"""Write the notes of a return, because the DfE takes explanations of queries at return level only. Pure functions.

A draft says what can be counted and leaves a gap for a reason that only the authority knows. It has no details of any
person.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sen2dash.checks.report import Report
from sen2dash.model import RuleOutcome

#: Marks the place in a draft where the authority has to give a reason.
GAP = "[reason]"
#: The rule whose detail gives the wording of a note, and the rules whose cases that note counts.
TRIBUNAL_RULE = "T01"
TRIBUNAL_CASES = ("R17", "A13", "A14")


@dataclass(frozen=True)
class Draft:
    """The note that one rule asks for. count: the sentence with the number of cases; text: the whole draft."""

    outcome: RuleOutcome
    count: str
    text: str


@dataclass(frozen=True)
class Edit:
    """A note as edited by the authority. count: the sentence in the draft that it was made from."""

    text: str
    count: str


@dataclass(frozen=True)
class Note:
    """A note as it is now. is_stale: its draft has a new count, which could not be inserted in the edited text."""

    outcome: RuleOutcome
    text: str
    is_edited: bool = False
    is_stale: bool = False

    @property
    def has_gap(self) -> bool:
        """Whether the reason is still missing."""
        return GAP in self.text

    @property
    def is_left_out(self) -> bool:
        """Whether the text was emptied."""
        return not self.text.strip()


def drafts(report: Report) -> tuple[Draft, ...]:
    """Return a draft for each query rule with findings: tribunals without mediation first, then in report order.

    The rules whose cases are counted in the note on tribunals have no note of their own.
    """
    found = [outcome for outcome in report.outcomes if outcome.severity == "query" and outcome.status == "found"]
    first = [outcome for outcome in found if outcome.rule.id == TRIBUNAL_RULE]
    if first:
        covered = {TRIBUNAL_RULE, *TRIBUNAL_CASES}
        found = [outcome for outcome in found if outcome.rule.id not in covered]
    made = []
    for outcome in first:
        (row,) = report.findings_table([outcome.rule.id]).to_pylist()
        made.append(Draft(outcome, row["detail"], row["detail"]))
    return (*made, *(draft(outcome) for outcome in found))


def draft(outcome: RuleOutcome) -> Draft:
    """Write the draft for one rule, from its numbers only."""
    rule = outcome.rule
    name = f"{f'Query {rule.dfe}: ' if rule.dfe else ''}{rule.title.rstrip('.')}"
    if not outcome.people:
        checked = "We have checked this and confirm that it is correct"
        return Draft(outcome, f"{name}.", f"{name}. {checked}, because {GAP}.")
    cases = "1 case" if outcome.count == 1 else f"{outcome.count:,} cases"
    people = f" about {outcome.people:,} {'person' if outcome.people == 1 else 'people'}"
    count = f"{name}: {cases}{people if outcome.people != outcome.count else ''}."
    checked = "it and confirm that it is" if outcome.count == 1 else "them and confirm that they are"
    return Draft(outcome, count, f"{count} We have checked {checked} correct, because {GAP}.")


def edited(draft: Draft, edit: Edit | None) -> Note:
    """Return the current note: the draft, or the authority's edited text with the current number of cases."""
    if edit is None or edit.text == draft.text:
        return Note(draft.outcome, draft.text)
    text = edit.text.replace(edit.count, draft.count)
    is_stale = edit.count != draft.count and text == edit.text and bool(text.strip())
    return Note(draft.outcome, text, is_edited=True, is_stale=is_stale)


def notes(report: Report, edits: Mapping[str, Edit]) -> tuple[Note, ...]:
    """Return the notes of a return. edits: by rule id; edits for rules that found nothing are ignored."""
    return tuple(edited(each, edits.get(each.outcome.rule.id)) for each in drafts(report))


def as_text(notes: Iterable[Note]) -> str:
    """Join the notes that are not left out into one text, with one paragraph for each."""
    return "\n\n".join(note.text.strip() for note in notes if not note.is_left_out) + "\n"


def progress(notes: Sequence[Note]) -> tuple[int, int, int]:
    """Count the notes that are ready, that still have a gap, and that are left out."""
    left_out = sum(1 for note in notes if note.is_left_out)
    gaps = sum(1 for note in notes if note.has_gap)
    return len(notes) - left_out - gaps, gaps, left_out
