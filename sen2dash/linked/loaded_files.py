"""The linked files of one visit: what was read of each kind, what became of its rows, and near matches accepted.

Of pupils, only rows of people in the return and of candidates of near matches are in it. They are matched again when
the next version of the return is loaded, and those of children who are gone are dropped.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from sen2dash.checks.report import Report
from sen2dash.linked.attainment import AttainmentFigures
from sen2dash.linked.census import CensusFigures
from sen2dash.linked.inspections import InspectionFigures
from sen2dash.linked.matching import (
    AcceptedMatch,
    LinkedFigures,
    Pair,
    Readings,
    Tick,
    accepted_again,
    link_readings,
    read_given,
)
from sen2dash.reading.linked.given import GivenFile, uploads
from sen2dash.reading.linked.recognise import by_kind
from sen2dash.text import flat, long_date

TITLES: Mapping[str, str] = {
    "census": "School census",
    "attainment": "Prior attainment",
    "inspections": "Inspection outcomes",
}
STAGES: Mapping[str, str] = {
    "eyfsp": "Early years foundation stage profile",
    "phonics": "Phonics screening check",
    "ks1": "Key stage 1",
    "ks2": "Key stage 2",
    "ks4": "Key stage 4",
}
OF_OFSTED: Mapping[str, str] = {
    "schools": "state-funded schools",
    "independent": "independent schools",
    "fe_reports": "further education reports",
    "fe_providers": "further education providers",
}


@dataclass(frozen=True)
class KindOfFile:
    """One kind of file. files: how many were read. used: sentences on its rows. doubtful: what to check, the same.

    kept, dropped: how many rows of the files are kept, and how many are not.
    is_again: whether they were matched with another version of the return than the one that they were added to.
    """

    files: int
    used: tuple[str, ...]
    doubtful: tuple[str, ...]
    kept: int = 0
    dropped: int = 0
    is_again: bool = False


class MatchedFigures(NamedTuple):
    """Figures that were worked out when files were added, and the return that they are of."""

    report: Report
    figures: LinkedFigures


@dataclass(frozen=True)
class LoadedFiles:
    """The linked files of a visit. kinds: those that were added, by name.

    of: authority and year of the return that they were matched with. n_lost: how many near matches were accepted that
    another version of the return ended. waiting: near matches that were accepted, in this visit or that of a working
    file, but that the census does not have: they count again when one that has them is added. matched: the figures of
    exactly these files and near matches, from `add` to `use`, so that they are worked out once.
    """

    readings: Readings = field(default_factory=Readings)
    kinds: Mapping[str, KindOfFile] = field(default_factory=dict)
    accepted: tuple[AcceptedMatch, ...] = ()
    of: tuple[str | None, int] | None = None
    n_lost: int = 0
    waiting: tuple[Pair, ...] = ()
    matched: MatchedFigures | None = field(default=None, compare=False, repr=False)

    @property
    def pairs(self) -> tuple[Pair, ...]:
        """Every near match that was accepted, for a working file."""
        return (*(each.pair for each in self.accepted), *self.waiting)

    def without(self, kind: str) -> LoadedFiles:
        """The same without the files of one kind."""
        kinds = {name: each for name, each in self.kinds.items() if name != kind}
        found = replace(self, readings=replace(self.readings, **{kind: None}), kinds=kinds, matched=None)
        return replace(found, accepted=(), n_lost=0, waiting=self.pairs) if kind == "census" else found

    def accepting(self, more: AcceptedMatch) -> LoadedFiles:
        """The same with one more near match accepted."""
        found = self.not_accepting(more.person)
        return replace(found, accepted=(*found.accepted, more), matched=None)

    def not_accepting(self, person: tuple[object, ...]) -> LoadedFiles:
        """The same without the accepted near match of a person."""
        return replace(
            self,
            accepted=tuple(each for each in self.accepted if each.person != person),
            waiting=tuple(each for each in self.waiting if each.person != person),
            matched=None,
        )


def add(
    report: Report,
    held: LoadedFiles,
    named: Sequence[tuple[str, bytes]],
    tick: Tick = lambda *_: None,
    on_match: Callable[[], None] = lambda: None,
) -> LoadedFiles:
    """Read files and keep what matches the return. A kind that is there already is replaced. Raises BadLinkedFile.

    on_match: called when the files have been read.
    """
    given: Mapping[str, list[GivenFile]] = by_kind(uploads(named))
    read = read_given(given, tick)
    on_match()
    added = {kind: getattr(read, kind) for kind in TITLES if kind in given}
    is_census_new = "census" in added
    figures = link_readings(report, replace(held.readings, **added), () if is_census_new else held.accepted)
    new = {kind: KindOfFile(len(given[kind]), *_row_sentences(kind, figures), *_rows(kind, figures)) for kind in added}
    # Of kinds that were there already, no row is dropped: undoing a near match needs the other candidates.
    readings = replace(held.readings, **{kind: getattr(figures.kept, kind) for kind in added})
    found = replace(
        held, readings=readings, kinds={**held.kinds, **new}, of=_of(report), matched=MatchedFigures(report, figures)
    )
    if not is_census_new:
        return found
    accepted = accepted_again(figures, held.pairs)
    again = {each.pair for each in accepted}
    left = tuple(each for each in dict.fromkeys(held.pairs) if each not in again)
    # Near matches that count again change the figures.
    return replace(found, accepted=accepted, n_lost=0, waiting=left, matched=None if accepted else found.matched)


def waiting(report: Report, pairs: Sequence[Pair]) -> LoadedFiles:
    """What is held of a working file, which has the near matches that were accepted but not the linked files."""
    return LoadedFiles(of=_of(report), waiting=tuple(pairs)) if pairs else LoadedFiles()


def use(report: Report, held: LoadedFiles) -> LoadedFiles:
    """Match the files with a return and keep the figures with its report. Without files, nothing is linked.

    Returns what is held, with what there is to check now: a register changes which inspections count.
    """
    figures = _figures(report, held) if held.kinds else None
    _put(report, figures)
    used = replace(held, matched=None)
    if figures is None or figures.inspections is None:
        return used
    found = replace(held.kinds["inspections"], doubtful=figures.inspections.log)
    return replace(used, kinds={**held.kinds, "inspections": found})


def _figures(report: Report, held: LoadedFiles) -> LinkedFigures:
    """What the files say of a return. If they were added to it just now, that is known already."""
    if held.matched is not None and held.matched.report is report:
        return held.matched.figures
    return link_readings(report, held.readings, held.accepted)


def use_next(report: Report, held: LoadedFiles) -> LoadedFiles:
    """Match the files with the next version of the return, and drop the rows of children who are not in it.

    With a return of another authority or year, nothing is kept of them.
    """
    if held.of != _of(report):
        _put(report, None)
        return LoadedFiles()
    if not held.kinds:
        return held
    figures = link_readings(report, held.readings, held.accepted)
    _put(report, figures)
    kinds = {name: _again(name, each, figures) for name, each in held.kinds.items()}
    return LoadedFiles(figures.kept, kinds, figures.accepted, held.of, held.n_lost + figures.n_lost, held.waiting)


def _of(report: Report) -> tuple[str | None, int]:
    return report.collection.lea, report.collection.year


def _put(report: Report, figures: LinkedFigures | None) -> None:
    with report.cache.changing():
        report.store.use_census(figures.census.profile if figures and figures.census else None)
        report.linked = figures
        report.renew()


def _again(name: str, kind: KindOfFile, figures: LinkedFigures) -> KindOfFile:
    """What became of the rows of a kind in the next version. What was odd about the files themselves stays."""
    if name == "census" and figures.census is not None:
        return replace(kind, used=tuple(_used_census(figures.census, is_again=True)), is_again=True)
    used, doubtful = _row_sentences(name, figures)
    return replace(kind, used=used, doubtful=doubtful, is_again=True)


def figures_of(report: Report) -> LinkedFigures | None:
    """What linked files say of a return; None if none were added."""
    return report.linked if isinstance(report.linked, LinkedFigures) else None


def _row_sentences(kind: str, figures: LinkedFigures) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What became of the rows of a kind, and what is doubtful about its files."""
    if kind == "census" and figures.census is not None:
        return tuple(_used_census(figures.census)), figures.census.log
    if kind == "attainment" and figures.attainment is not None:
        return tuple(_used_attainment(figures.attainment)), figures.attainment.log
    assert figures.inspections is not None
    return tuple(_used_inspections(figures.inspections)), figures.inspections.log


