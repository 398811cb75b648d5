"""Where a rule comes from: the documents that rules cite, with their titles and addresses.

The list is in sen2dash/spec/sources.csv, the only place that holds addresses. A rule names one or more documents,
separated by `; `, each with the place in it: `DfE specification 2025, 2.2; Common Basic Data Set, CS116`.
A document that is not in the list is refused, so no rule can cite a document that nobody can find.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType

from sen2dash.csv_files import read_rows

LIST = Path(__file__).resolve().parent / "spec" / "sources.csv"
BETWEEN = "; "
#: Sources that are not documents: the name is enough, and no place in them can be given.
NO_PLACE = ("Logic check", "sen2dash")


@dataclass(frozen=True)
class Document:
    """One document in the list. address: where the public can read it; empty if there is no such place."""

    name: str
    title: str
    address: str


@dataclass(frozen=True)
class Citation:
    """A document, and the place in it: '2.2', 'CS116', 'regulation 5'; empty for all of it."""

    document: Document
    place: str

    @property
    def place_in_words(self) -> str:
        """Return the place in words: 'section 2.2', 'code set CS116'."""
        if self.place[:1].isdigit():
            return f"section{'s' if ' and ' in self.place else ''} {self.place}"
        return f"code set {self.place}" if self.place.startswith("CS") else self.place

    @property
    def words(self) -> str:
        """Without links: 'DfE specification 2025, section 2.2', 'Logic check: not in the DfE specification'."""
        if self.document.name in NO_PLACE:
            return f"{self.document.name}: {self.document.title[:1].lower()}{self.document.title[1:]}"
        return ", ".join(filter(None, (self.document.name, self.place_in_words)))

    @property
    def markdown(self) -> str:
        """With a link, if the public can read the document."""
        if not self.document.address:
            return self.words
        link = f"[{self.document.name}]({self.document.address})"
        return ", ".join(filter(None, (link, self.place_in_words)))


@cache
def documents() -> Mapping[str, Document]:
    """Return every document that a rule may cite, by its name."""
    return MappingProxyType(
        {row["source"]: Document(row["source"], row["title"], row["address"]) for row in read_rows(LIST)}
    )


def citations(source: str) -> tuple[Citation, ...]:
    """Read the citations in a rule's source. Raises ValueError for an unknown document or a wrong format."""
    found = []
    for part in source.split(BETWEEN):
        name, comma, place = part.partition(", ")
        document = documents().get(name)
        if document is None:
            raise ValueError(f"'{name}' is not a document of {LIST.name}")
        if comma and (not place.strip() or name in NO_PLACE):
            raise ValueError(f"'{part}' is not a document, or a document, a comma and the place in it")
        found.append(Citation(document, place))
    return tuple(found)


def in_markdown(source: str) -> str:
    """Write the source of a rule with links to the documents. It contains nothing from a return."""
    return BETWEEN.join(citation.markdown for citation in citations(source))
