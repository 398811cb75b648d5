"""Find the people of a list of teams in a return, and keep their teams in its store. Nobody is guessed.

A line counts by its UPN; if nobody in the return has it, by its ULN; then by surname, forename and date of birth. A
line that fits two people, or nobody, is reported and used for no one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sen2dash.checks import catalogue
from sen2dash.folding import folded
from sen2dash.reading.teams import TeamLine, TeamList
from sen2dash.store.database import Store, TeamRow

#: The number of lines that a sentence names.
MAX_NAMED = 20
UNKNOWN = "nobody in the return has this UPN, ULN, or name and date of birth"
SEVERAL = "two or more people in the return fit"
NO_TEAM = "there is no team or case worker"
OTHER_TEAM = "an earlier line gives the person another team or case worker, which is kept"
BAD_DATE = "the date of birth could not be read, or could be in two orders"
NO_KEY = "there is no UPN or ULN, and the name and date of birth are not complete"
BROKEN: Mapping[str, str] = {
    "quotation mark out of place": "a quotation mark is out of place",
    "too few cells": "there are fewer cells than the heading names",
    "too many cells": "there are more cells than the heading names",
}


@dataclass(frozen=True, eq=False)
class Teams:
    """The teams of a return's people.

    names: the teams in alphabetical order or, if the list has no teams, the case workers. has_teams: which of the two.
    n_lines: lines of the list; n_matched: how many of them are about a person in the return. n_people: people in the
    return; n_without: how many of them have no team. faults: why lines were not used, mapped to their numbers.
    """

    names: tuple[str, ...]
    has_teams: bool
    n_lines: int
    n_matched: int
    n_people: int
    n_without: int
    faults: Mapping[str, tuple[int, ...]]
    notes: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        """What the names are."""
        return "Team" if self.has_teams else "Case worker"

    def faults_in_words(self) -> tuple[str, ...]:
        """One sentence for each reason, with the first lines, and the notes on the file."""
        return (*(_fault(why, lines) for why, lines in self.faults.items()), *self.notes)


def use(store: Store, found: TeamList | None) -> Teams | None:
    """Keep the teams of a list in the store, replacing earlier ones. None: of no list."""
    if found is None:
        store.load_teams([])
        return None
    teams, rows = _matched(store, found)
    store.load_teams(rows)
    return teams


def _matched(store: Store, found: TeamList) -> tuple[Teams, list[TeamRow]]:
    has_teams = found.has_teams
    spellings = _Spellings()
    finder = _Finder(store.rows(catalogue.list_sql("people_known_by")))
    faults: defaultdict[str, list[int]] = defaultdict(list)
    by_person: dict[int, tuple[str, str]] = {}
    n_matched = 0
    for line in found.lines:
        person, why = finder.find(line)
        label = (spellings.first_spelling(line.team), spellings.first_spelling(line.case_worker))
        n_matched += person is not None
        if person is None:
            faults[why].append(line.line)
        elif not any(label):
            faults[NO_TEAM].append(line.line)
        elif by_person.setdefault(person, label) != label:
            faults[OTHER_TEAM].append(line.line)
    for reason, lines in found.broken.items():
        faults[BROKEN[reason]].extend(lines)
    names = _in_order({label[0] if has_teams else label[1] for label in by_person.values()} - {""})
    n_with = sum(1 for team, worker in by_person.values() if (team if has_teams else worker))
    teams = Teams(
        names=names,
        has_teams=has_teams,
        n_lines=len(found.lines) + sum(map(len, found.broken.values())),
        n_matched=n_matched,
        n_people=finder.n_people,
        n_without=finder.n_people - n_with,
        faults={why: tuple(sorted(lines)) for why, lines in faults.items()},
        notes=found.notes,
    )
    rows = [
        (person, (team if has_teams else worker) or None, team or None, worker or None)
        for person, (team, worker) in by_person.items()
    ]
    return teams, rows


class _Spellings:
    """One spelling of each name: the first in the list, whatever the capitals and spaces of the others."""

    def __init__(self) -> None:
        self._first: dict[str, str] = {}

    def first_spelling(self, name: str) -> str:
        """Return the spelling to use."""
        return self._first.setdefault(name.casefold(), name) if name else ""


class _Finder:
    """People by UPN, by ULN, and by names and date of birth."""

    def __init__(self, people: Iterable[Mapping[str, Any]]) -> None:
        self._by: tuple[defaultdict[Any, list[int]], ...] = (defaultdict(list), defaultdict(list), defaultdict(list))
        self.n_people = 0
        for row in people:
            self.n_people += 1
            keys = (row["upn"], row["uln"], _name_key(row["surname"], row["forename"], row["birth_date"]))
            for by, key in zip(self._by, keys, strict=True):
                if key:
                    by[key].append(row["person_id"])

    def find(self, line: TeamLine) -> tuple[int | None, str]:
        """Return the person whom a line is about, or None and the reason."""
        name = _name_key(folded(line.surname), folded(line.forename), line.birth_date)
        keys = (line.upn, line.uln, name)
        for by, key in zip(self._by, keys, strict=True):
            if key and (people := by.get(key)):
                return (people[0], "") if len(people) == 1 else (None, SEVERAL)
        if line.is_bad_date and not line.upn and not line.uln:
            return None, BAD_DATE
        return None, UNKNOWN if any(keys) else NO_KEY


def _name_key(surname: str | None, forename: str | None, birth_date: object) -> tuple[object, ...] | None:
    return (surname, forename, birth_date) if surname and forename and birth_date else None


def _in_order(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(names, key=lambda name: (folded(name), name)))


def _fault(why: str, lines: Sequence[int]) -> str:
    named = ", ".join(f"{line:,}" for line in lines[:MAX_NAMED])
    more = f" and {len(lines) - MAX_NAMED:,} more" if len(lines) > MAX_NAMED else ""
    return f"{'Line' if len(lines) == 1 else 'Lines'} {named}{more}: {why}."
