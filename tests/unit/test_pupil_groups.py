import csv
import io
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sen2dash import reference
from sen2dash.analysis import headlines, pupil_groups
from sen2dash.analysis import pupil_groups_beside as beside
from sen2dash.analysis import residents as residents_of
from sen2dash.analysis.headlines import PARTS
from sen2dash.checks import catalogue
from sen2dash.checks.cache import ReportCache
from sen2dash.checks.report import Report, build_report
from sen2dash.config import Settings
from sen2dash.indicators import figures, filters
from sen2dash.indicators.figures import Selection
from sen2dash.indicators.suppression import HIDDEN, round_count
from sen2dash.reference import breakdowns, published
from sen2dash.sample.generate import sample_bytes
from tests import casebook
from tests.unhidden import unhidden

GROUPS = list(pupil_groups.characteristics())
FILTERS = {name: [c.key for c in each.categories] for name, each in reference.characteristics().items()}
COHORTS = st.dictionaries(st.sampled_from(list(FILTERS)), st.integers(0, 2**6), max_size=3).map(
    lambda drawn: {
        name: [key for place, key in enumerate(FILTERS[name]) if bits >> (place % 6) & 1]
        for name, bits in drawn.items()
    }
)
TWICE = {
    "person": """
        person_id | person_birth_date | sex
        1         | 2014-06-01        | F
        2         | 2014-06-01        | M
    """,
    "requests": """
        row_id | person_id | received_date | request_outcome
        1      | 1         | 2024-01-10    | N
        2      | 1         | 2024-11-10    | Y
        3      | 2         | 2024-03-01    | N
    """,
}


@pytest.fixture(scope="module")
def report() -> Iterator[Report]:
    made = build_report(sample_bytes(persons=300, seed=11, year=2025), Settings(now=casebook.NOW), only=[])
    yield made
    made.close()


def select(report: Report, chosen: dict[str, list[str]], is_sharing: bool = False) -> Selection:
    return figures.select(report, filters.choose(chosen), is_sharing)


def of(
    report: Report, name: str, rate: pupil_groups.Rate, by: tuple[str, ...], selection: Selection
) -> pupil_groups.GroupTable:
    return pupil_groups.table(report, catalogue.indicator(name), rate, by, selection)


def test_the_indicators_that_officers_know_stand_first_and_none_is_missing() -> None:
    found = pupil_groups.choices()
    assert [each.id for each in found[:7]] == list(pupil_groups.FIRST)
    assert [pupil_groups.name_of(each) for each in found[:7]] == [
        "Initial requests for assessment",
        "Request refused",
        "Refused after assessment",
        "EHC plans issued in the year",
        "EHCP issued within 20 weeks",
        "EHC plans issued within 30 weeks",
        "EHCP total",
    ]
    assert {each.id for each in found} == {"plans_in_year", *(each.id for each in catalogue.indicators())}
    assert len(found) == len(catalogue.indicators()) + 1 == 34
    assert "group" not in GROUPS and len(GROUPS) == len(FILTERS) - 1


@settings(max_examples=25, deadline=None)
@given(COHORTS, st.sampled_from([each.id for each in pupil_groups.choices()]), st.permutations(GROUPS), st.data())
def test_parts_sum_to_the_whole_under_any_cohort(
    report: Report, chosen: dict[str, list[str]], name: str, order: list[str], data: st.DataObject
) -> None:
    rate = data.draw(st.sampled_from(pupil_groups.rates_of(catalogue.indicator(name))))
    first, second = order[:2]
    selection = select(report, chosen)
    found = of(report, name, rate, (first, second), selection)
    groups = [row for row in found.rows if len(row.keys) == 1]
    headline = pupil_groups.result(report, selection, catalogue.indicator(name))
    if rate not in pupil_groups.OF_CHILDREN:
        assert found.whole.numerator == headline.numerator
        assert found.whole.denominator == (headline.numerator if rate in pupil_groups.SHARES else headline.denominator)
    # A child can be counted at two ages; only then may a child be in two rows.
    can_overlap = rate in pupil_groups.OF_CHILDREN and {"age", "age_group"} & {first, second}
    columns = ("numerator",) if rate in pupil_groups.SHARES else ("numerator", "denominator")
    for column in columns:
        whole = getattr(found.whole, column)
        parts = sum(getattr(row.value, column) for row in groups)
        assert parts == whole or (can_overlap and parts > whole)
        for group in groups:
            under = [row for row in found.rows if len(row.keys) == 2 and row.keys[0] == group.keys[0]]
            own = getattr(group.value, column)
            parts = sum(getattr(row.value, column) for row in under)
            assert parts == own or (can_overlap and parts > own)
    if rate in pupil_groups.SHARES and not can_overlap and found.whole.numerator:
        assert sum(unhidden(row.value.rate) for row in groups) == pytest.approx(1)


