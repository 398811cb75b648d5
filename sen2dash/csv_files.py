"""Read the CSV files that the program brings with it: UTF-8, with a heading. What people upload is read elsewhere."""

from __future__ import annotations

import csv
from pathlib import Path


def read_rows(path: Path) -> list[dict[str, str]]:
    """Return the rows of a file, each by its headings."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
