"""The faults, written anew in our words and code: each is a part of a program, beside the part that cures it."""

from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np

from .. import losses
from ..activations import relu, sigmoid
from ..backprop import Cache, Grads, Params, backward, forward
from .program import Array, Data, digits_data, program


def _back(params: Params, cache: Cache, gradient: Array, slopes: Callable[[int], Any]) -> Grads:
    """Go back through all layers, with the slopes that are given."""
    W, a = params.W, cache.a
    L = len(W) - 1
    delta: list[Any] = [None] * (L + 1)
    dW: list[Any] = [None] * (L + 1)
    db: list[Any] = [None] * (L + 1)
    for l in range(L, 0, -1):
        error = gradient if l == L else delta[l + 1] @ W[l + 1].T
        delta[l] = error * slopes(l)
        dW[l], db[l] = a[l - 1].T @ delta[l], delta[l].sum(axis=0)
    return Grads(delta, dW, db)


def _slopes(params: Params, cache: Cache) -> Callable[[int], Any]:
    """Return the slopes as they should be, with logits at the end."""
    return lambda l: 1.0 if l == len(params.W) - 1 else params.f[l].prime(cache.z[l])


def _softmax_gradient(cache: Cache, y: Array) -> Array:
    return losses.softmax_cross_entropy.gradient(cache.a[-1], y)


# A gate that never closes, or never opens -------------------------------------------------------------------


def open_gate(params: Params, cache: Cache, y: Array) -> Grads:
    """Take the slope of the ReLU from what came out of it, with >=: nothing that comes out is below 0."""
    last = len(params.W) - 1
    return _back(params, cache, _softmax_gradient(cache, y), lambda l: 1.0 if l == last else (cache.a[l] >= 0) * 1.0)


class Dropout:
    """A hidden layer of which half is silenced at random; what is left counts double."""

    def __init__(self) -> None:
        self.fresh()

    def fresh(self) -> None:
        """Let the dice fall as they did the first time."""
        self.rng = np.random.default_rng(0)
        self.mask: Array = np.ones(1)

    def forward(self, params: Params, x: Array) -> Cache:
        """Feed forward, with a fresh mask on the hidden layer."""
        z1 = x @ params.W[1] + params.b[1]
        self.mask = self.rng.integers(2, size=z1.shape)
        a1 = relu(z1) * self.mask * 2
        z2 = a1 @ params.W[2] + params.b[2]
        return Cache([None, z1, z2], [x, a1, z2])

    def backward(self, params: Params, cache: Cache, y: Array) -> Grads:
        """Send back what came through the mask, and nothing else."""
        slope = relu.prime(cache.z[1]) * self.mask * 2
        return _back(params, cache, _softmax_gradient(cache, y), lambda l: slope if l == 1 else 1.0)

    def without_mask(self, params: Params, cache: Cache, y: Array) -> Grads:
        """Remember the scale on the way back, and forget the mask."""
        slope = relu.prime(cache.z[1]) * 2
        return _back(params, cache, _softmax_gradient(cache, y), lambda l: slope if l == 1 else 1.0)


def relu_at_the_end(seed: int) -> Params:
    """Give the last layer a ReLU too."""
    params = program(eta=0.1).start(seed)
    return params._replace(f=[None, relu, relu])


# An array that is changed too early -------------------------------------------------------------------------


def too_early(eta: float) -> Callable[[Params, Cache, Array], Grads]:
    """Step with the last layer at once, and only then send delta back through it."""

    def backward_and_step(params: Params, cache: Cache, y: Array) -> Grads:
        delta2 = losses.squared_error.gradient(cache.a[2], y) * sigmoid.prime(cache.z[2])
        dW2, db2 = cache.a[1].T @ delta2, delta2.sum(axis=0)
        params.W[2][...] -= eta * dW2
        params.b[2][...] -= eta * db2
        delta1 = (delta2 @ params.W[2].T) * sigmoid.prime(cache.z[1])
        return Grads([None, delta1, delta2], [None, cache.a[0].T @ delta1, dW2], [None, delta1.sum(axis=0), db2])

    return backward_and_step


def first_layer_only(params: Params, grads: Grads, eta: float, lmbda: float) -> None:
    """Step with the first layer; the last one has had its step."""
    params.W[1][...] -= eta * grads.dW[1]
    params.b[1][...] -= eta * grads.db[1]


def overwriting(params: Params, x: Array) -> Cache:
    """Compute the activation in place, so that z and a are one array."""
    z: list[Any] = [None]
    a: list[Any] = [x]
    for l in range(1, len(params.W)):
        value = a[-1] @ params.W[l] + params.b[l]
        value[...] = params.f[l](value)
        z.append(value)
        a.append(value)
    return Cache(z, a)


# A shape that fits by accident ------------------------------------------------------------------------------


def turned(params: Params, cache: Cache, y: Array) -> Grads:
    """Form the outer product the wrong way round; where a layer is square, the shape still fits."""
    grads = backward(params, cache, y, losses.softmax_cross_entropy)
    dW = [None, *(array.T if array.shape[0] == array.shape[1] else array for array in grads.dW[1:])]
    return grads._replace(dW=dW)


@cache
def line_data() -> Data:
    """Return points of the plane, and a value that is nearly linear in them; y has shape (m,)."""
    rng = np.random.default_rng(0)
    x = rng.normal(size=(300, 2))
    y = 1 + 0.9 * x[:, 0] - 0.2 * x[:, 1] + 0.1 * rng.normal(size=300)
    return Data(x[:100], y[:100], x[100:], y[100:])


