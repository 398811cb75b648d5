"""Hold the files of a return that is not XML as one run of bytes, as the rest of the product holds an XML file.

A bundle is a zip without compression: `given.json` first, then the files as they were given. It exists in memory only,
and in a working file. A zip or workbook on its own is read too, but then the names of the files are not known.

An archive keeps the XML made from such a return. What comes back is a bundle of that one file with a `MadeFrom`.
"""

from __future__ import annotations

import hashlib
import io
import json
import mmap
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Annotated

from pydantic import AfterValidator, Field, ValidationError

from sen2dash import spec
from sen2dash.errors import BadInput
from sen2dash.model import Frozen
from sen2dash.reading.encoding import Buffer
from sen2dash.reading.other.forms import NAMES
from sen2dash.reading.unpack import UNREADABLE

ZIP, OLE = (b"PK\x03\x04", b"PK\x05\x06"), b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
FIRST = "given.json"
#: How a bundle begins: the header of a zip has 30 bytes in front of the first name.
NAME_AT, MADE_BY = 30, "sen2dash"
#: The items of a header that can be given for a workbook that has none.
HEADER_ITEMS = ("lea", "year", "reference_date")
Digest = Annotated[str, Field(pattern="^[0-9a-f]{64}$")]
#: The most warnings that are kept with a return, and the most characters of each.
MAX_WARNINGS, MAX_WARNING = 40, 400
#: A moment for every file of a bundle, so that the same files make the same bytes.
NO_TIME = (1980, 1, 1, 0, 0, 0)


def _known_form(form: str) -> str:
    if form not in NAMES:
        raise ValueError("an unknown form")
    return form


def _known_tables(tables: frozenset[str]) -> frozenset[str]:
    if not tables <= set(spec.TABLES):
        raise ValueError("an unknown table")
    return tables


class MadeFrom(Frozen):
    """What the XML of a kept return was made from. form: a key of `forms.NAMES`. sha256: of the files given, as in
    `digest_of`; xml_sha256: of the XML. swapped, not_given, n_left_out, n_not_in_xml: as in `read.Origin`. warnings:
    those of the files, from `kept_warnings`: they name files, sheets, columns and rows, and hold no value of a child.
    """

    form: Annotated[str, AfterValidator(_known_form)]
    sha256: Digest
    xml_sha256: Digest
    swapped: bool = False
    not_given: Annotated[frozenset[str], AfterValidator(_known_tables)] = frozenset()
    n_left_out: Annotated[int, Field(ge=0)] = 0
    n_not_in_xml: Annotated[int, Field(ge=0)] = 0
    warnings: Annotated[tuple[Annotated[str, Field(max_length=MAX_WARNING)], ...], Field(max_length=MAX_WARNINGS)] = ()

    @property
    def words(self) -> str:
        """What it was made from, in words."""
        return NAMES[self.form]


def kept_warnings(warnings: Iterable[str]) -> tuple[str, ...]:
    """Warnings as they are kept: shortened, and of very many the first ones with the number of the others."""
    found = [each if len(each) <= MAX_WARNING else f"{each[: MAX_WARNING - 3]}..." for each in warnings]
    if len(found) <= MAX_WARNINGS:
        return tuple(found)
    first = found[: MAX_WARNINGS - 1]
    return (*first, f"There were {len(found) - len(first):,} more warnings about the files. They were not kept.")


@dataclass(frozen=True)
class Bundle:
    """Files as they were given, with what the person said about them.

    files: names and bytes. header: values of HEADER_ITEMS for a workbook without a header; None: nobody gave any.
    swaps: whether the two review dates of the DfE's template are exchanged. made_from: the one file is the XML
    made from this.
    """

    files: tuple[tuple[str, bytes], ...]
    header: Mapping[str, str] | None = None
    swaps: bool = False
    made_from: MadeFrom | None = None
    #: Whether the names are those that a person knows.
    is_named: bool = field(default=True, compare=False)

    def packed(self) -> bytes:
        """Return the bundle as bytes."""
        made = io.BytesIO()
        about = {
            "made_by": MADE_BY,
            "names": [name for name, _ in self.files],
            "header": None if self.header is None else dict(self.header),
            "swaps": self.swaps,
        }
        if self.made_from is not None:
            # A set has no order, and the same return makes the same bytes.
            about["made_from"] = self.made_from.model_dump(mode="json") | {
                "not_given": sorted(self.made_from.not_given)
            }
        with zipfile.ZipFile(made, "w") as packing:
            packing.writestr(zipfile.ZipInfo(FIRST, NO_TIME), json.dumps(about))
            for number, (_, data) in enumerate(self.files):
                packing.writestr(zipfile.ZipInfo(str(number), NO_TIME), data)
        return made.getvalue()


def is_other(data: Buffer) -> bool:
    """Whether the bytes are those of a return that is not XML: a bundle, a zip or a workbook, also an old one."""
    return bytes(data[:4]) in ZIP or bytes(data[:8]) == OLE


def is_xml(data: Buffer) -> bool:
    """Whether the bytes begin like XML, in any encoding."""
    return bytes(data[:200]).replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").startswith(b"<")


def is_bundle(data: Buffer) -> bool:
    """Whether the bytes are a bundle."""
    return bytes(data[:4]) in ZIP and bytes(data[NAME_AT : NAME_AT + len(FIRST)]) == FIRST.encode()


def opened(data: Buffer) -> Bundle:
    """Return the bundle in these bytes; of a zip or workbook on its own, a bundle of that one file."""
    if not is_bundle(data):
        return Bundle((("the file", bytes(data)),), is_named=False)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            if any(each.compress_type != zipfile.ZIP_STORED for each in packed.infolist()):
                # A bundle is never compressed, so that it cannot unpack to more than it is.
                raise ValueError
            about = json.loads(packed.read(FIRST))
            header, made_from = about["header"], about.get("made_from")
            return Bundle(
                tuple((str(name), packed.read(str(number))) for number, name in enumerate(about["names"])),
                header=None if header is None else {name: str(header.get(name) or "") for name in HEADER_ITEMS},
                swaps=about["swaps"] is True,
                made_from=None if made_from is None else MadeFrom.model_validate_json(json.dumps(made_from)),
            )
    except (*UNREADABLE, KeyError, TypeError, AttributeError, ValidationError):
        raise BadInput("The files cannot be opened", "They are damaged.", "Choose the files again.") from None


def kept_xml(data: Buffer) -> bytes | None:
    """Return the XML that a kept return was made into; None for everything else. Errors: BadInput."""
    if not is_bundle(data):
        return None
    found = opened(data)
    return found.files[0][1] if found.made_from is not None and found.files else None


def digest_of(files: Sequence[tuple[str, bytes]]) -> str:
    """Return the digest of a return: that of its file; of several, that of their digests, one per line, by name."""
    digests = [hashlib.sha256(data).hexdigest() for _, data in sorted(files)]
    if len(digests) == 1:
        return digests[0]
    return hashlib.sha256("".join(f"{digest}\n" for digest in digests).encode()).hexdigest()


def whole(data: bytes | mmap.mmap) -> bytes:
    """Return all bytes of a file or memory map."""
    return data if isinstance(data, bytes) else data[:]
