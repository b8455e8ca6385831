"""FigureView: one matplotlib figure, drawn again and again into one image."""

import io
from collections.abc import Callable

import anywidget
import numpy as np
import traitlets
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from PIL import Image

from ..plots import style
from . import front_end

__all__ = ["FigureView"]


class FigureView(anywidget.AnyWidget):
    """A picture that follows its data.

    Room for ticks and labels is made once, for the first picture: later ones stand still, and come sooner.

    Parameters
    ----------
    draw : callable
        draw(ax, *values) draws on empty axes and returns the picture's description in words.
    width, height : float
        Size in inches.

    Attributes
    ----------
    png : bytes
        The picture.
    alt : str
        What it shows, in words: the image's description, and what stands below it, read aloud when it changes.
    """

    _esm = front_end.module("figure_view")
    _css = front_end.css("figure_view")

    png = traitlets.Bytes().tag(sync=True)
    alt = traitlets.Unicode().tag(sync=True)
    width = traitlets.Int().tag(sync=True)

    def __init__(self, draw: Callable[..., str], width: float = 6.4, height: float = 3.4) -> None:
        super().__init__(width=round(width * 110))
        style()
        self._draw = draw
        self._figure = Figure(figsize=(width, height), dpi=110)
        self._canvas = FigureCanvasAgg(self._figure)
        self._ax: Axes = self._figure.add_subplot()

    def show(self, *values: object) -> None:
        """Draw the picture of these values in place of the one before."""
        self._wipe()
        words = self._draw(self._ax, *values)
        self._canvas.draw()
        self._figure.set_layout_engine("none")
        png = io.BytesIO()
        pixels = np.asarray(self._canvas.buffer_rgba())[:, :, :3]
        Image.fromarray(np.ascontiguousarray(pixels)).save(png, "png", compress_level=1)
        with self.hold_sync():
            self.png, self.alt = png.getvalue(), words

    def _wipe(self) -> None:
        """Take away what was drawn and leave the axes, whose ticks are most of the work of making them anew."""
        ax = self._ax
        for artist in [*ax.lines, *ax.patches, *ax.collections, *ax.images, *ax.texts]:
            artist.remove()
        if legend := ax.get_legend():
            legend.remove()
        ax.set_prop_cycle(None)
        ax.relim()

    def __repr__(self) -> str:
        return f"[figure] {self.alt}"
