"""Odd values that a return, a register or a file name may contain, and a return that contains each of them everywhere.

A value must be shown as text, be inert in a spreadsheet file, and be found by the search. Nothing here is read from a
disk.
"""

from __future__ import annotations

import csv
import io
import itertools
import re
from collections.abc import Callable, Mapping
from functools import cache
from types import MappingProxyType
from xml.sax.saxutils import escape

from sen2dash import spec
from sen2dash.sample.establishments import make_register
from sen2dash.sample.generate import sample_bytes

#: Values by name. None has white space around it, which would be trimmed.
VALUES: Mapping[str, str] = MappingProxyType(
    {
        # -- what a spreadsheet would run
        "formula": '=HYPERLINK("http://example.org/?"&A1,"Ann")',
        "plus": "+1+1",
        "minus": "-2+3",
        "at": "@SUM(1+1)*cmd",
        "command": "=cmd|' /C calc'!A0",
        "full-width": "\uff1d1+1",
        "behind an apostrophe": "'=1+1",
        "behind a zero-width space": "\u200b=1+1",
        "behind a byte order mark": "\ufeff=1+1",
        "in the next cell": 'a","=1+1',
        "in the next cell elsewhere": "a;=1+1",
        "in the next line": "a\n=1+1",
        # -- SQL
        "drop table": "'; drop table person; --",
        "union": "x' union select * from person --",
        "wildcards": "%_%",
        "percent": "100%",
        "underscore": "a_b",
        # -- HTML
        "script": "<script>window.odd=1</script>",
        "image": "<img src=x onerror=window.odd=2>",
        "drawing": "<svg/onload=window.odd=3>",
        "bold element": "<b>bold</b>",
        "end of an element": "</div></td></table>",
        "line break element": "a<br>b",
        "comment": "<!-- gone -->",
        "entity": "&amp;&lt;b&gt;&#65;",
        # -- Markdown, and what Streamlit adds to it
        "emphasis": "**bold** _it_ ~~gone~~",
        "link": "[x](javascript:window.odd=4)",
        "picture": "![x](http://example.org/x.png)",
        "reference": "[x]: http://example.org",
        "heading": "# h",
        "underlined": "a\n===",
        "code": "`code` ``` code",
        "formula of LaTeX": "$x^2$ $$y$$",
        "icon": ":material/home:",
        "emoji by name": "a :smile: :+1:",
        "colour": ":red[red] :blue-badge[b]",
        "table": "a|b\n-|-",
        "rule": "---",
        "list": "- a",
        "empty list": "-",
        "numbered list": "1. a",
        "number of a list": "2.",
        "arrows": "a -> b <- c -- d >= e",
        "address": "http://example.org/a_b",
        "www": "www.example.org",
        "e-mail": "ann@example.org",
        "mailto": "mailto:ann@example.org",
        # -- scripts, directions and signs
        "override": "abc\u202etxt.exe",
        "isolate": "abc\u2067def\u2069\u2069\u202eghi",
        "Arabic": "محمد بن سلمان",
        "Hebrew": "שָׁלוֹם 12 (כהן)",
        "joiners": "a\u200db\u200cc\u2060d",
        "combining": "e\u0301" + "\u0334\u0335\u0489" * 5 + "Z",
        "decomposed": "Zoe\u0308",
        "capital with a dot": "İpek ΟΔΟΣ",
        "emoji": "👩‍👩‍👧‍👦 👍🏽 🏴󠁧󠁢󠁥󠁮󠁧󠁿",
        # control characters that XML allows, and other invisible characters
        "tab": "a\tb",
        "line feed": "a\nb\n\n# c",
        "carriage return": "a\r- b\r\rc",
        "next line": "a\u0085# b",
        "line separator": "a\u2028b\u2029c",
        "C1": "a\u009b31mred\u0090b",
        "delete": "a\x7fb",
        "non-character": "a\ufdd0\U0001fffeb",
        "byte order mark": "a\ufeffb",
        "soft hyphen": "a\xadb",
        # -- templates
        "template": "{{7*7}}",
        "dollar template": "${7*7}",
        "format": "{0} {x!r} %s %(x)s %n",
        "expression": "datum.value + event['x']",
        # -- long and quoted
        "long": "W" * 10_000,
        "long words": "Anna " * 1_999 + "Zed",
        "apostrophe": "O'Brien",
        "quotes": "a \"b\" 'c' “d”",
        "backslashes": "a\\*b\\n\\",
        "commas": "Smith, Ann, Jr",
        "workbook escape": "_x0041_ _x000D_",
        "null": "NULL",
        "number": "1e5",
    }
)
#: Characters that an XML parser would change, or read as others, if they are not escaped.
AS_REFERENCE = {char: f"&#x{ord(char):x};" for char in "\t\n\r\x7f\x85\u2028\u009b\u0090"}
SEED = 11
#: What is odd about a person. The first two kinds keep their dates, so that there is something to draw and count.
KINDS = ("names", "codes", "dates")


