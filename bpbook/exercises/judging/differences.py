"""Differences of a stated loss: what speaks against a wrong gradient, and what gives away a gradient made of them."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from ...gradcheck import numerical_gradient, relative_error
from .reading import Plain, finite

__all__ = ["explain", "explain_relative", "explain_slope", "gradients", "grained", "off"]

Loss = Callable[..., Any]
STEPS = sorted(k * 10.0**-power for power in range(1, 9) for k in (1, 2, 3, 5))

ENOUGH = 1e-3
"""Share of the answer's error that its explanation by differences may leave open."""
GRAINS = 12
"""So many slopes must be whole numbers of grains; by chance, one of 20 is."""
ENTRIES = 3
"""One entry is explained by some step or other, whatever is wrong with it; so many are not."""


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

    def off(self, h: Any, which: slice = slice(None)) -> Plain:
        """Return the answer less differences with step h: central, forward, backward, of four points; (4, entries)."""
        places = self.places[which]
        steps = np.broadcast_to(h, len(places))

        def at(times: float) -> Plain:
            nudged = [_moved(self.variable, place, times * step) for place, step in zip(places, steps, strict=True)]
            return np.array([float(self.f(array)) for array in nudged])

        above, below = at(1), at(-1)
        central = (above - below) / (2 * h)
        four = (4 * central - (at(2) - at(-2)) / (4 * h)) / 3
        made = [central, (above - self.middle) / h, (self.middle - below) / h, four]
        return self.value[which] - np.array(made)


def explain(
    values: Sequence[Plain],
    expected: Sequence[Plain],
    loss: Loss,
    arguments: Sequence[tuple[Any, ...]],
    position: int,
) -> bool:
    """Say whether an array is off by just what differences with one and the same step are off.

    Parameters
    ----------
    values, expected : lists of arrays
        The answer and the derivative, on an ordinary probe first and then on some on which nudges fail.
    loss : callable
    arguments : list of tuples
        The arguments of the loss on the probes.
    position : int
        The argument of which (or of whose first layer) the derivative is taken.
    """
    nudged = _all_nudged(values, expected, loss, arguments, position)
    if nudged is None or any(each.error <= 1e-10 * each.size for each in nudged[1:]):
        return False
    ordinary, *steep = nudged
    if sum(len(each.places) for each in steep) < ENTRIES:
        return False
    # On the ordinary probe the same differences must be met to rounding, which grows as 1/h.
    rounding = 40 * float(np.finfo(float).eps) * max(abs(ordinary.middle), 1.0)
    bound = 1e-12 * ordinary.size + ENOUGH * ordinary.error
    return any(abs(ordinary.off(h)[form]).max() <= bound + rounding / h for h, form in _steps(steep))


def explain_relative(
    values: Sequence[Plain],
    expected: Sequence[Plain],
    loss: Loss,
    arguments: Sequence[tuple[Any, ...]],
    position: int,
) -> bool:
    """Say the same of steps that are a fixed share of what they nudge, on probes with large weights that cancel."""
    nudged = _all_nudged(values, expected, loss, arguments, position)
    if nudged is None or any(each.error <= 1e-7 * each.size for each in nudged):
        return False
    if sum(len(each.places) for each in nudged) < ENTRIES:
        return False
    sizes = [np.array([abs(float(each.variable[place])) for place in each.places]) for each in nudged]
    off = [
        [abs(each.off(h * size)).max(axis=1) / each.error for each, size in zip(nudged, sizes, strict=True)]
        for h in STEPS
    ]
    return bool((np.array(off).max(axis=1) < ENOUGH).any())


