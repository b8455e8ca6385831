"""Losses of two weights of real networks; all other weights are held."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ... import landscape
from ...backprop import Params
from ...mlp import MLP

__all__ = ["LANDSCAPES", "Landscape"]

Array = NDArray[Any]
CELLS = 64


@dataclass(frozen=True)
class Landscape:
    """The loss of a network as a function of two of its weights.

    Attributes
    ----------
    name, words : str
        What it is called, and what network it belongs to, in HTML.
    params : Params
        The network; its own two weights are put in place of those that are moved.
    x, y : arrays of shape (m, n_0) and (m, n_L)
    moved : tuple of two ints
        Which weights are moved, by their positions in `landscape.flatten(params)`.
    bounds : tuple of four floats
        The part of the plane that is looked at: left, right, bottom, top.
    start, eta
        Where the ball starts, and with which learning rate, unless the reader chooses otherwise.

    >>> links = LANDSCAPES["two links"]  # C = (w_0 w_1 - 1)^2 / 2
    >>> links(np.array([2.0, 1.0])), links.gradient(np.array([2.0, 1.0])).tolist()
    (0.5, [1.0, 2.0])
    >>> links.curvature(np.array([2.0, 0.5])).round(12).tolist()  # a minimum: 0 along the valley, 4 + 1/4 across
    [0.0, 4.25]
    """

    name: str
    words: str
    params: Params
    x: Array
    y: Array
    moved: tuple[int, int]
    bounds: tuple[float, float, float, float]
    start: tuple[float, float]
    eta: float
    _known: list[Array] = field(default_factory=list, repr=False)

    def at(self, w: Array) -> Params:
        """Return the network whose two weights are w, shape (2,)."""
        whole = landscape.flatten(self.params)
        whole[list(self.moved)] = w
        return landscape.unflatten(whole, self.params)

    def __call__(self, w: Array) -> float:
        """Return C at w of shape (2,)."""
        nothing = np.zeros(len(landscape.flatten(self.params)))
        return float(landscape.loss_along(self.at(w), self.x, self.y, "squared_error", nothing, [0.0])[0])

    def gradient(self, w: Array) -> Array:
        """Return dC/dw of shape (2,)."""
        return landscape.gradient(self.at(w), self.x, self.y, "squared_error")[list(self.moved)]

    def curvature(self, w: Array) -> Array:
        """Return the two eigenvalues of the second derivatives with respect to these weights, ascending."""
        params, moved = self.at(w), list(self.moved)
        units = np.eye(len(landscape.flatten(params)))[moved]
        products = [landscape.hessian_vector(params, self.x, self.y, "squared_error", unit) for unit in units]
        return np.linalg.eigvalsh(np.array(products)[:, moved])

    def heights(self, u: Array, v: Array) -> Array:
        """Return C for w_0 in u and w_1 in v, shape (len(v), len(u)); reckoned once."""
        if not self._known:
            along, across = np.eye(len(landscape.flatten(self.params)))[list(self.moved)]
            origin = self.at(np.zeros(2))
            self._known.append(landscape.loss_along(origin, self.x, self.y, "squared_error", along, u, across, v))
        return self._known[0]


def _two_links() -> Landscape:
    params = MLP([1, 1, 1], hidden="identity", loss="squared_error", init="zeros").params
    x = np.array([[1.0], [-1.0]])
    words = "Two linear links, <i>a</i> = <i>x</i> <i>w</i>₀ <i>w</i>₁, which should hand on <i>x</i>."
    return Landscape("two links", words, params, x, x, (0, 2), (-3.5, 3.5, -3, 3), (0.3, 2.9), 0.28)


def _twins() -> Landscape:
    """Two hidden units with the same outgoing weight: exchanging them changes nothing."""
    params = MLP([1, 2, 1], hidden="tanh", loss="squared_error", init="zeros").params
    params.W[2][...] = 1.0
    x = np.linspace(-2, 2, 9)[:, None]
    y = np.tanh(3 * x) - np.tanh(0.5 * x)
    words = "Two tanh units that may be exchanged; the target is made by weights 3 and −½."
    return Landscape("twins", words, params, x, y, (0, 1), (-2, 5, -2, 5), (1.5, 1.5), 0.5)


def _four_hollows() -> Landscape:
    """One neuron with two weights and a long and a short input for each, after Auer and others."""
    params = MLP([2, 1], output="sigmoid", loss="squared_error", init="zeros").params
    x = np.array([[10.0, 0], [0, 10], [0.25, 0], [0, 0.25]])
    y = np.array([[0.2], [0.2], [0.9], [0.9]])
    words = "One sigmoid neuron, four examples: inputs of 10 want 0.2, inputs of ¼ want 0.9."
    return Landscape("four hollows", words, params, x, y, (0, 1), (-2, 12, -2, 12), (0.7, 4.0), 2.0)


LANDSCAPES = {made.name: made for made in (_two_links(), _twins(), _four_hollows())}
"""By name: two links, twins, four hollows."""
