"""The shortest step along a direction that changes what a network answers, with the ink kept between 0 and 1."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...mlp import MLP, input_gradient

__all__ = ["directions", "flip_length", "moved"]

Array = NDArray[Any]
FURTHEST, STEP, HALVINGS = 10.0, 0.05, 12
"""How far along a direction a change of the answer is looked for, in which steps, and how often the last is halved."""


def directions(net: MLP, x: Array, answer: int, count: int, seed: int) -> tuple[Array, Array]:
    """Return the direction in which the loss of this answer grows fastest, and random ones, all of length 1.

    Parameters
    ----------
    x : array of shape (n_0,)
        Ink from 0 to 1. No direction takes ink from bare paper or adds it to full ink.

    Returns
    -------
    uphill : array of shape (n_0,)
    random : array of shape (count, n_0)
    """
    gradient = input_gradient(net, x[None], np.array([answer]))
    random = np.random.default_rng(seed).normal(size=(count, len(x)))
    uphill, *others = (_possible(x, direction) for direction in (*gradient, *random))
    return uphill, np.array(others)


def moved(x: Array, direction: Array, length: float | Array) -> Array:
    """Return the images at these lengths along a direction, of shape (lengths, n_0) or (n_0,); ink stays in [0, 1]."""
    return np.clip(x + np.multiply.outer(length, direction), 0, 1)


def flip_length(net: MLP, x: Array, direction: Array) -> float | None:
    """Return the smallest length along a direction at which the answer changes, or None where none does.

    It is looked for in steps of 0.05, and the step that holds it is halved twelve times.
    """
    answer = net.predict(x[None])[0]
    lengths = np.arange(0, FURTHEST + STEP / 2, STEP)
    changed = np.flatnonzero(net.predict(moved(x, direction, lengths)) != answer)
    if not len(changed):
        return None
    low, high = lengths[changed[0] - 1], lengths[changed[0]]
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        if net.predict(moved(x, direction, middle)[None])[0] == answer:
            low = middle
        else:
            high = middle
    return float(high)


def _possible(x: Array, direction: Array) -> Array:
    """Return the direction without what paper or full ink cannot do, of length 1; zero where nothing is left."""
    blocked = ((x <= 0) & (direction < 0)) | ((x >= 1) & (direction > 0))
    left = np.where(blocked, 0, direction).astype(np.float64)
    return left / (np.linalg.norm(left) or 1.0)
