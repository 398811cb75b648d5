"""Fold names for comparing: remove accents, capitals, spaces and punctuation. No SQL.

DuckDB does not decompose for compatibility or fold case fully (ß, ﬁ, İ), so folded names are worked out here, and the
store keeps them with the names for its macro `folded`.
"""

from __future__ import annotations

import unicodedata


class _Folds(dict[int, str]):
    """Maps each character to its folded form, worked out on first use: folding treats one character at a time."""

    def __missing__(self, code: int) -> str:
        parts = unicodedata.normalize("NFKD", chr(code))
        unmarked = "".join(part for part in parts if not unicodedata.category(part).startswith("M"))
        kept = "".join(part for part in unmarked.casefold() if unicodedata.category(part)[0] in "LN")
        self[code] = kept
        return kept


_FOLDS = _Folds()


def folded(text: str) -> str:
    """Fold a name: decompose it (NFKD), remove marks, fold case, and keep only letters and digits."""
    return text.translate(_FOLDS)
