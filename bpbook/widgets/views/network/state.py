"""What a network looks like from outside: its numbers, and the words that go with them, as plain lists and text.

A browser draws this without doing arithmetic of its own. Layers count from 1, as everywhere: index 0 holds None.
"""

from functools import cache as remembered
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ....backprop import Grads
from ....mlp import MLP
from . import batch, words
from .words import Passed, vector

__all__ = ["BATCH", "EXPLAINED", "network_lines", "network_state", "promised", "rule"]

Weight = tuple[int, int, int]
EXPLAINED = 100
"""Networks of up to so many weights bring the explanation of every weight along."""
BATCH = 3
"""So many examples can be looked at together, as one batch."""
FLAT = 0.1
"""A slope below this share of the steepest one marks a unit."""


def network_state(
    net: MLP, x: NDArray[Any], y: NDArray[Any], explained: list[Weight] | None = None, eta: float = 0.5
) -> dict[str, Any]:
    """Return the network's numbers for each example alone (m = 1) and, under dW, db and C, for all as one batch.

    Every weight of a network with few is explained, or only these, as while one is dragged. Under "update" is what
    one step of gradient descent with this eta would make of the weights and biases, and what its gradient promises of
    C; under "flow" of an example, what its wires carry in every step. Under "batch" is what an example has, for all of
    them at once, a number each; it is None where there are too many.
    """
    all_ = _passed(net, x, y)
    grads = all_.grads
    if explained is None:
        every: list[Weight] = [(l, i, j) for l in range(1, len(net.W)) for i, j in np.ndindex(net.W[l].shape)]
        explained = every if len(every) <= EXPLAINED else []
    change = promised(grads, eta)
    last = words.update(net, grads, len(x), eta, change)
    return {
        "sizes": net.sizes,
        "f": [None, *(f.name for f in net.params.f[1:])],
        "W": _lists(net.W),
        "b": _lists(net.b),
        "dW": _lists(grads.dW),
        "db": _lists(grads.db),
        "C": net.loss(all_.cache, y),
        "update": {
            "W": _lists(_descended(net.W, grads.dW, eta)),
            "b": _lists(_descended(net.b, grads.db, eta)),
            "promised": change,
        },
        "lines": network_lines(net, x, y),
        "examples": [_example(all_, k, explained, eta, last) for k in range(len(x))],
        "batch": _batch(all_, explained, eta, last) if 1 < len(x) <= BATCH else None,
    }


def promised(grads: Grads, eta: float) -> float:
    """Return -eta |gradient|^2: how a step of gradient descent would change C, were C as straight as its tangent."""
    return -eta * float(sum((d.astype(np.float64) ** 2).sum() for d in [*grads.dW[1:], *grads.db[1:]]))


def rule(net: MLP, x: NDArray[Any], y: NDArray[Any], k: int, place: list[int], eta: float = 0.5) -> dict[str, str]:
    """Return what is known of weight [l, i, j] or unit [l, j] after each pass, for example k or all m (k = m)."""
    all_, m = _passed(net, x, y), len(x)
    one = all_ if k == m else _passed(net, x[k : k + 1], y[k : k + 1])
    if len(place) == 2:
        l, j = place
        if k == m:
            return batch.unit_rule(all_, l, j, eta)
        return words.unit_rule(one, l, j, all_.grads, eta, words.delta(one, l, j))
    weight = (place[0], place[1], place[2])
    return batch.weight_rule(all_, weight, eta) if k == m else words.weight_rule(one, weight, all_.grads, m, k, eta)


def _passed(net: MLP, x: NDArray[Any], y: NDArray[Any]) -> Passed:
    cache = net.forward(x)
    return Passed(net, x, y, cache, net.backward(cache, y))


def _descended(arrays: list[Any], gradients: list[Any], eta: float) -> list[Any]:
    """Return what gradient descent makes of these arrays (GD)."""
    return [None, *(array - eta * d for array, d in zip(arrays[1:], gradients[1:], strict=True))]


def _example(all_: Passed, k: int, weights: list[Weight], eta: float, last: dict[str, str]) -> dict[str, Any]:
    """Return the numbers and words of example k, these weights explained."""
    net, m = all_.net, len(all_.x)
    one = _passed(net, all_.x[k : k + 1], all_.y[k : k + 1])
    delta = remembered(lambda l, j: words.delta(one, l, j))
    return {
        **_numbers(one),
        "y": vector(one.y[0]),
        "weights": {_key(place): words.weight_rule(one, place, all_.grads, m, k, eta) for place in weights},
        "units": {_key(place): words.unit_rule(one, *place, all_.grads, eta, delta(*place)) for place in _units(net)},
        "steps": [*words.steps(one, delta), last],
        "lines": f"cache = net.forward(x[{k}:{k + 1}])\nC = net.loss(cache, y[{k}:{k + 1}])\n"
        f"grads = net.backward(cache, y[{k}:{k + 1}])\n",
    }


