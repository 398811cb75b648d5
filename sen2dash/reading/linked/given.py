"""The files that were given for one kind of linked data: files, the members of a zip, the files of a folder.

Files come in the order in which they were given, those of a folder or zip by name. A folder gives its files and zips,
not its subfolders. Limits are counted while a zip is unpacked, in memory: the sizes stated in it may be false. One file
that cannot be read refuses everything that was given, because figures made from a part of it would be wrong.
"""

from __future__ import annotations

import io
import zipfile
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from sen2dash.errors import BadArguments, BadLinkedFile
from sen2dash.reading.unpack import JUNK_FILES, JUNK_FOLDERS, UNREADABLE, ZIP_MAGIC
from sen2dash.text import flat

MB = 1_000_000
#: The most files in a zip; bytes of all that is given together in zips, and of one file of a zip, unpacked. There is no
#: limit on the ratio.
MAX_MEMBERS, MAX_UNPACKED, MAX_MEMBER = 2_000, 400 * MB, 100 * MB


@dataclass(frozen=True)
class GivenFile:
    """One file. name: without its folder, as it is. place: the name for messages, with the zip that it is in.

    folder: the same for files that may belong together, of one folder or of one zip, and for nothing else.
    """

    name: str
    place: str
    folder: str
    data: bytes

    @property
    def is_xml(self) -> bool:
        """Whether the bytes begin like XML, in any encoding."""
        head = self.data[:200].removeprefix(b"\xef\xbb\xbf").lstrip()
        return head.startswith(b"<") or head[:2] in (b"\xff\xfe", b"\xfe\xff")

    @property
    def is_csv(self) -> bool:
        """Whether the name is that of a CSV file."""
        return self.name.lower().endswith(".csv")


class _UnpackBudget:
    """How many bytes zips that are given together may still unpack to: all of them are held until they are read."""

    def __init__(self) -> None:
        self.left = MAX_UNPACKED


def files(paths: Sequence[Path]) -> Iterator[GivenFile]:
    """Yield every file. Raises BadArguments for a path that cannot be read, and BadLinkedFile."""
    room = _UnpackBudget()
    for number, path in enumerate(paths, start=1):
        if path.is_dir():
            yield from _of_folder(path, number, room)
        else:
            yield from _opened(path.name, _read(path), str(path.parent.resolve()), number, room)


def uploads(named: Sequence[tuple[str, bytes]]) -> Iterator[GivenFile]:
    """Yield every file of an upload: names and bytes. Files that were chosen together count as one folder."""
    room = _UnpackBudget()
    for number, (name, data) in enumerate(named, start=1):
        yield from _opened(name, data, "", number, room)


def _of_folder(folder: Path, number: int, room: _UnpackBudget) -> Iterator[GivenFile]:
    try:
        inside = sorted((each for each in folder.iterdir() if each.is_file()), key=lambda each: each.name)
    except OSError as error:
        raise _unreadable(folder, error) from None
    inside = [each for each in inside if not _is_junk(each.name)]
    if not inside:
        raise BadLinkedFile("The folder holds no file", f"{flat(folder.name)} has no file in it.", "Choose its files.")
    for place, path in enumerate(inside):
        yield from _opened(path.name, _read(path), str(folder.resolve()), number * 1_000_000 + place, room)


def _read(path: Path) -> bytes:
    if path.exists() and not path.is_file():
        raise BadArguments("The file cannot be read", f"{path} is not a file on disk.", "Save it as a file.")
    try:
        return path.read_bytes()
    except OSError as error:
        raise _unreadable(path, error) from None


def _unreadable(path: Path, error: OSError) -> BadArguments:
    return BadArguments("The file cannot be read", f"{path}: {error.strerror or type(error).__name__}.")


def _opened(name: str, data: bytes, folder: str, number: int, room: _UnpackBudget) -> Iterator[GivenFile]:
    """Yield a file, or the members of a zip. number: tells one zip from another of the same name."""
    if data[:4] in ZIP_MAGIC:
        yield from _members(flat(name), data, number, room)
    else:
        yield GivenFile(name, flat(name), folder, data)


def _members(name: str, data: bytes, number: int, room: _UnpackBudget) -> Iterator[GivenFile]:
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
        listed = archive.infolist()
    except UNREADABLE:
        raise BadLinkedFile(
            "The zip cannot be opened", f"{name} is damaged or incomplete.", "Download or export it again."
        ) from None
    inside = [each for each in listed if not each.is_dir() and not _is_junk(each.filename)]
    if any(each.filename == "[Content_Types].xml" for each in inside):
        raise BadLinkedFile("This is a workbook", f"{name} is an Excel or Word file.", "Save its sheet as CSV.")
    if len(listed) > MAX_MEMBERS:
        raise BadLinkedFile(
            "The zip holds too many files",
            f"{name} lists {len(listed):,} files and folders; at most {MAX_MEMBERS:,} are read.",
            "Split it into several zips.",
        )
    if not inside:
        raise BadLinkedFile("The zip is empty", f"{name} has no file in it.", "Export it again.")
    apart = _doubled(inside)
    for member in sorted(inside, key=lambda each: each.filename):
        content = _unpacked(name, archive, member, min(MAX_MEMBER, room.left))
        room.left -= len(content)
        folder, last = _parted(member)
        shown = flat(member.filename)
        if content[:4] in ZIP_MAGIC:
            raise BadLinkedFile(
                "There is a zip inside a zip",
                f"{name}: {shown} is a zip or a workbook.",
                "Unpack it and add its files.",
            )
        within = folder if _beginning(last) in apart else ""
        yield GivenFile(last, f"{name}: {shown}", f"zip {number} {within}", content)


def _parted(member: zipfile.ZipInfo) -> tuple[str, str]:
    """Return the folder and the bare name of a file in a zip."""
    folder, _, last = member.filename.replace("\\", "/").rpartition("/")
    return folder, last


def _beginning(name: str) -> str:
    """Return what the names of files that were exported together share: all before the last `_`, in any case."""
    return name.rpartition("_")[0].casefold()


def _doubled(members: Sequence[zipfile.ZipInfo]) -> set[str]:
    """Return beginnings of names with which a zip holds some file twice: its folders tell what belongs together."""
    counts = Counter((_beginning(name), name.lower()) for _, name in map(_parted, members))
    return {beginning for (beginning, _), n in counts.items() if n > 1}


def _unpacked(name: str, archive: zipfile.ZipFile, member: zipfile.ZipInfo, most: int) -> bytes:
    shown = flat(member.filename)
    if member.flag_bits & 0x1:
        raise BadLinkedFile("The zip is locked", f"{name}: {shown} has a password.", "Save it without a password.")
    try:
        with archive.open(member) as packed:
            content = packed.read(most + 1)
    except UNREADABLE:
        raise BadLinkedFile(
            "A file in the zip cannot be read", f"{name}: {shown} is damaged.", "Download or export it again."
        ) from None
    if len(content) > most:
        raise BadLinkedFile(
            "The zip is too large",
            f"{name}: with {shown}, all that was given unpacks to more than {MAX_UNPACKED // MB} MB, or that file to "
            f"more than {MAX_MEMBER // MB} MB.",
            "Leave out files that are not needed, or unpack the zip.",
        )
    return content


def _is_junk(name: str) -> bool:
    """Whether an operating system added this file, so that it can be ignored."""
    *folders, last = name.replace("\\", "/").lower().split("/")
    return any(folder in JUNK_FOLDERS for folder in folders) or last in JUNK_FILES or last.startswith("._")
