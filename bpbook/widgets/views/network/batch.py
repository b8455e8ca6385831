"""The words of a batch: every step for all its examples at once, so that the sums over rows and their 1/m are seen."""

from typing import Any

import numpy as np

from ....losses import softmax
from ...controls.words import bracketed, number
from .words import (
    Passed,
    first,
    penalties,
    step_down,
    symbol,
    titled,
    vector,
    z_in_numbers,
    z_in_symbols,
)

__all__ = ["steps", "unit_rule", "weight_rule"]


def steps(batch: Passed) -> list[dict[str, str]]:
    """Return a title and its formulas for each step before the update."""
    net, cache = batch.net, batch.cache
    L, m = len(net.sizes) - 1, len(batch.x)
    rows = _and([vector(row) for row in batch.x])
    given = f"The rows of {symbol('a', (), 0)} = <i>x</i> are the {m} examples: {rows}; <i>y</i> = {_each(batch.y)}"
    alone = [net.loss(net.forward(batch.x[k : k + 1]), batch.y[k : k + 1]) for k in range(m)]
    C = f"<i>C</i> is the mean: ({' + '.join(map(number, alone))}) / {m} = {number(net.loss(cache, batch.y))}"
    if net.params.lmbda or net.params.lmbda_1:
        both = {"weight decay": net.params.lmbda, "the L1 penalty": net.params.lmbda_1}
        C += f", with {' and '.join(name for name, k in both.items() if k)} in each"
    if net.loss_function.targets == "classes":
        C = f"<i>p</i> = softmax({symbol('a', (), L)}) = {_and([vector(p) for p in softmax(cache.a[-1])])}<br>\n{C}"
    return titled(
        net,
        given,
        C,
        lambda l, j: _forward(batch, l, j),
        lambda l, j: _delta(batch, l, j),
        lambda l: _gradients(batch, l),
    )


def weight_rule(batch: Passed, weight: tuple[int, int, int], eta: float) -> dict[str, str]:
    """Return what is known of a weight after the forward pass, the backward pass and the update."""
    l, i, j = weight
    net, m, name = batch.net, len(batch.x), symbol("w", (i, j), l)
    w, terms = net.W[l][i, j], batch.cache.a[l - 1][:, i] * batch.grads.delta[l][:, j]
    own = f"Alone, the {m} examples have {_each(m * terms)}; this is their mean."
    if net.params.lmbda:
        own += f" Weight decay adds λ<i>w</i> = {number(net.params.lmbda * w)}."
    if net.params.lmbda_1:
        own += f" The L1 penalty adds λ<sub>1</sub> sign <i>w</i> = {number(net.params.lmbda_1 * np.sign(w))}."
    products = _each(batch.cache.a[l - 1][:, i] * w)
    return {
        "forward": f"{symbol('a', (i,), l - 1)} · {name} = {products}, a term of {symbol('z', (j,), l)}",
        "backward": f"{_weight_gradient(batch, l, i, j)} (BP4)<br>\n{_delta(batch, l, j)}<br>\n{own}",
        "update": f"Update (GD): {step_down(name, w, batch.grads.dW[l][i, j], eta)}",
    }


def unit_rule(batch: Passed, l: int, j: int, eta: float) -> dict[str, str]:
    """Return the same of one unit and its bias."""
    return {
        "forward": _forward(batch, l, j),
        "backward": f"{_delta(batch, l, j)}<br>\n{_bias_gradient(batch, l, j)} (BP3)",
        "update": f"Update (GD): {step_down(symbol('b', (j,), l), batch.net.b[l][j], batch.grads.db[l][j], eta)}",
    }


def _forward(batch: Passed, l: int, j: int) -> str:
    z = [f"{z_in_numbers(batch, l, j, row)} = {number(batch.cache.z[l][row, j])}" for row in range(len(batch.x))]
    activation = f"{symbol('a', (j,), l)} = {batch.net.params.f[l].name}({symbol('z', (j,), l)})"
    return f"{z_in_symbols(batch.net, l, j)} = {_and(z)}<br>\n{activation} = {_each(batch.cache.a[l][:, j])}"


def _delta(batch: Passed, l: int, j: int) -> str:
    """Return delta_j^l of each row taken apart (BP1, BP2)."""
    net, delta, L = batch.net, batch.grads.delta, len(batch.net.sizes) - 1
    slope = net.params.f[l].prime(batch.cache.z[l])[:, j]
    f = f"<i>f</i><sub>{l}</sub>′({symbol('z', (j,), l)})"
    if l == L:
        gradient = net.loss_function.gradient(batch.cache.a[L], batch.y)[:, j]
        whole, before = f"∂<i>C</i>/∂{symbol('a', (j,), L)}", [bracketed(d) for d in gradient]
        why = f"; <i>C</i> is a mean, so each ∂<i>C</i>/∂<i>a</i> carries its 1/{len(batch.x)}"
    else:
        why, after, W = "", range(net.sizes[l + 1]), net.W[l + 1][j]
        terms = [f"{symbol('w', (j, k), l + 1)} · {symbol('δ', (k,), l + 1)}" for k in after]
        terms = [terms[0], "…", terms[-1]] if len(terms) > len(first(len(terms))) else terms
        whole = terms[0] if len(terms) == 1 else f"({' + '.join(terms)})"
        before = [
            f"{bracketed(W[0])} · {bracketed(row[0])}" if len(W) == 1 else bracketed(row @ W) for row in delta[l + 1]
        ]
    products = [f"{b} · {bracketed(s)} = {number(d)}" for b, s, d in zip(before, slope, delta[l][:, j], strict=True)]
    return f"{symbol('δ', (j,), l)} = {whole} · {f} = {_and(products)}{why}"


def _gradients(batch: Passed, l: int) -> str:
    biases = [_bias_gradient(batch, l, j) for j in first(batch.net.sizes[l])]
    count = batch.net.W[l].size
    weight = "; ".join([f"{_weight_gradient(batch, l, 0, 0)} (BP4)", *penalties(batch.net)])
    more = [f"… and so on for all {count} weights: choose one to read its own"] if count > 1 else []
    return "<br>\n".join([*biases[:-1], f"{biases[-1]} (BP3)", weight, *more])


def _bias_gradient(batch: Passed, l: int, j: int) -> str:
    delta = batch.grads.delta[l][:, j]
    sum_ = " + ".join(map(bracketed, delta))
    return f"∂<i>C</i>/∂{symbol('b', (j,), l)} = Σ {symbol('δ', (j,), l)} = {sum_} = {number(delta.sum())}"


def _weight_gradient(batch: Passed, l: int, i: int, j: int) -> str:
    """Return the sum over rows of a_i^{l-1} delta_j^l; weight decay comes on top."""
    a, delta = batch.cache.a[l - 1][:, i], batch.grads.delta[l][:, j]
    terms = " + ".join(f"{bracketed(one)} · {bracketed(other)}" for one, other in zip(a, delta, strict=True))
    symbols = f"Σ {symbol('a', (i,), l - 1)} · {symbol('δ', (j,), l)}"
    return f"∂<i>C</i>/∂{symbol('w', (i, j), l)} = {symbols} = {terms} = {number(a @ delta)}"


def _each(values: Any) -> str:
    """Return the numbers of the rows."""
    return _and([vector(value) for value in np.asarray(values)])


def _and(written: list[str]) -> str:
    """Return the rows' texts, one after the other."""
    return " and ".join(written) if len(written) == 2 else f"{', '.join(written[:-1])} and {written[-1]}"
