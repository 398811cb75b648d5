"""Read the files of a zip or of an upload, in memory and one at a time: nothing is unpacked to disk.

Names in a zip are only shown, never opened as paths. A zip that is too large, locked or damaged is refused or reported
before it uses memory.
"""

from __future__ import annotations

import io
import lzma
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from sen2dash.errors import BadPublication
from sen2dash.text import MAX_NAME_LENGTH, flat

ZIP_MAGIC = (b"PK\x03\x04", b"PK\x05\x06")
#: The publication of 2026 has 17 files, and unpacks to about 50 MB.
MAX_FILES, MAX_BYTES = 200, 160 * 1024 * 1024
PACKED_HINT = "Upload the zip as downloaded from Explore education statistics, or the CSV files in it."
#: What zipfile and its decompressors raise on damaged input. RuntimeError: the zip is locked.
UNREADABLE = (
    zipfile.BadZipFile, zlib.error, lzma.LZMAError, NotImplementedError, RuntimeError, ValueError, OSError, EOFError
)  # fmt: skip
#: Folders and files that macOS and Windows add to a zip automatically.
JUNK_FOLDERS, JUNK_FILES = ("__macosx",), (".ds_store", "thumbs.db", "desktop.ini")


class NamedFile(NamedTuple):
    """One file. data: its bytes; None if they could not be unpacked, and `fault` says why."""

    name: str
    data: bytes | None
    fault: str = ""


def is_zip(data: bytes) -> bool:
    """Whether the bytes begin like a zip. An Excel workbook is a zip too."""
    return data[:4] in ZIP_MAGIC


def files_in(uploads: Sequence[tuple[str, bytes]]) -> Iterator[NamedFile]:
    """Yield every file of an upload, including each file in a zip. A zip inside a zip is not unpacked.

    uploads: names and bytes. Errors: BadPublication if there are too many files or bytes, or a zip is damaged.
    """
    n_files = n_bytes = 0
    for name, data in uploads:
        for found in _opened(name, data) if is_zip(data) else (NamedFile(flat(name, MAX_NAME_LENGTH), data),):
            n_files, n_bytes = n_files + 1, n_bytes + len(found.data or b"")
            if n_files > MAX_FILES or n_bytes > MAX_BYTES:
                raise _too_large(name)
            yield found


def _opened(name: str, data: bytes) -> Iterator[NamedFile]:
    """Yield the files of one zip, without folders and files that an operating system added."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
        members = [each for each in archive.infolist() if not each.is_dir() and not _is_junk(each.filename)]
    except UNREADABLE:
        raise BadPublication(
            "The zip cannot be opened", f"{flat(name, MAX_NAME_LENGTH)} is damaged or incomplete.", "Download it again."
        ) from None
    if len(members) > MAX_FILES or sum(each.file_size for each in members) > MAX_BYTES:
        raise _too_large(name)
    for member in members:
        yield _unpacked(archive, member)


def _unpacked(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> NamedFile:
    """Unpack one file of a zip, or say why that failed."""
    name = flat(member.filename.replace("\\", "/"), MAX_NAME_LENGTH)
    if member.flag_bits & 0x1:
        return NamedFile(name, None, "It is locked with a password.")
    try:
        with archive.open(member) as packed:
            # The size stated in a zip may be false: never read more than that plus one byte.
            data = packed.read(member.file_size + 1)
    except UNREADABLE:
        return NamedFile(name, None, "It is damaged, or packed in a way that cannot be read.")
    return NamedFile(name, data)


def _is_junk(name: str) -> bool:
    """Whether an operating system added this file, so that it can be ignored."""
    *folders, last = name.replace("\\", "/").lower().split("/")
    return any(folder in JUNK_FOLDERS for folder in folders) or last in JUNK_FILES or last.startswith("._")


def _too_large(name: str) -> BadPublication:
    return BadPublication(
        "These files are too large",
        f"{flat(name, MAX_NAME_LENGTH)} holds more than {MAX_FILES} files or {MAX_BYTES // 2**20} MB. The "
        "publication has fewer than 20 files and unpacks to less than 100 MB.",
        PACKED_HINT,
    )
