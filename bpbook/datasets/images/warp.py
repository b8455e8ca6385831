"""Other versions of an image that show the same thing: a little turned, slanted, larger, or to the side."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from ... import checks

__all__ = ["warp"]

Array = NDArray[Any]


def warp(x: Array, rng: np.random.Generator, turn: float = 0.2, stretch: float = 0.15, shift: float = 0.06) -> Array:
    """Turn, slant, stretch and shift every image of a batch by its own random amounts: `augment=bp.datasets.warp`.

    Each pixel of the new image looks up its ink where it comes from: at A t + s, where t is its place measured from
    the middle of the image, A a turn and a stretch, and s a shift. Between four pixels it takes their weighted mean.
    What comes from outside of the image is paper.

    Parameters
    ----------
    x : array of shape (m, side * side)
        Square images, row by row; 0 is paper.
    rng : Generator
    turn : float
        Standard deviation of the angle of turning, and of the slant, in radians.
    stretch : float
        Standard deviation of the logarithm of the factor by which an image grows, drawn for each axis.
    shift : float
        Standard deviation of the shift along each axis, as a share of the side.

    Returns
    -------
    array of shape (m, side * side)
        In the dtype of x.

    Raises
    ------
    ValueError
        The rows of x are no square images, or an amount is negative.
    TypeError
        x is no array of floats, or rng no Generator.

    >>> one = np.zeros((1, 25))
    >>> one[0, 12] = 1  # a dot in the middle of 5 by 5
    >>> turned = warp(one, np.random.default_rng(0), shift=0)
    >>> int(turned.argmax())  # turning and stretching leave the middle where it is
    12
    """
    side = _side(x, rng)
    tall, wide = np.exp(rng.normal(0, checks.positive("stretch", stretch, zero=True), (2, len(x))))
    angle, slant = rng.normal(0, checks.positive("turn", turn, zero=True), (2, len(x)))
    A = np.array(
        [[tall * np.cos(angle), -wide * np.sin(angle)], [tall * (np.sin(angle) + slant), wide * np.cos(angle)]]
    )
    s = rng.normal(0, checks.positive("shift", shift, zero=True) * side, (2, len(x)))
    return _looked_up(x.reshape(-1, side, side), A.astype(x.dtype), s.astype(x.dtype)).reshape(x.shape)


def _looked_up(images: Array, A: Array, s: Array) -> Array:
    """Return images whose pixel at t has the ink of these images at A t + s; A of shape (2, 2, m), s of (2, m)."""
    m, side, _ = images.shape
    t = np.arange(side, dtype=images.dtype) - (side - 1) / 2
    framed = np.pad(images, ((0, 0), (1, 1), (1, 1)))  # one pixel of paper all round
    place = A[:, 0, :, None, None] * t[:, None] + A[:, 1, :, None, None] * t + s[..., None, None]
    row, column = np.clip(place + (side + 1) / 2, 0, side)  # of shape (m, side, side), in the framed image
    i, j = np.floor(row), np.floor(column)
    down, right = row - i, column - j
    at = (np.arange(m)[:, None, None] * (side + 2) + i.astype(np.intp)) * (side + 2) + j.astype(np.intp)
    ink = framed.ravel()
    here, beside, under, across = (ink.take(at + way) for way in (0, 1, side + 2, side + 3))
    above = here + right * (beside - here)
    below = under + right * (across - under)
    return above + down * (below - above)


def _side(x: Array, rng: np.random.Generator) -> int:
    if not isinstance(rng, np.random.Generator):
        raise TypeError(f"rng must be a Generator; got {checks.shown(rng)}. Pass np.random.default_rng(0).")
    if not isinstance(x, np.ndarray) or x.dtype.kind != "f":
        raise TypeError(f"x must be an array of floats; got {checks.shown(x)}. Pass np.array(x, float).")
    side = round(np.sqrt(x.shape[-1])) if x.ndim == 2 else 0
    if not side or side * side != x.shape[1]:
        raise ValueError(
            f"x must have shape (m, side * side), a square image per row; got {x.shape}. Pass x.reshape(m, -1)."
        )
    return side
