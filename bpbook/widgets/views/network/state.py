"""What a network looks like from outside: its numbers, and the words that go with them, as plain lists and text.

A browser draws this without doing arithmetic of its own. Layers count from 1, as everywhere: index 0 holds None.
"""

from collections.abc import Callable
from functools import cache as remembered
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ....backprop import Cache, Grads
from ....losses import softmax
from ....mlp import MLP
from ....paths import explain
from ...controls.words import bracketed, number

__all__ = ["EXPLAINED", "explained_unit", "explained_weight", "network_lines", "network_state"]

Weight = tuple[int, int, int]
EXPLAINED = 100
"""Networks of up to so many weights bring the explanation of every weight along."""
WIDE = 4
"""So many units or weights of a layer are written out; of more, the first one."""


def network_state(
    net: MLP, x: NDArray[Any], y: NDArray[Any], explained: list[Weight] | None = None, eta: float = 0.5
) -> dict[str, Any]:
    """Return the network's numbers for each example alone (m = 1) and, under dW, db and C, for all as one batch.

    Every weight of a network with few is explained, or only these, as while one is dragged. Under "update" is what
    one step of gradient descent with this eta would make of the weights and biases; under "flow" of an example, what
    its wires carry in every step.
    """
    cache = net.forward(x)
    grads = net.backward(cache, y)
    if explained is None:
        every: list[Weight] = [(l, i, j) for l in range(1, len(net.W)) for i, j in np.ndindex(net.W[l].shape)]
        explained = every if len(every) <= EXPLAINED else []
    return {
        "sizes": net.sizes,
        "f": [None, *(f.name for f in net.params.f[1:])],
        "W": _lists(net.W),
        "b": _lists(net.b),
        "dW": _lists(grads.dW),
        "db": _lists(grads.db),
        "C": net.loss(cache, y),
        "update": {"W": _lists(_descended(net.W, grads.dW, eta)), "b": _lists(_descended(net.b, grads.db, eta))},
        "lines": network_lines(net, x, y),
        "examples": [_example(net, x, y, k, explained, grads, eta) for k in range(len(x))],
    }


def _descended(arrays: list[Any], gradients: list[Any], eta: float) -> list[Any]:
    """Return what gradient descent makes of these arrays (GD)."""
    return [None, *(array - eta * d for array, d in zip(arrays[1:], gradients[1:], strict=True))]


def _example(
    net: MLP, x: NDArray[Any], y: NDArray[Any], k: int, weights: list[Weight], mean: Grads, eta: float
) -> dict[str, Any]:
    """Return the numbers and words of example k, these weights explained."""
    one, target = x[k : k + 1], y[k : k + 1]
    cache = net.forward(one)
    grads = net.backward(cache, target)
    slope = [None, *(f.prime(z) for f, z in zip(net.params.f[1:], cache.z[1:], strict=True))]
    few = sum(W.size for W in net.W[1:]) <= EXPLAINED
    units = [(l, j) for l, n in enumerate(net.sizes) if l for j in range(n)] if few else []
    delta = remembered(lambda l, j: _delta(net, one, target, l, j))
    explanations = {",".join(map(str, place)): explained_weight(net, x, y, k, place, mean, eta) for place in weights}
    return {
        "y": _vector(target[0]),
        "z": _lists(cache.z, row=True),
        "a": _lists(cache.a, row=True),
        "slope": _lists(slope, row=True),
        "delta": _lists(grads.delta, row=True),
        "dW": _lists(grads.dW),
        "flow": _flow(net, cache, slope, grads),
        "C": net.loss(cache, target),
        "weights": explanations,
        "units": {f"{l},{j}": _unit(net, cache, grads, l, j, delta(l, j)) for l, j in units},
        "steps": [*_steps(net, cache, grads, target, delta), _update(net, mean, len(x), eta)],
        "lines": f"cache = net.forward(x[{k}:{k + 1}])\nC = net.loss(cache, y[{k}:{k + 1}])\n"
        f"grads = net.backward(cache, y[{k}:{k + 1}])\n",
    }


def _flow(net: MLP, cache: Cache, slope: list[Any], grads: Grads) -> list[list[float]]:
    """Return how much every wire carries in each step, over the most on the way there, or on the way back.

    Forward these are the terms of z, and a on its way to C; backward, delta of layer L and the terms of each earlier
    delta, f' included: where the slope is 0, nothing arrives. Nothing travels in the first and the last step.
    """
    L = len(net.sizes) - 1
    there = [cache.a[l - 1][0][:, None] * net.W[l] for l in range(1, L + 1)] + [cache.a[L][0]]
    back = [slope[l][0][:, None] * net.W[l + 1] * grads.delta[l + 1][0] for l in range(L - 1, 0, -1)]
    return [[], *_sizes(there), *_sizes([grads.delta[L][0], *back]), []]


