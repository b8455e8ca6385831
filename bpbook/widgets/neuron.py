"""Chapter 03: one neuron, its loss as a curve over w, and the tangent along which w goes."""

from collections.abc import Callable

import ipywidgets
import numpy as np
from matplotlib.axes import Axes

from ..mlp import MLP
from ..plots import NEGATIVE, POSITIVE
from .figure_view import FigureView

__all__ = ["neuron"]

CURVE = np.linspace(-8, 8, 321)
FIRST = {"w": 1.0, "b": -2.0, "x": 2.0, "y": 1.0, "eta": 2.0}
RANGES = {"w": (-8, 8), "b": (-8, 8), "x": (-3, 3), "y": (0, 1), "eta": (0.1, 50)}


class _Neuron(ipywidgets.VBox):
    """One sigmoid neuron with squared error; `net` holds its w and b, `gradient` the pair dC/dw, dC/db."""

    def __init__(self) -> None:
        self.net = MLP([1, 1], output="sigmoid", loss="squared_error")
        self.C, self.gradient = 0.0, (0.0, 0.0)
        self.view = FigureView(self._draw)
        self.controls = {
            name: ipywidgets.FloatSlider(value=FIRST[name], min=low, max=high, step=0.1, description=name)
            for name, (low, high) in RANGES.items()
        }
        self.step_button = _button("Step", "One step of gradient descent", self.step)
        self.rewind_button = _button("Rewind", "Back to the first numbers", self.rewind)
        self.code = ipywidgets.HTML()
        title = ipywidgets.HTML("<b>One neuron.</b> Where on the curve is a step short although the loss is large?")
        buttons = ipywidgets.HBox([self.step_button, self.rewind_button])
        lines = ipywidgets.HTML("<b>The lines of bpbook that make these numbers</b>")
        super().__init__([title, *self.controls.values(), buttons, self.view.box, lines, self.code])
        self._moving = False
        for control in self.controls.values():
            control.observe(self._refresh, "value")
        self._refresh()

    def _value(self, name: str) -> float:
        return float(self.controls[name].value)

    def step(self) -> None:
        """Move w and b against their gradients, as far as the sliders reach."""
        eta, (dw, db) = self._value("eta"), self.gradient
        self._set({"w": self._value("w") - eta * dw, "b": self._value("b") - eta * db})

    def rewind(self) -> None:
        """Put every number back to where it began."""
        self._set(FIRST)

    def _set(self, values: dict[str, float]) -> None:
        self._moving = True  # one picture, not one for each slider
        for name, value in values.items():
            self.controls[name].value = value
        self._moving = False
        self._refresh()

    def _refresh(self, _: object = None) -> None:
        if self._moving:
            return
        self.net.W[1][...], self.net.b[1][...] = self._value("w"), self._value("b")
        x, y = [[self._value("x")]], [self._value("y")]
        cache = self.net.forward(x)
        grads = self.net.backward(cache, y)
        self.C = self.net.loss(cache, y)
        self.gradient = (grads.dW[1].item(), grads.db[1].item())
        self.view.show(cache.z[1].item(), cache.a[1].item(), grads.delta[1].item())
        self.code.value = f"<pre>{self.lines()}</pre>"

    def _draw(self, ax: Axes, z: float, a: float, delta: float) -> str:
        other = MLP([1, 1], output="sigmoid", loss="squared_error")
        other.b[1][...] = self._value("b")
        heights = []
        for w in CURVE:
            other.W[1][...] = w
            heights.append(other.loss(other.forward([[self._value("x")]]), [self._value("y")]))
        ax.plot(CURVE, heights, color=POSITIVE)
        ax.axline((self._value("w"), self.C), slope=self.gradient[0], color=NEGATIVE, lw=1.4)
        ax.plot(self._value("w"), self.C, "o", color=NEGATIVE, ms=8)
        ax.set(xlabel="w", ylabel="C", xlim=(-8, 8), ylim=(-0.06, 0.56))
        return (
            f"z = {z:.4g}, a = {a:.4g}, C = {self.C:.4g}; delta = (a - y) f'(z) = {delta:.4g}, "
            f"dC/dw = x delta = {self.gradient[0]:.4g}, dC/db = delta = {self.gradient[1]:.4g}."
        )

    def lines(self) -> str:
        """Return the lines of bpbook that make the numbers shown: net, cache, C and grads."""
        value = {name: self._value(name) for name in RANGES}
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
        w, b, C = self._value("w"), self._value("b"), self.C
        return f"[experiment] one neuron; w = {w:.4g}, b = {b:.4g}, C = {C:.4g}, dC/dw = {self.gradient[0]:.4g}"


def _button(text: str, tooltip: str, act: Callable[[], None]) -> ipywidgets.Button:
    button = ipywidgets.Button(description=text, tooltip=tooltip)
    button.on_click(lambda _: act())
    return button


def neuron() -> ipywidgets.VBox:
    """Return the experiment of chapter 03: one neuron's loss over w, its tangent, and steps of gradient descent.

    Examples
    --------
    >>> neuron()
    [experiment] one neuron; w = 1, b = -2, C = 0.125, dC/dw = -0.25
    """
    return _Neuron()
