"""NetworkDiagram: a network as a picture that can be stepped, asked and changed."""

import copy
from typing import Any

import anywidget
import numpy as np
import traitlets
from numpy.typing import ArrayLike

from .... import checks
from ....backprop import Params
from ....mlp import MLP
from ...controls.words import read, symbol
from .. import front_end
from .state import BATCH, Weight, network_state, promised, rule

__all__ = ["NetworkDiagram"]

UNITS, EXAMPLES = 32, 8
"""So many units of a layer and so many examples can be drawn."""


class NetworkDiagram(anywidget.AnyWidget):
    """A network drawn in the browser: values go forward, deltas come back, every weight shows its chain rule.

    The arithmetic is bpbook's, in Python. The browser gets all numbers and words of the state at once, so that
    stepping and clicking also work on a page without Python; what changes the network asks Python.

    Parameters
    ----------
    net : MLP
        At most 32 units a layer. It is copied: the experiment changes its own.
    x, y : arrays of shape (m, n_0) and (m, n_L), (m,) for one output unit or class numbers
        At most 8 examples. Each is shown alone (m = 1), and two or three also as one batch; an update uses the mean
        over all.
    digits : int
        Significant digits shown, 2 to 6.
    title, question : str
        What stands above the picture.

    Attributes
    ----------
    net : MLP
        The experiment's own network. Call `refresh` after changing its numbers.
    state : dict
        What the browser draws; see `network_state`.
    step : int
        0 the input, 1 to L forward, L + 1 the loss, up to 2 L + 1 backward, 2 L + 2 the update.
    example : int
        Which example is shown; m is the batch of all m.
    show : str
        "values" or "deltas".
    selected : list of int
        [l, i, j] of a weight, [l, j] of a unit with its bias, or empty.
    history : list of float
        C, the mean over all examples: at first, and after every update since a number was set by hand.
    promised : float
        What the gradient promised of the last update: -eta |gradient|^2, beside which `history` has what came.
    message : str
        What went wrong, or what was done.
    """

    _esm = front_end.module("factors", "network/factors", "network/picture", "network/diagram")
    _css = front_end.css("factors", "network/diagram")

    title = traitlets.Unicode().tag(sync=True)
    question = traitlets.Unicode().tag(sync=True)
    state = traitlets.Dict().tag(**front_end.AS_TEXT)
    step = traitlets.Int(0).tag(sync=True)
    example = traitlets.Int(0).tag(sync=True)
    digits = traitlets.Int(4).tag(sync=True)
    show = traitlets.Unicode("values").tag(sync=True)
    selected: Any = traitlets.List().tag(sync=True)
    eta = traitlets.Float(0.5).tag(sync=True)
    history: Any = traitlets.List().tag(sync=True)
    promised = traitlets.Float(0.0).tag(sync=True)
    message = traitlets.Unicode().tag(sync=True)

    def __init__(
        self, net: MLP, x: ArrayLike, y: ArrayLike, digits: int = 4, title: str = "A network", question: str = ""
    ) -> None:
        if max(net.sizes) > UNITS:
            raise ValueError(f"net must have at most {UNITS} units in a layer to be drawn; got {net.sizes}.")
        self.net = copy.copy(net)
        self.net.params = copied(net.params)
        self._x = checks.inputs(x, net.sizes[0], net.dtype)
        self._y = checks.targets(y, len(self._x), net.sizes[-1], net.loss_function.targets, net.dtype)
        if len(self._x) > EXAMPLES:
            raise ValueError(f"x must hold at most {EXAMPLES} examples; got {len(self._x)}. Pass x[:8] and y[:8].")
        self._first = copied(net.params)
        self._last = 2 * len(net.sizes)
        super().__init__(title=title, question=question, state=network_state(self.net, self._x, self._y))
        self.digits, self.history = digits, [self.state["C"]]
        self.on_msg(self._answer)

    # What the reader can do -----------------------------------------------------------------------------------

    def refresh(self) -> None:
        """Show the network as it is now."""
        self.state = network_state(self.net, self._x, self._y, eta=self.eta)
        self.history = [self.state["C"]]

    def set(self, place: list[int], value: object, on_the_way: bool = False) -> None:
        """Set the weight [l, i, j] or the bias [l, j] to a number; say so in `message` when it is none.

        `on_the_way` there, as a slider is dragged, no other weight is explained anew.
        """
        l, *units = place
        name = symbol("w" if len(units) == 2 else "b", l, tuple(units))
        number = read(value)
        if isinstance(number, str) or not np.isfinite(number):
            wanted = "a number such as 0.5" if isinstance(number, str) else "a finite number"
            self.message = f"{name} must be {wanted}; got {str(value)[:40]!r}. It is left as it was."
            return
        array = self.net.W[l] if len(units) == 2 else self.net.b[l]
        before = array.copy()
        array[tuple(units)] = number
        complaint = f"{name} = {number:g} is too large for this network; it is as it was."
        explained: list[Weight] = [(l, units[0], units[1])] if len(units) == 2 else []
        with self.hold_sync():
            if self._show_or_undo([(array, before)], complaint, explained if on_the_way else None):
                self.history = [self.state["C"]]

    def set_eta(self, eta: object) -> None:
        """Set the eta of the next update, and show what it would do; say so in `message` when that cannot be."""
        try:
            rate = checks.positive("eta", read(eta))
        except (TypeError, ValueError) as reason:
            self.message = f"{reason} It is left as it was."
            return
        with self.hold_sync():
            if self._show_or_undo([], f"The step with eta = {rate:g} is too large; eta is as it was.", eta=rate):
                self.eta = rate

    def update(self, eta: object = None) -> None:
        """Take one step of gradient descent on the mean over all examples, and begin again at the input."""
        try:
            rate = checks.positive("eta", self.eta if eta is None else read(eta))
        except (TypeError, ValueError) as reason:
            self.message = f"{reason} Nothing was updated."
            return
        arrays = [array for pair in zip(self.net.W[1:], self.net.b[1:], strict=True) for array in pair]
        before = [array.copy() for array in arrays]
        with np.errstate(over="ignore", invalid="ignore"):
            grads = self.net.backward(self.net.forward(self._x), self._y)
            self.net.update(grads, rate)
        with self.hold_sync():
            done = self._show_or_undo(
                list(zip(arrays, before, strict=True)),
                f"The step with eta = {rate:g} is too large: it leads to inf or nan. The weights are as they were.",
                eta=rate,
            )
            if done:
                self.step, self.show, self.eta, self.history = 0, "values", rate, [*self.history, self.state["C"]]
                self.promised, self.message = promised(grads, rate), f"Updated with eta = {rate:g}."

    def rewind(self) -> None:
        """Go back to the network as it was given, before the first step."""
        for l in range(1, len(self.net.sizes)):
            self.net.W[l][...], self.net.b[l][...] = self._first.W[l], self._first.b[l]
        with self.hold_sync():
            self.step, self.show, self.selected, self.message = 0, "values", [], "Rewound to the first weights."
            self.refresh()

    def lines(self) -> str:
        """Return the lines of bpbook that make the numbers shown: net, cache, C and grads."""
        seen = self.state["examples"][self.example] if self.example < len(self._x) else self.state["batch"]
        return str(self.state["lines"] + seen["lines"])

    # How that is done -----------------------------------------------------------------------------------------

    def _show_or_undo(
        self,
        changed: list[tuple[Any, Any]],
        complaint: str,
        explained: list[Weight] | None = None,
        eta: float | None = None,
    ) -> bool:
        """Show the changed network, or put the arrays back when one of its numbers is inf or nan."""
        with np.errstate(over="ignore", invalid="ignore"):
            state = network_state(self.net, self._x, self._y, explained, self.eta if eta is None else eta)
        update = [state["update"][name] for name in ("W", "b", "promised")]
        examples = [_numbers(example) for example in state["examples"]]
        if _finite([*update, state["W"], state["b"], state["dW"], state["C"], *examples]):
            self.state, self.message = state, ""
            return True
        for array, before in changed:
            array[...] = before
        self.message = complaint
        return False

    def _answer(self, _: object, request: dict[str, Any], __: object) -> None:
        """Do what the browser asks, and tell it when that is done."""
        told: dict[str, str] = {}
        if request["do"] == "set":
            self.set(request["place"], request["text"], request.get("onTheWay", False))
        elif request["do"] == "update":
            self.update(request["eta"])
        elif request["do"] == "eta":
            self.set_eta(request["text"])
        elif request["do"] == "rewind":
            self.rewind()
        elif request["do"] == "explain":
            told = rule(self.net, self._x, self._y, request["example"], request["place"], self.eta)
        self.send({"did": request["do"], "rule": told, "refused": bool(self.message)})

    @traitlets.validate("step", "example", "digits")
    def _within(self, proposal: Any) -> int:
        """Keep a number within its range; otherwise leave it as it was and say so."""
        together = 1 < len(self._x) <= BATCH
        ranges = {"step": (0, self._last), "example": (0, len(self._x) - (not together)), "digits": (2, 6)}
        name, value = proposal["trait"].name, proposal["value"]
        low, high = ranges[name]
        if low <= value <= high:
            return int(value)
        self.message = f"{name} must be from {low} to {high}; got {value}."
        return int(getattr(self, name))

    @traitlets.validate("show")
    def _known(self, proposal: Any) -> str:
        if proposal["value"] in ("values", "deltas"):
            return str(proposal["value"])
        self.message = f"show must be values or deltas; got {proposal['value']!r}."
        return str(self.show)

    @traitlets.validate("selected")
    def _there(self, proposal: Any) -> list[int]:
        place, sizes = list(proposal["value"]), self.net.sizes
        fits = not place or (len(place) in (2, 3) and 1 <= place[0] < len(sizes))
        limits = [sizes[place[0] - 1], sizes[place[0]]][-len(place[1:]) :] if place and fits else []
        if fits and all(0 <= unit < limit for unit, limit in zip(place[1:], limits, strict=True)):
            return place
        self.message = f"selected must be [l, i, j] of a weight or [l, j] of a bias of this network; got {place}."
        return list(self.selected)

    def __repr__(self) -> str:
        shape = "-".join(map(str, self.net.sizes))
        m = len(self._x)
        seen = f"example {self.example} of {m}" if self.example < m else f"all {m} examples"
        where = f"step {self.step} of {self._last}, {seen}"
        return f"[experiment] {self.title.lower()} on {shape}; {where}; C = {self.state['C']:.6g}"


def copied(params: Params) -> Params:
    """Return params with arrays of their own."""
    W, b = ([None if array is None else array.copy() for array in arrays] for arrays in (params.W, params.b))
    return params._replace(W=W, b=b)


def _numbers(example: dict[str, Any]) -> list[Any]:
    return [example[name] for name in ("z", "a", "slope", "delta", "dW", "C")]


def _finite(nested: Any) -> bool:
    """Say whether all numbers in nested lists are finite."""
    if isinstance(nested, list):
        return all(_finite(item) for item in nested)
    return nested is None or bool(np.isfinite(nested))
