"""Pictures of driving: what a camera of 30 rows and 32 columns sees, and roads from above."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from matplotlib import pyplot
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import ArrayLike

from .draw import NEUTRAL
from .page import GREY

__all__ = ["camera_pictures", "road_from_above"]

ROWS, COLUMNS = 30, 32


def camera_pictures(
    x: ArrayLike, titles: list[str], columns: int = 4, signed: bool = False, size: float = 1.55
) -> Figure:
    """Draw pictures x of shape (m, 960), each under its title; with `signed` purple below 0 and orange above."""
    images = np.reshape(x, (-1, ROWS, COLUMNS))
    rows = -(-len(images) // columns)
    figure, axes = pyplot.subplots(rows, columns, figsize=(size * columns, (size + 0.2) * rows), squeeze=False)
    for ax in axes.flat:
        ax.axis("off")
    for image, title, ax in zip(images, titles, axes.flat, strict=False):
        ax.axis("on")
        limit = max(float(np.abs(image).max()), 1e-12)
        options: dict[str, Any] = {"cmap": "PuOr_r", "vmin": -limit, "vmax": limit} if signed else {"cmap": "gray"}
        ax.imshow(image, **options)
        ax.set(xticks=[], yticks=[])
        ax.set_title(title, loc="center", fontsize=9.5)
    return figure


def road_from_above(road: Any, paths: Mapping[str, ArrayLike], ax: Axes | None = None, upto: int | None = None) -> Axes:
    """Draw the first `upto` metres of a road 4 m wide, and the paths (steps, 2 or 3) that cars took, by name."""
    ax = ax or pyplot.subplots(figsize=(6.4, 3.4))[1]
    points, heading = road.points[: (upto or road.length) + 1], road.heading[: (upto or road.length) + 1]
    left = 2 * np.stack([-np.sin(heading), np.cos(heading)], axis=1)
    ax.fill(*np.concatenate([points + left, (points - left)[::-1]]).T, color=GREY, alpha=0.3, lw=0)
    ax.plot(*points.T, color=NEUTRAL, lw=0.8, ls=(0, (6, 6)))
    for name, path in paths.items():
        there = np.asarray(path)[:, :2]
        there = np.concatenate([points[:1], there[np.isfinite(there[:, 0])]])
        (line,) = ax.plot(*there.T, label=name)
        ax.plot(*there[-1], marker="o", color=line.get_color())
    ax.set_aspect("equal")
    ax.set(xlabel="metres", ylabel="metres")
    if paths:
        ax.legend(loc="upper left", bbox_to_anchor=(1.02, 1))
    return ax
