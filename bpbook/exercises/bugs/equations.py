"""What each mistake does to one equation: families of wrong twins for the `mistakes` of an exercise.

Each family is for one signature; `carried` turns it into another. Most are pieces of the whole backward pass of
`network.py`, taken at one layer.
"""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from ...activations import Activation, identity
from ...losses import Loss, softmax, softmax_cross_entropy
from ..judging.verdict import Mistake
from .catalogue import BUGS
from .network import SLIPS, twins
from .passes import Net, Slip

__all__ = ["bias_gradient", "carried", "decayed", "hidden_delta", "masked_delta", "output_delta", "softmax_delta"]
__all__ += ["weight_gradient"]

Array = Any
Twins = dict[Callable[..., Any], Mistake]
FIXED = Mistake(
    "dropout scale fixed",
    "You wrote 2, which is the scale of a mask that lets half of the units through. Multiply by `scale`.",
)
GIVEN = Loss("a given delta", lambda a, y: (a * y).sum(), lambda a, y: y)
"""A loss whose gradient is its target: with it, a delta can be handed to the pass."""


def _slips(*rules: str, without: tuple[str, ...] = ()) -> list[Slip]:
    """Return the mistakes in these rules, without those that mean nothing where there is one layer."""
    return [slip for slip in SLIPS if slip.broken.keys() <= set(rules) and slip.mistake.name not in without]


def _one_layer(x: Array, W: Array, f: Activation | Any, y: Array, loss: Loss, lmbda: float = 0.0) -> Net:
    return Net(x, y, [None, W], [None, np.zeros(W.shape[1])], [None, f], loss, lmbda)


def carried(family: Mapping[Callable[..., Any], Mistake], into: Callable[[Callable[..., Any]], Any]) -> Twins:
    """Return a family for another function; `into` makes a twin of that function of each of the family's."""
    return {into(twin): mistake for twin, mistake in family.items()}


def _of_given_delta(family: Twins) -> Twins:
    """Return a family without a word of the loss, for an equation that is given delta."""
    return {twin: BUGS["sign of delta"] if mistake is BUGS["sign"] else mistake for twin, mistake in family.items()}


def output_delta(f: Activation, loss: Loss) -> Twins:
    """(BP1), as `output_delta(z, y)` of shape (m, n_L)."""
    found = twins(
        lambda z, y: _one_layer(z, np.eye(z.shape[1]), f, y, loss),
        lambda delta, dW, db: delta[1],
        _slips("error", "slope", without=("no derivative at all", "one derivative for all layers")),
    )
    found[lambda z, y: (f(z) - y) / len(z) * f.prime(f(z) - y)] = BUGS["one layer off"]
    found[lambda z, y: (z - y) / len(z) * f.prime(z)] = BUGS["z compared"]
    return found


def hidden_delta(f: Activation) -> Twins:
    """(BP2), as `hidden_delta(delta, W, z)`: delta (m, n_{l+1}) and W (n_l, n_{l+1}) of the layer above, z (m, n_l)."""

    def net_of(delta: Array, W: Array, z: Array) -> Net:
        nothing = np.zeros(z.shape[1])
        W_below = np.eye(z.shape[1])
        return Net(z, delta, [None, W_below, W], [None, nothing, np.zeros(W.shape[1])], [None, f, identity], GIVEN)

    found = twins(
        net_of,
        lambda delta, dW, db: delta[1],
        _slips(
            "slope",
            "back",
            without=(
                "no derivative at all",
                "one layer off",
                "derivative of next layer",
                "one derivative for all layers",
                "error sent back",
            ),
        ),
    )
    found[lambda delta, W, z: -(delta @ W.T) * f.prime(z)] = BUGS["sign of delta"]
    return found


def weight_gradient() -> Twins:
    """(BP4), as `weight_gradient(a, delta)`: a (m, n_{l-1}) of the layer below, delta (m, n_l)."""
    found = twins(
        lambda a, delta: _one_layer(a, np.zeros((a.shape[1], delta.shape[1])), identity, delta, GIVEN),
        lambda delta, dW, db: dW[1],
        _slips("dW", "end", without=("one layer off", "order of results")),
    )
    found[np.outer] = BUGS["outer of all"]
    return _of_given_delta(found)


def bias_gradient() -> Twins:
    """(BP3), as `bias_gradient(delta)`, delta of shape (m, n_l)."""
    found = twins(
        lambda delta: _one_layer(delta, np.eye(delta.shape[1]), identity, delta, GIVEN),
        lambda delta, dW, db: db[1],
        _slips("db", "end", without=("order of results",)),
    )
    return _of_given_delta(found)


def decayed() -> Twins:
    """(BP4) with weight decay, as `decayed(a, delta, W, lmbda)`."""
    found = twins(
        lambda a, delta, W, lmbda: _one_layer(a, W, identity, delta, GIVEN, lmbda),
        lambda delta, dW, db: dW[1],
        _slips("dW", "end", "decay", without=("one layer off", "order of results", "decay in one layer")),
    )
    return _of_given_delta(found)


def softmax_delta() -> Twins:
    """(SCE), as `softmax_delta(z, y)`: logits (m, n_L), class numbers (m,); delta of the mean loss."""
    found = twins(
        lambda z, y: _one_layer(z, np.eye(z.shape[1]), identity, y, softmax_cross_entropy),
        lambda delta, dW, db: delta[1],
        _slips("error", without=("factor two",)),
    )
    found[lambda z, y: (softmax(z) - y) / len(z)] = BUGS["class numbers for rows"]
    found[lambda z, y: softmax(z) - y] = BUGS["class numbers for rows"]
    found[lambda z, y: (softmax(z) - y[:, None]) / len(y)] = BUGS["class numbers for rows"]
    found[lambda z, y: softmax(z) - y[:, None]] = BUGS["class numbers for rows"]
    return found


def masked_delta(f: Activation) -> Twins:
    """(BP2) under dropout, as `masked_delta(delta, W, z, mask, scale)`: a = f(z) * mask * scale on the way forward."""

    def family(name: str, broken: Callable[..., Array]) -> Twins:
        return {broken: BUGS[name]}

    def of_masked(delta: Array, W: Array, z: Array, mask: Array, scale: float) -> Array:
        a = f(z) * mask * scale
        return (delta @ W.T) * (1 - a**2) * mask * scale

    both = carried(hidden_delta(f), lambda twin: lambda delta, W, z, mask, scale: twin(delta, W, z) * mask * scale)
    return (
        both
        | family("dropout scale missing", lambda delta, W, z, mask, scale: (delta @ W.T) * f.prime(z) * mask)
        | {lambda delta, W, z, mask, scale: (delta @ W.T) * f.prime(z) * mask * 2: FIXED}
        | family("dropout scale twice", lambda delta, W, z, mask, scale: (delta @ W.T) * f.prime(z) * mask * scale**2)
        | family("dropout scale divided", lambda delta, W, z, mask, scale: (delta @ W.T) * f.prime(z) * mask / scale)
        | family("derivative of masked a", of_masked)
        | family("dropout mask missing", lambda delta, W, z, mask, scale: (delta @ W.T) * f.prime(z) * scale)
        | family("dropout mask missing", lambda delta, W, z, mask, scale: (delta @ W.T) * f.prime(z))
        | family("mask on the wrong delta", lambda delta, W, z, mask, scale: (delta * mask * scale) @ W.T * f.prime(z))
        | family(
            "derivative at a", lambda delta, W, z, mask, scale: (delta @ W.T) * f.prime(z * mask * scale) * mask * scale
        )
    )
