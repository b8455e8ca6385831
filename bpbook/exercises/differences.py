"""Differences of a stated loss: what speaks against a wrong gradient, and what gives away a gradient made of them."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from ..gradcheck import numerical_gradient, relative_error
from .reading import Plain, finite

__all__ = ["explain", "gradients", "off"]

Loss = Callable[..., Any]
STEPS = sorted(k * 10.0**-power for power in range(1, 9) for k in (1, 2, 3, 5))

ENOUGH = 1e-3
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


class _Nudged:
    """Some entries of an answer and of the derivative on one probe, beside differences of the loss with any step."""

    def __init__(
        self, value: Plain, expected: Plain, loss: Loss, arguments: tuple[Any, ...], position: int, count: int = 4
    ) -> None:
        layer = 1 if isinstance(arguments[position], list) else None
        self.variable = arguments[position] if layer is None else arguments[position][layer]
        self.f = _of(loss, arguments, position, layer)
        self.places = [np.unravel_index(k, expected.shape) for k in range(min(count, expected.size))]
        self.value, self.expected = (np.array([array[place] for place in self.places]) for array in (value, expected))
        self.size = float(abs(self.expected).max())
        self.error = float(abs(self.value - self.expected).max())
        self.middle = float(self.f(self.variable))

    def off(self, h: float, count: int | None = None) -> Plain:
        """Return the answer less central, forward and backward differences with step h: (3, entries)."""
        places = self.places[:count]
        above, below = (
            np.array([float(self.f(_moved(self.variable, place, step))) for place in places]) for step in (h, -h)
        )
        made = [(above - below) / (2 * h), (above - self.middle) / h, (self.middle - below) / h]
        return self.value[:count] - np.array(made)


def explain(
    values: tuple[Plain, Plain],
    expected: tuple[Plain, Plain],
    loss: Loss,
    arguments: tuple[tuple[Any, ...], tuple[Any, ...]],
    position: int,
) -> bool:
    """Say whether an array is off by just what differences with one and the same step are off.

    Parameters
    ----------
    values, expected : pairs of arrays
        The answer and the derivative, on an ordinary probe and on one on which nudges fail.
    loss : callable
    arguments : pair of tuples
        The arguments of the loss on the two probes.
    position : int
        The argument of which (or of whose first layer) the derivative is taken.
    """
    if any(v.shape != e.shape or not finite(v) for v, e in zip(values, expected, strict=True)):
        return False
    ordinary, steep = (_Nudged(*each, position) for each in zip(values, expected, (loss, loss), arguments, strict=True))
    if steep.error <= 1e-10 * steep.size:
        return False
    # On the ordinary probe the same differences must be met to rounding, which grows as 1/h.
    rounding = 20 * float(np.finfo(float).eps) * max(abs(ordinary.middle), 1.0)
    bound = 1e-12 * ordinary.size + ENOUGH * ordinary.error
    return any(abs(ordinary.off(h)[form]).max() <= bound + rounding / h for h, form in _steps(steep))


def _steps(steep: _Nudged) -> Iterator[tuple[float, int]]:
    """Give the steps, each with the form of difference, that explain the error on the steep probe."""
    off = np.array([steep.off(h) for h in STEPS])
    enough = ENOUGH * steep.error
    for k, form in np.argwhere(abs(off).max(axis=2) < enough):
        yield STEPS[int(k)], int(form)
    # A step between two of the usual ones: there the first entry is off to one side, here to the other.
    for k, form in np.argwhere(off[1:, :, 0] * off[:-1, :, 0] < 0):
        low, high, side = STEPS[int(k)], STEPS[int(k) + 1], off[k, form, 0]
        for _ in range(25):
            h = float(np.sqrt(low * high))
            low, high = (h, high) if steep.off(h, 1)[form, 0] * side > 0 else (low, h)
        if abs(steep.off(h)[form]).max() < enough:
            yield h, int(form)


def _moved(array: Plain, place: Any, step: float) -> Plain:
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