def _sizes(terms: list[NDArray[Any]]) -> list[list[float]]:
    """Return the size of each term over the largest of all, to three decimals, and 0 only for 0."""
    largest = max(np.abs(term).max() for term in terms) or 1.0
    return [
        np.where(term == 0, 0, np.maximum(np.abs(term) / largest, 1e-3)).ravel().round(3).tolist() for term in terms
    ]


def explained_weight(
    net: MLP, x: NDArray[Any], y: NDArray[Any], k: int, weight: Weight, mean: Grads | None = None, eta: float = 0.5
) -> str:
    """Return the chain rule of one weight for example k in HTML, the mean over the batch, and the weight's update."""
    text = explain(net, x[k : k + 1], y[k : k + 1], weight=weight).html()
    l, i, j = weight
    mean = mean or net.backward(net.forward(x), y)
    w, d = net.W[l][i, j], mean.dW[l][i, j]
    if len(x) > 1:
        derivative = f"∂<i>C</i>/∂{_symbol('w', (i, j), l)} = {number(d)}"
        text = f"{text}<br>\nThis is example {k} alone. The mean over all {len(x)}: {derivative}"
    return f"{text}<br>\nUpdate (GD): {_step_down(_symbol('w', (i, j), l), w, d, eta)}"


def explained_unit(net: MLP, x: NDArray[Any], y: NDArray[Any], k: int, l: int, j: int) -> str:
    """Return one unit's way forward and its delta for example k in HTML."""
    one, target = x[k : k + 1], y[k : k + 1]
    cache = net.forward(one)
    return _unit(net, cache, net.backward(cache, target), l, j, _delta(net, one, target, l, j))


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


# Words ------------------------------------------------------------------------------------------------------------


def _steps(
    net: MLP, cache: Cache, grads: Grads, y: NDArray[Any], delta: Callable[[int, int], str]
) -> list[dict[str, str]]:
    """Return a title and its formulas for each step: the input, L times forward, the loss, L times backward."""
    x = cache.a[0]
    L = len(net.sizes) - 1
    output = _symbol("a", (), L)
    given = f"{_symbol('a', (), 0)} = <i>x</i> = {_vector(x[0])}, and the target is <i>y</i> = {_vector(y[0])}"
    C = f"<i>C</i>({output}, <i>y</i>) = {number(net.loss(cache, y))}"
    if net.loss_function.targets == "classes":
        C = f"<i>p</i> = softmax({output}) = {_vector(softmax(cache.a[-1])[0])}<br>\n{C}"
    steps = [("The input", given)]
    for l in range(1, L + 1):
        written = [_forward(net, cache, l, j) for j in _first(net.sizes[l])]
        steps.append((f"Feedforward into layer {l} (FF)", _joined(written, net.sizes[l])))
    steps.append((f"Calculate loss: {net.loss_function.name.replace('_', ' ')}", C))
    for l in range(L, 0, -1):
        deltas = _joined([delta(l, j) for j in _first(net.sizes[l])], net.sizes[l])
        title = f"Backward pass: layer {l} ({'BP1' if l == L else 'BP2'})"
        steps.append((title, f"{deltas}<br>\n{_gradients(net, cache, grads, l)}"))
    return [{"title": title, "words": words} for title, words in steps]


def _first(count: int) -> range:
    """Return which of so many are written out."""
    return range(count if count <= WIDE else 1)


def _delta(net: MLP, x: NDArray[Any], y: NDArray[Any], l: int, j: int) -> str:
    """Return delta_j^l taken apart (BP1, BP2), for one example."""
    return explain(net, x, y, (l, 0, j)).html().split("<br>\n")[1]


