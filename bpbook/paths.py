"""A gradient read as a sum over paths: the chain rule for one weight, with this network's numbers.

A weight w_ij^l reaches the loss C along many paths: through unit j of layer l, then through one unit of each layer
after it. Along a path the factors multiply; over all paths the products add up:

    dC/dw_ij^l = sum over paths of  a_i^{l-1} f_l'(z_j^l) w_jk^{l+1} f_{l+1}'(z_k^{l+1}) ... dC/da^L         (PS)

There are n_{l+1} n_{l+2} ... n_L of them. Nobody lists millions: paths that meet in a unit share all that follows,
so the sum from that unit on is worked out once. That is dynamic programming, and for sums of products it is
BP1 and BP2: the sum over all paths from unit j of layer l to C, without a_i, is delta_j^l.
"""

import math
import operator
from dataclasses import dataclass
from itertools import product
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from . import checks
from .mlp import MLP

__all__ = ["Explanation", "Factor", "explain"]

FEW = 12
"""Up to so many paths are all listed; of more, the strongest."""
STRONGEST = 5
"""How many paths are listed where there are more than FEW."""
WIDE = 4
"""Longer sums are shown by their first and last term, and the deltas of wider layers are not taken apart."""


class Factor(NamedTuple):
    """One link of a path: what it is, where it stands, and its number in this network.

    Attributes
    ----------
    kind : str
        "a", "f'", "w" or "dC/da".
    layer : int
        The l in a^l, f_l', w^l or dC/da^l.
    units : tuple of int
        (i, j) of a weight w_ij, otherwise the one unit.
    value : float
    """

    kind: str
    layer: int
    units: tuple[int, ...]
    value: float


class _Links(NamedTuple):
    """What the factors of all paths are taken from: None or an array per layer, and dC/da^L."""

    W: list[Any]
    slope: list[Any]  # f_l'(z^l)
    end: NDArray[np.float64]

    def absolute(self) -> "_Links":
        W, slope = ([array if array is None else np.abs(array) for array in arrays] for arrays in self[:2])
        return _Links(W, slope, np.abs(self.end))


class _Delta(NamedTuple):
    """delta_j^l taken apart: sum of w_jk^{l+1} delta_k^{l+1}, or in layer L dC/da_j^L; times f_l'(z_j^l)."""

    layer: int
    unit: int
    value: float
    slope: Factor
    terms: list[tuple[Factor, float]]  # (w_jk, delta_k) for every unit k of the next layer; none in layer L
    end: Factor | None  # dC/da_j in layer L


@dataclass(frozen=True, repr=False)
class Explanation:
    """The chain rule for one weight; shows itself in LaTeX in a notebook and as plain text elsewhere.

    Attributes
    ----------
    weight : (int, int, int)
        l, i, j.
    value : float
        dC/dw_ij^l, the sum over all paths: the entry [i, j] of dW[l], without weight decay.
    weight_decay : float
        lambda w_ij^l, which `backward` adds to it.
    count : int
        How many paths there are, exactly.
    paths : list of list of Factor
        All paths when they are few, otherwise the strongest; the product of a path's values is what it adds.
    share : float
        Sum of |product| over the paths listed, divided by the same over all paths; 1 when every product is 0.
    """

    weight: tuple[int, int, int]
    value: float
    weight_decay: float
    count: int
    paths: list[list[Factor]]
    share: float
    _deltas: list[_Delta]
    _decay: tuple[float, float]  # lambda, w

    def __repr__(self) -> str:
        return "\n".join(_written(self, _PLAIN))

    def _repr_latex_(self) -> str:
        lines = " \\\\\n".join(_written(self, _LATEX))
        return f"$$\\begin{{aligned}}\n{lines}\n\\end{{aligned}}$$"

    def html(self) -> str:
        """Return the same in HTML that needs no more than <sub>, <sup>, <i> and <br>."""
        return "<br>\n".join(_written(self, _HTML))


