"""Is the backward of a layer right? `check_layer` says so of any forward and its backward."""

import inspect
import math
import warnings
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from . import checks, differences
from .differences import numerical_gradient
from .gradcheck import TOLERANCE, GradientReport, compare

__all__ = ["check_layer"]

Array = NDArray[np.floating]


def check_layer(
    forward: Callable[..., Any], backward: Callable[..., Any], *arrays: ArrayLike, h: float = 1e-5, seed: int = 0
) -> GradientReport:
    """Compare what a layer's backward returns with central differences of sum(u * z), for a random upstream u.

    Parameters
    ----------
    forward : callable
        Takes the arrays, returns z and a cache. `functools.partial` gives it its other arguments.
    backward : callable
        Takes the cache and u, of the shape of z; returns a gradient for each of the arrays, in their order.
    *arrays : arrays of any shapes
        Where to check; taken as float64. Each entry costs two forward passes, and some more where these do not settle.
    h : float
        Step of the first look, as in `check_gradients`.
    seed : int
        Draws u.

    Returns
    -------
    report : GradientReport
        A row per array, by the names of forward's parameters.

    Raises
    ------
    ValueError
        backward returns too few gradients, or one of another shape than its array; h is not positive.

    >>> def forward(x, W):
    ...     return x @ W, (x, W)
    >>> def backward(cache, u):
    ...     return u @ cache[1].T, cache[0].T @ u
    >>> check_layer(forward, backward, [[1.0, 2.0]], [[3.0], [4.0]]).ok
    True
    """
    h = checks.positive("h", h)
    points = [checks.numeric(f"arrays[{k}]", a).astype(np.float64) for k, a in enumerate(arrays)]
    z, cache = forward(*points)
    u = np.random.default_rng(seed).normal(size=np.shape(z))
    found = backward(cache, u)
    found, rounding = found if isinstance(found, tuple) else (found,), _digit(z) * float(np.abs(u * z).sum())
    if len(found) < len(points):
        said = f"backward must return {len(points)} gradients, one for each array; got {len(found)}."
        raise ValueError(f"{said} Fix an array that needs none: functools.partial(forward, array).")
    names = list(inspect.signature(forward).bind(*points).arguments)
    if len(names) < len(points):  # forward takes *arrays
        names = [f"[{k}]" for k in range(len(points))]
    rows = []
    for k, (name, g) in enumerate(zip(names, found, strict=False)):
        if np.shape(g) != points[k].shape:
            raise ValueError(f"d{name} must have the shape of {name}, {points[k].shape}; got {np.shape(g)}.")

        def look(step: float, k: int = k) -> tuple[Array, Array]:
            f = lambda value: (u * forward(*points[:k], value, *points[k + 1 :])[0]).sum()  # noqa: E731
            with warnings.catch_warnings():
                warnings.filterwarnings("ignore", "h must be short")  # what longer steps change is compared here
                n = numerical_gradient(f, points[k], step)
            return n, np.where(np.isfinite(n), rounding / step, np.inf)

        size = float(np.abs(points[k]).max(initial=0)) or 1.0
        shortest = max(1e-2 * h * min(1, size), 1e3 * math.ulp(size))
        compared = partial(compare, f"d{name}", np.asarray(g))
        steps = np.geomspace(shortest, 1e4 * h * max(1, size), 12)
        row = compared(*look(max(h, shortest)))
        if row.verdict != "right" or row.bound > TOLERANCE:
            row = differences.second_look(look, compared, steps, TOLERANCE)
        rows.append(row)
    return GradientReport(rows)


def _digit(z: ArrayLike) -> float:
    """Return how far off the last digits of z may be, as a share of it: in float32 a forward rounds more."""
    dtype = np.asarray(z).dtype
    return 4 * float(np.finfo(dtype if dtype.kind == "f" else np.float64).eps)
