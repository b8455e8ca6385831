"""What each hidden unit sees of the plane, one small map a unit, one row a layer, and the weights between them."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from .words import number

__all__ = ["tile_at", "unit_tiles"]

Array = NDArray[Any]
GAP, HEAD, TOP, FOOT = 2, 26, 14, 40
"""Cells between two maps, above each row for the wires into it, for the inputs' names, and below for the outputs."""


def unit_tiles(maps: list[Array], W: list[Array], side: int, columns: int) -> dict[str, Any]:
    """Return what a PlaneView shows of the hidden units, each at its own scale: pale is 0.

    Parameters
    ----------
    maps : list of arrays of shape (side * side, n_l)
        Activations of each hidden layer on a square grid, the lowest row first.
    W : list of arrays of shape (n_{l-1}, n_l)
        The weights of every layer, each drawn as a wire.
    side, columns : int
        Cells along a map, and how many maps a row has room for.
    """
    width, height = columns * (side + GAP), TOP + len(maps) * (side + HEAD) + FOOT
    heat, lines, texts, silent = np.zeros((height, width)), [], _ends(W, side, height), []
    for row, a in enumerate(maps):
        bottom, right = _bottom(row, len(maps), side), a.shape[1] * (side + GAP)
        beside = right + 44 <= width
        texts.append([right + 22 if beside else width - 22, bottom + (side / 2 if beside else side + 9), _name(row)])
        for j in range(a.shape[1]):
            left, largest = j * (side + GAP), np.abs(a[:, j]).max()
            if largest > 0:
                heat[bottom : bottom + side, left : left + side] = (a[:, j] / largest).reshape(side, side)
            else:
                silent.append(f"unit {j} of {_name(row)}")
            right, top = left + side, bottom + side
            lines.append([[left, bottom], [right, bottom], [right, top], [left, top], [left, bottom]])
    counts = " and ".join(f"{a.shape[1]} in {_name(row)}" for row, a in enumerate(maps))
    alt = f"Maps of the hidden units: {counts}." if maps else "There are no hidden units."
    alt += f" 0 everywhere: {', '.join(silent)}." if silent else ""
    shown = {"heat": heat, "lines": lines, "texts": texts, "wires": _wires(W, side, height)}
    return shown | {"alt": f"{alt} {_largest(W)}", "bounds": (0, width, 0, height)}


def _name(row: int) -> str:
    return f"layer {row + 1}"


def _bottom(row: int, layers: int, side: int) -> int:
    """Return the lower edge of a row of maps."""
    return FOOT + (layers - 1 - row) * (side + HEAD)


def _ends(W: list[Array], side: int, height: int) -> list[list[Any]]:
    """Return the names of inputs and outputs with their places."""
    inputs = [[(side + GAP) * i + side / 2, height - TOP / 2, f"x{'₀₁'[i]}"] for i in range(len(W[0]))]
    outputs = ["output"] if W[-1].shape[1] == 1 else [f"class {k}" for k in range(W[-1].shape[1])]
    return inputs + [[2 * (side + GAP) * k + 22, 7, name] for k, name in enumerate(outputs)]


def _wires(W: list[Array], side: int, height: int) -> list[list[float]]:
    """Return [u, v, u', v', weight] for every weight: from where its unit or input ends to where the next begins."""
    wires, L = [], len(W)
    for l, weights in enumerate(W):
        start = height - TOP if l == 0 else _bottom(l - 1, L - 1, side)
        end = 14 if l == L - 1 else _bottom(l, L - 1, side) + side
        for i, j in np.ndindex(weights.shape):
            to = 2 * (side + GAP) * j + 22 if l == L - 1 else (side + GAP) * j + side / 2
            wires.append([(side + GAP) * i + side / 2, start, to, end, float(f"{weights[i, j]:.3g}")])
    return wires


def _largest(W: list[Array]) -> str:
    """Return the weight that is furthest from 0, in words."""
    l = max(range(len(W)), key=lambda l: np.abs(W[l]).max())
    i, j = (int(k) for k in np.unravel_index(np.abs(W[l]).argmax(), W[l].shape))
    return f"The largest weight is W[{l + 1}][{i}, {j}] = {number(W[l][i, j], 4)}."


def tile_at(u: float, v: float, layers: int, side: int) -> tuple[int, int] | None:
    """Return (l, j) of the unit whose map of `unit_tiles` holds the place (u, v), or None between the maps."""
    row, up = divmod(v - FOOT, side + HEAD)
    j, across = divmod(u, side + GAP)
    return (layers - int(row), int(j)) if 0 <= row < layers and up <= side and across <= side else None
