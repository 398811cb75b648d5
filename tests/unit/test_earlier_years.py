"""Earlier returns beside this one: the numbers of each are those that its own report gives, under the same filters."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from sen2dash import reference, spec
from sen2dash.analysis import (
    cohort,
    cohort_charts,
    comparators,
    earlier_years,
    headlines,
    one_indicator,
    open_cases,
    pupil_groups,
    pupil_groups_beside,
    summary,
    summary_file,
    timeliness,
    weeks,
)
from sen2dash.analysis.earlier_years import EarlierReturn
from sen2dash.analysis.pupil_groups import Rate
from sen2dash.checks import catalogue
from sen2dash.checks.report import Report, build_report
from sen2dash.config import Settings
from sen2dash.errors import NotSen2, NotXml
from sen2dash.indicators import figures
from sen2dash.indicators.figures import Figures
from sen2dash.indicators.filters import EVERYONE
from sen2dash.indicators.suppression import HIDDEN
from sen2dash.reading.source import SourceText
from sen2dash.sample.generate import sample_bytes
from tests import casebook

SETTINGS = Settings(now=casebook.NOW)
WEEKS = "plans_within_20_weeks"
OLD = {year: sample_bytes(150, seed=year, defects=20, year=year) for year in (2023, 2024, 2025)}


def build(data: bytes) -> Report:
    return build_report(data, SETTINGS, only=())


def measured(data: bytes) -> EarlierReturn:
    return earlier_years.read_earlier(SourceText(data), SETTINGS, None, lambda _: None)


@pytest.fixture(scope="module")
def report() -> Iterator[Report]:
    made = build(sample_bytes(150, seed=1, year=2026))
    # Newest first, as they are held: pages show them oldest first.
    made.earlier = tuple(measured(OLD[year]) for year in (2025, 2024))
    yield made
    made.close()


@pytest.fixture(scope="module")
def whole() -> Iterator[dict[int, Report]]:
    made = {year: build(data) for year, data in OLD.items()}
    yield made
    for each in made.values():
        each.close()


def test_years_are_oldest_first(report: Report) -> None:
    assert earlier_years.years(report) == (2024, 2025)
    assert earlier_years.label(2024) == "Return of 2024"


@pytest.mark.parametrize("chosen", [{}, {"sex": ["F"]}, {"need": ["ASD", "SEMH"], "budget": ["no"]}])
@pytest.mark.parametrize("is_sharing", [False, True])
def test_every_indicator_is_that_of_the_return_itself(
    report: Report, whole: dict[int, Report], chosen: dict[str, list[str]], is_sharing: bool
) -> None:
    cohort_of = figures.choose(chosen)
    selection = figures.select(report, cohort_of, is_sharing)
    # Some of the indicators for each choice.
    for indicator in catalogue.indicators()[len(chosen) + is_sharing :: 4]:
        found = earlier_years.values(report, indicator.id, selection)
        parts = earlier_years.breakdown(report, indicator.id, ["need"], selection)
        assert tuple(found) == tuple(parts) == tuple(year for year in (2024, 2025) if indicator.exists_in(year))
        for year in found:
            own = Figures(whole[year], figures.select(whole[year], cohort_of, is_sharing))
            assert found[year] == own.values[indicator.id]
            shown = figures.part_values(own.breakdown(indicator.id, ["need"]), selection.threshold)
            assert parts[year] == {part.keys: value for part, value in shown}


@pytest.mark.parametrize("base", list(cohort.BASES))
@pytest.mark.parametrize("name", ["need", "age", "group"])
def test_the_make_up_of_a_base_is_that_of_the_return_itself(
    report: Report, whole: dict[int, Report], base: cohort.Base, name: str
) -> None:
    for is_sharing in (False, True):
        selection = figures.select(report, figures.choose({"sex": ["M"]}), is_sharing)
        found = earlier_years.by_category(report, base, name, selection)
        for year, counts in found.items():
            own = figures.select(whole[year], selection.cohort, is_sharing)
            lines = cohort.break_down(whole[year], base, name, own).lines
            assert {key: count.text for key, count in counts.items()} == {line.key: line.text for line in lines}
            assert not is_sharing or HIDDEN not in {count.number for count in counts.values()}
        assert tuple(found) == (2024, 2025)
    # Of a rate, what is counted.
    refused = earlier_years.by_category(report, "requests_refused", "sex", figures.select(report))[2025]
    parts = Figures(whole[2025]).breakdown("requests_refused", ["sex"])
    assert {key: count.number for key, count in refused.items()} == {
        part.keys[0]: part.numerator for part in parts if part.numerator
    }


def test_means_and_open_cases_are_kept_for_everyone(report: Report, whole: dict[int, Report]) -> None:
    for each in earlier_years.returns(report):
        own = whole[each.collection.year]
        assert each.means == weeks.means(own, EVERYONE)
        assert each.open_counts == open_cases.counts(open_cases.listed(own, EVERYONE))


def test_no_name_number_or_date_of_a_person_is_kept(report: Report) -> None:
    (kept, _) = earlier_years.returns(report)
    columns = kept.store.rows("select * from person limit 1")[0]
    assert set(columns) == {"row_id"}
    held = {row["table_name"] for row in kept.store.rows("select table_name from duckdb_tables()")}
    assert held - {"folded_name"} == {"person", "profile", "member", "category", "establishment_type", "sen_setting"}
    of_people = {
        *kept.store.rows("select * from profile limit 1")[0],
        *kept.store.rows("select * from member limit 1")[0],
    }
    assert not of_people & {"surname", "forename", "upn", "uln", "birth_date", "person_birth_date", "received_date"}


def test_a_return_of_2023_has_no_review_meetings(whole: dict[int, Report]) -> None:
    built = build(sample_bytes(150, seed=4, year=2024))
    built.earlier = (measured(OLD[2023]),)
    selection = figures.select(built)
    for name in ("review_decisions_within_4_weeks", "reviews_held"):
        assert earlier_years.values(built, name, selection) == {}
        assert earlier_years.breakdown(built, name, ["need"], selection) == {}
        assert earlier_years.by_category(built, name, "need", selection) == {}
        assert headlines.card(built, selection, name).earlier == ()
    assert earlier_years.values(built, WEEKS, selection)[2023] == Figures(whole[2023]).values[WEEKS]
    built.close()


@pytest.mark.parametrize(
    ("year", "lea", "is_year"), [(2025, "333", True), (2026, "333", False), (2027, "333", False), (2025, "203", False)]
)
def test_only_an_earlier_year_of_the_same_authority_is_shown(year: int, lea: str, is_year: bool) -> None:
    built = build(sample_bytes(10, seed=1, year=2026))
    data = sample_bytes(10, seed=2, year=year).replace(b"<LEA>333<", f"<LEA>{lea}<".encode())
    built.earlier = (measured(data),)
    assert earlier_years.years(built) == ((year,) if is_year else ())
    assert bool(earlier_years.values(built, "caseload", figures.select(built))) is is_year
    built.close()


def test_numbers_survive_what_the_cache_drops(report: Report) -> None:
    selection = figures.select(report)
    before = earlier_years.values(report, "caseload", selection)
    for each in report.earlier:
        each.cache.clear()
    earlier_years.by_category(report, "people", "need", selection)
    assert earlier_years.values(report, "caseload", selection) == before
    with pytest.raises(RuntimeError, match="once"):
        report.earlier[0].store.clear_members()


def test_closing_the_report_closes_its_earlier_returns() -> None:
    built = build(sample_bytes(20, seed=1, year=2026))
    kept = measured(sample_bytes(20, seed=1, year=2025))
    built.earlier = (kept,)
    built.close()
    with pytest.raises(Exception, match=r"[Cc]onnection"):
        kept.store.rows("select 1")


@pytest.mark.parametrize(("data", "error"), [(b"", NotXml), (b"<a/>", NotSen2)])
def test_what_is_no_return_is_refused(data: bytes, error: type[Exception]) -> None:
    with pytest.raises(error):
        measured(data)


# -- where they are shown -------------------------------------------------------------------------------------


def test_the_headline_figures_have_a_column_for_each_year(report: Report, whole: dict[int, Report]) -> None:
    selection = figures.select(report)
    for row in headlines.table(report, selection):
        name = row.card.indicator.id
        assert row.card.texts_before() == {
            f"Return of {year}": headlines.card(whole[year], figures.select(whole[year]), name).headline
            for year in (2025, 2024)
            if row.card.indicator.exists_in(year)
        }
    card = headlines.card(report, selection, WEEKS)
    ours, theirs = card.value, Figures(whole[2025]).values[WEEKS]
    assert ours.drawn is not None and theirs.drawn is not None
    assert card.earlier[0].difference == headlines.points_text(100 * (ours.drawn - theirs.drawn))
    count = headlines.card(report, selection, "caseload").earlier[0]
    assert "more" in count.difference or "fewer" in count.difference or count.difference == "the same"


def test_the_trend_ends_with_the_returns_oldest_first(report: Report) -> None:
    indicator = catalogue.indicator(WEEKS)
    chart = one_indicator.trend(report, figures.select(report), indicator)
    assert chart is not None
    assert [row[0] for row in chart.rows][-3:] == ["Return of 2024", "Return of 2025", "This return"]
    assert chart.title.endswith(": published years, earlier returns and this return")
    some = figures.select(report, figures.choose({"sex": ["M"]}))
    filtered = one_indicator.trend(report, some, indicator)
    assert filtered is not None
    assert [row[0] for row in filtered.rows] == ["Return of 2024", "Return of 2025", "This return, people shown"]
    texts = [value.rate_text for value in earlier_years.values(report, WEEKS, some).values()]
    assert [row[1] for row in filtered.rows][:2] == texts


def test_groups_have_a_mark_for_each_year(report: Report) -> None:
    selection = figures.select(report)
    chart = one_indicator.groups(report, selection, catalogue.indicator(WEEKS), "need")
    assert chart.columns[2:] == ("Everyone shown", "Return of 2024", "Return of 2025")
    parts = earlier_years.breakdown(report, WEEKS, ["need"], selection)
    for (key, _), row in zip(chart.choices, chart.rows, strict=True):
        value = parts[2024].get((key,))
        assert row[3] == ("" if value is None or value.drawn is None else value.rate_text)


def test_pupil_groups_have_a_column_for_each_year_the_newest_first(report: Report, whole: dict[int, Report]) -> None:
    selection, indicator = figures.select(report), catalogue.indicator("requests_refused")
    chosen: tuple[tuple[Rate, tuple[str, ...]], ...] = (
        ("records", ("need",)),
        ("records", ("sex", "age_group")),
        ("share", ("need",)),
    )
    for rate, by in chosen:
        found = pupil_groups.table(report, indicator, rate, by, selection)
        columns = [column for column in pupil_groups_beside.beside(report, found, selection) if not column.is_published]
        assert [column.heading for column in columns] == ["Return of 2025", "Return of 2024"]
        shown = {row.keys for row in found.rows}
        for column, year in zip(columns, (2025, 2024), strict=True):
            own = pupil_groups.table(whole[year], indicator, rate, by, figures.select(whole[year])).rows
            expected = {row.keys: row.value.drawn for row in own if row.keys in shown and row.value.drawn is not None}
            if rate == "share":
                expected = {keys: share for keys, share in expected.items() if keys and share}
            assert column.by_keys == pytest.approx(expected)
    children = pupil_groups.table(report, indicator, "children", ("need",), selection)
    assert all(column.is_published for column in pupil_groups_beside.beside(report, children, selection))


def test_timeliness_says_the_earlier_years(report: Report, whole: dict[int, Report]) -> None:
    texts = {year: Figures(whole[year]).values[WEEKS].text for year in (2025, 2024)}
    said = timeliness.earlier_text(report, WEEKS, figures.select(report))
    assert said == f"Return of 2025: {texts[2025]}; Return of 2024: {texts[2024]}."
    (bar, *_) = timeliness.by_group(report, WEEKS, "need", figures.select(report))
    marks = earlier_years.marks(report, WEEKS, ["need"], figures.select(report))
    assert bar.marks[1:] == marks.get((bar.key,), ())


def test_the_managers_page_has_a_row_for_each_year(report: Report, whole: dict[int, Report]) -> None:
    selection = figures.select(report)
    labels = summary.labels_before(report, selection, None)
    assert labels == {"before": "Return of 2025", "older": "Return of 2024"}
    found = {line.key: line for figure in summary.summary(report, selection) for line in figure.lines}
    of_2024 = summary.summary(whole[2024], figures.select(whole[2024]))
    own = {line.key: line for figure in of_2024 for line in figure.lines}
    for name, line in found.items():
        other = line.comparator("older")
        if line.unit == "rate":
            assert other is None
        elif own[name].number is not None:
            assert other is not None and other.text == own[name].text
    headings, rows = summary_file.as_table(summary.summary(report, selection), selection, labels)
    assert "Return of 2025" in headings and "Return of 2024" in headings
    assert all(len(row) == len(headings) for row in rows)
    some = figures.select(report, figures.choose({"sex": ["M"]}))
    filtered = {line.key: line for figure in summary.summary(report, some) for line in figure.lines}
    value = earlier_years.values(report, "caseload", some)[2024]
    assert filtered["caseload"].comparator("older").number == value.numerator  # type: ignore[union-attr]
    assert filtered["open"].comparator("older") is None and filtered[f"mean_weeks_{WEEKS}"].comparator("before") is None
    shared = figures.select(report, is_sharing=True)
    rounded = {line.key: line for figure in summary.summary(report, shared) for line in figure.lines}
    assert rounded[f"mean_weeks_{WEEKS}"].comparator("older") is None


# -- what a year does not hold --------------------------------------------------------------------------------


def test_the_first_years_of_characteristics_are_those_of_their_items() -> None:
    items = {"residential": ("placementdetail", "RES"), "source": ("requests", "RequestSource")}
    for name, each in reference.characteristics().items():
        assert each.from_year == (spec.item(*items[name]).from_year if name in items else None)


@pytest.mark.parametrize(
    ("chosen", "by", "why"),
    [
        ({}, "source", "returns have included request source since 2025"),
        ({"source": ["2"]}, "need", "returns have included request source since 2025"),
        ({"need": ["DS"]}, "sex", "returns have included primary need 'Down syndrome' since 2025"),
    ],
)
def test_a_year_that_does_not_hold_a_characteristic_is_left_out_and_named(
    report: Report, chosen: dict[str, list[str]], by: str, why: str
) -> None:
    selection = figures.select(report, figures.choose(chosen))
    said = f"Return of 2024 left out: {why}."
    for base in ("caseload", "people"):
        assert tuple(earlier_years.by_category(report, base, by, selection)) == (2025,)
    assert tuple(earlier_years.breakdown(report, WEEKS, [by], selection)) == (2025,)
    assert tuple(earlier_years.values(report, WEEKS, selection)) == ((2025,) if chosen else (2024, 2025))
    assert earlier_years.note(report, [by], selection) == said
    assert bool(earlier_years.note(report, (), selection)) == bool(chosen)
    found = comparators.marks(report, selection, "caseload", by, "earlier")
    assert found.name == "Return of 2025" and said in found.note
    assert said in one_indicator.groups(report, selection, catalogue.indicator(WEEKS), by).subtitle
    assert (said in timeliness.earlier_text(report, WEEKS, selection)) == bool(chosen)
    assert (said in comparators.beside(report, selection, WEEKS, "earlier").note) == bool(chosen)


def test_a_category_of_later_years_among_others_leaves_no_year_out(report: Report) -> None:
    selection = figures.select(report, figures.choose({"need": ["DS", "ASD"]}))
    assert tuple(earlier_years.values(report, "caseload", selection)) == (2024, 2025)


def test_plans_active_in_the_year_have_earlier_years(report: Report, whole: dict[int, Report]) -> None:
    selection = figures.select(report)
    indicator = catalogue.indicator("plans_in_year")
    found = earlier_years.values(report, indicator.id, selection)
    assert {year: value.numerator for year, value in found.items()} == {
        year: Figures(whole[year]).further(indicator.id).numerator for year in (2024, 2025)
    }
    table = pupil_groups.table(report, indicator, "share", ("need",), selection)
    headings = [column.heading for column in pupil_groups_beside.beside(report, table, selection)]
    assert headings[-2:] == ["Return of 2025", "Return of 2024"]


def test_a_return_that_is_no_earlier_year_is_not_said_to_be_missing() -> None:
    built = build(sample_bytes(10, seed=1, year=2026))
    assert comparators.beside(built, figures.select(built), WEEKS, "earlier").note == comparators.NO_EARLIER
    built.earlier = (measured(sample_bytes(10, seed=2, year=2027)),)
    assert comparators.beside(built, figures.select(built), WEEKS, "earlier").note == comparators.NO_YEAR
    assert comparators.marks(built, figures.select(built), "caseload", "need", "earlier").note == comparators.NO_YEAR
    built.close()


def test_a_chart_is_drawn_again_for_other_earlier_returns(report: Report) -> None:
    built = build(sample_bytes(40, seed=1, year=2026))
    selection, years = figures.select(built), (2025, 2024)
    first, second = (measured(sample_bytes(30, seed=2, year=year)) for year in years)

    def compared() -> str:
        return cohort_charts.by_characteristic(built, selection, "caseload", "sex", "earlier").compared

    assert compared() == ""
    earlier_years.put_beside(built, [first])
    assert compared() == "Return of 2025"
    earlier_years.put_beside(built, [second, first])
    assert compared() == "Return of 2024 and Return of 2025"
    earlier_years.put_beside(built, [])
    assert compared() == ""
    assert not [key for key, _ in built.cache.items() if key.kind == "chart" and key.rest[-1]], "none is kept"
    for each in (first, second, built):
        each.close()


def test_a_return_that_does_not_hold_a_characteristic_says_so(whole: dict[int, Report]) -> None:
    for year, names in ((2023, ("residential", "source")), (2024, ("source",)), (2025, ())):
        for name in ("residential", "source", "unit"):
            notes = cohort.break_down(whole[year], "caseload", name, figures.select(whole[year])).notes
            assert any(note.startswith("Returns have included this since 202") for note in notes) == (name in names)