def test_every_cell_is_its_list_of_people(report: Report) -> None:
    selection = select(report, {"sex": ["F", "M"]})
    for name in ("caseload", "plans_within_20_weeks", "plans_in_year"):
        indicator = catalogue.indicator(name)
        rate = pupil_groups.rates_of(indicator)[0]
        found = of(report, name, rate, ("age_group", "need"), selection)
        for row in (*found.rows[:5], found.rows[-1]):
            parts = {p: pupil_groups.people(report, found, row, p, selection) for p in PARTS}
            assert len(parts["numerator"]) == row.value.numerator, (name, row.keys)
            if rate == "records":
                assert len(parts["denominator"]) == row.value.denominator
                assert len(parts["rest"]) == row.value.denominator - row.value.numerator


def test_records_and_children_are_told_apart() -> None:
    report = Report.__new__(Report)
    store = casebook.make_store({"given": TWICE}, Settings(now=casebook.NOW))
    report.store, report.cache = store, ReportCache()
    selection = Selection(n=2, n_all=2)
    records = of(report, "requests_refused", "records", ("sex",), selection)
    children = of(report, "requests_refused", "children", ("sex",), selection)
    shares = of(report, "requests_refused", "share", ("sex",), selection)

    def lines(found: pupil_groups.GroupTable) -> dict[str, tuple[object, ...]]:
        return {row.label: (row.value.numerator, row.value.denominator, row.value.rate) for row in found.rows}

    assert lines(records) == {"All": (2, 3, 2 / 3), "Female": (1, 2, 0.5), "Male": (1, 1, 1.0)}
    assert lines(children) == {"All": (2, 2, 1.0), "Female": (1, 1, 1.0), "Male": (1, 1, 1.0)}
    assert lines(shares) == {"All": (2, 2, 1.0), "Female": (1, 2, 0.5), "Male": (1, 2, 0.5)}
    ages = of(report, "requests_refused", "children", ("age",), selection)
    assert lines(ages) == {"All": (2, 2, 1.0), "9": (2, 2, 1.0), "10": (0, 1, 0.0)}, "the child of 9 and 10 is one"
    assert "is in both rows" in pupil_groups.meaning(ages)
    assert "each child counts once" in pupil_groups.meaning(children)
    assert "counts twice" in pupil_groups.meaning(records)
    store.close()


def test_a_plain_count_has_a_share_and_no_rate(report: Report) -> None:
    assert pupil_groups.rates_of(catalogue.indicator("caseload")) == ("share",)
    assert pupil_groups.rates_of(catalogue.indicator("requests_received")) == ("share", "child_share")
    assert pupil_groups.rates_of(catalogue.indicator("reviews_held")) == ("records", "share")
    assert pupil_groups.rates_of(catalogue.indicator("requests_refused")) == ("records", "children", "share")
    assert pupil_groups.parts_of(catalogue.indicator("caseload")) == ("numerator",)