def _rows(kind: str, figures: LinkedFigures) -> tuple[int, int]:
    """How many rows of the files of a kind are kept, and how many are not."""
    if kind == "census" and figures.census is not None:
        found = figures.census.rows
        kept = found["exact"] + found["near"]
        return kept, found["rows"] - kept
    if kind == "attainment" and figures.attainment is not None:
        files = figures.attainment.files
        kept = sum(file["kept"] for file in files)
        return kept, sum(file["rows"] for file in files) - kept
    assert figures.inspections is not None
    return sum(file.rows for file in figures.inspections.files), 0


def _used_census(found: CensusFigures, is_again: bool = False) -> Iterator[str]:
    totals, rows = found.totals, found.rows
    yield f"{_n(totals['returns'], 'census return')} of {_n(totals['schools'], 'school')}."
    if is_again:
        yield (
            f"{_n(rows['rows'], 'pupil row')} kept with the version before: {rows['exact']:,} used, {rows['near']:,} "
            f"kept as near matches, {rows['repeated'] + rows['dropped']:,} that fit nobody in this version dropped."
        )
        return
    yield (
        f"{_n(rows['rows'], 'pupil row')}: {rows['exact']:,} used, {rows['near']:,} kept as near matches, "
        f"{rows['repeated']:,} repeated and not used, {rows['dropped']:,} of other children dropped."
    )


def _used_attainment(found: AttainmentFigures) -> Iterator[str]:
    for file in found.files:
        yield (
            f"{STAGES[file['stage']]} ({flat(file['file'])}): {_n(file['rows'], 'row')}, {file['kept']:,} used, "
            f"{file['dropped']:,} of other children dropped, {file['bad']:,} that cannot be used."
        )


def _used_inspections(found: InspectionFigures) -> Iterator[str]:
    for file in found.files:
        when = f"as at {long_date(file.as_at)}" if file.as_at else "date not known"
        yield f"{flat(file.name)}: {OF_OFSTED[file.kind]}, {when}, {_n(file.rows, 'place')}."


def _n(number: int, noun: str) -> str:
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"
