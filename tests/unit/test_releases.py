"""Two releases together: periods, breaks in a series, caveats, and figures that were imported."""

from collections.abc import Iterator

import pytest

from sen2dash import reference, spec
from sen2dash.analysis import cohort, headlines
from sen2dash.analysis.comparators import Comparator
from sen2dash.analysis.headlines import IndicatorCard, PublishedComparison
from sen2dash.checks import catalogue
from sen2dash.checks.catalogue import indicator
from sen2dash.checks.report import Report, build_report
from sen2dash.config import Settings
from sen2dash.indicators import figures
from sen2dash.model import Indicator
from sen2dash.reference import breakdowns, published, releases
from sen2dash.reference.published import Area
from sen2dash.reference.releases import Published
from sen2dash.sample.generate import sample_bytes
from tests import casebook

ENGLAND = Area("England", "England", "England")
ISLE_OF_WIGHT, LEWISHAM, LEICESTER, SANDWELL = "921", "209", "856", "333"


def row(series: str, period: str, area: str, number: str, release: str, percent: str = "") -> dict[str, str]:
    return {
        "series": series,
        "period": period,
        "area": area,
        "number": number,
        "percent": percent,
        "note": "",
        "release": release,
    }


def part(period: str, category: str, number: str, release: str, area: str = "England") -> dict[str, str]:
    return {
        "indicator": "caseload",
        "characteristic": "need",
        "period": period,
        "area": area,
        "category": category,
        "number": number,
        "release": release,
    }


def area_of(code: str) -> Area:
    return Area("authority", code, spec.authorities()[code].name)


@pytest.fixture(scope="module")
def report() -> Iterator[Report]:
    built = build_report(sample_bytes(persons=300, seed=3, year=2026), Settings(now=casebook.NOW), only=())
    built.collection = built.collection.model_copy(update={"year": 2027})
    yield built
    built.close()


# -- which period is compared with a return ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("year", "england", "authority"),
    [
        (2023, ("2022", "January 2023"), ("2022", "January 2023")),
        (2024, ("2023", "January 2024"), ("2023", "January 2024")),
        (2025, ("2024", "January 2025"), ("2024", "January 2025")),
        (2026, ("2025", "January 2026"), ("2024", "January 2026")),
        (2027, ("2025", "January 2026"), ("2024", "January 2026")),
        (2028, ("2025", "January 2026"), ("2024", "January 2026")),
    ],
)
def test_the_newest_up_to_the_return_and_never_later(
    year: int, england: tuple[str, str], authority: tuple[str, str]
) -> None:
    flow, stock = (published.newest(indicator(name), SANDWELL, year) for name in ("new_plans", "caseload"))
    assert (flow[0].period, stock[0].period) == england
    assert (flow[-1].period, stock[-1].period) == authority
    for each in catalogue.indicators():
        assert all(f.collection_year <= year for f in published.figures(each, SANDWELL, year))


def test_figures_of_england_of_the_2026_release() -> None:
    found = {each.id: published.newest(each, None, 2027)[0] for each in catalogue.indicators() if each.published_as}
    assert (found["caseload"].number, found["requests_received"].number) == (718_838, 162_702)
    assert (found["plans_within_20_weeks"].percent, found["plans_within_20_weeks_all"].percent) == (46.1, 45.5)
    assert all("2026" in found[name].source for name in ("caseload", "new_plans", "plans_ceased"))
    assert "2025 (" in found["reviews_held"].source


def test_a_card_names_one_period_or_the_period_of_each(report: Report) -> None:
    selection = figures.select(report)
    assert headlines.card(report, selection, "caseload").period == "January 2026"
    mixed = headlines.card(report, selection, "plans_within_20_weeks")
    assert mixed.period == ""
    assert mixed.first_period == "2025"
    assert mixed.texts() == {"England": "46.1%", "West Midlands": "42.3%", "Sandwell": "27.2% (2024)"}
    assert [(each.area, each.period) for each in mixed.comparisons] == [
        ("England", "2025"),
        ("West Midlands", "2025"),
        ("Sandwell", "2024"),
    ]


