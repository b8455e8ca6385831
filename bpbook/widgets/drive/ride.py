"""One car on one road, a network or a hand that steers it, and a record from which the same ride comes again."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...driving import Cars, Road, contrast, steering
from ...mlp import MLP

__all__ = ["STEP", "Ride"]

STEP, TURN, FULL = 0.5, 0.02, 0.1
"""Metres a step; how far a hand turns the wheel in one, and at most: arcs in 1/m."""

LINES = """from bpbook import driving
cars = driving.Cars([{road}], seed={seed})  # the roads and networks that were given
act = driving.sighted({net})
for who, what in {moves}:
    for move in range(what) if who == "network" else what:
        arc = act(cars)  # looks, and says what the network would do
        if who == "pushed":
            cars.push(move)
        else:
            cars.go(arc if who == "network" else [move], {step})
"""


class Ride:
    """A car that starts on the centre line and ends off the road, or at the road's end.

    Parameters
    ----------
    net : MLP
    road : Road
    seed : int
        Of the camera's noise.

    Attributes
    ----------
    view : array of shape (1, 960)
        What the camera sees now, with mean 0 and standard deviation 1.
    a : list
        The activations of every layer that looks at it; `arc`, in 1/m, is what its outputs mean.
    steps : int
    going : bool
    held : int or None
        None while the network steers; else whether a hand turns the wheel to the left (1), to the right (-1) or back.
    moves : list of [who, what]
        Who moved the car, in turn: the network for so many steps, a hand along arcs, or pushes to the left in metres.
    """

    def __init__(self, net: MLP, road: Road, seed: int) -> None:
        self._net, self._road, self._seed = net, road, seed
        self.rewind()

    def rewind(self) -> None:
        """Go back to the start, with the same noise to come."""
        self.cars = Cars([self._road], self._seed)
        self.steps, self.going, self.moves = 0, True, list[list[Any]]()
        self.held: int | None = None
        self._wheel = 0.0
        self._look()

    def _look(self) -> None:
        self.view = contrast(self.cars.look())
        self.a: list[NDArray[Any]] = self._net.forward(self.view).a
        self.arc = float(steering(self.a[-1])[0])
        metres = float(self.cars.metres[0])
        self.going = self.going and not self.cars.off[0] and metres < self._road.length

    @property
    def finished(self) -> bool:
        """Whether it came to the end of its road."""
        return not self.going and not self.cars.off[0]

    def step(self) -> None:
        """Drive half a metre, if it is still going."""
        if not self.going:
            return
        if self.held is None:
            self._wheel = self.arc
            self._go("network", self.arc)
        else:
            target = FULL * self.held
            self._wheel = round(self._wheel + float(np.clip(target - self._wheel, -TURN, TURN)), 3)
            self._go("hand", self._wheel)

    def push(self, left: float) -> None:
        """Set the car so many metres to its left."""
        self.cars.push(left)
        self._remember("pushed", left)
        self._look()

    def again(self, moves: list[list[Any]]) -> None:
        """Make the first of these moves, and take it off their list."""
        who, what = moves[0]
        if who == "network":
            self._go(who, self.arc)
            moves[0] = [who, what - 1]
        else:
            (self.push if who == "pushed" else lambda arc: self._go(who, arc))(what[0])
            moves[0] = [who, what[1:]]
        if not moves[0][1]:
            del moves[0]

    def _go(self, who: str, arc: float) -> None:
        self.cars.go([arc], STEP)
        self.steps += 1
        self._remember(who, arc)
        self._look()

    def _remember(self, who: str, what: float) -> None:
        if not self.moves or self.moves[-1][0] != who:
            self.moves.append([who, 0 if who == "network" else []])
        self.moves[-1][1] += 1 if who == "network" else [what]

    def lines(self, road: str, net: str) -> str:
        """Return the lines that bring `cars` to where this one is, from names for its road and its network."""
        return LINES.format(road=road, seed=self._seed, net=net, moves=self.moves, step=STEP)
