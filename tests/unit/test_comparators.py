"""What figures are compared with, worked out again from the reference files themselves."""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime
from statistics import median

import pytest

from sen2dash import reference, spec
from sen2dash.analysis import comparators, earlier_years
from sen2dash.analysis.comparators import COMPARATORS, NO_EARLIER, Comparator
from sen2dash.analysis.earlier_years import EarlierReturn
from sen2dash.checks.report import Report, build_report
from sen2dash.config import Settings
from sen2dash.indicators import figures
from sen2dash.indicators.figures import Figures, Selection
from sen2dash.indicators.suppression import round_count
from sen2dash.reading.source import SourceText
from sen2dash.sample.generate import sample_bytes
from tests import casebook
from tests.unhidden import unhidden

LEA = "333"
SETTINGS = Settings(now=casebook.NOW)


def measured(persons: int, seed: int, year: int) -> EarlierReturn:
    source = SourceText(sample_bytes(persons=persons, seed=seed, year=year))
    return earlier_years.read_earlier(source, SETTINGS, None, lambda _: None)


@pytest.fixture(scope="module")
def report() -> Iterator[Report]:
    """A return of 2025 with one of 2024."""
    made = build_report(sample_bytes(persons=300, seed=11, year=2025), SETTINGS, only=[])
    made.earlier = (measured(250, 5, 2024),)
    yield made
    made.close()


@pytest.fixture(scope="module")
def alone() -> Iterator[Report]:
    """A return of 2026 without an earlier one."""
    made = build_report(
        sample_bytes(persons=200, seed=3, year=2026), Settings(now=datetime(2026, 2, 1, 12, 0)), only=[]
    )
    yield made
    made.close()


def raw(indicator: str, characteristic: str, period: str, area: str) -> dict[str, int]:
    """Counts by published category, straight from the file; those that are not available are left out."""
    found = {}
    with (reference.HERE / "breakdowns.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if (row["indicator"], row["characteristic"], row["period"], row["area"]) == (
                indicator, characteristic, period, area,
            ) and row["number"].isdigit():  # fmt: skip
                found[row["category"]] = int(row["number"])
    return found


def raw_shares(*place: str) -> dict[str, float]:
    counts = raw(*place)
    return {key: count / sum(counts.values()) for key, count in counts.items()}


def shares_of(found: comparators.Marks) -> dict[str, float]:
    return {key: share for key, marks in found.by_key.items() for _, share in marks}


