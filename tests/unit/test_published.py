from datetime import date

import pytest

from sen2dash import reference, spec
from sen2dash.checks import catalogue
from sen2dash.checks.catalogue import indicator
from sen2dash.reference import breakdowns, neighbouring, published, releases


def find(indicator_id: str, level: str, lea: str = "333", year: int = 2025) -> published.PublishedFigure:
    return next(f for f in published.figures(indicator(indicator_id), lea, year) if f.area.level == level)


@pytest.mark.parametrize(
    ("indicator_id", "number", "percent"),
    [
        ("caseload", 638_745, None),
        ("requests_received", 154_489, None),
        ("requests_refused", 38_889, 25.2),
        ("plans_within_20_weeks", 39_407, 46.4),
        ("plans_within_20_weeks_all", 41_448, 45.9),
        ("plans_over_52_weeks", 6_478, 7.2),
        ("new_plans", 97_747, None),
        ("plans_ceased", 44_862, None),
        ("personal_budgets", 19_596, None),
        ("reviews_held", 453_761, None),
    ],
)
def test_figures_of_england_as_published(indicator_id: str, number: float, percent: float | None) -> None:
    found = find(indicator_id, "England")
    assert found.number == number
    if percent is not None:
        assert (found.percent, found.is_computed) == (percent, False)


def test_shares_that_nobody_published_say_so() -> None:
    found = find("personal_budgets", "England")
    assert found.is_computed
    assert found.percent == pytest.approx(100 * 19_596 / 638_745)
    assert find("reviews_expected", "England").percent == pytest.approx(100 * 524_654 / 638_745)
    assert find("reviews_held", "England").percent == pytest.approx(100 * 453_761 / 524_654)


def test_three_years_latest_first_with_their_labels() -> None:
    found = [f for f in published.figures(indicator("caseload"), "333", 2025) if f.area.level == "authority"]
    assert [(f.period, f.collection_year) for f in found] == [
        ("January 2025", 2025),
        ("January 2024", 2024),
        ("January 2023", 2023),
    ]
    flow = [f.period for f in published.figures(indicator("new_plans"), None, 2025)]
    assert flow == ["2024", "2023", "2022"]
    assert published.figures(indicator("new_plans"), None, 2027)[0].period == "2025", "2026 is not published yet"
    assert published.figures(indicator("new_plans"), None, 2024)[0].period == "2023", (
        "never a later year than the return"
    )


def test_not_available_is_no_number_and_says_why() -> None:
    lewisham = find("plans_within_20_weeks", "authority", "209")
    assert (lewisham.number, lewisham.percent, lewisham.is_available) == (None, None, False)
    assert lewisham.notes == (
        published.NOT_AVAILABLE,
        "The figure was withdrawn in a later copy of the published files.",
    )


def test_corrected_rows_and_caveats_show_their_notes() -> None:
    leeds = next(f for f in published.figures(indicator("new_plans"), "383", 2023) if f.area.level == "authority")
    assert leeds.number != 6078 and "6,078" in leeds.notes[0]
    assert "exception" in find("plans_within_20_weeks", "authority", "838").notes[0]
    assert not find("plans_within_20_weeks", "authority", "333").notes


def test_indicators_without_a_published_figure_have_none() -> None:
    for each in catalogue.indicators():
        found = published.figures(each, "333", 2025)
        assert bool(found) == (each.published_as is not None), each.id


def test_every_rate_has_a_share_for_england() -> None:
    for each in catalogue.indicators():
        if each.published_as and not each.is_count:
            percent = find(each.id, "England").percent
            assert percent is not None and 0 < percent < 100


def test_an_unknown_authority_still_has_england() -> None:
    assert [area.code for area in published.areas("999")] == ["England"]
    assert [area.name for area in published.areas("333")] == ["England", "West Midlands", "Sandwell"]


def test_shares_of_a_breakdown_sum_to_one_and_to_the_caseload() -> None:
    for name in ("need", "sex", "age_group", "place", "place_group", "ethnicity", "ethnic_group", "age"):
        found = breakdowns.shares("caseload", name, "England", 2025)
        assert sum(share.share or 0 for share in found) == pytest.approx(1)
        assert sum(share.number or 0 for share in found) == 638_745, name
    need = {share.key: share.number for share in breakdowns.shares("caseload", "need", "England", 2025)}
    assert (need["ASD"], need["none"]) == (201_183, 4_870)
    assert breakdowns.shares("caseload", "stage", "England", 2025) == ()


