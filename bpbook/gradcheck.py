"""Finite differences and the complex step: gradients without the chain rule, to check the chain rule by.

Nothing here knows how `backward` works. It only evaluates a function at two points and subtracts, or at one complex
point and takes the imaginary part.

>>> import numpy as np
>>> numerical_gradient(lambda w: (w**2).sum(), np.array([1.0, -3.0])).round(8)
array([ 2., -6.])
"""

import copy
import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from . import checks

__all__ = ["ArrayCheck", "GradientReport", "check_gradients", "complex_step_gradient", "numerical_gradient"]
__all__ += ["relative_error"]

Array = NDArray[np.floating]
TOLERANCE = 1e-7


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


def numerical_gradient(f: Callable[[Array], Any], x: ArrayLike, h: float = 1e-5) -> Array:
    """Return (f(x + h e) - f(x - h e)) / (2 h) for every entry of x: central differences (ND).

    Parameters
    ----------
    f : callable
        Takes an array of the shape of x, returns a scalar. It is given a copy: x itself is never changed.
    x : array of any shape
        Where the gradient is wanted; taken as float64.
    h : float
        The step. Shorter, and rounding grows as 1/h; longer, and the curve's bend grows as h^2.

    Returns
    -------
    gradient : array of the shape of x

    Raises
    ------
    ValueError
        f does not return a scalar, or h is not positive.
    TypeError
        f is no function, or x does not hold real numbers.
    """
    h = _checked(f, h)
    point = checks.numeric("x", x).astype(np.float64)
    gradient = np.zeros_like(point)
    for k in np.ndindex(point.shape):
        at = point[k]
        point[k] = at + h
        above = _scalar(f(point.copy()))
        point[k] = at - h
        below = _scalar(f(point.copy()))
        point[k] = at
        gradient[k] = (above - below) / (2 * h)  # (ND)
    return gradient


def complex_step_gradient(f: Callable[[NDArray[np.complexfloating]], Any], x: ArrayLike, h: float = 1e-30) -> Array:
    """Return Im f(x + i h e) / h for every entry of x: exact to rounding for a tiny h, as nothing is subtracted (CS).

    Parameters
    ----------
    f : callable
        Takes a complex array of the shape of x, returns a complex scalar. It must be analytic: abs, max and
        comparisons break it.
    x : array of any shape
        Where the gradient is wanted.
    h : float
        The step; the error falls with h^2.

    Returns
    -------
    gradient : array of the shape of x

    Raises
    ------
    ValueError
        f does not return a scalar, or h is not positive.
    TypeError
        f is no function or does not return a complex number, or x does not hold real numbers.

    References
    ----------
    Squire and Trapp 1998.

    >>> complex_step_gradient(lambda w: np.exp(w).sum(), [0.0])
    array([1.])
    """
    h, f = _checked(f, h), _watched(f)
    point = checks.numeric("x", x).astype(np.complex128)
    gradient = np.zeros(point.shape)
    for k in np.ndindex(point.shape):
        at = point[k]
        point[k] = at + 1j * h
        gradient[k] = np.imag(f(point)) / h  # (CS)
        point[k] = at
    return gradient


@dataclass(frozen=True)
class ArrayCheck:
    """One array's gradient beside its differences.

    Attributes
    ----------
    name : str
        "dW[1]", "db[1]", ...
    error : float
        `relative_error` of the two, over the entries that were compared.
    bound : float
        What the error may be: 1e-7, or the differences' own where that is larger: rounding, and what twice the step
        changes.
    compared, kinks : int
        Entries compared; entries left out because the difference crossed a kink.
    verdict : str
        "right", "wrong", "too small to tell" when the gradient drowns in the differences' own error, or "not
        compared" when every difference crossed a kink.
    """

    name: str
    error: float
    bound: float
    compared: int
    kinks: int

    @property
    def verdict(self) -> str:
        """What the comparison says about this array."""
        if not self.compared:
            return "not compared"
        if self.bound >= 1e-2:
            return "too small to tell" if self.error <= self.bound else "wrong"
        return "right" if self.error <= self.bound else "wrong"


@dataclass(frozen=True)
class GradientReport:
    """What `check_gradients` found, array by array; `.ok` when no array is wrong.

    An array that was not compared, or whose gradient was too small to tell, is not found wrong: read the rows.
    """

    arrays: list[ArrayCheck]

    @property
    def ok(self) -> bool:
        """Whether no array's gradient is wrong."""
        return all(array.verdict != "wrong" for array in self.arrays)

    def __repr__(self) -> str:
        lines = [f"{'array':8}{'relative error':>16}{'bound':>10}{'compared':>10}{'kinks':>7}  verdict"]
        for c in self.arrays:
            lines.append(f"{c.name:8}{c.error:16.1e}{c.bound:10.0e}{c.compared:10}{c.kinks:7}  {c.verdict}")
        return "\n".join(lines)


