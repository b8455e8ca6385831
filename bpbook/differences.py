"""Finite differences and the complex step: gradients without the chain rule, to check the chain rule by.

Nothing here knows how `backward` works. It only evaluates a function at two points and subtracts, or at one complex
point and takes the imaginary part. The second half is for networks: which differences of their loss can be trusted.

>>> import numpy as np
>>> numerical_gradient(lambda w: (w**2).sum(), np.array([1.0, -3.0])).round(8)
array([ 2., -6.])
"""

import copy
import math
import warnings
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from . import checks

__all__ = [
    "Look",
    "Rounding",
    "central",
    "complex_step_gradient",
    "in_float64",
    "numerical_gradient",
    "rounding_of",
    "second_look",
]

Array = NDArray[np.floating]
Look = Callable[[float], tuple[Array, Array]]  # a step -> the differences, and the doubt: inf where of no use
DIGIT = 4 * float(np.finfo(np.float64).eps)


class Rounding(NamedTuple):
    """How far off rounding may put a network's loss, one number, and its outputs, of shape (m, n_L)."""

    loss: float
    outputs: Array


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
        f returns no scalar, or not the same one for the same x; h is not positive, or too small to change x at all.
    TypeError
        f is no function, or x or what it returns does not hold real numbers.

    Warns
    -----
    UserWarning
        f computes in float32, or h changes few digits of x: the differences then have few right ones. Or h is longer
        than an entry of x, and a shorter step says something else.
    """
    h, point = _checked(f, h), checks.numeric("x", x).astype(np.float64)
    largest = float(np.abs(point).max(initial=0))
    if math.isfinite(largest) and math.ulp(largest) > 1e-3 * h:
        said = f"h must move x; got {h:g}, which rounding spoils beside {largest:g}. Pass h={1e-5 * largest:.0e}."
        if math.ulp(largest) > h:
            raise ValueError(said)
        warnings.warn(said, stacklevel=2)
    gradient = np.zeros_like(point)
    values = []
    for k in np.ndindex(point.shape):
        at = point[k]
        point[k] = at + h
        above = _number(f(point.copy()))
        point[k] = at - h
        below = _number(f(point.copy()))
        point[k] = at
        gradient[k] = (above - below) / (2 * h)  # (ND)
        values += [above, below]
    if values and not _check_values(f, point, values, h):
        _check_step(f, point, gradient, h)
    return gradient


def _check_step(f: Callable[[Array], Any], point: Array, gradient: Array, h: float) -> None:
    """Warn where h is longer than an entry of x and a step that is shorter than this entry says something else."""
    for place in np.argwhere((point != 0) & (np.abs(point) < h))[:3]:
        k = tuple(place)
        at, short, n = point[k], abs(point[k]) / 10, gradient[k]
        moved, values = point.copy(), []
        for moved[k] in (at + short, at - short):
            values.append(_number(f(moved.copy())))
        found = (values[0] - values[1]) / (2 * short)
        rounding = 1e3 * DIGIT * max(map(abs, values)) / short
        if abs(found - n) > 0.1 * (abs(found) + abs(n)) + rounding:
            said = f"h must be short beside x; got {h:g} beside {at:g}, where it says {n:.2g} and a shorter step"
            mend = f"Pass h={short:.0e}." if math.ulp(np.abs(point).max()) <= 1e-3 * short else "Scale x."
            warnings.warn(f"{said} {found:.2g}. {mend}", stacklevel=3)
            return


def _check_values(f: Callable[[Array], Any], point: Array, values: list[float], h: float) -> bool:
    """Raise an error where f changes its mind about a point; warn, and return True, where it is in float32."""
    again = [_number(f(point.copy())) for _ in range(3)]
    if not np.allclose(again, again[0], rtol=1e-10, atol=0, equal_nan=True):
        raise ValueError(
            f"f must return the same value for the same x; got {min(again):g} and {max(again):g}. If it draws random "
            "numbers, let it begin with rng = np.random.default_rng(0)."
        )
    with np.errstate(over="ignore"):
        in_float32 = np.array([h, *values], np.float32) == np.array([h, *values])
    if in_float32[1:].all() and not in_float32[0]:
        far = _number(f(point + 1e-3 * (1 + np.abs(point))))  # a constant may fit into float32 too, but stays as it is
        if {far} != {*values} and float(np.float32(far)) == far:
            said = "f computes in float32, whose rounding is as large as what h changes."
            warnings.warn(f"{said} Let it compute in float64, or pass h=1e-2 to lose fewer digits.", stacklevel=3)
            return True
    return False


def complex_step_gradient(f: Callable[[NDArray[np.complexfloating]], Any], x: ArrayLike, h: float = 1e-30) -> Array:
    """Return Im f(x + i h e) / h for every entry of x: exact to rounding for a tiny h, as nothing is subtracted (CS).

    Parameters
    ----------
    f : callable
        Takes a complex array of the shape of x, returns a complex scalar. It must be analytic: abs, conj, vdot, norm,
        var, std, max and comparisons break it. `(w * w).sum()` for a squared norm does not.
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
        f does not return a scalar, h is not positive, f is not real for a real x, or f is not analytic: a real nudge
        of x says something else.
    TypeError
        f is no function or does not return a complex number, or x does not hold real numbers.

    References
    ----------
    Squire and Trapp 1998.

    >>> complex_step_gradient(lambda w: np.exp(w).sum(), [0.0])
    array([1.])
    """
    h, point = _checked(f, h), checks.numeric("x", x).astype(np.complex128)
    gradient = np.zeros(point.shape)
    for k in np.ndindex(point.shape):
        at = point[k]
        point[k] = at + 1j * h
        gradient[k] = np.imag(_number(f(point.copy()), imaginary=True)) / h  # (CS)
        point[k] = at
    here = _number(f(point.copy()), imaginary=True) if point.size else 0j
    if abs(here.imag) > 1e-8 * abs(here):
        raise ValueError(
            f"f must be real where x is real; got {here:.3g}. A root or a logarithm of a negative number is complex: "
            "check x, or use bp.numerical_gradient."
        )
    if point.size and all(_swallows(f, point, share) for share in (1e-5, 1e-2)):
        raise ValueError(
            "f must be analytic, but its value changes with x where its imaginary part does not. conj, vdot, norm, var "
            "and std lose that part: write (w * w).sum() for a squared norm, or use bp.numerical_gradient."
        )
    return gradient


def _swallows(f: Callable[[Any], Any], point: NDArray[np.complexfloating], share: float) -> bool:
    """Return whether a real nudge, by this share of all entries, changes f otherwise than an imaginary one says.

    It is tried beside the point, because the point itself may lie at a kink.
    """
    rng = np.random.default_rng(0)
    beside = np.where(point == 0, 0.01, point) * (1 + 1e-3 * rng.random(point.shape))
    nudge = share * np.abs(beside) * rng.choice([-1, 1], point.shape)
    *values, aside = (_number(f(beside + way * nudge), imaginary=True) for way in (-2, -1, 0, 1, 2, 1e-30j))
    twice_back, back, here, ahead, twice_ahead = np.real(values)
    change = (ahead - back) / 2
    bend = abs(ahead - 2 * here + back) + abs((twice_ahead - twice_back) / 4 - change)  # large where a kink is near
    return bool(change) and abs(change - aside.imag / 1e-30) > 3 * bend + 1e-4 * abs(change) + 1e-10 * abs(here)


def _checked(f: Any, h: Any) -> float:
    if not callable(f):
        raise TypeError(f"f must be a function of an array; got {checks.shown(f)}.")
    return checks.positive("h", h)


def _number(value: Any, imaginary: bool = False) -> Any:
    """Return what f returned as one number, which must be complex where an imaginary part was put in."""
    if hasattr(value, "value"):
        raise TypeError(f"f must return a number; got {checks.shown(value)}. Return its value: lambda x: f(x).value")
    array = np.asarray(value)
    if array.dtype.kind not in "buifc" or (np.iscomplexobj(array) and not imaginary):
        mend = "Take the real part: lambda x: f(x).real" if np.iscomplexobj(array) else "Let f return a number."
        raise TypeError(f"f's result must hold {'' if imaginary else 'real '}numbers; got dtype {array.dtype}. {mend}")
    if array.size != 1:
        raise ValueError(f"f must return a scalar; got shape {array.shape}. Sum or average it first.")
    if imaginary and not np.iscomplexobj(array):
        raise TypeError(
            f"f must return a complex number for complex input; got dtype {array.dtype}. "
            "float, abs, max and comparisons lose the imaginary part; with them use bp.numerical_gradient."
        )
    return array.item()


# Of a network's loss --------------------------------------------------------------------------------------------


def central(
    net: Any, x: ArrayLike, y: ArrayLike, weights: Array, layer: int, rounding: Rounding, h: float
) -> tuple[Array, Array]:
    """Return the differences for one live array of the net, and what rounding leaves in doubt of each.

    The doubt is inf where a z, or a weight with an L1 penalty, crossed a kink, where a z moved so far that detail may
    be stepped over, and where h is lost beside the weight.
    """
    n, doubt = np.zeros_like(weights), np.zeros_like(weights)
    kink_at_0 = weights.ndim > 1 and bool(getattr(net.params, "lmbda_1", 0.0))  # |w| has one
    for k in np.ndindex(weights.shape):
        at = weights[k]
        weights[k] = down = at - h
        below = net.forward(x)
        C_below = net.loss(below, y)
        weights[k] = up = at + h
        above = net.forward(x)
        C_above = net.loss(above, y)
        n[k] = (C_above - C_below) / (up - down)  # (ND)
        # (a - y)^2 may be 0 at the weight itself, but it rounds like 2 (a - y) times a digit of a where a has moved.
        nudged = above.a[-1] + np.copysign(rounding.outputs, above.a[-1] - below.a[-1])
        nudge = abs(net.loss(above._replace(a=[*above.a[:-1], nudged]), y) - C_above)
        weights[k] = at
        doubt[k] = max(rounding.loss, DIGIT * abs(C_above), DIGIT * abs(C_below), nudge) / h
        if (
            not math.isfinite(n[k])
            or (kink_at_0 and at and (up > 0) != (down > 0))
            or any(
                bool(np.any(np.abs(above.z[l] - below.z[l]) > np.maximum(1, np.abs(below.z[l]) / 4)))
                or any(bool(np.any((above.z[l] > kink) != (below.z[l] > kink))) for kink in net.params.f[l].kinks)
                for l in range(layer, len(net.W))
            )
        ):
            doubt[k] = np.inf
    return n, doubt


def second_look(look: Look, compared: Callable[..., Any], steps: Array, enough: float) -> Any:
    """Compare with the best differences of all steps, from the shortest on, until the bound need not be raised.

    The error of a central difference is c h^2 + d h^4 + ..., so two of them cancel its first term, three the second
    (Richardson). Each is in doubt by rounding, and by what longer steps change. A longer step may sharpen what shorter
    ones say, but not contradict it: it may step over a detail.
    """
    shorter: list[tuple[Array, Array]] = []
    for i, step in enumerate(steps):
        longer = [look(step)]
        if not shorter:
            best, doubt = np.zeros(longer[0][0].shape), np.full(longer[0][0].shape, np.inf)
        for k, (before, its_doubt) in enumerate(shorter[:4]):
            n, rounding = longer[k]
            rounding = np.maximum(rounding, its_doubt)
            off = np.abs(before - n) + rounding
            better = (off < doubt) & (np.abs(before - best) <= off + doubt)  # inf and nan are never better
            best, doubt = np.where(better, before, best), np.where(better, off, doubt)
            longer.append((before + (before - n) / ((step / steps[i - k - 1]) ** 2 - 1), rounding))
        row, shorter = compared(best, doubt), longer
        if row.bound <= enough or np.isinf(longer[0][1]).all():
            break
    return row


def rounding_of(net: Any, cache: Any, x: ArrayLike, y: ArrayLike) -> Rounding:
    """Return how far off rounding may put loss and outputs: what changes when all weights change a last digit.

    The loss changes with a last digit of the outputs as well, and by one of them at least. Softmax's ln sum e^z - z_y
    may be 1e-9, but it is a difference of terms of about the size of the logits, and right to the digits of these.
    """
    C, size, rng = net.loss(cache, y), float(np.abs(cache.a[-1]).max()), np.random.default_rng(0)
    if not math.isfinite(C):
        raise ValueError(f"the loss must be finite to be compared; got {C}. Scale x, or check a fresh network.")
    off, outputs = DIGIT * max(abs(C), size, 1e-290), DIGIT * np.abs(cache.a[-1])
    for _ in range(8):
        nudged = copy.deepcopy(net)
        for array in nudged.W[1:] + nudged.b[1:]:
            array *= 1 + DIGIT * rng.choice([-1, 1], array.shape)
        near = nudged.forward(x)
        outputs = np.maximum(outputs, np.abs(near.a[-1] - cache.a[-1]))
        nudge = DIGIT * max(1, size) * rng.choice([-1, 1], near.a[-1].shape)
        for a in (near.a[-1] + nudge, near.a[-1] - nudge):
            off = max(off, abs(net.loss(near._replace(a=[*near.a[:-1], a]), y) - C))
    return Rounding(off, outputs)


def in_float64(net: Any) -> Any:
    """Return a copy of the net with float64 weights."""
    net = copy.deepcopy(net)
    net.dtype = np.dtype(np.float64)
    for arrays in (net.W, net.b):
        arrays[1:] = [array.astype(np.float64) for array in arrays[1:]]
    return net
