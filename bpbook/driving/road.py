"""Roads on flat ground: a centre line with a point every metre, and the brightness of the ground along it."""

import numpy as np
from numpy.typing import ArrayLike

from .. import checks

__all__ = ["HALF_WIDTH", "WIDE", "Road", "winding"]

HALF_WIDTH, BEYOND, WIDE = 2.0, 60, 12
"""Metres from the centre line to an edge, of straight road after the end, and of painted ground to either side."""


class Road:
    """A road 4 m wide, made from how much it bends; or, with `Road.through`, from points on its centre line.

    Parameters
    ----------
    curvature : array of shape (n,)
        One over the radius, in 1/m, for each metre of road; positive where it bends to the left.
    seed : int or Generator
        Draws the brightness of the ground: texture, and bands of shadow across the road.

    Attributes
    ----------
    length : int
        Metres from start to end; `points` (n, 2), `heading` (n,) and `ground` (n, 24) go on, straight, for 60 more.

    >>> quarter = Road(np.full(157, 0.01))  # a quarter of a circle of radius 100 m
    >>> bool(np.allclose(quarter.points[157], 100, atol=0.5))
    True
    """

    def __init__(self, curvature: ArrayLike, seed: int | np.random.Generator = 0) -> None:
        bends = checks.numeric("curvature", curvature).astype(float)
        if bends.ndim != 1 or not len(bends) or not np.isfinite(bends).all():
            raise ValueError(f"curvature must be finite numbers, one a metre; got {checks.shown(curvature)}.")
        if (tightest := np.abs(bends).max()) * HALF_WIDTH >= 1:
            raise ValueError(
                f"curvature must stay under {1 / HALF_WIDTH:g}, or the road folds over itself; got a radius of "
                f"{1 / tightest:.3g} m. Curvature is 1 / radius, in 1/m; points need some 10 for a sharp bend."
            )
        self.length, rng = len(bends), np.random.default_rng(checks.seed(seed))
        self.heading = np.cumsum(np.concatenate([[0.0], bends, np.zeros(BEYOND)]))
        middle = (self.heading[1:] + self.heading[:-1]) / 2
        steps = np.stack([np.cos(middle), np.sin(middle)], axis=1)
        self.points = np.cumsum(np.concatenate([np.zeros((1, 2)), steps]), axis=0)
        n = len(self.points)
        shadow = np.repeat(rng.random(n // 4 + 1) < 0.25, 4)[:n, None]  # of trees, 4 m long or more
        texture = 1 + 0.1 * rng.standard_normal((n, 2 * WIDE))
        self.ground = (texture * np.where(shadow, 0.6, 1)).astype(np.float32)

    @classmethod
    def through(cls, points: ArrayLike, seed: int | np.random.Generator = 0) -> "Road":
        """Return the road along points of shape (k, 2), in metres, moved and turned to start at (0, 0) along x."""
        line = checks.numeric("points", points).astype(float)
        if line.ndim != 2 or line.shape[1] != 2 or len(line) < 2 or not np.isfinite(line).all():
            raise ValueError(f"points must be finite and of shape (k, 2), k at least 2; got {checks.shown(points)}.")
        at = np.cumsum(np.hypot(*np.diff(line, axis=0, prepend=line[:1]).T))
        if at[-1] < 2:
            raise ValueError(f"points must span at least 2 m of road; got {at[-1]:g} m. Give them in metres.")
        x, y = (np.interp(np.arange(0, at[-1] + 1e-9), at, column) for column in line.T)
        along = np.unwrap(np.arctan2(np.diff(y), np.diff(x)))
        heading = (np.concatenate([along[:1], along]) + np.concatenate([along, along[-1:]])) / 2
        return cls(np.diff(heading), seed)


def winding(radius: float = 60.0, length: int = 400, seed: int | np.random.Generator = 0) -> Road:
    """Return a road that winds smoothly and at random, in bends down to this radius; both numbers in metres."""
    rng, n = np.random.default_rng(checks.seed(seed)), checks.whole("length", length)
    window = np.exp(-((np.arange(-30, 31) / 12) ** 2) / 2)
    smooth = np.convolve(rng.standard_normal(n + 60), window / np.sqrt((window**2).sum()), "valid")
    return Road(np.tanh(1.5 * smooth) / checks.positive("radius", radius), rng)
