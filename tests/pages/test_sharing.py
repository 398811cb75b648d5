"""For sharing, no page and no file of a page holds a number of the return that was not rounded.

Every count goes through one function. The test makes it return the same number for every count, so anything that still
differs between two choices of filters is an unrounded count in a text, a table, chart data or a file.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from sen2dash.analysis import panels, weeks
from sen2dash.checks.report import Report
from sen2dash.indicators import figures, suppression
from sen2dash.indicators.suppression import Shown
from sen2dash.linked import loaded_files
from sen2dash.sample.linked import linked_files
from sen2dash.ui import filters, pieces
from tests.linked.making import matched
from tests.linked.test_few_children import census_of, return_of
from tests.pages.conftest import Open

NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")
#: Names of elements, and heights, which depend on the number of lines.
NAMES = re.compile(
    r'^\s*(?:id|data|form_id|url|spec_hash|user_key|key|block_id|seed): .*$|"name": ?"view[^"]*"|data-[0-9a-f]+'
    r'|\\?"height\\?": ?\d+',
    re.M,
)
#: A page, and what is chosen on it.
STATES: tuple[tuple[str, dict[str, object]], ...] = (
    ("summary", {}),
    ("summary", {"summary_by": "sex"}),
    ("headlines", {}),
    ("headlines", {"headlines_view": "One sheet to print"}),
    ("headlines", {"headlines_indicator": "requests_received"}),
    ("headlines", {"headlines_indicator": "requests_refused", "headlines_look": "groups", "headlines_by": "sex"}),
    ("headlines", {"headlines_indicator": "plans_within_20_weeks", "headlines_look": "neighbours"}),
    ("headlines", {"headlines_indicator": "caseload", "headlines_look": "trend"}),
    ("timeliness", {"timeliness_view": "months"}),
    ("timeliness", {"timeliness_view": "weeks"}),
    ("timeliness", {"timeliness_view": "open"}),
    ("cohort", {}),
    ("cohort", {"cohort_base": "new_plans", "cohort_need_what": "need2"}),
    ("cohort", {"cohort_base": "people", "cohort_other_what": "stage", "cohort_caseload_need_table": True}),
    ("cohort", {"cohort_view": "Needs by setting", "cohort_columns": "sex"}),
    ("pupil_groups", {"pupil_groups_first": "sex", "pupil_groups_indicator": "requests_refused"}),
    ("requests", {"requests_topic": "flow"}),
    ("requests", {"requests_topic": "decisions"}),
    ("requests", {"requests_topic": "assessed"}),
    ("placements", {"placements_topic": "plans"}),
    ("placements", {"placements_topic": "reviews"}),
    ("placements", {"placements_topic": "budgets", "placements_personal_budgets_by_by": "sex"}),
    ("linked", {"linked_view": "Match", "linked_unmatched_0_table": True}),
    ("linked", {"linked_view": "School census"}),
    ("linked", {"linked_view": "Absence", "linked_reasons_what": "absence"}),
    ("linked", {"linked_view": "Suspensions", "linked_excluded_0_table": True}),
    ("linked", {"linked_view": "Attainment", "linked_stage": "ks4"}),
    ("linked", {"linked_view": "Inspections", "linked_outcomes_what": "places"}),
)
#: The clean return is of this many people and seed, and year.
CLEAN = (40, 7, 2025)


@pytest.fixture
def files(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """The content of a page's downloads, made while it is drawn."""
    made: list[str] = []

    def download(label: str, make: Callable[[], bytes], *rest: str, **_: object) -> None:
        made.append(f"{label} {make().decode()}")

    monkeypatch.setattr(pieces, "download", download)
    yield made


