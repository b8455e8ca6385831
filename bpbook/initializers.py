"""Initializers: weights at birth.

Each one takes the sizes of a layer and a generator and returns W of shape (n_in, n_out). What counts is the
variance: too small and the signal dies on its way through the layers, too large and it explodes.

>>> import numpy as np
>>> W = he(400, 100, np.random.default_rng(0))
>>> bool(abs(W.var() * 400 / 2 - 1) < 0.05)
True
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from . import checks

__all__ = ["Initializer", "get", "glorot", "he", "lecun", "normal", "orthogonal", "uniform", "zeros"]

Array = NDArray[np.float64]
Initializer = Callable[[int, int, "np.random.Generator"], Array]


def get(choice: str | Initializer, argument: str = "init") -> Initializer:
    """Return the initializer of this name, or `choice` itself when it is a function already.

    Raises
    ------
    ValueError
        The name is unknown; the message lists the legal ones.

    >>> get("he") is he
    True
    """
    makers: dict[str, Any] = {"normal": normal, "uniform": uniform}
    for (name, maker), limit in zip(makers.items(), (0.01, 0.3), strict=True):
        if choice is maker:
            raise TypeError(
                f"{argument} must be a name or a function of (n_in, n_out, rng); got {name}. Pass {name}({limit})."
            )
    return choice if callable(choice) else checks.one_of(argument, choice, _BY_NAME)


def zeros(n_in: int, n_out: int, rng: np.random.Generator) -> Array:
    """Return W = 0, to show what goes wrong: all units of a layer stay alike for ever."""
    return np.zeros((n_in, n_out))


def normal(sd: float = 0.01) -> Initializer:
    """Return an initializer that draws from a normal distribution of mean 0 and standard deviation sd.

    >>> normal(2.0)(3, 4, np.random.default_rng(0)).shape
    (3, 4)
    """
    checks.positive("sd", sd)

    def draw(n_in: int, n_out: int, rng: np.random.Generator) -> Array:
        return rng.normal(0, sd, (n_in, n_out))

    return draw


def uniform(limit: float | None = None) -> Initializer:
    """Return an initializer that draws uniformly between -limit and limit.

    Parameters
    ----------
    limit : float, optional
        The same for every layer, as Rumelhart, Hinton and Williams 1986 did with 0.3. If you leave it out, it is
        1 / sqrt(n_in), the start that Glorot and Bengio 2010 call the standard one and found too small.

    >>> W = uniform(0.3)(3, 4, np.random.default_rng(0))
    >>> W.shape, bool(np.abs(W).max() <= 0.3)
    ((3, 4), True)
    """
    if limit is not None:
        checks.positive("limit", limit)

    def draw(n_in: int, n_out: int, rng: np.random.Generator) -> Array:
        end = 1 / np.sqrt(n_in) if limit is None else limit
        return rng.uniform(-end, end, (n_in, n_out))

    return draw


def glorot(n_in: int, n_out: int, rng: np.random.Generator) -> Array:
    """Draw uniformly from +-sqrt(6 / (n_in + n_out)), which has variance 2 / (n_in + n_out).

    References
    ----------
    Glorot and Bengio 2010, equation 16.
    """
    limit = np.sqrt(6 / (n_in + n_out))
    return rng.uniform(-limit, limit, (n_in, n_out))


def he(n_in: int, n_out: int, rng: np.random.Generator) -> Array:
    """Draw from a normal distribution of variance 2 / n_in: half of all ReLU units are silent.

    References
    ----------
    He, Zhang, Ren and Sun 2015, equation 10.
    """
    return rng.normal(0, np.sqrt(2 / n_in), (n_in, n_out))


def lecun(n_in: int, n_out: int, rng: np.random.Generator) -> Array:
    """Draw from a normal distribution of variance 1 / n_in.

    References
    ----------
    LeCun, Bottou, Orr and Mueller 1998, section 4.6.
    """
    return rng.normal(0, np.sqrt(1 / n_in), (n_in, n_out))


def orthogonal(n_in: int, n_out: int, rng: np.random.Generator) -> Array:
    """Draw W with orthonormal rows (n_in <= n_out) or columns (n_in >= n_out), uniformly among all of them.

    References
    ----------
    Saxe, McClelland and Ganguli 2014; the signs that make QR uniform: Mezzadri 2007.
    """
    Q, R = np.linalg.qr(rng.normal(size=(max(n_in, n_out), min(n_in, n_out))))
    Q = Q * np.sign(np.diag(R))
    return Q if n_in >= n_out else Q.T


_BY_NAME: dict[str, Initializer] = {
    "zeros": zeros,
    "normal": normal(),
    "uniform": uniform(),
    "glorot": glorot,
    "he": he,
    "lecun": lecun,
    "orthogonal": orthogonal,
}
