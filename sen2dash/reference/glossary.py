"""The glossary: the words of the return and what they mean, for help on the pages and for docs/glossary.md."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache

from sen2dash.csv_files import read_rows
from sen2dash.reference import HERE

INTRODUCTION = """# Glossary

The words of the SEN2 return as sen2dash uses them. Where a term decides whether a record counts, the exact rule is in
`queries/macros.sql` and `queries/views/`.

| Term | Meaning |
|---|---|
"""


@cache
def meanings() -> Mapping[str, str]:
    """Return every term with its meaning, in alphabetical order."""
    return {row["term"]: row["meaning"] for row in read_rows(HERE / "glossary.csv")}


def matching(words: str) -> Iterator[tuple[str, str]]:
    """Yield the terms that contain every word, or whose meaning does: first those whose term begins with the text."""
    wanted = words.lower().split()
    found = [
        (term, meaning)
        for term, meaning in meanings().items()
        if all(word in f"{term} {meaning}".lower() for word in wanted)
    ]
    yield from sorted(found, key=lambda entry: not entry[0].lower().startswith(words.lower().strip()))


def document() -> str:
    """Return the glossary as Markdown."""
    return INTRODUCTION + "".join(f"| {term} | {meaning} |\n" for term, meaning in meanings().items())
