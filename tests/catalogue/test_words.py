"""No text that people read uses a phrase that nobody would say. The list grows with the findings of reviews."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from sen2dash.checks import catalogue
from sen2dash.config import QUERIES

ROOT = QUERIES.parent
#: Pattern (any case, whole words), and what to write instead.
PHRASES = (
    (r"stands? here", "say what the reader can do: 'Upload a return to see ...'"),
    (r"tak(?:e|es|en|ing) (?:\w+ ){0,4}away", "remove"),
    (r"tak(?:e|es|en|ing) (?:people|them) out", "exclude"),
    (r"given? back", "erase, return"),
    (r"lets? go", "release, delete"),
    (r"pass(?:es|ed|ing)? (?:it |them )?over", "ignore, skip"),
    (r"put(?:s|ting)? (?:it |them |this )?right", "correct"),
    (r"nought", "0, zero"),
    (r"mend(?:s|ed|ing)?", "correct, fix"),
    (r"for want of", "because there is no"),
    (r"there was nothing to compare", "skipped: they need a file you have not added"),
    (r"goes? from memory", "is deleted from memory"),
    (r"whatever would give (?:it|them) away", "numbers from which they could be worked out"),
    (r"do(?:es)? away with", "remove"),
    (r"(?:it|that) is no \w+", "is not a"),
    (r"\d+ %", "5%, without a space"),
    (r"(?:an?|the|this|each|every|no|two|20-week) measures?", "indicator"),
    (r"bytes that no text has", "bytes that are not text"),
)
FORBIDDEN = re.compile("|".join(rf"(?<!\w)(?:{pattern})(?!\w)" for pattern, _ in PHRASES), re.IGNORECASE)
#: Modules whose text literals people read, as paths from the project's root.
READ_BY_PEOPLE = (
    "pages",
    "sen2dash/ui",
    "sen2dash/reading",
    "sen2dash/checks",
    "sen2dash/output",
    "sen2dash/analysis",
    "sen2dash/archive",
    "sen2dash/commands",
)
MODULES = (
    *(path for folder in READ_BY_PEOPLE for path in sorted((ROOT / folder).rglob("*.py"))),
    *(ROOT / "sen2dash" / name for name in ("cli.py", "terminal.py", "config.py", "errors.py", "main.py", "model.py")),
)
DOCUMENTS = (*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").glob("*.md")), *sorted(ROOT.glob("sen2dash/**/*.md")))


def literals(source: str) -> Iterator[tuple[int, str]]:
    """Text literals with their line, except docstrings and texts without a space."""
    tree = ast.parse(source)
    docstrings = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        if not isinstance(node, ast.Constant) or not isinstance(node.value, str):
            continue
        if id(node) not in docstrings and " " in node.value:
            yield node.lineno, node.value


def slips(text: str) -> list[str]:
    """The forbidden phrases in a text; anything between backticks is code."""
    return FORBIDDEN.findall(re.sub(r"`[^`]*`", "", " ".join(text.split())))


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_documents_use_plain_words(path: Path) -> None:
    assert slips(path.read_text(encoding="utf-8")) == []


def test_pages_and_messages_use_plain_words() -> None:
    found = [
        (str(path.relative_to(ROOT)), line, slips(text))
        for path in MODULES
        for line, text in literals(path.read_text(encoding="utf-8"))
        if slips(text)
    ]
    assert found == []


def test_rules_use_plain_words() -> None:
    found = [(rule.id, slips(f"{rule.title} {rule.message} {rule.guidance}")) for rule in catalogue.rules()]
    assert [each for each in found if each[1]] == []


def test_indicators_use_plain_words() -> None:
    front = [(path.name, catalogue.read_front_matter(path)[0]) for path in sorted(QUERIES.glob("indicators/*.sql"))]
    found = [(name, slips(" ".join(str(value) for value in facts.values()))) for name, facts in front]
    assert [each for each in found if each[1]] == []


@pytest.mark.parametrize(
    "text",
    [
        "Take the earlier return away",
        "The figures stand here",
        "a text that is mended",
        "25 % more",
        "14 rules not run, for want of a file",
    ],
)
def test_a_slip_is_found(text: str) -> None:
    assert slips(text)


@pytest.mark.parametrize("text", ["Amended plans", "`at once`", "25% more", "We recommend this", "thought"])
def test_what_only_looks_like_a_slip_is_not(text: str) -> None:
    assert slips(text) == []
