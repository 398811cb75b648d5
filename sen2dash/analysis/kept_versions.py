"""What changed between two kept returns of a year, and who kept each: from their summaries, without opening a return.

Numbers are protected here, before a page sees them. Draws on no page.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from sen2dash.analysis.trend_chart import kept_on
from sen2dash.archive.kept import KeptReturn, Manifest
from sen2dash.archive.kinds import KIND_LABELS
from sen2dash.archive.summary import RuleCount, StoredIndicator, Summary
from sen2dash.checks import catalogue
from sen2dash.indicators.figures import NOT_CALCULATED, Value, count_text
from sen2dash.indicators.suppression import Hidden, Shown, round_count, round_rate
from sen2dash.model import SEVERITIES, SEVERITY_LABELS, Indicator, Severity
from sen2dash.text import flat, long_date

COUNTED: Mapping[Severity, str] = {"error": "Errors", "query": "Queries", "info": "Information"}
SAME = "same"
#: Letters of a digest that are written together.
DIGEST_PART = 16


class Fact(NamedTuple):
    """One line of the comparison. difference: empty where there is none to tell."""

    label: str
    before: str
    after: str
    difference: str


class RuleChange(NamedTuple):
    """A rule whose number of findings differs."""

    rule: str
    title: str
    severity: str
    before: str
    after: str
    difference: str


@dataclass(frozen=True)
class StoredVersion:
    """A kept return that can be read."""

    kept: KeptReturn
    manifest: Manifest
    summary: Summary


@dataclass(frozen=True)
class VersionDifference:
    """What changed from one kept return to another, the one that was kept first before the other.

    has_other_rules: their summaries were made with other rules or settings, so that findings mean different things.
    n_same: how many indicators are the same.
    """

    before: StoredVersion
    after: StoredVersion
    facts: tuple[Fact, ...]
    rules: tuple[RuleChange, ...]
    indicators: tuple[Fact, ...]
    n_same: int
    has_other_rules: bool


def whole(found: Iterable[KeptReturn]) -> tuple[StoredVersion, ...]:
    """The kept returns that can be read, in the order in which they were kept."""
    readable = [StoredVersion(each, each.manifest, each.summary) for each in found if each.manifest and each.summary]
    return tuple(sorted(readable, key=lambda each: (each.manifest.loaded_at, each.kept.id)))


def name_of(version: StoredVersion) -> str:
    """A version in a list: 003, First mock, 12 January 2027, 14:02."""
    serial = flat(version.manifest.serial_no) or "no serial number"
    return f"{serial}, {flat(version.kept.name)}, {kept_on(version.manifest.loaded_at)}"


def between(one: StoredVersion, other: StoredVersion, threshold: int = 0) -> VersionDifference:
    """Compare two kept returns. threshold: as in `Selection`."""
    before, after = sorted((one, other), key=lambda each: (each.manifest.loaded_at, each.kept.id))
    figures, n_same = _indicators(before, after, threshold)
    return VersionDifference(
        before,
        after,
        _facts(before, after, threshold),
        _rules(before.summary, after.summary, threshold),
        figures,
        n_same,
        before.summary.rules != after.summary.rules,
    )


def _facts(before: StoredVersion, after: StoredVersion, threshold: int) -> tuple[Fact, ...]:
    one, other = before.manifest, after.manifest
    findings = before.summary.open_findings(), after.summary.open_findings()
    made = before.summary, after.summary
    return (
        _words("Serial number", flat(one.serial_no) or "blank", flat(other.serial_no) or "blank"),
        _words("Name", flat(before.kept.name), flat(after.kept.name)),
        _words("Kind", KIND_LABELS[one.kind], KIND_LABELS[other.kind]),
        _words("Kept by", flat(one.who), flat(other.who)),
        _words("Kept on", kept_on(one.loaded_at), kept_on(other.loaded_at)),
        _words("Census day", long_date(one.reference_date), long_date(other.reference_date)),
        _count("People", one.persons, other.persons, threshold),
        *(_count(COUNTED[each], findings[0][each], findings[1][each], threshold) for each in SEVERITIES),
        _words("Made with", *(f"{each.release}, rules {each.rules}" for each in made)),
        _words("SHA-256 digest", grouped_digest(one.sha256), grouped_digest(other.sha256)),
    )


def _words(label: str, before: str, after: str) -> Fact:
    return Fact(label, before, after, SAME if before == after else "")


def _count(label: str, before: int | None, after: int | None, threshold: int) -> Fact:
    """Two counts and their difference. None: it could not be counted."""
    one, other = (None if each is None else round_count(each, threshold) for each in (before, after))
    return Fact(label, _count_text(one), _count_text(other), difference(one, other))


def _count_text(count: Shown | None) -> str:
    return NOT_CALCULATED if count is None else count_text(count)


def difference(before: Shown | None, after: Shown | None) -> str:
    """The difference of two counts as shown: '+12'. Empty if either is hidden or missing."""
    if before is None or after is None or isinstance(before, Hidden) or isinstance(after, Hidden):
        return ""
    return signed(after - before)


def signed(number: int) -> str:
    """A number with its sign."""
    return SAME if number == 0 else f"{'+' if number > 0 else '−'}{abs(number):,}"


def grouped_digest(digest: str) -> str:
    """A digest in parts that a line can be broken between."""
    return " ".join(digest[start : start + DIGEST_PART] for start in range(0, len(digest), DIGEST_PART))


def _rules(before: Summary, after: Summary, threshold: int) -> tuple[RuleChange, ...]:
    """The rules whose number of findings is shown differently: errors first, and the largest difference first."""
    one, other = ({each.id: each for each in summary.findings if not each.needs} for summary in (before, after))
    titles = {rule.id: rule.title for rule in catalogue.rules()}
    found: list[tuple[tuple[int, int, str], RuleChange]] = []
    for ident in {**one, **other}:
        counts = (_found(each.get(ident)) for each in (one, other))
        first, last = (None if each is None else round_count(each, threshold) for each in counts)
        if first == last:
            continue
        severity = (other.get(ident) or one[ident]).severity
        texts = (_count_text(first), _count_text(last), difference(first, last))
        change = RuleChange(ident, titles.get(ident, ""), SEVERITY_LABELS[severity], *texts)
        found.append(((SEVERITIES.index(severity), -_size(first, last), ident), change))
    return tuple(change for _, change in sorted(found, key=lambda each: each[0]))


def _size(before: Shown | None, after: Shown | None) -> int:
    """How large a difference is for the order of a list: of what is shown, because the order is shown too."""
    one, other = (0 if each is None or isinstance(each, Hidden) else each for each in (before, after))
    return abs(other - one)


def _found(outcome: RuleCount | None) -> int | None:
    """How many findings a rule has; None if it could not be run. A rule that is clear is not in a summary."""
    if outcome is None:
        return 0
    return None if outcome.status == "broken" else outcome.count


def _indicators(before: StoredVersion, after: StoredVersion, threshold: int) -> tuple[tuple[Fact, ...], int]:
    """The indicators that are shown differently, in catalogue order, and how many are the same."""
    one, other = ({each.id: each for each in version.summary.figures} for version in (before, after))
    facts = []
    for indicator in catalogue.indicators():
        if not all(indicator.exists_in(version.manifest.year) for version in (before, after)):
            continue
        first, last = (_value(each.get(indicator.id), indicator, threshold) for each in (one, other))
        texts = _text(first, indicator), _text(last, indicator)
        change = SAME if texts[0] == texts[1] else _change(first, last, indicator)
        facts.append(Fact(indicator.title, *texts, change))
    changed = tuple(fact for fact in facts if fact.difference != SAME)
    return changed, len(facts) - len(changed)


def _value(figure: StoredIndicator | None, indicator: Indicator, threshold: int) -> Value | None:
    if figure is None or figure.is_broken:
        return None
    if indicator.is_count:
        count = round_count(figure.numerator, threshold)
        return Value(count, count, None)
    return Value(*round_rate(figure.numerator, figure.denominator, threshold))


def _text(value: Value | None, indicator: Indicator) -> str:
    if value is None:
        return NOT_CALCULATED
    return count_text(value.numerator) if indicator.is_count else value.text


def _change(before: Value | None, after: Value | None, indicator: Indicator) -> str:
    """The difference of two values: '+12', or '+1.4 points' of two shares."""
    if before is None or after is None:
        return ""
    if indicator.is_count:
        return difference(before.numerator, after.numerator)
    if before.drawn is None or after.drawn is None:
        return ""
    points = round(100 * (after.drawn - before.drawn), 1)
    return f"{'+' if points > 0 else '−'}{abs(points):.1f} points" if points else "under 0.1 points"
