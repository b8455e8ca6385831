"""People as dots, piled up over what a network says of them."""

import numpy as np
from matplotlib import pyplot
from matplotlib.axes import Axes
from numpy.typing import ArrayLike

from .page import BLUE, GREY, INK, ORANGE

__all__ = ["people"]

CHANCES = [0.001, 0.01, 0.1, 0.5, 0.9, 0.99, 0.999]


def people(z: ArrayLike, y: ArrayLike, threshold: float = 0.5, ax: Axes | None = None) -> Axes:
    """Draw everybody as a dot over their logit, people with y = 1 upwards and with y = 0 downwards.

    Parameters
    ----------
    z : array of shape (m,)
        Logits. The axis ends at -9 and 9; people further out are drawn in a block at its end.
    y : array of shape (m,)
        0 or 1.
    threshold : float
        A probability; the dots on its wrong side have dark rings.
    """
    ax = ax or pyplot.subplots(figsize=(8.4, 3.4))[1]
    z, y = np.asarray(z, dtype=float), np.asarray(y)
    line = np.log(threshold / (1 - threshold))
    column = np.clip(np.round(z * 5), -46, 46) / 5
    height = np.zeros(len(z))
    for answer in (0, 1):
        for place in np.unique(column[y == answer]):
            here = np.flatnonzero((y == answer) & (column == place))
            here = here[np.argsort(z[here])]
            count = np.arange(len(here))
            wide = 6 if abs(place) > 9 else 1  # everybody beyond the axis shares a block of six columns
            height[here] = 1 + count // wide
            column[here] += np.sign(place) * (count % wide) / 5
    wrong = (z >= line) != (y == 1)
    for answer, color, side in ((1, ORANGE, 1), (0, BLUE, -1)):
        for mistaken in (False, True):
            shown = (y == answer) & (wrong == mistaken)
            edge, size = (INK, 26) if mistaken else ("none", 16)
            ax.scatter(column[shown], side * height[shown], size, color, edgecolors=edge, linewidths=1.3, clip_on=False)
    ax.axvline(line, color=INK, lw=1.4)
    ax.axhline(0, color=GREY, lw=0.8)
    ticks = [np.log(p / (1 - p)) for p in CHANCES]
    ax.set(xlim=(-10.6, 10.6), xticks=ticks, xticklabels=[f"{100 * p:g} %" for p in CHANCES], yticks=[])
    ax.text(0.01, 0.97, "people with cancer", color=ORANGE, transform=ax.transAxes, va="top")
    ax.text(0.99, 0.03, "people without", color=BLUE, transform=ax.transAxes, ha="right")
    ax.spines["left"].set_visible(False)
    return ax
