"""What a result of prior attainment says: the parts of its stacked bars, and its codes in words. Draws nothing.

Absent, not entered, left and pre-key-stage are results like others, each with a part of its own.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from sen2dash.analysis.linked_cards import Rows
from sen2dash.analysis.panels import Labels
from sen2dash.reading.linked.attainment import BETWEEN

BLANK, OTHER = "blank", "other"
NOT_GIVEN: Labels = {OTHER: "Other code", BLANK: "Not given"}
PHONICS: Labels = {
    "WA": "Met (Wa)",
    "again": "Met in Year 2 (Wa)",
    "WT": "Not met (Wt)",
    "A": "Absent (A)",
    "D": "Not entered (D)",
    "L": "Left (L)",
    "Q": "Maladministration (Q)",
}
#: The scale of teacher assessment, the codes of older years last, and the codes that share a part.
TEACHER: Labels = {
    "GDS": "Greater depth (GDS)",
    "EXS": "Expected standard (EXS)",
    "WTS": "Working towards (WTS)",
    "HNM": "Has not met (HNM)",
    "PK": "Pre-key-stage (PK1 to PK6)",
    "EM": "Engagement model (EM)",
    "A": "Absent (A)",
    "D": "Not entered (D)",
    "F": "Code F",
    "L": "Left (L)",
    "P": "Code P",
    "Q": "Maladministration (Q)",
    "older": "Older scale (BLW, PKF, PKE, PKG)",
}
TOGETHER: Mapping[str, str] = {
    **{f"PK{place}": "PK" for place in range(1, 7)},
    **dict.fromkeys(("BLW", "PKF", "PKE", "PKG"), "older"),
}
TESTS: Labels = {
    "AS": "Standard achieved (AS)",
    "NS": "Standard not achieved (NS)",
    "N": "Code N",
    "B": "Below the tests (B)",
    "A": "Absent (A)",
    "J": "Code J",
    "H": "Code H",
    "M": "Code M",
    "Q": "Maladministration (Q)",
    "T": "Code T",
    "U": "Code U",
}
#: The parts of both, in an order that is that of each.
KEY_STAGE_2 = (
    *("met", "not_met", "AS", "NS", "N", "B", "GDS", "EXS", "WTS", "HNM", "PK", "EM", "A", "D", "F", "L", "P"),
    *("J", "H", "M", "Q", "T", "U", "older", OTHER, BLANK),
)
MET: Labels = {"met": "Met the standard", "not_met": "Did not meet it"}
PROFILE: Labels = {"1": "Emerging (1)", "2": "Expected (2)", "3": "Exceeding (3)", "A": "Absent (A)"}
GRADES: Labels = {"5": "Grade 5 or above", "4": "Grade 4", "below": "Below grade 4"}
GOALS = (
    *("Listening, attention and understanding", "Speaking", "Self-regulation", "Managing self"),
    *("Building relationships", "Gross motor skills", "Fine motor skills", "Comprehension", "Word reading"),
    *("Writing", "Number", "Numerical patterns"),
)
OLD_GOALS = (
    *("Listening and attention", "Understanding", "Speaking", "Moving and handling", "Health and self-care"),
    *("Self-confidence and self-awareness", "Managing feelings and behaviour", "Making relationships", "Reading"),
    *("Writing", "Numbers", "Shape, space and measures"),
)


class Result(NamedTuple):
    """A result as it was read. All are None where a person has none."""

    is_met: bool | None
    is_full: bool | None
    is_repeat: bool | None
    outcomes: str | None
    attainment_8: float | None

    @property
    def codes(self) -> list[str]:
        """The codes of its columns, in order."""
        return (self.outcomes or "").split(BETWEEN)


class Subject(NamedTuple):
    """One bar: its label, and the key of the part that a result is in. part: takes a result and its codes in order.

    parts: those that it can have, besides NOT_GIVEN.
    """

    label: str
    part: Callable[[Result, Sequence[str]], str]
    parts: Labels
    is_only_if_given: bool = False


class Stage(NamedTuple):
    """The bars of a stage by key, and their parts in order. words: what the list says of a result."""

    subjects: Mapping[str, Subject]
    parts: Labels
    words: Callable[[Result, Sequence[str]], str]


def _within(known: Labels, code: str) -> str:
    """The part of a code."""
    part = TOGETHER.get(code, code)
    return part if part in known else OTHER if code else BLANK


def _coded(label: str, place: int, known: Labels) -> Subject:
    """A subject whose part is that of the code at a place."""
    return Subject(label, lambda _, codes: _within(known, codes[place]), known, is_only_if_given=True)


def _is_met(result: Result, codes: Sequence[str]) -> str:
    """Whether the standard is met. Of a profile the good level is worked out where it is not given."""
    return "met" if result.is_met else "not_met" if result.is_full else BLANK


def _phonics(result: Result, codes: Sequence[str]) -> str:
    return "again" if result.is_repeat else _within(PHONICS, codes[0])


def _grades(result: Result, codes: Sequence[str]) -> str:
    at_4, at_5 = codes
    return "5" if at_5 == "1" else {"1": "4", "0": "below", "": BLANK}.get(at_4, OTHER)


def _in_words(subjects: Mapping[str, int]) -> Callable[[Result, Sequence[str]], str]:
    """Name each subject with its code: 'Reading EXS, writing GDS'. subjects: with the places of their codes."""

    def words(_: Result, codes: Sequence[str]) -> str:
        text = ", ".join(f"{name} {codes[place] or 'not given'}" for name, place in subjects.items())
        return text[:1].upper() + text[1:]

    return words


def _phonics_words(result: Result, codes: Sequence[str]) -> str:
    part = _phonics(result, codes)
    return f"Other code ({codes[0]})" if part == OTHER else {**PHONICS, **NOT_GIVEN}[part]


def _key_stage_2_words(result: Result, codes: Sequence[str]) -> str:
    met = {"met": "Met", "not_met": "Not met", BLANK: "Not given"}[_is_met(result, codes)]
    given = {"reading": codes[1], "mathematics": codes[2], "writing": codes[3]}
    texts = ", ".join(f"{name} {code}" for name, code in given.items() if code)
    return f"{met}: {texts}" if texts else met


def _key_stage_4_words(result: Result, codes: Sequence[str]) -> str:
    grade = {**GRADES, **NOT_GIVEN}[_grades(result, codes)]
    score = result.attainment_8
    return grade if score is None else f"{grade}, Attainment 8 {score:.1f}"


def _profile_words(result: Result, codes: Sequence[str]) -> str:
    level = {"met": "Good level", "not_met": "No good level", BLANK: "Not given"}[_is_met(result, codes)]
    goals = [code for code in (codes[1:13] if any(codes[1:13]) else codes[13:]) if code]
    if not goals:
        return level
    known = Counter(code if code in PROFILE else OTHER for code in goals)
    texts = [f"{known[code]} {label.partition(' (')[0].lower()}" for code, label in PROFILE.items() if known[code]]
    return f"{level}: {', '.join([*texts, *([f'{known[OTHER]} other codes'] if known[OTHER] else [])])}"


STAGES: Mapping[str, Stage] = {
    "eyfsp": Stage(
        {
            "gld": Subject("Good level of development", _is_met, MET),
            **{f"e{n}": _coded(name, n, PROFILE) for n, name in enumerate(GOALS, start=1)},
            **{
                f"g{n}": _coded(f"{name} (older profile)", n + 12, PROFILE) for n, name in enumerate(OLD_GOALS, start=1)
            },
        },
        {**MET, **PROFILE, **NOT_GIVEN},
        _profile_words,
    ),
    "phonics": Stage({"check": Subject("Phonics", _phonics, PHONICS)}, {**PHONICS, **NOT_GIVEN}, _phonics_words),
    "ks1": Stage(
        {
            "reading": _coded("Reading", 0, TEACHER),
            "writing": _coded("Writing", 1, TEACHER),
            "mathematics": _coded("Mathematics", 2, TEACHER),
        },
        {**TEACHER, **NOT_GIVEN},
        _in_words({"reading": 0, "writing": 1, "mathematics": 2}),
    ),
    "ks2": Stage(
        {
            "all": Subject("Reading, writing and mathematics", _is_met, MET),
            "reading": _coded("Reading", 1, TESTS),
            "mathematics": _coded("Mathematics", 2, TESTS),
            "writing": _coded("Writing", 3, TEACHER),
        },
        {key: {**MET, **TESTS, **TEACHER, **NOT_GIVEN}[key] for key in KEY_STAGE_2},
        _key_stage_2_words,
    ),
    "ks4": Stage(
        {"grades": Subject("English and mathematics", _grades, GRADES)}, {**GRADES, **NOT_GIVEN}, _key_stage_4_words
    ),
}


def by_subject(stage: str, rows: Rows) -> dict[str, list[str]]:
    """The key of the part that each row is in, by subject. A subject that no row gives is left out."""
    results = _results(rows)
    found = {}
    for key, subject in STAGES[stage].subjects.items():
        # Many rows say the same.
        part = {result: subject.part(result, result.codes) for result in set(results)}
        if not subject.is_only_if_given or set(part.values()) - {BLANK}:
            found[key] = [part[result] for result in results]
    return found


def in_words(stage: str, rows: Rows) -> list[str]:
    """What the result of each row says; empty where a row has none."""
    words = STAGES[stage].words
    return ["" if result.outcomes is None else words(result, result.codes) for result in _results(rows)]


def _results(rows: Rows) -> list[Result]:
    return [Result(*cells) for cells in zip(*(rows[name].to_pylist() for name in Result._fields), strict=True)]
