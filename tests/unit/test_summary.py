"""The eight figures of the manager's page: each is the number of the page it comes from, beside the right others."""

from collections.abc import Iterator
from dataclasses import replace
from statistics import median
from typing import Any

import pytest

from sen2dash.analysis import changes, headlines, open_cases, summary, summary_file, summary_sentences, weeks
from sen2dash.analysis.summary import EarlierFigures
from sen2dash.analysis.summary_line import ComparedNumber, SummaryFigure
from sen2dash.checks import catalogue
from sen2dash.checks.report import Report, build_report
from sen2dash.config import Settings
from sen2dash.indicators import figures
from sen2dash.indicators.figures import Figures, Selection
from sen2dash.indicators.filters import EVERYONE
from sen2dash.indicators.suppression import HIDDEN, Hidden
from sen2dash.model import IndicatorResult
from sen2dash.reading.source import SourceText
from sen2dash.reference import neighbouring, published, releases
from sen2dash.sample.generate import sample_bytes
from tests import casebook
from tests.unhidden import unhidden

SETTINGS = Settings(now=casebook.NOW)


def build(data: bytes) -> Report:
    return build_report(data, SETTINGS, only=())


@pytest.fixture(scope="module")
def report() -> Iterator[Report]:
    built = build(sample_bytes(500, seed=5, defects=40, year=2026))
    yield built
    built.close()


@pytest.fixture(scope="module")
def before(report: Report) -> Iterator[EarlierFigures]:
    source = SourceText(sample_bytes(400, seed=6, year=2025))
    since = changes.look_back(report, source, SETTINGS, None, lambda _: None)
    yield summary.before_of(since, report.collection.year)
    since.close()


def lines(found: tuple[SummaryFigure, ...]) -> dict[str, ComparedNumber]:
    return {line.key: line for figure in found for line in figure.lines}


def made(
    report: Report, selection: Selection | None = None, before: EarlierFigures | None = None
) -> dict[str, ComparedNumber]:
    return lines(summary.summary(report, selection or figures.select(report), before))


def test_there_are_eight_figures_in_order(report: Report) -> None:
    found = summary.summary(report, figures.select(report))
    keys = ["plans", "new_plans", "requests", "within_20_weeks", "weeks", "reviews", "tribunal", "open"]
    assert [figure.key for figure in found] == keys
    assert all(figure.sentence.endswith(".") and "  " not in figure.sentence for figure in found)


def test_each_number_is_that_of_its_own_page(report: Report) -> None:
    selection = figures.select(report, figures.choose({"sex": ["M"]}))
    for chosen in (figures.select(report), selection):
        found, values = made(report, chosen), Figures(report, chosen).values
        for name, line in found.items():
            if name in values and line.unit == "number":
                assert line.number == values[name].numerator
            elif name in values:
                assert line.number == pytest.approx(100 * unhidden(values[name].rate))
                assert line.counts == values[name]
            if name in values:
                assert line.text == headlines.card(report, chosen, name).headline
        means = weeks.means(report, chosen.cohort)
        assert {name: found[f"mean_weeks_{name}"].number for name in weeks.MEANS} == {
            name: mean.weeks for name, mean in means.items()
        }
        n_open = open_cases.counts(open_cases.listed(report, chosen.cohort))
        counts = tuple(figures.count_text(chosen.count(count)) for count in n_open)
        assert tuple(found[name].text for name in ("open", "open_late", "open_soon")) == counts


def test_what_is_beside_a_number_is_what_was_published(report: Report) -> None:
    for name, line in made(report).items():
        if name not in {each.id for each in catalogue.indicators()}:
            continue
        indicator = catalogue.indicator(name)
        for each in published.newest(indicator, "333", 2026):
            number = each.number if indicator.is_count else each.percent
            if each.area.level == "authority":
                assert line.years[-1].number == number and line.years[-1].period == each.period
            else:
                beside = line.comparator("England" if each.area.level == "England" else "region")
                assert beside is not None and (beside.number, beside.period) == (number, each.period)
        near = neighbouring.figures(indicator, "333", 2026)
        numbers = [f.number if indicator.is_count else f.percent for f in near]
        middle = line.comparator("neighbours")
        assert (middle is None) == (not near)
        if middle is not None:
            assert middle.number == median(each for each in numbers if each is not None)


def test_counts_are_also_per_resident_for_everyone_only(report: Report) -> None:
    found = made(report)
    rate = found["caseload_rate"]
    assert rate.number == headlines.own_rate(report, catalogue.indicator("caseload"), figures.select(report))
    england, near = rate.comparator("England"), rate.comparator("neighbours")
    assert england is not None and (england.text, england.period) == ("524.3", "January 2025")
    assert near is not None and near.period == "January 2025"
    some = figures.select(report, figures.choose({"sex": ["M"]}))
    assert not {name for name in made(report, some) if name.endswith("_rate")}


