"""Chapter 00: a curve, a slider, and the tangent that follows."""

import ipywidgets
import numpy as np
from matplotlib.axes import Axes

from ..gradcheck import numerical_gradient
from ..plots import curve_with_tangent
from .controls import Message, Slider, button, code
from .figure_view import FigureView

__all__ = ["tangent"]

X = np.linspace(-2, 2, 201)
FIRST = 1.0


class _Tangent(ipywidgets.VBox):
    """The slider and its picture; `slope` is what the picture shows."""

    def __init__(self) -> None:
        self.slope = 0.0
        self.view, self.message = FigureView(self._draw), Message()
        self.x = Slider(value=FIRST, min=-2, max=2, step=0.05, description="x")
        self.x.complain = self.message.say
        self.x.observe(self._refresh, "value")
        self.rewind_button = button("Rewind", "Back to x = 1", self.rewind)
        self.code, fold = code()
        title = ipywidgets.HTML("<b>Where is the tangent of sin(x²) level?</b>")
        row = ipywidgets.HBox([self.x, self.rewind_button])
        super().__init__([title, row, self.message, self.view, fold])
        self._refresh()

    def rewind(self) -> None:
        """Put x back to where it began."""
        self.x.value = FIRST
        self.message.say("")

    def lines(self) -> str:
        """Return the lines of bpbook that make the slope shown."""
        return (
            "import numpy as np\n"
            "import bpbook as bp\n"
            f"slope = bp.numerical_gradient(lambda x: np.sin(x[0] ** 2), [{self.x.value!r}])[0]"
        )

    def _refresh(self, _: object = None) -> None:
        self.message.say("")
        self.view.show(self.x.value)
        self.code.value = f"<pre>{self.lines()}</pre>"

    def _draw(self, ax: Axes, x: float) -> str:
        self.slope = float(numerical_gradient(lambda point: np.sin(point[0] ** 2), [x])[0])
        curve_with_tangent(X, np.sin(X**2), at=x, slope=self.slope, ax=ax)
        return f"At x = {x:.2f} the curve has the height {np.sin(x**2):.2f} and the slope {self.slope:.2f}."

    def __repr__(self) -> str:
        return f"[experiment] the tangent of sin(x^2); {self.view.alt}"


def tangent() -> ipywidgets.VBox:
    """Return the experiment of chapter 00: move x, watch the tangent of sin(x^2)."""
    return _Tangent()