@pytest.mark.parametrize("rate", pupil_groups.rates_of(catalogue.indicator("plans_within_20_weeks")))
@pytest.mark.parametrize("by", [("need",), ("need", "sex"), ("age_group", "ethnic_group"), ("place", "age")])
def test_for_sharing_every_count_is_rounded(report: Report, rate: pupil_groups.Rate, by: tuple[str, ...]) -> None:
    selection = select(report, {}, is_sharing=True)
    plain = {row.keys: row for row in of(report, "plans_within_20_weeks", rate, by, select(report, {})).rows}
    shown = of(report, "plans_within_20_weeks", rate, by, selection)
    for row in shown.rows:
        value, true = row.value, plain[row.keys].value
        assert value.numerator == round_count(unhidden(true.numerator), 5)
        assert value.denominator == round_count(unhidden(true.denominator), 5)
        is_shown = HIDDEN not in (value.numerator, value.denominator)
        assert value.rate == (unhidden(value.numerator) / unhidden(value.denominator) if is_shown else HIDDEN)
    # No line reveals that it has somebody in it: a line with few people is left out like an empty one.
    left_out = [plain[keys].value for keys in plain.keys() - {row.keys for row in shown.rows}]
    assert left_out and all(unhidden(v.numerator if rate == "share" else v.denominator) < 8 for v in left_out)
    columns = beside.cells(report, shown, beside.beside(report, shown, selection))
    assert [text == "c" for text in columns["Number"]] == [text == "c" for text in columns["Per 10,000"]]
    assert len({len(column) for column in columns.values()}) == 1


def test_the_file_names_the_indicator_the_kind_of_rate_and_the_filters(report: Report) -> None:
    selection = select(report, {"sex": ["F"]})
    found = of(report, "requests_refused", "records", ("age_group", "need"), selection)
    rows = list(
        csv.DictReader(
            io.StringIO(
                beside.table_csv(report, found, beside.beside(report, found, selection), selection).decode("utf-8-sig")
            )
        )
    )
    assert len(rows) == len(found.rows)
    age = "Age when the request was received"
    first, second = rows[0], rows[1]
    assert (first[age], first["Primary need"]) == ("All", "All")
    assert second[age] == found.rows[1].labels[0] and second["Primary need"] == "All"
    assert first["Indicator"] == "Requests refused" and first["Kind of rate"] == "Rate of total count"
    assert first["Filters"] == "Sex: Female"
    value = found.whole
    assert (first["Number"], first["Out of"]) == (str(value.numerator), str(value.denominator))
    residents = reference.residents_0_17()[report.collection.lea or "", 2024]
    assert first["Per 10,000"] == f"{10_000 * unhidden(value.numerator) / residents:,.1f}"
    england = published.newest(found.indicator, None, 2025)[0]
    assert first[f"England, {england.period} in percent"] == f"{england.percent:.1f}"
    assert second[f"England, {england.period} in percent"] == ""
    assert first["Rate of total count in percent"] == str(round(100 * unhidden(value.rate), 1))


def test_rates_of_residents_are_our_own_and_of_the_whole_return(report: Report) -> None:
    selection = select(report, {"sex": ["F"]})
    chart = residents_of.chart(report, catalogue.indicator("caseload"), selection)
    assert chart is not None
    assert chart.rows[0][0] == "This return" and "England, January 2025" in [row[0] for row in chart.rows]
    count = figures.Figures(report).results["caseload"].numerator
    assert report.collection.lea is not None
    residents = reference.residents_0_17()[report.collection.lea, 2024]
    assert chart.rows[0][1] == f"{10_000 * count / residents:,.1f}"
    assert "Our own calculation" in chart.subtitle and "whatever the filters" in chart.subtitle
    assert residents_of.chart(report, catalogue.indicator("plans_within_20_weeks"), selection) is None
    shared = select(report, {}, is_sharing=True)
    rounded = residents_of.chart(report, catalogue.indicator("caseload"), shared)
    assert rounded is not None and count % 5
    assert rounded.rows[0][1] == f"{10_000 * unhidden(round_count(count, 5)) / residents:,.1f}"
    own = headlines.own_rate(report, catalogue.indicator("caseload"), shared)
    assert own == 10_000 * unhidden(round_count(count, 5)) / residents


