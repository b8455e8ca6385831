"""Losses: one number for how far the output is from the target.

Each one is a `Loss`: call it for C(a, y), call `.gradient` for dC/da. C is the SUM over output units and the MEAN
over the m examples, so every row of dC/da already carries its 1/m. Both keep the dtype (complex included) and
leave their inputs alone.

>>> import numpy as np
>>> a, y = np.array([[1.0, 2.0]]), np.array([[0.0, 2.0]])
>>> float(squared_error(a, y)), squared_error.gradient(a, y)
(0.5, array([[1., 0.]]))
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from . import checks
from .activations import sigmoid, softplus

__all__ = ["Loss", "binary_cross_entropy", "cross_entropy", "get", "softmax", "softmax_cross_entropy", "squared_error"]

Array = NDArray[np.inexact]


@dataclass(frozen=True)
class Loss:
    """A loss together with its gradient with respect to the output activation.

    Attributes
    ----------
    name : str
        How `bp.MLP(loss=...)` knows it.
    function : callable
        C(a, y): a of shape (m, n_L), y as `targets` says; returns a scalar, the mean over the m examples.
    gradient : callable
        dC/da of that mean, of shape (m, n_L).
    targets : str
        What y holds: "values", "zeros and ones" or "classes". It decides what is checked and what `predict` returns.
    outputs : tuple of str
        Names of the output activations that the loss may meet, the usual one first; empty for any (then the
        usual one is the identity).
    """

    name: str
    function: Callable[[Array, NDArray], Array]
    gradient: Callable[[Array, NDArray], Array]
    targets: str = "values"
    outputs: tuple[str, ...] = ()

    def __call__(self, a: Array, y: NDArray) -> Array:
        """Return C(a, y), a scalar: the sum over output units, the mean over examples."""
        return self.function(a, y)

    def __repr__(self) -> str:
        return f"<loss {self.name}>"


def get(choice: "str | Loss") -> Loss:
    """Return the loss of this name, or `choice` itself when it is a `Loss` already.

    Raises
    ------
    ValueError
        The name is unknown; the message lists the legal ones.

    >>> get("squared_error") is squared_error
    True
    """
    return choice if isinstance(choice, Loss) else checks.one_of("loss", choice, _BY_NAME)


def softmax(z: Array) -> Array:
    """Turn each row of logits into probabilities that sum to 1.

    The largest logit of a row is subtracted first. That changes nothing, for softmax(z + c) = softmax(z), and
    keeps the exponentials from overflowing.

    Parameters
    ----------
    z : array of shape (m, n_L)
        Logits.

    Returns
    -------
    p : array of shape (m, n_L)

    Raises
    ------
    ValueError
        z has another rank.

    >>> softmax(np.array([[1000.0, 1000.0]]))
    array([[0.5, 0.5]])
    """
    if not isinstance(z, np.ndarray) or z.ndim != 2:
        raise ValueError(
            f"z must be an array of shape (m, n_L), one row per example; got {checks.shown(z)}. "
            "For a single row pass np.array(z)[None, :]."
        )
    p = np.exp(z - z.real.max(axis=1, keepdims=True))  # (SM)
    p /= p.sum(axis=1, keepdims=True)  # (SM)
    return p


def _beside(a: Array, y: NDArray, classes: bool = False) -> NDArray:
    """Return y if it fits the outputs a, row by row: broadcasting would set every target beside every output."""
    shape, m = np.shape(y), len(a)
    if shape != a.shape and not (classes and shape == (m,)):
        form = f"{a.shape}{f', or ({m},) for class numbers' if classes else ''}"
        mend = "Check that x and y hold the same examples, one row each."
        if classes and shape == (m, 1):
            mend = "For class numbers pass np.ravel(y)."
        elif shape == (m,) and a.shape[1] == 1:
            mend = "Pass np.reshape(y, (-1, 1))."
        raise ValueError(f"y must have the shape of the outputs, {form}; got {shape}. {mend}")
    return y


def _squared_error(a: Array, y: NDArray) -> Array:
    y = _beside(a, y)
    return 0.5 * ((a - y) ** 2).sum() / len(a)  # (SE)


def _squared_error_gradient(a: Array, y: NDArray) -> Array:
    y = _beside(a, y)
    return (a - y) / len(a)


def _clipped(a: Array) -> Array:
    eps = float(np.finfo(a.real.dtype).eps)
    return np.clip(a, eps, 1 - eps)


def _cross_entropy(a: Array, y: NDArray) -> Array:
    a, y = _clipped(a), _beside(a, y)
    return -(y * np.log(a) + (1 - y) * np.log1p(-a)).sum() / len(a)  # (CE)


def _cross_entropy_gradient(a: Array, y: NDArray) -> Array:
    a, y = _clipped(a), _beside(a, y)
    return (a - y) / (a * (1 - a)) / len(a)


def _binary_cross_entropy(z: Array, y: NDArray) -> Array:
    # -y ln sigma(z) - (1 - y) ln(1 - sigma(z)) = ln(1 + e^z) - y z
    return (softplus(z) - _beside(z, y) * z).sum() / len(z)


def _binary_cross_entropy_gradient(z: Array, y: NDArray) -> Array:
    return (sigmoid(z) - _beside(z, y)) / len(z)


def _softmax_cross_entropy(z: Array, y: NDArray) -> Array:
    # -sum_j y_j ln p_j = ln sum_k e^{z_k} - sum_j y_j z_j, because each row of y sums to 1
    y, z = _beside(z, y, classes=True), z - z.real.max(axis=1, keepdims=True)
    log_sum = np.log(np.exp(z).sum(axis=1))
    at_target = z[np.arange(len(z)), y] if y.ndim == 1 else (y * z).sum(axis=1)
    return (log_sum - at_target).sum() / len(z)


def _softmax_cross_entropy_gradient(z: Array, y: NDArray) -> Array:
    y = _beside(z, y, classes=True)
    delta = softmax(z)  # (SCE) p - y, over m
    if y.ndim == 1:
        delta[np.arange(len(z)), y] -= 1  # y is 1 at its class and 0 elsewhere
    else:
        delta -= y
    delta /= len(z)
    return delta


squared_error = Loss("squared_error", _squared_error, _squared_error_gradient)
"""Half the squared distance: C = mean over examples of 1/2 sum_j (a_j - y_j)^2; dC/da = (a - y)/m."""
cross_entropy = Loss("cross_entropy", _cross_entropy, _cross_entropy_gradient, "zeros and ones", ("sigmoid",))
"""C = mean of -sum_j [y_j ln a_j + (1 - y_j) ln(1 - a_j)] on the sigmoid's output a; dC/da = (a - y)/(a (1 - a) m).

Here a is clipped to [eps, 1 - eps] of its dtype, in value and gradient: a saturated unit then learns too little.
`binary_cross_entropy`, the same loss on logits, has no such trouble."""
binary_cross_entropy = Loss(
    "binary_cross_entropy", _binary_cross_entropy, _binary_cross_entropy_gradient, "zeros and ones", ("identity",)
)
"""The same loss on logits z: C = mean of sum_j [ln(1 + e^z_j) - y_j z_j]; dC/dz = (sigma(z) - y)/m."""
softmax_cross_entropy = Loss(
    "softmax_cross_entropy", _softmax_cross_entropy, _softmax_cross_entropy_gradient, "classes", ("identity",)
)
"""C = mean of -sum_j y_j ln p_j on logits, p = softmax(z); dC/dz = (p - y)/m.

y holds class numbers, or rows that sum to 1."""

_BY_NAME = {loss.name: loss for loss in (squared_error, cross_entropy, binary_cross_entropy, softmax_cross_entropy)}