def explain_slope(
    values: Sequence[Plain],
    expected: Sequence[Plain],
    sloped: Callable[..., Plain],
    arguments: Sequence[tuple[Any, ...]],
    f: Any,
) -> bool:
    """Say whether a result is off by just what differences of an activation are off in the place of its derivative.

    Parameters
    ----------
    sloped : callable
        Takes a function of z and the arguments, returns the result with that function in the place of f'.
    """
    for h in STEPS:
        for slope in (
            lambda z, h=h: (f(z + h) - f(z - h)) / (2 * h),
            lambda z, h=h: (f(z + h) - f(z)) / h,
            lambda z, h=h: (f(z) - f(z - h)) / h,
        ):
            for value, right, given in zip(values, expected, arguments, strict=True):
                error, size = float(abs(value - right).max()), float(abs(right).max())
                if right.size < ENTRIES or error <= 1e-12 * size:
                    return False
                rounding = 4 * float(np.finfo(float).eps) / h * float(abs(sloped(np.ones_like, *given)).max())
                if abs(value - sloped(slope, *given)).max() > min(ENOUGH * error + rounding, 0.1 * error):
                    break
            else:
                return True
    return False


def grained(slopes: Plain, levels: Plain) -> bool:
    """Say whether slopes are differences of floats divided by one step, so that their rounding gives them away.

    Floats near a level are whole multiples of their spacing there, and so is the difference of two of them. Slopes
    that were made of such differences are whole multiples of that spacing over the step; a derivative is not, however
    it is rounded, because the step is no power of two.

    Parameters
    ----------
    slopes : array of shape (k,)
        What the answer has in the place of a derivative of some f.
    levels : array of shape (k,)
        The values of f.
    """
    usable = np.isfinite(slopes) & np.isfinite(levels) & (abs(levels) > 1e-2) & (abs(slopes) > 1e-4)
    if usable.sum() < GRAINS:
        return False
    in_spacings = slopes[usable] / (np.spacing(abs(levels[usable])) / 4)
    for h in [*(h for h in STEPS if h < 2e-3), float(np.cbrt(np.finfo(float).eps))]:
        for times in (1, 2, 12):
            counts = abs(in_spacings) * (times * h)
            told = counts < 2e13  # beyond, the rounding of the slope hides whether a count is whole
            off = abs(counts - np.rint(counts))[told]
            if off.size >= GRAINS and counts.min() > 1e2 and (off < 0.02 + 1e-15 * counts[told]).all():
                return True
    return False


def _all_nudged(
    values: Sequence[Plain], expected: Sequence[Plain], loss: Loss, arguments: Sequence[tuple[Any, ...]], position: int
) -> list[_Nudged] | None:
    if any(v.shape != e.shape or not finite(v) for v, e in zip(values, expected, strict=True)):
        return None
    return [_Nudged(v, e, loss, given, position) for v, e, given in zip(values, expected, arguments, strict=True)]


def _steps(steep: Sequence[_Nudged]) -> Iterator[tuple[float, int]]:
    """Give the steps, each with the form of difference, that explain the error on the steep probes."""

    def off_by(h: float) -> Plain:
        return np.concatenate([each.off(h) / each.error for each in steep], axis=1)

    off = np.array([off_by(h) for h in STEPS])
    for k, form in np.argwhere(abs(off).max(axis=2) < ENOUGH):
        yield STEPS[int(k)], int(form)
    # A step between two of the usual ones: there an entry is off to one side, here to the other.
    entries = len(steep[0].places)
    turns = off[1:, :, :entries] * off[:-1, :, :entries] < 0
    for k, form in np.argwhere(turns.any(axis=2)):
        entry = int(turns[k, form].argmax())
        low, high, side = STEPS[int(k)], STEPS[int(k) + 1], off[k, form, entry]
        for _ in range(15):
            h = float(np.sqrt(low * high))
            found = steep[0].off(h, slice(entry, entry + 1))[form, 0]
            low, high = (h, high) if found * side > 0 else (low, h)
        if abs(off_by(h)[form]).max() < ENOUGH:
            yield h, int(form)


def _moved(array: Plain, place: Any, step: float) -> Plain:
    moved = np.array(array, float)
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