def xml(text: str) -> str:
    """The text as written in a file."""
    return escape(text, AS_REFERENCE)


@cache
def header_items() -> tuple[str, ...]:
    """The header items that may contain anything without the file being refused."""
    return tuple(item.element for item in spec.items_of("header") if item.element not in ("Year", "ReferenceDate"))


def filled(text: str) -> Callable[[re.Match[str]], str]:
    """What puts the text between the two groups of a match."""
    return lambda match: match[1] + xml(text) + match[2]


def with_header(data: bytes, *texts: str) -> bytes:
    """The return with these values, one after the other, in such items of its header."""
    head, rest = data.decode().split("</Header>")
    for element, text in zip(header_items(), itertools.cycle(texts), strict=False):
        head = re.sub(rf"(<{element}>).*?(</{element}>)", filled(text), head, flags=re.DOTALL)
    return f"{head}</Header>{rest}".encode()


@cache
def hostile_return() -> bytes:
    """A return with one person of each kind for each value.

    In 'names' the value is in the surname, the forename and other free texts; in 'codes' it is in every item that is
    not a date; in 'dates' it is in every item. The header has one of the values.
    """
    made = sample_bytes(persons=len(VALUES) * len(KINDS), seed=SEED, defects=60, year=2025).decode()
    before, *people = re.split(r"(?=<Person>)", made)
    wanted = [(text, kind) for text in VALUES.values() for kind in KINDS]
    written = [_filled(person, *each) for person, each in zip(people, wanted, strict=False)]
    # Defects add people, who are left unchanged.
    return with_header("".join([before, *written, *people[len(written) :]]).encode(), VALUES["script"])


def number_of(name: str, kind: str) -> int:
    """The person number for a value and a kind."""
    return list(VALUES).index(name) * len(KINDS) + KINDS.index(kind) + 1


@cache
def earlier_return() -> bytes:
    """The return of the year before with other names and codes, so that there are changes to report."""
    made = hostile_return().decode().replace("<Year>2025</Year>", "<Year>2024</Year>")
    made = made.replace("<ReferenceDate>2025-01-16<", "<ReferenceDate>2024-01-18<")
    for element in ("Surname", "Forename", "Sex", "URN", "UKPRN"):
        made = made.replace(f"</{element}>", f" before</{element}>")
    return made.encode()


@cache
def register() -> bytes:
    """A register in which every establishment has one of the values as its name and its type."""
    rows = make_register(SEED)
    for row, text in zip(rows, itertools.cycle(VALUES.values()), strict=False):
        row["EstablishmentName"] = row["TypeOfEstablishment (name)"] = text
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode()


def _filled(person: str, text: str, kind: str) -> str:
    """The XML of a person with the value in the items of a kind."""
    types = {item.element: item.type for item in spec.items()}
    wanted = {
        element
        for element, kind_of in types.items()
        if kind == "dates" or kind_of == "text" or (kind == "codes" and kind_of != "date")
    }

    def fill(match: re.Match[str]) -> str:
        return f"<{match[1]}>{xml(text)}</{match[1]}>" if match[1] in wanted else match[0]

    return re.sub(r"<(\w+)>([^<>]*\S[^<>]*)</\1>", fill, person)
