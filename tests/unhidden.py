"""Figures of which a test knows that they are shown."""

from __future__ import annotations

from typing import TypeVar

from sen2dash.indicators.suppression import Hidden

Figure = TypeVar("Figure", int, float)


def unhidden(figure: Figure | Hidden | None) -> Figure:
    """The figure, which is neither hidden nor missing."""
    assert figure is not None and not isinstance(figure, Hidden)
    return figure
