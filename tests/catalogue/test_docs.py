"""The rule reference and its examples match the rule files and cases: generating them again changes nothing."""

import re
from pathlib import Path

import pytest

from sen2dash.checks import catalogue, examples, rulebook
from sen2dash.config import QUERIES
from sen2dash.model import MODULES, Rule
from sen2dash.reference import glossary
from tools import make_docs

DOCS = QUERIES.parent / "docs"
FILES = dict(rulebook.files(catalogue.rules()))
RULES = [pytest.param(rule, id=rule.id) for rule in catalogue.rules()]
#: Rules that find nothing in any return that can be drawn, and rules that every drawn return of the year trips.
NOTHING_FAILS, NOTHING_PASSES = {"H01"}, {"H23"}


def read(name: str) -> str:
    return (DOCS / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("name", FILES)
def test_the_reference_is_not_stale(name: str) -> None:
    assert read(name) == FILES[name], "run `make docs`"


def test_the_examples_are_not_stale() -> None:
    assert examples.FILE.read_text(encoding="utf-8") == make_docs.examples_json(), "run `make docs`"


def test_the_glossary_is_not_stale_and_in_order() -> None:
    assert read("glossary.md") == glossary.document(), "run `make docs`"
    terms = [term.lower() for term in glossary.meanings()]
    assert terms == sorted(set(terms))


def test_no_page_of_the_reference_is_left_over() -> None:
    assert {f"rules/{path.name}" for path in (DOCS / "rules").iterdir()} == {f"rules/{module}.md" for module in MODULES}


@pytest.mark.parametrize("rule", RULES)
def test_the_reference_has_every_rule_with_its_guidance_and_examples(rule: Rule) -> None:
    text = read(f"rules/{rule.module}.md").partition(f"\n## {rule.id} {rule.title}\n")[2].partition("\n## ")[0]
    assert rule.message in text
    assert rule.guidance.strip() in text
    assert ("**Finds:**" in text) == (rule.id not in NOTHING_FAILS)
    assert ("**Does not find:**" in text) == (rule.id not in NOTHING_PASSES)


def test_every_link_of_the_index_leads_to_a_heading() -> None:
    links = re.findall(r"\]\((rules/\w+\.md)(?:#([^)]+))?\)", read("rules.md"))
    assert len([anchor for _, anchor in links if anchor]) == len(catalogue.rules())
    for page, anchor in links:
        headings = [line.lower() for line in read(page).splitlines() if line.startswith("## ")]
        named = {re.sub(r"[^a-z0-9 -]", "", heading[3:]).replace(" ", "-") for heading in headings}
        assert not anchor or anchor in named


def test_an_example_shows_what_the_case_holds_and_nothing_that_tells_no_rows_apart() -> None:
    found = examples.of_rule("R09")
    assert found.failing is not None
    (table,) = found.failing.tables
    assert table.columns == ("Date request was received", "Request outcome date")
    assert table.rows == (("2024-02-01", "2024-01-31"),)
    assert found.failing.finds == ("Request outcome date",)
    assert found.passing is not None
    assert found.passing.tables[0].rows == (("2024-02-01", "2024-02-01"),)


def test_examples_are_small_enough_to_read() -> None:
    for rule in catalogue.rules():
        for example in (examples.of_rule(rule.id).failing, examples.of_rule(rule.id).passing):
            for table in example.tables if example else ():
                assert len(table.columns) <= 8, rule.id
                assert len(table.rows) <= 12, rule.id
                assert len(set(table.columns)) == len(table.columns), rule.id


def test_a_rule_without_cases_yet_has_no_example() -> None:
    assert examples.of_rule("X99") == examples.Examples()


def test_nothing_that_runs_reads_the_tests() -> None:
    package = Path(examples.__file__).resolve().parents[1]
    for path in [*package.rglob("*.py"), *(package.parent / "pages").glob("*.py")]:
        assert not re.search(r"""["']tests["'/]|import tests|from tests""", path.read_text(encoding="utf-8")), path
