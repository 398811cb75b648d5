"""Make up linked files of a made-up return: school census, prior attainment and inspection outcomes.

The same return year, number of persons and seed always give the same files. They show every kind of match, of absence
and of result; nobody and no school in them is real.
"""

from __future__ import annotations

from pathlib import Path

from sen2dash.sample.generate import stream_persons
from sen2dash.sample.linked.attainment import attainment_files
from sen2dash.sample.linked.census import census_files
from sen2dash.sample.linked.inspections import inspection_files
from sen2dash.sample.linked.people import child_of


def linked_files(persons: int, seed: int, year: int) -> dict[str, str]:
    """Return the texts of all files by name: `census/Made_up_pupilonroll.csv`."""
    children = [child_of(person, year) for person in stream_persons(persons, seed, year)]
    made = {
        "census": census_files(children, seed, year),
        "attainment": attainment_files(children, seed, year),
        "inspections": inspection_files(seed, year),
    }
    return {f"{kind}/{name}": text for kind, files in made.items() for name, text in files.items()}


def write_linked(folder: Path, persons: int, seed: int, year: int) -> None:
    """Write the files to three folders below this one."""
    for name, text in linked_files(persons, seed, year).items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="")
