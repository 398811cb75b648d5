"""The working file: everything of a visit that an officer needs to go on another day, in one encrypted file.

It is a map of named parts. To add one, name it in PARTS and in sen2dash/ui/working_file.py, which fills and restores
it. A release that does not know a part refuses the file, so that nothing in it is lost unnoticed.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import TypeAdapter, ValidationError

from sen2dash.archive import packing, sealing
from sen2dash.archive.parts import (
    Details,
    SavedFigures,
    SavedMarks,
    SavedMatch,
    SavedNumbers,
    SavedRegister,
    SavedTeams,
)
from sen2dash.checks.notes import Edit
from sen2dash.config import Settings
from sen2dash.errors import BadWorkingFile, TooLarge

SUFFIX = "sen2dash"
#: Every part by name, with the type that it is checked against; None: bytes, read as if they were uploaded.
PARTS: Mapping[str, TypeAdapter[Any] | None] = {
    "details": TypeAdapter(Details),
    "return": None,
    "before": None,
    "previous": None,
    "older": None,
    "notes": TypeAdapter(dict[str, Edit]),
    "marks": TypeAdapter(SavedMarks),
    "numbers": TypeAdapter(SavedNumbers),
    "register": TypeAdapter(SavedRegister),
    "published": TypeAdapter(SavedFigures),
    "teams": TypeAdapter(SavedTeams),
    "matches": TypeAdapter(tuple[SavedMatch, ...]),
}
NEEDED = ("details", "return")
#: The most bytes of a part that is not a return, before it is compressed.
MAX_BYTES = 128_000_000


def save(contents: Mapping[str, Any], passphrase: str, settings: Settings, cost: sealing.Cost = sealing.COST) -> bytes:
    """Return a working file with these parts. None: the part is left out. Errors: TooLarge."""
    parts = {
        name: value if kind is None else kind.dump_json(value)
        for name, kind in PARTS.items()
        if (value := contents.get(name)) is not None
    }
    limits = _limits(settings)
    packed = packing.pack(parts)
    if len(packed) > min(_most(settings), sealing.MAX_BYTES) or any(len(parts[name]) > limits[name] for name in parts):
        raise TooLarge(
            "The working file would be too large",
            f"It could not be opened again: the limit is {settings.upload_limit_mb:,} MB.",
            "Remove the earlier returns, and save your work again.",
        )
    return sealing.seal(packed, passphrase, cost)


def read(data: bytes, passphrase: str, settings: Settings) -> dict[str, Any]:
    """Return the parts of a working file, each checked. Errors: BadWorkingFile, TooLarge."""
    if len(data) > _most(settings):
        raise TooLarge(
            "The working file is too large",
            f"It has {len(data) / 1e6:,.0f} MB; the limit is {settings.upload_limit_mb:,} MB.",
            "Ask your administrator to raise SEN2DASH_UPLOAD_LIMIT_MB.",
        )
    found, unknown = packing.unpack(sealing.unseal(data, passphrase), _limits(settings))
    if unknown:
        raise sealing.newer()
    missing = [name for name in NEEDED if name not in found]
    if missing:
        raise BadWorkingFile(
            "The working file is incomplete",
            f"It does not hold its part '{missing[0]}'.",
            "Save it again where it was made. If that is not possible, start with the return itself.",
        )
    return {name: _checked(name, part) for name, part in found.items()}


def _checked(name: str, data: bytes) -> Any:
    """Read one part."""
    kind = PARTS[name]
    if kind is None:
        return data
    try:
        return kind.validate_json(data)
    except (ValidationError, RecursionError):
        raise BadWorkingFile(
            "The working file is damaged",
            f"Its part '{name}' is not as sen2dash writes it.",
            "Save it again where it was made. If that is not possible, start with the return itself.",
        ) from None


def _most(settings: Settings) -> int:
    """The most bytes of a working file: those of an upload."""
    return settings.upload_limit_mb * 1_000_000


def _limits(settings: Settings) -> dict[str, int]:
    """The most bytes of each part."""
    return {name: _most(settings) if kind is None else MAX_BYTES for name, kind in PARTS.items()}