def test_a_card_without_figures_has_no_period() -> None:
    value = figures.Value(1, 1, None)
    assert IndicatorCard(indicator("sen_unit"), value, (), None).first_period == ""
    alone = IndicatorCard(
        indicator("caseload"), value, (PublishedComparison("England", "England", "2025", "1", ""),), None
    )
    assert (alone.period, alone.first_period, alone.texts()) == ("2025", "2025", {"England": "1"})


def test_the_table_has_a_column_a_period_and_the_neighbours_in_their_own(report: Report) -> None:
    headings, rows = headlines.published_rows(report, indicator("plans_within_20_weeks"))
    assert headings == ("Area", "2025", "2024", "2023")
    by_name = {name: cells for name, *cells in rows}
    assert by_name["England"] == ["46.1%", "46.4%", "50.3%"]
    assert by_name["Sandwell"][0] == "" and by_name["Sandwell"][1] == "27.2%"
    # For 2025 the program has one of the ten, for 2024 all of them.
    middle = by_name["Statistical neighbours (median)"]
    assert [bool(cell) for cell in middle] == [False, True, False]


# -- series whose definition changed ----------------------------------------------------------------------


def test_every_break_names_series_that_are_never_published_for_the_same_indicator() -> None:
    known = releases.carried()
    measured = {each.published_as for each in catalogue.indicators()}
    assert len(known.breaks) >= 5
    for series, each in known.breaks.items():
        assert known.years_of[series][0] == releases.collection_year_of(each.last_period)
        assert each.successor in known.years_of
        assert each.successor not in measured and each.note.endswith(".")
    assert "annual_reviews/meeting_recorded" in known.breaks


@pytest.mark.parametrize(("year", "is_ended"), [(2025, False), (2026, True), (2027, True), (2028, True)])
def test_a_series_that_ended_is_not_continued_by_another(year: int, is_ended: bool) -> None:
    for name in ("reviews_held", "review_decisions_within_4_weeks"):
        found = published.figures(indicator(name), SANDWELL, year)
        assert {each.period for each in found} == {"2024"}
        assert (published.break_after(indicator(name), year) is not None) == is_ended
    assert published.break_after(indicator("caseload"), year) is None


def test_the_page_says_why_and_gives_the_new_figure_apart(report: Report) -> None:
    selection = figures.select(report)
    card = headlines.card(report, selection, "review_decisions_within_4_weeks")
    assert card.period == "2024" and "not comparable" in card.ended
    assert card.comparisons[0].text == "44.4%"
    first = headlines.notes(report, indicator("review_decisions_within_4_weeks"))[0]
    assert first.endswith("England, 2025, by the new definition: 47.6%.")
    assert headlines.card(report, selection, "caseload").ended == ""


def test_the_appeal_rates_of_the_two_methods_are_two_series() -> None:
    old = published.newest_of("tribunal_appeals_all_plans/rate", ENGLAND, 2027)
    new = published.newest_of("tribunal_appeals/rate", ENGLAND, 2025)
    assert old is not None and new is not None
    assert (old.period, old.percent, new.period, new.percent) == ("2024", 3.2, "2024", 6.1)


# -- what is not available, and why -----------------------------------------------------------------------


def test_what_is_withheld_is_no_number_and_says_why() -> None:
    for code, word in ((ISLE_OF_WIGHT, "withheld"), (LEWISHAM, "no reason")):
        found = published.figure(indicator("caseload"), area_of(code), 2026)
        assert found is not None and not found.is_available
        assert found.notes[0] == published.NOT_AVAILABLE and word in found.notes[1]
        due = published.series_figure("phase_transfers/due_in_year", area_of(code), 2026, has_share=True)
        assert due is not None and (due.number, due.percent) == (None, None)
        # The newest available figure is shown with its own period.
        assert published.newest(indicator("caseload"), code, 2027)[-1].period == "January 2025"


