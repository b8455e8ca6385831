"""What a plane shows of a loss of two weights: its heights, and the ways that lead over it."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...controls.words import number
from .view import contour_lines

__all__ = ["path", "place", "relief"]

Array = NDArray[Any]
LEVELS = 12


def relief(u: Array, v: Array, C: Array, least: float, steep: float) -> dict[str, Any]:
    """Return `heat` and `lines` for PlaneView.show; on a scale that shows the floor of a valley as well as its walls.

    Parameters
    ----------
    u, v : arrays of shape (columns,) and (rows,)
    C : array of shape (rows, columns)
    least : float
        The lowest value of C.
    steep : float
        How much of the scale the floor has: heights are ln(1 + steep (C - least)).
    """
    height = np.log1p(steep * (C - least))
    levels = np.expm1(np.linspace(0, height.max(), LEVELS + 2)[1:-1]) / steep + least
    return {"heat": height / height.max(), "lines": contour_lines(u, v, C, levels)}


def path(name: str, way: Any, style: int, gone: bool) -> dict[str, Any]:
    """Return one of the `paths` for PlaneView.show: the places [w_0, w_1] that were passed, the start first."""
    return {"name": name, "points": np.round(np.asarray(way), 4).tolist(), "style": style, "gone": gone}


def place(w: Any) -> str:
    """Return the place w of shape (2,) in words.

    >>> place((-4, 1.5))
    '(−4, 1.5)'
    """
    return f"({number(w[0], 3)}, {number(w[1], 3)})"