def check_gradients(net: Any, x: ArrayLike, y: ArrayLike, h: float = 1e-5) -> GradientReport:
    """Compare `net.backward` with central differences of `net.loss`, for every weight and bias.

    Parameters
    ----------
    net : MLP
        Left alone: the differences are taken on a float64 copy.
    x, y : arrays of shape (m, n_0), and of a shape that `net.loss` takes
        A few examples; each weight costs two forward passes.
    h : float
        Step of the differences. Where x is in the hundreds, h times x is no small step, and the bound grows: scale x.

    Returns
    -------
    report : GradientReport
        A row per array. `print` it; `.ok` says that no array was found wrong.

    Raises
    ------
    TypeError
        net is not a network.
    ValueError
        x or y does not fit the network, h is not positive, or `backward` returns arrays of other shapes.
    """
    if not all(hasattr(net, name) for name in ("forward", "loss", "backward", "W", "b")):
        raise TypeError(f"net must be an MLP; got {checks.shown(net)}. For a function use bp.numerical_gradient(f, x).")
    net, h = _in_float64(net), checks.positive("h", h)
    cache = net.forward(x)
    grads, C = net.backward(cache, y), net.loss(cache, y)
    # Each of the two losses is right to about eps |C|, so their difference over 2 h is to about eps |C| / h.
    noise = 4 * float(np.finfo(np.float64).eps) * max(abs(C), 1e-300) / h
    rows = []
    for l in range(1, len(net.W)):
        for name, weights, g in (("W", net.W[l], grads.dW[l]), ("b", net.b[l], grads.db[l])):
            if np.shape(g) != weights.shape:
                raise ValueError(
                    f"d{name}[{l}] must have the shape of {name}[{l}], {weights.shape}; got {np.shape(g)}."
                )
            n, crossed = _differences(net, x, y, weights, l, h)
            g, n = g[~crossed], n[~crossed]
            size = math.hypot(*g) + math.hypot(*n)
            bound = max(TOLERANCE, noise * math.sqrt(g.size) / size) if size else TOLERANCE
            error = relative_error(g, n)
            if error > bound:  # whose fault is it? What the step's length matters to, it may be off by
                wide, again = _differences(net, x, y, weights, l, 2 * h)
                bound = max(bound, math.hypot(*(wide[~crossed] - n)[~again[~crossed]]) / size)
            rows.append(ArrayCheck(f"d{name}[{l}]", error, bound, g.size, int(crossed.sum())))
    return GradientReport(rows)


def _differences(
    net: Any, x: ArrayLike, y: ArrayLike, weights: Array, layer: int, h: float
) -> tuple[Array, NDArray[np.bool_]]:
    """Return the differences for one live array of the net, and where they crossed a kink."""
    n, crossed = np.zeros_like(weights), np.zeros(weights.shape, bool)
    for k in np.ndindex(weights.shape):
        at = weights[k]
        weights[k] = at + h
        above = net.forward(x)
        C_above = net.loss(above, y)
        weights[k] = at - h
        below = net.forward(x)
        n[k] = (C_above - net.loss(below, y)) / (2 * h)  # (ND)
        weights[k] = at
        crossed[k] = any(
            bool(np.any((above.z[l] > kink) != (below.z[l] > kink)))
            for l in range(layer, len(net.W))
            for kink in net.params.f[l].kinks
        )
    return n, crossed


def _in_float64(net: Any) -> Any:
    """Return a copy of the net with float64 weights."""
    net = copy.deepcopy(net)
    net.dtype = np.dtype(np.float64)
    for arrays in (net.W, net.b):
        arrays[1:] = [array.astype(np.float64) for array in arrays[1:]]
    return net


def _checked(f: Any, h: Any) -> float:
    if not callable(f):
        raise TypeError(f"f must be a function of an array; got {checks.shown(f)}.")
    return checks.positive("h", h)


def _scalar(value: Any) -> float:
    return float(_one("f's result", value, complex_too=False))


def _watched(f: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Return f, called with a copy of the point and made to return a complex number."""

    def watched(point: Any) -> Any:
        value = _one("f's result", f(point.copy()), complex_too=True)
        if not np.iscomplexobj(value):
            raise TypeError(
                f"f must return a complex number for complex input; got dtype {value.dtype}. "
                "float, abs, max and comparisons lose the imaginary part; with them use bp.numerical_gradient."
            )
        return value

    return watched


def _one(argument: str, value: Any, complex_too: bool) -> Array:
    array = checks.numeric(argument, value, complex_too)
    if array.size != 1:
        raise ValueError(f"f must return a scalar; got shape {array.shape}. Sum or average it first.")
    return array.reshape(())
