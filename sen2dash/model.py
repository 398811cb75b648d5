"""The data types that every layer uses, as frozen pydantic models. They have no behaviour except reading them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator

from sen2dash import sources
from sen2dash.text import long_date

#: What a finding can affect: a published figure or whether a record is counted; whether the DfE can match the person;
#: whether the record is complete; or only the format of the file. In the order in which to correct them.
Affects = Literal["figures", "matching", "record", "format"]
Severity = Literal["error", "query", "info"]
Status = Literal["clear", "found", "not_run", "not_applicable", "broken"]
SEVERITIES: tuple[Severity, ...] = ("error", "query", "info")
MODULES = ("header", "person", "requests", "assessment", "namedplan", "activeplans", "whole_return")
MODULE_LABELS: Mapping[str, str] = {
    "header": "Header and file",
    "person": "Module 1: Person details",
    "requests": "Module 2: Requests",
    "assessment": "Module 3: Assessments",
    "namedplan": "Module 4: Named plan",
    "activeplans": "Module 5: Placements, needs and reviews",
    "whole_return": "Whole return",
}
SEVERITY_LABELS: Mapping[str, str] = {"error": "Error", "query": "Query", "info": "Information"}


class Frozen(BaseModel):
    """Base: a model cannot change after it is made, and accepts no unknown fields."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Rule(Frozen):
    """One rule: the front matter of its SQL file and the SELECT that returns the offenders.

    withheld: whether the DfE has withheld figures of authorities with such a return. An id that starts with X is for
    your own rules: the specification has no such ids, so it never clashes with another rule.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)

    id: str = Field(pattern=r"^[HPRANMTX][0-9]{2}[A-Z]?$")
    severity: Severity | dict[int, Severity]
    affects: Affects = "record"
    #: The effect of the findings on a figure, in numbers: '{n} plan{s} cannot be counted'.
    effect: str | None = Field(default=None, pattern=r"^\{n\} ")
    title: str = Field(min_length=4, max_length=90)
    message: str = Field(min_length=4)
    guidance: str = Field(min_length=40)
    module: str
    table: str
    fields: tuple[str, ...] = ()
    years: tuple[int | None, int | None]
    source: str = Field(min_length=2)
    needs: Literal["earlier_return", "last_year", "establishments", "xml"] | None = None
    #: The columns of the register (as in the store) that the rule cannot run without; used with needs: establishments.
    needs_columns: tuple[str, ...] = ()
    dfe: str | None = None
    withheld: bool = False
    sql: str = Field(min_length=10)
    path: str

    @field_validator("severity")
    @classmethod
    def _has_a_first_year(cls, value: Severity | dict[int, Severity]) -> Severity | dict[int, Severity]:
        if isinstance(value, dict) and not value:
            raise ValueError("a severity by year needs at least one year")
        return value

    @field_validator("source")
    @classmethod
    def _cites_known_documents(cls, value: str) -> str:
        sources.citations(value)
        return value

    @field_validator("module")
    @classmethod
    def _known_module(cls, value: str) -> str:
        if value not in MODULES:
            raise ValueError(f"module is not one of {', '.join(MODULES)}")
        return value

    @property
    def is_own(self) -> bool:
        """Whether an authority added the rule, with its own id."""
        return self.id.startswith("X")

    @property
    def label(self) -> str:
        """The id, with the DfE's number if it is known: 'P15 (DfE 2030)'."""
        return rule_label(self.id, self.dfe)

    def severity_in(self, year: int) -> Severity:
        """Return the severity in the rules of this return year: the latest entry that is not after it."""
        if isinstance(self.severity, dict):
            reached = [first for first in sorted(self.severity) if first <= year] or [min(self.severity)]
            return self.severity[reached[-1]]
        return self.severity

    def applies_in(self, year: int) -> bool:
        """Whether the rule belongs to this return year."""
        first, last = self.years
        return (first is None or first <= year) and (last is None or year <= last)


class RuleOutcome(Frozen):
    """The outcome of one rule for one return."""

    rule: Rule
    severity: Severity
    status: Status
    count: int = 0
    people: int = 0
    reason: str | None = None


class Finding(Frozen):
    """One finding: the row it is about, where that row is in the file, and the values that show it."""

    rule_id: str
    severity: Severity
    person: int | None
    table: str
    row_id: int | None
    line: int | None
    path: str | None
    field: str | None
    value: str | None
    detail: str | None


class Collection(Frozen):
    """Which return this is, and the dates that follow from it.

    year: the return year, which has the January census day. The return reports on the calendar year before it (the
    collection year), from year_start to year_end. rules_of: the return year whose layout, codes, severities and rules
    are used; earlier than `year` for a coming year, whose specification is not part of the product.
    """

    year: int
    rules_of: int
    census_date: date
    year_start: date
    year_end: date
    august_31: date
    lea: str | None

    @property
    def is_coming(self) -> bool:
        """Whether the specification of this return year is not part of the product yet."""
        return self.rules_of != self.year

    @property
    def label(self) -> str:
        """For headings: 'SEN2 2025, census day 16 January 2025'; for a coming year, with the year of the rules."""
        rules = f", checked with the rules of {self.rules_of}" if self.is_coming else ""
        return f"SEN2 {self.year}, census day {long_date(self.census_date)}{rules}"


