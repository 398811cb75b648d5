"""The notes of a return: the DfE takes explanations of queries at return level only. Pure functions; keeps nothing.

A draft says what can be counted and leaves a gap where only the authority knows the reason. Nothing of any person is
in it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sen2dash.checks.report import Report
from sen2dash.model import RuleOutcome

#: Stands in a draft where the authority has to say why.
GAP = "[reason]"
#: The rule whose detail is the wording of a note, and the rules whose cases that note counts.
TRIBUNAL_RULE = "T01"
TRIBUNAL_CASES = ("R17", "A13", "A14")


@dataclass(frozen=True)
class Draft:
    """The note that one rule asks for. count: the sentence with the number of cases; text: all of the draft."""

    outcome: RuleOutcome
    count: str
    text: str


@dataclass(frozen=True)
class Edit:
    """A note as the authority changed it. count: the sentence of the draft that it was made from."""

    text: str
    count: str


@dataclass(frozen=True)
class Note:
    """A note as it stands. is_stale: its draft now has another count, which could not be put into the changed text."""

    outcome: RuleOutcome
    text: str
    is_edited: bool = False
    is_stale: bool = False

    @property
    def has_gap(self) -> bool:
        """Whether the reason is still to be said."""
        return GAP in self.text

    @property
    def is_left_out(self) -> bool:
        """Whether the text was emptied."""
        return not self.text.strip()


def drafts(report: Report) -> tuple[Draft, ...]:
    """A draft for each query rule with findings: tribunals without mediation first, then in the order of the report.

    The rules whose cases the note on tribunals counts get none of their own.
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
    """The draft for one rule, from its numbers alone."""
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
    """The note that stands: the draft, or what the authority made of it with the number of cases as it is now."""
    if edit is None or edit.text == draft.text:
        return Note(draft.outcome, draft.text)
    text = edit.text.replace(edit.count, draft.count)
    is_stale = edit.count != draft.count and text == edit.text and bool(text.strip())
    return Note(draft.outcome, text, is_edited=True, is_stale=is_stale)


def notes(report: Report, edits: Mapping[str, Edit]) -> tuple[Note, ...]:
    """The notes of a return. edits: by id of the rule; those of rules that found nothing play no part."""
    return tuple(edited(each, edits.get(each.outcome.rule.id)) for each in drafts(report))


def as_text(notes: Iterable[Note]) -> str:
    """The notes that are not left out as one text, a paragraph each."""
    return "\n\n".join(note.text.strip() for note in notes if not note.is_left_out) + "\n"


def progress(notes: Sequence[Note]) -> tuple[int, int, int]:
    """How many notes are ready, how many still have a gap, and how many are left out."""
    left_out = sum(1 for note in notes if note.is_left_out)
    gaps = sum(1 for note in notes if note.has_gap)
    return len(notes) - left_out - gaps, gaps, left_out
