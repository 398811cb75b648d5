"""Whose findings, and which, the pages of findings list: of the people who pass filters, and new since another return.

Draws nothing. This is here and not with the rules, because the people come from a cohort. Nobody drops out of a filter
that was not set: "not recorded" and "no team" are categories. While one is set, findings about the header or the whole
return are left out, and counted, because they concern no person.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import pyarrow as pa
import pyarrow.compute as pc

from sen2dash.analysis.changes import ReturnChanges
from sen2dash.checks import catalogue, marks
from sen2dash.checks.cache import Key
from sen2dash.checks.finding_subset import NO_ROWS, FindingSubset, among_rows
from sen2dash.checks.report import Report
from sen2dash.compare.findings import needs_earlier
from sen2dash.indicators import figures, filters
from sen2dash.indicators.filters import EVERYONE
from sen2dash.model import Cohort, RuleOutcome

#: The choice of people without a team, and its label.
NO_TEAM, NO_TEAM_LABEL = "", "No team"
ONLY_NEW = "Only findings that are new since the return that this one was compared with"


@dataclass(frozen=True, eq=False)
class Worklist:
    """The findings to list. among: None for all of the return.

    words: the filters of people, one line each. n, n_all: how many people pass, and how many there are in the return.
    is_new: whether only new findings are listed. mark: only findings with this mark, or with none. left_out: findings
    about no person, by rule, that filters of people leave out. uncompared: findings, by rule, that are left out because
    their rules compare returns themselves, so that none of them can be called new.
    """

    among: FindingSubset | None = None
    words: tuple[str, ...] = ()
    n: int = 0
    n_all: int = 0
    is_new: bool = False
    mark: str | None = None
    left_out: Mapping[str, int] = field(default_factory=dict)
    uncompared: Mapping[str, int] = field(default_factory=dict)

    @property
    def file_words(self) -> tuple[str, ...]:
        """What a file is limited to, one line each."""
        more = [ONLY_NEW] if self.is_new else []
        if self.mark is not None:
            more.append(f"Mark: {marks.FILTER[self.mark]}")
        return (*self.words, *more)

    def outcomes(self, outcomes: Iterable[RuleOutcome]) -> tuple[RuleOutcome, ...]:
        """The outcomes with only the findings to list."""
        return tuple(outcomes) if self.among is None else self.among.outcomes(outcomes)


#: The whole return.
EVERYTHING = Worklist()


def make(
    report: Report,
    cohort: Cohort = EVERYONE,
    teams: Sequence[str] = (),
    since: ReturnChanges | None = None,
    mark: str | None = None,
) -> Worklist:
    """The findings of people of a cohort in one of these teams (none: in any or no team).

    since: only those that are new compared with this earlier return. mark: only those with this mark, or with none
    (`marks.UNMARKED`).
    """
    n_all = report.counts["person"]
    if cohort.is_everyone and not teams and since is None and mark is None:
        return Worklist(n=n_all, n_all=n_all)
    # The objects that decide are in the key, so that another list of teams or comparison is another value.
    marked = mark and (mark, report.store.marks_version)
    key = Key("worklist", cohort=cohort, rest=(tuple(teams), report.teams, since and since.compared.space, marked))
    return report.cache.cached(key, lambda: _make(report, cohort, teams, since, mark))


def _make(
    report: Report, cohort: Cohort, teams: Sequence[str], since: ReturnChanges | None, mark: str | None
) -> Worklist:
    n_all = report.counts["person"]
    is_of_people = bool(teams) or not cohort.is_everyone
    new = since.compared.new_findings() if since is not None else None
    if is_of_people:
        people = _people(report, cohort, teams)
        found = _numbers(report, people, new, mark)
        n, left_out = len(people), _left_out(report, new)
    else:
        found, n, left_out = _numbers(report, None, new, mark), n_all, {}
    uncompared = {o.rule.id: o.count for o in report.outcomes if o.count and needs_earlier(o.rule)}
    return Worklist(
        among=among_rows(found),
        words=_words(report, cohort, teams),
        n=n,
        n_all=n_all,
        is_new=since is not None,
        mark=mark,
        left_out=left_out,
        uncompared=uncompared if since is not None else {},
    )


def _numbers(report: Report, people: pa.Table | None, new: pa.Table | None, mark: str | None) -> pa.Table:
    """The findings about these people (None: about anybody or nobody) that are among the new ones (None: all).

    mark: only those with this mark, or with none.
    """
    incoming = NO_ROWS.rename_columns(["person_id"]) if people is None else people
    bound = {"of_people": people is not None}
    found = report.store.table_among(catalogue.list_sql("finding_numbers"), incoming, bound)
    marked = None if mark is None else report.store.table(catalogue.list_sql("findings_with_mark"), {"mark": mark})
    for these in (new, marked):
        if these is not None:
            found = found.filter(pc.is_in(found["finding_id"], value_set=these["finding_id"].combine_chunks()))
    return found


def _people(report: Report, cohort: Cohort, teams: Sequence[str]) -> pa.Table:
    report.store.derive_indicators()
    bound = {**filters.parameters(cohort), "teams": list(teams) or None}
    return report.store.table(catalogue.list_sql("people_chosen"), bound)


def _left_out(report: Report, new: pa.Table | None) -> dict[str, int]:
    """The number of findings about no person, by rule. new: only these."""
    sql, bound = catalogue.list_sql("findings_left_out"), {"is_chosen": new is not None}
    found = report.store.table_among(sql, NO_ROWS if new is None else new, bound).to_pylist()
    return {row["rule_id"]: row["n"] for row in found}


def _words(report: Report, cohort: Cohort, teams: Sequence[str]) -> tuple[str, ...]:
    lines = figures.filters_in_words(cohort)
    if teams:
        label = report.teams.label if report.teams is not None else "Team"
        return (*lines, f"{label}: {' or '.join(team or NO_TEAM_LABEL for team in teams)}")
    return lines