def explain(net: MLP, x: ArrayLike, y: ArrayLike, weight: tuple[int, int, int]) -> Explanation:
    """Write out the chain rule for one weight and one example, path by path.

    Parameters
    ----------
    net : MLP
        Left alone.
    x : array of shape (1, n_0)
        One example: a path's numbers belong to one.
    y : array of shape (1, n_L), or (1,) for one output unit or a class number
        Its target.
    weight : (l, i, j)
        The weight w_ij^l, from unit i of layer l - 1 to unit j of layer l: the entry `net.W[l][i, j]`.

    Returns
    -------
    explanation : Explanation

    Raises
    ------
    ValueError
        x holds more than one example, or there is no such weight.
    TypeError
        net is not an MLP, or weight not three whole numbers.

    Examples
    --------
    >>> net = MLP([1, 1], loss="squared_error", output="sigmoid")
    >>> net.W[1][...], net.b[1][...] = 1.0, -2.0
    >>> explain(net, [[2.0]], [1.0], weight=(1, 0, 0))
    dC/dw_00^1 = a_0^0 * delta_0^1 = 2 * (-0.125) = -0.25
    delta_0^1 = dC/da_0^1 * f_1'(z_0^1) = (-0.5) * 0.25 = -0.125
    1 path from w_00^1 to C:
    0 -> 0 -> C: a_0^0 * f_1'(z_0^1) * dC/da_0^1 = 2 * 0.25 * (-0.5) = -0.25
    """
    if not isinstance(net, MLP):
        raise TypeError(f"net must be an MLP; got {checks.shown(net)}.")
    l, i, j = _checked(weight, net.sizes)
    cache = net.forward(x)
    m = len(cache.a[0])
    if m != 1:
        raise ValueError(
            f"x must hold one example, as a path's numbers belong to one; got {m}. Pass x[k:k+1] and y[k:k+1]."
        )
    links = _links(net, cache.z, cache.a, checks.targets(y, 1, net.sizes[-1], net.loss_function.targets, net.dtype))
    a = Factor("a", l - 1, (i,), float(cache.a[l - 1][0, i]))
    delta, absolute = _sums_over_paths(links), _sums_over_paths(links.absolute())
    count = math.prod(net.sizes[l + 1 :])
    routes = _strongest(links, l, j) if count > FEW else product([j], *(range(n) for n in net.sizes[l + 1 :]))
    paths = [[a, *_factors(links, l, route)] for route in routes]
    kept = math.fsum(abs(math.prod(factor.value for factor in path)) for path in paths)
    total = abs(a.value) * float(absolute[l][j])
    w = float(net.W[l][i, j])
    return Explanation(
        weight=(l, i, j),
        value=a.value * float(delta[l][j]),
        weight_decay=net.params.lmbda * w,
        count=count,
        paths=paths,
        share=kept / total if count > FEW and total else 1.0,
        _deltas=_taken_apart(links, delta, l, j),
        _decay=(net.params.lmbda, w),
    )


def _checked(weight: Any, sizes: list[int]) -> tuple[int, int, int]:
    try:
        l, i, j = (operator.index(number) for number in weight)
    except (TypeError, ValueError):
        raise TypeError(
            f"weight must be three whole numbers (l, i, j), as in (1, 0, 0); got {checks.shown(weight)}."
        ) from None
    if not 1 <= l < len(sizes):
        raise ValueError(f"l of weight (l, i, j) must be from 1 to {len(sizes) - 1}; got {l}. Layers count from 1.")
    for letter, unit, layer in (("i", i, l - 1), ("j", j, l)):
        if not 0 <= unit < sizes[layer]:
            raise ValueError(
                f"{letter} of weight ({l}, i, j) must be from 0 to {sizes[layer] - 1}, a unit of layer {layer}; "
                f"got {unit}. Units count from 0; i is the unit it comes from, j the unit it leads to."
            )
    return l, i, j


def _links(net: MLP, z: list[Any], a: list[Any], y: NDArray[Any]) -> _Links:
    W = [None] + [np.asarray(w, np.float64) for w in net.W[1:]]
    slope = [None] + [np.asarray(f.prime(z_l)[0], np.float64) for f, z_l in zip(net.params.f[1:], z[1:], strict=True)]
    return _Links(W, slope, np.asarray(net.loss_function.gradient(a[-1], y)[0], np.float64))


# Dynamic programming over the layers ------------------------------------------------------------------------------


def _sums_over_paths(links: _Links) -> list[Any]:
    """Return s, where s[l][j] is the sum of the products of all paths from unit j of layer l to C."""
    W, slope, end = links
    L = len(W) - 1
    s: list[Any] = [None] * (L + 1)
    s[L] = slope[L] * end
    for l in range(L - 1, 0, -1):
        s[l] = slope[l] * (W[l + 1] @ s[l + 1])  # (PS)
    return s


