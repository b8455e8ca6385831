"""Curves of training, and results over seeds."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib import pyplot
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator
from numpy.typing import ArrayLike, NDArray

from ..training import History
from .page import BLUE, GREY, ORANGE

__all__ = ["curve_with_tangent", "learning_curves", "spread"]


def learning_curves(history: History, ax: Axes | None = None) -> Axes:
    """Draw the loss of every epoch, and the validation loss where there is one."""
    ax = ax or pyplot.subplots()[1]
    epochs = np.arange(1, len(history.loss) + 1)
    ax.plot(epochs, history.loss, color=BLUE, label="training loss")
    if history.validation_loss:
        ax.plot(epochs, history.validation_loss, color=ORANGE, ls="--", label="validation loss")
    ax.set(xlabel="epoch", ylabel="loss", ylim=(0, None))
    ax.xaxis.set_major_locator(MaxNLocator(integer=True))
    ax.legend()
    return ax


def spread(results: Mapping[str, Sequence[float]], ax: Axes | None = None, xlabel: str = "") -> Axes:
    """Draw every result as a dot, one row per name, with a bar at the median; equal results are stacked."""
    ax = ax or pyplot.subplots(figsize=(6.4, 0.7 + 0.6 * len(results)))[1]
    for row, values in enumerate(results.values()):
        ax.plot(values, row + _stacked(np.asarray(values)), "o", color=BLUE, alpha=0.6, mec="none")
        median = float(np.median(values))
        ax.plot([median, median], [row - 0.28, row + 0.28], color=ORANGE, lw=3)
        ax.annotate(f"{median:.3g}", (median, row - 0.32), ha="center", va="bottom", color=ORANGE)
    ax.set(yticks=range(len(results)), yticklabels=list(results), ylim=(len(results) - 0.4, -0.8), xlabel=xlabel)
    ax.grid(axis="x", color=GREY, alpha=0.2)
    return ax


def _stacked(values: NDArray[Any]) -> NDArray[Any]:
    """Return how far below the middle of its row each dot is drawn, so that equal values can be counted."""
    equal = values[:, None] == values
    ties, before = equal.sum(axis=1), np.tril(equal, -1).sum(axis=1)
    return (before - (ties - 1) / 2) * np.minimum(0.16, 0.56 / np.maximum(ties - 1, 1))


def curve_with_tangent(x: ArrayLike, y: ArrayLike, at: float, slope: float, ax: Axes | None = None) -> Axes:
    """Draw the curve y over x, the point at x = `at` on it, and a line through that point with this slope."""
    ax = ax or pyplot.subplots()[1]
    x, y = np.asarray(x), np.asarray(y)
    height = float(np.interp(at, x, y))
    ax.plot(x, y, color=BLUE)
    ax.axline((at, height), slope=slope, color=ORANGE, lw=1.4)
    ax.plot(at, height, "o", color=ORANGE, ms=8)
    margin = 0.15 * float(np.ptp(y))
    ax.set(xlabel="x", ylabel="y", xlim=(x[0], x[-1]), ylim=(y.min() - margin, y.max() + margin))
    return ax
