"""Write the rule reference as Markdown, from the front matter and the cases: there is no second text to maintain."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import groupby

from sen2dash import RELEASE, sources
from sen2dash.checks import examples
from sen2dash.checks.examples import Example, ExampleTable
from sen2dash.model import MODULE_LABELS, SEVERITIES, SEVERITY_LABELS, Rule

NEEDS_LABELS = {
    "earlier_return": "an earlier return",
    "last_year": "last year's return of the same authority",
    "establishments": "an establishment register",
    "xml": "a return in XML: of other files it is not applicable",
}
HEAD = """# The rules

Made from the rule files under queries/rules and their cases under tests/rules by `make docs`; a test fails when it is
out of date. A rule is an **error** or a **query**, as the DfE uses these words, or **information**, which is ours. The
DfE's own rule number is shown where we know it.
"""
#: Characters in a value that Markdown would read as markup.
MARKUP = re.compile(r"([\\`*_\[\]<>|])")


def pieces(rules: Sequence[Rule]) -> Iterator[bytes]:
    """Yield the whole reference as one UTF-8 text, in pieces. The last line names the release that made it."""
    yield HEAD.encode()
    for module, of_module in by_module(rules):
        yield f"\n## {MODULE_LABELS[module]}\n\n{_overview(of_module)}".encode()
        for rule in of_module:
            yield f"\n{_entry(rule, '###')}".encode()
    yield f"\nMade with {RELEASE}.\n".encode()


def files(rules: Sequence[Rule]) -> Iterator[tuple[str, str]]:
    """Yield the reference as an index and one page for each module: file names under docs/, and texts."""
    index = [HEAD]
    for module, of_module in by_module(rules):
        page = f"rules/{module}.md"
        index.append(
            f"\n## [{MODULE_LABELS[module]}]({page})\n\n{_overview(of_module)}\n| Rule | Severity |\n|---|---|\n"
        )
        index += [
            f"| [{rule.id} {_plain(rule.title)}]({page}#{anchor(rule)}) | {severity_text(rule)} |\n"
            for rule in of_module
        ]
        entries = "\n".join(_entry(rule, "##") for rule in of_module)
        back = "[All rules](../rules.md)"
        yield page, f"# {MODULE_LABELS[module]}\n\n{_overview(of_module)}\n{back}\n\n{entries}"
    yield "rules.md", "".join(index)


def by_module(rules: Sequence[Rule]) -> Iterator[tuple[str, list[Rule]]]:
    """Yield the rules of each module, in the order of the catalogue."""
    for module, group in groupby(rules, key=lambda rule: rule.module):
        yield module, list(group)


def anchor(rule: Rule) -> str:
    """Return the anchor of a rule on its page, as GitHub makes it from the heading."""
    return re.sub(r"[^\w\- ]", "", f"{rule.id} {rule.title}".lower()).replace(" ", "-")


def severity_text(rule: Rule) -> str:
    """Describe the severity of a rule and, if it changed, from which year it applies."""
    if isinstance(rule.severity, str):
        return SEVERITY_LABELS[rule.severity]
    return ", ".join(f"{SEVERITY_LABELS[severity]} from {year}" for year, severity in sorted(rule.severity.items()))


def years_text(rule: Rule) -> str:
    """Describe the return years of a rule."""
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


def _entry(rule: Rule, level: str) -> str:
    facts = [
        ("Severity", severity_text(rule)),
        ("DfE rule", rule.dfe),
        ("Table", rule.table),
        ("Items", ", ".join(rule.fields)),
        ("Return years", years_text(rule)),
        ("Needs", NEEDS_LABELS[rule.needs] if rule.needs else None),
        ("Source", sources.in_markdown(rule.source)),
    ]
    lines = "\n".join(f"- {name}: {value}" for name, value in facts if value)
    text = f"{level} {rule.id} {rule.title}\n\n{rule.message}\n\n{rule.guidance.strip()}\n\n{lines}\n"
    found = examples.of_rule(rule.id)
    if found.failing is not None:
        text += f"\n**Finds:** {example_title(found.failing)}\n" + _tables(found.failing)
    if found.passing is not None:
        text += f"\n**Does not find:** {example_title(found.passing)}\n" + _tables(found.passing)
    return text


def example_title(example: Example) -> str:
    """Describe in one line what an example shows."""
    where = f" (points at: {', '.join(example.finds)})" if example.finds else ""
    return f"{example.title}{where}"


def _tables(example: Example) -> str:
    return "".join(f"\n{_table(table)}" for table in example.tables)


def _table(table: ExampleTable) -> str:
    if not table.columns:
        return f"*{table.title}*\n"
    rows = "".join(f"| {' | '.join(_plain(cell) or '(blank)' for cell in row)} |\n" for row in table.rows)
    return f"*{table.title}*\n\n| {' | '.join(map(_plain, table.columns))} |\n|{'---|' * len(table.columns)}\n{rows}"


def _plain(text: str) -> str:
    return MARKUP.sub(r"\\\1", text)