def test_the_earlier_return_is_beside_every_number_of_everyone(report: Report, before: EarlierFigures) -> None:
    assert before.label == "Return of 2025"
    built = build(sample_bytes(400, seed=6, year=2025))
    own = made(built)
    for name, line in made(report, before=before).items():
        earlier = line.comparator("before")
        if not name.endswith("_rate"):
            assert earlier is not None and earlier.text == own[name].text, name
    built.close()
    some = figures.select(report, figures.choose({"sex": ["M"]}))
    assert not any(line.comparator("before") for line in made(report, some, before).values())


def test_the_earlier_return_has_a_name(report: Report, before: EarlierFigures) -> None:
    source = SourceText(sample_bytes(30, seed=6, year=2026))
    since = changes.look_back(report, source, SETTINGS, None, lambda _: None)
    assert summary.before_of(since, 2026).label == "Earlier return"
    assert summary.before_of(since, 2026, "10:12").label == "Version of 10:12"
    since.close()


def test_sentences_say_what_stands_out(report: Report) -> None:
    found = {figure.key: figure.sentence for figure in summary.summary(report, figures.select(report))}
    by_id = made(report)
    late = unhidden(Figures(report).values["plans_within_20_weeks"].denominator) - unhidden(
        Figures(report).values["plans_within_20_weeks"].numerator
    )
    share = by_id["plans_within_20_weeks"].text
    start = f"In Sandwell, {share} of plans were issued within 20 weeks; England 46.1% (2025), neighbours 59.6% (2024). {late} plans "
    assert found["within_20_weeks"].startswith(start)
    assert " of them " in found["within_20_weeks"]
    assert f"and {by_id['requests_refused'].text} refused; England 26.6% (2025), neighbours " in found["requests"]
    assert "published for January 2026. Per 10,000 residents: " in found["plans"]
    assert "; England 524.3, neighbours 523.0 in January 2025." in found["plans"]
    assert found["weeks"].endswith("; England 24.0 (2025).")
    assert "of requests went to a tribunal over the decision" in found["tribunal"]
    assert f"{by_id['open_late'].text} past their limit" in found["open"]
    some = figures.select(report, figures.choose({"sex": ["M"]}))
    for figure in summary.summary(report, some):
        assert figure.sentence.startswith("Among the people shown, ")
        assert "published for" not in figure.sentence


def test_without_published_figures_there_is_nothing_beside(report: Report) -> None:
    known = report.published
    report.compare_with = releases.build((), (), (), ())
    try:
        found = summary.summary(report, figures.select(report))
        assert not any(line.beside or line.years for line in lines(found).values())
        assert all(not figure.period and "England" not in figure.sentence for figure in found)
    finally:
        report.compare_with = known


def test_an_unknown_authority_has_england_alone() -> None:
    built = build(sample_bytes(60, seed=5, year=2026).replace(b"<LEA>333<", b"<LEA>999<"))
    found = made(built)
    assert {each.kind for line in found.values() for each in line.beside} == {"England"}
    assert not any(line.years for line in found.values())
    assert "is not known" in summary.near_text(built)
    assert summary.summary(built, figures.select(built))[0].sentence.startswith("In this return, ")
    built.close()


def test_the_neighbours_are_named(report: Report) -> None:
    text = summary.near_text(report)
    assert text.startswith("Region: West Midlands. Neighbours: the median of Sandwell's statistical neighbours")
    names = [area.name for area in neighbouring.areas("333")]
    assert "Kingston upon Hull, City of" in names and "; City of Kingston upon Hull; " in text
    assert all(name in text for name in names if "," not in name)


def of_authority(code: str, year: int = 2026) -> Report:
    return build(sample_bytes(60, seed=5, year=year).replace(b"<LEA>333<", f"<LEA>{code}<".encode()))


def test_names_with_a_comma_are_turned_round_in_sentences() -> None:
    built = of_authority("801")
    assert summary.summary(built, figures.select(built))[0].sentence.startswith("In City of Bristol, ")
    built.close()
    assert summary_sentences.spoken("Kingston upon Hull, City of") == "City of Kingston upon Hull"
    assert summary_sentences.spoken("Herefordshire, County of") == "County of Herefordshire"
    assert summary_sentences.spoken("Bournemouth, Christchurch and Poole") == "Bournemouth, Christchurch and Poole"


def test_an_authority_without_neighbours_keeps_its_region() -> None:
    built = of_authority("909", 2023)
    assert summary.near_text(built) == "Region: North West. Cumbria has no statistical neighbours in the data."
    built.close()


@pytest.mark.parametrize("code", ["838", "201"])
def test_a_year_published_without_its_share_is_no_zero(code: str) -> None:
    built = of_authority(code)
    years = made(built)["plans_within_20_weeks"].years
    assert [each.period for each in years] == ["2022", "2023"] and all(each.number > 50 for each in years)
    built.close()


