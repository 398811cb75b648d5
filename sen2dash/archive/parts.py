"""The parts of a working file that are not just bytes: how each is written, and checked when it is read.

Nothing in a working file is trusted, whoever made it: each part is a model that refuses what the program could not
have written.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType
from typing import Annotated, Literal

import pyarrow as pa
from pydantic import AliasChoices, Field, NaiveDatetime, StringConstraints, model_validator

from sen2dash import RELEASE
from sen2dash.checks import marks, teams
from sen2dash.checks.dfe_numbers import NUMBER, Numbers
from sen2dash.errors import BadTeams
from sen2dash.model import Frozen
from sen2dash.reading.publication import ImportSummary
from sen2dash.reading.register import READ, RegisterReading
from sen2dash.reading.teams import MAX_LINES, TeamLine, TeamList, check_groups
from sen2dash.reference.pupils import Kind, PupilFigureKey
from sen2dash.reference.releases import Published, carried, with_pupils, with_release
from sen2dash.spec.columns import ESTABLISHMENT_COLUMNS

DATES = ("open_date", "close_date")
FileName = Annotated[str, StringConstraints(max_length=255)]
RuleId = Annotated[str, StringConstraints(pattern=r"^[A-Z][0-9]{2}[A-Z]?$")]
Count = Annotated[int, Field(ge=0, lt=2**53)]
Amount = Annotated[str, StringConstraints(pattern=r"^(x|z|[0-9]{1,12}(\.[0-9]{1,12})?)?$")]
Period = Annotated[str, StringConstraints(pattern=r"^20[0-9]{2}(-01)?$")]
Year = Annotated[str, StringConstraints(pattern=r"^20[0-9]{2}$")]


class Details(Frozen):
    """What belongs to the files of the return: names, the times when they were loaded, and the settings chosen."""

    name: FileName
    taken_at: NaiveDatetime
    is_made_up: bool = False
    previous_name: FileName = ""
    older_name: FileName = ""
    before_name: FileName = ""
    before_taken_at: NaiveDatetime | None = None
    establishments_name: FileName = ""
    teams_name: FileName = ""
    twenty_weeks_days: int = Field(ge=139, le=140)
    include_challenged: bool
    saved_at: NaiveDatetime
    release: str = RELEASE


class SavedMarks(Frozen):
    """The marks of findings, a list for each column."""

    rule_id: tuple[RuleId, ...]
    met_table: tuple[str, ...]
    met_row: tuple[Count, ...]
    item: tuple[str, ...]
    place: tuple[Count, ...]
    mark: tuple[marks.Mark, ...]

    @model_validator(mode="after")
    def _are_equally_long(self) -> SavedMarks:
        if len({len(getattr(self, name)) for name in marks.SCHEMA.names}) != 1:
            raise ValueError("the columns differ in length")
        keys = (self.rule_id, self.met_table, self.met_row, self.item, self.place)
        if len(set(zip(*keys, strict=True))) != len(self.mark):
            raise ValueError("a finding is marked twice")
        return self

    @classmethod
    def from_rows(cls, rows: pa.Table) -> SavedMarks:
        """Make it from rows with the columns of `marks.SCHEMA`."""
        return cls(**{name: tuple(rows.column(name).to_pylist()) for name in marks.SCHEMA.names})

    def table(self) -> pa.Table:
        """Return the rows."""
        return pa.table({name: list(getattr(self, name)) for name in marks.SCHEMA.names}, schema=marks.SCHEMA)


class SavedNumbers(Frozen):
    """The DfE's rule numbers from a list."""

    by_rule: Mapping[RuleId, Annotated[str, StringConstraints(pattern=f"^{NUMBER.pattern}$")]]
    faults: tuple[str, ...] = ()
    n_without: Count = 0

    @classmethod
    def from_numbers(cls, numbers: Numbers) -> SavedNumbers:
        """Make it from the numbers of a session."""
        return cls(by_rule=dict(numbers.by_rule), faults=numbers.faults, n_without=numbers.n_without)

    def numbers(self) -> Numbers:
        """Return them as a session holds them."""
        return Numbers(MappingProxyType(dict(self.by_rule)), self.faults, self.n_without)


