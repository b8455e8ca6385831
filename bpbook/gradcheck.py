"""Is a gradient right? `check_gradients` says it array by array, by differences that know nothing of the chain rule.

>>> import bpbook as bp
>>> net = bp.MLP([2, 3, 1], hidden="tanh", loss="squared_error")
>>> check_gradients(net, [[1.0, -1.0], [0.5, 2.0]], [0.0, 1.0]).ok
True
"""

import math
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from . import checks, differences
from .differences import complex_step_gradient, numerical_gradient

__all__ = ["ArrayCheck", "GradientReport", "check_gradients", "compare", "complex_step_gradient"]
__all__ += ["numerical_gradient", "relative_error"]

Array = NDArray[np.floating]
TOLERANCE, CEILING = 1e-7, 1e-4  # what is right, and the most it may be raised to: a slip of 0.1 % is an error of 5e-4


def relative_error(g: ArrayLike, n: ArrayLike) -> float:
    """Return ||g - n|| / (||g|| + ||n||), from 0 (equal) to 1 (opposite); 0 where both are 0, nan with inf or nan.

    Raises
    ------
    ValueError
        g and n have different shapes.

    >>> relative_error([1.0, 2.0], [1.0, 2.0]), relative_error([1.0], [-1.0])
    (0.0, 1.0)
    """
    g, n = checks.numeric("g", g, complex_too=True), checks.numeric("n", n, complex_too=True)
    if g.shape != n.shape:
        raise ValueError(f"g and n must have one shape; got {g.shape} and {n.shape}.")
    # Divided by a power of two, which changes no digit, so that no square overflows or vanishes.
    largest = max(float(np.abs(a).max(initial=0)) for a in (g, n))
    if not math.isfinite(largest):
        return math.nan
    scale = 2.0 ** -min(max(math.frexp(largest)[1], -1000), 1000)
    g, n = (scale * a.astype(np.result_type(a, np.float64)) for a in (g, n))
    size = np.linalg.norm(g) + np.linalg.norm(n)  # (RE)
    return float(np.linalg.norm(g - n) / size) if size else 0.0  # (RE)


@dataclass(frozen=True)
class ArrayCheck:
    """One array's gradient beside its differences.

    Attributes
    ----------
    name : str
        "dW[1]", "db[1]", ...
    error, bound : float
        `relative_error` over the entries compared, and what it may be: 1e-7, or the differences' own doubt where that
        is larger; inf where all entries are 0.
    compared, kinks : int
        Entries compared; entries left out because every difference crossed a kink.
    """

    name: str
    error: float
    bound: float
    compared: int
    kinks: int

    @property
    def verdict(self) -> str:
        """What the comparison says: "right", "wrong", or why it cannot say, a key of ADVICE."""
        if not self.compared:
            return "not compared"
        if not self.error <= self.bound:
            return "wrong"
        if self.bound == math.inf:
            return "zero beside zero"
        return "right" if self.bound <= CEILING else "too small to tell"


ADVICE = {  # where the differences cannot judge an array
    "zero beside zero": "a wrong gradient could be 0 there too. Scale x, as x / np.abs(x).max(), or draw new weights.",
    "too small to tell": "the gradient drowns in rounding. Scale x, and check the network before it is trained.",
    "not compared": "every step crosses a kink or is too long. Scale x, or move z: for b in net.b[1:]: b += 0.01",
}


@dataclass(frozen=True)
class GradientReport:
    """What `check_gradients` found, array by array; printed, it says what to do about arrays it could not judge."""

    arrays: list[ArrayCheck]

    @property
    def ok(self) -> bool:
        """Whether some array was found right and none wrong."""
        verdicts = {array.verdict for array in self.arrays}
        return "right" in verdicts and "wrong" not in verdicts

    def __repr__(self) -> str:
        lines = [f"{'array':8}{'relative error':>16}{'bound':>10}{'compared':>10}{'kinks':>7}  verdict"]
        for c in self.arrays:
            lines.append(f"{c.name:8}{c.error:16.1e}{c.bound:10.0e}{c.compared:10}{c.kinks:7}  {c.verdict}")
        said = {c.verdict for c in self.arrays}
        return "\n".join(lines + [f"{verdict}: {advice}" for verdict, advice in ADVICE.items() if verdict in said])


def check_gradients(net: Any, x: ArrayLike, y: ArrayLike, h: float = 1e-5) -> GradientReport:
    """Compare `net.backward` with central differences of `net.loss`, for every weight and bias.

    Parameters
    ----------
    net : MLP
        Left alone: the differences are taken on a float64 copy.
    x, y : arrays of shape (m, n_0), and of a shape that `net.loss` takes
        A few examples; each weight costs two forward passes, and some twenty more where these do not settle it.
    h : float
        Step of the first look. A second look, where it is needed, takes steps from h/100 to 10,000 h.

    Returns
    -------
    report : GradientReport
        A row per array. `print` it; `.ok` says that some array is right and none is wrong.

    Raises
    ------
    TypeError
        net is not a network.
    ValueError
        x or y does not fit the network, h is not positive, the loss is nan or inf, or `backward` returns arrays of
        other shapes.
    """
    if not all(hasattr(net, name) for name in ("forward", "loss", "backward", "W", "b")):
        raise TypeError(f"net must be an MLP; got {checks.shown(net)}. For a function use bp.numerical_gradient(f, x).")
    net, h = differences.in_float64(net), checks.positive("h", h)
    cache = net.forward(x)
    grads, rounding = net.backward(cache, y), differences.rounding_of(net, cache, x, y)
    rows = []
    for l in range(1, len(net.W)):
        size = max(float(np.abs(net.W[l]).max()), float(np.abs(net.b[l]).max())) or 1.0
        inputs = max(1.0, float(np.abs(cache.a[l - 1]).max()))
        shortest, longest = max(1e-2 * h * min(1, size) / inputs, 1e3 * math.ulp(size)), 1e4 * h * max(1, size)
        steps = np.geomspace(shortest, longest, 2 + round(math.log(longest / shortest, 4)))
        for name, weights, g in ((f"W[{l}]", net.W[l], grads.dW[l]), (f"b[{l}]", net.b[l], grads.db[l])):
            if np.shape(g) != weights.shape:
                raise ValueError(f"d{name} must have the shape of {name}, {weights.shape}; got {np.shape(g)}.")
            look = partial(differences.central, net, x, y, weights, l, rounding)
            compared = partial(compare, f"d{name}", g)
            with np.errstate(all="ignore"):  # where a long step overflows, it is of no use
                row = compared(*look(h))
                if row.verdict != "right" or row.bound > TOLERANCE:
                    row = differences.second_look(look, compared, steps, TOLERANCE)
            rows.append(row)
    return GradientReport(rows)


def compare(name: str, g: Array, n: Array, doubt: Array) -> ArrayCheck:
    """Compare g with differences n, each of which may be off by its doubt (inf: leave it out)."""
    seen = np.isfinite(doubt)
    g, n = g[seen], n[seen]
    size = math.hypot(*g) + math.hypot(*n)
    bound = max(TOLERANCE, math.hypot(*doubt[seen]) / size) if size else math.inf
    return ArrayCheck(name, relative_error(g, n), bound, g.size, int((~seen).sum()))
