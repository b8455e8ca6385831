"""The backward pass cut into rules, one for each thing that can go wrong.

It is `bpbook.backward` once more. A mistake replaces one rule; two mistakes replace two. With the rules as they stand
it is the reference.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from ...activations import Activation
from ...losses import Loss
from ..judging.verdict import Mistake

__all__ = ["RIGHT", "Array", "Layers", "Net", "Rules", "Slip", "feed", "run"]

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

    # What a hundred mistakes have in common is computed once.

    @cached_property
    def fed(self) -> tuple[Layers, Layers]:
        """z and a, as they should be."""
        return feed(self)

    @cached_property
    def slopes(self) -> Layers:
        """f'(z) of every layer, as it should be."""
        return [None, *(self.f[l].prime(self.fed[0][l]) for l in range(1, self.L + 1))]


def feed(net: Net) -> tuple[Layers, Layers]:
    """Return z and a, lists with one array of shape (m, n_l) per layer."""
    z: Layers = [None]
    a: Layers = [net.x]
    for l in range(1, net.L + 1):
        z.append(a[l - 1] @ net.W[l] + net.b[l])
        a.append(net.f[l](z[l]))
    return z, a


@dataclass(frozen=True)
class Rules:
    """The steps of the pass; each takes the network and what is known so far."""

    feed: Callable[[Net], tuple[Layers, Layers]] = lambda net: net.fed
    error: Callable[[Net, Array], Array] = lambda net, a: net.loss.gradient(a, net.y)
    slope: Callable[[Net, int, Layers, Layers], Array] = lambda net, l, z, a: (
        net.slopes[l] if z is net.fed[0] else net.f[l].prime(z[l])
    )
    back: Callable[[Net, int, Layers, Layers, Array], Array] = lambda net, l, delta, dW, error: (
        delta[l + 1] @ net.W[l + 1].T
    )
    dW: Callable[[Net, int, Layers, Layers, Layers], Array] = lambda net, l, z, a, delta: a[l - 1].T @ delta[l]
    db: Callable[[Net, int, Layers], Array] = lambda net, l, delta: delta[l].sum(axis=0)
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
        db[l] = rules.db(net, l, delta)
        dW[l] = rules.dW(net, l, z, a, delta)
        if net.lmbda:
            dW[l] = rules.decay(net, l, dW[l])
    return delta, *rules.end(dW, db)


@dataclass(frozen=True)
class Slip:
    """A mistake and the rules that it breaks, each with what stands in its place."""

    mistake: Mistake
    broken: Mapping[str, Callable[..., Any]]

    def rules(self, rules: Rules = RIGHT) -> Rules:
        """Return the rules with these broken."""
        return replace(rules, **self.broken)
