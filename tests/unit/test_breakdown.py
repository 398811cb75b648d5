import random
from collections.abc import Iterator
from itertools import product

import pytest

from sen2dash import reference
from sen2dash.analysis import cohort, cohort_charts, comparators
from sen2dash.checks.report import Report, build_report
from sen2dash.config import Settings
from sen2dash.indicators import figures, filters
from sen2dash.indicators.figures import Selection
from sen2dash.indicators.suppression import HIDDEN, round_count
from sen2dash.reference import breakdowns
from sen2dash.sample.generate import sample_bytes
from tests import casebook
from tests.charted import rows_of
from tests.conftest import IS_LONG
from tests.unhidden import unhidden

pytestmark = pytest.mark.slow
COHORTS = [{}, {"sex": ["F"]}, {"need": ["ASD", "none"], "phase": ["primary"]}, {"group": ["new", "closed"]}]
BY = [(base, name) for base in cohort.BASES for name in reference.characteristics()]


@pytest.fixture(scope="module")
def report() -> Iterator[Report]:
    made = build_report(sample_bytes(persons=300, seed=11, year=2025), Settings(now=casebook.NOW), only=[])
    yield made
    made.close()


def select(report: Report, chosen: dict[str, list[str]], is_sharing: bool = False) -> Selection:
    return figures.select(report, filters.choose(chosen), is_sharing)


@pytest.mark.parametrize("chosen", COHORTS, ids=str)
def test_the_lines_sum_to_the_total_and_each_is_its_list_of_people(
    report: Report, chosen: dict[str, list[str]]
) -> None:
    selection = select(report, chosen)
    # Every pair for everyone; of each other cohort another third.
    for base, name in BY[COHORTS.index(chosen) % 3 :: 3] if chosen else BY:
        found = cohort.break_down(report, base, name, selection)
        assert found.total == cohort.total(report, base, selection)
        if found.is_exclusive:
            assert sum(unhidden(line.number) for line in found.lines) == found.total, (base, name)
        assert [line.share for line in found.lines] == [
            unhidden(line.number) / unhidden(found.total) for line in found.lines
        ]
        for line in found.lines[:1]:
            people = cohort.people(report, base, {name: line.key}, selection)
            assert len(people) == line.number, (base, name, line.key)


def test_people_of_a_part_that_overlaps_others_are_only_those_chosen(report: Report) -> None:
    selection = select(report, {"group": ["new"]})
    found = cohort.break_down(report, "people", "group", selection)
    for line in found.lines:
        people = set(cohort.people(report, "people", {"group": line.key}, selection)["person_id"].to_pylist())
        assert people <= casebook.people_of(report.store, selection.cohort)
        assert len(people) == line.number


def test_a_list_of_people_says_who_they_are(report: Report) -> None:
    selection = select(report, {})
    table = cohort.people(report, "people", {"need": "ASD", "sex": "F"}, selection)
    assert table.column_names[:6] == ["person_id", "surname", "forename", "birth_date", "upn", "uln"]
    assert set(table["need"].to_pylist()) == {"Autistic spectrum disorder"}
    assert table["person_id"].to_pylist() == sorted(table["person_id"].to_pylist())
    assert all(stage[:4] in ("Plan", "Requ", "Asse") for stage in table["stage"].to_pylist())


def test_published_shares_are_beside_plans_only(report: Report) -> None:
    selection = select(report, {})
    plans = cohort.break_down(report, "caseload", "need", selection, "england")
    asd = next(line for line in plans.lines if line.key == "ASD")
    assert dict(asd.beside)["England, January 2025"] == pytest.approx(201183 / 638745)
    assert not any(line.beside for line in cohort.break_down(report, "caseload", "need", selection).lines)
    everyone = cohort.break_down(report, "people", "need", selection, "england")
    assert not any(line.beside for line in everyone.lines)
    assert cohort.break_down(report, "new_plans", "sex", selection, "england").compared.name == "England, 2024"
    filtered = cohort.break_down(report, "caseload", "need", select(report, {"sex": ["F"]}), "england")
    assert "not of the people whom the filters choose" in filtered.compared.note