def test_rates_by_population() -> None:
    (england, *_) = published.rates(indicator("caseload"), None, 2025)
    assert england.number == pytest.approx(10_000 * 638_745 / 12_183_016)
    assert england.is_computed and "Statistics" in england.source
    assert published.rates(indicator("residential"), "333", 2025) == ()
    assert published.rate_per_10_000(10, "999", 2025) is None


def test_neighbours() -> None:
    assert all(len(found) == 10 and la not in found for la, found in reference.neighbours().items())
    assert set(reference.neighbours()) == set(spec.codes("CS003", spec.NEWEST_YEAR))
    found = neighbouring.figures(indicator("plans_within_20_weeks"), "333", 2025)
    assert [f.area.code for f in found] == list(reference.neighbours()["333"])
    shares = sorted(f.percent for f in found if f.percent is not None)
    assert shares[0] <= (neighbouring.median_of(found, is_share=True) or 0) <= shares[-1]
    assert neighbouring.median_of([], is_share=True) is None


def test_neighbours_are_for_a_year_in_which_most_have_a_number() -> None:
    series, plans = "plans_within_20_weeks/excluding_exceptions", indicator("plans_within_20_weeks")
    codes = reference.neighbours()["333"]
    rows = [
        {"series": series, "period": period, "area": code, "number": number, "percent": percent, "note": ""}
        | {"release": "2026"}
        for place, code in enumerate(codes)
        for period, number, percent in (("2024", "10", "50.0"), ("2025", "7", "70.0" if place < 5 else "x"))
    ]
    found = neighbouring.figures(plans, "333", 2026, releases.build(rows, (), (), ()))
    assert {(f.period, f.percent) for f in found} == {("2024", 50.0)}
    rows = [{**row, "percent": "70.0"} if row["area"] == codes[5] and row["period"] == "2025" else row for row in rows]
    found = neighbouring.figures(plans, "333", 2026, releases.build(rows, (), (), ()))
    assert [(f.period, f.percent) for f in found] == [("2025", 70.0)] * 6 + [("2025", None)] * 4
    assert neighbouring.median_of(found, is_share=True) == 70.0


def test_rates_of_neighbours_are_for_a_year_whose_residents_are_known() -> None:
    plans = indicator("caseload")
    found = neighbouring.rates(plans, "333", 2026)
    assert [f.area.code for f in found] == list(reference.neighbours()["333"])
    assert {f.period for f in found} == {"January 2025"}
    first = published.figure(plans, found[0].area, 2025)
    assert first is not None and first.number is not None
    residents = reference.residents_0_17()[found[0].area.code, 2024]
    assert found[0].number == pytest.approx(10_000 * first.number / residents)
    numbers = sorted(f.number for f in found if f.number is not None)
    assert neighbouring.median_of(found, is_share=False) == pytest.approx((numbers[4] + numbers[5]) / 2)
    assert neighbouring.median_of([], is_share=False) is None
    assert neighbouring.rates(indicator("residential"), "333", 2026) == ()
    assert neighbouring.rates(plans, "999", 2026) == ()


def test_own_years_end_with_the_return() -> None:
    found = published.own_years("ehc_plans/Total", "333", 2025)
    assert [(f.collection_year, f.number) for f in found] == [(2023, 3_108), (2024, 3_625), (2025, 4_064)]
    shares = published.own_years("plans_within_20_weeks/excluding_exceptions", "333", 2026, has_share=True)
    assert [f.percent for f in shares] == [50.4, 35.2, 27.2]
    assert published.own_years("ehc_plans/Total", "999", 2025) == ()


def test_an_authority_that_is_no_more_keeps_its_name_and_its_region() -> None:
    assert [(area.level, area.name) for area in published.areas("909")] == [
        ("England", "England"),
        ("region", "North West"),
        ("authority", "Cumbria"),
    ]


def test_periods() -> None:
    assert releases.collection_year_of("2025-01") == releases.collection_year_of("2024") == date(2025, 1, 16).year
    assert releases.period_label("2025-01") == "January 2025"
