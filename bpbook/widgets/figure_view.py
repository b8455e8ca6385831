"""FigureView: one matplotlib figure, drawn again and again into one image."""

import io
from collections.abc import Callable

import ipywidgets
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from ..plots import style

__all__ = ["FigureView"]


class FigureView:
    """A picture that follows its data.

    Parameters
    ----------
    draw : callable
        draw(ax, *values) draws on empty axes and returns the picture's description in words.
    width, height : float
        Size in inches.

    Attributes
    ----------
    box : ipywidgets.VBox
        The image and, below it, its description, which screen readers read aloud when it changes.
    """

    def __init__(self, draw: Callable[..., str], width: float = 6.4, height: float = 3.4) -> None:
        style()
        self._draw = draw
        self._figure = Figure(figsize=(width, height), dpi=110)
        self._canvas = FigureCanvasAgg(self._figure)
        self._ax: Axes = self._figure.add_subplot()
        self._image = ipywidgets.Image(format="png", layout={"width": f"{round(width * 110)}px"})
        self._words = ipywidgets.HTML()
        self.box = ipywidgets.VBox([self._image, self._words])

    @property
    def alt(self) -> str:
        """What the picture shows, in words."""
        return str(self._words.value)

    def show(self, *values: object) -> None:
        """Draw the picture of these values in place of the one before."""
        self._ax.clear()
        words = self._draw(self._ax, *values)
        png = io.BytesIO()
        self._canvas.print_png(png, metadata={"Software": None})
        self._image.value = png.getvalue()
        self._words.value = f'<span aria-live="polite">{words}</span>'