def _batch(all_: Passed, weights: list[Weight], eta: float, last: dict[str, str]) -> dict[str, Any]:
    """Return the same of all examples at once; where an example has a number, this has one for each of them."""
    return {
        **_numbers(all_),
        "y": ", ".join(vector(target) for target in all_.y),
        "weights": {_key(place): batch.weight_rule(all_, place, eta) for place in weights},
        "units": {_key(place): batch.unit_rule(all_, *place, eta) for place in _units(all_.net)},
        "steps": [*batch.steps(all_), last],
        "lines": "cache = net.forward(x)\nC = net.loss(cache, y)\ngrads = net.backward(cache, y)\n",
    }


def _key(place: tuple[int, ...]) -> str:
    return ",".join(map(str, place))


def _units(net: MLP) -> list[tuple[int, int]]:
    """Return the units whose rule comes along: all those of a network with few weights."""
    few = sum(W.size for W in net.W[1:]) <= EXPLAINED
    return [(l, j) for l, n in enumerate(net.sizes) if l for j in range(n)] if few else []


def _numbers(passed: Passed) -> dict[str, Any]:
    """Return a number a unit where one example passed, a list of them where a batch did."""
    net, cache, grads = passed.net, passed.cache, passed.grads
    slope = [None, *(f.prime(z) for f, z in zip(net.params.f[1:], cache.z[1:], strict=True))]
    return {
        "z": _by_unit(cache.z),
        "a": _by_unit(cache.a),
        "slope": _by_unit(slope),
        "delta": _by_unit(grads.delta),
        "dW": _lists(grads.dW),
        "marks": _marks(net, slope),
        "flow": _flow(passed, slope),
        "C": net.loss(cache, passed.y),
    }


def _marks(net: MLP, slope: list[Any]) -> list[list[str] | None]:
    """Say of each unit whose slope lets little or nothing of the error through what it is called: off, saturated."""
    return [
        None,
        *([_mark(f.name, column) for column in s.T] for f, s in zip(net.params.f[1:], slope[1:], strict=True)),
    ]


def _mark(f: str, slopes: NDArray[Any]) -> str:
    if f in ("sigmoid", "tanh"):
        names, closed = ["saturated"], [np.abs(slopes) < FLAT * {"sigmoid": 0.25, "tanh": 1.0}[f]]
    else:
        names, closed = ["off", "nearly off"], [slopes == 0, (slopes != 0) & (np.abs(slopes) < FLAT)]
    said = [(name, rows.sum()) for name, rows in zip(names, closed, strict=True) if rows.any()]
    m = len(slopes)
    return ", ".join(name if m in (1, count) else f"{name} in {count} of {m}" for name, count in said)


def _flow(passed: Passed, slope: list[Any]) -> list[list[float]]:
    """Return how much every wire carries in each step, over the most on the way there, or on the way back.

    Forward these are the terms of z, and a on its way to C; backward, delta of layer L and the terms of each earlier
    delta, f' included: where the slope is 0, nothing arrives. Nothing travels in the first and the last step. Of a
    batch it is the mean size over its rows.
    """
    (net, _, _, cache, grads), L = passed, len(passed.net.sizes) - 1
    there = [cache.a[l - 1][:, :, None] * net.W[l] for l in range(1, L + 1)] + [cache.a[L]]
    back = [slope[l][:, :, None] * net.W[l + 1] * grads.delta[l + 1][:, None] for l in range(L - 1, 0, -1)]
    return [[], *_sizes(there), *_sizes([grads.delta[L], *back]), []]


def _sizes(terms: list[NDArray[Any]]) -> list[list[float]]:
    """Return each term's mean size over the largest of all, to three decimals, and 0 only for 0."""
    terms = [np.abs(term).mean(axis=0) for term in terms]
    largest = max(term.max() for term in terms) or 1.0
    return [np.where(term == 0, 0, np.maximum(term / largest, 1e-3)).ravel().round(3).tolist() for term in terms]


def network_lines(net: MLP, x: NDArray[Any], y: NDArray[Any]) -> str:
    """Return the lines of Python that make this network, x and y again, to the last bit."""
    hidden, output = net.params.f[1 if len(net.sizes) > 2 else -1], net.params.f[-1]
    more = f", lmbda={net.params.lmbda!r}" if net.params.lmbda else ""
    more += f", dtype=np.{net.dtype.name}" if net.dtype != np.float64 else ""
    lines = [
        "import numpy as np",
        "import bpbook as bp",
        f'net = bp.MLP({net.sizes}, hidden="{hidden.name}", output="{output.name}", '
        f'loss="{net.loss_function.name}"{more})',
    ]
    for l in range(1, len(net.sizes)):
        lines += [f"net.W[{l}][...] = {net.W[l].tolist()}", f"net.b[{l}][...] = {net.b[l].tolist()}"]
    return "\n".join([*lines, f"x = np.array({x.tolist()})", f"y = np.array({y.tolist()})\n"])


def _by_unit(arrays: list[Any]) -> list[Any]:
    """Return one list per layer: of numbers where there is one row, else of lists."""
    return [None if array is None else (array[0] if len(array) == 1 else array.T).tolist() for array in arrays]


def _lists(arrays: list[Any]) -> list[Any]:
    """Return one list per layer."""
    return [None if array is None else array.tolist() for array in arrays]