def test_a_return_of_2023_has_no_review_meetings(report: Report) -> None:
    built = of_authority("333", 2023)
    figure = next(each for each in summary.summary(built, figures.select(built)) if each.key == "reviews")
    assert figure.sentence == "A 2023 return has no review meetings."
    assert [(line.number, line.counts) for line in figure.lines] == [(None, None)] * 2
    built.close()


def test_an_earlier_return_of_2023_has_no_reviews_to_compare_with() -> None:
    built = of_authority("333", 2024)
    source = SourceText(sample_bytes(60, seed=6, year=2023))
    since = changes.look_back(built, source, SETTINGS, None, lambda _: None)
    found = made(built, before=summary.before_of(since, 2024))
    assert found["reviews_held"].comparator("before") is None and found["caseload"].comparator("before") is not None
    since.close()
    built.close()


def test_no_cases_and_a_broken_indicator_say_so(report: Report, monkeypatch: pytest.MonkeyPatch) -> None:
    nobody = figures.select(report, figures.choose({"age": ["26"]}))
    found = {figure.key: figure for figure in summary.summary(report, nobody)}
    assert found["within_20_weeks"].sentence == "There are no cases."
    assert found["open"].sentence == "Among the people shown, no case was open on census day."

    def broken(result: IndicatorResult) -> IndicatorResult:
        return result.model_copy(update={"reason": "No such table"})

    results = {name: broken(result) for name, result in Figures(report).results.items()}
    monkeypatch.setattr(Figures, "results", property(lambda _: results))
    found = {figure.key: figure for figure in summary.summary(report, figures.select(report))}
    assert found["requests"].lines[0].text == "Could not be calculated"
    assert "fault of the program: No such table" in found["requests"].sentence
    _, rows = summary_file.as_table(tuple(found.values()), figures.select(report))
    assert {row[2] for row in rows if row[0] == "Requests refused"} == {"Could not be calculated"}


def test_for_sharing_every_count_is_rounded_and_no_sentence_says_more(report: Report, before: EarlierFigures) -> None:
    shared = figures.select(report, is_sharing=True)
    found = made(report, shared, before)
    for name, line in found.items():
        numbers = [line.number if line.unit == "number" else None]
        numbers += [line.counts.numerator, line.counts.denominator] if line.counts is not None else []
        earlier = line.comparator("before")
        numbers += [earlier.number] if earlier is not None and line.unit == "number" else []
        assert all(each in (None, HIDDEN) or (unhidden(each) % 5 == 0 and unhidden(each) >= 10) for each in numbers)
        assert not (name.startswith("mean_weeks") and earlier)
    hidden = [figure for figure in summary.summary(report, shared) if figure.lines[0].number is HIDDEN]
    assert {figure.sentence for figure in hidden} <= {"Hidden, because a count behind it is small."}


def test_the_file_has_numbers_as_numbers(report: Report, before: EarlierFigures) -> None:
    selection = figures.select(report)
    found = summary.summary(report, selection, before)
    headings, rows = summary_file.as_table(found, selection, {"before": before.label})
    assert len(rows) == len(lines(found)) and all(len(row) == len(headings) for row in rows)
    by_name: dict[str, dict[str, Any]] = {row[0]: dict(zip(headings, row, strict=True)) for row in rows}
    row = by_name["Plans issued within 20 weeks, without exceptions"]
    value = Figures(report).values["plans_within_20_weeks"]
    assert row["This return"] == round(100 * unhidden(value.rate), 1)
    assert (row["Number"], row["Out of"]) == (value.numerator, value.denominator)
    assert (row["England"], row["England: period"]) == (46.1, "2025")
    assert isinstance(row["Return of 2025"], float)
    assert row["The authority as published, 2024 or January 2025"] == 27.2
    assert row["Filters"] == "Everyone in the return"
    for each in by_name.values():
        for heading in ("This return", "England", "Region"):
            assert isinstance(each[heading], int | float) or each[heading] == ""


def test_hidden_numbers_are_c_in_the_file(report: Report) -> None:
    shared = figures.select(report, figures.choose({"need": ["HI"]}), is_sharing=True)
    found = summary.summary(report, shared)
    assert any(isinstance(line.number, Hidden) for line in lines(found).values())
    headings, rows = summary_file.as_table(found, shared)
    assert "c" in {row[2] for row in rows}
    assert all("Counts are rounded" in row[-1] for row in rows)
    assert not any("eturn" in heading for heading in headings if heading != "This return"), "no earlier return"


def test_means_of_a_cohort_are_not_those_of_everyone(report: Report) -> None:
    some = replace(figures.select(report), cohort=figures.choose({"sex": ["M"]}))
    name = next(iter(weeks.MEANS))
    assert weeks.means(report, some.cohort)[name] != weeks.means(report, EVERYONE)[name]
