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
from itertools import pairwise, product
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from . import checks
from .mlp import MLP
from .typesetting import HTML, LATEX, PLAIN, WIDE, Factor, Links, delta_line, equation, path_lines, written

__all__ = ["Explanation", "Factor", "explain"]

FEW = 12  # up to so many paths are all listed; of more, the strongest
STRONGEST = 5  # how many those are


@dataclass(frozen=True, repr=False)
class Explanation:
    """The chain rule for one weight; shows itself in LaTeX in a notebook and as plain text elsewhere.

    Attributes
    ----------
    weight : (int, int, int)
        l, i, j.
    value : float
        dC/dw_ij^l, the sum over all paths: the entry [i, j] of dW[l], without penalties.
    weight_decay, l1_penalty : float
        lambda w_ij^l and lambda_1 sign w_ij^l, which `backward` adds to it.
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
    l1_penalty: float
    count: int
    paths: list[list[Factor]]
    share: float
    _lines: list[str]

    def __repr__(self) -> str:
        return "\n".join(written(PLAIN, self._lines))

    def _repr_latex_(self) -> str:
        lines = " \\\\\n".join(written(LATEX, self._lines))
        return f"$$\\begin{{aligned}}\n{lines}\n\\end{{aligned}}$$"

    def html(self) -> str:
        """Return the same in HTML that needs no more than <sub>, <sup>, <i> and <br>."""
        return "<br>\n".join(written(HTML, self._lines))


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
        raise ValueError(f"x must hold one example, as a path is one example's; got {m}. Pass x[k:k+1] and y[k:k+1].")
    y = checks.targets(y, 1, net.sizes[-1], net.loss_function.targets, net.dtype)
    W = [None, *(np.asarray(w, np.float64) for w in net.W[1:])]
    slope = [None, *(np.asarray(f.prime(z)[0], np.float64) for f, z in zip(net.params.f[1:], cache.z[1:], strict=True))]
    links = W, slope, np.asarray(net.loss_function.gradient(cache.a[-1], y)[0], np.float64)
    delta = _sums_over_paths(links)
    a, w = Factor("a", l - 1, (i,), float(cache.a[l - 1][0, i])), Factor("w", l, (i, j), float(net.W[l][i, j]))
    delta_j, lmbda = Factor("delta", l, (j,), float(delta[l][j])), Factor("lambda", l, (), net.params.lmbda)
    lmbda_1, sign = Factor("lambda_1", l, (), net.params.lmbda_1), w._replace(kind="[sign ]w", value=np.sign(w.value))
    value, count = a.value * delta_j.value, math.prod(net.sizes[l + 1 :])
    routes = _strongest(links, l, j) if count > FEW else product([j], *(range(n) for n in net.sizes[l + 1 :]))
    paths = [[a, *_factors(links, l, route)] for route in routes]
    kept = math.fsum(abs(math.prod(factor.value for factor in path)) for path in paths)
    total = abs(a.value) * float(_sums_over_paths(_absolute(links))[l][j])
    share = kept / total if count > FEW and total else 1.0
    later = [(k, n) for k in range(l + 1, len(W)) if net.sizes[k] <= WIDE for n in range(net.sizes[k])]
    lines = [equation(f"dC/d{w.symbol}", [a, delta_j])]
    lines += [delta_line(links, delta, k, n) for k, n in [(l, j), *later]]
    if lmbda.value:
        lines.append(equation("[weight decay adds]", [lmbda, w], sign=""))
    if lmbda_1.value:
        lines.append(equation("[the L1 penalty adds]", [lmbda_1, sign], sign=""))
    lines += path_lines(paths, w.symbol, count, share, value)
    return Explanation((l, i, j), value, lmbda.value * w.value, lmbda_1.value * sign.value, count, paths, share, lines)


def _checked(weight: Any, sizes: list[int]) -> tuple[int, int, int]:
    try:
        l, i, j = (operator.index(number) for number in weight)
    except (TypeError, ValueError):
        got = checks.shown(weight)
        raise TypeError(f"weight must be three whole numbers (l, i, j), as in (1, 0, 0); got {got}.") from None
    if not 1 <= l < len(sizes):
        raise ValueError(f"l of weight (l, i, j) must be from 1 to {len(sizes) - 1}; got {l}. Layers count from 1.")
    for letter, unit, layer in (("i", i, l - 1), ("j", j, l)):
        if not 0 <= unit < sizes[layer]:
            raise ValueError(
                f"{letter} of weight ({l}, i, j) must be from 0 to {sizes[layer] - 1}, a unit of layer {layer}; "
                f"got {unit}. Units count from 0; i is the unit it comes from, j the unit it leads to."
            )
    return l, i, j


# Dynamic programming over the layers ------------------------------------------------------------------------------


def _absolute(links: Links) -> Links:
    W, slope, end = links
    return [None, *map(np.abs, W[1:])], [None, *map(np.abs, slope[1:])], np.abs(end)


def _sums_over_paths(links: Links) -> list[Any]:
    """Return s, where s[l][j] is the sum of the products of all paths from unit j of layer l to C."""
    W, slope, end = links
    L = len(W) - 1
    s: list[Any] = [None] * (L + 1)
    s[L] = slope[L] * end
    for l in range(L - 1, 0, -1):
        s[l] = slope[l] * (W[l + 1] @ s[l + 1])  # (PS)
    return s


def _strongest(links: Links, l: int, j: int) -> list[tuple[int, ...]]:
    """Return the strongest paths from unit j of layer l to C, by |product|: the units (j, k, ...) of each.

    What follows a unit on one of the strongest paths is one of the strongest from that unit on: it is enough to
    keep the STRONGEST of each unit.
    """
    W, slope, end = _absolute(links)
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


def _factors(links: Links, l: int, route: tuple[int, ...]) -> list[Factor]:
    """Return what follows a along the path through these units of layers l to L: f', w, f', ..., dC/da."""
    W, slope, end = links
    factors = [Factor("f'", l, route[:1], float(slope[l][route[0]]))]
    for k, (i, j) in enumerate(pairwise(route), start=l + 1):
        factors += [Factor("w", k, (i, j), float(W[k][i, j])), Factor("f'", k, (j,), float(slope[k][j]))]
    return [*factors, Factor("dC/da", len(W) - 1, route[-1:], float(end[route[-1]]))]