def _gradients(net: MLP, cache: Cache, grads: Grads, l: int) -> str:
    """Return what the deltas of a layer make of its biases (BP3) and weights (BP4): all when they are few."""
    n, delta, a = net.sizes[l - 1], grads.delta[l][0], cache.a[l - 1][0]
    biases = [
        f"∂<i>C</i>/∂{_symbol('b', (j,), l)} = {_symbol('δ', (j,), l)} = {number(delta[j])}"
        for j in _first(net.sizes[l])
    ]
    weights = [
        f"∂<i>C</i>/∂{_symbol('w', (i, j), l)} = {_symbol('a', (i,), l - 1)} · {_symbol('δ', (j,), l)} = "
        f"{bracketed(a[i])} · {bracketed(delta[j])} = {number(a[i] * delta[j])}"
        for i, j in (divmod(place, net.sizes[l]) for place in _first(n * net.sizes[l]))
    ]
    more = [f"… and so on for all {n * net.sizes[l]} weights"] if n * net.sizes[l] > len(weights) else []
    decay = ["weight decay adds λ<i>w</i> to each"] if net.params.lmbda else []
    last = "; ".join([f"{weights[-1]} (BP4)", *more, *decay])
    return "<br>\n".join([f"{', '.join(biases)} (BP3)", *weights[:-1], last])


def _update(net: MLP, mean: Grads, m: int, eta: float) -> dict[str, str]:
    """Return the last step: what gradient descent does to one weight and one bias of every layer."""
    given = f"Against the gradient{f', the mean over all {m} examples' if m > 1 else ''}, with η = {number(eta)}:"
    lines = [
        f"{_step_down(_symbol('w', (0, 0), l), net.W[l][0, 0], mean.dW[l][0, 0], eta)}<br>\n"
        f"{_step_down(_symbol('b', (0,), l), net.b[l][0], mean.db[l][0], eta)}"
        for l in range(1, len(net.sizes))
    ]
    words = "<br>\n".join([given, *lines, "And so on for every weight: choose one to read its own."])
    return {"title": "Update weights (GD)", "words": words}


def _step_down(name: str, w: float, d: float, eta: float) -> str:
    """Return w <- w - eta dC/dw with its numbers."""
    numbers = f"{number(w)} − {number(eta)} · {bracketed(d)} = {number(w - eta * d)}"
    return f"{name} ← {name} − η ∂<i>C</i>/∂{name} = {numbers}"


def _forward(net: MLP, cache: Cache, l: int, j: int) -> str:
    """Return z_j^l and a_j^l with their numbers; a long sum by its first and last term."""
    a, z, W, b = cache.a[l - 1][0], cache.z[l][0, j], net.W[l][:, j], net.b[l][j]
    z_symbol, b_symbol = _symbol("z", (j,), l), _symbol("b", (j,), l)
    symbols = [f"{_symbol('a', (i,), l - 1)} · {_symbol('w', (i, j), l)}" for i in range(len(a))]
    numbers = [f"{bracketed(a[i])} · {bracketed(W[i])}" for i in range(len(a))]
    if len(a) > WIDE:
        symbols, numbers = [symbols[0], "…", symbols[-1]], [bracketed(a @ W)]
    sum_ = f"{' + '.join([*symbols, b_symbol])} = {' + '.join([*numbers, bracketed(b)])}"
    activation = f"{_symbol('a', (j,), l)} = {net.params.f[l].name}({z_symbol}) = {number(cache.a[l][0, j])}"
    return f"{z_symbol} = {sum_} = {number(z)}<br>\n{activation}"


def _unit(net: MLP, cache: Cache, grads: Grads, l: int, j: int, taken_apart: str) -> str:
    """Return one unit's way forward, its delta, and the gradient of its bias for this example (BP3)."""
    delta = f"{_symbol('δ', (j,), l)} = {number(grads.delta[l][0, j])}"
    return f"{_forward(net, cache, l, j)}<br>\n{taken_apart}<br>\n∂<i>C</i>/∂{_symbol('b', (j,), l)} = {delta} (BP3)"


def _joined(written: list[str], count: int) -> str:
    more = [f"… and so on for all {count} units: choose one to read its own"] if count > len(written) else []
    return "<br>\n".join(written + more)


def _symbol(letter: str, units: tuple[int, ...], layer: int) -> str:
    joined = ("" if max(units, default=0) < 10 else ",").join(map(str, units))
    return f"<i>{letter}</i>{f'<sub>{joined}</sub>' if units else ''}<sup>{layer}</sup>"


def _vector(values: NDArray[Any]) -> str:
    """Return (1, 2), or one number without brackets; of many numbers the first ones."""
    numbers = [number(value) for value in np.ravel(values)]
    if len(numbers) == 1:
        return numbers[0]
    return f"({', '.join(numbers[:10])}{', …' if len(numbers) > 10 else ''})"


# Arrays as lists --------------------------------------------------------------------------------------------------


def _lists(arrays: list[Any], row: bool = False) -> list[Any]:
    """Return one list per layer; with `row` that of the only example."""
    return [None if array is None else (array[0] if row else array).tolist() for array in arrays]
