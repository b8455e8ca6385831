"""Pictures of forecasters: what is left of them without a leak, and how they fare year by year."""

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib import pyplot
from matplotlib.axes import Axes
from numpy.typing import ArrayLike

from .draw import NEGATIVE, NEUTRAL, POSITIVE

__all__ = ["by_year", "with_and_without"]


def with_and_without(shares: Mapping[str, Sequence[float]], ax: Axes | None = None) -> Axes:
    """Draw a row for each forecaster: its hit rate with the leak, and without.

    Parameters
    ----------
    shares : dict
        {name: (with, without)}, both from 0 to 1.
    ax : Axes, optional
    """
    if ax is None:
        ax = pyplot.subplots(figsize=(7.0, 0.8 + 0.45 * len(shares)))[1]
    rows, pairs = range(len(shares)), 100 * np.array(list(shares.values()), dtype=float)
    for row, pair in zip(rows, pairs, strict=True):
        ax.plot(pair, [row, row], color=NEUTRAL, linewidth=1, zorder=1)
    ax.scatter(pairs[:, 0], rows, color=NEGATIVE, label="with the leak")
    ax.scatter(pairs[:, 1], rows, marker="s", color=POSITIVE, label="without")
    ax.axvline(50, color=NEUTRAL, linestyle=":")
    ax.set(yticks=rows, yticklabels=list(shares), xlabel="days with the right sign, in %")
    ax.set_ylim(len(shares) - 0.5, -0.5)
    ax.legend(loc="center left", bbox_to_anchor=(1.0, 0.5))
    return ax


def by_year(
    years: Sequence[int], losses: Mapping[str, ArrayLike], ylabel: str = "", one: float = 1.0, ax: Axes | None = None
) -> Axes:
    """Draw a curve for each forecaster over the years, and a dotted line at `one`.

    Parameters
    ----------
    years : sequence of int
    losses : dict
        {name: array of shape (years,)}.
    ylabel : str
    one : float
        Where forecasters are as good as what they are compared with.
    ax : Axes, optional
    """
    if ax is None:
        ax = pyplot.subplots(figsize=(7.0, 3.0))[1]
    for (name, loss), mark in zip(losses.items(), "os^Dv", strict=False):
        ax.plot(years, np.asarray(loss, dtype=float), f"{mark}-", label=name)
    ax.axhline(one, color=NEUTRAL, linestyle=":")
    ax.set(xticks=list(years)[::2], ylabel=ylabel)
    ax.legend()
    return ax