@pytest.mark.parametrize(
    ("code", "indicator_id", "words"),
    [
        (LEICESTER, "requests_received", "Leicester, 2025: Leicester returned no dates"),
        (LEICESTER, "plans_ceased", "Leicester, 2025: The DfE withheld"),
        ("926", "plans_within_20_weeks", "Norfolk, 2025: Norfolk classed every plan"),
        ("876", "plans_within_20_weeks_all", "Halton, 2025: The DfE withheld"),
        ("846", "caseload", "Brighton and Hove, January 2026: "),
        ("302", "tribunal_request", "Barnet, 2025: The DfE withheld"),
        ("936", "caseload", "Surrey, January 2025: Surrey corrected"),
        (ISLE_OF_WIGHT, "personal_budgets", "Isle of Wight, January 2026: The DfE withheld"),
    ],
)
def test_a_caveat_is_said_even_where_no_figure_is_carried(
    report: Report, code: str, indicator_id: str, words: str
) -> None:
    own = report.collection
    report.collection = own.model_copy(update={"lea": code})
    try:
        assert any(note.startswith(words) for note in headlines.notes(report, indicator(indicator_id)))
        assert not any(note.startswith(words) for note in headlines.notes(report, indicator("residential"))) or (
            code == ISLE_OF_WIGHT
        )
    finally:
        report.collection = own


def test_caveats_are_about_series_areas_and_periods_that_exist() -> None:
    series = set(releases.carried().years_of)
    codes = {"", "England", *spec.authorities(), *(a.region_code for a in spec.authorities().values())}
    for each in releases.carried().caveats:
        assert each.area in codes and each.note.endswith(".")
        assert (
            not each.series
            or each.series in series
            or (each.series[-1] == "/" and any(name.startswith(each.series) for name in series))
        )
    of_area, general = published.caveats("plans_within_20_weeks/excluding_exceptions", "926", 2025)
    assert (of_area, general) == ((), ())


def test_every_source_names_its_release_and_its_licence(report: Report) -> None:
    sources = [note for note in headlines.notes(report, indicator("caseload")) if note.startswith("Source")]
    assert ["2026 (Open Government" in sources[0], "2025 (Open Government" in sources[1]] == [True, True]
    assert releases.carried().releases[:2] == ("2026", "2025")
    for (series, _, _), each in releases.carried().figures.items():
        assert each.release in ("2023", "2025", "2026"), series


# -- figures that were imported ---------------------------------------------------------------------------


def caseload_of(of: Published, code: str, year: int) -> published.PublishedFigure:
    found = published.figure(indicator("caseload"), area_of(code), year, of)
    assert found is not None
    return found


def test_an_imported_release_takes_the_place_of_what_is_as_old_or_older() -> None:
    carried = releases.carried()
    rows = [
        row("ehc_plans/Total", "2026-01", SANDWELL, "1", "2026"),
        row("ehc_plans/Total", "2025-01", "334", "2", "2024"),
    ]
    made = releases.with_release(carried, rows, [])
    assert caseload_of(made, SANDWELL, 2026).number == 1
    assert caseload_of(carried, SANDWELL, 2026).number == 4_780, "the carried figures stay as they are"
    assert caseload_of(made, "334", 2025).number == caseload_of(carried, "334", 2025).number, "an older release"
    assert (
        "2027" in releases.with_release(carried, [row("new_plans/Total", "2026", "England", "3", "2027")], []).releases
    )


@pytest.mark.parametrize(("year", "period"), [(2026, "2025"), (2027, "2026"), (2028, "2026")])
def test_a_later_release_is_used_from_the_return_on_that_it_belongs_to(year: int, period: str) -> None:
    made = releases.with_release(releases.carried(), [row("new_plans/Total", "2026", "England", "3", "2027")], [])
    assert published.newest(indicator("new_plans"), None, year, made)[0].period == period


def test_a_report_is_compared_with_the_figures_that_it_was_given(report: Report) -> None:
    rows = [row("plans_within_20_weeks/excluding_exceptions", "2025", SANDWELL, "9", "2026", "90")]
    own, report.compare_with = report.published, releases.with_release(report.published, rows, [])
    try:
        card = headlines.card(report, figures.select(report), "plans_within_20_weeks")
        assert (card.period, card.comparisons[-1].text) == ("2025", "90.0%")
    finally:
        report.compare_with = own
    given = build_report(sample_bytes(persons=20, seed=1), Settings(now=casebook.NOW), only=(), compare_with=own)
    assert given.published is own
    given.close()


