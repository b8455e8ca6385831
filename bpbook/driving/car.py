"""Cars, one on each of R roads: where they are, what their cameras see, and where a steering arc takes them."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .. import checks
from .camera import COLUMNS, ROWS, seen
from .road import HALF_WIDTH, Road

__all__ = ["Cars"]

Array = NDArray[Any]


class Cars:
    """One car on each road, at its start and on its centre line.

    Parameters
    ----------
    roads : list of R Road
    seed : int
        Draws each camera's noise and exposure, car by car, so that what one sees depends on no other.

    Attributes
    ----------
    pose : array of shape (R, 3)
        x and y in metres, and the heading in radians, counted to the left.
    metres, offset : arrays of shape (R,)
        How far each car is along its road, and how far to the left of the centre line.
    """

    def __init__(self, roads: Sequence[Road], seed: int = 0) -> None:
        if not isinstance(roads, list | tuple) or not roads or not all(isinstance(road, Road) for road in roads):
            raise TypeError(f"roads must be a list of Road; got {checks.shown(roads)}. For a single one pass [road].")
        self.length = np.array([road.length for road in roads])
        index = np.arange(max(len(road.points) for road in roads))
        self._line, self._heading, self._ground = (
            np.stack([np.take(getattr(road, name), index, axis=0, mode="clip") for road in roads])
            for name in ("points", "heading", "ground")
        )
        self._noise = [np.random.default_rng([checks.whole("seed", seed, least=0), k]) for k in range(len(roads))]
        self.place(0)

    @property
    def off(self) -> Array:
        """Which cars are off the road: more than 2 m from its centre line."""
        return np.abs(self.offset) > HALF_WIDTH

    def place(self, metres: int, left: float = 0.0) -> None:
        """Set every car so far along its road, and so far to the left of the centre line."""
        if not 0 <= checks.whole("metres", metres, least=0) < self.length.min():
            raise ValueError(f"metres must be less than the shortest road's {self.length.min()}; got {metres}.")
        if not abs(left) <= HALF_WIDTH:
            raise ValueError(f"left must be from -2 to 2 m, or the car starts off the road; got {left!r}.")
        self._at = np.full(len(self.length), metres)
        self.pose = np.concatenate([self._line[:, metres], self._heading[:, metres, None]], axis=1)
        self.push(left)

    def look(self) -> Array:
        """Return what the cameras see now, of shape (R, 960): exposure .75 to 1.25 and noise of .05 included."""
        line, heading, index = self._near(-6, 46)
        images = seen(line, heading, self._ground[np.arange(len(index))[:, None], index])
        exposure = np.array([rng.uniform(0.75, 1.25) for rng in self._noise], np.float32)
        noise = np.array([rng.standard_normal(ROWS * COLUMNS, np.float32) for rng in self._noise])
        return exposure[:, None] * images + np.float32(0.05) * noise

    def ahead(self, metres: int) -> Array:
        """Return the centre line's point so far along from here, of shape (R, 2): metres ahead and to the left."""
        return self._near(metres, metres + 1)[0][:, 0]

    def go(self, curvature: ArrayLike, metres: float = 1.0) -> None:
        """Drive so far along arcs of this curvature (R,), in 1/m, positive to the left."""
        arcs = np.asarray(curvature, float)
        if arcs.shape != self.length.shape or not np.isfinite(arcs).all():
            raise ValueError(f"curvature must be {len(self.length)} finite numbers; got {checks.shown(curvature)}.")
        metres = checks.positive("metres", metres)
        middle, chord = self.pose[:, 2] + arcs * metres / 2, metres * np.sinc(arcs * metres / 2 / np.pi)
        self.pose += np.stack([chord * np.cos(middle), chord * np.sin(middle), arcs * metres], axis=1)
        self._locate()

    def push(self, left: float, turn: float = 0.0) -> None:
        """Set the cars so many metres to their left, and turn them to the left by so many radians."""
        if not np.isfinite([left, turn]).all():
            raise ValueError(f"left and turn must be finite, in metres and radians; got {left!r} and {turn!r}.")
        heading = self.pose[:, 2]
        self.pose += np.stack([-left * np.sin(heading), left * np.cos(heading), np.full_like(heading, turn)], axis=1)
        self._locate()

    def _near(self, first: int, end: int) -> tuple[Array, Array, Array]:
        """Return the centre line and its direction as the cars see them, and its indices, from `first` m to `end`."""
        index = np.clip(self._at[:, None] + np.arange(first, end), 0, self._line.shape[1] - 1)
        r, turn = np.arange(len(index))[:, None], self.pose[:, 2:]
        x, y = np.moveaxis(self._line[r, index] - self.pose[:, None, :2], -1, 0)
        line = np.stack([np.cos(turn) * x + np.sin(turn) * y, np.cos(turn) * y - np.sin(turn) * x], axis=-1)
        return line, self._heading[r, index] - turn, index

    def _locate(self) -> None:
        """Find the nearest point of each centre line, not far from where it was: a road may cross itself."""
        line, heading, index = self._near(-5, 8)
        r, k = np.arange(len(index)), (line**2).sum(-1).argmin(1)
        (x, y), turn, self._at = line[r, k].T, heading[r, k], index[r, k]
        self.metres = self._at - x * np.cos(turn) - y * np.sin(turn)
        self.offset = x * np.sin(turn) - y * np.cos(turn)
