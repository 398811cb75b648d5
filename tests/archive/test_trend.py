"""The trend comes from summaries alone, and its lines break where a definition changed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from sen2dash.analysis.trend import Point, Trend, TrendValue, to_recompute, trend
from sen2dash.archive import definitions, keeping
from sen2dash.archive.definitions import indicator_digest, rules_digest
from sen2dash.archive.kept import KeptReturn
from sen2dash.checks import catalogue
from sen2dash.config import Settings
from tests.archive.conftest import Open
from tests.archive.made import Made, keep
from tests.archive.made import described as kept

SETTINGS = Settings(now=datetime(2027, 2, 1))


def line(found: Trend, name: str) -> tuple[tuple[TrendValue | None, ...], frozenset[int], tuple[tuple[int, ...], ...]]:
    one = next(each for each in (*found.indicators, *found.findings) if each.id == name)
    return one.readings, one.breaks, one.runs()


def test_points_are_in_order_and_submissions_are_filled() -> None:
    found = trend(
        [kept("c", 2026, 1), kept("b", 2025, 9, "submission"), kept("a", 2025, 3), kept("d", 2026, 2, "other_system")],
        SETTINGS,
    )
    assert [(point.id, point.year, point.is_hollow) for point in found.points] == [
        ("a", 2025, True),
        ("b", 2025, False),
        ("c", 2026, True),
        ("d", 2026, True),
    ]
    assert found.points[0] == Point(
        "a",
        2025,
        "Mock return 001",
        "mock",
        date(2025, 1, 16),
        datetime(2025, 2, 3, tzinfo=UTC),
        "sen2dash 3",
        rules_digest(SETTINGS),
        5,
    )
    assert len(found.indicators) == 33
    assert found.stale == ()


def test_three_years_are_side_by_side_and_no_more() -> None:
    years = [kept(str(year), year, 1) for year in (2023, 2024, 2025, 2026)]
    assert [point.year for point in trend(years, SETTINGS).points] == [2024, 2025, 2026]
    assert [point.year for point in trend(years, SETTINGS, 1).points] == [2026]
    assert [point.year for point in trend(years, SETTINGS, 9).points] == [2024, 2025, 2026]
    assert trend([], SETTINGS).points == ()


def test_a_line_has_the_numbers_of_each_summary() -> None:
    found = trend([kept("a", 2025, 1, numbers=(3, 4), n_errors=5), kept("b", 2025, 2, numbers=(0, 0))], SETTINGS)
    assert line(found, "plans_within_20_weeks") == ((TrendValue(3, 4), TrendValue(0, 0)), frozenset(), ((0, 1),))
    first, second = line(found, "plans_within_20_weeks")[0]
    assert first is not None
    assert second is not None
    assert (first.value, second.value) == (0.75, None)
    # Rules that read a file beside the return are left out: they run only where somebody added it.
    assert line(found, "error")[0] == (TrendValue(5), TrendValue(0))
    assert TrendValue(5).value == 5


def test_a_line_breaks_where_its_definition_changed_and_nowhere_else() -> None:
    returns = [kept("a", 2025, 1, definition="old"), kept("b", 2025, 2, definition="old"), kept("c", 2025, 3)]
    found = trend(returns, SETTINGS)
    assert line(found, "plans_within_20_weeks")[1:] == (frozenset({2}), ((0, 1), (2,)))
    assert line(found, "caseload")[1:] == (frozenset(), ((0, 1, 2),))
    assert line(found, "error")[1] == frozenset()
    assert found.stale == ("a", "b")


def test_findings_break_where_the_rules_changed() -> None:
    found = trend([kept("a", 2025, 1, rules="old"), kept("b", 2025, 2), kept("c", 2025, 3)], SETTINGS)
    for severity in ("error", "query", "info"):
        assert line(found, severity)[1:] == (frozenset({1}), ((0,), (1, 2)))
    assert line(found, "caseload")[1] == frozenset()
    assert found.stale == ("a",)


def test_what_could_not_be_run_leaves_a_gap_that_does_not_hide_a_break() -> None:
    returns = [
        kept("a", 2025, 1, definition="old"),
        kept("b", 2025, 2, is_broken=True),
        kept("c", 2025, 3),
        kept("d", 2025, 4),
    ]
    readings, breaks, runs = line(trend(returns, SETTINGS), "plans_within_20_weeks")
    assert readings[1] is None
    assert (breaks, runs) == (frozenset({2}), ((0,), (2, 3)))


def test_a_rule_that_could_not_be_run_leaves_a_gap_in_the_findings_of_its_severity() -> None:
    found = trend([kept("a", 2025, 1), kept("b", 2025, 2, broken_rule="P40"), kept("c", 2025, 3)], SETTINGS)
    assert line(found, "query") == ((TrendValue(0), None, TrendValue(0)), frozenset(), ((0,), (2,)))
    assert line(found, "error")[0] == (TrendValue(0), TrendValue(0), TrendValue(0))


def test_damaged_returns_are_left_out() -> None:
    good = kept("a", 2025, 1)
    found = trend([good, KeptReturn("b", "333", good.retain_until, None, good.summary, True)], SETTINGS)
    assert [point.id for point in found.points] == ["a"]


def test_a_summary_needs_no_return_to_be_opened(open_it: Open, tmp_path: object, first: Made, second: Made) -> None:
    from sen2dash.archive import audit
    from sen2dash.archive.kept import listed

    archive = open_it(f"sqlite:///{tmp_path}/returns.db")
    for each in (first, second):
        keep(archive, each)
    found = trend(listed(archive, is_thorough=False), archive.settings)
    expected = [each.report.counts["person"] for each in (first, second)]
    assert [point.persons for point in found.points] == expected
    caseload = line(found, "caseload")[0]
    from sen2dash.indicators.figures import Figures

    assert [each.numerator for each in caseload if each] == [
        Figures(each.report).results["caseload"].numerator for each in (first, second)
    ]
    with archive.database.reading() as connection:
        assert "open" not in {each.event.action for each in audit.entries(connection, archive.key) if each.event}


# -- what a definition is -------------------------------------------------------------------------------------


@pytest.fixture
def fresh() -> Iterator[None]:
    """Digests made anew, before and after."""
    for _ in range(2):
        for each in (definitions._behind, definitions._views, definitions._macros, definitions._rules):
            each.cache_clear()
        if _ == 0:
            yield


def changes(before: dict[str, str], after: dict[str, str]) -> set[str]:
    return {name for name in before if before[name] != after[name]}


def digests(settings: Settings = SETTINGS) -> dict[str, str]:
    return {each.id: indicator_digest(each, settings) for each in catalogue.indicators()}


def test_a_definition_changes_with_the_settings_that_it_uses() -> None:
    days = changes(digests(), digests(Settings(now=SETTINGS.now, twenty_weeks_days=139)))
    assert "plans_within_20_weeks" in days
    assert not days & {"caseload", "requests_received", "plans_ceased"}
    challenged = changes(digests(), digests(Settings(now=SETTINGS.now, include_challenged=True)))
    assert "plans_within_20_weeks" in challenged
    assert "caseload" not in challenged
    assert changes(digests(), digests(Settings(now=SETTINGS.now, suppression_threshold=7))) == set()


@pytest.mark.usefixtures("fresh")
def test_a_definition_changes_with_the_views_behind_it_and_not_with_a_comment(monkeypatch: pytest.MonkeyPatch) -> None:
    before, rules = digests(), rules_digest(SETTINGS)
    views = definitions._views()

    def replaced(name: str, sql: str) -> tuple[tuple[str, str], ...]:
        return tuple((each, f"{text}{sql}" if each == name else text) for each, text in views)

    def now() -> dict[str, str]:
        definitions._behind.cache_clear()
        return digests()

    monkeypatch.setattr(definitions, "_views", lambda: replaced("caseload", "\n-- a comment\n  "))
    assert changes(before, now()) == set()
    monkeypatch.setattr(definitions, "_views", lambda: replaced("caseload", "\nwhere true"))
    changed = changes(before, now())
    assert "caseload" in changed
    assert "requests_received" not in changed
    assert rules == rules_digest(SETTINGS)


@pytest.mark.usefixtures("fresh")
def test_the_rules_change_with_a_rule_and_not_with_its_words(monkeypatch: pytest.MonkeyPatch) -> None:
    before = rules_digest(SETTINGS)
    first, *others = catalogue.rules()

    def now(**change: object) -> str:
        monkeypatch.setattr(catalogue, "rules", lambda: (first.model_copy(update=change), *others))
        definitions._rules.cache_clear()
        return rules_digest(SETTINGS)

    assert now(title="Another title", guidance="x" * 50, sql=f"{first.sql} -- a comment") == before
    assert len({before, now(sql=f"{first.sql} limit 1"), now(severity="info"), now(years=(2020, 2021))}) == 4


def test_the_rules_change_with_the_settings_that_they_use() -> None:
    """A setting that no rule binds changes nothing; a code list may be read by every rule."""
    before = rules_digest(SETTINGS)

    def now(**change: object) -> str:
        return rules_digest(SETTINGS.model_copy(update=change))

    assert now(suppression_threshold=7) == before
    changed = {
        now(twenty_weeks_days=139),
        now(work_based_learning_codes="1,2"),
        now(direct_payment_codes="1,2"),
    }
    assert len({before, *changed}) == 4


def test_recompute_makes_a_stale_summary_current(open_it: Open, tmp_path: object, first: Made) -> None:
    archive = open_it(f"sqlite:///{tmp_path}/returns.db")
    one = keep(archive, first)
    assert one.summary is not None
    assert not to_recompute([one], archive.settings)
    other = archive.settings.model_copy(update={"twenty_weeks_days": 139})
    assert to_recompute([one], other) == (one,)
    old = one.summary.model_copy(update={"rules": "old"})
    assert to_recompute([replace(one, summary=old)], archive.settings)
    keeping.renew(archive, one, first.report)