@pytest.fixture
def one_number(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make every rounded count 1,000."""

    def round_count(count: int, base: int) -> Shown:
        return 1_000 if base else count

    for module in (suppression, figures, panels):
        monkeypatch.setattr(module, "round_count", round_count)
    monkeypatch.setattr(
        weeks, "means", lambda report, cohort: {name: weeks.Mean(1_000, 1_000, 20.0) for name in weeks.MEANS}
    )


def texts(at: AppTest) -> Iterator[str]:
    """Everything that a page sends: the text of its elements, the cells of its tables, the data of its charts."""
    for element in at.main:
        yield NAMES.sub("", str(element.proto))
    for table in (*at.table, *at.dataframe):
        yield from map(str, table.value.to_numpy().ravel())
        yield from map(str, table.value.columns)


@pytest.fixture(scope="module", autouse=True)
def with_linked_files(reports: dict[str, tuple[Report, bytes]]) -> Iterator[None]:
    """The clean return with its made-up linked files."""
    report, _ = reports["clean"]
    files = [(name.rpartition("/")[2], text.encode()) for name, text in linked_files(*CLEAN).items()]
    loaded_files.use(report, loaded_files.add(report, loaded_files.LoadedFiles(), files))
    yield
    loaded_files.use(report, loaded_files.LoadedFiles())


def opened(open_page: Open, page: str, chosen: dict[str, object], sex: list[str]) -> AppTest:
    at = open_page(page, "clean")
    at.session_state[filters.SHARING] = True
    at.session_state[filters.key_of("sex")] = sex
    for key, value in chosen.items():
        at.session_state[key] = value
    at.run()
    assert not at.exception
    assert "Counts are rounded" in "".join(each.value for each in at.sidebar.caption)
    return at


@pytest.mark.usefixtures("one_number")
@pytest.mark.parametrize(("page", "chosen"), STATES, ids=str)
def test_no_number_of_the_return_goes_round_the_one_door(
    open_page: Open, files: list[str], page: str, chosen: dict[str, object]
) -> None:
    seen = []
    for sex in (["M"], ["F"]):
        files.clear()
        shown = [*texts(opened(open_page, page, chosen, sex)), *files]
        assert any("1,000" in text or "1000" in text for text in shown)
        seen.append({number for text in shown for number in NUMBER.findall(text)})
    assert seen[0] == seen[1], "these differ between one part of the return and another"
    assert "40" not in NUMBER.findall(shown[0]), "there are 40 people in the return"


@pytest.mark.parametrize("view", ["Suspensions", "Absence"])
def test_many_events_of_one_child_change_nothing_that_is_shared(
    open_page: Open,
    files: list[str],
    tmp_path: Path,
    reports: dict[str, tuple[Report, bytes]],
    view: str,
    request: pytest.FixtureRequest,
) -> None:
    """Rounding by size would show them: a page for sharing is the same whether one child has 9 of them or 200."""
    seen = []
    for number in (9, 200):
        census = census_of(events={0: ["DB"] * (number // 9)}, sessions={0: {"G": number}, 1: {"I": number}})
        given = {"census": census.write(tmp_path / str(number))}
        files.clear()
        with matched(return_of(), None, given) as (report, found):
            report.linked = found
            reports["few"] = (report, return_of())
            request.addfinalizer(lambda: reports.pop("few", None))
            at = open_page("linked", "few")
            at.session_state[filters.SHARING] = True
            at.session_state["linked_view"] = view
            at.run()
            assert not at.exception
            seen.append([*texts(at), *files])
    assert any("Reasons" in each for each in seen[0])
    assert seen[0] == seen[1]


def test_files_for_sharing_hold_rounded_counts_and_say_so(open_page: Open, files: list[str]) -> None:
    opened(open_page, "headlines", {"headlines_view": "One sheet to print"}, [])
    (summary,) = files
    assert "Counts are rounded to the nearest 5" in summary
    pairs = re.findall(r'"(c|[\d,]+) of (c|[\d,]+) ', summary)
    assert len(pairs) > 10
    assert all(each == "c" or int(each.replace(",", "")) % 5 == 0 for pair in pairs for each in pair)
    opened(open_page, "pupil_groups", {"pupil_groups_first": "sex"}, [])
    assert "Counts are rounded to the nearest 5" in files[-1]