class SavedRegister(Frozen):
    """A register of establishments as it was read: texts by column, and the two dates."""

    texts: Mapping[str, tuple[str | None, ...]]
    dates: Mapping[str, tuple[date | None, ...]]
    n_rows: Count
    n_open: Count
    as_of: date | None
    faults: Mapping[str, str]
    notes: tuple[str, ...]

    @model_validator(mode="after")
    def _is_a_register(self) -> SavedRegister:
        columns = {*self.texts, *self.dates}
        if (
            columns != set(ESTABLISHMENT_COLUMNS)
            or set(self.dates) != set(DATES)
            or not self.faults.keys() <= set(READ)
        ):
            raise ValueError("the columns are not those of a register")
        if len({len(column) for column in (*self.texts.values(), *self.dates.values())}) != 1:
            raise ValueError("the columns differ in length")
        return self

    @classmethod
    def from_reading(cls, register: RegisterReading) -> SavedRegister:
        """Make it from the register of a session."""
        columns = {name: tuple(register.table.column(name).to_pylist()) for name in ESTABLISHMENT_COLUMNS}
        return cls(
            texts={name: values for name, values in columns.items() if name not in DATES},
            dates={name: columns[name] for name in DATES},
            n_rows=register.n_rows,
            n_open=register.n_open,
            as_of=register.as_of,
            faults=dict(register.faults),
            notes=register.notes,
        )

    def register(self) -> RegisterReading:
        """Return it as a session holds it."""
        columns = {
            name: pa.array(self.dates[name], pa.date32()) if name in DATES else pa.array(self.texts[name], pa.string())
            for name in ESTABLISHMENT_COLUMNS
        }
        return RegisterReading(
            pa.table(columns), self.n_rows, self.n_open, self.as_of, MappingProxyType(dict(self.faults)), self.notes
        )


class SavedFigure(Frozen):
    """One published figure, as in reference/figures.csv."""

    series: str
    period: Period
    area: str
    number: Amount
    percent: Amount
    note: str
    release: Year


class SavedBreakdown(Frozen):
    """Published counts by category, as in reference/breakdowns.csv."""

    #: The older name is still read.
    indicator: str = Field(validation_alias=AliasChoices("indicator", "measure"))
    characteristic: str
    period: Period
    area: str
    release: Year
    numbers: Annotated[Mapping[str, Amount], Field(max_length=200)]


class SavedPupils(Frozen):
    """Published figures of pupils with a plan."""

    kind: Kind
    year: Annotated[int, Field(ge=2000, le=2099)]
    terms: Annotated[tuple[Literal["autumn", "spring", "summer"], ...], Field(min_length=1, max_length=3)]
    area: Annotated[str, StringConstraints(pattern=r"^(England|E1[23][0-9]{6}|[0-9]{3})$")]
    values: Annotated[Mapping[str, Amount], Field(max_length=20)]


class SavedFigures(Frozen):
    """The published figures that a session added to those of the program, and what was read of their files."""

    figures: tuple[SavedFigure, ...]
    breakdowns: tuple[SavedBreakdown, ...]
    summary: ImportSummary
    pupils: tuple[SavedPupils, ...] = ()

    @classmethod
    def from_published(cls, published: Published, summary: ImportSummary) -> SavedFigures:
        """Make it from the figures of a session: only those that do not come with the program."""
        known = carried()
        return cls(
            figures=tuple(
                SavedFigure(series=series, area=area, **row._asdict())
                for (series, year, area), row in published.figures.items()
                if known.figures.get((series, year, area)) != row
            ),
            breakdowns=tuple(
                SavedBreakdown(indicator=indicator, characteristic=characteristic, area=area, **each._asdict())
                for (indicator, characteristic, year, area), each in published.breakdowns.items()
                if known.breakdowns.get((indicator, characteristic, year, area)) != each
            ),
            summary=summary,
            pupils=tuple(
                SavedPupils(**place._asdict(), values=dict(values)) for place, values in published.pupils.items()
            ),
        )

    def published(self, known: Published) -> Published:
        """Return the known figures with these added."""
        counts = [
            {**each.model_dump(exclude={"numbers"}), "category": category, "number": number}
            for each in self.breakdowns
            for category, number in each.numbers.items()
        ]
        pupils = {PupilFigureKey(each.kind, each.year, each.terms, each.area): each.values for each in self.pupils}
        return with_pupils(with_release(known, [each.model_dump() for each in self.figures], counts), pupils)


Text = Annotated[str, StringConstraints(max_length=100_000)] | None


class SavedMatch(Frozen):
    """A near match that was accepted. person: as linked files identify a person; child: UPN, date of birth and sex."""

    person: tuple[Text, date | None, Text, Text, Text, Text]
    child: tuple[Text, date | None, Text]


class SavedTeams(Frozen):
    """A list of teams as it was read."""

    lines: tuple[TeamLine, ...] = Field(min_length=1, max_length=MAX_LINES)
    broken: dict[str, tuple[Count, ...]] = {}
    notes: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _check(self) -> SavedTeams:
        if not self.broken.keys() <= teams.BROKEN.keys():
            raise ValueError("an unknown reason")
        try:
            check_groups(self.teams())
        except BadTeams:
            raise ValueError("too many teams, or none") from None
        return self

    @classmethod
    def from_list(cls, found: TeamList) -> SavedTeams:
        """Keep a list."""
        return cls(lines=found.lines, broken=dict(found.broken), notes=found.notes)

    def teams(self) -> TeamList:
        """Return the list."""
        return TeamList(self.lines, self.broken, self.notes)
