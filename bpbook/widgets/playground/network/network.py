"""The playground's picture of its network: maps of inputs and units, wires for weights, and what is changed on it."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import anywidget
import numpy as np
import traitlets
from numpy.typing import NDArray

from ....datasets import TOYS, VALUED
from ....mlp import MLP
from ...controls.words import number, read
from ...views import front_end

__all__ = ["NetworkPicture", "words"]

Array = NDArray[Any]
HERE = Path(__file__).parent
SHOWN = 120
"""Points on a thumbnail."""


class NetworkPicture(anywidget.AnyWidget):
    """A network drawn wide, from left to right, which is pointed at and changed where it stands.

    Parameters
    ----------
    widest, deepest : int
        Units that a layer may have, and hidden layers that there may be.
    on_look, on_set, on_widths, on_data : callables
        Hear which unit (l, j) is to be seen large, () for the output; a place and the number typed for it; the widths
        of the hidden layers; the name of a data set.

    Attributes
    ----------
    maps : bytes
        What every input and hidden unit makes of the plane, a byte a cell, side * side cells each, at its own scale.
    numbers : bytes
        All weights W[1], ..., W[L], then all biases, as float64.
    """

    _esm = front_end.module("colours", HERE / "drawing", HERE / "network")
    _css = front_end.css(HERE / "network")

    state = traitlets.Dict().tag(**front_end.AS_TEXT)
    thumbs = traitlets.Dict().tag(**front_end.AS_TEXT)
    maps = traitlets.Bytes().tag(sync=True)
    numbers = traitlets.Bytes().tag(sync=True)
    look: Any = traitlets.List().tag(sync=True)
    busy = traitlets.Bool(False).tag(sync=True)
    alt = traitlets.Unicode().tag(sync=True)
    hint = traitlets.Unicode().tag(sync=True)

    def __init__(
        self,
        widest: int,
        deepest: int,
        *,
        on_look: Callable[[tuple[int, ...]], None],
        on_set: Callable[[tuple[int, ...], float | str], None],
        on_widths: Callable[[tuple[int, ...]], None],
        on_data: Callable[[str], None],
    ) -> None:
        super().__init__(thumbs=_thumbs())
        self._limits = {"widest": widest, "deepest": deepest}
        self._hears: dict[str, Callable[[dict[str, Any]], None]] = {
            "look": lambda asked: on_look(tuple(asked["place"])),
            "set": lambda asked: on_set(tuple(asked["place"]), read(asked["text"])),
            "widths": lambda asked: on_widths(tuple(asked["widths"])),
            "data": lambda asked: on_data(asked["name"]),
        }
        self.on_msg(self._answer)

    def show(self, net: MLP, maps: list[Array], names: list[str], data: str, look: tuple[int, ...]) -> None:
        """Show this network.

        Parameters
        ----------
        maps : list of arrays of shape (side * side, n_l)
            The inputs, and the activations of each hidden layer, on a square grid, the lowest row first.
        names : list of str
            What the inputs are called.
        data : str
            Which thumbnail is chosen.
        look : tuple
            The unit (l, j) that the plane shows, () for the output.
        """
        columns = np.concatenate(maps, axis=1)
        scale = np.abs(columns).max(axis=0)
        shares = np.nan_to_num(columns / np.where(scale > 0, scale, 1.0))
        n_L = net.sizes[-1]
        state = {"sizes": net.sizes, "names": names, "side": round(len(columns) ** 0.5), "data": data, **self._limits}
        with self.hold_sync():
            self.state = state | {"outputs": ["output"] if n_L == 1 else [f"class {k}" for k in range(n_L)]}
            self.maps = np.round(127.5 * (shares.T + 1)).astype(np.uint8).tobytes()
            self.numbers = np.concatenate([array.ravel() for array in [*net.W[1:], *net.b[1:]]]).astype("<f8").tobytes()
            self.look, self.alt = list(look), words(net, maps, names)

    def _answer(self, _: object, asked: dict[str, Any], __: object) -> None:
        """Do what the browser asks, and tell it when that is done."""
        self._hears[asked["do"]](asked)
        self.send({"did": asked["do"]})


def words(net: MLP, maps: list[Array], names: list[str]) -> str:
    """Return what the picture shows: how many units, which are 0 everywhere, and the weight furthest from 0."""
    counts = " and ".join(f"{a.shape[1]} in layer {l}" for l, a in enumerate(maps) if l)
    silent = [f"unit {j} of layer {l}" for l, a in enumerate(maps) for j in range(a.shape[1]) if not a[:, j].any()]
    hidden = f" and of the hidden units: {counts}." if counts else "; no hidden units."
    l = max(range(1, len(net.W)), key=lambda l: np.abs(net.W[l]).max())
    i, j = (int(k) for k in np.unravel_index(np.abs(net.W[l]).argmax(), net.W[l].shape))
    text = f"Maps of the inputs {', '.join(names)}{hidden}"
    text += f" 0 everywhere: {', '.join(silent)}." if silent else ""
    return f"{text} The largest weight is W[{l}][{i}, {j}] = {number(net.W[l][i, j], 4)}."


def _thumbs() -> dict[str, Any]:
    """Return some points of every data set, as they are drawn on its thumbnail."""
    shown = {}
    for name, make in {**TOYS, **VALUED}.items():
        x, y = make(m=SHOWN)
        points = [[round(float(u), 2), round(float(v), 2), round(float(k), 2)] for (u, v), k in zip(x, y, strict=True)]
        shown[name] = {"points": points, "valued": name in VALUED}
    return shown
