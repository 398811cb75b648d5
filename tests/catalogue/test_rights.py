"""Every page, file and part of a page has a right: a new one without an entry here fails, and needs to see children."""

from __future__ import annotations

import ast
import importlib
import pkgutil
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest

from sen2dash import ui
from sen2dash.errors import NoAccess
from sen2dash.ui import pieces
from sen2dash.ui.rights import RIGHTS, may_open, right_of
from sen2dash.web import access
from sen2dash.web.access import NOBODY, Person, Right

ROOT = Path(ui.__file__).resolve().parents[2]
VIEW, CHILD, ADMIN = Right
#: Everyone who can be at the screen, by what they were given.
PEOPLE = {
    "nobody": NOBODY,
    "no role": Person("a", frozenset()),
    "view": Person("b", frozenset({VIEW})),
    "child": Person("c", frozenset({VIEW, CHILD})),
    "admin": Person("d", frozenset({VIEW, ADMIN})),
}
#: Who may open a page, see a list or get a file, by the right that it needs.
WHO = {VIEW: {"view", "child", "admin"}, CHILD: {"child"}, ADMIN: {"admin"}}
FIGURES = {"summary", "headlines", "timeliness", "requests", "placements", "cohort", "pupil_groups", "rulebook"}
#: Every call that makes a file, by module and function, with the right that it names.
FILES = {
    ("audit", "_export"): ADMIN,
    ("figures", "chart_table"): VIEW,
    ("headlines", "show_sheet"): VIEW,
    ("pupil_groups", "show"): VIEW,
    ("summary", "actions"): VIEW,
    ("trend", "_chart"): VIEW,
    ("changes", "downloads"): CHILD,
    ("cohort", "export_button"): CHILD,
    ("figures", "upns_buttons"): CHILD,
    ("dfe_numbers", "section"): CHILD,
    ("downloads", ""): CHILD,
    ("figures", "people_rows"): CHILD,
    ("kept_compare", "_with_kept"): CHILD,
    ("kept_erase", "section"): ADMIN,
    ("linked", "_match"): CHILD,
    ("near_matches", "_list"): CHILD,
    ("notes", "show"): CHILD,
    ("other_inputs", "save_as_xml"): CHILD,
    ("pieces", "finding_downloads"): CHILD,
    ("teams", "workbook_download"): CHILD,
    ("working_file", "save_section"): CHILD,
}
#: Every function that refuses to run for people without a right, by module.
PARTS = {
    "changes": {"choose_or_stop", "downloads", "summary", "summary_on_start"},
    "changes_views": {"show_agreement", "show_figures", "show_findings", "show_people"},
    "dfe_numbers": {"_take", "section"},
    "earlier_returns": {"add", "section"},
    "figures": {"people_rows", "upns_csv", "upns_zip"},
    "findings": {"findings_page", "records_table", "show_records"},
    "kept_compare": {"section"},
    "linked": {"_disagreements_csv"},
    "linked_files": {"add", "add_made_up", "section", "use"},
    "marks": {"bar", "control", "undo"},
    "near_matches": {"_accept", "_csv", "section"},
    "notes": {"show"},
    "other_inputs": {"_swap", "about", "header_form", "save_as_xml", "use"},
    "person": {"_given", "dates", "file_lines", "findings_list", "heading", "neighbours", "search", "sections"},
    "person_linked": {"section"},
    "publication": {"_take", "section"},
    "teams": {"_add", "section"},
    "upload": {
        *(
            "_all_of",
            "_check_made_up",
            "add_register",
            "check_return",
            "extras",
            "next_or_none",
            "start",
            "summary",
            "file_uploader",
        ),
        *("take_return", "take_several", "use_waiting"),
    },
    "working_file": {"_choose", "_make", "_restore", "_try_to_open", "open_section", "save_section"},
}


def modules() -> Iterator[tuple[str, ast.Module]]:
    """Every page and every module of sen2dash.ui with its name."""
    for folder in ("pages", "sen2dash/ui"):
        for path in sorted((ROOT / folder).glob("*.py")):
            yield path.stem, ast.parse(path.read_text(encoding="utf-8"))


def calls(name: str) -> Iterator[tuple[str, str, ast.Call]]:
    """Every call of a function or method with this name: its module, the outermost function it is in, and itself."""
    for module, tree in modules():
        for top in tree.body:
            for node in ast.walk(top):
                if isinstance(node, ast.Call) and getattr(node.func, "attr", getattr(node.func, "id", "")) == name:
                    yield module, top.name if isinstance(top, ast.FunctionDef) else "", node


def guarded() -> Iterator[tuple[str, str, Callable[..., object]]]:
    """Every function of sen2dash.ui that asks for a right: module, name, function."""
    for found in pkgutil.iter_modules(ui.__path__):
        module = importlib.import_module(f"sen2dash.ui.{found.name}")
        for name, value in vars(module).items():
            if hasattr(value, "needs") and value.__module__ == module.__name__:
                yield found.name, name, value


