"""Returns of any shape for Hypothesis.

They have missing, repeated, misordered, unknown and oddly spelt elements, white space, attributes, text outside items,
comments, CDATA, entities, elements in items, several headers or none, and several Persons groups.
"""

from __future__ import annotations

import os
from xml.sax.saxutils import escape

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st

from sen2dash import spec

#: Set by `make test-long`.
IS_LONG = bool(os.environ.get("SEN2DASH_EVERY_OPTION"))


def samples(number: int) -> settings:
    """This many examples in the long tests and a third of them otherwise, always the same ones.

    They are not shrunk: a failing return is small enough to read.
    """
    return settings(
        max_examples=number if IS_LONG else max(number // 3, min(number, 10)),
        deadline=None,
        derandomize=True,
        phases=(Phase.explicit, Phase.generate),
        suppress_health_check=list(HealthCheck),
    )


HEADER_GROUPS = ("Message", "Header", "CollectionDetails", "Source", "Persons")
GROUP_NAMES = (*HEADER_GROUPS, *(group.element for group in spec.GROUPS))
TABLE_OF = {group.element: group.table for group in spec.GROUPS}
UNKNOWN = ("Nickname", "x", "Année", "PlanWPB", "WPB", "planwpb", "Res", "GenderCurrent", "AttendancePattern", "DSCO")
IN_QUOTES = {'"': "&quot;", "\n": "&#10;", "\t": "&#9;"}
LETTERS = st.characters(
    codec="utf-8",
    exclude_categories=("Cs", "Cc", "Cn"),
    include_characters="\t\n\x85\xa0&<>'\"]",
)
WORDS = st.text(LETTERS, min_size=1, max_size=12)
CODES = st.sampled_from(("Y", "N", "1", "true", "2024-05-01", "2024-02-30", "333", " 1 ", "\t2024-05-01\n", "\u2003Y"))
SPACES = st.sampled_from(("", " ", "\n", "\t \n", "\u2003", "\xa0"))


@st.composite
def texts(draw: st.DrawFn) -> str:
    """The markup of a text: plain, or containing references, CDATA sections, comments and instructions."""
    text = draw(SPACES) + draw(CODES | WORDS) + draw(SPACES)
    if not text.strip():
        return escape(text)
    cut = draw(st.integers(0, len(text)))
    first, second = text[:cut], text[cut:]
    if not first.strip():
        # The parser treats white space before a comment or CDATA section as layout: see the unit tests.
        return escape(text)
    form = draw(st.sampled_from(("plain", "references", "cdata", "comment", "instruction")))
    if form == "references":
        return escape(first) + "".join(f"&#{ord(char)};" for char in second)
    if form == "cdata":
        return escape(first) + f"<![CDATA[{second.replace(']]>', ']]]]><![CDATA[>')}]]>"
    between = {"plain": "", "comment": "<!-- <Person> & so -->", "instruction": "<?go <Person> ?>"}[form]
    return escape(first) + between + escape(second)


def spelt(draw: st.DrawFn, name: str) -> str:
    """The name, sometimes in another case or in a known variant spelling."""
    if draw(st.integers(0, 7)):
        return name
    known = [odd for odd, right in {**spec.SILENT_VARIANTS, **spec.REPORTED_VARIANTS}.items() if right == name]
    return draw(st.sampled_from([name.lower(), name.upper(), name.swapcase(), *known]))


def start_tag(draw: st.DrawFn, name: str) -> str:
    """The start tag with this name without its end, sometimes with attributes."""
    if draw(st.integers(0, 5)):
        return f"<{name}"
    names = draw(st.lists(st.sampled_from(("id", "note", "Surname", "xml:lang")), min_size=1, unique=True))
    return f"<{name} " + " ".join(f'{each}="{escape(draw(SPACES | CODES | WORDS), IN_QUOTES)}"' for each in names)


@st.composite
def fragments(draw: st.DrawFn, depth: int = 0) -> str:
    """An element that the layout does not have in its place, with any content."""
    name = draw(st.sampled_from(UNKNOWN))
    inner = draw(texts()) if draw(st.booleans()) else ""
    if depth < 2:
        inner += "".join(draw(st.lists(fragments(depth + 1), max_size=2)))
    start = start_tag(draw, name)
    return f"{start}>{inner}</{name}>" if inner else f"{start}/>"


@st.composite
def items(draw: st.DrawFn, name: str) -> str:
    """An item: usually a text, sometimes empty or containing an element."""
    written = spelt(draw, name)
    start = start_tag(draw, written)
    kind = draw(st.integers(0, 9))
    if kind == 0:
        return f"{start}/>"
    inside = draw(fragments()) if kind == 1 else ""
    return f"{start}>{draw(texts())}{inside}</{written}>"


def _names(element: str) -> list[str]:
    """Names of the items and groups that an element may contain in any return year."""
    if element == "Message":
        return ["Header", "Persons"]
    if element == "Header":
        return list(spec.HEADER_CONTAINERS)
    if element in spec.HEADER_CONTAINERS:
        return list(spec.HEADER_CONTAINERS[element])
    if element == "Persons":
        return ["Person"] * 2
    table = TABLE_OF[element]
    found = [item.element for item in spec.items_of(table)]
    for group in spec.GROUPS:
        if group.parent == table:
            behind = spec.GROUP_BEHIND.get(group.table)
            found.insert(found.index(behind) + 1 if behind else len(found), group.element)
    return found


@st.composite
def groups(draw: st.DrawFn, name: str, year: str = "2025") -> str:
    """A group element with some of the items and groups that it may contain."""
    kept = [child for child in _names(name) if draw(st.booleans()) or child in ("Persons", "Person")]
    kind = draw(st.integers(0, 5))
    if kind == 0 and kept:
        kept.append(draw(st.sampled_from(kept)))
    if kind == 1:
        kept = draw(st.permutations(kept))
    parts = []
    for child in kept:
        if child == "Year":
            parts.append(f"<Year>{year}</Year>")
        elif child in GROUP_NAMES:
            parts.append(draw(groups(child, year)))
        else:
            parts.append(draw(items(child)))
    for odd in draw(st.lists(fragments() | st.just("<!-- <a> -->"), max_size=1 + (kind == 2))):
        parts.insert(draw(st.integers(0, len(parts))), odd)
    if kind == 3:
        # A group or an item that belongs elsewhere.
        stray = draw(st.sampled_from(("Person", "SENneed", "Surname", "Source")))
        if stray not in _names(name):
            parts.append(f"<{stray}><a>1</a></{stray}>")
    if kind == 4:
        parts.insert(draw(st.integers(0, len(parts))), draw(texts()))
    space = draw(st.sampled_from(("", "\n  ")))
    written = spelt(draw, name)
    return f"{start_tag(draw, written)}>{space}{space.join(parts)}{space}</{written}>"


@st.composite
def returns(draw: st.DrawFn) -> str:
    """A whole return that can be read: a Message with at least one Persons group."""
    year = draw(st.sampled_from(("2023", "2024", "2025", "2025", "2026", "20x5")))
    parts = [draw(groups("Header", year)) for _ in range(draw(st.sampled_from((0, 1, 1, 1, 2))))]
    parts += [draw(groups("Persons", year)) for _ in range(draw(st.sampled_from((1, 1, 1, 2))))]
    parts += draw(st.lists(fragments(), max_size=1))
    if not draw(st.integers(0, 3)):
        parts = draw(st.permutations(parts))
    root = draw(st.sampled_from(("Message", "Message", "message", "MESSAGE")))
    declaration = draw(st.sampled_from(("", '<?xml version="1.0"?>\n', "<!-- <Message> -->\n")))
    space = draw(st.sampled_from(("", "\n")))
    return f"{declaration}<{root}>{space}{space.join(parts)}</{root}>{space}"
