"""Run axe-core on a page, with a list of the known violations in Streamlit's own elements and their workarounds."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


class Known(NamedTuple):
    """A violation that no page can fix: axe's rule, the element's content, and the wording in docs/accessibility.md."""

    rule: str
    element: str
    said: str


KNOWN = (
    Known(
        "presentation-role-conflict",
        'data-testid="stFileUploaderDropzone"',
        'The area around an upload button has the role "presentation"',
    ),
    Known("region", 'role="listbox"', "An open list of choices or help text lies outside the landmarks"),
    Known("region", 'id="stFloatingOverlayPortal"', "An open list of choices or help text lies outside the landmarks"),
)


def violations(page: Page) -> set[tuple[str, str]]:
    """Everything that axe-core finds, whatever its impact: its rule and the start of the element."""
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(Axe().axe_script)
    # Without fetching style sheets and media again, which only rules about sound and turned screens ask for.
    found = page.evaluate(
        """async tags => (await axe.run(document, {
          runOnly: {type: 'tag', values: tags}, rules: {'target-size': {enabled: true}}, resultTypes: ['violations'],
          preload: false,
        })).violations.flatMap(each => each.nodes.map(node => [each.id, node.html.slice(0, 300)]))""",
        TAGS,
    )
    return {(rule, element) for rule, element in found}


def unknown(found: Iterable[tuple[str, str]]) -> set[tuple[str, str]]:
    """The violations that are not in the list of Streamlit's own."""
    return {
        (rule, element)
        for rule, element in found
        if not any(rule == known.rule and known.element in element for known in KNOWN)
    }
