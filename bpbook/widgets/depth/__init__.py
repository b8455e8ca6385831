"""The experiment of chapter 13: a deep network, its sizes from layer to layer, and what keeps them alive."""

from .depth import depth

__all__ = ["depth"]
