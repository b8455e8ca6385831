"""Chapter 03: one neuron, its loss as a curve over w, and the tangent along which w goes."""

from typing import Any

import ipywidgets
import numpy as np
from matplotlib.axes import Axes
from numpy.typing import NDArray

from ..mlp import MLP
from ..plots import NEGATIVE, NEUTRAL, POSITIVE
from .controls.inputs import Message, Slider, button, code
from .controls.running import Running, alone
from .controls.words import bracketed, number
from .views.figure_view import FigureView
from .views.graph.diagram import typed

__all__ = ["neuron"]

CURVE = np.linspace(-8, 8, 161)
FIRST = {"w": 1.0, "b": -2.0, "x": 2.0, "y": 1.0, "eta": 2.0}
STEP = 0.1
"""What a key moves a slider by."""
STOPS = [digit * 10.0**power for power in (-1, 0, 1) for digit in (1, 2, 5)]
"""Where the slider of eta stands; a typed eta may lie between them."""
BELOW, TIP, HEIGHTS = -0.06, 0.35, [0, 0.1, 0.2, 0.3, 0.4, 0.5]
"""Where the arrow of the next step lies, how long its tip is, and the numbers at the axis."""
PLAYED, STILL, TRACE = 30, 1e-3, 60
"""How many steps Play takes at most, below what length of a step it ends, and of how many steps the trace is kept."""
RANGES = {"w": (-8, 8), "b": (-8, 8), "x": (-3, 3), "y": (0, 1), "eta": (0.1, 50)}


