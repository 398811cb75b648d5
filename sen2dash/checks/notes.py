"""Write the notes of a return, because the DfE takes explanations of queries at return level only. Pure functions.

A draft says what can be counted and leaves a gap for a reason that only the authority knows. It has no details of any
person.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import zip_longest
from typing import Literal

from sen2dash import RELEASE
from sen2dash.checks import marks, priority
from sen2dash.checks.marks import Tally
from sen2dash.checks.report import Report
from sen2dash.model import RuleOutcome

State = Literal["to_write", "ready", "left_out"]
#: Marks the place in a draft where the authority has to give a reason.
GAP = "[reason]"
#: The rule whose detail gives the wording of a note, and the rules whose cases that note counts.
TRIBUNAL_RULE = "T01"
TRIBUNAL_CASES = ("R17", "A13", "A14")


@dataclass(frozen=True)
class Draft:
    """The note that one rule asks for. counts: the parts of the text that hold numbers; text: the whole draft."""

    outcome: RuleOutcome
    counts: tuple[str, ...]
    text: str

    @property
    def count_text(self) -> str:
        """The parts with numbers, as sentences."""
        return " ".join(f"{part.strip().rstrip('.')}." for part in self.counts if part)


@dataclass(frozen=True)
class Edit:
    """A note as edited by the authority. counts: the parts with numbers in the draft that it was made from."""

    text: str
    counts: tuple[str, ...]


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

    @property
    def state(self) -> State:
        """Whether it is still to write, ready, or left out."""
        return "left_out" if self.is_left_out else "to_write" if self.has_gap else "ready"


def drafts(report: Report) -> tuple[Draft, ...]:
    """Return a draft for each query rule with findings: tribunals without mediation first, then by what they affect.

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
        made.append(Draft(outcome, (row["detail"],), row["detail"]))
    tallies = marks.tallies(report)
    return (*made, *(draft(outcome, tallies.get(outcome.rule.id)) for outcome in priority.in_order(found)))


def draft(outcome: RuleOutcome, tally: Tally | None = None) -> Draft:
    """Write the draft for one rule, from its numbers only. tally: its marks, if there are any.

    If findings are marked as checked and right, the draft confirms those and says what happens to the others.
    """
    rule = outcome.rule
    name = f"{f'Query {rule.dfe}: ' if rule.dfe else ''}{rule.title.rstrip('.')}"
    if not outcome.people:
        checked = "We have checked this and confirm that it is correct"
        return Draft(outcome, (f"{name}.",), f"{name}. {checked}, because {GAP}.")
    cases = "1 case" if outcome.count == 1 else f"{outcome.count:,} cases"
    people = f" about {outcome.people:,} {'person' if outcome.people == 1 else 'people'}"
    count = f"{name}: {cases}{people if outcome.people != outcome.count else ''}."
    if tally and tally.n_marked and not tally.right:
        # Nothing is confirmed: what was looked at is being corrected or asked about.
        doing = _others(outcome.count, tally)
        return Draft(outcome, (count, doing), f"{count}{doing} {GAP}")
    counts = (count, f"We have checked {_checked(outcome.count, tally)}", _others(outcome.count, tally))
    return Draft(outcome, counts, f"{count} {counts[1]} correct, because {GAP}.{counts[2]}")


def _checked(count: int, tally: Tally | None) -> str:
    """What was checked: '8 of them and confirm that they are'."""
    if count == 1:
        return "it and confirm that it is"
    right = tally.right if tally else 0
    if not right:
        return "them and confirm that they are"
    return (
        f"{'all' if right == count else f'{right:,}'} of them and confirm that {'it is' if right == 1 else 'they are'}"
    )


def _others(count: int, tally: Tally | None) -> str:
    """What happens to the cases that are not confirmed, as a sentence after a space; empty if there are none."""
    n_others = count - tally.right if tally and tally.n_marked else 0
    if not tally or not n_others:
        return ""
    parts = {
        "are correcting": tally.correct,
        "have asked for more information about": tally.asked,
        "are still checking": n_others - tally.correct - tally.asked,
    }
    doing = [(verb, n) for verb, n in parts.items() if n]
    if tally.right:
        others = "the other case" if n_others == 1 else f"the other {n_others:,}"
    else:
        others = "it" if n_others == 1 else "them"
    if len(doing) == 1:
        return f" We {doing[0][0]} {others}."
    texts = [f"{verb} {n:,}" for verb, n in doing]
    if not tally.right:
        return f" We {', '.join(texts[:-1])} and {texts[-1]}."
    return f" Of {others}, we {', '.join(texts[:-1])} and {texts[-1]}."


def edited(draft: Draft, edit: Edit | None) -> Note:
    """Return the current note: the draft, or the authority's edited text with the current numbers."""
    if edit is None or edit.text == draft.text:
        return Note(draft.outcome, draft.text)
    text, is_stale = edit.text, False
    for old, new in zip_longest(edit.counts, draft.counts, fillvalue=""):
        if old and old in text:
            text = text.replace(old, new)
        elif old != new:
            is_stale = bool(text.strip())
    return Note(draft.outcome, text, is_edited=True, is_stale=is_stale)


def notes(report: Report, edits: Mapping[str, Edit]) -> tuple[Note, ...]:
    """Return the notes of a return. edits: by rule id; edits for rules that found nothing are ignored."""
    return tuple(edited(each, edits.get(each.outcome.rule.id)) for each in drafts(report))


def as_text(notes: Iterable[Note]) -> str:
    """Join the notes that are not left out into one text, with one paragraph for each."""
    return "\n\n".join(note.text.strip() for note in notes if not note.is_left_out) + "\n"


def as_file(notes: Iterable[Note]) -> str:
    """The same text for a file. The last line names the release that made it, and is not for the DfE."""
    return f"{as_text(notes)}\nMade with {RELEASE}.\n"


def by_state(notes: Iterable[Note]) -> dict[State, int]:
    """Count the notes that are still to write, that are ready, and that are left out."""
    found: dict[State, int] = {"to_write": 0, "ready": 0, "left_out": 0}
    for note in notes:
        found[note.state] += 1
    return found
