"""Numbers computed from a point of the plane: inputs for a network beside its coordinates, or in their place."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .. import checks

__all__ = ["FEATURES", "features"]

Array = NDArray[Any]
FEATURES: dict[str, Callable[[Array], Array]] = {
    "x0": lambda x: x[:, 0],
    "x1": lambda x: x[:, 1],
    "x0**2": lambda x: x[:, 0] ** 2,
    "x1**2": lambda x: x[:, 1] ** 2,
    "x0*x1": lambda x: x[:, 0] * x[:, 1],
    "sin(pi*x0)": lambda x: np.sin(np.pi * x[:, 0]),
    "sin(pi*x1)": lambda x: np.sin(np.pi * x[:, 1]),
}
"""By name, each from x of shape (m, 2) to one number a point, of shape (m,)."""


def features(x: Array, names: Sequence[str] = ("x0", "x1")) -> Array:
    """Return one column for each name, computed from the two coordinates of every point.

    One neuron parts the space of its inputs by a straight cut. Where its inputs are the squares of the coordinates,
    that cut is a circle or an ellipse in the plane: the right inputs do what else takes a hidden layer.

    Parameters
    ----------
    x : array of shape (m, 2)
    names : sequence of str
        Names of `FEATURES`, at least one; the columns come in this order.

    Returns
    -------
    array of shape (m, len(names))

    Raises
    ------
    ValueError
        x has no two columns, or a name is not one of `FEATURES`.
    TypeError
        x is no array.

    >>> features(np.array([[0.5, -2.0], [1.0, 3.0]]), ["x1**2", "x0*x1"]).tolist()
    [[4.0, -1.0], [9.0, 3.0]]
    """
    if not isinstance(x, np.ndarray):
        raise TypeError(f"x must be an array of shape (m, 2); got {checks.shown(x)}. Pass np.array(x).")
    if x.ndim != 2 or x.shape[1] != 2:
        raise ValueError(f"x must have shape (m, 2), one row per point; got {x.shape}.")
    if not len(names) or not set(names) <= set(FEATURES):
        raise ValueError(f"names must be a list of at least one of {', '.join(FEATURES)}; got {names!r}.")
    return np.column_stack([FEATURES[name](x) for name in names])
