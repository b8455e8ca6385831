"""What each mistake puts in the place of a rule of the backward pass, one line for each of its forms."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import numpy as np

from ...activations import Activation, relu, sigmoid, tanh
from ...losses import softmax
from .passes import RIGHT, Array, Layers, Net, feed

__all__ = ["FAMILIES", "Named", "feed_with", "first_example", "last_example", "slope_with"]


def _m(net: Net) -> int:
    return len(net.x)


def _slope_of_open_gate(net: Net, l: int, z: Layers, a: Layers) -> Array:
    return (a[l] >= 0) * 1.0 if net.f[l].name == "relu" else RIGHT.slope(net, l, z, a)


def _one(net: Net, l: int, z: Layers, a: Layers) -> Array:
    return np.ones_like(z[l])


def _slope_at_a(net: Net, l: int, z: Layers, a: Layers) -> Array:
    return net.f[l].prime(a[l])


FED_Z = {"sigmoid": lambda z: z * (1 - z), "tanh": lambda z: 1 - z**2}


def _slope_fed_z(net: Net, l: int, z: Layers, a: Layers) -> Array:
    return FED_Z[net.f[l].name](z[l]) if net.f[l].name in FED_Z else RIGHT.slope(net, l, z, a)


def _slope_of(other: Activation) -> Callable[..., Array]:
    return lambda net, l, z, a: other.prime(z[l])


def _feed_overwriting(net: Net) -> tuple[Layers, Layers]:
    _, a = net.fed
    return [None, *(a[l] for l in range(1, net.L + 1))], a


def feed_without(what: str) -> Callable[[Net], tuple[Layers, Layers]]:
    """Return a feedforward that leaves something out."""

    def feed(net: Net) -> tuple[Layers, Layers]:
        z: Layers = [None]
        a: Layers = [net.x]
        for l in range(1, net.L + 1):
            bare = what == "bias" or what == ("last bias" if l == net.L else "hidden bias")
            sign = -1 if what == "minus" else 1
            z.append(a[l - 1] @ net.W[l] + (0 if bare else sign * net.b[l]))
            skipped = (what == "output" and l == net.L) or (what == "hidden" and l < net.L)
            a.append(z[l] if skipped else net.f[l](z[l]))
        return z, a

    return feed


def feed_with(other: Activation) -> Callable[[Net], tuple[Layers, Layers]]:
    """Feed with another activation in the hidden layers."""
    return lambda net: feed(replace(net, f=[None, *[other] * (net.L - 1), net.f[net.L]]))


def slope_with(other: Activation) -> Callable[..., Array]:
    """Take another activation's derivative in the hidden layers; with `feed_with`, the activation is another one."""
    return lambda net, l, z, a: (other if l < net.L else net.f[l]).prime(z[l])


def _feed_passing_z(net: Net) -> tuple[Layers, Layers]:
    z: Layers = [net.x]
    for l in range(1, net.L + 1):
        z.append(z[l - 1] @ net.W[l] + net.b[l])
    return [None, *z[1:]], [net.x, *(net.f[l](z[l]) for l in range(1, net.L + 1))]


def _feed_by_star(net: Net) -> tuple[Layers, Layers]:
    z: Layers = [None]
    a: Layers = [net.x]
    for l in range(1, net.L + 1):
        z.append(a[l - 1] * net.W[l] + net.b[l])
        a.append(net.f[l](z[l]))
    return z, a


def _error_back(net: Net, l: int, delta: Layers, dW: Layers, error: Array) -> Array:
    for k in range(net.L, l, -1):
        error = error @ net.W[k].T
    return error


def _one_hot(net: Net, a: Array) -> Array:
    return np.eye(a.shape[1])[net.y] if net.y.ndim == 1 else net.y


def _of_softmax(p: Callable[[Array], Array]) -> Callable[[Net, Array], Array]:
    """Break the softmax, where the loss has one."""

    def error(net: Net, a: Array) -> Array:
        if net.loss.name != "softmax_cross_entropy":
            return RIGHT.error(net, a)
        return (p(a) - _one_hot(net, a)) / len(a)

    return error


ETAS = (1e-3, 3e-3, 0.01, 0.02, 0.03, 0.05, 0.1, 0.2, 0.3, 0.5, 1.0)
"""Learning rates that people write into a function that was not given one."""


def _through_new(eta: float) -> Callable[..., Array]:
    """Send delta back through the weights after a step of this learning rate."""
    return lambda net, l, d, dW, e: d[l + 1] @ (net.W[l + 1] - eta * dW[l + 1]).T


