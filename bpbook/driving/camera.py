"""A camera of 30 rows and 32 columns over flat ground: what it sees, and what it would have seen from nearby."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from .road import HALF_WIDTH, WIDE

__all__ = ["COLUMNS", "GROUND", "ROWS", "contrast", "moved", "seen"]

Array = NDArray[Any]
ROWS, COLUMNS, HEIGHT, NEAR, FAR, ASIDE = 30, 32, 1.6, 3.0, 30.0, 0.9
"""The retina; metres above the ground, to the nearest row and to the farthest; half its width over the distance."""
COARSE = 4  # metres between the points of the centre line that are looked at first
SLOPES = np.linspace(HEIGHT / FAR, HEIGHT / NEAR, ROWS)  # how steeply each row looks down
_AHEAD = np.repeat(HEIGHT / SLOPES, COLUMNS)
GROUND = np.stack([_AHEAD, _AHEAD * np.tile(np.linspace(ASIDE, -ASIDE, COLUMNS), ROWS)], axis=1).astype(np.float32)
"""Where each of the 960 pixels meets the ground: metres ahead of the car, and to its left."""


def seen(line: Array, heading: Array, ground: Array) -> Array:
    """Return clean pictures of shape (R, 960), 0 for black, of R pieces of road.

    Parameters
    ----------
    line, heading, ground : arrays of shape (R, K, 2), (R, K) and (R, K, 24)
        K points of the centre line, ahead and to the left; the road's direction and the ground's brightness there.
    """
    c, k, first = line.astype(np.float32), heading.shape[1], np.arange(len(line))[:, None] * heading.shape[1]
    nearest = _nearest(c[:, ::COARSE]) * COARSE
    cos, sin = np.cos(heading).astype(np.float32), np.sin(heading).astype(np.float32)
    for _ in range(2):  # the rough point, and the one at the foot of the perpendicular
        at = first + nearest
        away, cos_at, sin_at = GROUND - c.reshape(-1, 2).take(at, axis=0), cos.take(at), sin.take(at)
        along = away[..., 0] * cos_at + away[..., 1] * sin_at
        left = away[..., 1] * cos_at - away[..., 0] * sin_at  # metres from the centre line
        nearest = np.clip(nearest + np.rint(along).astype(int), 0, k - 1)
    road = np.clip((HALF_WIDTH - np.abs(left)) / 0.4 + 0.5, 0, 1)  # its edge is 40 cm soft
    cell = np.clip(left + WIDE, 0, 2 * WIDE - 1).astype(int)
    return (0.35 + 0.35 * road) * ground.take(at * 2 * WIDE + cell)


def _nearest(points: Array) -> Array:
    """Return for each pixel which of the points (R, K, 2) is nearest to its place on the ground, of shape (R, 960)."""
    distance = (points**2).sum(-1)[..., None] - 2 * points @ GROUND.T  # |g - c|^2 but for |g|^2, the same for all c
    least, nearest = distance[:, 0], np.zeros(distance[:, 0].shape, int)
    for k in range(1, points.shape[1]):  # far quicker than argmin, which takes the pixels one by one
        nearest[distance[:, k] < least] = k
        least = np.minimum(least, distance[:, k])
    return nearest


def contrast(images: Array) -> Array:
    """Return each picture with mean 0 and standard deviation 1, so that light and exposure hardly matter."""
    centred = images - images.mean(axis=-1, keepdims=True)
    return centred / np.maximum(centred.std(axis=-1, keepdims=True), 1e-9)


def moved(images: Array, shift: Array, turn: Array) -> Array:
    """Return pictures (m, 960) as seen from `shift` (m,) metres further left, turned left by `turn` (m,) radians.

    The ground is flat, so each new pixel falls on a known spot of the old picture, whose four neighbours are
    averaged by distance. Beyond the old picture its edge goes on.
    """
    x, y, cos, sin = *GROUND.T, np.cos(turn)[:, None], np.sin(turn)[:, None]
    ahead = np.maximum(cos * x - sin * y, NEAR)
    left = sin * x + cos * y + np.asarray(shift)[:, None]
    row = np.clip((HEIGHT / ahead - SLOPES[0]) / (SLOPES[1] - SLOPES[0]), 0, ROWS - 1.001)
    column = np.clip((1 - left / ahead / ASIDE) / 2 * (COLUMNS - 1), 0, COLUMNS - 1.001)
    down, right, k = row % 1, column % 1, np.arange(len(images))[:, None]
    pixel = row.astype(int) * COLUMNS + column.astype(int)
    above = images[k, pixel] * (1 - right) + images[k, pixel + 1] * right
    below = images[k, pixel + COLUMNS] * (1 - right) + images[k, pixel + COLUMNS + 1] * right
    return above * (1 - down) + below * down
