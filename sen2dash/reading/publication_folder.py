"""Read published figures that an administrator puts in a folder, for every session on this server.

SEN2DASH_PUBLISHED_FIGURES names the folder, which holds the DfE's zip or its CSV files for one or more years. It is
read once. If it cannot be read, the log and the start page say why, and the program's own figures are used.
"""

from __future__ import annotations

import logging
from functools import cache
from pathlib import Path
from typing import NamedTuple

from sen2dash.config import Settings
from sen2dash.errors import BadPublication, UserError
from sen2dash.reading.publication import ImportSummary, read
from sen2dash.reference import releases
from sen2dash.reference.releases import Published
from sen2dash.text import printable

LOG = logging.getLogger("sen2dash")
SUFFIXES = (".zip", ".csv")
MAX_BYTES = 200 * 1024 * 1024


class FolderFigures(NamedTuple):
    """The figures for a session with no files of its own. summary: what was read. fault: why the folder is not used."""

    published: Published
    summary: ImportSummary | None = None
    fault: str = ""


def default() -> FolderFigures:
    """Return the figures in the configured folder, or those of the program if no folder is set or it cannot be read."""
    folder = Settings().published_figures
    return of_folder(folder if folder is not None and folder.parts else None)


@cache
def of_folder(folder: Path | None) -> FolderFigures:
    """Read the figures in a folder once, and log the result. folder None: use those that come with the program."""
    carried = releases.carried()
    if folder is None:
        return FolderFigures(carried)
    try:
        publication = read(_files(folder))
    except UserError as error:
        fault = f"The folder of SEN2DASH_PUBLISHED_FIGURES is not used. {error.one_line()}"
    except OSError as error:
        why = error.strerror or type(error).__name__
        fault = f"The folder of SEN2DASH_PUBLISHED_FIGURES cannot be read: {folder} ({why})."
    else:
        files = ", ".join(each.name for each in publication.summary.files)
        LOG.info("published figures read from %s: %s", printable(str(folder)), printable(files))
        for each in publication.summary.not_used:
            if not each.is_expected:
                LOG.warning("published figures not read: %s: %s", printable(each.name), printable(each.why))
        for file in publication.summary.files:
            for note in file.notes:
                LOG.warning("published figures: %s: %s", printable(file.name), printable(note))
        return FolderFigures(publication.added_to(carried), publication.summary)
    LOG.error("%s", printable(fault))
    return FolderFigures(carried, None, fault)


def _files(folder: Path) -> list[tuple[str, bytes]]:
    """Return the zip and CSV files of a folder, by name. Errors: OSError, and a UserError if there are none."""
    if not folder.is_dir():
        raise NotADirectoryError(20, "there is no such folder")
    paths = sorted(each for each in folder.iterdir() if each.suffix.lower() in SUFFIXES and each.is_file())
    if not paths:
        raise BadPublication("The folder holds no figures", f"There is no zip or CSV file in {folder}.")
    if sum(each.stat().st_size for each in paths) > MAX_BYTES:
        raise BadPublication("The folder holds too much", f"The zip and CSV files in {folder} are over 200 MB.")
    return [(each.name, each.read_bytes()) for each in paths]
