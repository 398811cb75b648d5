"""Check every rule file: the structure that the engine needs and, for specification rules, the contract in rules.csv.

A rule of your own (its id starts with X) needs no row there.
"""

import csv
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
import yaml

from sen2dash import sources, spec
from sen2dash.checks import catalogue, rulebook
from sen2dash.checks.run import run
from sen2dash.config import QUERIES
from sen2dash.errors import CatalogueError
from sen2dash.model import Rule
from sen2dash.spec.columns import ESTABLISHMENT_COLUMNS
from sen2dash.store.database import Store
from sen2dash.store.schema import FINDING_COLUMNS
from tests import casebook

HERE = Path(__file__).parent
CONTRACT = list(csv.DictReader((HERE / "rules.csv").open(encoding="utf-8", newline="")))
RULES = [pytest.param(rule, id=rule.id) for rule in catalogue.rules()]
#: Words for a whole family of items.
FAMILIES = {"any element", "any date item", "any yes/no item"}
ELEMENTS = (
    {item.element for item in spec.items()}
    | {group.element for group in spec.GROUPS}
    | {"Header", "CollectionDetails", "Source", "Persons"}
)
#: The rule for refused files: such a file never becomes a case and is tested with the reader.
NO_CASES = {"H01"}
#: The rule for returns without people.
FIRES_ON_NOTHING = {"H20"}
#: The rule for refused files, which no loaded return can trip.
NEVER_LOADED = {"H01"}


def names(text: str) -> set[str]:
    return {name.strip() for name in text.split(",") if name.strip()}


def severity_of(text: str) -> str | dict[int, str]:
    if "@" not in text:
        return text
    return {int(year): severity for severity, year in (part.strip().split("@") for part in text.split(","))}


@cache
def cases_of(rule_id: str) -> set[str]:
    rule, cases = casebook.read_cases(HERE.parent / "rules" / f"{rule_id}.yml")
    assert rule == rule_id
    return set(cases)


@pytest.fixture(scope="module")
def empty() -> Iterator[Store]:
    store = casebook.make_store({})
    yield store
    store.close()


def test_contract_is_the_whole_specification() -> None:
    assert len(CONTRACT) == 253
    assert len({row["id"] for row in CONTRACT}) == 253


@pytest.mark.parametrize("folder", ["rules", "indicators"])
def test_front_matter_is_the_same_to_both_readers_of_yaml(folder: str) -> None:
    for path in (QUERIES / folder).rglob("*.sql"):
        front, _ = catalogue.read_front_matter(path)
        match = catalogue.FRONT_MATTER.match(path.read_text("utf-8"))
        assert match
        assert front == yaml.safe_load(match[1]), path.name


def test_every_rule_of_the_contract_has_one_file_and_no_other_rule_but_our_own_has() -> None:
    known = catalogue.rules()
    assert sorted(rule.id for rule in known if not rule.is_own) == sorted(row["id"] for row in CONTRACT)
    assert len(list(catalogue.rule_files())) == len(known)


@pytest.mark.parametrize("row", [pytest.param(row, id=row["id"]) for row in CONTRACT])
def test_rule_agrees_with_the_contract(row: dict[str, str]) -> None:
    rule = catalogue.rule(row["id"])
    assert rule.severity == severity_of(row["severity"])
    assert rule.table == row["table"]
    assert rule.years == (int(row["from_year"]), None)
    assert names(row["items"]) <= set(rule.fields)


@pytest.mark.parametrize("rule", RULES)
def test_front_matter_says_what_an_officer_needs(rule: Rule) -> None:
    assert len(rule.guidance.split()) >= 8
    assert rule.guidance.rstrip().endswith(".")
    assert rule.message.rstrip().endswith(".")
    assert set(rule.fields) <= ELEMENTS | FAMILIES


@pytest.mark.parametrize("rule", RULES)
def test_a_rule_on_the_register_names_the_columns_it_needs(rule: Rule) -> None:
    assert bool(rule.needs_columns) == (rule.needs == "establishments")
    assert set(rule.needs_columns) <= set(ESTABLISHMENT_COLUMNS)


@pytest.mark.parametrize("rule", RULES)
def test_sql_is_one_short_ordered_select(rule: Rule) -> None:
    casebook.assert_is_select(rule.sql)
    assert len(rule.sql.splitlines()) <= 60
    assert rule.sql.splitlines()[-1] == "order by all"


