"""Run axe-core on every view inside every page, found by trying the page's controls, and on every kind of error."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from playwright.sync_api import Browser, FilePayload, Page, expect
from playwright.sync_api import TimeoutError as PlaywrightTimeout

from sen2dash.sample.generate import sample_bytes, write_register
from tests.browser.axe import KNOWN
from tests.browser.conftest import ROOT, serving
from tests.browser.steps import NAMES, choose, idle, upload, visit
from tests.browser.walk import TALL, Walk, open_list

PERSONS, SEED = 600, 7
#: Pages with the filters of the sidebar.
FIGURES = ("summary", "headlines", "timeliness", "requests", "placements", "cohort", "pupil_groups")
#: Where every control of a page is tried, the pages are divided into parts that can run side by side.
PARTS = 4
#: What the states looked like that a test of this module has checked.
CHECKED: set[str] = set()


@pytest.fixture(scope="module")
def server_of_views(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with serving(tmp_path_factory.mktemp("views") / "server.log") as (address, _):
        yield address


@pytest.fixture
def tall(browser: Browser, server_of_views: str) -> Iterator[Page]:
    """A visitor with a window tall enough for the whole page."""
    visitor = visit(browser, server_of_views, **TALL)
    yield visitor.page
    visitor.leave()


def upload_all(page: Page, folder: Path) -> None:
    """Upload a return with findings of every severity, an earlier return and the register."""
    register = folder / "register.csv"
    write_register(register, SEED)
    upload(page, sample_bytes(persons=PERSONS, seed=SEED, defects=60, year=2025))
    files = {
        "Earlier SEN2 return (XML)": ("earlier.xml", sample_bytes(persons=PERSONS, seed=SEED + 1, year=2025)),
        "Register of establishments (CSV or zip)": (register.name, register.read_bytes()),
    }
    for label, (name, data) in files.items():
        place = page.get_by_test_id("stFileUploader").filter(has_text=label)
        place.locator("input").set_input_files({"name": name, "mimeType": "text/plain", "buffer": data})
        expect(page.get_by_text(f"Compared with {name}")).to_be_visible()
        idle(page)


def open_one_person(page: Page) -> None:
    page.get_by_role("textbox", name="Person number, UPN, ULN, name or date of birth").fill("1")
    page.keyboard.press("Enter")
    page.wait_for_url("**/person?person=1")
    expect(page.get_by_role("heading", name="In the file")).to_be_visible()
    idle(page)


def pick(walk: Walk, label: str, place: int) -> None:
    """Choose an option of a filter in the sidebar, whose expander is open.

    The list closes again when the page scrolls, and a click on it is then lost, so this tries several times.
    """
    field = walk.page.get_by_test_id("stSidebar").get_by_test_id("stMultiSelect").filter(has_text=label).first
    option = walk.page.get_by_role("option").nth(place)
    for _ in range(5):
        open_list(field.get_by_role("combobox", name=label, exact=True))
        with suppress(PlaywrightTimeout, AssertionError):
            walk.act(lambda: option.click(timeout=3000))
            walk.page.keyboard.press("Escape")
            expect(field.get_by_role("button", name="Clear all")).to_be_visible(timeout=3000)
            return
    raise AssertionError(f"nothing was chosen in {label}")


@pytest.mark.timeout(900)
def test_every_view_of_every_page(tall: Page, tmp_path: Path) -> None:
    """Try every choice between views, and one of all controls that the same code draws."""
    go_through_pages(tall, tmp_path, list(NAMES), 1, once=True)


@pytest.mark.long
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("part", range(PARTS))
def test_more_options_of_every_list(tall: Page, tmp_path: Path, part: int) -> None:
    """Try every control, with the first and last option of every list, or all if SEN2DASH_EVERY_OPTION is set."""
    go_through_pages(tall, tmp_path, list(NAMES)[part::PARTS], 2)


def go_through_pages(page: Page, folder: Path, names: list[str], n_options: int, once: bool = False) -> None:
    upload_all(page, folder)
    walk = Walk(page, n_options=n_options, once=once, checked=CHECKED)
    for name in names:
        n_before = walk.n_states
        choose(page, name)
        walk.go_through(name)
        if name == "person":
            choose(page, name)
            open_one_person(page)
            walk.go_through("one person")
        assert walk.n_states > n_before, f"nothing was looked at on {name}"
    assert not walk.found
    assert not walk.missed


def test_filters_sharing_and_hidden_names(tall: Page) -> None:
    upload(tall, sample_bytes(persons=PERSONS, seed=SEED, defects=60, year=2025))
    walk = Walk(tall, checked=CHECKED)
    sidebar = tall.get_by_test_id("stSidebar")
    choose(tall, "headlines")
    walk.check("filters open")
    fields = sidebar.get_by_test_id("stMultiSelect")
    for place in (0, fields.count() - 1):
        open_list(fields.nth(place).get_by_role("combobox"))
        walk.check("list of a filter")
        tall.keyboard.press("Escape")
    sidebar.get_by_role("button", name="Help for Primary need").focus()
    expect(tall.get_by_role("tooltip")).to_be_visible()
    # It is pale while it fades in.
    tall.wait_for_timeout(500)
    walk.check("help of a filter")
    pick(walk, "Sex", 1)
    expect(sidebar.get_by_role("button", name="Show everyone")).to_be_visible()
    for label in ("Hide names and dates of birth", "For sharing: round counts"):
        sidebar.get_by_text(label).click()
        idle(tall)
    for name in NAMES:
        choose(tall, name)
        walk.check("filtered, shared, names hidden", name)
    choose(tall, "cohort")
    walk.check("cohort again")
    for label in ("Ethnic group", "Age group", "Establishment group", "Stage reached"):
        pick(walk, label, 1)
    for name in FIGURES:
        choose(tall, name)
        expect(tall.get_by_text("Too few people match the filters")).to_be_visible()
        walk.check("too few people", name)
    assert not walk.found


@pytest.mark.parametrize("state", ["no return", "clean"])
def test_pages_without_a_return_and_with_a_clean_one(tall: Page, state: str) -> None:
    if state == "clean":
        upload(tall, sample_bytes(persons=60, seed=SEED, year=2025))
    else:
        tall.goto("/")
        idle(tall)
    walk = Walk(tall, checked=CHECKED)
    for name in NAMES:
        choose(tall, name)
        walk.check(state, name)
    assert not walk.found


#: Makes a rule, an indicator and the search for people fail, and expires an unused return after seconds.
BREAK = """
from sen2dash.checks import catalogue, findings
from sen2dash.web import sweeping, vault

