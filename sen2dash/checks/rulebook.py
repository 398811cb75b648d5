"""The reference of the rules as Markdown, made from the front matter: there is no second text to keep."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from sen2dash.model import MODULE_LABELS, SEVERITIES, SEVERITY_LABELS, Rule

NEEDS_LABELS = {
    "earlier_return": "an earlier return",
    "last_year": "last year's return of the same authority",
    "establishments": "an establishment register",
}
HEAD = """# The rules

Made from the front matter of the files under queries/rules by `make docs`; a test fails when it is stale. A rule is
an **error** or a **query** in the words of the DfE, or **information**, which is ours. A number of the DfE stands
beside ours where it is known.
"""


def pieces(rules: Sequence[Rule]) -> Iterator[bytes]:
    """The reference, UTF-8, a piece at a time."""
    yield HEAD.encode()
    for module, group in groupby(rules, key=lambda rule: rule.module):
        of_module = list(group)
        yield f"\n## {MODULE_LABELS[module]}\n\n".encode()
        yield _overview(of_module).encode()
        for rule in of_module:
            yield _entry(rule).encode()


def severity_text(rule: Rule) -> str:
    """The severity of a rule; where it changed, with the year from which it holds."""
    if isinstance(rule.severity, str):
        return SEVERITY_LABELS[rule.severity]
    return ", ".join(f"{SEVERITY_LABELS[severity]} from {year}" for year, severity in sorted(rule.severity.items()))


def years_text(rule: Rule) -> str:
    """The return years of a rule."""
    first, last = rule.years
    if last is None:
        return f"from {first}" if first is not None else "all"
    return (
        f"{first} to {last}" if first is not None and first != last else f"up to {last}" if first is None else f"{last}"
    )


def _overview(rules: Sequence[Rule]) -> str:
    counts = [
        f"{sum(1 for rule in rules if _latest(rule) == severity)} {SEVERITY_LABELS[severity].lower()}"
        for severity in SEVERITIES
    ]
    return f"{len(rules)} rules: {', '.join(counts)} (severity of the latest year).\n"


def _latest(rule: Rule) -> str:
    return rule.severity if isinstance(rule.severity, str) else rule.severity[max(rule.severity)]


def _entry(rule: Rule) -> str:
    facts = [
        ("Severity", severity_text(rule)),
        ("DfE rule", rule.dfe),
        ("Table", rule.table),
        ("Items", ", ".join(rule.fields)),
        ("Return years", years_text(rule)),
        ("Needs", NEEDS_LABELS[rule.needs] if rule.needs else None),
        ("Source", rule.source),
    ]
    lines = "\n".join(f"- {name}: {value}" for name, value in facts if value)
    return f"\n### {rule.id} {rule.title}\n\n{rule.message}\n\n{rule.guidance.strip()}\n\n{lines}\n"
