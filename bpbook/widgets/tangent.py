"""Chapter 00: a curve, a slider, and the tangent that follows."""

from typing import Any

import ipywidgets
import numpy as np
from matplotlib.axes import Axes

from ..gradcheck import numerical_gradient
from ..plots import curve_with_tangent
from .controls.inputs import Message, Slider, Typed, button, code
from .views.figure_view import FigureView

__all__ = ["tangent"]

X = np.linspace(-2, 2, 201)
FIRST, STEP = 1.0, 0.01
"""Where x begins, and what a key moves the slider by."""


class _Tangent(ipywidgets.VBox):
    """The slider and its picture; `slope` is what the picture shows. A number between two stops can be `typed`."""

    def __init__(self) -> None:
        self.at, self.slope, self._moving = FIRST, 0.0, False
        self.view, self.message = FigureView(self._draw), Message()
        self.x = Slider(value=FIRST, min=-2, max=2, step=STEP, description="x", readout=False)
        self.typed = Typed(FIRST, min=-2, max=2, description="x =", layout={"width": "130px"})
        self.typed.style.description_width = "38px"
        for control in (self.x, self.typed):
            control.complain = self.message.refuse
            control.observe(self._moved, "value")
        self.rewind_button = button("Rewind", "Back to x = 1", self.rewind)
        self.code, fold = code()
        title = ipywidgets.HTML("<b>Where is the tangent of sin(x²) level?</b>")
        row = ipywidgets.HBox([self.typed, self.x.add_class("bpbook-named"), self.rewind_button])
        super().__init__([title, row, self.message, self.view, fold])
        self.add_class("bpbook-stored")
        self._set(FIRST)

    def rewind(self) -> None:
        """Put x back to where it began."""
        self._set(FIRST)

    def lines(self) -> str:
        """Return the lines of bpbook that make the slope shown."""
        return (
            "import numpy as np\n"
            "import bpbook as bp\n"
            f"slope = bp.numerical_gradient(lambda x: np.sin(x[0] ** 2), [{self.at!r}])[0]"
        )

    def _moved(self, change: Any) -> None:
        """Take x from slider or text, unless the browser only rounds the slider to where it can stand."""
        new = change["new"]
        rounded = change["owner"] is self.x and abs(new - self.at) <= STEP / 2 + 1e-9
        if not self._moving and not (rounded and abs(new / STEP - round(new / STEP)) < 1e-6):
            self._set(new)

    def _set(self, x: float) -> None:
        """Put x into slider and text, and show its picture."""
        self._moving = True
        self.at = self.x.value = self.typed.value = x
        self._moving = False
        self.message.say("")
        self.view.show(x)
        self.code.value = f"<pre>{self.lines()}</pre>"

    def _draw(self, ax: Axes, x: float) -> str:
        self.slope = float(numerical_gradient(lambda point: np.sin(point[0] ** 2), [x])[0])
        curve_with_tangent(X, np.sin(X**2), at=x, slope=self.slope, ax=ax)
        where = f"{x:.2f}" if abs(x - round(x, 2)) < 1e-9 else f"{x:.6g}"
        slope = f"{self.slope:.2f}" if abs(self.slope) >= 0.005 else "0.00"
        return f"At x = {where} the curve has the height {np.sin(x**2):.2f} and the slope {slope}."

    def __repr__(self) -> str:
        return f"[experiment] the tangent of sin(x^2); {self.view.alt}"


def tangent() -> ipywidgets.VBox:
    """Return the experiment of chapter 00: move x or type it, watch the tangent of sin(x^2)."""
    return _Tangent()
