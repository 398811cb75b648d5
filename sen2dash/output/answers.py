"""The output of the command line: a report, the rules and the figures as text and as JSON, a piece at a time.

The pieces are bytes in UTF-8. Calculates nothing: a large report is passed on as it comes from the store.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import Any

from sen2dash import RELEASE, __version__, spec
from sen2dash.checks.report import Report
from sen2dash.checks.rulebook import severity_text
from sen2dash.indicators.run import run_indicators
from sen2dash.model import MODULE_LABELS, SEVERITIES, SEVERITY_LABELS, IndicatorResult, Rule, RuleOutcome
from sen2dash.output.export import STATUS_LABELS, Row, could_not_run, findings_by_rule
from sen2dash.reading.other.read import Origin
from sen2dash.text import printable

#: Findings that are written at a time.
PIECE = 2_000
#: Control characters that the JSON encoder does not escape.
CONTROLS = re.compile(r"[\x7f-\x9f]")
#: The last line of every text output.
MADE_WITH = f"Made with {RELEASE}."
FIGURE = ("numerator", "denominator", "value")


def dump(value: Any) -> str:
    """A value as JSON on one line, escaping only what JSON requires and control characters that a terminal obeys."""
    return CONTROLS.sub(lambda char: f"\\u{ord(char[0]):04x}", json.dumps(value, ensure_ascii=False))


def count(number: int, noun: str) -> str:
    """A number and its noun, such as '1 person' or '2,000 persons'; the plural of query is 'queries'."""
    plural = noun.removesuffix("y") + "ies" if noun.endswith("y") else noun + "s"
    return f"{number:,} {noun if number == 1 else plural}"


# -- a report ---------------------------------------------------------------------------------------------


def return_facts(report: Report) -> dict[str, Any]:
    """What the output says about the return itself. A table that was not given has no count: None, not 0."""
    sizes = {table: None if table in report.store.not_given else n for table, n in report.counts.items()}
    return {
        "lea": report.collection.lea,
        "year": report.collection.year,
        "rules_of": report.collection.rules_of,
        "reference_date": report.collection.census_date.isoformat(),
        "serial_no": report.header["SerialNo"],
        "persons": sizes["person"],
        "requests": sizes["requests"],
        "assessments": sizes["assessment"],
        "plans": sizes["namedplan"],
        "placements": sizes["placementdetail"],
        "needs": sizes["senneed"],
        "sha256": report.facts.sha256,
    }


def origin_facts(origin: Origin) -> dict[str, Any]:
    """What the output says about the files of a return that is not XML."""
    return {"form": origin.form, "files": list(origin.files), "warnings": list(origin.warnings)}


def inputs_of(report: Report) -> dict[str, Any]:
    """What the output says about the files of this return and of the earlier one, where they are not XML."""
    origins = {"input": report.origin, "previous_input": report.previous_origin}
    return {name: origin_facts(origin) for name, origin in origins.items() if origin is not None}


def report_json(report: Report) -> Iterator[bytes]:
    """The JSON of `check`: the release, the return, every rule with all its findings, and the indicators."""
    figures = [_figure(result) for result in run_indicators(report.store)]
    yield f'{{"release": {dump(__version__)},\n "return": {dump(return_facts(report))},\n "rules": ['.encode()
    between = "\n"
    for outcome, found in findings_by_rule(report, report.outcomes):
        yield f"{between}{dump(_outcome_facts(outcome))[:-1]}, ".encode()
        yield b'"findings": ['
        yield from _joined(found)
        yield b"]}"
        between = ",\n"
    given = "".join(f",\n {dump(name)}: {dump(facts)}" for name, facts in inputs_of(report).items())
    yield f'],\n "indicators": {dump(figures)}{given}}}\n'.encode()


def _outcome_facts(outcome: RuleOutcome) -> dict[str, Any]:
    facts: dict[str, Any] = {
        "id": outcome.rule.id,
        **({"dfe": outcome.rule.dfe} if outcome.rule.dfe else {}),
        "severity": outcome.severity,
        "status": outcome.status,
        "count": outcome.count,
    }
    return facts | {"reason": outcome.reason} if outcome.reason else facts


def _joined(found: Iterable[Row]) -> Iterator[bytes]:
    """Findings separated by commas, in batches."""
    waiting: list[str] = []
    between = ""
    for row in found:
        waiting.append(
            dump(
                {
                    "person": row["person_id"],
                    "table": row["table_name"],
                    "line": row["line"],
                    "path": row["path"],
                    "field": row["field"],
                    "value": row["value"],
                    "detail": row["detail"],
                }
            )
        )
        if len(waiting) == PIECE:
            yield (between + ",\n".join(waiting)).encode()
            waiting, between = [], ",\n"
    if waiting:
        yield (between + ",\n".join(waiting)).encode()


def report_text(report: Report) -> Iterator[bytes]:
    """The summary of `check` for reading: what could not be run, then the counts, then the rules with findings."""
    yield "".join(f"{line}\n" for line in _report_lines(report)).encode()


def _report_lines(report: Report) -> Iterator[str]:
    lea = report.collection.lea
    authority = spec.authorities().get(lea or "")
    name = f"{lea} {authority.name}" if authority else printable(lea) or "not given"
    yield report.collection.label
    yield f"Local authority: {name}; serial number: {printable(report.header['SerialNo']) or 'not given'}"
    facts = return_facts(report)
    nouns = ("person", "request", "assessment", "plan", "placement", "need")
    numbers = {noun: facts[f"{noun}s"] for noun in nouns}
    yield ", ".join(f"{noun}s not given" if n is None else count(n, noun) for noun, n in numbers.items())
    if report.origin is not None:
        yield f"Made from {report.origin.words}"
    yield ""
    waiting = could_not_run(report.outcomes)
    if waiting:
        yield f"{count(len(waiting), 'rule')} could not be run:"
        for (status, reason), same in groupby(sorted(waiting, key=_why), key=_why):
            yield f"  {STATUS_LABELS[status]}. {reason}"
            yield from (f"    {outcome.rule.label:<5} {outcome.rule.title}" for outcome in same)
        yield ""
    for severity in SEVERITIES:
        found = count(report.n_findings(severity), "finding")
        yield f"{SEVERITY_LABELS[severity]:<12} {found} of {count(report.n_rules(severity), 'rule')}"
    for severity in SEVERITIES:
        of_severity = [o for o in report.outcomes if o.severity == severity and o.status == "found"]
        if of_severity:
            yield from ("", f"{SEVERITY_LABELS[severity]}: findings, people, rule")
        for outcome in of_severity:
            yield f"  {outcome.count:>7,} {outcome.people:>7,}  {outcome.rule.label:<5} {outcome.rule.title}"
    yield ""
    yield MADE_WITH


def _why(outcome: RuleOutcome) -> tuple[str, str]:
    return outcome.status, outcome.reason or ""


# -- the rules --------------------------------------------------------------------------------------------


def rules_json(rules: Sequence[Rule]) -> Iterator[bytes]:
    """Every rule with its front matter."""
    facts = [rule.model_dump(mode="json", exclude={"sql", "path"}) for rule in rules]
    yield (json.dumps({"release": __version__, "rules": facts}, ensure_ascii=False, indent=1) + "\n").encode()


def rules_text(rules: Sequence[Rule]) -> Iterator[bytes]:
    """One line per rule, under the name of its module."""
    module = ""
    for rule in rules:
        if rule.module != module:
            yield f"{'' if not module else chr(10)}{MODULE_LABELS[rule.module]}\n".encode()
            module = rule.module
        yield f"  {rule.label:<5} {severity_text(rule):<24} {rule.title}\n".encode()
    yield f"\n{MADE_WITH}\n".encode()


# -- the figures ------------------------------------------------------------------------------------------


def _figure(result: IndicatorResult) -> dict[str, Any]:
    if result.is_broken:
        return {"id": result.indicator.id, **dict.fromkeys(FIGURE), "reason": result.reason}
    return {"id": result.indicator.id, **{name: getattr(result, name) for name in FIGURE}}


def indicators_json(results: Sequence[IndicatorResult], report: Report) -> Iterator[bytes]:
    """Every figure of a return."""
    facts = {"release": __version__, "indicators": [_figure(result) for result in results], **inputs_of(report)}
    yield (json.dumps(facts, ensure_ascii=False, indent=1) + "\n").encode()


def indicators_text(results: Sequence[IndicatorResult], report: Report) -> Iterator[bytes]:
    """One line per figure, those that could not be worked out first."""
    yield f"{report.collection.label}\n".encode()
    for result in sorted(results, key=lambda result: not result.is_broken):
        yield f"  {_figure_text(result)}  {result.indicator.title}\n".encode()
    yield f"\n{MADE_WITH}\n".encode()


def _figure_text(result: IndicatorResult) -> str:
    if result.is_broken:
        return f"{'Not given' if result.is_not_given else 'Broken':>33}"
    if result.indicator.is_count:
        return f"{result.numerator:>9,}{'':24}"
    share = "-" if result.value is None else f"{result.value:.1%}"
    return f"{result.numerator:>9,} of {result.denominator:>9,}  {share:>9}"
