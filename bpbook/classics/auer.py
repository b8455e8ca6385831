"""One neuron with many local minima: the strictest counterexample to "backpropagation always finds its way".

Auer, Herbster and Warmuth needed no hidden layer. A sigmoid neuron with d weights is trained on the squared error with
two examples on each axis. A long input decides about short weights, and is saturated, which means silent, for long
ones, where a short input decides. So each weight has two places to rest, and d weights have 2^d of them.

The neuron has no bias. With one, two examples can both be fitted, and from the second place a long way leads down. A
third example, whose input is 0 and whose target is 1/2, holds the bias and makes it a strict minimum again.

>>> x, y = examples(1)
>>> rests = minima(1)
>>> rests.shape, [round(float(w), 2) for w in rests[:, 0]]
((2, 1), [-0.13, 8.79])
"""

from itertools import product
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .. import activations, landscape
from ..backprop import Params
from .claims import Claim

__all__ = ["CLAIMS", "curvature", "examples", "minima", "neuron", "slope"]

Array = NDArray[np.floating[Any]]
PAPER = (
    "Auer, Herbster and Warmuth 1995, Exponentially many local minima for single neurons, in Advances in Neural "
    "Information Processing Systems 8"
)
LONG, SHORT = (10.0, 0.2), (0.25, 0.9)
"""An input and its target: the long one wants 0.2, the short one 0.9."""
BETWEEN = ((-1.0, 0.3), (2.0, 12.0))
"""The slope is negative at the left end and positive at the right end of each of these intervals."""


def neuron(w: ArrayLike) -> Params:
    """Return a sigmoid neuron with these weights, shape (d,), and a bias of 0."""
    weights = np.atleast_1d(np.asarray(w, dtype=np.float64))
    return Params([None, weights[:, None]], [None, np.zeros(1)], [None, activations.sigmoid])


def examples(d: int) -> tuple[Array, Array]:
    """Return 2 d examples, x of shape (2 d, d) and y of shape (2 d, 1): a long and a short one on each axis."""
    axes = np.eye(d)
    x = np.concatenate([length * axes for length, _ in (LONG, SHORT)])
    return x, np.repeat([[LONG[1]], [SHORT[1]]], d, axis=0)


def slope(w: ArrayLike, x: ArrayLike, y: ArrayLike) -> Array:
    """Return dC/dw, shape (d,), by the book's own backward pass; C is the mean of half the squared errors."""
    return landscape.gradient(neuron(w), x, y, "squared_error")[:-1]


def curvature(w: ArrayLike, x: ArrayLike, y: ArrayLike) -> Array:
    """Return the second derivatives of C with respect to the weights alone, shape (d, d)."""
    return landscape.hessian(neuron(w), x, y, "squared_error")[:-1, :-1]


def minima(d: int) -> Array:
    """Return all the minima that the intermediate value theorem promises, shape (2^d, d).

    Each axis has its own two examples, so C is a sum of functions of one weight, and each weight may rest in either
    of two intervals, at whose ends its slope has opposite signs.

    Raises
    ------
    ValueError
        The slope does not change its sign there.
    """
    from scipy.optimize import brentq  # here, so that the other papers do not load it

    x, y = examples(1)
    rests = [brentq(lambda w: slope(w, x, y)[0], low, high, xtol=1e-15, rtol=1e-15) for low, high in BETWEEN]
    return np.array(list(product(rests, repeat=d)))


def _share_of_strict_minima(d: int) -> float:
    """Return how many of 2^d points are distinct strict minima, verified one by one, as a share of 2^d."""
    x, y = examples(d)
    strict = {
        tuple(w)
        for w in minima(d)
        if np.linalg.norm(slope(w, x, y)) < 1e-12 and np.linalg.eigvalsh(curvature(w, x, y))[0] > 0
    }
    return len(strict) / 2**d


CLAIMS = (
    Claim(
        name="exponential",
        paper=PAPER,
        where="p. 316",
        says="With n examples a single neuron of d weights may have floor(n/d)^d local minima of the squared error.",
        expects="yes if 2^d strict minima are verified for 2 d examples and each d from 1 to 6, else no",
        measure=lambda seeds: np.array([min(_share_of_strict_minima(d) for d in range(1, 7))]),
        judge=lambda shares: "yes" if shares.min() == 1 else "no",
        seeds=1,
        deviations="Our own examples, chosen so that the minima can be drawn. Two examples an axis, so floor(n/d) is "
        "2; the cost is the mean. Nothing random.",
    ),
)
