"""What each input and hidden unit sees of the plane, one small map a unit, one row a layer, and the weights between."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..controls.words import number

__all__ = ["tile_at", "unit_tiles"]

Array = NDArray[Any]
GAP, HEAD, TOP, FOOT = 2, 26, 14, 40
"""Cells between two maps, between two rows for wires, for a line of the inputs' names, and below for the outputs."""


def unit_tiles(maps: list[Array], W: list[Array], names: list[str], side: int, columns: int) -> dict[str, Any]:
    """Return what a PlaneView shows of the inputs and hidden units, each at its own scale: pale is 0.

    Parameters
    ----------
    maps : list of arrays of shape (side * side, n_l)
        The inputs, and the activations of each hidden layer, on a square grid, the lowest row first.
    W : list of arrays of shape (n_{l-1}, n_l)
        The weights of every layer, each drawn as a wire.
    names : list of str
        What the inputs are called.
    side, columns : int
        Cells along a map, and how many maps a row has room for.
    """
    top = _bottom(0, len(maps), side) + side
    width, height = columns * (side + GAP), top + TOP * (2 if _crowded(names) else 1)
    heat, lines, texts, silent = np.zeros((height, width)), [], _ends(W, names, side, top), []
    for l, a in enumerate(maps):
        bottom, right = _bottom(l, len(maps), side), a.shape[1] * (side + GAP)
        if l:
            beside = right + 44 <= width
            texts.append(
                [right + 22 if beside else width - 22, bottom + (side / 2 if beside else side + 9), f"layer {l}"]
            )
        for j in range(a.shape[1]):
            left, largest = j * (side + GAP), np.abs(a[:, j]).max()
            if largest > 0:
                heat[bottom : bottom + side, left : left + side] = (a[:, j] / largest).reshape(side, side)
            else:
                silent.append(f"unit {j} of layer {l}")
            right, upper = left + side, bottom + side
            lines.append([[left, bottom], [right, bottom], [right, upper], [left, upper], [left, bottom]])
    counts = " and ".join(f"{a.shape[1]} in layer {l}" for l, a in enumerate(maps) if l)
    alt = f"Maps of the inputs {', '.join(names)}" + (
        f" and of the hidden units: {counts}." if counts else "; no hidden units."
    )
    alt += f" 0 everywhere: {', '.join(silent)}." if silent else ""
    shown = {"heat": heat, "lines": lines, "texts": texts, "wires": _wires(W, side)}
    return shown | {"alt": f"{alt} {_largest(W)}", "bounds": (0, width, 0, height)}


def _bottom(l: int, rows: int, side: int) -> int:
    """Return the lower edge of the maps of layer l; layer 0 are the inputs."""
    return FOOT + (rows - 1 - l) * (side + HEAD)


def _crowded(names: list[str]) -> bool:
    """Say whether a name is wider than its map, so that every second one stands higher."""
    return max(map(len, names)) > 4


def _ends(W: list[Array], names: list[str], side: int, top: float) -> list[list[Any]]:
    """Return the names of inputs and outputs with their places."""
    lifted = TOP if _crowded(names) else 0
    inputs = [[(side + GAP) * i + side / 2, top + TOP / 2 + lifted * (1 - i % 2), name] for i, name in enumerate(names)]
    outputs = ["output"] if W[-1].shape[1] == 1 else [f"class {k}" for k in range(W[-1].shape[1])]
    return inputs + [[2 * (side + GAP) * k + 22, 7, name] for k, name in enumerate(outputs)]


def _wires(W: list[Array], side: int) -> list[list[float]]:
    """Return [u, v, u', v', weight] for every weight: from below its input or unit to where the next begins."""
    wires, L = [], len(W)
    for l, weights in enumerate(W):
        start = _bottom(l, L, side)
        end = 14 if l == L - 1 else _bottom(l + 1, L, side) + side
        for i, j in np.ndindex(weights.shape):
            to = 2 * (side + GAP) * j + 22 if l == L - 1 else (side + GAP) * j + side / 2
            wires.append([(side + GAP) * i + side / 2, start, to, end, float(f"{weights[i, j]:.3g}")])
    return wires


def _largest(W: list[Array]) -> str:
    """Return the weight that is furthest from 0, in words."""
    l = max(range(len(W)), key=lambda l: np.abs(W[l]).max())
    i, j = (int(k) for k in np.unravel_index(np.abs(W[l]).argmax(), W[l].shape))
    return f"The largest weight is W[{l + 1}][{i}, {j}] = {number(W[l][i, j], 4)}."


def tile_at(u: float, v: float, rows: int, side: int) -> tuple[int, int] | None:
    """Return (l, j) of the map of `unit_tiles` that holds the place (u, v), l = 0 an input's, or None between them."""
    row, up = divmod(v - FOOT, side + HEAD)
    j, across = divmod(u, side + GAP)
    return (rows - 1 - int(row), int(j)) if 0 <= row < rows and up <= side and across <= side else None
