"""Surfaces over two weights on which optimizers can race; the formula and its gradient stand side by side."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["SURFACES", "Surface"]

Array = NDArray[Any]


@dataclass(frozen=True)
class Surface:
    """A loss over two weights.

    Attributes
    ----------
    name, formula : str
        What it is called, and C in HTML.
    function : callable
        C(u, v) for w_0 = u and w_1 = v, numbers or arrays.
    slopes : callable
        (dC/dw_0, dC/dw_1) at (u, v).
    bounds : tuple of four floats
        The part of the plane that is looked at: left, right, bottom, top.
    start : tuple of two floats
        Where the race begins unless the reader chooses otherwise.
    goal : tuple of two floats
        The lowest point (one of them, where there are two alike).

    >>> SURFACES["narrow valley"](np.array([2.0, 1.0]))
    12.0
    >>> SURFACES["narrow valley"].gradient(np.array([2.0, 1.0]))
    array([ 2., 20.])
    """

    name: str
    formula: str
    function: Callable[[Any, Any], Any]
    slopes: Callable[[Any, Any], tuple[Any, Any]]
    bounds: tuple[float, float, float, float]
    start: tuple[float, float]
    goal: tuple[float, float]

    def __call__(self, w: Array) -> float:
        """Return C at w of shape (2,)."""
        return float(self.function(w[0], w[1]))

    def gradient(self, w: Array) -> Array:
        """Return dC/dw of shape (2,) at w of shape (2,)."""
        return np.array(self.slopes(w[0], w[1]))

    @property
    def least(self) -> float:
        """The lowest value of C."""
        return float(self.function(*self.goal))


def _deeper_hollow() -> tuple[float, float]:
    """Return the lowest point of "two hollows": the leftmost root of w_0^3/4 - w_0 + 1/5, and 0."""
    return float(np.roots([0.25, 0, -1, 0.2]).real.min()), 0.0


def _surfaces() -> list[Surface]:
    return [
        Surface(
            "narrow valley",
            "½ (w₀² + 20 w₁²)",
            lambda u, v: 0.5 * (u**2 + 20 * v**2),
            lambda u, v: (u, 20 * v),
            (-5, 5, -3, 3),
            (-4, 1.5),
            (0, 0),
        ),
        Surface(
            "curved valley",
            "½ (1 − w₀)² + <sup>5</sup>⁄<sub>2</sub> (w₁ − w₀²)²",
            lambda u, v: 0.5 * (1 - u) ** 2 + 2.5 * (v - u**2) ** 2,
            lambda u, v: (u - 1 - 10 * u * (v - u**2), 5 * (v - u**2)),
            (-2.5, 2.5, -1, 4),
            (-1.5, 2.5),
            (1, 1),
        ),
        Surface(
            "saddle",
            "½ w₀² − ½ w₁² + w₁⁴ ⁄ 16 + 1",
            lambda u, v: 0.5 * u**2 - 0.5 * v**2 + v**4 / 16 + 1,
            lambda u, v: (u, -v + v**3 / 4),
            (-5, 5, -3.5, 3.5),
            (-4, 0.01),
            (0, 2),
        ),
        Surface(
            "two hollows",
            "(w₀² − 4)² ⁄ 16 + w₀ ⁄ 5 + ½ w₁²",
            lambda u, v: (u**2 - 4) ** 2 / 16 + 0.2 * u + 0.5 * v**2,
            lambda u, v: (u**3 / 4 - u + 0.2, v),
            (-4, 4, -2.5, 2.5),
            (3.5, 1.5),
            _deeper_hollow(),
        ),
    ]


SURFACES = {surface.name: surface for surface in _surfaces()}
"""By name: narrow valley, curved valley, saddle, two hollows."""
