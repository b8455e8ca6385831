"""Chapter 08: draw a digit, see what the network sees, and take the smallest nudge that changes its answer."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import anywidget
import numpy as np
import traitlets
from numpy.typing import ArrayLike, NDArray

from ... import checks
from ...datasets import draw, mnist
from ...mlp import MLP, input_gradient
from ..controls.words import number
from ..views import front_end
from .nudge import directions, flip_length, moved

__all__ = ["your_hand"]

Array = NDArray[Any]
QUESTION = "How little ink has to change before the network reads another digit, and would you have seen it?"
THREE = (
    ((92, 74), (120, 52), (160, 56), (180, 84), (164, 116), (132, 128)),
    ((132, 128), (172, 140), (188, 176), (168, 212), (124, 222), (88, 200)),
)
"""The drawing that is there at first."""
POINTS, RANDOM = 4000, 100
"""A drawing may have so many points, and so many random nudges are tried."""

LINES = """import numpy as np
import bpbook as bp
strokes = {strokes}
canvas = bp.datasets.draw(strokes, pen={pen})
x = bp.datasets.mnist.prepare(canvas)[None]
p = net.predict_proba(x)  # the net that was given
answer = p.argmax(axis=1)
dx = bp.input_gradient(net, x, answer)
saliency = -x * dx
"""
NUDGE_LINES = """blocked = (x <= 0) & (dx < 0) | (x >= 1) & (dx > 0)
direction = np.where(blocked, 0, dx).astype(float)
direction /= np.linalg.norm(direction)
nudged = np.clip(x + {length:.6g} * direction, 0, 1)
p_nudged = net.predict_proba(nudged)
"""


class _YourHand(anywidget.AnyWidget):
    """A canvas, the image that a network gets of it, its answer with its reasons, and its blind spot.

    Attributes
    ----------
    strokes : list
        What was drawn: each stroke a list of points (x, y).
    pen : float
        The width of the pen, for all strokes.
    state : dict
        What the browser draws: the strokes, `x` and `saliency` of 784 numbers, `p` of ten, `answer`, `words`, `code`,
        and after a nudge `nudge`. Where there is nothing to read, `answer` is None and `message` says why.
    """

    _esm = front_end.module(Path(__file__).with_name("hand"))
    _css = front_end.css(Path(__file__).with_name("hand"))

    title = traitlets.Unicode("Your hand, then its blind spot").tag(sync=True)
    question = traitlets.Unicode(QUESTION).tag(sync=True)
    state = traitlets.Dict().tag(**front_end.AS_TEXT)
    message = traitlets.Unicode().tag(sync=True)

    def __init__(self, net: MLP, strokes: Sequence[ArrayLike], pen: float) -> None:
        if not isinstance(net, MLP):
            raise TypeError(f"net must be a network; got {checks.shown(net)}. Pass bp.MLP([784, 200, 10]), trained.")
        if net.sizes[0] != mnist.SIDE**2 or net.sizes[-1] != 10 or net.loss_function.targets != "classes":
            raise ValueError(
                "net must read 784 pixels and choose one of 10 digits with softmax_cross_entropy; got "
                f"{repr(net).splitlines()[0]}. Train bp.MLP([784, 200, 10]) on bp.datasets.mnist.images()."
            )
        self.net = net
        self.strokes, self.pen = _strokes(strokes), _pen(pen)
        self._first = (self.strokes, self.pen)
        super().__init__(state=self._state())
        self.on_msg(self._answer)

    def draw(self, strokes: Sequence[ArrayLike], pen: float | None = None) -> None:
        """Take these strokes in place of those that were there, and show what the network makes of them.

        What cannot be drawn is refused in words, and what was there stays.
        """
        try:
            self.strokes, self.pen = _strokes(strokes), self.pen if pen is None else _pen(pen)
        except (TypeError, ValueError) as reason:
            self.message = f"{reason} Nothing was changed."
            return
        self._show()

    def nudge(self) -> None:
        """Find the smallest nudge along dC/dx that changes the answer, and random nudges of its length."""
        if self.state["answer"] is not None:
            self._show(nudged=True)

    def rewind(self) -> None:
        """Put the first drawing back, without a nudge."""
        self.strokes, self.pen = self._first
        self._show()

    def lines(self) -> str:
        """Return the lines of bpbook that make the numbers shown, from the net that was given."""
        return self.state["code"]

    # What the browser draws -----------------------------------------------------------------------------------

    def _show(self, nudged: bool = False) -> None:
        with self.hold_sync():
            self.message = ""
            self.state = self._state(nudged)

    def _state(self, nudged: bool = False) -> dict[str, Any]:
        code = LINES.format(strokes=[[list(point) for point in stroke] for stroke in self.strokes], pen=f"{self.pen:g}")
        state: dict[str, Any] = {"strokes": self.strokes, "pen": self.pen, "code": code, "answer": None, "nudge": None}
        if not self.strokes:
            return state | {"words": "Draw a digit: with the mouse, with a finger, or from the keyboard."}
        try:
            x = mnist.prepare(draw(self.strokes, self.pen))
        except ValueError as reason:
            return state | {"words": _said(reason)}
        p = self.net.predict_proba(x[None])[0]
        answer = int(p.argmax())
        saliency = -x * input_gradient(self.net, x[None], np.array([answer]))[0]
        second = int(np.argsort(p)[-2])
        state |= {
            "answer": answer,
            "x": _rounded(x),
            "saliency": _rounded(saliency),
            "p": [float(f"{value:.4g}") for value in p],
            "words": f"It reads {_a(answer)} with p = {p[answer]:.3f}, and {_a(second)} would come next with "
            f"{p[second]:.3f}.",
        }
        return state | self._nudged(x, answer, code) if nudged else state

    def _nudged(self, x: Array, answer: int, code: str) -> dict[str, Any]:
        """Return what a nudge adds to the state, and the words about it."""
        uphill, random = directions(self.net, x, answer, RANDOM, seed=0)
        length = flip_length(self.net, x, uphill)
        if length is None:
            return {
                "words": f"No nudge along the gradient, up to a length of 10, turns this {answer} into another digit."
            }
        other = moved(x, uphill, length)
        others = moved(x, random, length)
        p, p_random = self.net.predict_proba(np.stack([other, others[0]]))
        changed = int((self.net.predict(others) != answer).sum())
        new = int(p.argmax())
        words = (
            f"A nudge of length {number(length, 3)} turns the {answer} into {_a(new)} (p = {p[new]:.3f}), and the "
            f"image itself has the length {np.linalg.norm(x):.3g}. Of {RANDOM} random nudges just as long, "
            f"{changed or 'none'} {'changes' if changed == 1 else 'change'} the answer; the one shown "
            f"{'leaves it' if p_random.argmax() == answer else 'makes it'} {p_random.argmax()} "
            f"(p = {p_random.max():.3f})."
        )
        nudge = {
            "length": float(f"{length:.6g}"),
            "answer": new,
            "random_answer": int(p_random.argmax()),
            "changed": changed,
            "pushed": _rounded(other - x),
            "x": _rounded(other),
            "random": _rounded(others[0]),
        }
        return {"nudge": nudge, "words": words, "code": code + NUDGE_LINES.format(length=length)}

    def _answer(self, _: object, request: dict[str, Any], __: object) -> None:
        """Do what the browser asks, and tell it when that is done."""
        if request["do"] == "set":
            self.draw(request["strokes"], request["pen"])
        elif request["do"] == "nudge":
            self.nudge()
        elif request["do"] == "rewind":
            self.rewind()
        self.send({"did": request["do"]})

    def __repr__(self) -> str:
        reads = "nothing to read" if self.state["answer"] is None else f"it reads {_a(self.state['answer'])}"
        nudge = self.state["nudge"]
        return f"[experiment] {self.title.lower()}; {reads}" + (f", nudged {_a(nudge['answer'])}" if nudge else "")


def _strokes(strokes: Any) -> list[list[list[float]]]:
    """Return the strokes as plain lists of points, to a tenth of a pixel."""
    arrays = [checks.numeric(f"strokes[{k}]", stroke).astype(float) for k, stroke in enumerate(strokes)]
    draw(arrays, side=1)  # says what is wrong with them
    if sum(map(len, arrays)) > POINTS:
        raise ValueError(
            f"strokes must have at most {POINTS} points together; got {sum(map(len, arrays))}. Leave some out."
        )
    return [np.round(np.clip(points, -100, 400), 1).tolist() for points in arrays]


def _pen(pen: Any) -> float:
    width = checks.positive("pen", pen)
    if not 4 <= width <= 60:
        raise ValueError(f"pen must be from 4 to 60 pixels; got {width:g}.")
    return width


def _a(digit: int) -> str:
    return f"{'an' if digit == 8 else 'a'} {digit}"


def _said(reason: ValueError) -> str:
    """Return what `prepare` complains of, for somebody who draws and does not write code."""
    if "no ink" in str(reason):
        return "There is no ink on the canvas. Draw inside of the frame."
    if "all round" in str(reason):
        return "There is ink all round. Clear the canvas, and leave paper around the digit."
    return "That is a dot. Draw a digit larger than that, as lines." if "dot" in str(reason) else str(reason)


def _rounded(values: Array) -> list[float]:
    """Return numbers to three digits: what a picture needs, and no more in a stored page."""
    return [float(f"{value:.3g}") + 0.0 for value in values]


def your_hand(net: MLP, strokes: Sequence[ArrayLike] = THREE, pen: float = 18) -> _YourHand:
    """Return the experiment of chapter 08: draw a digit, see what is seen of it, and nudge it until it is another.

    Parameters
    ----------
    net : MLP
        It reads images of 784 pixels, prepared as MNIST's, and chooses among ten digits.
    strokes : sequence of arrays of shape (points, 2)
        The first drawing, as `bp.datasets.draw` takes it, on a canvas of 280 by 280 pixels.
    pen : float
        The width of the pen in pixels, 4 to 60.

    Raises
    ------
    ValueError
        The network has other sizes or another loss, or the strokes or the pen cannot be drawn.
    TypeError
        net is no network.

    Examples
    --------
    >>> your_hand(MLP([784, 10], init="zeros"), strokes=[])
    [experiment] your hand, then its blind spot; nothing to read
    """
    return _YourHand(net, strokes, pen)