def test_categories_published_as_one_are_compared_together_in_a_note() -> None:
    data = sample_bytes(persons=2000, seed=7, year=2025)
    report = build_report(data, Settings(now=casebook.NOW), only=[])
    found = cohort.break_down(report, "caseload", "need", select(report, {}), "england")
    by_key = {line.key: line for line in found.lines}
    assert by_key["DS"].beside == by_key["OTH"].beside == ()
    both = (unhidden(by_key["DS"].number) + unhidden(by_key["OTH"].number)) / unhidden(found.total)
    (note,) = [each for each in found.notes if "published as one" in each]
    assert f"{both:.1%} here" in note and "for England, January 2025" in note
    hidden = cohort._together([cohort.CategoryCount("DS", "Down syndrome", HIDDEN, HIDDEN)], 10, "England", 0.1)
    assert hidden == "", "of a hidden number there is no sum"
    report.close()


def test_the_largest_stands_first_and_what_is_not_recorded_last(report: Report) -> None:
    needs = cohort.break_down(report, "people", "need2", select(report, {}))
    numbers = [unhidden(line.number) for line in needs.lines if line.key != "none"]
    assert numbers == sorted(numbers, reverse=True)
    assert needs.lines[-1].key == "none"
    ages = cohort.break_down(report, "people", "age", select(report, {}))
    order = [category.key for category in reference.characteristics()["age"].categories]
    assert [line.key for line in ages.lines] == sorted((line.key for line in ages.lines), key=order.index)


def test_without_a_register_the_way_to_types_is_shown(report: Report) -> None:
    for name, is_said in (("place", True), ("place_group", True), ("need", False)):
        found = cohort.break_down(report, "people", name, select(report, {}))
        assert any("register of establishments" in note for note in found.notes) == is_said


@pytest.mark.parametrize("base", cohort.BASES)
def test_for_sharing_numbers_are_rounded_and_small_ones_left_out(report: Report, base: cohort.Base) -> None:
    chosen: dict[str, list[str]] = {"sex": ["F"]}
    selection, n_left_out = select(report, chosen, is_sharing=True), 0
    for name in reference.characteristics():
        plain = cohort.break_down(report, base, name, select(report, chosen))
        found = cohort.break_down(report, base, name, selection)
        assert found.total == round_count(unhidden(plain.total), 5)
        numbers = {line.key: round_count(unhidden(line.number), 5) for line in plain.lines}
        assert {line.key: line.number for line in found.lines} == {k: n for k, n in numbers.items() if n is not HIDDEN}
        assert all(line.share == unhidden(line.number) / unhidden(found.total) for line in found.lines)
        n_left_out += len(plain.lines) - len(found.lines)
        grid = cohort.cross(report, base, "need", "sex" if name == "need" else "age_group", selection)
        assert all(number is HIDDEN or number % 5 == 0 for row in grid.numbers for number in row)
        assert all(row[-1] is not HIDDEN for row in grid.numbers)
    assert n_left_out


def test_for_sharing_lines_that_round_to_the_same_stand_in_the_order_of_categories(report: Report) -> None:
    lines = cohort.break_down(report, "people", "need", select(report, {}, is_sharing=True)).lines
    order = [category.key for category in reference.characteristics()["need"].categories]
    known = [line for line in lines if line.key not in cohort.UNKNOWN]
    assert known == sorted(known, key=lambda line: (-unhidden(line.number), order.index(line.key)))


