"""Chapter 12: cars that networks steer over a road, seen from above and through their cameras."""

import base64
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import anywidget
import numpy as np
import traitlets
from numpy.typing import NDArray

from ... import checks
from ...driving import ARCS, HALF_WIDTH, Road, sighted, winding
from ...mlp import MLP
from ..controls.running import Running, alone
from ..views import front_end
from .ride import Ride

__all__ = ["drive"]

QUESTION = "Push each car off its line, or drive it there yourself and let go: which one finds its way back, and why?"
PUSH, NETWORKS, PICTURES = 0.8, 4, 8
"""Metres of a push; so many networks may drive, and so many hidden units of each are drawn."""
REST = 0.02


class _Drive(anywidget.AnyWidget):
    """Cars on one road, one for each network, all with the same noise in their cameras.

    Attributes
    ----------
    rides : list of Ride
        One for each network, in their order; `ride` is the one that is watched.
    running : Running
    """

    _esm = front_end.module(Path(__file__).with_name("drive"))
    _css = front_end.css(Path(__file__).with_name("drive"))

    title = traitlets.Unicode("Let them drive").tag(sync=True)
    question = traitlets.Unicode(QUESTION).tag(sync=True)
    state = traitlets.Dict().tag(**front_end.AS_TEXT)
    frame = traitlets.Dict().tag(**front_end.AS_TEXT)
    message = traitlets.Unicode().tag(sync=True)

    def __init__(self, nets: Mapping[str, MLP], roads: Mapping[str, Road], seed: int) -> None:
        self._nets, self._roads, self._seed = dict(nets), dict(roads), seed
        self._net_names, self._road_names = list(self._nets), list(self._roads)
        self._car, self._road, self._script = 0, 0, list[list[list[Any]]]()
        self.running = Running("drive", self._tick, self._ended, rest=REST)
        self._start()
        state = {
            "nets": self._net_names,
            "roads": self._road_names,
            "lines": [np.round(road.points, 1).tolist() for road in self._roads.values()],
            "lengths": [road.length for road in self._roads.values()],
            "units": [_pictures(net) for net in self._nets.values()],
            "hidden": [net.sizes[1] if len(net.sizes) > 2 else 0 for net in self._nets.values()],
            "half_width": HALF_WIDTH,
            "arcs": [float(ARCS[0]), float(ARCS[-1])],
        }
        super().__init__(state=state, frame=self._frame())
        self.on_msg(self._asked)

    def _start(self) -> None:
        road = self._roads[self._road_names[self._road]]
        self.rides = [Ride(net, road, self._seed) for net in self._nets.values()]
        self._script = []

    @property
    def ride(self) -> Ride:
        """The car that is watched."""
        return self.rides[self._car]

    # What the reader can do -----------------------------------------------------------------------------------

    @alone
    def play_or_pause(self) -> None:
        """Let all cars drive until each has ended, or pause."""
        if self.running.on:
            self.running.stop()
        elif not any(ride.going for ride in self.rides):
            self._show("Every car has ended its ride. Rewind, or replay.")
        else:
            self.running.start()
            self._show("")

    @alone
    def step(self) -> None:
        """Drive half a metre."""
        self.running.stop()
        self._tick()

    @alone
    def push(self, left: float = PUSH) -> None:
        """Set the car that is watched so many metres to its left."""
        if not self.ride.going:
            self._show(f"{self._who()} has ended its ride. Rewind first.")
            return
        self._script = []
        self.ride.push(left)
        self._show(self._what_ended())

    @alone
    def steer(self, held: int | None) -> None:
        """Turn the wheel of the car that is watched: 1 to the left, -1 to the right, 0 back; None lets the network."""
        self._script = []
        self.ride.held = held
        self._show("")

    @alone
    def watch(self, car: int) -> None:
        """Watch another car; the wheel of the one before is given back."""
        self.ride.held = None
        self._car = int(np.clip(car, 0, len(self.rides) - 1))
        self._show("")

    @alone
    def choose_road(self, road: int) -> None:
        """Take another road, and begin at its start."""
        self.running.stop()
        self._road = int(np.clip(road, 0, len(self._roads) - 1))
        self._start()
        self._show("")

    @alone
    def rewind(self) -> None:
        """Put every car back to the start, with the same noise to come."""
        self.running.stop()
        self._start()
        self._show("")

    @alone
    def replay(self) -> None:
        """Rewind, and let every car make the same moves again, pushes and all."""
        self.running.stop()
        moves = [[[who, what if who == "network" else list(what)] for who, what in r.moves] for r in self.rides]
        self._start()
        self._script = moves
        if any(moves):
            self.running.start()
        self._show("" if any(moves) else "There is nothing to replay yet. Drive first.")

    def lines(self) -> str:
        """Return the lines that bring a car to where the one that is watched is now."""
        road, net = self._road_names[self._road], self._net_names[self._car]
        return self.ride.lines(f"roads[{road!r}]", f"nets[{net!r}]")

    def _asked(self, _: Any, question: dict[str, Any], __: Any) -> None:
        value = question.get("value")
        acts = {
            "play": self.play_or_pause,
            "step": self.step,
            "rewind": self.rewind,
            "replay": self.replay,
            "push": lambda: self.push(PUSH if value == 1 else -PUSH),
            "steer": lambda: self.steer(value if value in (1, 0, -1) else None),
            "watch": lambda: self.watch(int(value or 0)),
            "road": lambda: self.choose_road(int(value or 0)),
            "drawn": self.running.drawn,
        }
        acts[question["do"]]()

    # What is shown --------------------------------------------------------------------------------------------

    def _tick(self) -> bool:
        if any(self._script):
            for ride, moves in zip(self.rides, self._script, strict=True):
                if moves:
                    ride.again(moves)
            more = any(self._script)
        else:
            for ride in self.rides:
                ride.step()
            more = any(ride.going for ride in self.rides)
        self._show(self._what_ended())
        return more

    def _ended(self, reason: str) -> None:
        self._show(reason or self._what_ended())

    def _who(self) -> str:
        return f"The car of “{self._net_names[self._car]}”"

    def _what_ended(self) -> str:
        ride = self.ride
        if ride.going:
            return ""
        if ride.finished:
            return f"{self._who()} has finished its road of {self._roads[self._road_names[self._road]].length} m."
        return f"{self._who()} left the road after {ride.cars.metres[0]:.0f} m. Rewind puts it back."

    def _show(self, message: str) -> None:
        with self.hold_sync():
            self.frame = self._frame()
            self.message = message

    def _frame(self) -> dict[str, Any]:
        ride = self.ride
        low, high = ride.view.min(), ride.view.max()
        return {
            "car": self._car,
            "road": self._road,
            "playing": self.running.on,
            "steps": [each.steps for each in self.rides],
            "poses": [[round(float(v), 3) for v in each.cars.pose[0]] for each in self.rides],
            "metres": [round(float(each.cars.metres[0]), 2) for each in self.rides],
            "offset": [round(float(each.cars.offset[0]), 2) for each in self.rides],
            "ended": [not each.going for each in self.rides],
            "camera": _text((ride.view[0] - low) / max(high - low, 1e-9) * 255, np.uint8),
            "hidden": np.round(ride.a[1][0, :PICTURES], 3).tolist() if len(ride.a) > 2 else [],
            "outputs": np.round(ride.a[-1][0], 3).tolist(),
            "arc": round(ride.arc, 4),
            "wheel": None if ride.held is None else ride._wheel,
            "lines": self.lines(),
        }

    def __repr__(self) -> str:
        ride = self.ride
        return (
            f"[experiment] let them drive; {self._net_names[self._car]!r} on the {self._road_names[self._road]} road: "
            f"{ride.cars.metres[0]:.0f} m, {ride.steps} steps"
        )


