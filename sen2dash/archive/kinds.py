"""The kinds of kept returns."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, get_args

Kind = Literal["mock", "submission", "other_system"]
KINDS: tuple[Kind, ...] = get_args(Kind)
KIND_LABELS: Mapping[Kind, str] = {"mock": "Mock return", "submission": "Submission", "other_system": "Other system"}
