"""The loss as a landscape: all weights and biases in one vector, and the exact curvature along any direction.

A network's loss is a function of thousands of numbers. Newton's method, a line search or a picture of the loss along
a line want them as one vector w, so `flatten` lines them up and `unflatten` puts such a vector back into layers. The
second derivatives are too many to write down, but what the Hessian does to one vector v costs about three gradients.

>>> import numpy as np
>>> import bpbook as bp
>>> net = bp.MLP([2, 3, 1], hidden="tanh", loss="squared_error", seed=0)
>>> w = flatten(net.params)
>>> w.shape, unflatten(w, net.params).W[1].shape
((13,), (2, 3))
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from . import backprop, checks, losses
from .backprop import Arrays, Grads, Params
from .losses import Loss

__all__ = ["flatten", "hessian_vector", "unflatten"]

Vector = NDArray[np.inexact]
STEP = 1e-20


def flatten(params: Params | Grads) -> Vector:
    """Return all weights and biases as one vector: W[1] row by row, b[1], W[2], b[2] and so on.

    Parameters
    ----------
    params : Params or Grads
        A network's `net.params`, or the gradients that `backward` returned, whose dW and db are lined up in that order.

    Returns
    -------
    w : array of shape (n,)
        A copy, n being the number of parameters.
    """
    W, b = (params.dW, params.db) if isinstance(params, Grads) else (params.W, params.b)
    pairs = zip(W[1:], b[1:], strict=True)
    return np.concatenate([np.ravel(array) for pair in pairs for array in pair])


def unflatten(vector: ArrayLike, params: Params) -> Params:
    """Return Params of the shapes, activations and lambda of `params`, filled from a vector that `flatten` lined up.

    Parameters
    ----------
    vector : array of shape (n,)
        Real or complex. It is copied, so a later change of it changes no network.
    params : Params
        Left alone.

    Raises
    ------
    ValueError
        The vector has another shape than (n,), n being the number of parameters.
    TypeError
        The vector does not hold numbers.

    >>> import bpbook as bp
    >>> params = bp.MLP([1, 2]).params
    >>> moved = unflatten([1.0, 2.0, 3.0, 4.0], params)
    >>> moved.W[1], moved.b[1]
    (array([[1., 2.]]), array([3., 4.]))
    """
    w = _vector("vector", vector, params)
    W: Arrays = [None]
    b: Arrays = [None]
    start = 0
    for own_W, own_b in zip(params.W[1:], params.b[1:], strict=True):
        for filled, like in ((W, own_W), (b, own_b)):
            filled.append(w[start : start + like.size].reshape(like.shape).copy())
            start += like.size
    return Params(W, b, params.f, params.lmbda)


def hessian_vector(params: Params, x: ArrayLike, y: ArrayLike, loss: str | Loss, v: ArrayLike) -> NDArray[np.float64]:
    """Return H v, where H holds the second derivatives of the loss, weight decay included.

    The gradient is taken at w + i h v for a tiny h. Its imaginary part over h is the derivative of the gradient in the
    direction v, which is H v. Because nothing is subtracted, h can be so small that only rounding is left of the error.
    All of H would be n such products, one for each column of the identity.

    Parameters
    ----------
    params : Params
        A network's `net.params`; left alone. The products are computed in float64.
    x, y : arrays of shape (m, n_0) and (m, n_L), (m,) for one output unit or class numbers
    loss : str or Loss
        As `net.loss_function`.
    v : array of shape (n,)
        A direction, in the order of `flatten`.

    Returns
    -------
    Hv : array of shape (n,)
        At a kink of relu or leaky_relu, where H is not defined, that of one side.

    Raises
    ------
    ValueError, TypeError
        An argument does not fit the network.

    References
    ----------
    Pearlmutter 1994 for the product without H; Squire and Trapp 1998 for the complex step.

    >>> import bpbook as bp
    >>> params = bp.MLP([1, 1], loss="squared_error", init="zeros").params
    >>> hessian_vector(params, [[3.0]], [0.0], "squared_error", [1.0, 0.0])  # C = (3 w + b)^2 / 2
    array([9., 3.])
    """
    loss = losses.get(loss)
    x = checks.inputs(x, len(params.W[1]))
    y = checks.targets(y, len(x), len(params.b[-1]), loss.targets)
    w, v = flatten(params), _vector("v", v, params)
    beside = unflatten(w.astype(np.float64) + 1j * STEP * v, params)
    grads = backprop.backward(beside, backprop.forward(beside, x), y, loss)
    return np.imag(flatten(grads)) / STEP


def _vector(argument: str, value: ArrayLike, params: Params) -> Vector:
    """Return `value` as a vector with one number per parameter."""
    array = checks.numeric(argument, value, complex_too=argument == "vector")
    n = sum(array.size for arrays in (params.W, params.b) for array in arrays[1:])
    if array.shape != (n,):
        raise ValueError(
            f"{argument} must have shape ({n},), one number per parameter; got {array.shape}. Pass flatten(params) or "
            "a vector like it."
        )
    return array
