"""Differences of a stated loss: what speaks against a wrong gradient, and what gives away a gradient made of them."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from ..gradcheck import numerical_gradient, relative_error
from .reading import Plain, finite

__all__ = ["explain", "gradients", "off"]

Loss = Callable[..., Any]
STEPS = [k * 10.0**-power for power in range(1, 11) for k in (1, 2, 3, 5)] + [
    float(np.finfo(float).eps) ** (1 / 2),
    float(np.finfo(float).eps) ** (1 / 3),
]

ENOUGH = 0.02
"""Share of the answer's error that its explanation by differences may leave open."""


def gradients(loss: Loss, arguments: tuple[Any, ...], wrt: Sequence[int], returns: Sequence[str]) -> dict[str, Plain]:
    """Return {name: differences of the loss} for every result, under the names that `flatten` gives them."""
    found = {}
    for name, position in zip(returns or ("The result",), wrt, strict=True):
        variable = arguments[position]
        if isinstance(variable, list):
            for l, array in enumerate(variable):
                if array is not None:
                    found[f"{name}[{l}]"] = numerical_gradient(_of(loss, arguments, position, l), array)
        else:
            found[name] = numerical_gradient(_of(loss, arguments, position), variable)
    return found


def off(value: Mapping[str, Plain], differences: Mapping[str, Plain]) -> dict[str, float]:
    """Return {name: relative error} of the arrays that are off by more than nudges can be."""
    errors = {
        name: relative_error(value[name], n)
        for name, n in differences.items()
        if value[name].shape == n.shape and finite(value[name])
    }
    return {name: error for name, error in errors.items() if error > 1e-4}


def explain(value: Plain, expected: Plain, loss: Loss, arguments: tuple[Any, ...], position: int) -> bool:
    """Say whether an array is off by just what differences with some step are off.

    Parameters
    ----------
    value, expected : arrays
        The answer and the derivative, on a probe on which nudges fail.
    loss, arguments, position : callable, tuple, int
        The loss, its arguments, and which of them (or of whose first layer) the derivative is taken.
    """
    if value.shape != expected.shape or not finite(value):
        return False
    layer = 1 if isinstance(arguments[position], list) else None
    variable = arguments[position] if layer is None else arguments[position][layer]
    f = _of(loss, arguments, position, layer)
    places = [tuple(int(i) for i in np.unravel_index(k, expected.shape)) for k in range(min(4, expected.size))]
    v, e = (np.array([array[place] for place in places]) for array in (value, expected))
    error = float(abs(v - e).max())
    if error <= 1e-10 * float(abs(e).max()):
        return False
    middle = float(f(variable))

    def miss(h: float) -> Plain:
        """Return how far central, forward and backward differences with step h are from the answer, over its error."""
        above, below = (np.array([float(f(_moved(variable, place, step))) for place in places]) for step in (h, -h))
        made = (above - below) / (2 * h), (above - middle) / h, (middle - below) / h
        return np.array([abs(v - n).max() for n in made]) / error

    misses = np.array([miss(h) for h in STEPS])
    if misses.min() < ENOUGH:
        return True
    for form in range(3):  # a step that is not among the usual ones
        low, high = (np.log(STEPS[int(misses[:, form].argmin())]) + side for side in (-0.6, 0.6))
        for _ in range(20):
            third = (high - low) / 3
            if miss(np.exp(low + third))[form] < miss(np.exp(high - third))[form]:
                high -= third
            else:
                low += third
        if miss(np.exp((low + high) / 2))[form] < ENOUGH:
            return True
    return False


def _moved(array: Plain, place: tuple[int, ...], step: float) -> Plain:
    moved = array.copy()
    moved[place] += step
    return moved


def _of(loss: Loss, arguments: tuple[Any, ...], position: int, layer: int | None = None) -> Callable[[Any], Any]:
    """Return the loss as a function of one of its arguments, or of one layer of it."""

    def f(array: Any) -> Any:
        changed = list(arguments)
        if layer is None:
            changed[position] = array
        else:
            changed[position] = list(arguments[position])
            changed[position][layer] = array
        return loss(*changed)

    return f
