"""Make the lists that a front end shows: rules with their counts, findings page by page, and people found by a search.

Data read from a report is kept in its cache and deleted with it.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sen2dash import spec
from sen2dash.checks import catalogue, masking
from sen2dash.checks.cache import Key
from sen2dash.checks.finding_subset import FindingSubset
from sen2dash.checks.report import Report
from sen2dash.folding import folded
from sen2dash.model import Rule, RuleOutcome, Severity
from sen2dash.text import SIGN

#: Rows that are sent to a browser at a time.
PAGE_ROWS = 500
#: Invisible characters in names, which nobody can be expected to type.
UNSEEN = "\xad\ufeff" + "".join(map(chr, [*range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2070)]))
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
#: 2012-05-03; 03/05/2012, 3.5.2012; 3 May 2012, 3rd of May 2012.
TYPED_DATE = re.compile(
    r"(?<!\S)(?:"
    r"(?P<year>[0-9]{4})[-/.](?P<month>[0-9]{1,2})[-/.](?P<day>[0-9]{1,2})"
    r"|(?P<day_2>[0-9]{1,2})(?:"
    r"[-/.](?P<month_2>[0-9]{1,2})[-/.]"
    r"|(?:st|nd|rd|th)?\s+(?:of\s+)?(?P<name>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?"
    r"|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?\s+"
    r")(?P<year_2>[0-9]{4})"
    r")(?!\S)",
    re.IGNORECASE,
)


def matching(
    outcomes: Iterable[RuleOutcome],
    module: str | None = None,
    text: str = "",
    with_clear: bool = True,
) -> list[RuleOutcome]:
    """Return the outcomes of a module whose ids, title, message or items contain every word of the text.

    They stay in their order. with_clear: whether to include rules that found nothing. Broken rules are always included.
    """
    words = text.lower().split()
    return [
        outcome
        for outcome in outcomes
        if (module is None or outcome.rule.module == module)
        and (with_clear or outcome.status in ("found", "broken"))
        and all(word in _searched(outcome) for word in words)
    ]


def _searched(outcome: RuleOutcome) -> str:
    rule = outcome.rule
    return " ".join((rule.id, rule.dfe or "", rule.title, rule.message, *rule.fields)).lower()


def rulebook(report: Report | None, rules: Sequence[Rule]) -> tuple[int, list[RuleOutcome]]:
    """Return the return year of the rules to show, and the outcome of each, which is empty if there is no report."""
    if report is not None:
        return report.collection.rules_of, list(report.outcomes)
    year = spec.NEWEST_YEAR
    return year, [
        RuleOutcome(rule=rule, severity=rule.severity_in(year), status="not_run")
        for rule in rules
        if rule.applies_in(year)
    ]


def n_people(report: Report, severity: Severity) -> int:
    """Return the number of people with at least one finding of this severity."""
    ids = [outcome.rule.id for outcome in report.outcomes if outcome.severity == severity]
    sql = (
        "select cast(count(distinct person_id) as bigint) as n from finding "
        "where person_id is not null and list_contains($rules, rule_id)"
    )
    return report.cache.cached(Key("n_people", severity), lambda: int(report.store.value(sql, {"rules": ids}) or 0))


@dataclass(frozen=True)
class FindingsPage:
    """One page of the findings of one rule. number, n_pages, first and last count from 1."""

    rows: tuple[dict[str, Any], ...]
    number: int
    n_pages: int
    total: int

    @property
    def first(self) -> int:
        """The position of the first row among all findings."""
        return (self.number - 1) * PAGE_ROWS + 1 if self.rows else 0

    @property
    def last(self) -> int:
        """The position of the last row among all findings."""
        return self.first + len(self.rows) - 1 if self.rows else 0


def findings_page(
    report: Report, rule_id: str, number: int = 1, hide_names: bool = False, among: FindingSubset | None = None
) -> FindingsPage:
    """Return one page of the findings of one rule. hide_names: without names and birth dates. among: of these only."""
    outcome = report.outcome(rule_id) if among is None else among.outcome(report.outcome(rule_id))
    n_pages = max(1, math.ceil(outcome.count / PAGE_ROWS))
    number = min(max(number, 1), n_pages)
    rows: Sequence[dict[str, Any]] = report.cache.cached(
        Key("findings_page", rule_id, rest=(number, among, report.store.marks_version)),
        lambda: report.findings_table(
            (rule_id,), limit=PAGE_ROWS, offset=(number - 1) * PAGE_ROWS, among=among
        ).to_pylist(),
    )
    if hide_names:
        rows = [masking.hide_finding(row, outcome.rule.fields) for row in rows]
    return FindingsPage(rows=tuple(rows), number=number, n_pages=n_pages, total=outcome.count)


def find_people(report: Report, text: str, limit: int = 100) -> tuple[list[dict[str, Any]], int]:
    """Find people whose names contain every word of the text, or whose number or ULN is the text, or whose UPN begins
    with it, and who were born on any date in it. Also return how many there are. People whose number it is, or whose
    surname or forename begins with a word, come first.

    Rows: person, surname, forename, birth_date, upn, uln, n_findings. Case, accents, punctuation and invisible
    characters in names are ignored. Dates may be written 03/05/2012, 2012-05-03 or 3 May 2012.
    """
    # A page shows a sign for each hidden character, and the sign may have been copied here.
    legible = text.translate({**dict.fromkeys(map(ord, UNSEEN)), ord(","): " ", ord(SIGN): " "})
    rest, births = typed_dates(legible)
    words = rest.split()
    # A dash between two names is not a word. On its own, it is searched for as it is.
    words = [word for word in words if folded(word)] or words
    if not words and not births:
        return [], 0
    bound = {
        "words": words,
        "folded_words": [_folded_word(word) for word in words],
        "births": births,
        "unseen": UNSEEN,
        "n_rows": limit,
    }
    rows = report.store.rows(catalogue.list_sql("people_found"), bound)
    total = rows[0]["total"] if rows else 0
    return [{name: value for name, value in row.items() if name != "total"} for row in rows], total


def _folded_word(word: str) -> str:
    """Fold a word. Empty if it has signs and only one letter, because then the search is for the signs."""
    form = folded(word)
    return form if len(form) > 1 or unicodedata.normalize("NFC", word).isalnum() else ""


def typed_dates(text: str) -> tuple[str, list[str]]:
    """Return a text without the dates in it, and the dates as ccyy-mm-dd.

    Dates may be day first, with slashes, dots or dashes; year first; or with the name of the month. Text that is not a
    real date stays.
    """
    dates: list[str] = []

    def take_out(match: re.Match[str]) -> str:
        parts = match.groupdict()
        month = parts["name"] and 1 + MONTHS.index(parts["name"][:3].lower())
        number = month or int(parts["month"] or parts["month_2"])
        try:
            found = date(int(parts["year"] or parts["year_2"]), number, int(parts["day"] or parts["day_2"]))
        except ValueError:
            return match[0]
        dates.append(found.isoformat())
        return " "

    return TYPED_DATE.sub(take_out, text), dates
