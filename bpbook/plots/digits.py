"""Pictures of handwritten digits."""

from typing import Any

import numpy as np
from matplotlib import pyplot
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import ArrayLike

__all__ = ["digit", "digit_grid"]


def digit(image: ArrayLike, ax: Axes | None = None, signed: bool = False, title: str = "") -> Axes:
    """Draw one image of shape (64,) or (8, 8): ink as black, or with `signed` blue below 0 and orange above."""
    ax = ax or pyplot.subplots(figsize=(1.6, 1.6))[1]
    pixels = np.reshape(image, (8, 8))
    limit = max(float(np.abs(pixels).max()), 1e-12)
    options: dict[str, Any] = {"cmap": "PuOr_r", "vmin": -limit, "vmax": limit} if signed else {"cmap": "Greys"}
    if not signed:
        options |= {"vmin": 0, "vmax": 1}
    ax.imshow(pixels, **options)
    ax.set(xticks=[], yticks=[])
    ax.set_title(title, loc="center")
    return ax


def digit_grid(x: ArrayLike, titles: list[str], columns: int = 10) -> Figure:
    """Draw the images x of shape (m, 64) in rows of `columns`, each under its title."""
    images = np.asarray(x)
    rows = -(-len(images) // columns)
    figure, axes = pyplot.subplots(rows, columns, figsize=(0.8 * columns, 1.05 * rows), squeeze=False)
    for ax in axes.flat:
        ax.axis("off")
    for image, title, ax in zip(images, titles, axes.flat, strict=False):
        ax.axis("on")
        digit(image, ax, title=title)
    return figure