def _garbled(formula: Callable[[Array], Array]) -> Callable[..., Array]:
    """Break the derivative of sigmoid and tanh, the ones that are remembered as formulas in a."""
    return lambda net, l, z, a: formula(a[l]) if net.f[l].name in FED_Z else RIGHT.slope(net, l, z, a)


def _of_squares(error: Callable[[Net, Array], Array]) -> Callable[[Net, Array], Array]:
    """Break the derivative of the squared error, where it is the loss."""
    return lambda net, a: (error if net.loss.name == "squared_error" else RIGHT.error)(net, a)


def _of_classes(error: Callable[[Array, Array], Array]) -> Callable[[Net, Array], Array]:
    """Break the derivative of the softmax loss, given p and one-hot targets."""

    def broken(net: Net, a: Array) -> Array:
        if net.loss.name != "softmax_cross_entropy":
            return RIGHT.error(net, a)
        return error(softmax(a), _one_hot(net, a))

    return broken


def _rows_lowered(net: Net, a: Array) -> Array:
    if net.loss.name != "softmax_cross_entropy" or net.y.ndim > 1:
        return RIGHT.error(net, a)
    p = softmax(a)
    p[net.y] -= 1
    return p / len(p)


def _columns_lowered(net: Net, a: Array) -> Array:
    if net.loss.name != "softmax_cross_entropy" or net.y.ndim > 1:
        return RIGHT.error(net, a)
    p = softmax(a)
    p[:, net.y] -= 1
    return p / len(p)


def _by_rows(e: Array) -> Array:
    return e / e.sum(axis=1, keepdims=True)


def _shifted(a: Array) -> Array:
    return np.exp(a - a.max(axis=1, keepdims=True))


def _softmax_again(net: Net, a: Array) -> Array:
    slope = softmax(a) * (1 - softmax(a)) if net.loss.name == "softmax_cross_entropy" else 1.0
    return RIGHT.error(net, a) * slope


def _squared_error(net: Net, a: Array) -> Array:
    """Take the squared error's gradient where the loss is a cross-entropy of sigmoids."""
    if net.loss.name == "binary_cross_entropy":
        return RIGHT.error(net, a) * sigmoid.prime(a)
    return (a - net.y) / len(a) if net.loss.name == "cross_entropy" else RIGHT.error(net, a)


def _cut(layers: Layers) -> Layers:
    return [None if array is None else np.trunc(array) for array in layers]


def _turned(layers: Layers) -> Layers:
    return [None, *layers[:0:-1]]


Named = Iterator[tuple[str, str, Callable[..., Any]]]
"""Name of the mistake, rule, what stands in its place."""


def _bias_slips() -> Named:
    yield "db mean", "db", lambda net, l, d: d[l].mean(axis=0)
    yield "db one sum", "db", lambda net, l, d: np.full(d[l].shape[1], d[l].sum())
    yield "db one sum", "db", lambda net, l, d: d[l].sum()
    yield "db wrong axis", "db", lambda net, l, d: d[l].sum(axis=1)
    yield "db wrong axis", "db", lambda net, l, d: d[l].sum(axis=1, keepdims=True)
    yield "db not summed", "db", lambda net, l, d: d[l]
    yield "db zero", "db", lambda net, l, d: np.zeros(d[l].shape[1])
    yield "db one example", "db", lambda net, l, d: d[l][0]
    yield "db one example", "db", lambda net, l, d: d[l][-1]
    yield "db not averaged", "db", lambda net, l, d: d[l].sum(axis=0) * len(d[l])


def _output_slips() -> Named:
    yield "not averaged", "error", lambda net, a: RIGHT.error(net, a) * _m(net)
    yield "averaged twice", "error", lambda net, a: RIGHT.error(net, a) / _m(net)
    yield "averaged twice", "back", lambda net, l, d, dW, e: RIGHT.back(net, l, d, dW, e) / _m(net)
    yield "average undone", "back", lambda net, l, d, dW, e: RIGHT.back(net, l, d, dW, e) * _m(net)
    yield "averaged over m - 1", "error", lambda net, a: RIGHT.error(net, a) * _m(net) / max(_m(net) - 1, 1)
    yield "loss for derivative", "error", _of_squares(lambda net, a: 0.5 * (a - net.y) ** 2 / len(a))
    yield "absolute value", "error", _of_squares(lambda net, a: abs(a - net.y) / len(a))
    yield "factor two", "error", lambda net, a: RIGHT.error(net, a) * 2
    yield "factor two", "error", lambda net, a: RIGHT.error(net, a) / 2
    yield "averaged over units", "error", lambda net, a: RIGHT.error(net, a) / a.shape[1]
    yield "sign", "error", lambda net, a: -RIGHT.error(net, a)
    yield "sign", "end", lambda dW, db: ([w if w is None else -w for w in dW], [b if b is None else -b for b in db])


