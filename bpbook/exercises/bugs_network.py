"""What each mistake does to a whole backward pass, of any depth, with any activations and loss.

The pass below is `bpbook.backward` cut into rules, one for each thing that can go wrong. A mistake replaces one rule;
two mistakes replace two. With the rules as they stand it is the reference.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Any

import numpy as np

from ..activations import Activation, relu, sigmoid, tanh
from ..losses import Loss, softmax
from .bugs import BUGS
from .verdict import Mistake

__all__ = ["RIGHT", "SLIPS", "Net", "Rules", "Slip", "pairs", "run", "twins"]

Array = Any
Layers = list[Any]


@dataclass(frozen=True)
class Net:
    """One probe: a network, its data, its loss.

    Attributes
    ----------
    x, y : arrays of shape (m, n_0), (m, n_L) or (m,) of class numbers
    W, b, f : lists
        One member per layer, None at index 0.
    loss : Loss
    lmbda, eta : float
        Weight decay; learning rate, for the mistake that needs one.
    """

    x: Array
    y: Array
    W: Layers
    b: Layers
    f: list[Activation | Any]
    loss: Loss
    lmbda: float = 0.0
    eta: float = 0.0

    @property
    def L(self) -> int:
        """Layers of weights."""
        return len(self.W) - 1


def _feed(net: Net) -> tuple[Layers, Layers]:
    z: Layers = [None]
    a: Layers = [net.x]
    for l in range(1, net.L + 1):
        z.append(a[l - 1] @ net.W[l] + net.b[l])
        a.append(net.f[l](z[l]))
    return z, a


@dataclass(frozen=True)
class Rules:
    """The steps of the pass; each takes the network and what is known so far."""

    feed: Callable[[Net], tuple[Layers, Layers]] = _feed
    error: Callable[[Net, Array], Array] = lambda net, a: net.loss.gradient(a, net.y)
    slope: Callable[[Net, int, Layers, Layers], Array] = lambda net, l, z, a: net.f[l].prime(z[l])
    back: Callable[[Net, int, Layers, Layers, Array], Array] = lambda net, l, delta, dW, error: (
        delta[l + 1] @ net.W[l + 1].T
    )
    dW: Callable[[Net, int, Layers, Layers, Layers], Array] = lambda net, l, z, a, delta: a[l - 1].T @ delta[l]
    db: Callable[[Net, Array], Array] = lambda net, delta: delta.sum(axis=0)
    decay: Callable[[Net, int, Array], Array] = lambda net, l, dW: dW + net.lmbda * net.W[l]
    end: Callable[[Layers, Layers], tuple[Layers, Layers]] = lambda dW, db: (dW, db)


RIGHT = Rules()


def run(net: Net, rules: Rules = RIGHT) -> tuple[Layers, Layers, Layers]:
    """Return delta, dW, db, lists with None at index 0."""
    z, a = rules.feed(net)
    L = net.L
    delta: Layers = [None] * (L + 1)
    dW: Layers = [None] * (L + 1)
    db: Layers = [None] * (L + 1)
    error = rules.error(net, a[L])
    for l in range(L, 0, -1):
        came_back = error if l == L else rules.back(net, l, delta, dW, error)
        delta[l] = came_back * rules.slope(net, l, z, a)
        db[l] = rules.db(net, delta[l])
        dW[l] = rules.dW(net, l, z, a, delta)
        if net.lmbda:
            dW[l] = rules.decay(net, l, dW[l])
    return delta, *rules.end(dW, db)


@dataclass(frozen=True)
class Slip:
    """A mistake and the rule that it breaks."""

    mistake: Mistake
    rule: str
    broken: Callable[..., Any]

    def rules(self, rules: Rules = RIGHT) -> Rules:
        """Return the rules with this one broken."""
        return replace(rules, **{self.rule: self.broken})


def _m(net: Net) -> int:
    return len(net.x)


def _hidden(slope: Callable[..., Array]) -> Callable[..., Array]:
    """Break the slope in the hidden layers only."""
    return lambda net, l, z, a: (slope if l < net.L else RIGHT.slope)(net, l, z, a)


def _output(slope: Callable[..., Array]) -> Callable[..., Array]:
    return lambda net, l, z, a: (slope if l == net.L else RIGHT.slope)(net, l, z, a)


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
    _, a = _feed(net)
    return [None, *(a[l] for l in range(1, net.L + 1))], a


def _feed_without(what: str) -> Callable[[Net], tuple[Layers, Layers]]:
    def feed(net: Net) -> tuple[Layers, Layers]:
        z: Layers = [None]
        a: Layers = [net.x]
        for l in range(1, net.L + 1):
            z.append(a[l - 1] @ net.W[l] + (0 if what == "bias" else net.b[l]))
            skipped = (what == "output" and l == net.L) or (what == "hidden" and l < net.L)
            a.append(z[l] if skipped else net.f[l](z[l]))
        return z, a

    return feed


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


def _cut(layers: Layers) -> Layers:
    return [None if array is None else np.trunc(array) for array in layers]


def _turned(layers: Layers) -> Layers:
    return [None, *layers[:0:-1]]


def _slips() -> Iterator[tuple[str, str, Callable[..., Any]]]:
    """Give (name of the mistake, rule, what stands in its place)."""
    yield "db mean", "db", lambda net, d: d.mean(axis=0)
    yield "db one sum", "db", lambda net, d: np.full(d.shape[1], d.sum())
    yield "db one sum", "db", lambda net, d: d.sum()
    yield "db wrong axis", "db", lambda net, d: d.sum(axis=1)
    yield "db not summed", "db", lambda net, d: d
    yield "db zero", "db", lambda net, d: np.zeros(d.shape[1])
    yield "db one example", "db", lambda net, d: d[0]
    yield "db one example", "db", lambda net, d: d[-1]
    yield "db not averaged", "db", lambda net, d: d.sum(axis=0) * len(d)

    yield "not averaged", "error", lambda net, a: RIGHT.error(net, a) * _m(net)
    yield "averaged twice", "error", lambda net, a: RIGHT.error(net, a) / _m(net)
    yield "averaged twice", "back", lambda net, l, d, dW, e: RIGHT.back(net, l, d, dW, e) / _m(net)
    yield "factor two", "error", lambda net, a: RIGHT.error(net, a) * 2
    yield "factor two", "error", lambda net, a: RIGHT.error(net, a) / 2
    yield "averaged over units", "error", lambda net, a: RIGHT.error(net, a) / a.shape[1]
    yield "sign", "error", lambda net, a: -RIGHT.error(net, a)
    yield "sign", "end", lambda dW, db: ([w if w is None else -w for w in dW], [b if b is None else -b for b in db])

    for where in (lambda slope: slope, _hidden, _output):
        yield "derivative at a", "slope", where(_slope_at_a)
        yield "formula in a fed z", "slope", where(_slope_fed_z)
        yield "activation for derivative", "slope", where(lambda net, l, z, a: a[l])
        for other in (sigmoid, tanh, relu):
            yield "another derivative", "slope", where(_slope_of(other))
    yield "no output derivative", "slope", _output(_one)
    yield "no hidden derivative", "slope", _hidden(_one)
    yield "no derivative at all", "slope", _one
    yield (
        "gate open",
        "slope",
        _hidden(lambda net, l, z, a: (a[l] >= 0) * 1.0 if net.f[l].name == "relu" else RIGHT.slope(net, l, z, a)),
    )
    yield "z overwritten", "feed", _feed_overwriting
    yield "derivative of next layer", "slope", _hidden(lambda net, l, z, a: net.f[l + 1].prime(z[l + 1]))

    yield "output delta in hidden layer", "back", lambda net, l, d, dW, e: d[l + 1]
    yield "error sent back", "back", _error_back
    yield "star for at", "back", lambda net, l, d, dW, e: d[l + 1] * net.W[l + 1].T
    yield "star for at", "back", lambda net, l, d, dW, e: d[l + 1] * net.W[l + 1]
    yield "star for at", "dW", lambda net, l, z, a, d: a[l - 1].T * d[l]
    yield "star for at", "dW", lambda net, l, z, a, d: a[l - 1] * d[l]
    yield "W not transposed", "back", lambda net, l, d, dW, e: d[l + 1] @ net.W[l + 1]
    yield "dW for W", "back", lambda net, l, d, dW, e: d[l + 1] @ dW[l + 1].T
    yield "updated too early", "back", lambda net, l, d, dW, e: d[l + 1] @ (net.W[l + 1] - net.eta * dW[l + 1]).T
    yield "one layer off", "back", lambda net, l, d, dW, e: d[l + 1] @ net.W[l].T
    yield "one layer off", "back", lambda net, l, d, dW, e: d[l + 1] @ net.W[l]
    yield (
        "weights left out",
        "back",
        lambda net, l, d, dW, e: np.ones_like(net.W[l + 1][:, :1]).T * d[l + 1].sum(axis=1, keepdims=True),
    )

    yield "dW transposed", "dW", lambda net, l, z, a, d: d[l].T @ a[l - 1]
    yield "dW averaged twice", "dW", lambda net, l, z, a, d: a[l - 1].T @ d[l] / _m(net)
    yield "dW not averaged", "dW", lambda net, l, z, a, d: a[l - 1].T @ d[l] * _m(net)
    yield "z for a", "dW", lambda net, l, z, a, d: (z[l - 1] if l > 1 else a[0]).T @ d[l]
    yield "x for a", "dW", lambda net, l, z, a, d: a[0].T @ d[l]
    yield "one layer off", "dW", lambda net, l, z, a, d: a[l].T @ d[l]
    yield "one layer off", "dW", lambda net, l, z, a, d: a[l - 1].T @ d[min(l + 1, net.L)]
    yield "dW one example", "dW", lambda net, l, z, a, d: np.outer(a[l - 1][0], d[l][0])
    yield "dW one example", "dW", lambda net, l, z, a, d: np.outer(a[l - 1][-1], d[l][-1])
    yield "dW of sums", "dW", lambda net, l, z, a, d: np.outer(a[l - 1].sum(axis=0), d[l].sum(axis=0))

    yield "decay missing", "decay", lambda net, l, dW: dW
    yield "decay twice", "decay", lambda net, l, dW: dW + 2 * net.lmbda * net.W[l]
    yield "decay halved", "decay", lambda net, l, dW: dW + net.lmbda * net.W[l] / 2
    yield "decay averaged", "decay", lambda net, l, dW: dW + net.lmbda * net.W[l] / _m(net)
    yield "decay sign", "decay", lambda net, l, dW: dW - net.lmbda * net.W[l]
    yield "decay without W", "decay", lambda net, l, dW: dW + net.lmbda
    yield "decay in one layer", "decay", lambda net, l, dW: dW + net.lmbda * net.W[l] * (l == net.L)
    yield "decay in one layer", "decay", lambda net, l, dW: dW + net.lmbda * net.W[l] * (l == 1)

    yield "softmax over columns", "error", _of_softmax(lambda a: softmax(a.T).T)
    yield "softmax over all", "error", _of_softmax(lambda a: np.exp(a - a.max()) / np.exp(a - a.max()).sum())
    yield "logits for probabilities", "error", _of_softmax(lambda a: a)
    yield "target not subtracted", "error", lambda net, a: RIGHT.error(net, a) + _one_hot(net, a) / _m(net)
    yield "sigmoid for softmax", "error", _of_softmax(sigmoid)

    yield "no bias", "feed", _feed_without("bias")
    yield "no hidden activation", "feed", _feed_without("hidden")
    yield "no output activation", "feed", _feed_without("output")
    yield "integers", "end", lambda dW, db: (_cut(dW), _cut(db))
    yield "order of results", "end", lambda dW, db: (_turned(dW), _turned(db))
    yield "order of results", "end", lambda dW, db: (db, dW)


SLIPS = [Slip(BUGS[name], rule, broken) for name, rule, broken in _slips()]
"""Every mistake of a whole backward pass. One mistake may have several forms."""


def _biases_decayed(net: Net, rules: Rules) -> tuple[Layers, Layers, Layers]:
    delta, dW, db = run(net, rules)
    return delta, dW, [None, *(db[l] + net.lmbda * net.b[l] for l in range(1, net.L + 1))]


Take = Callable[[Layers, Layers, Layers], Any]


def twins(net_of: Callable[..., Net], take: Take, slips: Sequence[Slip] = SLIPS) -> dict[Callable[..., Any], Mistake]:
    """Return the wrong twins of a function, for the `mistakes` of an exercise.

    Parameters
    ----------
    net_of : callable
        Takes the reader's arguments, returns the `Net`.
    take : callable
        Takes delta, dW, db, returns what the reader's function returns.
    """

    def twin(slip: Slip) -> Callable[..., Any]:
        return lambda *arguments: take(*run(net_of(*arguments), slip.rules()))

    def decayed(*arguments: Any) -> Any:
        return take(*_biases_decayed(net_of(*arguments), RIGHT))

    return {twin(slip): slip.mistake for slip in slips} | {decayed: BUGS["biases decayed"]}


def pairs(
    net_of: Callable[..., Net], take: Take, slips: Sequence[Slip] = SLIPS
) -> Iterator[tuple[Callable[..., Any], Mistake, Mistake]]:
    """Give the twins with two mistakes at once, in different rules, each with both mistakes."""

    def twin(rules: Rules) -> Callable[..., Any]:
        return lambda *arguments: take(*run(net_of(*arguments), rules))

    for one, other in combinations(slips, 2):
        if one.rule != other.rule and one.mistake != other.mistake:
            yield twin(one.rules(other.rules())), one.mistake, other.mistake