@pytest.mark.parametrize("rule", RULES)
def test_sql_binds_only_parameters_of_the_collection(rule: Rule, empty: Store) -> None:
    code = re.sub(r"--.*|'[^']*'", "", rule.sql)
    assert set(re.findall(r"\$(\w+)", code)) <= set(empty.parameters())


@pytest.mark.parametrize("rule", RULES)
def test_empty_return_gives_six_columns_and_no_row(rule: Rule, empty: Store) -> None:
    table = empty.table(rule.sql)
    assert tuple(table.column_names) == FINDING_COLUMNS
    assert table.num_rows == (1 if rule.id in FIRES_ON_NOTHING else 0)


@pytest.mark.parametrize("rule", [param for param in RULES if param.id not in NO_CASES])
def test_rule_has_cases_that_fail_that_pass_and_that_miss_something(rule: Rule) -> None:
    cases = cases_of(rule.id)
    assert all(name.startswith(("fail_", "pass_")) for name in cases)
    assert any(name.startswith("fail_") for name in cases) or rule.id in NEVER_LOADED
    assert any(name.startswith("pass_") for name in cases)
    assert any(word in name for name in cases for word in ("missing", "blank", "invalid"))


def test_no_case_file_is_about_a_rule_that_is_not_there() -> None:
    files = {path.stem for path in (HERE.parent / "rules").glob("*.yml")}
    assert files - NO_CASES == {rule.id for rule in catalogue.rules()} - NO_CASES


#: An officer's own rule, as CONTRIBUTING describes it: only this file and its cases.
OWN = """/*---
id: X01
severity: info
title: Request on a Sunday
message: The request was received on a Sunday.
guidance: >
  Requests that arrive at the weekend are entered on Monday. Check the date in the case record.
module: requests
table: requests
fields: [ReceivedDate]
years: [2023, null]
source: SOURCE
---*/
-- One row per request.
select
    person_id,
    'requests' as table_name,
    row_id,
    'ReceivedDate' as field,
    received_date_text as value,
    null as detail
from requests
where dayofweek(received_date) = 0
order by all
"""


def read_own(folder: Path, monkeypatch: pytest.MonkeyPatch, source: str) -> Rule:
    path = folder / "rules" / "requests" / "X01_request_on_a_sunday.sql"
    path.parent.mkdir(parents=True)
    path.write_text(OWN.replace("SOURCE", source), encoding="utf-8")
    monkeypatch.setattr(catalogue, "QUERIES", folder)
    return catalogue.read_rule(path)


def test_a_rule_of_your_own_needs_no_row_in_the_contract(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rule = read_own(tmp_path, monkeypatch, "Logic check")
    assert rule.is_own
    assert "X01" not in {row["id"] for row in CONTRACT}
    given = {"requests": "row_id | received_date\n10 | 2024-03-03\n11 | 2024-03-04"}
    store = casebook.borrow_store({"given": given}, rule.sql)
    (outcome,) = run(store, [rule])
    assert (outcome.status, outcome.count) == ("found", 1)
    assert "### X01 Request on a Sunday" in b"".join(rulebook.pieces([rule])).decode()


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("spec 2.2", "'spec 2.2' is not a document of sources.csv"),
        ("DfE specification 2025; a colleague", "'a colleague' is not a document"),
        ("DfE specification 2025, ; sen2dash", "the place in it"),
        ("Logic check, 2.2", "the place in it"),
    ],
)
def test_a_source_that_nobody_can_find_is_refused(
    source: str, words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(CatalogueError, match=re.escape(words)) as refused:
        read_own(tmp_path, monkeypatch, source)
    assert "X01_request_on_a_sunday.sql" in str(refused.value)


def test_every_document_is_cited_and_has_a_safe_address() -> None:
    cited = {each.document.name for rule in catalogue.rules() for each in sources.citations(rule.source)}
    assert cited == set(sources.documents())
    for document in sources.documents().values():
        assert document.title
        assert re.fullmatch(r"(https://[a-z0-9./-]+)?", document.address)


def test_a_source_is_shown_with_its_section_and_a_link() -> None:
    source = "DfE specification 2025, 2.2 and 2.3; Common Basic Data Set, CS116"
    assert [citation.words for citation in sources.citations(source)] == [
        "DfE specification 2025, sections 2.2 and 2.3",
        "Common Basic Data Set, code set CS116",
    ]
    specification = "https://www.gov.uk/government/publications/special-educational-needs-person-level-survey-technical-specification"
    assert sources.in_markdown(source).startswith(f"[DfE specification 2025]({specification}), sections 2.2 and 2.3; ")
    assert sources.in_markdown("Logic check") == "Logic check: not in the DfE specification"
