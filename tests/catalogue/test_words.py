"""No text that people read uses a phrase that nobody would say. The list grows with the findings of reviews.

It finds the phrases listed here and nothing else: it takes the place of a prose checker, as DECISIONS.md explains.
"""

import ast
import csv
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
    (r"(?:it|that) is no (?!longer)\w+", "is not a"),
    (r"\d+ %", "5%, without a space"),
    (r"(?:an?|the|this|each|every|no|two|20-week) measures?", "indicator"),
    (r"bytes that no text has", "bytes that are not text"),
    (r"stands? (?:with|under|beside)", "is with, is under; 'returns record this on the plan'"),
    (r"keys? of (?:its|their) time", "the key in use when they were made"),
    (r"(?:one|an?) (?!that\b)\w+ an? (?:child|file|finding|line|person|row|rule|team)", "one row per person"),
    (r"(?:one|an?) (?:finding|line|row|sheet) an? \w+", "one row per person"),
    (r"one an? (?:line|person|row)", "one per line"),
    (r"do(?:es)? not compare(?= with that|[.,;]|$)", "cannot be compared"),
    (r"in no figure", "does not count in any figure"),
    (r"names of today", "current names"),
    (r"(?:was|were) not told who", "does not know who"),
    (r"tak(?:e|es|ing) (?:it|them) in", "include"),
    (r"nor are [\d{][^.]*", "3 more lines are not ... either"),
    (r"(?:come|came) (?:this|that) far", "reached this step"),
    (r"how far [^.?!]{1,40} came", "how far ... got"),
    (r"waits here", "is waiting here"),
    (r"the darker, the more", "darker cells have more"),
    (r"all that it is a share of", "everyone in the base"),
    (r"holds? (?:this|it) from", "have included this since 2024"),
    (r"nobody (?:moved this|in it was)", "no one's record"),
)
#: Titles that the specification gives, word for word.
GIVEN = ("Placement module stands under another request",)
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
    "sen2dash/charts",
    "sen2dash/commands",
    "sen2dash/compare",
    "sen2dash/indicators",
    "sen2dash/linked",
    "sen2dash/reference",
    "sen2dash/sample",
    "sen2dash/spec",
    "sen2dash/store",
    "sen2dash/web",
)
MEMBERS = sorted((*QUERIES.glob("indicators/*.sql"), *QUERIES.glob("further/*.sql")))
MODULES = (
    *(path for folder in READ_BY_PEOPLE for path in sorted((ROOT / folder).rglob("*.py"))),
    *(ROOT / "sen2dash" / name for name in ("cli.py", "terminal.py", "config.py", "errors.py", "main.py", "model.py")),
)
#: Where docstrings and comments are read as well.
CODE = tuple(
    path
    for folder, kind in (("pages", "py"), ("sen2dash", "py"), ("tools", "py"), ("queries", "sql"))
    for path in sorted((ROOT / folder).rglob(f"*.{kind}"))
)
#: Columns of data files with texts that people read. The texts of items and codes are the specification's.
TEXTS = {
    "reference/attainment_not_held.csv": ("note",),
    "reference/categories.csv": ("label", "note"),
    "reference/caveats.csv": ("note",),
    "reference/census_characteristics.csv": ("label", "definition"),
    "reference/characteristics.csv": ("label", "definition"),
    "reference/glossary.csv": ("term", "meaning"),
    "reference/publication_corrections.csv": ("note",),
    "reference/series_breaks.csv": ("note",),
    "spec/sources.csv": ("title",),
}
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
    """The forbidden phrases in a text; anything between backticks is code, and titles that are given may say it."""
    text = re.sub(r"`[^`]*`", "", " ".join(text.split()))
    for title in GIVEN:
        text = text.replace(title, "")
    return FORBIDDEN.findall(text)


def remarks(path: Path) -> Iterator[str]:
    """The docstrings of a Python file, and the comments that have lines of their own; in SQL, the comments."""
    source = path.read_text(encoding="utf-8")
    if path.suffix == ".py":
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
                yield ast.get_docstring(node) or ""
    mark = {".py": "#:?", ".sql": "--"}[path.suffix]
    for block in re.findall(rf"^ *{mark}.*(?:\n *{mark}.*)*", source, re.MULTILINE):
        yield re.sub(rf"^ *{mark}", "", block, flags=re.MULTILINE)


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
    found = [
        (rule.id, slips(f"{rule.title}\n{rule.message} {rule.guidance} {rule.effect}")) for rule in catalogue.rules()
    ]
    assert [each for each in found if each[1]] == []


def test_indicators_use_plain_words() -> None:
    front = [(path.name, catalogue.read_front_matter(path)[0]) for path in MEMBERS]
    found = [(name, slips(" ".join(str(value) for value in facts.values()))) for name, facts in front]
    assert [each for each in found if each[1]] == []


@pytest.mark.parametrize("name", TEXTS)
def test_data_uses_plain_words(name: str) -> None:
    with (ROOT / "sen2dash" / name).open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert rows
    assert [row for row in rows if slips("\n".join(row[column] for column in TEXTS[name]))] == []


def test_docstrings_and_comments_use_plain_words() -> None:
    found = [(str(path.relative_to(ROOT)), slips(text)) for path in CODE for text in remarks(path)]
    assert [each for each in found if each[1]] == []


@pytest.mark.parametrize(
    "text",
    [
        "Take the earlier return away",
        "The figures stand here",
        "a text that is mended",
        "25 % more",
        "14 rules not run, for want of a file",
        "In a 2023 return this stands with the plan",
        "Backups still open with the key of their time",
        "One row a finding of some rules",
        "a sheet a team",
        "so published shares by sex do not compare.",
        "How far the year's requests came",
    ],
)
def test_a_slip_is_found(text: str) -> None:
    assert slips(text)


@pytest.mark.parametrize(
    "text",
    [
        "Amended plans",
        "`at once`",
        "25% more",
        "We recommend this",
        "thought",
        "if it is no longer there",
        "one that a person came from",
        "Do not compare it with the rate of 2024",
        "Placement module stands under another request",
    ],
)
def test_what_only_looks_like_a_slip_is_not(text: str) -> None:
    assert slips(text) == []
