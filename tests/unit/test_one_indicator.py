"""The page of one indicator: its lists, its neighbours, its groups and its years are those of the other pages."""

from collections.abc import Iterator

import pytest

from sen2dash.analysis import headlines, one_indicator, timeliness
from sen2dash.checks import catalogue
from sen2dash.checks.report import Report, build_report
from sen2dash.config import Settings
from sen2dash.indicators import figures
from sen2dash.indicators.figures import Figures
from sen2dash.reference import neighbouring, published
from sen2dash.sample.generate import sample_bytes
from tests import casebook

WEEKS = "plans_within_20_weeks"


@pytest.fixture(scope="module")
def report() -> Iterator[Report]:
    built = build_report(sample_bytes(400, seed=5, defects=40, year=2026), Settings(now=casebook.NOW), only=())
    yield built
    built.close()


def test_the_lists_are_named_for_what_they_hold_and_add_up(report: Report) -> None:
    selection = figures.select(report)
    for indicator in catalogue.indicators():
        parts = one_indicator.parts(report, selection, indicator)
        result = Figures(report).results[indicator.id]
        sizes = {each.key: len(one_indicator.people(report, selection, indicator.id, each.key)) for each in parts}
        for each in parts:
            assert each.label == f"{each.word} ({sizes[each.key]:,})", indicator.id
        assert sizes["denominator"] == result.denominator
        if not indicator.is_count:
            assert sizes["numerator"] + sizes["rest"] == sizes["denominator"]
    late, on_time, everyone = one_indicator.parts(report, selection, catalogue.indicator(WEEKS))
    assert [each.word for each in (late, on_time, everyone)] == ["Late", "On time", "All"]


def test_late_ones_come_first_with_their_weeks(report: Report) -> None:
    selection = figures.select(report)
    late = one_indicator.people(report, selection, WEEKS, "rest")
    assert late.to_pylist() == timeliness.late(report, WEEKS, selection.cohort).to_pylist()
    everyone = one_indicator.people(report, selection, WEEKS, "denominator").to_pylist()
    flags = [row["is_late"] for row in everyone]
    assert flags == sorted(flags, reverse=True) and True in flags and False in flags
    assert all(row["weeks"] == round(row["days"] / 7, 1) for row in everyone if row["days"] is not None)


def test_neighbours_are_named_with_their_figures(report: Report) -> None:
    selection, indicator = figures.select(report), catalogue.indicator(WEEKS)
    chart = one_indicator.neighbours_chart(report, selection, indicator)
    assert chart is not None
    rows = dict(chart.rows)
    assert rows["This return"] == Figures(report).values[WEEKS].rate_text
    for each in neighbouring.figures(indicator, "333", 2026):
        assert each.percent is not None and rows[each.area.name] == f"{each.percent / 100:.1%}"
    assert "Sandwell" in rows and "England" in rows and "published for 2024" in chart.subtitle


def test_counts_are_beside_the_neighbours_per_resident(report: Report) -> None:
    selection, indicator = figures.select(report), catalogue.indicator("caseload")
    chart = one_indicator.neighbours_chart(report, selection, indicator)
    assert chart is not None and chart.subtitle.startswith("Per 10,000 residents")
    rows = dict(chart.rows)
    own = headlines.own_rate(report, indicator, selection)
    assert own is not None and rows["This return, everyone"] == f"{own:,.1f}"
    assert rows["England"] == "524.3"
    chart = one_indicator.neighbours_chart(report, selection, catalogue.indicator("assessments_completed"))
    assert chart is not None and "England" not in dict(chart.rows) and "West Midlands" not in dict(chart.rows)
    assert "Sandwell" in dict(chart.rows) and chart.subtitle.endswith("Blue: this return.")
    assert one_indicator.neighbours_chart(report, selection, catalogue.indicator("not_in_education")) is None


def test_the_trend_ends_with_this_return(report: Report) -> None:
    indicator = catalogue.indicator(WEEKS)
    chart = one_indicator.trend(report, figures.select(report), indicator)
    assert chart is not None and chart.columns == ("Year", "Value", "England")
    own = published.own_years(indicator.published_as or "", "333", 2026, has_share=True)
    assert [(row[0], row[1]) for row in chart.rows[:-1]] == [(f.period, f"{(f.percent or 0) / 100:.1%}") for f in own]
    assert chart.rows[-1][:2] == ("This return", Figures(report).values[WEEKS].rate_text)
    some = figures.select(report, figures.choose({"sex": ["M"]}))
    chart = one_indicator.trend(report, some, indicator)
    assert chart is not None and "This return" not in dict(row[:2] for row in chart.rows)
    assert chart.title.endswith(": published years")
    chart = one_indicator.neighbours_chart(report, some, indicator)
    assert chart is not None and "This return, people shown" in dict(chart.rows)
    assert one_indicator.trend(report, some, catalogue.indicator("not_in_education")) is None


def test_without_a_rate_of_its_own_no_bar_is_said_to_be_this_return(
    report: Report, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(headlines, "own_rate", lambda *_: None)
    chart = one_indicator.neighbours_chart(report, figures.select(report), catalogue.indicator("caseload"))
    assert chart is not None and "This return, everyone" not in dict(chart.rows)
    assert "Blue" not in chart.subtitle


def test_groups_are_those_of_the_breakdown(report: Report) -> None:
    selection = figures.select(report)
    for name in ("caseload", "requests_refused"):
        indicator = catalogue.indicator(name)
        parts = Figures(report).breakdown(name, ["age_group"])
        chart = one_indicator.groups(report, selection, indicator, "age_group")
        texts = [f"{p.numerator:,}" if indicator.is_count else dict(figures.part_values(parts))[p].text for p in parts]
        assert [row[:2] for row in chart.rows] == [(p.labels[0], text) for p, text in zip(parts, texts, strict=True)]
    assert one_indicator.gap_text(report, selection, "caseload", "need") == ""
    said = one_indicator.gap_text(report, selection, WEEKS, "need")
    assert said.startswith("These groups explain most of the gap. ") and " late; " in said and said.endswith("rate.")


def test_the_table_of_all_has_the_middle_of_the_neighbours_and_own_years(report: Report) -> None:
    rows = {row.card.indicator.id: row for row in headlines.table(report, figures.select(report))}
    assert list(rows) == [
        each.id
        for found in headlines.cards(report, figures.select(report)).values()
        for each in [c.indicator for c in found]
    ]
    assert (
        rows[WEEKS].card.first_period == "2025"
        and rows[WEEKS].neighbours == "59.6% (2024)"
        and rows[WEEKS].years == (50.4, 35.2, 27.2)
    )
    for name, row in rows.items():
        near = neighbouring.figures(row.card.indicator, "333", 2026)
        period = near[0].period if near else ""
        assert (f"({period})" in row.neighbours) == (bool(near) and period != row.card.first_period), name
    assert rows["caseload"].topic == "EHC plans"
    assert rows["reviews_held"].years == (), "one year makes no line"
    assert rows["not_in_education"].neighbours == ""
    assert rows[WEEKS].card.with_counts == Figures(report).values[WEEKS].text
