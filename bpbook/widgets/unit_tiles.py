"""What each hidden unit sees of the plane: one small map a unit, one row a layer, side by side in one picture."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["tile_at", "unit_tiles"]

Array = NDArray[Any]
GAP, HEAD = 2, 15
"""Cells between two maps, and above each row for its name."""


def unit_tiles(maps: list[Array], side: int, columns: int) -> dict[str, Any]:
    """Return what a PlaneView shows of the hidden units, each at its own scale: pale is 0.

    Parameters
    ----------
    maps : list of arrays of shape (side * side, n_l)
        Activations of each hidden layer on a square grid, the lowest row first.
    side, columns : int
        Cells along a map, and how many maps a row has room for.
    """
    width, height = columns * (side + GAP), max(len(maps), 1) * (side + HEAD)
    heat, lines, texts, silent = np.zeros((height, width)), [], [], []
    for row, a in enumerate(maps):
        bottom = height - (row + 1) * (side + HEAD)
        texts.append([20, bottom + side + HEAD / 2, f"layer {row + 1}"])
        for j in range(a.shape[1]):
            left, largest = j * (side + GAP), np.abs(a[:, j]).max()
            if largest > 0:
                heat[bottom : bottom + side, left : left + side] = (a[:, j] / largest).reshape(side, side)
            else:
                silent.append(f"unit {j} of layer {row + 1}")
            right, top = left + side, bottom + side
            lines.append([[left, bottom], [right, bottom], [right, top], [left, top], [left, bottom]])
    counts = " and ".join(f"{a.shape[1]} in layer {row + 1}" for row, a in enumerate(maps))
    alt = f"Maps of the hidden units: {counts}." if maps else "There are no hidden units."
    alt += f" 0 everywhere: {', '.join(silent)}." if silent else ""
    return {"heat": heat, "lines": lines, "texts": texts, "alt": alt, "bounds": (0, width, 0, height)}


def tile_at(u: float, v: float, layers: int, side: int) -> tuple[int, int] | None:
    """Return (l, j) of the unit whose map of `unit_tiles` holds the place (u, v), or None between the maps."""
    row, up = divmod(layers * (side + HEAD) - v, side + HEAD)
    j, across = divmod(u, side + GAP)
    return (int(row) + 1, int(j)) if up >= HEAD and across <= side else None