def _strongest(links: _Links, l: int, j: int) -> list[tuple[int, ...]]:
    """Return the strongest paths from unit j of layer l to C, by |product|: the units (j, k, ...) of each.

    What follows a unit on one of the strongest paths is one of the strongest from that unit on: it is enough to
    keep the STRONGEST of each unit.
    """
    W, slope, end = links.absolute()
    L = len(W) - 1
    strength = (slope[L] * end)[:, None]  # of shape (units of the layer, paths kept for each)
    routes: list[list[tuple[int, ...]]] = [[(unit,)] for unit in range(len(end))]
    for k in range(L - 1, l - 1, -1):
        kept = []
        for unit in range(len(slope[k])) if k > l else [j]:
            candidates = W[k + 1][unit][:, None] * strength
            best = np.argsort(-candidates, axis=None, kind="stable")[:STRONGEST]
            onward = [divmod(int(c), strength.shape[1]) for c in best]
            kept.append((slope[k][unit] * candidates.flat[best], [(unit, *routes[n][rank]) for n, rank in onward]))
        strength, routes = np.array([row for row, _ in kept]), [row for _, row in kept]
    return routes[0]


def _factors(links: _Links, l: int, route: tuple[int, ...]) -> list[Factor]:
    """Return what follows a along the path through these units of layers l to L: f', w, f', ..., dC/da."""
    W, slope, end = links
    factors = []
    for k, unit in enumerate(route, start=l):
        if k > l:
            before = route[k - l - 1]
            factors.append(Factor("w", k, (before, unit), float(W[k][before, unit])))
        factors.append(Factor("f'", k, (unit,), float(slope[k][unit])))
    return [*factors, Factor("dC/da", len(W) - 1, (route[-1],), float(end[route[-1]]))]


def _taken_apart(links: _Links, delta: list[Any], l: int, j: int) -> list[_Delta]:
    """Take apart delta_j^l, and then every delta of the later layers that are not wide."""
    W, slope, end = links
    L = len(W) - 1
    later = [(k, unit) for k in range(l + 1, L + 1) if len(delta[k]) <= WIDE for unit in range(len(delta[k]))]
    taken = []
    for k, unit in [(l, j), *later]:
        terms = [
            (Factor("w", k + 1, (unit, n), float(W[k + 1][unit, n])), float(delta[k + 1][n]))
            for n in range(len(delta[k + 1]) if k < L else 0)
        ]
        last = Factor("dC/da", L, (unit,), float(end[unit])) if k == L else None
        slope_factor = Factor("f'", k, (unit,), float(slope[k][unit]))
        taken.append(_Delta(k, unit, float(delta[k][unit]), slope_factor, terms, last))
    return taken


# Written down, in three notations ---------------------------------------------------------------------------------


class _Pen(NamedTuple):
    """How a notation writes things; what carries a comment is a template for what the comment says."""

    symbol: str  # letter, unit or units, layer
    slope: str  # layer, symbol of z
    gradient: str  # symbol
    power_of_ten: str  # exponent
    prose: str  # words
    delta: str
    decay: str
    times: str
    to: str
    dots: str
    percent: str
    minus: str
    align: str
    equals: str  # after a long right side: in LaTeX, on a new line


# fmt: off
_PLAIN = _Pen("{}_{}^{}", "f_{}'({})", "dC/d{}", "e{}",
              "{}", "delta", "lambda", " * ", " -> ", "...", "%", "-", "", " = ")
_LATEX = _Pen("{}_{{{}}}^{{{}}}", "f_{{{}}}'({})", r"\frac{{\partial C}}{{\partial {}}}", r" \times 10^{{{}}}",
              r"\text{{{}}}", r"\delta", r"\lambda", r" \cdot ", r" \to ", r"\dots", r"\%", "-", "&",
              r" \\ &\quad = ")
_HTML = _Pen("<i>{}</i><sub>{}</sub><sup>{}</sup>", "<i>f</i><sub>{}</sub>′({})", "∂<i>C</i>/∂{}", "×10<sup>{}</sup>",
             "{}", "δ", "λ", " · ", " → ", "…", "%", "−", "", " = ")
# fmt: on


def _written(explanation: Explanation, pen: _Pen) -> list[str]:
    """Return the lines: the product, the deltas taken apart, weight decay if there is any, and the paths."""
    a, delta, (lmbda, w) = explanation.paths[0][0], explanation._deltas[0], explanation._decay
    l, i, j = explanation.weight
    weight = _symbol(Factor("w", l, (i, j), w), pen)
    pair = [(_symbol(a, pen), a.value), (_delta_symbol(l, j, pen), delta.value)]
    lines = [_equation(pen.gradient.format(weight), _product(pair, pen), explanation.value, pen)]
    lines += [
        _equation(_delta_symbol(d.layer, d.unit, pen), _right_side(d, pen), d.value, pen) for d in explanation._deltas
    ]
    if lmbda:
        decay = _product([(pen.decay, lmbda), (weight, w)], pen)
        lines.append(_equation(pen.prose.format("weight decay adds"), decay, explanation.weight_decay, pen, sign=""))
    return lines + _path_lines(explanation, weight, pen)