class Progress(Frozen):
    """How far a report has come: done of total in the unit of the stage."""

    stage: Literal["reading", "checking"]
    done: int
    total: int
    label: str = ""

    @property
    def fraction(self) -> float:
        """The progress as a number between 0 and 1."""
        return min(1.0, self.done / self.total) if self.total else 1.0


Unit = Literal["people", "requests", "assessments", "plans"]
INDICATOR_GROUPS: Mapping[str, str] = {
    "requests": "Requests",
    "assessments": "Assessments",
    "plans": "EHC plans",
    "timeliness": "Timeliness",
    "reviews": "Annual reviews",
    "mediation and tribunal": "Mediation and tribunal",
    "ceased": "Ceased plans",
}


class Indicator(Frozen):
    """One indicator: the front matter of its SQL file and the SELECT that returns its members.

    is_count: the indicator is a number, not a rate. age_at: the date at which age is taken. place: its position in
    the list of indicators. published_as: the published figure to compare with, `series/breakdown`. from_year: the first
    return year that holds the items that it counts; earlier returns have no such figure.
    """

    id: str = Field(pattern=r"^[a-z0-9_]+$")
    place: int = Field(ge=1)
    title: str = Field(min_length=4, max_length=90)
    unit: Unit
    group: str
    definition: str = Field(min_length=20)
    base: str = Field(min_length=4)
    age_at: Literal["aug31", "ReceivedDate", "StartDate", "CeaseDate"]
    published_as: str | None
    is_count: bool
    from_year: int | None = None
    note: str | None = None
    source: str = Field(min_length=2)
    sql: str = Field(min_length=10)
    path: str

    @field_validator("group")
    @classmethod
    def _known_group(cls, value: str) -> str:
        if value not in INDICATOR_GROUPS:
            raise ValueError(f"group is not one of {', '.join(INDICATOR_GROUPS)}")
        return value

    def exists_in(self, year: int) -> bool:
        """Whether a return of this year holds the items that the indicator counts."""
        return self.from_year is None or self.from_year <= year

    @property
    def age_label(self) -> str:
        """For the heading of a breakdown by age: 'Age when the request was received'."""
        return {
            "aug31": "Age on 31 August before census day",
            "ReceivedDate": "Age when the request was received",
            "StartDate": "Age when the plan started",
            "CeaseDate": "Age when the plan ceased",
        }[self.age_at]


class IndicatorResult(Frozen):
    """One indicator for one return, or for a cohort of it. For a plain count, the numerator is the denominator.

    reason: why the indicator could not be run. The numbers are then 0 and mean nothing.
    is_not_given: it could not be run because the return lacks a table, which is no fault of the program.
    """

    indicator: Indicator
    numerator: int = 0
    denominator: int = 0
    reason: str | None = None
    is_not_given: bool = False

    @property
    def is_broken(self) -> bool:
        """Whether the indicator could not be run."""
        return self.reason is not None

    @property
    def value(self) -> float | None:
        """Numerator over denominator, not rounded; None if the denominator is 0 or the indicator is broken."""
        return share_of(self.numerator, self.denominator) if self.reason is None else None


class CategoryPart(Frozen):
    """One part of a breakdown: a category, or a pair of categories, with its counts.

    keys and labels: one or two, in the order of the characteristics asked for. For a count of people, and for a plain
    count, numerator and denominator are the same.
    """

    keys: tuple[str, ...]
    labels: tuple[str, ...]
    numerator: int
    denominator: int

    @property
    def value(self) -> float | None:
        """Numerator over denominator, not rounded; None if the denominator is 0."""
        return share_of(self.numerator, self.denominator)


class Cohort(Frozen):
    """The chosen categories of each characteristic, both in the order of the reference data. Empty: everyone.

    Made by `cohort.choose`, which knows the characteristics. It can be used as a key.
    """

    chosen: tuple[tuple[str, tuple[str, ...]], ...] = ()

    @property
    def is_everyone(self) -> bool:
        """Whether nothing is chosen."""
        return not self.chosen


def rule_label(rule_id: str, dfe: str | None) -> str:
    """Return the id of a rule, with the DfE's number if it is known."""
    return f"{rule_id} (DfE {dfe})" if dfe else rule_id


def share_of(numerator: int, denominator: int) -> float | None:
    """Return a share between 0 and 1, not rounded; None if the denominator is 0."""
    return numerator / denominator if denominator else None


@dataclass
class Facts:
    """Facts about the whole file. The counts are of the containers that occur once in the layout.

    form: xml, or a key of `reading.other.forms.NAMES`.
    n_unread_persons, unread_persons: how many Person elements were in places that are not read, and a description of
    the places.
    """

    size: int = 0
    sha256: str = ""
    form: str = "xml"
    encoding: str = "utf-8"
    year: int = 0
    persons: int = 0
    n_header: int = 0
    n_collection_details: int = 0
    n_source: int = 0
    n_persons_groups: int = 0
    n_unread_persons: int = 0
    unread_persons: str = ""
