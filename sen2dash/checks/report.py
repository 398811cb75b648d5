"""build_report, the one call that every front end makes, and the report it returns. No front-end text."""

from __future__ import annotations

import mmap
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import pyarrow as pa

from sen2dash import spec
from sen2dash.checks import catalogue, characters, run
from sen2dash.checks.cache import ReportCache
from sen2dash.checks.finding_subset import NO_ROWS, FindingSubset
from sen2dash.checks.teams import Teams
from sen2dash.config import Settings
from sen2dash.errors import TooLarge, UserError
from sen2dash.model import Collection, Facts, Finding, Progress, Rule, RuleOutcome, Severity
from sen2dash.reading import shred
from sen2dash.reading.other import bundle
from sen2dash.reading.other import read as other
from sen2dash.reading.other.read import Origin
from sen2dash.reading.register import RegisterReading
from sen2dash.reference import releases
from sen2dash.reference.releases import Published
from sen2dash.store.database import Store

OnProgress = Callable[[Progress], None]


def _ignore(progress: Progress) -> None:
    """Ignore progress that nobody needs."""


class Closable(Protocol):
    """What is held with a report and closed with it."""

    def close(self) -> None:
        """Free the memory."""


@dataclass
class Report:
    """A return that has been read and checked. It holds the store: close it when the return is no longer needed.

    compare_with: an imported publication to compare with. teams: what a list of teams says of its people, if one was
    added. origin: what it was made from, if not XML; previous_origin: the same of the return to compare with. earlier:
    what is left of earlier returns, to show their figures beside these (`analysis.earlier_years`). linked: what linked
    files say of its people (`linked.loaded_files`).
    """

    store: Store
    facts: Facts
    collection: Collection
    outcomes: tuple[RuleOutcome, ...]
    counts: dict[str, int]
    header: dict[str, str | None]
    cache: ReportCache = field(default_factory=ReportCache)
    compare_with: Published | None = None
    teams: Teams | None = None
    earlier: tuple[Report, ...] = ()
    linked: Closable | None = None
    origin: Origin | None = None
    previous_origin: Origin | None = None

    @property
    def given(self) -> Origin | None:
        """The files whose rows findings name; None where they name lines of XML, also of XML made from such files."""
        return None if self.origin is None or self.origin.is_xml else self.origin

    @property
    def published(self) -> Published:
        """The published figures that it is compared with. Those of the program are read only when first asked for."""
        return self.compare_with or releases.carried()

    def renew(self) -> None:
        """Drop what was worked out from the categories of people, but not the results of the indicators."""
        indicators = [(key, value) for key, value in self.cache.items() if key.kind == "indicators"]
        self.cache.clear()
        for key, value in indicators:
            self.cache.put(key, value)

    def close(self) -> None:
        """Free the memory."""
        if self.linked is not None:
            self.linked.close()
        self.linked = None
        for each in self.earlier:
            each.close()
        self.cache.clear()
        self.store.close()

    def outcome(self, rule_id: str) -> RuleOutcome:
        """Return the outcome of one rule. Raises KeyError if it does not apply to this return year."""
        for outcome in self.outcomes:
            if outcome.rule.id == rule_id:
                return outcome
        raise KeyError(rule_id)

    def n_findings(self, severity: Severity) -> int:
        """Return the number of findings of one severity."""
        return sum(outcome.count for outcome in self.outcomes if outcome.severity == severity)

    def n_rules(self, severity: Severity) -> int:
        """Return the number of rules of one severity that found something."""
        return sum(1 for o in self.outcomes if o.severity == severity and o.status == "found")

    def not_read(self) -> str | None:
        """How many people in the file were not read, and where they are; None if everyone was read."""
        number = self.facts.n_unread_persons
        if not number:
            return None
        who = "1 person in the file was" if number == 1 else f"{number:,} people in the file were"
        return f"{who} not read: {self.facts.unread_persons}. Only people directly in the Persons group are read."

    def sentences(self) -> tuple[str, ...]:
        """What to say about the files: how many people were not read, and what was left aside."""
        words = self.not_read()
        return (*((words,) if words else ()), *self.warnings())

    def warnings(self) -> tuple[str, ...]:
        """What was left aside of returns that are not XML: of this one, and of the earlier one."""
        own, earlier = self.origin, self.previous_origin
        of_earlier = [f"The earlier return: {words}" for words in earlier.warnings] if earlier is not None else []
        return (*(own.warnings if own is not None else ()), *of_earlier)

    def of_status(self, status: str) -> tuple[RuleOutcome, ...]:
        """Return the outcomes with one status."""
        return tuple(outcome for outcome in self.outcomes if outcome.status == status)

    def findings_table(
        self,
        rule_ids: Sequence[str],
        person: int | None = None,
        limit: int | None = None,
        offset: int = 0,
        people: tuple[int, int] | None = None,
        among: FindingSubset | None = None,
    ) -> pa.Table:
        """Return findings of these rules with their position and person, ordered by rule, person and row.

        person: only this person. people: only people from the first to the last of these numbers, where 0 means the
        header and the whole return. among: only these findings.
        Columns: rule_id, person_id, table_name, row_id, line, path, field, value, detail, surname, forename,
        birth_date, upn, uln; what identifies the finding: met_table, met_row, item, place; mark, team, case_worker.
        Whole return: line and path are null.
        """
        tables = self.store.rows(
            "select distinct table_name from finding where list_contains($rules, rule_id)", {"rules": list(rule_ids)}
        )
        bound = {
            "rules": list(rule_ids),
            "tables": [row["table_name"] for row in tables],
            "person": person,
            "first": people and people[0],
            "last": people and people[1],
            "n_rows": limit if limit is not None else 1 << 60,
            "n_before": offset,
        }
        return self._among(catalogue.list_sql("findings"), bound, among)

    def findings_in_parts(self, rule_id: str, max_rows: int, among: FindingSubset | None = None) -> Iterator[pa.Table]:
        """Yield the findings of one rule as in `findings_table`, at most `max_rows` at a time, each a run of people."""
        runs = self._among(catalogue.list_sql("finding_runs"), {"rule_id": rule_id, "most": max_rows}, among)
        for block in runs.to_pylist():
            people = (block["first"], block["last"])
            # This loop repeats only if the last person of a run has many findings.
            for offset in range(0, block["n"], max_rows):
                yield self.findings_table([rule_id], limit=max_rows, offset=offset, people=people, among=among)

    def people_of_rule(self, rule_id: str, among: FindingSubset | None = None) -> tuple[int, ...]:
        """Return the numbers of the people that a rule found, in the order of the file. among: in these findings."""
        found = self._among(catalogue.list_sql("people_of_rule"), {"rule_id": rule_id}, among)
        return tuple(found["person_id"].to_pylist())

    def _among(self, sql: str, bound: dict[str, Any], among: FindingSubset | None) -> pa.Table:
        """Run a list that can be limited to some findings."""
        rows = NO_ROWS if among is None else among.rows
        return self.store.table_among(sql, rows, {**bound, "is_chosen": among is not None})

    def findings(self, rule_ids: Sequence[str], person: int | None = None) -> list[Finding]:
        """Return the same as `findings_table`, as models."""
        severity = {outcome.rule.id: outcome.severity for outcome in self.outcomes}
        return [
            Finding(
                rule_id=row["rule_id"],
                severity=severity[row["rule_id"]],
                person=row["person_id"],
                table=row["table_name"],
                row_id=row["row_id"],
                line=row["line"],
                path=row["path"],
                field=row["field"],
                value=row["value"],
                detail=row["detail"],
            )
            for row in self.findings_table(rule_ids, person).to_pylist()
        ]


