"""Names for comparing: what is left when accents, capitals, spaces and punctuation are left out. No SQL.

DuckDB neither decomposes for compatibility nor folds case in full (ß, ﬁ, İ), so folded names are worked out here, and
the store keeps them beside the names for its macro `folded`.
"""

from __future__ import annotations

import unicodedata


class _Folds(dict[int, str]):
    """What each character folds to, worked out when it is first met: folding looks at one character at a time."""

    def __missing__(self, code: int) -> str:
        parts = unicodedata.normalize("NFKD", chr(code))
        unmarked = "".join(part for part in parts if not unicodedata.category(part).startswith("M"))
        kept = "".join(part for part in unmarked.casefold() if unicodedata.category(part)[0] in "LN")
        self[code] = kept
        return kept


_FOLDS = _Folds()


def folded(text: str) -> str:
    """A name decomposed (NFKD), without marks, case folded, and then its letters and digits alone."""
    return text.translate(_FOLDS)
