"""The kinds of linked files. Loads nothing else, because every command reads them for its help."""

from __future__ import annotations

from collections.abc import Mapping

#: The kinds of linked files, and what each of them is.
KINDS: Mapping[str, str] = {
    "census": "files of the school census: CSV tables or XML; a zip or a folder of them; can be repeated",
    "attainment": "files of prior attainment: CSV from Get information about pupils, or common transfer files; can be "
    "repeated",
    "inspections": "files of the inspectorate (Ofsted): CSV; a zip or a folder of them; can be repeated",
}