def test_a_grid_sums_to_its_rows_columns_and_total(report: Report) -> None:
    selection = select(report, {"sex": ["M"]})
    bases: tuple[cohort.Base, ...] = ("people", "caseload")
    for base, row in product(bases, ("need", "need2")):
        for column in cohort.NEED_COMPARED_WITH[:2]:
            grid = cohort.cross(report, base, row, column, selection)
            assert grid.numbers[-1][-1] == cohort.total(report, base, selection)
            for place in range(len(grid.rows)):
                assert sum(unhidden(number) for number in grid.numbers[place][:-1]) == grid.numbers[place][-1]
                shares = [unhidden(grid.share(place, c)) for c in range(len(grid.columns))]
                assert sum(shares) == pytest.approx(1)
            where = cohort_charts.where_of(row, column, f"{grid.rows[0][0]}|{grid.columns[0][0]}")
            assert len(cohort.people(report, base, where, selection)) == grid.numbers[0][0]


def test_charts_say_their_unit_and_base_and_hold_every_number(report: Report) -> None:
    selection = select(report, {"sex": ["F"]})
    found = cohort.break_down(report, "caseload", "need", selection)
    chart = cohort_charts.bars(found, selection)
    assert chart.title == "Primary need: EHC plans on census day"
    assert "under the filters (Sex: Female)" in chart.subtitle and f"All: {found.total} people" in chart.subtitle
    assert [row[:2] for row in chart.rows] == [(line.label, line.text) for line in found.lines]
    assert dict(chart.choices) == {line.key: line.label for line in found.lines}
    grid = cohort.cross(report, "caseload", "need", "phase", selection)
    counts = cohort_charts.heat_map(grid, "need", "phase", "caseload", selection, as_share=False)
    assert [row[1:] for row in counts.rows] == [tuple(map(str, row)) for row in grid.numbers[:-1]]
    assert len(counts.choices) == sum(number != 0 for row in grid.numbers[:-1] for number in row), "totals open too"
    assert cohort_charts.where_of("need", "phase", counts.choices[-1][0]) == {"need": grid.rows[-1][0]}
    shares = cohort_charts.heat_map(grid, "need", "phase", "caseload", selection, as_share=True)
    assert "Share of each row" in shares.subtitle and shares.rows[0][1].endswith("%")


def test_nobody_is_an_empty_breakdown() -> None:
    empty = build_report(sample_bytes(persons=1, seed=1, year=2025), Settings(now=casebook.NOW), only=[])
    selection = select(empty, {"need": ["none"], "budget": ["yes"]})
    assert selection.n == 0
    found = cohort.break_down(empty, "caseload", "need", selection)
    assert found.lines == () and found.total == 0
    grid = cohort.cross(empty, "people", "need", "phase", selection)
    assert grid.rows == () and grid.numbers == ((0,),)
    assert cohort_charts.heat_map(grid, "need", "phase", "people", selection, False).rows == ()
    empty.close()


@pytest.mark.parametrize("base", cohort.BASES)
def test_small_yes_no_bars_are_shares_of_everyone_counted(report: Report, base: cohort.Base) -> None:
    selection = select(report, {"sex": ["M"]})
    whole = cohort.total(report, base, selection)
    chart = cohort_charts.support(report, selection, base).chart
    assert chart.choices
    for (key, _), (_, text) in zip(chart.choices, chart.rows, strict=True):
        people = cohort_charts.people_with_support(report, selection, base, key).rows
        assert text == f"{len(people)} ({len(people) / whole:.1%})"


def test_small_yes_no_bars_agree_with_their_indicators(report: Report) -> None:
    texts = dict(cohort_charts.support(report, select(report, {}), "caseload").chart.rows)
    results = figures.Figures(report).results
    pairs = {
        "SEN unit": "sen_unit",
        "Resourced provision": "resourced_provision",
        "Personal budget": "personal_budgets",
        "Residential": "residential",
    }
    for label, name in pairs.items():
        assert texts.get(label, "0").split()[0] == str(results[name].numerator), label