def every_pair(cache: Cache, y: Array) -> Any:
    """Subtract (m,) from (m, 1): NumPy makes m times m of it, every output against every target."""
    return 0.5 * ((cache.a[-1] - y) ** 2).mean()


def every_pair_back(params: Params, cache: Cache, y: Array) -> Grads:
    """Return the gradient of `every_pair`, which is right for that loss."""
    difference = (cache.a[-1] - y).mean(axis=1, keepdims=True) / len(y)
    return _back(params, cache, difference, lambda l: 1.0)


def own_target(cache: Cache, y: Array) -> Any:
    """Subtract each output's own target."""
    return losses.squared_error(cache.a[-1], y.reshape(-1, 1))


def own_target_back(params: Params, cache: Cache, y: Array) -> Grads:
    """Return the gradient of `own_target`."""
    return backward(params, cache, y.reshape(-1, 1), losses.squared_error)


# A state that is kept ---------------------------------------------------------------------------------------


class Accumulating:
    """Adds what it finds to what was there: the gradients are set to zero before, the hidden deltas are not."""

    def __init__(self) -> None:
        self.fresh()

    def fresh(self) -> None:
        """Begin with empty memories."""
        self.delta: dict[int, Array] = {}

    def backward(self, params: Params, cache: Cache, y: Array) -> Grads:
        """Go back, with the hidden delta added to the one of the call before, if it has the same shape."""
        W, a, z, f = params.W, cache.a, cache.z, params.f
        delta2 = _softmax_gradient(cache, y)
        delta1 = (delta2 @ W[2].T) * f[1].prime(z[1])
        m = len(delta1)
        delta1 = self.delta[m] = delta1 + self.delta.get(m, 0)
        return Grads(
            [None, delta1, delta2], [None, a[0].T @ delta1, a[1].T @ delta2], [None, delta1.sum(0), delta2.sum(0)]
        )


# An axis ----------------------------------------------------------------------------------------------------


def one_sum(params: Params, cache: Cache, y: Array) -> Grads:
    """Add up all of delta for the bias: one number, which NumPy hands to every unit."""
    grads = backward(params, cache, y, losses.softmax_cross_entropy)
    sums = (np.full(delta.shape[1], delta.sum()) for delta in grads.delta[1:])
    return grads._replace(db=[None, *sums])


def softmax_over_all(params: Params, x: Array) -> Cache:
    """Divide the exponentials by their sum over the whole batch."""
    z, a = forward(params, x)
    e = np.exp(z[-1] - z[-1].max())
    return Cache(z, [*a[:-1], e / e.sum()])


def softmax_by_rows(params: Params, x: Array) -> Cache:
    """Divide the exponentials of each example by their own sum."""
    z, a = forward(params, x)
    return Cache(z, [*a[:-1], losses.softmax(z[-1])])


def log_of_own(cache: Cache, y: Array) -> Any:
    """Return the mean surprise, -ln p, of the right classes."""
    return -np.log(cache.a[-1][np.arange(len(y)), y]).mean()


def from_probabilities(params: Params, cache: Cache, y: Array) -> Grads:
    """Go back from (p - y)/m, with the p that the forward pass made."""
    delta = cache.a[-1].copy()
    delta[np.arange(len(y)), y] -= 1
    return _back(
        params, cache, delta / len(y), lambda l: 1.0 if l == len(params.W) - 1 else params.f[l].prime(cache.z[l])
    )


# A sign -----------------------------------------------------------------------------------------------------


def growing(params: Params, grads: Grads, eta: float, lmbda: float) -> None:
    """Subtract the decay from the gradient, which is then subtracted from the weights."""
    for W, b, dW, db in zip(params.W[1:], params.b[1:], grads.dW[1:], grads.db[1:], strict=True):
        W -= eta * (dW - lmbda * W)
        b -= eta * db


def uphill_below(params: Params, grads: Grads, eta: float, lmbda: float) -> None:
    """Step down with the last layer and up with the first."""
    for l in range(1, len(params.W)):
        way = -1.0 if l == len(params.W) - 1 else 1.0
        params.W[l][...] += way * eta * grads.dW[l]
        params.b[l][...] += way * eta * grads.db[l]


# A scale ----------------------------------------------------------------------------------------------------


def summed(cache: Cache, y: Array) -> Any:
    """Add up the losses of the examples."""
    return losses.softmax_cross_entropy(cache.a[-1], y) * len(y)


def summed_back(params: Params, cache: Cache, y: Array) -> Grads:
    """Return the gradient of the sum."""
    return _back(params, cache, _softmax_gradient(cache, y) * len(y), _slopes(params, cache))


def grey_values() -> Data:
    """Return the digits as a camera gives them, from 0 to 255."""
    data = digits_data()
    return data._replace(x=255 * data.x, x_test=255 * data.x_test)


# Two of everything, and two orders --------------------------------------------------------------------------


def softmax_before_the_loss(cache: Cache, y: Array) -> Any:
    """Hand probabilities to a loss that takes logits and makes probabilities of them once more."""
    return losses.softmax_cross_entropy(losses.softmax(cache.a[-1]), y)


def softmax_twice_back(params: Params, cache: Cache, y: Array) -> Grads:
    """Return the gradient of `softmax_before_the_loss`, which is right for that loss."""
    p = losses.softmax(cache.a[-1])
    g = losses.softmax_cross_entropy.gradient(p, y)
    delta = p * (g - (g * p).sum(axis=1, keepdims=True))
    return _back(params, cache, delta, _slopes(params, cache))


def two_orders() -> Data:
    """Shuffle the training images, and leave their labels where they were."""
    data = digits_data()
    return data._replace(x=np.random.default_rng(5).permutation(data.x))
