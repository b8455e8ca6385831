"""Examples to learn from and examples to be tested on."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from .. import checks

__all__ = ["shuffled_split"]

Array = NDArray[Any]


def shuffled_split(
    x: Array, y: Array, share: float = 0.2, seed: int | np.random.Generator = 0
) -> tuple[Array, Array, Array, Array]:
    """Shuffle the examples and hold out a share of them for testing.

    Parameters
    ----------
    x, y : arrays of m rows
    share : float
        Share of the examples that is held out, above 0 and below 1; rounded down to whole examples.
    seed : int or Generator

    Returns
    -------
    x_train, y_train, x_test, y_test : arrays

    Raises
    ------
    ValueError
        x and y differ in length, or the share leaves one side without examples.
    TypeError
        x or y is no array, or share is not a number.

    >>> x, y = np.arange(10)[:, None], np.arange(10)
    >>> x_train, y_train, x_test, y_test = shuffled_split(x, y)
    >>> len(x_train), len(x_test), sorted([*y_train, *y_test]) == list(range(10))
    (8, 2, True)
    """
    for name, array in (("x", x), ("y", y)):
        if not isinstance(array, np.ndarray) or not array.ndim:
            raise TypeError(f"{name} must be an array of rows; got {checks.shown(array)}. Pass np.array({name}).")
    m = len(x)
    if len(y) != m:
        raise ValueError(f"y must have one entry for each of the {m} rows of x; got {len(y)}.")
    share = checks.positive("share", share)
    held_out = int(share * m)
    if not 0 < held_out < m:
        raise ValueError(f"share must leave examples on both sides; got {share!r} of {m} examples.")
    order = np.random.default_rng(checks.seed(seed)).permutation(m)
    train, test = order[held_out:], order[:held_out]
    return x[train], y[train], x[test], y[test]