def _slope_slips() -> Named:
    yield "derivative at a", "slope", _slope_at_a
    yield "formula in a fed z", "slope", _slope_fed_z
    yield "activation for derivative", "slope", lambda net, l, z, a: a[l]
    for other in (sigmoid, tanh, relu):
        yield "another derivative", "slope", _slope_of(other)
    yield "another derivative", "slope", lambda net, l, z, a: a[l] * (1 - a[l])
    yield "another derivative", "slope", lambda net, l, z, a: 1 - a[l] ** 2
    for garbled in (lambda a: 1 - a, lambda a: (1 - a) ** 2, lambda a: 1 + a**2, lambda a: a**2, lambda a: a * (1 + a)):
        yield "derivative misremembered", "slope", _garbled(garbled)
    yield "no derivative at all", "slope", _one
    yield "no output derivative", "slope", lambda net, l, z, a: (_one if l == net.L else RIGHT.slope)(net, l, z, a)
    yield "no hidden derivative", "slope", lambda net, l, z, a: (_one if l < net.L else RIGHT.slope)(net, l, z, a)
    yield "gate open", "slope", _slope_of_open_gate
    yield "z overwritten", "feed", _feed_overwriting
    yield "one derivative for all layers", "slope", lambda net, l, z, a: net.f[1 if l < net.L else l].prime(z[l])
    yield "derivative of next layer", "slope", lambda net, l, z, a: net.f[min(l + 1, net.L)].prime(z[min(l + 1, net.L)])
    yield "derivative of next layer", "slope", lambda net, l, z, a: net.f[min(l + 1, net.L)].prime(z[l])


def _back_slips() -> Named:
    yield "output delta in hidden layer", "back", lambda net, l, d, dW, e: d[l + 1]
    yield "error sent back", "back", _error_back
    yield "error sent back", "back", lambda net, l, d, dW, e: _error_back(net, l, d, dW, e) * _m(net)
    yield "star for at", "back", lambda net, l, d, dW, e: d[l + 1] * net.W[l + 1].T
    yield "star for at", "back", lambda net, l, d, dW, e: d[l + 1] * net.W[l + 1]
    yield "star for at", "dW", lambda net, l, z, a, d: a[l - 1].T * d[l]
    yield "star for at", "dW", lambda net, l, z, a, d: a[l - 1] * d[l]
    yield "W not transposed", "back", lambda net, l, d, dW, e: d[l + 1] @ net.W[l + 1]
    yield "dW for W", "back", lambda net, l, d, dW, e: d[l + 1] @ dW[l + 1].T
    yield "updated too early", "back", lambda net, l, d, dW, e: d[l + 1] @ (net.W[l + 1] - net.eta * dW[l + 1]).T
    for eta in ETAS:
        yield "updated too early", "back", _through_new(eta)
    yield "one layer off", "back", lambda net, l, d, dW, e: d[l + 1] @ net.W[l].T
    yield "one layer off", "back", lambda net, l, d, dW, e: d[l + 1] @ net.W[l]
    yield (
        "weights left out",
        "back",
        lambda net, l, d, dW, e: np.ones_like(net.W[l + 1][:, :1]).T * d[l + 1].sum(axis=1, keepdims=True),
    )


def first_example(net: Net, l: int, z: Layers, a: Layers, delta: Layers) -> Array:
    """Return the first example's share of dW, of the shape of W[l]."""
    return np.outer(a[l - 1][0], delta[l][0])


def last_example(net: Net, l: int, z: Layers, a: Layers, delta: Layers) -> Array:
    """Return the last example's share of dW, of the shape of W[l]."""
    return np.outer(a[l - 1][-1], delta[l][-1])