def _read(store: Store, source: bytes | mmap.mmap, schema: str, on_progress: OnProgress) -> tuple[Facts, Origin | None]:
    origin = None

    def sink(table: str, batch: pa.Table) -> None:
        store.load(table, batch, schema)

    def tick(done: int, total: int) -> None:
        on_progress(Progress(stage="reading", done=done, total=total))

    if bundle.is_other(source):
        facts, origin = other.read(source, sink, tick)
        if schema == "main":
            prefixes = {table: place.prefix for table, place in origin.places.items()}
            store.load_origin(prefixes, origin.not_given)
        else:
            store.load_previous_origin(origin.not_given)
    else:
        facts = shred.shred(source, sink, tick)
    store.load_facts(facts, schema)
    return facts, origin


def build_report(
    source: bytes | mmap.mmap,
    settings: Settings,
    on_progress: OnProgress = _ignore,
    previous: bytes | mmap.mmap | None = None,
    establishments: RegisterReading | None = None,
    only: Sequence[Rule] | None = None,
    compare_with: Published | None = None,
    is_limited: bool = True,
) -> Report:
    """Read a return, load it and run the rules.

    source: the bytes of the file, or of a bundle of files (`reading.other.bundle`). previous: an earlier return to
    compare with. establishments: a register from `register.read_register`. only: the rules to run (default: the whole
    catalogue). compare_with: the published figures (default: those that come with the program). is_limited: whether
    bytes have to be within the limit for uploads.
    Errors: NotXml, NotSen2, BadInput, TooLarge (nothing is kept after any of them).
    """
    if is_limited and len(source) > settings.upload_limit_mb * 1_000_000 and isinstance(source, bytes):
        raise TooLarge(
            "The file is too large",
            f"It has {len(source) / 1e6:,.0f} MB; the limit is {settings.upload_limit_mb} MB.",
            "Use the command line for larger files, or ask your administrator to raise SEN2DASH_UPLOAD_LIMIT_MB.",
        )
    store, previous_origin = Store(settings), None
    try:
        facts, origin = _read(store, source, "main", on_progress)
        if previous is not None:
            try:
                _, previous_origin = _read(store, previous, "previous", _ignore)
            except UserError as error:
                raise type(error)(f"The earlier return: {error.title}", error.message, error.hint) from None
        if establishments is not None:
            store.load_establishments(establishments.table, establishments.faults)
        collection = store.derive()
        outcomes = run.run(
            store,
            only if only is not None else catalogue.rules(),
            lambda done, total, rule: on_progress(
                Progress(stage="checking", done=done, total=total, label=f"{rule.id} {rule.title}")
            ),
        )
        characters.explain(store)
        sizes = {row["table_name"]: row["n_rows"] for row in store.rows("select * from table_size")}
        header = store.rows("select * from header")[0]
    except BaseException:
        store.close()
        raise
    return Report(
        store=store,
        facts=facts,
        collection=collection,
        outcomes=outcomes,
        counts=sizes,
        header={item.element: header[item.text_column] for item in spec.items_of("header")},
        compare_with=compare_with,
        origin=origin,
        previous_origin=previous_origin,
    )
