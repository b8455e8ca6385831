"""Finite differences and the complex step: gradients without the chain rule, to check the chain rule by.

Nothing here knows how `backward` works. It only evaluates a function at two points and subtracts, or at one complex
point and takes the imaginary part.

>>> import numpy as np
>>> numerical_gradient(lambda w: (w**2).sum(), np.array([1.0, -3.0])).round(8)
array([ 2., -6.])
"""

import copy
import math
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from . import checks

__all__ = ["ArrayCheck", "GradientReport", "check_gradients", "complex_step_gradient", "numerical_gradient"]
__all__ += ["relative_error"]

Array = NDArray[np.floating]
Look = Callable[[float], tuple[Array, NDArray[np.bool_]]]  # a step -> the differences, and where they are of no use
DIGIT = 4 * float(np.finfo(np.float64).eps)
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
        f computes in float32, or h changes few digits of x: the differences then have few right ones.
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
    if values:
        _check_values(f, point, values, h)
    return gradient


def _check_values(f: Callable[[Array], Any], point: Array, values: list[float], h: float) -> None:
    """Raise an error where f, given the same point again, changes its mind; warn where its values fit into float32."""
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
        f does not return a scalar, h is not positive, or f is not analytic: a real nudge of x says something else.
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
    net, h = _in_float64(net), checks.positive("h", h)
    cache = net.forward(x)
    grads, rounding = net.backward(cache, y), _rounding(net, cache, x, y)
    rows = []
    for l in range(1, len(net.W)):
        size = max(float(np.abs(net.W[l]).max()), float(np.abs(net.b[l]).max())) or 1.0
        inputs = max(1.0, float(np.abs(cache.a[l - 1]).max()))
        shortest, longest = max(1e-2 * h * min(1, size) / inputs, 1e3 * math.ulp(size)), 1e4 * h * max(1, size)
        steps = np.geomspace(shortest, longest, 2 + round(math.log(longest / shortest, 4)))
        for name, weights, g in (("W", net.W[l], grads.dW[l]), ("b", net.b[l], grads.db[l])):
            name = f"{name}[{l}]"
            if np.shape(g) != weights.shape:
                raise ValueError(f"d{name} must have the shape of {name}, {weights.shape}; got {np.shape(g)}.")
            look, compared = partial(_differences, net, x, y, weights, l), partial(_compared, f"d{name}", g)
            with np.errstate(all="ignore"):  # where a long step overflows, it is of no use
                n, useless = look(h)
                row = compared(n, np.where(useless, np.inf, rounding / h))
                if row.verdict != "right" or row.bound > TOLERANCE:
                    row = _second_look(look, compared, steps, rounding)
            rows.append(row)
    return GradientReport(rows)


def _second_look(look: Look, compared: Callable[..., ArrayCheck], steps: Array, rounding: float) -> ArrayCheck:
    """Compare with the best differences of all steps, from the shortest on, until the bound need not be raised.

    The error of a central difference is c h^2 + d h^4 + ..., so two of them cancel its first term, three the second
    (Richardson). Each is in doubt by rounding, and by what longer steps change. A longer step may sharpen what shorter
    ones say, but not contradict it: it may step over a detail.
    """
    shorter: list[Array] = []
    for i, step in enumerate(steps):
        n, useless = look(step)
        if not shorter:
            best, doubt = np.zeros(n.shape), np.full(n.shape, np.inf)
        longer = [np.where(useless, np.nan, n)]  # nan is never better, and what is made of it is nan
        for k, before in enumerate(shorter[:4]):
            off = np.abs(before - longer[k]) + rounding / steps[i - k - 1]
            better = (off < doubt) & (np.abs(before - best) <= off + doubt)
            best, doubt = np.where(better, before, best), np.where(better, off, doubt)
            longer.append(before + (before - longer[k]) / ((step / steps[i - k - 1]) ** 2 - 1))
        row, shorter = compared(best, doubt), longer
        if row.bound <= TOLERANCE or useless.all():
            break
    return row


def _compared(name: str, g: Array, n: Array, doubt: Array) -> ArrayCheck:
    """Compare g with differences n, each of which may be off by its doubt (inf: leave it out)."""
    seen = np.isfinite(doubt)
    g, n = g[seen], n[seen]
    size = math.hypot(*g) + math.hypot(*n)
    bound = max(TOLERANCE, math.hypot(*doubt[seen]) / size) if size else math.inf
    return ArrayCheck(name, relative_error(g, n), bound, g.size, int((~seen).sum()))


def _rounding(net: Any, cache: Any, x: ArrayLike, y: ArrayLike) -> float:
    """Return how far off rounding may put one loss: what it changes when all weights and outputs change a last digit.

    At least it is a last digit of the outputs. Softmax's ln sum e^z - z_y may be 1e-9, but it is a difference of terms
    of about the size of the logits, and right to the digits of these.
    """
    C, size, rng = net.loss(cache, y), float(np.abs(cache.a[-1]).max()), np.random.default_rng(0)
    if not math.isfinite(C):
        raise ValueError(f"the loss must be finite to be compared; got {C}. Scale x, or check a fresh network.")
    off = DIGIT * max(abs(C), size, 1e-290)
    for _ in range(8):
        nudged = copy.deepcopy(net)
        for array in nudged.W[1:] + nudged.b[1:]:
            array *= 1 + DIGIT * rng.choice([-1, 1], array.shape)
        near = nudged.forward(x)
        nudge = DIGIT * max(1, size) * rng.choice([-1, 1], near.a[-1].shape)
        for a in (near.a[-1] + nudge, near.a[-1] - nudge):
            off = max(off, abs(net.loss(near._replace(a=[*near.a[:-1], a]), y) - C))
    return off


def _differences(
    net: Any, x: ArrayLike, y: ArrayLike, weights: Array, layer: int, h: float
) -> tuple[Array, NDArray[np.bool_]]:
    """Return the differences for one live array of the net, and where they are of no use.

    That is where a z crossed a kink or moved so far that detail may be stepped over, or h is lost beside the weight.
    """
    n, useless = np.zeros_like(weights), np.zeros(weights.shape, bool)
    for k in np.ndindex(weights.shape):
        at = weights[k]
        weights[k] = up = at + h
        above = net.forward(x)
        C_above = net.loss(above, y)
        weights[k] = down = at - h
        below = net.forward(x)
        n[k] = (C_above - net.loss(below, y)) / (up - down)  # (ND)
        useless[k] = not math.isfinite(n[k]) or any(
            bool(np.any(np.abs(above.z[l] - below.z[l]) > np.maximum(1, np.abs(below.z[l]) / 4)))
            or any(bool(np.any((above.z[l] > kink) != (below.z[l] > kink))) for kink in net.params.f[l].kinks)
            for l in range(layer, len(net.W))
        )
        weights[k] = at
    return n, useless


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
