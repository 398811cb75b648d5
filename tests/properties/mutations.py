"""Ways to damage a return, as bytes and as elements: some results stay well-formed, many do not."""

from __future__ import annotations

import re
from collections.abc import Callable
from random import Random

from sen2dash import spec

Mutation = Callable[[bytes, Random], bytes]
ELEMENT = re.compile(rb"<(\w+)>(?:(?!<\1>).)*?</\1>", re.DOTALL)
START_TAG = re.compile(rb"<\w+/?>")
TAG = re.compile(rb"</?\w+/?>")
TEXT = re.compile(rb"(?<=>)[^<>]*(?=</)")
SPACE = re.compile(rb"(?<=>)\s*(?=<)")
NAMES = tuple(
    name.encode()
    for name in (
        *("Message", "Header", "Persons", "Nickname", "person", *spec.SILENT_VARIANTS, *spec.REPORTED_VARIANTS),
        *(group.element for group in spec.GROUPS),
        *(item.element for item in spec.items()),
    )
)
#: Fragments that may be inserted between tags or in texts.
SNIPPETS = tuple(
    snippet.encode()
    for snippet in (
        *(
            "<!-- a -->",
            "<!-- </Person><Person> -->",
            "<!--",
            "-->",
            "<![CDATA[<Person>]]>",
            "<![CDATA[</Person>",
            "]]>",
        ),
        *(
            "<?go on?>",
            "<?go </Person> ?>",
            "&amp;",
            "&lt;",
            "&amp;lt;",
            "&#13;",
            "&#x20;",
            "&#160;",
            "&nbsp;",
            "&",
            ">",
        ),
        *("\r", "\r\n", "\t", " ", "\n\n", "\xa0", "\u2003", "\x85", "\u2028", "Ö", "\U0001f600", "x", "=", "\x0b"),
        *(
            "<Person>",
            "</Person>",
            "<Person/>",
            "<Person></Person>",
            "</Persons><Persons>",
            "</Persons>",
            "<Requests/>",
        ),
        *("</Person></Persons><Persons><Person>", "</Person></Persons><Person>", "<x><Person></Person></x>", "<UPN/>"),
        *("<s:UPN>1</s:UPN>", "<UPN >1</UPN >", "<UPN\n/>", "<Surname> <b/> </Surname>", "<Surname>\n</Surname>"),
        *("<SENneed/>", "<Assessment/>", "<ActivePlans></ActivePlans>", "<Header/>", "<PlanRes>R</PlanRes>"),
    )
)
ATTRIBUTES = tuple(
    written.encode()
    for written in (' x="1"', ' x=""', ' x="a>b"', ' xmlns="urn:x"', ' xml:space="preserve"', " x=1", " ")
)


def _span(pattern: re.Pattern[bytes], data: bytes, rng: Random) -> tuple[int, int]:
    found = [match.span() for match in pattern.finditer(data)]
    return rng.choice(found) if found else (0, 0)


def flip(data: bytes, rng: Random) -> bytes:
    """Change one byte."""
    at = rng.randrange(len(data))
    return data[:at] + bytes([rng.choice((rng.randrange(256), *b"<>/&\r\n \t=!"))]) + data[at + 1 :]


def insert(data: bytes, rng: Random) -> bytes:
    """Insert one byte."""
    at = rng.randrange(len(data))
    return data[:at] + bytes([rng.choice((rng.randrange(256), *b"<>/&\r\n \t=!"))]) + data[at:]


def delete(data: bytes, rng: Random) -> bytes:
    """Delete some bytes."""
    at = rng.randrange(len(data))
    return data[:at] + data[at + rng.choice((1, 1, 2, 10, 100)) :]


def repeat(data: bytes, rng: Random) -> bytes:
    """Repeat some bytes."""
    at = rng.randrange(len(data))
    end = at + rng.choice((1, 5, 40, 400))
    return data[:end] + data[at:end] + data[end:]


def cut_off(data: bytes, rng: Random) -> bytes:
    """Cut off the end."""
    return data[: rng.randrange(len(data))]


def delete_element(data: bytes, rng: Random) -> bytes:
    """Delete an element."""
    first, last = _span(ELEMENT, data, rng)
    return data[:first] + data[last:]


