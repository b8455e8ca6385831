"""Chapter 00: a curve, a slider, and the tangent that follows."""

import ipywidgets
import numpy as np
from matplotlib.axes import Axes

from ..gradcheck import numerical_gradient
from ..plots import curve_with_tangent
from .figure_view import FigureView

__all__ = ["tangent"]

X = np.linspace(-2, 2, 201)


class _Tangent(ipywidgets.VBox):
    """The slider and its picture; `slope` is what the picture shows."""

    def __init__(self) -> None:
        self.slope = 0.0
        self.view = FigureView(self._draw)
        self.x = ipywidgets.FloatSlider(value=1.0, min=-2, max=2, step=0.05, description="x")
        self.x.observe(lambda change: self.view.show(change["new"]), "value")
        title = ipywidgets.HTML("<b>Where is the tangent of sin(x²) level?</b>")
        super().__init__([title, self.x, self.view.box])
        self.view.show(self.x.value)

    def _draw(self, ax: Axes, x: float) -> str:
        self.slope = float(numerical_gradient(lambda point: np.sin(point[0] ** 2), [x])[0])
        curve_with_tangent(X, np.sin(X**2), at=x, slope=self.slope, ax=ax)
        return f"At x = {x:.2f} the curve has the height {np.sin(x**2):.2f} and the slope {self.slope:.2f}."

    def __repr__(self) -> str:
        return f"[experiment] the tangent of sin(x^2); {self.view.alt}"


def tangent() -> ipywidgets.VBox:
    """Return the experiment of chapter 00: move x, watch the tangent of sin(x^2)."""
    return _Tangent()
