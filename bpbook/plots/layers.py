"""Sizes from layer to layer: how large activations and gradients are on their way through a network."""

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib import pyplot
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from .page import GREY

__all__ = ["sizes_by_layer"]

MARKERS = "osD^v"


def sizes_by_layer(
    sizes: Mapping[str, Sequence[float]], ax: Axes | None = None, first: int = 1, ylabel: str = "size"
) -> Axes:
    """Draw one line per name over the layers, on a logarithmic axis.

    Parameters
    ----------
    sizes : dict of lists
        A positive number for each layer. What is 0, nan or inf has no place on the axis and is left out.
    ax : Axes, optional
    first : int
        The layer of the first number.
    ylabel : str

    >>> ax = sizes_by_layer({"delta": [0.01, 0.1, 1.0]})
    >>> ax.get_yscale(), [int(l) for l in ax.lines[0].get_xdata()]
    ('log', [1, 2, 3])
    """
    ax = ax or pyplot.subplots(figsize=(7.2, 3.2))[1]
    for marker, (name, values) in zip(MARKERS, sizes.items(), strict=False):
        size = np.asarray(values, dtype=float)
        shown = np.where(np.isfinite(size) & (size > 0), size, np.nan)
        ax.plot(first + np.arange(len(size)), shown, marker=marker, ms=4, label=name)
    ax.set(yscale="log", xlabel="layer", ylabel=ylabel)
    ax.xaxis.set_major_locator(MaxNLocator(integer=True))
    ax.grid(axis="y", color=GREY, alpha=0.2)
    ax.legend()
    return ax