def test_support_is_compared_where_it_is_published(report: Report) -> None:
    drawn = cohort_charts.support(report, select(report, {}), "caseload", "england")
    rows = {row[0]: row[2] for row in drawn.chart.rows}
    assert drawn.compared == "England, January 2025"
    budgets, places = 19596 / 638745, breakdowns.shares("caseload", "place", "England", 2025)
    assert rows["Personal budget"] == f"{budgets:.1%}"
    unit = sum(each.share or 0 for each in places if each.key.endswith("_senunit"))
    assert rows["SEN unit"] == f"{unit:.1%}" and 0 < unit < 0.1
    assert rows.get("Outside the authority", "") == ""


def test_support_beside_published_shares_says_that_these_are_of_everyone(report: Report) -> None:
    girls = cohort_charts.support(report, select(report, {"sex": ["F"]}), "caseload", "england")
    assert comparators.FOR_EVERYONE in girls.comparison
    for name, label in (("budget", "Personal budget"), ("unit", "SEN unit")):
        chosen = select(report, {name: ["yes"]})
        rows = {row[0]: row[2:] for row in cohort_charts.support(report, chosen, "caseload", "england").chart.rows}
        assert not any(rows[label])
        (each,) = [each for each in cohort_charts.SUPPORT if each.name == name]
        marks, note = cohort_charts._support_mark(report, chosen, "caseload", each, "england")
        assert not marks and f"You have filtered by {comparators.in_sentence(label)}" in note


def test_bars_of_few_are_grey_and_say_so(report: Report) -> None:
    few = select(report, {"age": ["4"], "sex": ["F"]})
    for name in ("3", "24", "25", "22"):
        few = select(report, {"age": [name], "sex": ["F"]})
        if 0 < cohort.total(report, "new_plans", few) < 5:
            break
    for drawn in (
        cohort_charts.support(report, few, "new_plans"),
        cohort_charts.weeks_taken(report, few),
        cohort_charts.by_characteristic(report, few, "new_plans", "need"),
    ):
        assert all(row["faint"] for row in rows_of(drawn.chart))
        assert ("Grey bars: fewer than 5 cases." in drawn.chart.subtitle) == bool(drawn.chart.rows)


@pytest.mark.parametrize("chosen", COHORTS, ids=str)
def test_weeks_sum_to_the_new_plans_and_each_bar_is_its_list(report: Report, chosen: dict[str, list[str]]) -> None:
    selection = select(report, chosen)
    chart = cohort_charts.weeks_taken(report, selection).chart
    counts = [int(text.split()[0]) for _, text in chart.rows]
    assert sum(counts) == cohort.total(report, "new_plans", selection)
    for (key, _), count in zip(chart.choices, counts, strict=True):
        rows = cohort_charts.people_in_band(report, selection, key).rows
        assert len(rows) == count
        for row in rows.to_pylist():
            days = (row["start_date"] - row["received_date"]).days if row["received_date"] else None
            ends = {"16": (0, 112), "20": (113, 140), "30": (141, 210), "52": (211, 364), "over": (365, 9999)}
            if key == "none":
                assert days is None or days < 0
            else:
                assert days is not None and ends[key][0] <= days <= ends[key][1]


def test_parts_sum_to_their_whole_under_random_filters(report: Report) -> None:
    chance = random.Random(4)
    known = reference.characteristics()
    for _ in range(25 if IS_LONG else 8):
        names = chance.sample(list(known), 2)
        chosen = {}
        for name in names:
            keys = [category.key for category in known[name].categories]
            chosen[name] = chance.sample(keys, chance.randint(max(1, len(keys) // 2), len(keys)))
        selection = select(report, chosen)
        base = chance.choice(list(cohort.BASES))
        whole = cohort.total(report, base, selection)
        for by in (*cohort_charts.LEFT.values(), *cohort_charts.RIGHT.values()):
            drawn = cohort_charts.by_characteristic(report, selection, base, chance.choice(by), "england")
            counts = [int(row[1].split()[0].replace(",", "")) for row in drawn.chart.rows]
            assert sum(counts) == whole, (chosen, base, drawn.heading)
