"""Look for bytes that break the shredder, guided by code coverage. See CONTRIBUTING, "Fuzz the shredder".

    python tools/fuzz_shred.py CORPUS -max_total_time=600

This needs atheris (Linux), which is not a requirement of the project. CORPUS is a folder: the fuzzer starts from small
odd and hostile files in it, adds inputs that reach new code, and writes the words of a return next to it. Any bytes
must give facts or an error that people can read, and the rows must not depend on the pieces in which bytes are read.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import atheris
from lxml import etree

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
with atheris.instrument_imports(include=["sen2dash"]):
    from sen2dash import spec
    from sen2dash.errors import UserError
    from sen2dash.reading import shred

#: Bytes fed at a time, persons per batch, elements per batch.
Pieces = tuple[int, int, int]
WHOLE: Pieces = (shred.CHUNK, shred.BATCH_PERSONS, shred.BATCH_ELEMENTS)
SMALL: Pieces = (61, 2, 9)
#: The largest hostile file to start from, the size of the floods, and the size of inputs to try.
SMALL_FILE = 20_000
SMALL_FLOOD = 1_500
LONGEST = 500
MARKUP = (
    *("<?xml version='1.0'?>", "encoding='", "UTF-8", "UTF-16", "ISO-8859-1", "windows-1252", "US-ASCII", "utf_8"),
    *("<!--", "-->", "<![CDATA[", "]]>", "<?go ", "?>", "<!DOCTYPE", "<!ENTITY", "&amp;", "&lt;", "&#60;", "&#x3c;"),
    *("xmlns='x'", "xmlns:s='x'", "<s:", "</s:", "</", "/>", '=">"', "='<'", "\n", "\r", "\xa0", "\u2003", "\u2028"),
    *("2024-02-30", "2025-01-16", "2023", "2026", "\ufeff", "\U0001f600", "\x85"),
)


def read(data: bytes, pieces: Pieces) -> Any:
    """Return facts and rows, or None if the file is refused: which fault comes first may depend on the pieces."""
    shred.CHUNK, shred.BATCH_PERSONS, shred.BATCH_ELEMENTS = pieces
    rows: dict[str, list[dict[str, Any]]] = {}
    try:
        facts = shred.shred(data, lambda table, batch: rows.setdefault(table, []).extend(batch.to_pylist()))
    except UserError as error:
        assert error.title != shred.MISCOUNTED
        assert error.one_line().isprintable()
        assert len(error.one_line()) < LONGEST
        return None
    last_line = data.count(b"\n" if facts.encoding != "utf-16" else b"\n\0") + data.count(b"\0\n") + 1
    for table, found in rows.items():
        assert all(row["line"] is None or 1 <= row["line"] <= last_line for row in found)
        if table != "deviation":
            assert sorted(row["row_id"] for row in found) == list(range(1, len(found) + 1))
    return facts, {table: sorted(map(repr, found)) for table, found in rows.items()}


def check(data: bytes) -> None:
    """Test one input."""
    whole, small = read(data, WHOLE), read(data, SMALL)
    assert whole == small, "the rows depend on the pieces in which the bytes are read"


def nest(rng: random.Random, elements: list[Any]) -> None:
    """Put a copy of one element into another."""
    rng.choice(elements).insert(
        rng.randrange(4), etree.fromstring(etree.tostring(rng.choice(elements), with_tail=False))
    )


def drop(rng: random.Random, elements: list[Any]) -> None:
    """Remove an element."""
    gone = rng.choice(elements[1:])
    gone.getparent().remove(gone)


def swap(rng: random.Random, elements: list[Any]) -> None:
    """Reorder the children of an element."""
    element = rng.choice(elements)
    element[:] = rng.sample(element[:], len(element))


def rename(rng: random.Random, elements: list[Any]) -> None:
    """Give one element the name of another, in the same case or a different one."""
    name = rng.choice(elements).tag
    rng.choice(elements).tag = rng.choice((name, name.lower(), name.upper(), f"{{urn:x}}{name.rpartition('}')[2]}"))


def fill(rng: random.Random, elements: list[Any]) -> None:
    """Give an element a text, a tail, a comment or an attribute."""
    element, word = (
        rng.choice(elements),
        rng.choice((" ", "1", "2024-05-01", "\u2003Y\n", "]]>", "<Person>", "\x85", "Ö")),
    )
    kind = rng.randrange(5)
    if kind == 0:
        element.text = etree.CDATA(word) if word != "]]>" else word
    elif kind == 1:
        element.tail = word
    elif kind == 2:
        element.insert(rng.randrange(2), etree.Comment(word))
    elif kind == 3:
        element.insert(rng.randrange(2), etree.ProcessingInstruction("go", word))
    else:
        element.set(rng.choice(("a", "{urn:x}b")), word)


CHANGES: tuple[Callable[[random.Random, list[Any]], None], ...] = (nest, drop, swap, rename, fill, fill)
WRITTEN = ("utf-8", "utf-8", "utf-8", "utf-16", "iso-8859-1", "us-ascii", "windows-1252")


def change(data: bytes, most: int, seed: int) -> bytes:
    """Make another input from this one: half the time as a well-formed tree, half the time as bytes."""
    rng = random.Random(seed)
    if rng.random() < 0.5:
        try:
            root = etree.fromstring(data, etree.XMLParser(strip_cdata=False, resolve_entities=False))
            for _ in range(rng.randint(1, 4)):
                elements = list(root.iter(etree.Element))
                if len(elements) > 1:
                    rng.choice(CHANGES)(rng, elements)
            made = etree.tostring(root.getroottree(), encoding=rng.choice(WRITTEN), xml_declaration=True)
            if len(made) <= most:
                return bytes(made)
        except (etree.XMLSyntaxError, ValueError):
            pass
    return bytes(atheris.Mutate(data, most))


def plant(corpus: Path) -> Path:
    """Put starting files into the corpus, and the words next to it. Returns the path of the words."""
    from tests.hostile.files import FILES
    from tests.hostile.floods import FLOODS

    corpus.mkdir(parents=True, exist_ok=True)
    made = [file.make() for file in FILES] + [flood.make(SMALL_FLOOD).encode() for flood in FLOODS]
    for number, data in enumerate(made):
        if len(data) <= SMALL_FILE:
            (corpus / f"start_{number}").write_bytes(data)
    names = {"Message", "Header", "Persons", *spec.HEADER_CONTAINERS, *(group.element for group in spec.GROUPS)}
    names |= {item.element for item in spec.items()} | {*spec.SILENT_VARIANTS, *spec.REPORTED_VARIANTS}
    words = [*MARKUP, *(f"<{name}>" for name in sorted(names)), *(f"</{name}>" for name in sorted(names))]
    path = corpus.with_suffix(".words")
    path.write_text("".join(f'"{as_word(word)}"\n' for word in words), encoding="ascii")
    return path


def as_word(text: str) -> str:
    """Write a text for the list of words, with every byte that is not a letter or digit as its number."""
    return "".join(
        chr(byte) if chr(byte).isascii() and chr(byte).isalnum() else f"\\x{byte:02x}" for byte in text.encode()
    )


def main() -> None:
    """Fuzz until a fault is found or time runs out."""
    folders = [word for word in sys.argv[1:] if not word.startswith("-")]
    if len(folders) != 1:
        raise SystemExit(__doc__)
    words = plant(Path(folders[0]))
    atheris.Setup([*sys.argv, f"-dict={words}"], check, custom_mutator=change)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