class _Neuron(ipywidgets.VBox):
    """One sigmoid neuron with squared error; `net` holds its w and b, `gradient` the pair dC/dw, dC/db.

    Each number has a control in `controls`, a text in `typed`, and stands in `values`. For eta the slider that is seen,
    `stop`, goes by factors of about two, and `after` holds w and b after the next step. `trace` holds w and C of every
    place that was left by a step since a number was set by hand.
    """

    def __init__(self) -> None:
        self.net = MLP([1, 1], output="sigmoid", loss="squared_error")
        self.C, self.gradient, self.values = 0.0, (0.0, 0.0), dict(FIRST)
        self.after: dict[str, float] = {}
        self.trace: list[tuple[float, float]] = []
        self._played, self._held = 0, False
        self.running = Running("neuron", self._tick, self._ended, rest=0.25)
        self.view, self.message = FigureView(self._draw, height=2.75), Message()
        self.controls = {
            name: Slider(value=FIRST[name], min=low, max=high, step=STEP, description=name, readout=False)
            for name, (low, high) in RANGES.items()
        }
        self.stop = ipywidgets.IntSlider(max=len(STOPS) - 1, description="eta", readout=False)
        self.typed = {name: ipywidgets.Text(description=f"{name} =", continuous_update=False) for name in RANGES}
        self.step_button = button("Step", "One step of gradient descent", self.step, main=True)
        self.play_button = button("Play", "Step after step, until they are very small", self.play_or_pause)
        self.rewind_button = button("Rewind", "Back to the first numbers", self.rewind)
        self.code, fold = code()
        title = ipywidgets.HTML("<b>One neuron.</b> Where on the curve is a step short although the loss is large?")
        sliders = self.controls | {"eta": self.stop}
        rows = [ipywidgets.HBox([self.typed[name], sliders[name].add_class("bpbook-named")]) for name in RANGES]
        buttons = ipywidgets.HBox([self.step_button, self.play_button, self.rewind_button])
        numbers = ipywidgets.HBox([*rows, buttons])
        super().__init__([title, numbers, self.message, self.view, fold])
        self.add_class("bpbook-stored")
        self._moving = False
        self._curve: tuple[tuple[float, ...], NDArray[np.float64]] = ((), CURVE)
        for name, control in self.controls.items():
            control.complain = self.message.refuse
            control.observe(self._slide, "value")
            self.typed[name].style.description_width, self.typed[name].layout.width = "46px", "136px"
            self.typed[name].observe(self._read, "value")
            sliders[name].layout.width, sliders[name].layout.padding = "216px", "0 10px 0 0"  # room for the handle
        self.stop.observe(self._stop_moved, "value")
        self._set(FIRST)

    @alone
    def step(self) -> None:
        """Move w and b against their gradients, as far as the sliders reach."""
        wanted, left = self.after, (self.values["w"], self.C)
        self.trace = [*self.trace, left][-TRACE:]
        self._set(wanted, by_hand=False)
        held = [f"{name} = {self.values[name]:g}" for name, value in wanted.items() if value != self.values[name]]
        self._held = bool(held)
        if held:
            self.message.say(f"The step was cut short at {' and '.join(held)}, where the slider ends.")

    @alone
    def play_or_pause(self) -> None:
        """Take step after step, or pause."""
        if self.running.on:
            self.running.stop()
            return
        self._played, self.play_button.description = 0, "Pause"
        self.running.start()

    def _tick(self) -> bool:
        """Take one step of Play; go on unless it was the last, a very small one, or was held by a slider's end."""
        self._played += 1
        self.step()
        small = max(abs(self.after[name] - self.values[name]) for name in self.after) < STILL
        return self._played < PLAYED and not small and not self._held

    def _ended(self, reason: str) -> None:
        self.play_button.description = "Play"
        if reason:
            self.message.say(reason)

    @alone
    def rewind(self) -> None:
        """Put every number back to where it began."""
        self.running.stop()
        self._set(FIRST)

    @alone
    def _slide(self, change: Any) -> None:
        """Take a number from its slider, unless the browser only rounds it to where the slider can stand."""
        name = next(name for name, slider in self.controls.items() if slider is change["owner"])
        new, on_a_stop = change["new"], abs(change["new"] / STEP - round(change["new"] / STEP)) < 1e-6
        if not self._moving and not (on_a_stop and abs(new - self.values[name]) <= STEP / 2 + 1e-9):
            self._set({name: new})

    @alone
    def _stop_moved(self, change: Any) -> None:
        if not self._moving:
            self._set({"eta": STOPS[change["new"]]})

    @alone
    def _read(self, change: Any) -> None:
        """Take a number that was typed, or say why it cannot be and leave everything as it was."""
        name = next(name for name, text in self.typed.items() if text is change["owner"])
        if self._moving or change["new"] == f"{self.values[name]:.6g}":
            return
        try:
            self._set({name: typed(name, change["new"], *RANGES[name])})
        except ValueError as reason:
            self._set({})
            self.message.refuse(str(reason))

    def _set(self, values: dict[str, float], by_hand: bool = True) -> None:
        """Put these numbers into sliders, texts and network, and show one picture of them all."""
        if by_hand and set(values) - {"eta"}:
            self.trace = []
        for name, value in values.items():
            low, high = RANGES[name]
            self.values[name] = min(high, max(low, value))
        self._moving = True
        self.stop.value = int(np.abs(np.log(np.array(STOPS) / self.values["eta"])).argmin())
        for name, value in self.values.items():
            if name in values:
                self.controls[name].value = value
            self.typed[name].value = f"{value:.6g}"
        self._moving = False
        self._refresh()

    def _refresh(self) -> None:
        self.message.say("", passing=self.running.on)
        self.net.W[1][...], self.net.b[1][...] = self.values["w"], self.values["b"]
        x, y = [[self.values["x"]]], [self.values["y"]]
        cache = self.net.forward(x)
        grads = self.net.backward(cache, y)
        self.C = self.net.loss(cache, y)
        self.gradient = (grads.dW[1].item(), grads.db[1].item())
        eta, (dw, db) = self.values["eta"], self.gradient
        self.after = {"w": self.values["w"] - eta * dw, "b": self.values["b"] - eta * db}
        self.view.show(cache.z[1].item(), cache.a[1].item(), grads.delta[1].item())
        self.code.value = f"<pre>{self.lines()}</pre>"

    def _draw(self, ax: Axes, z: float, a: float, delta: float) -> str:
        ax.plot(CURVE, self._heights(), color=POSITIVE)
        ax.axline((self.values["w"], self.C), slope=self.gradient[0], color=NEGATIVE, lw=1.4)
        trace = [*self.trace, (self.values["w"], self.C)]
        ax.plot(*zip(*trace, strict=True), "o-", color=NEUTRAL, mfc=ax.get_facecolor(), ms=5, lw=1)
        ax.plot(self.values["w"], self.C, "o", color=NEGATIVE, ms=8)
        w, after = self.values["w"], self.after["w"]
        end = min(8.0, max(-8.0, after))
        ax.plot([w, w], [BELOW, self.C], ":", color=NEUTRAL, lw=1)
        if abs(end - w) > TIP:
            tip = end - np.sign(end - w) * TIP / 2
            ax.plot([w, tip], [BELOW, BELOW], color=NEGATIVE, lw=3)
            ax.plot(tip, BELOW, ">" if end > w else "<", color=NEGATIVE, ms=9)
        else:
            ax.plot(w, BELOW, "|", color=NEGATIVE, ms=10)
        text, ground = f"−η dC/dw = {_short(after - w)}", {"fc": ax.get_facecolor(), "ec": "none", "pad": 1}
        ax.text(min(5.3, max(-5.3, w)), BELOW - 0.035, text, ha="center", va="top", bbox=ground)
        ax.set(xlabel="w", ylabel="C", xlim=(-8, 8), ylim=(-0.16, 0.56), yticks=HEIGHTS)
        return self._words(z, a, delta)

    def _words(self, z: float, a: float, delta: float) -> str:
        """Return the formulas with their numbers, forward and back."""
        w, b, x, y = (_factor(self.values[name]) for name in ("w", "b", "x", "y"))
        slope = _factor(float(self.net.params.f[1].prime(np.array(z))))
        return (
            f"z = w x + b = {w} · {x} + {b} = {_short(z)}, a = f(z) = {_short(a)} (FF),\n"
            f"C = ½ (a − y)² = {_short(self.C)} (SE).\n"
            f"δ = (a − y) f′(z) = ({_short(a)} − {y}) · {slope} = {_short(delta)} (BP1),\n"
            f"dC/dw = x δ = {x} · {_factor(delta)} = {_short(self.gradient[0])} (BP4),\n"
            f"dC/db = δ = {_short(delta)} (BP3).\n"
            f"Next: w = {_short(self.after['w'])}, b = {_short(self.after['b'])} (GD).{self._so_far()}"
        )

    def _so_far(self) -> str:
        """Return how many steps were taken, and from what loss."""
        count = len(self.trace)
        return f" {count} step{'s' * (count > 1)} so far, from C = {_short(self.trace[0][1])}." if count else ""

    def _heights(self) -> NDArray[np.float64]:
        """Return the loss at every w of the curve; it changes with b, x and y only."""
        b, x, y = given = (self.values["b"], self.values["x"], self.values["y"])
        if given != self._curve[0]:
            other, heights = MLP([1, 1], output="sigmoid", loss="squared_error"), []
            other.b[1][...] = b
            for w in CURVE:
                other.W[1][...] = w
                heights.append(other.loss(other.forward([[x]]), [y]))
            self._curve = (given, np.array(heights))
        return self._curve[1]

    def lines(self) -> str:
        """Return the lines of bpbook that make the numbers shown: net, cache, C and grads."""
        value = self.values
        return "\n".join(
            [
                "import bpbook as bp",
                'net = bp.MLP([1, 1], output="sigmoid", loss="squared_error")',
                f"net.W[1][...], net.b[1][...] = {value['w']}, {value['b']}",
                f"cache = net.forward([[{value['x']}]])",
                f"C = net.loss(cache, [{value['y']}])",
                f"grads = net.backward(cache, [{value['y']}])",
            ]
        )

    def __repr__(self) -> str:
        w, b, C = self.values["w"], self.values["b"], self.C
        return f"[experiment] one neuron; w = {w:.4g}, b = {b:.4g}, C = {C:.4g}, dC/dw = {self.gradient[0]:.4g}"


def _short(value: float) -> str:
    """Return four digits of a number."""
    return number(float(f"{value:.4g}"))


def _factor(value: float) -> str:
    """Return the same in brackets when it is negative."""
    return bracketed(float(f"{value:.4g}"))


def neuron() -> ipywidgets.VBox:
    """Return the experiment of chapter 03: one neuron's loss over w, its tangent, and steps of gradient descent.

    Examples
    --------
    >>> neuron()
    [experiment] one neuron; w = 1, b = -2, C = 0.125, dC/dw = -0.25
    """
    return _Neuron()