@pytest.fixture
def at_the_screen(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    return lambda who: monkeypatch.setattr(access, "person", lambda: PEOPLE[who])


def test_every_page_names_its_right() -> None:
    pages = {name for name, _, _ in ui.PAGES}
    assert pages - set(RIGHTS) == set(), "give the page a right in sen2dash/ui/rights.py"
    assert {name for name in pages if RIGHTS[name] is VIEW} >= FIGURES
    assert not {"person", "errors", "queries", "information", "notes", "changes", "downloads", "upload"} & {
        name for name, right in RIGHTS.items() if right is not CHILD
    }


def test_a_page_without_a_right_needs_to_see_children() -> None:
    assert right_of("not_in_the_table") is CHILD


@pytest.mark.parametrize("who", PEOPLE)
@pytest.mark.parametrize("page", [name for name, _, _ in ui.PAGES])
def test_who_may_open_a_page(page: str, who: str) -> None:
    assert may_open(PEOPLE[who], page) == (who in WHO[RIGHTS[page]])


@pytest.mark.parametrize("who", PEOPLE)
def test_the_menu_holds_only_what_the_person_may_open(
    monkeypatch: pytest.MonkeyPatch, at_the_screen: Callable[[str], None], who: str
) -> None:
    monkeypatch.setattr("streamlit.Page", lambda path, **given: SimpleNamespace(**given))
    at_the_screen(who)
    listed = {name for names in ui.sections().values() for name in names}
    assert listed == {name for name, _, _ in ui.PAGES if who in WHO[RIGHTS[name]]}
    pages = [page for pages in ui.menu().values() for page in pages]
    assert len(pages) == len(ui.PAGES)
    assert {page.url_path for page in pages if page.visibility == "visible"} == listed
    # The same for everyone: an address that one person sends must not be missing for another.
    assert [page.url_path for page in pages if page.default] == [ui.PAGES[0][0]]


def test_every_file_names_its_right() -> None:
    found: dict[tuple[str, str], set[str]] = {}
    for module, function, call in calls("download"):
        named = next((ast.unparse(each.value) for each in call.keywords if each.arg == "right"), "Right.CHILD")
        found.setdefault((module, function), set()).add(named)
    assert found == {place: {f"Right.{right.name}"} for place, right in FILES.items()}


def test_there_is_one_way_to_make_a_file() -> None:
    assert [(module, function) for module, function, _ in calls("download_button")] == [("pieces", "download")]


def test_whoever_chooses_a_file_may_see_children() -> None:
    needs = {(module, name): function.needs for module, name, function in guarded()}  # type: ignore[attr-defined]
    places = [(module, function) for module, function, _ in calls("file_uploader")]
    assert places
    assert {needs.get(place) for place in places} == {CHILD}


@pytest.mark.parametrize("who", PEOPLE)
@pytest.mark.parametrize("right", [VIEW, CHILD])
def test_a_file_is_offered_only_to_those_who_may_have_it(
    monkeypatch: pytest.MonkeyPatch, at_the_screen: Callable[[str], None], right: Right, who: str
) -> None:
    offered: list[str] = []
    monkeypatch.setattr("streamlit.download_button", lambda label, *_, **__: offered.append(label))
    at_the_screen(who)
    pieces.download("A file", lambda: b"", "a.csv", "text/csv", "a", right=right)
    assert bool(offered) == (who in WHO[right])


def test_no_file_is_made_after_the_sign_in_has_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[Callable[[], bytes]] = []
    monkeypatch.setattr("streamlit.download_button", lambda label, data, **_: made.append(data))
    monkeypatch.setattr(access, "person", lambda: Person("c", frozenset({VIEW, CHILD}), until=1_000.0))
    pieces.download("A file", lambda: b"child data", "a.csv", "text/csv", "a")
    monkeypatch.setattr("time.time", lambda: 999.0)
    assert made[0]() == b"child data"
    monkeypatch.setattr("time.time", lambda: 1_000.0)
    with pytest.raises(RuntimeError, match="sign-in has ended"):
        made[0]()


def test_every_part_that_shows_children_is_in_the_table() -> None:
    found: dict[str, set[str]] = {}
    for module, name, _ in guarded():
        found.setdefault(module, set()).add(name)
    assert found == PARTS


@pytest.mark.parametrize("who", [who for who in PEOPLE if who not in WHO[CHILD]])
def test_no_part_that_shows_children_runs_for_the_others(at_the_screen: Callable[[str], None], who: str) -> None:
    at_the_screen(who)
    for module, name, function in guarded():
        with pytest.raises(NoAccess):
            function()
        assert function.needs is CHILD, (module, name)  # type: ignore[attr-defined]