# -- Down syndrome ----------------------------------------------------------------------------------------


def test_down_syndrome_is_on_its_own_from_2026_and_within_other_before() -> None:
    new = {each.key for each in breakdowns.shares("new_plans", "need", "England", 2026)}
    old = {each.key for each in breakdowns.shares("new_plans", "need", "England", 2025)}
    assert "DS" in new and "DS" not in old
    assert breakdowns.published_key("need", "DS", new) == "DS"
    assert breakdowns.published_key("need", "DS", old) == "OTH"
    assert breakdowns.published_key("need", "OTH", new) == breakdowns.published_key("need", "OTH", old) == "OTH"


def test_a_category_that_is_counted_within_another_does_not_take_the_shares_away() -> None:
    rows = [part("2025-01", key, n, "2026") for key, n in (("ASD", "60"), ("OTH", "40"), ("DS", "x"))]
    made = releases.build([], rows, [], [])
    assert {each.key: each.share for each in breakdowns.shares("caseload", "need", "England", 2025, made)} == {
        "ASD": 0.6,
        "OTH": 0.4,
    }
    hidden = releases.build([], [part("2025-01", key, "x", "2026") for key in ("ASD", "OTH", "DS")], [], [])
    assert {each.share for each in breakdowns.shares("caseload", "need", "England", 2025, hidden)} == {None}


def test_shares_with_an_unknown_part_are_of_the_published_total() -> None:
    found = {each.key: each for each in breakdowns.shares("new_plans", "place", "England", 2026)}
    assert found["w_settings"].number is None and found["w_settings"].share is None
    known = sum(each.number or 0 for each in found.values())
    assert known == 110_672
    assert sum(each.share or 0 for each in found.values()) == pytest.approx(110_672 / 110_708)


def test_each_area_beside_a_breakdown_is_of_its_own_period(report: Report) -> None:
    everyone = figures.select(report)
    beside: tuple[tuple[Comparator, str, str], ...] = (
        ("england", "England, January 2026", "2026"),
        ("region", "West Midlands, January 2025", "2025"),
        ("neighbours", "Neighbours, January 2025", "2025"),
    )
    for comparator, name, release in beside:
        found = cohort.break_down(report, "caseload", "sex", everyone, comparator).compared
        assert found.name == name and f"reporting year {release} (Open" in found.note
    need = cohort.break_down(report, "caseload", "need", everyone, "england")
    assert need.compared.name == "England, January 2025", "needs of January 2026 were not carried"


# -- the data ---------------------------------------------------------------------------------------------


def test_breakdowns_sum_to_the_figure_that_they_break_down() -> None:
    known = releases.carried()
    for indicator_id, characteristic, year, area in known.breakdowns:
        if year == 2026 and (indicator_id, characteristic) != ("new_plans", "place"):
            numbers = [each.number for each in breakdowns.shares(indicator_id, characteristic, area, year)]
            total = known.figures.get((breakdowns.TOTALS[indicator_id], year, area))
            if total is not None:
                assert sum(n or 0 for n in numbers) == float(total.number), (indicator_id, characteristic, area)


def test_no_figure_of_one_release_is_carried_twice() -> None:
    rows = reference.read("figures.csv")
    assert len({(r["series"], r["period"], r["area"], r["release"]) for r in rows}) == len(rows)


def shares_agree(each: Indicator, area: Area, year: int) -> bool:
    """Whether a published share is that of the published counts, to the decimal place it is rounded to."""
    found = published.figure(each, area, year)
    base = [published.series_figure(name, area, year) for name in published.BASES.get(each.published_as or "", ())]
    counts = [figure.number for figure in base if figure is not None and figure.number is not None]
    if found is None or found.percent is None or found.number is None or len(counts) < len(base) or not sum(counts):
        return True
    return abs(100 * found.number / sum(counts) - found.percent) < 0.11


def test_published_shares_of_2026_are_those_of_the_published_counts() -> None:
    regions = {Area("region", a.region_code, a.region_name) for a in spec.authorities().values()}
    for each in catalogue.indicators():
        if each.published_as in published.BASES:
            assert all(shares_agree(each, area, 2026) for area in (ENGLAND, *regions)), each.id
