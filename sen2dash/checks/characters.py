"""Report characters that are invisible or look like another, for each finding whose value has one.

A code is compared exactly, so "Y" followed by a zero-width space is not Y, and a page cannot show why. The notes are
worked out once for the distinct values of all findings, and added to their details, so that every output has them.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache

import pyarrow as pa

from sen2dash import spec
from sen2dash.store.database import Store

#: The most characters of a value that are checked, and the most that are named.
MAX_READ, MAX_NAMED = 1_000, 3
#: Items whose values can be in any script: only invisible characters are reported for them.
FREE_TEXT = frozenset({"Surname", "Forename", "SENsettingOther", "SoftwareCode", "Release", "AttendancePattern"})
HYPHENS = dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63\uff0d", "-")
#: Letters of other scripts, mapped to the Latin letters and digits that they look like.
LOOK_ALIKE = HYPHENS | dict(
    zip(
        "АВЕЅІЈКМНОРСТУХаеоруѕхісјԛԝΑΒΕΖΗΙΚΜΝΟΡΤΥΧονІӀ‐",
        "ABESIJKMHOPCTYXaeopysxicjqwABEZHIKMNOPTYXovII-",
        strict=True,
    )
)
NAMES = {"\ufeff": "byte order mark", "\xad": "soft hyphen", "\u200b": "zero-width space", "\xa0": "no-break space"}
NOT_ASCII = re.compile(r"[^ -~]")
SCRIPTS = ("latin", "greek", "cyrillic", "arabic", "hebrew", "armenian")


def notes(field: str | None, value: str) -> str | None:
    """Describe what a reader cannot see in the value of this item; None if there is nothing."""
    found = [match.start() for match in NOT_ASCII.finditer(value) if _counts(match[0], field)]
    if not found:
        return None
    named = [_described(value, at) for at in found[:MAX_NAMED]]
    more = [f"{len(found) - MAX_NAMED:,} more such characters"] if len(found) > MAX_NAMED else []
    return "contains " + ", and ".join(named + more)


def is_hidden(char: str) -> bool:
    """Whether a character is invisible: a format or control character, or an unusual space."""
    return unicodedata.category(char) in ("Cf", "Cc", "Zs", "Zl", "Zp", "Co", "Cn") or char in "\u034f\u115f\u3164"


def _counts(char: str, field: str | None) -> bool:
    if _is_free_text(field):
        return is_hidden(char) and char not in "\t\n\r"
    return True


@cache
def _is_free_text(field: str | None) -> bool:
    return field in FREE_TEXT or field not in {item.element for item in spec.items()}


def _described(value: str, at: int) -> str:
    char = value[at]
    code = f"U+{ord(char):04X}"
    place = f"at position {at + 1:,}"
    name = name_of(char)
    if is_hidden(char):
        place = "at the start" if at == 0 else "at the end" if at == len(value) - 1 else place
        return f"a hidden character, {code}{f' ({name})' if name else ''}, {place}"
    like = looks_like(char)
    return f"{code}{f' ({name})' if name else ''} {place}{f', which looks like {like}' if like else ''}"


def looks_like(char: str) -> str | None:
    """Return the printable ASCII character that this one looks like, or None."""
    plain = LOOK_ALIKE.get(char) or unicodedata.normalize("NFKC", char)
    return plain if len(plain) == 1 and plain != char and "!" <= plain <= "~" else None


def name_of(char: str) -> str:
    """Return the Unicode name of a character, written as in a sentence: 'Cyrillic capital letter A'."""
    if char in NAMES:
        return NAMES[char]
    words = unicodedata.name(char, "").lower().split()
    if words and words[0] in SCRIPTS:
        words[0] = words[0].capitalize()
    if "letter" in words[:-1]:
        at = words.index("letter") + 1
        words[at] = words[at].upper() if len(words[at]) == 1 else words[at]
    return " ".join(words)


def explain(store: Store) -> int:
    """Add the notes to the details of all findings. Returns how many values have one."""
    rows = store.rows(
        "select distinct field, left(value, $most_read) as value from finding where regexp_matches(value, '[^ -~]')",
        {"most_read": MAX_READ},
    )
    found = [(row["field"], row["value"], note) for row in rows if (note := notes(row["field"], row["value"]))]
    if found:
        columns = [pa.array(column, pa.string()) for column in zip(*found, strict=True)]
        store.add_to_details(pa.Table.from_arrays(columns, ["field", "value", "note"]), MAX_READ)
    return len(found)
