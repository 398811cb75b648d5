from pathlib import Path
from typing import Any

import pytest

from sen2dash.checks import catalogue
from sen2dash.config import QUERIES, Settings
from sen2dash.errors import CatalogueError
from sen2dash.indicators import filters, run
from sen2dash.model import INDICATOR_GROUPS
from sen2dash.store.database import Store
from tests import casebook

TIMELY = {
    "requests": """
        row_id | person_id | received_date | request_tribunal
        1      | 1         | 2024-01-01    |
        2      | 2         | 2024-01-01    |
        3      | 3         | 2024-01-01    | 1
    """,
    "assessment": """
        row_id | requests_id | assessment_outcome | assessment_outcome_date
        1      | 1           | Y                  | 2024-05-20
        2      | 2           | Y                  | 2024-05-21
        3      | 3           | Y                  | 2024-05-19
    """,
}


def open_store(given: dict[str, str], **settings: Any) -> Store:
    return casebook.make_store({"given": given}, Settings(now=casebook.NOW, **settings))


def test_catalogue_holds_the_33_indicators() -> None:
    found = catalogue.indicators()
    assert [each.place for each in found] == list(range(1, 34))
    assert found[0].id == "caseload" and found[-1].id == "placement_not_recorded"
    assert {each.group for each in found} == set(INDICATOR_GROUPS)
    assert [each.id for each in found if each.is_count] == [
        "caseload",
        "requests_received",
        "assessments_completed",
        "new_plans",
        "plans_ceased",
    ]
    assert catalogue.indicator("caseload").age_label == "Age on 31 August before census day"
    with pytest.raises(KeyError):
        catalogue.indicator("no such indicator")


@pytest.mark.parametrize(
    "change", [("group: plans", "group: other"), ("id: caseload", "id: other"), ("title:", "titel:")]
)
def test_a_file_that_breaks_the_contract_is_refused(
    change: tuple[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = (QUERIES / "indicators" / "caseload.sql").read_text(encoding="utf-8")
    path = tmp_path / "caseload.sql"
    path.write_text(text.replace(*change), encoding="utf-8")
    monkeypatch.setattr(catalogue, "QUERIES", tmp_path)
    with pytest.raises(CatalogueError):
        catalogue.read_indicator(path)


def test_an_empty_return_has_33_empty_indicators() -> None:
    store = open_store({})
    found = run.run_indicators(store)
    assert [(r.numerator, r.denominator, r.value, r.reason) for r in found] == [(0, 0, None, None)] * 33
    store.close()


def test_every_indicator_gives_the_five_columns() -> None:
    store = open_store({})
    store.derive_indicators()
    for each in catalogue.indicators():
        names = store.table(each.sql).column_names
        assert names == ["person_id", "table_name", "row_id", "in_denominator", "in_numerator"], each.id
        assert len(each.sql.splitlines()) <= 60
    store.close()


def test_an_indicator_that_fails_is_broken_and_the_others_stand() -> None:
    store = open_store(TIMELY)
    bad = catalogue.indicator("caseload").model_copy(update={"sql": "select nothing from nowhere"})
    found = run.run_indicators(store, [bad, catalogue.indicator("plans_within_20_weeks")])
    assert found[0].is_broken and found[0].value is None and "nowhere" in (found[0].reason or "")
    assert (found[1].numerator, found[1].denominator) == (1, 2)
    again = run.results(store, filters.choose({"sex": ["none"]}), found)
    assert again[0].is_broken and not again[1].is_broken
    store.close()


def test_running_twice_counts_once() -> None:
    store = open_store(TIMELY)
    assert run.run_indicators(store) == run.run_indicators(store) == run.results(store)
    store.close()


def test_other_readings_of_the_20_weeks() -> None:
    store = open_store(TIMELY, twenty_weeks_days=139)
    run.run_indicators(store)
    readings = run.other_readings(store, "plans_within_20_weeks")
    counts = {(r.twenty_weeks_days, r.include_challenged): (r.result.numerator, r.result.denominator) for r in readings}
    assert counts == {(139, False): (0, 2), (140, False): (1, 2), (139, True): (1, 3), (140, True): (2, 3)}
    assert [r.is_chosen for r in readings] == [True, False, False, False]
    assert readings[0].result == run.result(store, "plans_within_20_weeks")
    assert readings[0].label == "139 days, without mediation and tribunal cases"
    assert len(run.other_readings(store, "plans_within_30_weeks")) == 2
    assert run.other_readings(store, "caseload") == ()
    store.close()


def test_the_list_of_people_says_where_each_row_stands() -> None:
    store = open_store(TIMELY)
    run.run_indicators(store)
    rows = run.people_table(store, "plans_within_20_weeks", "numerator").to_pylist()
    assert [(row["person_id"], row["table_name"], row["row_id"]) for row in rows] == [(1, "assessment", 1)]
    assert rows[0]["path"] == "/Message/Persons/Person[1]/Requests[1]/Assessment[1]"
    assert len(run.people_table(store, "plans_within_20_weeks", limit=1, offset=1)) == 1
    store.close()
