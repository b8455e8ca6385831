"""Losses of two weights as maps, and the ways that optimizers take across them."""

from collections.abc import Callable
from typing import Any

import numpy as np
from matplotlib import pyplot
from matplotlib.axes import Axes
from numpy.typing import ArrayLike, NDArray

from .page import BLUE, GREY, ORANGE

__all__ = ["descent_path"]

Array = NDArray[Any]


def descent_path(
    C: Callable[[Array, Array], Array],
    path: ArrayLike,
    ax: Axes | None = None,
    bounds: tuple[float, float, float, float] | None = None,
) -> Axes:
    """Draw the contours of a loss C(w_0, w_1) and a way across it, one dot a step, from ring to cross.

    Contours stand at even steps of the square root of C, so that those of a round bowl are evenly spaced.

    Parameters
    ----------
    C : function
        C(w_0, w_1), elementwise on arrays.
    path : array of shape (steps + 1, 2)
        Where the two weights were before the first step and after each.
    bounds : (left, right, bottom, top), optional
        Of the map; the path with a margin when left out.
    """
    ax = ax or pyplot.subplots()[1]
    points = np.asarray(path, dtype=float)
    if bounds is None:
        margin = 0.1 * np.ptp(points, axis=0) + 0.1
        (left, bottom), (right, top) = points.min(axis=0) - margin, points.max(axis=0) + margin
    else:
        left, right, bottom, top = bounds
    w_0, w_1 = np.meshgrid(np.linspace(left, right, 160), np.linspace(bottom, top, 160))
    height = C(w_0, w_1)
    levels = height.min() + (height.max() - height.min()) * np.linspace(0.06, 0.94, 9) ** 2
    ax.contour(w_0, w_1, height, levels=levels, colors=GREY, linewidths=0.7, alpha=0.6)
    ax.plot(*points.T, "o-", color=BLUE, lw=1.1, ms=3, mec="none")
    ax.plot(*points[0], "o", mfc="none", mec=ORANGE, mew=1.8, ms=10)
    ax.plot(*points[-1], "X", color=ORANGE, mec="white", mew=0.8, ms=9)
    ax.set(xlim=(left, right), ylim=(bottom, top), xlabel="$w_0$", ylabel="$w_1$")
    return ax
