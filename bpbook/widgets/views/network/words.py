"""The words that go with a network's numbers: each step's formulas, and the rule of one weight or one unit, in HTML.

A browser shows them as they are. Layers count from 1, as everywhere.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ....backprop import Cache, Grads
from ....losses import softmax
from ....mlp import MLP
from ....paths import explain
from ...controls.words import bracketed, number

__all__ = ["Passed", "delta", "first", "joined", "step_down", "steps", "symbol"]
__all__ += ["titled", "unit_rule", "update", "vector", "weight_rule", "z_in_numbers", "z_in_symbols"]

WIDE = 4
"""So many units or weights of a layer are written out; of more, the first one."""


class Passed(NamedTuple):
    """A network and what went through it forward and back: the rows x with targets y, alone or as one batch."""

    net: MLP
    x: NDArray[Any]
    y: NDArray[Any]
    cache: Cache
    grads: Grads


def steps(one: Passed, delta: Callable[[int, int], str]) -> list[dict[str, str]]:
    """Return a title and its formulas for each step before the update: the input, forward, the loss, backward."""
    net, cache, y = one.net, one.cache, one.y
    L = len(net.sizes) - 1
    output = symbol("a", (), L)
    given = f"{symbol('a', (), 0)} = <i>x</i> = {vector(one.x[0])}, and the target is <i>y</i> = {vector(y[0])}"
    C = f"<i>C</i>({output}, <i>y</i>) = {number(net.loss(cache, y))}"
    if net.loss_function.targets == "classes":
        C = f"<i>p</i> = softmax({output}) = {vector(softmax(cache.a[-1])[0])}<br>\n{C}"
    return titled(net, given, C, lambda l, j: _forward(one, l, j), delta, lambda l: _gradients(one, l))


def titled(
    net: MLP,
    given: str,
    C: str,
    forward: Callable[[int, int], str],
    delta: Callable[[int, int], str],
    gradients: Callable[[int], str],
) -> list[dict[str, str]]:
    """Put the steps one after the other: what is given, each layer's units forward, the loss, each layer back."""
    L = len(net.sizes) - 1

    def units(write: Callable[[int, int], str], l: int) -> str:
        return joined([write(l, j) for j in first(net.sizes[l])], net.sizes[l])

    written = [("The input", given)]
    written += [(f"Feedforward into layer {l} (FF)", units(forward, l)) for l in range(1, L + 1)]
    written += [(f"Calculate loss: {net.loss_function.name.replace('_', ' ')}", C)]
    written += [
        (f"Backward pass: layer {l} ({'BP1' if l == L else 'BP2'})", f"{units(delta, l)}<br>\n{gradients(l)}")
        for l in range(L, 0, -1)
    ]
    return [{"title": title, "words": words} for title, words in written]


def weight_rule(one: Passed, weight: tuple[int, int, int], mean: Grads, m: int, k: int, eta: float) -> dict[str, str]:
    """Return what is known of a weight for example k, of m, after the forward pass, the backward pass, the update."""
    l, i, j = weight
    net, a = one.net, one.cache.a[l - 1][0, i]
    w, d, name = net.W[l][i, j], mean.dW[l][i, j], symbol("w", (i, j), l)
    term = f"{bracketed(a)} · {bracketed(w)} = {number(a * w)}, a term of {symbol('z', (j,), l)}"
    text = explain(net, one.x, one.y, weight=weight).html()
    if m > 1:
        text = f"{text}<br>\nExample {k} alone; mean of all {m}: ∂<i>C</i>/∂{name} = {number(d)}"
    return {
        "forward": f"{symbol('a', (i,), l - 1)} · {name} = {term}",
        "backward": text,
        "update": f"Update (GD): {step_down(name, w, d, eta)}",
    }


def unit_rule(one: Passed, l: int, j: int, mean: Grads, eta: float, taken_apart: str) -> dict[str, str]:
    """Return the same of one unit and its bias: its way forward, its delta, the gradient of the bias (BP3)."""
    forward, bias = _forward(one, l, j), symbol("b", (j,), l)
    gradient = f"∂<i>C</i>/∂{bias} = {symbol('δ', (j,), l)} = {number(one.grads.delta[l][0, j])} (BP3)"
    return {
        "forward": forward,
        "backward": f"{forward}<br>\n{taken_apart}<br>\n{gradient}",
        "update": f"Update (GD): {step_down(bias, one.net.b[l][j], mean.db[l][j], eta)}",
    }


def update(net: MLP, mean: Grads, m: int, eta: float, promised: float) -> dict[str, str]:
    """Return the last step: what gradient descent does to a weight and a bias of every layer, and promises of C."""
    given = f"Against the gradient{f', the mean over all {m} examples' if m > 1 else ''}, with η = {number(eta)}:"
    lines = [
        f"{step_down(symbol('w', (0, 0), l), net.W[l][0, 0], mean.dW[l][0, 0], eta)}<br>\n"
        f"{step_down(symbol('b', (0,), l), net.b[l][0], mean.db[l][0], eta)}"
        for l in range(1, len(net.sizes))
    ]
    last = f"And so on. For <i>C</i> the gradient promises a change of −η|∇<i>C</i>|² = {number(promised)}."
    return {"title": "Update weights (GD)", "words": "<br>\n".join([given, *lines, last])}