def _weight_slips() -> Named:
    yield "dW transposed", "dW", lambda net, l, z, a, d: d[l].T @ a[l - 1]
    yield "dW averaged twice", "dW", lambda net, l, z, a, d: a[l - 1].T @ d[l] / _m(net)
    yield "dW not averaged", "dW", lambda net, l, z, a, d: a[l - 1].T @ d[l] * _m(net)
    yield "z for a", "dW", lambda net, l, z, a, d: (z[l - 1] if l > 1 else a[0]).T @ d[l]
    yield "x for a", "dW", lambda net, l, z, a, d: a[0].T @ d[l]
    yield "one layer off", "dW", lambda net, l, z, a, d: a[l].T @ d[l]
    yield "one layer off", "dW", lambda net, l, z, a, d: a[l - 1].T @ d[min(l + 1, net.L)]
    yield "dW one example", "dW", first_example
    yield "dW one example", "dW", last_example
    yield "dW of sums", "dW", lambda net, l, z, a, d: np.outer(a[l - 1].sum(axis=0), d[l].sum(axis=0))

    yield "decay missing", "decay", lambda net, l, dW: dW
    yield "decay twice", "decay", lambda net, l, dW: dW + 2 * net.lmbda * net.W[l]
    yield "decay halved", "decay", lambda net, l, dW: dW + net.lmbda * net.W[l] / 2
    yield "decay averaged", "decay", lambda net, l, dW: dW + net.lmbda * net.W[l] / _m(net)
    yield "decay sign", "decay", lambda net, l, dW: dW - net.lmbda * net.W[l]
    yield "decay without W", "decay", lambda net, l, dW: dW + net.lmbda
    yield "decay once per example", "decay", lambda net, l, dW: dW + net.lmbda * net.W[l] * _m(net)
    yield "decay by sign", "decay", lambda net, l, dW: dW + net.lmbda * np.sign(net.W[l])
    yield "decay as loss", "decay", lambda net, l, dW: dW + net.lmbda / 2 * (net.W[l] ** 2).sum()
    yield "decay squared", "decay", lambda net, l, dW: dW + net.lmbda * net.W[l] ** 2


def _softmax_slips() -> Named:
    yield "softmax over columns", "error", _of_softmax(lambda a: softmax(a.T).T)
    yield "softmax over all", "error", _of_softmax(lambda a: np.exp(a - a.max()) / np.exp(a - a.max()).sum())
    yield "logits for probabilities", "error", _of_softmax(lambda a: a)
    yield "no shift", "error", _of_softmax(lambda a: _by_rows(np.exp(a)))
    yield "one shift for all", "error", _of_softmax(lambda a: _by_rows(np.exp(a - a.max())))
    yield "shift by size", "error", _of_softmax(lambda a: _by_rows(np.exp(a - abs(a).max(axis=1, keepdims=True))))
    yield "softmax over columns", "error", _of_softmax(lambda a: _shifted(a) / _shifted(a).sum(axis=0))
    yield "softmax over all", "error", _of_softmax(lambda a: _shifted(a) / _shifted(a).sum())
    yield "softmax differentiated again", "error", _softmax_again
    yield "not normalised", "error", _of_softmax(_shifted)
    yield "not normalised", "error", _of_softmax(np.exp)
    yield "sums without their axis", "error", _of_softmax(lambda a: _shifted(a) / _shifted(a).sum(axis=1))
    yield "target added", "error", _of_classes(lambda p, y: (p + y) / len(p))
    yield "only the right class", "error", _of_classes(lambda p, y: (p - 1) * y / len(p))
    yield "derivative by p", "error", _of_classes(lambda p, y: -y / p / len(p))
    yield "whole rows lowered", "error", _rows_lowered
    yield "whole rows lowered", "error", _columns_lowered
    yield "squared error's delta", "error", _squared_error
    yield "target not subtracted", "error", lambda net, a: RIGHT.error(net, a) + _one_hot(net, a) / _m(net)
    yield "sigmoid for softmax", "error", _of_softmax(sigmoid)


def _other_slips() -> Named:
    yield "no bias", "feed", feed_without("bias")
    yield "bias subtracted", "feed", feed_without("minus")
    yield "no bias", "feed", feed_without("hidden bias")
    yield "no bias", "feed", feed_without("last bias")
    yield "no hidden activation", "feed", feed_without("hidden")
    yield "no hidden activation", "feed", _feed_passing_z
    yield "no output activation", "feed", feed_without("output")
    yield "star for at", "feed", _feed_by_star
    yield "integers", "end", lambda dW, db: (_cut(dW), _cut(db))
    yield "order of results", "end", lambda dW, db: (_turned(dW), _turned(db))
    yield "order of results", "end", lambda dW, db: (db, dW)


FAMILIES = (_bias_slips, _output_slips, _slope_slips, _back_slips, _weight_slips, _softmax_slips, _other_slips)
"""Each gives the names of mistakes, the rule that they break, and how."""