def test_children_of_a_count_are_counted_once() -> None:
    report = Report.__new__(Report)
    store = casebook.make_store({"given": TWICE}, Settings(now=casebook.NOW))
    report.store, report.cache = store, ReportCache()
    selection = Selection(n=2, n_all=2)
    records = of(report, "requests_received", "share", ("sex",), selection)
    children = of(report, "requests_received", "child_share", ("sex",), selection)
    assert {row.label: (row.value.numerator, row.value.rate) for row in records.rows} == {
        "All": (3, 1.0),
        "Female": (2, 2 / 3),
        "Male": (1, 1 / 3),
    }
    assert {row.label: (row.value.numerator, row.value.rate) for row in children.rows} == {
        "All": (2, 1.0),
        "Female": (1, 0.5),
        "Male": (1, 0.5),
    }
    assert "each child counts once" in pupil_groups.meaning(children)
    store.close()


def test_groups_of_plans_stand_beside_published_shares(report: Report) -> None:
    selection = select(report, {})
    found = of(report, "caseload", "share", ("need", "sex"), selection)
    columns = beside.beside(report, found, selection)
    assert [column.heading.partition(",")[0] for column in columns][:2] == ["England", "West Midlands"]
    shares = {each.key: each.share for each in breakdowns.shares("caseload", "need", "England", 2025)}
    texts = beside.cells(report, found, columns)
    for place, row in enumerate(found.rows):
        shown = texts[columns[0].heading][place]
        # Down syndrome was published within other difficulty until 2025.
        expected = shares.get(row.keys[0]) if len(row.keys) == 1 and row.keys[0] not in ("DS", "OTH") else None
        if expected is not None:
            assert shown == f"{expected:.1%}", row.label
        elif len(row.keys) != 1:
            assert shown == ""
    assert not beside.beside(report, of(report, "caseload", "share", ("year",), selection), selection)
    children = of(report, "requests_refused", "children", ("sex",), selection)
    assert not beside.beside(report, children, selection), "no rate of children is published"


def test_bars_end_at_a_round_share_just_above_the_longest(report: Report) -> None:
    selection = select(report, {})
    for name, rate in (("caseload", "share"), ("requests_refused", "records"), ("plans_in_year", "share")):
        found = of(report, name, rate, ("need",), selection)  # type: ignore[arg-type]
        columns = beside.beside(report, found, selection)
        whole = beside.scale(found, columns)
        drawn = [unhidden(row.value.rate) for row in found.rows if beside.is_drawn(found, row)]
        drawn += [share for column in columns for share in column.by_keys.values()]
        assert max(drawn) <= whole
        assert whole == beside.SCALES[0] or max(drawn) > max(step for step in beside.SCALES if step < whole)
    assert not beside.is_drawn(found, found.rows[0]), "the whole of a share is always 100%"


def test_a_count_of_groups_per_10_000_adds_up(report: Report) -> None:
    found = of(report, "plans_in_year", "share", ("need",), select(report, {}))
    texts = [float(beside.per_10_000_text(report, row)) for row in found.rows]
    assert texts[0] == pytest.approx(sum(texts[1:]), abs=0.05 * len(texts))
    assert unhidden(found.whole.numerator) > figures.Figures(report).results["caseload"].numerator


def test_a_rate_of_few_has_no_bar(report: Report) -> None:
    found = of(report, "plans_within_20_weeks", "records", ("need",), select(report, {}))
    few = [row for row in found.rows if unhidden(row.value.denominator) < 5]
    assert few and not any(beside.is_drawn(found, row) for row in few)
    assert all(beside.is_drawn(found, row) for row in found.rows if row not in few)
    of_share = of(report, "caseload", "share", ("need",), select(report, {}))
    assert all(beside.is_drawn(of_share, row) for row in of_share.rows if row.keys), "a small share has a small bar"