def _text(values: NDArray[Any], kind: type) -> str:
    """Return one byte a value, as text."""
    return base64.b64encode(np.rint(values).astype(kind).tobytes()).decode()


def _pictures(net: MLP) -> list[str]:
    """Return the weights into each hidden unit, -127 to 127; none without a hidden layer."""
    if len(net.sizes) == 2:
        return []
    columns = net.W[1].T[:PICTURES]
    return [_text(127 * w / max(np.abs(w).max(), 1e-12), np.int8) for w in columns]


def drive(nets: MLP | Mapping[str, MLP], roads: Road | Mapping[str, Road] | None = None, seed: int = 0) -> _Drive:
    """Return the experiment of chapter 12: let networks steer, push their cars, and take the wheel.

    Parameters
    ----------
    nets : MLP, or a dictionary of up to four
        Networks with 960 inputs and 30 outputs, by name; each steers a car of its own.
    roads : Road, or a dictionary of them, optional
        By default a gentle one with bends down to a radius of 60 m, a sharp one with 30 m, and a hairpin of 25 m.
    seed : int
        Of the cameras' noise; every car meets the same.

    Raises
    ------
    TypeError
        Something else than networks or roads was given.
    ValueError
        A network has other sizes, or there are none, or too many.

    Examples
    --------
    >>> import bpbook as bp
    >>> net = bp.MLP([960, 4, 30], "sigmoid", "squared_error", output="sigmoid", seed=0)
    >>> drive({"untrained": net})
    [experiment] let them drive; 'untrained' on the gentle road: 0 m, 0 steps
    """
    by_name = dict(nets) if isinstance(nets, Mapping) else {"the network": nets}
    if not 1 <= len(by_name) <= NETWORKS:
        raise ValueError(f"nets must hold one to four networks; got {len(by_name)}. Leave some out.")
    for name, net in by_name.items():
        try:
            sighted(net)
        except ValueError as error:
            raise ValueError(f"nets[{name!r}]: {error}") from None
    if roads is None:
        hairpin = [0.0] * 40 + [1 / 25] * 78 + [0.0] * 40
        roads = {"gentle": winding(60, seed=100), "sharp": winding(30, seed=200), "hairpin": Road(hairpin)}
    lanes = dict(roads) if isinstance(roads, Mapping) else {"given": roads}
    if not lanes or not all(isinstance(road, Road) for road in lanes.values()):
        raise TypeError(
            f"roads must be a Road or a dictionary of them; got {checks.shown(roads)}. Make one with driving.winding()."
        )
    return _Drive(
        {str(name): net for name, net in by_name.items()},
        {str(name): road for name, road in lanes.items()},
        checks.whole("seed", seed, least=0),
    )
