"""A walk through everything that a page can show, by finding the controls on the page and trying each.

A view that is added later is therefore covered without a list of views to maintain.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from playwright.sync_api import Locator, Page, Position, expect
from playwright.sync_api import TimeoutError as PlaywrightTimeout

from tests.browser.axe import unknown, violations
from tests.browser.steps import idle

#: If this variable is set, all options of every list are tried, which takes minutes.
EVERY_OPTION = "SEN2DASH_EVERY_OPTION"
#: The same code draws every list of people, so one per chart is enough.
PEOPLE = ("Show the people of", "Show the people with")
#: The label of a choice between the views of a page.
VIEWS = "Show"
#: What to type in text fields: something that matches nothing, and something that matches many.
WORDS = ("qqqq", "a")
#: Pixels from the corner of a table to the box that selects its first row.
IN_FIRST_ROW: Position = {"x": 16, "y": 55}
#: Milliseconds within which a click starts a run, if it starts one.
BEGINS = 400
#: The same for what always starts a run, which can take a while on a busy machine. The name of a control may change then.
SURELY_BEGINS = 10_000
#: Kinds of controls that are tried after the others: a row of a table can leave too few lines for a second page.
LATER = {"table": 1, "list": 2}
#: axe-core checks the contrast only of what is visible, so the whole page has to be: its width and height.
TALL = {"width": 1280, "height": 7000}
#: The controls of the page in order, including those in closed expanders. A switch is counted again under each heading.
#: A table is identified by its text about selecting in it.
CONTROLS = """() => {
  const kinds = {
    stButtonGroup: 'choice', stRadio: 'choice', stSelectbox: 'list', stCheckbox: 'switch', stTextInput: 'words',
    stTextArea: 'text', stDataFrame: 'table', stPagination: 'pages', stPopover: 'popover',
  };
  const found = [];
  let heading = '';
  for (const each of document.querySelectorAll('[data-testid=stMain] :is(h1, h2, h3, h4, [data-testid])')) {
    if (/^H[1-4]$/.test(each.tagName)) heading = each.textContent;
    const kind = kinds[each.dataset.testid];
    if (!kind || each.querySelector('input:disabled, textarea:disabled')) continue;
    const key = [...(each.closest('[class*=st-key-]')?.classList || [])].find(one => one.startsWith('st-key-'));
    if (!key) continue;
    const named = each.querySelector('[data-testid=stWidgetLabel] [data-testid=stMarkdownContainer]');
    const table = each.querySelector('button[aria-label^="Search: "]')?.ariaLabel || '';
    const options = [...each.querySelectorAll('[role=radio], [data-testid=stRadioOption]')];
    found.push({
      kind,
      label: kind === 'table' ? table.split('. ').at(-1) : named?.textContent || '',
      heading,
      options: options.map(one => one.textContent),
      chosen: options.findIndex(one => one.ariaChecked === 'true' || one.dataset.selected === 'true'),
      key,
    });
  }
  return found;
}"""
#: What axe-core can distinguish in a page: tags, roles, styles, and whether things have a name; not what texts say.
DRAWN = """() => {
  const parts = new Set(), levels = [];
  for (const each of document.querySelectorAll('body *')) {
    if (/^H[1-6]$/.test(each.tagName) && each.tagName !== levels.at(-1)) levels.push(each.tagName);
    if (each.ownerSVGElement) continue;
    const style = (each.getAttribute('class') || '').replace(/st-key-\\S+/g, '');
    parts.add([each.tagName, each.dataset.testid, each.role, style, each.tabIndex, each.ariaExpanded, each.ariaChecked,
      Boolean(each.ariaLabel || each.title || each.alt)].join(' '));
  }
  return JSON.stringify([document.title, levels, [...parts].sort()]);
}"""
#: The option of an open list that Enter would choose.
FOCUSED = "[role=option][data-focused=true]"
#: Whether nothing moves any more: an opening element stays small and close to its neighbour until it is open.
STILL = "() => document.getAnimations().every(each => each.playState !== 'running')"
#: The closed expanders, and what clicks each and says how many there were.
CLOSED = "[data-testid=stExpander] details:not([open]) > summary"
OPEN_EXPANDERS = f"""() => {{
  const closed = document.querySelectorAll({CLOSED!r});
  closed.forEach(each => each.click());
  return closed.length;
}}"""
#: Counts the runs of the page's script from now on, because the page is also idle before a requested run starts.
COUNT_RUNS = """() => {
  if (window.runs !== undefined) return window.runs;
  const app = document.querySelector('[data-testid=stApp]');
  new MutationObserver(() => { if (app.dataset.testScriptState === 'running') window.runs += 1; })
    .observe(app, {attributes: true, attributeFilter: ['data-test-script-state']});
  return window.runs = 0;
}"""


def open_list(field: Locator) -> None:
    """Open the list of a field by keyboard."""
    # The list closes again when the page scrolls, as it does to bring the field into view.
    for _ in range(5):
        field.press("ArrowDown")
        with suppress(PlaywrightTimeout):
            field.page.locator(FOCUSED).wait_for(timeout=1000)
            return


class Control(NamedTuple):
    """A control on the page.

    options: texts of its options, if all are on the page; chosen: the position of the chosen one. key: its class.
    """

    kind: str
    label: str
    heading: str
    options: tuple[str, ...]
    chosen: int
    key: str

    @property
    def name(self) -> tuple[Any, ...]:
        """What identifies a control for the walk."""
        if self.kind in ("text", "pages"):
            return (self.kind,)
        under = self.heading if self.kind == "switch" else ""
        # A list of people may name its chart after a colon.
        label = self.label.partition(":")[0] if self.is_of_people else self.label
        return (self.kind, label, under, *sorted(self.options))

    @property
    def drawn_by(self) -> tuple[Any, ...]:
        """What controls have in common that the same code draws."""
        label = self.label.partition(":")[0] if self.is_of_people else self.label
        return (self.kind, label, *sorted(self.options))

    @property
    def is_of_people(self) -> bool:
        """Whether it lists people behind a chart."""
        return self.label.startswith(PEOPLE)


@dataclass
class Walk:
    """Go through pages and run axe-core on every state that looks different from those before.

    found: what is wrong, mapped to a description of the state where it was first seen. missed: controls that were seen
    but could not be tried. checked: what the states looked like that were checked, by this walk or another. n_options:
    how many options of a longer list to try, the last one or those from the first to the last. once: whether a control
    that has the name and options of one on an earlier page is left out, because the same code draws both; a choice
    between views is never left out.
    """

    page: Page
    n_options: int = 1
    once: bool = False
    found: dict[tuple[str, str], str] = field(default_factory=dict)
    missed: set[tuple[Any, ...]] = field(default_factory=set)
    checked: set[str] = field(default_factory=set)
    _own: set[str] = field(default_factory=set)
    _tried: set[tuple[Any, ...]] = field(default_factory=set)

    @property
    def n_states(self) -> int:
        """How many different states this walk came to."""
        return len(self._own)

    def check(self, *where: str) -> None:
        """Check the page as it is, with its expanders open."""
        self._open_expanders()
        # A table appears slightly before its words.
        expect(self.page.locator("[data-testid=stDataFrame]:not(:has(button))")).to_have_count(0)
        # A list is pale while it fades in.
        self.page.wait_for_function(STILL)
        drawn = self.page.evaluate(DRAWN)
        self._own.add(drawn)
        if drawn in self.checked:
            return
        self.checked.add(drawn)
        for odd in unknown(violations(self.page)):
            self.found.setdefault(odd, ": ".join(where))

    def go_through(self, *where: str) -> None:
        """Check this page and try everything on it."""
        self._try_all(where, set())

    def _try_all(self, where: tuple[str, ...], done: set[tuple[Any, ...]]) -> None:
        """Check the page, then try each untried control and whatever it reveals."""
        self.check(*where)
        new = {each.name: each for each in self._controls() if each.name not in done}
        done.update(new)
        if self.once:
            new = {name: each for name, each in new.items() if each.drawn_by not in self._tried}
            self._tried.update(each.drawn_by for each in new.values() if each.label != VIEWS)
        # Lists come last: not all of them can be reset, so what depends on the choice may disappear.
        for name, control in sorted(new.items(), key=lambda each: LATER.get(each[1].kind, 0)):
            # What was tried before has redrawn the page.
            if (now := self._again(control)) is None:
                self.missed.add((*where, *name))
            else:
                self._try(now, where, done)

    def _try(self, control: Control, where: tuple[str, ...], done: set[tuple[Any, ...]]) -> None:
        at = self._at(control)
        match control.kind:
            case "choice":
                for option in [*control.options, control.options[control.chosen]]:
                    if (now := self._again(control)) is not None:
                        self._choose_beside(now, option)
                        self._try_all((*where, f"{control.label} {option}"), done)
            case "list":
                self._try_list(control, where, done)
            case "switch":
                self._click(at.locator("label").first, SURELY_BEGINS)
                self._try_all((*where, control.label), done)
                if (now := self._again(control)) is not None:
                    self._click(self._at(now).locator("label").first, SURELY_BEGINS)
            case "words":
                for words in WORDS:
                    self._fill(control, words)
                    self._try_all((*where, f"{control.label} {words}"), done)
                self._fill(control, "")
            case "text":
                self._fill(control, "For a reason.")
                self.check(*where, "text filled in")
            case "table" if "open the person" not in control.label:
                self.act(lambda: at.locator("canvas").first.click(position=IN_FIRST_ROW, force=True))
                self._try_all((*where, "a row of the table"), done)
            case "pages":
                self._click(at.locator("button:not([aria-current]):not([disabled])").last)
                self._try_all((*where, "page 2"), done)
            case "popover":
                self._click(at.locator("button").first)
                self._try_all((*where, control.label), done)
                self.page.keyboard.press("Escape")

    def _try_list(self, control: Control, where: tuple[str, ...], done: set[tuple[Any, ...]]) -> None:
        """Try each option of a list, or a few of a long one, then choose none or the first."""
        size = self._open(control)
        self.check(*where, f"list of {control.label}")
        self.page.keyboard.press("Escape")
        n_tried = 1 if control.is_of_people else size if EVERY_OPTION in os.environ else min(size, self.n_options)
        for turn in range(n_tried):
            if (now := self._again(control)) is not None:
                # The first option is usually chosen already; in a list of people, the first is as good as the last.
                is_last = n_tried == 1 and not control.is_of_people
                chosen = self._choose_in_list(now, size - 1 if is_last else (size - 1) * turn // max(n_tried - 1, 1))
                if self._close_dialog(*where, f"{control.label} {chosen}"):
                    return
                self._try_all((*where, f"{control.label} {chosen}"), done)
        if (now := self._again(control)) is not None:
            clear = self._at(now).get_by_role("button", name="Clear value")
            if clear.count():
                self._click(clear)
            else:
                self._choose_in_list(now, 0)

    def _close_dialog(self, *where: str) -> bool:
        """Check a dialog that has opened over the page, and close it. Returns whether there was one."""
        dialog = self.page.get_by_role("dialog")
        if not dialog.count():
            return False
        self.check(*where)
        # If a dialog is still opening, axe-core moves the focus out of it.
        dialog.press("Escape")
        expect(dialog).to_have_count(0)
        return True

    def _choose_beside(self, control: Control, option: str) -> None:
        place = control.options.index(option)
        if place != control.chosen:
            options = self._at(control).locator("[role=radio], [data-testid=stRadioOption]")
            self._click(options.nth(place), SURELY_BEGINS)

    def _choose_in_list(self, control: Control, place: int) -> str:
        """Choose by keyboard, because a long list draws only what is visible, and return the text of the choice."""
        self._open(control)
        while (focused := self._focused()) != place:
            self.page.keyboard.press("ArrowDown" if place > focused else "ArrowUp")
        chosen = self.page.locator(FOCUSED).inner_text()
        self.act(lambda: self.page.keyboard.press("Enter"))
        return chosen

    def _open(self, control: Control) -> int:
        """Open a list and return its number of options."""
        open_list(self._at(control).get_by_role("combobox"))
        options = self.page.get_by_role("option")
        return int(options.first.get_attribute("aria-setsize") or options.count())

    def _focused(self) -> int:
        """The position of the option in focus, from 0."""
        return int(self.page.locator(FOCUSED).get_attribute("data-key") or 0)

    def _controls(self) -> list[Control]:
        found = self.page.evaluate(CONTROLS)
        return [Control(**{**each, "options": tuple(each["options"])}) for each in found]

    def _again(self, control: Control) -> Control | None:
        """The same control in its current state, or None if the page no longer has it.

        A switch may be under another heading by now, such as that of another rule.
        """
        now = self._controls()
        moved = (each for each in now if control.kind == "switch" and each[:2] == control[:2])
        return next((each for each in now if each.name == control.name), None) or next(moved, None)

    def _at(self, control: Control) -> Locator:
        return self.page.locator(f'[class~="{control.key}"]')

    def act(self, act: Callable[[], object], begins: int = BEGINS) -> None:
        """Do something, and wait for the run that it starts within so many milliseconds, if it starts one."""
        before = self.page.evaluate(COUNT_RUNS)
        act()
        with suppress(PlaywrightTimeout):
            self.page.wait_for_function("before => window.runs > before", arg=before, timeout=begins)
        idle(self.page)

    def _click(self, target: Locator, begins: int = BEGINS) -> None:
        self._open_expanders()
        self.act(target.click, begins)

    def _fill(self, control: Control, words: str) -> None:
        where = self._at(control).locator("input, textarea").first
        where.fill(words)
        self.act(lambda: where.press("Control+Enter" if control.kind == "text" else "Enter"))

    def _open_expanders(self) -> None:
        """Open every expander."""
        while self.page.evaluate(OPEN_EXPANDERS):
            # A click is lost if the page is redrawn at that moment.
            with suppress(PlaywrightTimeout):
                self.page.wait_for_function(f"() => !document.querySelector({CLOSED!r})", timeout=2000)
            self.page.wait_for_function(STILL)
