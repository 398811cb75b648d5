"""Drafts of notes: what they count, what they leave open, and what happens to an edited one when counts change."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import pytest

from sen2dash.checks import catalogue, marks, notes
from sen2dash.checks.marks import Tally
from sen2dash.checks.notes import GAP, Draft, Edit
from sen2dash.checks.report import Report, build_report
from sen2dash.config import Settings
from sen2dash.model import RuleOutcome
from sen2dash.sample.generate import sample_bytes

SETTINGS = Settings(now=datetime(2025, 2, 1, 12, 0))


def outcome(count: int, people: int, rule_id: str = "R11", dfe: str | None = None) -> RuleOutcome:
    rule = catalogue.rule(rule_id).model_copy(update={"title": "Dates look odd", "dfe": dfe})
    return RuleOutcome(rule=rule, severity="query", status="found", count=count, people=people)


@pytest.fixture(scope="module")
def report() -> Iterator[Report]:
    made = build_report(sample_bytes(persons=60, seed=7, rule_ids=("R17", "A13", "P12", "P15"), year=2025), SETTINGS)
    yield made
    made.close()


@pytest.mark.parametrize(
    ("count", "people", "text"),
    [
        (1, 1, f"Dates look odd: 1 case. We have checked it and confirm that it is correct, because {GAP}."),
        (2, 2, f"Dates look odd: 2 cases. We have checked them and confirm that they are correct, because {GAP}."),
        (1200, 1, "Dates look odd: 1,200 cases about 1 person. We have checked them"),
        (1, 0, f"Dates look odd. We have checked this and confirm that it is correct, because {GAP}."),
    ],
)
def test_a_draft_counts_cases_and_leaves_the_reason_open(count: int, people: int, text: str) -> None:
    assert notes.draft(outcome(count, people)).text.startswith(text)


@pytest.mark.parametrize(
    ("tally", "text"),
    [
        (Tally(12), f"12 cases. We have checked them and confirm that they are correct, because {GAP}."),
        (
            Tally(12, asked=2),
            f"12 cases. We have asked for more information about 2 and are still checking 10. {GAP}",
        ),
        (Tally(12, correct=12), f"12 cases. We are correcting them. {GAP}"),
        (
            Tally(12, right=12),
            f"12 cases. We have checked all of them and confirm that they are correct, because {GAP}.",
        ),
        (
            Tally(12, right=8, correct=3, asked=1),
            f"12 cases. We have checked 8 of them and confirm that they are correct, because {GAP}. "
            "Of the other 4, we are correcting 3 and have asked for more information about 1.",
        ),
        (
            Tally(12, right=1, correct=3, asked=1),
            f"12 cases. We have checked 1 of them and confirm that it is correct, because {GAP}. "
            "Of the other 11, we are correcting 3, have asked for more information about 1 and are still checking 7.",
        ),
        (
            Tally(12, right=8),
            f"12 cases. We have checked 8 of them and confirm that they are correct, because {GAP}. "
            "We are still checking the other 4.",
        ),
        (
            Tally(12, right=11, correct=1),
            f"12 cases. We have checked 11 of them and confirm that they are correct, because {GAP}. "
            "We are correcting the other case.",
        ),
    ],
)
def test_a_draft_confirms_what_was_checked_and_says_what_happens_to_the_rest(tally: Tally, text: str) -> None:
    assert notes.draft(outcome(12, 12), tally).text == f"Dates look odd: {text}"


def test_the_only_case_that_was_checked_is_it() -> None:
    text = notes.draft(outcome(1, 1), Tally(1, right=1)).text
    assert text == f"Dates look odd: 1 case. We have checked it and confirm that it is correct, because {GAP}."


def test_an_edited_note_takes_the_numbers_of_later_marks() -> None:
    old = notes.draft(outcome(12, 12), Tally(12, right=8))
    edit = Edit(old.text.replace(GAP, "they moved"), old.counts)
    some, every = (notes.draft(outcome(12, 12), Tally(12, right=n)) for n in (10, 12))
    assert notes.edited(some, edit).text == some.text.replace(GAP, "they moved")
    assert notes.edited(every, edit).text == every.text.replace(GAP, "they moved")
    assert not notes.edited(every, edit).is_stale
    # The sentence on the others was not in the draft, so its place in the edited text is not known.
    edit = Edit(every.text.replace(GAP, "they moved"), every.counts)
    assert notes.edited(some, edit).is_stale


def test_drafts_take_the_marks_of_the_report(report: Report) -> None:
    before = marks.set_marks(report, report.findings_table(["P12"]), "right")
    try:
        (found,) = [draft for draft in notes.drafts(report) if draft.outcome.rule.id == "P12"]
    finally:
        marks.put_back(report, before)
    assert "We have checked it and confirm" in found.text if found.outcome.count == 1 else "all of them" in found.text


def test_a_draft_begins_with_the_number_of_the_dfe_where_it_is_known() -> None:
    assert notes.draft(outcome(3, 3, dfe="2030")).text.startswith("Query 2030: Dates look odd: 3 cases.")


def test_tribunals_come_first_with_their_three_counts_and_are_not_repeated(report: Report) -> None:
    made = notes.drafts(report)
    assert made[0].outcome.rule.id == "T01"
    assert made[0].text.startswith("We confirm that in this return a mediation meeting did not take place")
    assert "whether to assess in 1 case, " in made[0].text
    assert "whether to issue a plan in 1 case, " in made[0].text
    assert "for other reasons in 0 cases." in made[0].text
    ids = [draft.outcome.rule.id for draft in made]
    assert not {"R17", "A13", "A14"} & set(ids)
    queries = {o.rule.id for o in report.outcomes if o.severity == "query" and o.status == "found"}
    assert set(ids) == queries - {"R17", "A13", "A14"}
    assert "P15" not in ids


def test_an_unedited_note_is_its_draft() -> None:
    draft = notes.draft(outcome(2, 2))
    note = notes.edited(draft, Edit(draft.text, draft.counts))
    assert (note.text, note.is_edited, note.has_gap) == (draft.text, False, True)


def test_an_edited_note_takes_the_count_of_a_new_return() -> None:
    old, new = notes.draft(outcome(12, 12)), notes.draft(outcome(9, 9))
    note = notes.edited(new, Edit(old.text.replace(GAP, "they moved"), old.counts))
    assert note.text == new.text.replace(GAP, "they moved")
    assert (note.is_edited, note.is_stale, note.has_gap) == (True, False, False)


def test_a_note_rewritten_whole_is_stale_when_the_count_changes() -> None:
    old, new = notes.draft(outcome(12, 12)), notes.draft(outcome(9, 9))
    edit = Edit("All twelve moved in May.", old.counts)
    assert notes.edited(new, edit).is_stale
    assert notes.edited(new, edit).text == "All twelve moved in May."
    assert not notes.edited(old, edit).is_stale


def test_an_emptied_note_is_left_out_of_the_text() -> None:
    drafts = (notes.draft(outcome(1, 1)), notes.draft(outcome(2, 2)))
    made = (notes.edited(drafts[0], Edit("  ", drafts[0].counts)), notes.edited(drafts[1], None))
    assert notes.as_text(made) == drafts[1].text + "\n"
    assert notes.by_state(made) == {"to_write": 1, "ready": 0, "left_out": 1}
    assert not made[0].is_stale


def test_edits_are_found_by_rule(report: Report) -> None:
    drafts: tuple[Draft, ...] = notes.drafts(report)
    first = drafts[0]
    made = notes.notes(report, {"T01": Edit("Ours.", first.counts), "ZZZ": Edit("gone", ())})
    assert made[0].text == "Ours."
    assert len(made) == len(drafts)
    assert notes.as_text(made).count("\n\n") == len(made) - 1