def repeat_element(data: bytes, rng: Random) -> bytes:
    """Repeat an element."""
    first, last = _span(ELEMENT, data, rng)
    return data[:last] + data[first:last] + data[last:]


def move_element(data: bytes, rng: Random) -> bytes:
    """Move an element to another place."""
    first, last = _span(ELEMENT, data, rng)
    rest = data[:first] + data[last:]
    at, _ = _span(TAG, rest, rng)
    return rest[:at] + data[first:last] + rest[at:]


def swap_elements(data: bytes, rng: Random) -> bytes:
    """Swap two siblings."""
    first, last = _span(ELEMENT, data, rng)
    after = ELEMENT.match(data, last + len(re.match(rb"\s*", data[last:])[0]))  # type: ignore[index]
    if not after:
        return data
    return data[:first] + data[last : after.end()] + data[first:last] + data[after.end() :]


def rename(data: bytes, rng: Random) -> bytes:
    """Rename an element, or change the case of its name."""
    first, last = _span(ELEMENT, data, rng)
    found = re.match(rb"<(\w+)>", data[first:last])
    if not found:
        return data
    name = rng.choice((rng.choice(NAMES), found[1].lower(), found[1] + b"x", b"s:" + found[1]))
    inner = data[first + len(found[0]) : last - len(found[0]) - 1]
    return data[:first] + b"<" + name + b">" + inner + b"</" + name + b">" + data[last:]


def rename_everywhere(data: bytes, rng: Random) -> bytes:
    """Rename all elements with one name."""
    old, new = rng.choice(NAMES), rng.choice(NAMES)
    return re.sub(rb"(</?)%s(/?>)" % old, rb"\g<1>%s\g<2>" % new, data)


def put_in(data: bytes, rng: Random) -> bytes:
    """Insert something between two tags, or at the edge of a text."""
    place = _span(TAG, data, rng)[rng.randrange(2)]
    return data[:place] + rng.choice(SNIPPETS) + data[place:]


def put_into_text(data: bytes, rng: Random) -> bytes:
    """Insert something within a text."""
    first, last = _span(TEXT, data, rng)
    at = rng.randint(first, last)
    return data[:at] + rng.choice(SNIPPETS) + data[at:]


def replace_text(data: bytes, rng: Random) -> bytes:
    """Replace a text with another, or with none."""
    first, last = _span(TEXT, data, rng)
    return data[:first] + rng.choice((b"", b" ", b" \n", b"  a  ", rng.choice(SNIPPETS))) + data[last:]


def give_attribute(data: bytes, rng: Random) -> bytes:
    """Add an attribute to a start tag."""
    _, last = _span(START_TAG, data, rng)
    last -= 2 if data[last - 2 : last] == b"/>" else 1
    return data[: max(last, 0)] + rng.choice(ATTRIBUTES) + data[max(last, 0) :]


def empty(data: bytes, rng: Random) -> bytes:
    """Replace an element with an empty one."""
    first, last = _span(ELEMENT, data, rng)
    name = re.match(rb"<\w+", data[first:last])
    return data[:first] + name[0] + b"/>" + data[last:] if name else data


def nest_person(data: bytes, rng: Random) -> bytes:
    """Put a person inside a person."""
    found = [match.end() for match in re.finditer(rb"<Person>", data)]
    return data[: (at := rng.choice(found))] + b"<Person><Surname>N</Surname></Person>" + data[at:] if found else data


def change_spaces(data: bytes, rng: Random) -> bytes:
    """Change the white space between all tags, or between two."""
    space = rng.choice((b"", b" ", b"\n", b"\r\n", b"\r", b"\t", b"\n\t\t", b"\r\n    ", b" " * 300))
    if rng.randrange(2):
        return SPACE.sub(space, data)
    first, last = _span(SPACE, data, rng)
    return data[:first] + space + data[last:]


MUTATIONS: tuple[Mutation, ...] = (
    *(flip, insert, delete, repeat, cut_off),
    *(delete_element, repeat_element, move_element, swap_elements, rename, rename_everywhere),
    *(put_in, put_into_text, replace_text, give_attribute, empty, nest_person, change_spaces),
)
#: The mutations after which a return is often still read.
GENTLE = MUTATIONS[5:]