def _right_side(delta: _Delta, pen: _Pen) -> tuple[str, str]:
    """Return (dC/da f') or (sum of w delta) f', in symbols and in numbers."""
    slope = (_symbol(delta.slope, pen), delta.slope.value)
    if delta.end:
        return _product([(_symbol(delta.end, pen), delta.end.value), slope], pen)
    pairs = [[(_symbol(w, pen), w.value), (_delta_symbol(w.layer, w.units[1], pen), after)] for w, after in delta.terms]
    if len(pairs) == 1:
        return _product([*pairs[0], slope], pen)
    terms = [_product(pair, pen) for pair in pairs]
    symbols, numbers = (" + ".join(column) for column in zip(*terms, strict=True))
    if len(terms) > WIDE:
        symbols = f"{terms[0][0]} + {pen.dots} + {terms[-1][0]}"
        numbers = _number(math.fsum(w.value * after for w, after in delta.terms), pen)
    last = _product([slope], pen)
    return f"({symbols}){pen.times}{last[0]}", f"({numbers}){pen.times}{last[1]}"


def _path_lines(explanation: Explanation, weight: str, pen: _Pen) -> list[str]:
    """Return a line that counts the paths, one for each path listed, and one for their sum or their share."""
    count, listed = explanation.count, len(explanation.paths)
    paths = "1 path" if count == 1 else f"{count:,} paths"
    opening = paths if listed == count else f"The {listed} strongest of {paths}"
    lines = [f"{pen.align}{pen.prose.format(opening + ' from ')}{weight}{pen.prose.format(' to ')}C:"]
    for path in explanation.paths:
        units = [str(factor.units[0]) for factor in path if factor.kind in ("a", "f'")]
        right = _product([(_symbol(factor, pen), factor.value) for factor in path], pen)
        lines.append(_equation(pen.to.join([*units, "C"]), right, math.prod(f.value for f in path), pen, sign=":"))
    if listed < count:
        share = (
            f"The {listed} carry {_number(100 * explanation.share, pen)} {pen.percent} of the sum of |product|; all "
        )
        lines.append(f"{pen.align}{pen.prose.format(share + 'add up to ')}{_number(explanation.value, pen)}")
    elif count > 1:
        lines.append(f"{pen.align}{pen.prose.format('The sum over all paths is ')}{_number(explanation.value, pen)}")
    return lines


def _equation(left: str, right: tuple[str, str], value: float, pen: _Pen, sign: str = " =") -> str:
    """Return left = symbols = numbers = value."""
    equals = pen.equals if right[0].count(pen.times) > 3 else " = "
    return f"{left}{pen.align}{sign} {right[0]}{equals}{right[1]} = {_number(value, pen)}"


def _product(pairs: list[tuple[str, float]], pen: _Pen) -> tuple[str, str]:
    """Return a product in symbols and in numbers, negative ones in brackets."""
    numbers = [_number(value, pen) for _, value in pairs]
    bracketed = [f"({number})" if number.startswith(pen.minus) else number for number in numbers]
    return pen.times.join(symbol for symbol, _ in pairs), pen.times.join(bracketed)


def _symbol(factor: Factor, pen: _Pen) -> str:
    """Return a_i^l, w_ij^l, f_l'(z_j^l) or dC/da_j^L."""
    units = ("" if max(factor.units) < 10 else ",").join(map(str, factor.units))
    letter = {"f'": "z", "dC/da": "a"}.get(factor.kind, factor.kind)
    symbol = pen.symbol.format(letter, units, factor.layer)
    if factor.kind == "f'":
        return pen.slope.format(factor.layer, symbol)
    return pen.gradient.format(symbol) if factor.kind == "dC/da" else symbol


def _delta_symbol(layer: int, unit: int, pen: _Pen) -> str:
    return pen.symbol.format(pen.delta, unit, layer)


def _number(value: float, pen: _Pen) -> str:
    """Return at most 6 significant digits; never -0."""
    mantissa, _, exponent = f"{value + 0.0:.6g}".partition("e")
    return mantissa.replace("-", pen.minus) + (pen.power_of_ten.format(int(exponent)) if exponent else "")