# One line each ----------------------------------------------------------------------------------------------------


def first(count: int) -> range:
    """Return which of so many are written out."""
    return range(count if count <= WIDE else 1)


def step_down(name: str, w: float, d: float, eta: float) -> str:
    """Return w <- w - eta dC/dw with its numbers."""
    numbers = f"{number(w)} − {number(eta)} · {bracketed(d)} = {number(w - eta * d)}"
    return f"{name} ← {name} − η ∂<i>C</i>/∂{name} = {numbers}"


def penalties(net: MLP) -> list[str]:
    """Return what weight decay and the L1 penalty add to the gradient of a weight, where the network has them."""
    decay = ["weight decay adds λ<i>w</i> to each"] if net.params.lmbda else []
    return decay + (["the L1 penalty adds λ<sub>1</sub> sign <i>w</i> to each"] if net.params.lmbda_1 else [])


def delta(one: Passed, l: int, j: int) -> str:
    """Return delta_j^l taken apart (BP1, BP2), for one example."""
    return explain(one.net, one.x, one.y, (l, 0, j)).html().split("<br>\n")[1]


def _gradients(one: Passed, l: int) -> str:
    """Return what the deltas of a layer make of its biases (BP3) and weights (BP4): all when they are few."""
    deltas, a = one.grads.delta[l][0], one.cache.a[l - 1][0]
    biases = [
        f"∂<i>C</i>/∂{symbol('b', (j,), l)} = {symbol('δ', (j,), l)} = {number(deltas[j])}"
        for j in first(one.net.sizes[l])
    ]
    count = one.net.W[l].size
    weights = [
        f"∂<i>C</i>/∂{symbol('w', (i, j), l)} = {symbol('a', (i,), l - 1)} · {symbol('δ', (j,), l)} = "
        f"{bracketed(a[i])} · {bracketed(deltas[j])} = {number(a[i] * deltas[j])}"
        for i, j in (divmod(place, one.net.sizes[l]) for place in first(count))
    ]
    more = [f"… and so on for all {count} weights"] if count > len(weights) else []
    last = "; ".join([f"{weights[-1]} (BP4)", *more, *penalties(one.net)])
    return "<br>\n".join([f"{', '.join(biases)} (BP3)", *weights[:-1], last])


def _forward(one: Passed, l: int, j: int) -> str:
    """Return z_j^l and a_j^l with their numbers; a long sum by its first and last term."""
    net, cache = one.net, one.cache
    z = f"{z_in_symbols(net, l, j)} = {z_in_numbers(one, l, j)} = {number(cache.z[l][0, j])}"
    activation = f"{symbol('a', (j,), l)} = {net.params.f[l].name}({symbol('z', (j,), l)})"
    return f"{z}<br>\n{activation} = {number(cache.a[l][0, j])}"


def z_in_symbols(net: MLP, l: int, j: int) -> str:
    """Return z_j^l as a sum of terms in symbols; a long one by its first and last term."""
    terms = [f"{symbol('a', (i,), l - 1)} · {symbol('w', (i, j), l)}" for i in range(net.sizes[l - 1])]
    terms = [terms[0], "…", terms[-1]] if len(terms) > WIDE else terms
    return f"{symbol('z', (j,), l)} = {' + '.join([*terms, symbol('b', (j,), l)])}"


def z_in_numbers(passed: Passed, l: int, j: int, row: int = 0) -> str:
    """Return the same sum in the numbers of one row; of a long one, all weights together."""
    a, W, b = passed.cache.a[l - 1][row], passed.net.W[l][:, j], passed.net.b[l][j]
    terms = [f"{bracketed(a[i])} · {bracketed(W[i])}" for i in range(len(a))]
    terms = [bracketed(a @ W)] if len(a) > WIDE else terms
    return " + ".join([*terms, bracketed(b)])


def joined(written: list[str], count: int) -> str:
    """Join the lines of those units of a layer that are written out."""
    more = [f"… and so on for all {count} units: choose one to read its own"] if count > len(written) else []
    return "<br>\n".join(written + more)


def symbol(letter: str, units: tuple[int, ...], layer: int) -> str:
    """Return a symbol with its indices."""
    written = ("" if max(units, default=0) < 10 else ",").join(map(str, units))
    return f"<i>{letter}</i>{f'<sub>{written}</sub>' if units else ''}<sup>{layer}</sup>"


def vector(values: NDArray[Any]) -> str:
    """Return (1, 2), or one number without brackets; of many numbers the first ones."""
    numbers = [number(value) for value in np.ravel(values)]
    if len(numbers) == 1:
        return numbers[0]
    return f"({', '.join(numbers[:10])}{', …' if len(numbers) > 10 else ''})"
