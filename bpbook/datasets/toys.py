"""Points in the plane, of two classes or each with a value: what a small network can and cannot learn, seen at once."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .. import checks

__all__ = ["TOYS", "VALUED", "bumps", "circles", "gaussians", "moons", "plane", "spirals", "xor"]

Array = NDArray[Any]
Points = tuple[NDArray[np.float64], NDArray[np.intp]]
Heights = tuple[NDArray[np.float64], NDArray[np.float64]]
BUMPS = (((-0.5, 0.4), 1), ((0.5, 0.4), -1), ((0.0, -0.6), 1))
"""Where `bumps` has its hills and its hollow, and their heights."""


def circles(m: int = 200, noise: float = 0.1, seed: int | np.random.Generator = 0) -> Points:
    """Return a disc of class 1 inside a ring of class 0.

    Parameters
    ----------
    m : int
        Number of points; every second one is of class 1.
    noise : float
        Standard deviation of what is added to both coordinates. The points lie about between -1 and 1. With the
        same seed, more noise moves the same points further.
    seed : int or Generator

    Returns
    -------
    x : array of shape (m, 2)
    y : array of shape (m,), 0 or 1

    >>> x, y = circles(noise=0)
    >>> bool((np.hypot(*x[y == 1].T) <= 0.5).all() and (np.hypot(*x[y == 0].T) >= 0.75).all())
    True
    """
    rng, y = np.random.default_rng(checks.seed(seed)), _alternating(m)
    low, high = np.where(y, 0, 0.75), np.where(y, 0.5, 1)
    radius = np.sqrt(low**2 + (high**2 - low**2) * rng.random(m))  # even over the area
    angle = 2 * np.pi * rng.random(m)
    return _blurred(radius * np.cos(angle), radius * np.sin(angle), noise, rng), y


def xor(m: int = 200, noise: float = 0.1, seed: int | np.random.Generator = 0) -> Points:
    """Return a square whose corners of equal signs are of class 1: no straight line separates them.

    Parameters and returned arrays are those of `circles`.

    >>> x, y = xor(noise=0)
    >>> bool(((x[:, 0] * x[:, 1] > 0) == y).all())
    True
    """
    rng, y = np.random.default_rng(checks.seed(seed)), _alternating(m)
    right, up = rng.choice([-1, 1], m), rng.uniform(0.08, 1, (2, m))
    return _blurred(right * up[0], np.where(y, right, -right) * up[1], noise, rng), y


def gaussians(m: int = 200, noise: float = 0.1, seed: int | np.random.Generator = 0) -> Points:
    """Return two round clouds around (0.5, 0.5) for class 1 and (-0.5, -0.5): one straight line is enough.

    Parameters and returned arrays are those of `circles`; `noise` widens the clouds beyond their own 0.15.

    >>> x, y = gaussians(m=10000)
    >>> bool(np.abs(x[y == 1].mean(axis=0) - 0.5).max() < 0.01)
    True
    """
    rng, y = np.random.default_rng(checks.seed(seed)), _alternating(m)
    own = rng.normal(0, 0.15, (2, m))
    centre = np.where(y, 0.5, -0.5)
    return _blurred(centre + own[0], centre + own[1], noise, rng), y


def moons(m: int = 200, noise: float = 0.1, seed: int | np.random.Generator = 0) -> Points:
    """Return two half circles that reach into one another.

    Parameters and returned arrays are those of `circles`.

    >>> x, y = moons(noise=0)
    >>> centres = np.where(y[:, None], (0.3, 0.15), (-0.3, -0.15))
    >>> bool(np.allclose(np.hypot(*(x - centres).T), 0.6))
    True
    """
    rng, y = np.random.default_rng(checks.seed(seed)), _alternating(m)
    angle = np.pi * rng.random(m)
    side = np.where(y, 1, -1)
    return _blurred(side * (0.3 - 0.6 * np.cos(angle)), side * (0.15 - 0.6 * np.sin(angle)), noise, rng), y


def spirals(m: int = 200, noise: float = 0.1, seed: int | np.random.Generator = 0) -> Points:
    """Return two arms wound around one another, the hardest of these sets.

    Parameters and returned arrays are those of `circles`; of the noise only a third is added, for the arms lie close.

    >>> x, y = spirals(noise=0)
    >>> r, angle = np.hypot(*x.T), np.arctan2(*x.T[::-1])
    >>> bool(np.allclose(np.cos(angle - 3 * np.pi * r), np.where(y, 1, -1)))
    True
    """
    rng, y = np.random.default_rng(checks.seed(seed)), _alternating(m)
    r = np.sqrt(rng.uniform(0.01, 1, m))
    angle = 3 * np.pi * r + np.where(y, 0, np.pi)
    third = checks.positive("noise", noise, zero=True) / 3
    return _blurred(r * np.cos(angle), r * np.sin(angle), third, rng), y


TOYS: dict[str, Callable[..., Points]] = {make.__name__: make for make in (circles, xor, gaussians, moons, spirals)}
"""By name: circles, xor, gaussians, moons, spirals."""


def plane(m: int = 200, noise: float = 0.1, seed: int | np.random.Generator = 0) -> Heights:
    """Return points with their heights on a tilted plane, (x_0 + x_1) / 2: one neuron that only sums is enough.

    Parameters
    ----------
    m : int
        Number of points, even over the square from -1 to 1.
    noise : float
        Standard deviation of what is added to the heights. No network can foresee it: on points that it has not seen,
        C of squared_error comes down to about noise**2 / 2 and, but for luck, no further.
    seed : int or Generator

    Returns
    -------
    x : array of shape (m, 2)
    y : array of shape (m,)

    >>> x, y = plane(noise=0)
    >>> bool((y == x.mean(axis=1)).all())
    True
    """
    return _measured(lambda x: (x[:, 0] + x[:, 1]) / 2, m, noise, seed)


def bumps(m: int = 200, noise: float = 0.1, seed: int | np.random.Generator = 0) -> Heights:
    """Return points with their heights in a land of two hills and a hollow, all round and 0.3 wide.

    Parameters and returned arrays are those of `plane`.

    >>> x, y = bumps(m=10000, noise=0)
    >>> np.round(x[y.argmin()], 1).tolist()  # the bottom of the hollow
    [0.5, 0.4]
    """

    def height(x: Array) -> Array:
        away = [((x - np.array(centre)) ** 2).sum(axis=1) for centre, _ in BUMPS]
        return sum((top * np.exp(-d / (2 * 0.3**2)) for d, (_, top) in zip(away, BUMPS, strict=True)), np.zeros(len(x)))

    return _measured(height, m, noise, seed)


VALUED: dict[str, Callable[..., Heights]] = {make.__name__: make for make in (plane, bumps)}
"""By name: plane, bumps. Their targets are values, not classes."""


def _measured(height: Callable[[Array], Array], m: int, noise: float, seed: int | np.random.Generator) -> Heights:
    m = checks.whole("m", m)
    rng = np.random.default_rng(checks.seed(seed))
    x = rng.uniform(-1, 1, (m, 2))
    return x, height(x) + checks.positive("noise", noise, zero=True) * rng.normal(size=m)


def _alternating(m: int) -> NDArray[np.intp]:
    return np.arange(checks.whole("m", m, least=2)) % 2  # a point of each class at least


def _blurred(x_0: Array, x_1: Array, noise: float, rng: np.random.Generator) -> NDArray[np.float64]:
    return np.column_stack([x_0, x_1]) + checks.positive("noise", noise, zero=True) * rng.normal(size=(len(x_0), 2))