def broken(found, name):
    return tuple(one.model_copy(update={"sql": "select * from no_such"}) if one.id == name else one for one in found)

def fail(*args, **kwargs):
    raise ValueError

rules, indicators = broken(catalogue.rules(), "P15"), broken(catalogue.indicators(), "requests_received")
catalogue.rules, catalogue.indicators = lambda: rules, lambda: indicators
findings.find_people, vault.VAULT.idle_seconds, sweeping.SWEEP_SECONDS = fail, 12.0, 0.2
"""


def test_what_can_go_wrong(browser: Browser, tmp_path: Path) -> None:
    with serving(tmp_path / "server.log", BREAK) as (address, _):
        visitor = visit(browser, address, **TALL)
        page, walk = visitor.page, Walk(visitor.page, checked=CHECKED)
        page.goto("/")
        idle(page)
        file: FilePayload = {"name": "return.xml", "mimeType": "text/xml", "buffer": b"<Message>"}
        page.locator("input[type=file]").first.set_input_files(file)
        expect(page.get_by_role("alert")).to_be_visible()
        walk.check("refused")
        upload(page, sample_bytes(persons=60, seed=SEED, defects=20, year=2025))
        expect(page.get_by_role("status").filter(has_text="The check is complete")).to_be_visible()
        expect(page.get_by_role("alert").filter(has_text="1 rule could not run")).to_be_visible()
        walk.check("broken rule")
        choose(page, "headlines")
        walk.check("broken indicator")
        choose(page, "pupil_groups")
        expect(page.get_by_role("alert").filter(has_text="could not be calculated")).to_be_visible()
        walk.check("broken indicator, its page")
        choose(page, "person")
        page.get_by_role("textbox", name="Person number, UPN, ULN, name or date of birth").fill("a")
        page.keyboard.press("Enter")
        expect(page.get_by_role("alert").filter(has_text="Something went wrong")).to_be_visible()
        walk.check("a fault of the program")
        page.wait_for_timeout(13_000)
        choose(page, "errors")
        expect(page.get_by_text("Your return was erased")).to_be_visible()
        walk.check("erased")
        visitor.leave()
        assert not walk.found


def test_a_planted_fault_is_found_below_what_a_window_shows(tall: Page) -> None:
    tall.goto("/rulebook")
    idle(tall)
    walk = Walk(tall)
    walk.check("as it is")
    assert not walk.found
    tall.locator("[data-testid=stCode] .token").last.evaluate(
        "each => each.style.setProperty('color', '#999', 'important')"
    )
    tall.locator("[data-testid=stCode]").evaluate("each => each.classList.add('pale')")
    walk.check("pale")
    assert {rule for rule, _ in walk.found} == {"color-contrast"}


def test_what_streamlit_itself_draws_stands_in_the_statement() -> None:
    statement = (ROOT / "docs" / "accessibility.md").read_text(encoding="utf-8")
    table = [line for line in statement.splitlines() if line.startswith("| ")]
    for known in KNOWN:
        assert any(line.startswith(f"| {known.said}") for line in table), known.said