def near() -> list[str]:
    with (reference.HERE / "statistical_neighbours.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["la_code"] == LEA]
    return [row["neighbour_la_code"] for row in sorted(rows, key=lambda row: int(row["rank"]))]


def test_the_choices_name_the_region(report: Report) -> None:
    assert list(comparators.labels(report)) == list(COMPARATORS) == [
        "england", "region", "neighbours", "earlier", "none",
    ]  # fmt: skip
    assert comparators.labels(report)["region"] == spec.authorities()[LEA].region_name == "West Midlands"


@pytest.mark.parametrize(("comparator", "area"), [("england", "England"), ("region", "E12000005")])
@pytest.mark.parametrize("name", ["sex", "age_group", "place_group", "need"])
def test_published_shares_are_those_of_the_file(report: Report, comparator: Comparator, area: str, name: str) -> None:
    found = comparators.marks(report, Selection(), "caseload", name, comparator)
    expected = raw_shares("caseload", name, "2025-01", area)
    assert found.name.endswith(", January 2025")
    assert "Source: Department for Education" in found.note
    shown = shares_of(found)
    assert shown and all(share == pytest.approx(expected[key]) for key, share in shown.items())
    left = set(expected) - set(shown)
    combined = {reference.characteristics()[name].category(each).published for keys in found.together for each in keys}
    assert left <= combined | {"OTH"}, "only categories that combine several of ours have no mark of their own"


def test_neighbours_are_the_median_of_each_category(report: Report) -> None:
    found = comparators.marks(report, Selection(), "caseload", "age_group", "neighbours")
    by_key = defaultdict(list)
    for code in near():
        for key, share in raw_shares("caseload", "age_group", "2025-01", code).items():
            by_key[key].append(share)
    expected = {key: median(shares) for key, shares in by_key.items()}
    assert shares_of(found) == pytest.approx(expected)
    assert found.name == "Neighbours, January 2025"
    names = [spec.authorities()[code].name for code in near()]
    assert "; ".join(names) in found.note and "median of 10 statistical neighbours" in found.note


def test_categories_published_as_one_are_not_compared_alone(report: Report) -> None:
    found = comparators.marks(report, Selection(), "caseload", "need", "england", ["ASD", "DS", "OTH"])
    expected = raw_shares("caseload", "need", "2025-01", "England")
    assert set(found.by_key) == {"ASD"}
    assert dict(found.together) == {("DS", "OTH"): pytest.approx(expected["OTH"])}
    alone = comparators.marks(report, Selection(), "caseload", "need", "england", ["OTH"])
    assert shares_of(alone)["OTH"] == pytest.approx(expected["OTH"]), "what is not shown is not revealed"


@pytest.mark.parametrize(
    ("base", "name", "comparator", "says"),
    [
        ("people", "need", "england", "Nothing is published about everyone"),
        ("caseload", "need2", "england", "Not published for England"),
        ("caseload", "location", "region", "Not published for West Midlands"),
        ("caseload", "age", "neighbours", "Not published for single authorities"),
        ("new_plans", "sex", "neighbours", "Not published for single authorities"),
        ("requests_received", "source", "region", "Not published for West Midlands"),
    ],
)
def test_what_is_not_published_says_so(report: Report, base: str, name: str, comparator: Comparator, says: str) -> None:
    found = comparators.marks(report, Selection(), base, name, comparator)
    assert not found.by_key and not found.together and not found.name
    assert says in found.note


def test_nothing_chosen_is_nothing_shown(report: Report) -> None:
    assert comparators.marks(report, Selection(), "caseload", "need", "none") == comparators.NO_MARKS
    assert comparators.beside(report, Selection(), "personal_budgets", "none") == comparators.NOTHING


def test_filters_do_not_change_published_shares(report: Report) -> None:
    girls = figures.select(report, figures.choose({"sex": ["F"]}))
    found = comparators.marks(report, girls, "caseload", "need", "england")
    assert shares_of(found) == shares_of(comparators.marks(report, Selection(), "caseload", "need", "england"))
    assert "not of the people whom the filters choose" in found.note


@pytest.mark.parametrize(
    ("chosen", "name"),
    [({"sex": ["F"]}, "sex"), ({"age": ["7"]}, "age_group"), ({"school_type": ["neet"]}, "place_group")],
    ids=str,
)
def test_shares_by_what_the_filters_choose_are_not_compared(
    report: Report, chosen: dict[str, list[str]], name: str
) -> None:
    selection = figures.select(report, figures.choose(chosen))
    found = comparators.marks(report, selection, "caseload", name, "england")
    assert not found.by_key and "You have filtered by" in found.note
    assert comparators.marks(report, selection, "caseload", "need", "england").by_key


# -- the earlier return ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("chosen", [{}, {"sex": ["F"]}, {"age_group": ["5_10", "11_15"]}], ids=str)
@pytest.mark.parametrize("base", ["caseload", "new_plans", "people"])
def test_the_earlier_return_is_counted_like_a_return_of_its_own(
    report: Report, base: str, chosen: dict[str, list[str]]
) -> None:
    own = build_report(sample_bytes(persons=250, seed=5, year=2024), SETTINGS, only=[])
    cohort = figures.choose(chosen)
    selection = figures.select(report, cohort)
    for name in ("need", "sex", "place_group"):
        found = comparators.marks(report, selection, base, name, "earlier")
        counted = Figures(own, Selection(cohort))
        parts = counted.count_people((name,)) if base == "people" else counted.breakdown(base, (name,))
        whole = sum(part.denominator for part in parts)
        expected = {part.keys[0]: part.denominator / whole for part in parts}
        shown = {key: share for key, share in shares_of(found).items() if share}
        assert shown == pytest.approx(expected), name
        assert found.name == "Return of 2024" and f"all {whole}" in found.note
        assert ("under the same filters" in found.note) == bool(chosen)
    own.close()


def test_a_category_of_later_years_is_not_nobody_in_an_earlier_one(report: Report) -> None:
    found = comparators.marks(report, Selection(), "caseload", "need", "earlier", ["DS", "MSI"])
    assert "DS" not in found.by_key and "MSI" in found.by_key


def test_without_an_earlier_return_it_says_how_to_get_one(alone: Report) -> None:
    for found in (
        comparators.marks(alone, Selection(), "caseload", "need", "earlier"),
        comparators.beside(alone, Selection(), "personal_budgets", "earlier"),
    ):
        assert found.note == NO_EARLIER


def test_two_earlier_years_are_beside_each_bar_oldest_first() -> None:
    report = build_report(sample_bytes(persons=100, seed=11, year=2025), SETTINGS, only=[])
    report.earlier = (measured(90, 5, 2024), measured(80, 6, 2023))
    selection = figures.select(report, figures.choose({"sex": ["M"]}))
    found = comparators.marks(report, selection, "caseload", "need", "earlier")
    counts = earlier_years.by_category(report, "caseload", "need", selection)
    for key, marks in found.by_key.items():
        assert [name for name, _ in marks] == ["Return of 2023", "Return of 2024"] or key == "DS"
        for name, share in marks:
            count = counts[int(name[-4:])].get(key)
            assert share == (0 if count is None else count.share)
    assert found.name == "Return of 2023 and Return of 2024"
    assert found.note.count("under the same filters: all ") == 2
    beside = comparators.beside(report, selection, "caseload", "earlier")
    values = earlier_years.values(report, "caseload", selection)
    assert (beside.name, beside.number) == ("Return of 2024", values[2024].numerator)
    assert beside.note == f"Return of 2023: {values[2023].numerator}."
    # A return of 2023 has no review meetings.
    reviews = comparators.beside(report, selection, "reviews_held", "earlier")
    assert (reviews.name, reviews.note) == ("Return of 2024", "")
    report.close()


def test_for_sharing_the_earlier_return_is_rounded(report: Report) -> None:
    shared = figures.select(report, is_sharing=True)
    found = comparators.marks(report, shared, "caseload", "need", "earlier")
    exact = comparators.marks(report, Selection(), "caseload", "need", "earlier")
    (before,) = report.earlier
    parts = {p.keys[0]: p.denominator for p in Figures(before).breakdown("caseload", ("need",))}
    whole = unhidden(round_count(sum(parts.values()), 5))
    expected = {key: unhidden(round_count(n, 5)) / whole for key, n in parts.items() if n >= 8}
    assert shares_of(found) == pytest.approx(expected)
    assert len(expected) < len(shares_of(exact))


# -- single values --------------------------------------------------------------------------------------------


def raw_figure(series: str, period: str, area: str) -> tuple[float | None, float | None]:
    """Number and percent from the file; of several releases the newest."""
    found: dict[str, tuple[float | None, float | None]] = {}
    with (reference.HERE / "figures.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if (row["series"], row["period"], row["area"]) == (series, period, area):
                numbers = [
                    float(row[name]) if row[name] not in ("", "x", "z") else None for name in ("number", "percent")
                ]
                found[row["release"]] = (numbers[0], numbers[1])
    return found[max(found)]


def test_a_share_beside_is_the_published_one(report: Report) -> None:
    found = comparators.beside(report, Selection(), "plans_within_20_weeks", "england")
    _, percent = raw_figure("plans_within_20_weeks/excluding_exceptions", "2024", "England")
    assert (found.name, found.number, found.text) == ("England, 2024", percent, f"{percent:.1f}%")
    assert "Source: " in found.note


def test_a_count_beside_is_a_rate_of_residents(report: Report) -> None:
    found = comparators.beside(report, Selection(), "caseload", "region")
    number, _ = raw_figure("ehc_plans/Total", "2025-01", "E12000005")
    with (reference.HERE / "population_0_17.csv").open(encoding="utf-8", newline="") as file:
        (residents,) = [
            int(row["population_0_17"])
            for row in csv.DictReader(file)
            if (row["area"], row["mid_year"]) == ("E12000005", "2024")
        ]
    assert number is not None
    assert found.unit == "rate" and found.number == pytest.approx(10_000 * number / residents)
    assert found.text.endswith(" per 10,000")
    assert "cannot be compared" in comparators.beside(report, Selection(), "plans_ceased", "england").note


def test_neighbours_beside_are_a_median(report: Report) -> None:
    found = comparators.beside(report, Selection(), "plans_within_20_weeks", "neighbours")
    shares = [raw_figure("plans_within_20_weeks/excluding_exceptions", "2024", code)[1] for code in near()]
    assert found.number == pytest.approx(median(share for share in shares if share is not None))
    assert spec.authorities()[near()[0]].name in found.note


def test_the_earlier_return_beside_is_its_own_figure(report: Report) -> None:
    girls = figures.select(report, figures.choose({"sex": ["F"]}))
    (before,) = report.earlier
    own = Figures(before, girls).results
    plans = comparators.beside(report, girls, "caseload", "earlier")
    assert (plans.unit, plans.number) == ("number", own["caseload"].numerator)
    share = comparators.beside(report, girls, "plans_within_20_weeks", "earlier")
    assert share.number == pytest.approx(100 * (own["plans_within_20_weeks"].value or 0))
