"""Who steers: an expert, who sees the road, or a network, which sees 960 pixels; and what one learns from the other."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .. import checks
from ..mlp import MLP
from .camera import COLUMNS, ROWS, contrast
from .car import Cars
from .road import Road

__all__ = [
    "ARCS",
    "LOOKAHEAD",
    "Driver",
    "Trip",
    "corrected",
    "drive",
    "expert",
    "hill",
    "record",
    "sighted",
    "steering",
]

Array = NDArray[Any]
Driver = Callable[[Cars], Array]
LOOKAHEAD, ARCS = 8, np.linspace(-0.12, 0.12, 30)
"""Metres to the point that the expert steers for; the arc, in 1/m, that each of the 30 output units stands for."""


def expert(cars: Cars) -> Array:
    """Return the arcs (R,) that lead the cars to the centre of the road 8 m ahead: pure pursuit."""
    return _through(*cars.ahead(LOOKAHEAD).T)


def _through(x: Array, y: Array) -> Array:
    """Return the curvature of the arc that leaves the car straight ahead and meets the point (x, y)."""
    return np.clip(2 * y / (x**2 + y**2), ARCS[0], ARCS[-1])


def corrected(curvature: Array, shift: Array, turn: Array) -> Array:
    """Return the arcs from the views of `moved` to where the recorded arcs led, 8 m on; all of shape (m,).

    >>> bool(corrected(np.zeros(1), np.ones(1), np.zeros(1))[0] < 0)  # too far left: steer right
    True
    """
    half = np.asarray(curvature) * LOOKAHEAD / 2
    chord = LOOKAHEAD * np.sinc(half / np.pi)
    x, y = chord * np.cos(half), chord * np.sin(half) - shift
    return _through(np.cos(turn) * x + np.sin(turn) * y, np.cos(turn) * y - np.sin(turn) * x)


def hill(curvature: Array) -> Array:
    """Return targets (m, 30): exp(-d^2/10) for the unit that is d units away from the arc."""
    unit = (np.asarray(curvature)[:, None] - ARCS[0]) / (ARCS[1] - ARCS[0])
    return np.exp(-((np.arange(len(ARCS)) - unit) ** 2) / 10)


def steering(outputs: Array) -> Array:
    """Return the arcs (m,) that outputs (m, 30) mean: the centre of mass of the top unit and four to either side.

    >>> steering(hill(np.array([0.05]))).round(2)
    array([0.05])
    """
    near = np.abs(np.arange(len(ARCS)) - outputs.argmax(1)[:, None]) <= 4
    weight = np.where(near, np.maximum(outputs, 1e-9), 0)
    return weight @ ARCS / weight.sum(1)


def sighted(net: MLP) -> Driver:
    """Return the driver that sees only what the cameras see, and steers as the network says."""
    if not isinstance(net, MLP) or (net.sizes[0], net.sizes[-1]) != (ROWS * COLUMNS, len(ARCS)):
        raise ValueError(
            f"net must be an MLP with 960 inputs and 30 outputs, such as [960, 4, 30]; got {checks.shown(net)}."
        )
    return lambda cars: steering(net.forward(contrast(cars.look())).a[-1])


def record(road: Road, seed: int = 0) -> tuple[Array, Array]:
    """Let the expert drive, and return what the camera saw (m, 960) and the expert's arcs (m,), one a metre."""
    cars, images, arcs = Cars([road], seed), [], []
    for _ in range(road.length):
        images.append(cars.look()[0])
        arcs.append(expert(cars)[0])
        cars.go(arcs[-1:])
        if cars.off[0]:
            raise ValueError(f"road must be one that the expert can follow; got one that it left after {len(arcs)} m.")
    return np.array(images), np.array(arcs)


@dataclass
class Trip:
    """What became of R cars.

    `metres` (R,) and `finished` (R,) tell how far each got; `offset` (R, steps) and `pose` (R, steps, 3) tell
    where it was after each step, with nan once it had ended.
    """

    metres: Array
    finished: Array
    offset: Array
    pose: Array

    def __str__(self) -> str:
        return f"{self.finished.sum()} of {len(self.metres)} finished, median {np.median(self.metres):.0f} m"


def drive(
    driver: MLP | Driver, roads: Sequence[Road], seed: int = 0, step: float = 1.0, start: int = 0, left: float = 0.0
) -> Trip:
    """Let a network, or a function of the cars, steer over each road until the road ends or the car is off it.

    Every `step` metres it looks and steers; it begins `start` metres along and `left` of the centre line.
    """
    act, cars = driver if callable(driver) else sighted(driver), Cars(roads, seed)
    if checks.positive("step", step) > 8:
        raise ValueError(f"step must be at most 8 m; got {step!r}. Further on, a car does not find its road again.")
    cars.place(start, left)
    going, metres, offset, pose = ~cars.off, cars.metres.copy(), [], []
    for _ in range(math.ceil(1.5 * cars.length.max() / step)):
        cars.go(act(cars), step)
        metres[going] = np.minimum(cars.metres, cars.length)[going]
        offset.append(np.where(going, cars.offset, np.nan))
        pose.append(np.where(going[:, None], cars.pose, np.nan))
        going = going & ~cars.off & (cars.metres < cars.length)
        if not going.any():
            break
    return Trip(metres, metres >= cars.length, np.array(offset).T, np.array(pose).swapaxes(0, 1))
