"""Make the files generated from the rules and their cases, and the glossary. Run by `make docs`.

A test fails if any file is stale.

    python tools/make_docs.py

- sen2dash/checks/examples.json: for each rule a small record that it finds and one that it does not, from tests/rules
- docs/rules.md and docs/rules/<module>.md: the reference
- docs/glossary.md, from sen2dash/reference/glossary.csv
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

import yaml  # noqa: E402

from sen2dash import spec  # noqa: E402
from sen2dash.checks import catalogue, examples, rulebook  # noqa: E402
from sen2dash.checks.examples import Example, Examples, ExampleTable  # noqa: E402
from sen2dash.model import Rule  # noqa: E402
from sen2dash.reference import glossary  # noqa: E402

CASES = ROOT / "tests" / "rules"
REFERENCE = ROOT / "docs"
Case = Mapping[str, Any]
TITLES = {
    "header": "Header",
    "person": "Person",
    "requests": "Request",
    "assessment": "Assessment",
    "namedplan": "Plan",
    "plandetail": "Establishment named in the plan",
    "activeplans": "Reviews and transfer",
    "placementdetail": "Placement",
    "senneed": "Type of need",
    "deviation": "What is odd in the file",
}
COLUMNS = {
    "kind": "What is odd",
    "table_name": "Table",
    "name": "Name in the file",
    "spec_name": "Name in the specification",
}
#: Key columns, which are shown only if they distinguish two rows.
PLACES = ("row_id", "person_id", "place", "line", *(f"{table}_id" for table in spec.TABLES))
#: Words in the name of a case with something missing, which is a poor example unless the rule is about that.
ABSENT = re.compile(r"missing|blank|invalid|unknown|empty|no_|not_|without")


#: Codes and months, which are in lower case in the names of cases and columns.
CODES = re.compile(
    r"\b(upn|uln|urn|ukprn|lea|sen|ehc|un[0-9]+|neet|niec|nieo|oth|ehe|ola|opa|eyp|nsa|nobt|refu|cs[0-9]{3}|sen2|id|[hpranmt][0-9]{2})\b"
)
MONTHS = re.compile(r"\b(january|february|march|april|may|june|july|august|september|october|november|december)\b")


def in_words(name: str) -> str:
    """Write a name with underscores as normal text."""
    words = CODES.sub(lambda found: found[0].upper(), name.replace("_", " ").strip())
    words = MONTHS.sub(lambda found: found[0].capitalize(), words)
    return words[:1].upper() + words[1:]


def label(table: str, column: str) -> str:
    """Return the heading of a column."""
    found = next((item.label for item in spec.items_of(table) if item.column == column), None) if table else None
    return found or COLUMNS.get(column) or in_words(column.removesuffix("_id"))


def cells(text: str) -> tuple[list[str], list[list[str]]]:
    """Return the columns and rows of a drawn table, as drawn."""
    lines = [[cell.strip() for cell in line.split("|")] for line in text.strip().splitlines() if line.strip()]
    return (lines[0], lines[1:]) if lines else ([], [])


def drawn(text: str, table: str, title: str) -> ExampleTable:
    """Turn a drawn table into one for readers, with only those key columns that distinguish rows."""
    names, rows = cells(text)
    if len(rows) > 1 and "row_id" not in names and table in spec.TABLES:
        names, rows = ["row_id", *names], [[str(at), *row] for at, row in enumerate(rows, start=1)]
    shown = [at for at, name in enumerate(names) if name not in PLACES or len({row[at] for row in rows}) > 1]
    return ExampleTable(
        title=title,
        columns=tuple(label(table if table in spec.TABLES else "", names[at]) for at in shown),
        rows=tuple(tuple("" if row[at] == "''" else row[at] for at in shown) for row in rows),
    )


def from_mapping(values: Mapping[str, Any], table: str, title: str) -> ExampleTable:
    """Turn values by name into a table of one row."""
    return ExampleTable(
        title=title,
        columns=tuple(label(table, name) for name in values),
        rows=(tuple("" if value is None else str(value) for value in values.values()),),
    )


def tables_of(case: Case, before: str = "") -> Iterator[ExampleTable]:
    """Yield the tables of a case, the return first. before: text to put before the titles."""
    if "year" in case:
        yield ExampleTable(title=f"{before}Return", columns=("Return year",), rows=((str(case["year"]),),))
    if case.get("file"):
        yield from_mapping(case["file"], "", f"{before}File")
    if case.get("header"):
        yield from_mapping(case["header"], "header", f"{before}Header")
    for table, text in (case.get("given") or {}).items():
        yield drawn(text, table, before + TITLES[table])
    if "previous" in case:
        earlier = list(tables_of(case["previous"] or {}, "Earlier return: "))
        yield from earlier or [ExampleTable(title="Earlier return: nobody in it", columns=(), rows=())]
    if "establishments" in case:
        if case["establishments"]:
            yield drawn(case["establishments"], "", "Establishment register")
        else:
            yield ExampleTable(title="Establishment register: empty", columns=(), rows=())


def finds_of(rule: Rule, case: Case) -> Iterator[str]:
    """Yield the label of each item that the findings of a case report, once; with the row if there are several."""
    table = rule.table if rule.table in spec.TABLES else ""
    is_one = len(cells((case.get("given") or {}).get(table, ""))[1]) < 2
    rows: dict[str, list[str]] = {}
    for _, row, field in case["finds"]:
        found = next((item.label for item in spec.items_of(table) if item.element == field), None) if table else None
        name = found or spec.labels().get(field or "", field or "the return as a whole")
        rows.setdefault(name, []).append(str(row))
    for name, found_in in rows.items():
        several = "rows" if len(found_in) > 1 else "row"
        yield name if is_one else f"{name} in {several} {' and '.join(dict.fromkeys(found_in))}"


def example(rule: Rule, name: str, case: Case) -> Example:
    """Turn a case into an example for readers."""
    return Example(
        title=in_words(name.split("_", 1)[1]), tables=tuple(tables_of(case)), finds=tuple(finds_of(rule, case))
    )


def size(made: Example) -> int:
    """Measure how much there is to read."""
    return sum(len(table.columns) * (len(table.rows) + 1) + 2 for table in made.tables)


def columns(made: Example) -> set[tuple[str, str]]:
    """Return every column of an example with its table."""
    return {(table.title, column) for table in made.tables for column in table.columns}


def choose(rule: Rule, cases: Mapping[str, Case]) -> Examples:
    """Choose the smallest case that fails, and the small passing case that is most like it."""
    failing: list[tuple[int, Example]] = []
    passing: list[tuple[int, str, Example]] = []
    for name, case in cases.items():
        if not rule.applies_in(int(case.get("year", spec.NEWEST_YEAR))):
            continue
        made = example(rule, name, case)
        if case["finds"] and case.get("status", "found") == "found":
            beside_the_point = ABSENT.search(name) and not ABSENT.search(rule.title.lower().replace(" ", "_"))
            failing.append((size(made) + 3 * (len(case["finds"]) - 1) + (12 if beside_the_point else 0), made))
        elif not case["finds"] and case.get("status", "clear") == "clear" and made.tables:
            passing.append((size(made), name, made))
    first = min(failing, key=lambda pair: pair[0])[1] if failing else None
    wanted = columns(first) if first else set()

    def unlike(candidate: tuple[int, str, Example]) -> int:
        n_read, name, made = candidate
        return n_read + 4 * len(columns(made) ^ wanted) + (12 if ABSENT.search(name) else 0)

    return Examples(failing=first, passing=min(passing, key=unlike)[2] if passing else None)


def all_examples() -> dict[str, Examples]:
    """Return the examples of every rule that has cases."""
    found = {}
    for rule in catalogue.rules():
        path = CASES / f"{rule.id}.yml"
        if path.exists():
            cases = yaml.safe_load(path.read_text(encoding="utf-8"))
            found[rule.id] = choose(rule, {name: case for name, case in cases.items() if name != "rule"})
    return found


def examples_json() -> str:
    """Return the text of examples.json, with one line per rule."""
    lines = (
        f"{json.dumps(rule_id)}: {json.dumps(found.model_dump(exclude_none=True), ensure_ascii=False)}"
        for rule_id, found in all_examples().items()
    )
    return "{\n" + ",\n".join(lines) + "\n}\n"


def main() -> None:
    """Write everything."""
    examples.FILE.write_text(examples_json(), encoding="utf-8", newline="\n")
    (REFERENCE / "rules").mkdir(exist_ok=True)
    for name, text in rulebook.files(catalogue.rules()):
        (REFERENCE / name).write_text(text, encoding="utf-8", newline="\n")
    (REFERENCE / "glossary.md").write_text(glossary.document(), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
