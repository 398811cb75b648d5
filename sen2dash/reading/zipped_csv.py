"""Find and unpack the one CSV file of a zip, in memory. A zip that is too large, locked or damaged is refused."""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Sequence

#: The most bytes that one file in a zip may have when unpacked, and the most files that a zip may list.
MAX_UNPACKED, MAX_MEMBERS = 400_000_000, 1_000


class NoFile(Exception):
    """No single file can be chosen from a zip. The message is a sentence for people."""


def is_zip(data: bytes) -> bool:
    """Whether the bytes begin like a zip."""
    return data[:2] == b"PK"


def unpacked(data: bytes, prefix: str) -> tuple[bytes, str]:
    """Return the bytes and bare name of the only CSV file in a zip or, of several, of the one with the prefix.

    Nothing is written to disk, so folders in names have no effect. NoFile says why no file could be chosen.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            listed = packed.infolist()
            if len(listed) > MAX_MEMBERS:
                raise NoFile(f"It lists {len(listed):,} files.")
            member = _member(listed, prefix)
            if member.flag_bits & 1:
                raise NoFile("Its files are protected by a password.")
            with packed.open(member) as file:
                content = file.read(MAX_UNPACKED + 1)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError):
        raise NoFile("It is damaged, or packed in a way that cannot be read.") from None
    except (OSError, EOFError, ValueError, OverflowError, struct.error, LookupError):
        raise NoFile("It is damaged, or packed in a way that cannot be read.") from None
    if len(content) > MAX_UNPACKED:
        raise NoFile(f"The file in it has more than {MAX_UNPACKED // 1_000_000:,} MB.")
    return content, _bare(member.filename)


def _member(listed: Sequence[zipfile.ZipInfo], prefix: str) -> zipfile.ZipInfo:
    tables = [each for each in listed if not each.is_dir() and each.filename.lower().endswith(".csv")]
    named = [each for each in tables if _bare(each.filename).lower().startswith(prefix)]
    for chosen in (named, tables):
        if len(chosen) == 1:
            return chosen[0]
    if not tables:
        raise NoFile("It holds no CSV file.")
    raise NoFile(f"It holds {len(named or tables)} CSV files, and it is not clear which one to use.")


def _bare(name: str) -> str:
    return re.split(r"[/\\]", name)[-1]
